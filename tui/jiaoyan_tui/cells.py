"""Text measured in terminal cells: width, clipping, padding, windows, wrapping; control characters made harmless."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal

from rich.cells import cell_len

Align = Literal["left", "right", "center"]

ELLIPSIS = "…"
_JOINER = "\u200d"
_EMOJI_SELECTOR = "\ufe0f"
_PLAIN = re.compile(r"[ -~]*")
# C0, DEL, C1, line separators, text-direction marks, lone surrogates: nothing of that may reach a terminal.
_UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
_SPACES = "\t\n\v\f\r\x85\u2028\u2029"

# 避头尾: what must not open a line, and what must not end one; ASCII signs count in their full-width form too.
_ASCII_FIRST, _ASCII_LAST = ",.;:!?)]}%", "([{$#"
_TO_FULL_WIDTH = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}
_NOT_FIRST = frozenset(
    _ASCII_FIRST + _ASCII_FIRST.translate(_TO_FULL_WIDTH) + "\u3001\u3002\u3015\u3011\u300b\u3009\u300d\u300f"
    "\u201d\u2019\u2026\u2014\u00b7\u3005\u2103"
)
_NOT_LAST = frozenset(
    _ASCII_LAST + _ASCII_LAST.translate(_TO_FULL_WIDTH) + "\u3014\u3010\u300a\u3008\u300c\u300e\u201c\u2018\u00a5"
)
_ALONE = _NOT_FIRST | _NOT_LAST | {" "}
_WITHIN_WORD = frozenset(".,:;'%-")


def clean(text: str) -> str:
    """Text that a terminal shows as it is: breaks and tabs as spaces, other control characters as ^X or ?, direction
    marks gone."""
    if _UNSAFE.search(text) is None:
        return text
    return _UNSAFE.sub(lambda match: _harmless(match[0]), text.replace("\r\n", " "))


def _harmless(char: str) -> str:
    if char in _SPACES:
        return " "
    if char < " ":
        return "^" + chr(ord(char) + 64)
    if "\x7f" <= char <= "\x9f" or "\ud800" <= char <= "\udfff":
        return "?"
    return ""


def width(text: str) -> int:
    """How many cells a text takes, as Textual lays it out."""
    return len(text) if _PLAIN.fullmatch(text) else cell_len(text)


def graphemes(text: str) -> list[tuple[str, int]]:
    """What stands in cells of its own: a character with its combining marks, joined emoji as one; each with its width.
    Marks with nothing to stand on come first, with width 0."""
    if _PLAIN.fullmatch(text):
        return [(char, 1) for char in text]
    found: list[tuple[str, int]] = []
    joined = widened = False
    base = ""
    for char in text:
        size = _size(char)
        if found and (joined or not size):
            before, cells = found[-1]
            if char == _EMOJI_SELECTOR and base and not joined and not widened:
                cells, widened = max(cells, cell_len(base + char)), True
            found[-1] = (before + char, cells)
            joined = char == _JOINER and not joined
        else:
            found.append((char, size))
            joined, widened = char == _JOINER, False
            base = char if size else ""
    return found


@lru_cache(maxsize=4096)
def _size(char: str) -> int:
    return cell_len(char)


def clip(text: str, cells: int, mark: str = ELLIPSIS) -> str:
    """At most so many cells of a text; `mark` says that something was cut off."""
    if width(text) <= cells:
        return text
    room = cells - width(mark)
    if room < 0:
        return clip(mark, cells, "") if mark else ""
    kept: list[str] = []
    for grapheme, size in graphemes(text):
        if size > room:
            break
        kept.append(grapheme)
        room -= size
    return "".join(kept) + mark


def pad(text: str, cells: int, align: Align = "left", mark: str = ELLIPSIS) -> str:
    """Exactly so many cells: clipped or filled with spaces."""
    text = clip(text, cells, mark)
    room = cells - width(text)
    if room <= 0:
        return text
    if align == "right":
        return " " * room + text
    if align == "center":
        return " " * (room // 2) + text + " " * (room - room // 2)
    return text + " " * room


def window(text: str, start: int, cells: int) -> str:
    """Exactly the cells from `start` on; a wide character cut by an edge leaves a space there."""
    out: list[str] = []
    at, end = 0, start + cells
    for grapheme, size in graphemes(text):
        stop = at + size
        if at >= end and size:
            break
        if at >= start and stop <= end and (size or out):
            out.append(grapheme)
        elif stop > start and at < end:
            out.append(" " * (min(stop, end) - max(at, start)))
        at = stop
    return "".join(out) + " " * (max(end - max(at, start), 0))


def wrap(text: str, cells: int) -> list[str]:
    """Lines of at most so many cells: Chinese breaks anywhere but before closing and after opening punctuation, words
    stay whole where they fit. Line breaks of the text are kept."""
    if cells < 2:
        raise ValueError("a line must have room for one wide character")
    lines: list[str] = []
    for paragraph in text.splitlines() or [""]:
        lines.extend(_wrap_paragraph(clean(paragraph), cells))
    return lines


def _wrap_paragraph(text: str, cells: int) -> list[str]:
    lines: list[str] = []
    line: list[tuple[str, int]] = []
    used = 0
    for piece, size in _pieces(text, cells):
        if used + size > cells:
            carried = _carry(line, piece)
            lines.append(_joined(line))
            line = carried[1:] if carried and carried[0][0] == " " else carried
            used = sum(s for _, s in line)
            if piece == " ":
                continue
            if used + size > cells:
                lines.append(_joined(line))
                line, used = [], 0
        line.append((piece, size))
        used += size
    return [*lines, _joined(line)]


def _carry(line: list[tuple[str, int]], piece: str) -> list[tuple[str, int]]:
    """Takes from the end of a full line what must stand on the next one together with `piece`."""
    carried: list[tuple[str, int]] = []
    head = piece
    while len(line) > 1 and (head[0] in _NOT_FIRST or line[-1][0] in _NOT_LAST):
        carried.insert(0, line.pop())
        head = carried[0][0]
    return carried


def _joined(line: list[tuple[str, int]]) -> str:
    return "".join(piece for piece, _ in line).rstrip(" ")


def _pieces(text: str, cells: int) -> list[tuple[str, int]]:
    """What a line is not broken inside of: words, single wide characters, single spaces. A word too long for a line
    falls into its characters."""
    pieces: list[tuple[str, int]] = []
    word: list[tuple[str, int]] = []

    def end_word() -> None:
        size = sum(s for _, s in word)
        if size <= cells:
            if word:
                pieces.append(("".join(w for w, _ in word), size))
        else:
            pieces.extend(word)
        word.clear()

    for grapheme, size in graphemes(text):
        lasting = grapheme[0] not in _ALONE or (word and grapheme in _WITHIN_WORD)
        if size == 1 and lasting:
            word.append((grapheme, size))
        else:
            end_word()
            pieces.append((grapheme, size))
    end_word()
    return pieces


"""What frames put on a screen: pens and cells, a frame read into runs of cells, the shortest way from pen to pen."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from jiaoyan_tui.cells import graphemes


class UnknownSequence(ValueError):
    """A frame holds something whose effect on the screen is not known."""


class Pen(NamedTuple):
    """How characters are drawn: SGR attributes, SGR codes of both colours, and an OSC 8 link ("parameters;address")."""

    attributes: tuple[int, ...] = ()
    fore: str = ""
    back: str = ""
    link: str = ""


Cell = tuple[Pen, str]  # the second half of a wide character holds ""
Row = list[Cell | None]  # None: nobody knows what the terminal shows there

NO_PEN = Pen()
BLANK: Cell = (NO_PEN, " ")

_OFF = {1: 22, 2: 22, 3: 23, 4: 24, 5: 25, 6: 25, 7: 27, 8: 28, 9: 29, 21: 24, 51: 54, 52: 54, 53: 55}
_SHOWN_ON_BLANK = {4, 7, 9, 21, 51, 52, 53}
_MOVE = re.compile(r"\x1b\[(\d+);(\d+)H")
_TOKEN = re.compile(
    r"\x1b\[(?P<sgr>[0-9;]*)m|\x1b\]8;(?P<link>[^\x07\x1b]*)(?:\x07|\x1b\\)|(?P<text>[^\x1b]+)|(?P<other>\x1b)"
)
# What is written between frames without touching a cell: modes, queries, keyboard protocols, titles, the bell.
_HARMLESS = re.compile(r"(?:\x1b\[[?<>=][0-9;]*\$?[hlpu]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1bP(?:[^\x1b]|\x1b[^\\])*\x1b\\|\x07)*")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]")


class Run(NamedTuple):
    """Cells that a frame writes from a place on."""

    x: int
    y: int
    cells: tuple[Cell, ...]


def is_frame(data: str) -> bool:
    """Textual's frames move the cursor to each piece; modes, titles and the clipboard do not."""
    return _MOVE.search(data) is not None


def is_harmless(data: str) -> bool:
    """Whether writing this leaves every cell as it is; going to the other screen and back (1049) does not."""
    return "1049" not in data and _HARMLESS.fullmatch(data) is not None


def read_frame(data: str) -> tuple[list[Run], tuple[int, int]]:
    """The runs that a frame writes, and where it leaves the cursor (column, row)."""
    lead, *pieces = _MOVE.split(data)
    if lead:
        raise UnknownSequence(lead)
    runs: list[Run] = []
    x = y = 0
    for row, column, text in zip(pieces[::3], pieces[1::3], pieces[2::3], strict=True):
        x, y = max(int(column) - 1, 0), max(int(row) - 1, 0)
        if text and text != "\n":
            cells = cells_of(text)
            runs.append(Run(x, y, cells))
            x += len(cells)
    return runs, (x, y)


@lru_cache(maxsize=512)  # rows that scroll, and rows that come back, are read once
def cells_of(text: str) -> tuple[Cell, ...]:
    """The cells that text with SGR codes and links fills; it must end with the pen it began with: none."""
    cells: list[Cell] = []
    pen = NO_PEN
    for token in _TOKEN.finditer(text):
        kind = token.lastgroup
        if kind == "text":
            cells.extend(_drawn(pen, token["text"]))
        elif kind == "sgr":
            pen = _with_sgr(pen, token["sgr"])
        elif kind == "link":
            link = token["link"]
            pen = pen._replace(link="" if link.endswith(";") else link)
        else:
            raise UnknownSequence(text[token.start() : token.start() + 12])
    if pen != NO_PEN:
        raise UnknownSequence("a pen left on")
    return tuple(cells)


def _drawn(pen: Pen, text: str) -> Iterator[Cell]:
    if text.isspace() and text.isascii() and text.isprintable():
        yield from [_cell(pen, " ")] * len(text)
        return
    for grapheme, size in graphemes(_CONTROL.sub("", text)):
        if size:
            yield _cell(pen, grapheme)
            if size == 2:
                yield _cell(pen, "")


@lru_cache(maxsize=8192)  # equal cells are one object: rows then compare by identity
def _cell(pen: Pen, char: str) -> Cell:
    if char == " " and not _SHOWN_ON_BLANK.intersection(pen.attributes):
        pen = Pen(back=pen.back)
        return (pen, " ") if pen.back else BLANK
    return pen, char


def blank(pen: Pen) -> Cell:
    """What is left of a wide character whose other half was overwritten."""
    return _cell(pen, " ")


def is_ground(pen: Pen) -> bool:
    """Whether a pen has a background at most: what an erased cell can have."""
    return not pen.attributes and not pen.fore and not pen.link


@lru_cache(maxsize=4096)
def _with_sgr(pen: Pen, sgr: str) -> Pen:
    attributes, fore, back, link = set(pen.attributes), pen.fore, pen.back, pen.link
    codes = iter(int(code or 0) for code in sgr.split(";"))
    for code in codes:
        if code == 0:
            attributes, fore, back = set(), "", ""
        elif code in _OFF:
            attributes.add(code)
        elif code in _OFF.values():
            attributes -= {on for on, off in _OFF.items() if off == code}
        elif 30 <= code <= 37 or 90 <= code <= 97:
            fore = str(code)
        elif 40 <= code <= 47 or 100 <= code <= 107:
            back = str(code)
        elif code == 38:
            fore = _long_colour("38", codes)
        elif code == 48:
            back = _long_colour("48", codes)
        elif code == 39:
            fore = ""
        elif code == 49:
            back = ""
        else:
            raise UnknownSequence(f"SGR {sgr}")
    return Pen(tuple(sorted(attributes)), fore, back, link)


def _long_colour(kind: str, codes: Iterator[int]) -> str:
    try:
        space = next(codes)
        values = [str(next(codes)) for _ in range({5: 1, 2: 3}[space])]
    except (StopIteration, KeyError):
        raise UnknownSequence(f"SGR {kind}") from None
    return ";".join([kind, str(space), *values])


@lru_cache(maxsize=4096)
def change_pen(before: Pen, after: Pen) -> str:
    """The shortest codes that turn one pen into the other: from scratch, or only what differs."""
    link = f"\x1b]8;{after.link or ';'}\x1b\\" if before.link != after.link else ""
    if before[:3] == after[:3]:
        return link
    wanted = [str(code) for code in after.attributes] + [colour for colour in after[1:3] if colour]
    if not wanted:
        return link + "\x1b[m"
    fresh = ";".join(["0", *wanted])
    lost = {_OFF[code] for code in before.attributes if code not in after.attributes}
    kept = {code for code in before.attributes if code in after.attributes and _OFF[code] not in lost}
    steps = [str(code) for code in sorted(lost)] + [str(code) for code in after.attributes if code not in kept]
    if before.fore != after.fore:
        steps.append(after.fore or "39")
    if before.back != after.back:
        steps.append(after.back or "49")
    return f"{link}\x1b[{min(fresh, ';'.join(steps), key=len)}m"


def is_sure(char: str) -> bool:
    """Whether every terminal takes as many cells for this as Textual counts; not so emoji, symbols, joined marks."""
    if len(char) != 1:
        return not char
    return not (
        "\u2600" <= char <= "\u27bf" or "\u2b00" <= char <= "\u2bff" or "\ue000" <= char <= "\uf8ff"
        or "\U0001f000" <= char <= "\U0001ffff"
    )  # fmt: skip

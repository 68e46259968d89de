"""The text as it is matched: simplified, half-width, washed words put right; every character keeps its place in the source."""

from __future__ import annotations

import re
from array import array
from collections.abc import Sequence
from dataclasses import dataclass

from jiaoyan.reader.words import Words

_BETWEEN_LATIN = re.compile(r"(?<=[A-Za-z])[ \t]+(?=[A-Za-z])")


def normalise(text: str, words: Words) -> str:
    """The text for matching, of the same length as the source, so that a place in one is the place in the other."""
    text = text.replace("\r\n", " \n").replace("\r", "\n").translate(words.characters)
    pattern, table = words.washed
    return pattern.sub(lambda match: table[match[0]], text)


@dataclass(frozen=True, slots=True)
class Squeezed:
    """A stretch of the text without blanks and stray marks; `at` holds the source place of each character."""

    text: str
    at: Sequence[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The source span of a span here."""
        if start >= end or start >= len(self.at):
            place = self.at[min(start, len(self.at) - 1)] if self.at else 0
            return place, place
        return self.at[start], self.at[end - 1] + 1


def squeeze(norm: str, start: int, end: int, words: Words) -> Squeezed:
    """A stretch without blanks (but between Latin words) and without the stray marks of pasted pages."""
    piece = norm[start:end]
    drop = set(words.data["stray"]) | set(" \t\n")
    if not any(char in drop for char in piece) and "的." not in piece:
        return Squeezed(piece, range(start, end))
    keep_blank = {match.start() for match in _BETWEEN_LATIN.finditer(piece)}
    chars: list[str] = []
    places = array("L")
    for n, char in enumerate(piece):
        if char in drop and n not in keep_blank:
            continue
        # a full stop pasted in after 的 (的.重点); 的.5 does not occur
        if char == "." and chars and chars[-1] == "的":
            continue
        chars.append(char)
        places.append(start + n)
    return Squeezed("".join(chars), places)


def clean(source: str, start: int, end: int, words: Words) -> str:
    """A stretch of the source as a person would copy it: its own characters, without stray marks and needless blanks."""
    piece = source[start:end]
    piece = re.sub(r"(?<=的)[" + re.escape(words.data["stray"]) + r".]", "", piece)
    piece = re.sub(r"(?<=[^\x00-\x7f])[ \t\u3000\xa0\r\n]+(?=[^\x00-\x7f])", "", piece)
    piece = re.sub(r"[ \t\r\n\u3000\xa0]+", " ", piece)
    return piece.strip(" \t\u3000")

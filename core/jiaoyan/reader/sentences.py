"""A block's words without blanks, its signs, and the stretches between stops: made once, used by all tables' readers."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise

from jiaoyan.reader.grammar import Grammar, Token
from jiaoyan.reader.normal import Squeezed, squeeze


@dataclass(slots=True)
class Segment:
    """What stands between two stops: `opener` is the stop before it, `depth` counts brackets."""

    start: int
    end: int
    opener: str
    depth: int
    tokens: list[Token] = field(default_factory=list)

    def of(self, *kinds: str) -> list[Token]:
        return [token for token in self.tokens if token.kind in kinds]


def segments(text: str, tokens: list[Token]) -> list[Segment]:
    """The stretches between stops, with their signs."""
    found: list[Segment] = []
    here = Segment(0, 0, "。", 0)
    depth = 0
    for token in tokens:
        if token.kind != "punct":
            here.tokens.append(token)
            continue
        here.end = token.start
        found.append(here)
        if token.text in "([":
            depth += 1
        elif token.text in ")]":
            depth = max(0, depth - 1)
        here = Segment(token.end, token.end, token.text, depth)
    here.end = len(text)
    found.append(here)
    _days_in_short(text, found)
    return [part for part in found if part.end > part.start]


_DAY = re.compile(r"[一二三四五六日](?=$|[上下早晚中每的为是放课进开(:,;。至]|[和与及][一二三四五六日])")


def _days_in_short(text: str, parts: list[Segment]) -> None:
    """周一、三、五早上: the days behind the first one stand without 周."""
    for before, part in pairwise(parts):
        last = before.tokens[-1] if before.tokens else None
        if part.opener != "、" or last is None or last.kind != "weekday" or last.end != before.end:
            continue
        if _DAY.match(text, part.start, part.end):
            place = part.start
            part.tokens = [Token("weekday", place, place + 1, text[place]), *(t for t in part.tokens if t.start > place)]


@dataclass(frozen=True, slots=True)
class Sentences:
    """`own` holds the source's characters that differ from the matched ones."""

    piece: Squeezed
    parts: list[Segment]
    own: dict[str, str]


LONGEST_BLOCK = 50_000
"""An item or a line is read this far; what is longer is no sentence of a plan."""


def read_sentences(source: str, norm: str, start: int, end: int, grammar: Grammar) -> Sentences:
    end = min(end, start + LONGEST_BLOCK)
    piece = squeeze(norm, start, end, grammar.words)
    own = {}
    if source[start:end] != norm[start:end]:
        own = {
            char: source[place] for char, place in zip(piece.text, piece.at, strict=True)
            if char != source[place] and char > "\u2fff"
        }
    return Sentences(piece, segments(piece.text, grammar.tokens(piece.text)), own)

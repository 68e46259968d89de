"""Several plans in one file: where each begins, and what it is called."""

from __future__ import annotations

import re
from dataclasses import dataclass

from jiaoyan.reader.outline import lines_of, mark_at
from jiaoyan.reader.words import Words, trie

TITLE_LENGTH = 50
_PIECE = (
    r"(?:[ ]*[(\[]?(?:第?[一二三四五六七八九十\d]{1,3}[篇份]?|[篇之][一二三四五六七八九十\d]{1,3}"
    r"|范文\d*|精选\d*|最新|草案|讨论稿|修订稿|初稿|试行|通用)[)\]]?){0,2}"
)
_COUNTED = re.compile(r"[(\[]?(?:篇|第)[ ]?([一二三四五六七八九十\d]{1,3})[ ]?篇?[)\]]?$")
_STOPS = re.compile(r"[。;!?,]")


@dataclass(frozen=True, slots=True)
class Part:
    """One plan's stretch of the text; `title` is the span of its title line, empty where it has none."""

    start: int
    end: int
    title: tuple[int, int]


def split_plans(norm: str, words: Words) -> list[Part]:
    """The plans of a text. A title line opens a plan when it is counted (篇3), or when several titles stand over bodies."""
    endings = words.list("kinds", "plan") + words.list("kinds", "summary")
    title_line = re.compile(rf".{{2,{TITLE_LENGTH}}}?(?:{trie(endings)})(?:书|表|稿)?{_PIECE}[*]*")
    lines = list(lines_of(norm, 0, len(norm)))
    titles = [n for n, (start, end) in enumerate(lines) if _is_title(norm, start, end, title_line)]
    counted = [n for n in titles if _COUNTED.search(norm, *lines[n])]
    numbered = len(counted) >= 2 or (bool(counted) and titles[0] != counted[0])
    opening = counted if numbered else _opening(norm, lines, titles)
    if not opening:
        first = titles[0] if titles and titles[0] < 6 else None
        return [Part(0, len(norm), lines[first] if first is not None else (0, 0))]
    bounds = [lines[n][0] for n in opening] + [len(norm)]
    return [Part(bounds[k], bounds[k + 1], lines[n]) for k, n in enumerate(opening)]


def _is_title(norm: str, start: int, end: int, title_line: re.Pattern[str]) -> bool:
    if end - start > TITLE_LENGTH or mark_at(norm, start, end) or "|" in norm[start:end] or "\t" in norm[start:end]:
        return False
    while start < end and norm[start] in "#* ":
        start += 1
    if mark_at(norm, start, end):
        return False
    return not _STOPS.search(norm, start, end) and title_line.fullmatch(norm, start, end) is not None


def _opening(norm: str, lines: list[tuple[int, int]], titles: list[int]) -> list[int]:
    """Of the title lines those that open a plan: a long title with a body that begins to count anew."""
    found: list[int] = []
    for k, n in enumerate(titles):
        stop = titles[k + 1] if k + 1 < len(titles) else len(lines)
        body = lines[n + 1 : stop]
        begins = any((mark := mark_at(norm, *line)) is not None and mark.number == 1 for line in body[:12])
        weight = sum(end - start for start, end in body)
        long_title = lines[n][1] - lines[n][0] >= 8
        if begins and weight > 30 and long_title:
            first = mark_at(norm, *next(line for line in body if mark_at(norm, *line)))
            # an enclosed list (教研活动安排) counts 1, 2, 3 under a plan that counted 一, 二, 三
            if not found or (first is not None and first.style in ("cn", "part") and first.number == 1):
                found.append(n)
    return found if len(found) > 1 else []

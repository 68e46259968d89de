"""The headings at the top of a plan, and the measures: numbered items that say what will be done."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from jiaoyan.reader.outline import RANKS, Block, title_of
from jiaoyan.reader.plan import Draft
from jiaoyan.reader.reading import Reading
from jiaoyan.reader.times import time_at
from jiaoyan.reader.words import trie

_HEADING_LENGTH = 60
_BOX = re.compile(r"\[([^\[\]]{2,16})\]")


def read_sections(draft: Draft) -> Iterator[Reading]:
    """The top-level headings, numbering and punctuation stripped."""
    enclosure = re.compile(rf"(?:{trie(draft.words.list('headings', 'enclosure'))})[ ]?(?:\d|[一二三四五六七八九])?[ ]*[:、.]?[ ]*(?=\S)")
    for block in top_headings(draft, enclosure):
        start, end = title_of(draft.norm, block)
        if not block.style and (box := _BOX.match(draft.norm, block.body, block.end)):
            start, end = box.start(1), box.end(1)
        if not block.style and (match := enclosure.match(draft.norm, start, block.end)):
            start = match.end()
            end = block.end
            while end > start and draft.norm[end - 1] in " :。、":
                end -= 1
        while start < end and draft.norm[start] in "[(":
            start += 1
        while start < end and draft.norm[end - 1] == "]":
            end -= 1
        if end > start:
            yield draft.reading("section", start, end, {"title": draft.words_of(start, end)}, 0.97)


def top_headings(draft: Draft, enclosure: re.Pattern[str]) -> list[Block]:
    """The blocks that are headings of the highest kind of numbering which the plan uses for headings."""
    blocks = draft.blocks
    counts = Counter(block.style for block in blocks if _heading_like(draft, block))
    known = frozenset(draft.words.list("headings", "known"))
    suffix = re.compile(rf"[\u4e00-\u9fff、与和及]{{1,10}}(?:{trie(draft.words.list('headings', 'suffixes'))})")
    plain = [block for block in blocks if not block.style and _plain_heading(draft, block, known)]
    style = next((s for s in ("part", "cn") if counts[s] >= 2), "")
    if not style and counts["md"] >= 2:
        level = _heading_level(blocks)
        return [b for b in blocks if (b.style == "md" and b.number == level) or _encloses(draft, b, enclosure)]
    boxed = [block for block in blocks if not block.style and _BOX.match(draft.norm, block.body, block.end)]
    if not style and len(boxed) >= 2:
        return boxed
    short = [
        block for block in blocks
        if not block.style and block.end - block.start <= 9 and suffix.fullmatch(draft.norm[block.body : block.end].strip(" :*"))
    ]
    if not style and (len(plain) >= 2 or len(short) >= 3):
        return [block for block in blocks if not block.style and (
            _plain_heading(draft, block, known)
            or suffix.fullmatch(draft.norm[block.body : block.end].strip(" :*[]()“”")) is not None
        )]
    articles = [block for block in blocks if block.style == "art"]
    titled = [block for block in articles if _short_title(draft, block)]
    if not style and not counts["cn"] and len(titled) >= 2 and len(titled) * 5 >= len(articles) * 4:
        return titled
    if not style:
        style = "cn" if counts["cn"] else next((s for s in ("cnp", "num") if counts[s] >= 2), "cn")
    found = [b for b in blocks if (b.style == style and _heading_like(draft, b)) or _encloses(draft, b, enclosure)]
    if style in ("cnp", "num"):
        top = [b for b in found if b.depth == 0 or all(above.style in ("", "md") for above in b.above())]
        short = [b for b in top if _short_title(draft, b)]
        # a list of sentences has no headings, though one of them may be short
        return short if len(short) * 5 >= len(top) * 3 else [b for b in top if not b.style]
    return found


def _short_title(draft: Draft, block: Block) -> bool:
    """An item of its own is a heading only when it is short: 统一进度。…"""
    start, end = title_of(draft.norm, block)
    return end - start <= 16 and "," not in draft.norm[start:end]


def _heading_level(blocks: list[Block]) -> int:
    levels = Counter(block.number for block in blocks if block.style == "md")
    return next((level for level in sorted(levels) if levels[level] >= 2), 1)


def _heading_like(draft: Draft, block: Block) -> bool:
    if block.start in draft.taken and (block.style not in ("cn", "part") or time_at(draft.norm, block.body)):
        return False
    start, end = title_of(draft.norm, block)
    return 1 < end - start <= _HEADING_LENGTH or (block.style in ("cn", "part") and end > start)


def _plain_heading(draft: Draft, block: Block, known: frozenset[str]) -> bool:
    text = draft.norm[block.body : block.end].strip(" :*[]()“”")
    return text in known


def _encloses(draft: Draft, block: Block, enclosure: re.Pattern[str]) -> bool:
    length = block.end - block.body
    return not block.style and length <= 30 and enclosure.match(draft.norm, block.body, block.end) is not None


class Measures:
    """Numbered items without a number to reach, in the sections that tell what will be done."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        words = draft.words
        self._section = re.compile(trie(words.list("headings", "measures")))
        self._aim = re.compile(trie(words.list("headings", "aims")))

    def read(self, readings: list[Reading]) -> Iterator[Reading]:
        busy = sorted((r.start, r.end) for r in readings if r.table in ("schedule", "requirement", "weekly", "topic"))
        place = 0
        for block in self.draft.blocks:
            if not block.style or block.style in ("md", "part", "cn") or block.start in self.draft.taken:
                continue
            if any(child.style for child in block.children):
                continue
            if not self._in_measures(block):
                continue
            while place < len(busy) and busy[place][1] <= block.start:
                place += 1
            if place < len(busy) and busy[place][0] < block.end:
                continue
            start, end = title_of(self.draft.norm, block)
            if end - start < 4 or RANKS[block.style] > 7:
                continue
            stop = self.draft.norm.find(",", start, end)
            if end - start > 40 and stop - start >= 4:
                end = stop
            fields = {"title": self.draft.words_of(start, end)}
            yield self.draft.reading("measure", start, end, fields, 0.75, "没有数量和时间的措施,作为待办任务")

    def _in_measures(self, block: Block) -> bool:
        top = None
        for above in block.above():
            if above.style in ("cn", "part", "md"):
                top = above
                heading = self.draft.heading(above)
                if self._aim.search(heading) and not re.search(r"措施|任务", heading):
                    return False
                if self._section.search(heading):
                    return True
        return top is None and self.draft.nature == "plan"

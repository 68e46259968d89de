"""One plan while it is being read: its text, its blocks, whose it is, and how a reading is made from a span."""

from __future__ import annotations

import dataclasses
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from jiaoyan.reader.grammar import Grammar
from jiaoyan.reader.normal import clean
from jiaoyan.reader.outline import Block, title_of
from jiaoyan.reader.reading import Reading
from jiaoyan.reader.sentences import Sentences, read_sentences
from jiaoyan.reader.words import Words, trie

_TRIM_LEFT = " \t\n,、;:。.)】」』），；：、”*|"
_TRIM_RIGHT = " \t\n,、;:。.(【「『（，；：、“*|"


@lru_cache(maxsize=8)
def _background(words: Words) -> re.Pattern[str]:
    return re.compile(trie(words.list("headings", "background")))


@dataclass(slots=True)
class Draft:
    """What all tables' readers share. `source` is the text as given, `norm` the same length for matching."""

    source: str
    norm: str
    words: Words
    grammar: Grammar
    start: int
    end: int
    title: str = ""
    level: str = "school"
    nature: str = "plan"
    field: str = "research"
    owner: str = "学校"
    ahead: int = 0
    """Where a summary begins to look ahead."""
    blocks: list[Block] = dataclasses.field(default_factory=list)
    tabled: set[int] = dataclasses.field(default_factory=set)
    """Places of blocks that stand in a table which was read as such."""
    _sentences: dict[int, Sentences] = dataclasses.field(default_factory=dict)
    taken: set[int] = dataclasses.field(default_factory=set)
    """Places of blocks that a table or a list has used up: nothing else is read there."""

    def heading(self, block: Block) -> str:
        start, end = title_of(self.norm, block)
        return self.norm[start:end]

    def is_body(self, who: str) -> bool:
        """Whether a word names a body rather than people."""
        return who in self.grammar.bodies.values() or who.endswith(("组", "室", "处", "办", "校", "区", "部", "班级"))

    def words_of(self, start: int, end: int) -> str:
        """The source's own words of a span."""
        return clean(self.source, start, end, self.words)

    def in_table(self, block: Block) -> bool:
        return block.start in self.tabled

    def told(self, block: Block) -> bool:
        """Whether a block looks back: all of a summary, and a summary with plans up to the part that looks ahead."""
        if self.nature == "summary" or (self.nature == "plan+summary" and block.start < self.ahead):
            return True
        return any(_background(self.words).search(self.heading(above)) for above in block.above() if above.style)

    def sentences(self, block: Block) -> Sentences:
        """The block's words and signs, made once."""
        found = self._sentences.get(block.start)
        if found is None:
            found = read_sentences(self.source, self.norm, block.body, block.end, self.grammar)
            self._sentences[block.start] = found
        return found

    def reading(
        self, table: str, start: int, end: int, fields: dict[str, Any], confidence: float = 0.95, reason: str = ""
    ) -> Reading:
        """A reading whose quote is the span without the stops around it."""
        while start < end and self.norm[start] in _TRIM_LEFT:
            start += 1
        while end > start and self.norm[end - 1] in _TRIM_RIGHT:
            end -= 1
        return Reading(table, start, end, self.source[start:end], fields, confidence, reason)

"""From a text to its plans: split, outline, classify, then each table's reader in turn."""

from __future__ import annotations

import re

from jiaoyan.reader.classify import field_of, level_of, looks_ahead, nature_of
from jiaoyan.reader.grammar import grammar_of
from jiaoyan.reader.groups import Groups
from jiaoyan.reader.normal import normalise
from jiaoyan.reader.outline import Block, read_outline
from jiaoyan.reader.plan import Draft
from jiaoyan.reader.reading import PlanReading, Reading
from jiaoyan.reader.requirements import Requirements
from jiaoyan.reader.schedule import Schedule
from jiaoyan.reader.sections import Measures, read_sections
from jiaoyan.reader.split import Part, split_plans
from jiaoyan.reader.tables import Tables
from jiaoyan.reader.topics import Topics
from jiaoyan.reader.weekly import Weekly
from jiaoyan.reader.words import Words, trie

_WORD = re.compile(r"\w")
_ADVERT = re.compile(
    r"\([^()\n]{0,40}(?:www\.|http)[^()\n]{0,60}\)"
    # behind a sentence: 来源:www.…; on a line of its own: 第1页 共2页, 1/3 下一页
    r"|(?<=[。;!? ])(?:本文|文章|资料)?(?:来源|来自|转自|出处)?[ ]?:?[ ]?(?:www\.|https?:)[!-~]{3,80}"
    r"|^[ \t-]*第[ ]?\d{1,3}[ ]?页[ ,/]*(?:共[ ]?\d{1,3}[ ]?页)?[ -]*$|^[ ]*\d{1,2}/\d{1,2}[ ]*下一页[ ]*$",
    re.IGNORECASE | re.MULTILINE,
)


def read_plans(text: str, words: Words | None = None, name: str = "") -> list[PlanReading]:
    """All plans of one text, in order. `name` is the file's name, a hint for title, level and owner. Never raises."""
    words = words or Words.builtin()
    norm = normalise(text, words)
    norm = _ADVERT.sub(lambda match: " " * len(match[0]), norm)
    if not norm.strip():
        return []
    return [_read(text, norm, part, n, words, name) for n, part in enumerate(split_plans(norm, words), 1)]


def _read(text: str, norm: str, part: Part, index: int, words: Words, name: str) -> PlanReading:
    draft = Draft(text, norm, words, grammar_of(words), part.start, part.end)
    stem = re.sub(r"\.[A-Za-z]{2,4}$", "", name)
    draft.title = draft.words_of(*part.title).strip("#* ") or stem
    noise = re.compile(trie(words.data["noise"]), re.IGNORECASE)
    draft.blocks = [
        block for block in read_outline(norm, part.start, part.end)
        if not (block.start == part.title[0] and block.end <= part.title[1])
        and not (block.end - block.start < 80 and noise.search(norm, block.start, block.end))
    ]
    body = norm[part.start : part.end]
    headings = [draft.heading(block) for block in draft.blocks if block.end - block.start <= 60]
    draft.nature = nature_of(draft.title, body, headings, words)
    if draft.nature == "plan+summary":
        ahead = [block.start for block in draft.blocks if looks_ahead(block, draft.heading(block))]
        draft.ahead = ahead[0] if ahead else part.end
    draft.level = level_of(draft.title, body, stem, words)
    draft.field = field_of(draft.title, body, words)
    draft.owner = _owner(draft, body, stem)
    return PlanReading(
        index, draft.title, draft.level, draft.nature, draft.field, part.start, part.end, text[part.start : part.end],
        tuple(sorted(_readings(draft), key=lambda reading: (reading.start, reading.end))),
    )


def _readings(draft: Draft) -> list[Reading]:
    blocks: list[Block] = draft.blocks
    schedule = Schedule(draft)
    found: list[Reading] = []
    found.extend(Tables(draft).read())
    found.extend(Topics(draft).read(blocks))
    found.extend(schedule.read(blocks))
    found.extend(schedule.running(blocks))
    found.extend(Weekly(draft).read(blocks))
    found.extend(Requirements(draft).read(blocks))
    found.extend(Groups(draft).read(blocks))
    found.extend(Measures(draft).read(found))
    found.extend(read_sections(draft))
    # a span of nothing but stops and marks says nothing
    return [reading for reading in found if _WORD.search(reading.quote)]


def _owner(draft: Draft, body: str, stem: str) -> str:
    """Who a duty binds where the text names nobody and the thing is held, not handed in."""
    if draft.level == "district":
        return "管理区" if "管理区" in body or "学区" in body else "学校"
    if draft.level == "personal":
        return "教师"
    if draft.level == "group":
        name = rf"(?:{draft.grammar.grade})?(?:{draft.grammar.subject})(?:学科)?(?:教研组|备课组|学科组|组)"
        found = re.search(name, f"{draft.title} {stem} {body}")
        return found[0] if found else "教研组"
    return "学校"

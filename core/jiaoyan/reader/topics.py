"""Themes of research given to a subject, a grade or a group, in lines under a heading that announces them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise

from jiaoyan.reader.numerals import CHINESE
from jiaoyan.reader.outline import Block
from jiaoyan.reader.plan import Draft
from jiaoyan.reader.reading import Reading
from jiaoyan.reader.words import Words, trie

_LIST = re.compile(rf"(?P<low>{CHINESE}|\d)[、,和与及](?P<more>(?:(?:{CHINESE}|\d)[、,和与及])*)(?P<last>{CHINESE}|\d)年级")
_RANGE = re.compile(rf"(?P<low>{CHINESE}|\d)(?:-|~|至|到)(?P<high>{CHINESE}|\d)年级")
_INLINE = re.compile(r"(?:主题|专题|课题)[^:。,]{0,8}(?:安排|如下|分别)[^:。,]{0,6}:(?=.{10})")
# the one theme of a group: 本学期教研主题:《…》
_ALONE = re.compile(r"[^:。,]{0,10}(?:教研|研究|研修)(?:主题|专题|课题)[ ]*[:为是][ ]*([《“][^《》“”]{4,50}[》”])[。;]?")
_NUMERALS = "零一二三四五六七八九"


@lru_cache(maxsize=8)
def _patterns(words: Words) -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """What announces themes, a theme's line, a line that names the subject of the next ones, where one begins in a line."""
    subject, grade = trie(words.list("subjects", "names")), trie(words.list("grades", "names"))
    group = r"(?:学?科?组|教研组|备课组|学科|科)?"
    grades = rf"(?:(?:{CHINESE}|\d)(?:[、,和与及至到~-](?:{CHINESE}|\d)){{0,8}}年级|{grade})(?:组|段)?"
    return (
        re.compile(trie(words.list("headings", "topics"))),
        re.compile(
            rf"[(“]?(?P<subject>{subject})?(?P<group>{group})[ ]*(?P<grade>{grades})?(?P<after>{subject})?(?P<group2>{group})[)”]?"
            r"(?P<named>(?:的)?(?:教研|研究)?(?:主题|专题|课题|方向|重点)(?:[是为])?)?"
            r"(?:[ ]*(?P<stop>[:：]|--?|\||\t|(?<=[是为]))[ ]*|(?P<blank>[ ]+)|(?=《|“))(?P<title>\S.*)"
        ),
        re.compile(rf"(?<=[ 。;:])(?:{grades}|{subject}{group})(?=[ :])"),
        re.compile(rf"[(\[“]?(?P<subject>{subject}){group}[)\]”]?(?:教研主题|研究主题|主题)?[:：]?$"),
    )


class Topics:
    """Reads the themes of one plan."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        owned = re.match(trie(draft.words.list("subjects", "names")), re.sub(r"^.{1,3}年级|^[初高].", "", draft.owner))
        self._group_subject = owned[0] if owned and draft.level == "group" else ""
        self._announce, self._row, self._begins, self._subject_line = _patterns(draft.words)

    def read(self, blocks: list[Block]) -> Iterator[Reading]:
        open_until: Block | None = None
        opened = False
        subject = ""
        for block in blocks:
            text = self.draft.norm[block.body : block.end]
            if opened and self._closes(block, open_until):
                opened, subject = False, ""
            if block.start in self.draft.taken:
                continue
            if opened:
                line = self._subject_line.fullmatch(text.strip())
                if line:
                    subject = line["subject"]
                    continue
                rows = list(self._rows(block, subject))
                if rows:
                    self.draft.taken.add(block.start)
                    yield from rows
                    continue
            if (alone := _ALONE.fullmatch(text.strip())) and self._group_subject:
                place = block.body + text.index(alone[1])
                row = {"subject": self._group_subject, "grade": "", "title": self.draft.words_of(place + 1, place + len(alone[1]) - 1)}
                yield self.draft.reading("topic", place, place + len(alone[1]), row, 0.85)
            if told := _INLINE.search(text):
                yield from self._pasted(block.body + told.end(), block.end)
            tail = text.rstrip()[-40:]
            heading = len(text) <= 24 and not re.search(r"背景|意义|目标|要求|研究$|活动$|管理|申报", text.strip(" :"))
            if self._announce.search(tail) and (tail.endswith(":") or "如下" in tail or heading):
                opened, open_until, subject = True, block, ""

    def _closes(self, block: Block, head: Block | None) -> bool:
        if head is None or not block.style:
            return False
        if any(above is head for above in block.above()):
            return False
        if head.style and block.style == head.style and block.depth <= head.depth:
            return True
        # a plain announcing line: its list may be numbered, the next higher heading ends it
        return block.style in ("cn", "part", "md") or (bool(head.style) and block.depth <= head.depth)

    def _pasted(self, start: int, end: int) -> Iterator[Reading]:
        """Themes in the line that announces them: …安排如下:语文 一年级 识字 二年级 写字 …"""
        norm = self.draft.norm
        places = [match.start() for match in self._begins.finditer(norm, start, end)]
        if len(places) < 2:
            return
        subject = ""
        for place, stop in pairwise([*places, end]):
            if line := self._subject_line.fullmatch(norm[place:stop].strip()):
                subject = line["subject"]
                continue
            yield from self._row_at(place, stop, subject)

    def _rows(self, block: Block, subject: str) -> Iterator[Reading]:
        norm = self.draft.norm
        place = block.body
        for stop in [*[m.start() for m in re.compile("[;。](?=.{2,40}:)").finditer(norm, block.body, block.end)], block.end]:
            yield from self._row_at(place, stop, subject)
            place = stop + 1

    def _row_at(self, place: int, stop: int, subject: str) -> Iterator[Reading]:
        norm = self.draft.norm
        match = self._row.match(norm, place, stop)
        told = match and (match["stop"] or subject or match["grade"] or match["title"][0] in "《“")
        if match and told and (match["subject"] or match["grade"]):
            end = match.end("title")
            while end > match.start("title") and norm[end - 1] in " 。;,、|":
                end -= 1
            start = match.start("title")
            while start < end and norm[start] in " :|“":
                start += 1
            if end > start and norm[end - 1] == "”" and "“" not in norm[start:end]:
                end -= 1
            title = self.draft.words_of(start, end)
            own = self._subject_name(match)
            for grade in grades_of(match["grade"] or ""):
                row = {"subject": own or subject or self._group_subject, "grade": grade, "title": title}
                yield self.draft.reading("topic", match.start(), end, row, 0.95 if match["stop"] else 0.9)

    def _subject_name(self, match: re.Match[str]) -> str:
        name = "subject" if match["subject"] else "after"
        return self.draft.source[match.start(name) : match.end(name)] if match[name] else ""


def grades_of(text: str) -> list[str]:
    """一、二年级 is two grades, 三至五年级 three; none is one row without grade."""
    text = text.removesuffix("组").strip()
    if match := _RANGE.fullmatch(text):
        low, high = _digit(match["low"]), _digit(match["high"])
        return [f"{_NUMERALS[n]}年级" for n in range(low, high + 1)] if 0 < low < high <= 9 else [text]
    if match := _LIST.fullmatch(text):
        digits = [_digit(char) for char in match["low"] + match["more"] + match["last"] if _digit(char)]
        return [f"{_NUMERALS[n]}年级" for n in digits]
    if re.fullmatch(r"[1-9]年级", text):
        return [f"{_NUMERALS[int(text[0])]}年级"]
    return [text]


def _digit(char: str) -> int:
    if char.isdigit() and char.isascii():
        return int(char)
    place = _NUMERALS.find(char)
    return max(place, 0)

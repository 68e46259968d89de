"""Dated work: lists by month, week or phase, dated sentences; each item told as an event to hold or a job to do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from jiaoyan.reader.outline import RANKS, Block
from jiaoyan.reader.plan import Draft
from jiaoyan.reader.reading import Reading
from jiaoyan.reader.times import Time, time_at
from jiaoyan.reader.words import Words, trie

_LABEL = re.compile(
    r"(?:[ ]*(?:份|的|工作|活动|教研|安排|重点|主要|要点|内容|计划|任务|校本|研修|主题|月|具体|事项|教学))*[ ]*[:)\]。]*[ ]*$"
)
_SEPARATOR = re.compile(r"[ ]*[:)\]\t|][ ]*|[ ]+|[-]{1,2}")
# the days of a week of term: 第一周(2.17—2.23)
_BRACKET = re.compile(r"[ ]*\([^()]{1,24}\)(?=[ ]*[:：]?[ ]*$)|[ ]*\([^()]{0,6}\d[^()]{0,24}\)|[ ]*\((?:周|星期).\)")
# a month with a name of its own: 五月——质量提升月
_NAMED = re.compile(r"[ ]*(?:-{1,2}|:)?[ ]*[^:;,。\d]{2,8}(?:月|阶段)[ ]*:?$")
_TAGS = {"主讲": "speaker", "主讲人": "speaker", "执教": "speaker", "主持": "leader", "负责人": "leader", "责任人": "leader",
         "负责": "leader", "地点": "place"}
_TAGGED = re.compile(rf"(?:(?P<tag>{'|'.join(sorted(_TAGS, key=len, reverse=True))})|(?:活动)?(?:内容|主题))[ ]*[:：][ ]*")
_CLOSING = re.compile(r"总之|以上|备注|注[:明]|说明|(?:特此|本计划)|望各")
_DATED = re.compile(r"(?:活动)?(?:时间|日期)[ ]*:[ ]*")
_PHASE_TIME = re.compile(
    r"[(\[ :,-](?=(?:(?:19|20)[\dxX×*]{2}[年.\-/])|(?:1[0-2]|0?[1-9]|[一二三四五六七八九十]{1,2})月"
    r"|(?:1[0-2]|[1-9])[-~至](?:1[0-2]|[1-9])月|第)"
)
_RUNNING = re.compile(
    r"(?<![\dxX年第每个、\-~至到《])(?:(?P<year>(?:19|20)[\dxX]{2}年)|(?P<rel>明年|今年|次年|本年))?"
    r"(?P<m>1[0-2]|[1-9]|十[一二]?|[一二三四五六七八九])月(?:份|底|初|末|中旬|上旬|下旬|中)?"
    r"(?:[-~至到](?:1[0-2]|[1-9]|十[一二]?|[一二三四五六七八九])月(?:份|底|初|末|中旬|上旬|下旬)?)?(?:\d{1,2}[日号])?"
)
_RUNNING_WEEK = re.compile(
    r"(?<!开学)(?<![每月])第(?:\d{1,2}|[一二三四五六七八九十]{1,3})"
    r"(?:周?[-~至到]第?(?:\d{1,2}|[一二三四五六七八九十]{1,3})|、第?(?:\d{1,2}|[一二三四五六七八九十]{1,3}))?周(?!期|边|[一二三四五六日]节)"
)
_NOT_DATED = re.compile(r"以来|颁布|印发|发布|下发|出台|之前|以前|出生|[一二两三四五六七八九\d]+次|一[次篇节个]")
# who signs a plan, under its last list
_SIGNED = re.compile(r"[^,。;:!?、\d]{0,16}(?:小学|中学|学校|幼儿园|高中|初中|学院|[处室组办部]|学区)(?:[ ]*20[\dxX]{2}年.{0,8})?")
_SIGNED_DAY = re.compile(r"(?:[二〇零一][〇零一二三四五六七八九]{3}|20[\dxX]{2})[年.\-/].{1,8}")
_MONTH_OF = re.compile(r"月份?[ ]+[^:;,。\d]{2,8}月$")
_SIGNS = re.compile(r"[;。]|[ ]{2,}|\t")
_SIGNS_OR_BLANK = re.compile(r"[;。]|[ ]+|\t")
_NO_ITEM = re.compile(r"(?:[室楼馆厅处组办部园]|操场|老师|主任|校长|教师)$")
_REACHING = re.compile(r"[ ]*(?:之?以?[前后内]|起|[-~—至到])")
"""After a day: the work is not on it."""
_STOP = re.compile(r"[,。;!?]")


@lru_cache(maxsize=8)
def _patterns(words: Words) -> tuple[re.Pattern[str], re.Pattern[str]]:
    return re.compile(trie(words.list("headings", "schedule"))), re.compile(trie(words.list("activities", "job")))


class Schedule:
    """Reads the dated items of one plan."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        words = draft.words
        self._context, self._job = _patterns(words)
        self._event = words.list("activities", "event")
        self._known = frozenset(words.list("headings", "known"))

    def read(self, blocks: list[Block]) -> list[Reading]:
        found: list[Reading] = []
        current: tuple[Time, Block] | None = None
        numbered = ""
        covered: set[int] = set()
        signed = self._signature(blocks)
        for n, block in enumerate(blocks):
            if block.start in self.draft.taken or block.start in signed:
                continue
            head = self._head(block)
            if head:
                time, rest = head
                current, numbered = (time, block), ""
                self.draft.taken.add(block.start)
                if rest >= block.end and self._alone(blocks, n):
                    rest = time.end
                rows = list(self._items(rest, block.end, time))
                found.extend(rows)
                if rows and time.day:
                    # a day with its work on the same line heads no list
                    current = None
                continue
            if current is None or not self._in_scope(block, current[1], numbered):
                if current is not None:
                    current = None
                continue
            # a plain line stands under the numbered item before it, though it may be an item itself
            if block.style and id(block.parent) in covered:
                covered.add(id(block))
                continue
            text = self.draft.norm[block.body : block.end]
            if block.style:
                numbered = numbered or block.style
            elif numbered or _CLOSING.match(text) or len(text) > 200:
                continue
            self.draft.taken.add(block.start)
            if block.children and text.rstrip().endswith(":") and len(text) < 30:
                continue
            covered.add(id(block))
            if block.style:
                found.append(self._row(block.start, block.body, block.end, current[0], 0.95))
            else:
                found.extend(self._items(block.body, block.end, current[0]))
        return found

    def _signature(self, blocks: list[Block]) -> set[int]:
        """The lines at the end that tell who wrote the plan and when, and a date in brackets under the title."""
        found = set()
        for block in reversed(blocks[-3:]):
            text = self.draft.norm[block.body : block.end].strip()
            if block.style or not (_SIGNED.fullmatch(text) or _SIGNED_DAY.fullmatch(text)):
                break
            found.add(block.start)
        for block in blocks[:2]:
            text = self.draft.norm[block.body : block.end].strip()
            if block.style:
                break
            if text[:1] == "(" and text[-1:] == ")":
                found.add(block.start)
        return found

    def _alone(self, blocks: list[Block], n: int) -> bool:
        """三月 交通安全月: what looks like the name of a month is its work where nothing stands under it."""
        block = blocks[n]
        text = self.draft.norm[block.body : block.end]
        if not _MONTH_OF.search(text):
            return False
        following = blocks[n + 1] if n + 1 < len(blocks) else None
        return following is None or self._head(following) is not None or not self._in_scope(following, block, "")

    def running(self, blocks: list[Block]) -> Iterator[Reading]:
        """Dated work in running sentences: 10月中旬举行优质课评比."""
        norm = self.draft.norm
        for block in blocks:
            if block.start in self.draft.taken:
                continue
            text = norm[block.body : block.end]
            for match in (*_RUNNING.finditer(text), *_RUNNING_WEEK.finditer(text)):
                place = block.body + match.start()
                sign = next(iter(self.draft.grammar.tokens(norm[place : place + 16])), None)
                if sign and sign.kind == "period" and not sign.start:
                    # 一月做一套题: each month
                    continue
                time = time_at(norm, place)
                if time is None:
                    continue
                start = max(time.end, block.body + match.end())
                while start < block.end and norm[start] in " ,、的:":
                    start += 1
                stop = _STOP.search(norm, start, block.end)
                end = stop.start() if stop else block.end
                closing = norm.find(")", start, end)
                if closing >= 0 and "(" not in norm[start:closing]:
                    end = closing
                words = norm[start:end].strip()
                if len(words) < 4 or len(words) > 60 or _NOT_DATED.search(norm, place, end):
                    continue
                if time_at(norm, start):
                    continue
                reason = "正文中提到的时间" if self.draft.nature == "plan" else "正文中提到的时间,可能已经做过"
                doubt = 0.75 if "了" not in words else 0.55
                yield self._row(place, start, end, time, doubt, reason)

    def _head(self, block: Block) -> tuple[Time, int] | None:
        """The time that a line is headed with, and where its own text begins: 九月份:, (一)准备阶段(3月—4月)."""
        norm, start, end = self.draft.norm, block.body, block.end
        place = start
        while place < end and norm[place] in " *[(“":
            place += 1
        if named := _DATED.match(norm, place, end):
            place = named.end()
        time = time_at(norm, place)
        if time is not None and (bracket := _BRACKET.match(norm, time.end, end)):
            time = Time(time.when, bracket.end(), time.day)
        if time is not None and time.end <= end:
            if self._label(norm[time.end : end]):
                return time, end
            gap = _SEPARATOR.match(norm, time.end, end)
            if gap and gap.end() < end and not (gap[0].strip() == "" and self._prose(norm[gap.end() : end])):
                return time, gap.end()
            label = re.compile(r"[^:。;,]{0,12}:").match(norm, time.end, end)
            if label and _LABEL.match(label[0]):
                return time, label.end()
            if norm[time.end : time.end + 1] in ("前", "后", "起", "至", "到", "以", "之"):
                return None
            # a line that opens with a day: 9月2日开学典礼, 10月15日,举行校运动会
            if time.day and len(norm[time.end : end].strip(" ,。")) >= 4 and not self._prose(norm[time.end : end]):
                rest = time.end
                while rest < end and norm[rest] in " ,、":
                    rest += 1
                return time, rest
            if self._scheduled(block) and time.end < end and norm[time.end] not in "的,至到":
                return time, time.end
            return None
        if end - start <= 60 and "阶段" in norm[start:end]:
            for match in _PHASE_TIME.finditer(norm, start, end):
                time = time_at(norm, match.end())
                if time is not None:
                    rest = time.end
                    while rest < end and norm[rest] in ")] :。":
                        rest += 1
                    return time, rest
        return None

    def _prose(self, text: str) -> bool:
        return len(text) > 60 and "。" in text[:-1]

    def _label(self, text: str) -> bool:
        return len(text) <= 20 and (_LABEL.match(text) is not None or _NAMED.match(text) is not None)

    def _scheduled(self, block: Block) -> bool:
        return any(self._context.search(self.draft.heading(above)) for above in block.above())

    def _in_scope(self, block: Block, head: Block, numbered: str) -> bool:
        """Whether a block belongs to the list under a time; `numbered` is how the list's items are numbered."""
        if head.style:
            return any(above is head for above in block.above())
        if block.style in ("part", "cn", "md"):
            return False
        over = head.parent
        if over is not None and block.style == over.style and block.number == over.number + 1 and not numbered:
            return False
        if not block.style:
            text = self.draft.norm[block.body : block.end].strip(" :。")
            return text not in self._known and not text.startswith("附")
        return not numbered or RANKS[block.style] >= RANKS[numbered]

    def _items(self, start: int, end: int, time: Time) -> Iterator[Reading]:
        """The items of one line: parted by ; and 。."""
        norm = self.draft.norm
        if not norm[start:end].strip(" :。"):
            return
        rows: list[Reading] = []
        for place, stop in self._pieces(start, end):
            tagged = _TAGGED.match(norm, place, stop)
            if tagged and tagged["tag"] and rows:
                rows[-1].fields[_TAGS[tagged["tag"]]] = self.draft.words_of(tagged.end(), stop).rstrip("。;,")
            else:
                first = tagged.end() if tagged and not tagged["tag"] else place
                rows.append(self._row(first, first, stop, time, 0.92))
        yield from rows

    def _pieces(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        norm = self.draft.norm
        while start < end and norm[start] in " ,、":
            start += 1
        place = start
        signs = _SIGNS_OR_BLANK if self._blanks_part(norm[start:end]) else _SIGNS
        for match in signs.finditer(norm, start, end):
            if match.start() > place and _depth(norm[place : match.start()]) == 0:
                if norm[place : match.start()].strip(" ,、"):
                    yield place, match.start()
                place = match.end()
        if norm[place:end].strip(" ,、:"):
            yield place, end

    def _blanks_part(self, text: str) -> bool:
        """开学安全排查 签订责任书: single blanks part items of about one length, no names, places or bodies."""
        pieces = text.strip(" 。").split(" ")
        return (
            len(pieces) > 1 and not re.search(r"[;。,:\d(《“]", text.strip(" 。"))
            and all(4 <= len(piece) <= 16 and not _NO_ITEM.search(piece) for piece in pieces)
        )

    def _row(self, quote: int, start: int, end: int, time: Time, confidence: float, reason: str = "") -> Reading:
        norm = self.draft.norm
        while end > start and norm[end - 1] in " 。;,、.:\t":
            end -= 1
        inner = time_at(norm, start)  # 十月:10月14日举行公开课
        if inner is not None and inner.day and not time.day and inner.when[-2:] == time.when[-2:] and not _REACHING.match(norm, inner.end):
            time, start = inner, inner.end
            while start < end and norm[start] in " ,:、":
                start += 1
        item = self.draft.words_of(start, end)
        fields: dict[str, Any] = {"when": time.when, "item": item, "nature": self.nature_of(norm[start:end])}
        if time.day:
            fields["day"] = time.day
        return self.draft.reading("schedule", quote, end, fields, confidence, reason)

    def nature_of(self, text: str) -> str:
        """event or job: a verb of desk work in front makes a job, else the last name tells."""
        text = text.strip(" “\"")
        front = self._job.search(text[:8])
        if front:
            return "job"
        return "event" if any(word in text for word in self._event) else "job"


def _depth(text: str) -> int:
    return max(0, text.count("(") - text.count(")"))

"""Fixed slots of the week: 每周三下午教研活动, 周四语文组, 单周周二, 天天晨读."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from jiaoyan.reader.grammar import LONGEST, Token
from jiaoyan.reader.normal import Squeezed
from jiaoyan.reader.nouns import nouns_of
from jiaoyan.reader.outline import Block
from jiaoyan.reader.plan import Draft
from jiaoyan.reader.reading import Reading
from jiaoyan.reader.sentences import Segment
from jiaoyan.reader.times import part_of_day
from jiaoyan.reader.words import Words, trie

_DAYS = {char: n for n, char in enumerate("一二三四五六日", 1)} | {"天": 7, "末": 6} | {str(n): n for n in range(1, 8)}
_LESSON = re.compile(r"第?([一二三四五六七八九\d])(?:[-、至到]第?[一二三四五六七八九\d])?节(?:课)?")
_CLOCK_OR_LESSON = re.compile(
    r"第?[一二三四五六七八九\d](?:[-、至到]第?[一二三四五六七八九\d])?节课?|\d{1,2}[:点]\d{0,2}|[上下]午|晚上|早晨|早上|中午"
)
_BARE_DAY = re.compile(r"[一二三四五六日](?=$|[、上下早晚中放课午,;。(\d])")
_ODD = re.compile(r"(单|双)周")


_FRONT = re.compile(
    r"(?:放学后|课后|课余|下班后|定于|定为|固定为|为|是|在|利用|的|这个时间|时间|进行|开展|组织|举行|召开|安排|坚持|抓好|定期|参加|用于|都要|要|将|均|做到|需)+"
)


@lru_cache(maxsize=8)
def _patterns(words: Words) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What a slot is called, and whose it is."""
    slot = trie(words.list("activities", "slots"))
    subject, grade = trie(words.list("subjects", "names")), trie(words.list("grades", "names"))
    long_ends = trie(words.list("bodies", "ends"))
    ends = trie([*words.list("bodies", "ends"), *words.list("bodies", "short_ends")])
    return (
        re.compile(
            rf"[^,、;:。()的为是在将由等]{{0,10}}?(?:{slot}){{1,4}}(?:[^,;:。()的为是在将由等]{{0,3}}?(?:{slot})){{0,3}}(?:时间)?"
        ),
        re.compile(
            rf"(?<!放)(?:(?:{subject}|{grade}|理科|文科)、?){{1,6}}(?:{ends})?(?!课)|(?:{long_ends})(?!长)"
            r"|各科|各教研组|各备课组|全体教师|全体教职工|班主任|行政|党员"
        ),
    )


class Weekly:
    """Reads the weekly slots of one plan."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self._slot, self._group = _patterns(draft.words)

    def read(self, blocks: list[Block]) -> Iterator[Reading]:
        for block in blocks:
            text = self.draft.norm[block.body : block.end]
            if block.start in self.draft.taken or not re.search(r"周|星期|礼拜|天天|每天|每日", text):
                continue
            sentences = self.draft.sentences(block)
            piece, parts = sentences.piece, sentences.parts
            waiting: list[Token] = []
            shared = ""
            for k, part in enumerate(parts):
                if part.end - part.start > LONGEST:
                    continue
                days = part.of("weekday")
                words = piece.text[part.start : part.end]
                if days and not self._dated(piece.text, parts, k):
                    bare = re.sub(r"(?:每?个?(?:周|星期|礼拜)[一二三四五六日天末1-7]|[上下]午|和|与|及|[至到-])", "", words)
                    if not bare and k + 1 < len(parts) and parts[k + 1].of("weekday") and parts[k + 1].opener == "、":
                        waiting += days
                        continue
                    also, place = self._also(piece.text, parts, k)
                    rows = list(self._slots(piece, parts, place, [*waiting, *days, *also], shared))
                    waiting = []
                    yield from rows
                elif not days:
                    yield from self._loose(piece, parts, k)

    def _also(self, text: str, parts: list[Segment], k: int) -> tuple[list[Token], int]:
        """每周二、四下午: the days behind the first one, and the part that the last of them stands in."""
        found: list[Token] = []
        if parts[k].of("weekday")[-1].end != parts[k].end:
            return found, k
        while k + 1 < len(parts) and parts[k + 1].opener == "、":
            start = parts[k + 1].start
            day = _BARE_DAY.match(text, start, parts[k + 1].end)
            if day is None:
                break
            found.append(Token("weekday", start, start + 1, day[0]))
            k += 1
            if day.end() < parts[k].end:
                break
        return found, k

    def _dated(self, text: str, parts: list[Segment], k: int) -> bool:
        part = parts[k]
        day = part.of("weekday")[0]
        if part.of("date") and not re.fullmatch(r".*\d{1,2}:\d{2}", "".join(t.text for t in part.of("date"))):
            return True
        before = text[max(0, day.start - 8) : day.start]
        return bool(re.search(r"[日号月]\(?$|第.{1,3}周\(?$", before)) and not day.text.startswith("每")

    def _slots(self, piece: Squeezed, parts: list[Segment], k: int, days: list[Token], shared: str) -> Iterator[Reading]:
        part = parts[k]
        text = piece.text
        last = days[-1]
        start, end = part.start, part.end
        words = text[part.start : part.end]
        tail = text[last.end : part.end]
        # a clock or a name may stand behind a colon, a bracket or a comma
        n = k + 1
        while n < len(parts) and n <= k + 2 and not parts[n].of("weekday") and (
            (parts[n].opener == ":" and not parts[n - 1].of("amount")) or re.search(r"\d$", text[: parts[n].start - 1][-1:])
            or parts[n].opener in "(:" or (not self._what(tail) and parts[n].opener == ",")
        ):
            tail += text[parts[n].start - 1 : parts[n].end]
            end = parts[n].end
            n += 1
        front = text[part.start : days[0].start]
        # 语文组:周三下午
        if k and parts[k].opener in ":(," and not self._group.search(words) and not parts[k - 1].of("weekday"):
            before = text[parts[k - 1].start : parts[k - 1].end]
            if len(before) <= 20 and (self._group.search(before) or self._what(before)):
                front = before + front
                start = parts[k - 1].start
        who = self._who(front, tail)
        if not who and k and parts[k].opener == ":":
            doers = parts[k - 1].of("who")
            who = doers[-1].value if doers else ""
        what = self._what(tail) or self._what(front) or self._named(tail)
        if not what and not who:
            return
        part_text = part_of_day(text[last.start : end] if not re.search(r"[上下]午", front[-4:]) else front + tail)
        odd = _ODD.search(text[part.start : part.end])
        for day in days:
            row: dict[str, Any] = {
                "who": who or self._default(what), "weekday": _DAYS[day.text[-1]], "part": part_text,
                "what": what or "教研活动",
            }
            if odd:
                row["odd"] = "odd" if odd[1] == "单" else "even"
            if lesson := _LESSON.search(tail):
                row["lesson"] = lesson[1]
            yield self.draft.reading("weekly", *piece.span(min(start, day.start), end), row, 0.95 if what else 0.75,
                                     "" if what else "没有写活动名称")

    def _loose(self, piece: Squeezed, parts: list[Segment], k: int) -> Iterator[Reading]:
        """每周教研组活动时间: recurs each week or day, no weekday named."""
        part = parts[k]
        tokens = [t for t in part.of("period") if t.value in ("周", "日") and not t.text.startswith("本")]
        if not tokens or part.of("amount", "lead") or part.depth:
            return
        token = tokens[0]
        tail = piece.text[token.end : part.end]
        what = self._what(tail)
        if not what or self.draft.nature == "summary" or re.search(r"个时间段|已|了(?!解)", tail):
            return
        who = self._who(piece.text[part.start : token.start], tail)
        row: dict[str, Any] = {"who": who or self._default(what), "part": part_of_day(tail), "what": what}
        if token.value == "日":
            row["weekday"] = 0
        yield self.draft.reading("weekly", *piece.span(part.start, part.end), row, 0.7, "没有写星期几")

    def _who(self, front: str, tail: str) -> str:
        found = self._group.findall(tail[:24]) or self._group.findall(front[-24:])
        if not found:
            tokens = [t for t in self.draft.grammar.tokens(front) if t.kind in ("who", "each")]
            return tokens[-1].value or "教师" if tokens else ""
        name: str = max(found, key=len)
        name = name.removeprefix("各") if name != "各科" else name
        if name == "行政":
            return self.draft.grammar.role(name)
        if name.endswith(("组", "科", "室", "团", "师", "工", "任", "政", "员", "班")):
            return name
        return f"{name}教研组" if "年级" not in name else name

    def _what(self, text: str) -> str:
        text = _CLOCK_OR_LESSON.sub("", text).lstrip("(,:-至~到")
        for _ in range(3):
            front = _FRONT.match(text)
            if not front:
                break
            text = text[front.end() :]
        match = self._slot.search(text[:40])
        if match is None:
            return ""
        found = match[0]
        if front := _FRONT.match(found):
            found = found[front.end() :]
        for name in sorted(self._group.findall(found), key=len, reverse=True):
            named = name.endswith("组") and found.startswith("活动", len(name))
            if found.startswith(name) and len(found) > len(name) + 1 and not named:
                found = found[len(name) :]
                break
        found = found.removesuffix("时间") or found
        return re.sub(r"^.{1,6}?(教研组活动|备课组活动)$", r"\1", found)

    def _named(self, text: str) -> str:
        """A slot of another name: 进行一次全面排查."""
        nouns = nouns_of(self.draft.words)
        text = re.split(r"[,;:()]", _CLOCK_OR_LESSON.sub("", text).lstrip("(,:-至~到"))[0]
        amount = next((t for t in self.draft.grammar.tokens(text) if t.kind == "amount"), None)
        rest = text[amount.end :] if amount else nouns.strip_front(re.sub(r"^[上下]午|^晚上", "", text))
        name = nouns.after(rest)[0]
        return name if 2 <= len(name) <= 12 and not re.search(r"[\d第节]", name) else ""

    def _default(self, what: str) -> str:
        if self.draft.level == "group":
            return self.draft.owner
        if re.search(r"教研|备课", what):
            return "教研组"
        return "教师"

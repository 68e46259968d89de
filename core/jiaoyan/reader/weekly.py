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
    r"第?[一二三四五六七八九\d](?:[-、至到]第?[一二三四五六七八九\d])?节课?|\d{1,2}[:点](?:\d{1,2}分?|半)?|[上下]午|晚上|早晨|早上|中午"
)
_CLOCK = re.compile(r"(?:[上下]午|晚上|中午)?\d{1,2}(?::\d{2}|[点时](?:半|\d{1,2}分?)?)")
# 教研活动固定在周二: what stands before it is what is held
_FIXED = re.compile(r"(?:时间)?(?:固定|定|安排|改|放|设)(?:在|于|为|到)每?$")
_EACH_OF = re.compile(r"(.{0,6}?)(?:分别|依次)(?:定|安排|固定)?[为在于是]?$")
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
            rf"(?:{trie(words.list('bodies', 'whole'))})(?!主任)|(?<!放)(?:(?:{subject}|{grade}|理科|文科)、?){{1,6}}(?:{ends})?(?!课)"
            rf"|(?:{long_ends})(?!长)"
            r"|各科|各教研组|各备课组|全体教师|全体教职工|班主任|行政|党员"
        ),
    )


class Weekly:
    """Reads the weekly slots of one plan."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self._slot, self._group = _patterns(draft.words)
        self._qualified = rf"(?:{trie([*draft.words.list('bodies', 'qualifiers'), *draft.words.list('grades', 'names'), '年级'])}){{1,3}}"
        self.own: dict[str, str] = {}
        self.recent = ""
        """What the items before under the same heading speak of as held again and again."""

    def read(self, blocks: list[Block]) -> Iterator[Reading]:
        above: Block | None = None
        for block in blocks:
            text = self.draft.norm[block.body : block.end]
            if block.start in self.draft.taken or not re.search(r"周|星期|礼拜|天天|每天|每日|[组队科班部][一二三四五六日]、", text):
                continue
            if block.parent is not above:
                above, self.recent = block.parent, ""
            sentences = self.draft.sentences(block)
            piece, parts = sentences.piece, sentences.parts
            self.own = sentences.own
            waiting: list[Token] = []
            first = 0
            for k, part in enumerate(parts):
                if part.end - part.start > LONGEST:
                    continue
                days = part.of("weekday")
                words = piece.text[part.start : part.end]
                if days and not self._dated(piece.text, parts, k):
                    bare = re.sub(r"(?:每?个?(?:周|星期|礼拜)[一二三四五六日天末1-7]|[上下]午|和|与|及|[至到-])", "", words)
                    following = parts[k + 1] if k + 1 < len(parts) and parts[k + 1].opener == "、" else None
                    more = following.of("weekday") if following else []
                    # 周一、周三下午, 田径队周一、三、五早上: the days go together
                    if following and more and (not bare or (days[-1].end == part.end and more[0].start == following.start)):
                        first = k if not waiting else first
                        waiting += days
                        continue
                    yield from self._slots(piece, parts, k, [*waiting, *days], first if waiting else k)
                    waiting = []
                elif not days:
                    yield from self._loose(piece, parts, k)
            # what recurs is told first, the days of the groups in the next item
            self.recent = self._told(piece.text, parts, len(parts))

    def _dated(self, text: str, parts: list[Segment], k: int) -> bool:
        part = parts[k]
        day = part.of("weekday")[0]
        if any(not _CLOCK.fullmatch(token.text) for token in part.of("date")):
            return True
        before = text[max(0, day.start - 8) : day.start]
        return bool(re.search(r"[日号月]\(?$|第.{1,3}周\(?$", before)) and not day.text.startswith("每")

    def _slots(self, piece: Squeezed, parts: list[Segment], k: int, days: list[Token], first: int) -> Iterator[Reading]:
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
            or parts[n].opener in "(:" or (not self._what(tail) and parts[n].opener == "," and not parts[n].of("period"))
        ):
            tail += text[parts[n].start - 1 : parts[n].end]
            end = parts[n].end
            n += 1
        front = text[parts[first].start : days[0].start]
        start = min(start, parts[first].start)
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
        fixed = _FIXED.search(front)
        what = self._what(text[parts[first].start : days[0].start]) if fixed else ""
        what = what or self._what(tail) or self._what(front) or self._named(tail)
        if not what and not who:
            return
        each = self._each_of(text, parts, first, front, len(days))
        if each:
            start = parts[first - len(days) + 1].start
        told = what or self._told(text, parts, first)
        part_text = part_of_day(text[last.start : end] if not re.search(r"[上下]午", front[-4:]) else front + tail)
        odd = _ODD.search(text[part.start : part.end])
        for n, day in enumerate(days):
            row: dict[str, Any] = {
                "who": each[n] if each else who or self._default(what), "weekday": _DAYS[day.text[-1]], "part": part_text,
                "what": "".join(self.own.get(char, char) for char in told) or "教研活动",
            }
            if odd:
                row["odd"] = "odd" if odd[1] == "单" else "even"
            if lesson := _LESSON.search(tail):
                row["lesson"] = lesson[1]
            yield self.draft.reading("weekly", *piece.span(min(start, day.start), end), row, 0.95 if what else 0.75,
                                     "" if what else "没有写活动名称")

    def _each_of(self, text: str, parts: list[Segment], first: int, front: str, count: int) -> list[str]:
        """语文、数学、英语分别为周一、周二、周三: one name a day, where there are as many."""
        match = _EACH_OF.search(front)
        if match is None or count < 2 or first + 1 < count:
            return []
        before = parts[first - count + 1 : first]
        if any(part.opener != "、" for part in [*before[1:], parts[first]]):
            return []
        return [self._who(name, "") or name for name in (*(text[part.start : part.end] for part in before), match[1])]

    def _told(self, text: str, parts: list[Segment], k: int) -> str:
        """The activity that the sentences before speak of: 年级组教研每周一次。小班组周一中午."""
        for part in reversed(parts[:k]):
            if not part.of("weekday") and part.of("period", "amount", "bound"):
                name = self._what(text[part.start : min(t.start for t in part.of("period", "amount", "bound"))])
                name = name or self._what(text[part.start : part.end])
                if name and re.search(r"[教科]研|备课|活动|例会|会议|研讨", name):
                    return name
        return self.recent

    def _loose(self, piece: Squeezed, parts: list[Segment], k: int) -> Iterator[Reading]:
        """每周教研组活动时间: recurs each week or day, no weekday named."""
        part = parts[k]
        tokens = [t for t in part.of("period") if t.value in ("周", "日") and not t.text.startswith("本")]
        if tokens and tokens[0].value == "日" and not part.depth and part.of("date"):
            yield from self._daily(piece, part, tokens[0])
            return
        following = parts[k + 1] if k + 1 < len(parts) else None
        if not tokens or part.of("amount", "lead") or part.depth or (following and following.opener == ":" and len(parts) > k + 2):
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

    def _daily(self, piece: Squeezed, part: Segment, token: Token) -> Iterator[Reading]:
        """保健医生每天7:30-8:20晨检: each day between two clock times."""
        front, tail = piece.text[part.start : token.start], piece.text[token.end : part.end]
        span = part_of_day(tail)
        if "-" not in span or self.draft.nature == "summary":
            return
        last = max(t.end for t in part.of("date"))
        rest = piece.text[last : part.end]
        what = self._what(rest) or self._what(front) or self._named(re.sub(r"^在[^,]{2,5}?(?:口|前|室|场|厅|内|处)", "", rest))
        name = nouns_of(self.draft.words).before(front.removesuffix("为"))
        if not (what or name):
            return
        doers = [t for t in part.of("who") if t.end <= token.start]
        who = self._who(front, "") or (doers[-1].value if doers else front if 2 <= len(front) <= 6 else "")
        row: dict[str, Any] = {"who": who or self._default(what), "weekday": 0, "part": span, "what": what or name}
        yield self.draft.reading("weekly", *piece.span(part.start, part.end), row, 0.8, "每天的固定时间")

    def _who(self, front: str, tail: str) -> str:
        found = self._group.findall(tail[:24]) or self._group.findall(front[-24:])
        if not found:
            tokens = [t for t in self.draft.grammar.tokens(front) if t.kind in ("who", "each")]
            return tokens[-1].value or "教师" if tokens else ""
        name: str = max(found, key=len)
        name = name.removeprefix("各") if name != "各科" else name
        if name == "行政":
            return self.draft.grammar.role(name)
        for text in (tail[:24], front[-24:]):
            # 安全小组, 年级备课组: the words before belong to its name
            if name.endswith("组") and (longer := re.search(rf"{self._qualified}{re.escape(name)}", text)):
                name = longer[0]
                break
        if name.endswith(("组", "科", "室", "团", "师", "工", "任", "政", "员", "班", "队", "部", "坊")):
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
        found = re.sub(r"^每[个]?(?:天|日|周|星期|月)", "", found.removesuffix("时间") or found)
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

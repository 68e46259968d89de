"""Duties with a number: who must reach how much of what in which period, read segment by segment with what carries over."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from jiaoyan.reader.grammar import LONGEST, Grammar, Token
from jiaoyan.reader.judging import Carried, Judge
from jiaoyan.reader.naming import Naming
from jiaoyan.reader.normal import Squeezed
from jiaoyan.reader.nouns import nouns_of
from jiaoyan.reader.outline import Block
from jiaoyan.reader.plan import Draft
from jiaoyan.reader.reading import Reading
from jiaoyan.reader.sentences import Segment

_STOPS = "。!?"
# 周三下午7-8节 are the lessons of a day
_LESSONS = re.compile(r"(?:[上下]午|晚上|(?:周|星期)[一二三四五六日天])第?$")
_DEADLINES = frozenset(("天", "日", "周", "小时", "个月", "月", "个工作日", "工作日"))
_RANKED = re.compile(r"(?:优秀|先进|骨干|[国省市县区镇校][级家]?(?:以上|及以上)?的?)$")
_MODAL = re.compile(r"必须|务必|要求|规定|应当|应该|应|须|需|要(?!求)|完成|上交|做到")


class Requirements:
    """Reads the duties of one plan."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.grammar: Grammar = draft.grammar
        self.nouns = nouns_of(draft.words)
        self.naming = Naming(draft)
        self.judge = Judge(draft)
        self.own: dict[str, str] = {}
        self._other_time = False
        self.inherited: dict[int, Carried] = {}
        self._announced: tuple[Block, Carried] | None = None
        """A plain line that ends with the name of a set and a colon: 须完成“六个一”:"""

    def read(self, blocks: Iterable[Block]) -> list[Reading]:
        found: list[Reading] = []
        for block in blocks:
            if not self.draft.in_table(block):
                found.extend(self._block(block))
        return found

    def _block(self, block: Block) -> Iterator[Reading]:
        text = self.draft.norm[block.body : block.end]
        state = self._inherit(block)
        state.told = self.draft.told(block)
        self.inherited[id(block)] = state
        if not self.grammar.worth.search(text) and not any(sign in text for sign in "教组长("):
            return
        sentences = self.draft.sentences(block)
        piece, parts = sentences.piece, sentences.parts
        self.own = sentences.own
        for k, part in enumerate(parts):
            if part.end - part.start <= LONGEST:
                yield from self._segment(piece, parts, k, state)
        if not block.style and state.set_open and not state.set_listed and piece.text.endswith(":"):
            self._announced = block, state
        if state.set_listed >= 2 and not piece.text.endswith(":"):
            state.set, state.set_open = "", False
        if len(piece.text) <= 40 and parts and parts[-1].depth and (office := parts[-1].of("who")):
            state.who = office[0].value
        if not piece.text.endswith(":") and not (block.children or len(piece.text) < 30):
            state.per = ""

    def _inherit(self, block: Block) -> Carried:
        """A heading hands its set, its people and its period down to what stands under it."""
        if not block.style and self._announced is not None and self._announced[0].parent is block.parent:
            told = self._announced[1]
            self._announced = None
            return Carried(who=told.who, set=told.set, set_who=told.set_who, set_open=True, per=told.per, modal=True)
        self._announced = None
        for above in block.above():
            state = self.inherited.get(id(above))
            if state is None:
                continue
            text = self.draft.norm[above.body : above.end].rstrip()
            opens = text.endswith(":") or len(text) <= 40
            if not opens and not state.set_open:
                return Carried(who="", modal=False)
            return Carried(
                who=state.who, set=state.set if state.set_open else "", set_who=state.set_who, set_open=state.set_open,
                per=state.per if opens else "", modal=state.modal and opens,
            )
        return Carried()

    def _spelt(self, text: str) -> str:
        """In the source's own characters: traditional and washed words as they stand."""
        return "".join(self.own.get(char, char) for char in text) if self.own else text

    # ---- one segment ------------------------------------------------------------------------------------------------
    def _segment(self, piece: Squeezed, parts: list[Segment], k: int, state: Carried) -> Iterator[Reading]:
        part = parts[k]
        text = piece.text[part.start : part.end]
        listing = state.set_open and state.set_listed > 0
        if part.opener in _STOPS and not part.depth:
            if not listing:
                state.per = state.per if not k else ""
                state.by_unit = {}
            state.noun, state.noun_who, state.what, state.who_near = "", "", "", False
            state.modal = state.modal if not k else False
            state.past = False
            state.row = None
        elif part.opener == ";" and not part.depth:
            state.noun, state.what = "", ""
        self._set_of(part, state)
        own_who, each = self._who_of(piece, parts, k, state)
        if state.set_open and state.set_listed >= 2 and part.opener in _STOPS and not part.depth and (own_who or each):
            state.set, state.set_open, state.per = "", False, ""
        periods = part.of("period")
        if self.grammar.past.search(text) and not re.search(r"为了|除了|了解", text):
            state.past = True
        if _MODAL.search(text):
            state.modal = True
        amounts = part.of("amount", "lead", "number")
        rows = 0
        previous_end = part.start
        for token in amounts:
            if token.start < previous_end:
                continue
            row = self._row(piece, parts, k, token, previous_end, state, own_who, each)
            if row is not None:
                rows += 1
                previous_end = max(previous_end, row[1])
                yield from row[0]
        if periods and not rows:
            state.per = self._period_of(part, part.end) or state.per
            # 每学期听课:新教师30节: the numbers follow
            goes_on = k + 1 < len(parts) and (
                parts[k + 1].opener == "、" or (parts[k + 1].opener == ":" and bool(parts[k + 1].of("amount")))
            )
            if not amounts and not goes_on:
                yield from self._unnumbered(piece, parts, k, state, own_who)
        if not rows and not part.depth:
            noun = self.nouns.before(self.naming.blank(piece.text, part, part.start, part.end))
            done = self.nouns.object_of(noun) if len(noun) > 6 else ""
            noun = done if 2 <= len(done) <= 12 else noun
            if len(noun) >= 2 and not self.nouns.only_subjects(noun):
                state.told_noun = noun if len(noun) <= 12 else ""
                state.noun, state.noun_start = noun, part.start
                first = next(iter(part.of("who")), None)
                state.noun_who = first.value if first and first.start == part.start and not own_who else ""

    def _set_of(self, part: Segment, state: Carried) -> None:
        for token in part.of("set"):
            state.set, state.set_listed, state.set_open = token.value, 0, True
            before = [t for t in part.of("who") if t.end <= token.start]
            state.set_who = before[-1].value if before else ""

    def _period_of(self, part: Segment, before: int) -> str:
        found = [token.value for token in part.of("period") if token.start < before]
        if not found and any(token.text.startswith("每") and token.start < before for token in part.of("weekday")):
            return "周"
        return found[-1] if found else ""

    def _who_of(self, piece: Squeezed, parts: list[Segment], k: int, state: Carried) -> tuple[str, bool]:
        """Who the segment speaks of, when it says so, and whether one by one."""
        part = parts[k]
        named = ""
        for token in part.of("who"):
            after = piece.text[token.end : part.end]
            if part.depth and not after and not part.of("amount"):
                continue
            if piece.text[max(0, token.start - 1) : token.start] == "由" and part.of("amount"):
                named = token.value
                break
            if part.tokens and any(t.end <= token.start and t.amount and t.amount.unit != "%" for t in part.tokens):
                break
            if re.search(r"[向给为对把将到在从被请与听以]$", piece.text[part.start : token.start]):
                continue
            if token.start > part.start and not self._subject_place(piece.text, part, token):
                continue
            if self._acts(after, token, part):
                named = named or token.value
        each = bool(part.of("each")) or any(
            re.match(r"每[位名个一]|各位|人人", token.text) for token in part.of("who") if token.value == named
        )
        if named and self.draft.is_body(named) and part.of("each"):
            named = "教师"
        if named:
            before = parts[k - 1] if k else None
            if before and part.opener == "、" and self._only_people(piece.text, before) and state.who_near:
                named = f"{state.who}、{named}" if named not in state.who else state.who
            state.who, state.who_near = named, True
            return named, each
        if each:
            person = state.who if state.who and not self.draft.is_body(state.who) else "教师"
            state.who, state.who_near = person, True
            return person, True
        return "", False

    def _only_people(self, text: str, part: Segment) -> bool:
        rest = self.naming.blank(text, part, part.start, part.end)
        return bool(part.of("who")) and len(self.nouns.strip_front(rest)) <= 1

    def _subject_place(self, text: str, part: Segment, token: Token) -> bool:
        """Nothing before it but helpers: 要求每位教师 …, 本学期教研组 …"""
        rest = self.naming.blank(text, part, part.start, token.start)
        return self.nouns.only_helpers(rest) or rest.endswith(("要求", "规定", "组织", "各", "内"))

    def _acts(self, after: str, token: Token, part: Segment) -> bool:
        """The people are the subject: a helper, a verb, a number or the end of the segment follows."""
        if not after or any(other.start == token.end for other in part.tokens if other.kind != "title"):
            return True
        if after[0] in "的" or (after.startswith(("专业", "素质", "队伍", "个人", "人人")) and not after.startswith(("个人", "人人"))):
            return False
        if self.nouns.leads_verb(after):
            return True
        # 教师听课不少于15节, 教研组活动每周一次: a thing done stands between the people and the number
        return bool(part.of("amount", "bound", "period")) and len(after) <= 40

    # ---- one amount -------------------------------------------------------------------------------------------------
    def _row(
        self, piece: Squeezed, parts: list[Segment], k: int, token: Token, previous_end: int, state: Carried,
        own_who: str, each: bool,
    ) -> tuple[list[Reading], int] | None:
        part = parts[k]
        text = piece.text
        amount = token.amount
        if amount is None:
            return None
        if amount.unit in _DEADLINES and text.startswith("的", token.end) and not amount.bound:
            # 一周的困惑: whose, not how long
            return None
        if amount.upto is not None and amount.unit in ("节", "节课") and _LESSONS.search(text[part.start : token.start]):
            return None
        before = self.naming.blank(text, part, previous_end, token.start)
        limit = next((t for t in part.of("bound") if previous_end < t.start < t.end < token.start), None)
        if limit and amount.unit == "%" and text[token.start - 1] == "的":
            # 培训经费不低于公用经费的5%: the share is of what stands before the bound
            shared = self.naming.blank(text, part, previous_end, limit.start)
            name = self.nouns.before(shared)
            before = shared if len(name) >= 2 and not self.judge.names_people(name) else before
        post = self.naming.past_size(part, token)
        following = next((t.start for t in part.tokens if t.start >= post and t.kind in ("amount", "each", "period", "weekday")), part.end)
        post_raw = text[post:following]
        if amount.count == 0 and text.startswith(("发生", "出现", "报告"), token.end):
            amount = replace(amount, bound="max")
        self._other_time = bool(re.search(r"期中|期末|开学|学期初|假期|寒假|暑假", text[part.start : token.start]))
        bound = self.judge.bound_of(part, token, amount, previous_end)
        per = self._period_of(part, token.start if token.start > part.start else part.end) or self._period_of(part, following + 1)
        if self.judge.is_size(part, token, amount, state, text):
            return None
        share = next((t for t in part.of("who") if post <= t.start <= post + 1), None) if amount.unit == "%" else None
        if share:
            # 80%以上的青年教师成为教学骨干: whose share, then what they do
            named = text[share.end : following]
            noun, noun_end = self.nouns.after(self.nouns.strip_front(named.removeprefix("成为")))
            noun_end = len(post_raw) if noun else 0
            own_who = share.value
        else:
            noun, noun_end = self.nouns.after(post_raw)
        joined = post_raw.endswith("或") and following < part.end
        if joined:
            # 一个单元或一个章节的案例: two numbers before one name
            rest = text[following : part.end]
            later = next(t for t in part.tokens if t.start == following)
            after = rest[later.end - later.start :]
            noun_end = later.end - post + self.nouns.after(after)[1]
            noun = f"{post_raw}{text[later.end : post + noun_end]}"
        stripped = self.nouns.strip_front(noun)
        if self.nouns.starts_verb(noun) and len(stripped) > 1:
            noun = stripped if not self.nouns.before(before) else ""
        if amount.bound == "max" and amount.unit in self.grammar.time_units and 2 <= len(post_raw) <= 16:
            # 三天内完成阅卷: what must be done by then
            noun, noun_end = post_raw, len(post_raw)
        used_post = bool(noun)
        noun_start = part.start
        what = noun
        verb = self.nouns.last_verb(before)
        if len(what) == 1:
            what = f"{verb}{what}" if verb else ""
        elif what and amount.unit in ("次", "遍", "回") and verb and before.endswith(verb) and verb not in self.nouns.light:
            # 检查一次教案: what is counted is the doing
            what = f"{verb}{what}"
        if used_post and what and not joined:
            noun_end = self.naming.extend(piece, parts, k, post + noun_end, following) - post
            what = what if noun_end <= len(post_raw) else f"{what}{text[part.end : post + noun_end]}"
        if what and self.judge.names_people(what) and verb and verb not in self.nouns.light:
            what = f"{verb}{what}"
        if not what:
            used_post = False
            noun_end = 0
            what, back = self.naming.before(piece, parts, k, before, token)
            if back is not None:
                noun_start = back
            what = self.naming.with_doer(part, what, text)
            stripped = before.removesuffix(what)
            lead_verb = self.nouns.last_verb(stripped) if what and stripped != before else ""
            telling = len(lead_verb) > 1 and lead_verb not in self.nouns.light and stripped.endswith(lead_verb)
            if amount.unit in ("次", "遍", "回") and telling:
                what = f"{lead_verb}{what}"
        subjects = what and self.nouns.only_subjects(what) and not used_post
        counted = next((t for t in part.of("who") if t.end == token.start), None)
        if counted and amount.unit in self.grammar.people_units:
            # 学科带头人50名: the people are what is counted
            ranked = _RANKED.search(text[part.start : counted.start])
            what, own_who = text[part.start + ranked.start() if ranked else counted.start : counted.end], ""
        elif subjects:
            what = ""
        if not what and part.depth and k + 1 < len(parts) and parts[k + 1].opener == ")":
            # 每学期(不少于15节)听课
            name = self.nouns.after(text[parts[k + 1].start : parts[k + 1].end])[0]
            what = name if 2 <= len(name) <= 8 else ""
        attribute = what in self.nouns.attributes
        whats = [what]
        carried_noun = False
        if attribute and state.what:
            whats = [f"{state.what}{'时间' if amount.unit in self.grammar.time_units else what.removeprefix('每')}"]
            per = per or "次"
        elif not what and amount.unit in self.grammar.time_units and per == "次" and state.what:
            whats = [f"{state.what.removesuffix('时间')}时间"]
        elif not what or attribute:
            if len(verb) >= 2 and verb not in self.nouns.light:
                whats = [verb]
            elif state.noun:
                whats, carried_noun = [state.noun], True
            elif amount.unit not in state.by_unit and not attribute and not state.what and state.told_noun:
                # the sentence before says what: …写教学反思。每周至少1篇
                whats = [state.told_noun]
            elif amount.unit in state.by_unit and not attribute:
                whats = [state.by_unit[amount.unit]]
            elif state.what:
                whats = [state.what]
            elif self.nouns.last_verb(before):
                whats = [self.nouns.last_verb(before)]
            else:
                whats = [""]
        elif any(t.kind == "bound" and t.text == "各" and t.end == token.start for t in part.tokens) and not used_post:
            whats = [w for w in re.split(r"[、和与及]|以及", what) if w] or [what]
        lead = token.kind == "lead"
        if lead:
            rest = text[token.end : part.end]
            whats = [f"提前{rest}"[:24]] if rest else [f"提前{state.noun}"]
            bound, per = bound or "min", "次"
        sure, reason = self.judge.judge(part, token, amount, bound, per, state, own_who or state.noun_who, each, whats[0], before, text)
        if not sure:
            return None
        if not (own_who or each or state.who or state.set_who or carried_noun) and self.draft.level != "personal":
            sure, reason = min(sure, 0.9), reason or "没有写明由谁完成"
        if not per and not lead:
            lasting = amount.unit == "%" or (bound == "max" and amount.unit in _DEADLINES)
            short = state.per in ("日", "周", "两周", "月", "次") or amount.unit != "%"
            per = "" if lasting and short and not part.depth else self._carried_per(part, state, own_who, used_post or bool(what))
        who = self.judge.whose(part, amount, own_who or (state.noun_who if carried_noun else ""), each, state, whats[0], before, per)
        chosen = re.search(r"评选|评出|推荐|推选|培养|选拔|选派", text[part.start : token.end])
        fields_bound = bound or ("exact" if amount.unit in self.grammar.exact_units or chosen else "min")
        start = min(noun_start, part.start)
        if carried_noun and state.noun_start >= parts[max(0, k - 2)].start:
            start = state.noun_start
        if previous_end > part.start:
            start = previous_end
        end = post + noun_end if used_post else token.end
        consumed = end
        if lead:
            end = part.end
        elif fields_bound == "max" and amount.unit in self.grammar.time_units:
            consumed = token.end
        found = []
        for what_one in whats:
            row: dict[str, Any] = {
                "who": who, "what": self._spelt(what_one), "count": amount.count, "unit": amount.unit, "per": per, "bound": fields_bound,
            }
            if amount.upto is not None:
                row["upto"] = amount.upto
            chars = next((t.amount.count for t in part.of("amount") if t.amount and t.amount.unit == "字" and t is not token), None)
            if chars and amount.unit != "字":
                row["chars"] = chars
            if state.set and state.set_open:
                row["set"] = state.set
                state.set_listed += 1
            found.append(self.draft.reading("requirement", *piece.span(start, end), row, sure, reason))
            state.row = row
        state.what = whats[0]
        state.by_unit[amount.unit] = whats[0]
        state.noun = state.noun if carried_noun else ""
        if per:
            state.per = per if per != "次" or state.set_open else state.per
        return found, consumed

    def _carried_per(self, part: Segment, state: Carried, own_who: str, own_what: bool) -> str:
        if not state.per:
            return ""
        if state.set_open or part.opener == "、" or part.depth:
            return state.per
        if self._other_time or (state.per == "日" and own_what):
            return ""
        if own_who and own_what and part.opener in ",;" and self.draft.is_body(own_who):
            return ""
        return state.per

    def _unnumbered(
        self, piece: Squeezed, parts: list[Segment], k: int, state: Carried, own_who: str
    ) -> Iterator[Reading]:
        """每月安全主题班会: a period and no number, once each time is meant."""
        part = parts[k]
        token = next(iter(part.of("period")), None)
        if token is None or token.text.startswith(("本", "全", "上", "下", "学期", "新", "今", "整")) or part.of("weekday"):
            return
        if token.value in ("周", "日", "两周", "次") and token.text not in ("课课", "节节"):
            return
        if self.draft.nature == "summary" or state.past:
            return
        rest = text = piece.text[token.end : part.end]
        if part.depth or not text or text[0] in "初末中结前后工度":
            return
        noun, end = self.nouns.after(rest)
        if not noun or len(noun) < 2:
            stripped = self.nouns.strip_front(rest)
            noun, end = self.nouns.after(stripped)
            end += len(rest) - len(stripped)
        held = any(word in noun for word in (*self.nouns.held, *self.nouns.personal))
        if len(noun) < 2 or len(noun) > 24 or noun.endswith(("数", "量")) or not held or any(word in noun for word in self.nouns.abstract):
            return
        row = {
            "who": self.judge.who(own_who, False, state, noun, rest), "what": self._spelt(noun), "count": 1, "unit": "", "per": token.value,
            "bound": "min",
        }
        if state.set and state.set_open:
            row["set"] = state.set
        yield self.draft.reading(
            "requirement", *piece.span(part.start, token.end + end), row, 0.6, f"没有写数量,按每{token.value}一次读"
        )

"""Whether a number in a sentence binds somebody, how sure that is, and which bound stands with it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from jiaoyan.reader.grammar import Amount, Grammar, Token
from jiaoyan.reader.nouns import nouns_of
from jiaoyan.reader.plan import Draft
from jiaoyan.reader.sentences import Segment

_PIECE = re.compile(
    r"(?:且|并且)?(?:每[篇份次本则个周期册部条]|字数|篇幅|每篇字数|各|均|都|不少于|不得少于|不低于|至少|\d)"
)

_CHOSEN = re.compile(
    r"培养|选派|评选|推荐|培育|新增|推选|评出|选出|选拔"
    r"|确定|配备?(?=[一二两三四五\d])|派|聘请|认定|结对|申报|带徒|带教|指导|联系|帮扶|邀请"
)
_HELD = re.compile(r"组织|举行|举办|召开|开展|评选|评出|推选|培养|编印|印发|立项")
_PUPILS = re.compile(r"(?:优秀|优生|及格|低分|学困|订正|巩固|辍学|入学|升学|近视)[^,]{0,3}率$")
_AHEAD = re.compile(r"下(?:个)?(?:学期|学年|阶段|一步)(?:将|要|计划|打算|准备|继续|拟)")
# what is missed or done wrong is counted to punish, not to reach
_FAULT = re.compile(r"(?:迟到|早退|缺席|缺勤|旷[会课工]|请假|违[反规纪])[者的]?$")
_AGAIN = re.compile(r"修改|备课|创作|开发|加工|调整|复备|设计")
_CHECKED = re.compile(r"(?:检查|抽查|查阅|评比|通报|公示|检测)$")


@dataclass(slots=True)
class Carried:
    """What the next segment may take over."""

    who: str = ""
    who_near: bool = False
    per: str = ""
    set: str = ""
    set_who: str = ""
    set_listed: int = 0
    set_open: bool = False
    noun: str = ""
    noun_start: int = -1
    noun_who: str = ""
    told_noun: str = ""
    """The name that the sentence before ended with."""
    modal: bool = False
    what: str = ""
    by_unit: dict[str, str] = field(default_factory=dict)
    """What was last counted in each unit: 公开课 in 节, 反思 in 篇."""
    row: dict[str, Any] | None = None
    past: bool = False
    told: bool = False


class Judge:
    """Judges the numbers of one plan."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.grammar: Grammar = draft.grammar
        self.nouns = nouns_of(draft.words)

    def bound_of(self, part: Segment, token: Token, amount: Amount, previous_end: int) -> str:
        for other in reversed(part.tokens):
            if other.kind == "bound" and previous_end <= other.start < token.start:
                if other.value == "exact" and other.end != token.start:
                    continue
                if other.text in ("达", "满", "限", "超过", "大于", "高于", "低于", "少于", "多于") and token.start - other.end > 2:
                    continue
                if other.value == "exact" and other.text != "各":
                    return "max" if amount.count == 0 else "exact"
                if other.text == "各":
                    return amount.bound
                return other.value
        return amount.bound

    def is_size(self, part: Segment, token: Token, amount: Amount, state: Carried, text: str) -> bool:
        """一篇500字以上反思, 论文1篇(不少于2000字), 每篇不少于800字: the least size of the piece before, no duty of its own."""
        if amount.unit != "字":
            return False
        others = [t for t in part.of("amount") if t is not token and t.amount and t.amount.unit != "字"]
        if others:
            return True
        own = text[part.start : token.start]
        names_piece = part.depth or _PIECE.match(own)
        # 每次培训写体会不少于500字: a piece of another kind than what was counted before
        if not part.depth and state.row is not None and any(
            word in own and word not in str(state.row["what"]) for word in self.nouns.personal
        ):
            return False
        if state.row is not None and state.row["unit"] not in ("字",) and names_piece:
            state.row["chars"] = amount.count
            return True
        return False

    def judge(
        self, part: Segment, token: Token, amount: Amount, bound: str, per: str, state: Carried, own_who: str, each: bool,
        what: str, before: str, text: str,
    ) -> tuple[float, str]:
        """How sure it is that the number binds somebody; 0 where it does not."""
        unit = amount.unit
        segment = text[part.start : part.end]
        rule = bool(self.grammar.rule.search(segment))
        told = (state.past or state.told) and not _AHEAD.search(segment)
        if told and re.search(r"(?:都|均|全部)(?:在|达到?|超过)", segment):
            return 0.0, ""
        if told and not rule and not (state.set and state.set_open):
            return 0.0, ""
        if self.names_people(what) and unit not in self.grammar.people_units and unit != "人次":
            return 0.0, ""
        if token.kind == "number":
            if amount.count == 0:
                return (0.9, "") if bound == "max" and len(what) >= 2 else (0.0, "")
            if not any(t.kind == "bound" and t.end == token.start and t.value != "exact" for t in part.tokens) or amount.count > 10_000:
                return 0.0, ""
            return (0.75, "没有写单位") if (per or state.per or own_who) and what else (0.0, "")
        if not what or len(what) > 40:
            return 0.0, ""
        if token.kind == "lead":
            return (0.8, "提前的时间,按每次至少读") if len(what) > 2 else (0.0, "")
        if state.set and state.set_open:
            return (0.95, "") if state.set_listed or amount.count == 1 else (0.65, f"“{state.set}”没有逐项写明,按其中一项读")
        # 缺一次扣2分, 由一个教研组承办: the number measures something else
        if re.search(r"(?:缺|(?<![至不最])少|漏|差|每多)$", text[part.start : token.start]) or before.endswith(("由", "×", "*")):
            return 0.0, ""
        if _FAULT.search(text[part.start : token.start]):
            return 0.0, ""
        # 带高一两个班, 共16个班: a class load is no duty
        watched = re.search(r"[包联蹲挂](?:系|点|保|靠)?$", text[part.start : token.start])
        if unit == "个" and text.startswith("班", token.end) and bound not in ("min", "max") and not watched:
            return 0.0, ""
        # 二次备课 is a second one; two of them would be 两次
        again = _AGAIN.match(text, token.end)
        if token.text.startswith("二") and unit == "次" and (again or not (bound or per)):
            return 0.0, ""
        near = bool(per) or bool(state.per)
        if any(word in what for word in self.nouns.abstract) and not (bound and unit in self.grammar.strong):
            return 0.0, ""
        if unit == "%":
            ok = bound or own_who or "率" in what or re.search(r"力争|达|确保|实现|完成", segment)
            return (0.85 if bound else 0.7, "" if bound else "只写了比例,按恰好读") if ok else (0.0, "")
        if unit in self.grammar.people_units:
            verb = _CHOSEN.search(segment)
            if each and unit == "人":
                return 0.6, ""
            listed = state.row is not None and part.opener in "、和" and state.row["bound"] == "exact"
            limit = bound in ("min", "max") and what.endswith(("人数", "人员", "名额"))
            return (0.7, "按人数读") if (verb or limit or (near and bound) or listed or (each and before)) else (0.0, "")
        if unit in ("天", "日", "周", "个月", "年", "月", "小时", "分钟", "工作日", "周岁", "刻钟"):
            if bound == "max":
                return 0.7, "按期限读"
            if not (bound or per) and not (part.depth and state.row):
                return 0.0, ""
            return 0.8, ""
        if unit in self.grammar.weak:
            if bound in ("min", "max") or (near and (per or part.opener in "、,;)")):
                return 0.9 if bound or per else 0.75, ""
            if re.search(r"评选|评出|推选|建成|打造|培育|创建", segment):
                return 0.7, "没有写期限"
            known = unit != "个" or any(word in what for word in (*self.nouns.personal, *self.nouns.held))
            own = self.nouns.belongs_to(what) == "person" and bool(self.nouns.last_verb(before))
            joined = part.opener in "、;" or (part.opener == "," and self.nouns.leads_verb(before))
            if each or own or (state.row is not None and joined) or (
                state.modal and known and (amount.count == 1 or re.search(r"完成|开发|建设|创建|申报", segment[: token.start - part.start]))
            ):
                return 0.7, "没有写期限"
            return 0.0, ""
        if bound in ("min", "max") and (near or own_who or each):
            return 0.97, ""
        if per:
            return 0.95, ""
        if bound in ("min", "max") or each or near:
            return 0.9, ""
        every = any(t.kind == "bound" and t.text == "各" and t.end == token.start for t in part.tokens)
        if every or state.modal or own_who or self.nouns.leads_verb(before):
            return 0.72, "没有写期限"
        return 0.0, ""

    def names_people(self, what: str) -> bool:
        """参加培训的教师: who did it, not what is to be done."""
        return what in self.grammar.roles or what in self.grammar.bodies

    def whose(
        self, part: Segment, amount: Amount, own_who: str, each: bool, state: Carried, what: str, before: str, per: str
    ) -> str:
        """Who owes it: elements of a set go together, credits are a teacher's, minutes of homework a pupil's."""
        if not own_who and not each and state.set_open and not state.set_who:
            if state.set_listed and state.row:
                return str(state.row["who"])
            if (per or state.per) == "次":
                return self.draft.owner
        who = self.who(own_who, each, state, what, before)
        if own_who or who != self.draft.owner:
            return "学生" if not own_who and "作业" in what and amount.unit in self.grammar.time_units else who
        if amount.unit == "%" and _PUPILS.search(what):
            return "学生"
        return "教师" if amount.unit in ("学分", "学时") else who

    def who(self, own_who: str, each: bool, state: Carried, what: str, before: str) -> str:
        if state.set_open and state.set_who and (not own_who or "、" in own_who):
            return state.set_who
        if own_who:
            return own_who
        owed = self.nouns.belongs_to(what)
        if state.who:
            if self.draft.is_body(state.who) and owed == "person" and not state.who_near:
                return "教师"
            # what a 备课组长 sees to is held by the 备课组
            return state.who.removesuffix("长") if owed == "body" and state.who.endswith("组长") else state.who
        if self.draft.level == "personal":
            return "教师"
        if owed == "body" or _CHECKED.search(before) or re.search(r"[率比]|事故|比例|名额|经费", what) or _HELD.search(before):
            return self.draft.owner
        # who disinfects and repairs is the school's affair
        return self.draft.owner if self.draft.field == "safety" and owed != "person" else "教师"

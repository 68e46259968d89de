"""Binding: a requirement as it was read becomes one that can be counted: who owes it, what counts, in which measure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict

from jiaoyan.conditions import AllOf, AnyOf, Condition, Has, Is, Not
from jiaoyan.model.duties import Requirement
from jiaoyan.model.people import Group
from jiaoyan.model.plans import Plan

if TYPE_CHECKING:
    from jiaoyan.school import School

PERIODS = {
    "日": "day", "天": "day", "周": "week", "两周": "fortnight", "双周": "fortnight", "月": "month", "半学期": "half", "半期": "half",
    "学期": "term", "期": "term", "": "term", "学年": "school_year", "年": "year", "年度": "year", "五年": "cycle",
}
AMOUNTS = ("节", "本", "学分", "学时", "课时", "个", "项")
"""Units in which a record's amount is summed (连堂 = 2 节); other units count records."""
UNCOUNTED = ("%", "天", "周岁", "遍", "名", "人", "倍", "元")
OTHERS = ("其他", "其余", "其它", "一般", "普通")


class RoleLine(BaseModel):
    """[[role]] of a pack: the words by which a plan names who owes, and whom they mean."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    words: tuple[str, ...]
    scope: str = "teacher"
    who: Condition | None = None


PAPERS = ("篇", "本", "份", "首", "幅", "字", "套", "张", "件")
"""Units of what is handed in; other things are taken for events."""


@dataclass(frozen=True, slots=True)
class ProposedKind:
    """A thing that a plan counts and the school has no kind for: for a person to take up (`jiaoyan kinds add`)."""

    label: str
    unit: str
    of: str

    @property
    def command(self) -> str:
        unit = f" --unit {self.unit}" if self.unit else ""
        return f"jiaoyan kinds add {self.label}{unit}{'' if self.of == 'activity' else f' --of {self.of}'}"


@dataclass(frozen=True, slots=True)
class Bound:
    """Whom a word means. Without a role it is for a person to say."""

    scope: str
    who: Condition | None
    role: str = ""
    rest: bool = False
    """"其他教师": those who have no row of their own."""

    @property
    def known(self) -> bool:
        return bool(self.role)


class Binder:
    """Binds the requirements of one plan to the staff and groups of a school."""

    def __init__(self, school: School, plan: Plan, groups: Iterable[Group]) -> None:
        self.school, self.plan = school, plan
        self.groups = {group.name: group for group in groups}
        self.roles = school.packs.items("role", RoleLine)
        self._words = {word: role for role in self.roles.values() for word in role.words}
        self._subjects = {g.subject: g for g in self.groups.values() if g.subject}

    # ---- who --------------------------------------------------------------------------------------------------------
    def whom(self, word: str) -> Bound:
        """The selector that a plan's word means: a role, a group by name, teachers of a subject."""
        bare = word.strip()
        rest = next((other for other in OTHERS if bare.startswith(other)), "")
        if rest and bare.removeprefix(rest) in ("", *self._words):
            role = self._words.get(bare.removeprefix(rest) or "教师", self._words["教师"])
            return Bound(role.scope, self._within_owner(role.scope, role.who), role.id, rest=True)
        if named := self._words.get(bare):
            return Bound(named.scope, self._within_owner(named.scope, named.who), named.id)
        if group := self.group(bare):
            return Bound("group", Is(field="id", value=group.id), f"group:{group.id}")
        for ending in ("教师", "老师", "组员", "成员"):
            if bare.endswith(ending) and (stem := bare.removesuffix(ending).removesuffix("组")):
                if group := self.group(stem) or self.group(f"{stem}教研组") or self.group(f"{stem}组"):
                    return Bound("teacher", Has(field="groups", value=group.id), f"group:{group.id}")
                if stem in self._subjects:
                    return Bound("teacher", Has(field="subjects", value=stem), f"subject:{stem}")
        longest = max((w for w in self._words if w in bare), key=len, default="")
        if longest and len(longest) >= 3:
            role = self._words[longest]
            return Bound(role.scope, self._within_owner(role.scope, role.who), role.id)
        return Bound("teacher", None)

    def group(self, name: str) -> Group | None:
        """The group of that name, the name of its subject taken for it too (数学组, 数学教研组)."""
        for form in (name, f"{name}教研组", name.removesuffix("组") + "教研组", name.removesuffix("教研组") + "组"):
            if form in self.groups:
                return self.groups[form]
        return None

    def _within_owner(self, scope: str, who: Condition | None) -> Condition | None:
        """A group's plan binds the group, its members and the groups below it; a person's plan the person."""
        if scope == "group" and self.plan.group:
            below = [g.document() for g in self.groups.values() if g.parent == self.plan.group]
            if who is not None and any(who(document) for document in below):  # 每个备课组 in a 教研组's plan
                return AllOf(of=(who, Is(field="parent", value=self.plan.group)))
            return Is(field="id", value=self.plan.group)
        if scope != "teacher":
            return who
        if self.plan.teacher:
            return Is(field="id", value=self.plan.teacher)
        if self.plan.group:
            member = Has(field="groups", value=self.plan.group)
            return member if who is None else AllOf(of=(member, who))
        return who

    # ---- what -------------------------------------------------------------------------------------------------------
    def bind(self, facts: Mapping[str, Any], siblings: Iterable[Mapping[str, Any]], clause: str) -> Requirement:
        """A requirement that can be counted, or one 人工核对 with the reason in its note."""
        bound = self.whom(str(facts.get("who", "")))
        who, notes = bound.who, []
        if bound.rest:
            who = self._remaining(bound, facts, siblings)
        unit, period = str(facts.get("unit", "")), PERIODS.get(str(facts.get("per", "")))
        kinds = tuple(self.school.kinds.named(str(facts.get("what", "")), unit)[:1])
        measure = _measure(unit)
        if not bound.known:
            notes.append(f"不知道“{facts.get('who', '')}”是谁")
        if self.plan.level == "personal" and not self.plan.teacher:
            notes.append("不知道这是谁的个人计划")
        if not kinds:
            notes.append(f"没有统计项目与“{facts.get('what', '')}”相符")
        if period is None:
            notes.append(f"每{facts.get('per')}一计,没有可数的周期")
        if unit in UNCOUNTED:
            notes.append(f"单位“{unit}”不是件数")
        if notes:
            measure = "none"
        return Requirement(
            title=_title(facts), scope=bound.scope, who_text=str(facts.get("who", "")), who=who, kinds=kinds,
            roles=self._roles(bound.scope, kinds), measure=measure, amount=Decimal(str(facts.get("count", 1))),
            upto=Decimal(str(facts["upto"])) if facts.get("upto") else None, unit=unit,
            bound=str(facts.get("bound", "min")), period=period or "event", least_chars=int(facts.get("chars", 0)),
            set=str(facts.get("set", "")), plan=self.plan.id, clauses=(clause,), origin=clause,
            note=";".join(notes),
        )

    def proposed_kind(self, facts: Mapping[str, Any]) -> ProposedKind | None:
        """The kind that would make a duty countable; None where one is there, or where its number counts no pieces."""
        label, unit = str(facts.get("what", "")).strip(), str(facts.get("unit", ""))
        if not label or unit in UNCOUNTED or self.school.kinds.named(label, unit):
            return None
        return ProposedKind(label[:40], unit, "work" if unit in PAPERS else "activity")

    def _roles(self, scope: str, kinds: tuple[str, ...]) -> tuple[str, ...]:
        if scope == "group":
            return ("host",)
        found = self.school.kinds.get(kinds[0]) if kinds else None
        return found.owed if found and scope == "teacher" else ()

    def _remaining(
        self, bound: Bound, facts: Mapping[str, Any], siblings: Iterable[Mapping[str, Any]]
    ) -> Condition | None:
        """Minus those who have a row of their own for the same thing in the same period."""
        own = []
        for other in siblings:
            same = all(other.get(key) == facts.get(key) for key in ("what", "per"))
            if same and other.get("who") != facts.get("who"):
                named = self.whom(str(other.get("who", "")))
                if named.who is not None and named.scope == bound.scope and not named.rest:
                    own.append(named.who)
        if not own:
            return bound.who
        base = bound.who if bound.who is not None else Is(field="category", value="teaching")
        return AllOf(of=(base, Not(of=AnyOf(of=tuple(own)))))


def _measure(unit: str) -> str:
    if unit == "字":
        return "chars"
    if unit == "分钟":
        return "minutes"
    return "amount" if unit in AMOUNTS else "count"


def _title(facts: Mapping[str, Any]) -> str:
    bounds = {"min": "不少于", "max": "不超过", "exact": ""}
    per = f"每{facts['per']}" if facts.get("per") else ""
    amount = f"{facts.get('count', 1)}" + (f"–{facts['upto']}" if facts.get("upto") else "")
    size = f"(每{facts.get('unit', '')}{facts['chars']}字以上)" if facts.get("chars") else ""
    return f"{per}{facts.get('what', '')}{bounds[str(facts.get('bound', 'min'))]}{amount}{facts.get('unit', '')}{size}"


def same_duty(left: Requirement, right: Requirement) -> bool:
    """Do two requirements ask the same of the same people in the same period?"""
    keys = ("scope", "who", "kinds", "roles", "measure", "period", "bound", "least_chars", "unit")
    return left.measure != "none" and all(getattr(left, key) == getattr(right, key) for key in keys)


def stricter(left: Requirement, right: Requirement) -> Decimal:
    """The amount that satisfies both."""
    return min(left.amount, right.amount) if left.bound == "max" else max(left.amount, right.amount)

"""Carrying a plan out: accepted clauses become groups, activities, tasks and requirements; and what became of them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, time
from typing import TYPE_CHECKING, Any, TypeVar

from jiaoyan.binding import Binder, ProposedKind, same_duty, stricter
from jiaoyan.change import Change
from jiaoyan.conditions import AllOf, Between, Condition, Has, Is
from jiaoyan.host.contexts import Adopting
from jiaoyan.model.activities import Activity
from jiaoyan.model.duties import Requirement, Waiver
from jiaoyan.model.people import Group, Posting, Teacher
from jiaoyan.model.plans import Clause, Plan
from jiaoyan.model.tasks import Task
from jiaoyan.records import Record, Ref
from jiaoyan.terms import Term, When

if TYPE_CHECKING:
    from jiaoyan.school import School

R = TypeVar("R", bound=Record)
GENERIC = {
    "教研组", "备课组", "年级组", "学科组", "教研小组", "领导小组", "处室", "班级", "各教研组", "协作组", "课题组",
    "年级备课组", "学科教研组",
}
"""Kinds of groups rather than groups: no record is made of them."""
GROUP_ENDINGS = {
    "教研组": "research", "学科组": "research", "备课组": "prep", "年级组": "grade", "级部": "grade", "小组": "team", "处": "office",
    "室": "office", "办": "office", "办公室": "office", "委员会": "team", "科": "office", "食堂": "office", "组": "research",
}
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})-(\d{1,2}):(\d{2})")
_MONTHS = re.compile(r"(?:\w{4}-)?(\d{2})(?:/(?:\w{4}-)?(\d{2}))?")
_WEEKS = re.compile(r"W(\d{2})(?:/W(\d{2}))?")
_DAY = re.compile(r"(?:(\d{4})-)?(\d{2})-(\d{2})")



@dataclass(slots=True)
class Taken:
    """What became of one plan that was read."""

    index: int
    title: str
    plan: str = ""
    state: str = ""
    known: bool = False
    """The text was imported before; nothing has changed."""
    clauses: int = 0
    open: int = 0
    """Clauses that wait for a person's word."""
    made: dict[str, int] = field(default_factory=dict)
    """Register id → number of records made."""
    shared: int = 0
    """Duties and slots that stand in another plan already: one record, two sources."""
    proposed: list[ProposedKind] = field(default_factory=list)
    """Things that the plan counts and no kind of the school names: listed 人工核对 until a person adds them."""
    revision: int = 1
    withdrawn: int = 0
    """Clauses of the text before that the new one no longer has."""
    stays: list[str] = field(default_factory=list)
    """What was made of changed or withdrawn clauses and stays, because people have worked on it."""

    def count(self, register: str) -> None:
        self.made[register] = self.made.get(register, 0) + 1


def carry_out(
    school: School, change: Change, plan: Plan, clauses: Iterable[Clause], term: Term, taken: Taken | None = None
) -> Taken:
    """Make what binding clauses say: groups first, since slots and duties name them. What is there already stays."""
    result = taken or Taken(0, plan.title, plan.id, plan.state)
    binding = [clause for clause in clauses if clause.binding]
    work = _Work(school, change, plan, term, result)
    for table in ("group", "schedule", "weekly", "requirement", "measure"):
        chosen = [clause for clause in binding if clause.table == table]
        if table == "requirement":
            work.requirements(chosen)
        else:
            for clause in chosen:
                getattr(work, table)(clause)
    context = Adopting(school, plan, tuple(binding), term)
    for _, record in school.host.collect("adopt", context):
        work.adopted(record)
    return result


class _Work:
    def __init__(self, school: School, change: Change, plan: Plan, term: Term, taken: Taken) -> None:
        self.school, self.change, self.plan, self.term, self.taken = school, change, plan, term, taken
        self.groups = {g.name: g for g in as_changed(school, change, Group)}
        self.teachers = {t.name: t for t in school.records(Teacher).all()}
        own = Is(field="plan", value=plan.id)
        self.origins = {
            "activity": {r.origin for r in as_changed(school, change, Activity, own)},
            "task": {r.origin for r in as_changed(school, change, Task, own)},
            "requirement": {r.origin for r in as_changed(school, change, Requirement, own)},
        }

    # ---- groups -----------------------------------------------------------------------------------------------------
    def group(self, clause: Clause) -> None:
        name = str(clause.facts.get("name", "")).strip()
        if not name or name in GENERIC:
            return
        group = self._group(name)
        if group is None:
            group = self.groups[name] = self.change.save(new_group(name))
            self.taken.count("group")
        members = clause.facts.get("members", ())
        for post, names in (("组长", [clause.facts.get("leader", "")]), ("", members if isinstance(members, (list, tuple)) else ())):
            for member in names:
                self._member(group, str(member), post)

    def _member(self, group: Group, name: str, post: str) -> None:
        """A member of staff that the plan names becomes a member of the group, once."""
        teacher = self.teachers.get(name)
        if teacher is None:
            return
        where = AllOf(of=(Is(field="teacher", value=teacher.id), Is(field="group", value=group.id)))
        if not as_changed(self.school, self.change, Posting, where):
            self.change.save(Posting(teacher=Ref(teacher.id), what="member", group=Ref(group.id), value=post))
            self.taken.count("posting")

    def _group(self, name: str) -> Group | None:
        return Binder(self.school, self.plan, self.groups.values()).group(name) if name else None

    # ---- dated items ------------------------------------------------------------------------------------------------
    def schedule(self, clause: Clause) -> None:
        """An event becomes a planned activity, a job a task, both as exactly dated as the text is."""
        if clause.id in self.origins["activity"] | self.origins["task"]:
            return
        facts = clause.facts
        item = str(facts.get("item", clause.quote))[:200]
        when = when_of(facts, self.term)
        kinds = self._kinds_of_activities(item)
        if facts.get("nature") == "job" or not kinds or when is None:
            self.change.save(
                Task(title=item, when=when, group=self._office(facts), plan=Ref(self.plan.id), clauses=(Ref(clause.id),),
                     origin=clause.id)
            )
            self.taken.count("task")
            return
        speaker = self.teachers.get(str(facts.get("speaker", "")))
        owner = Ref[Group](self.plan.group) if self.plan.group else None
        self.change.save(
            Activity(
                title=item, kind=kinds[0], when=when, place=str(facts.get("place", ""))[:80],
                groups=(owner,) if owner else (), speaker=Ref(speaker.id if speaker else ""),
                guest="" if speaker else str(facts.get("speaker", ""))[:80], plan=Ref(self.plan.id),
                clauses=(Ref(clause.id),), origin=clause.id,
            )
        )
        self.taken.count("activity")

    def _kinds_of_activities(self, text: str) -> list[str]:
        """The kinds of activity that a text names, the longest word first."""
        found = [self.school.kinds.kinds[kind] for kind in self.school.kinds.named(text)]
        return [kind.id if "activity" in kind.of else kind.planned_as for kind in found if "activity" in kind.of or kind.planned_as]

    def _office(self, facts: dict[str, Any]) -> Ref[Group]:
        group = self._group(str(facts.get("who", facts.get("leader", ""))))
        return Ref(group.id) if group else Ref(self.plan.group)

    def measure(self, clause: Clause) -> None:
        if clause.id in self.origins["task"]:
            return
        title = str(clause.facts.get("title", clause.quote))[:300]
        self.change.save(
            Task(title=title, group=self._office(clause.facts), plan=Ref(self.plan.id), clauses=(Ref(clause.id),),
                 origin=clause.id)
        )
        self.taken.count("task")

    # ---- weekly slots -----------------------------------------------------------------------------------------------
    def weekly(self, clause: Clause) -> None:
        """A slot with a weekday becomes one activity a teaching week. A slot known from another plan gets a source more."""
        facts = clause.facts
        weekday = facts.get("weekday")
        if not isinstance(weekday, int) or not 1 <= weekday <= 7:
            return
        group = self._group(str(facts.get("who", ""))) or self.school_group()
        kinds = self._kinds_of_activities(str(facts.get("what", "")))
        kind = kinds[0] if kinds else "research"
        start, end = _clock(str(facts.get("part", "")))
        twins = self._slot(group, kind, weekday)
        if twins:
            self._second_source(twins, clause)
            return
        weeks = self.term.days_of_slot(weekday)
        odd = {"odd": 1, "even": 0}.get(str(facts.get("odd", "")))
        for day in weeks:
            if odd is not None and self.term.week_of(day) % 2 != odd:
                continue
            self.change.save(
                Activity(
                    title=_slot_title(facts, group), kind=kind, when=When.on(day, start, end),
                    groups=(Ref(group.id),) if group else (), plan=Ref(self.plan.id), clauses=(Ref(clause.id),),
                    origin=f"{clause.id}:{day}",
                )
            )
            self.taken.count("activity")

    def school_group(self) -> Group | None:
        return next((g for g in self.groups.values() if g.id == self.plan.group), None) if self.plan.group else None

    def _slot(self, group: Group | None, kind: str, weekday: int) -> list[Activity]:
        """Activities of the term that another clause has made of the same slot."""
        groups = (group.id,) if group else ()
        first, last = self.term.opens.isoformat(), self.term.closes.isoformat()
        where = AllOf(of=(Is(field="kind", value=kind), Between(field="when.first", first=first, last=last)))
        return [
            a for a in as_changed(self.school, self.change, Activity, where)
            if a.origin and ":" in a.origin and tuple(a.groups) == groups and a.kind == kind
            and a.when.precision == "day" and self.term.timetable(a.when.first) == weekday and self.term.covers(a.when.first)
        ]

    def _second_source(self, activities: list[Activity], clause: Clause) -> None:
        for activity in activities:
            if clause.id not in activity.clauses:
                self.change.save(activity.but(clauses=(*activity.clauses, clause.id)))
        self.taken.shared += 1

    # ---- requirements -----------------------------------------------------------------------------------------------
    def requirements(self, clauses: list[Clause]) -> None:
        binder = Binder(self.school, self.plan, self.groups.values())
        siblings = [clause.facts for clause in clauses]
        plans = {p.id: p.term for p in as_changed(self.school, self.change, Plan)}
        known = [
            r for r in as_changed(self.school, self.change, Requirement) if plans.get(r.plan, self.term.id) == self.term.id
        ]
        for clause in clauses:
            if clause.id in self.origins["requirement"] or any(clause.id in r.clauses for r in known):
                continue
            made = binder.bind(clause.facts, siblings, clause.id)
            twin = next((r for r in known if same_duty(r, made) and r.plan != self.plan.id), None)
            if twin is not None:
                merged = twin.but(clauses=(*twin.clauses, clause.id), amount=stricter(twin, made))
                known[known.index(twin)] = self.change.save(merged)
                self.taken.shared += 1
                continue
            known.append(self.change.save(made))
            proposed = binder.proposed_kind(clause.facts)
            if proposed is not None and proposed not in self.taken.proposed:
                self.taken.proposed.append(proposed)
            self.taken.count("requirement")

    def adopted(self, record: Record) -> None:
        if self.change.add_once(record):
            self.taken.count(self.school.owner_of(record).id)


# ---- the reader's words as values -----------------------------------------------------------------------------------
def new_group(name: str) -> Group:
    """A group with the kind that its name tells and the subject before it."""
    kind = next((k for ending, k in sorted(GROUP_ENDINGS.items(), key=lambda e: -len(e[0])) if name.endswith(ending)), "other")
    subject = name.removesuffix("教研组").removesuffix("组") if kind == "research" else ""
    return Group(name=name[:60], kind=kind, subject=subject)


def when_of(facts: dict[str, Any], term: Term) -> When | None:
    """The time of a dated item, never more exact than the text: a month, a span, a week of term, a day."""
    if m := _DAY.fullmatch(str(facts.get("day", ""))):
        try:
            year = int(m[1]) if m[1] else term.month(int(m[2])).first.year
            return When.on(date(year, int(m[2]), int(m[3])))
        except ValueError:
            return None
    text = str(facts.get("when", ""))
    if m := _WEEKS.fullmatch(text):
        first, last = term.week(int(m[1])), term.week(int(m[2] or m[1]))
        return first if first == last else When.span(first.first, last.last)
    if (m := _MONTHS.fullmatch(text)) and 1 <= int(m[1]) <= 12 and 1 <= int(m[2] or 1) <= 12:
        months = [term.month(int(number)) for number in (m[1], m[2]) if number]
        if len(months) == 1:
            return months[0]
        return When.span(months[0].first, max(months[0].last, months[1].last))
    return None


def _clock(part: str) -> tuple[time | None, time | None]:
    if m := _CLOCK.fullmatch(part):
        start, end = time(int(m[1]), int(m[2])), time(int(m[3]), int(m[4]))
        return (start, end) if start < end else (start, None)
    return None, None


def _slot_title(facts: dict[str, Any], group: Group | None) -> str:
    what = str(facts.get("what", "")) or "活动"
    return what if group is None or group.name in what else f"{group.name}{what.removeprefix('教研组')}"


def as_changed(school: School, change: Change, model: type[R], where: Condition | None = None) -> list[R]:
    """The records of a register as they will be after the change."""
    records = school.records(model)
    pending = {d["id"]: d for d in change.pending(records.register.id)}
    gone = {*pending, *change.removed(records.register.id)}
    stored = [r for r in records.all(where) if r.id not in gone]
    return [*stored, *(records.record(d) for d in pending.values() if where is None or where(d))]


def clauses_of(school: School, plan: Plan, table: str = "") -> list[Clause]:
    """The clauses of a plan in the order of the text."""
    where = Is(field="plan", value=plan.id)
    return school.records(Clause).all(AllOf(of=(where, Is(field="table", value=table))) if table else where, sort=("order",))


def became(school: School, clause: Clause) -> list[tuple[str, dict[str, Any]]]:
    """(register, document) of everything that a clause became."""
    found = []
    for register in ("activity", "task", "requirement"):
        found += [(register, d) for d in school.records(register).documents(Has(field="clauses", value=clause.id))]
    return found



# ---- taking back ----------------------------------------------------------------------------------------------------
def take_back(school: School, change: Change, clause: Clause, *, ends: date | None = None) -> list[str]:
    """Undo what a clause alone has made; the names of what stays because people have worked on it.

    What another clause says too only loses this source. With `ends` (a new text dropped the clause) a requirement ends that
    day and activities and tasks are cancelled; without, untouched records go.
    """
    stays = []
    for register, document in became(school, clause):
        record = school.records(register).record(document)
        if len(record.clauses) > 1:
            change.save(record.but(clauses=tuple(c for c in record.clauses if c != clause.id)))
        elif _worked_on(school, record):
            stays.append(school.label(school.register(register), document))
        elif ends is None:
            change.remove(register, record.id, record.rev)
        elif isinstance(record, Requirement):
            change.save(record.but(last=ends))
        elif isinstance(record, Task):
            change.save(record.but(state="cancelled", reason="计划新稿已删去"))
        else:
            change.save(record.but(state="cancelled"))
    return stays


def _worked_on(school: School, record: Any) -> bool:
    """Has anybody recorded something on it?"""
    if isinstance(record, Activity):
        return record.state not in ("planned", "notified") or bool(record.participants or record.record)
    if isinstance(record, Task):
        return record.state not in ("open", "cancelled") or bool(record.answer)
    return bool(school.records(Waiver).count(Is(field="requirement", value=record.id)))

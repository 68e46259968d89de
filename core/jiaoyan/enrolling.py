"""Taking a roster in: teachers in its order, their groups, posts, classes; what is there already is brought up to date."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from jiaoyan.binding import Binder
from jiaoyan.change import Change
from jiaoyan.entering import changed, made
from jiaoyan.errors import BadInput, Problem
from jiaoyan.keeping import back_up_before
from jiaoyan.model.people import Group, Posting, Teacher
from jiaoyan.model.plans import Plan
from jiaoyan.papers.roster import ProposedPosting, Roster, RosterRow
from jiaoyan.progress import step
from jiaoyan.records import Ref

if TYPE_CHECKING:
    from jiaoyan.school import School

IDENTITY = ("id_card", "number", "phone", "born")
"""Fields that tell two teachers of one name apart, the surest first."""


@dataclass(slots=True)
class Enrolled:
    """What became of a roster."""

    new: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    same: int = 0
    absent: list[str] = field(default_factory=list)
    """On the school's list but not on this one: left, retired, or forgotten? A person says."""
    groups: list[str] = field(default_factory=list)
    postings: int = 0
    problems: list[Problem] = field(default_factory=list)
    doubts: list[Problem] = field(default_factory=list)


def enrol(school: School, roster: Roster, source: str = "") -> Enrolled:
    """Store a roster in one change. A row that can't be taken is named with its reason, the others go in."""
    done = Enrolled(problems=list(roster.problems))
    back_up_before(school, len(roster.rows))
    with school.change(f"导入花名册 {source}".strip()) as change:
        _Enrolment(school, change, done).take(roster)
    return done


class _Enrolment:
    def __init__(self, school: School, change: Change, done: Enrolled) -> None:
        self.school, self.change, self.done = school, change, done
        self.teachers = school.records(Teacher).all()
        self.groups = {group.name: group for group in school.records(Group).all()}
        self.postings: dict[str, list[Posting]] = {}
        for posting in school.records(Posting).all():
            self.postings.setdefault(posting.teacher, []).append(posting)

    def take(self, roster: Roster) -> None:
        for name, kind, subject, grade, parent in roster.groups():
            self._group(name, kind, subject, grade, parent)
        seen = set()
        for number, row in enumerate(roster.rows, 1):
            step(number, len(roster.rows), "人")
            place = f"{row.sheet} 第 {row.row} 行"
            self.done.doubts += [Problem(f"{place} {row.teacher.get('name', '')}", doubt) for doubt in row.doubts]
            try:
                teacher = self._teacher(row, place)
            except BadInput as error:
                self.done.problems += error.problems
                continue
            seen.add(teacher.id)
            for proposed in row.postings:
                self._posting(teacher, proposed)
        self.done.absent = [t.name for t in self.teachers if t.id not in seen]

    def _group(self, name: str, kind: str, subject: str, grade: str, parent: str) -> None:
        known = Binder(self.school, Plan(title="?"), self.groups.values()).group(name) if kind == "research" else None
        if name in self.groups or known:
            self.groups.setdefault(name, known or self.groups[name])
            return
        above = self.groups.get(parent)
        group = Group(
            name=name, kind=kind, subject=subject, grade=grade, parent=Ref(above.id if above else ""), order=len(self.groups),
        )
        self.groups[name] = self.change.save(group)
        self.done.groups.append(name)

    def _teacher(self, row: RosterRow, place: str) -> Teacher:
        """Raises BadInput."""
        old = self._same_person(row.teacher, place)
        values = {key: value for key, value in row.teacher.items() if value not in ("", None)}
        if old is None:
            teacher = made(Teacher, values, place)
            self.done.new.append(teacher.name)
            return self.change.save(teacher)
        teacher = changed(old, values, place)
        if teacher == old:
            self.done.same += 1
            return old
        if any(getattr(teacher, key) != getattr(old, key) for key in values if key != "order"):
            self.done.changed.append(teacher.name)
        else:
            self.done.same += 1
        return self.change.save(teacher)

    def _same_person(self, values: Mapping[str, Any], place: str) -> Teacher | None:
        """The teacher of that name on the list, told apart by the surest field both have. Raises BadInput."""
        named = [t for t in self.teachers if t.name == values.get("name")]
        for key in IDENTITY:
            value = values.get(key)
            agreeing = [t for t in named if value and getattr(t, key) == value]
            if len(agreeing) == 1:
                return agreeing[0]
            named = [t for t in named if not value or not getattr(t, key) or getattr(t, key) == value]
        if len(named) > 1:
            raise BadInput(Problem(f"{place} 姓名", f"名册里已有 {len(named)} 位“{values.get('name')}”,分不清是谁", "请补上身份证号或工号"))
        return named[0] if named else None

    def _posting(self, teacher: Teacher, proposed: ProposedPosting) -> None:
        group = self.groups.get(proposed.group)
        if proposed.what == "member" and group is None:
            return
        posting = Posting(
            teacher=Ref(teacher.id), what=proposed.what, value=proposed.value, group=Ref(group.id if group else ""),
            subject=proposed.subject, grade=proposed.grade, classes=tuple(proposed.classes),
        )
        if any(_same(posting, other) for other in self.postings.get(teacher.id, ())):
            return
        self.postings.setdefault(teacher.id, []).append(self.change.save(posting))
        self.done.postings += 1


def _same(left: Posting, right: Posting) -> bool:
    keys = ("what", "value", "group", "subject", "grade", "classes")
    return right.last is None and all(getattr(left, key) == getattr(right, key) for key in keys)

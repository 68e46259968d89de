"""Staff as they are on a day: what each holds then, as facts that a Condition can be asked of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from jiaoyan.conditions import Condition, Is
from jiaoyan.model.people import AWAY, GONE, Group, Posting, Teacher

if TYPE_CHECKING:
    from jiaoyan.school import School


LEADERS = {"research": "教研组长", "prep": "备课组长", "grade": "年级组长"}
"""What the 组长 of a kind of group is called."""


class Member(NamedTuple):
    """One member of staff on a day.

    `facts`: id, name, category, gender, seniority (教龄 in years or null), groups (ids, those above included), heads (ids
    of groups led), posts, ranks, honours, subjects, grades, classes, state, away.
    """

    teacher: Teacher
    facts: Mapping[str, Any]

    @property
    def id(self) -> str:
        return self.teacher.id

    @property
    def away(self) -> bool:
        """On long leave, lent out or gone: owes nothing."""
        return bool(self.facts["away"])

    @property
    def gone(self) -> bool:
        return self.facts["state"] in GONE


class Staff:
    """All staff of a school on a day, in 花名册 order."""

    def __init__(
        self, teachers: Iterable[Teacher], postings: Iterable[Posting], groups: Iterable[Group], day: date
    ) -> None:
        self.day = day
        self.groups = {group.id: group for group in groups}
        held: dict[str, list[Posting]] = defaultdict(list)
        for posting in postings:
            if posting.holds(day):
                held[posting.teacher].append(posting)
        members = [Member(t, self._facts(t, held[t.id])) for t in teachers]
        self.members = {member.id: member for member in members}
        self._chosen: dict[tuple[Condition | None, bool], list[Member]] = {}

    @classmethod
    def of(cls, school: School, day: date) -> Staff:
        return cls(
            school.records(Teacher).all(), school.records(Posting).all(), school.records(Group).all(), day,
        )

    def _facts(self, teacher: Teacher, held: Iterable[Posting]) -> dict[str, Any]:
        facts: dict[str, Any] = {
            "id": teacher.id, "name": teacher.name, "category": teacher.category, "gender": teacher.gender,
            "seniority": teacher.seniority(self.day), "state": "",
        }
        lists: dict[str, dict[str, None]] = {
            name: {} for name in ("groups", "heads", "posts", "ranks", "honours", "subjects", "grades", "classes")
        }
        for posting in held:
            if posting.what == "state":
                facts["state"] = posting.value
            for name, values in self._held(posting):
                lists[name].update(dict.fromkeys(value for value in values if value))
        facts |= {name: list(values) for name, values in lists.items()}
        facts["away"] = facts["state"] in AWAY
        return facts

    def _held(self, posting: Posting) -> Iterable[tuple[str, Iterable[str]]]:
        if posting.group:
            yield "groups", self.above(posting.group)
        if posting.what == "member":
            if posting.value and posting.value not in ("组员", "成员"):
                yield "posts", (self._post(posting),)
                yield "heads", (posting.group,)
        elif posting.what == "duty":
            yield "posts", (posting.value,)
        elif posting.what == "rank":
            yield "ranks", (posting.value,)
        elif posting.what == "honour":
            yield "honours", (posting.value,)
        elif posting.what == "teaches":
            yield "subjects", (posting.subject,)
            yield "grades", (posting.grade,)
            yield "classes", posting.classes

    def _post(self, posting: Posting) -> str:
        """组长 of a 备课组 is 备课组长: what plans ask of 教研组长 is not asked of it."""
        group = self.groups.get(posting.group)
        return LEADERS.get(group.kind, posting.value) if group and posting.value == "组长" else posting.value

    def above(self, group: str) -> list[str]:
        """The group and all above it; a loop in the data ends where it closes."""
        found: list[str] = []
        while group and group not in found:
            found.append(group)
            group = self.groups[group].parent if group in self.groups else ""
        return found

    def below(self, group: str) -> list[str]:
        """The group and all below it."""
        return [g for g in self.groups if group in self.above(g)]

    def chosen(self, who: Condition | None, *, with_away: bool = False) -> list[Member]:
        """Who is meant: 专任 on duty where nothing is said; those away only when asked for."""
        if (who, with_away) not in self._chosen:  # a dozen requirements ask for the same people
            there = [m for m in self.members.values() if with_away or not m.away]
            meant = who or Is(field="category", value="teaching")
            self._chosen[who, with_away] = [m for m in there if meant(m.facts)]
        return list(self._chosen[who, with_away])

    def of_group(self, group: str, *, with_away: bool = False) -> list[Member]:
        """Members of a group or of one below it."""
        return [m for m in self.members.values() if group in m.facts["groups"] and (with_away or not m.away)]

    def name(self, teacher: str) -> str:
        member = self.members.get(teacher)
        return member.teacher.name if member else ""

"""The sample school while it is being made: its term, its people, and the dice that decide what happens."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from importlib.resources import files
from random import Random
from typing import Any

from jiaoyan.model.people import Group, Teacher
from jiaoyan.records import Record, Ref
from jiaoyan.registers import Facet, Register
from jiaoyan.school import School
from jiaoyan.staff import Staff
from jiaoyan.terms import Term

SEED = 20260901
DILIGENCE = {"ahead": 0.98, "usual": 0.82, "behind": 0.4}
"""How likely somebody does what is due."""


def package_text(*path: str) -> str:
    """A text that comes with this package."""
    return files("jiaoyan_tui.sample").joinpath(*path).read_text(encoding="utf-8")


@dataclass
class Scene:
    """What every part of the making shares."""

    school: School
    term: Term
    random: Random = field(default_factory=lambda: Random(SEED))
    teachers: dict[str, Teacher] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    pace: dict[str, str] = field(default_factory=dict)
    """Teacher id → ahead, usual or behind."""

    @cached_property
    def words(self) -> Mapping[str, Any]:
        found: dict[str, Any] = tomllib.loads(package_text("words.toml"))
        return found

    @cached_property
    def staff(self) -> Staff:
        return self.school.staff()

    @property
    def today(self) -> date:
        return self.school.today

    # ---- people -----------------------------------------------------------------------------------------------------
    def teacher(self, name: str) -> Ref[Teacher]:
        return Ref(self.teachers[name].id)

    def group(self, name: str) -> Ref[Group]:
        return Ref(self.groups[name].id)

    def members(self, group: str) -> list[str]:
        """Ids of who is on duty in a group, in 花名册 order."""
        return [m.id for m in self.staff.of_group(group)]

    def on_duty(self) -> list[str]:
        """Ids of the 专任 on duty."""
        return [m.id for m in self.staff.chosen(None)]

    def holders(self, *posts: str) -> list[str]:
        """Ids of who holds one of these posts."""
        return [m.id for m in self.staff.members.values() if set(posts) & set(m.facts["posts"])]

    def subject(self, teacher: str) -> str:
        """What a teacher teaches, as words.toml calls it."""
        return next((s for s in self.staff.members[teacher].facts["subjects"] if s in self.words["subject"]), "语文")

    def lesson(self, subject: str, grade: str) -> str:
        """The title of a lesson of a subject; of that grade where titles differ by grade."""
        titles = self.words["subject"][subject]["lessons"]
        chosen: str = self.random.choice(titles.get(grade[:1]) or next(iter(titles.values())))
        return chosen

    def does(self, teacher: str) -> bool:
        """Does this teacher do this time what is due?"""
        return self.random.random() < DILIGENCE[self.pace[teacher]]

    # ---- days -------------------------------------------------------------------------------------------------------
    def taught(self, first: date, last: date) -> list[date]:
        """Teaching days of a stretch that are over or today."""
        last = min(last, self.today)
        days = (first + timedelta(days=n) for n in range((last - first).days + 1))
        return [day for day in days if self.term.timetable(day)]

    def past(self) -> list[date]:
        """Teaching days of the term before today."""
        return [day for day in self.taught(self.term.opens, self.term.closes) if day < self.today]

    def months(self) -> Iterator[tuple[date, list[date]]]:
        """(first day, teaching days that are over) of each month of the term begun so far."""
        by_month: dict[date, list[date]] = {}
        for day in self.past():
            by_month.setdefault(day.replace(day=1), []).append(day)
        yield from by_month.items()

    # ---- plugins ----------------------------------------------------------------------------------------------------
    def register(self, id: str) -> Register[Any] | None:
        """A plugin's register; None where it is not installed."""
        there = {known for known, _, _ in self.school.register_titles()}
        return self.school.register(id) if id in there else None

    def facet(self, id: str) -> Facet[Any] | None:
        """A plugin's facet; None where it is not installed."""
        return next((f for f in self.school.facets_of("activity") if f.id == id), None)

    @staticmethod
    def made(owner: Register[Any] | Facet[Any], **values: Any) -> Record:
        """A plugin's record from plain values."""
        record: Record = owner.model.model_validate(values)
        return record

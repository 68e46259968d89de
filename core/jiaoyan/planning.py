"""Taking a plan in: its clauses are stored and carried out; a new text of a known plan is matched clause by clause."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path
from typing import TYPE_CHECKING

from jiaoyan.attaching import kept
from jiaoyan.carrying import GENERIC, Taken, as_changed, carry_out, clauses_of, new_group, take_back
from jiaoyan.change import Change
from jiaoyan.conditions import Is
from jiaoyan.model.duties import Requirement
from jiaoyan.model.people import Group, Posting, Teacher
from jiaoyan.model.plans import Clause, Plan
from jiaoyan.progress import step
from jiaoyan.reader import PlanReading, Reading
from jiaoyan.records import Ref
from jiaoyan.requirements import subjects
from jiaoyan.staff import Staff
from jiaoyan.terms import Term

if TYPE_CHECKING:
    from jiaoyan.school import School

MIN_CONFIDENCE = 0.75
"""From here on a clause is accepted at once; below it waits for a person."""
SAME_PLAN = 0.3
"""Share of lines that a new text of a plan has in common with the old, at the least; below it is another plan."""
_NUMBER = re.compile(r"^[\d一二三四五六七八九十、..()()⑴-⑽①-⑩]+")
HEADING = 8
"""A line of fewer characters is a heading or a list item that many plans share."""
SAME_CLAUSE = 0.7
"""Likeness of two quotes from which a changed sentence is taken for the old one."""


def take_in(
    school: School, readings: Iterable[PlanReading], term: Term, source: str = "", min_confidence: float = MIN_CONFIDENCE,
    revises: str = "", file: Path | None = None,
) -> list[Taken]:
    """Store plans with their clauses and carry out what is sure, all in one change.

    A text that is known changes nothing. A text with the title, level, field and owner of a known plan of the term is its
    next revision; `revises` names that plan outright. `file` is kept as the plans' original.
    """
    taken = []
    with school.change(f"导入计划 {source}".strip()) as change:
        original = kept(school, file) if file is not None else None
        plans = {p.id: p for p in school.records(Plan).all(Is(field="term", value=term.id))}
        known = {p.digest: p for p in plans.values()}
        listed = list(readings)
        for number, reading in enumerate(listed, 1):
            step(number, len(listed), "份")
            digest = _digest(reading.text)
            if digest in known:
                plan = known[digest]
                taken.append(Taken(reading.index, plan.title, plan.id, plan.state, known=True))
                continue
            importer = _Importer(school, change, term, source, min_confidence)
            drafted = importer.drafted(reading, digest).but(file=original)
            old = plans.pop(revises, None) or _earlier(drafted, plans.values())
            if old is not None:
                plans.pop(old.id, None)  # two texts of one file are two plans
                taken.append(importer.revise(reading, drafted, old))
            else:
                taken.append(importer.take(reading, drafted))
            known[digest] = importer.plan
    return taken


@dataclass(frozen=True, slots=True)
class Foreseen:
    """A requirement as it would be stored, and the names of those who would owe it."""

    requirement: Requirement
    names: tuple[str, ...]


def foresee(school: School, readings: Iterable[PlanReading], term: Term, min_confidence: float = MIN_CONFIDENCE) -> list[Foreseen]:
    """What duties an import would bring and whom they would bind. Nothing is written."""
    change = Change(school, "预览")
    for reading in readings:
        importer = _Importer(school, change, term, "", min_confidence)
        importer.take(reading, importer.drafted(reading, _digest(reading.text)))
    staff = Staff(
        school.records(Teacher).all(), school.records(Posting).all(), as_changed(school, change, Group), school.today
    )
    made = (Requirement.of_document(document) for document in change.pending("requirement"))
    return [Foreseen(r, tuple(name for _, name in subjects(school, r, staff))) for r in made]


def _earlier(drafted: Plan, plans: Iterable[Plan]) -> Plan | None:
    """The plan that a text is a new revision of."""
    keys = ("title", "level", "field", "group", "teacher")
    for plan in plans:
        if all(getattr(plan, key) == getattr(drafted, key) for key in keys):
            mine, theirs = _sentences(drafted), _sentences(plan)
            if len(mine & theirs) >= SAME_PLAN * max(1, len(mine), len(theirs)):
                return plan
    return None


def _sentences(plan: Plan) -> set[str]:
    """Its lines, but for the title and headings, which every plan of the kind has."""
    return {line for line in map(_bare, plan.text.splitlines()) if len(line) >= HEADING and line != _bare(plan.title)}


def _looks_back(reading: PlanReading) -> bool:
    """A text that calls itself 总结 binds nothing, though it ends in 今后打算."""
    only_summary = "总结" in reading.title and "计划" not in reading.title
    return reading.nature == "summary" or (reading.nature == "plan+summary" and only_summary)


def _digest(text: str) -> str:
    return hashlib.sha256("\n".join(line.strip() for line in text.splitlines() if line.strip()).encode()).hexdigest()


class _Importer:
    """Carries one plan over, inside a change."""

    def __init__(self, school: School, change: Change, term: Term, source: str, min_confidence: float) -> None:
        self.school, self.change, self.term = school, change, term
        self.source, self.min_confidence = source, min_confidence
        self.groups = {g.name: g for g in as_changed(school, change, Group)}
        self.plan = Plan(title="?")

    def drafted(self, reading: PlanReading, digest: str) -> Plan:
        """The plan as its text tells it; not saved."""
        return Plan(
            title=reading.title[:200] or f"第 {reading.index} 份计划", level=reading.level, nature=reading.nature,
            field=reading.field, term=Ref(self.term.id), state="passed" if self.school.actor.has("pass") else "draft",
            text=reading.text, source=self.source, digest=digest, group=self._owner_group(reading),
            teacher=self._owner_teacher(reading),
        )

    def take(self, reading: PlanReading, drafted: Plan) -> Taken:
        """A plan that was not there."""
        self.plan = self.change.save(drafted)
        clauses = [self.change.save(clause) for clause in self._clauses(reading)]
        return self._carried_out(reading, clauses)

    def revise(self, reading: PlanReading, drafted: Plan, old: Plan) -> Taken:
        """A new text of a plan: sentences that stayed keep their clause, its verdict and what was made of it."""
        self.plan = self.change.save(
            old.but(
                text=drafted.text, digest=drafted.digest, source=drafted.source, nature=drafted.nature,
                revision=old.revision + 1, title=drafted.title, file=drafted.file,
            )
        )
        before = clauses_of(self.school, old)
        pairs, dropped = _matched(before, self._clauses(reading))
        clauses, stays = [], []
        for past, new in pairs:
            if past is None:
                clauses.append(self.change.save(new))
                continue
            place = {"order": new.order, "start": new.start, "end": new.end, "quote": new.quote, "withdrawn": False}
            if past.read == new.read and not past.withdrawn:
                clauses.append(self.change.save(past.but(**place)))
                continue
            stays += take_back(self.school, self.change, past)
            told = {"read": new.read, "confidence": new.confidence, "reason": new.reason}
            verdict = new.verdict if past.verdict in ("open", "accepted") else past.verdict
            clauses.append(self.change.save(past.but(**place, **told, verdict=verdict)))
        for clause in dropped:
            stays += take_back(self.school, self.change, clause, ends=self.school.today)
            self.change.save(clause.but(withdrawn=True))
        taken = self._carried_out(reading, clauses)
        taken.revision, taken.withdrawn, taken.stays = self.plan.revision, len(dropped), stays
        return taken

    def _carried_out(self, reading: PlanReading, clauses: list[Clause]) -> Taken:
        taken = Taken(reading.index, self.plan.title, self.plan.id, self.plan.state)
        taken.clauses, taken.open = len(clauses), sum(c.verdict == "open" for c in clauses)
        return carry_out(self.school, self.change, self.plan, clauses, self.term, taken)

    def _clauses(self, reading: PlanReading) -> list[Clause]:
        summary = _looks_back(reading)
        return [self._clause(number, read, reading.start, summary) for number, read in enumerate(reading.readings, 1)]

    def _owner_group(self, reading: PlanReading) -> Ref[Group]:
        """The group whose plan it is: named in the title or the first lines, the longest name first."""
        if reading.level != "group":
            return Ref("")
        head = reading.title + self.source + reading.text[:400]
        names = [n for n in self.groups if n in head or n.removesuffix("教研组") + "组" in head]
        names += [g.name for g in self.groups.values() if g.subject and g.kind == "research" and f"{g.subject}教研" in head]
        if names:
            return Ref(self.groups[max(names, key=len)].id)
        named = [str(r.fields.get("name", "")) for r in reading.readings if r.table == "group"]
        own = next((name for name in named if name.endswith("组") and name not in GENERIC and name in head), "")
        if not own:
            return Ref("")
        group = self.change.save(new_group(own))
        self.groups[own] = group
        return Ref(group.id)

    def _owner_teacher(self, reading: PlanReading) -> Ref[Teacher]:
        """The teacher whose plan it is: named in the title, the first lines or the signature, the first to be named."""
        if reading.level != "personal":
            return Ref("")
        text = f"{reading.title}\n{reading.text[:200]}\n{reading.text[-80:]}"
        named = [(text.find(t.name), t.id) for t in self.school.records(Teacher).all() if t.name in text]
        return Ref(min(named)[1] if named else "")

    def _clause(self, number: int, read: Reading, offset: int, summary: bool) -> Clause:
        sure = read.confidence >= self.min_confidence and not summary and read.table != "measure"
        return Clause(
            plan=Ref(self.plan.id), table=read.table, order=number, start=max(0, read.start - offset),
            end=max(0, read.end - offset), quote=read.quote, read=dict(read.fields), confidence=round(read.confidence, 3),
            reason=read.reason or ("总结里的话不作要求,需要时请人工接受" if summary and read.table != "section" else ""),
            verdict="accepted" if sure or read.table == "section" else "open",
        )


def _matched(before: list[Clause], now: list[Clause]) -> tuple[list[tuple[Clause | None, Clause]], list[Clause]]:
    """([(old clause or None, new clause)] in the order of the new text, old clauses that nothing matches)."""
    left = dict.fromkeys(range(len(before)))
    found: dict[int, int] = {}

    def pair(test: Callable[[Clause, Clause], bool]) -> None:
        for n, new in enumerate(now):
            if n not in found:
                match = next((o for o in left if before[o].table == new.table and test(before[o], new)), None)
                if match is not None:
                    found[n] = match
                    del left[match]

    pair(lambda old, new: _bare(old.quote) == _bare(new.quote) and old.read == new.read)
    pair(lambda old, new: _bare(old.quote) == _bare(new.quote))
    pair(lambda old, new: SequenceMatcher(None, _bare(old.quote), _bare(new.quote), autojunk=False).ratio() >= SAME_CLAUSE)
    return [(before[found[n]] if n in found else None, new) for n, new in enumerate(now)], [before[o] for o in left]


def _bare(text: str) -> str:
    """A quote without blanks and without the number that it stands under."""
    return _NUMBER.sub("", "".join(text.split()))

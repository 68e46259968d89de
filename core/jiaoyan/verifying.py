"""Verifying: the engine, the chain of history, live documents against history, entries against their records."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from jiaoyan.attaching import files_of, referenced
from jiaoyan.change import entries_of_facet, entries_of_record
from jiaoyan.errors import JiaoyanError, Problem
from jiaoyan.registers import Entry, Facet, Register

if TYPE_CHECKING:
    from jiaoyan.school import School


@dataclass(slots=True)
class Report:
    """What was checked and what is wrong. `unchecked` names registers whose plugin is off: not wrong, only not recomputed."""

    problems: list[Problem] = field(default_factory=list)
    unchecked: list[str] = field(default_factory=list)
    records: int = 0
    entries: int = 0
    changes: int = 0


def verify(school: School) -> Report:
    report = Report(problems=school.store.verify())
    report.changes = len(school.store.changes(size=10**9))
    report.entries = school.store.entries.count(None)
    active = set()
    for id, title, _ in school.register_titles():
        active.add(id)
        try:
            register = school.register(id)
        except JiaoyanError as error:
            report.problems += error.problems
            continue
        facets = school.facets_of(id)
        active |= {facet.id for facet in facets}
        for document in school.store.table(id).page():
            report.records += 1
            report.problems += _damaged(school, register, document)
            report.problems += _entry_problems(school, register, facets, document, title)
    report.problems += files_of(school).verify(referenced(school))
    report.unchecked = [
        document["title"] for document in school.catalogue.documents().values()
        if document["what"] in ("register", "facet") and document["id"] not in active
    ]
    return report


def _damaged(school: School, register: Register[Any], document: dict[str, Any]) -> list[Problem]:
    try:
        school.records(register).record(document)
    except JiaoyanError as error:
        return [Problem(p.where, f"损坏:{p.what}", p.remedy) for p in error.problems]
    return []


def _entry_problems(
    school: School, register: Register[Any], facets: list[Facet[Any]], document: dict[str, Any], title: str
) -> Iterator[Problem]:
    held = {f.id: d for f in facets if (d := school.store.table(f.id).by_id(document["id"])) is not None}
    due = {register.id: entries_of_record(register, document, held)}
    due |= {f.id: entries_of_facet(f, held[f.id], document) for f in facets if f.id in held}
    for owner, entries in due.items():
        stored = school.store.entries.of(owner, document["id"])
        if sorted(_facts(e._asdict()) for e in entries) != sorted(_facts(e) for e in stored):
            yield Problem(f"{title} {document['id']}", "计入明细与记录不符", "请运行:jiaoyan repair")


def _facts(entry: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(str(entry.get(name, "")) for name in Entry._fields)

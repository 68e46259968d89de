"""Listing: documents as rows of text, for screens and papers. The names of what they refer to are read once a page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from pydantic import ValidationError

from jiaoyan.conditions import at, items_at
from jiaoyan.errors import JiaoyanError, NotFound
from jiaoyan.messages import problems_of
from jiaoyan.registers import Facet, Register
from jiaoyan.showing import FieldFacts, field_facts, shown_as
from jiaoyan.staff import Staff
from jiaoyan.terms import WEEKDAYS, Term, When

if TYPE_CHECKING:
    from jiaoyan.school import School


HELD = ("小组", "职务", "任教", "人员状态")
"""Columns of teachers that are no fields: what each holds today."""
APART = 4
"""Columns by which records of one name are told apart."""
GROUPS_FIRST = ("research", "office", "prep", "grade", "team", "other")


class PageNames:
    """Names of referred records, read together for a page of documents and remembered."""

    def __init__(self, school: School) -> None:
        self._school = school
        self._known: dict[tuple[str, str], str] = {}

    def learn(self, owner: Register[Any] | Facet[Any], documents: Iterable[Mapping[str, Any]]) -> None:
        """Reads the names of everything that these documents refer to, in one query a register."""
        wanted: dict[str, set[str]] = defaultdict(set)
        listed = list(documents)
        for path in owner.refs:
            register = path.register or (self._school.records(path.model).register.id if path.model else "")
            for document in listed if register else ():
                found = items_at(document, path.path) if path.many else [at(document, path.path)]
                wanted[register] |= {str(id) for id in found if id}
        for register, ids in wanted.items():
            self.read(register, ids)

    def read(self, register: str, ids: Iterable[str]) -> None:
        missing = [id for id in ids if (register, id) not in self._known]
        if not missing:
            return
        try:
            owner = self._school.register(register)
        except JiaoyanError:
            return
        found = self._school.store.table(register).by_ids(missing)
        for id in missing:
            self._known[register, id] = self._school.label(owner, found[id]) if id in found else id

    def __call__(self, register: str, id: str) -> str:
        if (register, id) not in self._known:
            self.read(register, (id,))
        return self._known.get((register, id), id)


class Listed(NamedTuple):
    """One document as a row of texts; `damaged` is why it no longer fits its model, in words."""

    id: str
    cells: tuple[str, ...]
    damaged: str = ""
    late: bool = False
    """Its due day has passed and its state is not settled."""


def listed(
    school: School, register: Register[Any], documents: Sequence[Mapping[str, Any]], columns: Sequence[str] | None = None,
    names: PageNames | None = None, term: Term | None = None,
) -> list[Listed]:
    """Documents as rows of text by the register's columns; times are short within `term`."""
    names = names or PageNames(school)
    names.learn(register, documents)
    facts = [field_facts(school, register.model, name) for name in (register.columns if columns is None else columns)]
    return [
        Listed(
            str(d.get("id", "")), tuple(_cell(school, fact, d.get(fact.name), names, term) for fact in facts),
            damage(register, d), late(register, d, school.today),
        )
        for d in documents
    ]


def told_apart(
    school: School, register: Register[Any], document: Mapping[str, Any], names: PageNames | None = None
) -> str:
    """The name of a record with what stands first in its list: several may bear the name."""
    name = school.label(register, document)
    facts = (field_facts(school, register.model, column) for column in register.columns[:APART])
    columns = [fact.name for fact in facts if fact.name not in register.named() and not fact.private]
    (row,) = listed(school, register, [document], columns, names)
    rest = " ".join(cell for cell in row.cells if cell)
    return f"{name}({rest})" if rest else name


def _cell(school: School, facts: FieldFacts, value: Any, names: PageNames, term: Term | None) -> str:
    try:
        if facts.type is When and isinstance(value, Mapping):
            return when_in_short(When.model_validate(value), term)
        return shown_as(school, facts, value, names)
    except (ValueError, TypeError, JiaoyanError):
        return str(value)  # damaged: as it stands


def late(register: Register[Any], document: Mapping[str, Any], day: date) -> bool:
    """Is a record past its due day without being settled?"""
    flow = register.workflow
    if flow is None or not register.due or document.get(flow.field) in flow.settled:
        return False
    due = document.get(register.due)
    last = due.get("last") if isinstance(due, Mapping) else due
    return isinstance(last, str) and last < day.isoformat()


def damage(owner: Register[Any] | Facet[Any], document: Mapping[str, Any]) -> str:
    """Why a stored document no longer fits its model, in words; empty where it does."""
    try:
        owner.model.of_document(document)
    except ValidationError as error:
        return ";".join(str(problem) for problem in problems_of(error, owner.model))
    return ""


def when_in_short(when: When, term: Term | None = None) -> str:
    """11-25 周三 16:10, 9月(待定), 第9周(待定), 09-01—09-05; with its year outside the term."""
    here = term is not None and term.covers(when.first)
    year = "" if here else f"{when.first.year}-"
    if when.precision == "month":
        return f"{'' if here else f'{when.first.year}年'}{when.first.month}月(待定)"
    if when.precision == "week":
        if here and term is not None:
            return f"第{term.week_of(when.first)}周(待定)"
        return f"{year}{when.first:%m-%d}起一周(待定)"
    if when.precision == "span":
        return f"{year}{when.first:%m-%d}—{when.last:%m-%d}"
    clock = f" {when.start:%H:%M}" if when.start else f" 第{when.lesson}节" if when.lesson else ""
    return f"{year}{when.first:%m-%d} 周{WEEKDAYS[when.first.weekday()]}{clock}"


def week_in_short(when: When, term: Term | None) -> str:
    """The 周次 of a time: 9, 3-4; 9月 where only the month is known; empty outside the term."""
    if term is None or not term.covers(when.first):
        return ""
    if when.precision == "month":
        return f"{when.first.month}月"
    first, last = term.week_of(when.first), term.week_of(min(when.last, term.last))
    return str(first) if first == last else f"{first}-{last}"


def held(staff: Staff, id: str) -> tuple[str, ...]:
    """What a teacher holds today: 小组, 职务, 任教, 人员状态."""
    member = staff.members.get(id)
    if member is None:
        return ("",) * len(HELD)
    groups = [staff.groups[group] for group in member.facts["groups"] if group in staff.groups]
    shown = [group.name for kind in GROUPS_FIRST for group in groups if group.kind == kind][:1]
    teaches = [*member.facts["subjects"], *member.facts["grades"]]
    return "、".join(shown), "、".join(member.facts["posts"][:2]), "、".join(teaches[:3]), str(member.facts["state"])


def term_or_none(school: School, day: date | None = None) -> Term | None:
    try:
        return school.term(day)
    except NotFound:
        return None

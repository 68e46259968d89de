"""Dossier: everything that is known about one record in one place; of a teacher, 一人一档."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from jiaoyan.access import masked, private_fields
from jiaoyan.conditions import AnyOf, Condition, Has, Is, at
from jiaoyan.errors import JiaoyanError, Stopped
from jiaoyan.host.contexts import Sheet, Showing
from jiaoyan.kinds import Kind
from jiaoyan.listing import PageNames, damage, listed, term_or_none
from jiaoyan.model.cuts import Cut
from jiaoyan.records import plain
from jiaoyan.registers import Facet, Register
from jiaoyan.requirements import MARKS, board, urgent_first
from jiaoyan.showing import FieldFacts, fields_of, shown_as

if TYPE_CHECKING:
    from jiaoyan.school import School

Target = tuple[str, str]
"""(register, id) of a record that a line leads to."""
MOST = 30
"""Records of one kind that a dossier lists; the register has the rest."""
SHOWN_COLUMNS = 4


@dataclass(frozen=True, slots=True)
class Section:
    """A titled table about a record. Without headers its rows are (title, text). `targets` leads a row to a record."""

    title: str
    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    marks: tuple[str, ...] = ()
    targets: tuple[Target | None, ...] = ()
    note: str = ""


def facts_of(school: School, register: Register[Any], document: Mapping[str, Any], *, private: bool = True) -> Iterator[Section]:
    """What stands in the record itself and in its facets; without personal fields, where they are not asked for."""
    names = PageNames(school)
    names.learn(register, (document,))
    if reason := damage(register, document if private else masked(document, private_fields(register))):
        yield Section("损坏", (), (("原因", reason), ("怎么办", "请按原因改正,或从历史里撤销造成损坏的修改")), ("error", ""))
    yield _fields(school, register.title, register, document, names, private)
    yield from _parts(school, register, document, names)
    for facet in school.facets_of(register.id):
        held = school.store.table(facet.id).by_id(str(document.get("id", "")))
        if held is not None:
            names.learn(facet, (held,))
            yield _fields(school, facet.title, facet, held, names, private)
            yield from _parts(school, facet, held, names)


def about(
    school: School, register: Register[Any], document: Mapping[str, Any], day: date, *, most: int | None = MOST
) -> Iterator[Section]:
    """What else is known of it: progress, what counts, what refers to it, and the sheets of plugins. `most` records of a kind."""
    id = str(document.get("id", ""))
    if register.id == "teacher":
        yield from _of_teacher(school, id, day, most)
    elif register.id == "group":
        yield from _of_group(school, id, day, most)
    elif register.id == "cut":
        from jiaoyan.cutting import cut_sections

        yield from cut_sections(school, school.records(Cut).get(id))
    else:
        yield from _entries(school, "计入明细", school.store.entries.of(register.id, id), whose=True)
    for _, sheet in school.host.collect("sheets", Showing(school, register.id, id, day)):
        if isinstance(sheet, Sheet):
            yield Section(sheet.title, sheet.headers, sheet.rows, sheet.marks, note=sheet.note)
    yield from referring(school, register.id, id, most=most)


# ---- fields ---------------------------------------------------------------------------------------------------------
def _fields(
    school: School, title: str, owner: Register[Any] | Facet[Any], document: Mapping[str, Any], names: PageNames, private: bool
) -> Section:
    rows: list[tuple[str, str]] = []
    targets: list[Target | None] = []
    empty: list[str] = []
    for name, facts in fields_of(school, owner.model).items():
        value = document.get(name)
        if (facts.many and facts.part is not None) or facts.hidden or (facts.private and not private):
            continue
        if value in (None, "", [], {}) or (value == 0 and not isinstance(value, bool) and facts.labels is None):
            empty += [] if facts.given else [facts.title]
            continue
        if facts.many and facts.register and isinstance(value, (list, tuple)) and len(value) > 1:
            for number, item in enumerate(value):
                rows.append((facts.title if not number else "", names(facts.register, str(item))))
                targets.append((facts.register, str(item)))
            continue
        rows.append((facts.title, _text(school, facts, value, names)))
        only = value[0] if facts.many and isinstance(value, (list, tuple)) and value else value
        targets.append((facts.register, str(only)) if facts.register and only else None)
    note = f"未填写:{'、'.join(empty)}" if empty and private else ""
    return Section(title, (), tuple(rows), targets=tuple(targets), note=note)


def _text(school: School, facts: FieldFacts, value: Any, names: PageNames) -> str:
    try:
        return shown_as(school, facts, value, names)
    except (ValueError, TypeError, JiaoyanError):
        return str(value)


def _parts(
    school: School, owner: Register[Any] | Facet[Any], document: Mapping[str, Any], names: PageNames
) -> Iterator[Section]:
    """The lists of the record, each a table: participants with their attendance, 环节 …"""
    for name, facts in fields_of(school, owner.model).items():
        items = document.get(name)
        if not (facts.many and facts.part is not None and isinstance(items, (list, tuple)) and items):
            continue
        inside = fields_of(school, facts.part)
        filled = [n for n in inside if any(isinstance(item, Mapping) and item.get(n) not in ("", None, False, 0) for item in items)]
        kind = str(document.get("kind", ""))
        rows = tuple(
            tuple(
                school.kinds.role(kind, str(item.get(n, ""))) if inside[n].role else _text(school, inside[n], item.get(n), names)
                for n in filled
            )
            for item in items
        )
        lead = next((n for n in filled if inside[n].register), None)
        targets = tuple((inside[lead].register, str(item[lead])) if lead and item.get(lead) else None for item in items)
        yield Section(f"{facts.title} {len(items)}", tuple(inside[n].title for n in filled), rows, targets=targets)


# ---- what else is known ---------------------------------------------------------------------------------------------
def _of_teacher(school: School, id: str, day: date, most: int | None) -> Iterator[Section]:
    postings = school.records("posting").documents(Is(field="teacher", value=id), size=most)
    held = ("what", "value", "group", "subject", "grade", "classes", "first", "last")
    yield _listed(school, "posting", "任职与任教", postings, held, most)
    yield _progress(school, id, day)
    found = school.store.entries.page(Is(field="teacher", value=id), ("-day",), 0, most)
    yield from _entries(school, "计入明细", found, most=most)
    works = school.records("work").documents(Has(field="authors", value=id), ("-day",), size=most)
    yield _listed(school, "work", "材料", works, ("day", "kind", "title", "state", "level"), most)
    where = AnyOf(of=(Is(field="speaker", value=id), Has(field="participants.teacher", value=id)))
    activities = school.records("activity").documents(where, ("-when.first",), size=most)
    yield _listed(school, "activity", "活动", activities, ("when", "title", "kind", "state"), most)


def _of_group(school: School, id: str, day: date, most: int | None) -> Iterator[Section]:
    staff = school.staff(day)
    members = [m for m in staff.of_group(id, with_away=True) if not m.gone]
    rows = tuple(
        (m.teacher.name, "、".join(m.facts["posts"]), "、".join(m.facts["subjects"]), str(m.facts["state"])) for m in members
    )
    yield Section(f"成员 {len(members)}", ("姓名", "职务", "任教", "状态"), rows, targets=tuple(("teacher", m.id) for m in members))
    yield _progress(school, id, day)
    activities = school.records("activity").documents(Has(field="groups", value=id), ("-when.first",), size=most)
    yield _listed(school, "activity", "活动", activities, ("when", "title", "kind", "state"), most)


def _progress(school: School, subject: str, day: date) -> Section:
    try:
        found = urgent_first(row for row in board(school, day).rows if row.subject == subject)
    except Stopped:
        raise
    except JiaoyanError as error:
        return Section("完成情况", (), (), note=str(error))
    rows = tuple(
        (row.label, row.requirement.title, row.amounts, plain(row.missing) if row.missing else "", str(row.by or ""), row.reason)
        for row in found
    )
    marks = tuple(MARKS.get(row.state, "muted") for row in found)
    return Section(
        "完成情况", ("状态", "要求", "已完成/应完成", "还差", "期限", "说明"), rows, marks,
        tuple(("requirement", row.requirement.id) for row in found), f"截至 {day}",
    )


def _entries(
    school: School, title: str, entries: Sequence[Mapping[str, Any]], *, whose: bool = False, most: int | None = None
) -> Iterator[Section]:
    if not entries:
        return
    names = PageNames(school)
    names.read("teacher", {e["teacher"] for e in entries if e["teacher"]})
    names.read("group", {e["group"] for e in entries if e["group"]})
    rows = []
    for entry in entries:
        kind = school.kinds.get(entry["kind"])
        row = [entry["day"], school.kinds.label(entry["kind"]), school.kinds.role(entry["kind"], entry["role"]), _amount(kind, entry)]
        if whose:
            who = names("teacher", entry["teacher"]) if entry["teacher"] else names("group", entry["group"]) if entry["group"] else ""
            row.insert(0, who or "学校")
        rows.append(tuple(row))
    headers = (*(("记给",) if whose else ()), "日期", "统计项目", "角色", "数量")
    more = f"最近 {most} 条" if len(entries) == most else ""
    yield Section(title, headers, tuple(rows), targets=() if whose else tuple((e["register"], e["record"]) for e in entries), note=more)


def _amount(kind: Kind | None, entry: Mapping[str, Any]) -> str:
    amount = f"{entry['amount'] / 1000:g}{kind.unit if kind else ''}"
    minutes = f" {entry['minutes']}分钟" if entry["minutes"] else ""
    return amount + minutes + (f" {entry['chars']}字" if entry["chars"] else "")


def _listed(
    school: School, register: str, title: str, documents: Sequence[Mapping[str, Any]], columns: tuple[str, ...],
    most: int | None = None,
) -> Section:
    owner = school.register(register)
    rows = listed(school, owner, documents, columns, term=term_or_none(school))
    facts = fields_of(school, owner.model)
    filled = [n for n in range(len(columns)) if any(row.cells[n] for row in rows)]
    titles = tuple(facts[columns[n]].title for n in filled)
    cells = tuple(tuple(row.cells[n] for n in filled) for row in rows)
    count = f"最近 {most}" if len(rows) == most else str(len(rows))
    return Section(f"{title} {count}", titles, cells, targets=tuple((register, row.id) for row in rows))


# ---- what refers to it ----------------------------------------------------------------------------------------------
def referring(
    school: School, register: str, id: str, skip: Iterable[str] = (), *, most: int | None = MOST
) -> Iterator[Section]:
    """Records of every register that point to this one, a section a register."""
    shown_already = {"posting", "work", "activity"} if register in ("teacher", "group") else set()
    for other, title, _ in school.register_titles():
        if other in shown_already or other in skip:
            continue
        try:
            owner = school.register(other)
            conditions = conditions_on(school, owner, register, id)
            if not conditions:
                continue
            where = AnyOf(of=conditions)
            records = school.records(owner)
            documents = records.documents(where, size=most)
            count = len(documents) if most is None or len(documents) < most else records.count(where)
        except JiaoyanError:
            continue
        if documents:
            section = _listed(school, other, title, documents, owner.columns[:SHOWN_COLUMNS])
            yield Section(f"引用它的{title} {count}", section.headers, section.rows, targets=section.targets)


def conditions_on(school: School, owner: Register[Any], register: str, id: str) -> tuple[Condition, ...]:
    """By which fields a record of `owner` may point to this record."""
    found: list[Condition] = []
    for path in owner.refs:
        target = path.register or (school.records(path.model).register.id if path.model else "")
        if target == register:
            found.append((Has if path.many else Is)(field=path.path, value=id))
    return tuple(found)


def state_of(register: Register[Any], document: Mapping[str, Any]) -> str:
    """The stored state of a record; empty where its register has none."""
    return str(at(document, register.workflow.field) or "") if register.workflow else ""

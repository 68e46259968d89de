"""The past of records in words: who changed what, when, from what to what; personal fields stay hidden without the right."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

from jiaoyan.access import masked, private_fields, require_read
from jiaoyan.errors import JiaoyanError
from jiaoyan.registers import Facet, Register
from jiaoyan.showing import shown
from jiaoyan.store.history import HistoryRow

if TYPE_CHECKING:
    from jiaoyan.school import School

ACTIONS = {"create": "新增", "save": "修改", "remove": "删除"}
_CST = timezone(timedelta(hours=8))


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that a change has changed."""

    title: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Past:
    """What one change did to one record."""

    change: int
    time: str
    actor: str
    label: str
    action: str
    register: str
    title: str
    """The register's title."""
    record: str
    name: str
    differences: tuple[Difference, ...]
    undone: bool = False


def past_of(school: School, register: str, record: str) -> list[Past]:
    """All that was done to a record, the newest first. Raises Refused."""
    owner = _owner(school, register)
    if isinstance(owner, Register):
        require_read(school.actor, owner)
    return list(reversed(list(_told(school, owner, school.store.history_of(register, record)))))


def past_of_change(school: School, number: int) -> list[Past]:
    """What a change did, a row a record; records that the actor may not read are left out."""
    found = []
    for row in school.store.history_of_change(number):
        try:
            owner = _owner(school, row.register)
            if isinstance(owner, Register):
                require_read(school.actor, owner)
        except JiaoyanError:
            continue
        versions = [past for past in school.store.history_of(row.register, row.record) if past.seq <= row.seq]
        found.append(list(_told(school, owner, versions))[-1])
    return found


def _owner(school: School, register: str) -> Register[Any] | Facet[Any] | None:
    for find in (school.register, school.facet):
        try:
            return find(register)
        except JiaoyanError:
            continue
    return None


def _told(school: School, owner: Register[Any] | Facet[Any] | None, rows: list[HistoryRow]) -> Iterator[Past]:
    before: Mapping[str, Any] | None = None
    hidden = private_fields(owner) if owner is not None and not school.actor.has("private") else ()
    for row in rows:
        after = masked(row.document, hidden) if row.document is not None else None
        named = after or before or {}
        name = school.label(owner, named) if isinstance(owner, Register) and named else row.record
        yield Past(
            row.change, local_time(row.time), row.actor, row.label, ACTIONS.get(row.action, row.action), row.register,
            owner.title if owner is not None else row.register, row.record, name, tuple(_differences(school, owner, before, after)),
            bool(row.undoes),
        )
        before = after


def _differences(
    school: School, owner: Register[Any] | Facet[Any] | None, before: Mapping[str, Any] | None, after: Mapping[str, Any] | None
) -> Iterator[Difference]:
    old, new = before or {}, after or {}
    names = list(owner.model.model_fields) if owner is not None else sorted({*old, *new})
    for name in names:
        if name in ("id", "rev") or old.get(name) == new.get(name):
            continue
        texts = [_text(school, owner, name, version.get(name)) for version in (old, new)]
        if texts[0] != texts[1]:
            title = owner.model.model_fields[name].title if owner is not None else None
            yield Difference(title or name, *texts)


def _text(school: School, owner: Register[Any] | Facet[Any] | None, name: str, value: Any) -> str:
    if owner is None:
        return "" if value is None else str(value)
    try:
        return shown(school, owner.model, name, value)
    except (ValueError, TypeError, JiaoyanError):
        return str(value)


def local_time(stamp: str) -> str:
    """A stamp of history as a Chinese clock shows it."""
    return f"{datetime.fromisoformat(stamp).astimezone(_CST):%Y-%m-%d %H:%M}"

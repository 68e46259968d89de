"""The bin: records that were deleted, and how they come back. Nothing of its own is stored: history has them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jiaoyan.access import require_read
from jiaoyan.errors import BadInput, JiaoyanError, NotFound, Problem
from jiaoyan.listing import PageNames, told_apart
from jiaoyan.past import local_time
from jiaoyan.store import HistoryRow

if TYPE_CHECKING:
    from jiaoyan.school import School

MOST = 500
"""Deletions that the bin lists, the newest; all of them stay in history."""


@dataclass(frozen=True, slots=True)
class Binned:
    """A deleted record: what it was, who deleted it when."""

    register: str
    title: str
    """The register's title."""
    record: str
    name: str
    time: str
    actor: str
    change: int


def binned(school: School, size: int = MOST) -> list[Binned]:
    """The newest deletions first; what the actor may not read, and what was erased for good, is left out."""
    found, names = [], PageNames(school)
    for row in school.store.removed(size):
        try:
            register = school.register(row.register)
            require_read(school.actor, register)
        except JiaoyanError:  # a facet goes and comes with its record; a module may be off
            continue
        if (document := _before(school, row)) is not None:
            name = told_apart(school, register, document, names)
            found.append(Binned(register.id, register.title, row.record, name, local_time(row.time), row.actor, row.change))
    return found


def bring_back(school: School, wanted: Iterable[tuple[str, str]]) -> list[str]:
    """Puts deleted records, (register, id), back with their facets, in one change; their names.

    Raises NotFound, BadInput for one that is there, Refused.
    """
    gone = {(row.register, row.record): row for row in school.store.removed(-1)}
    changes: dict[int, dict[str, list[HistoryRow]]] = {}
    """change → record → what the change removed of it: itself and its facets."""
    names = []
    with school.change("从回收站恢复") as change:
        for register, id in wanted:
            owner = school.register(register)
            row = gone.get((owner.id, id))
            if row is None:
                there = school.store.table(owner.id).by_id(id) is not None
                raise (BadInput if there else NotFound)(Problem(owner.title, f"{'没有删除' if there else '回收站里没有'} {id}"))
            if row.change not in changes:
                changes[row.change] = _removals(school, row.change)
            for part in changes[row.change][id]:
                document = _before(school, part)
                if document is None:
                    raise NotFound(Problem(owner.title, f"{id} 的内容已彻底清除,不能恢复"))
                change.restore(part.register, id, document)
                if part.register == owner.id:
                    names.append(school.label(owner, document))
    return names


def _removals(school: School, change: int) -> dict[str, list[HistoryRow]]:
    found: dict[str, list[HistoryRow]] = defaultdict(list)
    for row in school.store.history_of_change(change):
        if row.action == "remove":
            found[row.record].append(row)
    return found


def _before(school: School, removal: HistoryRow) -> dict[str, Any] | None:
    """The document as it was when it was deleted."""
    document = None
    for row in school.store.history_of(removal.register, removal.record):
        if row.seq < removal.seq:
            document = row.document
    return document

"""A locked term: its records change only as 更正, with a reason."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from jiaoyan.access import require
from jiaoyan.conditions import Is, at
from jiaoyan.errors import Problem, TermLocked
from jiaoyan.registers import Register
from jiaoyan.terms import Term

if TYPE_CHECKING:
    from jiaoyan.school import School


def locked_terms(school: School) -> list[Term]:
    register = school.register("term")
    documents = school.store.table(register.id).page(Is(field="locked", value=True))
    return [Term.of_document(document) for document in documents]


def require_unlocked(
    school: School, locked: Iterable[Term], register: Register[Any], *documents: Mapping[str, Any] | None
) -> None:
    """Neither version of a record lies in one of the locked terms, or the session gives a reason and may pass plans.

    Raises TermLocked, Refused.
    """
    days = list(_days(register, documents))
    for term in locked:
        if any(term.first.isoformat() <= day <= term.last.isoformat() for day in days):
            if not school.correction:
                raise TermLocked(
                    Problem(f"{register.title}({term.title})", "学期已封存", "要改请写明更正原因(命令行:jiaoyan --correction 原因 …)")
                )
            require(school.actor, "pass", "更正已封存学期的记录")
            return


def _days(register: Register[Any], documents: tuple[Mapping[str, Any] | None, ...]) -> Iterator[str]:
    """The day that places each version in a term: of what lasts several days, the last."""
    for document in documents:
        value = at(document, register.day) if document is not None and register.day else None
        day = value.get("last") if isinstance(value, Mapping) else value
        if isinstance(day, str) and day:
            yield day

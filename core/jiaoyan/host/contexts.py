"""What a hook is told and what it may give back: plain values."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from jiaoyan.model.plans import Clause, Plan
    from jiaoyan.school import School
    from jiaoyan.terms import Term


class Reminder(NamedTuple):
    """A line for the overview: what is due or overdue, and the record that it is about."""

    text: str
    register: str
    record: str
    due: date | None = None
    overdue: bool = False


class Reminding(NamedTuple):
    """`reminders` is asked for the overview and for `status`."""

    school: School
    day: date


class Written(NamedTuple):
    """One record that a change writes: `after` is None where it is removed, `before` where it is new."""

    register: str
    id: str
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None


class Changing(NamedTuple):
    """`extend` and `objections` before, `changed` after a change."""

    school: School
    label: str
    actor: str
    written: tuple[Written, ...]


class Sheet(NamedTuple):
    """A table about a record: what a plugin makes of the facts. `marks` names a state a row (overdue, slow, ok, muted)."""

    title: str
    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""
    marks: tuple[str, ...] = ()


class Showing(NamedTuple):
    """`sheets` is asked when a record is looked at as a whole."""

    school: School
    register: str
    record: str
    day: date


class Bar(NamedTuple):
    """One bar of a chart. `told` stands beside it as it is read; `pace` is where it should be by now; `mark` names a state
    (overdue, slow, ok, muted); `leads_to` is a record, or a list: (register, id) or ("list", register, filter)."""

    label: str
    value: float
    told: str
    pace: float | None = None
    mark: str = ""
    leads_to: tuple[str, ...] = ()


class Chart(NamedTuple):
    """Figures that people would rather look at. `full` is what a whole bar stands for; the longest where it is 0."""

    title: str
    bars: tuple[Bar, ...]
    full: float = 0
    unit: str = ""
    note: str = ""


class Charting(NamedTuple):
    """`charts` is asked when the charts of a term are looked at, as they are on a day."""

    school: School
    term: Term
    day: date


class Adopting(NamedTuple):
    """`adopt` is asked inside the change that takes over a plan's accepted clauses."""

    school: School
    plan: Plan
    clauses: tuple[Clause, ...]
    term: Term

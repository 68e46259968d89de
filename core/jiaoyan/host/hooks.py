"""The hooks that a plugin may fill in: when each is called, what it gets, what it may give back.

A plugin derives from `Hooks`, marks each method that it fills in with `@hook` and names it in its manifest, so that it is
loaded only when one of its hooks is due. A plugin may declare hooks of its own in a class like this one, their names
beginning with its id, and hand it to the host in `specifications`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import pluggy

from jiaoyan.errors import Problem
from jiaoyan.model.plans import Clause, Plan
from jiaoyan.records import Record

if TYPE_CHECKING:
    from jiaoyan.school import School
    from jiaoyan.terms import Term

PROJECT = "jiaoyan"
F = TypeVar("F", bound=Callable[..., Any])
_specification = pluggy.HookspecMarker(PROJECT)
hook = pluggy.HookimplMarker(PROJECT)


def collect(function: F) -> F:
    """A hook whose answers are put together; a plugin that fails is left out and stopped."""
    function.__dict__["policy"] = "collect"
    return _specification(function)


def veto(function: F) -> F:
    """A hook whose answers are objections; a plugin that fails counts as an objection: it fails closed."""
    function.__dict__["policy"] = "veto"
    return _specification(function)


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


class Hooks:
    """What the core asks of plugins."""

    def specifications(self) -> tuple[type, ...]:
        """Classes with further hooks that this plugin declares. Called once, when the plugin is loaded."""
        return ()

    @collect
    def reminders(self, context: Reminding) -> Iterable[Reminder]:
        """Lines for the overview. Reads only."""
        return ()

    @collect
    def adopt(self, context: Adopting) -> Iterable[Record]:
        """Records of the plugin that accepted clauses become (a theme table becomes topics). They are saved in the same
        change; a record whose `origin` is there already is left alone."""
        return ()

    @collect
    def extend(self, context: Changing) -> Iterable[Record]:
        """Records that follow from what is being written (a finding opens a hazard). Asked once a change of a register that
        the manifest's `guards` name, before any check; what it gives is saved with it, by `origin` as with `adopt`."""
        return ()

    @collect
    def sheets(self, context: Showing) -> Iterable[Sheet]:
        """Tables about a record (a teacher's credits). Reads only."""
        return ()

    @collect
    def charts(self, context: Charting) -> Iterable[Chart]:
        """Charts for the page 图表 (hazards by age, the pace of credits). Figures only: the terminal draws them. Reads only."""
        return ()

    @veto
    def objections(self, context: Changing) -> Iterable[Problem]:
        """Reasons against a change. Called before the lock, with all that will be written."""
        return ()

    @collect
    def changed(self, context: Changing) -> Iterable[None]:
        """Called after a change is on disk. Cannot write."""
        return ()

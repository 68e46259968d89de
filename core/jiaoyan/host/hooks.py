"""The hooks that a plugin may fill in: when each is called, what it gets, what it may give back.

A plugin derives from `Hooks`, marks each method that it fills in with `@hook` and names it in its manifest, so that it is
loaded only when one of its hooks is due. A plugin may declare hooks of its own in a class like this one, their names
beginning with its id, and hand it to the host in `specifications`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import pluggy

from jiaoyan.errors import Problem
from jiaoyan.host.contexts import Adopting, Changing, Chart, Charting, Reminder, Reminding, Sheet, Showing
from jiaoyan.records import Record

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

"""States and the ways between them, as data: who may, what must be filled in first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Step(NamedTuple):
    """One way from states to a state. `right` names the right it takes; `needs` the fields that must not be empty."""

    to: str
    label: str
    origins: tuple[str, ...]
    needs: tuple[str, ...] = ()
    right: str = "write"


class Workflow(NamedTuple):
    """The states of one register's records. The first state is where a new record may begin, with all of `begins`."""

    states: Mapping[str, str]
    steps: tuple[Step, ...]
    field: str = "state"
    begins: tuple[str, ...] = ()
    settled: tuple[str, ...] = ()
    """States in which nothing is left to do: after its due day a record in any other is late."""

    def starts(self) -> tuple[str, ...]:
        return (next(iter(self.states)), *self.begins)

    def steps_from(self, state: str) -> list[Step]:
        """The steps that lead on from a state, in the order of the declaration."""
        return [step for step in self.steps if state in step.origins]

    def step(self, old: str, new: str) -> Step | None:
        """The step between two states, None where there is no way."""
        return next((s for s in self.steps if s.to == new and old in s.origins), None)

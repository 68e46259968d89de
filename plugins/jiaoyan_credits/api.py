"""What other plugins build on: a credit scheme, and the hook by which they offer one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from jiaoyan.api import School, collect


@dataclass(frozen=True, slots=True)
class Part:
    """A kind of credit within a scheme (集中, 远程, 校本): the least in a cycle and the most a year, None where open."""

    id: str
    label: str
    least: Decimal
    most_a_year: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """What earns: entries of `kinds` in one of `roles` (any where empty) give `credits` a piece, at most `most_a_year`."""

    id: str
    label: str
    part: str
    kinds: tuple[str, ...]
    credits: Decimal
    roles: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    most_a_year: Decimal | None = None
    once_a_day: bool = False
    """One half day is one unit, however many things filled it."""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Scheme:
    """A credit scheme. The credit year begins on `year_begins` (month, day); a cycle has `years` of them."""

    id: str
    label: str
    total: Decimal
    years: int
    first_cycle: date
    year_begins: tuple[int, int]
    parts: tuple[Part, ...]
    rules: tuple[Rule, ...]
    source: str = ""

    def year_of(self, day: date) -> tuple[date, date]:
        """First and last day of the credit year of a day."""
        begins = date(day.year, *self.year_begins)
        first = begins if day >= begins else date(day.year - 1, *self.year_begins)
        return first, date.fromordinal(date(first.year + 1, *self.year_begins).toordinal() - 1)

    def cycle_of(self, day: date) -> tuple[date, date]:
        """First and last day of the cycle of a day."""
        passed = (self.year_of(day)[0].year - self.first_cycle.year) // self.years * self.years
        first = date(self.first_cycle.year + passed, *self.year_begins)
        last = date.fromordinal(date(first.year + self.years, *self.year_begins).toordinal() - 1)
        return first, last


@dataclass(frozen=True, slots=True)
class Offering:
    """`credits_schemes` is asked for the schemes that there are."""

    school: School


class CreditHooks:
    """Hooks that this plugin declares."""

    @collect
    def credits_schemes(self, context: Offering) -> Iterable[Scheme]:
        """Schemes of a province or county. The school chooses one."""
        return ()

"""The ledger: what a teacher has earned under a scheme, line by line, each with its reason."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from jiaoyan.api import AllOf, Between, Is, School, plain
from jiaoyan_credits.api import Offering, Part, Rule, Scheme
from jiaoyan_credits.registers import CLAIM_PARTS, Choice, Claim

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Line:
    """One entry of a ledger: what was done, what it earns, and why not more."""

    day: date
    part: str
    label: str
    earned: Decimal
    why: str
    register: str
    record: str


@dataclass(frozen=True, slots=True)
class Sum:
    """What a part has come to: in the year, in the cycle, and what is still lacking of the cycle."""

    part: Part
    year: Decimal
    cycle: Decimal

    @property
    def missing(self) -> Decimal:
        return max(ZERO, self.part.least - self.cycle)


@dataclass(frozen=True, slots=True)
class Ledger:
    scheme: Scheme
    day: date
    lines: tuple[Line, ...]
    sums: tuple[Sum, ...]

    @property
    def total(self) -> Decimal:
        return sum((s.cycle for s in self.sums), ZERO)


def schemes(school: School) -> dict[str, Scheme]:
    """Every scheme that a plugin or a pack offers."""
    return {scheme.id: scheme for _, scheme in school.host.collect("credits_schemes", Offering(school))}


def chosen(school: School, day: date) -> Scheme | None:
    """The scheme that is in force on a day."""
    choices = school.records(Choice).all(Between(field="first", last=day.isoformat()))
    latest = max(choices, key=lambda c: c.first, default=None)
    return schemes(school).get(latest.scheme) if latest else None


def ledger(school: School, teacher: str, day: date, scheme: Scheme) -> Ledger:
    """What a teacher has earned in the cycle of a day, up to that day."""
    first, _ = scheme.cycle_of(day)
    where = AllOf(of=(Is(field="teacher", value=teacher), Between(field="day", first=first.isoformat(), last=day.isoformat())))
    entries = school.store.entries.page(where, sort=("day",))
    lines = _capped(scheme, [*_derived(school, scheme, entries), *_claimed(school, where)])
    year_first, year_last = scheme.year_of(day)
    sums = []
    for part in scheme.parts:
        of_part = [line for line in lines if line.part == part.id]
        in_year = sum((line.earned for line in of_part if year_first <= line.day <= year_last), ZERO)
        sums.append(Sum(part, in_year, sum((line.earned for line in of_part), ZERO)))
    return Ledger(scheme, day, tuple(lines), tuple(sums))


def _derived(school: School, scheme: Scheme, entries: Iterable[Mapping[str, Any]]) -> Iterator[tuple[Rule | None, Line]]:
    """A line for each entry by the first rule that fits it."""
    tests = [(rule, school.kinds.counted(rule.kinds, rule.roles)) for rule in scheme.rules]
    days_used: set[tuple[str, str]] = set()
    for entry in entries:
        rule = next(
            (r for r, test in tests if test(entry["kind"], entry["role"]) and (not r.levels or entry["level"] in r.levels)), None
        )
        if rule is None:
            continue
        pieces = Decimal(1) if rule.once_a_day else Decimal(entry["amount"]) / 1000
        day, label = date.fromisoformat(entry["day"]), school.kinds.label(entry["kind"])
        source = (entry["register"], entry["record"])
        if rule.once_a_day and (rule.id, entry["day"]) in days_used:
            yield rule, Line(day, rule.part, label, ZERO, f"{rule.label}:当天已计过一次", *source)
            continue
        days_used.add((rule.id, entry["day"]))
        earned = rule.credits * pieces
        why = f"{rule.label}:{plain(rule.credits)} × {plain(pieces)} = {plain(earned)}"
        yield rule, Line(day, rule.part, label, earned, why, *source)


def _claimed(school: School, where: AllOf) -> Iterator[tuple[Rule | None, Line]]:
    recognised = AllOf(of=(*where.of, Is(field="state", value="recognised")))
    for claim in school.records(Claim).all(recognised, sort=("day",)):
        why = f"{CLAIM_PARTS[claim.part]}:{claim.organiser or '上级'}认定 {plain(claim.credits)}"
        yield None, Line(claim.day, claim.part, claim.title, claim.credits, why, "credits.claim", claim.id)


def _capped(scheme: Scheme, found: list[tuple[Rule | None, Line]]) -> list[Line]:
    """The yearly limits of rules and parts applied in the order of days; a cut line says so."""
    parts = {part.id: part for part in scheme.parts}
    by_rule: dict[tuple[str, date], Decimal] = defaultdict(Decimal)
    by_part: dict[tuple[str, date], Decimal] = defaultdict(Decimal)
    lines = []
    for rule, line in sorted(found, key=lambda pair: pair[1].day):
        year = scheme.year_of(line.day)[0]
        limits = [] if rule is None else [(by_rule, (rule.id, year), rule.most_a_year, rule.label)]
        part = parts.get(line.part)
        if part is not None:
            limits.append((by_part, (part.id, year), part.most_a_year, part.label))
        cut = line
        for used, key, most, label in limits:
            if most is not None and used[key] + cut.earned > most:
                left = max(ZERO, most - used[key])
                cut = replace(cut, earned=left, why=f"{cut.why};{label}每年至多 {plain(most)},计 {plain(left)}")
        for used, key, _, _ in limits:
            used[key] += cut.earned
        lines.append(cut)
    return lines

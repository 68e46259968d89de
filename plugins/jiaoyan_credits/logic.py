"""Schemes from packs, and a teacher's credits as a sheet."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from pydantic import BaseModel, ConfigDict

from jiaoyan.api import Bar, Chart, Charting, Hooks, Sheet, Showing, hook, plain
from jiaoyan_credits.api import CreditHooks, Offering, Part, Rule, Scheme
from jiaoyan_credits.ledger import chosen, ledger


class PartLine(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    label: str
    least: Decimal
    most_a_year: Decimal | None = None


class SchemeLine(BaseModel):
    """[[credits.scheme]]"""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    label: str
    total: Decimal
    years: int = 5
    first_cycle: date
    parts: tuple[PartLine, ...]
    source: str = ""


class RuleLine(BaseModel):
    """[[credits.rule]]"""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    scheme: str
    label: str
    part: str
    kinds: tuple[str, ...]
    credits: Decimal
    roles: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    most_a_year: Decimal | None = None
    once_a_day: bool = False
    source: str = ""


class Credits(Hooks):
    def specifications(self) -> tuple[type, ...]:
        return (CreditHooks,)

    @hook
    def credits_schemes(self, context: Offering) -> Iterator[Scheme]:
        """The schemes of the packs: the program's own, the district's, the school's."""
        packs = context.school.packs
        rules = packs.items("credits.rule", RuleLine).values()
        for line in packs.items("credits.scheme", SchemeLine).values():
            yield Scheme(
                line.id, line.label, line.total, line.years, line.first_cycle, (line.first_cycle.month, line.first_cycle.day),
                tuple(Part(**part.model_dump()) for part in line.parts),
                tuple(Rule(**rule.model_dump(exclude={"scheme"})) for rule in rules if rule.scheme == line.id), line.source,
            )

    @hook
    def sheets(self, context: Showing) -> Iterator[Sheet]:
        """A teacher's credits: the sums, then every line with its reason."""
        if context.register != "teacher":
            return
        scheme = chosen(context.school, context.day)
        if scheme is None:
            yield Sheet("学分", (), (), "还没有选定学分方案:在“学分方案”登记表里新增一条")
            return
        found = ledger(context.school, context.record, context.day, scheme)
        first, last = scheme.cycle_of(context.day)
        yield Sheet(
            f"学分 {scheme.label} {first}—{last}", ("类别", "本年", "本周期", "应修", "还差"),
            (
                *((s.part.label, plain(s.year), plain(s.cycle), plain(s.part.least), plain(s.missing)) for s in found.sums),
                ("合计", "", plain(found.total), plain(scheme.total), plain(max(Decimal(0), scheme.total - found.total))),
            ),
            scheme.source,
        )
        parts = {part.id: part.label for part in scheme.parts}
        yield Sheet(
            "学分明细", ("日期", "类别", "内容", "学分", "依据"),
            tuple((str(e.day), parts.get(e.part, e.part), e.label, plain(e.earned), e.why) for e in found.lines),
        )

    @hook
    def charts(self, context: Charting) -> Iterator[Chart]:
        """The mean credits of each 教研组 against the even pace of the cycle, and who is behind it."""
        scheme = chosen(context.school, context.day)
        if scheme is None:
            return
        first, last = scheme.cycle_of(context.day)
        pace = float(scheme.total) * ((context.day - first).days + 1) / ((last - first).days + 1)
        staff = context.school.staff(context.day)
        owing = staff.chosen(None)
        earned = {member.id: float(ledger(context.school, member.id, context.day, scheme).total) for member in owing}
        bars = []
        for group in staff.groups.values():
            sums = [earned[member.id] for member in owing if group.id in member.facts["groups"]]
            if group.kind != "research" or group.ended or not sums:
                continue
            mean, behind = sum(sums) / len(sums), sum(amount < pace for amount in sums)
            told = f"人均 {mean:.1f}{f',落后 {behind}/{len(sums)} 人' if behind else ''}"
            mark = "ok" if not behind else "slow" if mean >= pace else "overdue"
            bars.append(Bar(group.name, mean, told, pace, mark, ("group", group.id)))
        note = f"周期 {first}—{last},应修 {plain(scheme.total)};到今天的进度是 {pace:.1f}(竖线)"
        yield Chart(f"学分进度 {scheme.label}", tuple(bars), float(scheme.total), note=note)

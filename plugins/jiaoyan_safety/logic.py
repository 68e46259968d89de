"""What is overdue; findings become hazards; who put a hazard right does not check it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from jiaoyan.api import (
    AllOf,
    Bar,
    Between,
    Changing,
    Chart,
    Charting,
    Hooks,
    Is,
    Not,
    Problem,
    Record,
    Ref,
    Reminder,
    Reminding,
    hook,
)
from jiaoyan_safety.registers import CLASSES, Hazard, Inspection

SOON = timedelta(days=3)
OLDEST = 100_000
AGES = (("3天以内", 0, 3), ("4—7天", 4, 7), ("8—30天", 8, 30), ("31—90天", 31, 90), ("90天以上", 91, OLDEST))


class Safety(Hooks):
    @hook
    def reminders(self, context: Reminding) -> Iterator[Reminder]:
        """Hazards past their deadline, and those due within three days."""
        last = (context.day + SOON).isoformat()
        where = AllOf(of=(Between(field="deadline", last=last), Not(of=Is(field="state", value="closed"))))
        for hazard in context.school.records(Hazard).all(where, sort=("deadline",)):
            deadline = hazard.deadline
            if hazard.state == "fixed" or deadline is None:
                continue
            overdue = deadline < context.day
            told = f"逾期 {(context.day - deadline).days} 天" if overdue else f"{deadline} 到期"
            yield Reminder(
                f"隐患 {hazard.place} {CLASSES[hazard.kind]}:{hazard.text[:30]}({told})", "safety.hazard", hazard.id,
                deadline, overdue,
            )

    @hook
    def extend(self, context: Changing) -> Iterator[Record]:
        """Every finding that is not in order opens a hazard, once."""
        for written in context.written:
            if written.register != "safety.inspection" or written.after is None:
                continue
            inspection = Inspection.of_document(written.after)
            for number, finding in enumerate(inspection.findings, 1):
                if finding.ok:
                    continue
                yield Hazard(
                    number=f"{inspection.day:%Y%m%d}-{number}", day=inspection.day, place=finding.place, kind=finding.kind,
                    text=finding.text or f"{CLASSES[finding.kind]}不合格", finder=next(iter(inspection.inspectors), Ref("")),
                    mode=finding.mode, owner=finding.owner,
                    inspection=Ref(inspection.id), origin=f"{inspection.id}:{number}",
                )

    @hook
    def objections(self, context: Changing) -> Iterator[Problem]:
        for written in context.written:
            after = written.after or {}
            if written.register == "safety.hazard" and after.get("state") == "closed":
                if after.get("checker") and after["checker"] == after.get("fixer"):
                    yield Problem("验收人", "验收人不能是整改人", "请换一位验收")
                if (after.get("checked_on") or "") < (after.get("fixed_on") or ""):
                    yield Problem("验收日期", "验收日期早于完成日期")

    @hook
    def charts(self, context: Charting) -> Iterator[Chart]:
        """Hazards that are not 已销号, by how long ago they were found."""
        where = AllOf(of=(Not(of=Is(field="state", value="closed")), Between(field="day", last=context.day.isoformat())))
        yield hazards_by_age(context.school.records(Hazard).all(where), context.day)


def hazards_by_age(hazards: Iterable[Hazard], day: date) -> Chart:
    ages = [((day - hazard.day).days, hazard) for hazard in hazards]
    bars = []
    for title, least, most in AGES:
        found = [hazard for age, hazard in ages if least <= age <= most]
        late = sum(h.state != "fixed" and h.deadline is not None and h.deadline < day for h in found)
        told = f"{len(found)} 处{f',逾期 {late} 处' if late else ''}"
        since = f"排查日期>={day - timedelta(days=most)} " if most < OLDEST else ""
        leads_to = ("list", "safety.hazard", f"{since}排查日期<={day - timedelta(days=least)} -状态:已销号")
        bars.append(Bar(title, len(found), told, mark="overdue" if late else "slow" if found else "muted", leads_to=leads_to))
    note = f"未销号 {len(ages)} 处,按排查后的天数" if ages else "没有未销号的隐患"
    return Chart("未销号隐患", tuple(bars) if ages else (), 0, "处", note)

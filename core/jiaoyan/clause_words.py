"""What was read in a clause, in words: its fields with Chinese titles, for showing and for correcting."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import Field

from jiaoyan.binding import PERIODS
from jiaoyan.carrying import when_of
from jiaoyan.model.duties import BOUNDS
from jiaoyan.records import Part, choice
from jiaoyan.terms import WEEKDAYS, Term, When

NATURES = {"event": "活动", "job": "工作"}
DAYS = {"0": "未写明", **{str(number): f"周{name}" for number, name in enumerate(WEEKDAYS, 1)}}
UNREAD = "(未读出)"
ODD = {"": "每周", "odd": "单周", "even": "双周"}
PER = {"": "未写明(按学期)", **{per: f"每{per}" for per in PERIODS if per}}


class ScheduleFacts(Part):
    """A dated item."""

    when: When | None = Field(default=None, title="时间")
    item: str = Field(title="事项", min_length=1, max_length=300)
    nature: choice(NATURES) = Field(default="event", title="性质")  # type: ignore[valid-type]
    speaker: str = Field(default="", title="主讲", max_length=80)
    place: str = Field(default="", title="地点", max_length=80)
    who: str = Field(default="", title="责任部门", max_length=80)


class WeeklyFacts(Part):
    """A weekly slot."""

    who: str = Field(default="", title="谁", max_length=80)
    weekday: choice(DAYS) = Field(default="0", title="星期")  # type: ignore[valid-type]
    part: str = Field(default="", title="时段", max_length=40, description="如 16:10-16:45、下午")
    what: str = Field(default="", title="内容", max_length=200)
    odd: choice(ODD) = Field(default="", title="单双周")  # type: ignore[valid-type]


class RequirementFacts(Part):
    """A duty with a number."""

    who: str = Field(default="", title="适用", max_length=120)
    what: str = Field(title="要求", min_length=1, max_length=200)
    bound: choice(BOUNDS) = Field(default="min", title="界限")  # type: ignore[valid-type]
    count: float = Field(default=1, title="数量", ge=0)
    upto: float | None = Field(default=None, title="至多", ge=0)
    unit: str = Field(default="", title="单位", max_length=20)
    per: choice(PER) = Field(default="", title="周期")  # type: ignore[valid-type]
    chars: int = Field(default=0, title="每篇字数", ge=0)
    set: str = Field(default="", title="所属组合", max_length=40)


class TopicFacts(Part):
    """A research topic."""

    subject: str = Field(default="", title="学科", max_length=40)
    grade: str = Field(default="", title="年级", max_length=40)
    title: str = Field(title="主题", min_length=1, max_length=200)


class GroupFacts(Part):
    """A group that is named."""

    name: str = Field(title="名称", min_length=1, max_length=60)


class TitleFacts(Part):
    """A heading or a measure."""

    title: str = Field(title="内容", min_length=1, max_length=300)


MODELS: Mapping[str, type[Part]] = {
    "schedule": ScheduleFacts, "weekly": WeeklyFacts, "requirement": RequirementFacts, "topic": TopicFacts,
    "group": GroupFacts, "measure": TitleFacts, "section": TitleFacts,
}


def facts_model(table: str, facts: Mapping[str, Any], term: Term) -> Part:
    """What was read as a model with titles; what does not fit it is left out, never a fault."""
    model = MODELS[table]
    values = {name: value for name, value in facts.items() if name in model.model_fields and value is not None}
    if table == "schedule":
        values["when"] = when_of(dict(facts), term)
    if table == "weekly":
        values["weekday"] = str(values.get("weekday", "0"))
    sound: dict[str, Any] = {}
    for name, value in values.items():
        try:
            model.__pydantic_validator__.validate_assignment(model.model_construct(), name, value)
        except ValueError:
            continue
        sound[name] = value
    for name, info in model.model_fields.items():
        if info.is_required() and name not in sound:
            sound[name] = UNREAD
    return model.model_validate(sound)


def changed_facts(table: str, before: Part, after: Part, term: Term) -> dict[str, Any]:
    """What a person has corrected, in the reader's own words."""
    found: dict[str, Any] = {}
    for name in type(after).model_fields:
        value = getattr(after, name)
        if value == getattr(before, name):
            continue
        if isinstance(value, When):
            found |= when_code(value, term)
        elif name == "weekday" or (isinstance(value, float) and value.is_integer()):
            found[name] = int(value)
        else:
            found[name] = value
    return found


def when_code(when: When, term: Term) -> dict[str, str]:
    """A time as the reader writes it: a day, a week of term, months; a span of days as the weeks it lies in."""
    if when.day is not None:
        return {"day": when.day.isoformat(), "when": f"{when.day.month:02}"}
    if when.precision == "month":
        return {"day": "", "when": f"{when.first.month:02}"}
    first, last = term.week_of(when.first), term.week_of(when.last)
    return {"day": "", "when": f"W{first:02}" + (f"/W{last:02}" if last != first else "")}


def in_words(table: str, facts: Mapping[str, Any], term: Term) -> str:
    """One line of what was understood."""
    read = facts_model(table, facts, term)
    if isinstance(read, ScheduleFacts):
        when = str(read.when) if read.when else "时间未写明"
        return " ".join(part for part in (when, read.item, read.speaker, read.place) if part)
    if isinstance(read, WeeklyFacts):
        day = DAYS[read.weekday] if read.weekday != "0" else "星期未写明"
        return " ".join(part for part in (read.who, ODD[read.odd] if read.odd else "", day, read.part, read.what) if part)
    if isinstance(read, RequirementFacts):
        upto = f"—{read.upto:g}" if read.upto else ""
        least = f"(每篇不少于{read.chars}字)" if read.chars else ""
        amount = f"{BOUNDS[read.bound]} {read.count:g}{upto}{read.unit}{least}"
        per = f"每{read.per}" if read.per else ""
        return " ".join(part for part in (read.who, per, read.what, amount, f"〔{read.set}〕" if read.set else "") if part)
    return " ".join(str(value) for name in type(read).model_fields if (value := getattr(read, name)))

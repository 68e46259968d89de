"""What a model asks of a form, without a screen: a description a field, texts out of stored values and values out of texts."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel
from pydantic_core import PydanticUndefined, to_jsonable_python

from jiaoyan.entering import values_of
from jiaoyan.errors import JiaoyanError
from jiaoyan.kinds import ROLES, Kind
from jiaoyan.showing import FieldFacts, fields_of, split_list
from jiaoyan.terms import WEEKDAYS, Term, When
from jiaoyan.workflow import Workflow

if TYPE_CHECKING:
    from jiaoyan.school import School


class Widget(StrEnum):
    """How a field is filled in. The comment says what stands for its value in a form (and in a draft)."""

    TEXT = "text"  # str
    LONG = "long"  # str
    NUMBER = "number"  # str
    WORDS = "words"  # str: words with 、 between them
    DAY = "day"  # str
    WHEN = "when"  # str
    FLAG = "flag"  # bool
    CHOICE = "choice"  # str: the stored choice
    ONE = "one"  # str: an id
    SEVERAL = "several"  # list[str]: ids
    PARTS = "parts"  # list[dict]
    SHOWN = "shown"  # as stored; not typed


TYPED = (Widget.TEXT, Widget.LONG, Widget.NUMBER, Widget.WORDS, Widget.DAY, Widget.WHEN)
TIMES = (Widget.DAY, Widget.WHEN)


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a form."""

    facts: FieldFacts
    widget: Widget
    choices: Mapping[str, str]
    kinds: tuple[Kind, ...] = ()
    default: Any = None

    @property
    def name(self) -> str:
        return self.facts.name

    @property
    def title(self) -> str:
        return self.facts.title


def form_fields(
    school: School, model: type[BaseModel], *, register: str = "", flow: Workflow | None = None, state: str | None = None,
    roles: Mapping[str, str] | None = None,
) -> dict[str, Field]:
    """The fields of a model as a form asks for them; personal ones left out for who may not see them.

    With a workflow, its field offers what the record may become from `state` (None: a new record). `register` narrows
    kinds to those that are entered there; `roles` are offered where a part asks for a role.
    """
    found = {}
    for name, facts in fields_of(school, model).items():
        if facts.private and not school.actor.has("private"):
            continue
        choices = dict(facts.labels or {})
        if flow is not None and name == flow.field:
            choices = _states(school, flow, state)
        elif facts.role:
            choices = dict(roles or ROLES)
        kinds = kinds_for(school, facts, register) if facts.kind_under is not None else ()
        found[name] = Field(facts, _widget(facts, choices), choices, kinds, _default(model, name))
    return found


def _states(school: School, flow: Workflow, state: str | None) -> dict[str, str]:
    if state is None:
        return {name: flow.states[name] for name in flow.starts()}
    steps = [s for s in flow.steps_from(state) if s.right == "write" or school.actor.has(s.right)]
    return {name: flow.states.get(name, name) for name in dict.fromkeys((state, *(step.to for step in steps)))}


def _widget(facts: FieldFacts, choices: Mapping[str, str]) -> Widget:
    if facts.given:
        return Widget.SHOWN
    if choices:
        return Widget.SEVERAL if facts.many else Widget.CHOICE
    if facts.kind_under is not None or facts.register:
        return Widget.SEVERAL if facts.many else Widget.ONE
    if facts.part is not None:
        return Widget.PARTS if facts.many else Widget.SHOWN
    if facts.many:
        return Widget.WORDS if facts.type in (str, int) else Widget.SHOWN
    if facts.long:
        return Widget.LONG
    plain: dict[Any, Widget] = {
        bool: Widget.FLAG, When: Widget.WHEN, date: Widget.DAY, int: Widget.NUMBER, float: Widget.NUMBER,
        Decimal: Widget.NUMBER, str: Widget.TEXT, time: Widget.TEXT,
    }
    return plain.get(facts.type, Widget.SHOWN)


def _default(model: type[BaseModel], name: str) -> Any:
    default = model.model_fields[name].get_default(call_default_factory=True, validated_data={})
    return None if default is PydanticUndefined else to_jsonable_python(default)


def kinds_for(school: School, facts: FieldFacts, register: str) -> tuple[Kind, ...]:
    """The kinds that a field offers: those under the kind that it names, else those entered in its register."""
    under = facts.kind_under or register
    if under in school.kinds:
        return tuple(school.kinds.kinds[kind] for kind in school.kinds.under(under))
    entered = tuple(kind for kind in school.kinds if under in kind.of and not kind.until)
    return entered or tuple(school.kinds)


# ---- stored value → what stands in the form --------------------------------------------------------------------------
def entry_of(field: Field, value: Any, term: Term | None) -> Any:
    """What stands in the form for a value, given as plain JSON (amounts as their text)."""
    match field.widget:
        case Widget.FLAG:
            return bool(value)
        case Widget.SEVERAL | Widget.PARTS:
            return list(value or ())
        case Widget.WHEN:
            if not value or isinstance(value, str):  # preset as a person would type it
                return value or ""
            return when_text(When.model_validate(value), term)
        case Widget.WORDS:
            return "、".join(map(str, value or ()))
        case Widget.NUMBER:
            return "" if value is None else f"{value:g}" if isinstance(value, float) else str(value)
        case Widget.SHOWN:
            return value
        case _:
            return "" if value is None else str(value)


def when_text(when: When, term: Term | None) -> str:
    """A When as a person would type it, so that typing it gives it back."""
    if when.precision == "month":
        return f"{when.first:%Y-%m}"
    if when.precision == "week" and term is not None and when == term.week(term.week_of(when.first)):
        return f"第{term.week_of(when.first)}周"
    if when.precision != "day":
        return f"{when.first}—{when.last}"
    if when.start:
        return f"{when.first} {when.start:%H:%M}" + (f"-{when.end:%H:%M}" if when.end else "")
    return f"{when.first}" + (f" 第{when.lesson}节" if when.lesson else "")


# ---- what stands in the form → value ---------------------------------------------------------------------------------
def value_of(school: School, model: type[BaseModel], field: Field, entry: Any, *, past: bool) -> Any:
    """The value that an entry means; None where nothing stands there and the model's default should hold.

    Raises BadInput, NotFound, Ambiguous in words.
    """
    if field.widget in (Widget.SEVERAL, Widget.PARTS):
        return tuple(entry)
    if field.widget not in TYPED:
        return entry
    text = str(entry) if field.widget is Widget.LONG else str(entry).strip()
    if field.widget in (Widget.TEXT, Widget.LONG):
        return text
    if field.widget is Widget.WORDS:
        return tuple(split_list(text))
    text = unicodedata.normalize("NFKC", text)
    if not text or field.widget is Widget.NUMBER:
        return text or None
    return values_of(school, model, {field.name: text}, past=past)[field.name]


def echo(school: School, field: Field, value: Any, term: Term | None) -> str:
    """What was understood, where that says more than what was typed."""
    if isinstance(value, When):
        return str(value) + _week(value.first, term, week_too=value.precision == "day")
    if isinstance(value, date):
        return f"{value} 周{WEEKDAYS[value.weekday()]}{_week(value, term)}"
    if field.widget is Widget.LONG and value:
        return f"{len(str(value))} 字"
    return ""


def _week(day: date, term: Term | None, *, week_too: bool = True) -> str:
    if term is None or not week_too or not term.covers(day):
        return ""
    number = term.week_of(day)
    return f" 第{number}周" if number > 0 else " 开学前"


def term_now(school: School) -> Term | None:
    try:
        return school.term()
    except JiaoyanError:
        return None

"""Stored values as a person reads them, and typed text as values: by the type and marks of a model's field."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple, get_args, get_origin

from pydantic import BaseModel, ValidationError

from jiaoyan.errors import Ambiguous, BadInput, NotFound, Problem
from jiaoyan.records import (
    Ahead,
    Given,
    KindId,
    Labels,
    Linked,
    Long,
    Private,
    Record,
    Ref,
    RoleId,
    To,
    bare_type,
    plain,
)
from jiaoyan.terms import When, parse_day, parse_when

if TYPE_CHECKING:
    from jiaoyan.school import School

SPLITTERS = "、,,;;"


class FieldFacts(NamedTuple):
    """What a screen, an import and an export need to know of one field."""

    name: str
    title: str
    description: str
    type: Any
    """The bare type; of a list, the type of its items."""
    many: bool
    required: bool
    labels: Mapping[str, str] | None
    register: str
    """The register that a reference leads to; empty where it is none."""
    kind_under: str | None
    """For a kind: below which it is chosen; None where the field holds no kind."""
    long: bool
    given: bool
    private: bool
    hidden: bool = False
    """Filled in by the program, for the program."""
    ahead: bool = False
    """Whether a typed weekday means the next one."""
    role: bool = False
    """Whether the field holds a role of the record's kind."""
    linked: bool = False
    """Whether the text leads to a record of any register."""

    @property
    def part(self) -> type[BaseModel] | None:
        """The model of a value that has fields of its own (not a When)."""
        if isinstance(self.type, type) and issubclass(self.type, BaseModel) and self.type is not When:
            return self.type
        return None


def fields_of(school: School, model: type[BaseModel]) -> dict[str, FieldFacts]:
    """Facts of every field of a model, in its order, `id` and `rev` left out."""
    unset: frozenset[str] = getattr(model, "unset", frozenset())
    return {name: field_facts(school, model, name) for name in model.model_fields if name not in unset}


def field_facts(school: School, model: type[BaseModel], name: str) -> FieldFacts:
    """Facts of one field; found once for an open school."""
    known = school.known_facts.get((model, name))
    if known is None:
        known = school.known_facts[model, name] = _field_facts(school, model, name)
    return known


def _field_facts(school: School, model: type[BaseModel], name: str) -> FieldFacts:
    info = model.model_fields[name]
    bare, marks = bare_type(info.annotation, list(info.metadata))
    many = False
    while get_origin(bare) in (list, tuple, frozenset):
        bare, more = bare_type(next(a for a in get_args(bare) if a is not Ellipsis))
        marks += more
        many = True
    register = ""
    if (get_origin(bare) or bare) is Ref:
        named = next((mark.register for mark in marks if isinstance(mark, To)), "")
        target = next(iter(get_args(bare)), None)
        if named or not (isinstance(target, type) and issubclass(target, Record)) or target is Record:
            register = named
        else:
            register = school.records(target).register.id
        bare = Ref
    kind = next((mark for mark in marks if isinstance(mark, KindId)), None)
    return FieldFacts(
        name, info.title or name, info.description or "", bare, many, info.is_required(),
        next((mark for mark in marks if isinstance(mark, Labels)), None), register,
        kind.under if kind else None, any(isinstance(mark, Long) for mark in marks),
        any(isinstance(mark, Given) for mark in marks), any(isinstance(mark, Private) for mark in marks),
        hidden=any(isinstance(mark, Given) and not mark.shown for mark in marks),
        ahead=any(isinstance(mark, Ahead) for mark in marks), role=any(isinstance(mark, RoleId) for mark in marks),
        linked=any(isinstance(mark, Linked) for mark in marks),
    )


# ---- showing --------------------------------------------------------------------------------------------------------
Names = Callable[[str, str], str]
"""(register, id) → the name of that record."""


def shown(school: School, model: type[BaseModel], field: str, value: Any, names: Names | None = None) -> str:
    """A stored (JSON) value of a field as text; an empty text where there is none. `names` spares a look-up a reference."""
    if value is None or value == "":
        return ""
    if field not in model.model_fields:
        return "" if value == "" else str(value)
    return shown_as(school, field_facts(school, model, field), value, names)


def shown_as(school: School, facts: FieldFacts, value: Any, names: Names | None = None) -> str:
    """The same where the facts of the field are at hand."""
    names = names or school.name_of
    if facts.many and isinstance(value, (list, tuple)):
        return "、".join(text for item in value if (text := _shown_one(school, facts, item, names)))
    return _shown_one(school, facts, value, names)


def _shown_one(school: School, facts: FieldFacts, value: Any, names: Names) -> str:
    if value is None or value == "":
        return ""
    if facts.labels is not None:
        return facts.labels.get(str(value), str(value))
    if facts.register:
        return names(facts.register, str(value))
    if facts.linked:
        register, _, id = str(value).partition(":")
        titles = {id: title for id, title, _ in school.register_titles()}
        return f"{titles[register]}“{names(register, id)}”" if id and register in titles else str(value)
    if facts.kind_under is not None:
        return school.kinds.label(str(value))
    if facts.role:
        return school.kinds.role("", str(value))
    if isinstance(value, bool):
        return "是" if value else "否"
    if facts.type is When and isinstance(value, Mapping):
        return str(When.model_validate(value))
    if facts.type is Decimal and isinstance(value, int):
        return plain(Decimal(value) / 1000)
    if facts.part is not None and isinstance(value, Mapping):
        inside = (shown(school, facts.part, name, item, names) for name, item in value.items())
        return " ".join(text for text in inside if text and text != "否")
    if isinstance(value, (Mapping, list)):
        return "、".join(f"{k}={v}" for k, v in value.items()) if isinstance(value, Mapping) else "、".join(map(str, value))
    return str(value)


# ---- reading what is typed ------------------------------------------------------------------------------------------
def typed(school: School, model: type[BaseModel], field: str, text: str, *, past: bool = True) -> Any:
    """The value that a typed text means for a field. Raises BadInput, NotFound, Ambiguous naming the field."""
    facts = field_facts(school, model, field)
    if facts.many:
        return tuple(_typed_one(school, facts, piece, past) for piece in split_list(text))
    return _typed_one(school, facts, text, past)


def split_list(text: str) -> list[str]:
    """The pieces of a typed list: 张三、李四,王五."""
    for splitter in SPLITTERS[1:]:
        text = text.replace(splitter, SPLITTERS[0])
    return [piece.strip() for piece in text.split(SPLITTERS[0]) if piece.strip()]


def _typed_one(school: School, facts: FieldFacts, text: str, past: bool) -> Any:
    text = text.strip()
    try:
        if not text:
            return None if facts.type in (When, date, Decimal, int, float) else ""
        if facts.register:
            return school.records(facts.register).find(text).id
        if facts.kind_under is not None:
            return _kind(school, text)
        if facts.role:
            return school.kinds.role_named(text)
        if facts.type is When:
            return parse_when(text, school.today, _term_or_none(school), past and not facts.ahead)
        if facts.type is date:
            return parse_day(text, school.today, past and not facts.ahead)
        if facts.type is bool:
            return _yes_no(text)
        if facts.part is not None:
            return _part(school, facts.part, text, past)
    except (BadInput, NotFound, Ambiguous) as error:
        raise type(error)(*(Problem(facts.title, p.what, p.remedy) for p in error.problems)) from None
    return text


def _kind(school: School, text: str) -> str:
    kinds: Sequence[str] = [k.id for k in school.kinds if text in (k.id, k.label)] or school.kinds.named(text)
    if not kinds:
        raise NotFound(Problem("", f"没有统计项目“{text}”", "查看:jiaoyan kinds"))
    return kinds[0]


def _term_or_none(school: School) -> Any:
    try:
        return school.term()
    except NotFound:
        return None


def _yes_no(text: str) -> bool:
    if text in ("是", "有", "1", "true", "yes", "y", "√", "✓"):
        return True
    if text in ("否", "无", "0", "false", "no", "n", "×", "✗"):
        return False
    raise BadInput(Problem("", f"应填 是 或 否,不能是“{text}”"))


def _part(school: School, model: type[BaseModel], text: str, past: bool) -> dict[str, Any]:
    """A value with fields of its own: words apart by blanks, each for the first field that takes it, choices and references
    before free text."""
    values: dict[str, Any] = {}
    words = text.split()
    for name, facts in sorted(fields_of(school, model).items(), key=lambda item: _freedom(item[1])):
        for word in list(words):
            if facts.labels is not None and word not in facts.labels and word not in facts.labels.values():
                continue
            try:
                value = typed(school, model, name, word, past=past)
            except (BadInput, NotFound, Ambiguous):
                continue
            if not _fits(model, name, value):
                continue
            values[name] = value
            words.remove(word)
            break
    if words:
        raise BadInput(Problem("", f"看不懂“{' '.join(words)}”"))
    return values


def _fits(model: type[BaseModel], name: str, value: Any) -> bool:
    """Would this field take the value? Rules over several fields are not asked: the others are not there yet."""
    try:
        model.__pydantic_validator__.validate_assignment(model.model_construct(), name, value)
    except ValidationError as error:
        return not any(detail["loc"] for detail in error.errors(include_url=False))
    except AttributeError:
        return True
    return True


def _freedom(facts: FieldFacts) -> int:
    """How many texts a field would take: a choice few, a text any."""
    if facts.labels is not None:
        return 0
    if facts.register or facts.kind_under is not None:
        return 1
    return 3 if facts.type is str else 2


def field_named(school: School, model: type[BaseModel], text: str) -> str:
    """The field that a name or a Chinese title means. Raises NotFound listing what there is."""
    facts = fields_of(school, model)
    if text in facts:
        return text
    titled = [name for name, fact in facts.items() if fact.title == text]
    if titled:
        return titled[0]
    near = [name for name, fact in facts.items() if text and (text in fact.title or fact.title in text)]
    if len(near) == 1:
        return near[0]
    raise NotFound(Problem("", f"没有字段“{text}”", f"可用:{'、'.join(fact.title for fact in facts.values())}"))

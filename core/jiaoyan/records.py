"""Record: what is stored. Frozen, validated, and marked so that screens, papers and exports know how to treat a field."""

import secrets
from collections.abc import Iterator, Mapping
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from types import UnionType
from typing import Annotated, Any, ClassVar, Generic, NamedTuple, Self, TypeVar, Union, get_args, get_origin

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    PlainSerializer,
    SerializationInfo,
    StringConstraints,
    ValidationInfo,
)
from pydantic_core import CoreSchema, core_schema

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford base 32: no i l o u
ID_LENGTH = 12
STORED = {"stored": True}  # validation and serialisation context of documents in the store

R = TypeVar("R", bound="Record")


def new_id() -> str:
    """12 random Crockford base-32 letters: 60 bits, unique in a register of any school."""
    return "".join(secrets.choice(ALPHABET) for _ in range(ID_LENGTH))


Id = Annotated[str, StringConstraints(pattern=rf"^[{ALPHABET}]{{{ID_LENGTH}}}$")]


class Ref(str, Generic[R]):
    """The id of a record of another register; `""` refers to nothing."""

    __slots__ = ()

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(
            cls,
            core_schema.str_schema(pattern=rf"^([{ALPHABET}]{{{ID_LENGTH}}})?$", strip_whitespace=True),
            serialization=core_schema.to_string_ser_schema(),
        )


# ---- marks: Annotated[str, Private()] -------------------------------------------------------------------------------


class To(NamedTuple):
    """The register that a Ref leads to, where its model can't be named (across plugins)."""

    register: str


class Private:
    """Personal: hidden without the right `private`, left out of exports unless asked for."""


class Long:
    """Text of several lines."""


class Given(NamedTuple):
    """Filled in by the program: not typed in a form, and shown only where a person can make something of it."""

    shown: bool = True


class Linked:
    """A text `register:id` that leads to any record."""


class Ahead:
    """A day that lies ahead, like a deadline: 周三 is the next one, not the last."""


class KindId(NamedTuple):
    """The id of a Kind; `under` narrows the choice to what stands below that kind."""

    under: str = ""


class RoleId:
    """A role of the record's kind (主讲, 听课人), stored by id and shown as the kind calls it."""


class Labels(dict[str, str]):
    """What a person sees for each stored choice, in the order in which they are offered."""

    def __hash__(self) -> int:  # type: ignore[override]  # pydantic keeps marks in hashed metadata
        return hash(tuple(self.items()))


def choice(labels: Mapping[str, str]) -> Any:
    """A field type: one of these ids, shown by its label. `State = choice({"open": "未整改"})`."""
    known = Labels(labels)

    def check(value: Any) -> Any:
        if not isinstance(value, str) or value in known:
            return value
        for stored, label in known.items():
            if label == value:
                return stored
        raise ValueError(f"只能是 {'、'.join(v for v in known.values() if v)},不能是“{value}”")

    return Annotated[str, BeforeValidator(check), known]


# ---- amounts --------------------------------------------------------------------------------------------------------
THOUSAND = Decimal(1000)


def _read_amount(value: Any, info: ValidationInfo) -> Any:
    if value is None or isinstance(value, Decimal):
        return value
    if isinstance(info.context, Mapping) and info.context.get("stored") and isinstance(value, int):
        return Decimal(value) / THOUSAND
    try:
        return Decimal(str(value))
    except InvalidOperation:
        raise ValueError(f"应为数字,不能是“{value}”") from None


def thousandths(value: Decimal) -> int:
    """Decimal → whole thousandths, half up."""
    return int((value * THOUSAND).to_integral_value(ROUND_HALF_UP))


def _write_amount(value: Decimal | None, info: SerializationInfo) -> Any:
    if value is None:
        return None
    if isinstance(info.context, Mapping) and info.context.get("stored"):
        return thousandths(value)
    return plain(value)


def plain(value: Decimal) -> str:
    """A Decimal without trailing zeros or exponent: 0.250 → 0.25, 1E+1 → 10."""
    text = format(value.normalize(), "f")
    return "0" if text == "-0" else text


Amount = Annotated[
    Decimal,
    BeforeValidator(_read_amount),
    PlainSerializer(_write_amount, return_type=Any),
    Field(ge=0, max_digits=18, decimal_places=3),
]


# ---- records --------------------------------------------------------------------------------------------------------
class Part(BaseModel):
    """A frozen piece of a Record: an item of a list, a value of several fields."""

    # a screen opens many models and validates with few: each is built when it is first used
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True, defer_build=True)


class Record(Part):
    """All that is stored. `id` never changes, `rev` counts up with each save and is never reused."""

    id: Id = Field(default_factory=new_id, title="编号")
    rev: int = Field(default=0, ge=0, title="版次")

    unset: ClassVar[frozenset[str]] = frozenset({"id", "rev"})

    def but(self, **changes: Any) -> Self:
        """A validated copy with some fields changed. Raises pydantic.ValidationError."""
        values = {name: getattr(self, name) for name in type(self).model_fields}
        return type(self).model_validate({**values, **(self.model_extra or {}), **changes}, extra="allow")

    def document(self) -> dict[str, Any]:
        """The JSON document that is stored, unknown keys of a newer version included."""
        return self.model_dump(mode="json", context=STORED)

    @classmethod
    def of_document(cls, document: Mapping[str, Any]) -> Self:
        """The record of a stored document; keys it does not know are kept. Raises pydantic.ValidationError."""
        return cls.model_validate(dict(document), context=STORED, extra="allow")


class RefPath(NamedTuple):
    """A field through which records of one register point to another's: path "participants.teacher" into lists too."""

    path: str
    register: str
    model: type[Record] | None
    many: bool


def _unwrap(annotation: Any) -> tuple[Any, list[Any]]:
    """The bare type of an annotation and the marks around it."""
    marks: list[Any] = []
    while True:
        origin = get_origin(annotation)
        if origin is Annotated:
            annotation, *more = get_args(annotation)
            marks += more
        elif origin in (Union, UnionType):
            inner = [a for a in get_args(annotation) if a is not type(None)]
            if len(inner) != 1:
                return annotation, marks
            annotation = inner[0]
        else:
            return annotation, marks


def bare_type(annotation: Any, metadata: list[Any] | None = None) -> tuple[Any, list[Any]]:
    """(type without Annotated and Optional, marks) of a field's annotation and its metadata."""
    bare, marks = _unwrap(annotation)
    return bare, [*(metadata or []), *marks]


def refs_of(model: type[BaseModel], prefix: str = "", many: bool = False) -> Iterator[RefPath]:
    """Every field of `model`, at any depth, that refers to a record."""
    for name, info in model.model_fields.items():
        bare, marks = bare_type(info.annotation, list(info.metadata))
        inside = many
        while get_origin(bare) in (list, tuple, frozenset):
            bare, more = _unwrap(next(a for a in get_args(bare) if a is not Ellipsis))
            marks += more
            inside = True
        path = prefix + name
        target = get_origin(bare) or bare
        if target is Ref:
            named = next((m.register for m in marks if isinstance(m, To)), "")
            argument = next(iter(get_args(bare)), None)
            leads = argument if isinstance(argument, type) and issubclass(argument, Record) else None
            yield RefPath(path, named, leads if leads is not Record else None, inside)
        elif isinstance(target, type) and issubclass(target, BaseModel):
            yield from refs_of(target, path + ".", inside)

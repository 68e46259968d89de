"""Condition: one language for selectors, the filter line, views, rights and rules; a TinyDB query that is also data."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal, TypeAlias

from pydantic import ConfigDict, Field

Value: TypeAlias = bool | int | float | str | None
Document: TypeAlias = Mapping[str, Any]


class _Condition:
    """A test of a stored document. Fields are dotted paths; `in`, `is`, `between` and `exists` do not look into lists.

    What the program asks itself is not validated: mypy has seen it. What is read, a model with such a field validates.
    """

    __pydantic_config__: ClassVar[ConfigDict] = {"extra": "forbid"}

    def __call__(self, value: Document) -> bool:
        raise NotImplementedError


@dataclass(frozen=True, kw_only=True)
class Is(_Condition):
    """The field holds this value; a missing field is like null."""

    op: Literal["is"] = "is"
    field: str
    value: Value = None

    def __call__(self, value: Document) -> bool:
        return same(at(value, self.field), self.value)


@dataclass(frozen=True, kw_only=True)
class In(_Condition):
    """The field holds one of these values."""

    op: Literal["in"] = "in"
    field: str
    values: tuple[Value, ...]

    def __call__(self, value: Document) -> bool:
        found = at(value, self.field)
        return any(same(found, wanted) for wanted in self.values)


@dataclass(frozen=True, kw_only=True)
class Under(_Condition):
    """The field holds this node of a tree (a kind, a group) or one below it. Must be `resolved` before it is asked."""

    op: Literal["under"] = "under"
    field: str
    value: str

    def __call__(self, value: Document) -> bool:
        raise TypeError("an Under is resolved against its tree before it is asked")


@dataclass(frozen=True, kw_only=True)
class Has(_Condition):
    """A list has this value; a dotted rest (`participants.teacher`) names the field of its items."""

    op: Literal["has"] = "has"
    field: str
    value: Value

    def __call__(self, value: Document) -> bool:
        return any(same(found, self.value) for found in items_at(value, self.field))


@dataclass(frozen=True, kw_only=True)
class Between(_Condition):
    """The field lies between the bounds, both included; a bound that is None is open. Text and numbers never compare."""

    op: Literal["between"] = "between"
    field: str
    first: int | float | str | None = None
    last: int | float | str | None = None

    def __call__(self, value: Document) -> bool:
        found = at(value, self.field)
        if not _comparable(found):
            return False
        bounds = [b for b in (self.first, self.last) if b is not None]
        if any(isinstance(b, str) != isinstance(found, str) for b in bounds):
            return False
        return (self.first is None or found >= self.first) and (self.last is None or found <= self.last)


@dataclass(frozen=True, kw_only=True)
class Text(_Condition):
    """The words all stand in the field's text; without a field, in the text by which the record is searched."""

    op: Literal["text"] = "text"
    words: tuple[str, ...]
    field: str = ""

    def __call__(self, value: Document) -> bool:
        found = at(value, self.field) if self.field else "\n".join(_texts(value))
        return isinstance(found, str) and all(word.casefold() in found.casefold() for word in self.words)


@dataclass(frozen=True, kw_only=True)
class Exists(_Condition):
    """The field is filled in: there, and neither null, nor an empty text, nor an empty list."""

    op: Literal["exists"] = "exists"
    field: str

    def __call__(self, value: Document) -> bool:
        found = at(value, self.field)
        return found is not None and found not in ("", [])


@dataclass(frozen=True, kw_only=True)
class AllOf(_Condition):
    op: Literal["all"] = "all"
    of: tuple[Condition, ...]

    def __call__(self, value: Document) -> bool:
        return all(part(value) for part in self.of)


@dataclass(frozen=True, kw_only=True)
class AnyOf(_Condition):
    op: Literal["any"] = "any"
    of: tuple[Condition, ...]

    def __call__(self, value: Document) -> bool:
        return any(part(value) for part in self.of)


@dataclass(frozen=True, kw_only=True)
class Not(_Condition):
    op: Literal["not"] = "not"
    of: Condition

    def __call__(self, value: Document) -> bool:
        return not self.of(value)


Condition: TypeAlias = Annotated[
    Is | In | Under | Has | Between | Text | Exists | AllOf | AnyOf | Not, Field(discriminator="op")
]


def at(document: Document, path: str) -> Any:
    """The value at a dotted path, objects passed through, lists not; None where it is missing."""
    here: Any = document
    for name in path.split("."):
        if not isinstance(here, Mapping):
            return None
        here = here.get(name)
    return here


def items_at(document: Document, path: str) -> Iterator[Any]:
    """Every value at a dotted path, lists passed through. A path that leads through no list gives nothing."""
    if "." not in path:  # most paths, and boards ask them of every teacher
        found = document.get(path)
        if isinstance(found, (list, tuple)) and not any(isinstance(item, (list, tuple)) for item in found):
            yield from found
            return

    def walk(here: Any, names: list[str], listed: bool) -> Iterator[Any]:
        if isinstance(here, (list, tuple)):
            for item in here:
                yield from walk(item, names, True)
        elif not names:
            if listed:
                yield here
        elif isinstance(here, Mapping):
            yield from walk(here.get(names[0]), names[1:], listed)

    yield from walk(document, path.split("."), False)


def _comparable(found: Any) -> bool:
    return isinstance(found, (str, int, float)) and not isinstance(found, bool)


def same(found: Any, value: Value) -> bool:
    """Equality as JSON and SQL have it: text never equals a number, true equals 1."""
    if found is None or value is None:
        return found is None and value is None
    return isinstance(found, str) == isinstance(value, str) and bool(found == value)


def _texts(here: Any) -> Iterator[str]:
    if isinstance(here, str):
        yield here
    elif isinstance(here, Mapping):
        for value in here.values():
            yield from _texts(value)
    elif isinstance(here, (list, tuple)):
        for value in here:
            yield from _texts(value)


def both(*parts: Condition | None) -> Condition | None:
    """All of the conditions that are there; None where none is."""
    there = tuple(part for part in parts if part is not None)
    return AllOf(of=there) if len(there) > 1 else there[0] if there else None


def fields(condition: Condition) -> Iterator[str]:
    """Every field path that the condition names."""
    if isinstance(condition, (AllOf, AnyOf)):
        for part in condition.of:
            yield from fields(part)
    elif isinstance(condition, Not):
        yield from fields(condition.of)
    elif condition.field:
        yield condition.field


def resolved(condition: Condition, tree: Callable[[str, str], Iterable[str]]) -> Condition:
    """The condition with each Under put as an In over `tree(field, value)`: the node and all below it."""
    if isinstance(condition, Under):
        return In(field=condition.field, values=tuple(tree(condition.field, condition.value)))
    if isinstance(condition, (AllOf, AnyOf)):
        return type(condition)(of=tuple(resolved(part, tree) for part in condition.of))
    if isinstance(condition, Not):
        return Not(of=resolved(condition.of, tree))
    return condition

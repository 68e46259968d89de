"""Register: a named collection of one Record type, and what of its records counts. Facet: a plugin's part of a record."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, NamedTuple, TypeVar

from pydantic import BaseModel

from jiaoyan.conditions import Condition, fields
from jiaoyan.records import Record, RefPath, bare_type, refs_of
from jiaoyan.workflow import Workflow

R = TypeVar("R", bound=Record)


class Entry(NamedTuple):
    """One thing that counts, derived from one record; written and removed with it, never typed.

    `day` is the last day of what it tells; amounts are whole thousandths, `minutes` and `chars` whole numbers.
    An entry without teacher and group counts for the school.
    """

    kind: str
    day: str
    role: str = ""
    teacher: str = ""
    group: str = ""
    amount: int = 1000
    minutes: int = 0
    chars: int = 0
    level: str = ""
    prize: str = ""
    topic: str = ""
    subject: str = ""
    grade: str = ""


class Counts(NamedTuple):
    """A rule that makes entries of a record, naming fields by path.

    A path begins with `self.` (the record, or the facet that declares it), `base.` (the core record under a facet) or
    `item` (the element of the list that `each` names). `kind` and `role` may also be plain ids. `day` leads to a When or
    a date. `when` must hold for the record (its facets as `FACET.field`). Neither `who` nor `group`: for the school.
    """

    kind: str
    day: str = "self.when"
    role: str = ""
    who: str = ""
    group: str = ""
    each: str = ""
    amount: str = ""
    minutes: str = ""
    chars: str = ""
    level: str = ""
    prize: str = ""
    topic: str = ""
    subject: str = ""
    grade: str = ""
    when: Condition | None = None
    only: Condition | None = None
    """Must hold for the item, its fields named as they stand in it."""


class Rights(NamedTuple):
    """Which roles may read and write; a role not named may not. `own` roles reach only their own records."""

    read: frozenset[str] = frozenset({"admin", "office", "leader", "teacher", "reader"})
    write: frozenset[str] = frozenset({"admin", "office"})
    own: frozenset[str] = frozenset()
    """Roles that may write a record in which their own teacher stands in one of `owner` fields."""
    owner: tuple[str, ...] = ()


@dataclass(frozen=True)
class Register(Generic[R]):
    """A collection of records. Table, form, filter, import, export, history and rights come from it."""

    id: str
    title: str
    model: type[R]
    columns: tuple[str, ...]
    label: tuple[str, ...] = ()
    """The fields that name a record to a person; the first columns where empty."""
    search: tuple[str, ...] = ()
    sort: tuple[str, ...] = ()
    """Fields (`-` before one turns it round) that give the usual order; order of entry where empty."""
    numbered: str = ""
    """The field (a whole number, 0 where nobody has set it) by which new records come after those that are there."""
    unique: tuple[tuple[str, ...], ...] = ()
    indexed: tuple[str, ...] = ()
    workflow: Workflow | None = None
    counts: tuple[Counts, ...] = ()
    derive: Callable[[Mapping[str, Any], Mapping[str, Mapping[str, Any]]], Iterable[Entry]] | None = None
    rights: Rights = field(default_factory=Rights)
    day: str = ""
    """The field (a When or a date) that places a record in a term."""
    due: str = ""
    """The field (a When or a date) by whose last day the workflow must have settled."""
    merges: bool = True
    """Edits of different fields by two people merge by themselves."""
    schema: int = 1
    """Version of the documents."""
    steps: Mapping[int, Callable[[dict[str, Any]], dict[str, Any]]] = field(default_factory=dict)
    """`steps[3]` makes a document of version 3 out of one of version 2: pure, without id and rev changed."""
    plugin: str = ""
    group: str = ""
    """The heading under which lists offer it."""

    def __post_init__(self) -> None:
        check_paths(self.id, self.model, (*self.columns, *self.label, *self.search, *self.sort, self.numbered, self.day, self.due))
        for counts in self.counts:
            check_counts(self.id, self.model, None, counts)

    @property
    def refs(self) -> list[RefPath]:
        return list(refs_of(self.model))

    def named(self) -> tuple[str, ...]:
        return self.label or self.columns[:1]


@dataclass(frozen=True)
class Facet(Generic[R]):
    """A plugin's Record that extends one core record: same id, own table, saved and removed in the same change."""

    id: str
    title: str
    of: str
    model: type[R]
    base: type[Record]
    shown: Condition | None = None
    """For which records of `of` its section is offered."""
    columns: tuple[str, ...] = ()
    counts: tuple[Counts, ...] = ()
    schema: int = 1
    steps: Mapping[int, Callable[[dict[str, Any]], dict[str, Any]]] = field(default_factory=dict)
    plugin: str = ""

    def __post_init__(self) -> None:
        check_paths(self.id, self.model, self.columns)
        for counts in self.counts:
            check_counts(self.id, self.model, self.base, counts)

    @property
    def refs(self) -> list[RefPath]:
        return list(refs_of(self.model))


# ---- paths ----------------------------------------------------------------------------------------------------------
def type_at(model: Any, path: str) -> Any:
    """The bare type of the field that a dotted path leads to, lists passed through; None where there is none."""
    here: Any = model
    for name in path.split("."):
        while getattr(here, "__origin__", None) in (list, tuple, frozenset):
            here = bare_type(next(a for a in here.__args__ if a is not Ellipsis))[0]
        if not (isinstance(here, type) and issubclass(here, BaseModel)):
            return None
        info = here.model_fields.get(name)
        if info is None:
            return None
        here = bare_type(info.annotation)[0]
    return here


def check_paths(owner: str, model: type[BaseModel], paths: Iterable[str]) -> None:
    """Raises ValueError when a path names no field."""
    for path in paths:
        if path and path.lstrip("-") and type_at(model, path.lstrip("-")) is None:
            raise ValueError(f"{owner}: no field {path}")


def check_counts(owner: str, model: type[BaseModel], base: type[BaseModel] | None, counts: Counts) -> None:
    """Raises ValueError when a path of a Counts leads nowhere."""
    item: Any = None
    if counts.each:
        listed = _typed(owner, counts.each, model, base, None)
        arguments = [a for a in getattr(listed, "__args__", ()) if a is not Ellipsis]
        if not arguments:
            raise ValueError(f"{owner}: {counts.each} is no list")
        item = bare_type(arguments[0])[0]
    for name in ("kind", "role", "day", "who", "group", "amount", "minutes", "chars", "level", "prize", "topic",
                 "subject", "grade"):
        value: str = getattr(counts, name)
        if is_path(value):
            _typed(owner, value, model, base, item)
        elif name not in ("kind", "role") and value:
            raise ValueError(f"{owner}: {name}={value!r} is no path")
    if counts.when is not None and base is None:
        check_paths(owner, model, [p for p in fields(counts.when) if type_at(model, p.split(".")[0]) is not None])


def is_path(text: str) -> bool:
    return text == "item" or (text.split(".", 1)[0] in ("self", "base", "item") and "." in text)


def _typed(owner: str, path: str, model: Any, base: Any, item: Any) -> Any:
    root, _, rest = path.partition(".")
    start = {"self": model, "base": base, "item": item}.get(root)
    found = start if not rest else type_at(start, rest) if start is not None else None
    if found is None:
        raise ValueError(f"{owner}: no field {path}")
    return found


def follow(document: Any, path: str) -> Any:
    """The value at a dotted path of a document; None where it is missing."""
    here = document
    for name in path.split(".") if path else ():
        if not isinstance(here, Mapping):
            return None
        here = here.get(name)
    return here


# ---- deriving -------------------------------------------------------------------------------------------------------
def entries_of(
    counts: Iterable[Counts], document: Mapping[str, Any], base: Mapping[str, Any] | None = None
) -> list[Entry]:
    """The entries that declared Counts make of one document: a pure function, of stored JSON alone.

    `document` is the record (or the facet, with `base` the core record under it).
    """
    found: list[Entry] = []
    whole = {**base, **{k: v for k, v in document.items() if k not in base}} if base is not None else document
    for rule in counts:
        if rule.when is not None and not rule.when(whole):
            continue
        items = follow(document if rule.each.startswith("self.") else base, rule.each.partition(".")[2]) \
            if rule.each else [None]
        for item in items or ():
            if rule.only is not None and not rule.only(item if isinstance(item, Mapping) else {"item": item}):
                continue
            entry = _entry(rule, {"self": document, "base": base, "item": item})
            if entry is not None:
                found.append(entry)
    return found


def _entry(rule: Counts, roots: Mapping[str, Any]) -> Entry | None:
    def value(path: str) -> Any:
        if not is_path(path):
            return path
        root, _, rest = path.partition(".")
        return follow(roots[root], rest) if rest else roots[root]

    kind, day = value(rule.kind), value(rule.day)
    last = day.get("last") if isinstance(day, Mapping) else day
    who, group = value(rule.who), value(rule.group)
    if not kind or not last or (rule.who and not who) or (rule.group and not group):
        return None  # nothing is counted for nobody, or on no day
    return Entry(
        kind=str(kind), day=str(last)[:10], role=str(value(rule.role) or ""), teacher=str(who or ""),
        group=str(group or ""), amount=int(value(rule.amount) or 0) if rule.amount else 1000,
        minutes=int(value(rule.minutes) or 0), chars=int(value(rule.chars) or 0), level=str(value(rule.level) or ""),
        prize=str(value(rule.prize) or ""), topic=str(value(rule.topic) or ""),
        subject=str(value(rule.subject) or ""), grade=str(value(rule.grade) or ""),
    )

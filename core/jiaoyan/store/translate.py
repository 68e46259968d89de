"""Condition → SQL with exactly the answers of the Condition itself; what SQL can't decide it asks Python, row by row."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Mapping
from itertools import chain
from typing import Any, NamedTuple, Protocol

from jiaoyan.conditions import AllOf, AnyOf, Between, Condition, Exists, Has, In, Is, Not, Text, Under

MANY = 100
"""From how many values on a list goes in as one parameter."""
_CONTROL = frozenset(map(chr, range(32)))


class Sql(NamedTuple):
    """A test. Its value may be NULL for "no"; a callable among the parameters is a test of the loaded document."""

    text: str
    params: tuple[Any, ...] = ()


YES, NO = Sql("1"), Sql("0")


class Place(NamedTuple):
    """Where a field's value is found: a column or an expression, and the JSON path when the value is cut out of JSON."""

    value: str
    path: str = ""
    kind: str = "json"
    """"json": any value; "text" and "whole": a typed column that is never null."""


class Fields(Protocol):
    """How a table's rows are addressed."""

    body: str
    """The expression that gives a row's document as JSON bytes."""
    search: str
    """The column of the search text, already without case; empty where there is none."""

    def place(self, path: str) -> Place | None:
        """None where SQL can't address that path: the row is decided in Python."""


class JsonFields:
    """Rows that hold a JSON document in `body`, with virtual columns for some paths."""

    body = "CAST(body AS BLOB)"
    search = "search"

    def __init__(self, columns: Mapping[str, str]) -> None:
        self._columns = {path: quoted(column) for path, column in columns.items()}
        self._places: dict[str, Place | None] = {}

    def place(self, path: str) -> Place | None:
        if path not in self._places:
            if len(self._places) > MANY:
                self._places.clear()  # paths may come from a person's filter line: no end to them
            self._places[path] = self._find(path)
        return self._places[path]

    def _find(self, path: str) -> Place | None:
        names = path.split(".")
        if not all(addressable(name) for name in names):
            return None
        where = json_path(names)
        return Place(self._columns.get(path) or f"json_extract(body,{where})", where)


class TypedFields:
    """Rows with plain columns, text or whole numbers, none null."""

    search = ""

    def __init__(self, texts: Iterable[str], wholes: Iterable[str]) -> None:
        self._kinds = {**dict.fromkeys(texts, "text"), **dict.fromkeys(wholes, "whole")}
        pairs = ",".join(f"'{name}',{quoted(name)}" for name in self._kinds)
        self.body = f"CAST(json_object({pairs}) AS BLOB)"

    def place(self, path: str) -> Place | None:
        kind = self._kinds.get(path)
        return Place(quoted(path), "", kind) if kind else Place("NULL", "", "none")


def quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def json_path(names: Iterable[str]) -> str:
    return "'$" + "".join(f'."{name}"' for name in names).replace("'", "''") + "'"


def addressable(name: str) -> bool:
    """SQLite compares a quoted label with the key as it is written in the JSON: nothing that JSON escapes may be in it."""
    return bool(name) and not _CONTROL & set(name) and '"' not in name and "\\" not in name and encodable(name)


def encodable(text: str) -> bool:
    return text.isascii() or not any("\ud800" <= letter <= "\udfff" for letter in text)


# ---- conditions -----------------------------------------------------------------------------------------------------
def condition_sql(condition: Condition, fields: Fields) -> Sql:
    """Raises TypeError for an Under that was not resolved."""
    if isinstance(condition, Is) and (place := fields.place(condition.field)) is not None and place.kind == "json":
        return _is(condition, place, fields) or decided(condition, fields)  # the commonest first
    if isinstance(condition, AllOf):
        return _joined(" AND ", [condition_sql(part, fields) for part in condition.of], YES)
    if isinstance(condition, AnyOf):
        return _joined(" OR ", [condition_sql(part, fields) for part in condition.of], NO)
    if isinstance(condition, Not):
        inner = condition_sql(condition.of, fields)
        return Sql(f"NOT coalesce({inner.text},0)", inner.params)
    if isinstance(condition, Under):
        raise TypeError("an Under is resolved against its tree before it is asked")
    if isinstance(condition, Text) and not condition.field and fields.search:
        return _words(condition, fields)
    place = fields.place(condition.field)
    found = None
    if place is not None and place.kind == "json":
        found = _JSON[type(condition)](condition, place, fields)
    elif place is not None and not isinstance(condition, Has):
        found = _typed(condition, place)
    return found if found is not None else decided(condition, fields)


def decided(test: Callable[[Mapping[str, Any]], bool], fields: Fields) -> Sql:
    """The row is decided in Python."""
    return Sql(f"holds(?,{fields.body})", (test,))


def _joined(word: str, parts: list[Sql], empty: Sql) -> Sql:
    if len(parts) < 2:
        return parts[0] if parts else empty
    return Sql("(" + word.join(part.text for part in parts) + ")", tuple(chain.from_iterable(part.params for part in parts)))


def _also(*texts: str) -> str:
    found = [text for text in texts if text]
    return "(" + " AND ".join(found) + ")" if len(found) > 1 else found[0]


def exact(value: Any) -> bool:
    """Can the engine hold this value as Python has it?"""
    if isinstance(value, str):
        return encodable(value) and "\0" not in value
    if isinstance(value, float):
        return math.isfinite(value) and abs(value) < 2**63
    return value is None or -(2**63) < value < 2**63


def _is(condition: Is, place: Place, _: Fields) -> Sql | None:
    if condition.value is None:
        return Sql(f"{place.value} IS NULL")
    if not exact(condition.value):
        return None
    if _like_json(condition.value):  # an object or a list is cut out as its JSON text, which this text may equal
        return Sql(f"({place.value}=? AND json_type(body,{place.path})='text')", (condition.value,))
    return Sql(f"{place.value}=?", (condition.value,))


def _like_json(value: Any) -> bool:
    return isinstance(value, str) and value[:1] in ("[", "{")


def _in(condition: In, place: Place, _: Fields) -> Sql | None:
    if not all(exact(value) for value in condition.values):
        return None
    values = [value for value in condition.values if value is not None]
    parts = [Sql(f"{place.value} IS NULL")] if len(values) < len(condition.values) else []
    if values:
        texts = [value for value in values if isinstance(value, str)]
        numbers = [value for value in values if not isinstance(value, str)]
        inside = _list_of(texts, numbers)
        guard = f"json_type(body,{place.path}) NOT IN ('array','object')" if any(map(_like_json, texts)) else ""
        parts.append(Sql(_also(f"{place.value} IN ({inside.text})", guard), inside.params))
    return _joined(" OR ", parts, NO)


def _list_of(texts: list[str], numbers: list[Any]) -> Sql:
    if len(texts) + len(numbers) > MANY and not any(isinstance(number, float) for number in numbers):
        listed = json.dumps([*texts, *map(int, numbers)], ensure_ascii=False)
        return Sql("SELECT value FROM json_each(?)", (listed,))
    return Sql(",".join("?" * (len(texts) + len(numbers))), (*texts, *numbers))


def _between(condition: Between, place: Place, _: Fields) -> Sql | None:
    bounds = [bound for bound in (condition.first, condition.last) if bound is not None]
    value, kind = place.value, f"json_type(body,{place.path})"
    if not bounds:
        return Sql(f"coalesce({kind},'null') IN ('text','integer','real')")
    if not all(exact(bound) for bound in bounds):
        return None
    if len({isinstance(bound, str) for bound in bounds}) > 1:
        return NO
    if isinstance(bounds[0], str):
        # text sorts after numbers; the bound keeps them out and the index in use
        first = "" if condition.first is None else condition.first
        upper = "" if condition.last is None else f"{value}<=?"
        guard = f"{kind}='text'" if _may_be_json(str(first), condition.last) else ""
        return Sql(_also(f"{value}>=?", upper, guard), (first, *([] if condition.last is None else [condition.last])))
    lower = "" if condition.first is None else f"{value}>=?"
    upper = f"{value}<''" if condition.last is None else f"{value}<=?"
    return Sql(_also(lower, upper, f"{kind} IN ('integer','real')"), tuple(bounds))


def _may_be_json(first: str, last: Any) -> bool:
    """Does the range hold texts that begin like a list or an object?"""
    return any(first < after and (last is None or last >= mark) for mark, after in (("[", "\\"), ("{", "|")))


def _exists(_: Exists, place: Place, __: Fields) -> Sql:
    value = place.value
    return Sql(f"({value} IS NOT NULL AND {value}<>'' AND ({value}<>'[]' OR json_type(body,{place.path})='text'))")


def _text(condition: Text, place: Place, _: Fields) -> Sql | None:
    if not all(exact(word) for word in condition.words):
        return None
    tests, params = [f"typeof({place.value})='text'"], []
    for word in condition.words:
        held = place.value if caseless(word) else f"fold({place.value})"
        tests.append(f"instr({held},?)")
        params.append(word.casefold())
    return Sql(_also(*tests, f"json_type(body,{place.path})='text'"), tuple(params))


def caseless(word: str) -> bool:
    """No letter of it has another case, nor comes out of folding another letter (ß folds to ss, K to k)."""
    return all(
        (letter < "\x80" and not letter.isalpha()) or "\u2e80" <= letter <= "\ua4cf" for letter in word
    )


def _words(condition: Text, fields: Fields) -> Sql:
    """The search text is stored folded."""
    words = [word.casefold() for word in condition.words]
    if not all(exact(word) for word in words):
        return NO
    return _joined(" AND ", [Sql(f"instr({fields.search},?)", (word,)) for word in words], YES)


def _has(condition: Has, _: Place, fields: Fields) -> Sql | None:
    if not isinstance(condition.value, str) or not exact(condition.value):
        return None
    # the value as it is written in the document: only rows that hold it anywhere are opened
    written = json.dumps(condition.value, ensure_ascii=False)
    return Sql(f"(instr(body,?) AND holds(?,{fields.body}))", (written, condition))


_JSON: Mapping[type, Callable[[Any, Place, Fields], Sql | None]] = {
    Is: _is, In: _in, Between: _between, Exists: _exists, Text: _text, Has: _has,
}


# ---- typed columns --------------------------------------------------------------------------------------------------
def _typed(condition: Condition, place: Place) -> Sql | None:
    """A typed column would turn a number into text or back before comparing: only values of its kind go to the engine."""
    value, is_text = place.value, place.kind == "text"
    if place.kind == "none":
        return YES if condition({}) else NO

    def fits(found: Any) -> bool:
        return found is not None and isinstance(found, str) == is_text

    if isinstance(condition, Is):
        if not exact(condition.value):
            return None
        return Sql(f"{value}=?", (condition.value,)) if fits(condition.value) else NO
    if isinstance(condition, In):
        if not all(exact(found) for found in condition.values):
            return None
        values = [found for found in condition.values if fits(found)]
        inside = _list_of([v for v in values if isinstance(v, str)], [v for v in values if not isinstance(v, str)])
        return Sql(f"{value} IN ({inside.text})", inside.params) if values else NO
    if isinstance(condition, Between):
        bounds = [(sign, bound) for sign, bound in ((">=", condition.first), ("<=", condition.last)) if bound is not None]
        if not all(exact(bound) for _, bound in bounds):
            return None
        if not all(fits(bound) for _, bound in bounds):
            return NO
        return _joined(" AND ", [Sql(f"{value}{sign}?", (bound,)) for sign, bound in bounds], YES)
    if isinstance(condition, Exists):
        return Sql(f"{value}<>''") if is_text else YES
    return None

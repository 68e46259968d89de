"""Foreign TinyDB queries: narrowed by the engine where that is safe, decided by the query itself on the rows that are left."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeGuard, get_args

from tinydb import where
from tinydb.queries import QueryLike

from jiaoyan import conditions
from jiaoyan.conditions import Condition
from jiaoyan.store.translate import JsonFields, Place, Sql, addressable, condition_sql, exact, json_path

_CONDITIONS: tuple[type, ...] = get_args(get_args(conditions.Condition)[0])


def is_condition(cond: object) -> TypeGuard[Condition]:
    return isinstance(cond, _CONDITIONS)


def narrowed(cond: Any, fields: JsonFields) -> tuple[Sql, Callable[[Any], bool] | None]:
    """(test for the engine, test for the rows that it leaves; None where the engine's answer is exact)."""
    if cond is None:
        return Sql("1"), None
    if is_condition(cond):
        return condition_sql(cond, fields), None
    return _narrow(getattr(cond, "_hash", None), fields) or Sql("1"), cond


def _shapes() -> frozenset[str]:
    """Which operators of the installed TinyDB still have the (private) hash that is read here."""
    path, field = ("a", "b"), where("a")["b"]
    one, two = ("==", path, 1), ("==", path, 2)
    known: dict[str, tuple[QueryLike, object]] = {
        "==": (field == 1, one),
        "one_of": (field.one_of([1, 2]), ("one_of", path, (1, 2))),
        "and": ((field == 1) & (field == 2), ("and", frozenset([one, two]))),
        "or": ((field == 1) | (field == 2), ("or", frozenset([one, two]))),
    }
    return frozenset(name for name, (query, shape) in known.items() if getattr(query, "_hash", None) == shape)


_SHAPES = _shapes()


def _narrow(shape: Any, fields: JsonFields) -> Sql | None:
    """A test that every document passes for which the query holds; None where there is none."""
    operator = shape[0] if isinstance(shape, tuple) and shape else None
    if operator not in _SHAPES:
        return None
    if operator in ("and", "or"):
        parts = [_narrow(part, fields) for part in shape[1]]
        found = [part for part in parts if part is not None]
        if not found or (operator == "or" and len(found) < len(parts)):
            return None
        joined = f" {operator.upper()} ".join(part.text for part in found)
        return Sql(f"({joined})", tuple(param for part in found for param in part.params))
    place = _place(shape[1], fields)
    values = shape[2] if operator == "one_of" else (shape[2],)
    if place is None or not isinstance(values, (tuple, list, frozenset)) or not values or not all(map(_plain, values)):
        return None
    if len(values) == 1:
        return Sql(f"{place.value}=?", tuple(values))
    return Sql(f"{place.value} IN ({','.join('?' * len(values))})", tuple(values)) if len(values) < 500 else None


def _place(path: Any, fields: JsonFields) -> Place | None:
    if not isinstance(path, tuple) or not all(isinstance(name, str) and addressable(name) for name in path):
        return None
    if any("." in name for name in path):
        return Place(f"json_extract(body,{json_path(path)})")
    return fields.place(".".join(path))


def _plain(value: Any) -> bool:
    return isinstance(value, (str, int)) and exact(value)

"""Orders of a page: from sort paths to ORDER BY, and to the test of what stands before a row."""

from __future__ import annotations

from typing import Any

from jiaoyan.store.translate import Fields, Sql

TURNED = ("-",)


def keys_of(sort: tuple[str, ...], fields: Fields, usual: str) -> list[tuple[str, bool]]:
    """(expression, turned round) of each sort key; `usual` is the column of the usual order, empty where there is none."""
    if sort in ((), TURNED):
        return [(usual, sort == TURNED)] if usual else []
    keys = []
    for path in sort:
        place = fields.place(path.removeprefix("-"))
        if place is None:
            raise ValueError(f"no order by {path!r}")
        keys.append((place.value, path.startswith("-")))
    return keys


def order_by(sort: tuple[str, ...], fields: Fields, usual: str) -> str:
    """Missing values come first; equal ones stay in order of entry."""
    keys = [f"{expression}{' DESC' * turned}" for expression, turned in keys_of(sort, fields, usual)]
    return ",".join([*keys, "doc_id DESC" if sort == TURNED and not usual else "doc_id"])


def before(keys: list[tuple[str, bool]], values: list[Any], number: int) -> Sql:
    """The rows that stand before the one with these key values and this doc_id."""
    text, params = "doc_id<?", [number]
    for (expression, turned), value in reversed(list(zip(keys, values, strict=True))):
        if value is None:
            ahead, held = (f"{expression} IS NOT NULL" if turned else "0"), []
        elif turned:
            ahead, held = f"{expression}>?", [value]
        else:
            ahead, held = f"({expression}<? OR {expression} IS NULL)", [value]
        text = f"({ahead} OR ({expression} IS ? AND {text}))"
        params = [*held, value, *params]
    return Sql(text, tuple(params))

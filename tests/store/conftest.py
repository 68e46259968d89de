"""The engines that the contract is tested on: a second one (PostgreSQL) joins `ENGINES` and runs the same tests."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from jiaoyan.store import Store

FULL = bool(os.environ.get("JIAOYAN_FULL"))
"""Set: every repetition that issue 3 names. Unset: enough of them to notice a fault in two minutes."""


class SqliteEngine:
    """Makes and opens stores of one engine."""

    def create(self, path: Path) -> Store:
        return Store.create(path)

    def open(self, path: Path, *, read_only: bool = False, deadline: float = 10.0) -> Store:
        return Store.open(path, read_only=read_only, deadline=deadline)


ENGINES = {"sqlite": SqliteEngine}


@pytest.fixture(params=sorted(ENGINES))
def engine(request: pytest.FixtureRequest) -> SqliteEngine:
    return ENGINES[request.param]()


@pytest.fixture
def store(engine: SqliteEngine, tmp_path: Path) -> Iterator[Store]:
    with engine.create(tmp_path / "school.db") as opened:
        yield opened


@pytest.fixture
def reopened(engine: SqliteEngine, store: Store) -> Iterator[Callable[..., Store]]:
    """Opens the same store once more, as another session would."""
    found: list[Store] = []

    def again(**options: bool) -> Store:
        found.append(engine.open(store.path, **options))
        return found[-1]

    yield again
    for opened in found:
        opened.close()

"""Fixtures for all tests."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

from jiaoyan.school import School
from tests.schools import a_school

# Durations are measured in benchmarks/, not tested; the same cases for everyone in CI, new ones at each desk.
hypothesis.settings.register_profile("any machine", deadline=None, derandomize="CI" in os.environ)
hypothesis.settings.load_profile("any machine")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-snapshots", action="store_true", help="take the pictures of tests/terminal/snapshots anew")


@pytest.fixture
def school(tmp_path: Path) -> Iterator[School]:
    """A small school without plugins."""
    with a_school(tmp_path / "school") as opened:
        yield opened


@pytest.fixture
def full_school(tmp_path: Path) -> Iterator[School]:
    """A small school with all built-in plugins on."""
    with a_school(tmp_path / "school", ("subjects", "safety", "credits")) as opened:
        yield opened

"""The reader held against our own labelled plans, and the promises that hold for every reading."""

from __future__ import annotations

import tomllib

import pytest

from jiaoyan.reader import Words, read_plans
from tests.reader import scoring

FILES = sorted(path.stem for path in scoring.PLANS.glob("*.toml"))


@pytest.fixture(scope="module")
def score() -> scoring.Score:
    return scoring.score_files()


@pytest.mark.parametrize(
    ("table", "least"),
    [("schedule", 0.95), ("weekly", 0.9), ("requirement", 0.95), ("topic", 0.9), ("people_group", 0.9), ("sections", 0.95)],
)
def test_own_plans_are_read(score: scoring.Score, table: str, least: float) -> None:
    assert score.f1(table) >= least, "\n".join(score.misses)


@pytest.mark.parametrize(
    ("name", "least"),
    [("count", 1.0), ("unit", 0.97), ("bound", 0.93), ("per", 0.9), ("who", 0.8), ("what", 0.85), ("set", 0.95)],
)
def test_fields_of_duties(score: scoring.Score, name: str, least: float) -> None:
    assert score.accuracy("requirement", name) >= least, "\n".join(score.misses)


@pytest.mark.parametrize("name", ["level", "nature", "field"])
def test_plans_are_classified(score: scoring.Score, name: str) -> None:
    assert score.head(name) >= 0.95, "\n".join(score.misses)


@pytest.mark.parametrize("stem", FILES)
def test_labels_quote_the_text(stem: str) -> None:
    data = tomllib.loads((scoring.PLANS / f"{stem}.toml").read_text(encoding="utf-8"))
    for plan in data["plan"]:
        for table, rows in plan.items():
            if isinstance(rows, list) and table != "sections":
                assert [row["quote"] for row in rows if row["quote"] not in data["text"]] == []


@pytest.mark.parametrize("stem", FILES)
def test_quotes_stand_at_their_spans(stem: str) -> None:
    text = tomllib.loads((scoring.PLANS / f"{stem}.toml").read_text(encoding="utf-8"))["text"]
    for plan in read_plans(text):
        assert text[plan.start : plan.end] == plan.text
        for reading in plan.readings:
            assert text[reading.start : reading.end] == reading.quote
            assert reading.quote.strip()
            assert plan.start <= reading.start < reading.end <= plan.end
            assert 0 < reading.confidence <= 1
            # what is not sure says why
            assert reading.clear or reading.reason or reading.table in ("group", "topic", "schedule", "requirement", "weekly")


def test_reading_again_gives_the_same() -> None:
    text = tomllib.loads((scoring.PLANS / "a01.toml").read_text(encoding="utf-8"))["text"]
    assert read_plans(text) == read_plans(text)
    assert read_plans(text, Words.builtin()) == read_plans(text)

"""Hold readings against labels: the same matching as the clerks' gold labels use, for our own plans."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

from jiaoyan.reader import read_plans

PLANS = Path(__file__).parent / "plans"
# table: fields that must be equal, the field that must be alike, fields scored apart
TABLES: dict[str, tuple[tuple[str, ...], str, tuple[str, ...]]] = {
    "schedule": (("when",), "item", ()),
    "weekly": ((), "quote", ("who", "weekday", "part", "what", "odd")),
    "requirement": (("count",), "quote", ("who", "what", "unit", "per", "bound", "upto", "chars", "set")),
    "topic": (("grade",), "title", ("subject",)),
    "people_group": ((), "name", ()),
    "sections": ((), "title", ()),
}
ALIKE = 0.6
Row = Mapping[str, Any]


@dataclass
class Score:
    """Counts over plans; `misses` holds what was missed (-) or read too much (+) and fields that differ (~)."""

    rows: dict[str, Counter[str]] = field(default_factory=lambda: {table: Counter() for table in TABLES})
    fields: Counter[tuple[str, str, bool]] = field(default_factory=Counter)
    heads: Counter[tuple[str, bool]] = field(default_factory=Counter)
    misses: list[str] = field(default_factory=list)

    def f1(self, table: str) -> float:
        count = self.rows[table]
        total = 2 * count["found"] + count["missed"] + count["extra"]
        return 2 * count["found"] / total if total else 1.0

    def accuracy(self, table: str, name: str) -> float:
        right, wrong = self.fields[table, name, True], self.fields[table, name, False]
        return right / (right + wrong) if right + wrong else 1.0

    def head(self, name: str) -> float:
        right, wrong = self.heads[name, True], self.heads[name, False]
        return right / (right + wrong) if right + wrong else 1.0


def alike(left: str, right: str) -> float:
    """How much of the shorter text stands in the longer one, 0 to 1."""
    left, right = left.strip(), right.strip()
    if not left or not right:
        return float(left == right)
    blocks = SequenceMatcher(None, left, right, autojunk=False).get_matching_blocks()
    return sum(block.size for block in blocks) / min(len(left), len(right))


def _rows(plan: Row, table: str) -> list[Row]:
    return [{"title": row} if isinstance(row, str) else row for row in plan.get(table, [])]


def _pairs(gold: list[Row], read: list[Row], equal: tuple[str, ...], similar: str) -> Iterator[tuple[int, int]]:
    candidates = []
    for g, gold_row in enumerate(gold):
        for r, read_row in enumerate(read):
            if any(gold_row.get(key, "") != read_row.get(key, "") for key in equal):
                continue
            likeness = alike(str(gold_row.get(similar, "")), str(read_row.get(similar, "")))
            if likeness >= ALIKE:
                agreement = sum(gold_row.get(key) == read_row.get(key) for key in gold_row)
                candidates.append((likeness, agreement, g, r))
    used_gold, used_read = set(), set()
    for _, _, g, r in sorted(candidates, reverse=True):
        if g not in used_gold and r not in used_read:
            used_gold.add(g)
            used_read.add(r)
            yield g, r


def add(score: Score, label: str, gold_plan: Row, read_plan: Row) -> None:
    """Score one plan."""
    for key in ("level", "nature", "field"):
        right = gold_plan[key] == read_plan.get(key)
        score.heads[key, right] += 1
        if not right:
            score.misses.append(f"~ {label} {key}: {gold_plan[key]} / {read_plan.get(key)}")
    for table, (equal, similar, apart) in TABLES.items():
        gold, read = _rows(gold_plan, table), _rows(read_plan, table)
        pairs = list(_pairs(gold, read, equal, similar))
        found_gold, found_read = {g for g, _ in pairs}, {r for _, r in pairs}
        sure = [(g, r) for g, r in pairs if "doubt" not in gold[g]]
        missed = [row for g, row in enumerate(gold) if "doubt" not in row and g not in found_gold]
        extra = [row for r, row in enumerate(read) if r not in found_read]
        score.rows[table].update(found=len(sure), missed=len(missed), extra=len(extra))
        for sign, rows in (("-", missed), ("+", extra)):
            score.misses.extend(f"{sign} {label} {table}: {dict(row)}" for row in rows)
        for g, r in sure:
            for key in apart:
                right = gold[g].get(key) == read[r].get(key)
                score.fields[table, key, right] += 1
                if not right:
                    score.misses.append(f"~ {label} {table}.{key}: {gold[g].get(key)} / {read[r].get(key)} ({gold[g]['quote']})")


def score_files(pattern: str = "*.toml") -> Score:
    """Read and score all own plans whose file names fit."""
    score = Score()
    for path in sorted(PLANS.glob(pattern)):
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        read = [plan.as_gold() for plan in read_plans(data["text"])]
        for n, gold_plan in enumerate(data["plan"]):
            add(score, f"{path.stem}.{n + 1}", gold_plan, read[n] if n < len(read) else {})
    return score

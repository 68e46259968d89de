"""What the reader gives back: each thing read with its place in the text, and the plan it belongs to."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

SURE = 0.9
"""From this confidence on a reading may be accepted without being looked at."""
DOUBTFUL = 0.7
"""Up to this confidence two careful clerks could differ."""

GOLD_TABLES = {
    "schedule": "schedule", "weekly": "weekly", "requirement": "requirement", "topic": "topic", "group": "people_group",
}


@dataclass(frozen=True, slots=True)
class Reading:
    """One thing read: `text[start:end] == quote` in the whole source text, always."""

    table: str
    start: int
    end: int
    quote: str
    fields: dict[str, Any] = field(default_factory=dict)
    confidence: float = 1.0
    reason: str = ""

    @property
    def clear(self) -> bool:
        """Sure enough to be accepted without being looked at."""
        return self.confidence >= SURE


@dataclass(frozen=True, slots=True)
class PlanReading:
    """One plan of a text; `start` and `end` are its place in the whole source text."""

    index: int
    title: str
    level: str
    nature: str
    field: str
    start: int
    end: int
    text: str
    readings: tuple[Reading, ...] = ()

    @property
    def sections(self) -> list[str]:
        """The titles of the top-level headings."""
        return [reading.fields["title"] for reading in self.readings if reading.table == "section"]

    def of(self, table: str) -> list[Reading]:
        return [reading for reading in self.readings if reading.table == table]

    def as_gold(self) -> dict[str, Any]:
        """The shape of a labelled plan: one list a table, each row with its quote."""
        found: dict[str, Any] = {
            "index": self.index, "title": self.title, "level": self.level, "nature": self.nature, "field": self.field,
            "sections": self.sections,
        }
        for table, name in GOLD_TABLES.items():
            found[name] = [{**reading.fields, "quote": reading.quote} for reading in self.of(table)]
        return found

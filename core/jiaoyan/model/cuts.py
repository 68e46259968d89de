"""Cuts: the figures of a day, as they were reported (月报, 公示). They stay; what is entered later is 补录."""

from datetime import date
from decimal import Decimal
from typing import Annotated, ClassVar

from pydantic import Field

from jiaoyan.model.duties import SCOPES
from jiaoyan.records import Amount, Given, Long, Part, Record, choice
from jiaoyan.registers import Register, Rights


class CutFigure(Part):
    """One duty of one subject on that day, in words that outlive the requirement and the person's record."""

    requirement: str
    subject: str
    scope: choice(SCOPES)  # type: ignore[valid-type]
    name: str
    title: str
    unit: str
    done: Amount
    total: Amount
    missing: Amount = Decimal(0)
    state: str


class Cut(Record):
    """What the board of a day said when it was reported."""

    title: str = Field(title="名称", min_length=1, max_length=80)
    day: Annotated[date, Given()] = Field(title="截至")
    kept: str = Field(title="存于")
    note: Annotated[str, Long()] = Field(default="", title="备注")
    figures: tuple[CutFigure, ...] = ()

    unset: ClassVar[frozenset[str]] = frozenset({"id", "rev", "kept", "figures"})


CUT = Register(
    "cut", "月报", Cut, columns=("day", "title", "note"), label=("title",), search=("title", "note"), sort=("-day", "title"),
    indexed=("day",), day="day", group="计划", rights=Rights(write=frozenset({"admin", "office", "leader"})),
)

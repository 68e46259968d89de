"""What every command needs: which school, and how answers and faults are printed."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import click

from jiaoyan.errors import BadInput, Problem
from jiaoyan.school import School, china_now
from jiaoyan.terms import parse_day
from jiaoyan_tui import folder
from jiaoyan_tui.cells import clip, pad, width

WIDEST = 48
"""Cells that a column of a printed table may take."""


def school_folder(context: click.Context) -> Path:
    """The folder of --school, of JIAOYAN_SCHOOL, or the usual one."""
    return folder.school_folder(context.find_root().params.get("school"))


@contextmanager
def opened(context: click.Context, *, read_only: bool = False) -> Iterator[School]:
    """The school of this command, closed afterwards."""
    with School.open(school_folder(context), read_only=read_only) as school:
        school.correction = context.find_root().params.get("correction") or ""
        yield school


def say(text: str = "") -> None:
    click.echo(text)


def say_json(value: Any) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=1, default=str))


def say_table(titles: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A table aligned by cells, so that Chinese and Latin letters stand in columns."""
    lines = [[cell.replace("\n", " ") for cell in row] for row in (titles, *rows)]
    widths = [min(WIDEST, max(width(line[n]) for line in lines)) for n in range(len(titles))]
    for line in lines:
        say("  ".join(pad(clip(cell, wide), wide) for cell, wide in zip(line, widths, strict=True)).rstrip())


def day_of(text: str | None, school: School) -> date | None:
    """A day as typed on the command line. Raises BadInput."""
    return parse_day(text, school.today) if text else None


def assigned(assignments: Sequence[str]) -> dict[str, str]:
    """{field: text} of words like 字段=值. Raises BadInput."""
    texts = {}
    for assignment in assignments:
        name, equals, value = assignment.replace("=", "=", 1).partition("=")
        if not equals:
            raise BadInput(Problem("", f"“{assignment}”应写成 字段=值"))
        texts[name.strip()] = value.strip()
    return texts


def today() -> date:
    return china_now().date()


json_option = click.option("--json", "as_json", is_flag=True, help="以 JSON 输出")

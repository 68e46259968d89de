"""完成情况表: progress laid out as subjects × requirements, gaps first; filtered by group, name and state."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Mapping
from dataclasses import dataclass

from jiaoyan.model.duties import PERIODS, Requirement
from jiaoyan.pinyin import spelled
from jiaoyan.records import plain
from jiaoyan.requirements import BEHIND, Board, Progress
from jiaoyan.staff import Staff

URGENCY = (*BEHIND, "done", "waived", "")
"""States from the most to the least urgent; "" where a requirement does not bind somebody."""


@dataclass(frozen=True, slots=True)
class BoardRow:
    """One teacher, group or the school, with the progress of each requirement that binds it."""

    subject: str
    name: str
    cells: Mapping[str, Progress]
    """By requirement id."""
    order: int
    """Its place in the usual order."""

    @property
    def state(self) -> str:
        """The most urgent of its states."""
        return min((cell.state for cell in self.cells.values()), key=URGENCY.index, default="")

    @property
    def behind(self) -> int:
        return sum(cell.behind for cell in self.cells.values())


@dataclass(frozen=True, slots=True)
class BoardTable:
    """The table of one scope."""

    scope: str
    requirements: tuple[Requirement, ...]
    rows: tuple[BoardRow, ...]

    @property
    def counts(self) -> Counter[str]:
        """How many cells are in which state."""
        return Counter(cell.state for row in self.rows for cell in row.cells.values())

    def urgent_first(self) -> BoardTable:
        """Who is most behind first; the usual order among equals."""
        rows = sorted(self.rows, key=lambda row: (URGENCY.index(row.state), -row.behind, row.order))
        return BoardTable(self.scope, self.requirements, tuple(rows))

    def only(
        self, *, subjects: Container[str] | None = None, word: str = "", states: Container[str] | None = None
    ) -> BoardTable:
        """Rows of these subjects, whose name a word (or its pinyin) fits, that have a cell in one of these states."""
        word = word.strip().lower()
        rows = tuple(
            row for row in self.rows
            if (subjects is None or row.subject in subjects)
            and (not word or word in spelled(row.name))
            and (states is None or any(cell.state in states for cell in row.cells.values()))
        )
        return BoardTable(self.scope, self.requirements, rows)


def table_of(board: Board, scope: str, order: Mapping[str, int] | None = None) -> BoardTable:
    """The rows of a scope (teacher, group, school) in their usual order, as `order` gives it by subject."""
    requirements: dict[str, Requirement] = {}
    cells: dict[str, dict[str, Progress]] = {}
    names: dict[str, str] = {}
    for progress in board.rows:
        if progress.requirement.scope == scope:
            requirements.setdefault(progress.requirement.id, progress.requirement)
            cells.setdefault(progress.subject, {})[progress.requirement.id] = progress
            names[progress.subject] = progress.name
    places = order or {subject: number for number, subject in enumerate(cells)}
    rows = [BoardRow(subject, names[subject], found, places.get(subject, len(places))) for subject, found in cells.items()]
    return BoardTable(scope, tuple(requirements.values()), tuple(sorted(rows, key=lambda row: row.order)))


def usual_order(staff: Staff) -> dict[str, int]:
    """花名册 order of teachers, the order of groups after them."""
    return {id: number for number, id in enumerate((*staff.members, *staff.groups))}


def told(progress: Progress) -> str:
    """One cell in words: what is owed, what is done, what is missing by when, and why less is owed."""
    requirement = progress.requirement
    unit = requirement.unit
    words = [f"已完成 {plain(progress.done)}{unit},共要 {plain(progress.total)}{unit}({PERIODS[requirement.period]})"]
    if progress.due and progress.due != progress.total:
        words.append(f"到今天应有 {plain(progress.due)}{unit}")
    late = progress.state in ("overdue", "over")
    if progress.missing:
        words.append(f"{'欠' if late else '还差'} {plain(progress.missing)}{unit}")
    if progress.by is not None and progress.state != "done":
        words.append(f"{'应于' if late else '截止'} {progress.by:%m-%d}")
    if progress.reason:
        words.append(f"{'免做' if progress.state == 'waived' else '改量'}:{progress.reason}")
    return ",".join(words)

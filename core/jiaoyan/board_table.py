"""完成情况表: progress laid out as subjects × requirements, gaps first; filtered by group, name and state."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass

from jiaoyan.kinds import KindTree
from jiaoyan.model.duties import PERIODS, Requirement
from jiaoyan.pinyin import spelled
from jiaoyan.records import plain
from jiaoyan.requirements import BEHIND, Board, Progress
from jiaoyan.staff import Staff

LATE = ("overdue", "over")
URGENCY = (*BEHIND, "done", "waived", "")
"""States from the most to the least urgent; "" where a requirement does not bind somebody."""


@dataclass(frozen=True, slots=True)
class BoardColumn:
    """One duty: requirements that ask for the same in the same period, of one group more than of another."""

    key: str
    title: str
    requirements: tuple[Requirement, ...]


@dataclass(frozen=True, slots=True)
class BoardRow:
    """One teacher, group or the school, with its progress in each duty that binds it."""

    subject: str
    name: str
    cells: Mapping[str, Progress]
    """By column key; the most urgent where two requirements of a column bind the same subject."""
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
    columns: tuple[BoardColumn, ...]
    rows: tuple[BoardRow, ...]

    @property
    def counts(self) -> Counter[str]:
        """How many cells are in which state."""
        return Counter(cell.state for row in self.rows for cell in row.cells.values())

    def urgent_first(self) -> BoardTable:
        """Who is most behind first, and the duties in which most are; the usual order among equals."""
        rows = sorted(self.rows, key=lambda row: (URGENCY.index(row.state), -row.behind, row.order))
        late: Counter[str] = Counter()
        slow: Counter[str] = Counter()
        for row in self.rows:
            late.update(key for key, cell in row.cells.items() if cell.state in LATE)
            slow.update(key for key, cell in row.cells.items() if cell.state == "slow")
        columns = sorted(self.columns, key=lambda column: (-late[column.key], -slow[column.key]))
        return BoardTable(self.scope, tuple(columns), tuple(rows))

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
        return BoardTable(self.scope, self.columns, rows)


def table_of(board: Board, scope: str, kinds: KindTree, order: Mapping[str, int] | None = None) -> BoardTable:
    """The rows of a scope (teacher, group, school) in their usual order, as `order` gives it by subject."""
    duties: dict[str, dict[str, Requirement]] = {}
    cells: dict[str, dict[str, Progress]] = {}
    names: dict[str, str] = {}
    for progress in board.rows:
        requirement = progress.requirement
        if requirement.scope != scope:
            continue
        key = _duty(requirement)
        duties.setdefault(key, {})[requirement.id] = requirement
        row = cells.setdefault(progress.subject, {})
        if key not in row or URGENCY.index(progress.state) < URGENCY.index(row[key].state):
            row[key] = progress
        names[progress.subject] = progress.name
    places = order or {subject: number for number, subject in enumerate(cells)}
    rows = [BoardRow(subject, names[subject], found, places.get(subject, len(places))) for subject, found in cells.items()]
    return BoardTable(scope, tuple(_titled(duties, kinds)), tuple(sorted(rows, key=lambda row: row.order)))


def _duty(requirement: Requirement) -> str:
    """What makes requirements one column: all but who owes it and how much."""
    return "|".join((
        ",".join(sorted(requirement.kinds)), ",".join(sorted(requirement.roles)), requirement.measure, requirement.bound,
        requirement.period, str(requirement.least_chars), str(requirement.least_minutes), requirement.unit,
    ))


def _titled(duties: Mapping[str, Mapping[str, Requirement]], kinds: KindTree) -> Iterator[BoardColumn]:
    """每学期听课, 每月教学反思500字: period, kinds, least size; the whole title where that would name two columns."""
    short = {key: _short(next(iter(found.values())), kinds) for key, found in duties.items()}
    twice = {title for title, number in Counter(short.values()).items() if number > 1}
    for key, found in duties.items():
        title = next(iter(found.values())).title if short[key] in twice else short[key]
        yield BoardColumn(key, title, tuple(found.values()))


def _short(requirement: Requirement, kinds: KindTree) -> str:
    least = f"{requirement.least_chars}字" if requirement.least_chars else ""
    least += f"{requirement.least_minutes}分钟" if requirement.least_minutes else ""
    return PERIODS[requirement.period] + "、".join(kinds.label(kind) for kind in requirement.kinds) + least


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
    late = progress.state in LATE
    if progress.missing:
        words.append(f"{'欠' if late else '还差'} {plain(progress.missing)}{unit}")
    if progress.by is not None and progress.state != "done":
        words.append(f"{'应于' if late else '截止'} {progress.by:%m-%d}")
    if progress.reason:
        words.append(f"{'免做' if progress.state == 'waived' else '改量'}:{progress.reason}")
    return ",".join(words)

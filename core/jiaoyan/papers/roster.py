"""花名册: a school's list of staff, in whatever shape it comes, as proposals that a person looks through."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, NamedTuple

from jiaoyan.errors import BadInput, Problem
from jiaoyan.papers.sheets import Sheet, read_sheets
from jiaoyan.tomls import toml_of

CATEGORIES = ("teaching", "assistant", "admin", "worker", "external")
LISTED_GROUPS = ("office", "grade", "research", "prep")
GROUP_ORDER = ("office", "research", "prep", "grade", "class", "team", "other")
SPECIALIST = 3
"""Who teaches one subject in this many grades (music, sport) prepares lessons alone: no 备课组 is proposed for him."""


@dataclass(frozen=True)
class ProposedPosting:
    """What a teacher holds, as the roster says it. `group` is a name: the group may not exist yet."""

    what: str
    value: str = ""
    group: str = ""
    group_kind: str = ""
    subject: str = ""
    grade: str = ""
    classes: tuple[str, ...] = ()


@dataclass(frozen=True)
class RosterRow:
    """One member of staff: the fields of a Teacher, what he holds, and what a person should look at."""

    row: int
    sheet: str
    teacher: dict[str, Any]
    postings: tuple[ProposedPosting, ...] = ()
    doubts: tuple[str, ...] = ()


class ProposedGroup(NamedTuple):
    name: str
    kind: str
    subject: str = ""
    grade: str = ""
    parent: str = ""


@dataclass(frozen=True)
class Roster:
    """What was read. `problems` are rows that can't be taken; `ignored` are headers that were not understood."""

    rows: list[RosterRow]
    problems: list[Problem] = field(default_factory=list)
    ignored: tuple[str, ...] = ()

    def groups(self) -> tuple[ProposedGroup, ...]:
        """Every group that the postings name, each once, those above before those below them."""
        from jiaoyan.papers.postings import group_of

        found: dict[str, ProposedGroup] = {}
        for row in self.rows:
            for posting in row.postings:
                if posting.group and posting.group not in found:
                    found[posting.group] = group_of(posting)
        research = {g.subject: g.name for g in found.values() if g.kind == "research" and g.subject}
        grades = {g.grade: g.name for g in found.values() if g.kind == "grade" and g.grade}
        above = {"prep": lambda g: research.get(g.subject, ""), "class": lambda g: grades.get(g.grade, "")}
        placed = [g._replace(parent=above[g.kind](g)) if g.kind in above else g for g in found.values()]
        return tuple(sorted(placed, key=lambda g: GROUP_ORDER.index(g.kind)))

    def summary(self) -> str:
        """57 专任, 6 工勤; 疑问 2; 将建立 教研组 9 备课组 14 班主任 24 任课 131."""
        from jiaoyan.model.people import CATEGORIES as TITLES  # pydantic comes with it: not before it is needed
        from jiaoyan.model.people import GROUP_KINDS

        counted = Counter(row.teacher["category"] for row in self.rows)
        parts = [", ".join(f"{counted[c]} {TITLES[c]}" for c in CATEGORIES if counted[c]) or "没有教职工"]
        if doubts := sum(len(row.doubts) for row in self.rows):
            parts.append(f"疑问 {doubts}")
        if self.problems:
            parts.append(f"不能导入 {len(self.problems)} 处")
        kinds = Counter(g.kind for g in self.groups())
        postings = [p for row in self.rows for p in row.postings]
        made = [(GROUP_KINDS[kind], kinds[kind]) for kind in LISTED_GROUPS]
        made.append(("班主任", sum(p.what == "duty" and p.value == "班主任" for p in postings)))
        made.append(("任课", sum(max(1, len(p.classes)) for p in postings if p.what == "teaches")))
        if any(number for _, number in made):
            parts.append("将建立 " + " ".join(f"{label} {number}" for label, number in made if number))
        return "; ".join(parts)


@cache
def words() -> dict[str, Any]:
    """The table of headers and words, packs/roster.toml."""
    text = resources.files("jiaoyan").joinpath("packs/roster.toml").read_text(encoding="utf-8")
    return toml_of(text, Path("roster.toml")).data


def read_roster(path: Path, subjects: Sequence[str] = ()) -> Roster:
    """The roster in a file. `subjects` are those that the school names itself. Raises NotFound, BadInput."""
    return roster_of(read_sheets(path), Path(path).name, subjects)


def roster_of(sheets: Sequence[Sheet], name: str, subjects: Sequence[str] = ()) -> Roster:
    """The roster in tables that were read already. Raises BadInput when none has a 姓名 column."""
    from jiaoyan.papers.columns import Headers, table_of
    from jiaoyan.papers.people import LineReader, several_people

    table = words()
    headers = Headers(table["headers"], table["words"]["prefixes"])
    tables = [found for sheet in sheets if (found := table_of(sheet, headers))]
    if not tables:
        raise BadInput(Problem(name, "没有找到“姓名”一栏", "请在表头写明 姓名、性别、任教学科 等"))
    lines = [line for found in tables for line in found.lines]
    reader = LineReader(table, subjects, lines, name, named=len(sheets) > 1)
    rows, problems = several_people([row for line in lines if (row := reader.read(line))], reader.place)
    ordered = [replace(row, teacher={**row.teacher, "order": n}) for n, row in enumerate(rows, 1)]
    ignored = tuple(dict.fromkeys(label for found in tables for label in found.ignored))
    return Roster(ordered, [*reader.problems, *problems], ignored)

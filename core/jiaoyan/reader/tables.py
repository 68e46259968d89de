"""Tables of activities, themes and weekly slots: with | or tabs between the cells, or flattened to a cell a line."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from jiaoyan.reader.numerals import parse
from jiaoyan.reader.outline import lines_of, mark_at
from jiaoyan.reader.plan import Draft
from jiaoyan.reader.reading import Reading
from jiaoyan.reader.schedule import Schedule
from jiaoyan.reader.times import Time, part_of_day, time_at
from jiaoyan.reader.topics import grades_of

ROLES = ("when", "what", "speaker", "place", "leader", "who", "form", "subject", "grade")
_RULE = re.compile(r"[-:|= ]+")
_WEEKDAY = re.compile(r"(?:周|星期|礼拜)([一二三四五六日天1-7])")
_WIDE = re.compile(r"\t|[ ]{2,}")
_SPLIT = re.compile(r"[;。]|(?<=.)(?=(?:\d{1,2}[.、](?!\d)|[①-⑳]|\(\d{1,2}\)))")
_SHORT = 14
_DAYS = {char: n for n, char in enumerate("一二三四五六日", 1)} | {"天": 7} | {str(n): n for n in range(1, 8)}

Cell = tuple[int, int]


@dataclass(slots=True)
class Table:
    """Rows of cells (spans), the first of them the column titles, and the lines that they stand on."""

    header: list[str]
    rows: list[list[Cell]]
    lines: list[Cell]


class Tables:
    """Reads the tables of one plan; their lines are taken, so that nothing else is read there."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.schedule = Schedule(draft)
        self._places = [block.start for block in draft.blocks]
        self._roles = {title: role for role in ROLES for title in draft.words.list("tables", role)}

    def read(self) -> Iterator[Reading]:
        lines = list(lines_of(self.draft.norm, self.draft.start, self.draft.end))
        for table in self._tables(lines):
            rows = list(self._table(table))
            if rows:
                self._take(table)
                yield from rows

    def _take(self, table: Table) -> None:
        first, last = table.lines[0][0], table.lines[-1][1]
        inside = self._places[bisect_left(self._places, first) : bisect_left(self._places, last)]
        self.draft.taken.update(inside)
        self.draft.tabled.update(inside)

    # ---- where tables stand -----------------------------------------------------------------------------------------
    def _tables(self, lines: list[Cell]) -> Iterator[Table]:
        n = 0
        while n < len(lines):
            cells = self._cells(lines[n])
            if len(cells) >= 2 and self._header([self._text(cell) for cell in cells]):
                stop = n + 1
                rows = []
                while stop < len(lines):
                    row = self._cells(lines[stop])
                    if len(row) < 2:
                        break
                    if not _RULE.fullmatch(self.draft.norm, *lines[stop]):
                        rows.append(row)
                    stop += 1
                if rows:
                    yield Table([self._text(cell) for cell in cells], rows, lines[n:stop])
                    n = stop
                    continue
            if spaced := self._spaced(lines, n):
                table, n = spaced
                yield table
                continue
            flat = self._flat(lines, n)
            if flat:
                table, n = flat
                yield table
                continue
            n += 1

    def _spaced(self, lines: list[Cell], n: int) -> tuple[Table, int] | None:
        """周次 起止日期 内容 课时 主备人: titles and cells parted by single blanks, a row as many cells as there are titles."""
        titles = self._words(lines[n])
        if len(titles) < 3 or len(titles) > 10 or lines[n][1] - lines[n][0] > 60:
            return None
        names = [self._text(cell) for cell in titles]
        roles = [self._role(name) for name in names]
        if "when" not in roles or not all(roles) or not self._header(names):
            return None
        rows = []
        stop = n + 1
        while stop < len(lines) and len(row := self._words(lines[stop])) == len(titles):
            rows.append(row)
            stop += 1
        return (Table(names, rows, lines[n:stop]), stop) if rows else None

    def _words(self, line: Cell) -> list[Cell]:
        if line[1] - line[0] > 300:
            return []
        return [match.span() for match in re.compile(r"[^ \t]+").finditer(self.draft.norm, *line)]

    def _cells(self, line: Cell) -> list[Cell]:
        """The cells of a line, empty ones too; one cell where it is no table line."""
        norm, (start, end) = self.draft.norm, line
        if end - start > 2000:
            return []
        if norm.count("|", start, end) >= 2 or (norm.count("|", start, end) == 1 and norm[start] != "|"):
            first = start + 1 if norm[start] == "|" else start
            last = end - 1 if norm[end - 1] == "|" else end
            edges = [place for place in range(first, last) if norm[place] == "|"]
            starts, ends = [first, *(place + 1 for place in edges)], [*edges, last]
        else:
            gaps = list(_WIDE.finditer(norm, start, end))
            if not gaps:
                return []
            starts, ends = [start, *(gap.end() for gap in gaps)], [*(gap.start() for gap in gaps), end]
        return [self._trim(a, b) for a, b in zip(starts, ends, strict=True)]

    def _trim(self, start: int, end: int) -> Cell:
        norm = self.draft.norm
        while start < end and norm[start] in " \t*":
            start += 1
        while end > start and norm[end - 1] in " \t*":
            end -= 1
        return start, end

    def _text(self, cell: Cell) -> str:
        return re.sub(r"\s", "", self.draft.norm[cell[0] : cell[1]])

    def _role(self, title: str) -> str:
        return self._roles.get(re.sub(r"[(:].*$", "", title), self._roles.get(title, ""))

    def _header(self, titles: list[str]) -> bool:
        known = [self._role(title) for title in titles]
        return (sum(map(bool, known)) >= 2 and "what" in known) or {"when", "subject"} <= set(known)

    def _flat(self, lines: list[Cell], n: int) -> tuple[Table, int] | None:
        """Column titles line by line, then the cells line by line; a row begins where a time stands."""
        titles: list[str] = []
        place = n
        while place < len(lines) and lines[place][1] - lines[place][0] <= _SHORT:
            title = self._text(lines[place])
            if not self._role(title) or title in titles:
                break
            titles.append(title)
            place += 1
        if len(titles) < 3 or not self._header(titles):
            return None
        first = titles[0]
        rows: list[list[Cell]] = []
        while place < len(lines):
            mark = mark_at(self.draft.norm, *lines[place])
            if mark and mark.style in ("cn", "part"):
                break
            full = not rows or len(rows[-1]) >= len(titles)
            begins = full
            if self._role(first) == "when":
                short = bool(rows) and len(rows[-1]) >= 2 and not self._still(rows[-1], titles)
                begins = (full or short) and self._time(self._text(lines[place]), first) is not None
            if begins:
                rows.append([])
            if not rows:
                return None
            if len(rows[-1]) >= len(titles):
                break
            rows[-1].append(lines[place])
            place += 1
        return (Table(titles, rows, lines[n:place]), place) if rows else None

    def _still(self, row: list[Cell], titles: list[str]) -> bool:
        """Another time column is due: 周次, then 时间."""
        return len(row) < len(titles) and self._role(titles[len(row)]) == "when"

    # ---- what they hold ---------------------------------------------------------------------------------------------
    def _table(self, table: Table) -> Iterator[Reading]:
        roles = [self._role(title) for title in table.header]
        if "when" in roles and ("what" in roles or "subject" in roles):
            yield from self._activities(table, roles)
        elif "what" in roles and ("subject" in roles or "grade" in roles):
            yield from self._topics(table, roles)

    def _row(self, row: list[Cell], roles: list[str]) -> dict[str, list[tuple[int, Cell]]]:
        found: dict[str, list[tuple[int, Cell]]] = {}
        for n, cell in enumerate(row[: len(roles)]):
            if roles[n] and cell[1] > cell[0]:
                found.setdefault(roles[n], []).append((n, cell))
        return found

    def _activities(self, table: Table, roles: list[str]) -> Iterator[Reading]:
        last: Time | None = None
        for row in table.rows:
            cells = self._row(row, roles)
            time, weekday = self._when(cells.get("when", []), table.header)
            if time is None and weekday and "subject" in cells:
                yield self._slot(cells, weekday)
                continue
            last = time or last
            whats = cells.get("what", [])
            if last is None or not whats or self._header([self._text(cell) for cell in row]):
                continue
            more: dict[str, Any] = {
                role: self.draft.words_of(*cells[role][0][1]) for role in ("speaker", "place", "leader") if role in cells
            }
            # 主题 beside 内容: the first names the activity
            for start, end in self._parts(whats[0][1]):
                fields: dict[str, Any] = {
                    "when": last.when, "item": self.draft.words_of(start, end),
                    "nature": self.schedule.nature_of(self.draft.norm[start:end]), **more,
                }
                if last.day:
                    fields["day"] = last.day
                yield self.draft.reading("schedule", start, end, fields, 0.95 if time else 0.85,
                                         "" if time else "时间格空着,按上一行的时间读")

    def _parts(self, cell: Cell) -> list[Cell]:
        """Several items in one cell: 1.…2.…, or parted by ;."""
        norm = self.draft.norm
        edges = [cell[0], *(match.end() for match in _SPLIT.finditer(norm, *cell)), cell[1]]
        found = []
        for start, end in pairwise(edges):
            mark = mark_at(norm, start, end)
            first, last = self._trim(mark.end if mark else start, end)
            while last > first and norm[last - 1] in ";。,、 ":
                last -= 1
            if last - first >= 2:
                found.append((first, last))
        return found or [cell]

    def _when(self, cells: list[tuple[int, Cell]], header: list[str]) -> tuple[Time | None, int]:
        """The time of a row from all its time columns: the first that tells one, with the day of another."""
        found: Time | None = None
        weekday = 0
        for n, cell in cells:
            text = self._text(cell)
            time = self._time(text, header[n])
            if time and found is None:
                found = time
            elif time and found and time.day and not found.day:
                found = Time(found.when, found.end, time.day)
            if match := _WEEKDAY.search(text):
                weekday = _DAYS[match[1]]
        return found, weekday

    def _time(self, text: str, title: str) -> Time | None:
        """A cell of a time column; a bare number is a week or a month as its title says."""
        match = re.fullmatch(r"第?(\d{1,2}|[一二三四五六七八九十]{1,3})(?:[-~至到、]第?(\d{1,2}|[一二三四五六七八九十]{1,3}))?", text)
        if match and ("周" in title or "月" in title):
            first = int(parse(match[1]) or 0)
            last = int(parse(match[2]) or 0) if match[2] else 0
            if "周" in title and 0 < first <= 30:
                return Time(f"W{first:02}" + (f"/W{last:02}" if last > first else ""), len(text))
            if 0 < first <= 12:
                return Time(f"{first:02}" + (f"/{last:02}" if 0 < last <= 12 else ""), len(text))
        time = time_at(text)
        if time is None and (inner := re.search(r"\((.+)\)", text)):
            time = time_at(inner[1])
        if time is None and (dated := re.search(r"\d{1,2}月|第.{1,3}周", text)):
            time = time_at(text, dated.start())
        return time

    def _slot(self, cells: dict[str, list[tuple[int, Cell]]], weekday: int) -> Reading:
        """教研组 | 星期 | 时间: a weekly slot a row."""
        group = cells["subject"][0][1]
        times = " ".join(self.draft.norm[a:b] for _, (a, b) in cells["when"])
        what = self.draft.words_of(*cells["what"][0][1]) if "what" in cells else "教研活动"
        who = self._text(group)
        who = who if who.endswith(("组", "科", "室", "部")) else f"{who}教研组"
        every = [cell for found in cells.values() for _, cell in found]
        fields = {"who": who, "weekday": weekday, "part": part_of_day(times), "what": what}
        return self.draft.reading("weekly", min(a for a, _ in every), max(b for _, b in every), fields, 0.9)

    def _topics(self, table: Table, roles: list[str]) -> Iterator[Reading]:
        last_subject = ""
        for row in table.rows:
            cells = self._row(row, roles)
            if "what" not in cells:
                continue
            subject_cell = cells.get("subject", [(0, (0, 0))])[0][1]
            subject = re.sub(r"(?:学?科?组|教研组|备课组|学科)$", "", self._text(subject_cell))
            last_subject = subject or last_subject
            grade_text = self._text(cells["grade"][0][1]) if "grade" in cells else ""
            grades = grades_of(grade_text)
            # 年级组 in the column of groups
            if subject.endswith("年级"):
                grades, last_subject = grades_of(subject), ""
            start, end = cells["what"][0][1]
            for grade in grades:
                fields = {"subject": last_subject, "grade": grade, "title": self.draft.words_of(start, end)}
                yield self.draft.reading("topic", start, end, fields, 0.93)

"""日历: the activities by 周次 or by month, with holidays, 调休 and exam weeks; only what is in view is read."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.containers import Horizontal

from jiaoyan.agenda import (
    DATED,
    DAY,
    WEEK,
    Agenda,
    agenda,
    day_name,
    mark_of,
    named_days,
    overlapping,
    term_of,
    undated_in,
    week_title,
)
from jiaoyan.listing import PageNames, when_in_short
from jiaoyan.model.activities import ACTIVITY_STATES, Activity
from jiaoyan.terms import WEEKDAYS, Term, When, parse_day
from jiaoyan_tui import changing
from jiaoyan_tui.actions import action, key_in_force
from jiaoyan_tui.cells import clip, pad, wrap
from jiaoyan_tui.lines import Piece
from jiaoyan_tui.lineview import LineView, TextLine, heading
from jiaoyan_tui.panes import PanesPage
from jiaoyan_tui.theme import Look

GRID = 100
"""Cells from which a month is a grid of days; below it is a list."""


class CalendarView(LineView, inherit_bindings=False):
    """Shows lines; the page moves its own cursor, a day."""


class CalendarPage(PanesPage):
    """A cursor on a day; arrows go by day and week, PgUp and PgDn by month."""

    DEFAULT_CSS = """
    CalendarPage.-month #side { display: none; }
    """
    crumb = "日历"
    AUTO_FOCUS: ClassVar[str | None] = "#main"

    def __init__(self, school: Any, day: date | None = None) -> None:
        super().__init__(school)
        self.day: date = day or school.today
        self.by_month = False
        self._top = monday_of(self.day) - WEEK
        """The Monday of the first week in view."""
        self._terms: list[Term] = []
        self._weeks: dict[date, Agenda] = {}
        self._months: dict[tuple[int, int], tuple[Activity, ...]] = {}
        self._names = PageNames(school)

    def body(self) -> ComposeResult:
        yield Horizontal(CalendarView(id="main"), LineView(id="side"), classes="panes")

    # ---- data -------------------------------------------------------------------------------------------------------
    def reload(self) -> None:
        self._terms = self.school.records(Term).all()
        self._weeks, self._months, self._names = {}, {}, PageNames(self.school)
        self.draw()

    def _week(self, monday: date) -> Agenda:
        """A week, read when it first comes into view."""
        if monday not in self._weeks:
            self._weeks[monday] = agenda(self.school, monday, monday + 6 * DAY)
        return self._weeks[monday]

    def _undated(self, year: int, month: int) -> tuple[Activity, ...]:
        if (year, month) not in self._months:
            self._months[year, month] = undated_in(self.school, year, month)
        return self._months[year, month]

    def _term(self, day: date) -> Term | None:
        return term_of(self._terms, day)

    def _on(self, day: date) -> tuple[Activity, ...]:
        return self._week(monday_of(day)).on(day)

    def _told(self, activity: Activity) -> str:
        """11-25 apart: the time, the title, whose it is where the title does not say."""
        clock = f"{activity.when.start:%H:%M} " if activity.when.start else f"第{activity.when.lesson}节 " if activity.when.lesson else ""
        groups = "、".join(self._names("group", group) for group in activity.groups)
        whose = f"({groups})" if groups and groups not in activity.title else ""
        off = "停开 " if activity.state == "cancelled" else ""
        return f"{clock}{off}{activity.title}{whose}"

    def _listed(self, activities: Iterable[Activity]) -> str:
        return "、".join(self._told(activity) for activity in activities)

    # ---- by week ----------------------------------------------------------------------------------------------------
    def main_lines(self, cells: int, look: Look) -> list[TextLine]:
        height = max(self.main.size.height, 4)
        self.set_class(self.by_month, "-month")
        if self.by_month:
            return self._month_grid(cells, look, height) if cells >= GRID else self._month_list(cells, look, height)
        return self._weeks_in_view(cells, look, height)

    def _weeks_in_view(self, cells: int, look: Look, height: int) -> list[TextLine]:
        here = monday_of(self.day)
        height -= 1
        self._top = min(max(self._top, here - height * WEEK), here)
        blocks: dict[date, list[TextLine]] = {}
        for number in range((here - self._top).days // 7 + 1):
            monday = self._top + number * WEEK
            blocks[monday] = self._block(monday, cells, look)
        while self._top < here and sum(len(block) for block in blocks.values()) > height:
            del blocks[self._top]
            self._top += WEEK
        monday = here
        while sum(len(block) for block in blocks.values()) < height:
            monday += WEEK
            blocks[monday] = self._block(monday, cells, look)
        names = "".join(f"{name:>2}   " for name in WEEKDAYS)
        head = TextLine(((f"{'':9}{names}", "muted"),))
        return [head, *[line for _, block in sorted(blocks.items()) for line in block][:height]]

    def _block(self, monday: date, cells: int, look: Look) -> list[TextLine]:
        """A week: its days in a row, below them what happens; above them, where a month begins, what has no day yet."""
        lines: list[TextLine] = []
        sunday = monday + 6 * DAY
        begins = next((day for day in days_of(monday) if day.day == 1), None)
        if begins is not None:
            undated = self._undated(begins.year, begins.month)
            note = f"日期待定 {len(undated)} 项" if undated else ""
            lines.append(heading(f"{begins.year}年{begins.month}月", cells, look, note))
            if undated:
                lines.append(TextLine(((f"   {self._listed(undated)}", "slow"),)))
        term = self._term(monday) or self._term(sunday)
        title, note = week_title(term, monday)
        strip: list[Piece] = [(f" {pad(title, 7)}", "title")]
        strip += [piece for day in days_of(monday) for piece in self._day_in_strip(day)]
        lines.append(TextLine((*strip, (f" {note}", "selected"))))
        found = self._week(monday)
        told = [(day, text, "selected") for day, text in named_days(term, monday, sunday)]
        for day, activities in found.days.items():
            count = f"{len(activities)} 项:" if len(activities) > 2 else ""
            told.append((day, count + self._listed(activities), "text"))
        lines += [self._day_line(*line) for line in sorted(told)]
        if found.undated:
            lines.append(TextLine(((f"   {pad('日期待定', 11)}{self._listed(found.undated)}", "slow"),)))
        return lines

    def _day_in_strip(self, day: date) -> list[Piece]:
        mark = mark_of(self._term(day), day)
        busy = "*" if self._on(day) else " "
        text = f"{day.day:>3}{busy}{pad(mark, 2)}"
        return [(text, self._style(day, "text"))]

    def _day_line(self, day: date, text: str, style: str) -> TextLine:
        here = day == self.day
        when = f"{day:%m-%d} 周{WEEKDAYS[day.weekday()]}"
        return TextLine(((f"   {when}  ", "selected" if here else "muted"), (text, style)))

    # ---- by month ---------------------------------------------------------------------------------------------------
    def _month_days(self) -> list[date]:
        """The days of the weeks that the month touches."""
        first, last = month_of(self.day)
        return [monday_of(first) + n * DAY for n in range((monday_of(last) + WEEK - monday_of(first)).days)]

    def _month_title(self, cells: int, look: Look) -> TextLine:
        return heading(f"{self.day.year}年{self.day.month}月", cells, look)

    def _month_grid(self, cells: int, look: Look, height: int) -> list[TextLine]:
        days, undated = self._month_days(), self._undated(self.day.year, self.day.month)
        weeks = len(days) // 7
        label = 8
        room = (cells - label - 1) // 7
        each = max((height - 2 - bool(undated)) // weeks, 2)
        lines = [self._month_title(cells, look)]
        lines.append(TextLine(((" " * label + "".join(pad(f" 周{name}", room) for name in WEEKDAYS), "muted"),)))
        for number in range(weeks):
            week = days[number * 7: number * 7 + 7]
            boxes = [self._box(day, room, each) for day in week]
            title, note = week_title(self._term(week[0]) or self._term(week[6]), week[0])
            sides = [title, note, *[""] * each]
            lines += [
                TextLine(((f" {pad(sides[n], label - 1)}", "muted"), *(piece for box in boxes for piece in box[n]))) for n in range(each)
            ]
        if undated:
            lines.append(TextLine(((f" 日期待定 {self._listed(undated)}", "slow"),)))
        return lines

    def _box(self, day: date, room: int, height: int) -> list[list[Piece]]:
        """A day in the grid: its number with what it is, then as many activities as fit."""
        outside = day.month != self.day.month
        term = self._term(day)
        mark = day_name(term, day) or mark_of(term, day)
        style = self._style(day, "title", quiet=outside)
        lines: list[list[Piece]] = [[(pad(clip(f"{day.day:>3} {mark}", room - 1), room - 1), style), (" ", "text")]]
        activities = self._on(day)
        pieces = [[f" {piece}" for piece in wrap(self._told(activity), room - 2)[:2]] for activity in activities]
        while pieces and sum(map(len, pieces)) + (len(pieces) < len(activities)) > height - 1:
            pieces.pop()
        lines += [[(pad(text, room), "muted" if outside else "text")] for piece in pieces for text in piece]
        if len(pieces) < len(activities):
            lines.append([(pad(f" 共 {len(activities)} 项", room), "selected")])
        return [*lines, *[[(" " * room, "text")] for _ in range(height - len(lines))]]

    def _month_list(self, cells: int, look: Look, height: int) -> list[TextLine]:
        first, last = month_of(self.day)
        undated = self._undated(first.year, first.month)
        lines: list[TextLine] = []
        at = 0
        for day in (first + n * DAY for n in range(last.day)):
            term = self._term(day)
            text = "  ".join(part for part in (day_name(term, day), self._listed(self._on(day))) if part)
            week = week_title(term, monday_of(day))[0] if day.weekday() == 0 or day == first else ""
            at = len(lines) if day == self.day else at
            when = f"{day.day:>3} 周{WEEKDAYS[day.weekday()]} {pad(mark_of(term, day), 2)} "
            lines.append(TextLine(((f" {pad(week, 7)}", "title"), (when, self._style(day, "text")), (f" {text}", "text"))))
        room = height - 1 - 2 * bool(undated)
        top = max(0, min(at - room // 2, len(lines) - room))
        tail = [f" 日期待定 {len(undated)} 项", f"   {self._listed(undated)}"] if undated else []
        return [self._month_title(cells, look), *lines[top:top + room], *(TextLine(((text, "slow"),)) for text in tail)]

    def _style(self, day: date, usual: str, *, quiet: bool = False) -> str:
        if day == self.day:
            return "cursor"
        if day == self.school.today:
            return "key"
        return "muted" if quiet or mark_of(self._term(day), day) == "休" else usual

    # ---- the day beside it ------------------------------------------------------------------------------------------
    def side_lines(self, cells: int, look: Look) -> list[TextLine]:
        if self.by_month or not self.has_class("-wide"):
            return []
        found = self._on(self.day)
        lines = [heading(f"{self.day:%m-%d} 周{WEEKDAYS[self.day.weekday()]}", cells, look, f"{len(found)} 项" if found else "")]
        for activity in found:
            lines.append(TextLine(((f" {clip(self._told(activity), max(cells - 2, 4))}", "text"),), activity.id))
            place = f"  {activity.place}" if activity.place else ""
            facts = f"   {self.school.kinds.label(activity.kind)}  {ACTIVITY_STATES[activity.state]}{place}"
            lines.append(TextLine(((clip(facts, cells - 1), "muted"),)))
        if not found:
            lines.append(TextLine(((f" 没有活动。按 {key_in_force('calendar.new')} 新增", "muted"),)))
        return lines

    def on_line_view_chosen(self, event: LineView.Chosen) -> None:
        self.guarded(lambda: changing.open_record(self, "activity", event.target))

    # ---- moving -----------------------------------------------------------------------------------------------------
    def go(self, day: date) -> None:
        self.day = day
        self.draw()
        self.refresh_frame()

    @action("calendar.before", "前一天", "left", tip="前一天")
    def go_day_back(self) -> None:
        self.go(self.day - DAY)

    @action("calendar.after", "后一天", "right", tip="后一天")
    def go_day_on(self) -> None:
        self.go(self.day + DAY)

    @action("calendar.up", "上一周", "up", tip="上一周的同一天;月历列表里是前一天")
    def go_week_back(self) -> None:
        self.go(self.day - self._row)

    @action("calendar.down", "下一周", "down", tip="下一周的同一天;月历列表里是后一天")
    def go_week_on(self) -> None:
        self.go(self.day + self._row)

    @property
    def _row(self) -> timedelta:
        return DAY if self.by_month and self.main.size.width < GRID else WEEK

    @action("calendar.month_before", "上个月", "pageup", tip="上个月的同一天")
    def go_month_back(self) -> None:
        self.go(same_day(self.day, -1))

    @action("calendar.month_after", "下个月", "pagedown", tip="下个月的同一天", rank=60)
    def go_month_on(self) -> None:
        self.go(same_day(self.day, 1))

    @action("calendar.today", "今天", "home", "t", tip="回到今天", rank=40)
    def go_today(self) -> None:
        self.go(self.school.today)

    @action("calendar.day", "到某天", "f4", tip="打一个日子:9.16、周三、明天", rank=50)
    def ask_day(self) -> None:
        self.ask("到哪一天?", lambda text: self.go(parse_day(text, self.school.today)), hint="如 9.16、2026-12-01、周三、明天")

    # ---- doing ------------------------------------------------------------------------------------------------------
    def _why_not_open(self) -> str:
        return "" if self._on(self.day) else f"{self.day:%m-%d} 没有活动。按 {key_in_force('calendar.new')} 新增"

    @action("calendar.open", "当天活动", "enter", tip="这一天的活动:打开、考勤、修改", why_not=_why_not_open, rank=10)
    def open_day(self) -> None:
        found = self._on(self.day)
        if len(found) == 1:
            changing.open_record(self, "activity", found[0].id)
            return
        from jiaoyan_tui.lists import ListPage

        title = when_in_short(When.on(self.day), self._term(self.day))
        self.open(ListPage(self.school, "activity", fixed=overlapping(self.day, self.day, DATED), crumb=title))

    @action("calendar.new", "新增", "n", "f2", tip="在这一天新增一次活动", rank=20)
    def add_activity(self) -> None:
        self.open_form(self.school.register("activity"), preset={"when": When.on(self.day)})

    @action("calendar.mode", "周次/月历", "f5", "m", tip="按周次看,或按月看", rank=30)
    def turn(self) -> None:
        self.by_month = not self.by_month
        self._top = monday_of(self.day) - WEEK
        self.draw()
        self.call_after_refresh(self.draw)

    @action("calendar.undated", "日期待定", "f6", tip="这个月日期待定的活动:打开一项,给它定日子", rank=35)
    def open_undated(self) -> None:
        found = self._undated(self.day.year, self.day.month)
        if not found:
            self.say(f"{self.day.month}月没有日期待定的活动", "muted")
            return
        options = [(activity.id, self._told(activity)) for activity in found]
        self.choose(f"{self.day.month}月日期待定:", options, lambda id: changing.edit_record(self, self.school.register("activity"), id))


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def days_of(monday: date) -> list[date]:
    return [monday + n * DAY for n in range(7)]


def month_of(day: date) -> tuple[date, date]:
    span = When.month(day.year, day.month)
    return span.first, span.last


def same_day(day: date, months: int) -> date:
    """That day of another month, or its last."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))

"""工作台: the day, the week, what is late, what waits, how far the groups are; number keys lead on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.events import Blur, Focus
from textual.widget import Widget

from jiaoyan.desk import Desk, counted, desk, desk_at_hand
from jiaoyan.listing import PageNames, when_in_short
from jiaoyan.model.activities import ACTIVITY_STATES, Activity
from jiaoyan.records import plain
from jiaoyan.requirements import STATES, Progress
from jiaoyan_tui import changing
from jiaoyan_tui.actions import Offer, action, key_in_force
from jiaoyan_tui.cells import clip, pad, width
from jiaoyan_tui.lines import Piece
from jiaoyan_tui.lineview import LineView, TextLine, heading
from jiaoyan_tui.options import Options
from jiaoyan_tui.page import Page
from jiaoyan_tui.panes import PanesPage, joined
from jiaoyan_tui.places import PLACES, Place
from jiaoyan_tui.theme import SIGNS, Look

MOST_GAPS, MOST_REMINDERS, MOST_ACTIVITIES, MOST_TASKS = 7, 6, 9, 4
MENU = 14
STATE_MARKS = {"overdue": "overdue", "over": "overdue", "slow": "slow", "done": "ok", "pending": "muted", "waived": "muted"}
Line = tuple[str, str, tuple[str, ...]]
"""A sentence, its style, where it leads."""
WAITING = ("waiting",)
"""Where a line leads that tells of the section 提醒与待办 further down."""
ACTIVITY_MARKS = {"held": "ok", "recorded": "ok", "reviewed": "ok", "cancelled": "muted"}


class Menu(Options, inherit_bindings=False):
    """The places with their number keys."""

    DEFAULT_CSS = f"Menu {{ width: {MENU}; height: 1fr; }}"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", "上", show=False), Binding("down", "move(1)", "下", show=False),
    ]

    def __init__(self) -> None:
        super().__init__([_label(number, place) for number, place in enumerate(PLACES, 1)])

    @property
    def mark(self) -> str:
        return "cursor" if self.has_focus else "text"

    def on_focus(self, event: Focus) -> None:
        self.refresh()

    def on_blur(self, event: Blur) -> None:
        self.refresh()


class OverviewPage(PanesPage):
    """What a person sees first and comes back to."""

    def __init__(self, school: Any) -> None:
        super().__init__(school)
        self.crumb = school.settings.name
        self._desk: Desk | None = None
        self._names: dict[str, str] = {}

    def crumbs(self) -> list[str]:
        return [self.crumb, f"{self.crumb} 工作台"]

    def aside(self) -> str:
        today = self.app.day_line()
        return f"{self._desk.term.title} {today}" if self._desk is not None and self._desk.term is not None else today

    def body(self) -> ComposeResult:
        panes: list[Widget] = [Menu(), LineView(id="main"), LineView(id="side")]
        yield Horizontal(*panes, classes="panes")

    # ---- data -------------------------------------------------------------------------------------------------------
    def reload(self) -> None:
        if self._desk is not None:
            self.recount(lambda: self._named(desk(self.school)), self._take)
            return
        found = desk_at_hand(self.school)  # so that the first picture is whole, and not drawn twice
        self._take(self._named(found))
        if not found.counted:
            self.recount(lambda: self._named(counted(self.school, found)), self._take)

    def _named(self, found: Desk) -> tuple[Desk, dict[str, str]]:
        names = PageNames(self.school)
        groups = {str(group) for activity in found.week for group in activity.groups}
        names.read("group", groups)
        return found, {group: names("group", group) for group in groups}

    def _take(self, found: tuple[Desk, dict[str, str]]) -> None:
        self._desk, self._names = found
        self.draw()
        self.refresh_frame()

    # ---- lines ------------------------------------------------------------------------------------------------------
    def main_lines(self, cells: int, look: Look) -> list[TextLine]:
        found = self._desk
        if found is None:
            return []
        return joined([self._week(found, cells, look), self._progress(found, cells, look)])

    def side_lines(self, cells: int, look: Look) -> list[TextLine]:
        found = self._desk
        if found is None:
            return []
        lines = joined([self._waiting(found, cells, look), self._groups(found, cells, look)])
        return lines if self.has_class("-wide") or not lines else [TextLine(), *lines]

    def _week(self, found: Desk, cells: int, look: Look) -> list[TextLine]:
        number = f"第{found.term.week_of(found.day)}周" if found.term else "本周"
        lines = [heading(f"本周活动 {number}", cells, look, f"{found.in_week} 项")]
        coming = [activity for activity in found.week if activity.when.last >= found.day]
        past = [activity for activity in found.week if activity.when.last < found.day]
        shown = [*past[len(past) - max(MOST_ACTIVITIES - len(coming), 0):], *coming[:MOST_ACTIVITIES]]
        lines += [self._activity(activity, found, cells) for activity in shown]
        if not found.week:
            lines.append(TextLine((("   本周没有安排活动", "muted"),)))
        notes: list[Line] = []
        if more := found.in_week - len(shown):
            week = f"时间:第{found.term.week_of(found.day)}周" if found.term else ""
            notes.append((f"本周还有 {more} 项", "muted", ("list", "activity", week)))
        if found.late_activities:
            late = f"{found.late_activities} 次活动日期已过,还没有记为已开展"
            notes.append((late, "slow", ("list", "activity", f"状态:计划 时间<{found.day}")))
        if found.undated:
            notes.append((f"{found.undated} 次本月的活动日期待定", "slow", ("list", "activity", f"状态:计划 时间:{found.day.month}月")))
        waits, overdue = self._how_many_wait(found)
        if waits and not self.has_class("-wide"):  # the section stands further down, out of view
            told = f"提醒与待办 {waits} 项{f',逾期 {overdue} 项' if overdue else ''}"
            notes.append((told, "overdue" if overdue else "slow", WAITING))
        return lines + [TextLine(((f" {SIGNS.get(style, ' ')} {text}", style),), target) for text, style, target in notes]

    def _how_many_wait(self, found: Desk) -> tuple[int, int]:
        """(what stands under 提醒与待办, how much of it is overdue)"""
        late = sum(reminder.overdue for reminder in found.reminders) + len(found.late_tasks)
        return len(self.school.host.troubled()) + len(found.reminders) + len(found.late_tasks) + len(found.waiting), late

    def _activity(self, activity: Activity, found: Desk, cells: int) -> TextLine:
        mark = ACTIVITY_MARKS.get(activity.state, "")
        today = activity.when.day == found.day
        state = ACTIVITY_STATES[activity.state]
        when = pad(when_in_short(activity.when, found.term), 16)
        groups = "、".join(self._names.get(group, "") for group in activity.groups)
        room = max(cells - 3 - 17 - width(state) - 2, 10)
        title = activity.title if not groups or groups in activity.title else f"{activity.title} {groups}"
        return TextLine((
            (f" {SIGNS.get(mark, ' ')} ", mark or "text"), (f"{when} ", "selected" if today else "text"),
            (pad(clip(title, room), room), "text"), (f" {state}", mark or "text"),
        ), ("activity", activity.id))

    def _progress(self, found: Desk, cells: int, look: Look) -> list[TextLine]:
        if not found.counted:
            return [heading("完成情况", cells, look), TextLine((("   正在统计", "muted"),))]
        if not found.counts:
            lines = [heading("完成情况", cells, look), TextLine((("   还没有生效的任务要求:计划审核通过后生效", "muted"),))]
            lines.append(TextLine((("   导入花名册:到“教职工”,再选“导入”", "text"),), ("list", "teacher", "")))
            lines.append(TextLine((("   导入计划:到“计划”,再选“导入”", "text"),), ("list", "plan", "")))
            return lines
        counts: list[Piece] = [("  ", "text")]
        for state in STATES:
            if number := found.counts.get(state, 0):
                mark = STATE_MARKS.get(state, "text")
                counts += [(f" {SIGNS.get(mark, '')}{STATES[state]} {number} ", mark)]
        lines = [heading("完成情况", cells, look), TextLine(tuple(counts), ("place", "board"))]
        shown = found.gaps[:MOST_GAPS]
        room = [max((width(gap.amounts) for gap in shown), default=0), max((width(plain(gap.missing)) for gap in shown), default=0)]
        lines += [self._gap(gap, cells, room) for gap in shown]
        if (more := len(found.gaps) - MOST_GAPS) > 0:
            lines.append(TextLine(((f"   还有 {more} 项逾期或偏慢,看完成情况表", "muted"),), ("place", "board")))
        if not found.gaps:
            lines.append(TextLine((("   没有逾期或偏慢的", "ok"),)))
        return lines

    def _gap(self, gap: Progress, cells: int, columns: list[int]) -> TextLine:
        mark = STATE_MARKS[gap.state]
        by = f"{gap.by:%m-%d}" if gap.by else ""
        tail = f" {pad(gap.amounts, columns[0])} 差{pad(plain(gap.missing), columns[1])} {by}"
        room = max(cells - 3 - 13 - width(tail) - 1, 8)
        where = {"teacher": "teacher", "group": "group"}.get(gap.requirement.scope, "requirement")
        target = (where, gap.subject or gap.requirement.id)
        return TextLine((
            (f" {SIGNS.get(mark, ' ')} ", mark), (pad(gap.name, 12) + " ", "text"),
            (pad(gap.requirement.title, room), "text"), (tail, mark),
        ), target)

    def _waiting(self, found: Desk, cells: int, look: Look) -> list[TextLine]:
        lines = [
            TextLine(((f" {SIGNS.get(style, ' ')} ", style), (clip(text, max(cells - 4, 4)), style)), target)
            for text, style, target in self._what_waits(found)
        ]
        if not lines and found.counted:
            lines.append(TextLine((("   没有要提醒的", "ok"),)))
        number, _ = self._how_many_wait(found)
        return [heading("提醒与待办", cells, look, f"{number} 项" if number else ""), *lines]

    def _what_waits(self, found: Desk) -> Iterator[Line]:
        for status in self.school.host.troubled():
            yield f"功能模块“{status.name}”{status.label}:{status.cause}", "overdue", ("place", "modules")
        for reminder in found.reminders[:MOST_REMINDERS]:
            yield reminder.text, "overdue" if reminder.overdue else "slow", (reminder.register, reminder.record)
        if (more := len(found.reminders) - MOST_REMINDERS) > 0:
            yield f"还有 {more} 条提醒", "muted", ("list", found.reminders[MOST_REMINDERS].register, "")
        for task in found.late_tasks[:MOST_TASKS]:
            yield f"任务逾期:{task.title}", "overdue", ("task", task.id)
        if (more := len(found.late_tasks) - MOST_TASKS) > 0:
            yield f"还有 {more} 项任务逾期", "overdue", ("list", "task", f"状态:未开展 时间<{found.day}")
        for plan in found.waiting:
            yield f"待审核:{plan.title}", "slow", ("plan", plan.id)
        if found.unsure:
            yield f"{found.unsure} 条计划条目待定,等人审读", "slow", ("list", "clause", "审读:待定")

    def _groups(self, found: Desk, cells: int, look: Look) -> list[TextLine]:
        if not found.groups:
            return []
        names = min(max(width(group.name) for group in found.groups), 20)
        room = max(cells - names - 18, 6)
        lines = [heading("各组进度", cells, look, "应完成的要求中已跟上的")]
        for group in found.groups:
            full = round(room * group.met / group.owed)
            mark = "ok" if group.rate >= 90 else "slow" if group.rate >= 70 else "overdue"
            lines.append(TextLine((
                (f" {SIGNS[mark]} ", mark), (pad(group.name, names) + " ", "text"), (look.glyphs.bar * full, mark),
                ((look.glyphs.horizontal if not look.ascii else ".") * (room - full), "muted"),
                (f" {pad(str(group.rate), 3, 'right')}% {group.met}/{group.owed}", "text"),
            ), ("group", group.id)))
        return lines

    # ---- going on ---------------------------------------------------------------------------------------------------
    def on_line_view_chosen(self, event: LineView.Chosen) -> None:
        self.guarded(lambda: self._follow(event.target))

    def _follow(self, target: tuple[str, ...]) -> None:
        if target == WAITING:
            if self._desk is not None:
                self.main.go_to(next(self._what_waits(self._desk))[2])
        elif target[0] == "place":
            next(place for place in PLACES if place.id == target[1]).go(self)
        elif target[0] == "list":
            changing.open_list(self, target[1], target[2])
        else:
            changing.open_record(self, target[0], target[1])

    def offers(self) -> list[Offer]:
        places = [Offer(place.action, _Going(self, place)) for place in PLACES]
        return [*places, *super().offers()]

    def step_back(self) -> bool:
        if self.focused is not self.main:
            self.main.focus()
        else:
            self.say(f"这里是工作台。退出请按 {key_in_force('page.quit')}", "muted")
        return True

    @action("overview.open", "打开", "enter", tip="打开光标所在的活动、人、隐患等", rank=10)
    def open_target(self) -> None:
        if isinstance(self.focused, Menu):
            PLACES[self.focused.at].go(self)
        else:
            self.focused_view().action_choose()

    @action("overview.menu", "选单", "left", tip="到左边的选单;数字键直接去", rank=20)
    def to_menu(self) -> None:
        menu = self.query_one(Menu)
        (self.main if menu.has_focus else menu).focus()

    @action("overview.lines", "内容", "right", tip="回到内容", rank=0)
    def to_lines(self) -> None:
        side = self.query_one("#side", LineView)
        (side if self.focused is self.main and side.display else self.main).focus()


class _Going:
    """A place as seen from a page, so that it can be offered like an action."""

    def __init__(self, page: Page, place: Place) -> None:
        self.page, self.place = page, place

    def go(self) -> None:
        self.place.go(self.page)

    def perform(self, offer: Offer) -> None:
        self.page.perform(offer)


def _label(number: int, place: Place) -> str:
    """The digit before an option says its key, where it is one."""
    key = place.action.key
    return place.title if key == str(number) else f"{key} {place.title}"



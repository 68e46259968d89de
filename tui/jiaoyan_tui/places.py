"""The places of the program that can be gone to from anywhere: keys of the overview and the jump palette."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from textual.screen import Screen

from jiaoyan_tui import changing
from jiaoyan_tui.actions import REGISTRY, Action, bound

if TYPE_CHECKING:
    from jiaoyan_tui.page import Page


class Place(NamedTuple):
    """A page with the key that leads to it from the overview."""

    id: str
    key: str
    title: str
    tip: str
    go: Callable[[Page], object]

    @property
    def action(self) -> Action:
        """As it is offered on the overview."""
        return bound(Action(f"place.{self.id}", self.title, (self.key,), self.tip, "go"))


def _list(register: str) -> Callable[[Page], object]:
    return lambda page: changing.open_list(page, register)


def _board(page: Page) -> None:
    from jiaoyan_tui.board_page import BoardPage

    page.open(BoardPage(page.school))


def _opens(module: str, name: str) -> Callable[[Page], object]:
    def go(page: Page) -> None:
        from importlib import import_module

        made: Screen[str | None] = getattr(import_module(f"jiaoyan_tui.{module}"), name)(page.school)
        page.open(made)

    return go


PLACES = (
    Place("plans", "1", "计划", "计划与总结:正文、条目、审核", _list("plan")),
    Place("teachers", "2", "教职工", "每人一档:任职、完成情况、材料、活动", _list("teacher")),
    Place("activities", "3", "活动", "按周次看活动,考勤,记录", _list("activity")),
    Place("tasks", "4", "任务", "月度工作、措施:落实情况", _list("task")),
    Place("board", "5", "完成情况", "谁的哪项要求做到几成,逾期、偏慢、未到期", _board),
    Place("registers", "6", "登记表", "全部登记表,包括功能模块的", _opens("registers_page", "RegistersPage")),
    Place("modules", "7", "功能模块", "启用、停用,出错的原因", _opens("plugins_page", "PluginsPage")),
    Place("history", "8", "历史", "全部修改,可撤销", _opens("history", "HistoryPage")),
    Place("groups", "9", "机构小组", "处室、教研组、备课组、年级、班级", _list("group")),
    Place("calendar", "f5", "日历", "按周次或按月看活动、假期、调休、考试周", _opens("calendar_page", "CalendarPage")),
    Place("charts", "f6", "图表", "每周出勤率、各组完成情况、学分进度、未销号隐患", _opens("charts", "ChartsPage")),
    Place("closing", "f7", "学期收尾", "学期还缺什么,按组列出;封存学期", _opens("closing_page", "ClosingPage")),
    Place("bin", "f8", "回收站", "删除了的记录:看是谁删的,恢复", _opens("bin_page", "BinPage")),
)
for _place in PLACES:
    REGISTRY[_place.action.id] = _place.action

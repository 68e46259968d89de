"""常用筛选: the named views of a register, chosen, kept and deleted from its list."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from jiaoyan.conditions import AllOf, Is
from jiaoyan.model.settings import VIEW, View
from jiaoyan.registers import Register
from jiaoyan_tui.actions import key_in_force
from jiaoyan_tui.page import Page

KEEP, DELETE = "keep", "delete"


@dataclass(frozen=True, slots=True)
class Shown:
    """What a list shows now: the words of its filter line, and the column it is sorted by (- in front: from large to small)."""

    words: str = ""
    sort: str = ""

    def __bool__(self) -> bool:
        return bool(self.words or self.sort)


def views_of(page: Page, register: Register[Any]) -> list[View]:
    return page.school.records(View).all(Is(field="register_id", value=register.id))


def choose_view(page: Page, register: Register[Any], now: Shown, then: Callable[[View], object]) -> None:
    """Offers the views of a register, and to keep what is shown now, or to delete one."""
    views = views_of(page, register)
    options = [(view.id, f"{view.name}{f'  {told}' if (told := told_of(register, view)) else ''}") for view in views]
    if now:
        options.append((KEEP, "存为常用筛选…"))
    if views:
        options.append((DELETE, "删除常用筛选…"))
    if not options:
        page.say("还没有常用筛选。先筛选或排序,再到这里存下来", "muted")
        return

    def chosen(answer: str) -> None:
        if answer == KEEP:
            _ask_name(page, register, now)
        elif answer == DELETE:
            page.choose("删除哪一个?", [(view.id, view.name) for view in views], lambda id: _delete(page, _by_id(views, id)))
        else:
            then(_by_id(views, answer))

    page.choose(f"{register.title}的常用筛选", options, chosen)


def told_of(register: Register[Any], view: View) -> str:
    """What a view asks for, in words."""
    info = register.model.model_fields.get(view.sort.lstrip("-"))
    order = f"按{info.title}{'从大到小' if view.sort.startswith('-') else '从小到大'}" if info is not None else ""
    return ",".join(part for part in (view.words, order) if part)


def _by_id(views: list[View], id: str) -> View:
    return next(view for view in views if view.id == id)


def _ask_name(page: Page, register: Register[Any], now: Shown) -> None:
    def named(text: str) -> None:
        name = text.strip()
        if not name:
            page.say("没有写名称,没有存", "slow")
            return
        same = AllOf(of=(Is(field="register_id", value=register.id), Is(field="name", value=name)))
        known = page.school.records(View).all(same)
        if known:
            other = known[0].but(words=now.words, sort=now.sort)
            page.confirm(f"已有常用筛选“{name}”,改成现在的筛选?", lambda: _keep(page, other), yes="改成现在的")
        else:
            _keep(page, View(name=name, register_id=register.id, words=now.words, sort=now.sort))

    page.ask("存为常用筛选,名称:", named, hint=f"筛选:{now.words or '无'}。全校都能用")


def _keep(page: Page, view: View) -> None:
    with page.school.change(f"存常用筛选:{view.name}") as change:
        change.save(view)
    page.say(f"已存为常用筛选“{view.name}”")


def _delete(page: Page, view: View) -> None:
    def go_on() -> None:
        with page.school.change(f"删除常用筛选:{view.name}") as change:
            change.remove(VIEW.id, view.id, view.rev)
        page.say(f"已删除常用筛选“{view.name}”。按 {key_in_force('page.undo')} 可以撤销")

    page.confirm(f"删除常用筛选“{view.name}”?全校都不能再选用它。", go_on, dangerous=True, yes="删除")

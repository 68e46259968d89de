"""学期收尾: all that a term still lacks, by group; each line leads to its record; then the term is locked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from jiaoyan.closing import Lack, counted, lacking, lock, unlock
from jiaoyan.listing import term_or_none
from jiaoyan.new_term import latest_term
from jiaoyan.terms import Term
from jiaoyan_tui import changing
from jiaoyan_tui.actions import action
from jiaoyan_tui.cells import clip, pad, width
from jiaoyan_tui.lineview import LineView, TextLine, heading
from jiaoyan_tui.panes import PanesPage, joined
from jiaoyan_tui.theme import SIGNS, Look

SCHOOL = "不属小组"


class ClosingPage(PanesPage):
    """One screen a term. Nothing that is missing hinders the locking: a person judges."""

    crumb = "学期收尾"

    def __init__(self, school: Any, term: Term | None = None) -> None:
        super().__init__(school)
        self.term: Term = term or term_or_none(school) or latest_term(school)
        self._lacks: list[Lack] | None = None
        self._what = ""
        self._group: str | None = None
        """Only these are shown: one kind of what is missing, one group (empty for the school)."""
        self._names: dict[str, str] = {}

    # ---- data -------------------------------------------------------------------------------------------------------
    def reload(self) -> None:
        self.term = term = self.school.term(self.term.code)
        self.draw()
        self.recount(lambda: lacking(self.school, term), self._take, "" if self._lacks is not None else "清点")

    def _take(self, found: list[Lack]) -> None:
        self._lacks = found
        self._names = {id: self.school.name_of("group", id) if id else SCHOOL for id in {lack.group for lack in found}}
        self.draw()
        self.refresh_frame()

    @property
    def shown(self) -> list[Lack]:
        lacks = self._lacks or []
        return [k for k in lacks if self._what in ("", k.what) and self._group in (None, k.group)]

    # ---- lines ------------------------------------------------------------------------------------------------------
    def main_lines(self, cells: int, look: Look) -> list[TextLine]:
        if self._lacks is None:
            return [*self._head(look, cells), TextLine(((" 正在清点…", "muted"),))]
        parts = [self._head(look, cells)]
        if self.has_class("-wide"):
            parts += [] if self.shown else [[TextLine(((f" {SIGNS['ok']} 没有缺的", "ok"),))]]
        else:
            parts.append(self._sums(cells, look))
        return joined([*parts, *self._groups(cells, look)])

    def side_lines(self, cells: int, look: Look) -> list[TextLine]:
        return self._sums(cells, look) if self.has_class("-wide") and self._lacks is not None else []

    def _head(self, look: Look, cells: int) -> list[TextLine]:
        state, style = ("已封存:要改须写更正原因", "ok") if self.term.locked else ("未封存", "slow")
        group = self._names.get(self._group, self._group) if self._group is not None else ""
        only = "、".join(part for part in (self._what, group) if part)
        pieces = [(f" {self.term.title} ", "title"), (f"{SIGNS.get(style, '')} {state}", style)]
        pieces += [(f"  只看:{only}", "selected")] if only else []
        return [TextLine(tuple(pieces))]

    def _sums(self, cells: int, look: Look) -> list[TextLine]:
        """What is missing, by kind and by group: numbers."""
        shown = self.shown
        if not shown:
            return [TextLine(((f" {SIGNS['ok']} 没有缺的", "ok"),))]
        figures = counted(shown)
        whats = list(dict.fromkeys(lack.what for lack in shown))
        groups = list(dict.fromkeys(lack.group for lack in shown))
        names = max(width(self._names[group]) for group in groups)
        room = max((cells - names - 12) // len(whats), 5)  # two characters and a gap; long names of groups give way
        names = min(names, max(cells - 9 - room * len(whats), 8))
        lines = [heading("各组所缺", cells, look, f"共 {len(shown)} 项")]
        heads = _stacked(whats) if any(width(what) >= room for what in whats) else [whats]
        for row, head in enumerate(heads, 1):
            titles = "".join(pad(what, room, "right") for what in head)
            total = "合计" if row == len(heads) else ""
            lines.append(TextLine(((f"   {pad('', names)}{titles}{pad(total, 6, 'right')}", "muted"),)))
        for group in groups:
            numbers = [figures.get((group, what), 0) for what in whats]
            text = "".join(pad(str(number or ""), room, "right") for number in numbers)
            total = pad(str(sum(numbers)), 6, "right")
            lines.append(TextLine(((f"   {pad(clip(self._names[group], names), names)}{text}{total}", "text"),), ("group", group)))
        return lines

    def _groups(self, cells: int, look: Look) -> Iterator[list[TextLine]]:
        shown = self.shown
        for group in dict.fromkeys(lack.group for lack in shown):
            listed = [lack for lack in shown if lack.group == group]
            lines = [heading(self._names[group], cells, look, f"{len(listed)} 项")]
            for lack in listed:
                room = max(cells - 16, 10)
                pieces = ((f" {SIGNS['overdue']} ", "overdue"), (f"{pad(lack.what, 11)} ", "muted"), (clip(lack.name, room), "text"))
                lines.append(TextLine(pieces, lack))
            yield lines

    # ---- actions ----------------------------------------------------------------------------------------------------
    def on_line_view_chosen(self, event: LineView.Chosen) -> None:
        self.guarded(lambda: self._follow(event.target))

    def _follow(self, target: Any) -> None:
        if isinstance(target, Lack):
            changing.open_record(self, target.register, target.record)
        elif isinstance(target, tuple):
            self._group = None if self._group == target[1] else target[1]
            self.draw()

    def _why_not_open(self) -> str:
        return "" if self.focused_view().target is not None else "光标不在所缺的一项上"

    @action("closing.open", "打开", "enter", tip="打开缺的这一项所在的记录;在数字表里:只看这一组", why_not=_why_not_open, rank=10)
    def open_target(self) -> None:
        self.focused_view().action_choose()

    @action("closing.what", "只看", "f4", "slash", tip="只看一种所缺的:缺总结、活动无记录、任务未落实……;Esc 看全部", rank=20)
    def choose_what(self) -> None:
        whats = list(dict.fromkeys(lack.what for lack in self._lacks or []))

        def chosen(what: str) -> None:
            self._what = what
            self.draw()

        self.choose("只看哪一种?", [("", "全部"), *((what, what) for what in whats)], chosen)

    @action("closing.term", "学期", "f5", tip="看另一个学期", rank=30)
    def choose_term(self) -> None:
        terms = self.school.records(Term).all()

        def chosen(code: str) -> None:
            self.term, self._lacks = self.school.term(code), None
            self.reload()

        options = [(term.code, f"{term.title}{'  已封存' if term.locked else ''}") for term in terms]
        self.choose("哪个学期?", options, chosen)

    def step_back(self) -> bool:
        if not self._what and self._group is None:
            return False
        self._what, self._group = "", None
        self.draw()
        return True

    def _why_not_lock(self) -> str:
        if self.term.locked:
            return "已经封存"
        return "" if self.school.actor.has("pass") else "封存要由教导处或管理员来做"

    @action("closing.lock", "封存", "f8", tip="封存这个学期:以后改它的记录须写更正原因", why_not=_why_not_lock, dangerous=True, rank=40)
    def lock_term(self) -> None:
        missing = f"还缺 {len(self._lacks)} 项。" if self._lacks else ""
        question = f"封存{self.term.title}?{missing}封存后,改这个学期的记录要写更正原因。"
        self.confirm(question, lambda: self._done(lock, "已封存"), dangerous=True, yes="封存")

    def _why_not_unlock(self) -> str:
        if not self.term.locked:
            return "没有封存"
        return "" if self.school.actor.has("settings") else "解除封存要由管理员来做"

    @action("closing.unlock", "解除封存", "f9", tip="解除封存,记录又可以随意修改", why_not=_why_not_unlock, dangerous=True, rank=50)
    def unlock_term(self) -> None:
        question = f"解除{self.term.title}的封存?以后改它的记录不再要写原因。"
        self.confirm(question, lambda: self._done(unlock, "已解除封存"), dangerous=True, yes="解除封存")

    def _done(self, change: Any, told: str) -> None:
        change(self.school, self.term)
        self.term = self.school.term(self.term.code)
        self.draw()
        self.refresh_frame()
        self.say(f"{told}:{self.term.title}")


def _stacked(titles: list[str]) -> list[list[str]]:
    """Titles cut into lines of two characters, that stand at the bottom of a narrow column."""
    cut = [[title[at:at + 2] for at in range(0, len(title), 2)] for title in titles]
    tallest = max(map(len, cut))
    filled = [[""] * (tallest - len(pieces)) + pieces for pieces in cut]
    return [list(line) for line in zip(*filled, strict=True)]

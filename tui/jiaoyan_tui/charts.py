"""图表: the figures of a term as bars of block characters, readable in any colours and in ASCII."""

from __future__ import annotations

from typing import Any

from jiaoyan.charting import charts
from jiaoyan.host.contexts import Bar, Chart
from jiaoyan.listing import term_or_none
from jiaoyan.new_term import latest_term
from jiaoyan.terms import Term
from jiaoyan_tui import changing
from jiaoyan_tui.actions import action
from jiaoyan_tui.cells import clip, pad, width, wrap
from jiaoyan_tui.lines import Piece
from jiaoyan_tui.lineview import LineView, TextLine, heading
from jiaoyan_tui.panes import PanesPage, joined
from jiaoyan_tui.theme import SIGNS, Look

WIDEST_LABEL, LEAST_BAR = 16, 8


class ChartsPage(PanesPage):
    """All charts under each other; in a wide window every other one stands beside. Enter goes to what is behind a bar."""

    crumb = "图表"

    def __init__(self, school: Any, term: Term | None = None) -> None:
        super().__init__(school)
        self.term: Term = term or term_or_none(school) or latest_term(school)
        self._charts: list[Chart] | None = None

    # ---- data -------------------------------------------------------------------------------------------------------
    def reload(self) -> None:
        self.draw()
        term, day = self.term, min(self.school.today, self.term.last)
        self.recount(lambda: charts(self.school, term, day), self._take, "" if self._charts is not None else "统计")

    def _take(self, found: list[Chart]) -> None:
        self._charts = found
        self.draw()
        self.refresh_frame()

    # ---- lines ------------------------------------------------------------------------------------------------------
    def main_lines(self, cells: int, look: Look) -> list[TextLine]:
        title = TextLine(((f" {self.term.title}", "title"),))
        if self._charts is None:
            return [title, TextLine(((" 正在统计…", "muted"),))]
        shown = self._charts[::2] if self.has_class("-wide") else self._charts
        return joined([[title], *(chart_lines(chart, cells, look) for chart in shown)])

    def side_lines(self, cells: int, look: Look) -> list[TextLine]:
        if self._charts is None or not self.has_class("-wide"):
            return []
        return joined([[TextLine()], *(chart_lines(chart, cells, look) for chart in self._charts[1::2])])

    # ---- actions ----------------------------------------------------------------------------------------------------
    def on_line_view_chosen(self, event: LineView.Chosen) -> None:
        self.guarded(lambda: self._follow(event.target))

    def _follow(self, target: tuple[str, ...]) -> None:
        if target[0] == "list":
            changing.open_list(self, target[1], target[2])
        else:
            changing.open_record(self, target[0], target[1])

    def _why_not_open(self) -> str:
        return "" if self.focused_view().target is not None else "光标不在图上"

    @action("charts.open", "看记录", "enter", tip="光标所在的这一条是哪些记录", why_not=_why_not_open, rank=10)
    def open_target(self) -> None:
        self.focused_view().action_choose()

    @action("charts.term", "学期", "f5", tip="看另一个学期", rank=20)
    def choose_term(self) -> None:
        terms = self.school.records(Term).all()

        def chosen(code: str) -> None:
            self.term, self._charts = self.school.term(code), None
            self.reload()

        self.choose("哪个学期?", [(term.code, term.title) for term in terms], chosen)

    @action("charts.other", "另一栏", "tab", "right", "left", tip="窗口够宽时,到另一栏的图上")
    def go_to_other(self) -> None:
        side = self.query_one("#side", LineView)
        (side if self.focused is self.main and side.display else self.main).focus()


def chart_lines(chart: Chart, cells: int, look: Look) -> list[TextLine]:
    """A chart for so many cells: labels, bars, what stands beside them; the place of the pace is marked by a line."""
    lines = [heading(chart.title, cells, look, chart.unit)]
    labels = min(max((width(bar.label) for bar in chart.bars), default=0), WIDEST_LABEL)
    told = max((width(bar.told) for bar in chart.bars), default=0)
    room = max(cells - labels - told - 6, LEAST_BAR)
    full = chart.full or max((bar.value for bar in chart.bars), default=0) or 1
    for bar in chart.bars:
        label = f" {SIGNS.get(bar.mark, ' ')} {pad(clip(bar.label, labels), labels)} "
        drawn = bar_pieces(bar, full, room, look)
        lines.append(TextLine(((label, bar.mark or "text"), *drawn, (f" {bar.told}", "text")), bar.leads_to or None))
    if chart.note:
        lines += [TextLine(((f"   {line}", "muted"),)) for line in wrap(chart.note, max(cells - 4, 4))]
    return lines


def bar_pieces(bar: Bar, full: float, room: int, look: Look) -> list[Piece]:
    """The bar, as long as its value; something that is more than nothing is never without a cell."""
    glyphs = look.glyphs
    length = min(max(round(room * bar.value / full), 1 if bar.value > 0 else 0), room)
    empty = "." if look.ascii else " "
    cells = [glyphs.bar] * length + [empty] * (room - length)
    style = bar.mark or "title"
    if bar.pace is None:
        return [("".join(cells[:length]), style), ("".join(cells[length:]), "muted")]
    at = min(max(round(room * bar.pace / full), 0), room - 1)
    pieces: list[Piece] = [(cells[n], style if n < length else "muted") for n in range(room)]
    pieces[at] = (glyphs.vertical, "selected")
    return merged(pieces)


def merged(pieces: list[Piece]) -> list[Piece]:
    """Neighbours of one style as one piece."""
    found: list[Piece] = []
    for text, style in pieces:
        if found and found[-1][1] == style:
            found[-1] = (found[-1][0] + text, style)
        else:
            found.append((text, style))
    return found

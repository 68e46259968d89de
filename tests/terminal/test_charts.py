"""图表 on the screen: bars in any colours and in ASCII, the pace marked, Enter to the records."""

from __future__ import annotations

from datetime import date

import pytest

from jiaoyan.host.contexts import Bar, Chart
from jiaoyan.school import School
from jiaoyan_tui.cells import width
from jiaoyan_tui.charts import ChartsPage, bar_pieces, chart_lines
from jiaoyan_tui.lists import ListPage
from jiaoyan_tui.theme import Depth, Look, look
from tests.schools import a_requirement, saved
from tests.terminal.screens import LARGE, SMALL, on_screen, press, the_app, wait_for
from tests.test_charting import a_meeting

LOOKS = [look(depth, ascii_borders=ascii_only) for depth in Depth for ascii_only in (False, True)]


def drawn(bar: Bar, full: float, room: int, worn: Look) -> str:
    return "".join(text for text, _ in bar_pieces(bar, full, room, worn))


@pytest.mark.parametrize("worn", LOOKS, ids=lambda worn: worn.name)
def test_a_bar_is_as_long_as_its_value(worn: Look) -> None:
    full, line = worn.glyphs.bar, worn.glyphs.vertical
    rest = "." if worn.ascii else " "
    assert drawn(Bar("", 50, ""), 100, 10, worn) == full * 5 + rest * 5
    assert drawn(Bar("", 0, ""), 100, 4, worn) == rest * 4
    assert drawn(Bar("", 0.1, ""), 100, 4, worn) == full + rest * 3
    assert drawn(Bar("", 120, ""), 100, 4, worn) == full * 4
    assert drawn(Bar("", 50, "", pace=80), 100, 10, worn) == full * 5 + rest * 3 + line + rest
    assert drawn(Bar("", 90, "", pace=100), 100, 10, worn) == full * 9 + line


@pytest.mark.parametrize("cells", [40, 58, 80, 120])
@pytest.mark.parametrize("worn", LOOKS[:2], ids=lambda worn: worn.name)
def test_lines_fit_and_marks_are_not_colours_alone(cells: int, worn: Look) -> None:
    bars = Bar("语文教研组", 40, "人均 40.0", 36, "ok"), Bar("很长很长很长的小组名称", 3, "人均 3.0", 36, "overdue")
    chart = Chart("学分进度", bars, 72, "学分", "说明")
    lines = ["".join(text for text, _ in line.pieces) for line in chart_lines(chart, cells, worn)]
    assert max(map(width, lines)) <= cells
    assert lines[1].startswith(" + ")
    assert lines[2].startswith(" ! ")
    if worn.ascii:
        assert not set("".join(lines)) & set("─│█")


@pytest.fixture
def charted(full_school: School) -> School:
    saved(full_school, a_meeting(full_school, date(2026, 10, 14), "ppla"), a_requirement())
    hazard = full_school.register("safety.hazard").model
    saved(full_school, hazard(day=date(2026, 11, 20), place="机房", kind="power", text="插座松动"))
    return full_school


@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_all_charts_stand_on_one_page(charted: School, size: tuple[int, int]) -> None:
    async with the_app(charted, size) as (app, pilot):
        await press(app, pilot, "f6")
        await wait_for(app, pilot, "每周出勤率")
        text = on_screen(app)
        for expected in ("第7周", "75.0% 3/4 1次", "各组完成情况", "█"):
            assert expected in text, text
        page = app.screen
        assert isinstance(page, ChartsPage)
        everything = "\n".join([*page.main.text, text])
        assert "未销号隐患" in everything
        assert "4—7天" in everything


async def test_enter_leads_to_the_records(charted: School) -> None:
    async with the_app(charted, page=ChartsPage(charted)) as (app, pilot):
        await press(app, pilot, "home", "enter")
        assert isinstance(app.screen, ListPage)
        assert app.screen.table.count == 1
        await press(app, pilot, "escape", "escape", "f5")
        assert "哪个学期?" in on_screen(app)


async def test_the_page_has_an_ascii_form(charted: School) -> None:
    async with the_app(charted, page=ChartsPage(charted), ascii_borders=True) as (app, pilot):
        text = "\n".join(await wait_for(app, pilot, "每周出勤率"))
        assert not set(text) & set("─│█"), text
        assert "###" in text

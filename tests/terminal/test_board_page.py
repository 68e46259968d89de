"""完成情况表 at the keyboard."""

from __future__ import annotations

from datetime import date

import pytest
from textual.pilot import Pilot

from jiaoyan.model.activities import Activity, Participant
from jiaoyan.model.cuts import Cut
from jiaoyan.model.duties import Requirement, Waiver
from jiaoyan.model.people import Teacher
from jiaoyan.records import Ref
from jiaoyan.school import School
from jiaoyan.terms import When
from jiaoyan_tui.app import JiaoyanApp
from jiaoyan_tui.board_lists import EntriesPage
from jiaoyan_tui.board_page import BoardPage
from jiaoyan_tui.forms import RecordForm
from tests.terminal.conftest import screen_text, typed, until


@pytest.fixture
def a_board(a_school: School) -> School:
    """张三 has heard two lessons; every week one 教研组 should meet; a third duty has no plan that passed."""
    zhang = a_school.records(Teacher).find("张三")
    with a_school.change("听课") as change:
        for day in (7, 8):
            participants = (Participant(teacher=Ref(zhang.id), attendance="present"),)
            when = When.on(date(2026, 9, day))
            change.save(Activity(title=f"听课{day}", kind="listen", when=when, participants=participants, state="held"))
        change.save(Requirement(title="撰写教学反思", kinds=("reflection",), amount=1, unit="篇", period="month"))
    return a_school


def an_app(school: School) -> JiaoyanApp:
    return JiaoyanApp(lambda: BoardPage(school))


def page(pilot: Pilot[None]) -> BoardPage:
    assert isinstance(pilot.app.screen, BoardPage), screen_text(pilot.app)
    return pilot.app.screen


async def counted(pilot: Pilot[None], title: str = "每学期听课15节") -> None:
    """The board is there, the cursor on a requirement (their order is that of their ids)."""
    await until(pilot, lambda: "教师  到 2026-09-16" in screen_text(pilot.app))
    await pilot.pause()
    while (requirement := page(pilot).requirement) is not None and requirement.title != title:
        await pilot.press("right")
        await pilot.pause()
    await pilot.pause()


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
async def test_teachers_by_requirement(a_board: School, size: tuple[int, int]) -> None:
    app = an_app(a_board)
    async with app.run_test(size=size) as pilot:
        await counted(pilot)
        shown = screen_text(app)
        assert "单芳" in shown
        assert "郑十" not in shown
        assert "2/15节" in shown
        assert "每学期听课" in shown
        assert "已完成 0节,共要 15节(每学期)" in shown
        await pilot.press("2")
        assert "小组  到" in screen_text(app)
        assert "语文教研组" in screen_text(app)
        assert "! 逾期 2" in screen_text(app)
        await pilot.press("3")
        assert "没有对学校的要求" in screen_text(app)


async def test_enter_shows_the_entries_behind_a_cell(a_board: School) -> None:
    app = an_app(a_board)
    async with app.run_test(size=(80, 24)) as pilot:
        await counted(pilot)
        await pilot.press("f7")
        await pilot.pause()
        await typed(pilot, "张三")
        await pilot.press("enter")
        await pilot.pause()
        assert "只看:“张三”" in screen_text(app)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, EntriesPage) and "听课8" in screen_text(app))
        assert "2026-09-07" in screen_text(app)
        assert "听课人" in screen_text(app)
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, BoardPage))
        await pilot.press("escape")
        await pilot.pause()
        assert "单芳" in screen_text(app)


async def test_a_waiver_is_given_with_a_reason(a_board: School) -> None:
    app = an_app(a_board)
    async with app.run_test(size=(80, 24)) as pilot:
        await counted(pilot)
        progress = page(pilot).progress
        assert progress is not None
        await pilot.press("f9")
        await until(pilot, lambda: isinstance(app.screen, RecordForm))
        await pilot.pause()
        assert progress.name in screen_text(app)
        assert "每学期听课15节" in screen_text(app)
        await typed(pilot, "借出支教")
        await pilot.press("f2")
        await until(pilot, lambda: isinstance(app.screen, BoardPage) and "免做 1" in screen_text(app))
    (waiver,) = a_board.records(Waiver).all()
    assert (waiver.teacher, waiver.reason, waiver.amount) == (progress.subject, "借出支教", None)


async def test_filter_by_group_and_state(a_board: School) -> None:
    app = an_app(a_board)
    async with app.run_test(size=(80, 24)) as pilot:
        await counted(pilot)
        await pilot.press("f7")
        await pilot.pause()
        await typed(pilot, "数学")
        await pilot.press("enter")
        await pilot.pause()
        assert [row.name for row in page(pilot).grid.rows] == ["钱多多"]
        await pilot.press("escape", "f6")
        await pilot.pause()
        await pilot.press("6")
        await pilot.pause()
        assert not page(pilot).grid.rows
        assert "没有符合筛选的" in screen_text(app)


async def test_a_day_is_chosen_and_the_order_turned(a_board: School) -> None:
    app = an_app(a_board)
    async with app.run_test(size=(80, 24)) as pilot:
        await counted(pilot)
        await pilot.press("f5")
        assert "按名册次序" in screen_text(app)
        assert page(pilot).grid.rows[0].name == "单芳"
        await pilot.press("f4")
        await pilot.pause()
        await typed(pilot, "12.31")
        await pilot.press("enter")
        await until(pilot, lambda: "到 2026-12-31" in screen_text(app))
        assert "~ 偏慢 12" in screen_text(app)


async def test_many_requirements_scroll_sideways(a_board: School) -> None:
    with a_board.change("要求") as change:
        kinds = [kind.id for kind in a_board.kinds if "work" in kind.of and kind.id != "reflection"]
        for number, kind in enumerate(kinds[:14]):
            change.save(Requirement(title=f"要求之{number:02}", kinds=(kind,), amount=1, unit="篇"))
    app = an_app(a_board)
    async with app.run_test(size=(80, 24)) as pilot:
        await counted(pilot)
        await pilot.press(*["left"] * 20)
        seen = set()
        for _ in range(18):
            requirement = page(pilot).requirement
            assert requirement is not None
            assert requirement.title in screen_text(app)
            seen.add(requirement.title)
            await pilot.press("right")
        assert len(seen) == 16
        assert "撰写教学反思" in seen
        assert "单芳" in screen_text(app)


async def test_the_figures_of_a_day_are_kept_and_looked_at(a_board: School) -> None:
    app = an_app(a_board)
    async with app.run_test(size=(120, 36)) as pilot:
        await counted(pilot)
        await pilot.press("n")
        await until(pilot, lambda: "月报的名称" in screen_text(app))
        await pilot.press("enter")
        await until(pilot, lambda: "已存月报“9月完成情况”" in screen_text(app))
        await pilot.press("m")
        await until(pilot, lambda: "月报 1 条" in screen_text(app))
        await pilot.press("enter")
        await until(pilot, lambda: "当时的合计" in screen_text(app) and "没有不同" in screen_text(app))
        await pilot.press("e")
        await until(pilot, lambda: isinstance(app.screen, RecordForm))
        await typed(pilot, "改名")
        await pilot.press("f2")
        await until(pilot, lambda: "改名" in screen_text(app) and not isinstance(app.screen, RecordForm))
    (cut,) = a_board.records(Cut).all()
    assert cut.title.endswith("改名")
    assert {f.name for f in cut.figures} >= {"张三", "吴九"}

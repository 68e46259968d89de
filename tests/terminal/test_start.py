"""Opening the program: on the overview, or on a list from which Esc leads there."""

from __future__ import annotations

from pathlib import Path

import pytest

from jiaoyan.errors import JiaoyanError, NotFound
from jiaoyan.model.people import Teacher
from jiaoyan.school import School
from jiaoyan.settings import Settings
from jiaoyan_tui.lists import ListPage
from jiaoyan_tui.overview import OverviewPage
from jiaoyan_tui.start import application
from tests.schools import saved
from tests.terminal.screens import SMALL, press, settled


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    with School.create(tmp_path / "school", Settings(name="青山小学")) as school:
        saved(school, Teacher(name="张敏"), Teacher(name="王芳"))
    return tmp_path / "school"


async def test_a_list_that_was_opened_leads_to_the_overview(folder: Path) -> None:
    with application(folder, ("教职工", "张敏")) as app:
        async with app.run_test(size=SMALL) as pilot:
            await settled(app, pilot)
            assert isinstance(app.screen, ListPage)
            assert app.screen.filter_text == "张敏"
            assert app.screen.table.count == 1
            found = await press(app, pilot, "enter")
            assert "张敏" in found[0]
            await press(app, pilot, "escape", "escape")
            assert app.screen.table.count == 2
            found = await press(app, pilot, "escape")
            assert isinstance(app.screen, OverviewPage)
            assert "青山小学 工作台" in found[0]
            found = await press(app, pilot, "2")
            assert isinstance(app.screen, ListPage)
            assert app.screen.crumbs() == ["青山小学", "教职工"]
            await press(app, pilot, "f3", *"huodong", "enter")
            assert app.screen.crumbs() == ["青山小学", "活动"]
            await press(app, pilot, "escape")
            assert isinstance(app.screen, OverviewPage)
            await press(app, pilot, "f10", "enter")
        assert app.return_code == 0
    assert not app.faults


async def test_from_a_list_that_was_opened_one_goes_anywhere(folder: Path) -> None:
    with application(folder, ("teacher",)) as app:
        async with app.run_test(size=SMALL) as pilot:
            await settled(app, pilot)
            assert app.screen.crumbs() == ["青山小学", "教职工"]  # type: ignore[attr-defined]
            await press(app, pilot, "f3", *"huodong", "enter")
            assert app.screen.crumbs()[-1] == "活动"  # type: ignore[attr-defined]
            await press(app, pilot, "escape")
            assert isinstance(app.screen, OverviewPage)
            await press(app, pilot, "ctrl+q", "enter")
        assert app.return_code == 0
    assert not app.faults


async def test_from_a_list_that_was_opened_the_overview_is_a_jump_away(folder: Path) -> None:
    with application(folder, ("teacher",)) as app:
        async with app.run_test(size=SMALL) as pilot:
            await press(app, pilot, "enter")
            found = await press(app, pilot, "f3", *"工作台", "enter")
            assert isinstance(app.screen, OverviewPage)
            assert "青山小学 工作台" in found[0]
            await press(app, pilot, "f3", *"工作台", "enter")
            assert len(app.pages()) == 1
    assert not app.faults


@pytest.mark.parametrize("words", [("活动", "类型:听客"), ("活动", "无此列:1"), ("活动", "时间>哪天")])
def test_a_filter_that_can_not_be_read_is_told_before_anything_is_opened(folder: Path, words: tuple[str, ...]) -> None:
    with pytest.raises(JiaoyanError), application(folder, words):
        raise AssertionError("opened")


def test_a_list_that_is_not_there_is_told(folder: Path) -> None:
    with pytest.raises(NotFound, match=r"没有登记表.*教职工"), application(folder, ("教职员",)):
        raise AssertionError("opened")

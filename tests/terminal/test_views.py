"""常用筛选 by keyboard: kept from what a list shows, chosen again, replaced and deleted."""

from __future__ import annotations

from jiaoyan.model.settings import View
from jiaoyan.school import School
from jiaoyan_tui.lists import ListPage
from tests.schools import saved
from tests.terminal.screens import on_screen, press, shown, the_app


def rows(page: object) -> list[str]:
    assert isinstance(page, ListPage)
    return [row.cells[0] for row in page.table.source.page(0, 100)]


async def test_what_a_list_shows_is_kept_and_chosen_again(school: School) -> None:
    async with the_app(school, page=ListPage(school, "teacher")) as (app, pilot):
        await press(app, pilot, "o", "2", "o", "2")  # by name, from large to small
        await press(app, pilot, "f7", *"shuxue", "enter")
        await press(app, pilot, "escape", "f7", *"z", "enter")
        wanted = rows(app.screen)
        await press(app, pilot, "v")
        assert "存为常用筛选" in on_screen(app)
        await press(app, pilot, "1")
        await press(app, pilot, *"zs", "enter")
        assert "已存为常用筛选“zs”" in on_screen(app)
        (view,) = school.records(View).all()
        assert (view.register_id, view.words, view.sort) == ("teacher", "z", "-name")
        await press(app, pilot, "escape", "o", "1")
        assert len(rows(app.screen)) == 6
        await press(app, pilot, "v")
        assert "zs  z,按姓名从大到小" in on_screen(app)
        await press(app, pilot, "enter")
        assert rows(app.screen) == wanted
        assert "从大到小" in shown(app)[1]


async def test_a_name_that_is_there_is_asked_about_and_deleting_too(school: School) -> None:
    saved(school, View(name="青年", register_id="teacher", words="zm"), View(name="别的", register_id="group", words="yw"))
    async with the_app(school, page=ListPage(school, "teacher", filter_text="zl")) as (app, pilot):
        await press(app, pilot, "v")
        assert "别的" not in on_screen(app)
        await press(app, pilot, "2")
        app.screen.query_one("Input").value = "青年"  # type: ignore[attr-defined]
        await press(app, pilot, "enter")
        assert "已有常用筛选“青年”" in on_screen(app)
        await press(app, pilot, "1")
        assert {view.words for view in school.records(View).all()} == {"zl", "yw"}
        await press(app, pilot, "v", "3", "1")
        assert "删除常用筛选“青年”?" in on_screen(app)
        await press(app, pilot, "1")
        assert [view.name for view in school.records(View).all()] == ["别的"]


async def test_nothing_to_choose_and_nothing_to_keep_is_said(school: School) -> None:
    async with the_app(school, page=ListPage(school, "teacher")) as (app, pilot):
        await press(app, pilot, "v")
        assert "还没有常用筛选" in on_screen(app)

"""Lists by keyboard: filter, order, selection, states, deletion, undo, and what others write meanwhile."""

from __future__ import annotations

from datetime import date, time, timedelta
from pathlib import Path

import pytest

from jiaoyan.model.activities import Activity
from jiaoyan.model.people import Teacher
from jiaoyan.model.tasks import Task
from jiaoyan.school import School
from jiaoyan.terms import When
from jiaoyan_tui.lists import ListPage
from jiaoyan_tui.sources import RegisterSource
from tests.schools import a_lesson_heard, group, now, saved
from tests.terminal.screens import LARGE, SMALL, on_screen, press, settled, shown, the_app, wait_for


def meetings(school: School, weeks: int = 15) -> None:
    """One a week in turn for the two groups, and one of which only the month is known."""
    term = school.term()
    both_groups = group(school, "语文教研组"), group(school, "数学教研组")
    saved(school, *(
        Activity(
            title=f"第{n}次教研", kind="research", groups=(both_groups[n % 2],),
            when=When.on(term.week(n).first + timedelta(days=2), time(16, 10)), state="held" if n < 11 else "planned",
        )
        for n in range(1, weeks + 1)
    ), Activity(title="教研月", kind="research", when=When.month(2026, 12)))


def rows(page: ListPage) -> list[str]:
    """The first cells of all rows."""
    return [row.cells[0] for row in page._source.page(0, 1000)]


@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_references_stand_by_name(school: School, size: tuple[int, int]) -> None:
    async with the_app(school, size, ListPage(school, "posting")) as (app, _pilot):
        text = on_screen(app)
        for expected in ("任职与任教 13 条", "张敏", "语文教研组", "所在小组"):
            assert expected in text, text


async def test_the_filter_takes_initials_and_escape_keeps_the_cursor(school: School) -> None:
    async with the_app(school, page=ListPage(school, "teacher")) as (app, pilot):
        await press(app, pilot, "slash", *"oyxy", "enter")
        page = app.screen
        assert isinstance(page, ListPage)
        assert rows(page) == ["欧阳修远"]
        assert "余 1 条" in shown(app)[1]
        key = page.table.cursor_key
        await press(app, pilot, "escape")
        assert len(rows(page)) == 6
        assert page.table.cursor_key == key
        assert page.table.row_at(page.table.cursor).cells[0] == "欧阳修远"  # type: ignore[union-attr]


async def test_the_filter_follows_what_is_typed_and_tells_what_it_cannot_read(school: School) -> None:
    async with the_app(school, page=ListPage(school, "teacher")) as (app, pilot):
        page = app.screen
        assert isinstance(page, ListPage)
        await press(app, pilot, "f7", *"zl")
        await wait_for(app, pilot, "余 1 条")
        await press(app, pilot, "escape")
        page.set_filter("学位:博士")
        await settled(app, pilot)
        assert "没有列“学位”" in on_screen(app)
        assert len(rows(page)) == 6


async def test_a_full_width_slash_opens_the_filter(school: School) -> None:
    async with the_app(school, page=ListPage(school, "teacher")) as (app, pilot):
        await press(app, pilot, "ideographic_comma")
        assert app.screen.has_class("-filtering")


async def test_activities_open_at_this_week_and_filter_by_week(school: School) -> None:
    meetings(school)
    async with the_app(school, page=ListPage(school, "activity")) as (app, pilot):
        page = app.screen
        assert isinstance(page, ListPage)
        row = page.table.row_at(page.table.cursor)
        assert row is not None
        assert row.cells[0] == "13"
        await press(app, pilot, "w")
        await press(app, pilot, "backspace", "backspace", "9", "enter")
        assert "第9次教研" in on_screen(app)
        assert [cells for cells in rows(page) if cells != "9"] == []
        await press(app, pilot, "escape", "end")
        assert "12月(待定)" in on_screen(app)


async def test_order_by_a_column_twice_and_back(school: School) -> None:
    async with the_app(school, page=ListPage(school, "teacher")) as (app, pilot):
        page = app.screen
        assert isinstance(page, ListPage)
        usual = rows(page)
        await press(app, pilot, "o", "down", "enter")
        assert "从小到大" in shown(app)[1]
        first = rows(page)
        await press(app, pilot, "o", "2")
        assert rows(page) == first[::-1]
        await press(app, pilot, "o", "2")
        assert rows(page) == usual


async def test_an_order_by_names_is_kept_while_data_change(school: School) -> None:
    async with the_app(school, page=ListPage(school, "teacher")) as (app, pilot):
        page = app.screen
        assert isinstance(page, ListPage)
        await press(app, pilot, "o", "2")
        assert rows(page) == ["李强", "欧阳修远", "单小红", "王芳", "张敏", "赵磊"]
        assert page.table.cursor == 0  # nobody had gone to a record: the list begins anew
        await press(app, pilot, "end")
        assert page.table.row_at(page.table.cursor).cells[0] == "赵磊"  # type: ignore[union-attr]
        with School.open(school.folder, school.actor, now) as other:
            saved(other, Teacher(name="陈新", order=90))
        await wait_for(app, pilot, "陈新")
        assert rows(page)[0] == "陈新"
        assert page.table.row_at(page.table.cursor).cells[0] == "赵磊"  # type: ignore[union-attr]
        await press(app, pilot, "home", "space", "down", "down", "m")
        assert "选中 3 条" in shown(app)[1]
        await press(app, pilot, "asterisk")
        assert "选中 7 条" in shown(app)[1]


async def test_deleting_asks_and_can_be_undone(school: School) -> None:
    saved(school, Task(title="整理档案"))
    async with the_app(school, page=ListPage(school, "task")) as (app, pilot):
        await press(app, pilot, "d")
        assert "删除任务“整理档案”?" in on_screen(app)
        await press(app, pilot, "enter")  # a dangerous step begins on 取消
        assert school.records(Task).count() == 1
        await press(app, pilot, "delete", "1")
        assert school.records(Task).count() == 0
        await press(app, pilot, "ctrl+z")
        assert "的修改:删除任务" in on_screen(app)
        await press(app, pilot, "enter")
        assert school.records(Task).count() == 1
        assert "已撤销" in on_screen(app)


async def test_a_refused_deletion_says_why(school: School) -> None:
    async with the_app(school, page=ListPage(school, "teacher")) as (app, pilot):
        await press(app, pilot, "d", "1")
        assert school.records(Teacher).count() == 6
        assert "还有任职与任教引用它" in on_screen(app)


async def test_a_state_asks_for_what_it_needs(school: School) -> None:
    saved(school, Task(title="整理档案"), Task(title="收齐计划"))
    async with the_app(school, page=ListPage(school, "task")) as (app, pilot):
        await press(app, pilot, "space", "down", "space", "s")
        assert "改为:" in on_screen(app)
        assert "(2 条)" in on_screen(app)
        await press(app, pilot, "2")
        assert "已落实:请填写落实情况" in on_screen(app)
        await press(app, pilot, *"ok", "enter")
        found = school.records(Task).all()
        assert {(task.state, task.answer) for task in found} == {("done", "ok")}
        assert school.store.changes(size=1, newest=True)[0].rows == 2


async def test_a_step_that_is_not_there_is_not_taken(school: School) -> None:
    planned = Activity(title="教研", kind="research", when=When.on(date(2026, 9, 9)))
    saved(school, a_lesson_heard(school, date(2026, 10, 14), ["张敏"]), planned)
    async with the_app(school, page=ListPage(school, "activity")) as (app, pilot):
        await press(app, pilot, "home", "space", "down", "space", "s")
        assert "查阅" not in on_screen(app)


async def test_damaged_documents_are_listed_with_their_reason(school: School) -> None:
    teacher = school.records(Teacher).find("赵磊")
    with school.store.transaction():
        table = school.store.table("teacher")
        document = dict(table.by_id(teacher.id) or {})
        document["category"] = "wizard"
        table.put(document, "赵磊", "0")
    async with the_app(school, page=ListPage(school, "teacher")) as (app, pilot):
        page = app.screen
        assert isinstance(page, ListPage)
        await press(app, pilot, "home")
        assert page.table.row_at(0).state == "error"  # type: ignore[union-attr]
        await press(app, pilot, "enter")
        text = on_screen(app)
        assert "损坏" in text
        assert "wizard" in text
        await press(app, pilot, "e")
        assert "wizard" in on_screen(app)


async def test_what_others_write_appears_by_itself(school: School) -> None:
    async with the_app(school, page=ListPage(school, "teacher")) as (app, pilot):
        page = app.screen
        assert isinstance(page, ListPage)
        await press(app, pilot, "end")
        key = page.table.cursor_key
        with School.open(school.folder, school.actor, now) as other:
            saved(other, Teacher(name="新来的", order=1))
        await wait_for(app, pilot, "新来的")
        assert page.table.cursor_key == key


async def test_private_fields_stay_hidden_without_the_right(school: School, tmp_path: Path) -> None:
    from jiaoyan.access import Actor

    reader = Actor("unix:guest", roles=frozenset({"reader"}))
    with School.open(school.folder, reader, now) as guest:
        async with the_app(guest, LARGE, ListPage(guest, "teacher")) as (app, pilot):
            assert "13800000001" not in on_screen(app)
            await press(app, pilot, "r")
            assert "13800000001" not in on_screen(app)
            await press(app, pilot, "escape", "d", "1")
            assert "没有修改这条记录的权限" in on_screen(app)


def test_names_are_read_once_a_page(school: School, monkeypatch: pytest.MonkeyPatch) -> None:
    meetings(school)
    asked: list[str] = []
    engine = school.store.engine
    rows_of = engine.rows

    def counted(text: str, params: tuple[object, ...] = ()) -> list[tuple[object, ...]]:
        asked.append(text)
        return rows_of(text, params)

    source = RegisterSource(school, school.register("activity"))
    monkeypatch.setattr(engine, "rows", counted)
    assert len(source.page(0, 16)) == 16
    assert len(asked) <= 4, asked


async def test_what_is_late_carries_a_sign(school: School) -> None:
    saved(
        school, Task(title="逾期的", when=When.month(2026, 10)), Task(title="做完的", when=When.month(2026, 10), state="done", answer="ok"),
        Task(title="还早的", when=When.month(2026, 12)), Task(title="全学期的"),
    )
    async with the_app(school, LARGE, ListPage(school, "task")) as (app, _pilot):
        late = [line for line in shown(app) if "!未开展" in line]
        assert len(late) == 1
        assert "逾期的" in late[0]


async def test_a_wide_window_shows_the_record_beside_the_list(school: School) -> None:
    async with the_app(school, (160, 30), ListPage(school, "teacher")) as (app, pilot):
        await wait_for(app, pilot, "未填写:工号")
        await pilot.press("end")
        await wait_for(app, pilot, "花名册次序   6")


async def test_what_was_selected_and_deleted_is_selected_no_more(school: School) -> None:
    saved(school, *(Task(title=f"第{n}件事") for n in range(1200)))
    async with the_app(school, page=ListPage(school, "task")) as (app, pilot):
        await press(app, pilot, "asterisk", "d", "1")
        await wait_for(app, pilot, "等 1200 条")
        assert "选中" not in shown(app)[1]
    assert school.records(Task).count() == 0

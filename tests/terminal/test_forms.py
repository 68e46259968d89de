"""Forms at the keyboard: typed, chosen by initials, checked while typing, saved, and never lost."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from textual.events import Paste
from textual.pilot import Pilot
from textual.screen import Screen

from jiaoyan.model.activities import Activity
from jiaoyan.model.people import Teacher
from jiaoyan.records import Record
from jiaoyan.school import School
from jiaoyan_tui.app import JiaoyanApp
from jiaoyan_tui.drafts import Drafts
from jiaoyan_tui.forms import RecordForm
from jiaoyan_tui.part_forms import PartForm, PartsPage
from tests.terminal.conftest import screen_text, typed, until

SIZES = ((80, 24), (120, 36))


def an_app(school: School, register: str = "activity", record: Record | None = None, **preset: object) -> JiaoyanApp:
    class FormApp(JiaoyanApp):
        """A form on an empty screen: the program itself never begins with one."""

        def on_mount(self) -> None:
            super().on_mount()
            self.push_screen(RecordForm(school, school.register(register), record, preset), lambda _: self.exit())

    return FormApp(Screen)


def form(pilot: Pilot[None]) -> RecordForm:
    assert isinstance(pilot.app.screen, RecordForm), screen_text(pilot.app)
    return pilot.app.screen


def line_with(pilot: Pilot[None], text: str) -> str:
    return next((line for line in screen_text(pilot.app).splitlines() if text in line), "")


def left(app: JiaoyanApp) -> Callable[[], bool]:
    return lambda: app._exit


@pytest.mark.parametrize("size", SIZES)
async def test_an_activity_is_typed_without_a_mouse(a_school: School, size: tuple[int, int]) -> None:
    app = an_app(a_school)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        await typed(pilot, "大单元备课")
        await pilot.press("enter")
        await typed(pilot, "jtbk")
        assert "集体备课" in screen_text(app)
        await pilot.press("enter")
        await typed(pilot, "周四 4:10-4:50")
        assert "2026-09-17 周四 16:10—16:50" in screen_text(app)
        await pilot.press("enter")
        await typed(pilot, "会议室")
        await pilot.press("tab")
        await typed(pilot, "yw")
        await pilot.press("tab")
        await typed(pilot, "zs")
        await pilot.press("f2")
        await until(pilot, left(app))
    (made,) = [a for a in a_school.records(Activity).all() if a.title == "大单元备课"]
    assert (made.kind, made.place, str(made.when)) == ("prep", "会议室", "2026-09-17 周四 16:10—16:50")
    assert [a_school.name_of("group", g) for g in made.groups] == ["语文教研组"]
    assert a_school.name_of("teacher", made.speaker) == "张三"


async def test_problems_stand_at_their_field_while_typing(a_school: School) -> None:
    app = an_app(a_school)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.press("f2")
        assert "必填" in line_with(pilot, "主题*")
        assert "还不能保存" in screen_text(app)
        form(pilot).view.focus_field("when")
        await typed(pilot, "后年")
        assert "看不懂时间" in line_with(pilot, "时间*")
        form(pilot).view.focus_field("speaker")
        await typed(pilot, "没有此人")
        assert "没有“没有此人”" in line_with(pilot, "主讲人")
        form(pilot).view.focus_field("minutes")
        await typed(pilot, "一节")
        assert "应为整数" in line_with(pilot, "时长")
        await pilot.press("f7")
        view = form(pilot).view
        assert view.row is not None
        assert view.row.field.name == "title"


async def test_choices_by_arrows_digits_and_initials(a_school: School) -> None:
    app = an_app(a_school, "teacher", name="钱二")
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        view = form(pilot).view
        entries = form(pilot).model.base.entries
        view.focus_field("category")
        await pilot.pause()
        assert "专任" in line_with(pilot, "类别")
        assert "工勤" in line_with(pilot, "类别")
        await pilot.press("right")
        assert entries["category"] == "assistant"
        await pilot.press("4")
        assert entries["category"] == "worker"
        await typed(pilot, "xz")
        assert entries["category"] == "admin"
        await typed(pilot, "外")
        assert entries["category"] == "external"
        await typed(pilot, "１")
        assert entries["category"] == "teaching"


async def test_a_facet_opens_with_its_kind_and_is_saved_with_it(a_school: School) -> None:
    app = an_app(a_school, title="消防疏散", kind="prep", when="2026-09-16")
    async with app.run_test(size=(80, 36)) as pilot:
        await pilot.pause()
        assert "应急演练" not in screen_text(app)
        form(pilot).view.focus_field("kind")
        await pilot.press("ctrl+u")
        await typed(pilot, "aqyl")
        await pilot.press("tab")
        assert "应急演练" in screen_text(app)
        form(pilot).view.focus_field("type")
        await pilot.pause()
        await pilot.press("1")
        form(pilot).view.focus_field("seconds")
        await typed(pilot, "95")
        form(pilot).view.focus_field("when")
        await pilot.press("ctrl+u")
        await typed(pilot, "今天")
        await pilot.press("f2")
        await until(pilot, left(app))
    (made,) = [a for a in a_school.records(Activity).all() if a.title == "消防疏散"]
    stored = a_school.store.table("safety.drill").by_id(made.id)
    assert stored is not None
    assert stored["seconds"] == 95


async def test_a_list_has_its_own_small_form(a_school: School) -> None:
    activity = a_school.records(Activity).all()[0]
    app = an_app(a_school, "activity", activity)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        form(pilot).view.focus_field("participants")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, PartsPage))
        await pilot.press("f2")
        await until(pilot, lambda: isinstance(app.screen, PartForm))
        await typed(pilot, "zq")
        await pilot.press("f5")
        await pilot.pause()
        await pilot.press("tab")
        await typed(pilot, "王教研员")
        await pilot.press("f2")
        await until(pilot, lambda: isinstance(app.screen, PartsPage))
        assert "曾强" in screen_text(app)
        await pilot.press("f6", "escape")
        await until(pilot, lambda: isinstance(app.screen, RecordForm))
        assert "2 项:王教研员、曾强" in screen_text(app)
        await pilot.press("f2")
        await until(pilot, left(app))
    saved = a_school.records(Activity).get(activity.id)
    assert [p.name or a_school.name_of("teacher", p.teacher) for p in saved.participants] == ["王教研员", "曾强"]


async def test_leaving_asks_and_the_draft_is_offered_again(a_school: School) -> None:
    app = an_app(a_school)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await typed(pilot, "没打完的题目")
        await pilot.press("escape")
        await pilot.pause()
        assert "还没有保存" in screen_text(app)
        await pilot.press("2")
        await until(pilot, left(app))
    app = an_app(a_school)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert "接着填" in screen_text(app)
        await pilot.press("1")
        await until(pilot, lambda: isinstance(app.screen, RecordForm))
        await pilot.pause()
        assert "没打完的题目" in line_with(pilot, "主题*")
        await pilot.press("escape", "3")
        await until(pilot, left(app))
    assert Drafts(a_school.folder, "activity").find() is None


async def test_a_lost_line_keeps_the_draft(a_school: School) -> None:
    app = an_app(a_school)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await typed(pilot, "线断了")
        app.exit()
    draft = Drafts(a_school.folder, "activity").find()
    assert draft is not None
    assert draft.texts == {"activity": {"title": "线断了"}}


async def test_nothing_typed_leaves_at_once(a_school: School) -> None:
    app = an_app(a_school, place="会议室")
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.press("escape")
        await until(pilot, left(app))
    assert Drafts(a_school.folder, "activity").find() is None


async def test_the_last_values_come_back_one_by_one(a_school: School) -> None:
    Drafts(a_school.folder, "activity").remember({"activity": {"place": "录播室", "kind": "drop_in"}})
    app = an_app(a_school)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        form(pilot).view.focus_field("place")
        await pilot.pause()
        await pilot.press("f4")
        assert form(pilot).model.base.entries["place"] == "录播室"
        await pilot.press("f4")
        assert "上次没有填组织单位" in screen_text(app)


async def test_a_conflict_is_shown_field_by_field(a_school: School) -> None:
    activity = a_school.records(Activity).all()[0]
    app = an_app(a_school, "activity", activity)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        form(pilot).view.focus_field("place")
        await pilot.press("ctrl+u")
        await typed(pilot, "录播室")
        form(pilot).view.focus_field("title")
        await pilot.press("ctrl+u")
        await typed(pilot, "我的题目")
        with a_school.change("别人") as change:
            change.save(activity.but(place="大礼堂", title="别人的题目", note="别人加的"))
        await pilot.press("f2")
        await until(pilot, lambda: "别人已改为" in screen_text(app))
        assert "大礼堂" in screen_text(app)
        assert "录播室" in screen_text(app)
        await pilot.press("1", "2", "f2")
        await until(pilot, left(app))
    saved = a_school.records(Activity).get(activity.id)
    assert (saved.title, saved.place, saved.note) == ("我的题目", "大礼堂", "别人加的")


async def test_a_fault_of_saving_is_a_sentence(a_school: School) -> None:
    app = an_app(a_school, "group", name="语文教研组")
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        form(pilot).view.focus_field("subject")
        await typed(pilot, "语文")
        await pilot.press("f2")
        await until(pilot, lambda: "已有“语文教研组”" in screen_text(app))
        assert isinstance(app.screen, RecordForm)


async def test_every_register_opens_at_every_size(a_school: School) -> None:
    for id, title, _ in a_school.register_titles():
        for size in SIZES:
            app = an_app(a_school, id)
            async with app.run_test(size=size) as pilot:
                await pilot.pause()
                assert f"新增{title}" in screen_text(app)
                assert not app.faults


async def test_personal_fields_are_not_on_the_screen_without_the_right(a_school: School) -> None:
    from jiaoyan.access import Actor

    teacher = a_school.records(Teacher).all()[0]
    a_school.actor = Actor("unix:zhangsan", roles=frozenset({"leader"}))
    app = an_app(a_school, "teacher", teacher)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert "联系电话" not in screen_text(app)
        assert "1390000" not in screen_text(app)


async def test_references_that_are_there_stay(a_school: School) -> None:
    activity = a_school.records(Activity).all()[0]
    with a_school.change("主讲") as change:
        activity = change.save(activity.but(speaker=a_school.records(Teacher).find("欧阳娜").id))
    activity = a_school.records(Activity).get(activity.id)
    app = an_app(a_school, "activity", activity)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.pause()
        assert "欧阳娜" in line_with(pilot, "主讲人")
        assert "语文教研组" in line_with(pilot, "组织单位")
        assert not form(pilot).model.dirty
        form(pilot).view.focus_field("speaker")
        await pilot.press("backspace", "backspace", "backspace", "tab")
        await pilot.press("f2")
        await until(pilot, left(app))
    assert a_school.records(Activity).get(activity.id).speaker == ""


async def test_a_field_goes_back_to_what_it_was(a_school: School) -> None:
    app = an_app(a_school, "activity", a_school.records(Activity).all()[0])
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        form(pilot).view.focus_field("place")
        await pilot.press("ctrl+u")
        await typed(pilot, "操场")
        assert form(pilot).model.dirty
        await pilot.press("ctrl+z")
        assert "会议室" in line_with(pilot, "地点")
        assert not form(pilot).model.dirty


async def test_several_names_are_typed_or_pasted_with_commas(a_school: School) -> None:
    app = an_app(a_school, "safety.inspection")
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        form(pilot).view.focus_field("inspectors")
        await pilot.pause()
        await typed(pilot, "zs,李四、")
        entries = form(pilot).model.base.entries
        assert [a_school.name_of("teacher", id) for id in entries["inspectors"]] == ["张三", "李四"]
        app.post_message(Paste("王五、没这人、欧阳娜"))
        await pilot.pause()
        await pilot.pause()
        names = [a_school.name_of("teacher", id) for id in entries["inspectors"]]
        assert names == ["张三", "李四", "王五", "欧阳娜"]
        assert "没有“没这人”" in line_with(pilot, "检查人")
        await pilot.press("ctrl+u", "backspace")
        assert [a_school.name_of("teacher", id) for id in entries["inspectors"]] == ["张三", "李四", "王五"]

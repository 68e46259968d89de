"""A plan under review at the keyboard."""

from __future__ import annotations

import pytest
from textual.pilot import Pilot

from jiaoyan.carrying import clauses_of
from jiaoyan.model.duties import Requirement
from jiaoyan.model.plans import Clause, Plan
from jiaoyan.school import School
from jiaoyan_tui.app import JiaoyanApp
from jiaoyan_tui.correcting import CorrectPage
from jiaoyan_tui.marked_text import broken
from jiaoyan_tui.plan_page import PlanPage
from tests.terminal.conftest import screen_text, typed, until


def an_app(school: School, plan: Plan) -> JiaoyanApp:
    return JiaoyanApp(lambda: PlanPage(school, plan.id))


def page(pilot: Pilot[None]) -> PlanPage:
    assert isinstance(pilot.app.screen, PlanPage), screen_text(pilot.app)
    return pilot.app.screen


def the_clause(school: School, plan: Plan, quote: str) -> Clause:
    return next(c for c in clauses_of(school, school.records(Plan).get(plan.id)) if quote in c.quote and c.table != "section")


async def on_clause(pilot: Pilot[None], quote: str) -> Clause:
    await until(pilot, lambda: page(pilot).clauses)
    clause = next(c for c in page(pilot).clauses if quote in c.quote and c.table != "section")
    page(pilot).table.show_row(clause.id)
    await until(pilot, lambda: page(pilot).clause is not None)
    await pilot.pause()
    return clause


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
async def test_text_and_clauses_walk_together(a_school: School, a_plan: Plan, size: tuple[int, int]) -> None:
    app = an_app(a_school, a_plan)
    async with app.run_test(size=size) as pilot:
        clause = await on_clause(pilot, "听课不少于15节")
        shown = screen_text(app)
        assert "1、每位教师每学期听课不少于15节" in shown
        assert "教师 每学期 听课 不少于 15节" in shown
        assert "成为:任务要求 1" in shown
        assert "审核通过" in shown
        assert page(pilot).text.key == clause.id
        await pilot.press("tab")
        assert page(pilot).text.has_focus
        await pilot.press("down")
        await until(pilot, lambda: page(pilot).clause is not None and "反思" in getattr(page(pilot).clause, "quote", ""))


async def test_a_clause_is_rejected_and_accepted_again(a_school: School, a_plan: Plan) -> None:
    app = an_app(a_school, a_plan)
    async with app.run_test(size=(80, 24)) as pilot:
        await on_clause(pilot, "听课不少于15节")
        before = a_school.records(Requirement).count()
        await pilot.press("f8")
        await until(pilot, lambda: "已不取" in screen_text(app))
        assert a_school.records(Requirement).count() == before - 1
        assert the_clause(a_school, a_plan, "听课").verdict == "rejected"
        await on_clause(pilot, "听课不少于15节")
        await pilot.press("f5")
        await until(pilot, lambda: "已接受" in screen_text(app))
        assert a_school.records(Requirement).count() == before


async def test_a_field_is_corrected_by_its_title(a_school: School, a_plan: Plan) -> None:
    app = an_app(a_school, a_plan)
    async with app.run_test(size=(80, 24)) as pilot:
        await on_clause(pilot, "听课不少于15节")
        await pilot.press("f4")
        await until(pilot, lambda: isinstance(app.screen, CorrectPage))
        await pilot.pause()
        assert "原文:" in screen_text(app)
        assert isinstance(app.screen, CorrectPage)
        app.screen.view.focus_field("count")
        await pilot.pause()
        await typed(pilot, "20")
        await pilot.press("f2")
        await until(pilot, lambda: isinstance(app.screen, PlanPage) and "不少于 20节" in screen_text(app))
    assert the_clause(a_school, a_plan, "听课").corrected == {"count": 20}
    made = [r for r in a_school.records(Requirement).all() if r.plan == a_plan.id and "听课" in r.title]
    assert [r.amount for r in made] == [20]


async def test_all_sure_clauses_are_accepted_with_one_key(a_school: School, a_plan: Plan) -> None:
    with a_school.change("待定") as change:
        for clause in clauses_of(a_school, a_plan, "requirement"):
            change.save(clause.but(verdict="open"))
    app = an_app(a_school, a_plan)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: "待定 3" in screen_text(app))
        await pilot.press("f7")
        await pilot.pause()
        assert len(page(pilot)._shown) == 3
        await pilot.press("f9")
        await pilot.pause()
        assert "接受 3 条" in screen_text(app)
        await pilot.press("1")
        await until(pilot, lambda: isinstance(app.screen, PlanPage) and "待定 0" in screen_text(app))
        assert "没有待定的条目了" in screen_text(app)


async def test_what_a_clause_became_is_listed(a_school: School, a_plan: Plan) -> None:
    app = an_app(a_school, a_plan)
    async with app.run_test(size=(80, 24)) as pilot:
        await on_clause(pilot, "每周三下午")
        await pilot.press("enter")
        await until(pilot, lambda: "这一条生成了" in screen_text(app))
        assert "2026-09-09 周三 16:10" in screen_text(app)
        await pilot.press("escape")
        await pilot.press("f11")
        await until(pilot, lambda: "合计" in screen_text(app))
        assert "2026年10月" in screen_text(app)


async def test_the_state_goes_on_by_its_workflow(a_school: School, a_plan: Plan) -> None:
    app = an_app(a_school, a_plan)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: "审核通过" in screen_text(app))
        await pilot.press("f6")
        await pilot.pause()
        assert "退回修改" in screen_text(app)
        await pilot.press("1")
        await until(pilot, lambda: a_school.records(Plan).get(a_plan.id).state == "returned")


def test_lines_keep_the_place_of_every_character() -> None:
    text = "一、指导思想\n以课堂为主阵地abc\n\n末"
    lines = broken(text, 10)
    assert [text[start:end] for start, end in lines] == ["一、指导思", "想", "以课堂为主", "阵地abc", "", "末"]


async def test_what_was_overlooked_is_added_by_hand(a_school: School, a_plan: Plan) -> None:
    app = an_app(a_school, a_plan)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: page(pilot).clauses)
        await pilot.press("n")
        await until(pilot, lambda: "补哪一类" in screen_text(app))
        await pilot.press("3")
        await until(pilot, lambda: "任务要求的原文" in screen_text(app))
        await typed(pilot, "扎实开展校本教研")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, CorrectPage))
        await pilot.pause()
        assert isinstance(app.screen, CorrectPage)
        app.screen.view.focus_field("what")
        await pilot.press("ctrl+u")
        await typed(pilot, "教学反思")
        app.screen.view.focus_field("count")
        await pilot.pause()
        await typed(pilot, "3")
        await pilot.press("f2")
        await until(pilot, lambda: isinstance(app.screen, PlanPage) and "条目 14" in screen_text(app))
    added = the_clause(a_school, a_plan, "扎实开展校本教研")
    assert (added.verdict, added.read["what"], added.read["count"]) == ("accepted", "教学反思", 3)

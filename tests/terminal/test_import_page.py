"""Plans and rosters taken in at the keyboard: from a path, and pasted."""

from __future__ import annotations

from pathlib import Path

from textual.events import Paste

from jiaoyan.model.people import Teacher
from jiaoyan.model.plans import Plan
from jiaoyan.school import School
from jiaoyan.terms import Term, usual_term
from jiaoyan_tui.app import JiaoyanApp
from jiaoyan_tui.import_page import ForetoldPage, ImportPage, PastePage
from jiaoyan_tui.path_dialog import candidates
from tests.terminal.conftest import PLAN, screen_text, typed, until


def an_app(school: School, register: str) -> JiaoyanApp:
    return JiaoyanApp(lambda: ImportPage(school, school.register(register)))


async def test_a_plan_is_pasted_into_a_term_of_choice(a_school: School) -> None:
    with a_school.change("下学期") as change:
        change.save(usual_term("2026-2027-2"))
    app = an_app(a_school, "plan")
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.press("f6")
        await until(pilot, lambda: isinstance(app.screen, PastePage))
        await pilot.pause()
        app.post_message(Paste(PLAN))
        await pilot.pause()
        assert "以课堂为主阵地" in screen_text(app)
        await pilot.press("f2")
        await until(pilot, lambda: isinstance(app.screen, ForetoldPage))
        await until(pilot, lambda: "任务要求 3" in screen_text(app))
        assert "今天所在的学期" in screen_text(app)
        await pilot.press("f4")
        await until(pilot, lambda: "2026-2027学年第二学期" in screen_text(app))
        await pilot.press("1")
        await until(pilot, lambda: "学期:2026-2027-2" in screen_text(app))
        await pilot.press("f2")
        await until(pilot, lambda: "已导入" in screen_text(app))
    (plan,) = a_school.records(Plan).all()
    assert a_school.records(Term).get(plan.term).code == "2026-2027-2"


async def test_a_roster_by_its_path(a_school: School, tmp_path: Path) -> None:
    (tmp_path / "教师花名册.csv").write_text("姓名,性别,学科\n冯程程,女,语文\n", encoding="utf-8")
    app = an_app(a_school, "teacher")
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.press("f2")
        await pilot.pause()
        await pilot.press("ctrl+u")
        await typed(pilot, f"{tmp_path}/jshmc")
        await pilot.press("tab")
        assert "教师花名册.csv" in screen_text(app)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, ForetoldPage) and "1 专任" in screen_text(app))
        await pilot.press("f2")
        await until(pilot, lambda: "新进 1" in screen_text(app))
    assert a_school.records(Teacher).find("冯程程").gender == "f"


def test_paths_are_completed_by_name_and_pinyin(tmp_path: Path) -> None:
    (tmp_path / "计划").mkdir()
    for name in ("语文计划.docx", "数学.xlsx", ".隐藏.txt", "~$语文计划.docx"):
        (tmp_path / name).touch()
    assert [path.name for path in candidates(f"{tmp_path}/", (".docx",))] == ["语文计划.docx", "计划"]
    assert [path.name for path in candidates(f"{tmp_path}/ywjh", (".docx",))] == ["语文计划.docx"]
    assert not candidates("/没有/这里", (".docx",))

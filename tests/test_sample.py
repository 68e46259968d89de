"""The sample school: rich, whole, the same each time, whatever day it is made on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from jiaoyan.errors import BadInput
from jiaoyan.model.activities import Activity
from jiaoyan.model.duties import Requirement, Waiver
from jiaoyan.model.people import Group, Teacher
from jiaoyan.model.plans import Clause, Plan
from jiaoyan.model.tasks import Task
from jiaoyan.model.works import Work
from jiaoyan.requirements import Progress, board
from jiaoyan.school import CST, School
from jiaoyan.terms import Term
from jiaoyan.verifying import verify
from jiaoyan_tui.sample import make_sample
from jiaoyan_tui.sample.scene import package_text

DAY = "2026-11-26"
OTHER_DAYS = ("2026-07-15", "2026-08-24", "2027-02-10")


def clock(day: str) -> datetime:
    return datetime.fromisoformat(f"{day}T09:00").replace(tzinfo=CST)


def make(folder: Path, day: str) -> School:
    make_sample(folder, now=lambda: clock(day))
    return School.open(folder, now=lambda: clock(day))


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[School]:
    with make(tmp_path_factory.mktemp("sample") / "school", DAY) as school:
        yield school


def figures(school: School) -> dict[str, object]:
    """What a person sees of a school, without ids."""
    rows = [(r.name, r.requirement.title, r.done, r.due, r.total, r.state) for r in board(school).rows]
    states = {
        id: sorted(Counter(str(d.get("state")) for d in school.store.table(id).page()).items())
        for id, _, _ in school.register_titles()
    }
    return {"rows": sorted(rows), "states": states, "entries": school.store.entries.count(None)}


def only(school: School, title: str, name: str) -> Progress:
    rows = (r for r in board(school).rows if r.name == name)
    found = [r for r in rows if any(q.title.startswith(title) for q in (r.requirement, *r.also))]
    assert found, f"{name} owes nothing called {title}"
    return found[0]


def test_it_has_a_whole_staff(sample: School) -> None:
    teachers = sample.records(Teacher).all()
    assert (len(teachers), sum(t.category == "teaching" for t in teachers)) == (63, 57)
    kinds = Counter(g.kind for g in sample.records(Group).all())
    assert (kinds["research"], kinds["prep"], kinds["grade"], kinds["class"], kinds["office"]) == (9, 14, 6, 24, 6)
    members = sample.staff().members.values()
    assert {m.facts["state"] for m in members} == {"", "产假", "借出"}
    seniorities = {m.facts["seniority"] for m in members}
    assert {1, 35} <= seniorities
    assert sum("教研组长" in m.facts["posts"] for m in members) == 9
    assert sum("班主任" in m.facts["posts"] for m in members) == 24


def test_every_class_has_its_teachers(sample: School) -> None:
    taught: Counter[str] = Counter()
    for member in sample.staff().members.values():
        if not member.away and member.facts["subjects"] in (["语文"], ["数学"]):
            taught.update(member.facts["classes"])
    # 班主任 of a class that they do not teach: none
    assert all(count == 2 for count in taught.values())
    assert len(taught) == 24


def test_its_term_is_half_gone(sample: School) -> None:
    term = sample.term()
    assert (term.week_of(sample.today), term.weeks) == (11, 20)
    assert [h.name for h in term.holidays] == ["中秋节", "国庆节", "元旦"]
    assert len(sample.records(Term).all()) == 2


def test_its_plans_are_read_from_texts(sample: School) -> None:
    plans = sample.records(Plan).all()
    assert Counter((p.level, p.field, p.nature) for p in plans) == {
        ("school", "research", "plan"): 1, ("group", "research", "plan"): 4, ("school", "safety", "plan"): 1,
        ("personal", "research", "plan"): 1, ("school", "research", "plan+summary"): 1,
    }
    assert {sample.name_of("group", p.group) for p in plans if p.level == "group"} == {
        "语文教研组", "数学教研组", "英语教研组", "体育教研组",
    }
    own = next(p for p in plans if p.level == "personal")
    assert sample.name_of("teacher", own.teacher) == "施佳宁"
    bound = [r for r in sample.records(Requirement).all() if r.plan == own.id]
    assert bound
    assert all([m.teacher.name for m in sample.staff().chosen(r.who)] == ["施佳宁"] for r in bound)
    set_of_six = [r for r in sample.records(Requirement).all() if r.set == "六个一"]
    assert len(set_of_six) == 6


def test_no_clause_of_the_summary_binds(sample: School) -> None:
    summary = next(p for p in sample.records(Plan).all() if p.nature != "plan")
    clauses = [c for c in sample.records(Clause).all() if c.plan == summary.id]
    assert clauses
    assert {c.table for c in clauses if c.binding} == {"section"}
    for register in ("requirement", "task", "activity"):
        assert not [r for r in sample.records(register).all() if r.plan == summary.id]


def test_the_board_shows_every_state(sample: School) -> None:
    found = Counter(row.label for row in board(sample).rows)
    assert {"完成", "逾期", "偏慢", "未到期", "免做"} <= set(found)
    assert min(found[label] for label in ("完成", "逾期", "偏慢", "未到期", "免做")) >= 5
    assert only(sample, "每学期听课", "聂永平").state == "slow"
    assert only(sample, "每学期公开课", "翟玉兰").state == "waived"
    late = [r for r in board(sample).rows if r.requirement.title.startswith("每月教学反思") and r.state == "overdue"]
    assert 3 <= len(late) <= 20


def test_the_term_has_been_lived(sample: School) -> None:
    activities = sample.records(Activity).all()
    states = Counter(a.state for a in activities)
    assert {"planned", "notified", "held", "recorded", "reviewed", "cancelled"} == set(states)
    held = [a for a in activities if a.state in ("held", "recorded", "reviewed")]
    assert all(a.when.day is not None and a.when.first < sample.today for a in held)
    attendance = Counter(p.attendance for a in held for p in a.participants)
    assert {"present", "late", "personal", "sick", "duty", "absent", "guest"} <= set(attendance)
    assert all(a.note for a in activities if a.state == "cancelled")
    assert sum(bool(a.parts) for a in held) > 50
    away = {m.id for m in sample.staff().members.values() if m.away}
    assert not away & {p.teacher for a in held for p in a.participants}
    works = sample.records(Work).all()
    assert {"reflection", "case", "notes", "book", "paper", "project_share"} <= {w.kind for w in works}
    assert any(w.kind == "reflection" and w.chars < 500 for w in works)
    assert {"open", "doing", "done", "partly", "cancelled"} == {t.state for t in sample.records(Task).all()}
    assert all(w.reason for w in sample.records(Waiver).all())


def test_its_plugins_are_used(sample: School) -> None:
    hazards = sample.records("safety.hazard").all()
    assert {h.state for h in hazards} == {"open", "fixing", "fixed", "closed"}
    assert any(h.state in ("open", "fixing") and h.deadline < sample.today for h in hazards)
    assert sample.store.table("safety.drill").count(None) >= 3
    assert sample.store.table("subjects.lesson").count(None) > 80
    assert {c.state for c in sample.records("credits.claim").all()} == {"declared", "recognised", "refused"}
    assert len(sample.records("credits.choice").all()) == 1
    assert len(sample.records("subjects.topic").all()) == 22


def test_nothing_is_wrong_with_it(sample: School) -> None:
    report = verify(sample)
    assert report.problems == []
    assert report.changes < 40  # a few large changes


def test_made_again_it_shows_the_same(sample: School, tmp_path: Path) -> None:
    told: list[str] = []
    make_sample(tmp_path / "again", now=lambda: clock(DAY), progress=told.append)
    with School.open(tmp_path / "again", now=lambda: clock(DAY)) as again:
        assert figures(again) == figures(sample)
    assert len(told) >= 5


@pytest.mark.parametrize("day", OTHER_DAYS)
def test_it_can_be_made_on_any_day(tmp_path: Path, day: str) -> None:
    with make(tmp_path / "school", day) as school:
        assert verify(school).problems == []
        assert school.term().week_of(school.today) == 11
        assert {"完成", "逾期", "偏慢", "未到期", "免做"} <= {row.label for row in board(school).rows}


def test_it_works_with_the_plugins_that_there_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("jiaoyan_tui.sample.making.installed", dict)
    make_sample(tmp_path / "school", now=lambda: clock(DAY))
    with School.open(tmp_path / "school", now=lambda: clock(DAY)) as school:
        assert school.settings.plugins == ()
        assert board(school).rows
        assert verify(school).problems == []


def test_it_tells_that_it_is_a_sample(sample: School) -> None:
    assert (sample.folder / ".sample").is_file()
    assert "示例" in sample.settings.name


def test_it_is_made_nowhere_where_something_is(tmp_path: Path) -> None:
    (tmp_path / "信.txt").write_text("在", encoding="utf-8")
    with pytest.raises(BadInput):
        make_sample(tmp_path, now=lambda: clock(DAY))
    assert [path.name for path in tmp_path.iterdir()] == ["信.txt"]


def test_nothing_stays_of_one_half_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("jiaoyan_tui.sample.making.hear_lessons", fails)
    with pytest.raises(KeyboardInterrupt):
        make_sample(tmp_path / "school", now=lambda: clock(DAY))
    assert list((tmp_path / "school").iterdir()) == []


def test_its_texts_are_in_the_package() -> None:
    for name in ("school", "chinese", "maths", "english", "pe", "safety", "personal", "summary"):
        assert len(package_text("plans", f"{name}.txt")) > 300

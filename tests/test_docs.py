"""The documents tell the truth: the module written out in them works, all commands and hooks are named, links lead somewhere."""

from __future__ import annotations

import importlib
import inspect
import os
import pkgutil
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import unquote

import pytest

import jiaoyan_tui
from jiaoyan.boxes import taken
from jiaoyan.errors import Vetoed
from jiaoyan.host.contexts import Reminding, Showing
from jiaoyan.host.hooks import Hooks
from jiaoyan.host.host import STATES
from jiaoyan.host.manifest import ENTRY_POINTS, Found, installed
from jiaoyan.keeping import backups
from jiaoyan.model.people import Teacher
from jiaoyan.records import Ref
from jiaoyan.requirements import board
from jiaoyan.school import School
from jiaoyan.store.schemas import schema_of, set_schema
from jiaoyan.verifying import verify
from jiaoyan_tui.actions import REGISTRY, key_label
from jiaoyan_tui.commands.root import LATER
from jiaoyan_tui.places import PLACES
from tests.schools import NOW, a_lesson_heard, an_empty_school, now, saved, teacher

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
HANDBOOK = (DOCS / "使用手册.md").read_text(encoding="utf-8")
MODULES = (DOCS / "写功能模块.md").read_text(encoding="utf-8")
PACKAGE = "district_mentoring"
FILES = dict(re.findall(r"^\*\*`([^`]+)`\*\*\n\n```\w+\n(.*?)^```$", MODULES, re.DOTALL | re.MULTILINE))
DAY = NOW.date()
PLAN = """青山小学师徒结对工作计划

一、工作要求

每位教师每学期结对指导课不少于2节。

二、活动安排

十二月份:

1、开展出师考核

2、青年教师座谈会
"""


# ---- 写功能模块 ------------------------------------------------------------------------------------------------------
@pytest.fixture
def district(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Found]]:
    """The module of the document as pip would install it: its files and its entry point."""
    place = tmp_path / "site"
    for name, text in FILES.items():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_text(text, encoding="utf-8")
    project = tomllib.loads(FILES["pyproject.toml"])["project"]
    facts = place / f"{PACKAGE}-{project['version']}.dist-info"
    facts.mkdir()
    (facts / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n")
    points = "\n".join(f"{name} = {target}" for name, target in project["entry-points"][ENTRY_POINTS].items())
    (facts / "entry_points.txt").write_text(f"[{ENTRY_POINTS}]\n{points}\n")
    monkeypatch.syspath_prepend(str(place))
    importlib.invalidate_caches()
    yield installed()
    for name in [name for name in sys.modules if name.partition(".")[0] == PACKAGE]:
        del sys.modules[name]


@pytest.fixture
def mentored(district: dict[str, Found], tmp_path: Path) -> Iterator[School]:
    """A school with the module switched on, and four teachers."""
    with an_empty_school(tmp_path / "school", ("mentoring",), district) as school:
        saved(school, *(Teacher(name=name, order=n) for n, name in enumerate(("张敏", "李强", "王芳", "赵磊"), 1)))
        yield school


def registers() -> ModuleType:
    return importlib.import_module(f"{PACKAGE}.registers")


def a_pair(school: School, mentor: str = "张敏", apprentice: str = "李强", **fields: Any) -> Any:
    days = {"first": date(2026, 9, 1), "last": date(2027, 8, 31)}
    return registers().Pair(mentor=teacher(school, mentor), apprentice=teacher(school, apprentice), **{**days, **fields})


def test_the_document_holds_every_file_that_it_draws() -> None:
    drawn = re.search(r"```\n(district-mentoring/\n.*?)```", MODULES, re.DOTALL)
    assert drawn is not None
    names = set(re.findall(r"[\w.]+\.(?:toml|py)\b", drawn[1]))
    assert names == {Path(name).name for name in FILES}


def test_the_module_is_found_without_being_imported(district: dict[str, Found]) -> None:
    manifest = district["mentoring"].manifest
    assert manifest is not None, district["mentoring"].problem
    assert manifest.problems() == []
    assert f"{PACKAGE}.registers" not in sys.modules


def test_the_tests_of_the_document_pass(district: dict[str, Found], tmp_path: Path) -> None:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:asyncio", "-W", "error", "tests"]
    paths = {"PYTHONPATH": str(tmp_path / "site"), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        command, cwd=tmp_path / "site", env={**os.environ, **paths}, capture_output=True, text=True, check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_pair_brings_its_review_and_a_late_one_is_told(mentored: School) -> None:
    saved(mentored, a_pair(mentored, last=date(2026, 11, 20)))
    (told,) = [reminder for _, reminder in mentored.host.collect("reminders", Reminding(mentored, DAY))]
    assert (told.text, told.due, told.overdue) == ("出师考核(逾期 6 天)", date(2026, 11, 20), True)
    assert mentored.records(told.register).get(told.record).state == "due"


def test_a_lesson_heard_counts_as_heard_and_as_guidance(mentored: School) -> None:
    lesson = a_lesson_heard(mentored, date(2026, 10, 14), ("张敏",), taught_by="李强")
    saved(mentored, lesson, registers().Visit(id=lesson.id, mentor=teacher(mentored, "张敏"), minutes=20))
    entries = mentored.store.entries.of("mentoring.visit", lesson.id)
    assert {(e["role"], e["teacher"], e["minutes"]) for e in entries} == {
        ("mentor", teacher(mentored, "张敏"), 20), ("apprentice", teacher(mentored, "李强"), 0),
    }
    assert mentored.store.entries.of("activity", lesson.id)


def test_a_plan_asks_for_it_and_is_counted(mentored: School) -> None:
    path = mentored.folder / "计划.txt"
    path.write_text(PLAN, encoding="utf-8")
    told = taken(mentored, mentored.register("plan"), path)
    assert any("出师考核 1" in sentence for sentence, _ in told), told
    (review,) = mentored.records(registers().Review).all()
    assert ("出师考核" in review.title, review.due) == (True, mentored.term().closes)
    lesson = a_lesson_heard(mentored, date(2026, 10, 14), ("张敏",), taught_by="李强")
    saved(mentored, lesson, registers().Visit(id=lesson.id, mentor=teacher(mentored, "张敏")))
    done = {
        mentored.name_of("teacher", progress.subject): progress.done
        for progress in board(mentored, DAY).rows
        if progress.requirement.kinds == ("mentoring.visit",)
    }
    assert {name for name, amount in done.items() if amount == 1} == {"张敏", "李强"}
    assert set(done) == {"张敏", "李强", "王芳", "赵磊"}


def test_a_school_overlays_the_rule(mentored: School) -> None:
    pack = '[pack]\ntitle = "本校"\n\n[[mentoring.rule]]\nid = "pairs"\nmost = 1\n'
    (mentored.folder / "packs" / "school" / "师徒.toml").write_text(pack, encoding="utf-8")
    mentored.packs_changed()
    saved(mentored, a_pair(mentored))
    with pytest.raises(Vetoed, match="最多 1 个"):
        saved(mentored, a_pair(mentored, apprentice="王芳"))


def test_a_teacher_shows_the_pairs(mentored: School) -> None:
    saved(mentored, a_pair(mentored))
    ((_, sheet),) = mentored.host.collect("sheets", Showing(mentored, "teacher", teacher(mentored, "李强"), DAY))
    assert sheet.rows == (("张敏", "李强", "2026-09-01—2027-08-31", "结对中"),)
    assert mentored.host.collect("sheets", Showing(mentored, "teacher", teacher(mentored, "赵磊"), DAY)) == []


def test_states_ask_for_what_is_needed(mentored: School) -> None:
    pair = a_pair(mentored)
    saved(mentored, pair)
    stored = mentored.records(registers().Pair).get(pair.id)
    with pytest.raises(Exception, match="解除之前要填写:解除原因"):
        saved(mentored, stored.but(state="ended"))
    saved(mentored, stored.but(state="ended", reason="调出"))


def test_documents_of_the_first_version_are_brought_up(mentored: School, district: dict[str, Found]) -> None:
    pair = a_pair(mentored)
    saved(mentored, pair)
    table = mentored.store.table("mentoring.pair")
    with mentored.store.transaction():
        document = {k: v for k, v in (table.by_id(pair.id) or {}).items() if k not in ("first", "last")}
        table.put({**document, "day": "2024-02-29"})
        set_schema(mentored.store, "mentoring.pair", 1)
    mentored.close()
    with School.open(mentored.folder, mentored.actor, now, found=district) as opened:
        brought = opened.records(registers().Pair).get(pair.id)
        assert (brought.first, brought.last) == (date(2024, 2, 29), date(2025, 2, 28))
        assert schema_of(opened.store, "mentoring.pair") == 2
        assert backups(opened.folder).listed()


def test_switched_off_it_loses_nothing(mentored: School) -> None:
    pair = a_pair(mentored)
    saved(mentored, pair)
    mentored.set_plugins((), "停用")
    assert "mentoring.pair" not in [id for id, _, _ in mentored.register_titles()]
    assert len(mentored.store.entries.of("mentoring.pair", pair.id)) == 2
    mentored.set_plugins(("mentoring",), "启用")
    assert mentored.records(registers().Pair).get(pair.id).mentor == Ref(pair.mentor)
    assert not [problem for problem in verify(mentored).problems if problem]


def test_every_hook_is_described() -> None:
    hooks = [name for name, _ in inspect.getmembers(Hooks, inspect.isfunction) if not name.startswith("_")]
    told = re.findall(r"^\| `(\w+)` \|", MODULES.partition("## 挂钩一览")[2].partition("\n## ")[0], re.MULTILINE)
    assert sorted(told) == sorted(hooks)


def test_every_state_of_a_module_is_described() -> None:
    table = MODULES.partition("## 模块的状态和处理办法")[2].partition("\n## ")[0]
    assert [label for label in STATES.values() if f"| {label} |" not in table] == []


# ---- 使用手册 --------------------------------------------------------------------------------------------------------
def test_every_command_is_named_in_the_handbook() -> None:
    told = HANDBOOK.partition("## 命令一览")[2]
    missing = [name for name in LATER if not re.search(rf"^\| `jiaoyan {re.escape(name)}\b", told, re.MULTILINE)]
    assert missing == []


def test_the_handbook_names_no_command_that_is_not_there() -> None:
    named = set(re.findall(r"`(?:[^`\n]* )?jiaoyan ([a-z][a-z-]+)", HANDBOOK + MODULES))
    assert named - set(LATER) == set()


def test_every_key_of_the_handbook_does_something() -> None:
    """Letters, function keys and Ctrl keys; digits mean another thing on each page."""
    for module in pkgutil.iter_modules(jiaoyan_tui.__path__):
        if not module.name.startswith("__"):
            importlib.import_module(f"jiaoyan_tui.{module.name}")
    keys = {key_label(key) for action in REGISTRY.values() for key in action.keys}
    named = set(re.findall(r"`(F\d{1,2}|Ctrl\+[A-Z]|[a-z?/])`", HANDBOOK))
    assert named - keys == set()


def test_what_is_quoted_as_a_title_is_on_the_screen() -> None:
    """Titles of registers in a row of a table of commands, and of the number keys."""
    for place in PLACES:
        assert re.search(rf"`{place.action.key}` \| {place.title}", HANDBOOK), place.title


# ---- all documents ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("path", [ROOT / "README.md", *sorted(DOCS.glob("*.md"))], ids=lambda path: path.name)
def test_links_and_pictures_are_there(path: Path) -> None:
    text = re.sub(r"^```.*?^```$", "", path.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)
    wrong = []
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        place, _, mark = unquote(target).partition("#")
        if "://" in place or place.startswith("mailto:"):
            continue
        led = path.parent / place if place else path
        if not led.exists() or (mark and led.suffix == ".md" and mark not in anchors(led)):
            wrong.append(target)
    assert wrong == []


def anchors(path: Path) -> set[str]:
    """The marks that headings have on the page: small letters, signs left out, blanks as hyphens."""
    text = re.sub(r"^```.*?^```$", "", path.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_pictures_are_small_and_used() -> None:
    texts = (ROOT / "README.md").read_text(encoding="utf-8") + HANDBOOK
    for picture in sorted((DOCS / "pictures").glob("*.svg")):
        assert picture.stat().st_size < 80_000, picture.name
        assert f"pictures/{picture.name}" in texts, picture.name

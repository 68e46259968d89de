"""Walks through the program: files of keys and of lines that must stand on the screen, as a clerk would write them down.

A line of a walk begins with one word:

    学校  which school the walk begins with (see SCHOOLS)      窗口  80x24, where it is another size
    收件箱 a file that lies there; its text follows, indented   粘贴  a block that is pasted; it follows, indented
    按    keys: F2 回车 下 Esc Ctrl+Z, or a letter             打    text, as an input method commits it
    见    must come to stand on one line; … is anything        不见  must not stand anywhere
    别人  another session changes a record meanwhile: its register, its title, field=value
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest
from textual.events import Key, Paste
from textual.pilot import Pilot

from jiaoyan.access import SYSTEM
from jiaoyan.boxes import INBOX, box
from jiaoyan.entering import changed
from jiaoyan.founding import found_school
from jiaoyan.school import School
from jiaoyan_tui import founding
from jiaoyan_tui.app import JiaoyanApp
from jiaoyan_tui.overview import OverviewPage
from jiaoyan_tui.start import application
from tests.schools import a_requirement, now, saved
from tests.terminal.conftest import NOW
from tests.terminal.screens import settled, shown

WALKS = Path(__file__).parent / "walks"
NOWHERE, AUTUMN, WEDNESDAY = "还没有学校", "青山小学", "城关小学"
SCHOOLS = {NOWHERE: "", AUTUMN: "full_school", WEDNESDAY: "a_school"}
KEYS = {
    "回车": "enter", "空格": "space", "退格": "backspace", "上": "up", "下": "down", "左": "left", "右": "right", "Esc": "escape",
    "Tab": "tab", "PgDn": "pagedown", "PgUp": "pageup", "Home": "home", "End": "end", "Del": "delete", "/": "slash", "?": "question_mark",
}
TRIES = 400
"""How often the screen is looked at before a line is given up; nothing is measured by it."""


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a walk."""

    number: int
    word: str
    text: str


def steps_of(path: Path) -> list[Step]:
    """The steps of a walk; indented lines belong to the step above them."""
    steps: list[Step] = []
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        if line.startswith("  ") and steps:
            steps[-1] = Step(steps[-1].number, steps[-1].word, f"{steps[-1].text}\n{line[2:]}")
        elif line.strip() and not line.startswith("#"):
            word, _, text = line.partition(" ")
            steps.append(Step(number, word, text.strip()))
    return steps


def key_of(word: str) -> str:
    """Textual's name of a key."""
    if word in KEYS:
        return KEYS[word]
    return word.lower() if len(word) > 1 else word


def pattern_of(text: str) -> re.Pattern[str]:
    """Blanks count as one; … stands for anything on the line."""
    pieces = [r"\s+".join(re.escape(word) for word in piece.split()) for piece in text.split("…")]
    return re.compile(".*".join(pieces))


class Walk:
    """A walk under way."""

    def __init__(self, path: Path, app: JiaoyanApp, pilot: Pilot[None]) -> None:
        self.path, self.app, self.pilot = path, app, pilot

    async def take(self, step: Step) -> None:
        what: dict[str, Callable[[Step], object]] = {"按": self.press, "打": self.type, "粘贴": self.paste}
        what |= {"见": self.see, "不见": self.miss, "别人": self.change_elsewhere}
        if step.word not in what:
            raise AssertionError(f"{self.path.name}:{step.number}: nobody knows “{step.word}”")
        done = what[step.word](step)
        if asyncio.iscoroutine(done):
            await done

    async def press(self, step: Step) -> None:
        for word in step.text.split():
            await self.pilot.press(key_of(word))
            await settled(self.app, self.pilot)

    async def type(self, step: Step) -> None:
        for char in step.text:
            self.app.post_message(Key("space" if char == " " else char, char))
            await self.pilot.pause()
        await settled(self.app, self.pilot)

    async def paste(self, step: Step) -> None:
        self.app.post_message(Paste(step.text.strip("\n")))
        await settled(self.app, self.pilot)

    async def see(self, step: Step) -> None:
        pattern = pattern_of(step.text)
        for _ in range(TRIES):
            if any(pattern.search(line) for line in shown(self.app)):
                return
            await asyncio.sleep(0.01)
            await self.pilot.pause()
        self.fail(step)

    async def miss(self, step: Step) -> None:
        await settled(self.app, self.pilot)
        if any(pattern_of(step.text).search(line) for line in shown(self.app)):
            self.fail(step)

    def change_elsewhere(self, step: Step) -> None:
        register, title, text = step.text.split(" ")
        field, _, value = text.partition("=")
        school = self.app.school
        assert school is not None
        with School.open(school.folder, SYSTEM, school.now) as other, other.change("别人的修改") as change:
            record = other.records(register).find(title)
            change.save(changed(record, {field: value}))

    def fail(self, step: Step) -> None:
        screen = "\n".join(f"  |{line}" for line in shown(self.app))
        raise AssertionError(f"{self.path.name}:{step.number}: {step.word} {step.text}\n{screen}")


@asynccontextmanager
async def begun(path: Path, app: JiaoyanApp, size: tuple[int, int]) -> AsyncIterator[Walk]:
    async with app.run_test(size=size) as pilot:
        await settled(app, pilot)
        yield Walk(path, app, pilot)
    for fault in app.faults:
        raise fault


@pytest.mark.parametrize("path", sorted(WALKS.glob("*.txt")), ids=lambda path: path.stem)
async def test_a_walk(
    path: Path, request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    steps = steps_of(path)
    settings = {step.word: step.text for step in steps if step.word in ("学校", "窗口")}
    columns, _, lines = settings.get("窗口", "80x24").partition("x")
    size = (int(columns), int(lines))
    walked = [step for step in steps if step.word not in ("学校", "窗口", "收件箱")]
    assert any(step.word == "见" for step in walked)
    name = settings["学校"]
    if name == NOWHERE:
        monkeypatch.setattr(founding, "china_now", lambda: NOW)
        monkeypatch.setattr(founding, "found_school", partial(found_school, now=lambda: NOW))
        folder = tmp_path / "new"
        with application(folder) as app:
            async with begun(path, app, size) as walk:
                for step in walked:
                    await walk.take(step)
        return
    school: School = request.getfixturevalue(SCHOOLS[name])
    if name == AUTUMN:
        saved(school, a_requirement())
        assert school.today == now().date()
    for step in steps:
        if step.word == "收件箱":
            file, _, text = step.text.partition("\n")
            (box(school, INBOX) / file).write_text(text, "utf-8")
    async with begun(path, JiaoyanApp(lambda: OverviewPage(school)), size) as walk:
        for step in walked:
            await walk.take(step)

"""Copying through the line: what is sent, and what of it a terminal would take."""

from __future__ import annotations

import re
from base64 import b64decode

import pytest
from textual.pilot import Pilot

from jiaoyan.school import School
from jiaoyan_tui.app import JiaoyanApp
from jiaoyan_tui.clipboard import MOST, sequence, tabbed
from jiaoyan_tui.lists import ListPage
from jiaoyan_tui.screen_cells import is_harmless
from jiaoyan_tui.theme import Depth, look
from tests.terminal.emulator import TwinDriver, drive
from tests.terminal.screens import on_screen, press, settled, the_app

COPIED = re.compile(r"\x1b\]52;c;([A-Za-z0-9+/=]*)\x07")


@pytest.mark.parametrize("environ", [{}, {"TMUX": "/tmp/tmux-0/default,1,0"}, {"TERM": "screen-256color"}])
def test_what_is_sent_draws_nothing(environ: dict[str, str]) -> None:
    sent = sequence("张三\t1节", environ)
    assert is_harmless(sent)
    assert [b64decode(text).decode() for text in COPIED.findall(sent)] == ["张三\t1节"] * (2 if "TMUX" in environ else 1)


def test_what_no_terminal_would_take_is_refused() -> None:
    sequence("a" * MOST, {})
    with pytest.raises(ValueError, match="bytes"):
        sequence("张" * MOST, {})


def test_cells_hold_together() -> None:
    assert tabbed([("甲", "两\n行\t字"), ("乙", "")]) == "甲\t两 行 字\n乙\t"


async def test_rows_are_copied_as_they_are_listed(school: School, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TMUX", raising=False)
    async with the_app(school, page=ListPage(school, "teacher")) as (app, pilot):
        await press(app, pilot, "y")
        assert "已复制 1 行" in on_screen(app)
        assert app.clipboard.startswith("张敏\t语文教研组")
        await press(app, pilot, "o", "2", "o", "2", "asterisk", "y")
        assert [line.split("\t")[0] for line in app.clipboard.split("\n")] == [
            "姓名", "赵磊", "张敏", "王芳", "单小红", "欧阳修远", "李强",
        ]


async def test_copying_leaves_the_screen_as_it_is(school: School) -> None:
    app = JiaoyanApp(lambda: ListPage(school, "teacher"), look(Depth.TRUE))

    async def script(pilot: Pilot[None], twin: TwinDriver) -> None:
        await settled(app, pilot)
        twin.taken()
        await pilot.press("y")
        await settled(app, pilot)
        assert 0 < twin.taken() < 700  # the text and one sentence; a whole screen is thousands

    await drive(app, script, size=(80, 24))

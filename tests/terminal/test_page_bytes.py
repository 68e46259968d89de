"""Bytes that the pages of a real school send: exact, unlike times."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from textual.events import Key
from textual.pilot import Pilot

from jiaoyan.model.activities import Activity
from jiaoyan.school import School
from jiaoyan.terms import When
from jiaoyan_tui.app import JiaoyanApp
from jiaoyan_tui.overview import OverviewPage
from jiaoyan_tui.table import VirtualTable
from jiaoyan_tui.theme import Depth, look
from tests.terminal.emulator import TwinDriver, drive
from tests.terminal.screens import settled, wait_for

BUDGET = {"start": 8192, "down": 500, "scroll": 600, "page": 4096, "typed": 300, "idle": 0}
DEPTHS = {Depth.TRUE: {"TERM": "xterm-256color", "COLORTERM": "truecolor"}, Depth.FEW: {"TERM": "xterm"}}


@pytest.fixture
def a_full_school(a_school: School) -> School:
    """With three hundred activities."""
    day = a_school.today
    with a_school.change("活动") as change:
        for number in range(300):
            when = When.on(day + timedelta(days=number % 90 - 20))
            change.save(Activity(title=f"第{number}次集体备课:整本书阅读", kind="prep", when=when, place="会议室"))
    return a_school


@pytest.mark.parametrize("depth", list(DEPTHS))
async def test_the_line_is_spared(a_full_school: School, depth: Depth, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("COLORTERM", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    for name, value in DEPTHS[depth].items():
        monkeypatch.setenv(name, value)
    app = JiaoyanApp(lambda: OverviewPage(a_full_school), look(depth))
    spent: dict[str, int] = dict.fromkeys(BUDGET, 0)

    async def script(pilot: Pilot[Any], twin: TwinDriver) -> None:
        async def quiet() -> None:
            await settled(app, pilot)
            await pilot.pause(0.4)  # a preview, a count that comes after
            await settled(app, pilot)
            twin.taken()

        async def press(key: str, what: str, times: int) -> None:
            for _ in range(times):
                await pilot.press(key)
                await settled(app, pilot)
                sent = twin.taken()
                assert sent, f"{key} drew nothing, which proves nothing"
                spent[what] = max(spent[what], sent)

        async def idle() -> None:
            await quiet()
            await pilot.pause(1.2)  # longer than the pages wait to look whether somebody has written
            spent["idle"] += twin.taken()

        await wait_for(app, pilot, "各组进度")
        await settled(app, pilot)
        spent["start"] = twin.taken()
        await idle()
        await press("down", "down", 3)
        await pilot.press("3")
        await wait_for(app, pilot, "第20次集体备课")
        await pilot.press("home")
        await quiet()
        await press("down", "down", 3)
        await press("pagedown", "page", 3)
        table = app.screen.query_one(VirtualTable)
        table.action_move_cursor(table.first + table.height_in_rows - 1 - table.cursor)  # to the last line in view
        await quiet()
        first = table.first
        await press("down", "scroll", 3)
        assert table.first == first + 3
        await idle()
        await pilot.press("e")
        await wait_for(app, pilot, "修改")
        await quiet()
        for char in "张三ab单":
            app.post_message(Key(char, char))
            await settled(app, pilot)
            sent = twin.taken()
            assert sent
            spent["typed"] = max(spent["typed"], sent)
        await idle()

    await drive(app, script, size=(120, 36))
    for fault in app.faults:
        raise fault
    assert {what: sent for what, sent in spent.items() if sent > BUDGET[what]} == {}

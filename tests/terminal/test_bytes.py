"""What each key costs on the line: bytes are exact, so they are budgets."""

from __future__ import annotations

from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from jiaoyan_tui.screen_diff import Abilities
from jiaoyan_tui.table import Row, VirtualTable
from jiaoyan_tui.theme import Depth

from .emulator import TwinDriver, drive
from .sources import Entries, ListApp

TERMINALS = {
    "truecolor": (Depth.TRUE, {"TERM": "xterm-256color", "COLORTERM": "truecolor"}),
    "256": (Depth.MANY, {"TERM": "xterm-256color"}),
    "16": (Depth.FEW, {"TERM": "xterm"}),
    "none": (Depth.NONE, {"TERM": "xterm", "NO_COLOR": "1"}),
}


@pytest.fixture(params=TERMINALS)
def app(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> ListApp:
    depth, environ = TERMINALS[request.param]
    for name in ("COLORTERM", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    return ListApp(Entries(100_000), depth=depth)


async def test_a_list_of_100000_records_at_120_by_36(app: ListApp) -> None:
    spent: dict[str, int] = {}

    async def script(pilot: Pilot[Any], twin: TwinDriver) -> None:
        spent["start"] = twin.taken()

        async def most(keys: str, times: int) -> int:
            found = []
            for _ in range(times):
                await pilot.press(keys)
                await pilot.pause()
                found.append(twin.taken())
            assert all(found), "a key that drew nothing proves nothing"
            return max(found)

        spent["down"] = await most("down", 6)
        pilot.app.query_one(VirtualTable).show_row("k99")
        await pilot.pause()
        twin.taken()
        spent["scroll"] = await most("down", 6)
        spent["page"] = await most("pagedown", 5)
        await pilot.pause()
        twin.taken()
        await pilot.pause(0.3)
        spent["idle"] = twin.taken()

    await drive(app, script, size=(120, 36))
    assert spent["idle"] == 0
    budget = {"start": 8192, "down": 500, "scroll": 600, "page": 4096}
    assert {key: spent[key] for key in budget if spent[key] > budget[key]} == {}


class Alike(Entries):
    """Rows that differ in two numbers alone: few cells to write, each with a jump before it."""

    def row(self, key: str) -> Row:
        n = int(key[1:])
        return Row(key, (f"{n * 7919 % 99991:05d}", "张三", "2026-11-26", "教学反思", f"{n * 13 % 90 + 10}", "已交"), ("",) * 6)


@pytest.mark.parametrize("terminal", TERMINALS)
async def test_rows_that_are_much_alike_scroll_for_as_little(terminal: str, monkeypatch: pytest.MonkeyPatch) -> None:
    depth, environ = TERMINALS[terminal]
    for name, value in environ.items():
        monkeypatch.setenv(name, value)

    async def script(pilot: Pilot[Any], twin: TwinDriver) -> None:
        pilot.app.query_one(VirtualTable).show_row("k99")
        await pilot.pause()
        twin.taken()
        for _ in range(4):
            await pilot.press("down")
            await pilot.pause()
            assert 0 < twin.taken() <= 350  # 600 is the bar; 630 to 730 without the scroll

    await drive(ListApp(Alike(1000), depth=depth), script, size=(120, 36))


async def test_typing_a_character(app: ListApp) -> None:
    async def script(pilot: Pilot[Any], twin: TwinDriver) -> None:
        pilot.app.query_one(Input).focus()
        await pilot.pause()
        twin.taken()
        for char in "张三abc":
            await pilot.press(char)
            await pilot.pause()
            assert 0 < twin.taken() <= 300
        await pilot.pause(0.3)
        assert twin.taken() == 0

    await drive(app, script, size=(120, 36))


async def test_without_scroll_regions_a_key_is_dearer_but_right() -> None:
    spent: list[int] = []

    async def script(pilot: Pilot[Any], twin: TwinDriver) -> None:
        pilot.app.query_one(VirtualTable).show_row("k99")
        await pilot.pause()
        twin.taken()
        await pilot.press("down")
        await pilot.pause()
        spent.append(twin.taken())

    await drive(ListApp(), script, size=(120, 36), abilities=Abilities())
    await drive(ListApp(), script, size=(120, 36))
    assert spent[0] > 2 * spent[1] > 0

"""The main pages at three sizes and three colour depths look as they did; `pytest --update-snapshots` takes them anew."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from jiaoyan.model.plans import Plan
from jiaoyan.school import School
from jiaoyan_tui.app import JiaoyanApp
from jiaoyan_tui.overview import OverviewPage
from jiaoyan_tui.theme import Depth, look
from tests.terminal.screens import press, settled, wait_for
from tests.terminal.snapshots import differences, picture

SNAPSHOTS = Path(__file__).parent / "snapshots"
SIZES = ((80, 24), (120, 36), (200, 50))
DEPTHS = (Depth.TRUE, Depth.FEW, Depth.NONE)
PAGES: tuple[tuple[str, tuple[str, ...], str], ...] = (
    ("工作台", (), "各组进度"),
    ("活动列表", ("3",), "单元整体备课研讨"),
    ("活动", ("enter",), "活动类型"),
    ("表单", ("escape", "e"), "修改"),
    ("考勤", ("escape", "k", "z", "q", "6", "down", "9"), "发言 1"),
    ("计划", ("escape", "3", "escape", "1", "enter"), "听课不少于15节"),
    ("完成情况表", ("escape", "escape", "5"), "曾强"),
    ("帮助", ("f1",), "帮助:"),
)
"""Name, keys from the page before, a text by which it is known to be there."""
TRIES = 40


@pytest.mark.parametrize("depth", DEPTHS)
@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
async def test_the_main_pages_look_as_they_did(
    a_school: School, a_plan: Plan, size: tuple[int, int], depth: Depth, request: pytest.FixtureRequest
) -> None:
    update: bool = request.config.getoption("--update-snapshots")
    app = JiaoyanApp(lambda: OverviewPage(a_school), look(depth))
    told: list[str] = []
    async with app.run_test(size=size) as pilot:
        await settled(app, pilot)
        for name, keys, text in PAGES:
            await press(app, pilot, *keys)
            await wait_for(app, pilot, text)
            path = SNAPSHOTS / f"{name}-{size[0]}x{size[1]}-{depth}.txt"
            if update:
                await asyncio.sleep(1)
                await settled(app, pilot)
                path.parent.mkdir(exist_ok=True)
                path.write_text("\n".join(picture(app)) + "\n", encoding="utf-8")
                continue
            was = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
            for _ in range(TRIES):  # what comes a moment later, beside a list
                if not (difference := differences(was, picture(app))):
                    break
                await asyncio.sleep(0.05)
                await settled(app, pilot)
            if difference:
                told.append(f"{path.name}:\n{difference}")
    for fault in app.faults:
        raise fault
    assert not told, "\n\n".join([*told, "If this is meant: pytest tests/terminal/test_snapshots.py --update-snapshots"])

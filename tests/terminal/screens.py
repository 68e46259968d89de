"""The application in tests: on a real school, driven by keys, read as lines of text."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from textual.app import App
from textual.pilot import Pilot
from textual.screen import Screen

from jiaoyan.school import School
from jiaoyan_tui.app import JiaoyanApp
from jiaoyan_tui.overview import OverviewPage
from jiaoyan_tui.theme import Depth, look
from jiaoyan_tui.working import WORKER

SMALL, LARGE = (80, 24), (120, 36)


@asynccontextmanager
async def the_app(
    school: School, size: tuple[int, int] = SMALL, page: Screen[str | None] | None = None, ascii_borders: bool = False
) -> AsyncIterator[tuple[JiaoyanApp, Pilot[None]]]:
    """The application on a school, begun on the overview or another page; faults inside the program fail the test."""
    app = JiaoyanApp(lambda: page or OverviewPage(school), look(Depth.TRUE, ascii_borders=ascii_borders))
    async with app.run_test(size=size) as pilot:
        await settled(app, pilot)
        yield app, pilot
    for fault in app.faults:
        raise fault


async def settled(app: App[None], pilot: Pilot[None]) -> None:
    """Until threads have reported and the screen is drawn."""
    await pilot.pause()
    while any(thread.name == WORKER for thread in threading.enumerate()):
        await asyncio.sleep(0.01)
    for _ in range(3):
        await pilot.pause()


async def press(app: App[None], pilot: Pilot[None], *keys: str) -> list[str]:
    """Presses keys; the lines of the screen afterwards."""
    await pilot.press(*keys)
    await settled(app, pilot)
    return shown(app)


async def wait_for(app: App[None], pilot: Pilot[None], text: str) -> list[str]:
    """The screen once it shows a text; fails where it never does."""
    for _ in range(100):
        if text in on_screen(app):
            return shown(app)
        await asyncio.sleep(0.05)
        await pilot.pause()
    raise AssertionError(f"{text!r} is not on the screen:\n{on_screen(app)}")


def shown(app: App[None]) -> list[str]:
    """The lines of the screen, dialogs over it included."""
    width, height = app.size
    lines = app.screen._compositor.render_strips(app.size)
    return [strip.crop(0, width).text.rstrip() for strip in lines[:height]]


def on_screen(app: App[None]) -> str:
    return "\n".join(shown(app))

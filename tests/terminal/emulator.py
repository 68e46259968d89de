"""A terminal as xterm is one, on pyte; and a driver that feeds the same frames to the stock driver's and to ours."""

from __future__ import annotations

import asyncio
import io
import re
from collections.abc import Awaitable, Callable
from typing import Any, cast

import pyte
from pyte.screens import Char
from textual.app import App
from textual.driver import Driver
from textual.drivers._writer_thread import WriterThread
from textual.events import Resize
from textual.geometry import Size
from textual.pilot import Pilot

from jiaoyan_tui.cells import width
from jiaoyan_tui.driver import DiffDriver
from jiaoyan_tui.screen_diff import Abilities

# What pyte would mistake for something else: keyboard protocols and queries.
_FOREIGN = re.compile(r"\x1b\[[<=>][0-9;]*[@-~]|\x1b\[\??[0-9;]*\$[@-~]")


class Terminal(pyte.Screen):
    """pyte's screen, with wide characters as xterm has them: half of one cannot stand alone."""

    def __init__(self, columns: int, lines: int) -> None:
        super().__init__(columns, lines)
        self.stream = pyte.Stream(self)
        self.reset_mode(7, private=True)
        self.erases_to_pen = True

    def feed(self, data: str) -> None:
        self.stream.feed(_FOREIGN.sub("", data))

    def draw(self, data: str) -> None:
        for char in data:
            size = width(char)
            line = self.buffer[self.cursor.y]
            if not size:
                self._combine(line, char)
                continue
            x = min(self.cursor.x, self.columns - size)
            self._part(line, x)
            self._part(line, x + size)
            line[x] = self.cursor.attrs._replace(data=char)
            if size == 2:
                line[x + 1] = self.cursor.attrs._replace(data="")
            self.cursor.x = min(x + size, self.columns)

    def erase_characters(self, count: int | None = None) -> None:
        line = self.buffer[self.cursor.y]
        self._part(line, self.cursor.x)
        self._part(line, self.cursor.x + (count or 1))
        pen = self._erasing_pen()
        super().erase_characters(count)
        self.cursor.attrs = pen

    def erase_in_line(self, how: int = 0, private: bool = False) -> None:
        self._part(self.buffer[self.cursor.y], self.cursor.x)
        pen = self._erasing_pen()
        super().erase_in_line(how, private)
        self.cursor.attrs = pen

    def _erasing_pen(self) -> Char:
        """Takes up the pen that erases; returns the one that was on."""
        pen = self.cursor.attrs
        self.cursor.attrs = self.default_char._replace(bg=pen.bg if self.erases_to_pen else "default")
        return pen

    def _combine(self, line: Any, char: str) -> None:
        at = self.cursor.x - 1
        while at > 0 and not line[at].data:
            at -= 1
        if at >= 0:
            line[at] = line[at]._replace(data=line[at].data + char)

    def _part(self, line: Any, x: int) -> None:
        """Something is about to end or begin at x: a wide character standing across it is broken into blanks."""
        if 0 < x < self.columns and not line[x].data:
            line[x - 1] = line[x - 1]._replace(data=" ")
            line[x] = line[x]._replace(data=" ")

    def seen(self) -> list[list[tuple[object, ...]]]:
        """What an eye can tell apart, cell by cell."""
        return [[_seen(self.buffer[y][x]) for x in range(self.columns)] for y in range(self.lines)]

    def text(self) -> list[str]:
        return ["".join(self.buffer[y][x].data for x in range(self.columns)).rstrip() for y in range(self.lines)]

    @property
    def place(self) -> tuple[int, int]:
        return min(self.cursor.x, self.columns - 1), self.cursor.y


def _seen(char: Char) -> tuple[object, ...]:
    lines = (char.underscore, char.strikethrough, char.reverse)
    if char.data == " " and not any(lines):
        return (" ", char.bg)
    return (char.data, char.fg, char.bg, char.bold, char.italics, char.blink, *lines)


class _Line(WriterThread):
    """Takes the place of the thread that writes to the terminal."""

    def __init__(self, take: Callable[[str], None]) -> None:
        super().__init__(io.StringIO())
        self._take = take

    def write(self, text: str) -> None:
        self._take(text)

    def is_alive(self) -> bool:
        return True

    def stop(self) -> None:
        """There is no thread."""


class TwinDriver(DiffDriver):
    """Our driver on one terminal; the same frames, unchanged, on another."""

    def __init__(
        self, app: App[Any], *, debug: bool = False, mouse: bool = True, size: tuple[int, int] | None = None
    ) -> None:
        Driver.__init__(self, app, debug=debug, mouse=mouse, size=size)
        columns, lines = size or (80, 24)
        self.stock, self.ours = Terminal(columns, lines), Terminal(columns, lines)
        self.sent: list[str] = []
        self.stock_bytes = self.frames = 0
        self.abilities = Abilities(scrolls=True, erases=True)
        self.faults: list[str] = []
        self._writer_thread = _Line(self._take)

    def _take(self, text: str) -> None:
        self.sent.append(text)
        self.ours.feed(text)

    def taken(self) -> int:
        """The bytes sent since the last call."""
        count = len("".join(self.sent).encode())
        self.sent.clear()
        return count

    def write(self, data: str) -> None:
        self._abilities = self.abilities
        self.ours.erases_to_pen = self.abilities.erases
        self.stock.feed(data)
        self.stock_bytes += len(data.encode())
        super().write(data)
        self.frames += 1
        if self.stock.seen() != self.ours.seen() and len(self.faults) < 3:
            self.faults.append(difference(self.stock, self.ours))
        if self.stock.place != self.ours.place and len(self.faults) < 3:
            self.faults.append(f"cursor at {self.ours.place}, not {self.stock.place}")

    def start_application_mode(self) -> None:
        self.write("\x1b[?1049h")
        self.resize(*(self._size or (80, 24)))

    def stop_application_mode(self) -> None:
        self.write("\x1b[?1049l")

    def disable_input(self) -> None:
        """There is none."""

    def close(self) -> None:
        """Nothing is open."""

    def _window(self) -> Size:
        return Size(*(self._size or (80, 24)))

    def resize(self, columns: int, lines: int) -> None:
        self._size = (columns, lines)
        for terminal in (self.stock, self.ours):
            terminal.resize(lines, columns)
        self._lose_screen()  # as when Textual asks for the size
        size = Size(columns, lines)
        self._app.post_message(Resize(size, size))


def difference(stock: Terminal, ours: Terminal) -> str:
    """The first cells that are not the same, in words."""
    places = [
        f"({x},{y}): {a} → {b}"
        for y, rows in enumerate(zip(stock.seen(), ours.seen(), strict=True))
        for x, (a, b) in enumerate(zip(*rows, strict=True))
        if a != b
    ]
    return f"{len(places)} cells differ; " + "; ".join(places[:6])


async def drive(
    app: App[Any],
    script: Callable[[Pilot[Any], TwinDriver], Awaitable[None]],
    size: tuple[int, int] = (80, 24),
    abilities: Abilities | None = None,
) -> TwinDriver:
    """Runs an app on the twin driver and follows a script; the two terminals must never differ."""
    app.driver_class = TwinDriver
    app.animation_level = "none"
    raised: list[BaseException] = []
    twins: list[TwinDriver] = []

    async def follow(pilot: Pilot[Any]) -> None:
        twin = cast("TwinDriver", app._driver)
        twins.append(twin)
        if abilities is not None:
            twin.abilities = abilities
        try:
            await pilot.pause()
            await script(pilot, twin)
        except BaseException as error:
            raised.append(error)
        app.exit()

    await app.run_async(size=size, mouse=False, auto_pilot=follow)
    await asyncio.sleep(0)
    if raised:
        raise raised[0]
    assert twins[0].frames > 1
    assert not twins[0].faults, "\n".join(twins[0].faults)
    return twins[0]

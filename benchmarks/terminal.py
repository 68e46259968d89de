"""The full screen from outside: time and bytes until the overview stands, a key's cost; beside an empty Textual app and a
stock DataTable of as many rows, in the same run.

    python -m benchmarks.terminal [activities]
"""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import statistics
import struct
import sys
import tempfile
import termios
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from jiaoyan.host.manifest import installed
from jiaoyan.model.activities import Activity
from jiaoyan.model.people import Teacher
from jiaoyan.school import School
from jiaoyan.settings import Settings
from jiaoyan.terms import When

SIZE = (36, 120)
QUIET = 0.25
"""Seconds without output after which a screen is taken to stand."""
TIMES = 7
EMPTY = """
from textual.app import App
from textual.widgets import Static
class Empty(App):
    def compose(self):
        yield Static("ready-marker")
Empty().run()
"""
STOCK = """
from textual.app import App
from textual.widgets import DataTable
class Stock(App):
    def compose(self):
        yield DataTable(cursor_type="row")
    def on_mount(self):
        table = self.query_one(DataTable)
        table.add_columns("日期", "主题", "类型", "状态")
        for n in range({rows}):
            table.add_row(f"2026-10-{{n % 28 + 1:02}}", f"第 {{n}} 次教研活动", "教研活动", "已记录")
Stock().run()
"""


@dataclass(frozen=True, slots=True)
class Reading:
    ready: float
    """Milliseconds until the last byte of the first screen."""
    bytes: int
    key_ms: float
    key_bytes: float


class Terminal:
    """One program on a pseudo-terminal."""

    def __init__(self, command: list[str], environment: dict[str, str]) -> None:
        self.begun = time.perf_counter()
        self.pid, self.fd = pty.fork()
        if not self.pid:
            os.execvpe(command[0], command, {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor", **environment})
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", *SIZE, 0, 0))

    def until_quiet(self, since: float, deadline: float = 60.0) -> tuple[float, bytes]:
        """(milliseconds from `since` to the last byte, what came)."""
        came, last = b"", since
        while time.perf_counter() - since < deadline:
            if not select.select([self.fd], [], [], QUIET)[0]:
                if came:
                    break
                continue
            try:
                came += os.read(self.fd, 1 << 16)
            except OSError:
                break
            last = time.perf_counter()
        return (last - since) * 1000, came

    def press(self, keys: bytes) -> tuple[float, bytes]:
        since = time.perf_counter()
        os.write(self.fd, keys)
        return self.until_quiet(since, deadline=QUIET)

    def end(self) -> None:
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self.fd)


def measured(command: list[str], environment: dict[str, str], before: bytes = b"") -> Reading:
    """The medians of several starts, and of ten Down keys in each."""
    ready, sent, key_ms, key_bytes = [], [], [], []
    for _ in range(TIMES):
        terminal = Terminal(command, environment)
        taken, came = terminal.until_quiet(terminal.begun)
        ready.append(taken)
        sent.append(len(came))
        if before:
            terminal.press(before)
        for _ in range(10):
            taken, came = terminal.press(b"\x1b[B")
            key_ms.append(taken)
            key_bytes.append(len(came))
        terminal.end()
    return Reading(
        statistics.median(ready), int(statistics.median(sent)), statistics.median(key_ms), statistics.median(key_bytes)
    )


def a_large_school(folder: Path, activities: int, plugins: tuple[str, ...]) -> None:
    with School.create(folder, Settings(name="千人小学", plugins=plugins, offices=(), classes=0)) as school:
        term = school.term()
        length = (term.closes - term.opens).days
        with school.change("开学") as change:
            for n in range(200):
                change.save(Teacher(name=f"教师{n:03}", order=n))
        for start in range(0, activities, 5000):
            with school.change("活动") as change:
                for n in range(start, min(start + 5000, activities)):
                    when = When.on(term.opens + timedelta(days=n % length))
                    change.save(Activity(title=f"第 {n} 次教研活动", kind="research", when=when, state="held"))


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    python = sys.executable
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        (place / "empty.py").write_text(EMPTY)
        (place / "stock.py").write_text(STOCK.format(rows=rows))
        for folder, plugins in (("core", ()), ("full", tuple(installed()))):
            a_large_school(place / folder, rows, plugins)
        runs: dict[str, Callable[[], Reading]] = {
            "empty Textual app": lambda: measured([python, str(place / "empty.py")], {}),
            f"stock DataTable, {rows} rows": lambda: measured([python, str(place / "stock.py")], {}),
            f"overview, then {rows} activities, core": lambda: ours(place / "core"),
            "the same with all modules": lambda: ours(place / "full"),
        }
        print("limits: ready 1.6 x the empty app with the core, 2 x with all modules; 8,192 bytes; Down 500 bytes, 10 ms")
        print(f"{'':40} {'ready ms':>9} {'bytes':>8} {'Down ms':>8} {'Down B':>7}")
        for title, run in runs.items():
            found = run()
            print(f"{title:40} {found.ready:9.0f} {found.bytes:8} {found.key_ms:8.1f} {found.key_bytes:7.0f}")


def ours(folder: Path) -> Reading:
    return measured([sys.executable, "-m", "jiaoyan_tui", "--school", str(folder)], {}, before=b"3")


if __name__ == "__main__":
    main()

"""The full screen from outside, beside its rivals in the same run: an empty Textual app, stock Textual's DataTable, VisiData.

    python -m benchmarks.terminal [--rows 100000] [--activities 20000] [--runs 7] [--vd PROGRAM]

A school with that many works (one entry each) and activities is made first, once with the core and once with all modules; the
rivals show as many rows. VisiData is left out where there is none (`pip install visidata`, best in an environment of its own).
Each run starts every program once, in turn; medians are printed as the table of docs/performance.md.
"""

from __future__ import annotations

import argparse
import contextlib
import csv
import fcntl
import os
import pty
import select
import shutil
import signal
import statistics
import struct
import sys
import tempfile
import termios
import time
from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from jiaoyan.host.manifest import installed
from jiaoyan.model.activities import Activity
from jiaoyan.model.people import Teacher
from jiaoyan.model.works import Work
from jiaoyan.records import Ref
from jiaoyan.school import School
from jiaoyan.settings import Settings
from jiaoyan.terms import When

SIZE = (36, 120)
STANDS, ANSWERED = 0.3, 0.05
"""Seconds of silence after which a screen stands, and after which a key has been answered."""
PAGE = b"\x1b[6~"
FIRST_ROWS = "篇教学反思".encode()
RATE = 30
IDLE = 5.0
EMPTY = """
from textual.app import App
from textual.widgets import Static
class Empty(App):
    def compose(self):
        yield Static("ready")
Empty().run()
"""
STOCK = """
from textual.app import App
from textual.widgets import DataTable, Input
class Stock(App):
    def compose(self):
        yield DataTable(cursor_type="row")
        yield Input()
    def on_mount(self):
        table = self.query_one(DataTable)
        table.add_columns("日期", "主题", "类型", "状态")
        for n in range({rows}):
            table.add_row(f"2026-10-{{n % 28 + 1:02}}", f"第 {{n}} 篇教学反思", "教学反思", "已交")
Stock().run()
"""


@dataclass(frozen=True, slots=True)
class Program:
    """One of those that are measured; `to_list` are the keys from its start to its list, `to_field` from there to a field."""

    title: str
    command: list[str]
    to_list: tuple[bytes, ...] = ()
    to_field: bytes = b""
    at_list: tuple[str, ...] = ()
    """What the command takes to begin on its list, where it begins elsewhere."""
    has_list: bool = True
    shows: bytes = b""
    """What stands on its first screen: before that it is not ready, however quiet it is."""
    down: bytes = b"\x1b[B"


class Terminal:
    """One program on a pseudo-terminal."""

    def __init__(self, command: list[str]) -> None:
        self.begun = time.perf_counter()
        self.pid, self.fd = pty.fork()
        if not self.pid:
            os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed program has its bytecode
            os.execvpe(command[0], command, {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor"})
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", *SIZE, 0, 0))

    def until_quiet(self, since: float, silence: float, patience: float) -> tuple[float, int]:
        """(milliseconds from `since` to the last byte, bytes); (0, 0) where nothing came within `patience` seconds."""
        came, last = 0, since
        while select.select([self.fd], [], [], silence if came else max(since + patience - time.perf_counter(), 0))[0]:
            try:
                came += len(os.read(self.fd, 1 << 16))
            except OSError:
                break
            last = time.perf_counter()
        return (last - since) * 1000, came

    def stand(self, shows: bytes) -> tuple[float, int]:
        """Until that text has been sent and then nothing more."""
        came, last = b"", self.begun
        while select.select([self.fd], [], [], STANDS if shows in came else 60)[0]:
            came += os.read(self.fd, 1 << 16)
            last = time.perf_counter()
        return (last - self.begun) * 1000, len(came)

    def press(self, keys: bytes, silence: float = ANSWERED, patience: float = 2.0) -> tuple[float, int]:
        since = time.perf_counter()
        os.write(self.fd, keys)
        return self.until_quiet(since, silence, patience)

    def held(self, key: bytes, seconds: float) -> tuple[float, float]:
        """(bytes a second while a key is held down, milliseconds that the screen is behind when it is let go)."""
        begun, came = time.perf_counter(), 0
        last_key = last_byte = begun
        for number in range(int(seconds * RATE)):
            os.write(self.fd, key)
            last_key = time.perf_counter()
            while (left := begun + (number + 1) / RATE - time.perf_counter()) > 0:
                if select.select([self.fd], [], [], left)[0]:
                    came += len(os.read(self.fd, 1 << 16))
                    last_byte = time.perf_counter()
        behind, rest = self.until_quiet(last_key, ANSWERED, ANSWERED)
        return (came + rest) / seconds, behind if rest else max(last_byte - last_key, 0) * 1000

    def private_mib(self) -> float:
        lines = Path(f"/proc/{self.pid}/smaps_rollup").read_text().splitlines()
        return sum(int(line.split()[1]) for line in lines if line.startswith("Private_")) / 1024

    def cut(self, patience: float = 15.0) -> float:
        """Seconds until the program is gone once its line is cut."""
        os.close(self.fd)
        begun = time.perf_counter()
        while not os.waitpid(self.pid, os.WNOHANG)[0]:
            if time.perf_counter() - begun > patience:
                os.kill(self.pid, signal.SIGKILL)
                os.waitpid(self.pid, 0)
                return float("inf")
            time.sleep(0.01)
        return time.perf_counter() - begun


Figures = dict[str, list[float]]


def measure(program: Program, figures: Figures) -> None:
    """Starts a program once and adds what it did."""
    terminal = Terminal(program.command)

    def note(name: str, *values: float) -> None:
        for part, value in zip(("ms", "B"), values, strict=False):
            figures[f"{name} {part}"].append(value)

    begun = terminal.stand(program.shows)
    note("start", *begun)
    if program.at_list:
        other = Terminal([*program.command, *program.at_list])
        begun = other.stand(FIRST_ROWS)
        other.cut()
    if program.has_list:
        note("at list", *begun)
        for keys in program.to_list:
            opened = terminal.press(keys, STANDS)
        if program.to_list:
            note("list", *opened)
        figures["memory MiB"].append(terminal.private_mib())
        for _ in range(10):
            note("down", *terminal.press(program.down))
        for _ in range(30):  # to the lower edge
            terminal.press(program.down, 0.01, 0.1)
        terminal.until_quiet(time.perf_counter(), ANSWERED, ANSWERED)
        for _ in range(15):
            note("scroll", *terminal.press(program.down))
        for _ in range(10):
            note("page", *terminal.press(PAGE))
        rate, behind = terminal.held(program.down, 3)
        figures["held B"].append(rate)
        figures["held ms"].append(behind)
        figures["idle B"].append(terminal.until_quiet(time.perf_counter(), IDLE, IDLE)[1] / IDLE)
        if program.to_field:
            terminal.press(program.to_field, STANDS)
            for letter in b"jiaoxue":
                note("typed", *terminal.press(bytes([letter])))
                note("filtered", *terminal.until_quiet(time.perf_counter(), STANDS, STANDS))
    with contextlib.suppress(OSError):
        figures["line cut s"].append(terminal.cut())


def a_large_school(folder: Path, works: int, activities: int, plugins: tuple[str, ...]) -> None:
    """A school with so many works, one entry each, and so many activities."""
    with School.create(folder, Settings(name="千人小学", plugins=plugins, offices=(), classes=0)) as school:
        term = school.term()
        length = (term.closes - term.opens).days
        with school.change("开学") as change:
            teachers = [change.save(Teacher(name=f"教师{n:03}", order=n)).id for n in range(200)]
        days = [term.opens + timedelta(days=n) for n in range(length)]
        for start in range(0, activities, 5000):
            with school.change("活动") as change:
                for n in range(start, min(start + 5000, activities)):
                    change.save(Activity(title=f"第 {n} 次教研活动", kind="research", when=When.on(days[n % length]), state="held"))
        for start in range(0, works, 5000):
            with school.change("材料") as change:
                for n in range(start, min(start + 5000, works)):
                    author = (Ref[Teacher](teachers[n % 200]),)
                    change.save(Work(kind="reflection", title=f"第 {n} 篇教学反思", authors=author, day=days[n % length]))


def programs(place: Path, rows: int, activities: int, vd: str | None) -> list[Program]:
    python = sys.executable
    (place / "empty.py").write_text(EMPTY)
    (place / "stock.py").write_text(STOCK.format(rows=rows))
    found = [
        Program("empty Textual app", [python, str(place / "empty.py")], has_list=False, shows=b"ready"),
        Program("stock DataTable", [python, str(place / "stock.py")], to_field=b"\t", shows="教学反思".encode()),
    ]
    if vd is not None:
        with (place / "rows.csv").open("w", newline="", encoding="utf-8") as file:
            table = csv.writer(file)
            table.writerow(("日期", "主题", "类型", "状态"))
            table.writerows((f"2026-10-{n % 28 + 1:02}", f"第 {n} 篇教学反思", "教学反思", "已交") for n in range(rows))
        keypad = b"\x1bOB"  # curses asks for these
        found.append(Program("VisiData", [vd, str(place / "rows.csv")], shows="教学反思".encode(), down=keypad))
    for title, folder, plugins in (("core", "core", ()), ("all modules", "full", tuple(installed()))):
        a_large_school(place / folder, rows, activities, plugins)
        command = [python, "-m", "jiaoyan_tui", "--school", str(place / folder)]
        keys = (b"\x1bOR", "材料".encode(), b"\r")
        found.append(Program(title, command, keys, b"/", ("open", "材料"), shows="本周活动".encode()))
    return found


ROWS = (
    ("start to the first screen", "start ms", "start B", "core 1.6 ×, all 2 × the empty app; 8 KB"),
    ("started on a list of 100,000", "at list ms", "at list B", "300 ms where the empty app takes 173: 1.73 × it"),
    ("… opened from the first screen", "list ms", "list B", "–"),
    ("Down within view", "down ms", "down B", "10 ms, 500 B"),
    ("Down, p95", "down ms", "", "25 ms"),
    ("Down, scrolling", "scroll ms", "scroll B", "10 ms, 600 B"),
    ("PgDn", "page ms", "page B", "15 ms, 4 KB"),
    ("Down held, 30 a second: behind, B/s", "held ms", "held B", "30 ms, 16 KB/s"),
    ("a character typed", "typed ms", "typed B", "300 B"),
    ("… and the list filtered by it", "filtered ms", "filtered B", "–"),
    ("left alone, B/s", "", "idle B", "0"),
    ("private memory, MiB", "memory MiB", "", "core 60, all 70"),
    ("line cut: gone after, s", "line cut s", "", "2"),
)


def table(found: dict[str, Figures]) -> list[str]:
    """The figures as a Markdown table: medians, but for the row that says otherwise."""

    def cell(figures: Figures, title: str, first: str, second: str) -> str:
        parts = []
        for name in (first, second):
            if not (values := figures.get(name)):
                continue
            value = statistics.quantiles(values, n=20)[-1] if "p95" in title else statistics.median(values)
            parts.append(f"{value:,.0f} B" if name.endswith(" B") else f"{value:,.1f} {name.rsplit(' ')[-1]}")
        return ", ".join(parts) or "–"

    lines = [f"| | {' | '.join(found)} | limit |", "|---" * (len(found) + 2) + "|"]
    for title, first, second, limit in ROWS:
        cells = [cell(figures, title, first, second) for figures in found.values()]
        lines.append(f"| {title} | {' | '.join(cells)} | {limit} |")
    return lines


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--activities", type=int, default=20_000)
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--vd", default=shutil.which("vd"))
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        there = programs(Path(name), wanted.rows, wanted.activities, wanted.vd)
        found: dict[str, Figures] = {program.title: defaultdict(list) for program in there}
        for run in range(wanted.runs + 1):
            for program in there:
                measure(program, found[program.title] if run else defaultdict(list))  # the first run warms the caches
            print(f"run {run} of {wanted.runs}", file=sys.stderr)
        print("\n".join(table(found)))


if __name__ == "__main__":
    main()

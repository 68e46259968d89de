"""The driver in a real pseudo-terminal: suspended, resumed, resized; the screen as the stock driver's."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from .emulator import difference
from .pty_session import PtySession

PROGRAM = """
import fcntl, sys, termios, time
sys.path.insert(0, sys.argv[1])
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
from terminal.sources import Entries, ListApp
from jiaoyan_tui.driver import driver_class
class Keeping(ListApp):
    def on_diff_driver_line_lost(self):
        open(sys.argv[2], "w").write("draft")
        time.sleep(stuck)
stuck = float(sys.argv[3])
app = Keeping(Entries(500))
app.driver_class = driver_class() or app.driver_class
app.animation_level = "none"
app.run(mouse=False)
"""
DOWN, PAGE_DOWN = "\x1b[B", "\x1b[6~"


class Session(PtySession):
    """The list behind a pseudo-terminal, with our driver or the stock one."""

    def __init__(self, driver: str, draft: Path, stuck: int = 0) -> None:
        environ = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES", "NO_COLOR")}
        environ |= {"TERM": "xterm-256color", "COLORTERM": "truecolor", "JIAOYAN_DRIVER": driver}
        super().__init__([sys.executable, "-c", PROGRAM, str(Path(__file__).parent.parent), str(draft), str(stuck)], environ)


@pytest.fixture
def sessions(tmp_path: Path) -> Iterator[list[Session]]:
    both = [Session("stock", tmp_path / "stock"), Session("", tmp_path / "ours")]
    try:
        yield both
    finally:
        for session in both:
            session.close()


def same(sessions: list[Session]) -> None:
    stock, ours = sessions
    for session in sessions:
        session.wait_until(lambda: stock.terminal.seen() == ours.terminal.seen() and stock.terminal.place == ours.terminal.place)
    assert stock.terminal.seen() == ours.terminal.seen(), difference(stock.terminal, ours.terminal)
    assert stock.terminal.place == ours.terminal.place


def test_a_session_looks_the_same_as_with_the_stock_driver(sessions: list[Session]) -> None:
    for session in sessions:
        session.wait_for("00000", "1 / 500")
    same(sessions)
    for session in sessions:
        session.press(DOWN * 3 + PAGE_DOWN * 2 + DOWN)
        session.wait_for("47 / 500")
    same(sessions)

    for session in sessions:
        session.resize(70, 18)
        session.wait_for("47 / 500", "00046")
        session.press(DOWN)
        session.wait_for("48 / 500")
    same(sessions)
    stock, ours = sessions
    assert ours.count * 2 < stock.count  # exact budgets stand in test_bytes; under load the stock driver skips frames


@pytest.fixture
def ours(tmp_path: Path) -> Iterator[Session]:
    session = Session("", tmp_path / "draft")
    try:
        yield session
    finally:
        session.close()


def test_the_screen_comes_back_after_a_suspension(ours: Session) -> None:
    ours.wait_for("00000", "1 / 500")
    ours.press(DOWN * 3)
    ours.wait_for("4 / 500")
    before, place = ours.terminal.seen(), ours.terminal.place
    for _ in range(2):
        ours.signal(signal.SIGTSTP)
        ours.wait_for_stop()
        ours.terminal.feed("\x1b[m\x1b[2J\x1b[1;1H" + "what the shell wrote\r\n" * 9)
        ours.signal(signal.SIGCONT)
        ours.wait_for("4 / 500", "00003")
        ours.wait_until(lambda: (ours.terminal.seen(), ours.terminal.place) == (before, place))
        assert ours.terminal.seen() == before
        assert ours.terminal.place == place
    ours.press(DOWN)
    ours.wait_for("5 / 500")


def test_the_screen_comes_back_after_the_window_grew_and_shrank_at_once(ours: Session) -> None:
    ours.wait_for("00000", "1 / 500")
    before, place = ours.terminal.seen(), ours.terminal.place
    ours.resize(60, 10)
    ours.resize(90, 24)
    ours.terminal.feed("\x1b[m\x1b[2J")  # what terminals make of the text then differs
    ours.wait_for("1 / 500", "00000")
    ours.wait_until(lambda: (ours.terminal.seen(), ours.terminal.place) == (before, place))
    assert ours.terminal.seen() == before
    assert ours.terminal.place == place


def test_leaving_gives_the_terminal_back(ours: Session) -> None:
    ours.wait_for("00000", "1 / 500")
    ours.press("\x11")  # Ctrl+Q
    assert ours.process.wait(timeout=20) == 0
    while ours.read():
        pass
    assert 7 << 5 in ours.terminal.mode  # lines wrap again, the cursor is shown, the pen is put down
    assert not ours.terminal.cursor.hidden
    assert ours.terminal.cursor.attrs == ours.terminal.default_char


@pytest.mark.parametrize("stuck", [0, 60])
@pytest.mark.parametrize("how", ["cut", "signal"])
def test_the_program_keeps_its_draft_and_ends_when_its_line_is_lost(tmp_path: Path, stuck: int, how: str) -> None:
    session = Session("", tmp_path / "draft", stuck)
    try:
        session.wait_for("00000", "1 / 500")
        session.press(PAGE_DOWN * 60)
        if how == "cut":
            os.close(session.master)
            session.master = os.open(os.devnull, os.O_RDWR)
        else:
            session.signal(signal.SIGHUP)
            while session.read():
                pass
        session.process.wait(timeout=20)
    finally:
        session.close()
    assert (tmp_path / "draft").read_text() == "draft"

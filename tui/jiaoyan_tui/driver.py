"""A Textual driver that sends only what changed on the screen, as curses does: made for slow lines."""

from __future__ import annotations

import os
import select
import signal
import time
from collections.abc import Mapping
from contextlib import suppress
from threading import Thread

from textual.driver import Driver
from textual.drivers.linux_driver import LinuxDriver
from textual.events import Resize
from textual.geometry import Size
from textual.message import Message

from jiaoyan_tui.screen_cells import Row, UnknownSequence, is_frame, is_harmless, read_frame
from jiaoyan_tui.screen_diff import Abilities, Output, lay, repaint

_SYNC_START, _SYNC_END = "\x1b[?2026h", "\x1b[?2026l"
_SYNC_FROM = 1024  # bytes from which a frame might be seen half drawn
_REPAINT_AFTER = 0.1  # seconds: Textual has taken a new size by then, and what is painted already costs nothing
_GRACE = 1.5  # seconds that an app has to end once its line is cut
_NO_SCREEN = ("", "dumb", "unknown", "emacs")


def driver_class(environ: Mapping[str, str] | None = None) -> type[Driver] | None:
    """The driver for `App(driver_class=…)`. None means Textual's own: asked for with JIAOYAN_DRIVER=stock, or because
    the terminal has no cursor to move. JIAOYAN_DRIVER=plain keeps to cursor moves and colours."""
    environ = os.environ if environ is None else environ
    if environ.get("JIAOYAN_DRIVER") == "stock" or environ.get("TERM", "").lower() in _NO_SCREEN:
        return None
    return DiffDriver


class DiffDriver(LinuxDriver):
    """Keeps the cells that the terminal shows, and sends how each frame that Textual writes differs from them."""

    class LineLost(Message):
        """The terminal is gone; the app ends after handling this: the moment to keep drafts."""

    _abilities: Abilities | None = None
    _rows: list[Row]
    _shape = (0, 0)
    _stale = True  # nothing is known of the screen: started, resumed, resized, or written to by others
    _sync_asked = False
    _cursor: tuple[int, int] | None = None
    _watched = _lost = False

    def write(self, data: str) -> None:
        if data == _SYNC_START:
            self._sync_asked = True  # sent with a frame that is worth it
        elif data == _SYNC_END:
            self._sync_asked = False
        elif is_frame(data):
            self._write_frame(data)
        else:
            self._stale = self._stale or not is_harmless(data)
            self._send(data)

    def run_input_thread(self) -> None:
        if self.input_tty and not self._watched:
            self._watched = True
            Thread(target=self._watch_line, name="jiaoyan-line", daemon=True).start()
            self._loop.call_soon_threadsafe(signal.signal, signal.SIGHUP, self._lose_line)
        try:
            super().run_input_thread()
        except OSError:
            if not self._is_cut(0):
                raise

    def _watch_line(self) -> None:
        """Waits for the hang-up, which reading from a terminal does not always tell from silence."""
        signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())  # they are for the main thread, to wake it
        self._is_cut(None)
        self._lose_line()

    def _is_cut(self, timeout: float | None) -> bool:
        poll = select.poll()
        poll.register(self.fileno, 0)  # a hang-up is told without asking for it
        return bool(poll.poll(timeout))

    def _lose_line(self, *_: object) -> None:
        """Tells the app and ends it; what still waits for the line after that ends without being asked."""
        with suppress(RuntimeError):  # the loop has ended before
            self._loop.call_soon_threadsafe(self._tell_line_lost)
        Thread(target=_end_process, name="jiaoyan-end", daemon=True).start()

    def _tell_line_lost(self) -> None:
        if not self._lost:
            self._lost = True
            self._app.post_message(self.LineLost())
            self._app.exit()

    def close(self) -> None:
        if self._line_is_open():
            super().close()

    def _send(self, data: str) -> None:
        if self._line_is_open():
            super().write(data)

    def _line_is_open(self) -> bool:
        """Whether anybody takes what is written. The writing thread ends with a suspension or with the line; Textual
        would then fill its queue and wait for ever, and the process would outlive its terminal."""
        return self._writer_thread is not None and self._writer_thread.is_alive()

    def process_message(self, message: Message) -> None:
        if isinstance(message, Resize):  # reported in band, by the terminal itself
            self._lose_screen()
        super().process_message(message)

    def _get_terminal_size(self) -> tuple[int, int]:
        """Textual asks when it starts, when it comes back from a suspension, and when the window has changed."""
        self._lose_screen()
        return super()._get_terminal_size()

    def _window(self) -> Size:
        """What the window is now."""
        return Size(*super()._get_terminal_size())

    def _lose_screen(self) -> None:
        """Nothing on the screen is sure any more. Textual paints it anew only for a size that differs from its last:
        not after a suspension, nor after a window grew and shrank again. So that is asked for here."""
        self._stale = True
        if self._shape != (0, 0):
            self._loop.call_soon_threadsafe(self._loop.call_later, _REPAINT_AFTER, self._ask_repaint)

    def _ask_repaint(self) -> None:
        if not (self._app.is_running and self._app.screen_stack):
            return
        size = self._window()
        if size != self._app.size:
            # Two signals at once: the handler of the first was interrupted by that of the second, and told its size last.
            self._app.post_message(Resize(size, size))
        self._app.screen.refresh()

    def _write_frame(self, data: str) -> None:
        self._know_screen()
        try:
            runs, (x, y) = read_frame(data)
        except UnknownSequence:
            # Sent as Textual meant it; what that does to the cells is not known.
            self._send(f"{_SYNC_START}{data}{_SYNC_END}" if self._sync_asked else data)
            self._stale = True
            return
        width, height = self._shape
        out = Output(self._abilities or Abilities(), width, self._cursor)
        repaint(self._rows, lay(self._rows, runs), out)
        text = out.finish(min(x, width - 1), min(y, height - 1))
        self._cursor = out.at
        if text:
            sync = self._sync_asked and len(text) >= _SYNC_FROM
            self._send(f"{_SYNC_START}{text}{_SYNC_END}" if sync else text)

    def _know_screen(self) -> None:
        if self._abilities is None:
            self._abilities = Abilities.of(os.environ)
        shape = self._app.size.width, self._app.size.height
        if self._stale or shape != self._shape:
            self._stale, self._shape, self._cursor = False, shape, None
            self._rows = [[None] * shape[0] for _ in range(shape[1])]


def _end_process() -> None:
    time.sleep(_GRACE)
    os._exit(128 + signal.SIGHUP)

"""A program behind a real pseudo-terminal, and what its terminal shows."""

from __future__ import annotations

import fcntl
import os
import select
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Callable, Mapping, Sequence

from .emulator import Terminal

PATIENCE = 60
"""Seconds after which something is given up; nothing is measured by it."""


class PtySession:
    """Keys go in as bytes; the screen is read from an emulator."""

    def __init__(self, command: Sequence[str], environ: Mapping[str, str], columns: int = 90, lines: int = 24) -> None:
        self.master, slave = os.openpty()
        self.terminal = Terminal(columns, lines)
        self.count = 0
        self._held = b""
        self._set_size(columns, lines)
        self.process = subprocess.Popen(command, stdin=slave, stdout=slave, stderr=slave, env=dict(environ), start_new_session=True)
        os.close(slave)

    def _set_size(self, columns: int, lines: int) -> None:
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))

    def press(self, keys: str) -> None:
        os.write(self.master, keys.encode())

    def signal(self, number: int) -> None:
        os.kill(self.process.pid, number)

    def resize(self, columns: int, lines: int) -> None:
        self._set_size(columns, lines)
        self.terminal.resize(lines, columns)
        self.signal(signal.SIGWINCH)

    def read(self) -> bool:
        """Takes what the program has written; False where it wrote nothing for a while."""
        if not select.select([self.master], [], [], 0.4)[0]:
            return False
        try:
            data = os.read(self.master, 65536)
        except OSError:
            return False
        self.count += len(data)
        self._held += data
        text = self._held.decode(errors="ignore")
        whole = text.encode()
        if self._held.startswith(whole):  # a character may have come in halves
            self._held = self._held[len(whole) :]
        self.terminal.feed(text)
        return bool(data)

    def wait_for(self, *texts: str) -> None:
        """Until all that is on the screen, and the program is quiet."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            if not self.read() and all(any(text in line for line in self.terminal.text()) for text in texts):
                return
            if self.process.poll() is not None:
                break
        raise AssertionError(f"{texts} not on the screen:\n" + "\n".join(self.terminal.text()))

    def wait_until(self, stands: Callable[[], bool]) -> None:
        """Until that is so, or long enough: a slow machine draws in pieces, with pauses between them."""
        end = time.monotonic() + PATIENCE
        while not stands() and time.monotonic() < end:
            self.read()

    def wait_for_stop(self) -> None:
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            self.read()
            pid, status = os.waitpid(self.process.pid, os.WUNTRACED | os.WNOHANG)
            if pid and os.WIFSTOPPED(status):
                return
        raise AssertionError("never stopped")

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self.master)

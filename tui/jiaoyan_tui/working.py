"""Slow work in daemon threads of our own: the screen never waits, and neither does the end of the program."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from contextvars import copy_context
from functools import partial
from time import monotonic
from typing import TypeVar

from textual.message_pump import MessagePump

from jiaoyan.progress import Work, working

T = TypeVar("T")
WORKER = "jiaoyan-work"
BETWEEN = 0.5
"""Seconds between two tellings of how far it is, so that they cost little on the line."""


class Job:
    """One piece of work in a thread, as the screen sees it."""

    def __init__(self, owner: MessagePump, told: Callable[[str], object]) -> None:
        self._owner, self._told = owner, told
        self._last = monotonic()
        self.dropped = False
        self.work = Work(self._tell)

    def _tell(self, text: str) -> None:
        if monotonic() - self._last >= BETWEEN:
            self._last = monotonic()
            self.back(partial(self._told, text))

    def back(self, callback: Callable[[], object]) -> None:
        """Calls on the owner's own thread, unless nobody wants it any more or the owner has gone."""

        def call() -> None:
            if not self.dropped:
                callback()

        with suppress(RuntimeError):  # the loop has ended
            self._owner.call_later(call)

    def stop(self) -> bool:
        """Drops the result and ends the thread at its next step. False where it writes already."""
        self.dropped = self.work.stop()
        return self.dropped


def work(
    owner: MessagePump, function: Callable[[], T], done: Callable[[T], object], failed: Callable[[Exception], object],
    told: Callable[[str], object] = lambda _: None,
) -> Job:
    """Runs `function` in a thread; then `done` or `failed` on the owner's own, unless it has gone meanwhile. How far it is
    comes to `told`."""
    job = Job(owner, told)

    def run() -> None:
        try:
            with working(job.work):
                found = function()
        except Exception as error:
            job.back(partial(failed, error))
        else:
            job.back(partial(done, found))

    threading.Thread(target=copy_context().run, args=(run,), name=WORKER, daemon=True).start()
    return job

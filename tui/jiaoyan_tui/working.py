"""Slow work in daemon threads of our own: the screen never waits, and neither does the end of the program."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from contextvars import copy_context
from functools import partial
from typing import TypeVar

from textual.message_pump import MessagePump

T = TypeVar("T")
WORKER = "jiaoyan-work"


def work(
    owner: MessagePump, function: Callable[[], T], done: Callable[[T], object], failed: Callable[[Exception], object]
) -> None:
    """Runs `function` in a thread; then `done` or `failed` on the owner's own, unless it has gone meanwhile."""

    def run() -> None:
        try:
            found = function()
        except Exception as error:
            _back(owner, partial(failed, error))
        else:
            _back(owner, partial(done, found))

    threading.Thread(target=copy_context().run, args=(run,), name=WORKER, daemon=True).start()


def _back(owner: MessagePump, callback: Callable[[], object]) -> None:
    with suppress(RuntimeError):  # the loop has ended
        owner.call_later(callback)

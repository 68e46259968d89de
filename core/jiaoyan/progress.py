"""How far long work is, and whether a person still wants it: said from inside the work, heard by whoever began it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from threading import Lock

from jiaoyan.errors import Stopped


class Work:
    """One piece of work. It can be stopped until it begins to write: what stands in the store stays there."""

    def __init__(self, told: Callable[[str], object] = lambda _: None) -> None:
        self._told = told
        self._lock = Lock()
        self._stopped = self._writes = False

    def stop(self) -> bool:
        """Nobody wants it any more. False where it writes already: then it goes on to its end."""
        with self._lock:
            self._stopped = self._stopped or not self._writes
            return self._stopped

    def go_on(self, text: str = "") -> None:
        """Raises Stopped."""
        if self._stopped:
            raise Stopped("已停下")
        if text:
            self._told(text)

    def begin_to_write(self) -> None:
        """From here on it can't be stopped. Raises Stopped where it was stopped before."""
        with self._lock:
            if self._stopped:
                raise Stopped("已停下,没有存")
            self._writes = True


_WORK: ContextVar[Work | None] = ContextVar("work", default=None)


@contextmanager
def working(work: Work) -> Iterator[None]:
    """What is done inside is this work."""
    token = _WORK.set(work)
    try:
        yield
    finally:
        _WORK.reset(token)


def step(done: int, of: int, what: str = "") -> None:
    """Says how far the work is, where somebody listens: 300/1000 行. Raises Stopped."""
    if (work := _WORK.get()) is not None:
        work.go_on(f"{done}/{of}{f' {what}' if what else ''}")


def begin_to_write() -> None:
    """Raises Stopped."""
    if (work := _WORK.get()) is not None:
        work.begin_to_write()

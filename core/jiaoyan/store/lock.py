"""The queue of writers: one lock file beside the store, handed on by the kernel, waited for no longer than a deadline."""

from __future__ import annotations

import fcntl
import os
import threading
import weakref
from contextlib import suppress
from pathlib import Path

from jiaoyan.errors import Busy, Problem, ReadOnly

_open_locks: weakref.WeakSet[WriterLock] = weakref.WeakSet()


class WriterLock:
    """One writer's place in the queue. Every session has its own, so that threads queue like processes do."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: int | None = None
        _open_locks.add(self)

    def acquire(self, deadline: float) -> None:
        """Raises Busy after `deadline` seconds."""
        if self._file is None:
            try:
                self._file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o660)
            except OSError as error:
                what = f"不能打开写入用的锁文件({error.strerror})"
                raise ReadOnly(Problem(str(self._path), what, "请检查文件和文件夹的权限(应为同组可写)")) from None
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._wait(deadline)

    def release(self) -> None:
        if self._file is not None:
            fcntl.flock(self._file, fcntl.LOCK_UN)

    def close(self) -> None:
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def _wait(self, deadline: float) -> None:
        """The kernel queues those who block, and only those: a thread blocks, we wait for the thread."""
        waiter = _Waiter(self._file)
        waiter.start()
        waiter.join(deadline)
        if waiter.leave():
            self._file = None  # the thread closes it when its turn comes
            raise Busy(Problem("数据库", f"别人正在写入,等了 {deadline:g} 秒仍未轮到", "请稍后再试"))


class _Waiter(threading.Thread):
    def __init__(self, file: int | None) -> None:
        super().__init__(name="jiaoyan-writer-queue", daemon=True)
        assert file is not None
        self._file, self._gate, self._held, self._left = file, threading.Lock(), False, False

    def run(self) -> None:
        fcntl.flock(self._file, fcntl.LOCK_EX)
        with self._gate:
            self._held = True
            if self._left:
                os.close(self._file)

    def leave(self) -> bool:
        """True where the lock has not come: from now on the thread lets go of it by itself."""
        with self._gate:
            self._left = not self._held
            return self._left


def _close_in_child() -> None:
    """A child's copy of the descriptor would keep a dead parent's lock."""
    for lock in list(_open_locks):
        with suppress(OSError):
            lock.close()


os.register_at_fork(after_in_child=_close_in_child)

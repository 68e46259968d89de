"""The queue of writers."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

from jiaoyan.errors import Busy, ReadOnly
from jiaoyan.store.lock import WriterLock


def test_who_left_the_queue_does_not_hold_up_the_next(tmp_path: Path) -> None:
    holder, impatient, patient = (WriterLock(tmp_path / "lock") for _ in range(3))
    holder.acquire(1)
    with pytest.raises(Busy):
        impatient.acquire(0.05)
    holder.release()
    time.sleep(0.1)  # its turn comes though it has left
    patient.acquire(1)
    patient.release()
    impatient.acquire(1)
    for lock in (holder, impatient, patient):
        lock.close()


def test_every_writer_in_the_queue_gets_its_turn(tmp_path: Path) -> None:
    first = WriterLock(tmp_path / "lock")
    first.acquire(1)
    served: list[int] = []
    held: list[int] = []

    def queue(number: int) -> None:
        lock = WriterLock(tmp_path / "lock")
        lock.acquire(20)
        held.append(number)
        assert held == [number]  # one at a time
        held.remove(number)
        served.append(number)
        lock.close()

    threads = [threading.Thread(target=queue, args=(number,)) for number in range(5)]
    for thread in threads:
        thread.start()
    first.close()
    for thread in threads:
        thread.join()
    assert sorted(served) == [0, 1, 2, 3, 4]


def test_a_lock_file_that_cannot_be_opened_is_told(tmp_path: Path) -> None:
    with pytest.raises(ReadOnly, match="锁文件"):
        WriterLock(tmp_path / "no folder" / "lock").acquire(1)

"""Files: kept once, by what they hold."""

from __future__ import annotations

import hashlib
import os
import stat
from pathlib import Path

import pytest

from jiaoyan.errors import BadInput, Damaged, NotFound
from jiaoyan.store.files import Files


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path / "files", limit=2000)


def test_a_file_is_kept_once_under_its_hash(files: Files, tmp_path: Path) -> None:
    photo = tmp_path / "照片.jpg"
    photo.write_bytes(b"photo")
    kept = files.keep(photo)
    assert kept == hashlib.sha256(b"photo").hexdigest() == files.keep(b"photo")
    assert list(files) == [kept]
    with files.open(kept) as content:
        assert content.read() == b"photo"
    assert photo.exists()
    before = os.umask(0o077)
    try:
        other = files.keep(b"")
    finally:
        os.umask(before)
    assert stat.S_IMODE(files.place(other).stat().st_mode) == 0o660
    assert {p.name for p in files.folder.rglob("*") if p.is_file()} == {kept, other}


def test_what_is_too_large_or_not_there_is_told(files: Files, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"2\.0 KB,超过上限 2\.0 KB"):
        files.keep(b"x" * 2001)
    with pytest.raises(NotFound):
        files.keep(tmp_path / "nothing.jpg")
    with pytest.raises(BadInput, match="文件夹"):
        files.keep(tmp_path)
    with pytest.raises(NotFound, match="不见了"):
        files.open("0" * 64)
    for name in ("../../etc/passwd", "0" * 63, ""):
        with pytest.raises(BadInput):
            files.open(name)
    assert list(files) == []


def test_orphans_and_damage_are_listed(files: Files) -> None:
    first, second = files.keep(b"1"), files.keep(b"2")
    assert files.orphans([first, "0" * 64]) == [second]
    assert files.verify([first]) == []
    assert [p.what for p in files.verify(["0" * 64])] == ["不见了"]
    files.place(first).write_bytes(b"other")
    assert [p.what for p in files.verify()] == ["内容与存入时不同"]
    with pytest.raises(Damaged):
        files.open(first)
    files.discard(files.orphans([first]))
    assert list(files) == [first]


def test_another_folder_is_brought_up_to_date(files: Files, tmp_path: Path) -> None:
    other = Files(tmp_path / "backup" / "files")
    kept = [files.keep(bytes([n])) for n in range(5)]
    assert files.copy_to(other) == 5
    assert files.copy_to(other) == 0
    files.discard(kept)
    assert sorted(other) == sorted(kept)
    assert other.verify(kept) == []

"""Files of a school (photos, essays, plans), kept once by the hash of what they hold, beside the store."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import shutil
from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from jiaoyan.errors import BadInput, Damaged, NotFound, Problem
from jiaoyan.store.filesystem import make_shared, sync_folder

LIMIT = 50 * 1024 * 1024
_HASH = re.compile(r"[0-9a-f]{64}")
_STEP = 1 << 20


class Files:
    """A folder of files named by SHA-256. A file is on disk before the record that names it, and never changes."""

    def __init__(self, folder: Path, limit: int = LIMIT) -> None:
        self.folder, self.limit = folder, limit

    def keep(self, source: Path | bytes) -> str:
        """The hash under which the file is kept; the same content is kept once. Raises BadInput, NotFound."""
        name = str(source) if isinstance(source, Path) else "文件"
        if isinstance(source, Path) and source.is_dir():
            raise BadInput(Problem(name, "这是文件夹,不是文件", "请逐个选择文件,或先压缩成一个"))
        try:
            size = source.stat().st_size if isinstance(source, Path) else len(source)
            self._check_size(name, size)
            with source.open("rb") if isinstance(source, Path) else BytesIO(source) as content:
                return self._keep(name, content)
        except FileNotFoundError:
            raise NotFound(Problem(name, "没有这个文件", "请检查路径")) from None

    def _keep(self, name: str, content: BinaryIO) -> str:
        self.folder.mkdir(parents=True, exist_ok=True)
        new = self.folder / f".{secrets.token_hex(8)}.new"
        digest, size = hashlib.sha256(), 0
        make_shared(new)
        try:
            with new.open("r+b") as target:
                while part := content.read(_STEP):
                    size += len(part)
                    self._check_size(name, size)  # a file may grow while it is read
                    digest.update(part)
                    target.write(part)
                target.flush()
                os.fsync(target.fileno())
            place = self.place(digest.hexdigest())
            if not place.exists():
                place.parent.mkdir(exist_ok=True)
                new.replace(place)
                sync_folder(place.parent)
                sync_folder(self.folder)
        finally:
            new.unlink(missing_ok=True)
        return digest.hexdigest()

    def _check_size(self, name: str, size: int) -> None:
        if size > self.limit:
            raise BadInput(
                Problem(name, f"文件有 {_told(size)},超过上限 {_told(self.limit)}", "请压缩图片、拆分文件,或由管理员调高上限")
            )

    def place(self, hash: str) -> Path:  # noqa: A002  # the word of the field
        """Where a file lies. Raises BadInput for what is no hash (nothing leads out of the folder)."""
        if not _HASH.fullmatch(hash):
            raise BadInput(Problem("文件", f"“{hash}”不是文件编号"))
        return self.folder / hash[:2] / hash

    def open(self, hash: str) -> BinaryIO:  # noqa: A002  # the word of the field
        """Raises NotFound; Damaged where the content is not what it was."""
        place = self.place(hash)
        try:
            if _hash_of(place) != hash:
                raise Damaged(Problem(f"文件 {hash[:12]}", "内容与存入时不同", "请用 jiaoyan restore 从备份恢复"))
            return place.open("rb")
        except FileNotFoundError:
            raise NotFound(Problem(f"文件 {hash[:12]}", "不见了", "请用 jiaoyan restore 从备份恢复")) from None

    def __iter__(self) -> Iterator[str]:
        for place in sorted(self.folder.glob("??/*")):
            if _HASH.fullmatch(place.name):
                yield place.name

    def orphans(self, referenced: Iterable[str]) -> list[str]:
        """The hashes that no record names."""
        named = set(referenced)
        return [hash for hash in self if hash not in named]  # noqa: A001  # the word of the field

    def discard(self, hashes: Iterable[str]) -> None:
        for name in hashes:
            self.place(name).unlink(missing_ok=True)

    def verify(self, referenced: Iterable[str] = ()) -> list[Problem]:
        """Files whose content has changed, and named ones that are not there."""
        there = list(self)
        remedy = "请用 jiaoyan restore 从备份恢复"
        found = [Problem(f"文件 {name[:12]}", "内容与存入时不同", remedy) for name in there if _hash_of(self.place(name)) != name]
        missing = sorted(set(referenced) - set(there))
        return found + [Problem(f"文件 {name[:12]}", "不见了", remedy) for name in missing]

    def copy_to(self, other: Files) -> int:
        """Bring the other folder up to this one; how many files were new there. Links where the disk allows."""
        count = 0
        for name in self:
            target = other.place(name)
            if target.exists():
                continue
            target.parent.mkdir(parents=True, exist_ok=True)
            new = target.with_name(f".{name}.new")
            new.unlink(missing_ok=True)
            try:
                os.link(self.place(name), new)
            except OSError:
                shutil.copyfile(self.place(name), new)
            new.replace(target)
            count += 1
        return count


def _hash_of(path: Path) -> str:
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _told(size: int) -> str:
    return f"{size / 1024 / 1024:.1f} MB" if size >= 1024 * 1024 else f"{size / 1024:.1f} KB"

"""What the folder of a store lies on: network file systems have no memory shared between machines, which WAL needs."""

from __future__ import annotations

import os
from pathlib import Path

from jiaoyan.errors import BadInput, Problem

NETWORK = frozenset({
    "nfs", "nfs4", "cifs", "smb3", "smbfs", "smb2", "ncpfs", "afs", "9p", "fuse.sshfs", "fuse.glusterfs", "fuse.rclone",
    "ceph", "fuse.ceph-fuse", "lustre", "davfs", "fuse.davfs2",
})
_ESCAPES = {"\\040": " ", "\\011": "\t", "\\012": "\n", "\\134": "\\"}


def kind_of(path: Path) -> str:
    """The type of the file system that holds `path`; empty where the machine does not say."""
    try:
        lines = Path("/proc/self/mounts").read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return ""
    target, best, kind = os.path.realpath(path), "", ""
    for line in lines:
        _, point, found, *_ = line.split(" ")
        for escaped, plain in _ESCAPES.items():
            point = point.replace(escaped, plain)
        if len(point) >= len(best) and (target == point or target.startswith(point.rstrip("/") + "/")):
            best, kind = point, found
    return kind


def refuse_network(path: Path, kind: str) -> None:
    """Raises BadInput where several machines could write at once without seeing each other's locks."""
    if kind in NETWORK:
        raise BadInput(
            Problem(str(path), f"这个文件夹在网络盘上({kind}),多人同时使用会损坏数据", "请放在服务器自己的磁盘上,大家通过 SSH 登录使用")
        )


def make_shared(path: Path) -> None:
    """An empty file for user and group; SQLite itself would make it 0644 whatever the umask, and -wal takes after it."""
    try:
        file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o660)
    except FileExistsError:
        return
    try:
        os.fchmod(file, 0o660)
    finally:
        os.close(file)


def sync_folder(folder: Path) -> None:
    """A new name is on disk only when its folder is."""
    file = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(file)
    finally:
        os.close(file)

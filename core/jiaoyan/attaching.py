"""Attaching files to records, and finding those that no record names."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jiaoyan.change import Change
from jiaoyan.conditions import Exists
from jiaoyan.errors import BadInput, JiaoyanError, NotFound, Problem
from jiaoyan.model.attachments import Attachment
from jiaoyan.records import Record
from jiaoyan.registers import Register
from jiaoyan.showing import fields_of
from jiaoyan.store.files import Files

if TYPE_CHECKING:
    from jiaoyan.school import School


def files_of(school: School) -> Files:
    return Files(school.folder / "files")


def kept(school: School, path: Path) -> Attachment:
    """The file's content on disk, once; the attachment that names it. Raises NotFound, BadInput."""
    digest = files_of(school).keep(path)
    return Attachment(name=path.name[-200:], hash=digest, size=path.stat().st_size)


def attach(school: School, change: Change, record: Record, paths: Iterable[Path]) -> Record:
    """Add files to a record. Raises BadInput where its register takes none."""
    register = school.owner_of(record)
    field = attachment_field(school, register) if isinstance(register, Register) else ""
    if not field:
        raise BadInput(Problem(register.title, "这里不能附文件"))
    there: tuple[Attachment, ...] = getattr(record, field)
    known = {attachment.hash for attachment in there}
    new = tuple(a for a in (kept(school, path) for path in paths) if a.hash not in known)
    return change.save(record.but(**{field: (*there, *new)}))


def attachments(school: School, register: Register[Any], record: Record) -> tuple[Attachment, ...]:
    field = attachment_field(school, register)
    found: tuple[Attachment, ...] = getattr(record, field) if field else ()
    return found


def copy_out(school: School, attachment: Attachment, folder: Path) -> Path:
    """A copy under its own name, none overwritten. Raises NotFound, Damaged."""
    folder.mkdir(parents=True, exist_ok=True)
    name = Path(attachment.name).name
    target, number = folder / name, 1
    while target.exists():
        target, number = folder / f"{Path(name).stem}({number}){Path(name).suffix}", number + 1
    with files_of(school).open(attachment.hash) as source, target.open("wb") as copy:
        shutil.copyfileobj(source, copy)
    return target


def attachment_field(school: School, register: Register[Any]) -> str:
    """The list of attachments of a register's records; empty where there is none."""
    return next((n for n, f in fields_of(school, register.model).items() if f.type is Attachment and f.many), "")


def referenced(school: School) -> Iterator[str]:
    """The hash of every file that a live record names."""
    for id, _, _ in school.register_titles():
        try:
            register = school.register(id)
        except JiaoyanError:
            continue
        for name, facts in fields_of(school, register.model).items():
            if facts.type is not Attachment:
                continue
            for document in school.store.table(id).page(Exists(field=name)):
                held = document[name] if facts.many else [document[name]]
                yield from (attachment["hash"] for attachment in held)


def orphans(school: School) -> list[str]:
    """Files that no live record names; history may still lead to them."""
    return files_of(school).orphans(referenced(school))


def attachment_named(found: Iterable[Attachment], name: str) -> Attachment:
    """Raises NotFound."""
    for attachment in found:
        if attachment.name == name or attachment.hash.startswith(name):
            return attachment
    raise NotFound(Problem("附件", f"没有“{name}”"))

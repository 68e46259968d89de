"""Keeping a school: backups, putting one back, moving house, newer schemas, mending what is derived, purging a plugin."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jiaoyan.access import require
from jiaoyan.attaching import files_of
from jiaoyan.change import entries_of_facet, entries_of_record, search_and_sort
from jiaoyan.errors import BadInput, JiaoyanError, NotFound, Problem
from jiaoyan.registers import Facet, Register
from jiaoyan.settings import FILE as SETTINGS_FILE
from jiaoyan.settings import SUBFOLDERS, Settings, write_settings
from jiaoyan.store.backups import Backup, Backups
from jiaoyan.store.exchange import import_all
from jiaoyan.store.files import Files
from jiaoyan.store.migrations import Steps, migrate

if TYPE_CHECKING:
    from jiaoyan.school import School

LARGE = 500
"""An import of more rows is preceded by a backup."""


def backups(folder: Path) -> Backups:
    """The backups of the school in a folder."""
    return Backups(folder / "backups")


def back_up(school: School, reason: str = "", folder: Path | None = None) -> Backup:
    """A checked copy while others work; old ones are thinned by rule."""
    place = Backups(folder) if folder is not None else backups(school.folder)
    made = place.make(school.store, school.now(), reason, files_of(school))
    place.thin(school.now())
    return made


def back_up_before(school: School, rows: int) -> None:
    """A backup before an import of so many rows, where that is a large one."""
    if rows > LARGE:
        back_up(school, "导入之前")


def restore(school: School, which: str) -> tuple[Backup, Backup | None]:
    """Put a backup back, named by its file or the beginning of its name; what was there is backed up first.

    Raises NotFound, BadInput, Damaged, Refused.
    """
    require(school.actor, "repair", "恢复备份")
    place = backups(school.folder)
    given = Path(which)
    found = [b for b in place.listed() if b.path.name.startswith(which)]
    if given.is_file():
        chosen = Backup(school.now(), given)
    elif len(found) == 1:
        chosen = found[0]
    else:
        what = f"有 {len(found)} 个备份的名字以“{which}”开头" if found else f"没有备份“{which}”"
        raise (BadInput if found else NotFound)(Problem("恢复", what, "查看:jiaoyan backup --list"))
    kept = place.restore(chosen.path, school.folder / school.settings.store, school.now(), files_of(school))
    return chosen, kept


def found_school(folder: Path, source: Path, name: str) -> None:
    """A school in a new folder out of what export_all wrote. Raises BadInput, NotFound, Damaged."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise BadInput(Problem(str(folder), "已有文件,不能在这里新建学校", "请换一个空文件夹,或先移走其中的文件"))
    folder.mkdir(parents=True, exist_ok=True)
    try:
        for below in SUBFOLDERS:
            (folder / below).mkdir(parents=True)
        with import_all(source, folder / Settings.model_fields["store"].default) as store:
            written = store.meta("epoch").partition(" ")[2].split()
        write_settings(folder, Settings(name=name, plugins=tuple(written)))
    except BaseException:
        for path in folder.iterdir():
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        raise


def move_house(school: School, target: Path) -> None:
    """The whole school in a new folder, as of one moment, while others work: store with history, files, packs, settings.

    The copy is verified before it becomes a school (school.toml comes last). Raises BadInput, Damaged, Refused.
    """
    require(school.actor, "private", "搬家")
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise BadInput(Problem(str(target), "已有文件,不能搬到这里", "请换一个空文件夹"))
    target.mkdir(parents=True, exist_ok=True)
    try:
        for below in SUBFOLDERS:
            (target / below).mkdir(parents=True)
        files_of(school).copy_to(Files(target / "files"))
        shutil.copytree(school.folder / "packs", target / "packs", dirs_exist_ok=True)
        for path in school.folder.glob("*.toml"):
            if path.name != SETTINGS_FILE:
                shutil.copyfile(path, target / path.name)
        school.store.backup(target / school.settings.store)
        write_settings(target, school.settings)
    except BaseException:
        for path in target.iterdir():
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        raise


# ---- newer schemas --------------------------------------------------------------------------------------------------
def upgrade(school: School) -> dict[str, tuple[int, int, int]]:
    """Bring the documents of every active register and facet to its schema: table → (from, to, documents changed).

    Each owner (the core, a plugin) in a change of its own after a backup; a plugin whose step fails is stopped and its data
    stay as they were. What is newer than the program stays as it is, read-only.
    """
    done: dict[str, tuple[int, int, int]] = {}
    for plugin, owners in school.behind().items():
        plans = [Steps(owner.id, owner.schema, owner.steps) for owner in owners]
        known = {owner.id: owner for owner in owners}

        def beside(table: str, document: dict[str, Any], known: dict[str, Any] = known) -> tuple[str, str]:
            return search_and_sort(school, known[table], document)

        try:
            report = migrate(
                school.store, plans, backup=lambda: back_up(school, "升级之前"), label=f"升级数据 {plugin or '核心'}",
                actor=school.actor.account, time=school.stamp(), beside=beside,
            )
        except JiaoyanError as error:
            if not plugin:
                raise
            school.host.failed_migration(plugin, str(error))
            continue
        if report is not None:
            done.update(report.tables)
            for owner in owners:
                _rederive(school, owner)
    return done


# ---- what is derived ------------------------------------------------------------------------------------------------
@dataclass(slots=True)
class Mended:
    """How many records were looked at, how many had other entries, search texts or sort keys than they should."""

    records: int = 0
    entries: int = 0
    kept: list[str] = field(default_factory=list)
    """Registers whose plugin is off: their entries stay as they are."""


def repair(school: School) -> Mended:
    """Derive everything anew that is derived. Raises Refused."""
    require(school.actor, "repair", "修复")
    mended = Mended()
    with school.store.transaction():
        for owner in _owners(school):
            records, entries = _rederive(school, owner)
            mended.records += records
            mended.entries += entries
    active = {owner.id for owner in _owners(school)}
    mended.kept = [d["title"] for d in school.catalogue.documents().values() if d["what"] != "kind" and d["id"] not in active]
    return mended


def _owners(school: School) -> Iterator[Register[Any] | Facet[Any]]:
    for id, _, _ in school.register_titles():
        yield school.register(id)
    for _, line in school.host.facets():
        yield school.facet(line.id)


def _rederive(school: School, owner: Register[Any] | Facet[Any]) -> tuple[int, int]:
    """(records, records whose entries were wrong) of one register or facet."""
    table, wrong, count = school.store.table(owner.id), 0, 0
    with school.store.transaction():
        for document in table.page():
            count += 1
            if isinstance(owner, Facet):
                due = entries_of_facet(owner, document, school.store.table(owner.of).by_id(document["id"]))
            else:
                held = {f.id: d for f in school.facets_of(owner.id) if (d := school.store.table(f.id).by_id(document["id"]))}
                due = entries_of_record(owner, document, held)
            rows = [entry._asdict() for entry in due]
            stored = school.store.entries.of(owner.id, document["id"])
            if _plain(rows) != _plain(stored):
                wrong += 1
                school.store.entries.replace(owner.id, document["id"], int(document["rev"]), rows)
            table.put(document, *search_and_sort(school, owner, document))
    return count, wrong


def _plain(rows: list[dict[str, Any]]) -> list[str]:
    ignored = ("register", "record", "rev")
    return sorted(str(sorted((k, str(v)) for k, v in row.items() if k not in ignored)) for row in rows)


# ---- purging --------------------------------------------------------------------------------------------------------
def held_by(school: School, plugin: str) -> dict[str, int]:
    """Title → number of records, of everything that a plugin has in the store."""
    documents = school.catalogue.documents().values()
    tables = {d["id"]: d["title"] for d in documents if d["what"] in ("register", "facet") and d["plugin"] == plugin}
    return {title: count for id, title in tables.items() if (count := school.store.table(id).count())}


def purge(school: School, plugin: str) -> Backup:
    """Delete all that a plugin which is off has in the store, after a backup. Its history keeps its rows.

    Raises Refused, BadInput while it is on.
    """
    require(school.actor, "repair", "清除模块数据")
    if plugin in school.settings.plugins:
        raise BadInput(Problem(plugin, "模块还在启用", f"先停用:jiaoyan plugin disable {plugin}"))
    made = back_up(school, f"清除{plugin}之前")
    documents = school.catalogue.documents().values()
    tables = [d for d in documents if d["what"] in ("register", "facet") and d["plugin"] == plugin]
    with school.store.transaction():
        number = school.store.begin_change(f"清除模块 {plugin} 的数据", school.actor.account, school.stamp())
        for facts in tables:
            table = school.store.table(facts["id"])
            ids = []
            for document in table.page():
                rev = int(document["rev"]) + 1
                school.store.log(number, facts["id"], document["id"], rev, facts["schema"], "remove", None)
                ids.append(document["id"])
            table.drop(ids)
            school.store.entries.drop_register(facts["id"])
    return made

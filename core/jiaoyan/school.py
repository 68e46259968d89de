"""School: an open school. It knows who asks and what time it is, and is the one door to all reading and writing."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime, timedelta, timezone
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, overload

from jiaoyan.access import SYSTEM, Actor, require, unix_account
from jiaoyan.conditions import Between, Is
from jiaoyan.entering import changed
from jiaoyan.errors import BadInput, Conflict, NotFound, Problem, Refused
from jiaoyan.host.catalogue import CATALOGUE, Catalogue
from jiaoyan.host.host import Host
from jiaoyan.kinds import KindTree
from jiaoyan.model import ACCOUNT, CORE, Account
from jiaoyan.reading import Records
from jiaoyan.records import Record
from jiaoyan.registers import Facet, Register
from jiaoyan.settings import SUBFOLDERS, Settings, first_groups, read_settings, settings_lock, write_settings
from jiaoyan.showing import shown
from jiaoyan.staff import Staff
from jiaoyan.store import Store, TableSpec
from jiaoyan.store.history import ChangeHead
from jiaoyan.store.schemas import schema_of
from jiaoyan.terms import Term, term_code, usual_term

if TYPE_CHECKING:
    from pydantic import BaseModel

    from jiaoyan.change import Change
    from jiaoyan.host.manifest import Found
    from jiaoyan.host.packs import Packs
    from jiaoyan.showing import FieldFacts

R = TypeVar("R", bound=Record)
CST = timezone(timedelta(hours=8))
SETTINGS = "school"
"""What history calls the changes of school.toml."""
_CORE = {register.id: register for register in CORE}


def china_now() -> datetime:
    return datetime.now(CST)


class School:
    """Made by `School.create` and `School.open`; close it when done, or use it as a context manager."""

    def __init__(
        self, folder: Path, settings: Settings, store: Store, actor: Actor, now: Callable[[], datetime],
        found: Mapping[str, Found] | None = None,
    ) -> None:
        self.folder, self.settings, self.store, self.actor, self.now = folder, settings, store, actor, now
        self.host = Host(found, settings.plugins, now)
        self.catalogue = Catalogue(store)
        self._registers: dict[str, Register[Any]] = dict(_CORE)
        self._facets: dict[str, Facet[Any]] = {}
        self.known_facts: dict[tuple[type[BaseModel], str], FieldFacts] = {}
        """What `showing.field_facts` has found, by model and field."""
        store.declare(*(_table_of(register) for register in CORE), CATALOGUE)
        self.epoch = store.meta("epoch", "")
        self.correction = ""
        """Why records of a locked term are changed; empty unless a person gave a reason for what is done now."""

    # ---- opening ----------------------------------------------------------------------------------------------------
    @classmethod
    def create(
        cls, folder: Path, settings: Settings, *, account: str = "", now: Callable[[], datetime] = china_now,
        found: Mapping[str, Found] | None = None, days: Mapping[str, Any] | None = None,
    ) -> School:
        """A new school in a new or empty folder; who makes it is 管理员. Raises BadInput.

        It begins with the term of today as the usual calendar and the packs have it; `days` (opens, closes, first, last,
        holidays, makeups) put that right.
        """
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise BadInput(Problem(str(folder), "已有文件,不能在这里新建学校", "请换一个空文件夹,或先移走其中的文件"))
        folder.mkdir(parents=True, exist_ok=True)
        try:
            school = cls._founded(folder, settings, account or unix_account(), now, found, days)
        except BaseException:
            for path in folder.iterdir():  # it was empty: nothing half made stays
                shutil.rmtree(path) if path.is_dir() else path.unlink()
            raise
        return school

    @classmethod
    def _founded(
        cls, folder: Path, settings: Settings, account: str, now: Callable[[], datetime], found: Mapping[str, Found] | None,
        days: Mapping[str, Any] | None,
    ) -> School:
        for name in SUBFOLDERS:
            (folder / name).mkdir(parents=True)
        store = Store.create(folder / settings.store)
        try:
            school = cls(folder, settings, store, SYSTEM, now, found)
            code = term_code(school.today)
            with school.change("建立学校") as change:
                change.save(Account(account=account, roles=("admin",)))
                change.save(changed(usual_term(code), {**school.calendar_of(code), **(days or {})}, "学期"))
                for group in first_groups(settings):
                    change.save(group)
            school._record_epoch()
            write_settings(folder, settings)  # last: a folder without it is no school
            school.actor = school.actor_of(account)
        except BaseException:
            store.close()
            raise
        return school

    @classmethod
    def open(
        cls, folder: Path, actor: Actor | None = None, now: Callable[[], datetime] = china_now, *,
        read_only: bool = False, found: Mapping[str, Found] | None = None,
    ) -> School:
        """Raises NotFound, BadInput (school.toml, with the line), Damaged, ReadOnly."""
        settings = read_settings(folder)
        store = Store.open(folder / settings.store, read_only=read_only)
        try:
            school = cls(folder, settings, store, SYSTEM, now, found)
            school.actor = actor or school.actor_of(unix_account())
            if not read_only and school.behind():
                from jiaoyan.keeping import upgrade  # seldom, and with all that a migration needs

                upgrade(school)
        except BaseException:
            store.close()
            raise
        return school

    def close(self) -> None:
        self.store.close()

    def __enter__(self) -> School:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def actor_of(self, account: str) -> Actor:
        """The actor of an account; one that the school does not know may only read."""
        found = self.store.table(ACCOUNT.id).page(Is(field="account", value=account), size=1)
        if not found:
            return Actor(account, roles=frozenset({"reader"}))
        return Actor(account, found[0].get("teacher", ""), frozenset(found[0].get("roles", ())))

    # ---- time -------------------------------------------------------------------------------------------------------
    @property
    def today(self) -> date:
        return self.now().astimezone(CST).date()

    def term(self, which: str | date | None = None) -> Term:
        """The term of a code or a day; of today. Raises NotFound."""
        terms = self.records(Term)
        if isinstance(which, str):
            found = terms.all(Is(field="code", value=which))
            known = "、".join(t.code for t in terms.all())
            if not found:
                raise NotFound(Problem("学期", f"没有学期“{which}”", f"已有:{known};新建:jiaoyan add term 学期={which} …"))
            return found[0]
        day = which or self.today
        for term in terms.all(Between(field="first", last=day.isoformat())):
            if term.covers(day):
                return term
        raise NotFound(Problem("学期", f"{day} 不在任何学期内", "请先建立学期"))

    def calendar_of(self, code: str) -> dict[str, Any]:
        """Holidays and 调休 of a term, from the dated packs."""
        term = usual_term(code)
        found: dict[str, list[Any]] = {"holidays": [], "makeups": []}
        for places in self.packs.placed("calendar").values():
            for place in places:
                found["holidays"] += [h for h in place.data.get("holidays", []) if term.covers(h["first"])]
                found["makeups"] += [m for m in place.data.get("makeups", []) if term.covers(m["day"])]
        return {key: tuple(values) for key, values in found.items()}

    # ---- registers --------------------------------------------------------------------------------------------------
    def register(self, id: str) -> Register[Any]:
        """Raises NotFound, PluginFailed."""
        if id not in self._registers:
            for manifest, line in self.host.registers():
                if line.id == id:
                    self._add_register(self.host.register(manifest, line))
                    break
            else:
                titles = {title: name for name, title, _ in self.register_titles()}
                if id in titles:
                    return self.register(titles[id])
                near = get_close_matches(id, [*titles.values(), *titles], 3, 0.5)
                remedy = f"是否想写 {'、'.join(near)}" if near else f"可用:{'、'.join(titles)}"
                raise NotFound(Problem("", f"没有登记表“{id}”", remedy))
        return self._registers[id]

    def _add_register(self, register: Register[Any]) -> None:
        self._registers[register.id] = register
        self.store.declare(_table_of(register))

    def register_titles(self) -> list[tuple[str, str, str]]:
        """(id, title, heading) of every register there is to open, without importing a plugin."""
        plugins = [(line.id, line.title, line.group or manifest.name) for manifest, line in self.host.registers()]
        return [*((r.id, r.title, r.group) for r in CORE), *plugins]

    def behind(self) -> dict[str, list[Register[Any] | Facet[Any]]]:
        """plugin id ("" for the core) → what has documents of an older schema; manifests alone are asked, so nothing is
        imported that is not."""
        found: dict[str, list[Register[Any] | Facet[Any]]] = {}
        for register in CORE:
            if schema_of(self.store, register.id) < register.schema:
                found.setdefault("", []).append(register)
        for manifest, line in list(self.host.registers()):
            if schema_of(self.store, line.id) < line.schema_:
                found.setdefault(manifest.id, []).append(self.register(line.id))
        for manifest, facet_line in list(self.host.facets()):
            if schema_of(self.store, facet_line.id) < facet_line.schema_:
                found.setdefault(manifest.id, []).append(self.facet(facet_line.id))
        return found

    def facet(self, id: str) -> Facet[Any]:
        """Raises NotFound, PluginFailed."""
        if id not in self._facets:
            for manifest, line in self.host.facets():
                if line.id == id:
                    facet = self.host.facet(manifest, line)
                    self._facets[id] = facet
                    self.store.declare(TableSpec(id))
                    break
            else:
                raise NotFound(Problem("", f"没有附表“{id}”"))
        return self._facets[id]

    def facets_of(self, register: str) -> list[Facet[Any]]:
        """The facets of working plugins on a core register."""
        return [self.facet(line.id) for _, line in self.host.facets() if line.of == register]

    def owner_of(self, record: Record) -> Register[Any] | Facet[Any]:
        """The register or facet that a record belongs to. Raises NotFound."""
        model = type(record)
        owners: list[Register[Any] | Facet[Any]] = [*self._registers.values(), *self._facets.values()]
        for owner in owners:
            if owner.model is model:
                return owner
        for _, line in self.host.registers():
            if (register := self.register(line.id)).model is model:
                return register
        for _, facet_line in self.host.facets():
            if (facet := self.facet(facet_line.id)).model is model:
                return facet
        raise NotFound(Problem("", f"{model.__name__} 不属于任何启用的登记表"))

    @overload
    def records(self, which: type[R]) -> Records[R]: ...
    @overload
    def records(self, which: str | Register[Any]) -> Records[Any]: ...
    def records(self, which: type[Record] | str | Register[Any]) -> Records[Any]:
        """The reading door of a register, named by id, model or itself. Raises NotFound, Refused, PluginFailed."""
        if isinstance(which, str):
            return Records(self, self.register(which))
        if isinstance(which, Register):
            return Records(self, which)
        for register in self._registers.values():
            if register.model is which:
                return Records(self, register)
        for _, line in self.host.registers():
            if (register := self.register(line.id)).model is which:
                return Records(self, register)
        raise NotFound(Problem("", f"{which.__name__} 不属于任何启用的登记表"))

    def label(self, register: Register[Any], document: Mapping[str, Any]) -> str:
        """The name of a record to a person."""
        words = []
        for field in register.named():
            value = document.get(field)
            words.append(self.shown(register, field, value))
        return " ".join(word for word in words if word) or str(document.get("id", ""))

    def shown(self, register: Register[Any], field: str, value: Any) -> str:
        return shown(self, register.model, field, value)

    def name_of(self, register: str, id: str) -> str:
        """The name of a record by id, for references; the id itself where there is none."""
        if not id:
            return ""
        with suppress(NotFound):
            owner = self.register(register)
            document = self.store.table(register).by_id(id)
            if document is not None:
                return self.label(owner, document)
        return id

    # ---- kinds, packs, staff ----------------------------------------------------------------------------------------
    @cached_property
    def packs(self) -> Packs:
        """Raises BadInput with file and line."""
        from jiaoyan.host.packs import packs_of

        return packs_of(self)

    @cached_property
    def kinds(self) -> KindTree:
        """All kinds: of packs in force, and of plugins that are off, as the catalogue remembers them."""
        live = {kind.id: kind for kind in self.packs.kinds()}
        return KindTree({**self.catalogue.kinds(), **live}.values())

    def packs_changed(self) -> None:
        """Read the packs anew when they are next asked for."""
        self.__dict__.pop("packs", None)
        self.__dict__.pop("kinds", None)

    def staff(self, day: date | None = None) -> Staff:
        return Staff.of(self, day or self.today)

    def tree(self, field: str, value: str) -> Iterable[str]:
        """What stands below a node: kinds for a field that ends in `kind`, else groups."""
        return self.kinds.under(value) if field.rpartition(".")[2] == "kind" else self.staff().below(value)

    # ---- writing ----------------------------------------------------------------------------------------------------
    def change(self, label: str) -> Change:
        """`with school.change("录入听课") as c: c.save(record)`: one transaction, one history group, one undo step."""
        return self._change(f"更正:{self.correction}({label})" if self.correction else label)

    def _change(self, label: str, undoes: int = 0) -> Change:
        from jiaoyan.change import Change  # who only reads needs none of it

        return Change(self, label, undoes=undoes)

    @contextmanager
    def correcting(self, reason: str) -> Iterator[None]:
        """Changes inside may touch a locked term, as 更正 with this reason."""
        self.correction = reason.strip()
        try:
            yield
        finally:
            self.correction = ""

    def undoable(self) -> ChangeHead | None:
        """The actor's last change that is not undone yet."""
        heads = self.store.changes(size=1000, newest=True)
        undone = {head.undoes for head in heads if head.undoes}
        mine = (h for h in heads if h.actor == self.actor.account and not h.undoes and h.change not in undone)
        return next((h for h in mine if any(r.register != SETTINGS for r in self.store.history_of_change(h.change))), None)

    def undo(self, number: int | None = None) -> int:
        """Undo a change (the actor's last where none is named) as a new change; its number.

        Raises NotFound; Conflict naming each record that has moved since.
        """
        if number is None:
            head = self.undoable()
            if head is None:
                raise NotFound(Problem("撤销", "没有可以撤销的修改"))
            number = head.change
        rows = self.store.history_of_change(number)
        if not rows:
            raise NotFound(Problem("撤销", f"没有第 {number} 号修改", "查看:jiaoyan history"))
        if any(row.register == SETTINGS for row in rows):
            raise Refused(Problem("撤销", f"“{rows[0].label}”改的是学校设置,不能这样撤销", "请在功能模块或设置里改回来"))
        with self._change(f"撤销:{rows[0].label}", undoes=number) as change:
            moved = []
            for row in reversed(rows):
                before, last = None, None
                for past in self.store.history_of(row.register, row.record):
                    before = past.document if past.seq < row.seq else before
                    last = past
                if last is not None and last.seq != row.seq and last.change != number:
                    name = self.name_of(row.register, row.record)
                    moved.append(Problem("撤销", f"“{name}”之后又被改过(第 {last.change} 号修改:{last.label})", "请先撤销后面的修改"))
                change.restore(row.register, row.record, before)
            if moved:
                raise Conflict(*moved)
        return change.number

    # ---- settings ---------------------------------------------------------------------------------------------------
    def configure(self, label: str, **changes: Any) -> None:
        """Change school.toml: under its lock, put in place whole, with a row in history. Raises Refused."""
        require(self.actor, "settings", "学校设置")
        with settings_lock(self.folder):
            settings = read_settings(self.folder).model_copy(update=changes)
            settings = Settings.model_validate(settings.model_dump())
            with self.store.transaction():
                number = self.store.begin_change(label, self.actor.account, self.stamp())
                self.store.log(number, SETTINGS, "settings", number, 1, "save", settings.model_dump(mode="json"))
                write_settings(self.folder, settings)
        self.settings = settings

    def set_plugins(self, plugins: Iterable[str], label: str) -> None:
        """Switch plugins on and off. Data, entries and history of what goes off stay. Raises Refused, BadInput."""
        wanted = tuple(dict.fromkeys(plugins))
        trial = Host(self.host.found, wanted, self.now)
        for name in wanted:
            status = trial.status(name)
            if name not in self.settings.plugins and status.state != "active":
                raise BadInput(Problem(status.name, f"{status.label}:{status.cause}", status.remedy))
        self.configure(label, plugins=wanted)
        self.host = trial
        self._registers, self._facets, self.known_facts = dict(_CORE), {}, {}
        self.packs_changed()
        self._record_epoch()

    def _record_epoch(self) -> None:
        """Write down what this store was last written with, and what its plugins hold, so that it stays readable."""
        with self.store.transaction():
            self.epoch = f"{int(self.store.meta('epoch', '0').partition(' ')[0] or 0) + 1} {' '.join(self.settings.plugins)}"
            self.store.set_meta("epoch", self.epoch)
            self.catalogue.record(self)

    def stamp(self) -> str:
        """Now, for history: UTC."""
        return self.now().astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _table_of(register: Register[Any]) -> TableSpec:
    return TableSpec(register.id, tuple((field,) for field in register.indexed), register.unique)

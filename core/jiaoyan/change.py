"""Change: one transaction, one history group, one undo step.

All checks and all deriving happen before the lock; under it only versions are compared and rows are written.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import ValidationError

from jiaoyan.access import may_write, private_fields, require
from jiaoyan.conditions import AnyOf, Between, Condition, Has, Is, at, items_at
from jiaoyan.errors import BadInput, Conflict, JiaoyanError, NotFound, Problem, ReadOnly, Refused, Vetoed
from jiaoyan.host.contexts import Changing, Written
from jiaoyan.locking import locked_terms, require_unlocked
from jiaoyan.messages import problems_of
from jiaoyan.pinyin import sort_form, spelled
from jiaoyan.progress import begin_to_write
from jiaoyan.records import Record
from jiaoyan.registers import Entry, Facet, Register, entries_of
from jiaoyan.showing import shown
from jiaoyan.store.schemas import require_known
from jiaoyan.terms import Term

if TYPE_CHECKING:
    from jiaoyan.school import School

R = TypeVar("R", bound=Record)
Key = tuple[str, str]
"""(register or facet id, record id)"""
TRIES = 5
SPELLED = 60
"""Texts up to so many characters (names, titles) are found by pinyin too."""


@dataclass(slots=True)
class _Pending:
    """What a change will write for one record. `document` None removes it; `base` is the rev it was made from."""

    owner: Register[Any] | Facet[Any] | None
    document: dict[str, Any] | None
    base: int
    forced: bool = False
    """Restored by an undo: written as it was, without asking its model."""


@dataclass(slots=True)
class _Row:
    """One record ready to be written."""

    key: Key
    owner: Register[Any] | Facet[Any] | None
    before: dict[str, Any] | None
    after: dict[str, Any] | None

    @property
    def seen(self) -> int:
        return int(self.before["rev"]) if self.before else 0


class Change:
    """Collects saves and removals; leaving the `with` block writes them all or nothing."""

    def __init__(self, school: School, label: str, undoes: int = 0) -> None:
        self.school, self.label, self.undoes = school, label, undoes
        self.number = 0
        """The number in history, once written; 0 where there was nothing to write."""
        self._pending: dict[Key, _Pending] = {}
        self._watched: dict[Key, int] = {}
        self._last: dict[str, int] = {}
        """The last number that was given in a register whose records are numbered."""

    def __enter__(self) -> Change:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            self._commit()

    # ---- collecting -------------------------------------------------------------------------------------------------
    def save(self, record: R) -> R:
        """Write a record (or a facet's record). Its `rev` says which version it was made from: 0 for a new one."""
        owner = self.school.owner_of(record)
        key = (owner.id, record.id)
        earlier = self._pending.get(key)
        if earlier is None and not record.rev and isinstance(owner, Register):
            record = self._numbered(owner, record)
        base = earlier.base if earlier else record.rev
        self._pending[key] = _Pending(owner, record.document(), base)
        return record

    def _numbered(self, register: Register[Any], record: R) -> R:
        """A new record with the number after the last one, where its register numbers them and it has none."""
        field = register.numbered
        if not field:
            return record
        if register.id not in self._last:
            found = self.school.store.table(register.id).page(Between(field=field, first=0), (f"-{field}",), size=1)
            self._last[register.id] = int(found[0].get(field) or 0) if found else 0
        own = int(getattr(record, field))
        number = own or self._last[register.id] + 1
        self._last[register.id] = max(self._last[register.id], number)
        return record if own else record.but(**{field: number})

    def remove(self, register: str, id: str, rev: int | None = None) -> None:
        """Remove a record with its facets. With `rev`, only if nobody changed it since. Raises NotFound."""
        owner = self.school.register(register)
        stored = self._stored((register, id))
        if stored is None:
            raise NotFound(Problem(owner.title, f"没有编号 {id} 的记录"))
        self._pending[register, id] = _Pending(owner, None, int(stored["rev"]) if rev is None else rev)
        for facet in self.school.facets_of(register):
            if (held := self._stored((facet.id, id))) is not None:
                self._pending[facet.id, id] = _Pending(facet, None, int(held["rev"]))

    def restore(self, register: str, id: str, document: dict[str, Any] | None) -> None:
        """Put a record back as it was in history, whatever register it belongs to; None takes it away again."""
        owner: Register[Any] | Facet[Any] | None = None
        for find in (self.school.register, self.school.facet):
            try:
                owner = find(register)
                break
            except JiaoyanError:
                continue  # its plugin is off: the rows are restored, its entries stay as they are
        stored = self._stored((register, id))
        self._pending[register, id] = _Pending(owner, document, int(stored["rev"]) if stored else 0, forced=True)

    def depends_on(self, register: str, id: str, rev: int) -> None:
        """Refuse the change if that record moves on before it is written."""
        self._watched[register, id] = rev

    def pending(self, register: str) -> list[dict[str, Any]]:
        """The documents of a register that this change will save."""
        return [p.document for (owner, _), p in self._pending.items() if owner == register and p.document is not None]

    def removed(self, register: str) -> set[str]:
        """The ids of a register that this change will remove."""
        return {id for (owner, id), p in self._pending.items() if owner == register and p.document is None}

    def _stored(self, key: Key) -> dict[str, Any] | None:
        return self.school.store.table(key[0]).by_id(key[1])

    # ---- writing ----------------------------------------------------------------------------------------------------
    def _commit(self) -> None:
        self._extend()
        for _ in range(TRIES):
            rows = self._rows()
            if not rows:
                return
            self._check(rows)
            entries = self._entries(rows)
            context = self._context(rows)
            if objections := self.school.host.veto("objections", context, {row.key[0] for row in rows}):
                raise Vetoed(*objections)
            begin_to_write()
            if self._write(rows, entries):
                self.school.host.collect("changed", context)
                return
        raise Conflict(Problem(self.label, "别人正在连续修改同一批记录", "请稍后再试"))

    def _extend(self) -> None:
        """Take in the records that plugins say follow from this change."""
        if self.undoes:
            return  # what was added then is taken away with the rest
        rows = self._rows()
        for _, record in self.school.host.collect("extend", self._context(rows), {row.key[0] for row in rows}):
            self.add_once(record)

    def add_once(self, record: Record) -> bool:
        """Save a record unless one of its origin is there already, stored or in this change."""
        owner = self.school.owner_of(record)
        origin = getattr(record, "origin", None)
        if origin is not None:
            if any(document.get("origin") == origin for document in self.pending(owner.id)):
                return False
            if self.school.store.table(owner.id).count(Is(field="origin", value=origin)):
                return False
        self.save(record)
        return True

    def _rows(self) -> list[_Row]:
        """What differs from the store, put together with what others have written meanwhile. Raises Conflict."""
        rows = []
        for key, pending in self._pending.items():
            before = self._stored(key)
            seen = int(before["rev"]) if before else 0
            after = pending.document
            if after is not None and pending.owner is not None and before is not None:
                after = self._keep_private(pending.owner, before, after)
            if seen != pending.base:
                after = self._merged(key, pending, before, after)
            if after is None and before is None:
                continue
            if after is not None and before is not None and {**after, "rev": seen} == before:
                continue
            rows.append(_Row(key, pending.owner, before, dict(after) if after is not None else None))
        return rows

    def _keep_private(
        self, owner: Register[Any] | Facet[Any], before: Mapping[str, Any], after: dict[str, Any]
    ) -> dict[str, Any]:
        """Who may not see personal fields can't empty them by saving what they were shown."""
        if self.school.actor.has("private"):
            return after
        return {**after, **{name: before[name] for name in private_fields(owner) if name in before}}

    def _merged(
        self, key: Key, pending: _Pending, theirs: dict[str, Any] | None, mine: dict[str, Any] | None
    ) -> dict[str, Any] | None:
        """Mine put on top of theirs where both changed different fields. Raises Conflict with all three versions."""
        history = self.school.store.history_of(*key)
        base = next((row.document for row in reversed(history) if row.rev == pending.base), None)
        title = pending.owner.title if pending.owner else key[0]
        allowed = not isinstance(pending.owner, Register) or pending.owner.merges
        if base is None or theirs is None or mine is None or not allowed:
            what = "已被别人删除" if theirs is None else "在您打开之后已被别人修改"
            raise Conflict(Problem(f"{title} {key[1]}", what, "请重新打开后再改"), base=base, mine=mine, theirs=theirs)
        names = {*base, *mine, *theirs} - {"rev"}
        my_changes = {name for name in names if mine.get(name) != base.get(name)}
        their_changes = {name for name in names if theirs.get(name) != base.get(name)}
        clashing = sorted(n for n in my_changes & their_changes if mine.get(n) != theirs.get(n))
        if clashing:
            raise Conflict(
                *(
                    Problem(f"{title} {self._field_title(pending.owner, name)}",
                            f"您改为“{self._told(pending.owner, name, mine)}”,别人已改为“{self._told(pending.owner, name, theirs)}”",
                            "请重新打开后再改")
                    for name in clashing
                ),
                base=base, mine=mine, theirs=theirs,
            )
        merged = {**theirs, **{name: mine.get(name) for name in my_changes}}
        if pending.owner is not None:
            try:
                pending.owner.model.of_document(merged)
            except ValidationError as error:
                raise Conflict(*problems_of(error, pending.owner.model, title), base=base, mine=mine, theirs=theirs) from None
        return merged

    def _told(self, owner: Register[Any] | Facet[Any] | None, name: str, document: Mapping[str, Any]) -> str:
        """A value as a person reads it, shortened."""
        value = document.get(name)
        return _short(shown(self.school, owner.model, name, value) if owner is not None else value)

    @staticmethod
    def _field_title(owner: Register[Any] | Facet[Any] | None, name: str) -> str:
        info = owner.model.model_fields.get(name) if owner else None
        return (info.title if info else None) or name

    # ---- checks -----------------------------------------------------------------------------------------------------
    def _check(self, rows: list[_Row]) -> None:
        locked = locked_terms(self.school)
        for row in rows:
            self._check_right(row)
            require_known(self.school.store, row.key[0], row.owner.schema if row.owner else 1)
            if (register := self._register_of(row)) is not None:
                self._check_term(locked, register, row)
            if isinstance(row.owner, Register) and not self._pending[row.key].forced:
                self._check_step(row.owner, row)
        self._check_refs(rows)
        self._check_unique(rows)

    def _check_term(self, locked: list[Term], register: Register[Any], row: _Row) -> None:
        if locked:
            base = (self._stored((register.id, row.key[1])),) if isinstance(row.owner, Facet) else (row.before, row.after)
            require_unlocked(self.school, locked, register, *base)

    def _register_of(self, row: _Row) -> Register[Any] | None:
        if isinstance(row.owner, Facet):
            return self.school.register(row.owner.of)
        return row.owner

    def _check_right(self, row: _Row) -> None:
        register = self._register_of(row)
        if register is None:
            require(self.school.actor, "repair", row.key[0])
            return
        versions = (row.before, row.after) if row.owner is register else (self._stored((register.id, row.key[1])),)
        if not may_write(self.school.actor, register, *versions):
            raise Refused(Problem(register.title, "没有修改这条记录的权限", "请联系管理员或教导处"))

    def _check_step(self, register: Register[Any], row: _Row) -> None:
        flow = register.workflow
        if flow is None or row.after is None:
            return
        new = row.after.get(flow.field)
        if row.before is None:
            if new not in flow.starts() and new is not None:
                raise Refused(Problem(register.title, f"新记录不能直接是“{flow.states.get(str(new), new)}”"))
            old: Any = flow.starts()[0]
        else:
            old = row.before.get(flow.field)
        if old == new:
            return
        step = flow.step(str(old), str(new))
        if step is None:
            raise Refused(Problem(register.title, f"不能从“{flow.states.get(str(old), old)}”改为“{flow.states.get(str(new), new)}”"))
        if step.right != "write":
            require(self.school.actor, step.right, f"{register.title}:{step.label}")
        missing = [self._field_title(register, name) for name in step.needs if not row.after.get(name)]
        if missing:
            raise BadInput(Problem(register.title, f"{step.label}之前要填写:{'、'.join(missing)}"))

    def _check_refs(self, rows: list[_Row]) -> None:
        """Everything that a written record refers to is there; nothing that stays refers to a removed one."""
        problems = []
        for row in rows:
            if row.after is not None and row.owner is not None:
                problems += self._dangling(row)
            elif row.after is None and isinstance(row.owner, Register):
                problems += self._referring(row, {r.key for r in rows if r.after is None})
        if problems:
            raise Refused(*problems)

    def _dangling(self, row: _Row) -> list[Problem]:
        assert row.owner is not None
        assert row.after is not None
        problems = []
        for path in row.owner.refs:
            target = path.register or self._id_of_model(path.model)
            if not target:
                continue
            values = items_at(row.after, path.path) if path.many else [at(row.after, path.path)]
            wanted = {str(value) for value in values if value}
            wanted -= {id for (owner, id), p in self._pending.items() if owner == target and p.document is not None}
            gone = {id for (owner, id), p in self._pending.items() if owner == target and p.document is None}
            missing = wanted - (self.school.store.table(target).by_ids(wanted).keys() - gone) if wanted else set()
            if missing:
                field = self._field_title(row.owner, path.path.partition(".")[0])
                problems.append(Problem(f"{row.owner.title} {field}", f"所指的记录不存在:{'、'.join(sorted(missing))}"))
        return problems

    def _id_of_model(self, model: type[Record] | None) -> str:
        return self.school.records(model).register.id if model is not None else ""

    def _referring(self, row: _Row, removed: set[Key]) -> list[Problem]:
        """Who still refers to a record that is removed."""
        assert isinstance(row.owner, Register)
        problems = []
        owners: list[Register[Any] | Facet[Any]] = [self.school.register(id) for id, _, _ in self.school.register_titles()]
        owners += [self.school.facet(line.id) for _, line in self.school.host.facets()]
        for owner in owners:
            conditions: list[Condition] = []
            for path in owner.refs:
                if (path.register or self._id_of_model(path.model)) == row.key[0]:
                    test = Has if path.many else Is
                    conditions.append(test(field=path.path, value=row.key[1]))
            if not conditions:
                continue
            found = self.school.store.table(owner.id).page(AnyOf(of=tuple(conditions)), size=200)
            left = [d for d in found if (owner.id, d["id"]) not in removed and not self._unhooked(owner.id, d["id"], row.key[1])]
            if left:
                label = self.school.label(owner, left[0]) if isinstance(owner, Register) else owner.title
                more = f" 等 {len(left)} 条" if len(left) > 1 else ""
                problems.append(
                    Problem(row.owner.title, f"还有{owner.title}引用它:{label}{more}", "请先改掉这些引用;教职工可改为调出或退休")
                )
        return problems

    def _unhooked(self, owner: str, id: str, removed: str) -> bool:
        """Does this very change take the reference away?"""
        pending = self._pending.get((owner, id))
        return pending is not None and pending.document is not None and removed not in str(pending.document)

    def _check_unique(self, rows: list[_Row]) -> None:
        for row in rows:
            if not isinstance(row.owner, Register) or row.after is None:
                continue
            for fields in row.owner.unique:
                values = [at(row.after, field) for field in fields]
                if any(value is None for value in values):
                    continue
                twins = [
                    d for d in self.pending(row.key[0])
                    if d["id"] != row.key[1] and [at(d, field) for field in fields] == values
                ]
                if not twins:
                    where = [Is(field=field, value=value) for field, value in zip(fields, values, strict=True)]
                    found = self.school.store.table(row.key[0]).page(AnyOf(of=tuple(where)), size=20)
                    twins = [
                        d for d in found
                        if d["id"] != row.key[1] and (row.key[0], d["id"]) not in self._pending
                        and [at(d, field) for field in fields] == values
                    ]
                if twins:
                    names = "、".join(self._field_title(row.owner, field) for field in fields)
                    value = "、".join(str(v) for v in values)
                    raise BadInput(Problem(f"{row.owner.title} {names}", f"已有“{value}”", f"编号 {twins[0]['id']},请改用它或换一个"))

    def _context(self, rows: list[_Row]) -> Changing:
        written = tuple(Written(*row.key, row.before, row.after) for row in rows)
        return Changing(self.school, self.label, self.school.actor.account, written)

    # ---- deriving ---------------------------------------------------------------------------------------------------
    def _entries(self, rows: list[_Row]) -> dict[Key, list[Entry]]:
        """The entries of every written record, and of the facets on a written core record."""
        found: dict[Key, list[Entry]] = {}
        after = {row.key: row.after for row in rows}
        for row in rows:
            if isinstance(row.owner, Register):
                facets = {f.id: self._current((f.id, row.key[1]), after) for f in self.school.facets_of(row.key[0])}
                held = {id: document for id, document in facets.items() if document is not None}
                found[row.key] = entries_of_record(row.owner, row.after, held)
                for id, document in held.items():
                    found[id, row.key[1]] = entries_of_facet(self.school.facet(id), document, row.after)
            elif isinstance(row.owner, Facet):
                base = self._current((row.owner.of, row.key[1]), after)
                found[row.key] = entries_of_facet(row.owner, row.after, base)
            elif row.after is None:
                found[row.key] = []
        return found

    def _current(self, key: Key, after: Mapping[Key, dict[str, Any] | None]) -> dict[str, Any] | None:
        return after[key] if key in after else self._stored(key)

    # ---- under the lock ---------------------------------------------------------------------------------------------
    def _write(self, rows: list[_Row], entries: Mapping[Key, list[Entry]]) -> bool:
        """False where somebody was faster: the change is put together anew."""
        store = self.school.store
        with store.transaction():
            if store.meta("epoch", "") != self.school.epoch:
                raise ReadOnly(Problem("", "程序或功能模块已更新,本次打开的已过时", "请重新打开后再保存"))
            for row in rows:
                now = self._stored(row.key)
                if (int(now["rev"]) if now else 0) != row.seen:
                    return False
            for key, rev in self._watched.items():
                if (now := self._stored(key)) is None or now["rev"] != rev:
                    raise Conflict(Problem(self.label, f"所依据的记录 {key[1]} 已被别人修改", "请重新打开后再试"))
            number = store.begin_change(self.label, self.school.actor.account, self.school.stamp(), self.undoes)
            for row in rows:
                self._write_row(number, row)
            for key, listed in entries.items():
                document = next((row.after for row in rows if row.key == key), None) or self._stored(key)
                rev = int(document["rev"]) if document else 0
                store.entries.replace(key[0], key[1], rev, [entry._asdict() for entry in listed])
        self.number = number
        return True

    def _write_row(self, number: int, row: _Row) -> None:
        store, table = self.school.store, self.school.store.table(row.key[0])
        rev = row.seen or max((past.rev for past in store.history_of(*row.key)), default=0)
        schema = row.owner.schema if row.owner else 1
        if row.after is None:
            table.drop([row.key[1]])
            store.log(number, *row.key, rev + 1, schema, "remove", None)
            return
        row.after["rev"] = rev + 1
        table.put(row.after, *search_and_sort(self.school, row.owner, row.after))
        store.log(number, *row.key, rev + 1, schema, "save" if row.before else "create", row.after)


def entries_of_record(
    register: Register[Any], document: Mapping[str, Any] | None, facets: Mapping[str, Mapping[str, Any]]
) -> list[Entry]:
    if document is None:
        return []
    found = entries_of(register.counts, document)
    if register.derive is not None:
        found += register.derive(document, facets)
    return found


def entries_of_facet(
    facet: Facet[Any], document: Mapping[str, Any] | None, base: Mapping[str, Any] | None
) -> list[Entry]:
    return entries_of(facet.counts, document, base) if document is not None and base is not None else []


def search_and_sort(school: School, owner: Register[Any] | Facet[Any] | None, document: Mapping[str, Any]) -> tuple[str, str]:
    """The text by which a record is found and the key by which it is sorted, made when it is written."""
    if not isinstance(owner, Register):
        return "", ""
    found = [str(value) for field in owner.search if (value := at(document, field))]
    search = " ".join(spelled(text) if len(text) <= SPELLED else text.lower() for text in found)
    return search, "\x02".join(_sort_part(at(document, field.lstrip("-"))) for field in owner.sort)


def _sort_part(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return sort_form(str(value))
    return f"{value:020.6f}"


def _short(value: Any) -> str:
    text = str(value) if value is not None else ""
    return text if len(text) <= 20 else text[:20] + "…"

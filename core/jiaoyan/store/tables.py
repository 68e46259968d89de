"""StoreTable: TinyDB's Table on single rows, with pages, places and tallies made by the engine."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping
from typing import Any

from tinydb.queries import QueryLike
from tinydb.table import Document, Table

from jiaoyan.conditions import Condition
from jiaoyan.errors import BadInput, Problem
from jiaoyan.store.documents import dump, load, row_sum
from jiaoyan.store.entries import tallied
from jiaoyan.store.ordering import before, keys_of, order_by
from jiaoyan.store.queries import is_condition, narrowed
from jiaoyan.store.spec import ID_OF, TableSpec, make_table, relation
from jiaoyan.store.storage import EngineStorage
from jiaoyan.store.translate import JsonFields, Sql, condition_sql

STEP = 2000
"""Rows of one read while a whole table is walked: no reader holds a snapshot for long."""
_BODY = "CAST(body AS BLOB)"
_AFTER_ALL = "\U0010ffff"


class StoreTable(Table):
    """One register's documents. Every call is one transaction; several calls are one in `Store.transaction()`."""

    def __init__(self, storage: EngineStorage, name: str, cache_size: int = 0, persist_empty: bool = False) -> None:
        super().__init__(storage, name, cache_size)  # the query cache is off: TinyDB's answers wrongly for some queries
        self._engine, self._relation = storage.engine, relation(name)
        self._put = (
            # the first leaves the index of the usual order alone, for the sort key seldom changes
            f"UPDATE {self._relation} SET search=?1,crc=?2,body=?3 WHERE id=?5 AND +sort=?4",
            f"UPDATE {self._relation} SET search=?1,crc=?2,body=?3,sort=?4 WHERE id=?5",
            f"INSERT INTO {self._relation}(search,crc,body,sort,id) VALUES (?1,?2,?3,?4,?5)",
        )
        self._seen: tuple[int, int] | None = None
        self.declare(TableSpec(name))
        if persist_empty:
            with self._engine.transaction():
                self._ensure()

    def declare(self, spec: TableSpec) -> None:
        self.spec = spec
        self._ready: str = repr(spec)
        self._fields = JsonFields({"id": "id"})
        self._declared = JsonFields(spec.columns())
        self._there: set[int] = set()

    # ---- the table itself -------------------------------------------------------------------------------------------
    def _ensure(self) -> None:
        """Within a transaction: the table, its columns and indexes."""
        session = self._engine.session
        if self._ready in session.ready:
            return
        if self._fingerprint() != self.spec.fingerprint():
            make_table(self._engine, self.spec)
        session.ready.add(self._ready)

    def _fingerprint(self) -> str | None:
        row = self._engine.row("SELECT value FROM meta WHERE key=?", (f"spec:{self.name}",))
        return row[0] if row else None

    def _reading(self) -> JsonFields | None:
        """How rows are addressed now; None where there is no table yet."""
        session = self._engine.session
        if self._ready in session.ready:
            return self._declared
        there = self._fingerprint()
        if there is None:
            return None
        if there != self.spec.fingerprint():
            return self._fields  # made by another version, or read only: right answers, without its indexes
        if not session.depth:
            session.ready.add(self._ready)
        return self._declared

    def _select(self, what: str, test: Sql, tail: str = "") -> list[tuple[Any, ...]]:
        return self._engine.rows(f"SELECT {what} FROM {self._relation} WHERE {test.text}{tail}", test.params)

    # ---- records ----------------------------------------------------------------------------------------------------
    def put(self, document: Mapping[str, Any], search: str = "", sort: str = "") -> None:
        """Insert, or replace by the document's id. Raises BadInput for a value that must be unique and is not."""
        record, body, search = document["id"], dump(document), search.casefold()
        if not isinstance(record, str):
            raise ValueError(f"the id of a record is a text, not {record!r}")
        values = (search, row_sum(sort, search, body), body.decode(), sort, record)
        with self._engine.transaction():
            self._ensure()
            try:
                for text in self._put:
                    if self._engine.execute(text, values).rowcount:
                        break
            except sqlite3.IntegrityError as error:
                raise self._twin(error) from None

    def drop(self, ids: Iterable[str]) -> None:
        wanted = [(record,) for record in ids]
        with self._engine.transaction():
            self._ensure()
            self._engine.many(f"DELETE FROM {self._relation} WHERE id=?", iter(wanted))

    def by_id(self, record: str) -> dict[str, Any] | None:
        if self._reading() is None:
            return None
        row = self._engine.row(f"SELECT {_BODY} FROM {self._relation} WHERE id=?", (record,))
        return load(row[0]) if row else None

    def by_ids(self, ids: Iterable[str]) -> dict[str, dict[str, Any]]:
        if self._reading() is None:
            return {}
        test = Sql("id IN (SELECT value FROM json_each(?))", (json.dumps(list(ids)),))
        return {record: load(body) for record, body in self._select(f"id, {_BODY}", test)}

    def ids_like(self, prefix: str, size: int = 10) -> list[str]:
        """Ids that begin with `prefix`."""
        if self._reading() is None:
            return []
        test = Sql("id>=? AND id<?", (prefix, prefix + _AFTER_ALL))
        return [row[0] for row in self._select("id", test, f" ORDER BY id LIMIT {int(size)}")]

    # ---- pages ------------------------------------------------------------------------------------------------------
    def page(
        self, where: Condition | None = None, sort: tuple[str, ...] = (), first: int = 0, size: int | None = None
    ) -> list[dict[str, Any]]:
        """Documents in the usual order, in that turned round ("-",), or by fields; equal ones in order of entry."""
        fields = self._reading()
        if fields is None:
            return []
        test = _test(where, fields)
        tail = f" ORDER BY {order_by(sort, fields, 'sort')}"
        if size is not None or first:
            tail += f" LIMIT {-1 if size is None else int(size)} OFFSET {int(first)}"
        return [load(body) for (body,) in self._select(_BODY, test, tail)]

    def column(
        self, path: str, where: Condition | None = None, sort: tuple[str, ...] = ()
    ) -> list[tuple[str, Any]]:
        """(id, the value at a path) of each row of that page; lists and objects come as JSON text."""
        fields = self._reading()
        place = fields.place(path) if fields is not None else None
        if fields is None or place is None:
            return []
        tail = f" ORDER BY {order_by(sort, fields, 'sort')}"
        return [(record, value) for record, value in self._select(f"id, {place.value}", _test(where, fields), tail)]

    def place(self, record: str, where: Condition | None = None, sort: tuple[str, ...] = ()) -> int | None:
        """Which row of that page a record is, from 0; None where it is not on it."""
        fields = self._reading()
        if fields is None:
            return None
        test, keys = _test(where, fields), keys_of(sort, fields, "sort")
        what = ",".join(["doc_id", *(expression for expression, _ in keys)])
        found = self._select(what, Sql(f"id=? AND {test.text}", (record, *test.params)))
        if not found:
            return None
        ahead = before(keys, list(found[0][1:]), found[0][0])
        count = self._select("count(*)", Sql(f"{test.text} AND {ahead.text}", (*test.params, *ahead.params)))
        return int(count[0][0])

    def tally(
        self, where: Condition | None, by: tuple[str, ...], sum: tuple[str, ...] = ()  # noqa: A002  # the word of the field
    ) -> dict[tuple[Any, ...], tuple[int, ...]]:
        """{values of `by`: (how many, sums of `sum` …)}, counted in the engine."""
        fields = self._reading()
        if fields is None:
            return {}
        return tallied(self._engine, self._relation, fields, _test(where, fields), by, sum)

    def values(self, path: str, where: Condition | None = None, size: int = 50) -> list[str]:
        """The different values of a field (of a list's items too), the commonest first."""
        fields = self._reading()
        place = fields.place(path) if fields is not None else None
        if fields is None or place is None:
            return []
        test = _test(where, fields)
        rows = self._engine.rows(
            f"SELECT item.value, count(*) FROM {self._relation}, json_each(body,{place.path}) AS item "
            f"WHERE {test.text} AND item.type IN ('text','integer','real') AND item.value<>'' "
            f"AND json_type(body,{place.path})<>'object' GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT {int(size)}", test.params
        )
        return [str(value) for value, _ in rows]

    # ---- TinyDB: writing --------------------------------------------------------------------------------------------
    def insert(self, document: Mapping[str, Any]) -> int:
        return self.insert_multiple((document,))[0]

    def insert_multiple(self, documents: Iterable[Mapping[str, Any]]) -> list[int]:
        rows: list[tuple[int | None, bytes]] = []
        for document in documents:  # all of the caller's own code before the lock
            if not isinstance(document, Mapping):
                raise ValueError("Document is not a Mapping")
            number = document.doc_id if isinstance(document, self.document_class) else None
            rows.append((number, dump(document)))
        if not rows:
            return []
        done: list[int] = []
        with self._engine.transaction():
            self._ensure()
            text = f"INSERT INTO {self._relation}(doc_id,crc,body,id) VALUES (?1,?2,?3,{ID_OF.format('?3')})"
            for number, body in rows:
                try:
                    cursor = self._engine.execute(text, (number, row_sum("", "", body), body.decode()))
                except sqlite3.IntegrityError as error:
                    if number is not None and "doc_id" in str(error):
                        raise ValueError(f"Document with ID {number} already exists") from None
                    raise self._twin(error) from None
                assert cursor.lastrowid is not None
                done.append(self.document_id_class(cursor.lastrowid))
        self.clear_cache()
        return done

    def update(
        self, fields: Mapping[str, Any] | Callable[[MutableMapping[str, Any]], None], cond: QueryLike | None = None,
        doc_ids: Iterable[int] | None = None,
    ) -> list[int]:
        wanted = None if doc_ids is None else list(doc_ids)
        return self._rewrite([(fields, None if wanted is not None else cond)], cond if wanted is None else None, wanted)

    def update_multiple(
        self, updates: Iterable[tuple[Mapping[str, Any] | Callable[[MutableMapping[str, Any]], None], QueryLike]]
    ) -> list[int]:
        steps = list(updates)
        return self._rewrite(steps, steps[0][1] if len(steps) == 1 else None, None)

    def _rewrite(self, steps: list[tuple[Any, Any]], cond: QueryLike | None, doc_ids: list[int] | None) -> list[int]:
        """Each step in turn on each document; each changed document is written once."""
        done, changed = [], []
        with self._engine.transaction():
            self._ensure()
            rows = self._rows_to_change(cond, doc_ids)
            ids = [repr(document.get("id")) for _, document, *_ in rows]
            for number, document, *_ in rows:
                for fields, test in steps:
                    if len(steps) > 1 and test is not None and not test(document):
                        continue
                    done.append(self.document_id_class(number))
                    if callable(fields):
                        fields(document)
                    else:
                        document.update(fields)
            for number, document, before_body, sort, search in {row[0]: row for row in rows}.values():
                if (body := dump(document)) != before_body:
                    changed.append((row_sum(sort, search, body), body.decode(), number))
            renamed = f",id={ID_OF.format('?2')}" if [repr(row[1].get("id")) for row in rows] != ids else ""
            try:
                self._engine.many(f"UPDATE {self._relation} SET crc=?1,body=?2{renamed} WHERE doc_id=?3", iter(changed))
            except sqlite3.IntegrityError as error:
                raise self._twin(error) from None
        self.clear_cache()
        return done

    def _rows_to_change(
        self, cond: QueryLike | None, doc_ids: list[int] | None
    ) -> list[tuple[int, dict[str, Any], bytes, str, str]]:
        what = f"doc_id, {_BODY}, sort, search"
        if doc_ids is not None:
            found = {row[0]: (row[0], load(row[1]), *row[1:]) for row in self._select(what, _numbered(doc_ids))}
            return [found[number] for number in doc_ids if number in found]
        fields = self._reading() or self._fields
        test, decide = narrowed(cond, fields)
        rows = [(number, load(body), body, sort, search) for number, body, sort, search in
                self._select(what, test, " ORDER BY doc_id")]
        return rows if decide is None else [row for row in rows if decide(row[1])]

    def upsert(self, document: Mapping[str, Any], cond: QueryLike | None = None) -> list[int]:
        with self._engine.transaction():
            return super().upsert(document, cond)

    def remove(self, cond: QueryLike | None = None, doc_ids: Iterable[int] | None = None) -> list[int]:
        if cond is None and doc_ids is None:
            raise RuntimeError("Use truncate() to remove all documents")
        wanted = None if doc_ids is None else list(doc_ids)
        with self._engine.transaction():
            self._ensure()
            gone = list(dict.fromkeys(row[0] for row in self._rows_to_change(cond, wanted)))
            self._engine.many(f"DELETE FROM {self._relation} WHERE doc_id=?", ((number,) for number in gone))
        self.clear_cache()
        return [self.document_id_class(number) for number in gone]

    def truncate(self) -> None:
        with self._engine.transaction():
            self._ensure()
            self._engine.execute(f"DELETE FROM {self._relation}")
            self._engine.execute("DELETE FROM sqlite_sequence WHERE name=?", (f"d:{self.name}",))
        self.clear_cache()

    # ---- TinyDB: reading --------------------------------------------------------------------------------------------
    def search(self, cond: QueryLike) -> list[Document]:
        cached = self._query_cache.capacity != 0
        if cached:
            if self._seen != (token := self._engine.token()):
                self.clear_cache()
                self._seen = token
            if (known := self._query_cache.get(cond)) is not None:
                return known[:]
        found = self._matching(cond)
        if cached and getattr(cond, "is_cacheable", lambda: True)():
            self._query_cache[cond] = found[:]
        return found

    def _matching(self, cond: QueryLike, size: int = -1) -> list[Document]:
        fields = self._reading()
        if fields is None:
            return []
        test, decide = narrowed(cond, fields)
        make, tail = self.document_class, f" ORDER BY doc_id LIMIT {size}" if decide is None and size >= 0 else " ORDER BY doc_id"
        rows = self._select(f"doc_id, {_BODY}", test, tail)
        if decide is None:
            return [make(load(body), number) for number, body in rows]
        found: list[Document] = []
        for number, body in rows:
            document = load(body)
            if decide(document):
                found.append(make(document, number))
                if len(found) == size:
                    break
        return found

    def get(  # type: ignore[override]  # TinyDB's overloads, told as one
        self, cond: QueryLike | None = None, doc_id: int | None = None, doc_ids: list[int] | None = None
    ) -> Document | list[Document] | None:
        if doc_id is not None:
            found = self._numbered([doc_id])
            return found[0] if found else None
        if doc_ids is not None:
            return self._numbered(doc_ids)
        if cond is None:
            raise RuntimeError("You have to pass either cond or doc_id or doc_ids")
        found = self._matching(cond, 1)
        return found[0] if found else None

    def _numbered(self, doc_ids: list[int]) -> list[Document]:
        if self._reading() is None:
            return []
        rows = self._select(f"doc_id, {_BODY}", _numbered(doc_ids), " ORDER BY doc_id")
        return [self.document_class(load(body), self.document_id_class(number)) for number, body in rows]

    def count(self, cond: QueryLike | None = None) -> int:
        """How many records the condition, or any TinyDB query, holds for."""
        if cond is None:
            return len(self)
        if self._query_cache.capacity:
            return len(self.search(cond))
        fields = self._reading()
        if fields is None:
            return 0
        if is_condition(cond):
            return int(self._select("count(*)", condition_sql(cond, fields))[0][0])
        return len(self._matching(cond))

    def __len__(self) -> int:
        return 0 if self._reading() is None else int(self._select("count(*)", Sql("1"))[0][0])

    def __iter__(self) -> Iterator[Document]:
        last = None
        while self._reading() is not None:
            test = Sql("1") if last is None else Sql("doc_id>?", (last,))
            rows = self._select(f"doc_id, {_BODY}", test, f" ORDER BY doc_id LIMIT {STEP}")
            for number, body in rows:
                yield self.document_class(load(body), self.document_id_class(number))
            if len(rows) < STEP:
                return
            last = rows[-1][0]

    def _get_next_id(self) -> int:
        """Takes the next number of a document, as TinyDB's own does."""
        with self._engine.transaction():
            self._ensure()
            name = f"d:{self.name}"
            row = self._engine.row("SELECT seq FROM sqlite_sequence WHERE name=?", (name,))
            number = (row[0] if row else 0) + 1
            update, insert = "UPDATE sqlite_sequence SET seq=? WHERE name=?", "INSERT INTO sqlite_sequence(seq,name) VALUES (?,?)"
            self._engine.execute(update if row else insert, (number, name))
        return self.document_id_class(number)

    def _read_table(self) -> dict[str, Mapping[str, Any]]:
        return {str(document.doc_id): dict(document) for document in self}

    def _twin(self, error: sqlite3.IntegrityError) -> BadInput:
        """`UNIQUE constraint failed: d:teacher.f:name, d:teacher.f:day`, in words."""
        stem = f"d:{self.name}."
        columns = str(error).partition(": ")[2].split(", ")
        names = "、".join(column.removeprefix(stem).removeprefix("f:") for column in columns)
        return BadInput(Problem(f"{self.name} {names}", "已有相同的记录,这一项不能重复", "请改用已有的记录,或换一个值"))


def _test(where: Condition | None, fields: JsonFields) -> Sql:
    return condition_sql(where, fields) if where is not None else Sql("1")


def _numbered(doc_ids: list[int]) -> Sql:
    if len(doc_ids) == 1:
        number = doc_ids[0]
        return Sql("doc_id=?", (number,)) if isinstance(number, int) and -(2**63) <= number < 2**63 else Sql("0")
    return Sql("doc_id IN (SELECT value FROM json_each(?))", (json.dumps(doc_ids),))

"""What every engine must promise beyond TinyDB's interface: records, pages, tallies, transactions, history, entries, trust."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jiaoyan.conditions import AllOf, Between, Condition, Exists, Has, In, Is, Not, Text
from jiaoyan.errors import BadInput, Busy, Conflict, JiaoyanError, NotFound, ReadOnly
from jiaoyan.store import Store, TableSpec
from tests.store.conftest import FULL, SqliteEngine

ACTIVITY = TableSpec("activity", indexed=(("kind",), ("when.last",), ("teacher", "kind")), unique=(("code",), ("room", "when.last")))


def lesson(number: int, **fields: Any) -> dict[str, Any]:
    return {"id": f"{number:012}", "rev": 1, "kind": "听课", "when": {"last": f"2026-09-{1 + number % 28:02}"}, **fields}


def saved(store: Store, *documents: dict[str, Any], action: str = "create", label: str = "录入", actor: str = "unix:a") -> int:
    """Put and log, as a change does."""
    with store.transaction():
        change = store.begin_change(label, actor, "2026-09-01T00:00:00.000Z")
        for document in documents:
            store.table("activity").put(document)
            store.log(change, "activity", document["id"], document["rev"], 1, action, document)
    return change


# ---- records --------------------------------------------------------------------------------------------------------
def test_a_record_is_put_replaced_found_and_dropped(store: Store) -> None:
    store.declare(ACTIVITY)
    table = store.table("activity")
    assert table.by_id("000000000001") is None
    assert table.by_ids(["000000000001"]) == {}
    assert table.page() == []
    assert table.place("000000000001") is None
    table.put(lesson(1))
    table.put(lesson(2))
    table.put(lesson(1, rev=2, theme="新"))
    assert table.by_id("000000000001") == lesson(1, rev=2, theme="新")
    assert table.by_ids(["000000000002", "x", "000000000001"]).keys() == {"000000000001", "000000000002"}
    assert [d["id"] for d in table.page()] == ["000000000001", "000000000002"]
    table.drop(["000000000001", "nobody"])
    assert table.by_id("000000000001") is None
    assert len(table) == 1


def test_unique_fields_collide_with_words_and_missing_ones_never_do(store: Store) -> None:
    store.declare(ACTIVITY)
    table = store.table("activity")
    table.put(lesson(1, code="A", room="101"))
    with pytest.raises(BadInput) as caught:
        table.put(lesson(2, code="A"))
    assert "code" in caught.value.problems[0].where
    with pytest.raises(BadInput) as caught:
        table.put({**lesson(2, room="101"), "when": {"last": lesson(1)["when"]["last"]}})
    assert "room、when.last" in caught.value.problems[0].where
    for number in (3, 4):
        table.put({**lesson(number, code=None), "when": {"last": lesson(1)["when"]["last"]}})
    table.put(lesson(1, rev=2, code="A", room="101"))
    assert len(table) == 3


def test_a_table_takes_on_columns_and_indexes_that_are_declared_later(store: Store, reopened: Callable[..., Store]) -> None:
    store.table("activity").put(lesson(1, code="A"))
    again = reopened()
    again.declare(ACTIVITY)
    assert again.table("activity").count(Is(field="code", value="A")) == 1
    with pytest.raises(BadInput):
        again.table("activity").put(lesson(2, code="A"))
    store.table("activity").put(lesson(2, code="B"))
    again.declare(TableSpec("activity"))
    again.table("activity").put(lesson(3, code="A"))
    assert store.table("activity").count(In(field="code", values=("A", "B"))) == 3


def test_doubled_records_shut_nobody_out_and_are_named_until_they_are_changed(store: Store, reopened: Callable[..., Store]) -> None:
    for number in (1, 2):
        store.table("activity").put(lesson(number, code="A"))
    store.declare(ACTIVITY)
    assert len(store.table("activity").page(Is(field="code", value="A"))) == 2
    assert [str(problem) for problem in store.verify()] == ["activity:code 应当不重复,但已有重复的记录(请改掉重复的记录,再重新打开)"]
    store.table("activity").put(lesson(3, room="101"))
    with pytest.raises(BadInput):
        store.table("activity").put({**lesson(4, room="101"), "when": lesson(3)["when"]})  # the other index stands
    store.table("activity").put(lesson(2, code="B"))
    again = reopened()
    again.declare(ACTIVITY)
    assert again.verify() == []
    with pytest.raises(BadInput):
        store.table("activity").put(lesson(5, code="A"))


def test_a_dropped_table_is_gone_for_every_thread(store: Store) -> None:
    store.table("t").put({"id": "a"})
    seen: list[int] = []
    other = threading.Thread(target=store.drop_table, args=("t",))
    assert store.table("t").count() == 1
    other.start()
    other.join()
    seen.append(store.table("t").count())
    store.table("t").put({"id": "b"})
    assert [*seen, store.table("t").count()] == [0, 1]


def test_ids_are_found_by_their_beginning(store: Store) -> None:
    for name in ("abc1", "abc2", "abd1", "b"):
        store.table("t").put({"id": name})
    assert store.table("t").ids_like("abc") == ["abc1", "abc2"]
    assert store.table("t").ids_like("a", size=2) == ["abc1", "abc2"]
    assert store.table("t").ids_like("z") == []
    assert len(store.table("t").ids_like("")) == 4


def test_the_id_follows_the_document(store: Store) -> None:
    table = store.table("t")
    table.insert_multiple([{"id": "a"}, {"id": 7}, {"id": ["x"]}, {}])
    assert table.count(Is(field="id", value=7)) == 1
    assert table.count(Is(field="id")) == 1
    table.update({"id": "b"}, doc_ids=[1])
    assert table.by_id("a") is None
    assert table.by_id("b") == {"id": "b"}
    with pytest.raises(BadInput):
        table.update({"id": "b"}, doc_ids=[2])
    with pytest.raises(ValueError, match="text"):
        table.put({"id": 7})
    assert store.verify() == []


def test_changes_are_ordered_by_number_though_the_clock_went_back(store: Store) -> None:
    with store.transaction():
        for time in ("2026-09-02T00:00:00.000Z", "2020-01-01T00:00:00.000Z"):
            change = store.begin_change("录入", "unix:a", time)
            store.table("t").put({"id": time})
            store.log(change, "t", time, 1, 1, "create", {"id": time})
    assert [head.time[:4] for head in store.changes()] == ["2026", "2020"]
    assert [row.time[:4] for row in store.changed_since(0)] == ["2026", "2020"]
    assert store.verify() == []


# ---- pages ----------------------------------------------------------------------------------------------------------
mixed = st.none() | st.integers(-2, 2) | st.sampled_from(["", "a", "b", "张"]) | st.booleans() | st.just(0.5)


def rank(value: Any) -> tuple[int, Any]:
    """Missing first, then numbers, then text."""
    if value is None:
        return 0, 0
    return (2, value) if isinstance(value, str) else (1, float(value))


@settings(max_examples=1000 if FULL else 60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(st.tuples(mixed, mixed, st.sampled_from(["", "1", "2"])), max_size=8),
    sort=st.sampled_from([(), ("-",), ("a",), ("-a",), ("a", "-b"), ("-b", "a"), ("-a", "-b"), ("deep.x",)]),
    only=st.sampled_from([None, Exists(field="a"), Not(of=Is(field="b", value="a"))]),
    first=st.integers(0, 3), size=st.none() | st.integers(0, 4),
)
def test_pages_are_in_order_and_every_record_knows_its_place(
    store: Store, rows: list[tuple[Any, Any, str]], sort: tuple[str, ...], only: Condition | None, first: int, size: int | None
) -> None:
    table = store.table("paged")
    table.truncate()
    held = [{"id": str(n), "a": a, "b": b} for n, (a, b, _) in enumerate(rows)]
    for document, (_, _, key) in zip(held, rows, strict=True):
        table.put(document, sort=key)
    expected = [d for d in held if only is None or only(d)]
    keys = {d["id"]: row[2] for d, row in zip(held, rows, strict=True)}
    if sort in ((), ("-",)):
        expected.sort(key=lambda d: keys[d["id"]], reverse=bool(sort))
    for path in reversed(sort if sort != ("-",) else ()):
        expected.sort(key=lambda d: rank(d.get(path.removeprefix("-"))), reverse=path.startswith("-"))
    assert table.page(only, sort) == expected
    assert table.page(only, sort, first, size) == expected[first:][:size]
    for document in held:
        place = expected.index(document) if document in expected else None
        assert table.place(document["id"], only, sort) == place


def test_figures_are_counted_in_the_engine(store: Store) -> None:
    table = store.table("work")
    for number, (kind, chars) in enumerate([("论文", 3000), ("论文", 500), ("反思", 800), ("反思", None)]):
        table.put({"id": str(number), "kind": kind, "chars": chars, "tags": ["公开", kind], "open": number % 2 == 0})
    assert table.tally(None, ("kind",), ("chars",)) == {("论文",): (2, 3500), ("反思",): (2, 800)}
    assert table.tally(Between(field="chars", first=600), ("kind", "open")) == {("论文", 1): (1,), ("反思", 1): (1,)}
    assert table.tally(None, (), ("chars",)) == {(): (4, 4300)}
    assert table.tally(Is(field="kind", value="x"), ()) == {}
    assert table.values("kind") == ["反思", "论文"]
    assert table.values("tags") == ["公开", "反思", "论文"]
    assert table.values("tags", Is(field="kind", value="论文"), size=1) == ["公开"]
    assert table.values("chars") == ["500", "800", "3000"]
    assert table.values("nothing") == []


# ---- transactions ---------------------------------------------------------------------------------------------------
def test_a_transaction_is_all_or_nothing_and_takes_others_in(store: Store, reopened: Callable[..., Store]) -> None:
    store.table("t").put({"id": "a"})
    other, seen = reopened(), store.token()

    def half_done() -> None:
        with store.transaction():
            store.table("t").put({"id": "b"})
            with store.transaction():
                store.table("new").put({"id": "c"})
                store.set_meta("k", "v")
            assert store.table("t").count() == 2
            assert other.table("t").count() == 1
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        half_done()
    assert store.table("t").count() == 1
    assert store.table("new").count() == 0
    assert store.meta("k", "nothing") == "nothing"
    assert store.token() == seen
    store.table("new").put({"id": "c"})
    assert other.table("new").count() == 1


def test_what_others_wrote_since_is_told(store: Store, reopened: Callable[..., Store]) -> None:
    other = reopened()

    def written(label: str, id: str) -> int:
        with other.transaction():
            number = other.begin_change(label, "unix:b", "2026-09-01T00:00:00.000Z")
            other.table("t").put({"id": id, "rev": 1})
            other.log(number, "t", id, 1, 1, "create", {"id": id, "rev": 1})
        return number

    first, seq = written("一", "a"), store.last_seq()
    written("二", "b")
    written("三", "c")
    assert [head.label for head in store.changes(since=first)] == ["二", "三"]
    assert [head.label for head in store.changes(since=first, size=1)] == ["二"]
    assert [row.record for row in store.changed_since(seq)] == ["b", "c"]
    assert store.changes(since=first + 2) == []


def test_the_token_moves_when_anybody_writes_and_only_then(store: Store, reopened: Callable[..., Store]) -> None:
    other = reopened()
    seen = store.token()
    assert store.token() == seen
    store.table("t").page()
    other.table("t").count()
    assert store.token() == seen
    other.table("t").put({"id": "a"})
    moved = store.token()
    assert moved != seen
    store.table("t").put({"id": "b"})
    assert store.token() != moved


def test_who_waits_too_long_is_told(store: Store, engine: SqliteEngine) -> None:
    impatient = engine.open(store.path, deadline=0.2)
    with store.transaction():
        store.table("t").put({"id": "a"})
        with pytest.raises(Busy, match=r"0\.2 秒"):
            impatient.table("t").put({"id": "b"})
        assert impatient.table("t").count() == 0
    impatient.table("t").put({"id": "b"})
    assert store.table("t").count() == 2
    impatient.close()


def test_threads_queue_and_read_side_by_side(store: Store) -> None:
    table, failures = store.table("t"), []

    def write(first: int) -> None:
        try:
            for number in range(first, first + 25):
                with store.transaction():
                    held = table.by_id("sum") or {"id": "sum", "n": 0}
                    table.put({"id": "sum", "n": held["n"] + 1})
                    table.put({"id": str(number)})
        except JiaoyanError as error:
            failures.append(error)

    threads = [threading.Thread(target=write, args=(n * 100,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    assert table.by_id("sum") == {"id": "sum", "n": 100}
    assert len(table) == 101


def test_a_reader_with_an_open_iterator_never_stops_a_writer(store: Store, reopened: Callable[..., Store]) -> None:
    store.table("t").insert_multiple({"n": n} for n in range(5000))
    walk = iter(reopened().table("t"))
    next(walk)
    store.table("t").insert({"n": 5000})
    assert sum(1 for _ in walk) == 5000


def test_a_closed_store_says_so(store: Store) -> None:
    store.close()
    with pytest.raises(JiaoyanError, match="已经关闭"):
        store.table("t").page()


# ---- opening --------------------------------------------------------------------------------------------------------
def test_create_never_overwrites_and_open_needs_a_store(engine: SqliteEngine, tmp_path: Path) -> None:
    with engine.create(tmp_path / "s.db") as made:
        made.table("t").put({"id": "a"})
    with pytest.raises(BadInput, match="不会覆盖"):
        engine.create(tmp_path / "s.db")
    with pytest.raises(NotFound):
        engine.open(tmp_path / "other.db")
    with pytest.raises(NotFound):
        engine.create(tmp_path / "no folder" / "s.db")
    with engine.open(tmp_path / "s.db") as opened:
        assert opened.table("t").count() == 1


def test_read_only_reads_and_refuses_to_write(store: Store, reopened: Callable[..., Store]) -> None:
    store.table("t").put({"id": "a"})
    reader = reopened(read_only=True)
    assert reader.table("t").page() == [{"id": "a"}]
    with pytest.raises(ReadOnly):
        reader.table("t").put({"id": "b"})
    with pytest.raises(ReadOnly):
        reader.set_meta("k", "v")
    with pytest.raises(ReadOnly):
        reader.table("t").truncate()
    store.table("t").put({"id": "b"})
    assert reader.table("t").count() == 2
    reader.declare(TableSpec("t", (("x",),)))
    assert reader.table("t").count(Is(field="x")) == 2


# ---- history --------------------------------------------------------------------------------------------------------
def test_history_tells_who_did_what_when(store: Store) -> None:
    first = saved(store, lesson(1), lesson(2))
    second = saved(store, lesson(1, rev=2, theme="新"), action="save", label="改课题", actor="unix:b")
    with store.transaction():
        third = store.begin_change("删除", "unix:a", "2026-09-03T00:00:00.000Z", undoes=first)
        store.table("activity").drop([lesson(2)["id"]])
        store.log(third, "activity", lesson(2)["id"], 2, 1, "remove", None)
    assert [(row.action, row.rev, row.actor, row.document) for row in store.history_of("activity", lesson(1)["id"])] == [
        ("create", 1, "unix:a", lesson(1)), ("save", 2, "unix:b", lesson(1, rev=2, theme="新")),
    ]
    assert [(row.record, row.action) for row in store.history_of_change(third)] == [(lesson(2)["id"], "remove")]
    assert [(head.change, head.label, head.rows, head.undoes) for head in store.changes()] == [
        (first, "录入", 2, 0), (second, "改课题", 1, 0), (third, "删除", 1, first),
    ]
    assert [head.change for head in store.changes(newest=True, size=2)] == [third, second]
    assert [head.change for head in store.changes(since=first, actor="unix:a")] == [third]
    assert [row.seq for row in store.changed_since(2)] == [3, 4]
    assert store.last_seq() == 4
    assert store.history_of("activity", "nobody") == []
    assert store.verify() == []


def test_history_is_written_inside_a_transaction_alone(store: Store) -> None:
    with pytest.raises(RuntimeError):
        store.begin_change("x", "a", "t")
    with store.transaction():
        change = store.begin_change("x", "a", "t")
    with pytest.raises(RuntimeError):
        store.log(change, "t", "a", 1, 1, "create", {"id": "a"})


def test_an_erased_record_leaves_the_chain_whole(store: Store) -> None:
    saved(store, lesson(1), lesson(2))
    head = store.history.head()
    with store.transaction():
        assert store.history.erase("activity", lesson(1)["id"]) == 1
        store.table("activity").drop([lesson(1)["id"]])
    assert store.history_of("activity", lesson(1)["id"])[0].document is None
    assert store.history.head() == head
    assert store.verify() == []


# ---- entries --------------------------------------------------------------------------------------------------------
def entry(teacher: str, kind: str = "listen", day: str = "2026-09-01", **fields: Any) -> dict[str, Any]:
    return {"teacher": teacher, "kind": kind, "day": day, "amount": 1000, **fields}


def test_entries_go_with_their_record(store: Store) -> None:
    store.entries.replace("activity", "a", 1, [entry("t1"), entry("t2", role="speaker", minutes=40)])
    store.entries.replace("work", "a", 1, [entry("t1", "essay", chars=3000)])
    assert [e["teacher"] for e in store.entries.of("activity", "a")] == ["t1", "t2"]
    assert store.entries.of("activity", "a")[1] == {
        "register": "activity", "record": "a", "rev": 1, "kind": "listen", "day": "2026-09-01", "role": "speaker",
        "teacher": "t2", "group": "", "level": "", "prize": "", "topic": "", "subject": "", "grade": "", "amount": 1000,
        "minutes": 40, "chars": 0,
    }
    store.entries.replace("activity", "a", 2, [entry("t3")])
    assert [(e["teacher"], e["rev"]) for e in store.entries.page()] == [("t1", 1), ("t3", 2)]
    assert [e["teacher"] for e in store.entries.page(sort=("-kind", "day"))] == ["t3", "t1"]
    assert [e["teacher"] for e in store.entries.page(sort=("-",), size=1)] == ["t3"]
    store.entries.replace("activity", "a", 3, [entry("t3")])  # nothing that counts has changed
    assert [e["rev"] for e in store.entries.of("activity", "a")] == [3]
    assert store.verify() == []
    store.entries.replace("activity", "a", 3, [])
    assert store.entries.count() == 1
    store.entries.drop_register("work")
    assert store.entries.page() == []
    with pytest.raises(ValueError, match="colour"):
        store.entries.replace("activity", "a", 1, [entry("t1", colour="red")])


@settings(max_examples=1000 if FULL else 60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_entries_are_chosen_as_the_condition_says(store: Store, data: st.DataObject) -> None:
    words = st.sampled_from(["", "1", "0", "听", "a", "A", "40"])
    figures = st.sampled_from([0, 1, 40, 1000])
    rows = data.draw(st.lists(st.fixed_dictionaries({
        "kind": words, "day": words, "teacher": words, "amount": figures, "minutes": figures}), max_size=6))
    field = st.sampled_from(["kind", "teacher", "minutes", "amount", "rev", "register", "unknown", "kind.x"])
    value = st.none() | words | figures | st.just(2**70) | st.just(True) | st.just(1.0)
    bound = st.none() | words | figures | st.just(-(2**70))
    leaf = st.one_of(
        st.builds(Is, field=field, value=value), st.builds(In, field=field, values=st.lists(value, max_size=3).map(tuple)),
        st.builds(Between, field=field, first=bound, last=bound), st.builds(Exists, field=field),
        st.builds(Text, field=field, words=st.lists(words, max_size=2).map(tuple)), st.builds(Has, field=field, value=value),
    )
    condition: Condition = data.draw(st.one_of(leaf, st.builds(Not, of=leaf), st.builds(AllOf, of=st.tuples(leaf, leaf))))
    store.entries.replace("activity", "a", 1, rows)
    held = store.entries.of("activity", "a")
    assert len(held) == len(rows)
    expected = [e for e in held if condition(e)]
    assert store.entries.page(condition) == expected
    assert store.entries.count(condition) == len(expected)
    tally = store.entries.tally(condition, ("teacher",), ("minutes",))
    for teacher in {e["teacher"] for e in expected}:
        minutes = [e["minutes"] for e in expected if e["teacher"] == teacher]
        assert tally[teacher,] == (len(minutes), sum(minutes))
    assert len(tally) == len({e["teacher"] for e in expected})


# ---- trust ----------------------------------------------------------------------------------------------------------
def test_a_backup_is_whole_while_others_write(store: Store, engine: SqliteEngine, tmp_path: Path) -> None:
    saved(store, *(lesson(n) for n in range(200)))
    store.entries.replace("activity", lesson(1)["id"], 1, [entry("t1")])
    target, stop = tmp_path / "backup.db", threading.Event()

    def write() -> None:
        number = 1000
        while not stop.is_set():
            saved(store, lesson(number))
            number += 1

    writer = threading.Thread(target=write)
    writer.start()
    try:
        store.backup(target)
    finally:
        stop.set()
        writer.join()
    with pytest.raises(BadInput):
        store.backup(target)
    with engine.open(target) as copy:
        assert copy.verify() == []
        assert copy.table("activity").count() >= 200
        assert copy.entries.count() == 1
        assert copy.last_seq() == copy.table("activity").count()
        copy.table("activity").put(lesson(5000))
    assert sorted(p.name for p in tmp_path.iterdir() if "new" in p.name) == []


def test_conflict_carries_all_versions() -> None:
    conflict = Conflict("x", base={"a": 1}, mine={"a": 2}, theirs={"a": 3})
    assert (conflict.base, conflict.mine, conflict.theirs) == ({"a": 1}, {"a": 2}, {"a": 3})

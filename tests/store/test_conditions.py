"""Random documents × random conditions: the engine's answer against the Condition called in Python, and against plain TinyDB."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tinydb import Query, TinyDB
from tinydb.queries import QueryInstance
from tinydb.storages import MemoryStorage

from jiaoyan.conditions import AllOf, AnyOf, Between, Condition, Exists, Has, In, Is, Not, Text, Under, at
from jiaoyan.errors import BadInput
from jiaoyan.store import Store, TableSpec
from jiaoyan.store.translate import caseless
from tests.store.conftest import FULL

EXAMPLES = 3000 if FULL else 200
NAMES = ("a", "b", "c", "姓名", "it's", 'q"q', "back\\slash", "sp ace", "$", "x[0]")
TEXTS = ("", "a", "A", "ß", "ss", "STRASSE", "straße", "听课", "听课记录", "[1]", "[]", "{}", '{"a":1}', "[x", "{", "|", "\\",
         "1", "true", "null", "%", "_", "100%", "K", "k", "Ａ", "ａ", "\n", "\x1f", "\x7f", "😀", "2026-09-01", '"', "a\"b")
NUMBERS = (0, 1, -1, 2, 3, 2**53, 2**53 + 1, 2**63 - 1, -(2**63), 2**63, 2**64 - 1, 2**64, 10**30, 0.5, 1.0, 1e22, 0.1, 3.0)

texts = st.sampled_from(TEXTS) | st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=4)
numbers = st.sampled_from(NUMBERS) | st.integers(-5, 5) | st.floats(allow_nan=False, allow_infinity=False)
scalars = st.none() | st.booleans() | numbers | texts
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=3), max_leaves=6
)
documents = st.dictionaries(st.sampled_from(NAMES), values, max_size=5)
paths = st.lists(st.sampled_from((*NAMES, "")), min_size=1, max_size=3).map(".".join)
bounds = st.none() | numbers | texts
leaves: st.SearchStrategy[Condition] = st.one_of(
    st.builds(Is, field=paths, value=scalars),
    st.builds(In, field=paths, values=st.lists(scalars, max_size=4).map(tuple)),
    st.builds(In, field=paths, values=st.lists(st.integers(-5, 200), min_size=101, max_size=110).map(tuple)),
    st.builds(Has, field=paths, value=scalars),
    st.builds(Between, field=paths, first=bounds, last=bounds),
    st.builds(Text, field=paths.filter(bool), words=st.lists(texts, max_size=2).map(tuple)),
    st.builds(Exists, field=paths),
)
conditions: st.SearchStrategy[Condition] = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.builds(AllOf, of=st.lists(inner, max_size=3).map(tuple)),
        st.builds(AnyOf, of=st.lists(inner, max_size=3).map(tuple)),
        st.builds(Not, of=inner),
    ),
    max_leaves=5,
)
ROUNDS = settings(
    max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)


@pytest.fixture(scope="module")
def shared() -> Iterator[Store]:
    with tempfile.TemporaryDirectory() as folder, Store.create(Path(folder) / "s.db") as opened:
        opened.declare(TableSpec("indexed", (("a",), ("b", "c"), ("姓名",), ("a.b",))))
        yield opened


def answers(condition: Condition, held: list[dict[str, Any]]) -> list[int]:
    """Which documents the Condition itself chooses."""
    return [n for n, document in enumerate(held) if condition(document)]


@ROUNDS
@given(held=st.lists(documents, max_size=6), condition=conditions, indexed=st.booleans())
def test_the_engine_answers_as_the_condition_does(
    shared: Store, held: list[dict[str, Any]], condition: Condition, indexed: bool
) -> None:
    expected = answers(condition, held)
    table = shared.table("indexed" if indexed else "plain")
    table.truncate()
    table.insert_multiple({**document, "n": n} for n, document in enumerate(held))
    assert [document["n"] for document in table.page(condition)] == expected
    assert table.count(condition) == len(expected)
    assert [document["n"] for document in table.search(condition)] == expected
    assert sum(count for (count,) in table.tally(condition, ("n",)).values()) == len(expected)


# ---- TinyDB's queries -----------------------------------------------------------------------------------------------
def comparisons() -> st.SearchStrategy[QueryInstance]:
    simple = st.one_of(
        st.tuples(st.just("=="), scalars), st.tuples(st.just("!="), scalars), st.tuples(st.just("exists"), st.none()),
        st.tuples(st.just("one_of"), st.lists(scalars, max_size=3)), st.tuples(st.just("test"), st.none()),
    )
    makes: dict[str, Callable[[Any, Any], QueryInstance]] = {
        "==": lambda q, v: q == v, "!=": lambda q, v: q != v, "exists": lambda q, _: q.exists(),
        "one_of": lambda q, v: q.one_of(v), "test": lambda q, _: q.test(bool),
    }

    def make(names: list[str], chosen: tuple[str, Any]) -> QueryInstance:
        query = Query()
        for name in names:
            query = query[name]
        return makes[chosen[0]](query, chosen[1])

    names = st.lists(st.sampled_from((*NAMES, "a.b")), min_size=1, max_size=2)
    return st.recursive(
        st.builds(make, names, simple),
        lambda inner: st.builds(lambda a, b: a & b, inner, inner) | st.builds(lambda a, b: a | b, inner, inner)
        | st.builds(lambda a: ~a, inner),
        max_leaves=4,
    )


@ROUNDS
@given(held=st.lists(documents, max_size=6), query=comparisons(), steps=st.lists(st.integers(0, 5), max_size=3))
def test_the_table_answers_as_plain_tinydb_does(
    shared: Store, held: list[dict[str, Any]], query: QueryInstance, steps: list[int]
) -> None:
    with TinyDB(storage=MemoryStorage) as plain:
        plain_table, ours = plain.table("t"), shared.table("plain")
        ours.truncate()
        assert plain_table.insert_multiple(held) == ours.insert_multiple(held)
        for step in steps:
            match step:
                case 0:
                    assert plain_table.remove(query) == ours.remove(query)
                case 1:
                    assert plain_table.update({"b": 7}, query) == ours.update({"b": 7}, query)
                case 2:
                    assert plain_table.upsert({"c": 1, "n": 5}, query) == ours.upsert({"c": 1, "n": 5}, query)
                case 3:
                    assert plain_table.insert({"a": 1}) == ours.insert({"a": 1})
                case 4:
                    assert plain_table.remove(doc_ids=[2, 9]) == ours.remove(doc_ids=[2, 9])
                case _:
                    assert plain_table.update({"a": "x"}, doc_ids=[1, 1, 8]) == ours.update({"a": "x"}, doc_ids=[1, 1, 8])
            plain_table.clear_cache()
        assert plain_table.all() == ours.all()
        plain_table.clear_cache()
        found = plain_table.search(query)
        assert [(d.doc_id, d) for d in ours.search(query)] == [(d.doc_id, d) for d in found]
        assert ours.count(query) == len(found)
        assert ours.get(query) == (found[0] if found else None)


# ---- by hand --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("condition", "expected"), [
    (Is(field="v", value="[1]"), ["text"]),
    (Is(field="v", value=1), ["one", "true"]),
    (Is(field="v"), ["null", "missing"]),
    (Between(field="v", first="["), ["text", "brackets", "word"]),
    (Between(field="v", first=0), ["one"]),
    (Exists(field="v"), ["list", "text", "brackets", "one", "true", "word"]),
    (Has(field="v", value=1), ["list"]),
    (Not(of=Is(field="v", value=1)), ["list", "empty", "text", "brackets", "null", "missing", "word"]),
])
def test_what_looks_alike_in_json_is_told_apart(store: Store, condition: Condition, expected: list[str]) -> None:
    held: dict[str, Any] = {"list": [1], "text": "[1]", "empty": [], "brackets": "[]", "one": 1, "true": True, "null": None, "word": "听课"}
    table = store.table("t")
    table.insert_multiple([*({"name": name, "v": value} for name, value in held.items()), {"name": "missing"}])
    assert sorted(document["name"] for document in table.page(condition)) == sorted(expected)


def test_words_are_sought_in_the_search_text_without_case(store: Store) -> None:
    table = store.table("teacher")
    table.put({"id": "1", "name": "张三"}, search="张三 Zhang San zs Straße 100%")
    table.put({"id": "2", "name": "李四"}, search="李四 lisi")
    for words in (("zhang",), ("ZHANG", "张"), ("STRASSE",), ("100%",), ()):
        assert "1" in [d["id"] for d in table.page(Text(words=words))], words
    for words in (("zhang", "李"), ("1%0",), ("z_ang",), ("\ud800",)):
        assert table.count(Text(words=words)) == 0, words


@pytest.mark.parametrize(("word", "expected"), [
    ("strasse", ["1", "2"]), ("STRAßE", ["1", "2"]), ("ａ", ["3"]), ("k", ["4"]), ("听课", ["3"]), ("", ["1", "2", "3", "4"]), ("5", []),
])
def test_words_are_sought_in_a_field_without_case(store: Store, word: str, expected: list[str]) -> None:
    held: list[Any] = ["Straße", "STRASSE", "听课Ａ", "\u212a", 5, ["听课"], None]
    store.table("t").insert_multiple({"id": str(n), "v": value} for n, value in enumerate(held, 1))
    condition = Text(field="v", words=(word,))
    assert [d["id"] for d in store.table("t").page(condition)] == expected
    assert [d["id"] for d in store.table("t").all() if condition(d)] == expected


def test_has_goes_through_lists_of_lists(store: Store) -> None:
    table = store.table("t")
    table.insert({"parts": [{"people": [{"teacher": "t1"}, {"teacher": "t2"}]}, [{"people": [{"teacher": "t3"}]}]]})
    table.insert({"parts": {"people": {"teacher": "t1"}}, "note": "t1"})
    for teacher, count in (("t1", 1), ("t2", 1), ("t3", 1), ("t4", 0)):
        assert table.count(Has(field="parts.people.teacher", value=teacher)) == count


def test_an_under_that_was_not_resolved_is_refused(store: Store) -> None:
    store.table("t").insert({"kind": "x"})
    with pytest.raises(TypeError):
        store.table("t").page(Under(field="kind", value="x"))


def test_a_query_that_raises_tells_its_own_error(store: Store) -> None:
    store.table("t").insert({"v": [1]})
    with pytest.raises(TypeError):
        store.table("t").count(Query()["v"] < 2)
    assert store.table("t").count(Between(field="v", first=2**63)) == 0


def test_caseless_letters_never_come_out_of_folding_others() -> None:
    """Every letter of Unicode: the shortcut past `fold` is exact."""
    for number in range(sys.maxunicode + 1):
        letter = chr(number)
        if not 0xD800 <= number < 0xE000 and (folded := letter.casefold()) != letter:
            assert not caseless(letter)
            assert not any(caseless(part) for part in folded), hex(number)


def test_documents_keep_whole_numbers_of_any_size_and_refuse_what_is_no_json(store: Store) -> None:
    table = store.table("t")
    table.insert({"big": 10**40, "small": -(2**63)})
    assert table.all() == [{"big": 10**40, "small": -(2**63)}]
    for bad in (float("nan"), float("inf"), [float("-inf")], {"x": float("nan")}, "a\0b", ["\0"], "\ud800", [2**70, float("nan")]):
        with pytest.raises(BadInput):
            table.insert({"v": bad})
    table.insert({"v": "\\u0000 null NaN"})
    with pytest.raises(TypeError):
        table.insert({"v": object()})
    assert len(table) == 2


def test_at_and_the_engine_agree_on_paths_through_lists(store: Store) -> None:
    document = {"a": [{"b": 1}], "0": 2}
    store.table("t").insert(document)
    for path in ("a.b", "a.0", "a.0.b", "0", "a."):
        found = at(document, path)
        assert store.table("t").count(Is(field=path, value=found)) == 1

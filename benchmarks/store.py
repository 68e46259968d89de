"""The store beside plain TinyDB and hand-written sqlite3, in one run.

`python -m benchmarks.store [--sizes 1000,20000,200000] [--million] [--district]`
"""

from __future__ import annotations

import argparse
import gc
import os
import platform
import random
import shutil
import sqlite3
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Protocol

import orjson
import tinydb.version
from tinydb import TinyDB, where
from tinydb.storages import JSONStorage

from jiaoyan.conditions import AllOf, Between, In, Is
from jiaoyan.store import Store, TableSpec

LIMITS = {  # STORE.md at 20,000 documents: at most so many times the hand-written, at least so many times faster than TinyDB
    "insert": (1.5, 100), "update": (1.5, None), "get": (5, 1000), "search": (1.5, 100), "group": (1.5, None),
    "scan": (2, None), "batch": (2, None),
}
TITLES = {
    "insert": "durable insert", "update": "update", "get": "get by id", "search": "search by two declared fields (term, teacher)",
    "group": "group matrix (teacher × kind of a term)", "scan": "scan with a Python predicate", "batch": "batch of 1,000",
}
TINYDB_UPTO = 200_000
TERM = "2026-2027-1"


def documents(count: int, first: int = 0) -> Iterator[dict[str, Any]]:
    """Activities of a school: ten terms, 200 teachers, 20 kinds."""
    chance = random.Random(first)
    for n in range(first, first + count):
        day = date(2026, 9, 1) + timedelta(days=n % 150)
        yield {
            "id": f"{n:012x}", "rev": 1, "term": f"{2022 + n % 5}-{2023 + n % 5}-{1 + n // 5 % 2}",
            "teacher": f"t{chance.randrange(200):04}", "kind": f"kind{chance.randrange(20):02}", "day": day.isoformat(),
            "minutes": 40 + n % 5, "theme": f"第 {n} 次 单元整体教学研讨", "place": "录播教室",
            "participants": [{"teacher": f"t{chance.randrange(200):04}", "role": "listener"} for _ in range(3)],
        }


def chosen(document: dict[str, Any]) -> bool:
    """What only Python can decide."""
    return document["minutes"] == 42 and len(document["participants"]) == 3 and document["theme"].endswith("研讨")


class Rival(Protocol):
    def fill(self, documents: list[dict[str, Any]]) -> None: ...
    def insert(self, document: dict[str, Any]) -> None: ...
    def update(self, record: str, minutes: int) -> None: ...
    def get(self, record: str) -> Any: ...
    def search(self, term: str, teacher: str) -> int: ...
    def group(self) -> int: ...
    def scan(self) -> int: ...
    def batch(self, documents: list[dict[str, Any]]) -> None: ...
    def size(self) -> int: ...
    def close(self) -> None: ...


class PlainTinyDB:
    """As its manual has it; it does not wait for the disk."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "tinydb.json"
        self.db = TinyDB(self.path, storage=JSONStorage, ensure_ascii=False, encoding="utf-8")
        self.table = self.db.table("activity", cache_size=0)

    def fill(self, documents: list[dict[str, Any]]) -> None:
        self.table.insert_multiple(documents)

    def insert(self, document: dict[str, Any]) -> None:
        self.table.insert(document)

    def update(self, record: str, minutes: int) -> None:
        self.table.update({"minutes": minutes}, where("id") == record)

    def get(self, record: str) -> Any:
        return self.table.get(where("id") == record)

    def search(self, term: str, teacher: str) -> int:
        return len(self.table.search((where("term") == term) & (where("teacher") == teacher)))

    def group(self) -> int:
        return len(Counter((d["teacher"], d["kind"]) for d in self.table.search(where("term") == TERM)))

    def scan(self) -> int:
        return len(self.table.search(chosen))  # type: ignore[arg-type]  # a function is a query too

    def batch(self, documents: list[dict[str, Any]]) -> None:
        self.table.insert_multiple(documents)

    def size(self) -> int:
        return self.path.stat().st_size

    def close(self) -> None:
        self.db.close()


class Ours:
    def __init__(self, folder: Path) -> None:
        self.path = folder / "ours.db"
        self.store = Store.create(self.path)
        self.store.declare(TableSpec("activity", (("term", "teacher", "kind"),)))
        self.table = self.store.table("activity")

    def fill(self, documents: list[dict[str, Any]]) -> None:
        self.table.insert_multiple(documents)

    def insert(self, document: dict[str, Any]) -> None:
        self.table.insert(document)

    def update(self, record: str, minutes: int) -> None:
        self.table.update({"minutes": minutes}, where("id") == record)

    def get(self, record: str) -> Any:
        return self.table.by_id(record)

    def search(self, term: str, teacher: str) -> int:
        return len(self.table.search(AllOf(of=(Is(field="term", value=term), Is(field="teacher", value=teacher)))))

    def group(self) -> int:
        return len(self.table.tally(Is(field="term", value=TERM), ("teacher", "kind")))

    def scan(self) -> int:
        return len(self.table.search(chosen))  # type: ignore[arg-type]  # a function is a query too

    def batch(self, documents: list[dict[str, Any]]) -> None:
        self.table.insert_multiple(documents)

    def size(self) -> int:
        return self.path.stat().st_size

    def close(self) -> None:
        self.store.close()


class HandWritten:
    """The limit: the same durability, columns made for just these questions, nothing else."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "hand.db"
        self.con = sqlite3.connect(self.path, isolation_level=None)
        for text in (
            "PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL", "PRAGMA cache_size=-16000",
            "CREATE TABLE a (n INTEGER PRIMARY KEY, id TEXT, term TEXT, teacher TEXT, kind TEXT, body TEXT)",
            "CREATE UNIQUE INDEX a_id ON a (id)", "CREATE INDEX a_term ON a (term, teacher, kind)",
        ):
            self.con.execute(text)

    def fill(self, documents: list[dict[str, Any]]) -> None:
        self.batch(documents)

    @staticmethod
    def row(document: dict[str, Any]) -> tuple[str, ...]:
        return document["id"], document["term"], document["teacher"], document["kind"], orjson.dumps(document).decode()

    def insert(self, document: dict[str, Any]) -> None:
        self.con.execute("INSERT INTO a (id,term,teacher,kind,body) VALUES (?,?,?,?,?)", self.row(document))

    def update(self, record: str, minutes: int) -> None:
        self.con.execute("BEGIN IMMEDIATE")
        n, body = self.con.execute("SELECT n, body FROM a WHERE id=?", (record,)).fetchone()
        document = {**orjson.loads(body), "minutes": minutes}
        self.con.execute("UPDATE a SET body=? WHERE n=?", (orjson.dumps(document).decode(), n))
        self.con.execute("COMMIT")

    def get(self, record: str) -> Any:
        return orjson.loads(self.con.execute("SELECT body FROM a WHERE id=?", (record,)).fetchone()[0])

    def search(self, term: str, teacher: str) -> int:
        rows = self.con.execute("SELECT body FROM a WHERE term=? AND teacher=? ORDER BY n", (term, teacher))
        return len([orjson.loads(body) for (body,) in rows])

    def group(self) -> int:
        rows = self.con.execute("SELECT teacher, kind, count(*) FROM a WHERE term=? GROUP BY 1, 2", (TERM,))
        return len({(teacher, kind): count for teacher, kind, count in rows})

    def scan(self) -> int:
        return len([d for (body,) in self.con.execute("SELECT body FROM a ORDER BY n") if chosen(d := orjson.loads(body))])

    def batch(self, documents: list[dict[str, Any]]) -> None:
        self.con.execute("BEGIN IMMEDIATE")
        self.con.executemany("INSERT INTO a (id,term,teacher,kind,body) VALUES (?,?,?,?,?)", map(self.row, documents))
        self.con.execute("COMMIT")

    def size(self) -> int:
        return self.path.stat().st_size

    def close(self) -> None:
        self.con.close()


# ---- measuring ------------------------------------------------------------------------------------------------------
def timed(act: Callable[[], object]) -> float:
    start = time.perf_counter()
    act()
    return (time.perf_counter() - start) * 1000


def median_of(act: Callable[[int], object], rounds: int) -> float:
    return statistics.median([timed(partial(act, n)) for n in range(rounds)])


def rounds_of(operation: str, count: int, plain: bool) -> int:
    """Enough for a median; plain TinyDB takes seconds a call where it is large."""
    if plain:
        return max(3, min(30, 300_000 // count))
    few = {"scan": 2_000_000, "group": 2_000_000, "batch": 400_000}.get(operation)
    return max(5, min(50, few // count)) if few else 300


def act_of(rival: Rival, operation: str, n: int, count: int) -> Callable[[], object]:
    record = f"{(n * 7919) % count:012x}"
    match operation:
        case "insert":
            new = next(documents(1, count + 10_000_000 + n))
            return lambda: rival.insert(new)
        case "update":
            return lambda: rival.update(record, 10 + n % 50)
        case "get":
            return lambda: rival.get(record)
        case "search":
            return lambda: rival.search(TERM, f"t{n % 200:04}")
        case "group":
            return rival.group
        case "scan":
            return rival.scan
        case _:
            many = list(documents(1000, count + 20_000_000 + n * 1000))
            return lambda: rival.batch(many)


def measure(count: int, folder: Path) -> dict[str, dict[str, float]]:
    """Milliseconds, operation → rival: medians, the rivals taken in turn within each round."""
    rivals: dict[str, Rival] = {"ours": Ours(folder), "hand": HandWritten(folder)}
    if count <= TINYDB_UPTO:
        rivals["tinydb"] = PlainTinyDB(folder)
    for rival in rivals.values():
        for first in range(0, count, 200_000):
            rival.fill(list(documents(min(200_000, count - first), first)))
    found: dict[str, dict[str, float]] = {}
    check(rivals)
    gc.collect()
    gc.disable()
    for operation in TITLES:
        taken: dict[str, list[float]] = {name: [] for name in rivals}
        for n in range(rounds_of(operation, count, plain=False)):
            turn = n % len(rivals)  # each begins in turn: on a busy machine who follows a long call is the one interrupted
            for name, rival in [*rivals.items()][turn:] + [*rivals.items()][:turn]:
                if name == "tinydb" and n >= rounds_of(operation, count, plain=True):
                    continue
                act = act_of(rival, operation, n, count)
                taken[name].append(timed(act))
        found[operation] = {name: statistics.median(times) for name, times in taken.items()}
        gc.collect()
    gc.enable()
    check(rivals)
    found["MB"] = {name: rival.size() / 1e6 for name, rival in rivals.items()}
    for rival in rivals.values():
        rival.close()
    return found


def check(rivals: dict[str, Rival]) -> None:
    """All give the same answers, or the figures say nothing. (Rounds differ: only ours and the hand-written are compared.)"""
    for question in ("group", "scan"):
        assert getattr(rivals["ours"], question)() == getattr(rivals["hand"], question)()
    assert rivals["ours"].search(TERM, "t0003") == rivals["hand"].search(TERM, "t0003")
    assert rivals["ours"].get(f"{1:012x}") == rivals["hand"].get(f"{1:012x}")


def district(folder: Path, schools: int, entries: int) -> dict[str, float]:
    """Counting entries of a whole district in one file: the board of all, of one school, of one teacher."""
    kinds = [f"kind{n:02}" for n in range(20)]
    chance = random.Random(1)
    each = entries // schools // 10
    with Store.create(folder / "district.db") as store:
        for school in range(schools):
            with store.transaction():
                for record in range(each):
                    day = (date(2026, 9, 1) + timedelta(days=record % 300)).isoformat()
                    store.entries.replace("activity", f"{school}-{record}", 1, [
                        {"kind": chance.choice(kinds), "day": day, "role": "listener", "group": f"school{school:03}", "minutes": 40,
                         "teacher": f"s{school:03}t{chance.randrange(80):02}", "amount": 1000} for _ in range(10)
                    ])
        term = AllOf(of=(In(field="kind", values=tuple(kinds[:4])), Between(field="day", first="2026-09-01", last="2027-01-20")))
        asked: dict[str, Callable[[int], object]] = {
            "matrix of all schools × kinds": lambda n: store.entries.tally(term, ("group", "kind"), ("amount", "minutes")),
            "board: teachers × kinds × roles, all schools": lambda n: store.entries.tally(
                term, ("teacher", "group", "kind", "role"), ("amount", "minutes", "chars")),
            "one school's matrix": lambda n: store.entries.tally(
                AllOf(of=(term, Is(field="group", value="school007"))), ("group", "kind"), ("amount",)),
            "one teacher's sums": lambda n: store.entries.tally(
                AllOf(of=(term, Is(field="teacher", value="s007t03"))), ("kind", "role"), ("amount",)),
            "replace one record's 10 entries by others": lambda n: store.entries.replace("activity", "7-3", 2, [
                {"kind": kinds[n], "day": "2026-09-01", "teacher": f"s007t{who:02}", "group": "school007"} for who in range(10)]),
        }
        found = {title: median_of(act, 9) for title, act in asked.items()}
        found["entries"] = store.entries.count()
    return found


def recorded(folder: Path) -> dict[str, float]:
    """What a record costs as School writes it: history, entries, one transaction; and the whole of verifying and backing up."""
    held = list(documents(20_000))
    with Store.create(folder / "recorded.db") as store:
        store.declare(TableSpec("activity", (("teacher", "kind"), ("term", "teacher", "kind"))))

        def save(document: dict[str, Any], action: str) -> None:
            with store.transaction():
                change = store.begin_change("录入", "unix:a", "2026-09-01T00:00:00.000Z")
                store.table("activity").put(document, search=document["theme"], sort=document["day"])
                store.log(change, "activity", document["id"], document["rev"], 1, action, document)
                store.entries.replace("activity", document["id"], document["rev"], [
                    {"kind": document["kind"], "day": document["day"], "teacher": p["teacher"]} for p in document["participants"]])

        with store.transaction():
            for document in held[:-300]:
                save(document, "create")
        table = store.table("activity")
        return {
            "create a record, its history row and 3 entries": median_of(lambda n: save(held[-1 - n], "create"), 300),
            "save it again": median_of(lambda n: save({**held[n], "rev": 2}, "save"), 300),
            "token (the screen's poll), 1,000 times": timed(lambda: [store.token() for _ in range(1000)]),
            "first page of 50 in the usual order": median_of(lambda n: table.page(size=50), 50),
            "page of 50 at 10,000": median_of(lambda n: table.page(None, (), 10_000, 50), 50),
            "verify all 20,000 records": timed(store.verify),
            "backup, checked": timed(lambda: store.backup(folder / "backup.db")),
        }


# ---- telling --------------------------------------------------------------------------------------------------------
def table(count: int, found: dict[str, dict[str, float]]) -> list[str]:
    heading = "plain TinyDB | ours | hand-written sqlite3 | ours / hand | TinyDB / ours"
    lines = [f"| {count:,} documents, ms | {heading} |", "|---|---|---|---|---|---|"]
    for operation, times in found.items():
        plain, ours, hand = times.get("tinydb"), times["ours"], times["hand"]
        title = TITLES.get(operation, "file, MB")
        lines.append(
            f"| {title} | {shown(plain)} | {shown(ours)} | {shown(hand)} | {ours / hand:.2f} | {f'{plain / ours:,.0f}' if plain else '–'} |"
        )
    return lines


def shown(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}" if value >= 0.1 else f"{value:.4f}"


def judged(found: dict[str, dict[str, float]]) -> list[str]:
    lines = []
    for operation, (most, least) in LIMITS.items():
        times = found[operation]
        ratio = times["ours"] / times["hand"]
        lines.append(f"- {TITLES[operation]}: {ratio:.2f} × hand-written (limit {most}): {'met' if ratio <= most else 'MISSED'}")
        if least and "tinydb" in times:
            gain = times["tinydb"] / times["ours"]
            lines.append(f"- {TITLES[operation]}: {gain:,.0f} × faster than TinyDB (limit {least}): {'met' if gain >= least else 'MISSED'}")
    return lines


def machine() -> str:
    model = next((line.partition(":")[2].strip() for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
                  if line.startswith("model name")), platform.machine()) if Path("/proc/cpuinfo").exists() else platform.machine()
    versions = f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, TinyDB {tinydb.version.__version__}"
    return f"{model}, {os.cpu_count()} cores, {platform.system()}, {versions}"


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--sizes", default="1000,20000,200000")
    options.add_argument("--million", action="store_true", help="also 1,000,000 documents (without plain TinyDB)")
    options.add_argument("--district", action="store_true", help="also 300 schools with 1,000,000 entries")
    options.add_argument("--folder", type=Path, help="where to write; a folder on the disk that is meant")
    chosen_options = options.parse_args()
    sizes = [int(size) for size in chosen_options.sizes.split(",") if size] + [1_000_000] * chosen_options.million
    print(f"{datetime.now(UTC):%Y-%m-%d}: {machine()}, load {os.getloadavg()[0]:.1f} at the beginning\n", flush=True)
    for count in sizes:
        with measuring_in(chosen_options.folder) as folder:
            found = measure(count, folder)
        print("\n".join(table(count, found)) + "\n", flush=True)
        if count == 20_000:
            print("\n".join(judged(found)) + "\n", flush=True)
    with measuring_in(chosen_options.folder) as folder:
        print("| as School writes, 20,000 records | ms |\n|---|---|")
        print("\n".join(f"| {title} | {shown(value)} |" for title, value in recorded(folder).items()) + "\n", flush=True)
    if chosen_options.district:
        with measuring_in(chosen_options.folder) as folder:
            figures = district(folder, 300, 1_000_000)
        count_of = figures.pop("entries")
        print(f"| 300 schools, {count_of:,.0f} entries, one file | ms |\n|---|---|")
        print("\n".join(f"| {title} | {shown(value)} |" for title, value in figures.items()) + "\n")


class measuring_in:  # noqa: N801  # reads as a statement
    """A folder that is gone afterwards."""

    def __init__(self, folder: Path | None) -> None:
        self._parent = folder

    def __enter__(self) -> Path:
        self._folder = Path(tempfile.mkdtemp(prefix="jiaoyan-bench-", dir=self._parent))
        return self._folder

    def __exit__(self, *_: object) -> None:
        shutil.rmtree(self._folder)


if __name__ == "__main__":
    main()

"""What the fault tests run as processes of their own: `worker.py JOB STORE …`. Reports on standard output."""

from __future__ import annotations

import json
import os
import random
import resource
import sys
import time
from itertools import count
from pathlib import Path
from typing import Any

from jiaoyan.errors import JiaoyanError
from jiaoyan.store import Store, TableSpec
from jiaoyan.store.migrations import Steps, migrate
from jiaoyan.store.schemas import schema_of

SPEC = TableSpec("record", (("kind",), ("n",)))


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def saved(store: Store, document: dict[str, Any], action: str = "create") -> None:
    with store.transaction():
        change = store.begin_change("录入", "unix:a", "2026-09-01T00:00:00.000Z")
        store.table("record").put(document, search=document["id"], sort=document["id"])
        store.log(change, "record", document["id"], document["rev"], 1, action, document)
        store.entries.replace("record", document["id"], document["rev"], [{"kind": "listen", "day": "2026-09-01", "teacher": "t"}])


def mixed(path: Path, number: int, operations: int) -> None:
    """Inserts, updates, removals, reads, and a counter that all share."""
    chance, kept, errors, added = random.Random(number), dict[str, Any](), list[str](), 0
    with Store.open(path, deadline=60) as store:
        store.declare(SPEC)
        table = store.table("record")
        for n in range(operations):
            try:
                match chance.randrange(5):
                    case 0 if kept:
                        document = {**kept[chance.choice(sorted(kept))], "n": n}
                        document["rev"] += 1
                        saved(store, document, "save")
                        kept[document["id"]] = document
                    case 1 if kept:
                        gone = chance.choice(sorted(kept))
                        with store.transaction():
                            change = store.begin_change("删除", "unix:a", "2026-09-01T00:00:00.000Z")
                            table.drop([gone])
                            store.log(change, "record", gone, kept[gone]["rev"] + 1, 1, "remove", None)
                        del kept[gone]
                    case 2:
                        with store.transaction():
                            shared = table.by_id("shared")
                            assert shared is not None
                            saved(store, {**shared, "rev": shared["rev"] + 1, "n": shared["n"] + 1}, "save")
                        added += 1
                    case 3:
                        assert len(table.page(size=20)) <= 20
                        store.token()
                    case _:
                        document = {"id": f"{number:04}-{n:07}", "rev": 1, "n": n, "kind": chance.choice("abc")}
                        saved(store, document)
                        kept[document["id"]] = document
            except Exception as error:  # every one is a failure of the test, by name
                errors.append(repr(error))
    say(json.dumps({"kept": kept, "errors": errors, "added": added}))


def endless(path: Path, turn: int, kind: str) -> None:
    """Writes until it is killed; says what was written once it is."""
    with Store.open(path) as store:
        if kind == "migration" and not store.table("moved").count():
            with store.transaction():
                change = store.begin_change("录入", "unix:a", "2026-09-01T00:00:00.000Z")
                for n in range(200):
                    document = {"id": f"m{n}", "rev": 1, "shape": "1"}
                    store.table("moved").put(document)
                    store.log(change, "moved", f"m{n}", 1, 1, "create", document)
        say("ready")
        for n in count():
            if kind == "single":
                saved(store, {"id": f"{turn}-{n}", "rev": 1, "batch": f"{turn}-{n}"})
                say(f"{turn}-{n};")
            elif kind == "batch":
                with store.transaction():
                    for part in range(20):
                        saved(store, {"id": f"{turn}-{n}-{part}", "rev": 1, "batch": f"{turn}-{n}"})
                say("\n".join(f"{turn}-{n}-{part};" for part in range(20)))
            else:
                version = schema_of(store, "moved") + 1
                steps = {version: lambda document, version=version: {**document, "shape": str(version)}}
                migrate(
                    store, [Steps("moved", version, steps)], backup=lambda: None, label="升级", actor="unix:a",
                    time="2026-09-01T00:00:00.000Z",
                )
                saved(store, {"id": f"{turn}-{n}", "rev": 1, "batch": f"{turn}-{n}"})
                say(f"{turn}-{n};")


def hold(path: Path) -> None:
    """Takes the writer's lock, leaves a child behind, and waits to be killed."""
    with Store.open(path) as store, store.transaction():
        store.table("record").put({"id": "never"})
        child = os.fork()
        if child == 0:
            time.sleep(60)
            os._exit(0)
        say(str(child))
        time.sleep(60)


def full(path: Path) -> None:
    """Writes until the disk (a limit on the size of files) is full, then once more with room again."""
    kept, error, again = list[str](), "", ""
    limit = path.stat().st_size + 400_000
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
    with Store.open(path) as store:
        for n in range(2000):
            try:
                saved(store, {"id": f"full{n}", "rev": 1, "text": "文" * 2000})
            except JiaoyanError as caught:
                error = str(caught)
                break
            kept.append(f"full{n}")
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    with Store.open(path) as store:
        saved(store, {"id": "again", "rev": 1})
        again = "saved"
    say(json.dumps({"kept": kept, "error": error, "again": again}))


if __name__ == "__main__":
    job, where, *rest = sys.argv[1:]
    match job:
        case "mixed":
            mixed(Path(where), int(rest[0]), int(rest[1]))
        case "endless":
            endless(Path(where), int(rest[0]), rest[1])
        case "hold":
            hold(Path(where))
        case "full":
            full(Path(where))

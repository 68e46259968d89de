"""Makes the fixture of today's format: `python -m tests.store.old_formats`. Never made anew for a format that is out."""

from __future__ import annotations

import lzma
import sys
import tempfile
from pathlib import Path

from jiaoyan.store import FORMAT, Store, TableSpec
from jiaoyan.store.exchange import export_all

FOLDER = Path(__file__).parent / "fixtures"


def main() -> None:
    target = FOLDER / f"format{FORMAT}.db.xz"
    if target.exists():
        sys.exit(f"{target} is there: a format that is out stays as it is")
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with Store.create(folder / "s.db") as store:
            store.declare(TableSpec("record", (("kind",), ("when.last",)), (("code",),)))
            for n in range(20):
                with store.transaction():
                    change = store.begin_change("录入", "unix:a", f"2026-09-{1 + n:02}T00:00:00.000Z")
                    document = {"id": f"{n:012}", "rev": 1, "code": f"c{n}", "kind": "听课", "when": {"last": f"2026-09-{1 + n:02}"},
                                "big": 10**n, "parts": [{"teacher": "t1"}]}
                    store.table("record").put(document, search=f"听课 tingke {n}", sort=f"{n:03}")
                    store.log(change, "record", f"{n:012}", 1, 1, "create", document)
                    store.entries.replace("record", f"{n:012}", 1, [{"kind": "listen", "day": "2026-09-01", "teacher": "t1"}])
            with store.transaction():
                change = store.begin_change("删除", "unix:a", "2026-10-01T00:00:00.000Z", undoes=1)
                store.table("record").drop([f"{3:012}"])
                store.log(change, "record", f"{3:012}", 2, 1, "remove", None)
                store.history.erase("record", f"{3:012}")
                store.set_meta("schema:record", "2")
            export_all(store, folder / "s.json")
        for suffix in ("db", "json"):
            (FOLDER / f"format{FORMAT}.{suffix}.xz").write_bytes(lzma.compress((folder / f"s.{suffix}").read_bytes()))


if __name__ == "__main__":
    main()

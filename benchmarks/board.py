"""The requirement board: 300 teachers × 12 requirements over 20,000 entries, beside one SQL group-by written by hand.

    python -m benchmarks.board
"""

from __future__ import annotations

import random
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

from jiaoyan.model.duties import Requirement
from jiaoyan.model.people import Teacher
from jiaoyan.requirements import board
from jiaoyan.school import School
from jiaoyan.settings import Settings

TEACHERS, REQUIREMENTS, ENTRIES = 300, 12, 20_000
KINDS = ("listen", "open", "lecture", "prep", "reflection", "case", "paper", "notes", "design", "training", "theme", "reading")
LIMIT = 8
"""Times the hand-written statement: it makes one matrix, the board also judges 3,600 cells."""


def a_large_school(folder: Path) -> School:
    school = School.create(folder, Settings(name="千人小学"), found={})
    with school.change("开学") as change:
        teachers = [change.save(Teacher(name=f"教师{n:03}", order=n)) for n in range(1, TEACHERS + 1)]
        for kind in KINDS[:REQUIREMENTS]:
            change.save(Requirement(title=f"{school.kinds.label(kind)}不少于 5", kinds=(kind,), amount=5))
    draw, term = random.Random(1), school.term()
    with school.store.transaction():
        for n in range(ENTRIES):
            day = term.first + timedelta(days=draw.randrange((term.last - term.first).days))
            row = {
                "kind": draw.choice(KINDS), "day": day.isoformat(), "role": "author", "teacher": draw.choice(teachers).id,
                "group": "", "amount": 1000, "minutes": 0, "chars": 800, "level": "", "prize": "", "topic": "", "subject": "", "grade": "",
            }
            school.store.entries.replace("work", f"{n:012}", 1, [row])
    return school


def median(run: Callable[[], object], times: int = 9) -> float:
    """Milliseconds."""
    taken = []
    for _ in range(times):
        begun = time.perf_counter()
        run()
        taken.append((time.perf_counter() - begun) * 1000)
    return statistics.median(taken)


def by_hand(folder: Path, first: date, last: date) -> Callable[[], object]:
    """The same rows in a table with plain columns, one GROUP BY."""
    with_columns = sqlite3.connect(folder / "by_hand.db")
    with_columns.execute("CREATE TABLE entry (kind TEXT, role TEXT, teacher TEXT, day TEXT, amount INT)")
    return lambda: with_columns.execute(
        "SELECT teacher, kind, role, count(*), sum(amount) FROM entry WHERE day BETWEEN ? AND ? GROUP BY 1, 2, 3",
        (first.isoformat(), last.isoformat()),
    ).fetchall()


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with a_large_school(folder / "school") as school:
            term = school.term()
            hand = by_hand(folder, term.first, term.last)
            connection = sqlite3.connect(folder / "by_hand.db")
            rows = [(e["kind"], e["role"], e["teacher"], e["day"], e["amount"]) for e in school.store.entries.page(None)]
            connection.executemany("INSERT INTO entry VALUES (?,?,?,?,?)", rows)
            connection.execute("CREATE INDEX by_day ON entry (day, teacher, kind, role, amount)")
            connection.commit()
            ours, limit = median(lambda: board(school, term.closes)), median(hand)
            cells = len(board(school, term.closes).rows)
        print(f"board of {cells} cells over {len(rows)} entries: {ours:.1f} ms; one GROUP BY by hand: {limit:.1f} ms; {ours / limit:.1f} x")
        print(f"limit {LIMIT} x: {'met' if ours <= LIMIT * limit else 'missed'}")


if __name__ == "__main__":
    main()

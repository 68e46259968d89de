"""Drafts: what was typed and not saved, and what was saved last, kept in the user's own state folder."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson
import platformdirs

Texts = Mapping[str, Mapping[str, Any]]
"""{section: {field: what stands there}}"""


@dataclass(frozen=True, slots=True)
class Draft:
    """Texts that were typed, when, and at which version of the record."""

    texts: Texts
    saved: datetime
    rev: int


class Drafts:
    """The drafts of one form: of a record, or (without an id) of a new one of its register."""

    def __init__(self, school: Path, register: str, record: str = "") -> None:
        folder = Path(platformdirs.user_state_dir("jiaoyan", appauthor=False)) / "drafts"
        self._draft = folder / f"{_name(school, register, record or 'new')}.json"
        self._last = folder / f"{_name(school, register, 'last')}.json"

    def keep(self, texts: Texts, now: datetime, rev: int = 0) -> None:
        """Write the draft; where the disk does not allow it, the form goes on without one."""
        _write(self._draft, {"texts": texts, "saved": now.isoformat(), "rev": rev})

    def find(self) -> Draft | None:
        found = _read(self._draft)
        try:
            return Draft(dict(found["texts"]), datetime.fromisoformat(found["saved"]), int(found["rev"])) if found else None
        except (KeyError, TypeError, ValueError):
            return None

    def drop(self) -> None:
        with suppress(OSError):
            self._draft.unlink(missing_ok=True)

    def remember(self, texts: Texts) -> None:
        """What was saved last in this register, to be repeated."""
        _write(self._last, {"texts": texts})

    def last(self) -> Texts:
        found = _read(self._last).get("texts")
        return found if isinstance(found, dict) else {}


def _name(school: Path, register: str, record: str) -> str:
    return hashlib.sha256("\0".join((str(school.resolve()), register, record)).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _write(path: Path, data: Mapping[str, Any]) -> None:
    """For the user's eyes alone, put in place whole: a line that drops half way leaves the older one."""
    with suppress(OSError, orjson.JSONEncodeError):
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, beside = tempfile.mkstemp(dir=path.parent, prefix=".draft")
        with os.fdopen(handle, "wb") as file:
            file.write(orjson.dumps(data))
        Path(beside).replace(path)


def _read(path: Path) -> dict[str, Any]:
    with suppress(OSError, orjson.JSONDecodeError):
        found = orjson.loads(path.read_bytes())
        if isinstance(found, dict):
            return found
    return {}

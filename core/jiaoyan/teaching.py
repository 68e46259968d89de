"""Teaching the program a word: a school's own kind, written into its pack."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import tomli_w

from jiaoyan.access import require
from jiaoyan.errors import BadInput, NotFound, Problem
from jiaoyan.kinds import Kind
from jiaoyan.pinyin import syllables
from jiaoyan.settings import put_in_place, settings_lock
from jiaoyan.tomls import read_toml

if TYPE_CHECKING:
    from jiaoyan.school import School

FILE = "packs/school/kinds.toml"


def teach(
    school: School, label: str, *, unit: str = "次", aliases: Iterable[str] = (), under: str = "", of: str = "activity"
) -> Kind:
    """A new kind `local.*`, in force at once. Raises Refused, BadInput where the word is taken, NotFound for `under`."""
    require(school.actor, "pass", "统计项目")
    words = {word: kind.label for kind in school.kinds for word in (kind.label, *kind.aliases)}
    taken = [word for word in (label, *aliases) if word in words]
    if not label.strip() or taken:
        what = f"“{taken[0]}”已是“{words[taken[0]]}”的说法" if taken else "名称不能是空的"
        raise BadInput(Problem("统计项目", what, "请换一个词,或直接用已有的项目"))
    parent = next((kind.id for kind in school.kinds if under and under in (kind.id, kind.label)), "")
    if under and not parent:
        raise NotFound(Problem("上级", f"没有统计项目“{under}”", "查看:jiaoyan kinds"))
    kind = Kind(_id(school, label), label, unit, parent, tuple(aliases), (of,))
    path = school.folder / FILE
    with settings_lock(school.folder):
        data = read_toml(path).data if path.is_file() else {"pack": {"title": "本校统计项目", "source": "本校"}}
        line = {"id": kind.id, "label": label, "unit": unit, "parent": parent, "aliases": list(aliases), "of": [of]}
        written = {**data, "kind": [*data.get("kind", []), line]}
        put_in_place(path, tomli_w.dumps(written).encode())
    school.packs_changed()
    return kind


def _id(school: School, label: str) -> str:
    stem = "local." + ("".join(s for s in syllables(label) if s.isascii() and s.isalnum())[:24] or "kind")
    number = 1
    while (id := stem if number == 1 else f"{stem}{number}") in school.kinds:
        number += 1
    return id

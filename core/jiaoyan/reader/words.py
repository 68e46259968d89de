"""The reader's word lists, what a plugin or a school adds to them, and patterns made of words."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import cached_property, lru_cache
from importlib import resources
from typing import Any

from jiaoyan.errors import BadInput, Problem


def trie(words: Iterable[str]) -> str:
    """A pattern that matches any of the words, the longest first, without trying them one by one."""
    root: dict[str, Any] = {}
    for word in words:
        node = root
        for char in word:
            node = node.setdefault(char, {})
        node[""] = {}
    return _pattern(root) if root else r"(?!)"


def _pattern(node: dict[str, Any]) -> str:
    ends = "" in node
    branches = [re.escape(char) + _pattern(child) for char, child in node.items() if char]
    if not branches:
        return ""
    if len(branches) == 1 and not ends:
        return branches[0]
    single = all(len(branch) == 1 for branch in branches)
    inner = f"[{''.join(branches)}]" if single else f"(?:{'|'.join(branches)})"
    if ends:
        return inner + "?"
    # one look at a set of characters is quicker than a try of many branches
    return f"(?=[{''.join(map(re.escape, node))}]){inner}" if len(branches) > 4 and inner[0] == "(" else inner


class Words:
    """Word lists by name: `words.list("units", "strong")`, `words.table("periods")`."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self.data = data

    @classmethod
    def builtin(cls) -> Words:
        return _builtin()

    def extended(self, pack: Mapping[str, Any]) -> Words:
        """These words with a pack's laid over: lists grow, tables are merged. Raises BadInput for an unknown key."""
        problems: list[Problem] = []
        data = _merged(self.data, pack, "", problems)
        if problems:
            raise BadInput(*problems)
        return Words(data)

    def list(self, table: str, key: str) -> tuple[str, ...]:
        return tuple(self.data[table][key])

    def table(self, name: str) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self.data[name]
        return found

    @cached_property
    def characters(self) -> dict[int, int]:
        """Each character that is matched as another one: traditional, full-width, odd blanks. Lengths never change."""
        pairs = "".join(self.data["traditional"].split())
        found = {ord(pairs[n]): ord(pairs[n + 1]) for n in range(0, len(pairs) - 1, 2)}
        found |= {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
        found |= dict.fromkeys((0x3000, 0xA0, 0x2002, 0x2003, 0x2009, 0x200B, 0xFEFF, 0x0D), ord(" "))
        found |= dict.fromkeys((0x0B, 0x0C, 0x85, 0x2028, 0x2029), ord("\n"))
        found |= {ord(a): ord(b) for a, b in zip("﹒〝〞「」『』〔〕【】〖〗﹐﹑﹔﹕", ".“”“”“”()[][],、;:", strict=True)}
        found |= dict.fromkeys(map(ord, "–—―─－﹣‐‑"), ord("-"))
        found |= dict.fromkeys(map(ord, "～∼〜"), ord("~"))
        return found

    @cached_property
    def washed(self) -> tuple[re.Pattern[str], dict[str, str]]:
        """Replaced words and what they are matched as, filled up to the same length."""
        table = {old: new.ljust(len(old)) for old, new in self.data["washed"].items() if len(new) <= len(old)}
        return re.compile(trie(table)), table

    def inverse(self, name: str) -> dict[str, str]:
        """Each word of a table of lists with the entry it stands under; an entry stands for itself."""
        found = {}
        for entry, words in self.table(name).items():
            found[entry] = entry
            found |= dict.fromkeys(words, entry)
        return found


def _merged(below: Mapping[str, Any], above: Mapping[str, Any], path: str, problems: list[Problem]) -> dict[str, Any]:
    found = dict(below)
    # tables whose keys are words themselves may get new keys
    open_keys = path in ("washed", "units.unless", "periods", "spans", "roles", "who")
    for key, value in above.items():
        place = f"{path}.{key}".strip(".")
        old = found.get(key, [] if isinstance(value, list) else "" if isinstance(value, str) else {})
        if key not in found and not open_keys:
            problems.append(Problem(f"reader.{place}", "读计划没有这一类词", "可用的类别见 docs/读计划.md"))
        elif type(old) is not type(value) and not (isinstance(old, list | tuple) and isinstance(value, list | tuple)):
            problems.append(Problem(f"reader.{place}", "写法不对", "应与内置词表同一形式:成组的词写成 [\"词\", \"词\"]"))
        elif isinstance(value, Mapping):
            found[key] = _merged(old, value, place, problems)
        elif isinstance(value, list | tuple):
            if not all(isinstance(word, str) and word.strip() for word in value):
                problems.append(Problem(f"reader.{place}", "词应是不空的文字"))
            found[key] = [*old, *(word for word in value if word not in old)]
        else:
            found[key] = old + value if key in ("traditional", "stray") else value
    return found


@lru_cache(maxsize=1)
def _builtin() -> Words:
    text = resources.files("jiaoyan").joinpath("packs/reader.toml").read_text(encoding="utf-8")
    return Words(tomllib.loads(text))

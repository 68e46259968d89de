"""Kind: a thing that is counted. The tree and what a role counts as are resolved when counting, never stored in entries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from types import MappingProxyType
from typing import NamedTuple

ROLES: Mapping[str, str] = {
    "host": "组织", "part": "环节", "speaker": "主讲", "author": "作者", "participant": "参加", "inspector": "检查人",
}
"""What a role is called where its kind gives it no name of its own."""


class Kind(NamedTuple):
    """One thing that is counted, from a pack.

    `of` tells where it is entered: activity, part (环节), work, or another register's id.
    `roles` are the roles people can have in it, by label; `counts_as` says what a role counts as besides
    (公开课 as 听课人 → 听课). `owed` are the roles in which a teacher fulfils a duty that names the kind (who owes a
    专题讲座 gives it); any role where empty. `until` ends a kind without removing it.
    """

    id: str
    label: str
    unit: str = "次"
    parent: str = ""
    aliases: tuple[str, ...] = ()
    of: tuple[str, ...] = ("activity",)
    planned_as: str = ""
    """The kind of activity under which one is planned that is recorded elsewhere (消防演练 as 安全演练)."""
    roles: Mapping[str, str] = MappingProxyType({})
    counts_as: Mapping[str, str] = MappingProxyType({})
    owed: tuple[str, ...] = ()
    until: str = ""
    source: str = ""


class KindTree:
    """All kinds of a school by id, with their tree."""

    def __init__(self, kinds: Iterable[Kind]) -> None:
        self.kinds = {kind.id: kind for kind in kinds}
        self._children: dict[str, list[str]] = defaultdict(list)
        for kind in self.kinds.values():
            if kind.parent:
                self._children[kind.parent].append(kind.id)

    def __contains__(self, kind: object) -> bool:
        return kind in self.kinds

    def __iter__(self) -> Iterator[Kind]:
        return iter(self.kinds.values())

    def get(self, kind: str) -> Kind | None:
        return self.kinds.get(kind)

    def label(self, kind: str) -> str:
        found = self.kinds.get(kind)
        return found.label if found else kind

    def role(self, kind: str, role: str) -> str:
        """What a role is called in a kind: participant → 听课人."""
        found = self.kinds.get(kind)
        return (found.roles.get(role) if found else None) or ROLES.get(role, role)

    def role_named(self, text: str) -> str:
        """The role that some kind calls so; the text itself where none does."""
        named = ((role, label) for kind in self.kinds.values() for role, label in kind.roles.items())
        return next((role for role, label in (*named, *ROLES.items()) if text in (role, label)), text)

    def under(self, kind: str) -> list[str]:
        """The kind and all below it; a loop in the data ends where it closes."""
        found: dict[str, None] = {}
        waiting = [kind]
        while waiting:
            here = waiting.pop()
            if here not in found:
                found[here] = None
                waiting.extend(self._children.get(here, ()))
        return list(found)

    def counted(self, kinds: Iterable[str], roles: Iterable[str] = ()) -> Callable[[str, str], bool]:
        """A test of an entry's (kind, role): does it satisfy "any of `kinds`, in any of `roles`"?

        A role counts for its own kind and all above it, unless it counts as something else: who listens to a
        公开课 has heard a lesson, not given one. With `roles` only those roles count for the kind itself.
        """
        wanted = {below for kind in kinds for below in self.under(kind)}
        only = set(roles)

        def test(kind: str, role: str) -> bool:
            known = self.kinds.get(kind)
            instead = known.counts_as.get(role) if known else None
            if instead is not None and role not in only:
                return instead in wanted
            return kind in wanted and (not only or role in only)

        return test

    @cached_property
    def _words(self) -> dict[str, str]:
        words: dict[str, str] = {}
        for kind in self.kinds.values():
            for word in (kind.label, *kind.aliases):
                words.setdefault(word, kind.id)
        return words

    def named(self, text: str, unit: str = "") -> list[str]:
        """Kind ids that the words of a text name, the longest word first; a kind with the same unit wins a tie."""
        found: dict[str, None] = {}
        rest = text
        for word in sorted(self._words, key=lambda w: (-len(w), self.kinds[self._words[w]].unit != unit)):
            if word and word in rest:
                found[self._words[word]] = None
                rest = rest.replace(word, "\0")
        return list(found)

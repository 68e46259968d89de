"""What a few typed letters may mean: records by name or pinyin, kinds, choices; the likeliest first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from jiaoyan.conditions import Text
from jiaoyan.errors import JiaoyanError
from jiaoyan.kinds import Kind
from jiaoyan.pinyin import spelled

if TYPE_CHECKING:
    from jiaoyan.school import School

MOST = 50
"""Candidates that are looked at; a list on the screen shows fewer."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something that may be chosen: what is stored, what is shown, what tells it from others of its name."""

    key: str
    label: str
    hint: str = ""


class Choosing(Protocol):
    """Where a field finds its candidates."""

    def find(self, text: str, size: int) -> list[Candidate]:
        """What a text may mean, the likeliest first; the first ones of all where it is empty."""

    def label(self, key: str) -> str:
        """The name of something chosen."""


class OfRegister:
    """Records of a register, by what they are searched by."""

    def __init__(self, school: School, register: str) -> None:
        self._school, self._register = school, school.register(register)

    def find(self, text: str, size: int) -> list[Candidate]:
        words = tuple(text.lower().split())
        try:
            where = Text(words=words) if words else None
            found = self._school.records(self._register).documents(where, size=max(size, MOST) if words else size)
        except JiaoyanError:
            return []
        named = [self._candidate(document) for document in found]
        if words:
            named.sort(key=lambda candidate: closeness(candidate.label, words[0]))
        return named[:size]

    def _candidate(self, document: Mapping[str, object]) -> Candidate:
        label = self._school.label(self._register, document)
        columns = [name for name in self._register.columns if name not in self._register.named()][:2]
        hints = (self._school.shown(self._register, name, document.get(name)) for name in columns)
        return Candidate(str(document["id"]), label, " ".join(hint for hint in hints if hint))

    def label(self, key: str) -> str:
        return self._school.name_of(self._register.id, key)


class OfKinds:
    """Kinds, by label, alias and pinyin of either."""

    def __init__(self, school: School, kinds: Iterable[Kind]) -> None:
        self._school, self._kinds = school, list(kinds)

    def find(self, text: str, size: int) -> list[Candidate]:
        word = text.strip().lower()
        found: list[tuple[int, Candidate]] = []
        for kind in self._kinds:
            meant = next((name for name in (kind.label, *kind.aliases) if not word or word in spelled(name)), None)
            if meant is None:
                continue
            above = self._school.kinds.label(kind.parent) if kind.parent else ""
            hint = meant if meant != kind.label else above
            closest = min(closeness(name, word) for name in (kind.label, meant))
            found.append((closest if word else 0, Candidate(kind.id, kind.label, hint)))
        found.sort(key=lambda one: one[0])
        return [candidate for _, candidate in found[:size]]

    def label(self, key: str) -> str:
        return self._school.kinds.label(key) if key else ""


class OfChoices:
    """The few choices of a field, in their order, by label and pinyin."""

    def __init__(self, labels: Mapping[str, str]) -> None:
        self.labels = dict(labels)

    def find(self, text: str, size: int) -> list[Candidate]:
        word = text.strip().lower()
        found = [Candidate(key, label) for key, label in self.labels.items() if not word or word in spelled(label)]
        if word:
            found.sort(key=lambda candidate: closeness(candidate.label, word))
        return found[:size]

    def label(self, key: str) -> str:
        return self.labels.get(key, key)


def closeness(label: str, word: str) -> int:
    """0 for the very name or its initials, 1 where it begins so, 2 where it is inside."""
    forms = spelled(label).split()
    if word in forms:
        return 0
    return 1 if any(form.startswith(word) for form in forms) else 2

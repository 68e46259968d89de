"""What can go wrong, told in Chinese: where it is, what is wrong, what to do."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple


class Problem(NamedTuple):
    """One thing that is wrong: the place (file, line, row, field), the fault, the remedy. All three are shown to a person."""

    where: str
    what: str
    remedy: str = ""

    def __str__(self) -> str:
        place = f"{self.where}:" if self.where else ""
        remedy = f"({self.remedy})" if self.remedy else ""
        return f"{place}{self.what}{remedy}"


class JiaoyanError(Exception):
    """Base of all errors that a person is shown; `exit_code` is what the command line ends with."""

    exit_code = 1

    def __init__(self, *problems: Problem | str) -> None:
        self.problems = [p if isinstance(p, Problem) else Problem("", p) for p in problems]
        super().__init__("\n".join(map(str, self.problems)))

    @classmethod
    def of(cls, problems: Iterable[Problem]) -> JiaoyanError:
        return cls(*problems)

    def as_json(self) -> dict[str, Any]:
        return {"error": type(self).__name__, "problems": [p._asdict() for p in self.problems]}


class BadInput(JiaoyanError):
    """What a person gave (a file, a field, a word) can't be taken."""


class NotFound(JiaoyanError):
    """No record, register, file or name of that kind."""


class Ambiguous(JiaoyanError):
    """A short id or a name fits several records; the problems list them."""


class Conflict(JiaoyanError):
    """Somebody else changed the record since it was read; `base`, `mine` and `theirs` are the three versions."""

    def __init__(
        self,
        *problems: Problem | str,
        base: dict[str, Any] | None = None,
        mine: dict[str, Any] | None = None,
        theirs: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(*problems)
        self.base, self.mine, self.theirs = base, mine, theirs


class Refused(JiaoyanError):
    """The actor has no right to do this, or the state of the record does not allow it."""


class Vetoed(Refused):
    """A plugin's veto hook said no, or could not be asked (a veto fails closed)."""


class Busy(JiaoyanError):
    """Another process has been writing for longer than the deadline."""


class ReadOnly(JiaoyanError):
    """The store, or this part of it, can only be read: newer data, a locked term, a read-only folder."""


class TermLocked(ReadOnly):
    """The term of the record is locked: it changes only as 更正, with a reason."""


class Stopped(JiaoyanError):
    """A person stopped long work before it wrote anything."""


class Damaged(JiaoyanError):
    """The store or a file is not what it should be."""


class PluginFailed(JiaoyanError):
    """A plugin could not be loaded, or raised; it costs only itself."""


class WrongUsage(JiaoyanError):
    """The command line's words are off."""

    exit_code = 2

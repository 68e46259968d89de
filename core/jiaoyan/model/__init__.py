"""The core's own registers."""

from __future__ import annotations

from typing import Any

from jiaoyan.model.activities import ACTIVITY
from jiaoyan.model.cuts import CUT
from jiaoyan.model.duties import REQUIREMENT, WAIVER
from jiaoyan.model.people import GROUP, POSTING, TEACHER
from jiaoyan.model.plans import CLAUSE, PLAN
from jiaoyan.model.settings import ACCOUNT, VIEW, Account, View
from jiaoyan.model.tasks import TASK
from jiaoyan.model.works import WORK
from jiaoyan.registers import Register, Rights
from jiaoyan.terms import Term

__all__ = ["ACCOUNT", "CORE", "TERM", "VIEW", "Account", "View"]


TERM = Register(
    "term", "学期", Term, columns=("code", "opens", "closes", "first", "last", "locked"), label=("code",),
    search=("code",), sort=("-code",), unique=(("code",),), rights=Rights(write=frozenset({"admin", "office"})),
    group="设置",
)
CORE: tuple[Register[Any], ...] = (
    PLAN, CLAUSE, REQUIREMENT, WAIVER, CUT, ACTIVITY, TASK, WORK, TEACHER, GROUP, POSTING, TERM, ACCOUNT, VIEW,
)

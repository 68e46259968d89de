"""The core's own registers."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from jiaoyan.access import ROLES
from jiaoyan.model.activities import ACTIVITY
from jiaoyan.model.duties import REQUIREMENT, WAIVER
from jiaoyan.model.people import GROUP, POSTING, TEACHER, Teacher
from jiaoyan.model.plans import CLAUSE, PLAN
from jiaoyan.model.tasks import TASK
from jiaoyan.model.works import WORK
from jiaoyan.records import Long, Record, Ref, choice
from jiaoyan.registers import Register, Rights
from jiaoyan.terms import Term


class Account(Record):
    """Who may sign in, as which teacher, in which roles."""

    account: str = Field(title="账号", min_length=1, max_length=120, description="如 unix:zhangsan")
    teacher: Ref[Teacher] = Field(default=Ref(""), title="教职工")
    roles: tuple[choice(ROLES), ...] = Field(default=("teacher",), title="角色")  # type: ignore[valid-type]
    note: Annotated[str, Long()] = Field(default="", title="备注")


TERM = Register(
    "term", "学期", Term, columns=("code", "opens", "closes", "first", "last", "locked"), label=("code",),
    search=("code",), sort=("-code",), unique=(("code",),), rights=Rights(write=frozenset({"admin", "office"})),
    group="设置",
)
ACCOUNT = Register(
    "account", "账号", Account, columns=("account", "teacher", "roles", "note"), label=("account",),
    search=("account",), sort=("account",), unique=(("account",),),
    rights=Rights(write=frozenset({"admin"})), group="设置",
)
CORE: tuple[Register[Any], ...] = (
    PLAN, CLAUSE, REQUIREMENT, WAIVER, ACTIVITY, TASK, WORK, TEACHER, GROUP, POSTING, TERM, ACCOUNT,
)

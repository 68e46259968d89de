"""What a school sets for itself: accounts and saved views."""

from typing import Annotated

from pydantic import Field

from jiaoyan.access import ROLES
from jiaoyan.model.people import Teacher
from jiaoyan.records import Long, Record, Ref, choice
from jiaoyan.registers import Register, Rights


class Account(Record):
    """Who may sign in, as which teacher, in which roles."""

    account: str = Field(title="账号", min_length=1, max_length=120, description="如 unix:zhangsan")
    teacher: Ref[Teacher] = Field(default=Ref(""), title="教职工")
    roles: tuple[choice(ROLES), ...] = Field(default=("teacher",), title="角色")  # type: ignore[valid-type]
    note: Annotated[str, Long()] = Field(default="", title="备注")


class View(Record):
    """A filter of a list under a name, for all who work here."""

    name: str = Field(title="名称", min_length=1, max_length=40)
    register_id: str = Field(title="登记表", min_length=1, max_length=60, description="登记表的编号,如 activity")
    words: str = Field(default="", title="筛选", max_length=300, description="筛选行的写法,如 状态:计划 时间>=9.1")
    sort: str = Field(default="", title="排序", max_length=60, description="排序的列,前面加 - 为倒序")


ACCOUNT = Register(
    "account", "账号", Account, columns=("account", "teacher", "roles", "note"), label=("account",),
    search=("account",), sort=("account",), unique=(("account",),),
    rights=Rights(write=frozenset({"admin"})), group="设置",
)
VIEW = Register(
    "view", "常用筛选", View, columns=("name", "register_id", "words", "sort"), label=("name",), search=("name", "words"),
    sort=("register_id", "name"), unique=(("register_id", "name"),), indexed=("register_id",),
    rights=Rights(write=frozenset({"admin", "office", "leader", "teacher"})), group="设置",
)

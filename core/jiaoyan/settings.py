"""school.toml: what opening a school needs. Everything else is a record."""

import fcntl
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import tomli_w
from pydantic import BaseModel, ConfigDict, Field

from jiaoyan.errors import BadInput, NotFound, Problem
from jiaoyan.model.people import Group
from jiaoyan.records import Ref
from jiaoyan.tomls import read_model

FILE = "school.toml"
SUBFOLDERS = ("files", "packs/district", "packs/school")
STAGES = ("小学", "初中", "九年一贯制", "高中", "完全中学", "幼儿园")
GRADES = {
    "小学": "一二三四五六", "初中": "七八九", "九年一贯制": "一二三四五六七八九", "高中": ("高一", "高二", "高三"),
    "完全中学": ("七", "八", "九", "高一", "高二", "高三"), "幼儿园": ("小班", "中班", "大班"),
}


class Settings(BaseModel):
    """The settings of one school."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: int = Field(default=1, title="格式", ge=1)
    name: str = Field(title="学校名称", min_length=1, max_length=80)
    stage: str = Field(default="小学", title="学段", pattern="^(" + "|".join(STAGES) + ")$")
    classes: int = Field(default=4, title="每个年级的班数", ge=0, le=40)
    offices: tuple[str, ...] = Field(default=("教导处", "教科室", "德育处", "总务处", "安全办"), title="处室")
    store: str = Field(default="school.db", title="数据库文件", min_length=1)
    plugins: tuple[str, ...] = Field(default=(), title="启用的功能模块")
    values: dict[str, Any] = Field(default={}, title="其他设置")

    def grades(self) -> list[str]:
        """Names of the grades: 一年级 … 六年级."""
        return [g if len(g) > 1 else f"{g}年级" for g in GRADES[self.stage]]


def first_groups(settings: Settings) -> list[Group]:
    """The groups that a school begins with: its offices, its grades, their classes."""
    offices = [Group(name=name, kind="office", order=n) for n, name in enumerate(settings.offices, 1)]
    if not settings.classes:
        return offices
    found = list(offices)
    for grade in settings.grades():
        above = Group(name=f"{grade}组", kind="grade", grade=grade, order=len(found) + 1)
        found.append(above)
        for number in range(1, settings.classes + 1):
            name = f"{grade.removesuffix('年级')}({number})班"
            found.append(Group(name=name, kind="class", grade=grade, parent=Ref(above.id), order=len(found) + 1))
    return found


def read_settings(folder: Path) -> Settings:
    """Raises NotFound where there is no school, BadInput with file and line where the file is wrong."""
    path = folder / FILE
    if not path.is_file():
        raise NotFound(Problem(str(folder), "这里没有学校资料", "新建:jiaoyan init --name 学校名;看示例:jiaoyan demo"))
    settings = read_model(path, Settings)
    if settings.format > 1:
        raise BadInput(Problem(str(path), f"格式 {settings.format} 比本程序新", "请升级程序后再打开"))
    return settings


def write_settings(folder: Path, settings: Settings) -> None:
    put_in_place(folder / FILE, tomli_w.dumps(settings.model_dump(mode="json")).encode())


def put_in_place(path: Path, content: bytes) -> None:
    """Written beside, then put in place, so that no reader ever sees half a file."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    Path(name).chmod(0o660)
    Path(name).replace(path)


@contextmanager
def settings_lock(folder: Path) -> Iterator[None]:
    """One writer of school.toml at a time."""
    with (folder / f".{FILE}.lock").open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield

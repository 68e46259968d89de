"""Manifests: what a plugin is and adds, read from its plugin.toml without importing it."""

from __future__ import annotations

import importlib.metadata
import importlib.util
from pathlib import Path
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from jiaoyan.errors import JiaoyanError, Problem
from jiaoyan.tomls import read_model

API = 1
"""The plugin interface of this program; a manifest with another number is not loaded."""
ENTRY_POINTS = "jiaoyan.plugins"


class _Line(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class RegisterLine(_Line):
    """A register of the plugin: `model` is `module:NAME` of a Register."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$")
    title: str
    model: str = Field(pattern=r"^[\w.]+:\w+$")
    group: str = ""
    schema_: int = Field(default=1, alias="schema", ge=1)
    """Version of its documents; the Register says the same, with the steps that lead there."""


class FacetLine(_Line):
    """A facet of the plugin on a core register: `model` is `module:NAME` of a Facet."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$")
    title: str
    of: str
    model: str = Field(pattern=r"^[\w.]+:\w+$")
    schema_: int = Field(default=1, alias="schema", ge=1)


class Manifest(_Line):
    """plugin.toml, checked."""

    id: str = Field(pattern=r"^[a-z][a-z0-9]*$")
    name: str
    version: str
    api: int
    summary: str = ""
    requires: tuple[str, ...] = ()
    entry: str = Field(default="", pattern=r"^([\w.]+:\w+)?$")
    """`module:Class` of the hooks; loaded when one of `hooks` is due."""
    hooks: tuple[str, ...] = ()
    guards: tuple[str, ...] = ()
    """Registers whose changes `objections` looks at; the plugin's own where empty."""
    views: str = ""
    packs: tuple[str, ...] = ()
    """Pack files beside plugin.toml."""
    sections: tuple[str, ...] = ()
    """Names of the pack sections that the plugin reads itself."""
    registers: tuple[RegisterLine, ...] = Field(default=(), alias="register")
    facets: tuple[FacetLine, ...] = Field(default=(), alias="facet")

    def guarded(self, register: str) -> bool:
        return register in self.guards if self.guards else register.startswith(f"{self.id}.")

    def problems(self) -> list[Problem]:
        """What hinders loading: another interface, ids that do not begin with the plugin's own."""
        found = []
        if self.api != API:
            found.append(Problem(self.name, f"需要接口版本 {self.api},本程序是 {API}", "请换用与本程序相配的版本"))
        ids = (*(line.id for line in self.registers), *(line.id for line in self.facets))
        found += [
            Problem(self.name, f"登记表编号 {id} 没有以 {self.id}. 开头", "请告知模块作者")
            for id in ids
            if not id.startswith(f"{self.id}.")
        ]
        return found


class Found(NamedTuple):
    """An installed plugin: its manifest, or why it can't be read."""

    id: str
    folder: Path | None = None
    manifest: Manifest | None = None
    problem: str = ""


def installed() -> dict[str, Found]:
    """Every installed plugin by id. Nothing of a plugin is imported."""
    points = importlib.metadata.entry_points(group=ENTRY_POINTS)
    return {point.name: _find(point.name, point.value) for point in sorted(points, key=lambda p: p.name)}


def _find(name: str, package: str) -> Found:
    try:
        spec = importlib.util.find_spec(package.partition(":")[0])
    except (ImportError, ValueError, AttributeError) as error:
        return Found(name, problem=f"找不到程序包 {package}({error})")
    if spec is None or not spec.submodule_search_locations:
        return Found(name, problem=f"找不到程序包 {package}")
    return read_folder(name, Path(next(iter(spec.submodule_search_locations))))


def read_folder(name: str, folder: Path) -> Found:
    """The plugin whose plugin.toml lies in a folder."""
    try:
        manifest = read_model(folder / "plugin.toml", Manifest)
    except JiaoyanError as error:
        return Found(name, folder, problem=str(error))
    if manifest.id != name:
        return Found(name, folder, problem=f"plugin.toml 中的编号是 {manifest.id},安装时登记的是 {name}")
    return Found(name, folder, manifest)

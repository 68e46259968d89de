"""Packs: what differs between districts, as TOML files laid over each other: core, plugin, district, school."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from jiaoyan.errors import BadInput, Problem
from jiaoyan.kinds import Kind
from jiaoyan.messages import problems_of
from jiaoyan.tomls import TomlFile, read_toml

if TYPE_CHECKING:
    from jiaoyan.school import School

M = TypeVar("M", bound=BaseModel)
CORE_SECTIONS = ("pack", "kind", "words", "calendar", "role")


class Head(BaseModel):
    """[pack]: what the file is, where its figures come from, and for which days it holds."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    title: str
    source: str = ""
    first: date | None = None
    last: date | None = None

    def holds(self, day: date) -> bool:
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)


class KindLine(BaseModel):
    """[[kind]]"""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*(\.[a-z0-9_]+)?$")
    label: str
    unit: str = "次"
    parent: str = ""
    aliases: tuple[str, ...] = ()
    of: tuple[str, ...] = ("activity",)
    planned_as: str = ""
    roles: dict[str, str] = {}
    counts_as: dict[str, str] = {}
    owed: tuple[str, ...] = ()
    until: str = ""


class Layer(NamedTuple):
    """Where a pack file stands in the overlay."""

    name: str
    path: Path


class PackFile(NamedTuple):
    layer: str
    path: Path
    toml: TomlFile
    head: Head
    sections: Mapping[str, Any]


class Placed(NamedTuple):
    """One value of a section with the place that it comes from."""

    data: Mapping[str, Any]
    file: PackFile
    number: int

    @property
    def source(self) -> str:
        return f"{self.file.head.title}({self.file.path.name})"


def packs_of(school: School) -> Packs:
    """The packs of a school: core, working plugins, district, school. Raises BadInput with file and line."""
    layers = core_packs()
    sections: list[str] = []
    for manifest in school.host.active:
        folder = school.host.found[manifest.id].folder
        sections += manifest.sections
        layers += [Layer("plugin", folder / name) for name in manifest.packs if folder is not None]
    layers += pack_files(school.folder / "packs", "district") + pack_files(school.folder / "packs", "school")
    return Packs(layers, sections, school.today)


class Packs:
    """All pack files of a school; the later layer wins, item by item and key by key."""

    def __init__(self, layers: Iterable[Layer], sections: Iterable[str], today: date) -> None:
        self.sections = {*CORE_SECTIONS, *sections}
        self.files = [self._read(layer) for layer in layers]
        self.today = today

    def _read(self, layer: Layer) -> PackFile:
        toml = read_toml(layer.path)
        sections = dict(_sections(toml.data))
        for name in sections:
            if name not in self.sections:
                where = f"{layer.path.name} 第 {toml.line(tuple(name.split('.')))} 行"
                raise BadInput(Problem(where, f"不认识的段 [{name}]", f"可用:{'、'.join(sorted(self.sections))}"))
        head = self._model(Head, sections.get("pack", {}), layer.path, toml, ("pack",))
        return PackFile(layer.name, layer.path, toml, head, sections)

    def _model(self, model: type[M], data: Any, path: Path, toml: TomlFile, place: tuple[str | int, ...]) -> M:
        try:
            return model.model_validate(data)
        except ValidationError as error:
            loc = error.errors()[0]["loc"]
            line = toml.line((*place, *(part for part in loc if isinstance(part, (str, int)))))
            raise BadInput(*problems_of(error, model, f"{path.name} 第 {line} 行")) from None

    def placed(self, section: str, key: str = "id") -> dict[str, list[Placed]]:
        """Every item of a section of lists by key, the lowest layer first. Files not in force are left out."""
        found: dict[str, list[Placed]] = {}
        for file in self.files:
            if not file.head.holds(self.today):
                continue
            items = file.sections.get(section, [])
            for index, data in enumerate(items if isinstance(items, list) else [items]):
                found.setdefault(str(data.get(key, "")), []).append(Placed(data, file, index))
        return found

    def items(self, section: str, model: type[M], key: str = "id") -> dict[str, M]:
        """The section's items as models, overlaid. Raises BadInput with file and line."""
        made: dict[str, M] = {}
        for name, places in self.placed(section, key).items():
            merged: dict[str, Any] = {}
            for place in places:
                merged |= place.data
            last = places[-1]
            made[name] = self._model(model, merged, last.file.path, last.file.toml, (*section.split("."), last.number))
        return made

    def source(self, section: str, name: str, key: str = "id") -> str:
        """Which packs give an item, for a person."""
        return " ← ".join(place.source for place in reversed(self.placed(section, key).get(name, [])))

    def kinds(self) -> list[Kind]:
        return [
            Kind(
                id=line.id, label=line.label, unit=line.unit, parent=line.parent, aliases=line.aliases, of=line.of,
                planned_as=line.planned_as,
                roles=line.roles, counts_as=line.counts_as, owed=line.owed, until=line.until, source=self.source("kind", line.id),
            )
            for line in self.items("kind", KindLine).values()
        ]

    def words(self) -> list[Mapping[str, Any]]:
        """The reader's word lists that packs add, the lowest layer first."""
        return [file.sections["words"] for file in self.files if "words" in file.sections]


def _sections(data: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """(name, content) of every section; `[[credits.scheme]]` is one of the plugin credits."""
    for name, content in data.items():
        if name not in CORE_SECTIONS and isinstance(content, Mapping):
            yield from ((f"{name}.{part}", inside) for part, inside in content.items())
        else:
            yield name, content


def core_packs() -> list[Layer]:
    """The packs that come with the program."""
    folder = Path(str(files("jiaoyan") / "packs"))
    return [Layer("core", folder / name) for name in ("kinds.toml", "roles.toml", "calendar.toml")]


def pack_files(folder: Path, layer: str) -> list[Layer]:
    return [Layer(layer, path) for path in sorted((folder / layer).glob("*.toml"))]

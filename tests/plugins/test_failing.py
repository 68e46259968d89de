"""A plugin that fails costs only itself: missing, unreadable, broken at import, raising in a hook, exiting the process."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from jiaoyan.errors import NotFound, PluginFailed, Vetoed
from jiaoyan.host.contexts import Reminding
from jiaoyan.host.manifest import Found, read_folder
from jiaoyan.model.people import Group
from jiaoyan.school import School
from tests.schools import an_empty_school, saved

MANIFEST = """
id = "{id}"
name = "{id} 模块"
version = "1"
api = {api}
requires = {requires}
entry = "{package}.logic:Logic"
hooks = ["reminders", "objections"]
guards = ["group"]

[[register]]
id = "{id}.thing"
title = "东西"
model = "{package}.registers:THING"
"""
REGISTERS = """
from jiaoyan.api import Record, Register

class Thing(Record):
    name: str = ''

THING = Register('{id}.thing', '东西', Thing, columns=('name',))
"""
LOGIC = """
from jiaoyan.api import Hooks, Problem, Reminder, hook

class Logic(Hooks):
    @hook
    def reminders(self, context):
        {reminders}

    @hook
    def objections(self, context):
        {objections}
"""


SAYS = "return [Reminder('请看', 'group', 'x')]"
SAYS_ONE = "return Reminder('请看', 'group', 'x')"


class District:
    """A folder of plugins as a district would install them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.found: dict[str, Found] = {}

    def add(
        self, id: str, *, reminders: str = "return []", objections: str = "return []", api: int = 1,
        requires: tuple[str, ...] = (), logic: str = "", registers: bool = True,
    ) -> None:
        package = f"district_{id}"
        place = self.folder / package
        place.mkdir()
        (place / "__init__.py").write_text('"""A district\'s plugin."""\n')
        manifest = MANIFEST.format(id=id, package=package, api=api, requires=list(requires))
        (place / "plugin.toml").write_text(manifest, encoding="utf-8")
        if registers:
            (place / "registers.py").write_text(REGISTERS.format(id=id), encoding="utf-8")
        (place / "logic.py").write_text(logic or LOGIC.format(reminders=reminders, objections=objections), encoding="utf-8")
        self.found[id] = read_folder(id, place)

    def school(self, folder: Path, *plugins: str) -> School:
        return an_empty_school(folder / "school", plugins or tuple(self.found), self.found)


@pytest.fixture
def district(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[District]:
    monkeypatch.syspath_prepend(str(tmp_path))
    yield District(tmp_path)
    for name in [name for name in sys.modules if name.startswith("district_")]:
        del sys.modules[name]



DAY = date(2026, 11, 26)


@pytest.mark.parametrize("fault", ["raise RuntimeError('坏了')", "raise SystemExit(3)", "return 1 / 0", "return [1 / 0]", SAYS_ONE])
def test_one_raising_hook_leaves_the_others_answers(district: District, tmp_path: Path, fault: str) -> None:
    district.add("bad", reminders=fault)
    district.add("good", reminders=SAYS)
    with district.school(tmp_path) as school:
        assert [name for name, _ in school.host.collect("reminders", Reminding(school, DAY))] == ["good"]
        status = school.host.status("bad")
        assert (status.state, status.label) == ("quarantined", "出错已停用")
        assert "reminders" in status.cause
        assert status.since is not None
        assert status.remedy


def test_a_module_that_can_not_be_imported_stops_only_itself(district: District, tmp_path: Path) -> None:
    district.add("bad", logic="import nothing_of_that_name\n")
    district.add("good", reminders=SAYS)
    with district.school(tmp_path) as school:
        assert [name for name, _ in school.host.collect("reminders", Reminding(school, DAY))] == ["good"]
        assert school.host.status("bad").state == "quarantined"


def test_a_register_that_can_not_be_loaded_is_told_and_the_rest_opens(district: District, tmp_path: Path) -> None:
    district.add("bad", registers=False)
    with district.school(tmp_path) as school:
        with pytest.raises((PluginFailed, NotFound)):
            school.register("bad.thing")
        assert school.records(Group).count() == 0


def test_a_veto_that_can_not_be_asked_objects_and_goes_on_objecting(district: District, tmp_path: Path) -> None:
    district.add("guard", objections="raise RuntimeError('坏了')")
    with district.school(tmp_path) as school:
        for _ in range(2):
            with pytest.raises(Vetoed, match="停用"):
                saved(school, Group(name="语文教研组"))
        assert school.records(Group).count() == 0
        school.set_plugins([], "停用")
        saved(school, Group(name="语文教研组"))
        assert school.records(Group).count() == 1


def test_an_unreadable_manifest_names_file_and_line(district: District, tmp_path: Path) -> None:
    district.add("bad")
    (tmp_path / "district_bad" / "plugin.toml").write_text('id = "bad"\nname = \n')
    found = read_folder("bad", tmp_path / "district_bad")
    assert found.manifest is None
    assert "plugin.toml" in found.problem
    assert "2" in found.problem


def test_states_say_why(district: District, tmp_path: Path) -> None:
    district.add("future", api=99)
    district.add("needy", requires=("absent",))
    district.add("idle")
    with district.school(tmp_path, "future", "needy", "gone") as school:
        states = {s.id: (s.state, s.cause) for s in school.host.statuses()}
    assert states["future"] == ("blocked", "需要接口版本 99,本程序是 1")
    assert states["needy"] == ("blocked", "需要先启用功能模块 absent")
    assert states["gone"] == ("blocked", "没有安装")
    assert states["idle"][0] == "off"


def test_what_is_required_comes_first(district: District, tmp_path: Path) -> None:
    district.add("a", requires=("z",))
    district.add("z")
    with district.school(tmp_path, "a", "z") as school:
        assert [m.id for m in school.host.active] == ["z", "a"]

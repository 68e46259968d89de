"""What every plugin must satisfy, as a test class to inherit: `class TestSafety(PluginConformance): plugin = "safety"`.

Needs pytest to run it, not to import it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

from jiaoyan.access import SYSTEM
from jiaoyan.host.contexts import Reminding
from jiaoyan.host.hooks import Hooks
from jiaoyan.host.manifest import Found, Manifest, installed
from jiaoyan.registers import Facet, Register, is_path
from jiaoyan.school import CST, School
from jiaoyan.settings import Settings

NOW = datetime(2026, 11, 26, 9, 0, tzinfo=CST)


def is_chinese(text: str) -> bool:
    return any("\u4e00" <= character <= "\u9fff" for character in text)


class PluginConformance:
    """Set `plugin`; override `found` for a plugin that is not installed."""

    plugin: str

    def found(self) -> dict[str, Found]:
        return installed()

    def school(self, folder: Path) -> School:
        """A new school with this plugin and what it requires."""
        found = self.found()
        return School.create(folder / "school", Settings(name="合规小学", plugins=tuple(self._needed(found))), now=lambda: NOW, found=found)

    def _needed(self, found: dict[str, Found]) -> Iterator[str]:
        yield from self.manifest.requires
        yield self.plugin

    @property
    def manifest(self) -> Manifest:
        found = self.found()[self.plugin]
        assert found.manifest is not None, found.problem
        return found.manifest

    def owners(self, school: School) -> list[Register[Any] | Facet[Any]]:
        manifest = self.manifest
        return [*(school.register(line.id) for line in manifest.registers), *(school.facet(line.id) for line in manifest.facets)]

    # ---- the conditions ---------------------------------------------------------------------------------------------
    def test_the_manifest_can_be_used(self, tmp_path: Path) -> None:
        assert self.manifest.problems() == []
        assert is_chinese(self.manifest.name)
        assert is_chinese(self.manifest.summary)
        with self.school(tmp_path) as school:
            status = school.host.status(self.plugin)
            assert (status.state, status.cause) == ("active", "")

    def test_registers_and_facets_are_what_the_manifest_says(self, tmp_path: Path) -> None:
        with self.school(tmp_path) as school:
            titles = {line.id: line.title for line in self.manifest.registers}
            titles |= {line.id: line.title for line in self.manifest.facets}
            assert {owner.id: owner.title for owner in self.owners(school)} == titles

    def test_a_person_reads_chinese(self, tmp_path: Path) -> None:
        """Every field has a Chinese title, every choice a Chinese label."""
        with self.school(tmp_path) as school:
            for owner in self.owners(school):
                for name, info in owner.model.model_fields.items():
                    assert name in owner.model.unset or is_chinese(info.title or ""), f"{owner.id}.{name} 没有中文标题"
                if isinstance(owner, Register) and owner.workflow:
                    assert all(map(is_chinese, owner.workflow.states.values()))
                    assert all(is_chinese(step.label) for step in owner.workflow.steps)

    def test_every_record_has_a_schema(self, tmp_path: Path) -> None:
        with self.school(tmp_path) as school:
            for owner in self.owners(school):
                json.dumps(owner.model.model_json_schema(), ensure_ascii=False)

    def test_what_is_counted_is_a_kind(self, tmp_path: Path) -> None:
        with self.school(tmp_path) as school:
            for owner in self.owners(school):
                for counts in owner.counts:
                    assert is_path(counts.kind) or counts.kind in school.kinds, f"{owner.id} 计入的 {counts.kind} 不是统计项目"

    def test_the_steps_to_its_schemas_are_numbered(self, tmp_path: Path) -> None:
        with self.school(tmp_path) as school:
            for owner in self.owners(school):
                steps = sorted(owner.steps)
                assert steps == list(range(min(steps, default=owner.schema + 1), owner.schema + 1))

    def test_its_hooks_are_those_of_the_manifest(self, tmp_path: Path) -> None:
        """A hook that is filled in and not named would never be called."""
        if not self.manifest.entry:
            assert not self.manifest.hooks
            return
        with self.school(tmp_path) as school:
            logic = school.host.load(self.plugin, self.manifest.entry)
            assert issubclass(logic, Hooks)
            filled = {name for name in dir(logic) if hasattr(getattr(logic, name, None), "jiaoyan_impl")}
            assert filled == set(self.manifest.hooks)

    def test_it_has_nothing_to_say_of_an_empty_school(self, tmp_path: Path) -> None:
        with self.school(tmp_path) as school:
            school.host.collect("reminders", Reminding(school, date(2026, 11, 26)))
            assert school.host.status(self.plugin).state == "active"

    def test_switched_off_it_leaves_no_trace_and_comes_back(self, tmp_path: Path) -> None:
        with self.school(tmp_path) as school:
            ids = {line.id for line in self.manifest.registers}
            school.set_plugins([], "停用")
            assert not ids & {id for id, _, _ in school.register_titles()}
        with School.open(tmp_path / "school", SYSTEM, lambda: NOW, found=self.found()) as school:
            school.set_plugins(list(self._needed(self.found())), "启用")
            assert ids <= {id for id, _, _ in school.register_titles()}

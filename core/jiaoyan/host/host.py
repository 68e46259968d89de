"""Host: the plugins of one open school, in order, each loaded and called behind a guard: a failing one costs only itself."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from jiaoyan.errors import NotFound, PluginFailed, Problem
from jiaoyan.registers import Facet, Register

if TYPE_CHECKING:
    import pluggy

    from jiaoyan.host.hooks import Hooks
    from jiaoyan.host.manifest import FacetLine, Found, Manifest, RegisterLine

STATES = {
    "off": "未启用", "active": "已启用", "blocked": "不能启用", "broken": "无法读取", "quarantined": "出错已停用",
    "migration-failed": "数据升级失败",
}


class Status(NamedTuple):
    """How a plugin stands: why, since when, what helps."""

    id: str
    state: str
    manifest: Manifest | None = None
    cause: str = ""
    since: datetime | None = None
    remedy: str = ""

    @property
    def name(self) -> str:
        return self.manifest.name if self.manifest else self.id

    @property
    def label(self) -> str:
        return STATES[self.state]


class Host:
    """`enabled` are the ids that the school has switched on; `found` the plugins there are, where they are not to be looked
    for among the installed. A school that has none switched on looks for none until somebody asks for them."""

    def __init__(self, found: Mapping[str, Found] | None, enabled: Iterable[str], now: Callable[[], datetime]) -> None:
        self.now = now
        self._given = found
        self._wanted = tuple(dict.fromkeys(enabled))
        self._loaded: dict[str, Any] = {}
        self._logic: dict[str, Hooks] = {}

    @cached_property
    def found(self) -> Mapping[str, Found]:
        """Every plugin there is, by id."""
        from jiaoyan.host.manifest import installed

        return installed() if self._given is None else self._given

    @cached_property
    def _pluggy(self) -> pluggy.PluginManager:
        import pluggy

        from jiaoyan.host.hooks import PROJECT, Hooks

        manager = pluggy.PluginManager(PROJECT)
        manager.add_hookspecs(Hooks)
        return manager

    # ---- states -----------------------------------------------------------------------------------------------------
    @cached_property
    def _status(self) -> dict[str, Status]:
        first = {name: self._first_status(name) for name in sorted({*self.found, *self._wanted})}
        self._block_dependents(first)
        return first

    def status(self, plugin: str) -> Status:
        """Raises NotFound."""
        if plugin not in self._status:
            known = "、".join(sorted(self._status)) or "无"
            raise NotFound(Problem("", f"没有功能模块“{plugin}”", f"已安装:{known}"))
        return self._status[plugin]

    def statuses(self) -> list[Status]:
        return list(self._status.values())

    def troubled(self) -> list[Status]:
        """Plugins that are switched on and do not work."""
        return [self._status[name] for name in sorted(self._wanted) if self._status[name].state != "active"]

    @property
    def active(self) -> list[Manifest]:
        """Manifests of the working plugins, what is required first, else by id."""
        if not self._wanted:
            return []
        return [m for name in self._order if (m := self._status[name].manifest) and self._status[name].state == "active"]

    def _first_status(self, name: str) -> Status:
        found = self.found.get(name)
        if found is None:
            return Status(name, "blocked", cause="没有安装", since=self.now(), remedy=f"请安装,或停用:jiaoyan plugin disable {name}")
        if found.manifest is None:
            return Status(name, "broken", cause=found.problem, since=self.now(), remedy="请重新安装该模块")
        if name not in self._wanted:
            return Status(name, "off", found.manifest)
        if problems := found.manifest.problems():
            return Status(name, "blocked", found.manifest, problems[0].what, self.now(), problems[0].remedy)
        return Status(name, "active", found.manifest)

    def _block_dependents(self, known: dict[str, Status]) -> None:
        """Whoever requires what does not work does not work either, until nothing changes any more."""
        changed = True
        while changed:
            changed = False
            for name, status in known.items():
                if status.state != "active" or status.manifest is None:
                    continue
                for needed in status.manifest.requires:
                    if needed not in known or known[needed].state != "active":
                        known[name] = status._replace(
                            state="blocked", cause=f"需要先启用功能模块 {needed}", since=self.now(),
                            remedy=f"请运行:jiaoyan plugin enable {needed}",
                        )
                        changed = True
                        break

    @cached_property
    def _order(self) -> list[str]:
        order: dict[str, None] = {}

        def visit(name: str, above: tuple[str, ...]) -> None:
            status = self._status.get(name)
            if name in order or name in above or status is None:
                return
            for needed in sorted(status.manifest.requires if status.manifest else ()):
                visit(needed, (*above, name))
            order[name] = None

        for name in sorted(self._status):
            visit(name, ())
        return list(order)

    def quarantine(self, plugin: str, cause: str) -> None:
        """Stop a plugin for this session; what it holds stays readable."""
        status = self._status[plugin]
        if status.state == "active":
            self._status[plugin] = status._replace(
                state="quarantined", cause=cause, since=self.now(), remedy="请把原因告知模块作者;重新打开后会再试一次",
            )
            self._block_dependents(self._status)

    def failed_migration(self, plugin: str, cause: str) -> None:
        """Its data could not be brought to its version: it stays off, the data as it was."""
        self._status[plugin] = self._status[plugin]._replace(
            state="migration-failed", cause=cause, since=self.now(),
            remedy="数据没有改动;请把原因告知模块作者,或换回原来的版本",
        )
        self._block_dependents(self._status)

    # ---- loading ----------------------------------------------------------------------------------------------------
    def load(self, plugin: str, target: str) -> Any:
        """What `module:NAME` of a plugin names; loaded once. Raises PluginFailed, and stops the plugin."""
        if target not in self._loaded:
            module, _, name = target.partition(":")
            try:
                self._loaded[target] = getattr(importlib.import_module(module), name)
            except (Exception, SystemExit) as error:
                cause = f"载入 {target} 失败:{type(error).__name__}: {error}"
                self.quarantine(plugin, cause)
                raise PluginFailed(Problem(self._status[plugin].name, cause, "该模块已停用,其余功能不受影响")) from error
        return self._loaded[target]

    def registers(self) -> Iterator[tuple[Manifest, RegisterLine]]:
        for manifest in self.active:
            for line in manifest.registers:
                yield manifest, line

    def facets(self) -> Iterator[tuple[Manifest, FacetLine]]:
        for manifest in self.active:
            for line in manifest.facets:
                yield manifest, line

    def register(self, manifest: Manifest, line: RegisterLine) -> Register[Any]:
        """The Register of a manifest line. Raises PluginFailed."""
        register: Register[Any] = self._declared(manifest, line, Register)
        return register

    def facet(self, manifest: Manifest, line: FacetLine) -> Facet[Any]:
        """The Facet of a manifest line. Raises PluginFailed."""
        facet: Facet[Any] = self._declared(manifest, line, Facet)
        return facet

    def _declared(self, manifest: Manifest, line: RegisterLine | FacetLine, expected: type[Any]) -> Any:
        found = self.load(manifest.id, line.model)
        if not isinstance(found, expected) or found.id != line.id or found.schema != line.schema_:
            cause = f"{line.model} 不是登记表 {line.id}(第 {line.schema_} 版)"
            self.quarantine(manifest.id, cause)
            raise PluginFailed(Problem(manifest.name, cause, "请告知模块作者"))
        return replace(found, plugin=manifest.id)

    def _hooks_of(self, manifest: Manifest) -> Hooks | None:
        if not manifest.entry:
            return None
        if manifest.id not in self._logic:
            made = self.load(manifest.id, manifest.entry)
            try:
                logic: Hooks = made()
                for specification in logic.specifications():
                    self._pluggy.add_hookspecs(specification)
                self._pluggy.register(logic, manifest.id)
                self._pluggy.check_pending()
            except (Exception, SystemExit) as error:
                cause = f"{manifest.entry} 不能启动:{type(error).__name__}: {error}"
                self.quarantine(manifest.id, cause)
                raise PluginFailed(Problem(manifest.name, cause, "该模块已停用,其余功能不受影响")) from error
            self._logic[manifest.id] = logic
        return self._logic[manifest.id]

    # ---- calling ----------------------------------------------------------------------------------------------------
    def collect(self, name: str, context: object, registers: Iterable[str] | None = None) -> list[tuple[str, Any]]:
        """(plugin, answer item) of every working plugin that fills in a collecting hook, in order; with `registers`, of
        those that guard one of them."""
        asked = self._asked(name)
        if registers is not None:
            written = set(registers)
            asked = [manifest for manifest in asked if _guards(manifest, name, written)]
        answers: list[tuple[str, Any]] = []
        for manifest, outcome in self._call(name, context, asked):
            if isinstance(outcome, list):
                answers += [(manifest.id, item) for item in outcome]
        return answers

    def veto(self, name: str, context: object, registers: Iterable[str]) -> list[Problem]:
        """Every objection to a change of these registers. A plugin that guards one and can't be asked, now or since it
        was stopped, is an objection too."""
        written = set(registers)
        objections: list[Problem] = []
        stopped = (s for s in self.troubled() if s.state == "quarantined")
        objections += [
            Problem(s.name, f"该模块出错已停用,不能检查这次修改({s.cause})", f"可停用它:jiaoyan plugin disable {s.id}")
            for s in stopped
            if s.manifest and _guards(s.manifest, name, written)
        ]
        asked = [manifest for manifest in self._asked(name) if _guards(manifest, name, written)]
        for manifest, outcome in self._call(name, context, asked):
            if isinstance(outcome, Exception):
                objections.append(
                    Problem(manifest.name, f"该模块没能检查这次修改:{outcome}", f"可先停用:jiaoyan plugin disable {manifest.id}")
                )
            else:
                objections += outcome
        return objections

    def asks(self, name: str) -> bool:
        """Whether a working plugin fills in a hook."""
        return bool(self._asked(name))

    def _asked(self, name: str) -> list[Manifest]:
        return [manifest for manifest in self.active if name in manifest.hooks]

    def _call(
        self, name: str, context: object, asked: Iterable[Manifest]
    ) -> Iterator[tuple[Manifest, list[Any] | Exception]]:
        for manifest in asked:
            try:
                self._hooks_of(manifest)
            except PluginFailed as error:
                yield manifest, error
                continue
            for implementation in getattr(self._pluggy.hook, name).get_hookimpls():
                if implementation.plugin_name != manifest.id:
                    continue
                try:
                    outcome = implementation.function(context) or ()
                    if hasattr(outcome, "_fields"):  # one value, which would fall apart into its fields
                        raise TypeError(f"一个 {type(outcome).__name__},应为一列")
                    yield manifest, list(outcome)
                except (Exception, SystemExit) as error:
                    cause = f"{name} 出错:{type(error).__name__}: {error}"
                    self.quarantine(manifest.id, cause)
                    yield manifest, PluginFailed(cause)


def _guards(manifest: Manifest, hook: str, written: set[str]) -> bool:
    return hook in manifest.hooks and any(manifest.guarded(register) for register in written)

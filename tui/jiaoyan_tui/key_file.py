"""Key files: a school or a person gives actions other keys. Read with every fault named by file and line."""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from importlib import import_module
from pathlib import Path
from typing import Any

import jiaoyan_tui
from jiaoyan.errors import JiaoyanError, Problem
from jiaoyan.tomls import KeyPath, TomlFile, read_toml
from jiaoyan_tui.actions import KEY_LABELS, KEYS, REGISTRY, Action, actions_in, bound, key_label
from jiaoyan_tui.folder import key_files
from jiaoyan_tui.keys import fold_character, key_name
from jiaoyan_tui.page import Page

SCOPES = {
    "page": "每一页", "overview": "工作台", "place": "工作台:去哪里", "list": "列表", "record": "一条记录", "form": "填表",
    "part": "填表:一项", "parts": "填表:几项", "conflict": "两人同时修改", "roll": "考勤", "board": "完成情况", "entries": "计入明细",
    "calendar": "日历", "charts": "图表", "closing": "学期收尾", "plan": "计划", "correct": "更正条目", "import": "导入",
    "paste": "粘贴", "bulk": "成批录入", "mark": "标记", "history": "历史", "bin": "回收站",
    "plugins": "功能模块", "registers": "登记表", "term": "新学期",
}
"""Where actions stand, by the beginning of their ids, in the order of the cheat sheet."""
ALIASES = {"del": "delete", "esc": "escape", "pgup": "pageup", "pgdn": "pagedown", "ins": "insert", "空格": "space", "退格": "backspace"}
NAMED = {"tab", "shift+tab", "delete", "escape", "enter", "space", "insert", "backspace", "pageup", "pagedown", "home", "end",
         "up", "down", "left", "right"}
MOVING = {"up", "down", "left", "right", "home", "end", "pageup", "pagedown", "enter", "tab", "shift+tab", "space", "backspace"}
"""They move the cursor, choose and type: an action has them only where it is made for them."""
SAME = {"ctrl+i": "Tab", "ctrl+j": "Enter", "ctrl+m": "Enter", "ctrl+h": "退格", "ctrl+[": "Esc", "ctrl+c": "中断", "ctrl+z": ""}
"""What a terminal takes these for."""
NEEDED = ("page.back", "page.help", "page.jump", "page.quit")
"""They can't be left without a key."""


@dataclass(frozen=True, slots=True)
class Setting:
    """The keys that one line gives to an action."""

    action: str
    keys: tuple[str, ...]
    where: str


def use_keys(folder: Path) -> list[Problem]:
    """Puts the keys of both files in force, where they are sound; else none of them, and what is wrong."""
    KEYS.clear()
    there = [path for path in key_files(folder) if path.is_file()]
    if not there:
        return []
    load_pages()
    settings, problems = read_keys(there)
    if not problems:
        KEYS.update({setting.action: setting.keys for setting in settings})
    return problems


def read_keys(paths: list[Path]) -> tuple[list[Setting], list[Problem]]:
    """What the files set, the last one first in force, and everything that is wrong with them."""
    settings: dict[str, Setting] = {}
    problems: list[Problem] = []
    for path in paths:
        try:
            file = read_toml(path)
        except JiaoyanError as error:
            problems += error.problems
            continue
        for key_path, value in _lines(file.data):
            found = _setting(file, key_path, value)
            if isinstance(found, Setting):
                settings[found.action] = found
            else:
                problems += found
    if not problems:
        problems = list(_clashes(settings))
    return list(settings.values()), problems


def _lines(data: Mapping[str, Any], above: KeyPath = ()) -> Iterator[tuple[KeyPath, Any]]:
    for name, value in data.items():
        if isinstance(value, Mapping):
            yield from _lines(value, (*above, name))
        else:
            yield (*above, name), value


def _setting(file: TomlFile, key_path: KeyPath, value: Any) -> Setting | list[Problem]:
    where, id = file.where(key_path), ".".join(map(str, key_path))
    action = REGISTRY.get(id)
    if action is None:
        near = "、".join(get_close_matches(id, REGISTRY, 3, 0.6))
        return [Problem(where, f"没有叫“{id}”的操作", f"是否想写 {near}" if near else "全部操作的编号:jiaoyan keys")]
    texts = [value] if isinstance(value, str) else value
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        return [Problem(where, "键应写成 \"F2\",几个键写成 [\"F2\", \"n\"]")]
    if not texts and id in NEEDED:
        return [Problem(where, f"“{action.label}”不能没有键")]
    keys, problems = [], []
    for text in texts:
        key = key_of(text)
        reason = "没有这个键" if not key else _unfit(action, key)
        if reason:
            problems.append(Problem(where, f"“{text}”:{reason}", "" if key else "可用 F1—F12、字母、数字、Del、Ctrl+K 这样的键"))
        keys.append(key)
    return problems or Setting(id, tuple(dict.fromkeys(keys)), where)


def _unfit(action: Action, key: str) -> str:
    """Why an action can't have a key; empty where it can."""
    if key in action.keys:
        return ""
    if key in SAME:
        return f"终端把 {key_label(key)} 当作{SAME[key]}" if SAME[key] else f"{key_label(key)} 是撤销用的"
    if key in MOVING:
        return f"{key_label(key)} 是移动光标和打字用的"
    if len(key) == 1 and any(page.typed_in and action.id in ids for page, ids in pages_of()):
        return "这一页要打字,不能用字母和数字作键"
    return ""


def key_of(text: str) -> str:
    """Textual's name of a key as a person writes it: F2, Del, Ctrl+K, /, n; empty where there is no such key."""
    text = text.strip()
    *mods, last = text.split("+") if len(text) > 1 else (text,)
    mods = [mod.strip().lower() for mod in mods]
    last = last.strip()
    if not last or any(mod not in ("ctrl", "shift", "alt") for mod in mods):
        return ""
    if len(last) == 1:
        last = fold_character(last)
        named = {label: name for name, label in KEY_LABELS.items()}.get(last) or (key_name(last) if last.isascii() else "")
        name = named.lower() if mods else named
    else:
        lower = ALIASES.get(last.lower(), last.lower())
        number = lower.removeprefix("f")
        name = lower if lower in NAMED or lower in KEY_LABELS or (number.isdigit() and 1 <= int(number) <= 12) else ""
    return "+".join([*mods, name]) if name else ""


def _clashes(settings: Mapping[str, Setting]) -> Iterator[Problem]:
    """Keys that would do two things on one page."""
    told: set[tuple[str, str]] = set()
    for page, ids in pages_of():
        taken: dict[str, str] = {}
        for id in sorted(ids, key=lambda id: id in settings):
            keys = settings[id].keys if id in settings else ids[id].keys
            for key in keys:
                other = taken.setdefault(key, id)
                if other != id and id in settings and (id, key) not in told:
                    told.add((id, key))
                    what = f"{key_label(key)} 在{title_of(page, ids)}已是“{ids[other].label}”({other})"
                    yield Problem(settings[id].where, what, f"请换一个键,或给 {other} 另设一个键")


# ---- all there is ---------------------------------------------------------------------------------------------------
def load_pages() -> None:
    """Imports every page, so that every action is in the registry."""
    for module in pkgutil.iter_modules(jiaoyan_tui.__path__):
        if not module.name.startswith("__"):
            import_module(f"{jiaoyan_tui.__name__}.{module.name}")


def pages_of() -> Iterator[tuple[type[Page], dict[str, Action]]]:
    """Every kind of page with its actions by id."""
    from jiaoyan_tui.overview import OverviewPage

    places = {id: action for id, action in REGISTRY.items() if action.scope == "place"}
    for page in _below(Page):
        actions = {action.id: action for action in actions_in(page)}
        yield page, {**places, **actions} if page is OverviewPage else actions


def _below(page: type[Page]) -> Iterator[type[Page]]:
    for below in page.__subclasses__():
        yield below
        yield from _below(below)


def title_of(page: type[Page], actions: Mapping[str, Action]) -> str:
    """A page in words: by the actions that are its own."""
    own = next((action.scope for action in actions_in(page) if action.scope != "page"), "page")
    return f"“{SCOPES.get(own, own)}”里"


def cheat_sheet() -> Iterator[tuple[str, list[Action]]]:
    """All actions with the keys in force, by where they stand."""
    load_pages()
    for scope, title in SCOPES.items():
        actions = [bound(action) for action in REGISTRY.values() if action.scope == scope]
        if actions:
            yield title, sorted(actions, key=lambda action: action.rank or 1000)

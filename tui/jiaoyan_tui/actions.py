"""The one registry of actions: what a person can do where. Footer, help, palette and key list are all made from it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple, TypeVar

F = TypeVar("F", bound=Callable[..., Any])

KEY_LABELS = {
    "question_mark": "?", "slash": "/", "asterisk": "*", "delete": "Del", "escape": "Esc", "enter": "Enter", "space": "空格", "tab": "Tab",
    "insert": "Ins", "backspace": "退格", "pageup": "PgUp", "pagedown": "PgDn", "left": "←", "right": "→", "up": "↑",
    "down": "↓", "home": "Home", "end": "End", "full_stop": ".", "comma": ",", "minus": "-", "plus": "+", "equals_sign": "=",
}


def _always(_: Any) -> str:
    return ""


class Action(NamedTuple):
    """One thing that can be done: `id` is `scope.verb`, `keys` are Textual's names, the first is shown.

    `why_not` tells in Chinese why it can't be done just now; an empty text where it can. `rank` is its place in the
    footer, the smallest first; 0 leaves it to the help.
    """

    id: str
    label: str
    keys: tuple[str, ...] = ()
    tip: str = ""
    method: str = ""
    why_not: Callable[[Any], str] = _always
    dangerous: bool = False
    rank: int = 0

    @property
    def scope(self) -> str:
        return self.id.partition(".")[0]

    @property
    def key(self) -> str:
        return key_label(self.keys[0]) if self.keys else ""


class Offer(NamedTuple):
    """An action on the page that it would act on."""

    action: Action
    owner: Any

    @property
    def why_not(self) -> str:
        return self.action.why_not(self.owner)

    def run(self) -> None:
        getattr(self.owner, self.action.method)()


REGISTRY: dict[str, Action] = {}
"""Every action of the program by id, filled in as pages are imported."""


KEYS: dict[str, tuple[str, ...]] = {}
"""Other keys of actions by id, as a school or a person has set them. See `key_file.py`."""


def bound(action: Action) -> Action:
    """An action with the keys that are set for it."""
    return action._replace(keys=KEYS[action.id]) if action.id in KEYS else action


def key_in_force(id: str) -> str:
    """The key of an action as a sentence names it: one that works under an input method, where there is one."""
    keys = bound(REGISTRY[id]).keys
    return key_label(next((key for key in keys if _survives(key)), keys[0])) if keys else "F1(帮助)"


def _survives(key: str) -> bool:
    """Is a key no letter or mark, which an input method would take?"""
    return "+" in key or (key[:1] == "f" and key[1:].isdigit()) or key in ("enter", "escape", "tab", "delete", "insert")


def action(
    id: str, label: str, *keys: str, tip: str = "", why_not: Callable[[Any], str] = _always, dangerous: bool = False, rank: int = 0
) -> Callable[[F], F]:
    """Marks a method of a page as an action: `@action("list.new", "新增", "n", "f2", rank=20)`.

    Overridden in a subclass, the method keeps its action; marked anew under the same id, the new mark holds there.
    """

    def mark(function: F) -> F:
        made = Action(id, label, keys, tip, function.__name__, why_not, dangerous, rank)
        REGISTRY.setdefault(id, made)
        function.__dict__["action"] = made
        return function

    return mark


def actions_of(owner: Any) -> Iterator[Offer]:
    """What can be done on a page: its own actions first, then those that it inherits."""
    for made in actions_in(type(owner)):
        yield Offer(bound(made), owner)


def actions_in(page: type) -> Iterator[Action]:
    """The actions of a kind of page, with their own keys: those that it marks, then those that it inherits."""
    seen: set[str] = set()
    for model in page.__mro__:
        for value in vars(model).values():
            made = getattr(value, "action", None)
            if isinstance(made, Action) and made.method not in seen:
                seen.add(made.method)
                yield made


def key_label(key: str) -> str:
    """A key as it stands on the keyboard: ctrl+z → Ctrl+Z, f2 → F2, slash → /."""
    *mods, last = key.split("+")
    shown = KEY_LABELS.get(last) or (last.upper() if mods or (last[:1] == "f" and last[1:].isdigit()) else last)
    return "+".join([*(mod.capitalize() for mod in mods), shown])

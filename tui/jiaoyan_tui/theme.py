"""How things look: named styles for truecolor, 256, 16 and no colours, light and dark; a sign beside each colour."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from typing import Any, Final, Literal, NamedTuple

from rich.style import Style
from textual.app import App
from textual.theme import BUILTIN_THEMES, Theme

from jiaoyan_tui.light import is_light


class Depth(StrEnum):
    """How many colours the terminal has."""

    TRUE = "truecolor"
    MANY = "256"
    FEW = "16"
    NONE = "none"


# Beside a colour, so that it is never alone. ASCII: of one width everywhere.
SIGNS: Final[Mapping[str, str]] = {"overdue": "!", "slow": "~", "ok": "+", "error": "x", "selected": "*"}

# Colours of the 256-colour cube, which truecolor terminals show the same.
_DARK = {
    "text": "#d0d0d0 on #1c1c1c",
    "muted": "#949494",
    "title": "bold #87d7ff",
    "header": "bold #d0d0d0 on #303030",
    "cursor": "bold #ffffff on #005f87",
    "cursor-away": "#d0d0d0 on #3a3a3a",
    "selected": "bold #ffd75f",
    "overdue": "bold #ff8787",
    "slow": "#ffaf5f",
    "ok": "#87d787",
    "error": "bold #ffffff on #af0000",
    "key": "bold #ffd75f",
}
_LIGHT = {
    "text": "#262626 on #ffffff",
    "muted": "#6c6c6c",
    "title": "bold #005f87",
    "header": "bold #262626 on #dadada",
    "cursor": "bold #ffffff on #005faf",
    "cursor-away": "#262626 on #d0d0d0",
    "selected": "bold #5f00af",
    "overdue": "bold #af0000",
    "slow": "#875f00",
    "ok": "#005f00",
    "error": "bold #ffffff on #af0000",
    "key": "bold #5f00af",
}
# The terminal's own colours, whatever they are set to: only those that are readable on its background.
_FEW_DARK = {
    "text": "default",
    "muted": "dim",
    "title": "bold bright_cyan",
    "header": "bold underline",
    "cursor": "reverse",
    "cursor-away": "underline",
    "selected": "bold bright_yellow",
    "overdue": "bold bright_red",
    "slow": "yellow",
    "ok": "green",
    "error": "bold reverse",
    "key": "bold bright_yellow",
}
_FEW_LIGHT = _FEW_DARK | {
    "title": "bold blue",
    "selected": "bold magenta",
    "overdue": "bold red",
    "slow": "magenta",
    "key": "bold magenta",
}
_NONE = {
    "text": "default",
    "muted": "default",
    "title": "bold",
    "header": "bold underline",
    "cursor": "reverse",
    "cursor-away": "underline",
    "selected": "bold",
    "overdue": "bold",
    "slow": "default",
    "ok": "default",
    "error": "bold reverse",
    "key": "bold",
}
STYLE_NAMES: Final = tuple(_DARK)


class Glyphs(NamedTuple):
    """What is drawn besides text. Box glyphs are two cells wide in some Chinese fonts; the ASCII ones never are."""

    ellipsis: str = "…"
    ascending: str = "▲"
    descending: str = "▼"
    more_left: str = "◀"
    more_right: str = "▶"
    horizontal: str = "─"
    vertical: str = "│"
    bar: str = "█"
    border: Literal["solid", "ascii"] = "solid"


ASCII_GLYPHS: Final = Glyphs("~", "^", "v", "<", ">", "-", "|", "#", "ascii")


@dataclass(frozen=True)
class Look:
    """A depth, light or dark, with or without box glyphs: styles by name, glyphs, and the theme for Textual's widgets.
    An app wears it: `App(ansi_color=look.native)`, then `wear(app, look)`."""

    depth: Depth
    dark: bool = True
    ascii: bool = False
    styles: Mapping[str, Style] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        base = self._table
        text = Style.parse(base["text"])
        object.__setattr__(self, "styles", {name: text + Style.parse(base[name]) for name in STYLE_NAMES})

    @property
    def name(self) -> str:
        return f"jiaoyan-{'dark' if self.dark else 'light'}-{self.depth}{'-ascii' if self.ascii else ''}"

    @property
    def native(self) -> bool:
        """Whether it keeps to the terminal's own colours (or none)."""
        return self.depth in (Depth.FEW, Depth.NONE)

    @property
    def glyphs(self) -> Glyphs:
        return ASCII_GLYPHS if self.ascii else Glyphs()

    def style(self, name: str) -> Style:
        """A named style; a name that is not known, a plugin's perhaps, is plain text."""
        return self.styles.get(name) or self.styles["text"]

    @property
    def theme(self) -> Theme:
        """For Textual's own widgets and style sheets; the named styles are there as `$overdue` and `$overdue-back`."""
        return _native_theme(self) if self.native else _colour_theme(self)

    @property
    def _table(self) -> Mapping[str, str]:
        if self.depth is Depth.NONE:
            return _NONE
        if self.depth is Depth.FEW:
            return _FEW_DARK if self.dark else _FEW_LIGHT
        return _DARK if self.dark else _LIGHT


def depth_of(environ: Mapping[str, str]) -> Depth:
    """As Textual and Rich find it; `COLORTERM` does not cross SSH, so 256 are common, and 16 PuTTY's own."""
    term = environ.get("TERM", "").strip().lower()
    if environ.get("NO_COLOR") is not None or term in ("", "dumb", "unknown"):
        return Depth.NONE
    if environ.get("COLORTERM", "").strip().lower() in ("truecolor", "24bit"):
        return Depth.TRUE
    return Depth.MANY if term.rpartition("-")[2] in ("256color", "kitty", "direct") else Depth.FEW


@lru_cache(maxsize=16)
def look(depth: Depth, dark: bool = True, ascii_borders: bool = False) -> Look:
    return Look(depth, dark, ascii_borders)


def look_for(environ: Mapping[str, str] | None = None) -> Look:
    """The look that fits the terminal and the person; JIAOYAN_ASCII=1 asks for ASCII borders, JIAOYAN_LIGHT=1 for light."""
    environ = os.environ if environ is None else environ
    return look(depth_of(environ), not is_light(environ), environ.get("JIAOYAN_ASCII", "") not in ("", "0"))


_worn: dict[str, Look] = {}
"""Looks by name, as far as an app has worn them."""


def wear(app: App[Any], wanted: Look) -> None:
    """Puts a look on: Textual's widgets and ours change together."""
    _worn[wanted.name] = wanted
    app.register_theme(wanted.theme)
    if app.is_running:
        app.theme = wanted.name
        return
    app.set_reactive(type(app).theme, wanted.name)  # nothing is drawn yet: else all style sheets are read and applied twice
    app.stylesheet.set_variables(app.get_css_variables())
    app.set_class(wanted.dark, "-dark-mode", update=False)
    app.set_class(not wanted.dark, "-light-mode", update=False)


def look_of(app: App[Any]) -> Look:
    """The look that an app wears; what fits the terminal where it wears none of ours."""
    return _worn.get(app.theme) or look_for()


def _colour_theme(wanted: Look) -> Theme:
    fore, back = _colours(wanted, "text")
    panel = _colours(wanted, "header")[1]
    cursor_fore, cursor_back = _colours(wanted, "cursor")
    return Theme(
        name=wanted.name,
        dark=wanted.dark,
        primary=cursor_back,
        secondary=_colours(wanted, "title")[0],
        accent=_colours(wanted, "selected")[0],
        warning=_colours(wanted, "slow")[0],
        error=_colours(wanted, "overdue")[0],
        success=_colours(wanted, "ok")[0],
        foreground=fore,
        background=back,
        surface=back,
        panel=panel,
        variables={
            "block-cursor-foreground": cursor_fore,
            "block-cursor-background": cursor_back,
            "footer-key-foreground": _colours(wanted, "key")[0],
            **_variables(wanted),
        },
    )


def _native_theme(wanted: Look) -> Theme:
    """Textual's own theme of terminal colours, with our names; without colours, all of them the default one."""
    base = BUILTIN_THEMES["ansi-dark" if wanted.dark else "ansi-light"]
    plain = wanted.depth is Depth.NONE
    variables = dict.fromkeys(base.variables, "ansi_default") if plain else dict(base.variables)
    variables |= {name: value for name, value in base.variables.items() if name.endswith("-style")}
    variables |= {"block-cursor-text-style": "reverse", "input-cursor-text-style": "reverse"}
    variables |= {
        "block-cursor-foreground": "ansi_default",
        "block-cursor-background": "ansi_default",
        "input-cursor-foreground": "ansi_default",
        "input-cursor-background": "ansi_default",
    }

    def colour(name: str, otherwise: str) -> str:
        return "ansi_default" if plain else _native_name(wanted, name, otherwise)

    return Theme(
        name=wanted.name,
        dark=wanted.dark,
        ansi=True,
        primary="ansi_default" if plain else base.primary,
        secondary=colour("title", "ansi_default"),
        accent=colour("selected", "ansi_default"),
        warning=colour("slow", "ansi_default"),
        error=colour("overdue", "ansi_default"),
        success=colour("ok", "ansi_default"),
        foreground="ansi_default",
        background="ansi_default",
        surface="ansi_default",
        panel="ansi_default",
        boost="ansi_default",
        variables=variables | _variables(wanted),
    )


def _variables(wanted: Look) -> dict[str, str]:
    found: dict[str, str] = {}
    for name in STYLE_NAMES:
        if wanted.native:
            found[name] = _native_name(wanted, name, "ansi_default")
            found[f"{name}-back"] = "ansi_default"
        else:
            found[name], found[f"{name}-back"] = _colours(wanted, name)
    return found


def _native_name(wanted: Look, name: str, otherwise: str) -> str:
    colour = wanted.styles[name].color
    return otherwise if colour is None or colour.is_default else f"ansi_{colour.name}"


def _colours(wanted: Look, name: str) -> tuple[str, str]:
    style = wanted.styles[name]
    assert style.color is not None
    assert style.bgcolor is not None
    return style.color.name, style.bgcolor.name

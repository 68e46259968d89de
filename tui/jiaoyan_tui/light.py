"""Light or dark: as the person has chosen, else as the terminal says of its background."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from platformdirs import user_state_path

LIGHT, DARK = "light", "dark"
WHITE = ("7", "15")
"""What COLORFGBG (rxvt, Konsole) calls a light background, at its end."""


def is_light(environ: Mapping[str, str]) -> bool:
    """JIAOYAN_LIGHT=1 or 0 goes before what was chosen on the screen, that before COLORFGBG."""
    if asked := environ.get("JIAOYAN_LIGHT"):
        return asked != "0"
    with suppress(OSError, UnicodeDecodeError):
        chosen = _file().read_text("utf-8").strip()
        if chosen in (LIGHT, DARK):
            return chosen == LIGHT
    return environ.get("COLORFGBG", "").rpartition(";")[2] in WHITE


def remember(light: bool, environ: Mapping[str, str]) -> bool:
    """For the next time; False where it will not hold: the environment says something else, or the disk does not take it."""
    with suppress(OSError):
        user_state_path("jiaoyan", appauthor=False, ensure_exists=True)
        _file().write_text(LIGHT if light else DARK, "utf-8")
    return is_light(environ) == light


def _file() -> Path:
    return user_state_path("jiaoyan", appauthor=False) / "look"

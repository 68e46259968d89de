"""Pictures of a screen as text files: what stands on each line, and in which styles; compared line by line.

A line of the screen is followed, where its style is not one throughout, by its runs: `~ a12 b68` is twelve cells in the style a,
then 68 in b. The styles stand below all lines.
"""

from __future__ import annotations

from itertools import zip_longest
from string import ascii_letters
from typing import Any

from rich.style import Style
from textual.app import App

MOST_TOLD = 12
"""Differing lines that are shown."""


def picture(app: App[Any]) -> list[str]:
    """The screen as it is now."""
    width, height = app.size
    letters: dict[str, str] = {}
    lines: list[str] = []
    for strip in app.screen._compositor.render_strips(app.size)[:height]:
        runs: list[tuple[str, int]] = []
        for segment in strip.crop(0, width):
            letter = letters.setdefault(style_name(segment.style), _letter(len(letters)))
            cells = segment.cell_length
            if runs and runs[-1][0] == letter:
                cells += runs.pop()[1]
            if cells:
                runs.append((letter, cells))
        lines.append(f"|{strip.crop(0, width).text.rstrip()}")
        lines.append(f"~ {' '.join(f'{letter}{cells}' for letter, cells in runs)}")
    return [*lines, *(f"{letter} = {name}" for name, letter in letters.items())]


def _letter(number: int) -> str:
    return ascii_letters[number % 52] * (1 + number // 52)


def style_name(style: Style | None) -> str:
    """A style in words, its parts in one order: `bold #ffffff on #005f87`."""
    if style is None:
        return "default"
    marks = ("bold", "dim", "italic", "underline", "reverse", "strike")
    words = [mark for mark in marks if getattr(style, mark)]
    words += [style.color.name] if style.color is not None else []
    words += [f"on {style.bgcolor.name}"] if style.bgcolor is not None else []
    return " ".join(words) or "default"


def differences(was: list[str], now: list[str]) -> str:
    """Line by line what is not the same, in words; empty where all is."""
    told: list[str] = []
    line = 0
    for old, new in zip_longest(was, now, fillvalue=""):
        line += (new or old).startswith("|")
        if old != new:
            told.append(f"line {line} - {old}\n{' ' * len(f'line {line}')} + {new}")
    if len(told) > MOST_TOLD:
        told[MOST_TOLD:] = [f"and {len(told) - MOST_TOLD} more lines"]
    return "\n".join(told)

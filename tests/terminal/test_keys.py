"""Full-width keys, as a terminal sends them, become the keys that actions are bound to."""

from __future__ import annotations

import string
from typing import ClassVar

import pytest
from textual._xterm_parser import XTermParser
from textual.app import App
from textual.binding import Binding, BindingType
from textual.events import Event, Key

from jiaoyan_tui.keys import fold, fold_character


def typed(char: str) -> Key:
    """The event that Textual makes of a character from the terminal."""
    (event,) = XTermParser().feed(char)
    assert isinstance(event, Key)
    return event


@pytest.mark.parametrize("char", string.ascii_letters + string.digits + string.punctuation)
def test_a_full_width_key_folds_to_what_its_ascii_key_sends(char: str) -> None:
    event, wanted = fold(typed(chr(ord(char) + 0xFEE0))), typed(char)
    assert (event.key, event.character) == (wanted.key, wanted.character)


@pytest.mark.parametrize(
    ("char", "ascii_char"),
    [
        ("\u3001", "/"), ("\u3002", "."), ("\u3000", " "), ("\u300a", "<"), ("\u300b", ">"), ("\u3010", "["),
        ("\u3011", "]"), ("\u201c", '"'), ("\u201d", '"'), ("\u2018", "'"), ("\u2019", "'"), ("\uffe5", "$"),
        ("\u00a5", "$"), ("\u00b7", "`"),
    ],
)  # fmt: skip
def test_chinese_punctuation_folds_to_the_key_it_stands_on(char: str, ascii_char: str) -> None:
    event, wanted = fold(typed(char)), typed(ascii_char)
    assert (event.key, event.character) == (wanted.key, wanted.character)


@pytest.mark.parametrize("char", ["a", "?", " ", "张", "é", "\x1b"])
def test_other_keys_are_left_alone(char: str) -> None:
    event = Key("escape", "\x1b") if char == "\x1b" else typed(char)
    assert fold(event) is event


def test_keys_with_modifiers_and_without_character_are_left_alone() -> None:
    for event in (Key("f1", None), Key("ctrl+a", "\x01"), Key("alt+fullwidth_colon", "\uff1a")):
        assert fold(event) is event


def test_text_of_several_characters_is_left_alone() -> None:
    assert fold_character("\uff1f\uff1f") == "\uff1f\uff1f"


async def test_an_app_that_folds_hears_a_full_width_question_mark() -> None:
    class Folding(App[None]):
        BINDINGS: ClassVar[list[BindingType]] = [Binding("question_mark", "ask", "帮助")]
        asked = 0

        async def on_event(self, event: Event) -> None:
            await super().on_event(fold(event) if isinstance(event, Key) else event)

        def action_ask(self) -> None:
            self.asked += 1

    app = Folding()
    async with app.run_test() as pilot:
        await pilot.press("\uff1f")
        assert app.asked == 1

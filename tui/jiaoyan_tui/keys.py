"""Keys as a Chinese input method sends them, folded to the ASCII keys that actions are bound to."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from textual.events import Key
from textual.keys import KEY_NAME_REPLACEMENTS

# What the keys of a Chinese layout commit where ASCII has another sign.
_PUNCTUATION = {
    "、": "/", "。": ".", "·": "`", "¥": "$", "“": '"', "”": '"', "‘": "'", "’": "'", "《": "<", "》": ">",
    "【": "[", "】": "]", "「": "{", "」": "}", "\u3000": " ", "\uffe5": "$", "\uff61": ".", "\uff64": "/",
}  # fmt: skip
_FULL_WIDTH = range(0xFF01, 0xFF5F)  # ! to ~, in the order of ASCII


def fold_character(char: str) -> str:
    """The ASCII character that the same key gives without the input method; any other character as it is."""
    if len(char) == 1 and ord(char) in _FULL_WIDTH:
        return chr(ord(char) - 0xFEE0)
    return _PUNCTUATION.get(char, char)


def fold(event: Key) -> Key:
    """The event to look actions up with: full-width letters, digits and punctuation as ASCII keys. Other events come
    back themselves. Not for a key that a field is about to take as text."""
    char = event.character or _named().get(event.key, "")
    folded = fold_character(char)
    if folded == char or "+" in event.key:
        return event
    return Key(key_name(folded), folded)


def key_name(char: str) -> str:
    """What Textual calls the key of a character: `a`, `7`, `question_mark`."""
    if char.isalnum():
        return char
    name = unicodedata.name(char).lower().replace("-", "_").replace(" ", "_")
    return KEY_NAME_REPLACEMENTS.get(name, name)


@lru_cache(maxsize=1)
def _named() -> dict[str, str]:
    """Characters by the name of their key: keys that a test presses come without the character."""
    return {key_name(char): char for char in [*map(chr, _FULL_WIDTH), *_PUNCTUATION]}

"""Keys as a Chinese input method sends them, folded to the ASCII keys that actions are bound to."""

from __future__ import annotations

import unicodedata

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
    if event.character is None or "+" in event.key or event.character.isascii():
        return event
    char = fold_character(event.character)
    if char == event.character:
        return event
    return Key(key_name(char), char)


def key_name(char: str) -> str:
    """What Textual calls the key of an ASCII character: `a`, `7`, `question_mark`."""
    if char.isalnum():
        return char
    name = unicodedata.name(char).lower().replace("-", "_").replace(" ", "_")
    return KEY_NAME_REPLACEMENTS.get(name, name)

"""Pinyin of Chinese names and titles: for sorting, and for filters that take zs or zhangsan for 张三."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

SURNAMES = {
    "单": "shan", "解": "xie", "仇": "qiu", "查": "zha", "曾": "zeng", "区": "ou", "任": "ren", "朴": "piao", "尉": "wei",
    "盖": "ge", "华": "hua", "乐": "yue", "冼": "xian", "员": "yun", "缪": "miao", "宁": "ning", "燕": "yan", "覃": "qin",
    "召": "shao", "繁": "po", "种": "chong", "黑": "he", "祭": "zhai", "重": "chong", "车": "che", "褚": "chu", "洗": "xian",
    "句": "gou", "翟": "zhai", "臧": "zang", "隗": "wei", "逄": "pang", "纪": "ji", "折": "she", "秘": "bi", "尹": "yin",
    "万俟": "mo qi", "尉迟": "yu chi", "长孙": "zhang sun", "澹台": "tan tai", "单于": "chan yu", "令狐": "ling hu",
}
"""How a first character is read when it is a surname; the table of single characters alone gets these wrong."""


@cache
def _syllables() -> dict[str, str]:
    """Character → its commonest syllable without tone, from pinyin.txt (one line a syllable)."""
    table: dict[str, str] = {}
    for line in (files("jiaoyan") / "pinyin.txt").read_text(encoding="utf-8").splitlines():
        syllable, _, characters = line.partition(" ")
        for character in characters:
            table[character] = syllable
    return table


def syllables(text: str) -> list[str]:
    """One syllable a Chinese character, other characters as they are, in lower case."""
    table = _syllables()
    return [table.get(character, character.lower()) for character in text if not character.isspace()]


def name_syllables(name: str) -> list[str]:
    """The same for a person's name: the surname read as a surname."""
    for length in (2, 1):
        if reading := SURNAMES.get(name[:length]):
            return [*reading.split(), *syllables(name[length:])]
    return syllables(name)


def spelled(text: str) -> str:
    """The words by which a text is found: as it stands, in full pinyin, and its initials; as a name and as plain text."""
    forms = {text.lower(): None}
    for read in (name_syllables(text), syllables(text)):
        forms["".join(read)] = None
        forms["".join(syllable[:1] for syllable in read)] = None
    return " ".join(forms)


def sort_form(text: str) -> str:
    """Text that sorts as a Chinese reader expects: by pinyin, then by the characters."""
    return text.lower() if text.isascii() else " ".join(name_syllables(text)) + "\x01" + text

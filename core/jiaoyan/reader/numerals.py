"""Numbers as Chinese texts write them: 十五, 两百, 1.5万, ⑿, ㈢, 三四 (a range), 半."""

from __future__ import annotations

import re

DIGITS = {char: n for n, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "双": 2, "壹": 1, "贰": 2, "叁": 3}
SCALES = {"十": 10, "百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000}

CHINESE = "[零〇一二两三四五六七八九十百千万]"
# A digit run of more than seven figures is a telephone or a registration number, no amount.
NUMBER = rf"(?:(?<![\d.])\d{{1,7}}(?:\.\d{{1,3}})?[百千万]?(?![\d])|{CHINESE}{{1,9}})"
DASH = r"[-~至到]"

_RINGS = {
    **{chr(0x2460 + n): n + 1 for n in range(20)}, **{chr(0x2474 + n): n + 1 for n in range(20)},
    **{chr(0x2488 + n): n + 1 for n in range(20)}, **{chr(0x3220 + n): n + 1 for n in range(10)},
    **{chr(0x3280 + n): n + 1 for n in range(10)}, **{chr(0x2776 + n): n + 1 for n in range(10)},
    **{chr(0x2160 + n): n + 1 for n in range(12)}, **{chr(0x24F5 + n): n + 1 for n in range(10)},
}
"""Signs that hold a whole number: ① ⑴ ⒈ ㈠ ㊀ ❶ Ⅰ ⓵."""


def sign_value(sign: str) -> int | None:
    """The number in a ring, in brackets or with a dot that is one character."""
    return _RINGS.get(sign)


def parse(text: str) -> float | None:
    """The number, or None: 15, 1.5万, 十五, 一百二十, 两千, 二〇二四, 半."""
    text = text.strip()
    if text == "半":
        return 0.5
    if match := re.fullmatch(r"(\d+(?:\.\d+)?)([百千万亿]?)", text):
        return plain(float(match[1]) * SCALES.get(match[2], 1))
    if not text or any(char not in DIGITS and char not in SCALES for char in text):
        return None
    if not any(char in SCALES for char in text):
        return float("".join(str(DIGITS[char]) for char in text))
    total, section, digit = 0, 0, -1
    for char in text:
        if char in DIGITS:
            digit = DIGITS[char]
        elif SCALES[char] >= 10_000:
            total = (total + section + max(digit, 0)) * SCALES[char]
            section, digit = 0, -1
        else:
            section += (1 if digit < 0 else digit) * SCALES[char]
            digit = -1
    return float(total + section + max(digit, 0))


def plain(number: float) -> float:
    """Without the traces of binary arithmetic: 0.15 × 10000 is 1500."""
    return round(number, 6)


def tidy(number: float) -> int | float:
    """A whole number as an int."""
    return int(number) if number == int(number) else number


def neighbours(text: str) -> tuple[int, int] | None:
    """两三, 三四, 一两: two digits side by side that mean a range."""
    if len(text) == 2 and all(char in DIGITS for char in text):
        low, high = DIGITS[text[0]], DIGITS[text[1]]
        if 0 < low < high <= low + 2:
            return low, high
    return None

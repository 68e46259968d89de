"""Widths, clipping, padding, windows and wrapping, whatever the text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from jiaoyan_tui.cells import clean, clip, graphemes, pad, width, window, wrap

# Full-width forms are written by number: editors and input methods fold them too easily.
FULL_COMMA, FULL_STOP, FULL_A, SPACE_WIDE = "\uff0c", "\u3002", "\uff21", "\u3000"
PIECES = [
    "张三", "a", " ", FULL_COMMA, FULL_STOP, FULL_A, SPACE_WIDE, "e\u0301", "\u200b", "👩\u200d🏫",
    "❤\ufe0f", "𠮷", "word", "《",
]  # fmt: skip
texts = st.one_of(st.text(max_size=40), st.lists(st.sampled_from(PIECES), max_size=14).map("".join))


@given(texts)
def test_graphemes_add_up_to_the_text_and_to_its_width(text: str) -> None:
    found = graphemes(text)
    assert "".join(grapheme for grapheme, _ in found) == text
    assert sum(size for _, size in found) == width(text) == cell_len(text)


@given(texts, st.integers(0, 50))
def test_a_clipped_text_fits_and_keeps_what_fits(text: str, cells: int) -> None:
    clipped = clip(text, cells)
    assert width(clipped) <= cells
    if width(text) <= cells:
        assert clipped == text
    elif cells:
        assert clipped.endswith("…")
        assert text.startswith(clipped[:-1])
        assert width(clipped) >= cells - 1  # a wide character that does not fit costs one cell at most


@given(texts, st.integers(0, 50), st.sampled_from(["left", "right", "center"]))
def test_a_padded_text_is_exactly_so_wide_and_loses_nothing_that_fits(text: str, cells: int, align: str) -> None:
    padded = pad(text, cells, align)  # type: ignore[arg-type]
    if width(clip(text, cells)):
        assert width(padded) == cells
    if width(text) <= cells:
        assert text in padded


@given(texts.filter(lambda text: "\u200d" not in text and "\ufe0f" not in text), st.integers(0, 20), st.integers(0, 30))
def test_a_window_is_exactly_so_wide(text: str, start: int, cells: int) -> None:
    assert width(window(text, start, cells)) == cells


@given(texts, st.integers(2, 30))
def test_wrapped_lines_fit_and_lose_only_blanks(text: str, cells: int) -> None:
    lines = wrap(text, cells)
    assert all(width(line) <= cells for line in lines)
    kept = "".join(lines).replace(" ", "")
    assert kept == "".join(map(clean, text.splitlines())).replace(" ", "")


@given(st.text(max_size=60))
def test_clean_text_has_no_control_characters_and_stays_clean(text: str) -> None:
    cleaned = clean(text)
    assert not any(ord(char) < 32 or 0x7F <= ord(char) < 0xA0 or 0xD800 <= ord(char) < 0xE000 for char in cleaned)
    assert clean(cleaned) == cleaned
    cleaned.encode()


def test_what_control_characters_become() -> None:
    assert clean("a\tb\r\nc\x1b[31m\x07\x7f\x9b\u202ed") == "a b c^[[31m^G??d"


@pytest.mark.parametrize(
    ("text", "cells", "clipped"),
    [
        ("张三李四", 8, "张三李四"),
        ("张三李四", 7, "张三李…"),
        ("张三李四", 6, "张三…"),
        ("a张三", 4, "a张…"),
        ("张三", 1, "…"),
        ("张三", 0, ""),
        ("e\u0301e\u0301e\u0301", 2, "e\u0301…"),
    ],
)
def test_clipping(text: str, cells: int, clipped: str) -> None:
    assert clip(text, cells) == clipped


def test_aligning() -> None:
    assert pad("12", 5, "right") == "   12"
    assert pad("张三", 7, "center") == " 张三  "
    assert pad("张三丰", 5, "right", "~") == "张三~"
    assert pad("张三丰", 4, mark="~") == "张~ "


def test_a_window_shows_a_space_for_half_a_character() -> None:
    assert window("张三李四", 1, 5) == " 三李"
    assert window("张三李四", 0, 5) == "张三 "
    assert window("张三李四", 1, 4) == " 三 "
    assert window("ab", 1, 4) == "b   "


def test_punctuation_does_not_open_a_line_nor_end_one_where_it_must_not() -> None:
    assert wrap(f"一二三{FULL_COMMA}四五", 6) == ["一二", f"三{FULL_COMMA}四", "五"]
    assert wrap("一二《三四》五", 6) == ["一二", "《三", "四》五"]


def test_words_stay_whole_where_they_can() -> None:
    assert wrap("Unit 3 lesson study", 8) == ["Unit 3", "lesson", "study"]
    assert wrap("abcdefghij", 4) == ["abcd", "efgh", "ij"]
    assert wrap("第 12 周\n\n考试", 20) == ["第 12 周", "", "考试"]


def test_a_line_needs_room_for_a_wide_character() -> None:
    with pytest.raises(ValueError, match="wide"):
        wrap("张", 1)

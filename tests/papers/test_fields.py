"""Days, identity cards and telephones as rosters hold them."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiaoyan.papers.fields import born_of, check_digit, day_of, gender_of, id_card_of, listed, phone_of, sex_of


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("1985.3", "1985-03"), ("1985-03", "1985-03"), ("198503", "1985-03"), ("1985年3月", "1985-03"),
        ("1985年 3月7日", "1985-03-07"), ("19850307", "1985-03-07"), ("1985/3/7", "1985-03-07"), ("31113", "1985-03-07"),
        ("85.3", "1985-03"), ("05年3月", "2005-03"), ("1985", "1985"), ("3/1985", "1985-03"), ("850307", "1985-03-07"),
        ("一九八五年十二月", "1985-12"), ("二〇一〇年十月二十三日", "2010-10-23"), ("1985-03-07 00:00:00", "1985-03-07"),
        ("1985\uff0e3\uff0e7", "1985-03-07"), ("1985年3月生", "1985-03"),
        ("1985.13", None), ("昨天", None), ("1985-02-30", None), ("3/7/1985", None), ("0", None), ("1885.3", None),
    ],
)
def test_days(written: str, read: str | None) -> None:
    assert day_of(written) == read


@given(st.text(max_size=20) | st.text(alphabet="0123456789年月日.-/一十〇", max_size=12))
def test_a_day_fits_the_model_or_is_none(written: str) -> None:
    found = day_of(written)
    assert found is None or re.fullmatch(r"\d{4}(-\d{2}(-\d{2})?)?", found)


def test_identity_cards() -> None:
    body = "11010119850307001"
    card = body + check_digit(body)
    assert id_card_of(f" {card.lower()} ") == (card, "")
    assert (born_of(card), sex_of(card)) == ("1985-03-07", "m")
    assert id_card_of("110101850307002") == ("110101850307002", "")
    assert (born_of("110101850307002"), sex_of("110101850307002")) == ("1985-03-07", "f")
    assert "截断" in id_card_of("110101198503070000")[1]
    assert "科学记数" in id_card_of("1.10101E+17")[1]
    assert "18 位" in id_card_of("1101011985")[1]
    assert "校验位" in id_card_of(body + ("1" if check_digit(body) != "1" else "2"))[1]
    assert id_card_of("") == ("", "")


def test_a_lower_case_x_is_a_check_digit() -> None:
    body = next(b for n in range(1000) if check_digit(b := f"11010119850307{n:03}") == "X")
    assert id_card_of(body + "x") == (body + "X", "")


def test_sex_phone_lists() -> None:
    assert [gender_of(t) for t in ("男", " 女 ", "1", "2", "M", "f", "", "0", "?")] == [
        "m", "f", "m", "f", "m", "f", "", "", None,
    ]
    assert phone_of("138 0000-1111") == ("13800001111", "")
    assert phone_of("+8613800001111") == ("13800001111", "")
    assert phone_of("0913-2345678") == ("0913-2345678", "")
    assert "11 位" in phone_of("1380000111")[1]
    assert phone_of("1.38E+10") == ("", "电话被 Excel 写成了科学记数,后几位已丢失")
    assert listed("副校长、语文教研组长/党员 副校长") == ["副校长", "语文教研组长", "党员"]

"""Single cells of a roster: days in every form that people write, identity cards, sex, telephone, splitting lists."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, timedelta

EPOCH = date(1899, 12, 30)  # Excel's day 0, with its leap day of 1900
YEARS = range(1900, 2101)
_DIGITS = str.maketrans("〇零○一二三四五六七八九", "000123456789")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def plain(text: str) -> str:
    """Half-width, without blanks at all."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


def listed(text: str) -> list[str]:
    """The items of a cell that holds several, in their order, each once."""
    parts = re.split(r"[、,;/|+&\s]+", unicodedata.normalize("NFKC", text))
    return list(dict.fromkeys(part.strip("。.·") for part in parts if part.strip("。.·")))


# ---- days -----------------------------------------------------------------------------------------------------------
def day_of(text: str) -> str | None:
    """`1985`, `1985-03` or `1985-03-07`, as fine as what is written; None where it can't be read."""
    found = plain(re.sub(r"\s+\d{1,2}:\d{2}(:\d{2})?(\.\d+)?$", "", text.strip())).rstrip("生起。.")
    if re.search("[〇零○一二三四五六七八九十]", found):
        found = _arabic(found)
    for pattern in _FORMS:
        if written := re.fullmatch(pattern, found):
            parts = written.groupdict()
            return _day(_year(parts["y"]), parts.get("m"), parts.get("d"))
    if re.fullmatch(r"\d{5}", found) and 10_000 <= int(found) <= 60_000:
        return (EPOCH + timedelta(days=int(found))).isoformat()
    return None


_FORMS = (
    r"(?P<y>(?:19|20)\d{2})(?P<m>0[1-9]|1[0-2])(?P<d>\d{2})?",
    r"(?P<y>\d{4}|\d{2})年(?P<m>\d{1,2})月?(?:份|底|初)?(?:(?P<d>\d{1,2})[日号]?)?",
    r"(?P<y>\d{4})[-./,、—](?P<m>\d{1,2})(?:[-./,、—](?P<d>\d{1,2}))?[月日]?",
    r"(?P<y>\d{2})[-./](?P<m>\d{1,2})(?:[-./](?P<d>\d{1,2}))?",
    r"(?P<m>\d{1,2})[-./](?P<y>\d{4})",
    r"(?P<y>\d{2})(?P<m>0[1-9]|1[0-2])(?P<d>\d{2})",
    r"(?P<y>\d{4})年?",
)


def _arabic(text: str) -> str:
    """一九八五年十二月三日 → 1985年12月3日."""
    text = text.translate(_DIGITS)
    text = re.sub(r"(\d)十(\d)", r"\1\2", text)
    return re.sub(r"十(\d)", r"1\1", re.sub(r"(\d)十", r"\g<1>0", text)).replace("十", "10")


def _year(text: str) -> int:
    """A year of two digits lies between 1930 and 2029: the oldest on a roster is younger, the youngest has begun."""
    number = int(text)
    return number if len(text) == 4 else number + (1900 if number >= 30 else 2000)


def _day(year: int, month: str | None, day: str | None) -> str | None:
    if year not in YEARS:
        return None
    try:
        date(year, int(month or 1), int(day or 1))
    except ValueError:
        return None
    return f"{year}" + (f"-{int(month):02}" if month else "") + (f"-{int(day):02}" if day else "")


# ---- identity cards -------------------------------------------------------------------------------------------------
def id_card_of(text: str) -> tuple[str, str]:
    """(number, "") or ("", why it is not taken)."""
    found = plain(text).upper().strip("'\"`")
    if not found:
        return "", ""
    if re.search(r"\dE\+?\d", found):
        return "", "身份证号被 Excel 写成了科学记数,后几位已丢失"
    if re.fullmatch(r"\d{15}", found):
        return (found, "") if _day(int("19" + found[6:8]), found[8:10], found[10:12]) else ("", "身份证号中的出生日期不对")
    if not re.fullmatch(r"\d{17}[\dX]", found):
        return "", f"身份证号应为 18 位,现在是 {len(found)} 位"
    if check_digit(found) != found[17]:
        cut = re.search(r"00+$", found)
        return "", "身份证号末几位是 0,像是被 Excel 截断了" if cut else "身份证号的校验位不对"
    if not _day(int(found[6:10]), found[10:12], found[12:14]):
        return "", "身份证号中的出生日期不对"
    return found, ""


def check_digit(number: str) -> str:
    """The eighteenth place that the first seventeen require (GB 11643)."""
    return "10X98765432"[sum(int(d) * w for d, w in zip(number[:17], _WEIGHTS, strict=True)) % 11]


def born_of(id_card: str) -> str:
    digits = id_card[6:14] if len(id_card) == 18 else "19" + id_card[6:12]
    return f"{digits[:4]}-{digits[4:6]}-{digits[6:8]}"


def sex_of(id_card: str) -> str:
    return "m" if int(id_card[16] if len(id_card) == 18 else id_card[14]) % 2 else "f"


# ---- others ---------------------------------------------------------------------------------------------------------
SEXES = {"男": "m", "女": "f", "男性": "m", "女性": "f", "1": "m", "2": "f", "m": "m", "f": "f", "male": "m", "female": "f",
         "0": "", "未知": "", "": ""}


def gender_of(text: str) -> str | None:
    """m, f or "" as the national code has it (0 is not known); None where it can't be read."""
    return SEXES.get(plain(text).lower())


def phone_of(text: str) -> tuple[str, str]:
    """(number, doubt): a number is kept as written unless digits are lost."""
    found = re.sub(r"\s+", " ", unicodedata.normalize("NFKC", text)).strip()
    bare = re.sub(r"[\s-]|^\+?86(?=1\d{10}$)", "", found)
    if re.fullmatch(r"[\d.]+E\+?\d+", bare, re.IGNORECASE):
        return "", "电话被 Excel 写成了科学记数,后几位已丢失"
    bare = re.sub(r"^\+?86(?=1\d{10}$)", "", bare)
    if re.fullmatch(r"1\d{10}", bare):
        return bare, ""
    if re.fullmatch(r"1[3-9]\d+", bare) and len(bare) != 11:
        return found[:40], f"手机号应为 11 位,现在是 {len(bare)} 位"
    if len(found) > 40:
        return found[:40].rstrip(), "电话太长,只取了前面的部分"
    return found, ""

"""When something is due: months, spans of months, half months, weeks of term, days, phases, as schedule headings write them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from jiaoyan.reader.numerals import parse

_Y = r"(?:(?P<y{0}>(?:19|20)[\dxX×*]{{2}}|[一二][〇零][〇零一二][〇零一二三四五六七八九])[年.\-/])"
_M = r"(?P<m{0}>1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九元正])"
_D = r"(?P<d{0}>[12]\d|3[01]|0?[1-9]|[一二三]?十[一二三四五六七八九]?|[一二三四五六七八九])"
_PARTS = r"(?:份|底|初|末|中旬|上旬|下旬|上半月|下半月|中下旬|上中旬|中|内|间)?"
_DASH = r"[ ]*(?:--?|~|至|到|、|—|和|及)[ ]*"
_WEEKDAY = r"(?:[ ]*[(]?(?:周|星期)[一二三四五六日天][)]?)?"

MONTHS = re.compile(
    rf"(?P<next>明年|次年|今年|本年|来年)?{_Y.format(1)}?(?:{_M.format(1)}月{_PARTS}"
    rf"(?:{_D.format(1)}[日号]?(?!\d|、)(?=[日号\s:,至到(~-]|(?<=[日号])|$))?{_WEEKDAY}"
    rf"(?:{_DASH}{_Y.format(2)}?(?:(?P<next2>次年|明年|翌年))?{_M.format(2)}月{_PARTS}(?:{_D.format(2)}[日号])?{_WEEKDAY}|{_DASH}(?P<d3>\d{{1,2}})[日号]{_WEEKDAY})?"
    rf"|(?P<m3>1[0-2]|[1-9]|[一二三四五六七八九]|十[一二]?)[ ]*(?:-|~|至|到|、)[ ]*"
    rf"(?P<m4>1[0-2]|[1-9]|十[一二]?|[一二三四五六七八九])月{_PARTS})"
)
WEEKS = re.compile(
    r"(?:第[ ]?(?P<w1>\d{1,2}|[一二三四五六七八九十]{1,3})[ ]?"
    r"(?:(?:周?[ ]?[-~至到—][ ]?|、[ ]?)第?(?P<w2>\d{1,2}|[一二三四五六七八九十]{1,3})[ ]?)?周"
    r"|(?P<w3>\d{1,2})(?:[-~](?P<w4>\d{1,2}))?周(?!岁|年|边|[一二三四五六日]))(?:周?[(]?(?:周|星期)[一二三四五六日天][)]?)?"
)
DOTTED = re.compile(
    r"(?:(?P<y>20\d{2})[./-])?(?P<m>1[0-2]|0?[1-9])[./](?P<d>[12]\d|3[01]|0?[1-9])(?![\d.])"
    r"(?:[ ]*[-~至][ ]*(?:(?P<m2>1[0-2]|0?[1-9])[./])?(?P<d2>[12]\d|3[01]|0?[1-9])(?![\d.]))?"
)
YEAR_MONTHS = re.compile(
    r"(?P<y>20\d{2})[./](?P<m>1[0-2]|0?[1-9])(?![\d./])"
    rf"(?:{_DASH}(?:(?P<y2>20\d{{2}})[./])?(?P<m2>1[0-2]|0?[1-9])(?![\d./月]))?"
)
ISO = re.compile(r"(?P<y>20\d{2})[-./](?P<m>1[0-2]|0?[1-9])[-./](?P<d>[12]\d|3[01]|0?[1-9])(?!\d)")


@dataclass(frozen=True, slots=True)
class Time:
    """A time of a schedule: `when` as the labels write it, `day` where the text names one (ISO or MM-DD)."""

    when: str
    end: int
    day: str = ""


def time_at(text: str, start: int = 0) -> Time | None:
    """The time that begins at a place: 九月份, 9—10月, 2024年3月, 第3周, 9月10日, 2024-09-10."""
    if match := WEEKS.match(text, start):
        low, high = match["w1"] or match["w3"], match["w2"] or match["w4"]
        first = parse(low)
        last = parse(high) if high else None
        if first is None or not 0 < first <= 30:
            return None
        when = f"W{int(first):02}" + (f"/W{int(last):02}" if last and last > first else "")
        return Time(when, match.end())
    if match := ISO.match(text, start):
        return Time(f"{match['y']}-{int(match['m']):02}", match.end(),
                    f"{match['y']}-{int(match['m']):02}-{int(match['d']):02}")
    if match := MONTHS.match(text, start):
        return _months(match)
    if match := YEAR_MONTHS.match(text, start):
        when = f"{match['y']}-{int(match['m']):02}"
        return Time(f"{when}/{match['y2'] or match['y']}-{int(match['m2']):02}" if match["m2"] else when, match.end())
    if match := DOTTED.match(text, start):
        month, day = int(match["m"]), int(match["d"])
        year = f"{match['y']}-" if match["y"] else ""
        return Time(f"{year}{month:02}", match.end(), "" if match["d2"] else f"{year}{month:02}-{day:02}")
    return None


def _months(match: re.Match[str]) -> Time | None:
    if match["m3"]:
        first, last = _month(match["m3"]), _month(match["m4"])
        # 3、10月 is item 3, in October
        if "、" in match[0] and last != first + 1:
            return None
        return Time(f"{first:02}/{last:02}" if first != last else f"{first:02}", match.end())
    first = _month(match["m1"])
    year = _year(match["y1"])
    when = f"{year}-{first:02}" if year else f"{first:02}"
    day = ""
    if match["d1"] and not match["m2"] and not match["d3"]:
        number = parse(match["d1"])
        if number and number <= 31:
            day = f"{when}-{int(number):02}"
    if match["m2"]:
        last = _month(match["m2"])
        year2 = _year(match["y2"])
        if not (year2 and not year) and (last != first or year2 != year):
            if year and not year2:
                year2 = str(int(year) + 1) if match["next2"] and year.isdigit() else year
            when = f"{when}/{year2}-{last:02}" if year else f"{when}/{last:02}"
    return Time(when, match.end(), day)


def _month(text: str) -> int:
    return 1 if text in "元正" else int(parse(text) or 0)


def _year(text: str | None) -> str:
    if not text:
        return ""
    if text[0] in "12":
        return text.lower()
    return "".join(str("〇一二三四五六七八九".find(char.replace("零", "〇"))) for char in text)


_CLOCK = re.compile(
    r"(?P<h1>[01]?\d|2[0-3])[:点时](?P<p1>[0-5]\d|半)?分?[ ]*(?:(?:-|~|至|到|--)[ ]*(?:下午|上午|晚上)?"
    r"(?P<h2>[01]?\d|2[0-3])[:点时](?P<p2>[0-5]\d|半)?分?)?"
)
_DAYPARTS = {
    "上午": "上午", "早上": "上午", "早晨": "上午", "下午": "下午",
    "午后": "下午", "晚上": "晚上", "晚间": "晚上", "晚": "晚上", "晚自习": "晚上", "中午": "中午",
}
_DAYPART = re.compile("|".join(sorted(_DAYPARTS, key=len, reverse=True)))


def part_of_day(text: str) -> str:
    """上午, 下午, 晚上, or a clock range where both ends stand: 4:10至4:45 is in the afternoon."""
    named = _DAYPART.search(text)
    part = _DAYPARTS[named[0]] if named else ""
    clock = _CLOCK.search(text)
    if clock and clock["h2"]:
        return f"{_clock(clock['h1'], clock['p1'], part)}-{_clock(clock['h2'], clock['p2'], part)}"
    return "" if part == "中午" else part


def _clock(hour: str, minute: str | None, part: str) -> str:
    number = int(hour)
    if (part in ("下午", "晚上") and number < 12) or 1 <= number < 6:
        number += 12
    minutes = 30 if minute == "半" else int(minute or 0)
    return f"{number:02}:{minutes:02}"

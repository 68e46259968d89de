"""When: how exactly a time is known. Term: its weeks, holidays and 调休. Nothing here ever invents a day."""

import calendar
import re
import unicodedata
from collections.abc import Iterator
from datetime import date, time, timedelta
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from jiaoyan.errors import BadInput
from jiaoyan.records import Part, Record

WEEKDAYS = "一二三四五六日"


class When(Part):
    """A day (with clock or lesson), a week of term, a month, or a span; `first` and `last` bound it, both included."""

    precision: Literal["day", "week", "month", "span"] = "day"
    first: date
    last: date
    start: time | None = None
    end: time | None = None
    lesson: Annotated[int, Field(ge=1, le=20)] | None = None

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.last < self.first:
            raise ValueError(f"止日 {self.last} 早于起日 {self.first}")
        if self.precision == "day" and self.first != self.last:
            raise ValueError("一天的起日与止日应相同")
        if self.start and self.end and self.end <= self.start:
            raise ValueError("结束时间应晚于开始时间")
        return self

    @classmethod
    def on(cls, day: date, start: time | None = None, end: time | None = None, lesson: int | None = None) -> "When":
        return cls(precision="day", first=day, last=day, start=start, end=end, lesson=lesson)

    @classmethod
    def month(cls, year: int, month: int) -> "When":
        last = calendar.monthrange(year, month)[1]
        return cls(precision="month", first=date(year, month, 1), last=date(year, month, last))

    @classmethod
    def span(cls, first: date, last: date) -> "When":
        return cls(precision="day" if first == last else "span", first=first, last=last)

    @property
    def day(self) -> date | None:
        """The day, where it is known."""
        return self.first if self.precision == "day" else None

    def __str__(self) -> str:
        if self.precision == "month":
            return f"{self.first.year}年{self.first.month}月(日期待定)"
        if self.precision == "week":
            return f"{self.first:%m-%d}—{self.last:%m-%d} 这一周(日期待定)"
        if self.precision == "span":
            return f"{self.first}—{self.last}"
        clock = ""
        if self.start:
            clock = f" {self.start:%H:%M}" + (f"—{self.end:%H:%M}" if self.end else "")
        lesson = f" 第{self.lesson}节" if self.lesson else ""
        return f"{self.first} 周{WEEKDAYS[self.first.weekday()]}{clock}{lesson}"


class Holiday(Part):
    """Days without lessons."""

    name: str = Field(title="名称")
    first: date = Field(title="起")
    last: date = Field(title="止")

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.last < self.first:
            raise ValueError(f"止日 {self.last} 早于起日 {self.first}")
        return self


class MakeUp(Part):
    """调休: a day off work that is taught, with the timetable of weekday `follows` (1 = Monday)."""

    day: date = Field(title="上课日")
    follows: Annotated[int, Field(ge=1, le=7)] = Field(title="上星期几的课")


class Term(Record):
    """A term. `first` and `last` cover its days without gap to the next (寒假 belongs to the first term, 暑假 to the
    second); `opens` and `closes` are the first and last teaching day. Week 1 is the week of `opens`; the days before are
    week 0 (预备周)."""

    code: str = Field(title="学期", pattern=r"^\d{4}-\d{4}-[12]$", description="如 2026-2027-1")
    first: date = Field(title="起")
    last: date = Field(title="止")
    opens: date = Field(title="开学上课")
    closes: date = Field(title="结束上课")
    holidays: tuple[Holiday, ...] = Field(default=(), title="假期")
    makeups: tuple[MakeUp, ...] = Field(default=(), title="调休")
    exam_weeks: tuple[int, ...] = Field(default=(), title="考试周")
    locked: bool = Field(default=False, title="已封存")

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if not self.first <= self.opens <= self.closes <= self.last:
            raise ValueError("学期的日期应依次为:起 ≤ 开学上课 ≤ 结束上课 ≤ 止")
        start, end = int(self.code[:4]), int(self.code[5:9])
        if end != start + 1:
            raise ValueError(f"学年应连续,如 {start}-{start + 1}-{self.code[-1]}")
        return self

    @property
    def title(self) -> str:
        return f"{self.code[:9]}学年第{'一' if self.code.endswith('1') else '二'}学期"

    @property
    def monday(self) -> date:
        """The Monday of week 1."""
        return self.opens - timedelta(days=self.opens.weekday())

    @property
    def weeks(self) -> int:
        return (self.closes - self.monday).days // 7 + 1

    def covers(self, day: date) -> bool:
        return self.first <= day <= self.last

    def week_of(self, day: date) -> int:
        """The week of term a day lies in; 0 and below before teaching begins."""
        return (day - self.monday).days // 7 + 1

    def week(self, number: int) -> When:
        """A week of term, Monday to Sunday."""
        first = self.monday + timedelta(weeks=number - 1)
        return When(precision="week", first=first, last=first + timedelta(days=6))

    def month(self, month: int) -> When:
        """The first such month from the term's first on: 1月 in an autumn term is next year's."""
        year = self.first.year if month >= self.first.month else self.first.year + 1
        return When.month(year, month)

    def is_holiday(self, day: date) -> bool:
        return any(h.first <= day <= h.last for h in self.holidays)

    def timetable(self, day: date) -> int:
        """The weekday (1 = Monday) whose timetable a day follows; 0 where nothing is taught."""
        moved = next((m.follows for m in self.makeups if m.day == day), 0)
        if moved:
            return moved
        if self.is_holiday(day) or not self.opens <= day <= self.closes or day.weekday() >= 5:
            return 0
        return day.isoweekday()

    def days_of_slot(self, weekday: int) -> Iterator[date]:
        """The teaching days of a weekly slot: holidays and exam weeks out, 调休 in, at most one a week of term."""
        seen: set[int] = set()
        day = self.opens
        while day <= self.closes:
            number = self.week_of(day)
            if self.timetable(day) == weekday and number not in seen and number not in self.exam_weeks:
                seen.add(number)
                yield day
            day += timedelta(days=1)

    def teaching_weeks(self) -> list[int]:
        """The weeks in which a weekly duty is due: with at least three teaching days, no exam week."""
        found = []
        for number in range(1, self.weeks + 1):
            monday = self.week(number).first
            taught = sum(self.timetable(monday + timedelta(days=n)) > 0 for n in range(7))
            if taught >= 3 and number not in self.exam_weeks:
                found.append(number)
        return found


def school_year(day: date) -> int:
    """The year in which the school year of a day began, on 1 September."""
    return day.year if day.month >= 9 else day.year - 1


def usual_term(code: str) -> Term:
    """A term as the calendar usually lies: 1 September to the end of 寒假, or to 31 August. Raises BadInput."""
    if not re.fullmatch(r"\d{4}-\d{4}-[12]", code) or int(code[5:9]) != int(code[:4]) + 1:
        raise BadInput(f"学期应写成 2026-2027-1 的样子,不能是“{code}”")
    start, end = int(code[:4]), int(code[5:9])
    if code.endswith("1"):
        opens = _workday(date(start, 9, 1))
        return Term(code=code, first=date(start, 9, 1), last=date(end, 2, 14), opens=opens, closes=date(end, 1, 20))
    opens = _workday(date(end, 2, 20))
    return Term(code=code, first=date(end, 2, 15), last=date(end, 8, 31), opens=opens, closes=date(end, 7, 5))


def _workday(day: date) -> date:
    return day + timedelta(days=(7 - day.weekday()) % 7) if day.weekday() >= 5 else day


def term_code(day: date) -> str:
    """The usual term of a day: from 1 September, from 15 February."""
    year = school_year(day)
    half = 1 if day >= date(year, 9, 1) and day < date(year + 1, 2, 15) else 2
    return f"{year}-{year + 1}-{half}"


# ---- days as people type them ---------------------------------------------------------------------------------------
_RELATIVE = {"今天": 0, "明天": 1, "后天": 2, "大后天": 3, "昨天": -1, "前天": -2}
_WEEKDAY = {**{c: n for n, c in enumerate(WEEKDAYS, 1)}, "天": 7, **{str(n): n for n in range(1, 8)}}
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?:\s*[-—~–到至]\s*(\d{1,2}):(\d{2}))?$")
_LESSON = re.compile(r"第?(\d{1,2})节$")


def parse_day(text: str, today: date, past: bool = True) -> date:
    """A day as typed: 2026-09-01, 20260901, 9.1, 9月1日, 明天, 周三 (the last one, or the next with past=False).

    Raises BadInput.
    """
    found = parse_when(text, today, past=past)
    if found.day is None:
        raise BadInput(f"“{text}”不是确定的一天,请写到日,如 {today.month}.{today.day}")
    return found.day


def parse_when(text: str, today: date, term: Term | None = None, past: bool = True) -> When:
    """A time as typed, to the precision that stands there. Raises BadInput.

    Besides the days of parse_day: 9月, 2026-09, 第9周, 第9周周三, 9.1-9.5, each day with 16:10-16:45 or 第3节 after it.
    """
    rest = unicodedata.normalize("NFKC", text).strip()
    start = end = lesson = None
    if clock := _CLOCK.search(rest):
        start = _clock(clock[1], clock[2], text)
        end = _clock(clock[3], clock[4], text) if clock[3] else None
        rest = rest[: clock.start()].strip()
    elif number := _LESSON.search(rest):
        lesson, rest = int(number[1]), rest[: number.start()].strip()
    try:
        found = _parse(rest, today, term, past)
    except ValueError:
        found = None
    if found is None:
        raise BadInput(f"看不懂时间“{text}”。可写 9.1、9月1日、2026-09-01、周三、明天、第9周周三、9月、9.1-9.5")
    if (start or lesson) and found.precision != "day":
        raise BadInput(f"“{text}”没有写明是哪一天,不能带时刻或节次")
    return found.model_copy(update={"start": start, "end": end, "lesson": lesson})


def _clock(hour: str, minute: str, text: str) -> time:
    """4:10 is 16:10: no school meets between midnight and six."""
    number = int(hour)
    try:
        return time(number + 12 if 1 <= number < 6 else number, int(minute))
    except ValueError:
        raise BadInput(f"时刻不对:“{text}”") from None


def _parse(text: str, today: date, term: Term | None, past: bool) -> When | None:
    if text in _RELATIVE:
        return When.on(today + timedelta(days=_RELATIVE[text]))
    if m := re.fullmatch(r"(?:周|星期|礼拜)([一二三四五六日天1-7])", text):
        return When.on(_weekday(today, _WEEKDAY[m[1]], past))
    if m := re.fullmatch(r"第?(\d{1,2})周(?:(?:周|星期)?([一二三四五六日天1-7]))?", text):
        if term is None:
            raise BadInput(f"还没有学期,不能用周次“{text}”")
        if int(m[1]) > term.weeks:
            raise BadInput(f"{term.title}只有 {term.weeks} 周,没有“{text}”")
        week = term.week(int(m[1]))
        return When.on(week.first + timedelta(days=_WEEKDAY[m[2]] - 1)) if m[2] else week
    if m := re.fullmatch(r"(\d{4})[-./年](\d{1,2})月?", text):
        return When.month(int(m[1]), int(m[2]))
    if m := re.fullmatch(r"(\d{1,2})月(?:份)?", text):
        return term.month(int(m[1])) if term else When.month(_year(today, int(m[1]), 1), int(m[1]))
    if day := _plain_day(text, today, term):
        return When.on(day)
    for mark in ("—", "~", "至", "到", "–", "-"):
        left, found, right = text.partition(mark)
        if found and (first := _plain_day(left.strip(), today, term)):
            last = _plain_day(right.strip(), first, term)
            if last is None and right.strip().rstrip("日").isdigit():
                last = first.replace(day=int(right.strip().rstrip("日")))
            if last:
                return When.span(first, last)
    return None


def _plain_day(text: str, today: date, term: Term | None) -> date | None:
    if m := re.fullmatch(r"(\d{4})[-./年](\d{1,2})[-./月](\d{1,2})日?", text):
        return date(int(m[1]), int(m[2]), int(m[3]))
    if m := re.fullmatch(r"(\d{4})(\d{2})(\d{2})", text):
        return date(int(m[1]), int(m[2]), int(m[3]))
    if m := re.fullmatch(r"(\d{1,2})[-./月](\d{1,2})[日号]?", text):
        month, day = int(m[1]), int(m[2])
        if term is not None:
            return date(term.month(month).first.year, month, day)
        return date(_year(today, month, day), month, day)
    return None


def _year(today: date, month: int, day: int) -> int:
    """The year that brings a month and day nearest to today."""
    return min((today.year - 1, today.year, today.year + 1), key=lambda y: abs((date(y, month, 1) - today).days))


def _weekday(today: date, weekday: int, past: bool) -> date:
    """周三 in a record is the last one (today included), in a plan the next."""
    back = (today.isoweekday() - weekday) % 7
    return today - timedelta(days=back) if past else today + timedelta(days=(7 - back) % 7)

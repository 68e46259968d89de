"""What a cell says of teaching: subject × grade × class, as people write it (五(1)(2)数学, 四科学; 三1班数学 班主任)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

_NUMERALS = "一二三四五六七八九"
_LEVEL = rf"(?:初[一二三]|高[一二三]|[{_NUMERALS}]|[1-9])"
_LIST = r"\d{1,2}(?:\s*(?:[、,.和及]|[-~—至到])\s*\d{1,2})*"


@dataclass(frozen=True)
class Taught:
    """A subject in a grade ("" where none is named) and its classes by their full names."""

    subject: str
    grade: str = ""
    classes: tuple[str, ...] = ()


@dataclass
class Place:
    """A grade with some of its classes; without grade, classes that are bare numbers."""

    grade: str
    classes: list[str] = field(default_factory=list)


@dataclass
class Reading:
    """What was found in one cell."""

    taught: list[Taught] = field(default_factory=list)
    subjects: list[str] = field(default_factory=list)
    """Subjects that no grade or class stands by."""
    places: list[Place] = field(default_factory=list)
    """Grades and classes that no subject stands by."""
    head_of: list[str] = field(default_factory=list)
    """Classes whose 班主任 the teacher is said to be; "" where none is named."""
    rest: list[str] = field(default_factory=list)
    """Words that were not understood."""


def grade_name(level: str) -> str:
    """五, 5 → 五年级; 初一 stays."""
    if level.isdigit():
        level = _NUMERALS[int(level) - 1]
    return level if level[0] in "初高" else f"{level}年级"


def class_name(grade: str, number: str) -> str:
    """五年级, 1 → 五(1)班."""
    return f"{grade.removesuffix('年级')}({int(number)})班"


def _numbers(text: str) -> list[str]:
    """1、2, 1-3, (1)(2) → the numbers, spans spelled out."""
    found: list[str] = []
    for first, last in re.findall(r"(\d{1,2})(?:\s*[-~—至到]\s*(\d{1,2}))?", text):
        end = int(last) if last and int(first) <= int(last) <= int(first) + 30 else int(first)
        found += [str(n) for n in range(int(first), end + 1)]
    return [n for n in dict.fromkeys(found) if int(n)]


_TOKENS = re.compile(
    "|".join((
        rf"(?P<grades>{_LEVEL}年?级?(?:\s*[、,]\s*{_LEVEL}年?级?)*\s*[-~—至到、,]\s*{_LEVEL}年级|[{_NUMERALS}]{{2,3}}年级)",
        rf"(?P<ga>{_LEVEL})年级(?:(?P<la>\(?(?:{_LIST})\)?(?:\(\d{{1,2}}\))*)班|(?P<lb>(?:\({_LIST}\))+)班?|"
        rf"(?P<lc>[{_NUMERALS}])班)?",
        rf"(?P<gb>{_LEVEL})级?(?P<ld>(?:\((?:{_LIST})\))+)(?:班|级)?",
        rf"(?P<gc>初[一二三]|高[一二三]|[{_NUMERALS}])(?P<le>{_LIST})班",
        rf"(?P<gd>初[一二三]|高[一二三]|[{_NUMERALS}])(?P<lf>\d{{1,2}})(?!\d)",
        r"(?<!\d)(?P<ge>[1-9])(?:0(?P<lg>[1-9])|[.](?P<lh>\d{1,2}))(?!\d)班?",
        rf"(?P<li>(?:\({_LIST}\))+|{_LIST})班",
        rf"(?P<lj>[{_NUMERALS}])班(?!主任|会)",
        r"(?P<lk>(?:\(\d{1,2}\))+)(?!\d)",
        r"(?P<head>(?:任|兼)?班主任)",
    ))
)
_FILLER = re.compile(r"年级|班级|任教|任课|教学|老师|教师|课程|学科|全部|全校|各班|[教兼任课和及与的班级全()\[\]:。.;]+")


class TeachingReader:
    """Reads cells with a school's subjects; longer names are tried first, so that 体育与健康 is not read as 体育."""

    def __init__(self, subjects: Sequence[str], aliases: Mapping[str, Sequence[str]]) -> None:
        self.meant = {alias: name for name, others in aliases.items() for alias in (*others, name)}
        for name in subjects:
            told = self.meant.get(name, name)  # a school that says 体育 means 体育 by 体育与健康 too
            self.meant |= {alias: name for alias, meaning in self.meant.items() if meaning == told}
            self.meant[name] = name
        words = sorted((w for w in self.meant if w), key=len, reverse=True)
        names = "|".join(map(re.escape, words)) or r"(?!)"
        self.subject = re.compile(names)
        self.single = re.compile(rf"(?P<g>初[一二三]|高[一二三]|[{_NUMERALS}]|[1-9])级?(?={names})")

    def read(self, cell: str) -> Reading:
        text = unicodedata.normalize("NFKC", cell).strip()
        reading = Reading()
        open_places: list[Place] = []
        open_subjects: list[str] = []
        subject_first: bool | None = None
        last = ""  # what kind of thing stood before
        at, unread = 0, ""
        while at < len(text):
            if found := self.single.match(text, at):
                token: object = [Place(grade_name(found["g"]))]
            elif found := self.subject.match(text, at):
                token = self.meant[found[0]]
            elif found := _TOKENS.match(text, at):
                token = "head" if found["head"] else _places(found, open_places)
            else:
                unread += text[at]
                at += 1
                continue
            at = found.end()
            unread += "\0"
            if token == "head" and found.re is _TOKENS:
                classes = [c for p in (open_places or reading.places)[-1:] for c in p.classes]
                reading.head_of.append(classes[0] if len(classes) == 1 else "")
            elif isinstance(token, str):
                subject_first = True if subject_first is None else subject_first
                if subject_first and last == "place":
                    _close(reading, open_subjects, open_places)
                    open_subjects, open_places = [], []
                open_subjects.append(token)
                last = "subject"
            elif isinstance(token, list):
                subject_first = False if subject_first is None else subject_first
                if not subject_first and last == "subject":
                    _close(reading, open_subjects, open_places)
                    open_subjects, open_places = [], []
                open_places += token
                last = "place"
        _close(reading, open_subjects, open_places)
        reading.rest = [w for part in re.split(r"[\0\s、,/|+&-]+", unread) if (w := _FILLER.sub("", part))]
        return reading


def _places(found: re.Match[str], open_places: list[Place]) -> list[Place]:
    """The grades and classes of one token; bare classes belong to the grade that stood before."""
    if found["grades"]:
        return [Place(grade_name(level)) for level in _levels(found["grades"])]
    level = next((found[g] for g in ("ga", "gb", "gc", "gd", "ge") if found[g]), "")
    numbers = next((found[name] for name in ("la", "lb", "ld", "le", "lf", "lg", "lh", "li", "lk") if found[name]), "")
    spelled = next((found[name] for name in ("lc", "lj") if found[name]), "")
    classes = [str(_NUMERALS.index(spelled) + 1)] if spelled else _numbers(numbers)
    if level:
        grade = grade_name(level)
        return [Place(grade, [class_name(grade, c) for c in classes])]
    if open_places and open_places[-1].grade:
        before = open_places[-1]
        before.classes += [class_name(before.grade, c) for c in classes]
        return []
    return [Place("", classes)]


def _levels(text: str) -> list[str]:
    """一至六年级, 三、四年级, 三四年级 → each level."""
    levels = re.findall(_LEVEL, text)
    if re.search(r"[-~—至到]", text) and len(levels) == 2:
        heads = {level[0] for level in levels}
        order = "一二三" if heads & set("初高") else _NUMERALS
        first, last = (order.find(_NUMERALS[int(v) - 1] if v.isdigit() else v[-1]) for v in levels)
        prefix = levels[0][0] if heads & set("初高") else ""
        if 0 <= first <= last:
            return [prefix + order[n] for n in range(first, last + 1)]
    return list(dict.fromkeys(levels))


def _close(reading: Reading, subjects: list[str], places: list[Place]) -> None:
    """Each subject with each place; one without the other is left to the other columns."""
    if not places:
        reading.subjects += [s for s in subjects if s not in reading.subjects]
    elif not subjects:
        reading.places += places
    else:
        reading.taught += joined(subjects, places)


def joined(subjects: Sequence[str], places: Sequence[Place]) -> list[Taught]:
    """Subjects × grades, the classes of one grade together."""
    grades: dict[str, list[str]] = {}
    for place in places:
        grades.setdefault(place.grade, []).extend(c for c in place.classes if c not in grades.get(place.grade, []))
    return [Taught(s, grade, tuple(classes)) for s in dict.fromkeys(subjects) for grade, classes in grades.items()]

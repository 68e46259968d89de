"""What a line of a roster says that a person holds: 任教, 班主任, 教研组, 备课组, 职务, 职称, 骨干, 人员状态."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from jiaoyan.papers.columns import Line
from jiaoyan.papers.fields import listed, plain
from jiaoyan.papers.roster import SPECIALIST, ProposedGroup, ProposedPosting
from jiaoyan.papers.teaching import Place, Reading, Taught, TeachingReader, class_name, joined

Doubt = Callable[[str], None]


def group_of(posting: ProposedPosting) -> ProposedGroup:
    """The group that a posting names."""
    subject = posting.subject if posting.group_kind in ("research", "prep") else ""
    grade = posting.grade if posting.group_kind in ("prep", "grade", "class") else ""
    return ProposedGroup(posting.group, posting.group_kind, subject, grade)


LED = ("research", "prep", "grade")
_BARE_CLASSES = re.compile(r"\(?\d{1,2}\)?(?:(?:[、,.\-~—]|(?<=\))(?=\())\(?\d{1,2}\)?)*")
_BARE_GRADES = re.compile(r"[一二三四五六七八九1-9](?:[、,\-~—至][一二三四五六七八九1-9])*")
_SENIOR = re.compile(r"[初高][一二三](?:年级)?")
_LEADS = re.compile(r"(.*?)(备课组|教研组|学科组|年级组|级部|年级|组)(副?组?长|副?主任|负责人)")
_OFFICE = re.compile(r"(.{1,6}?(?:处|室|科|办|中心))(?=副?主任|副?处长|副?科长|干事|职员|负责人|成员|科员|$)")
NO_POST = frozenset({"教师", "教员", "专任教师", "任课教师", "老师", "专任", "教学"})


class PostingReader:
    """Reads the postings of one line after another; knows how the roster names its 教研组."""

    def __init__(self, table: Mapping[str, Any], subjects: Sequence[str], lines: Sequence[Line]) -> None:
        self.words = table["words"]
        self.nothing = {plain(w) for w in self.words["nothing"]}
        self.yes = {plain(w) for w in self.words["yes"]}
        self.states: dict[str, str] = table["states"]
        self.teaching = TeachingReader(subjects, table["subjects"])
        self.not_subjects = [w for words in table["post"].values() for w in words]
        self.research: dict[str, str] = {}  # how the roster names the 教研组 of a subject
        self.groups: set[str] = set()
        for line in lines:
            for cell in line.every("research"):
                for name in self.named(cell):
                    group, subject = self.research_group(name)
                    self.groups.add(group)
                    if subject:
                        self.research.setdefault(subject, group)

    def named(self, cell: str) -> list[str]:
        """The items of a cell, without those that say 无."""
        return [w for w in listed(cell) if plain(w) not in self.nothing]

    def read(self, line: Line, doubt: Doubt) -> list[ProposedPosting]:
        taught, head_of = self._taught(line, doubt)
        postings = [ProposedPosting("teaches", "", "", "", t.subject, t.grade, t.classes) for t in taught]
        groups = self._research(line, taught) + self._prep(line, taught)
        duties = self._duties(line, taught, groups, head_of, doubt)
        led = {p.group: "副组长" if "副" in p.value else "组长" for p in duties if p.group_kind in LED}
        there = {g.group for g in groups}
        groups += [_place_in(p) for p in duties if p.group in led and p.group not in there]
        members = [
            ProposedPosting("member", led.get(g.group, ""), g.group, g.group_kind, g.subject, g.grade)
            for g in dict.fromkeys(groups)
        ]
        found = [*self._state(line, doubt), *duties, *self._listed(line, "rank"), *self._listed(line, "honour"),
                 *members, *postings]
        return list(dict.fromkeys(found))

    # ---- teaching
    def _taught(self, line: Line, doubt: Doubt) -> tuple[list[Taught], list[str]]:
        taught: list[Taught] = []
        subjects: list[str] = []
        places: list[Place] = []
        head_of: list[str] = []
        for name in ("subject", "grade", "classes"):
            for cell in line.every(name):
                if plain(cell) in self.nothing and not (name != "subject" and plain(cell).isdigit()):
                    continue
                reading = self._reading(name, cell)
                taught += reading.taught
                subjects += [s for s in reading.subjects if s not in subjects]
                places += reading.places
                head_of += reading.head_of
                for word in reading.rest:
                    self._unknown(name, word, subjects, doubt)
        places = self._whole(places, line, doubt)
        if subjects:
            taught += joined(subjects, places) if places else [Taught(s) for s in subjects]
        return list(dict.fromkeys(taught)), head_of

    def _reading(self, name: str, cell: str) -> Reading:
        text = plain(cell) if name != "subject" else cell
        if name == "classes" and _BARE_CLASSES.fullmatch(text):
            text = re.sub(r"[()]", "", text.replace(")(", "、")) + "班"
        if name == "grade":
            if _SENIOR.fullmatch(text):
                return Reading(places=[Place(text[:2])])
            if _BARE_GRADES.fullmatch(text):
                text += "年级"
        return self.teaching.read(text)

    def _unknown(self, name: str, word: str, subjects: list[str], doubt: Doubt) -> None:
        """A word of a subject column that is no known subject may be one of the school's own, or a post."""
        if any(post in word for post in self.not_subjects) or plain(word) in self.nothing:
            return
        if name == "subject" and re.fullmatch(r"[\u4e00-\u9fff]{2,8}", word):
            if word not in subjects:
                subjects.append(word)
            doubt(f"“{word}”不是已知的学科,照原样记为任教学科")
        else:
            doubt(f"任教中的“{word}”没有看懂")

    @staticmethod
    def _whole(places: list[Place], line: Line, doubt: Doubt) -> list[Place]:
        """Classes without a grade belong to the one grade that another column names."""
        grades = list(dict.fromkeys(p.grade for p in places if p.grade))
        bare = [p for p in places if not p.grade]
        if not bare:
            return places
        if len(grades) != 1:
            doubt("班级“" + "、".join(n for p in bare for n in p.classes) + "”没有写明是哪个年级")
            return [p for p in places if p.grade]
        classes = [class_name(grades[0], n) for p in bare for n in p.classes]
        return [*(p for p in places if p.grade and p.classes), Place(grades[0], classes)]

    # ---- groups
    def research_group(self, name: str) -> tuple[str, str]:
        """(name, subject) of a 教研组: a bare subject gets the word, another name stays as it is."""
        said = list(dict.fromkeys(w for w in self.teaching.subject.findall(name) if w != "综合"))
        subject = self.teaching.meant[said[0]] if len(said) == 1 else ""
        return (name if name.endswith(("组", "室", "中心")) else f"{name}教研组"), subject

    def _research(self, line: Line, taught: Sequence[Taught]) -> list[ProposedPosting]:
        if "research" in line.cells:
            pairs = [self.research_group(n) for c in line.every("research") for n in self.named(c) if "备课组" not in n]
        else:
            pairs = [(self.research_of(s), s) for s in dict.fromkeys(t.subject for t in taught)]
        return [ProposedPosting("member", "", name, "research", subject) for name, subject in pairs]

    def research_of(self, subject: str) -> str:
        return self.research.get(subject, f"{subject}教研组")

    def _prep(self, line: Line, taught: Sequence[Taught]) -> list[ProposedPosting]:
        found: list[ProposedPosting] = []
        named = [n for c in line.every("prep") for n in self.named(c)]
        named += [n for c in line.every("research") for n in self.named(c) if "备课组" in n]
        for name in named:
            reading = self.teaching.read(name)
            subject, grade = _one(reading)
            if not subject and not grade and len(taught) == 1:
                subject, grade = taught[0].subject, taught[0].grade
            full = name if name.endswith("组") else f"{grade}{subject}备课组" if subject and grade else f"{name}备课组"
            found.append(ProposedPosting("member", "", full, "prep", subject, grade))
        if "prep" not in line.cells:
            grades: dict[str, list[str]] = {}
            for t in taught:
                if t.grade and t.grade not in grades.setdefault(t.subject, []):
                    grades[t.subject].append(t.grade)
            found += [
                ProposedPosting("member", "", f"{grade}{subject}备课组", "prep", subject, grade)
                for subject, each in grades.items() if len(each) < SPECIALIST for grade in each
            ]
        for cell in line.every("team"):
            found += [self._team(name) for name in self.named(cell)]
        for cell in line.every("office"):
            found += [ProposedPosting("member", "", name, "office") for name in self.named(cell)]
        return found

    def _team(self, name: str) -> ProposedPosting:
        grade = _one(self.teaching.read(name))[1]
        return ProposedPosting("member", "", name if name.endswith(("组", "部")) else f"{name}组", "grade", "", grade)

    # ---- duties
    def _duties(
        self, line: Line, taught: Sequence[Taught], groups: Sequence[ProposedPosting], head_of: list[str], doubt: Doubt,
    ) -> list[ProposedPosting]:
        found: list[ProposedPosting] = []
        for name in ("duty", "post"):
            for word in (w for c in line.every(name) for w in self.named(c)):
                if "班主任" in word:
                    head_of = [*head_of, *(self.teaching.read(word).head_of or [""])]
                elif word not in NO_POST:
                    found.append(self._duty(word, taught, groups))
        head_of = [*head_of, *self._head_column(line)]
        if head_of:
            found.append(self._head(head_of, line, taught, doubt))
        return found

    def _duty(self, word: str, taught: Sequence[Taught], groups: Sequence[ProposedPosting]) -> ProposedPosting:
        """教研组长, 语文教研组长, 语文组长 → the 教研组; 五年级语文备课组长; 五年级组长; 教导处主任 → the office."""
        turned = re.sub(r"^(.+长)\((.+)\)$", r"\2\1", word)  # 教研组长(语文)
        if led := _LEADS.fullmatch(turned):
            rest, kind, post = led.groups()
            subject, grade = _one(self.teaching.read(rest + ("年级" if kind.startswith("年级") else "")))
            own = {g.group_kind: g for g in reversed(groups)}
            vice = "副" if "副" in post else ""
            if kind == "备课组":
                return self._leads_prep(f"备课组{vice and '副组'}长", subject, grade, taught, groups)
            if kind in ("年级组", "级部", "年级") or (grade and not subject):
                name = f"{grade}组" if grade else own["grade"].group if "grade" in own else ""
                title = f"年级{vice}主任" if "主任" in post else f"年级组{vice and '副组'}长"
                return ProposedPosting("duty", title, name, "grade" if name else "", "", grade)
            title = f"教研组{vice and '副组'}长"
            if written := next((n for n in (f"{rest}教研组", f"{rest}组") if rest and n in self.groups), ""):
                return ProposedPosting("duty", title, written, "research", self.research_group(written)[1])
            if subject:
                return ProposedPosting("duty", title, self.research_of(subject), "research", subject)
            if kind in ("教研组", "学科组"):
                mine = own.get("research", ProposedPosting("member"))
                name = f"{rest}教研组" if rest else mine.group
                return ProposedPosting("duty", title, name, "research" if name else "", "" if rest else mine.subject)
        if placed := _OFFICE.match(word):
            return ProposedPosting("duty", word, placed[1], "office")
        return ProposedPosting("duty", word)

    @staticmethod
    def _leads_prep(
        title: str, subject: str, grade: str, taught: Sequence[Taught], groups: Sequence[ProposedPosting]
    ) -> ProposedPosting:
        """The 备课组 that is named, what is not said taken from the person's own."""
        mine = next((g for g in groups if g.group_kind == "prep" and (not subject or g.subject == subject)
                     and (not grade or g.grade == grade)), None)
        if mine:
            return ProposedPosting("duty", title, mine.group, "prep", mine.subject, mine.grade)
        subject = subject or (taught[0].subject if taught else "")
        grade = grade or next((t.grade for t in taught if t.subject == subject), "")
        name = f"{grade}{subject}备课组" if subject and grade else ""
        return ProposedPosting("duty", title, name, "prep" if name else "", subject, grade)

    def _head_column(self, line: Line) -> list[str]:
        found: list[str] = []
        for cell in line.every("head"):
            text = plain(cell)
            if text in self.yes:
                found.append("")
            elif text not in self.nothing:
                places = self.teaching.read(text + "班" if re.search(r"\d$", text) else text).places
                classes = [c for p in places for c in p.classes]
                found += [c if p.grade else f"#{c}" for p in places for c in p.classes] if classes else [f"?{text}"]
        return found

    def _head(self, head_of: Sequence[str], line: Line, taught: Sequence[Taught], doubt: Doubt) -> ProposedPosting:
        """班主任 of the class that is named, else of the only one that is taught."""
        classes = list(dict.fromkeys(c for t in taught for c in t.classes))
        if not classes:
            columns = [self._reading(n, c) for n in ("grade", "classes") for c in line.every(n)]
            places = self._whole([p for r in columns for p in r.places], line, lambda _: None)
            classes = list(dict.fromkeys(c for p in places for c in p.classes))
        named = next((c for c in head_of if c), "")
        if named.startswith("#"):
            grades = list(dict.fromkeys(t.grade for t in taught if t.grade))
            named = class_name(grades[0], named[1:]) if len(grades) == 1 else f"?{named[1:]}班"
        if named.startswith("?"):
            doubt(f"班主任“{named[1:]}”没有看懂是哪个班")
            named = ""
        elif not named and len(classes) == 1:
            named = classes[0]
        elif not named:
            doubt("是班主任,但没有写明是哪个班" if not classes else "是班主任,但任教的班不止一个,没有写明是哪个班")
        grade = ""
        if named and (level := re.match(r"(初.|高.|.)\(", named)):
            grade = level[1] if level[1][0] in "初高" else f"{level[1]}年级"
        return ProposedPosting("duty", "班主任", named, "class" if named else "", "", grade, (named,) if named else ())

    # ---- rank, honour, state
    def _listed(self, line: Line, name: str) -> list[ProposedPosting]:
        cells = [line.first(name)] if name == "rank" else line.every(name)
        found = [ProposedPosting(name, w) for c in cells for w in self.named(c) if plain(w) not in self.yes]
        if name == "honour" and not found and any(plain(c) in self.yes for c in cells):
            return [ProposedPosting(name, "骨干教师")]
        return found

    def _state(self, line: Line, doubt: Doubt) -> list[ProposedPosting]:
        cell = plain(line.first("state"))
        if cell and cell not in map(plain, self.words["in_service"]) and cell not in self.nothing:
            return [ProposedPosting("state", self.states.get(cell) or self.state_in(cell) or cell)]
        note = plain(line.first("note"))
        if len(note) <= 12 and (state := self.state_in(note)):
            doubt(f"备注写有“{note}”,人员状态记为{state}")
            return [ProposedPosting("state", state)]
        return []

    def state_in(self, text: str) -> str:
        return next((state for word, state in self.states.items() if word in text and not word.isdigit()), "")


def _place_in(posting: ProposedPosting) -> ProposedPosting:
    """The place in the group that goes with leading it."""
    return ProposedPosting("member", "", posting.group, posting.group_kind, posting.subject, posting.grade)


def _one(reading: Reading) -> tuple[str, str]:
    """The first subject and the first grade of a name."""
    if reading.taught:
        return reading.taught[0].subject, reading.taught[0].grade
    return (reading.subjects[0] if reading.subjects else ""), (reading.places[0].grade if reading.places else "")

"""The lines of a roster as members of staff; one who stands on several lines becomes one."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from jiaoyan.errors import Problem
from jiaoyan.papers.columns import Line
from jiaoyan.papers.fields import born_of, day_of, gender_of, id_card_of, phone_of, plain, sex_of
from jiaoyan.papers.postings import PostingReader
from jiaoyan.papers.roster import CATEGORIES, ProposedPosting, RosterRow

DAYS = {"born": "出生年月", "started": "参加工作时间", "joined": "进校时间"}
DECIDING = ("id_card", "number", "phone")
DISTINGUISHING = (*DECIDING, "gender", "born", "started", "joined")
OWN_FIELDS = ("ethnic", "party", "education", "college")
_CJK = "\u3400-\u9fff\U00020000-\U0003ffff"


class LineReader:
    """Reads line after line; what can't be taken is kept in `problems`."""

    def __init__(
        self, table: Mapping[str, Any], subjects: Sequence[str], lines: Sequence[Line], file: str, named: bool
    ) -> None:
        self.file, self.named = file, named
        self.problems: list[Problem] = []
        self.postings = PostingReader(table, subjects, lines)
        self.nothing = self.postings.nothing
        self.summary = re.compile("|".join(map(re.escape, table["words"]["summary"])))
        self.section = re.compile(f"({'|'.join(table['words']['section'])})$")
        self.untelling = table["words"]["tenure"]
        self.words = {"category": table["category"], "post": table["post"]}
        self.tells_subjects = any("subject" in line.cells for line in lines)
        # 1985.1 is January where the column also writes 1985.10; elsewhere Excel may have cut the 0 off
        self.two_places = {
            name for name in DAYS for line in lines if re.fullmatch(r"\d{4}\.[01]\d", plain(line.first(name)))
            and plain(line.first(name)).endswith("0")
        }

    def place(self, row: RosterRow | Line) -> str:
        number = row.row if isinstance(row, RosterRow) else row.number
        return f"{self.file} 工作表“{row.sheet}” 第 {number} 行" if self.named else f"{self.file} 第 {number} 行"

    def read(self, line: Line) -> RosterRow | None:
        """A member of staff; None for a line that is about nobody, or can't be taken."""
        name, remark = _name_of(line.first("name"))
        if not self._is_person(line, name):
            return None
        doubts: list[str] = []
        teacher = self._fields(line, remark, doubts)
        if len({c for c in line.whole if c and c not in line.cells.get("serial", ())}) == 1 and len(line.whole) > 2:
            doubts.append("这一行只有姓名")
        postings = self.postings.read(line, doubts.append)
        if remark:
            postings += self._remark(remark, teacher, doubts)
        category = self._category(line, postings, doubts)
        row = RosterRow(line.number, line.sheet, {"name": name, "category": category, **teacher}, tuple(postings),
                        tuple(dict.fromkeys(doubts)))
        return row if self._fits(row) else None

    # ---- is it a person
    def _is_person(self, line: Line, name: str) -> bool:
        filled = {c for c in line.whole if c and c not in line.cells.get("serial", ())}
        if not filled:
            return False
        if not name:
            lead = next((c for c in line.whole if c and c not in line.cells.get("serial", ())), "")
            told = [f for f in ("gender", "born", "subject", "duty", "rank", "grade", "classes") if line.first(f)]
            if self.summary.match(plain(lead)) or any(self.summary.match(plain(c)) for c in line.cells.get("serial", ())):
                return False
            if told or len(filled) > 1 or line.first("id_card", "phone"):
                self.problems.append(Problem(f"{self.place(line)} 姓名", "没有姓名,这一行不能导入"))
            return False
        if re.match(r"[一二三四五六七八九十]+、|\(?[一二三四五六七八九十]\)", name) or re.search(r"共\d+人|\d+人$", name):
            return False
        alone = len(filled) == 1 and len(line.whole) > 2
        if alone and (line.whole.count(line.first("name")) > 1 or not _like_a_name(name) or self.section.search(name)):
            return False  # a heading between the lines: 二、后勤, 语文组
        if self.summary.match(name) and not (len(name) <= 3 and len(filled) > 2 and _like_a_name(name)):
            return False
        if len(name) > 60 or re.search(r"[\d@#$%=<>{}\[\]\\]", name) or not re.search(rf"[{_CJK}A-Za-z]", name):
            self.problems.append(Problem(f"{self.place(line)} 姓名", f"“{name[:30]}”不像人名,这一行不能导入"))
            return False
        return True

    def _fits(self, row: RosterRow) -> bool:
        """The Teacher model has the last word, so that what is proposed can be saved."""
        from pydantic import ValidationError

        from jiaoyan.messages import problems_of
        from jiaoyan.model.people import Teacher

        try:
            Teacher.model_validate(row.teacher)
        except ValidationError as error:
            self.problems += problems_of(error, Teacher, self.place(row))
            return False
        return True

    # ---- its fields
    def _fields(self, line: Line, remark: str, doubts: list[str]) -> dict[str, str]:
        values: dict[str, str] = {}
        for name in (*OWN_FIELDS, "number", "note"):
            cells = line.every(name) if name == "note" else [line.first(name)]
            values[name] = "\n".join(c for c in cells if name == "note" or plain(c) not in self.nothing)
        if line.first("major"):
            values["college"] = " ".join(v for v in (values["college"], line.first("major")) if v)
        if not values["party"] and plain(line.first("member")) in self.postings.yes:
            values["party"] = "中共党员"
        if len(values["number"]) > 40:
            doubts.append("工号太长,没有取用")
            values["number"] = ""
        for name in DAYS:
            values[name] = self._day(name, line.first(name), doubts)
        values["phone"], doubt = phone_of(line.first("phone")) if plain(line.first("phone")) not in self.nothing else ("", "")
        doubts += [doubt] if doubt else []
        sex = gender_of(line.first("gender"))
        if sex is None:
            doubts.append(f"性别“{line.first('gender')[:10]}”没有看懂")
        values["gender"] = sex or ({"男": "m", "女": "f"}.get(remark, ""))
        self._card(line, values, doubts)
        if values["born"] and values["started"] and int(values["started"][:4]) - int(values["born"][:4]) < 14:
            doubts.append(f"参加工作时间 {values['started']} 与出生年月 {values['born']} 相差不到 14 年")
        return {name: value for name, value in values.items() if value}

    def _day(self, name: str, cell: str, doubts: list[str]) -> str:
        if not cell or plain(cell) in self.nothing:
            return ""
        found = day_of(cell)
        if found is None:
            doubts.append(f"{DAYS[name]}“{cell[:20]}”没有看懂,留空")
            return ""
        if name not in self.two_places and re.fullmatch(r"\d{4}\.1", plain(cell)):
            doubts.append(f"{DAYS[name]}“{cell}”是 1 月还是 10 月分不清,只记年份")
            return found[:4]
        return found

    def _card(self, line: Line, values: dict[str, str], doubts: list[str]) -> None:
        """The card's birth date and sex fill what is empty, and must agree with what is not."""
        cell = line.first("id_card")
        card, doubt = id_card_of(cell) if plain(cell) not in self.nothing else ("", "")
        doubts += [doubt] if doubt else []
        values["id_card"] = card
        if not card:
            return
        born, sex = born_of(card), sex_of(card)
        unclear = next((d for d in doubts if d.startswith(DAYS["born"]) and "分不清" in d), "")
        if not values["born"] or (born.startswith(values["born"]) and not (unclear and born[5:7] not in ("01", "10"))):
            doubts[:] = [d for d in doubts if d != unclear]  # the card settles it
            values["born"] = born
        elif values["born"] != born:
            doubts.append(f"出生年月 {values['born']} 与身份证号中的 {born} 不一致")
        if not values["gender"]:
            values["gender"] = sex
        elif values["gender"] != sex:
            doubts.append("性别与身份证号不一致")

    def _remark(self, remark: str, teacher: dict[str, str], doubts: list[str]) -> list[ProposedPosting]:
        """What stands in brackets after a name: 张三(产假)."""
        if remark in ("男", "女"):
            return []
        state = self.postings.state_in(remark)
        teacher["note"] = "\n".join(v for v in (teacher.get("note", ""), remark) if v)
        doubts.append(f"姓名后写有“{remark}”," + (f"人员状态记为{state}" if state else "记入备注"))
        return [ProposedPosting("state", state)] if state else []

    def _category(self, line: Line, postings: Sequence[ProposedPosting], doubts: list[str]) -> str:
        """From its own column; else who teaches is 专任, and for the others their post tells."""
        told = "".join((line.first("category"), line.first("tenure")))
        own = plain(line.first("category"))
        if own and own not in self.nothing:
            if found := self._word("category", own):
                return found
            if not any(w in own for w in self.untelling):
                doubts.append(f"人员类型“{own[:20]}”没有看懂")
        if self._word("category", plain(told)) == "external":
            return "external"
        said = plain(" ".join(c for f in ("post", "duty", "subject", "note") for c in line.every(f)))
        taught = any(p.what == "teaches" for p in postings)
        if taught or not said:
            if not taught and self.tells_subjects and not own:
                doubts.append("没有任教学科和职务,类别暂记为专任")
            return "teaching"
        return self._word("post", said) or "teaching"

    def _word(self, table: str, text: str) -> str:
        """The category whose word stands in a text; the longest word wins (教学辅助 before 教学)."""
        hits = [(len(w), -CATEGORIES.index(c), c) for c, ws in self.words[table].items() for w in ws if w in text]
        return max(hits)[2] if hits else ""


def _name_of(cell: str) -> tuple[str, str]:
    """(name, what stands in brackets after it). Blanks go: 张  三 is 张三; those between Latin words stay."""
    text = unicodedata.normalize("NFKC", cell)
    text = re.sub(r"[★☆*▲△●○◆◇■□※]", "", text).strip()
    remark = ""
    if found := re.fullmatch(r"(.+?)\s*\(\s*(.{1,12}?)\s*\)", text, re.DOTALL):
        text = found[1]
        remark = found[2]
        if not re.search(r"[假借病休调退离停聘代支兼男女]", remark):
            text, remark = f"{text}({remark})", ""  # 王红(大), 王红(小) are told apart by it
    text = re.sub(rf"(?<=[{_CJK}·])\s+|\s+(?=[{_CJK}·])", "", text)
    return re.sub(r"\s+", " ", text), remark


def _like_a_name(text: str) -> bool:
    return re.fullmatch(rf"[{_CJK}·]{{2,8}}(\(.\))?|[A-Za-z .]{{2,40}}", text) is not None


# ---- one person on several lines ------------------------------------------------------------------------------------
def several_people(
    rows: Sequence[RosterRow], place: Callable[[RosterRow], str]
) -> tuple[list[RosterRow], list[Problem]]:
    """Lines about one person become one, at the place of the first. Namesakes stay apart when something tells them apart."""
    kept: list[RosterRow] = []
    by_name: dict[str, list[int]] = {}
    problems: list[Problem] = []
    for row in rows:
        name = row.teacher["name"]
        verdicts = [(_same(kept[n], row), n) for n in by_name.get(name, ())]
        same = next((n for verdict, n in verdicts if verdict is True), None)
        unclear = next((n for verdict, n in verdicts if verdict is None), None)
        if same is not None:
            kept[same] = _merged(kept[same], row)
        elif unclear is not None:
            problems.append(Problem(
                f"{place(row)} 姓名", f"与第 {kept[unclear].row} 行都是“{name}”,分不清是不是同一人,这一行没有取用",
                "是同一人请合为一行,不是请写明身份证号、工号或电话",
            ))
        else:
            by_name.setdefault(name, []).append(len(kept))
            kept.append(row)
    return _shared_cards(kept), problems


def _same(one: RosterRow, other: RosterRow) -> bool | None:
    """True: one person; False: two; None: nothing tells."""
    a, b = one.teacher, other.teacher
    both = [f for f in DECIDING if a.get(f) and b.get(f)]
    if any(a[f] == b[f] for f in both):
        return "id_card" not in both or a["id_card"] == b["id_card"]
    if both or any(not _agree(a.get(f, ""), b.get(f, "")) for f in DISTINGUISHING):
        return False
    if any(not _agree(a.get(f, ""), b.get(f, "")) for f in OWN_FIELDS):
        return None
    for what in ("rank", "state", "honour", "duty"):
        held, other_held = ({p.value for p in r.postings if p.what == what} for r in (one, other))
        if held and other_held and not (held & other_held) and what != "duty":
            return None
    return True


def _agree(a: str, b: str) -> bool:
    """Blank agrees with all, 1985-03 with 1985-03-07."""
    return not a or not b or a.startswith(b) or b.startswith(a)


def _merged(one: RosterRow, other: RosterRow) -> RosterRow:
    teacher = {**other.teacher, **one.teacher}
    doubts = [*one.doubts, *other.doubts]
    for name, value in other.teacher.items():
        if name in ("name", "note", "category"):
            continue
        if not _agree(one.teacher.get(name, ""), value):
            doubts.append(f"与第 {other.row} 行是同一人,但“{one.teacher[name]}”和“{value}”不同,取前者")
        elif len(value) > len(str(one.teacher.get(name, ""))):
            teacher[name] = value
    notes = dict.fromkeys(n for r in (one, other) if (n := r.teacher.get("note")))
    if notes:
        teacher["note"] = "\n".join(notes)
    taught = any(p.what == "teaches" for p in (*one.postings, *other.postings))
    if taught:
        doubts = [d for d in doubts if not d.startswith("没有任教学科")]
    return replace(one, teacher=teacher, postings=_joined(one.postings, other.postings), doubts=tuple(dict.fromkeys(doubts)))


def _joined(one: Sequence[ProposedPosting], other: Sequence[ProposedPosting]) -> tuple[ProposedPosting, ...]:
    """Both, what is taught in one grade in one posting; 组长 of a group is not also its plain member."""
    found: dict[tuple[str, ...], ProposedPosting] = {}
    for p in (*one, *other):
        key = (p.what, "" if p.what == "member" else p.value, p.group, p.subject, p.grade)
        before = found.get(key)
        if before is None:
            found[key] = p
        else:
            found[key] = replace(before, value=before.value or p.value,
                                 classes=tuple(dict.fromkeys((*before.classes, *p.classes))))
    return tuple(found.values())


def _shared_cards(rows: Sequence[RosterRow]) -> list[RosterRow]:
    """Two people can't have one identity card or 工号: both are told."""
    found = list(rows)
    for name, title in (("id_card", "身份证号"), ("number", "工号")):
        first: dict[str, int] = {}
        for n, row in enumerate(found):
            value = row.teacher.get(name)
            if value and value in first:
                before = found[first[value]]
                found[n] = replace(row, doubts=(*row.doubts, f"{title}与第 {before.row} 行的{before.teacher['name']}相同"))
            elif value:
                first[value] = n
    return found

"""The staff of the sample school: staff.tsv becomes teachers, groups and what each holds."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta

from jiaoyan.change import Change
from jiaoyan.model import Account
from jiaoyan.model.people import CATEGORIES, Group, Posting, Teacher
from jiaoyan.terms import school_year
from jiaoyan_tui.sample.scene import Scene, package_text

Row = Mapping[str, str]
OFFICES = {
    "教导主任": "教导处", "教科室主任": "教科室", "德育主任": "德育处", "总务主任": "总务处", "安全办主任": "安全办",
    "食堂管理员": "总务处", "门卫": "安全办", "图书管理员": "教导处", "校医": "德育处", "大队辅导员": "德育处",
}
PREP_SUBJECTS = ("语文", "数学")
UPPER_GRADES = ("五年级", "六年级")
FULL_NAMES = {"体育": "体育与健康", "综合": "综合实践活动"}
"""Subjects whose 教研组 goes by a shorter name."""
AHEAD = ("岳秀云", "章慧", "路明远", "童彤", "施佳宁", "穆青", "黎阳", "白雪", "方若兰")
BEHIND = ("冯建国", "孟凡军", "聂永平", "乐怡", "程墨", "江文博", "武小勇")
CLERK = "贺立群"
"""Whose account the maker of the sample gets."""


def enlist(scene: Scene) -> None:
    """Write teachers, groups and postings in one change."""
    rows = list(csv.DictReader(package_text("staff.tsv").splitlines(), delimiter="\t"))
    year = school_year(scene.today)
    with scene.school.change("示例:教职工与机构") as change:
        there = {group.name: group for group in scene.school.records(Group).all()}  # what every new school begins with
        for order, group in enumerate(_groups(scene, rows, there), 1):
            scene.groups[group.name] = change.save(group.but(order=order))
        for order, row in enumerate(rows, 1):
            teacher = change.save(_teacher(row, order, year))
            scene.teachers[teacher.name] = teacher
            for posting in _postings(scene, teacher, row):
                change.save(posting)
        _account(scene, change)
    for name, teacher in scene.teachers.items():
        scene.pace[teacher.id] = "ahead" if name in AHEAD else "behind" if name in BEHIND else "usual"


def _account(scene: Scene, change: Change) -> None:
    """Who made the sample is its 教导主任, so that what is one's own shows too."""
    for account in scene.school.records(Account).all():
        change.save(account.but(teacher=scene.teachers[CLERK].id))


def _teacher(row: Row, order: int, year: int) -> Teacher:
    years = int(row["教龄"])
    category = next(key for key, label in CATEGORIES.items() if label == row["类别"])
    begun = year - years
    return Teacher(
        name=row["姓名"], category=category, gender="m" if row["性别"] == "男" else "f", number=f"WX{order:03d}",
        born=f"{begun - 22 - order % 3}-{order % 12 + 1:02d}", started=f"{begun}-09",
        joined=f"{max(begun, year - 18 - order % 5)}-09", phone=f"1390000{order:04d}", ethnic="汉族", order=order,
        education="大学本科" if years < 25 or order % 2 else "大学专科",
        party="中共党员" if order % 3 == 1 else "群众",
    )


# ---- groups ---------------------------------------------------------------------------------------------------------
def _groups(scene: Scene, rows: Sequence[Row], there: Mapping[str, Group]) -> Iterator[Group]:
    def named(name: str, kind: str, **more: str) -> Group:
        return there.get(name) or Group.model_validate({"name": name, "kind": kind, **more})

    for office in scene.school.settings.offices:
        yield named(office, "office")
    for name in dict.fromkeys(row["教研组"] for row in rows if row["教研组"]):
        research = named(f"{name}教研组", "research", subject=FULL_NAMES.get(name, name))
        yield research
        preps = [_prep(row) for row in rows if row["教研组"] == name and row["类别"] == "专任"]
        for prep in sorted(dict.fromkeys(p for p in preps if p), key=_prep_order):
            grade = prep.removesuffix(f"{name}备课组")
            yield named(prep, "prep", subject=name, grade=grade if grade.endswith("年级") else "", parent=research.id)
    for grade in scene.school.settings.grades():
        above = named(f"{grade}组", "grade", grade=grade)
        yield above
        for number in range(1, scene.school.settings.classes + 1):
            yield named(f"{grade.removesuffix('年级')}({number})班", "class", grade=grade, parent=above.id)


def _prep(row: Row) -> str:
    """The 备课组 of a line: one a grade in 语文 and 数学, two in 英语."""
    if row["教研组"] in PREP_SUBJECTS and row["年级"]:
        return f"{row['年级']}{row['教研组']}备课组"
    if row["教研组"] == "英语":
        return "高年级英语备课组" if row["年级"] in UPPER_GRADES else "中年级英语备课组"
    return ""


def _prep_order(name: str) -> int:
    return "一二三四五六中高".index(name[0])


# ---- what each holds ------------------------------------------------------------------------------------------------
def _postings(scene: Scene, teacher: Teacher, row: Row) -> Iterator[Posting]:
    def held(what: str, value: str = "", group: str = "", **more: object) -> Posting:
        values = {"teacher": teacher.id, "what": what, "value": value, "group": scene.group(group) if group else "", **more}
        return Posting.model_validate(values)

    posts = [post for post in row["职务"].split("、") if post]
    places = {
        "教研组长": f"{row['教研组']}教研组" if row["教研组"] else "", "备课组长": _prep(row),
        "年级组长": f"{row['年级']}组" if row["年级"] else "",
    }
    for post, place in places.items():
        if place:
            yield held("member", "组长" if post in posts else "", place)
    for post in posts:
        office = OFFICES.get(post, "")
        yield held("duty", post, places.get(post, office))
        if office:
            yield held("member", "", office)
    if row["班主任"]:
        yield held("duty", "班主任", row["班主任"], classes=(row["班主任"],), grade=f"{row['班主任'][0]}年级")
    by_grade: dict[str, list[str]] = {}
    for name in filter(None, row["任教班级"].split("、")):
        by_grade.setdefault(f"{name[0]}年级", []).append(name)
    for grade, classes in by_grade.items():
        yield held("teaches", subject=row["教研组"], grade=grade, classes=tuple(classes))
    for what, title in (("rank", "职称"), ("honour", "骨干称号")):
        if row[title]:
            yield held(what, row[title])
    if row["人员状态"]:
        yield held("state", row["人员状态"], first=scene.term.opens - timedelta(days=20))

"""Examining a school: what should be put right, each with its remedy; nothing is changed."""

from __future__ import annotations

import os
from datetime import timedelta
from typing import TYPE_CHECKING

from jiaoyan.attaching import orphans
from jiaoyan.errors import JiaoyanError, NotFound, Problem
from jiaoyan.keeping import backups
from jiaoyan.model.people import Teacher
from jiaoyan.terms import term_code

if TYPE_CHECKING:
    from jiaoyan.school import School

OLD = timedelta(days=7)
"""A backup older than this is worth a word."""


def examine(school: School) -> list[Problem]:
    """Every finding as place, fault and remedy."""
    return [*_folder(school), *_plugins(school), *_packs(school), *_calendar(school), *_backups(school), *_people(school), *_files(school)]


def _folder(school: School) -> list[Problem]:
    if not os.access(school.folder, os.W_OK):
        return [Problem(str(school.folder), "这个账号不能写入", "请管理员调整文件夹的权限")]
    return []


def _plugins(school: School) -> list[Problem]:
    return [Problem(s.name, f"{s.label}:{s.cause}", s.remedy) for s in school.host.troubled()]


def _packs(school: School) -> list[Problem]:
    try:
        school.packs.kinds()
    except JiaoyanError as error:
        return error.problems
    return []


def _calendar(school: School) -> list[Problem]:
    try:
        term = school.term()
    except NotFound:
        return [Problem("学期", f"今天({school.today})不在任何学期内", f"请新建学期 {term_code(school.today)}")]
    if not term.holidays:
        return [Problem(term.title, "没有填写假期,每周活动会排在节假日", "请在学期里补上假期与调休")]
    return []


def _backups(school: School) -> list[Problem]:
    found = backups(school.folder).listed()
    if not found:
        return [Problem("备份", "还没有备份", "请运行:jiaoyan backup")]
    if school.now() - found[0].time > OLD:
        return [Problem("备份", f"最近一次是 {found[0].time:%Y-%m-%d}", "请运行:jiaoyan backup")]
    return []


def _people(school: School) -> list[Problem]:
    if not school.records(Teacher).count():
        return [Problem("教职工", "名册是空的", "请导入花名册:jiaoyan import teacher 花名册.xlsx")]
    return []


def _files(school: School) -> list[Problem]:
    left = orphans(school)
    if left:
        return [Problem("附件", f"有 {len(left)} 个文件没有记录引用", "历史里可能还用得到;不要的可在备份后删除")]
    return []

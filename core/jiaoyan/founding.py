"""Founding: a school from one form. What is proposed, what the texts mean, what is wrong with them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from pathlib import Path

from pydantic import ValidationError

from jiaoyan.errors import BadInput, Problem
from jiaoyan.host.manifest import Found, installed
from jiaoyan.school import School, china_now
from jiaoyan.settings import STAGES, Settings
from jiaoyan.showing import split_list
from jiaoyan.terms import parse_day, term_code, usual_term

NAME, STAGE, CLASSES, OFFICES, OPENS, CLOSES, MODULES = "学校名称", "学段", "每个年级的班数", "处室", "开学上课", "结束上课", "功能模块"
BEGINS_WITH = ("subjects",)
"""Modules of a new school where nothing else is said."""


def proposed(today: date, found: Mapping[str, Found] | None = None) -> dict[str, str]:
    """The form as it opens: texts by title, in order."""
    term = usual_term(term_code(today))
    names = module_names(found)
    return {
        NAME: "", STAGE: STAGES[0], CLASSES: "4", OFFICES: "、".join(Settings.model_fields["offices"].default),
        OPENS: str(term.opens), CLOSES: str(term.closes), MODULES: "、".join(names[id] for id in BEGINS_WITH if id in names),
    }


def module_names(found: Mapping[str, Found] | None = None) -> dict[str, str]:
    """The installed modules by id, with the names that a person types."""
    there = installed() if found is None else found
    return {id: one.manifest.name for id, one in there.items() if one.manifest is not None}


def found_school(
    folder: Path, texts: Mapping[str, str], *, account: str = "", now: Callable[[], datetime] = china_now
) -> School:
    """Makes the school of a form. Raises BadInput with every fault at once, each at its title; then nothing is made."""
    problems: list[Problem] = []
    settings = _settings(texts, problems)
    days = {name: _day(title, texts, now().date(), problems) for name, title in (("opens", OPENS), ("closes", CLOSES))}
    if problems or settings is None:
        raise BadInput(*problems)
    return School.create(folder, settings, account=account, now=now, days=days)


def _settings(texts: Mapping[str, str], problems: list[Problem]) -> Settings | None:
    names = module_names()
    modules = []
    for word in split_list(texts.get(MODULES, "")):
        id = next((id for id, name in names.items() if word in (id, name)), None)
        if id is None:
            problems.append(Problem(MODULES, f"没有功能模块“{word}”", f"可用:{'、'.join(names.values()) or '无'}"))
        else:
            modules.append(id)
    values = {
        "name": texts.get(NAME, "").strip(), "stage": texts.get(STAGE, "").strip(), "classes": texts.get(CLASSES, "").strip(),
        "offices": tuple(split_list(texts.get(OFFICES, ""))), "plugins": tuple(modules),
    }
    try:
        return Settings.model_validate(values)
    except ValidationError as error:
        for fault in error.errors():
            field = str(fault["loc"][0]) if fault["loc"] else ""
            title = Settings.model_fields[field].title if field in Settings.model_fields else field
            what = {NAME: "请填写学校名称", STAGE: f"应为 {'、'.join(STAGES)} 之一", CLASSES: "应为 1 到 40 的整数"}.get(str(title), "")
            problems.append(Problem(str(title), what or "填写有误"))
    return None


def _day(title: str, texts: Mapping[str, str], today: date, problems: list[Problem]) -> date | None:
    try:
        return parse_day(texts.get(title, ""), today)
    except BadInput as error:
        problems += [Problem(title, problem.what) for problem in error.problems]
    return None

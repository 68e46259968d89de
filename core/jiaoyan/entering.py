"""Entering: typed or imported texts become a validated record; every fault names its field."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel, ValidationError

from jiaoyan.errors import BadInput, JiaoyanError, Problem
from jiaoyan.messages import problems_of
from jiaoyan.records import Record
from jiaoyan.showing import field_named, typed

if TYPE_CHECKING:
    from jiaoyan.school import School

M = TypeVar("M", bound=BaseModel)
R = TypeVar("R", bound=Record)


def values_of(
    school: School, model: type[BaseModel], texts: Mapping[str, str], *, past: bool = True, where: str = ""
) -> dict[str, Any]:
    """{field: value} of {field or Chinese title: text}. Raises BadInput with every fault at once."""
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    for name, text in texts.items():
        try:
            field = field_named(school, model, name)
            value = typed(school, model, field, text, past=past)
            if value is not None and not (value == "" and model.model_fields[field].default != ""):
                values[field] = value
        except JiaoyanError as error:
            problems += error.problems
    if problems:
        raise BadInput(*(_placed(problem, where) for problem in problems))
    return values


def _placed(problem: Problem, where: str) -> Problem:
    place = " ".join(part for part in (where, problem.where) if part)
    return Problem(place, problem.what, problem.remedy)


def made(model: type[M], values: Mapping[str, Any], where: str = "") -> M:
    """A new validated model. Raises BadInput, in Chinese, with every fault at once."""
    try:
        return model.model_validate(dict(values))
    except ValidationError as error:
        raise BadInput(*problems_of(error, model, where)) from None


def changed(record: R, values: Mapping[str, Any], where: str = "") -> R:
    """A validated copy. Raises BadInput."""
    try:
        return record.but(**values)
    except ValidationError as error:
        raise BadInput(*problems_of(error, type(record), where)) from None

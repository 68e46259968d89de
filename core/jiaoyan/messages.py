"""pydantic's messages in Chinese: the field by its title, what is wrong, what to do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date, time
from decimal import Decimal
from difflib import get_close_matches
from typing import TYPE_CHECKING, Annotated, Any, Literal, NamedTuple, Union, get_args, get_origin, get_type_hints

from pydantic import BaseModel

from jiaoyan.errors import Problem

if TYPE_CHECKING:
    from pydantic import ValidationError
    from pydantic_core import ErrorDetails

SHOWN = 40  # characters of a wrong value that a message repeats

MESSAGES: dict[str, str] = {
    # the shape of the whole
    "no_such_attribute": "没有“{attribute}”这一项",
    "json_invalid": "不是有效的 JSON:{error}",
    "json_type": "应为 JSON 文本",
    "needs_python_object": "这一项只能由程序填写,不能用“{method_name}”",
    "recursion_loop": "内容里套着它自己,成了循环",
    "recursion_depth_exceeded": "嵌套的层数太多",
    "missing": "没有填写",
    "frozen_field": "这一项不能修改",
    "frozen_instance": "这条记录不能直接修改",
    "extra_forbidden": "不认识的项“{name}”",
    "unexpected_keyword_argument": "不认识的项“{name}”",
    "invalid_key": "项的名称应为文字",
    "get_attribute_error": "读取时出错:{error}",
    "model_type": "应为一组“项 = 值”",
    "model_attributes_type": "应为一组“项 = 值”",
    "dataclass_type": "应为一组“项 = 值”",
    "dataclass_exact_type": "应为 {class_name} 本身",
    "named_tuple_type": "应为一组按次序排列的值",
    "default_factory_not_called": "其他项有错,这一项的默认值没有得出",
    "none_required": "这里应为空",
    "missing_sentinel_error": "这一项应当不写",
    "ellipsis_error": "这里只能是省略号",
    # numbers
    "greater_than": "应大于 {gt},不能是 {input}",
    "greater_than_equal": "不能小于 {ge},现在是 {input}",
    "less_than": "应小于 {lt},不能是 {input}",
    "less_than_equal": "不能大于 {le},现在是 {input}",
    "multiple_of": "应为 {multiple_of} 的倍数,不能是 {input}",
    "finite_number": "应为有限的数",
    "int_type": "应为整数,不能是“{input}”",
    "int_parsing": "应为整数,不能是“{input}”",
    "int_parsing_size": "数字太大",
    "int_from_float": "应为整数,不能带小数:{input}",
    "float_type": "应为数字,不能是“{input}”",
    "float_parsing": "应为数字,不能是“{input}”",
    "decimal_type": "应为数字,不能是“{input}”",
    "decimal_parsing": "应为数字,不能是“{input}”",
    "decimal_max_digits": "数字一共不能超过 {max_digits} 位",
    "decimal_max_places": "小数不能超过 {decimal_places} 位",
    "decimal_whole_digits": "整数部分不能超过 {whole_digits} 位",
    "fraction_type": "应为分数或数字,不能是“{input}”",
    "fraction_parsing": "应为分数,如 1/2,不能是“{input}”",
    "complex_type": "应为复数",
    "complex_str_parsing": "应为复数,不能是“{input}”",
    "bool_type": "应为是或否,不能是“{input}”",
    "bool_parsing": "应为是或否,不能是“{input}”",
    # text and choices
    "string_type": "应为文字,不能是“{input}”",
    "string_sub_type": "应为文字,不能是“{input}”",
    "string_unicode": "文字的编码不对,应为 UTF-8",
    "string_too_short": "至少 {min_length} 个字",
    "string_too_long": "不能超过 {max_length} 个字",
    "string_pattern_mismatch": "格式不对:“{input}”",
    "string_not_ascii": "只能用英文字母、数字和符号",
    "enum": "只能是 {expected},不能是“{input}”",
    "literal_error": "只能是 {expected},不能是“{input}”",
    "bytes_type": "应为字节",
    "bytes_too_short": "至少 {min_length} 个字节",
    "bytes_too_long": "不能超过 {max_length} 个字节",
    "bytes_invalid_encoding": "不是有效的 {encoding} 编码",
    "value_error": "{error}",
    "assertion_error": "不合要求:{error}",
    # lists and tables
    "too_short": "至少要有 {min_length} 项,现在有 {actual_length} 项",
    "too_long": "最多 {max_length} 项",
    "iterable_type": "应为一列值",
    "iteration_error": "逐项读取时出错:{error}",
    "dict_type": "应为一组“项 = 值”",
    "frozen_dict_type": "应为一组“项 = 值”",
    "ordered_dict_type": "应为一组“项 = 值”",
    "counter_type": "应为一组“项 = 次数”",
    "mapping_type": "应为一组“项 = 值”:{error}",
    "list_type": "应为一列值,不能是“{input}”",
    "deque_type": "应为一列值,不能是“{input}”",
    "tuple_type": "应为一列值,不能是“{input}”",
    "set_type": "应为一列不重复的值,不能是“{input}”",
    "frozen_set_type": "应为一列不重复的值,不能是“{input}”",
    "set_item_not_hashable": "不重复的一列里不能放列表或表",
    # days and times
    "date_type": "应为日期,如 2026-09-01,不能是“{input}”",
    "date_parsing": "不是有效的日期:“{input}”,应写成 2026-09-01",
    "date_from_datetime_parsing": "不是有效的日期:“{input}”,应写成 2026-09-01",
    "date_from_datetime_inexact": "只要日期,不要时刻:“{input}”",
    "date_past": "应为过去的日期,不能是 {input}",
    "date_future": "应为将来的日期,不能是 {input}",
    "time_type": "应为时刻,如 16:10,不能是“{input}”",
    "time_parsing": "不是有效的时刻:“{input}”,应写成 16:10",
    "datetime_type": "应为日期和时刻,如 2026-09-01 16:10,不能是“{input}”",
    "datetime_parsing": "不是有效的日期和时刻:“{input}”,应写成 2026-09-01 16:10",
    "datetime_object_invalid": "日期和时刻不对:{error}",
    "datetime_from_date_parsing": "不是有效的日期和时刻:“{input}”,应写成 2026-09-01 16:10",
    "datetime_past": "应为过去的时间,不能是 {input}",
    "datetime_future": "应为将来的时间,不能是 {input}",
    "timezone_naive": "不能带时区",
    "timezone_aware": "应带时区,如 +08:00",
    "timezone_offset": "时区应为 {tz_expected},不能是 {tz_actual}",
    "time_delta_type": "应为一段时间,不能是“{input}”",
    "time_delta_parsing": "不是有效的一段时间:“{input}”",
    # kinds of things
    "is_instance_of": "应为 {class} 类的值",
    "is_subclass_of": "应为 {class} 的子类",
    "callable_type": "应为可以调用的函数",
    "union_tag_invalid": "{discriminator} 只能是 {expected_tags},不能是“{tag}”",
    "union_tag_not_found": "没有写明 {discriminator}",
    # calls
    "arguments_type": "参数应为一列值或一组“项 = 值”",
    "missing_argument": "缺少参数",
    "missing_keyword_only_argument": "缺少参数",
    "unexpected_positional_argument": "多出了一个参数",
    "missing_positional_only_argument": "缺少参数",
    "multiple_argument_values": "同一个参数给了两次",
    # addresses
    "url_type": "应为网址,不能是“{input}”",
    "url_parsing": "不是有效的网址:“{input}”",
    "url_syntax_violation": "网址写法不对:“{input}”",
    "url_too_long": "网址不能超过 {max_length} 个字符",
    "url_scheme": "网址应以 {expected_schemes} 开头",
    "uuid_type": "应为 UUID 编号,不能是“{input}”",
    "uuid_parsing": "不是有效的 UUID 编号:“{input}”",
    "uuid_version": "UUID 应为第 {expected_version} 版",
}
"""What a person reads for each kind of error that pydantic_core lists; a test holds the table complete."""

WITH_DESCRIPTION = frozenset({"missing", "string_pattern_mismatch", "string_too_short", "value_error"})


def problems_of(error: ValidationError, model: type[BaseModel], where: str = "") -> list[Problem]:
    """What pydantic found wrong, in its order; the place is `where` and the path of Chinese titles.

    The members of a union that were tried in vain say the same thing once.
    """
    return list(dict.fromkeys(problem_of(detail, model, where) for detail in error.errors(include_url=False)))


def problem_of(detail: ErrorDetails, model: type[BaseModel], where: str = "") -> Problem:
    """One line of `error.errors()` in Chinese."""
    kind, loc = detail["type"], detail["loc"]
    steps = list(_walk(model, loc))
    titles = [title for title, _, _ in steps if title]
    values: dict[str, Any] = {key: _plain(value) for key, value in (detail.get("ctx") or {}).items()}
    values |= {"input": _shown(detail["input"]), "name": loc[-1] if loc else ""}
    remedy = ""
    if kind in ("extra_forbidden", "unexpected_keyword_argument"):  # of a model, of a data class
        titles = titles[:-1]
        remedy = _meant(str(loc[-1]), steps[-2][1] if len(steps) > 1 else model)
    elif kind in WITH_DESCRIPTION and steps:
        remedy = steps[-1][2]
    template = MESSAGES.get(kind)
    what = template.format_map(_Known(values)) if template else detail["msg"]  # a validator's own custom kind
    return Problem(" ".join(part for part in (where, " ".join(titles)) if part), what, remedy)


class _Known(dict[str, Any]):
    """A context in which what is missing reads as nothing."""

    def __missing__(self, key: str) -> str:
        return ""


def _meant(name: str, model: Any) -> str:
    """The known field that a mistyped one resembles, as a question."""
    known: list[str] = []
    for field in _fields(model) or ():
        known += [field.alias or field.name, *([field.title] if field.title else [])]
    near = get_close_matches(name, known, n=1, cutoff=0.6)
    return f"是否想写“{near[0]}”?" if near else ""


def _plain(value: Any) -> Any:
    """pydantic writes alternatives as `'a', 'b' or 'c'`."""
    if isinstance(value, BaseException):
        return str(value)
    if isinstance(value, str) and value.startswith("'"):
        return value.replace(" or ", ", ").replace("'", "").replace(", ", "、")
    return value


def _shown(value: Any) -> str:
    """A wrong value as a person typed it, shortened."""
    if value is None:
        return "空"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Mapping):
        return "一组“项 = 值”"
    if isinstance(value, Sequence) and not isinstance(value, str | bytes):
        return f"一列 {len(value)} 项的值"
    if isinstance(value, str | int | float | Decimal | date | time):
        text = " ".join(str(value).split())
        return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"
    return type(value).__name__


# ---- the way to a field ---------------------------------------------------------------------------------------------
def _walk(model: Any, loc: tuple[int | str, ...]) -> Iterator[tuple[str, Any, str]]:
    """(title shown or "", type reached, description) for each step of an error's place."""
    here: Any = model
    for step in loc:
        here = _bare(here)
        origin = get_origin(here)
        if (known := _fields(here)) is not None:
            found = next((field for field in known if step in (field.name, field.alias)), None)
            if found is None:
                yield str(step), None, ""
                here = None
                continue
            here = found.annotation
            yield found.title or found.name, here, found.description
        elif origin in _UNIONS:  # pydantic names the member that it tried; a person sees nothing of it
            here = _member(here, str(step))
            yield "", here, ""
        elif isinstance(step, int):
            here = _item(here, step)
            yield f"第{step + 1}项", here, ""
        elif step == "[key]":
            yield "(名称)", None, ""
        elif origin is dict or (isinstance(origin, type) and issubclass(origin, Mapping)):
            here = get_args(here)[1]
            yield f"“{step}”", here, ""
        elif here is None or "[" in step or "-" in step:  # the inside of a validator, of a union not followed
            yield "", here, ""
        else:
            yield str(step), None, ""
            here = None


_UNIONS = (Union, type(int | str))


class _Field(NamedTuple):
    name: str
    annotation: Any
    alias: str = ""
    title: str = ""
    description: str = ""


def _fields(model: Any) -> list[_Field] | None:
    """The fields of a model or a data class; None where it is neither."""
    if not isinstance(model, type):
        return None
    if issubclass(model, BaseModel):
        return [
            _Field(name, info.annotation, info.alias or "", info.title or "", info.description or "")
            for name, info in model.model_fields.items()
        ]
    if is_dataclass(model):
        hints = get_type_hints(model)
        return [_Field(field.name, hints[field.name]) for field in fields(model)]
    return None


def _bare(annotation: Any) -> Any:
    """Without Annotated, a named alias, and `| None`."""
    while True:
        if hasattr(annotation, "__value__"):
            annotation = annotation.__value__
        elif get_origin(annotation) is Annotated:
            annotation = get_args(annotation)[0]
        elif get_origin(annotation) in _UNIONS:
            inner = [a for a in get_args(annotation) if a is not type(None)]
            if len(inner) != 1:
                return annotation
            annotation = inner[0]
        else:
            return annotation


def _item(annotation: Any, index: int) -> Any:
    arguments = [a for a in get_args(annotation) if a is not Ellipsis]
    if not arguments:
        return None
    return arguments[index] if get_origin(annotation) is tuple and index < len(arguments) else arguments[0]


def _member(union: Any, tag: str) -> Any:
    """The model of a union that a step names: by the value of its discriminator or by its class."""
    for member in map(_bare, get_args(union)):
        if (known := _fields(member)) is None:
            if get_origin(member) and str(get_origin(member).__name__) == tag.partition("[")[0]:
                return member
            continue
        tags = (
            str(value)
            for field in known
            if get_origin(field.annotation) is Literal
            for value in get_args(field.annotation)
        )
        if member.__name__ == tag or tag in tags:
            return member
    return None

"""Documents as bytes: canonical JSON out and in, and the checks that keep it JSON."""

from __future__ import annotations

import json
import math
import zlib
from collections.abc import Mapping
from typing import Any

import orjson

from jiaoyan.errors import BadInput, Damaged, Problem

_LONG = ord(" ")
"""A document that orjson can't write begins with a space: read by orjson, its long whole numbers would lose their end."""
_STRICT = orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_PASSTHROUGH_DATACLASS


def dump(document: Mapping[str, Any]) -> bytes:
    """The bytes that are stored and hashed. Raises BadInput for what JSON or the engine can't hold, TypeError for objects."""
    try:
        body = orjson.dumps(document if type(document) is dict else dict(document), option=_STRICT)
    except TypeError:
        body = _dump_slowly(document)
    if b"null" in body and not _finite(document):
        raise BadInput(Problem("", "数值不是数(NaN 或无穷大),不能保存", "请改为普通的数字"))
    if b"\\u0000" in body and _holds_nul(document):
        raise BadInput(Problem("", "文字里有不可见的空字符(U+0000),不能保存", "请删去后再粘贴"))
    return body


def load(body: bytes) -> dict[str, Any]:
    """Raises Damaged for what is no JSON (any more)."""
    try:
        found: dict[str, Any] = orjson.loads(body) if body[0] != _LONG else json.loads(body)
    except (ValueError, IndexError):
        remedy = "请用 jiaoyan verify 找出它,再从历史或备份恢复"
        raise Damaged(Problem("数据库", "有一条记录的内容已损坏,读不出来", remedy)) from None
    return found


def row_sum(sort: str, search: str, body: bytes) -> int:
    """The check sum that stands beside a row: what history does not cover (search text, unlogged tables) it does."""
    return zlib.crc32(body, zlib.crc32(f"{sort}\0{search}\0".encode()))


def _dump_slowly(document: Mapping[str, Any]) -> bytes:
    """As json does it: whole numbers of any size. Keys that are no text are made text, as JSON has them."""
    plain = _plain(document)
    try:
        return b" " + json.dumps(plain, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
    except UnicodeEncodeError:
        raise BadInput(Problem("", "文字里有残缺的字符,不能保存", "请重新输入或粘贴")) from None
    except ValueError:
        raise BadInput(Problem("", "数值不是数(NaN 或无穷大),不能保存", "请改为普通的数字")) from None


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(held) for key, held in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(held) for held in value]
    return value


def _finite(value: Any) -> bool:
    """orjson writes NaN as null without a word."""
    if isinstance(value, float):
        return math.isfinite(value)
    if isinstance(value, Mapping):
        return all(_finite(held) for held in value.values())
    return not isinstance(value, (list, tuple)) or all(_finite(held) for held in value)


def _holds_nul(value: Any) -> bool:
    """The engine's JSON functions end a text at NUL, and PostgreSQL refuses it."""
    if isinstance(value, str):
        return "\0" in value
    if isinstance(value, Mapping):
        return any(_holds_nul(key) or _holds_nul(held) for key, held in value.items())
    return isinstance(value, (list, tuple)) and any(_holds_nul(held) for held in value)

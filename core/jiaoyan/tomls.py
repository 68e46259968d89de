"""TOML files that people write: read with the line of every key, and told in Chinese what is wrong with them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from jiaoyan.errors import BadInput, NotFound, Problem

if TYPE_CHECKING:
    from pydantic import BaseModel

M = TypeVar("M", bound="BaseModel")
KeyPath = tuple[str | int, ...]


@dataclass(frozen=True)
class TomlFile:
    """What stands in a TOML file, and on which line."""

    path: Path
    data: dict[str, Any]
    text: str = field(repr=False)

    @cached_property
    def lines(self) -> Mapping[KeyPath, int]:
        """The line of every key; looked for only where somebody has to be told one."""
        return _Scan(self.text).lines

    def line(self, key_path: KeyPath) -> int:
        """The line of a key; where it is missing, of the nearest table above it, and 1 at the top."""
        for length in range(len(key_path), 0, -1):
            if found := self.lines.get(tuple(key_path[:length])):
                return found
        return 1

    def where(self, key_path: KeyPath) -> str:
        """The place as a person is told it."""
        return place(self.path, self.line(key_path))


def place(path: Path, line: int) -> str:
    return f"{path.name} 第 {line} 行"


def read_toml(path: Path) -> TomlFile:
    """A TOML file in UTF-8. Raises NotFound, or BadInput with the line."""
    try:
        raw = Path(path).read_bytes()
    except FileNotFoundError:
        raise NotFound(Problem(str(path), "没有这个文件")) from None
    except IsADirectoryError:
        raise BadInput(Problem(str(path), "这是文件夹,不是文件")) from None
    except OSError as error:
        raise BadInput(Problem(str(path), f"读不了这个文件:{error.strerror or error}")) from None
    path = Path(path)
    try:
        text = raw.decode("utf-8-sig")  # Windows' Notepad puts a mark before the text
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise BadInput(Problem(place(path, line), "不是 UTF-8 编码的文字", "请用编辑器另存为 UTF-8 编码")) from None
    return toml_of(text, path)


def toml_of(text: str, path: Path) -> TomlFile:
    """TOML text that stands in `path`. Raises BadInput with the line."""
    text = text.replace("\r\n", "\n")
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadInput(_syntax_problem(str(error), text, path)) from None
    except RecursionError:
        raise BadInput(Problem(path.name, "括号嵌套的层数太多")) from None
    except ValueError:  # int() refuses numbers of thousands of digits
        raise BadInput(Problem(path.name, "有一个数字长得无法读取")) from None
    return TomlFile(path, data, text)


def read_model(path: Path, model: type[M]) -> M:
    """A TOML file as a pydantic model. Raises NotFound, or BadInput that names file, line and field."""
    from pydantic import ValidationError  # only here: reading a plain file needs no models

    toml = read_toml(path)
    try:
        return model.model_validate(toml.data)
    except ValidationError as error:
        from jiaoyan.messages import problem_of

        problems = [problem_of(e, model, toml.where(e["loc"])) for e in error.errors(include_url=False)]
    raise BadInput(*dict.fromkeys(problems))


# ---- tomllib's messages ---------------------------------------------------------------------------------------------
_AT = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")
SYNTAX: tuple[tuple[str, str, str], ...] = (
    (r"Invalid statement", "这一行看不懂", "应写成 名称 = 值,或 [段名]"),
    (r"Expected newline or end of document after a statement", "一行里多出了内容", "每行只写一个 名称 = 值;说明放在 # 后面"),
    (r"Found invalid character (.+)", "有不能用的字符 {0}", ""),
    (r"Illegal character (.+)", "文字里有不能用的字符 {0}", "多行文字请用三个引号括起来"),
    (r"Cannot declare \((.+?),?\) twice", "段 [{0}] 写了两次", "请把两处合在一起"),
    (r"Cannot overwrite a value", "同一个名称写了两次", "请删去一处"),
    (r"Duplicate inline table key (.+)", "花括号里同一个名称“{0}”写了两次", "请删去一处"),
    (r"Expected '\]' at the end of a table declaration", "段名后面缺少 ]", ""),
    (r"Expected '\]\]' at the end of an array declaration", "段名后面缺少 ]]", ""),
    (r"Cannot mutate immutable namespace \((.+?),?\)", "“{0}”已经写完,不能再往里加", "请把内容写在原来的地方"),
    (r"Cannot redefine namespace \((.+?),?\)", "“{0}”已经写过,不能重新写", "请把内容写在原来的地方"),
    (r"Expected '=' after a key in a key/value pair", "名称后面缺少等号", "应写成 名称 = 值"),
    (r"Invalid initial character for a key part", "名称写法不对", "名称用字母、数字、_ 和 -;中文名称要加引号"),
    (r"Unclosed array", "方括号没有写完,或两个值之间缺少逗号", ""),
    (r"Unclosed inline table", "花括号没有写完,或两项之间缺少逗号", ""),
    (r"Unescaped '\\' in a string", "引号里的反斜杠 \\ 要写两个", "Windows 路径可以改用单引号括起来"),
    (r"Invalid hex value", "\\u 后面应为十六进制数字", ""),
    (r"Escaped character is not a Unicode scalar value", "\\u 后面的数字不是文字的编码", ""),
    (r"Unterminated string", "引号没有成对", "文字两头都要加引号"),
    (r"Expected (.+)", "缺少 {0}", ""),
    (r"Invalid date or datetime", "没有这一天或这个时刻", "应写成 2026-09-01"),
    (r"Invalid value", "等号后面的值看不懂", "文字要加引号,是否写成 true 或 false"),
)
"""(what tomllib says, what a person reads, the remedy)."""


def _syntax_problem(message: str, text: str, path: Path) -> Problem:
    at = _AT.search(message)
    said = message[: at.start()] if at else message
    line = int(at[1]) if at and at[1] else text.rstrip("\n").count("\n") + 1
    written = text.split("\n")[line - 1] if line <= text.count("\n") + 1 else ""
    for pattern, what, remedy in SYNTAX:
        if found := re.fullmatch(pattern, said, re.DOTALL):
            groups = [str(g).replace("', '", ".").strip("'\"") for g in found.groups()]
            return Problem(place(path, line), what.format(*(_visible(g) for g in groups)), _remedy(written, remedy))
    return Problem(place(path, line), "不合 TOML 的写法", _remedy(written, ""))


def _visible(character: str) -> str:
    return {"\\n": "换行", "\\r": "回车", "\\t": "制表符", "\\x00": "空字符"}.get(character, character)


def _remedy(written: str, usual: str) -> str:
    """Chinese punctuation is what goes wrong most: it names the mark when the line has one outside of ASCII quotes."""
    bare = re.sub(r"\"[^\"]*\"|'[^']*'|#.*", "", written)
    wide = next((mark for mark in bare if mark in WIDE), "")
    return f"中文的 {wide} 应改为英文的 {WIDE[wide]}" if wide else usual


WIDE = dict(zip("“”‘’\uff1d\uff0c\u3010\u3011\uff3b\uff3d\uff5b\uff5d", "\"\"''=,[][]{}", strict=True))


# ---- the line of each key -------------------------------------------------------------------------------------------
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_SPACE = re.compile(r"(?:[ \t\n]|#[^\n]*)*")
_SCALAR = re.compile(r"[^,\]}\n#]*")
_STRINGS = (
    (re.compile(r'"""(?:[^\\]|\\.)*?"{3,5}', re.DOTALL), '"""'),
    (re.compile(r"'''.*?'{3,5}", re.DOTALL), "'''"),
    (re.compile(r'"(?:[^"\\\n]|\\.)*"'), '"'),
    (re.compile(r"'[^'\n]*'"), "'"),
)


class _Scan:
    """Walks over text that tomllib has found valid, so that it need only follow the brackets and quotes."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.seen = 0  # up to where newlines have been counted, and how many
        self.newlines = 0
        self.lines: dict[KeyPath, int] = {}
        self.lists: dict[KeyPath, int] = {}  # arrays of tables: the index that the next keys belong to
        self._document()

    def _document(self) -> None:
        table: KeyPath = ()
        while True:
            self._skip()
            if self.at >= len(self.text):
                return
            if self.text.startswith("[[", self.at):
                table = self._header(2)
            elif self.text[self.at] == "[":
                table = self._header(1)
            else:
                self._pair(table)

    def _header(self, brackets: int) -> KeyPath:
        line = self._line()
        self.at += brackets
        *above, last = self._key()
        here: KeyPath = ()
        for part in above:
            here = self._inside((*here, part), line)
        here = (*here, last)
        if brackets == 2:
            self.lines.setdefault(here, line)
            self.lists[here] = self.lists.get(here, -1) + 1
            here = (*here, self.lists[here])
            self.lines[here] = line
        else:
            self.lines[here] = line  # [a.b] may stand before [a]: then its own line is the better one
        self._skip()
        self.at += brackets
        return here

    def _inside(self, path: KeyPath, line: int) -> KeyPath:
        """A table that is gone through: the last element, where it is an array of tables."""
        self.lines.setdefault(path, line)
        return (*path, self.lists[path]) if path in self.lists else path

    def _pair(self, table: KeyPath) -> None:
        line = self._line()
        here = table
        for part in self._key():
            here = (*here, part)
            self.lines.setdefault(here, line)
        self._skip()
        self.at += 1  # the =
        self._skip()
        self._value(here)

    def _key(self) -> list[str]:
        parts: list[str] = []
        while True:
            self._skip()
            if found := _BARE_KEY.match(self.text, self.at):
                parts.append(found[0])
                self.at = found.end()
            else:
                start = self.at
                self._string()
                parts.append(str(tomllib.loads("x = " + self.text[start : self.at])["x"]))
            self._skip()
            if not self.text.startswith(".", self.at):
                return parts
            self.at += 1

    def _value(self, path: KeyPath) -> None:
        opening = self.text[self.at : self.at + 1]
        if opening == "[":
            self._items(path)
        elif opening == "{":
            self.at += 1
            while self._skip() != "}":
                self._pair(path)
                if self._skip() == ",":
                    self.at += 1
            self.at += 1
        elif not self._string():
            self.at = _end(_SCALAR, self.text, self.at)

    def _items(self, path: KeyPath) -> None:
        self.at += 1
        index = 0
        while self._skip() != "]":
            self.lines[(*path, index)] = self._line()
            self._value((*path, index))
            index += 1
            if self._skip() == ",":
                self.at += 1
        self.at += 1

    def _string(self) -> bool:
        for pattern, quote in _STRINGS:
            if self.text.startswith(quote, self.at):
                self.at = _end(pattern, self.text, self.at)
                return True
        return False

    def _skip(self) -> str:
        """Over blanks, newlines and comments; the character that follows."""
        self.at = _end(_SPACE, self.text, self.at)
        return self.text[self.at : self.at + 1]

    def _line(self) -> int:
        self.newlines += self.text.count("\n", self.seen, self.at)
        self.seen = self.at
        return self.newlines + 1


def _end(pattern: re.Pattern[str], text: str, start: int) -> int:
    found = pattern.match(text, start)
    return found.end() if found else start

"""TOML files: the line of each key, and faults told in Chinese."""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import tomli_w
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, Field

from jiaoyan.errors import BadInput, JiaoyanError, NotFound
from jiaoyan.tomls import read_model, read_toml, toml_of

SAMPLE = '''\
# 学校
name = "第一小学"
"带 引号.点" = 1
site.title = "a"
site.'sub "x"'.deep = """
多行
[not.a.table]
k = "v"
"""

[pack]   # 说明
list = [
  1, 2,
  # 注释 ]
  { a = 1, b = { c = "}" } },
  [ "x",
    'y' ],
]
after = \'\'\'
= ] }
\'\'\'
last = 2026-01-01

[[kind]]
id = "one"
[kind.roles]
host = "组织"

[[kind]]
id = "two"
[[kind.part]]
p = 1
[[kind.part]]
p = 2
[kind.part.more]
q = "\\\\" # "
[a.b.c]
z = 1
[a]
y = 2
'''


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("name",), 2), (("带 引号.点",), 3), (("site",), 4), (("site", "title"), 4), (("site", 'sub "x"', "deep"), 5),
        (("pack",), 11), (("pack", "list"), 12), (("pack", "list", 1), 13), (("pack", "list", 2, "b", "c"), 15),
        (("pack", "list", 3, 1), 17), (("pack", "after"), 19), (("pack", "last"), 22), (("kind",), 24),
        (("kind", 0), 24), (("kind", 0, "id"), 25), (("kind", 0, "roles", "host"), 27), (("kind", 1, "id"), 30),
        (("kind", 1, "part", 1, "p"), 34), (("kind", 1, "part", 1, "more", "q"), 36), (("a", "b", "c", "z"), 38),
        (("a",), 39), (("a", "y"), 40), (("kind", 1, "missing"), 29), (("nothing",), 1), ((), 1),
    ],
)
def test_line_of_a_key(path: tuple[str | int, ...], line: int) -> None:
    assert toml_of(SAMPLE, Path("a.toml")).line(path) == line
    assert toml_of(SAMPLE.replace("\n", "\r\n"), Path("a.toml")).line(path) == line


def paths_of(data: Any, here: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    items = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    return [path for key, value in items for path in ((*here, key), *paths_of(value, (*here, key)))]


scalars = st.integers(-9, 9) | st.text(max_size=8) | st.booleans() | st.dates()
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3)
)


@given(st.dictionaries(st.text(max_size=5), values, max_size=4), st.booleans())
def test_every_key_has_a_line_and_no_other(data: dict[str, Any], multiline: bool) -> None:
    text = tomli_w.dumps(data, multiline_strings=multiline)
    toml = toml_of(text, Path("a.toml"))
    assert set(toml.lines) == set(paths_of(toml.data))
    lines = text.split("\n")
    assert all(1 <= line <= len(lines) for line in toml.lines.values())


@given(st.text(alphabet="[]{}=,.\"'#\\\n ab1-:“=", max_size=40))
def test_no_text_breaks_it(text: str) -> None:
    try:
        toml_of(text, Path("a.toml"))
    except BadInput as error:
        told = str(error)
    else:
        return
    assert re.match(r"a\.toml 第 \d+ 行:", told), told
    assert "(at " not in told
    assert "不合 TOML 的写法" not in told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a = 1\nb = ?\n", "a.toml 第 2 行:等号后面的值看不懂"),
        ("a = 1\na = 2\n", "a.toml 第 2 行:同一个名称写了两次"),
        ("[a]\nx=1\n\n[a]\n", "a.toml 第 4 行:段 [a] 写了两次"),
        ("[a.b]\n[a.b]\n", "a.toml 第 2 行:段 [a.b] 写了两次"),
        ("a = \"x\n", "a.toml 第 1 行:文字里有不能用的字符 换行"),
        ("a = [1, 2\n", "a.toml 第 1 行:方括号没有写完,或两个值之间缺少逗号"),
        ("a = {x = 1, x = 2}", "a.toml 第 1 行:花括号里同一个名称“x”写了两次"),
        ("\nname“第一小学”\n", "中文的 “ 应改为英文的 \""),
        ("a = “第一小学”\n", "中文的 “ 应改为英文的 \""),
        ("a \uff1d 1\n", "中文的 \uff1d 应改为英文的 ="),
        ("名称 = 1\n", "a.toml 第 1 行:这一行看不懂"),
        ("a = 1 b = 2\n", "a.toml 第 1 行:一行里多出了内容"),
        ("a = 2026-02-30\n", "a.toml 第 1 行:没有这一天或这个时刻"),
        ("a = \"C:\\School\"\n", "a.toml 第 1 行:引号里的反斜杠 \\ 要写两个(Windows 路径可以改用单引号括起来)"),
        ("[a\n", "a.toml 第 1 行:段名后面缺少 ]"),
        ("a\n", "a.toml 第 1 行:名称后面缺少等号"),
        ("a = '''x", "a.toml 第 1 行:"),
        ("a = " + "[" * 5000, "a.toml:括号嵌套的层数太多"),
        ("a = " + "1" * 5000, "a.toml:有一个数字长得无法读取"),
    ],
)
def test_syntax_is_told_in_chinese(text: str, told: str) -> None:
    with pytest.raises(BadInput) as caught:
        toml_of(text, Path("a.toml"))
    assert told in str(caught.value)


def test_every_message_of_tomllib_is_known() -> None:
    """A new Python may word its messages anew: this names those that read only as 不合 TOML 的写法."""
    source = Path(tomllib.__file__).with_name("_parser.py").read_text(encoding="utf-8")
    said = re.findall(r'suffixed_err\(\s*src, (?:new_)?pos, f?"(.+?)"\)', source)
    said += re.findall(r'suffixed_err\(\s*src, (?:new_)?pos, f?"(.+?)",?\s*\)', source)
    assert len(said) > 15
    from jiaoyan.tomls import SYNTAX

    for message in said:
        plain = re.sub(r"\{\w*key\w*\}", "('a',)", message).replace("\\\\", "\\")
        assert any(re.fullmatch(pattern, plain) for pattern, _, _ in SYNTAX), message


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid")

    id: str = Field(title="编号")
    amount: int = Field(default=0, title="数量")


class Whole(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: str = Field(title="名称")
    version: str = Field(default="", title="版本")
    parts: list[Part] = Field(default=[], title="各项")


def test_read_model_names_file_line_and_field(tmp_path: Path) -> None:
    path = tmp_path / "plugin.toml"
    path.write_text('nmae = "x"\n\n[[parts]]\nid = "a"\namount = "多"\n\n[[parts]]\namuont = 1\n', encoding="utf-8")
    with pytest.raises(BadInput) as caught:
        read_model(path, Whole)
    assert [str(p) for p in caught.value.problems] == [
        "plugin.toml 第 1 行 名称:没有填写",
        "plugin.toml 第 5 行 各项 第1项 数量:应为整数,不能是“多”",
        "plugin.toml 第 7 行 各项 第2项 编号:没有填写",
        "plugin.toml 第 8 行 各项 第2项:不认识的项“amuont”(是否想写“amount”?)",
        "plugin.toml 第 1 行:不认识的项“nmae”(是否想写“name”?)",
    ]


def test_read_model(tmp_path: Path) -> None:
    path = tmp_path / "plugin.toml"
    path.write_bytes(b'\xef\xbb\xbfname = "x"\r\n[[parts]]\r\nid = "a"\r\n')
    assert read_model(path, Whole) == Whole(name="x", parts=[Part(id="a")])


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="没有这个文件"):
        read_toml(tmp_path / "none.toml")
    with pytest.raises(BadInput, match="文件夹"):
        read_toml(tmp_path)
    gbk = tmp_path / "gbk.toml"
    gbk.write_bytes("a = 1\nb = '第一小学'\n".encode("gbk"))
    with pytest.raises(BadInput, match=r"gbk\.toml 第 2 行:不是 UTF-8"):
        read_toml(gbk)


def test_no_pydantic_for_plain_reading() -> None:
    import subprocess

    code = "import sys, pathlib, jiaoyan.tomls as t; t.toml_of('a=1', pathlib.Path('x')); print('pydantic' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
    assert issubclass(BadInput, JiaoyanError)

"""Key files: other keys for actions, faults by file and line; the registry that all keys stand in."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import jiaoyan_tui
from jiaoyan.school import School
from jiaoyan_tui.actions import KEYS, REGISTRY
from jiaoyan_tui.folder import key_files
from jiaoyan_tui.form_model import FormModel
from jiaoyan_tui.forms import RecordForm
from jiaoyan_tui.key_file import SCOPES, cheat_sheet, key_of, load_pages, pages_of, use_keys
from jiaoyan_tui.lists import ListPage
from tests.terminal.screens import on_screen, press, shown, the_app
from tests.test_command_line import Run, jiaoyan  # noqa: F401  # a fixture

SURVIVES = re.compile(r"up|down|left|right|enter|escape|tab|\d|f\d+|pageup|pagedown|home|end|insert|delete|space")
"""Keys that reach the program with an input method on."""


@pytest.fixture(autouse=True)
def _homes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    yield
    KEYS.clear()


def problems(folder: Path, text: str) -> list[str]:
    (folder / "keys.toml").write_text(text, encoding="utf-8")
    return [str(problem) for problem in use_keys(folder)]


def test_every_action_can_be_done_with_an_input_method_on() -> None:
    load_pages()
    helped = {id for _, ids in pages_of() for id in ids}
    for action in REGISTRY.values():
        assert action.id, action
        assert action.label, action.id
        assert action.tip, action.id
        assert action.scope in SCOPES, action.id
        assert any(SURVIVES.fullmatch(key) for key in action.keys) or action.id in helped, action.id
    assert any(SURVIVES.fullmatch(key) for key in REGISTRY["page.help"].keys)


def test_no_two_actions_of_a_page_have_the_same_key() -> None:
    load_pages()
    for page, ids in pages_of():
        keys = [key for action in ids.values() for key in action.keys]
        assert len(keys) == len(set(keys)), page


def test_the_cheat_sheet_has_every_action() -> None:
    assert {action.id for _, actions in cheat_sheet() for action in actions} == set(REGISTRY)


@pytest.mark.parametrize(
    ("text", "key"),
    [("F2", "f2"), ("f12", "f12"),
     ("Del", "delete"), ("Ctrl+K", "ctrl+k"), ("/", "slash"), ("?", "question_mark"),
     ("\uff1f", "question_mark"),
     ("n", "n"), ("N", "N"), ("7", "7"), ("空格", "space"), ("PgDn", "pagedown"), ("←", "left"), ("+", "plus"), ("Shift+Tab", "shift+tab"),
     ("F13", ""), ("Hyper+K", ""), ("张", ""), ("", ""), ("Foo", "")],
)  # fmt: skip
def test_keys_are_written_as_people_write_them(text: str, key: str) -> None:
    assert key_of(text) == key


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('list.new = "F2"\nlist.nwe = "n"\n', "keys.toml 第 2 行:没有叫“list.nwe”的操作(是否想写 list.new"),
        ('[list]\nnew = "F13"\n', "keys.toml 第 2 行:“F13”:没有这个键"),
        ('list.new = "F4"\n', "keys.toml 第 1 行:F4 在“列表”里已是“编辑”(list.edit)"),
        ('list.new = "x"\nlist.edit = "x"\nlist.export = []\n', "keys.toml 第 2 行:x 在“列表”里已是“新增”(list.new)"),
        ('list.new = "Ctrl+M"\n', "终端把 Ctrl+M 当作Enter"),
        ('list.new = "Enter"\n', "Enter 是移动光标和打字用的"),
        ('form.save = "s"\n', "这一页要打字,不能用字母和数字作键"),
        ("list.new = 2\n", '键应写成 "F2"'),
        ("page.help = []\n", "“帮助”不能没有键"),
        ("list.new = “F2”\n", "中文的 “ 应改为英文的"),
        ('place.board = "1"\n', "1 在“工作台”里已是“计划”(place.plans)"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(tmp_path: Path, text: str, told: str) -> None:
    found = problems(tmp_path, text)
    assert any(told in problem for problem in found), found
    assert KEYS == {}


def test_a_person_goes_before_the_school(tmp_path: Path) -> None:
    person = key_files(tmp_path)[1]
    person.parent.mkdir(parents=True)
    person.write_text('[list]\nnew = ["F2", "a"]\n', encoding="utf-8")
    assert problems(tmp_path, 'list.new = "b"\nlist.views = "g"\n') == []
    assert KEYS == {"list.new": ("f2", "a"), "list.views": ("g",)}


async def test_footer_help_and_keys_follow(school: School) -> None:
    assert problems(school.folder, 'list.new = "F4"\nlist.edit = "F2"\nplace.board = "b"\nplace.groups = []\n') == []
    async with the_app(school) as (app, pilot):
        text = on_screen(app)
        assert "b 完成情况" in text
        await press(app, pilot, "2")
        assert "F4 新增" in shown(app)[-1]
        await press(app, pilot, "f1")
        assert "F4" in next(line for line in shown(app) if "新增" in line and "一条" in line)
        await press(app, pilot, "escape", "f4")
        assert isinstance(app.screen, RecordForm)
        assert isinstance(app.screen.model, FormModel)
        assert app.screen.record is None


async def test_a_file_with_faults_does_not_lock_anybody_out(school: School) -> None:
    found = problems(school.folder, 'list.new = "F4"\n')
    assert found
    async with the_app(school, page=ListPage(school, "teacher")) as (app, pilot):
        app.notices = use_keys(school.folder)
        app._tell_notices()
        await pilot.pause()
        assert "keys.toml 第 1 行" in on_screen(app)
        assert "按键暂用程序自带的" in on_screen(app)
        assert "n 新增" in on_screen(app)


def test_the_cheat_sheet_is_printed(jiaoyan: Run, tmp_path: Path) -> None:  # noqa: F811  # the fixture
    said = jiaoyan("keys").stdout
    assert "列表\n" in said
    assert re.search(r"n F2 Ins\s+新增\s+list.new", said)
    listed = json.loads(jiaoyan("keys", "--json").stdout)
    assert {"page": "列表", "id": "list.new", "label": "新增", "keys": ["n", "F2", "Ins"], "tip": "新增一条记录"} in listed
    (tmp_path / "school").mkdir(exist_ok=True)
    (tmp_path / "school" / "keys.toml").write_text('list.new = "F99"\n', encoding="utf-8")
    assert "第 1 行" in jiaoyan("keys", code=1).stderr


def test_sentences_name_the_keys_that_are_in_force() -> None:
    """A key that stands in a sentence is wrong once somebody has set another; the page that makes a school has no keys to set."""
    named = re.compile(r"[按请] ?(?:F\d|Ctrl|Esc|Enter|[a-z] )")
    for path in sorted(Path(jiaoyan_tui.__file__).parent.glob("*.py")):
        if path.name in ("founding.py", "key_file.py"):
            continue
        for line in path.read_text(encoding="utf-8").splitlines():
            if "tip=" not in line and '"""' not in line:
                assert not named.search(line.partition("  #")[0]), f"{path.name}: {line.strip()}"

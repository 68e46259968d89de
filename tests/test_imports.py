"""Imports run downhill: core ← plugins and terminal; and what needs no screen loads none."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
CORE, TERMINAL, PLUGINS = ROOT / "core", ROOT / "tui", ROOT / "plugins"


def imports(path: Path) -> Iterator[str]:
    """Every module that a file imports, inside functions too."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def plugin_names() -> list[str]:
    return [path.parent.name for path in PLUGINS.glob("*/plugin.toml")]


@pytest.mark.parametrize("path", sorted(CORE.rglob("*.py")), ids=lambda p: str(p.relative_to(ROOT)))
def test_the_core_knows_neither_terminal_nor_plugins(path: Path) -> None:
    uphill = [name for name in imports(path) if name.split(".")[0] in {"jiaoyan_tui", "textual", "click", *plugin_names()}]
    assert not uphill


@pytest.mark.parametrize("path", sorted(TERMINAL.rglob("*.py")), ids=lambda p: str(p.relative_to(ROOT)))
def test_the_terminal_names_no_plugin(path: Path) -> None:
    assert not [name for name in imports(path) if name.split(".")[0] in plugin_names()]


@pytest.mark.parametrize("path", sorted(PLUGINS.rglob("*.py")), ids=lambda p: str(p.relative_to(ROOT)))
def test_a_plugin_imports_the_api_alone(path: Path) -> None:
    own = path.relative_to(PLUGINS).parts[0]
    for name in imports(path):
        top = name.split(".")[0]
        if top == "jiaoyan":
            assert name == "jiaoyan.api"
        elif top.startswith("jiaoyan_") and top != own:
            assert name == f"{top}.api"


def modules_after(*arguments: str, school: Path) -> set[str]:
    code = (
        "import sys\nfrom jiaoyan_tui.__main__ import main\n"
        f"try:\n    main({list(arguments)!r})\nexcept SystemExit:\n    pass\n"
        "print('\\n'.join(sys.modules), file=sys.stderr)"
    )
    environment = {"JIAOYAN_SCHOOL": str(school), "PATH": "/usr/bin:/bin", "HOME": str(school.parent)}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=True)
    return set(done.stderr.split())


def test_help_loads_neither_the_screen_nor_the_core_s_models(tmp_path: Path) -> None:
    loaded = modules_after("--help", school=tmp_path / "school")
    assert not {"textual", "pydantic", "tinydb", "jiaoyan.school"} & loaded


def test_the_plugin_list_loads_no_plugin(tmp_path: Path) -> None:
    modules_after("init", "--name", "青山小学", "--plugins", "subjects,safety,credits", school=tmp_path / "school")
    loaded = modules_after("plugin", "list", school=tmp_path / "school")
    assert "textual" not in loaded
    assert not {name for name in loaded if name.split(".")[0] in plugin_names()}


def test_listing_teachers_loads_no_plugin_s_models(tmp_path: Path) -> None:
    modules_after("init", "--name", "青山小学", "--plugins", "subjects,safety,credits", school=tmp_path / "school")
    loaded = modules_after("list", "teacher", school=tmp_path / "school")
    assert "jiaoyan.model" in loaded
    assert not {name for name in loaded if name.split(".")[0] in {"textual", *plugin_names()}}

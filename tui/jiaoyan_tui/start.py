"""Opening the full screen: on a school, or where there is none, on the page that makes one."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from jiaoyan.errors import JiaoyanError
from jiaoyan.settings import FILE


def run(folder: Path) -> None:
    """Opens the school in a folder full screen. Faults of school.toml or the store are raised as JiaoyanError, in words."""
    if not sys.stdout.isatty() or not sys.stdin.isatty():
        raise JiaoyanError("全屏界面要在终端里打开;其他命令见 jiaoyan --help")
    os.environ.setdefault("TEXTUAL_ANIMATIONS", "none")
    if (folder / FILE).is_file():
        _run_school(folder)
        return
    from jiaoyan_tui.founding import found

    made = found(folder)
    if made is not None:
        _run_school(made)


def _run_school(folder: Path) -> None:
    from jiaoyan.school import School
    from jiaoyan_tui.app import JiaoyanApp
    from jiaoyan_tui.overview import OverviewPage

    with School.open(folder) as school:
        JiaoyanApp(lambda: OverviewPage(school)).run(mouse=False)

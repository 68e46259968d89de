"""Opening the full screen: on a school, or where there is none, on the screen that makes one."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from jiaoyan.errors import BadInput, Problem
from jiaoyan.settings import FILE
from jiaoyan_tui.folder import key_files

if TYPE_CHECKING:
    from jiaoyan.school import School
    from jiaoyan_tui.app import JiaoyanApp
    from jiaoyan_tui.page import Page


def run(folder: Path, wanted: Sequence[str] = ()) -> None:
    """Opens the school in a folder full screen; with a register and words of its filter wanted, on that list. Faults of
    school.toml or the store, and a register that is not there, are raised as JiaoyanError, in words."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise BadInput(Problem("", "全屏界面要在终端里打开", "其他命令见 jiaoyan --help"))
    with application(folder, wanted) as app:
        app.run(mouse=False)
        if app.return_code:
            sys.exit(app.return_code)


@contextmanager
def application(folder: Path, wanted: Sequence[str] = ()) -> Iterator[JiaoyanApp]:
    """The application on a folder; the school that it opened is closed afterwards."""
    from jiaoyan.school import School
    from jiaoyan_tui.app import JiaoyanApp

    opened: list[School] = []

    def take(school: School) -> None:
        opened.append(school)
        app.begin(_overview(school)())

    try:
        if (folder / FILE).is_file():
            school = School.open(folder)
            opened.append(school)
            home = _overview(school)
            app = JiaoyanApp(_list(school, *wanted), home=home) if wanted else JiaoyanApp(home)
        else:
            from jiaoyan_tui.founding import WelcomeScreen

            app = JiaoyanApp(lambda: WelcomeScreen(folder, take))
        if any(path.is_file() for path in key_files(folder)):
            from jiaoyan_tui.key_file import use_keys

            app.notices = use_keys(folder)
        yield app
    finally:
        for school in opened:
            school.close()


def _overview(school: School) -> Callable[[], Page]:
    def page() -> Page:
        from jiaoyan_tui.overview import OverviewPage

        return OverviewPage(school)

    return page


def _list(school: School, register: str, *words: str) -> Callable[[], Page]:
    """A list as the first page. Raises NotFound, Refused, BadInput."""
    from jiaoyan.filters import parse_filter
    from jiaoyan_tui.lists import ListPage

    records, text = school.records(register), " ".join(words)
    parse_filter(school, records.register, text)
    return lambda: ListPage(school, records.register, filter_text=text)

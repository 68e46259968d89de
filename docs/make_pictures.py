"""The pictures of README and handbook, made by the program itself on the sample school.

    python docs/make_pictures.py
"""

from __future__ import annotations

import asyncio
import os
import re
import tempfile
from datetime import datetime
from pathlib import Path

from jiaoyan.school import CST
from jiaoyan_tui.sample import make_sample
from jiaoyan_tui.start import application

PICTURES = Path(__file__).parent / "pictures"
NOW = datetime(2026, 11, 26, 9, 30, tzinfo=CST)
SIZE = (110, 32)
SEEK = ("slash", *" 语文组:", "enter")
"""Narrows the activities of a week to those of one group."""
WALKS: dict[str, tuple[str, ...]] = {
    "工作台": (),
    "教职工": ("2",),
    "一人一档": ("2", "down", "down", "enter"),
    "活动": ("3",),
    "考勤": ("3", "w", *"10", "enter", *SEEK, "k", "down", "2", "down", "down", "9"),
    "填表": ("3", "n", *"三年级数学课", "enter", *"tk", "enter", *"周三", "enter", *"三(1)班教室", "enter"),
    "计划": ("1", "enter"),
    "完成情况表": ("5",),
    "日历": ("f5",),
    "图表": ("f6",),
    "学期收尾": ("f7",),
    "成批录入": ("f3", *"cailiao", "enter", "b", *"11.25", "enter", *"教学反思", "enter", *"圆的认识课后反思", "enter", *"江文博", "enter"),
    "功能模块": ("7", "down"),
    "隐患台账": ("f3", *"yhtz", "enter"),
    "新学期": ("f3", *"xueqi", "enter", "n"),
    "帮助": ("f1",),
    "月报": ("5", "f4", *"2026-10-31", "enter", "n", "enter", "m", "enter"),
}
"""Picture → the keys that lead from the overview to it."""
LONG_NAME = re.compile(r"terminal-\d+")
FONT_FACE = re.compile(r"@font-face\s*\{[^}]*\}\s*")


async def walk(folder: Path, name: str, keys: tuple[str, ...]) -> None:
    with application(folder) as app:
        async with app.run_test(size=SIZE) as pilot:
            await pilot.pause(0.5)
            for key in keys:
                await pilot.press(key)
                await pilot.pause(0.3)
            await pilot.pause(0.5)
            picture = FONT_FACE.sub("", app.export_screenshot(title="教研台"))
    picture = picture.replace("Fira Code", "Fira Code, DejaVu Sans Mono, Menlo, Consolas, Noto Sans Mono CJK SC, monospace")
    picture = LONG_NAME.sub("t", picture.replace("&#160;", "\N{NO-BREAK SPACE}"))
    (PICTURES / f"{name}.svg").write_text(picture, encoding="utf-8")


def look_usual() -> None:
    """The pictures look the same from whatever terminal they are made."""
    for name in ("NO_COLOR", "JIAOYAN_ASCII", "JIAOYAN_DRIVER"):
        os.environ.pop(name, None)
    os.environ |= {"TERM": "xterm-256color", "COLORTERM": "truecolor"}


async def main() -> None:
    look_usual()
    PICTURES.mkdir(exist_ok=True)
    for picture in PICTURES.glob("*.svg"):
        if picture.stem not in WALKS:
            picture.unlink()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "school"
        make_sample(folder, now=lambda: NOW)
        for name, keys in WALKS.items():
            await walk(folder, name, keys)


if __name__ == "__main__":
    asyncio.run(main())

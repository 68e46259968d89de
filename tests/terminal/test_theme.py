"""Looks: every name in every depth, readable, and distinguishable without colour."""

from __future__ import annotations

from pathlib import Path

import pytest
from rich.color import Color as RichColor
from rich.color import ColorType
from textual.app import App, ComposeResult
from textual.widgets import Button, Footer, Input, Static

from jiaoyan.school import School
from jiaoyan_tui.app import JiaoyanApp
from jiaoyan_tui.light import remember
from jiaoyan_tui.overview import OverviewPage
from jiaoyan_tui.theme import SIGNS, STYLE_NAMES, Depth, Look, depth_of, look, look_for, look_of, wear
from tests.terminal.screens import SMALL, press, shown

LOOKS = [look(depth, dark, plain) for depth in Depth for dark in (True, False) for plain in (True, False)]
COLOURED = [one for one in LOOKS if one.depth in (Depth.TRUE, Depth.MANY)]


def brightness(colour: RichColor) -> float:
    """Relative luminance as WCAG has it."""
    parts = [part / 255 for part in colour.get_truecolor()]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("one", COLOURED, ids=lambda one: one.name)
def test_colours_are_readable_and_the_same_on_256_colours(one: Look) -> None:
    for name in STYLE_NAMES:
        fore, back = one.style(name).color, one.style(name).bgcolor
        assert fore is not None
        assert back is not None
        dim, bright = sorted((brightness(fore), brightness(back)))
        assert (bright + 0.05) / (dim + 0.05) >= 4.5, name
        for colour in (fore, back):
            triplet = colour.get_truecolor()
            cube = all(part in (0, 95, 135, 175, 215, 255) for part in triplet)
            assert cube or (len(set(triplet)) == 1 and (triplet[0] - 8) % 10 == 0), name


@pytest.mark.parametrize("one", [one for one in LOOKS if one.native], ids=lambda one: one.name)
def test_few_colours_are_the_terminals_own_on_its_own_background(one: Look) -> None:
    for name in STYLE_NAMES:
        style = one.style(name)
        assert style.bgcolor is None or style.bgcolor.is_default
        allowed = (ColorType.DEFAULT,) if one.depth is Depth.NONE else (ColorType.DEFAULT, ColorType.STANDARD)
        assert style.color is None or style.color.type in allowed, name


@pytest.mark.parametrize("one", LOOKS, ids=lambda one: one.name)
def test_the_cursor_can_be_told_from_text_and_states_by_a_sign(one: Look) -> None:
    assert one.style("cursor") != one.style("text") != one.style("cursor-away") != one.style("cursor")
    assert len({SIGNS[state] for state in ("overdue", "slow", "ok", "error")}) == 4
    assert all(sign.isascii() and len(sign) == 1 for sign in SIGNS.values())


def test_an_unknown_name_is_plain_text() -> None:
    assert look(Depth.TRUE).style("no such") == look(Depth.TRUE).style("text")


@pytest.mark.parametrize(
    ("environ", "depth"),
    [
        ({"TERM": "xterm-256color", "COLORTERM": "truecolor"}, Depth.TRUE),
        ({"TERM": "xterm-256color"}, Depth.MANY),
        ({"TERM": "xterm"}, Depth.FEW),
        ({"TERM": "linux"}, Depth.FEW),
        ({"TERM": "xterm-256color", "COLORTERM": "truecolor", "NO_COLOR": "1"}, Depth.NONE),
        ({"TERM": "dumb", "COLORTERM": "truecolor"}, Depth.NONE),
        ({}, Depth.NONE),
    ],
)
def test_depth(environ: dict[str, str], depth: Depth) -> None:
    assert depth_of(environ) is depth


def test_ascii_borders_are_ascii() -> None:
    asked = look_for({"TERM": "xterm", "JIAOYAN_ASCII": "1"})
    assert asked.ascii
    glyphs = asked.glyphs
    assert "".join((glyphs.ellipsis, glyphs.ascending, glyphs.more_left, glyphs.horizontal, glyphs.bar)).isascii()
    assert glyphs.border == "ascii"
    assert not look_for({"TERM": "xterm", "JIAOYAN_ASCII": "0"}).ascii


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    return tmp_path


def test_light_is_what_was_asked_for_then_what_was_chosen_then_what_the_terminal_says(state: Path) -> None:
    said = {"TERM": "xterm-256color", "COLORFGBG": "0;default;15"}
    assert not look_for(said).dark
    assert look_for(said | {"COLORFGBG": "15;0"}).dark
    assert remember(light=False, environ=said)
    assert look_for(said).dark
    assert not look_for(said | {"JIAOYAN_LIGHT": "1"}).dark
    assert remember(light=True, environ={})
    assert not remember(light=True, environ={"JIAOYAN_LIGHT": "0"})
    assert not look_for({"TERM": "xterm"}).dark
    assert look_for({"TERM": "xterm", "JIAOYAN_LIGHT": "0"}).dark


def test_a_damaged_choice_is_none(state: Path) -> None:
    remember(light=True, environ={})
    (file,) = state.rglob("look")
    file.write_bytes(b"\xff\xfe")
    assert look_for({"TERM": "xterm"}).dark


@pytest.mark.parametrize("depth", [Depth.TRUE, Depth.FEW])
async def test_the_look_is_changed_from_any_page_and_remembered(a_school: School, state: Path, depth: Depth) -> None:
    app = JiaoyanApp(lambda: OverviewPage(a_school), look(depth))
    async with app.run_test(size=SMALL) as pilot:
        await press(app, pilot, "3", "f1", *"浅色")
        found = await press(app, pilot, "enter")
        assert "已换成浅色" in found[-2]
        assert not look_of(app).dark
        before = app.screen._compositor.render_strips(app.size)[0]._segments[0].style
        await press(app, pilot, "escape")
        assert "工作台" in shown(app)[0]
        assert app.screen._compositor.render_strips(app.size)[0]._segments[0].style == before
    assert not look_for({"TERM": "xterm-256color"}).dark


@pytest.mark.parametrize(("depth", "keys", "why"), [(Depth.NONE, ("3",), "没有颜色"), (Depth.TRUE, ("2", "n"), "正在填表")])
async def test_why_the_look_can_not_be_changed_is_told(
    a_school: School, state: Path, depth: Depth, keys: tuple[str, ...], why: str
) -> None:
    app = JiaoyanApp(lambda: OverviewPage(a_school), look(depth))
    async with app.run_test(size=SMALL) as pilot:
        await press(app, pilot, *keys, "f1", *"浅色")
        assert why in "\n".join(await press(app, pilot, "enter"))
    assert not list(state.rglob("look"))


class Widgets(App[None]):
    CSS = "Static { color: $overdue; background: $overdue-back; }"

    def __init__(self, one: Look) -> None:
        super().__init__(ansi_color=one.native)
        wear(self, one)

    def compose(self) -> ComposeResult:
        yield Static("逾期")
        yield Input("x")
        yield Button("保存")
        yield Footer()


@pytest.mark.parametrize("one", LOOKS, ids=lambda one: one.name)
async def test_textuals_widgets_wear_it(one: Look, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    if one.depth is Depth.NONE:
        monkeypatch.setenv("NO_COLOR", "1")
    app = Widgets(one)
    async with app.run_test(size=(40, 10)):
        assert look_of(app) == one
        colours = {
            colour.type
            for strip in app.screen._compositor.render_strips()
            for segment in strip
            if segment.style is not None
            for colour in (segment.style.color, segment.style.bgcolor)
            if colour is not None
        }
    if one.native:
        assert ColorType.TRUECOLOR not in colours
    if one.depth is Depth.NONE:
        assert colours <= {ColorType.DEFAULT}


def test_an_app_in_another_theme_gets_what_fits_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("COLORTERM", raising=False)
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert look_of(App()).depth is Depth.FEW

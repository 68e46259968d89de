"""The driver against the stock one: the same frames on two emulated terminals, which must show the same at any time."""

from __future__ import annotations

import random
from typing import Any

import pytest
from textual.app import App
from textual.pilot import Pilot
from textual.widgets import Input

from jiaoyan_tui.cells import width, window
from jiaoyan_tui.driver import DiffDriver, driver_class
from jiaoyan_tui.screen_cells import NO_PEN, Pen, UnknownSequence, cells_of, change_pen, is_harmless, read_frame
from jiaoyan_tui.screen_diff import Abilities

from .emulator import Terminal, TwinDriver, drive
from .sources import Entries, ListApp

ABILITIES = {
    "xterm": Abilities(scrolls=True, erases=True),
    "screen": Abilities(scrolls=True, erases=False),
    "unknown": Abilities(),
}
STYLES = (
    "", "1", "7", "4;31", "1;38;2;1;2;3;48;2;9;9;9", "38;5;120", "48;5;24", "97;44", "9", "3;7;33;40", "48;2;9;9;9"
)  # fmt: skip
WORDS = ("张三", "abc", " ", "      ", "全角,", "│─┐", "王e\u0301", "𠮷", "x" * 20, "校本教研计划" * 3, " " * 30, "12")


class SizeOnly(App[None]):
    """An app that only has a size."""


class Frames:
    """Random frames in Textual's form, for a screen of some size."""

    def __init__(self, seed: int, columns: int, lines: int) -> None:
        self.random = random.Random(seed)
        self.columns, self.lines = columns, lines
        self.rows: list[str] = []

    def next(self) -> str:
        kind = self.random.choice(["pieces", "pieces", "list", "list", "full"])
        frame = self.pieces() if kind == "pieces" else self.list() if kind == "list" else self.full()
        x, y = self.random.randrange(self.columns), self.random.randrange(self.lines)
        return f"{frame}\x1b[{y + 1};{x + 1}H"

    def styled(self, room: int) -> str:
        out: list[str] = []
        while room > 0:
            text = window(self.random.choice(WORDS), 0, min(self.random.randint(1, 24), room))
            room -= width(text)
            style = self.random.choice(STYLES)
            out.append(f"\x1b[{style}m{text}\x1b[0m" if style else text)
        return "".join(out)

    def pieces(self) -> str:
        parts: list[str] = []
        for _ in range(self.random.randint(1, 6)):
            x, y = self.random.randrange(self.columns), self.random.randrange(self.lines)
            room = self.random.randint(1, self.columns - x)
            end = self.random.choice(["", "\n"]) if y + 1 < self.lines else ""
            parts.append(f"\x1b[{y + 1};{x + 1}H{self.styled(room)}{end}")
        return "".join(parts)

    def full(self) -> str:
        self.rows = [self.styled(self.columns) for _ in range(self.lines)]
        return "\n".join(f"\x1b[{y + 1};1H{row}" for y, row in enumerate(self.rows))

    def list(self) -> str:
        """Rows that moved, under a header, beside a pane that did not."""
        if len(self.rows) != self.lines:
            return self.full()
        by = self.random.choice([-3, -1, 1, 1, 2, self.lines // 2])
        fresh = [self.styled(self.columns) for _ in range(abs(by))]
        body = self.rows[1:-1]
        body = (body[by:] + fresh if by > 0 else fresh + body[:by])[: self.lines - 2]
        self.rows[1 : 1 + len(body)] = body
        at = self.random.randrange(1, 1 + len(body))
        shown = [*self.rows]
        shown[at] = self.styled(self.columns)
        return "".join(f"\x1b[{y + 1};1H{shown[y]}" for y in range(self.lines))


@pytest.mark.parametrize("terminal", ABILITIES)
@pytest.mark.parametrize("seed", range(8))
async def test_random_frames_look_the_same(seed: int, terminal: str) -> None:
    app = SizeOnly()
    twin = TwinDriver(app, size=(40, 12))
    twin.abilities = ABILITIES[terminal]
    app._driver = twin
    frames = Frames(seed, 40, 12)
    for state in range(40):
        if state % 10 == 9:
            columns, lines = frames.random.randint(2, 60), frames.random.randint(3, 20)
            twin.resize(columns, lines)
            frames = Frames(seed * 100 + state, columns, lines)
            twin.write(frames.full() + "\x1b[1;1H")
        twin.write(frames.next())
        assert not twin.faults, f"state {state}: {twin.faults[0]}"
    sent = "".join(twin.sent)
    assert len(sent.encode()) < twin.stock_bytes
    assert ("\x1b[r" in sent) == twin.abilities.scrolls


@pytest.mark.parametrize("terminal", ABILITIES)
async def test_an_app_looks_the_same_through_random_keys(terminal: str) -> None:
    keys = ["down"] * 8 + ["up"] * 4 + ["pagedown", "pageup", "home", "end", "right", "left", "space", "enter"]
    keys += ["f2", "escape", "escape", "escape", "tab", "shift+tab", "张", "a", "backspace", "left", "ctrl+u"]
    rng = random.Random(terminal)

    async def script(pilot: Pilot[Any], twin: TwinDriver) -> None:
        for step in range(80):
            await pilot.press(rng.choice(keys))
            if step % 12 == 11:
                twin.resize(rng.randint(24, 130), rng.randint(4, 40))
                await pilot.pause()
            assert not twin.faults, f"step {step}: {twin.faults[0]}"

    twin = await drive(ListApp(Entries(300, wide=4)), script, abilities=ABILITIES[terminal])
    assert twin.frames > 50


@pytest.mark.parametrize("left", range(28, 36))
async def test_wide_characters_cut_by_an_edge_leave_blanks(left: int) -> None:
    app = SizeOnly()
    twin = TwinDriver(app, size=(40, 4))
    app._driver = twin
    twin.write("\x1b[1;1H" + "\x1b[44m" + "汉" * 20 + "\x1b[0m" + "\x1b[2;1H" + "字" * 20 + "\x1b[1;1H")
    twin.write(f"\x1b[1;{left}H\x1b[41m|||\x1b[0m\x1b[2;{left}H国x\x1b[1;1H")
    assert not twin.faults
    assert width(twin.ours.text()[1]) <= 40


async def test_nothing_is_sent_where_nothing_changed() -> None:
    app = SizeOnly()
    twin = TwinDriver(app, size=(40, 12))
    app._driver = twin
    frame = Frames(1, 40, 12).full() + "\x1b[3;3H"
    twin.write("\x1b[?2026h")
    twin.write(frame)
    twin.write("\x1b[?2026l")
    assert twin.taken() > 200
    for _ in range(3):
        twin.write("\x1b[?2026h")
        twin.write(frame)
        twin.write("\x1b[?2026l")
    assert twin.taken() == 0


async def test_a_row_among_moved_ones_that_is_not_in_the_frame_stays() -> None:
    app = SizeOnly()
    twin = TwinDriver(app, size=(40, 12))
    app._driver = twin
    rows = [f"{n:02d}" + chr(ord("a") + n) * 38 for n in range(12)]
    twin.write("".join(f"\x1b[{y + 1};1H{row}" for y, row in enumerate(rows)) + "\x1b[1;1H")
    twin.taken()
    twin.write("".join(f"\x1b[{y + 1};1H{rows[y + 1]}" for y in range(11) if y != 4) + "\x1b[1;1H")
    assert "\x1b[M" in "".join(twin.sent)
    assert twin.taken() < 150
    assert twin.ours.text()[4] == rows[4]
    assert not twin.faults


async def test_a_moved_cursor_alone_is_sent() -> None:
    app = SizeOnly()
    twin = TwinDriver(app, size=(40, 12))
    app._driver = twin
    twin.write("\x1b[1;1Hab\x1b[5;5H")
    twin.taken()
    twin.write("\x1b[1;1Hab\x1b[5;9H")
    assert "".join(twin.sent) == "\x1b[9G"
    assert twin.ours.place == (8, 4)


async def test_a_large_frame_is_synchronised_where_the_terminal_can() -> None:
    app = SizeOnly()
    twin = TwinDriver(app, size=(80, 24))
    app._driver = twin
    twin.write("\x1b[?2026h")
    twin.write(Frames(3, 80, 24).full() + "\x1b[1;1H")
    twin.write("\x1b[?2026l")
    assert twin.sent[0].startswith("\x1b[?2026h")
    assert twin.sent[0].endswith("\x1b[?2026l")
    assert len(twin.sent) == 1


@pytest.mark.parametrize("strange", ["\x1b[2J", "\x1bM", "\x1b[5S", "\x1b[38:2:1:2:3m", "\x1b(0", "\x1b[1m"])
async def test_a_frame_that_is_not_understood_goes_out_as_it_is(strange: str) -> None:
    app = SizeOnly()
    twin = TwinDriver(app, size=(40, 12))
    app._driver = twin
    twin.write("\x1b[1;1Hsame\x1b[1;1H")
    twin.taken()
    twin.write(f"\x1b[1;1Hsame{strange}\x1b[2;1Hnew\x1b[1;1H")
    assert "".join(twin.sent) == f"\x1b[1;1Hsame{strange}\x1b[2;1Hnew\x1b[1;1H"
    twin.taken()
    twin.write("\x1b[1;1Hsame\x1b[1;1H")  # what is on the screen is not trusted any more
    assert "same" in "".join(twin.sent)


async def test_control_characters_in_a_frame_do_not_reach_the_terminal() -> None:
    app = SizeOnly()
    twin = TwinDriver(app, size=(40, 12))
    app._driver = twin
    twin.write("\x1b[1;1Ha\x07b\x9b2Jc\td\x1b[1;1H")
    assert twin.ours.text()[0] == "ab2Jcd"


@pytest.mark.parametrize("written", ["\x1b[?1049h", "\x1b[2J", "text"])
async def test_the_screen_is_painted_anew_after_others_wrote(written: str) -> None:
    app = SizeOnly()
    twin = TwinDriver(app, size=(40, 12))
    app._driver = twin
    frame = "\x1b[1;1Hhello\x1b[1;1H"
    twin.write(frame)
    twin.taken()
    DiffDriver.write(twin, written)
    assert "".join(twin.sent) == written
    twin.taken()
    DiffDriver.write(twin, frame)
    assert "hello" in "".join(twin.sent)


async def test_a_resize_and_back_is_painted_anew() -> None:
    app = SizeOnly()
    twin = TwinDriver(app, size=(40, 12))
    app._driver = twin
    frame = Frames(2, 40, 12).full() + "\x1b[1;1H"
    twin.write(frame)
    twin.resize(30, 6)
    twin.resize(40, 12)
    twin.write(frame)
    assert not twin.faults


async def test_what_follows_a_character_of_doubtful_width_is_placed_anew() -> None:
    app = SizeOnly()
    twin = TwinDriver(app, size=(40, 4))
    app._driver = twin
    DiffDriver.write(twin, "\x1b[1;1H👩\u200d🏫x\x1b[4;1H")
    assert "👩\u200d🏫\x1b[1;3Hx" in "".join(twin.sent)


async def test_links_are_kept() -> None:
    app = SizeOnly()
    twin = TwinDriver(app, size=(40, 4))
    app._driver = twin
    link = "\x1b]8;id=1;https://example.org\x1b\\"
    DiffDriver.write(twin, f"\x1b[1;1H{link}\x1b[4mhere\x1b[0m\x1b]8;;\x1b\\ there\x1b[4;1H")
    sent = "".join(twin.sent)
    assert link in sent
    assert sent.index(link) < sent.index("here") < sent.index("\x1b]8;;\x1b\\") < sent.index("there")


@pytest.mark.parametrize(
    ("environ", "ours"),
    [
        ({"TERM": "xterm"}, True),
        ({"TERM": "xterm-256color", "JIAOYAN_DRIVER": "stock"}, False),
        ({"TERM": "xterm-256color", "JIAOYAN_DRIVER": "plain"}, True),
        ({"TERM": "dumb"}, False),
        ({}, False),
        ({"TERM": "vt100"}, True),
    ],
)
def test_the_switch_and_the_terminal_decide(environ: dict[str, str], ours: bool) -> None:
    assert driver_class(environ) is (DiffDriver if ours else None)


@pytest.mark.parametrize(
    ("environ", "abilities"),
    [
        ({"TERM": "xterm"}, Abilities(scrolls=True, erases=True)),
        ({"TERM": "linux"}, Abilities(scrolls=True, erases=True)),
        ({"TERM": "screen.xterm-256color"}, Abilities(scrolls=True, erases=False)),
        ({"TERM": "tmux-256color"}, Abilities(scrolls=True, erases=False)),
        ({"TERM": "vt100"}, Abilities()),
        ({"TERM": "xterm", "JIAOYAN_DRIVER": "plain"}, Abilities()),
    ],
)
def test_abilities_follow_the_terminal(environ: dict[str, str], abilities: Abilities) -> None:
    assert Abilities.of(environ) == abilities


@pytest.mark.parametrize("before", STYLES)
@pytest.mark.parametrize("after", STYLES)
def test_pens_change_to_what_they_should_be(before: str, after: str) -> None:
    first, second = (cells_of(f"\x1b[{sgr}mx\x1b[0m")[0][0] for sgr in (before or "0", after or "0"))
    terminal, fresh = Terminal(4, 1), Terminal(4, 1)
    terminal.feed(change_pen(NO_PEN, first) + change_pen(first, second) + "x")
    fresh.feed(f"\x1b[0;{after}mx" if after else "x")
    assert terminal.seen() == fresh.seen()
    assert len(change_pen(first, second)) <= len(f"\x1b[0;{after}m")


def test_a_pen_that_only_changes_its_background_says_only_that() -> None:
    assert change_pen(Pen((1,), "31", "44"), Pen((1,), "31", "45")) == "\x1b[45m"
    assert change_pen(Pen((1, 2), "31"), Pen((2,), "31")) == "\x1b[22;2m"


def test_reading_a_frame() -> None:
    runs, cursor = read_frame("\x1b[2;3H\x1b[31m张a\x1b[0m\n\x1b[4;1H\x1b[7;8H")
    assert [(run.x, run.y, [char for _, char in run.cells]) for run in runs] == [(2, 1, ["张", "", "a"])]
    assert cursor == (7, 6)
    with pytest.raises(UnknownSequence):
        read_frame("before\x1b[1;1Hx")


def test_attributes_go_off_one_by_one() -> None:
    pens = [pen for pen, _ in cells_of("\x1b[1;2;4;31;44ma\x1b[22mb\x1b[24;39mc\x1b[49md")]
    assert pens == [Pen((1, 2, 4), "31", "44"), Pen((4,), "31", "44"), Pen((), "", "44"), NO_PEN]


def test_what_is_harmless() -> None:
    assert is_harmless("\x1b[?1004h\x1b[?2026$p\x1b[>17u\x1b[<u\x1b]52;c;eA==\x07\x07\x1b]2;title\x1b\\")
    assert not is_harmless("\x1b[?1049h")
    assert not is_harmless("x")


async def test_typing_and_the_place_of_the_input_method() -> None:
    async def script(pilot: Pilot[Any], twin: TwinDriver) -> None:
        field = pilot.app.query_one(Input)
        field.focus()
        await pilot.press("张", "三")
        assert twin.ours.place == tuple(pilot.app.cursor_position)
        await pilot.press("left")
        assert twin.ours.place == (2 + field.content_region.x, field.region.y)

    await drive(ListApp(), script)

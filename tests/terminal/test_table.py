"""The virtual table under keys: what is read, where the cursor stays, what is drawn."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.geometry import Size

from jiaoyan_tui.cells import width
from jiaoyan_tui.table import READ_AHEAD, Column, Row, Source, VirtualTable
from jiaoyan_tui.table_rows import GAP, GUTTER, fit, most_left
from jiaoyan_tui.theme import Depth, look, wear

from .sources import Entries, ListApp


def lines(table: VirtualTable) -> list[str]:
    return [table.render_line(y).text for y in range(table.size.height)]


def rows_shown(table: VirtualTable) -> list[str]:
    return [line[2:7] for line in lines(table)[1:]]


async def test_only_what_is_in_view_is_read() -> None:
    entries = Entries(100_000)
    app = ListApp(entries)
    async with app.run_test(size=(80, 24)) as pilot:
        view = app.table.height_in_rows
        await pilot.press("end", *["up"] * 30, "pageup", "home", *["pagedown"] * 5)
        assert app.table.cursor == 5 * view
    assert entries.asked
    assert all(size <= view + 2 * READ_AHEAD for _, size in entries.asked)
    assert len(entries.asked) < 20


async def test_keys_move_the_cursor() -> None:
    app = ListApp(Entries(100))
    async with app.run_test(size=(80, 24)) as pilot:
        table = app.table
        view = table.height_in_rows
        for keys, cursor, first in [
            (["down", "down"], 2, 0),
            (["up", "up", "up"], 0, 0),
            (["pagedown"], view, view),
            (["up"], view - 1, view - 1),
            (["end"], 99, 100 - view),
            (["down"], 99, 100 - view),
            (["pageup"], 99 - view, 100 - 2 * view),
            (["home"], 0, 0),
            (["pageup"], 0, 0),
        ]:
            await pilot.press(*keys)
            assert (table.cursor, table.first) == (cursor, first), keys
        assert rows_shown(table)[:2] == ["00000", "00001"]


async def test_ranges_are_selected_with_shift_or_to_here() -> None:
    app = ListApp(Entries(5000))
    async with app.run_test(size=(80, 24)) as pilot:
        table = app.table
        await pilot.press("down", "shift+down", "shift+down", "shift+down")
        assert table.selected == {"k1", "k2", "k3", "k4"}
        await pilot.press("shift+up", "shift+up", "shift+up", "shift+up")
        assert table.selected == {"k0", "k1"}  # back over where it began
        table.selected.clear()
        table.show_row("k7")
        await pilot.press("space", "end")
        table.action_select_to_here()
        assert len(table.selected) == 5000 - 7
        table.action_select_all()
        assert len(table.selected) == 5000
        table.action_select_all()
        assert not table.selected


async def test_messages_tell_of_records() -> None:
    app = ListApp(Entries(100))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("down", "enter", "end", "enter", "end")
        await pilot.pause()
    assert app.chosen == ["k1", "k99"]
    assert app.highlighted == ["k0", "k1", "k99"]


async def test_the_cursor_stays_on_its_record_and_its_line_when_data_change() -> None:
    entries = Entries(100)
    app = ListApp(entries)
    async with app.run_test(size=(80, 24)) as pilot:
        table = app.table
        await pilot.press(*["down"] * 35, *["up"] * 5)
        line = table.cursor - table.first
        assert 0 < line < table.height_in_rows - 1
        entries.all_keys = [f"k{n}" for n in range(200, 210)] + entries.all_keys
        table.refresh_rows()
        assert table.cursor_key == "k30"
        assert (table.cursor, table.cursor - table.first) == (40, line)
        assert rows_shown(table)[line] == "00030"
        entries.all_keys.remove("k30")
        table.refresh_rows()
        assert (table.cursor, table.cursor_key) == (40, "k31")
        entries.all_keys = entries.all_keys[:3]
        table.refresh_rows()
        assert (table.cursor, table.cursor_key, table.first) == (2, "k202", 0)
        entries.all_keys = []
        table.refresh_rows()
        assert table.cursor_key is None
        await pilot.press("enter", "space", "down", "pagedown", "end")
        await pilot.pause()
    assert app.chosen == []
    assert table.selected == set()


async def test_another_source_begins_at_its_first_row_or_keeps_the_record() -> None:
    app = ListApp(Entries(100))
    async with app.run_test(size=(80, 24)) as pilot:
        table = app.table
        await pilot.press(*["down"] * 5, "space")
        table.set_source(Entries(50), keep=True)
        assert (table.cursor, table.cursor_key, table.count, table.selected) == (5, "k5", 50, {"k5"})
        table.set_source(Entries(40))
        assert (table.cursor, table.cursor_key, table.count, table.selected) == (0, "k0", 40, set())


async def test_a_record_can_be_shown_by_its_key() -> None:
    app = ListApp(Entries(1000))
    async with app.run_test(size=(80, 24)):
        assert app.table.show_row("k500")
        assert app.table.cursor_key == "k500"
        assert "00500" in rows_shown(app.table)
        assert not app.table.show_row("nobody")
        assert app.table.cursor_key == "k500"


async def test_rows_are_selected_with_a_sign() -> None:
    app = ListApp(Entries(10))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("space", "down", "down", "space")
        assert app.table.selected == {"k0", "k2"}
        assert [line[0] for line in lines(app.table)[1:4]] == ["*", " ", "*"]
        await pilot.press("space")
        assert app.table.selected == {"k0"}


async def test_states_have_a_sign_beside_their_colour() -> None:
    app = ListApp(Entries(30))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("end")
        drawn = "\n".join(lines(app.table))
    assert "!逾期" in drawn
    assert "~偏慢" in drawn
    assert "+完成" in drawn


@pytest.mark.parametrize("columns", [24, 40, 79, 80, 120])
async def test_every_line_is_as_wide_as_the_table_and_has_no_two_segments_alike(columns: int) -> None:
    app = ListApp(Entries(60, wide=5))
    async with app.run_test(size=(columns, 24)) as pilot:
        for _ in range(8):
            for y in range(app.table.size.height):
                strip = app.table.render_line(y)
                assert sum(width(segment.text) for segment in strip) == columns
                styles = [segment.style for segment in strip]
                assert all(a != b for a, b in pairwise(styles))
            await pilot.press("right")


async def test_the_first_column_stays_while_the_others_scroll() -> None:
    app = ListApp(Entries(60, wide=5))
    async with app.run_test(size=(60, 24)) as pilot:
        table = app.table
        before = lines(table)
        await pilot.press("right", "right")
        after = lines(table)
        assert [line[2:7] for line in before] == [line[2:7] for line in after]
        assert "日期" in before[0]
        assert "教师" not in after[0]
        assert "日期" not in after[0]
        assert after[0].startswith("◀")
        await pilot.press(*["right"] * 20)
        assert "更多4" in lines(table)[0]
        assert not lines(table)[0].rstrip().endswith("▶")
        await pilot.press(*["left"] * 20)
        assert lines(table) == before


async def test_the_header_marks_the_sorted_column() -> None:
    app = ListApp(Entries(60))
    async with app.run_test(size=(80, 24)):
        app.table.mark_sort("name")
        assert "教师 ▲" in lines(app.table)[0]
        app.table.mark_sort("name", descending=True)
        assert "教师 ▼" in lines(app.table)[0]
        app.table.mark_sort(None)
        assert "▼" not in lines(app.table)[0]


async def test_resizing_keeps_the_record() -> None:
    app = ListApp(Entries(500))
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.press(*["pagedown"] * 4, *["down"] * 7)
        key = app.table.cursor_key
        for columns, rows in [(80, 24), (30, 6), (200, 50), (10, 4), (80, 24)]:
            await pilot.resize_terminal(columns, rows)
            await pilot.pause()
            assert app.table.size == Size(columns, rows - 2)
            assert app.table.cursor_key == key
            assert 0 <= app.table.cursor - app.table.first < app.table.height_in_rows


async def test_an_empty_list_says_so() -> None:
    app = ListApp(Entries(0))
    async with app.run_test(size=(80, 24)):
        assert "没有记录" in lines(app.table)[2]
        assert "编号" in lines(app.table)[0]


async def test_the_text_of_an_empty_list_is_wrapped() -> None:
    app = ListApp(Entries(0))
    app.table.empty = "没有符合条件的记录。按 Esc 清除筛选。"
    async with app.run_test(size=(24, 12)):
        shown = [line.strip() for line in lines(app.table)[2:] if line.strip()]
        assert "".join(shown).replace(" ", "") == app.table.empty.replace(" ", "")


async def test_columns_give_way_where_that_makes_them_all_fit() -> None:
    app = ListApp(Entries(60))
    async with app.run_test(size=(80, 24)) as pilot:
        assert "状态" in lines(app.table)[0]
        assert any("…" in line for line in lines(app.table))
        await pilot.resize_terminal(120, 24)
        await pilot.pause()
        assert not any("…" in line for line in lines(app.table))


async def test_wide_columns_share_the_room_and_narrow_ones_stay() -> None:
    class Long(Entries):
        def columns(self) -> tuple[Column, ...]:
            return (Column("a", "一"), Column("b", "二"), Column("c", "三", width=6))

        def row(self, key: str) -> Row:
            return Row(key, ("张三", "长" * 60, "值"))

    app = ListApp(Long(10))
    async with app.run_test(size=(80, 24)) as pilot:
        assert "长" * 16 in lines(app.table)[1]
        assert "值" in lines(app.table)[1]
        await pilot.resize_terminal(200, 24)
        await pilot.pause()
        assert "长" * 60 in lines(app.table)[1]


async def test_control_characters_are_shown_not_sent() -> None:
    class Nasty(Entries):
        def row(self, key: str) -> Row:
            return Row(key, ("\x1b[31mred\n", "a\tb", "", "", "", ""))

    app = ListApp(Nasty(3))
    async with app.run_test(size=(80, 24)):
        assert lines(app.table)[1].split() == ["^[[31mred", "a", "b"]


async def test_without_colours_the_cursor_is_reversed_and_unfocused_it_is_not() -> None:
    app = ListApp(Entries(5), depth=Depth.NONE)
    async with app.run_test(size=(80, 24)) as pilot:
        (segment,) = app.table.render_line(1)
        assert segment.style is not None
        assert segment.style.reverse
        await pilot.press("tab")
        (segment,) = app.table.render_line(1)
        assert segment.style is not None
        assert not segment.style.reverse


async def test_the_mouse_moves_chooses_and_asks_for_a_sort() -> None:
    asked: list[str] = []

    class Sorting(ListApp):
        def on_virtual_table_sort_asked(self, message: VirtualTable.SortAsked) -> None:
            asked.append(message.key)

    app = Sorting(Entries(60))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.click(VirtualTable, offset=(10, 4))
        assert app.table.cursor == 3
        assert app.chosen == []
        await pilot.click(VirtualTable, offset=(10, 4))
        await pilot.click(VirtualTable, offset=(3, 0))
        header = lines(app.table)[0]
        await pilot.click(VirtualTable, offset=(width(header[: header.index("状态")]), 0))  # not sortable
        await pilot.pause()
    assert app.chosen == ["k3"]
    assert asked == ["number"]


async def test_another_look_is_worn_at_once() -> None:
    app = ListApp(Entries(5))
    async with app.run_test(size=(80, 24)) as pilot:
        before = [app.table.render_line(y) for y in range(4)]
        wear(app, look(Depth.TRUE, dark=False))
        await pilot.pause()
        after = [app.table.render_line(y) for y in range(4)]
        assert [strip.text for strip in before] == [strip.text for strip in after]
        for one, other in zip(before, after, strict=True):
            assert all(a.style != b.style for a, b in zip(one, other, strict=True))


def test_a_source_is_a_protocol() -> None:
    source: Source = Entries(1)
    assert source.place("k0") == 0


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(1, 60)), min_size=1, max_size=9), st.integers(12, 200))
def test_columns_share_the_room(wishes: list[tuple[int, int]], room: int) -> None:
    columns = [Column(str(index), "", width=fixed) for index, (fixed, _) in enumerate(wishes)]
    wanted = [fixed or need for fixed, need in wishes]
    widths = fit(columns, wanted, room)
    taken = GUTTER + sum(widths) + GAP * (len(widths) - 1)
    assert all(0 < got <= max(need, 2) for got, need in zip(widths, wanted, strict=True))
    if GUTTER + sum(wanted) + GAP * (len(wanted) - 1) <= room and wanted[0] <= (room - GUTTER) // 2 and wanted[0] > 1:
        assert widths == wanted
    off = most_left(widths, room)
    assert (off > 0) == (taken > room and len(widths) > 2)
    rest = [widths[0], *widths[1 + off :]]
    if off and GUTTER + sum(rest) + GAP * (len(rest) - 1) > room:
        assert len(rest) == 2  # the last column alone is wider than the room beside the first

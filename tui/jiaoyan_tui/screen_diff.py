"""From the cells on a screen to those of a frame, in as few bytes as the terminal's abilities allow."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from operator import ne
from typing import NamedTuple

from jiaoyan_tui.screen_cells import BLANK, NO_PEN, Cell, Pen, Row, Run, blank, change_pen, is_ground, is_sure

_ERASE_FROM = 4  # blank cells at a row's end worth an erase
_BLANK_OUT_FROM = 12  # blank cells inside a row worth an erase and a jump
_JUMP = 5  # bytes of a jump inside a row
_RECOLOUR = 8  # bytes of another pen, about
_RIM = 3  # rows that must have moved together before a scroll is weighed
_SCROLL_PAYS = 24  # cells saved from which a scroll pays without trying

_SCROLLING = (
    "xterm", "linux", "putty", "rxvt", "screen", "tmux", "vte", "gnome", "konsole", "alacritty", "foot", "kitty",
    "wezterm", "ghostty", "iterm", "mintty", "cygwin", "st-", "contour",
)  # fmt: skip
_OWN_BACKGROUND = ("screen", "tmux")  # these may erase to their own background, not to the pen's


class Abilities(NamedTuple):
    """What a terminal can be asked to do beyond cursor moves, colours and erasing to its own background."""

    scrolls: bool = False  # a scroll region, lines inserted and deleted, columns addressed
    erases: bool = False  # characters erased, and erasing takes the pen's background

    @classmethod
    def of(cls, environ: Mapping[str, str]) -> Abilities:
        """By the name of the terminal; none for an unknown one, or with JIAOYAN_DRIVER=plain."""
        term = environ.get("TERM", "").lower()
        if environ.get("JIAOYAN_DRIVER") == "plain" or not term.startswith(_SCROLLING):
            return cls()
        return cls(scrolls=True, erases=not term.startswith(_OWN_BACKGROUND))


class Output:
    """What is sent for one frame; knows the pen and, where it can be told, the cursor's place (column, row)."""

    def __init__(self, abilities: Abilities, width: int, at: tuple[int, int] | None = None) -> None:
        self.abilities = abilities
        self.at = at
        self._width = width
        self._pen = NO_PEN
        self._parts: list[str] = []

    def trial(self) -> Output:
        """An output that stands where this one does, to see what something would cost."""
        other = Output(self.abilities, self._width, self.at)
        other._pen = self._pen
        return other

    @property
    def cost(self) -> int:
        return sum(len(part.encode()) for part in self._parts)

    def move(self, x: int, y: int) -> None:
        if self.at == (x, y):
            return
        if self.at is not None and self.at[1] == y and self.abilities.scrolls:
            self._parts.append(f"\x1b[{x + 1}G")
        else:
            self._parts.append(f"\x1b[{y + 1};{x + 1}H" if x else f"\x1b[{y + 1}H")
        self.at = (x, y)

    def draw(self, x: int, y: int, cells: Iterable[Cell | None]) -> None:
        """Writes known cells from a place on; it neither begins nor ends inside a wide character."""
        row = list(cells)
        at, end = 0, len(row)
        while at < end:
            cell = row[at] or BLANK
            size = 2 if at + 1 < end and (row[at + 1] or BLANK)[1] == "" else 1
            if cell[1] == " " and self.abilities.erases and self.may_erase(cell):
                size = next((n for n in range(1, end - at) if row[at + n] != cell), end - at)
                if size >= _BLANK_OUT_FROM:
                    self._erase(x + at, y, cell[0], f"\x1b[{size}X")
                else:
                    self._put(x + at, y, cell[0], " " * size, size)
            elif is_sure(cell[1]):
                self._put(x + at, y, cell[0], cell[1], size)
            else:  # a terminal may take another width for it: clear its cells first, be sure of the place afterwards
                self._put(x + at, y, cell[0], " " * size, size)
                self._put(x + at, y, cell[0], cell[1], size)
                self.at = None
            at += size

    def erase_end(self, x: int, y: int, pen: Pen) -> None:
        self._erase(x, y, pen, "\x1b[K")

    def may_erase(self, cell: Cell | None) -> bool:
        """Erased cells have a background at most, and that only where the terminal erases to the pen's."""
        if cell is None or cell[1] != " ":
            return False
        return is_ground(cell[0]) and (self.abilities.erases or not cell[0].back)

    def scroll(self, top: int, bottom: int, by: int) -> None:
        """Moves the rows from top to bottom up by so many, down where negative; blank ones take their place."""
        self._change(NO_PEN)
        count = str(abs(by)) if abs(by) > 1 else ""
        self._parts.append(f"\x1b[{top + 1};{bottom + 1}r\x1b[{top + 1}H\x1b[{count}{'M' if by > 0 else 'L'}\x1b[r")
        self.at = None  # giving the region up moves the cursor on some terminals

    def finish(self, x: int, y: int) -> str:
        """All that is to be sent; the cursor is parked where the frame left it: an input method opens there."""
        self._change(NO_PEN)
        self.move(x, y)
        return "".join(self._parts)

    def _put(self, x: int, y: int, pen: Pen, text: str, size: int) -> None:
        self.move(x, y)
        if not (text.isspace() and self._is_on_ground(pen)):
            self._change(pen)
        self._parts.append(text)
        self.at = (x + size, y) if x + size < self._width else None  # beyond the last column terminals differ

    def _erase(self, x: int, y: int, pen: Pen, how: str) -> None:
        self.move(x, y)
        if not self._is_on_ground(pen):
            self._change(pen)
        self._parts.append(how)

    def _is_on_ground(self, pen: Pen) -> bool:
        """Whether blanks of that pen look the same in the pen that is on; its colour of text does not matter then."""
        return is_ground(pen) and blank(self._pen)[0] == pen

    def _change(self, pen: Pen) -> None:
        if pen != self._pen:
            self._parts.append(change_pen(self._pen, pen))
            self._pen = pen


def lay(rows: list[Row], runs: Iterable[Run]) -> dict[int, Row]:
    """The rows that a frame touches, as they will be. As on a terminal, half a wide character cannot stand alone."""
    new: dict[int, Row] = {}
    for x, y, cells in runs:
        if y >= len(rows) or x >= len(rows[y]):
            continue
        if y not in new:
            new[y] = list(rows[y])
        row = new[y]
        end = min(x + len(cells), len(row))
        if (cut := row[x]) is not None and not cut[1] and x:
            row[x - 1] = blank(cut[0])
        if end < len(row) and (cut := row[end]) is not None and not cut[1]:
            row[end] = blank(cut[0])
        row[x:end] = cells[: end - x]
        if x + len(cells) > end and not cells[end - x][1]:
            row[end - 1] = blank(cells[end - x][0])
    return new


def repaint(rows: list[Row], new: dict[int, Row], out: Output) -> None:
    """Brings the screen, and `rows` with it, to the new rows."""
    changed = sorted(y for y, row in new.items() if row != rows[y])
    if out.abilities.scrolls and len(changed) >= _RIM:
        changed = _scroll(rows, new, changed, out)
    for y in changed:
        _repaint_row(y, rows[y], new[y], out)
        rows[y] = new[y]


def _cost(top: int, old: list[Row], new: list[Row], out: Output) -> int:
    """Bytes of repainting rows from `top` on."""
    for y, (before, after) in enumerate(zip(old, new, strict=True), top):
        if before != after:
            _repaint_row(y, before, after, out)
    return out.cost


def _scroll(rows: list[Row], new: dict[int, Row], changed: list[int], out: Output) -> list[int]:
    """Lets the terminal move rows that only moved, where that pays; returns what is still to be painted."""
    before = {y: _halves(rows[y]) for y in range(changed[0], changed[-1] + 1)}
    after = {y: _halves(new[y]) for y in changed}
    places: dict[tuple[int, str], list[int]] = {}
    for y, halves in before.items():
        for side, text in enumerate(halves):
            if not text.isspace():
                places.setdefault((side, text), []).append(y)
    votes: Counter[int] = Counter()
    for y, halves in after.items():
        for side, text in enumerate(halves):
            votes.update(place - y for place in places.get((side, text), [])[:2] if place != y)
    by, count = max(votes.items(), key=lambda vote: vote[1], default=(0, 0))
    if count < _RIM:
        return changed
    moved = [
        y for y in changed
        if y + by in before and any(a == b and not a.isspace() for a, b in zip(after[y], before[y + by], strict=True))
    ]  # fmt: skip
    top, bottom = min(moved) + min(by, 0), max(moved) + max(by, 0)
    block = rows[top : bottom + 1]
    if any(None in row for row in block):
        return changed  # what is moved must be known
    fresh: list[Row] = [[BLANK] * len(rows[top]) for _ in range(abs(by))]
    shifted = block[by:] + fresh if by > 0 else fresh + block[:by]
    wanted = [new.get(y, rows[y]) for y in range(top, bottom + 1)]
    if _differing(block, wanted) - _differing(shifted, wanted) < _SCROLL_PAYS:
        moving = out.trial()  # rows that are much alike: few cells differ, but many jumps lie between them
        moving.scroll(top, bottom, by)
        if _cost(top, shifted, wanted, moving) >= _cost(top, block, wanted, out.trial()):
            return changed
    out.scroll(top, bottom, by)
    rows[top : bottom + 1] = shifted
    new.update(zip(range(top, bottom + 1), wanted, strict=True))
    return sorted(y for y, row in new.items() if row != rows[y])


def _halves(row: Row) -> tuple[str, str]:
    """The text at the left and at the right: one of them moves as a whole even where a pane beside it stands."""
    texts = [cell[1] if cell is not None else "\0" for cell in row]
    middle = len(texts) // 2
    return "".join(texts[:middle]), "".join(texts[middle:])


def _differing(old: list[Row], new: list[Row]) -> int:
    return sum(sum(map(ne, a, b)) for a, b in zip(old, new, strict=True))


def _repaint_row(y: int, old: Row, new: Row, out: Output) -> None:
    """Writes the runs that differ; a blank end is erased."""
    tail = end = len(new)
    if out.may_erase(new[-1]):
        while tail and new[tail - 1] == new[-1]:
            tail -= 1
        if end - tail < _ERASE_FROM:
            tail = end
    x = 0
    while x < tail:
        if old[x] == new[x]:
            x += 1
            continue
        stop = _run_end(old, new, x, tail)
        start = x - 1 if _is_half(new[x]) else x
        if stop < tail and _is_half(new[stop]):
            stop += 1
        out.draw(start, y, new[start:stop])
        x = stop
    rest = next((x for x in range(tail, end) if old[x] != new[x]), end)
    if rest < end and (last := new[-1]) is not None:
        if end - rest >= _ERASE_FROM:
            out.erase_end(rest, y, last[0])
        else:
            out.draw(rest, y, new[rest:])


def _run_end(old: Row, new: Row, start: int, limit: int) -> int:
    """Where to stop writing: a few unchanged cells are cheaper written again than jumped over."""
    stop = x = start + 1
    cost = 0
    while x < limit and cost <= _JUMP:
        cell = new[x]
        if old[x] != cell:
            stop, cost = x + 1, 0
        elif cell is None:
            break
        else:
            pen = (new[x - 1] or BLANK)[0]
            cost += len(cell[1].encode()) + (0 if cell[0] in (pen, blank(pen)[0]) else _RECOLOUR)
        x += 1
    return stop


def _is_half(cell: Cell | None) -> bool:
    return cell is not None and not cell[1]

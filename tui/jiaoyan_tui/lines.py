"""The lines around a page: breadcrumbs, notices, keys; and the sentence for a window that is too small."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, cast

from rich.segment import Segment
from textual.geometry import Size
from textual.strip import Strip
from textual.widget import Widget

from jiaoyan_tui.actions import Offer
from jiaoyan_tui.cells import clean, clip, width, wrap
from jiaoyan_tui.theme import Look, look_of

if TYPE_CHECKING:
    from jiaoyan_tui.page import Page

Piece = tuple[str, str]
"""A text and the name of its style in the theme."""
MOST_NOTICES = 6


def strip_of(pieces: Iterable[Piece], cells: int, look: Look, rest: str = "text") -> Strip:
    """One line of exactly so many cells."""
    segments, room = [], cells
    for text, style in pieces:
        fitting = clip(clean(text), room, look.glyphs.ellipsis)
        if fitting:
            segments.append(Segment(fitting, look.style(style)))
            room -= width(fitting)
    if room > 0:
        segments.append(Segment(" " * room, look.style(rest)))
    return Strip(segments, cells)


class TitleLine(Widget):
    """Where one is, from the school down to this page; at the right what the page wants to say of the day."""

    DEFAULT_CSS = "TitleLine { height: 1; }"

    def render_line(self, y: int) -> Strip:
        page = cast("Page", self.screen)
        look, room = look_of(self.app), self.size.width
        aside = page.aside()
        crumbs = page.crumbs()
        path = " > ".join(crumbs[1:] if len(crumbs) > 1 else crumbs)
        while len(crumbs) > 2 and width(path) + width(aside) + 4 > room:
            crumbs = crumbs[1:]
            path = f"{look.glyphs.ellipsis} > {' > '.join(crumbs[1:])}"
        left = clip(f" {path}", max(room - width(aside) - 2, 8), look.glyphs.ellipsis)
        gap = room - width(left) - width(aside) - 1
        pieces = [(left, "header"), (" " * max(gap, 1), "header"), (aside, "header")]
        return strip_of(pieces, room, look, "header")


class KeyLine(Widget):
    """The keys that matter here, as many as fit; the rest is in the help."""

    DEFAULT_CSS = "KeyLine { height: 1; }"

    def render_line(self, y: int) -> Strip:
        page = cast("Page", self.screen)
        look = look_of(self.app)
        return strip_of(_fitting(page.offers(), self.size.width), self.size.width, look)


def _fitting(offers: Sequence[Offer], room: int) -> list[Piece]:
    """Keys by rank; those of every page (from 900) are kept, the others give way to them from the end."""
    ranked = sorted((offer for offer in offers if offer.action.rank), key=lambda offer: offer.action.rank)
    texts = [(offer, width(offer.action.key) + width(offer.action.label) + 3) for offer in ranked]
    lasting = sum(cells for offer, cells in texts if offer.action.rank >= 900)
    pieces: list[Piece] = []
    used = 0
    for offer, cells in texts:
        if offer.action.rank < 900:
            if used + cells + lasting > room:
                continue
            used += cells
        quiet = bool(offer.why_not)
        pieces += [(f" {offer.action.key}", "muted" if quiet else "key"), (f" {offer.action.label} ", "muted" if quiet else "text")]
    return pieces


class Notice(Widget):
    """Sentences above the keys; takes no room while there is nothing to say."""

    DEFAULT_CSS = f"Notice {{ height: auto; max-height: {MOST_NOTICES}; }}"

    def __init__(self) -> None:
        super().__init__()
        self._sentences: list[Piece] = []
        self.display = False

    @property
    def text(self) -> str:
        return "\n".join(text for text, _ in self._sentences)

    def show(self, sentences: Sequence[Piece]) -> None:
        if list(sentences) != self._sentences:
            self._sentences = list(sentences)
            self.display = bool(sentences)
            self.refresh(layout=True)

    def _lines(self, cells: int) -> list[Piece]:
        return [(f" {line}", style) for text, style in self._sentences for line in wrap(text, max(cells - 2, 2))]

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return min(len(self._lines(width)), MOST_NOTICES)

    def render_line(self, y: int) -> Strip:
        look, lines = look_of(self.app), self._lines(self.size.width)
        if y >= len(lines):
            return strip_of((), self.size.width, look)
        text, style = lines[y]
        if y == MOST_NOTICES - 1 and len(lines) > MOST_NOTICES:
            text = f" 还有 {len(lines) - MOST_NOTICES + 1} 行"
        return strip_of([(text, style)], self.size.width, look, style if style == "error" else "text")


class TooSmall(Widget):
    """Stands instead of the page where the window has no room for it."""

    DEFAULT_CSS = """
    TooSmall { display: none; height: 1fr; }
    """

    def __init__(self, least_width: int, least_height: int) -> None:
        super().__init__()
        self._least = least_width, least_height

    def render_line(self, y: int) -> Strip:
        look = look_of(self.app)
        sentence = f"窗口太小:请放大到至少 {self._least[0]} 列、{self._least[1]} 行(现在 {self.size.width} 列、{self.size.height} 行)。"
        lines = wrap(sentence, max(self.size.width - 1, 2))
        return strip_of([(lines[y], "slow")] if y < len(lines) else (), self.size.width, look)

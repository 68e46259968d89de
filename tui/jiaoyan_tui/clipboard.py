"""Copying: text goes through the line to the clipboard of the person's own terminal (OSC 52)."""

from __future__ import annotations

import os
from base64 import b64encode
from collections.abc import Iterable, Mapping, Sequence

MOST = 74_000
"""Bytes of text: encoded they are some 100,000, which is what terminals take at most."""


def sequence(text: str, environ: Mapping[str, str] | None = None) -> str:
    """What asks the terminal to copy. Within tmux and screen also wrapped, for those that pass it on rather than take it.

    Raises ValueError for a text that no terminal would take.
    """
    raw = text.encode()
    if len(raw) > MOST:
        raise ValueError(f"{len(raw)} bytes")
    environ = os.environ if environ is None else environ
    plain = f"\x1b]52;c;{b64encode(raw).decode()}\a"
    if "TMUX" in environ:
        doubled = plain.replace("\x1b", "\x1b\x1b")
        return f"{plain}\x1bPtmux;{doubled}\x1b\\"
    if environ.get("TERM", "").startswith("screen"):
        return f"\x1bP{plain}\x1b\\"
    return plain


def tabbed(rows: Iterable[Sequence[str]]) -> str:
    """Rows as Excel pastes them: cells apart by tabs, nothing within one that would end it."""
    return "\n".join("\t".join(" ".join(cell.split()) for cell in row) for row in rows)

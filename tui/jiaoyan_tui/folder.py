"""Where the school of this person lies."""

from __future__ import annotations

import os
from pathlib import Path


def school_folder(given: Path | None) -> Path:
    """What was given, else JIAOYAN_SCHOOL, else the user's data directory."""
    if given is not None:
        return given
    if named := os.environ.get("JIAOYAN_SCHOOL"):
        return Path(named)
    from platformdirs import user_data_path

    return user_data_path("jiaoyan") / "school"

"""Where the school of this person lies, and where keys are set."""

from __future__ import annotations

import os
from pathlib import Path

KEYS = "keys.toml"


def school_folder(given: Path | None) -> Path:
    """What was given, else JIAOYAN_SCHOOL, else the user's data directory."""
    if given is not None:
        return given
    if named := os.environ.get("JIAOYAN_SCHOOL"):
        return Path(named)
    from platformdirs import user_data_path

    return user_data_path("jiaoyan") / "school"


def key_files(folder: Path) -> tuple[Path, Path]:
    """The school's file of keys, then the person's, which goes before."""
    from platformdirs import user_config_path

    return folder / KEYS, user_config_path("jiaoyan") / KEYS

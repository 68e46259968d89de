"""TinyDB's own test suite, taken from its sdist, on our store. Never committed; skipped where the sdist can't be had."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest
import tinydb.version

SUITE = ("test_tables.py", "test_tinydb.py", "test_operations.py", "test_queries.py")
AT_LEAST = 100
"""How many of its tests must really have run."""


@pytest.fixture(scope="module")
def suite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tinydb")
    version = tinydb.version.__version__
    done = subprocess.run(
        [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary", "tinydb", "--timeout", "10",
         "--dest", str(folder), f"tinydb=={version}"],
        capture_output=True, text=True, timeout=120, check=False,
    )
    archives = list(folder.glob("tinydb-*.tar.gz"))
    if done.returncode or not archives:
        pytest.skip(f"the sdist of TinyDB {version} can't be had: {done.stderr.strip()[-200:]}")
    with tarfile.open(archives[0]) as archive:
        archive.extractall(folder, filter="data")
    source = folder / f"tinydb-{version}" / "tests"
    target = folder / "suite"
    target.mkdir()
    for name in SUITE:
        shutil.copy(source / name, target / name)
    shutil.copy(Path(__file__).with_name("tinydb_swap.py"), target / "conftest.py")
    return target


def test_tinydbs_own_suite_passes_on_the_store(suite: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-c", "/dev/null", "-p", "no:cacheprovider", "--rootdir", str(suite), str(suite)],
        capture_output=True, text=True, timeout=120, check=False, cwd=suite,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]
    passed = re.search(r"(\d+) passed", done.stdout)
    assert passed, done.stdout
    assert int(passed[1]) >= AT_LEAST

"""What all tests share: where the measured data lies, and what of the system is there.

A test that needs something that is not there is skipped with a sentence that says what is missing; with
KEHOACH_STRICT=1 it fails with the same sentence.

    def test_reads_a_seed(shared: Path) -> None: ...

    def test_reads_a_scan(needs: Needs) -> None:
        needs("tesseract")

    @pytest.mark.needs("chromium")
    def test_clicks(...) -> None: ...
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import NoReturn

import pytest

from tools import check_copied, system_parts

ROOT = Path(__file__).resolve().parent.parent
PARTS = {part.name: part for part in system_parts.PARTS}

Needs = Callable[[str], None]


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "needs(*parts): skip without these system parts, fail with KEHOACH_STRICT=1")


def pytest_runtest_setup(item: pytest.Item) -> None:
    for mark in item.iter_markers("needs"):
        for name in mark.args:
            require(name)


def absent(reason: str) -> NoReturn:
    """Skip the test for this reason, or fail it where nothing may be missing."""
    if system_parts.is_strict():
        pytest.fail(f"{reason} (KEHOACH_STRICT is set)", pytrace=False)
    pytest.skip(reason)


@cache
def _is_present(name: str) -> bool:
    return PARTS[name].present()


def require(name: str) -> None:
    """Let the test go on only where the system part of this name is there."""
    if not _is_present(name):
        absent(system_parts.sentence(PARTS[name]))


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of shared data, with its contract and its corpus."""
    folder = check_copied.shared_folder()
    if not (folder / "contract" / "score.py").is_file():
        absent(f"{folder} is missing, the shared data that this test measures on: set KEHOACH_SHARED to its place")
    return folder


@pytest.fixture(scope="session")
def root() -> Path:
    """The root of the source tree."""
    return ROOT


@pytest.fixture(scope="session")
def needs() -> Needs:
    """Call it with the name of a system part: chromium, tesseract, soffice, antiword or fonts."""
    return require


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of the Chromium that is there."""
    require("chromium")
    require("fonts")
    path = system_parts.chromium_path()
    assert path is not None
    return path

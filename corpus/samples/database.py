"""The database of the embedded sample corpus, with its manifest and its own units."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from corpus.build import BuildReport, build

FOLDER = Path(__file__).resolve().parent


def build_samples(db: Path, progress: Callable[[str, int, int], None] | None = None) -> BuildReport:
    """Reads the sample files into the database `db`; `progress` is told the stage, how much is done, and of how much."""
    return build(
        [FOLDER / "files"], db, manifest=FOLDER / "manifest.csv", units=FOLDER / "units.csv", progress=progress
    )

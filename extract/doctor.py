"""What of the optional programs is there, and whether the packages that answer to our names are our own."""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import sys
from pathlib import Path


def optional_parts() -> list[str]:
    """A line for each optional part: there, or how to get it."""
    lines = [f"Python {sys.version.split()[0]}: {sys.executable}"]
    wanted = (
        ("tesseract", "reads scans", "apt-get install tesseract-ocr tesseract-ocr-vie"),
        ("soffice", "reads .doc files", "apt-get install libreoffice-writer-nogui"),
        ("antiword", "reads .doc files where LibreOffice is absent", "apt-get install antiword"),
    )
    for program, use, how in wanted:
        where = shutil.which(program)
        lines.append(f"{program}: {where} ({use})" if where else f"{program}: not found ({use}); get it: {how}")
    if shutil.which("tesseract"):
        done = subprocess.run(["tesseract", "--list-langs"], capture_output=True, text=True, timeout=20, check=False)
        if "vie" not in done.stdout.split():
            lines.append("tesseract has no Vietnamese data; get it: apt-get install tesseract-ocr-vie")
    return lines


def foreign_packages() -> list[str]:
    """A line for each of our folder names that answers with another package."""
    here = Path(__file__).resolve().parents[1]
    lines = []
    for name in ("rules", "extract", "models", "corpus", "datasette_plugins"):
        spec = importlib.util.find_spec(name)
        where = Path(spec.origin).resolve().parent.parent if spec and spec.origin else None
        if where != here:
            found = where / name if where else "nothing"
            lines.append(f"The package {name!r} is {found}, not Kehoach's. Run kehoach in an environment of its own.")
    return lines

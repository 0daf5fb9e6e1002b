"""The system parts that some tests need beside Python packages, and how to get them.

    python3 tools/system_parts.py            # install what is missing where the user is root, else say what is missing

Standard library only. With KEHOACH_STRICT=1 a part that is still missing at the end is a failure.
"""

from __future__ import annotations

import ctypes.util
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

APT_SECONDS = 900


@dataclass(frozen=True)
class Part:
    """One system part: how it is called, what Debian calls it, what it is for, and how to see that it is there."""

    name: str
    packages: tuple[str, ...]
    purpose: str
    present: Callable[[], bool]


def program(*names: str) -> str | None:
    """Return the path of the first of these programs that is there."""
    return next((path for name in names if (path := shutil.which(name))), None)


def chromium_path() -> str | None:
    """Return the path of Chromium or of a browser that is built from it."""
    return program("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def soffice_path() -> str | None:
    """Return the path of LibreOffice."""
    return program("soffice", "libreoffice")


def _has_browser() -> bool:
    """Tell whether there is Chromium, and the library that the program which drives it is linked with."""
    return chromium_path() is not None and ctypes.util.find_library("atomic") is not None


def _has_vietnamese_ocr() -> bool:
    if not program("tesseract"):
        return False
    listed = subprocess.run(["tesseract", "--list-langs"], capture_output=True, text=True, check=False)
    return "vie" in (listed.stdout + listed.stderr).split()


def _has_writer() -> bool:
    path = soffice_path()
    if path is None:
        return False
    folder = Path(path).resolve().parent
    return any((folder / name).exists() for name in ("libswlo.so", "libmergedlo.so")) or folder == Path("/usr/bin")


def _has_fonts() -> bool:
    """Tell whether Liberation Serif with Vietnamese letters is there; its first version has none."""
    if not program("fc-list"):
        return False
    listed = subprocess.run(["fc-list", ":lang=vi", "family"], capture_output=True, text=True, check=False)
    return "Liberation Serif" in listed.stdout


PARTS: tuple[Part, ...] = (
    Part("chromium", ("chromium", "libatomic1"), "the browser tests", _has_browser),
    Part("tesseract", ("tesseract-ocr", "tesseract-ocr-vie"), "reading scans", _has_vietnamese_ocr),
    Part("soffice", ("libreoffice-writer-nogui",), "reading Word 97 files", _has_writer),
    Part(
        "antiword", ("antiword",), "reading Word 97 files without LibreOffice", lambda: program("antiword") is not None
    ),
    Part(
        "node",
        ("nodejs", "npm"),
        "building the libraries of the graph",
        lambda: bool(program("node") and program("npm")),
    ),
    Part("fonts", ("fontconfig", "fonts-dejavu-core", "fonts-liberation2"), "printing Vietnamese letters", _has_fonts),
)


def missing(parts: Sequence[Part] = PARTS) -> list[Part]:
    """Return the parts that are not there."""
    return [part for part in parts if not part.present()]


def sentence(part: Part) -> str:
    """Return one sentence that says what is missing, what it is for, and how to get it."""
    return f"{part.name} is missing, which {part.purpose} needs: apt-get install {' '.join(part.packages)}"


def is_strict() -> bool:
    """Tell whether a missing part is a failure (KEHOACH_STRICT=1)."""
    return os.environ.get("KEHOACH_STRICT", "") not in ("", "0")


def apt_get(*arguments: str) -> bool:
    """Run apt-get without questions; tell whether it succeeded. Its words are shown only where it did not."""
    environ = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    command = ["apt-get", "--quiet", "--yes", "-o", "Acquire::Retries=3", "-o", "DPkg::Lock::Timeout=300", *arguments]
    try:
        done = subprocess.run(
            command, env=environ, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=APT_SECONDS
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        sys.stderr.write(f"apt-get {arguments[0]}: {error}\n")
        return False
    if done.returncode:
        sys.stderr.write("\n".join((done.stdout + done.stderr).splitlines()[-15:]) + "\n")
    return done.returncode == 0


def install(parts: Sequence[Part]) -> None:
    """Install the parts by apt-get, with fresh package lists where the ones at hand do not do."""
    packages = [package for part in parts for package in part.packages]
    sys.stderr.write(f"Installing {' '.join(packages)} ...\n")
    apt_get("update")
    apt_get("install", "--no-install-recommends", *packages)


def main() -> int:
    """Install what can be installed, name what is missing; 1 where something is missing and KEHOACH_STRICT is set."""
    lacking = missing()
    if lacking and os.geteuid() == 0 and program("apt-get"):
        install(lacking)
        lacking = missing()
    for part in lacking:
        sys.stderr.write(f"{sentence(part)}\n")
    if lacking and not is_strict():
        sys.stderr.write("The tests that need these parts will be skipped.\n")
    return 1 if lacking and is_strict() else 0


if __name__ == "__main__":
    sys.exit(main())

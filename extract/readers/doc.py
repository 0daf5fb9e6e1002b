"""DOC of the old Word: by LibreOffice where it is there, else by antiword, else an error that says so."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from dataclasses import replace
from pathlib import Path

from extract.records import ReadError, Source
from extract.text import canonical

SECONDS = 90
_HOW = "Install one: apt-get install libreoffice-writer-nogui (or antiword)"


def read(data: bytes, path: str, sha256: str) -> Source:
    """A DOC file. Raises `ReadError` doc-unavailable where neither program is installed."""
    office, antiword = shutil.which("soffice"), shutil.which("antiword")
    if office:
        converted = _by_office(office, data)
        if converted is not None:
            from extract.readers.docx import read as read_docx

            return replace(read_docx(converted, path, sha256), media_type="application/msword")
    if antiword:
        return _by_antiword(antiword, data, path, sha256)
    if office:
        raise ReadError("malformed", "The DOC file is broken or locked. Save it as DOCX and give that.")
    raise ReadError("doc-unavailable", f"Old Word files need LibreOffice or antiword. {_HOW}")


def _by_office(office: str, data: bytes) -> bytes | None:
    """The file as DOCX, made by LibreOffice with a profile of its own; None where it could not."""
    with tempfile.TemporaryDirectory(prefix="kehoach-doc-") as folder:
        given = Path(folder) / "given.doc"
        given.write_bytes(data)
        profile = (Path(folder) / "profile").as_uri()
        command = [office, f"-env:UserInstallation={profile}", "--headless", "--norestore", "--convert-to", "docx"]
        try:
            subprocess.run(
                [*command, "--outdir", folder, str(given)], capture_output=True, timeout=SECONDS, check=False
            )
        except subprocess.TimeoutExpired:
            raise ReadError(
                "timeout", "LibreOffice took too long on the file. Save it as DOCX and give that."
            ) from None
        made = Path(folder) / "given.docx"
        return made.read_bytes() if made.exists() else None


def _by_antiword(antiword: str, data: bytes, path: str, sha256: str) -> Source:
    try:
        done = subprocess.run(
            [antiword, "-w", "0", "-m", "UTF-8.txt", "-"], input=data, capture_output=True, timeout=SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        raise ReadError("timeout", "antiword took too long on this file. Save it as DOCX and give that.") from None
    text = done.stdout.decode("utf-8", "replace")
    if done.returncode or not text.strip():
        raise ReadError("malformed", "The DOC file is broken or locked. Save it as DOCX and give that.")
    return Source(path=path, sha256=sha256, media_type="application/msword", text=canonical(text))

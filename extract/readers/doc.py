"""DOC of the old Word: by LibreOffice where it is there, else by antiword, else an error that says so."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from extract.readers.legacy import in_unicode
from extract.records import ReadError, Source
from extract.text import canonical

SECONDS = 90
_NOWHERE = "http://127.0.0.1:9"
"""A proxy that nobody answers at: a document must not have anything fetched."""
_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop>
<prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>3</value></prop>
<prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Writer/Content/Update">
<prop oor:name="Link" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""
"""LibreOffice's settings: no macros, no links followed."""
_LOCKED = "EncryptedPackage".encode("utf-16-le")
"""The stream in which Word keeps a DOCX under a password; the file is then an OLE one, as DOC is."""
_HOW = "Install one: apt-get install libreoffice-writer-nogui (or antiword)"


def read(data: bytes, path: str, sha256: str) -> Source:
    """A DOC file. Raises `ReadError` doc-unavailable where neither program is installed."""
    if _LOCKED in data:
        raise ReadError("encrypted", "The Word file is locked by a password. Ask for a copy without one.")
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
    with tempfile.TemporaryDirectory(prefix="kehoach-doc-", ignore_cleanup_errors=True) as folder:
        given = Path(folder) / "given.doc"
        given.write_bytes(data)
        profile = Path(folder) / "profile"
        (profile / "user").mkdir(parents=True)
        (profile / "user" / "registrymodifications.xcu").write_text(_SETTINGS, encoding="utf-8")
        command = [office, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore"]
        try:
            _run([*command, "--convert-to", "docx", "--outdir", folder, str(given)], folder)
        except subprocess.TimeoutExpired:
            message = "LibreOffice took too long on the file. Save it as DOCX and give that."
            raise ReadError("timeout", message) from None
        made = Path(folder) / "given.docx"
        return made.read_bytes() if made.exists() else None


def _run(command: list[str], folder: str) -> None:
    """Runs LibreOffice with all its temporary files in `folder`, and ends all its processes when time is up."""
    environment = {**os.environ, "TMPDIR": folder, **{f"{kind}_proxy": _NOWHERE for kind in ("http", "https", "ftp")}}
    with subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment, process_group=0
    ) as office:
        try:
            office.wait(SECONDS)
        except BaseException:
            with suppress(ProcessLookupError):
                os.killpg(office.pid, signal.SIGKILL)
            raise


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
    text, _ = in_unicode(text)
    return Source(path=path, sha256=sha256, media_type="application/msword", text=canonical(text))

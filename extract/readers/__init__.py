"""Any input into one `Source`: the canonical text with what is known of its pages, boxes and tables.

The kind of a file is told by its content, not by its name. Each kind has one module with one function
``read(data, path, sha256) -> Source``; a file that cannot be read raises `ReadError` with a code and a sentence.
"""

from __future__ import annotations

import hashlib
import importlib
from collections.abc import Iterator, Sequence
from pathlib import Path

from extract.records import ReadError, Source

MAX_BYTES = 200 * 1024 * 1024
"""Files beyond this are refused unread."""

SUFFIXES = frozenset({".txt", ".md", ".markdown", ".text", ".html", ".htm", ".docx", ".doc", ".pdf"})
"""What a walk through a directory takes up."""

_MODULES = {
    "pdf": "extract.readers.pdf",
    "docx": "extract.readers.docx",
    "doc": "extract.readers.doc",
    "html": "extract.readers.html",
    "text": "extract.readers.plain",
}


def sniff(data: bytes) -> str:
    """The kind of a file from its first bytes: pdf, docx, doc, html, zip, image or text."""
    head = data[:2048].lstrip(b"\xef\xbb\xbf \t\r\n")
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if head.startswith(b"PK\x03\x04"):
        return "docx" if b"word/" in data else "zip"
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return "doc"
    if head.startswith((b"\x89PNG", b"\xff\xd8\xff", b"II*\x00", b"MM\x00*", b"GIF8")):
        return "image"
    lowered = head[:1024].lower()
    if lowered.startswith((b"<!doctype html", b"<html", b"<?xml", b"<head", b"<body")) or b"<html" in lowered:
        return "html"
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "text"
    return "text"


def files_below(paths: Sequence[Path]) -> Iterator[Path]:
    """The files to read: those named, and those of a known kind below the directories named."""
    for path in paths:
        if path.is_dir():
            yield from sorted(p for p in path.rglob("*") if p.suffix.lower() in SUFFIXES and p.is_file())
        else:
            yield path


def load(path: Path) -> bytes:
    """The bytes of `path`; `ReadError` where there is nothing to read or too much."""
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise ReadError("too-large", f"The file has {size:,} bytes; at most {MAX_BYTES:,} are read. Split it.")
        data = path.read_bytes()
    except FileNotFoundError:
        raise ReadError("not-found", "There is no such file. Check the path.") from None
    except IsADirectoryError:
        raise ReadError("is-directory", "This is a directory. Give its files, or build from it.") from None
    except PermissionError:
        raise ReadError("no-permission", "The file may not be read by this user. Change its permissions.") from None
    except OSError as fault:
        raise ReadError("unreadable", f"The file cannot be read: {fault.strerror}.") from None
    if not data.strip(b"\x00 \t\r\n"):
        raise ReadError("empty-file", "The file is empty. Ask for it to be sent again.")
    return data


def read(path: Path | str, *, name: str | None = None) -> Source:
    """The `Source` of a file. `name` is the path to record where it differs from where the bytes lie.

    Raises `ReadError`: the codes are listed in the docs under "Files that cannot be read".
    """
    return read_bytes(load(Path(path)), name if name is not None else str(path))


def read_bytes(data: bytes, name: str) -> Source:
    """The `Source` of a file's bytes under the path `name`."""
    kind = sniff(data)
    if kind == "zip":
        raise ReadError("unknown-format", "This is a ZIP archive, not a document. Unpack it and give its files.")
    if kind == "image":
        raise ReadError("unknown-format", "This is an image. Save it as a PDF and give that.")
    module = importlib.import_module(_MODULES[kind])
    source: Source = module.read(data, name, hashlib.sha256(data).hexdigest())
    if not source.text.strip():
        raise ReadError("no-text", "The file holds no text. Ask for the original or a readable copy.")
    return source

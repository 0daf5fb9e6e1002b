"""Text and Markdown: decoded, brought to NFC, nothing else altered."""

from __future__ import annotations

import hashlib
import re
import unicodedata

from extract.readers.legacy import encoding_of_text, in_unicode
from extract.records import ReadError, Source
from extract.text import canonical

_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")

_UNUSUAL = re.compile(r"[^\x00-\xff\u0100-\u024f\u0300-\u036f\u1e00-\u1eff\u2010-\u2027]")
"""Signs outside blocks of which every code point is assigned: Latin letters, marks, dashes and quotation marks."""


def decode(data: bytes) -> str:
    """The text of `data`: UTF-8, UTF-16 with its mark, an old encoding, else windows-1258."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return data.decode("utf-16")
        except UnicodeDecodeError:
            raise ReadError("not-text", "The file begins like UTF-16 text but is broken. Save it as UTF-8.") from None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    if b"\x00" in data:
        raise ReadError("unknown-format", "This is no document that Kehoach knows. Give PDF, DOCX, DOC, HTML or text.")
    return _decode_single_byte(data)


def _decode_single_byte(data: bytes) -> str:
    """An old encoding where its words are found; else windows-1258; otherwise the file is not text."""
    seen = data.decode("latin-1")
    if encoding_of_text(seen):
        return seen
    text = data.decode("cp1258", errors="replace")
    bad = text.count("\ufffd") + len(_CONTROL.findall(text))
    if bad * 50 > len(text):
        raise ReadError("unknown-format", "This is no document that Kehoach knows. Give PDF, DOCX, DOC, HTML or text.")
    return text


def is_garbled(text: str) -> bool:
    """Whether `text` is rubbish: control signs and unassigned code points where letters should be."""
    sample = text[:20000]
    control = len(_CONTROL.findall(sample))
    if control > len(sample) // 50:
        return True  # also of a text of a few bytes
    bad = control + sum(unicodedata.category(sign) in {"Cn", "Co"} for sign in set(_UNUSUAL.findall(sample))) * 2
    lost = sample.count("\ufffd")  # a letter lost here and there leaves a text that can be read
    return bad > max(len(sample) // 50, 2) or lost > max(len(sample) // 8, 2)


def read(data: bytes, path: str, sha256: str) -> Source:
    """A text or Markdown file as it stands."""
    text, encoding = in_unicode(decode(data))
    if is_garbled(text):
        raise ReadError("not-text", "The file holds signs that no text holds. Ask for it to be sent again.")
    media = "text/markdown" if path.lower().endswith((".md", ".markdown")) else "text/plain"
    return Source(path=path, sha256=sha256, media_type=media, text=canonical(text), warnings=_told(encoding))


def read_text(text: str) -> Source:
    """A text that is in no file."""
    data = text.encode()
    return read(data, "text", hashlib.sha256(data).hexdigest())


def _told(encoding: str | None) -> tuple[str, ...]:
    return (f"The text was in the old encoding {encoding.upper()} and was converted.",) if encoding else ()

"""How far the signs of a document can be trusted: findings on single letters and numbers need clean ones."""

from __future__ import annotations

import re
from functools import cache

from extract.quick import Quick
from extract.records import Document
from rules.loader import document as rules_document

_LIKE_MARKER = re.compile(r"\n[ \t]*([^\s\-+•*|(]{1,5})\s?[.)](?=\s+[^\W\d_])")
_MARKER = re.compile(r"[\W_]*(?:\d{1,3}(?:\.\d{1,3})*|[IVXLC]+|[a-zđA-ZĐ]\d?|[a-zđ]\.\d|\w{2,5})\Z")


def garbled_markers(text: str) -> int:
    """How many lines begin like a unit with a marker that cannot be read: `©) Bảo đảm`, `Š. Ngân hàng`."""
    return sum(not _MARKER.match(match[1]) for match in _LIKE_MARKER.finditer(text))


_NO_VOWEL = re.compile(r"[bcdđghklmnpqrstvx](?<![\w.&/-].)[bcdđghklmnpqrstvx]{1,3}(?![\w.&/-])")
_SAMPLE = 30_000
_MOST_WITHOUT_VOWEL = 0.02
"""Every Vietnamese syllable has a vowel: a text with more words without one than this has lost letters."""


def has_lost_letters(text: str) -> bool:
    """Whether too many words of `text` have no vowel."""
    sample = text[:_SAMPLE]
    return len(_NO_VOWEL.findall(sample)) > _MOST_WITHOUT_VOWEL * max(len(sample.split()), 50)


_MOST_MISREAD = 0.0003
"""Share of a text's words from which the misread ones are more than slips of typing."""


@cache
def _misread() -> tuple[Quick, ...]:
    rules = rules_document("noise.toml")
    return tuple(Quick(rules[name]["pattern"]) for name in ("stops", "formulas"))


def has_lost_tones(text: str) -> bool:
    """Whether `text` holds words that no one types and OCR makes (`quyêt định`, `một sô điêu`): two at least."""
    sample = text[:_SAMPLE]
    count = sum(pattern.count(sample) for pattern in _misread())
    return count >= 2 and count > _MOST_MISREAD * len(sample.split())


def is_noisy(document: Document) -> bool:
    """Whether too many signs were misread, or too little of a letterhead was seen, to trust single signs."""
    pages, header = document.source.pages, document.header
    if pages and sum(page.ocr for page in pages) * 2 > len(pages):
        return True
    if header.doc_type is None:
        return True
    if not (header.code or header.number_blank or header.issued_on or header.signer_position):
        return True
    text = document.source.text
    return garbled_markers(text) > 2 + len(document.sections) // 10 or has_lost_letters(text) or has_lost_tones(text)

"""Findings on the letterhead and the signature of a document."""

from __future__ import annotations

from collections.abc import Iterator

from extract.checks.base import Reading, finding, official_day
from extract.records import Finding
from rules.loader import document as rules_document
from rules.loader import pattern


def check_number_missing(reading: Reading) -> Iterator[Finding]:
    """A blank was seen where the document's number stands (Nghị định 30/2020/NĐ-CP, Điều 15)."""
    header = reading.document.header
    if not header.number_blank or "number" in header.unreadable or "code" in header.unreadable:
        return
    for side in reading.header_side("code"):
        quote = reading.quote(side.start, side.end)
        if pattern("checks.toml", "blank_number").match(quote):
            yield finding("number-missing", (side,), quote=quote)


def check_date_incomplete(reading: Reading) -> Iterator[Finding]:
    """The letterhead's date lacks its day or month: a blank was seen, not a sign that cannot be read."""
    header = reading.document.header
    if "issued_on" in header.unreadable:
        return
    sides = tuple(reading.header_side("issued_on"))
    if not sides or (header.issued_on and header.issued_on.count("-") == 2):
        return
    quote = reading.quote(sides[0].start, sides[0].end)
    if pattern("checks.toml", "blank_date").search(quote):
        yield finding("date-incomplete", sides, quote=quote)


def check_signature_missing(reading: Reading) -> Iterator[Finding]:
    """A position was seen in the signature's place, and nothing, or an annex, after it."""
    header = reading.document.header
    if header.signer or "signer" in header.unreadable:
        return
    for side in reading.header_side("signer_position"):
        behind = reading.document.source.text[side.end :].lstrip(" *|_\n\t\r./-")
        if not behind or pattern("checks.toml", "behind_position").match(behind):
            yield finding("signature-missing", (side,), confidence=0.8, quote=reading.quote(side.start, side.end))


def check_date_format(reading: Reading) -> Iterator[Finding]:
    """Days below 10 and months 1, 2 take a leading zero, other months none (Nghị định 30/2020, Phụ lục I, II.4.b).

    A needless zero before months 3 to 9 is tolerated everywhere and not reported.
    """
    for side in reading.header_side("issued_on"):
        words = " ".join(reading.document.source.text[side.start : side.end].replace("*", "").split())
        match = pattern("checks.toml", "date_in_words").search(words)
        if not match:
            continue
        day, month, year = match.groups()
        expected = (
            f"ngày {int(day):02d} tháng {int(month):02d} năm {year}"
            if int(month) < 3
            else (f"ngày {int(day):02d} tháng {int(month)} năm {year}")
        )
        if len(day) == 1 or (len(month) == 1 and int(month) < 3):
            yield finding("date-format", (side,), quote=match.group(), expected=expected)


def check_signing_form(reading: Reading) -> Iterator[Finding]:
    """A deputy signs `KT.` (ký thay); a People's Committee is signed for `TM.` (Nghị định 30/2020, Phụ lục I, II.7)."""
    header = reading.document.header
    position, form = (header.signer_position or "").upper(), (header.signing_form or "").upper()
    if not position or not header.signer:
        return
    sides = tuple(reading.header_side("signer_position"))
    deputies = rules_document("signing.toml")["deputies"]
    above = reading.document.source.text[max(0, sides[0].start - 80) : sides[0].start] if sides else ""
    if (
        any(position.startswith(word) for word in deputies["positions"])
        and "KT" not in form + above
        and (not form or form.startswith(deputies["for_committees"]))
    ):
        reason = "cấp phó ký phải ghi “KT.” / a deputy signs “KT.”"
        yield finding("signing-form", sides, confidence=0.7, quote=position, reason=reason)


def check_signing_time_mismatch(reading: Reading) -> Iterator[Finding]:
    """The digital signature's own time lies before the issue date, or more than 30 days after it."""
    from datetime import date

    signed, issued = reading.document.source.signed_at, reading.document.header.issued_on
    if not signed or not issued or issued.count("-") != 2:
        return
    try:
        gap = (date.fromisoformat(signed[:10]) - date.fromisoformat(issued)).days
    except ValueError:
        return
    sides = tuple(reading.header_side("issued_on"))
    if sides and (gap < -1 or gap > 30):
        words = {"signed": official_day(signed[:10]), "issued": official_day(issued)}
        yield finding("signing-time-mismatch", sides, confidence=0.7, **words)

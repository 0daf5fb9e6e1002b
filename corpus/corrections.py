"""What of a fact a person may correct, and how what they type becomes the value that the fact holds."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from types import MappingProxyType
from typing import get_args

from extract.records import AgencyRole, BudgetKind, DeadlineKind, KehoachError, Level, Relation
from rules.loader import table as rows

LONGEST = 600
FIELDS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "documents": (
            *("doc_type", "number", "symbol", "code", "issuer", "issuer_level", "issued_on", "title", "period"),
            *("signer", "signer_position"),
        ),
        "citations": ("doc_type", "code", "name", "issued_on", "issuer", "pinpoint", "relation"),
        "budgets": ("vnd", "vnd_max", "kind", "period"),
        "deadlines": ("kind", "from_day", "to_day", "agency"),
        "assignments": ("agency", "role"),
        "targets": ("value", "value_max", "unit", "by_date", "indicator"),
    }
)
"""The fields of each table that may be corrected, in the order in which they are offered."""
_DAYS = frozenset({"issued_on", "from_day", "to_day", "by_date"})
_WHOLE = frozenset({"vnd", "vnd_max"})
_PARTS = frozenset({"value", "value_max"})
_ISO = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")
_PRINTED = re.compile(r"(?:ngày\s+)?(\d{1,2})\s*[/.-]\s*(\d{1,2})\s*[/.-]\s*(\d{4})")
_NUMBER = re.compile(r"\d+(?:,\d+)?")


@cache
def choices(table: str, field: str) -> tuple[str, ...]:
    """The values that a field may have; empty where it may have any."""
    fixed: dict[tuple[str, str], object] = {
        ("documents", "issuer_level"): Level,
        ("citations", "relation"): Relation,
        ("budgets", "kind"): BudgetKind,
        ("deadlines", "kind"): DeadlineKind,
        ("assignments", "role"): AgencyRole,
    }
    if field == "doc_type":
        return tuple(row["code"] for row in rows("doc_types.csv"))
    return get_args(fixed[table, field]) if (table, field) in fixed else ()


def checked(table: str, field: str, text: str) -> str:
    """The value for what was typed: a date as `2024-06-24`, a sum as digits, a code as it is written in the data.

    `KehoachError` where the field may not be corrected, or the text is no value for it.
    """
    text = " ".join(text.split())
    if field not in FIELDS.get(table, ()):
        raise KehoachError("not-correctable", f"The field {field} of {table} cannot be corrected.")
    if not text:
        raise KehoachError("correction-empty", "Type what is right.")
    if len(text) > LONGEST:
        raise KehoachError("too-long", f"A correction has at most {LONGEST} signs.")
    known = choices(table, field)
    if known and text not in known:
        raise KehoachError("unknown-value", f"{text} is none of: {', '.join(known)}.")
    return _reader(field)(text)


def _reader(field: str) -> Callable[[str], str]:
    if field in _DAYS:
        return _day
    if field in _WHOLE:
        return _whole
    return _part if field in _PARTS else str


def _day(text: str) -> str:
    """A day of the calendar, or a month or year where no more is known.

    >>> _day("5/2/2024"), _day("2024-02"), _day("ngày 05.02.2024")
    ('2024-02-05', '2024-02', '2024-02-05')
    """
    if printed := _PRINTED.fullmatch(text):
        day, month, year = printed.groups()
        text = f"{year}-{int(month):02d}-{int(day):02d}"
    iso = _ISO.fullmatch(text)
    try:
        if iso is None:
            raise ValueError(text)
        date(int(iso[1]), int(iso[2] or 1), int(iso[3] or 1))
    except ValueError:
        raise KehoachError("no-day", f"{text} is no day: write 24/6/2024 or 2024-06-24.") from None
    return text


def _whole(text: str) -> str:
    """A sum in đồng.

    >>> _whole("1.723.000.000 đồng")
    '1723000000'
    """
    digits = re.sub(r"[.\s]|đồng$|đ$", "", text)
    if not digits.isascii() or not digits.isdigit() or len(digits) > 18:
        raise KehoachError("no-sum", f"{text} is no sum in đồng: write 1.723.000.000 or 1723000000.")
    return str(int(digits))


def _part(text: str) -> str:
    """A number with a comma before its decimals.

    >>> _part("1.250,5"), _part("95")
    ('1250.5', '95')
    """
    plain = re.sub(r"(?<=\d)\.(?=\d{3}(?!\d))|\s|%$", "", text)
    if not plain.isascii() or not _NUMBER.fullmatch(plain):
        raise KehoachError("no-number", f"{text} is no number: write 95 or 1.250,5.")
    return plain.replace(",", ".")

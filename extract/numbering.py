"""Number and symbol of a letterhead: as printed, repaired, blank, or unreadable."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from extract.head_cells import NUMBER
from rules.loader import table

_PARTS = re.compile(
    r"(?P<number>\d{1,5}(?:\.\d{1,3})?[A-Za-z]?)?(?P<blank>[\s._\u2026-]*?)\s*"
    r"(?:/\s?(?P<year>(?:19|20)\d{2}))?\s*(?P<join>[/-]|(?=[A-ZĐ]))\s*(?P<symbol>[A-ZĐ][A-Za-zĐđƯưỦủ&0-9 ./-]*)\Z"
)
_SPACES = re.compile(r"\s*([/-])\s*")


@dataclass(frozen=True, slots=True)
class HeadNumber:
    """The number line of a letterhead. `unreadable` names what is there but cannot be read."""

    number: str | None
    symbol: str | None
    code: str | None
    printed: str
    doc_type: str | None
    blank: bool
    unreadable: tuple[str, ...] = ()


@cache
def tokens() -> dict[str, str]:
    """The letters of each type in symbols, as printed, and its code."""
    return {token: row["code"] for row in table("doc_types.csv") for token in row["tokens"].split(";") if token}


def read_number(words: str) -> HeadNumber | None:
    """The number line `words` (`Số: 67/KH- UBND`), or None where it is none."""
    match = NUMBER.match(" ".join(words.split()))
    if match is None:
        return None
    rest = match["rest"].strip(" .;,*")
    parts = _PARTS.match(rest)
    if parts is None:
        return _garbled(rest, match["type"])
    symbol = _SPACES.sub(r"\1", parts["symbol"].strip(" .-/")).replace(" ", "")
    symbol, kind = repaired(symbol)
    if parts["number"] is None:
        return HeadNumber(None, symbol, None, rest, kind, blank=True)
    if re.fullmatch(r"(?:QH|UBTVQH)\d+", symbol):
        kind = kind or _named(match["type"])
    head = parts["number"] + (f"/{parts['year']}" if parts["year"] else "")
    join = "-" if parts["join"] == "-" else "/"
    return HeadNumber(parts["number"], symbol, f"{head}{join}{symbol}", rest, kind, blank=False)


def _named(word: str | None) -> str | None:
    return {
        "luật": "LUAT",
        "bộ luật": "LUAT",
        "nghị quyết": "NQ",
        "pháp lệnh": "PL",
        "lệnh": "L",
        "nghị định": "NĐ",
    }.get((word or "").lower())


def _garbled(rest: str, word: str | None) -> HeadNumber | None:
    """A number that is there but cannot be read, its symbol readable after the slash."""
    match = re.search(r"[/-]\s?(?P<symbol>[A-ZĐ][A-Za-zĐđ]*\s?[-/]\s?[A-ZĐ][A-Za-zĐđ0-9-]*)\Z", rest)
    if match is None:
        return None
    symbol, kind = repaired(_SPACES.sub(r"\1", match["symbol"]))
    return HeadNumber(None, symbol, None, rest, kind, blank=False, unreadable=("number", "code"))


def repaired(symbol: str) -> tuple[str, str | None]:
    """`symbol` in its proper form, and the type that its first letters name (CV where they name none).

    >>> repaired("QĐUBND"), repaired("KH-UBND"), repaired("UBND-VX")
    (('QĐ-UBND', 'QĐ'), ('KH-UBND', 'KH'), ('UBND-VX', 'CV'))
    """
    symbol = symbol.replace("QÐ", "QĐ")
    first = re.split(r"[-/]", symbol)[0]
    if first in tokens():
        return symbol, tokens()[first]
    for size in (4, 3, 2):
        token, rest = symbol[:size], symbol[size:]
        if token in tokens() and rest.startswith(("UBND", "HĐND", "TTg", "BCĐ", "S", "B")) and len(rest) > 2:
            return f"{token}-{rest}", tokens()[token]
    if re.fullmatch(r"(?:QH|UBTVQH)\d+", symbol):
        return symbol, None
    return symbol, "CV" if "-" in symbol or "/" in symbol else None

"""Codes of documents in running text: where one is printed, also blank (`số /KH-UBND`) and unreadable ones.

The signs `/` and `-` are found first, then what stands around them is read: numbers, dates and periods fall out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from extract.symbols import Symbol, parse_symbol

_GROUP = r"[A-ZĐƯ][A-Za-z0-9ĐđƯư&]*(?![^\W_])"
_NEXT = rf"(?:(?:\.[0-9]{{1,2}})?[-/.](?={_GROUP})|\s?[-/]\s?(?=[A-ZĐƯ]{{2}}|TTg|TTr))"
_LETTERS = rf"{_GROUP}(?:{_NEXT}{_GROUP})*"
_SIGNS = (
    re.compile(r"/ ?(?:(?:19|20)[0-9]{2}(?: ?[-/] ?|(?=[A-ZĐ]{2,4}-)))?(?=[A-ZĐƯ])"),
    re.compile(r"-(?= ?[A-ZĐƯ][A-Za-z0-9ĐđƯư]|(?:19|20)[0-9]{2} ?[-/] ?[A-ZĐƯ])"),
)
_NUMBER = re.compile(r"[0-9]{1,6}(?:\.[0-9]{1,3})?(?:bis|[a-eđA-EĐ])? ?\Z")
_CODE = re.compile(
    r"[0-9]{1,6}(?:\.[0-9]{1,3})?(?:bis|[a-eđA-EĐ])? ?[-/] ?"
    rf"(?:(?:19|20)[0-9]{{2}}(?: ?[-/] ?|(?=[A-ZĐ]{{2,4}}-)))?{_LETTERS}"
)
_UNSIGNED = re.compile(rf"[0-9]{{1,6}}{_LETTERS}")
_REST = re.compile(_LETTERS)
_BLANK = re.compile(r"[Ss][ốôỐÔ] ?:?[ ._]*\Z")
_UNREADABLE = re.compile(r"[Ss][ốôỐÔ] ?:? (?P<number>[^\s/]{0,8}[^\s/\w.,-][^\s/]{0,8})\Z")
_GLUED = re.compile(r"[Ss][ốôỐÔ] ?:? ?(?P<code>[0-9]{1,6}[A-ZĐ]{2,6}) ?\Z")
"""Number and kind without a sign between them: `số 12QĐ/UBND`."""
_BROKEN = re.compile(r"[Ss][ốôỐÔ] ?:? ?(?P<rest>[^\w\s(:\"'*]|[^\W_]) \Z")
"""One sign between `số` and the number: digits that were split off or not read."""
_CUT = re.compile(r"[0-9]/[0-9]{1,3} \Z")
"""The head of a number that scanning cut in two (`86/201 6/TT-BQP`)."""
_GLUED_REST = re.compile(r" [A-ZĐ]{2,6}(?= ngày| của|[,;.)])")
_OPENING = frozenset("([{<>\"'|:;*ốôº°†=~")
_REACH = 24


@dataclass(frozen=True, slots=True)
class PrintedCode:
    """A code printed at ``start:end`` of the view; where its number is blank or unreadable `symbol.number` is None."""

    start: int
    end: int
    symbol: Symbol
    unreadable: bool = False


def find_codes(text: str, start: int, end: int) -> list[PrintedCode]:
    """Everything in ``start:end`` of the view that is printed like a code, in order, none inside another."""
    signs = sorted(match.start() for pattern in _SIGNS for match in pattern.finditer(text, start, end))
    return list(_read(text, signs, start, end))


def _read(text: str, signs: list[int], start: int, end: int) -> Iterator[PrintedCode]:
    done = start
    for sign in signs:
        if sign < done:
            continue
        low = max(done, sign - _REACH)
        number = _NUMBER.search(text, low, sign)
        code = _numbered(text, number.start(), end) if number else None
        if code is None and (glued := _GLUED.search(text, low, sign)):
            code = _numbered(text, glued.start("code"), end)
        code = code or _numberless(text, sign, low, end)
        if code:
            yield code
            done = code.end


def _numbered(text: str, begin: int, limit: int) -> PrintedCode | None:
    if not _may_begin(text, begin):
        return None
    match = _CODE.match(text, begin, limit) or _UNSIGNED.match(text, begin, limit)
    symbol = parse_symbol(match.group()) if match else None
    if match is None or symbol is None:
        return None
    end = match.end()
    if _CUT.search(text, max(0, begin - _REACH), begin):
        return None
    broken = _BROKEN.search(text, max(0, begin - _REACH), begin)
    if broken:
        unnumbered = parse_symbol("/" + symbol.symbol)
        return PrintedCode(broken.start("rest"), end, unnumbered, True) if unnumbered else None
    if symbol.malformed == "hyphen-missing" and (rest := _GLUED_REST.match(text, end)):
        longer = parse_symbol(text[begin : rest.end()])
        if longer:
            return PrintedCode(begin, rest.end(), longer)
    return PrintedCode(begin, end, symbol)


def _may_begin(text: str, at: int) -> bool:
    """Whether a number may begin at `at`: it is not the tail of a longer number or word, nor of an unreadable one."""
    before = text[at - 1 : at]
    if before in (".", ","):
        return not text[at - 2 : at - 1].isdigit()
    return not before or before.isspace() or before in _OPENING or text[at - 2 : at].isalpha()


def _numberless(text: str, sign: int, low: int, limit: int) -> PrintedCode | None:
    """A code whose number was left blank, or holds signs that are no digits."""
    unreadable = _UNREADABLE.search(text, low, sign)
    if not unreadable and not _BLANK.search(text, low, sign):
        return None
    letters = _REST.match(text, sign + 1 + text.startswith(" ", sign + 1), limit)
    symbol = parse_symbol("/" + letters.group()) if letters else None
    if letters is None or symbol is None or not (symbol.type_letters or symbol.unit):
        return None
    begin = unreadable.start("number") if unreadable else sign
    return PrintedCode(begin, letters.end(), symbol, unreadable is not None)

"""Mentions of documents in the view: codes, laws by name and short forms, with kind, date and issuer read around them.

What is found here is in offsets of the view; `extract.citations` turns it into records.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from extract.codes import PrintedCode, find_codes
from extract.dates import NUMERIC, WORDS, Day, day_of
from extract.issuer_words import issuer_after
from extract.laws import Law, date_after, find_laws
from extract.records import Layout, Span
from extract.sentences import is_one_sentence
from extract.short_forms import numbered_forms
from extract.symbols import Symbol, is_known_body
from extract.type_words import TypeWords, refused_before, words_before

_CAPITALS = WORDS.replace("tháng", "THÁNG").replace("năm", "NĂM")
_DATE = re.compile(
    rf"[,\s]{{0,2}}(?P<open>\(?)(?:ban hành |ký )?(?:ngày |(?<!\n)Ngày |ngày|NGÀY )(?:{NUMERIC}|"
    + re.sub(r"\?P<.>", "", WORDS)
    + "|"
    + re.sub(r"\?P<.>", "", _CAPITALS)
    + r")(?P<shut>\)?)"
)
_PARTS = (re.compile(NUMERIC), re.compile(WORDS), re.compile(_CAPITALS))
_BLANK = r"[\s.…_]*"
_BLANK_DATE = re.compile(
    rf"[,\s]{{0,2}}(?:ngày|(?<!\n)Ngày){_BLANK}\d{{0,2}}{_BLANK}(?:tháng{_BLANK}(?P<m>\d{{0,2}}){_BLANK}năm{_BLANK}(?P<y>\d{{4}})?"
    rf"|/{_BLANK}(?P<m2>\d{{0,2}}){_BLANK}/{_BLANK}(?P<y2>\d{{4}}))"
)
"""A date with blanks: `ngày … tháng 5 năm 2026`, `ngày / /2026`."""
_ODD_DATE = re.compile(r"[,\s]{0,2}ngày \d{1,2}\s?[/.-]\s?\d{1,2}(?:\s?[/.-]\s?\d{1,6})?")
_REACH = 300
_LIST_REACH = 400


@dataclass(slots=True)
class Found:
    """One mention as it is being read. `start:end` grows as its words, date and issuer are found."""

    start: int
    end: int
    doc_type: str | None
    symbol: Symbol | None = None
    code: Span | None = None
    law: Law | None = None
    issued_on: str | None = None
    date: Span | None = None
    issuer: Span | None = None
    enumerated: bool = False
    """True where no word for the kind stands before the number."""
    exact: bool = True
    """False where the words for its kind are printed with wrong marks."""
    rule: str = "code"


def find_mentions(text: str, layout: Layout, shut: Sequence[Span]) -> list[Found]:
    """All mentions in the official document outside the spans `shut`, in order, none inside another."""
    reader = _Reader(text, layout, shut)
    found = sorted(reader.read(), key=lambda item: item.start)
    kept: list[Found] = []
    for item in found:
        if not kept or item.start >= kept[-1].end:
            kept.append(item)
    _give_back_dates(text, kept)
    _share_dates(text, kept)
    return kept


def _give_back_dates(text: str, found: Sequence[Found]) -> None:
    """Takes from the last law that an amending one names the date behind it: it is the amending law's own.

    `Luật sửa đổi, bổ sung một số điều của Luật A số 31/2024/QH15, Luật B số 27/2023/QH15 ngày 29/6/2024`.
    """
    chain = False
    for before, item in pairwise(found):
        beside = _NEXT_LAW.fullmatch(text, before.end, item.start) is not None
        opens = before.law is not None and before.law.amending
        chain = beside and before.date is None and before.code is not None and (chain or opens)
        if chain and item.law is not None and item.code is not None and item.date and item.code[1] <= item.date[0]:
            item.issued_on = item.date = None
            item.end = item.code[1]


_NEXT_LAW = re.compile(r",?\s?(?:và\s)?")


class _Reader:
    """Reads the mentions of one view."""

    def __init__(self, text: str, layout: Layout, shut: Sequence[Span]) -> None:
        self.text, self.layout = text, layout
        self.shut = sorted(shut)
        self.shut_starts = [start for start, _ in self.shut]
        self.laws = find_laws(text, layout.start, layout.end)
        self.law_starts = [law.start for law in self.laws]
        self.numbered_laws: set[int] = set()

    def read(self) -> list[Found]:
        items: list[Found] = []
        for code in find_codes(self.text, self.layout.start, self.layout.end):
            if self.is_shut(code.start) or (items and code.start < items[-1].end):
                continue
            item = self.coded(code, items[-1] if items else None)
            if item:
                items.append(item)
        named = [self.named(law) for i, law in enumerate(self.laws) if i not in self.numbered_laws]
        items += [item for item in named if not self.is_shut(item.start)]
        return [*items, *self.short(items)]

    def is_shut(self, at: int) -> bool:
        i = bisect_right(self.shut_starts, at) - 1
        return i >= 0 and at < self.shut[i][1]

    def coded(self, code: PrintedCode, previous: Found | None) -> Found | None:
        """The mention whose code is `code`, or None where what looks like a code is none."""
        text, symbol = self.text, code.symbol
        low = max(self.layout.start, previous.end if previous else 0)
        words = words_before(text, code.start, low, symbol.doc_type)
        law = self.law_before(code.start, words)
        if previous and not self.goes_on(previous.end, words.start):
            previous = None
        if law is None and not _is_document(text, code, words, previous is not None):
            return None
        kind = law.doc_type if law else _kind(symbol, words, previous)
        item = Found(law.start if law else words.start, code.end, kind, symbol, (code.start, code.end), law)
        item.enumerated = not words.named and law is None
        item.exact = words.exact
        read_attributes(text, item)
        if symbol.code is None and item.issued_on is None and not code.unreadable:
            return None
        return item

    def law_before(self, at: int, words: TypeWords) -> Law | None:
        """The law whose name ends right before the number."""
        i = bisect_right(self.law_starts, at) - 1
        if i < 0:
            return None
        law, number = self.laws[i], words.number_word if words.number_word >= 0 else at
        if law.end > number or self.text[law.end : number].strip(" ,:("):
            return None
        self.numbered_laws.add(i)
        return law

    def goes_on(self, end: int, start: int) -> bool:
        """Whether what begins at `start` goes on with the list of what ends at `end`."""
        return 0 <= start - end <= _LIST_REACH and is_one_sentence(self.text, end, start)

    def named(self, law: Law) -> Found:
        item = Found(law.start, law.end, law.doc_type, law=law, rule="law")
        dated = date_after(self.text, law.end, self.layout.end)
        if dated:
            item.date = (law.end + 1, dated[0])
            item.end, item.issued_on = dated
        return item

    def short(self, items: list[Found]) -> Iterator[Found]:
        """`Nghị quyết 101` where exactly one document of that kind and number was cited before."""
        known: dict[tuple[str | None, str], dict[str, Found]] = {}
        for item in items:
            if item.symbol and item.symbol.code and item.symbol.number:
                same = known.setdefault((item.doc_type, item.symbol.number.lstrip("0")), {})
                same.setdefault(item.symbol.key, item)
        if not known:
            return
        for form in numbered_forms(self.text, self.layout.start, self.layout.end):
            number = form.number or ""
            works = list(known.get((form.doc_type, number.lstrip("0")), {}).values())
            if not form.points_back and len(works) == 1 and works[0].end <= form.start and not self.is_shut(form.start):
                code = (form.end - len(number), form.end)
                yield Found(form.start, form.end, works[0].doc_type, works[0].symbol, code, rule="short")


def _is_document(text: str, code: PrintedCode, words: TypeWords, in_list: bool) -> bool:
    """Whether what is printed like a code is one here: words or a list say so, or its form leaves no doubt."""
    symbol = code.symbol
    if words.named or symbol.number is None:
        return words.named and (symbol.number is None or not refused_before(text, code.start))
    if refused_before(text, code.start):
        return False
    if symbol.family == "assembly":
        return symbol.year is not None
    if symbol.type_letters and symbol.issuer:
        return True
    return bool(symbol.unit) and (words.number_word >= 0 or in_list) and symbol.issuer[:2].isupper()


def _kind(symbol: Symbol, words: TypeWords, previous: Found | None) -> str | None:
    """The kind: by the words before the number; by the letters where the words are general or name a letter only."""
    if symbol.doc_type is None:
        if words.doc_type:
            return words.doc_type
        if previous and previous.symbol and previous.symbol.doc_type is None:
            return previous.doc_type
        return "NQ" if symbol.issuer.startswith("UBTVQH") else None
    if words.doc_type == "CV" and not is_known_body(symbol.issuer):
        return "CV"
    if words.doc_type is None or words.doc_type in (symbol.doc_type, "CV"):
        return symbol.doc_type
    if symbol.doc_type == "TT" and words.doc_type == "TTh":
        return symbol.doc_type
    return words.doc_type


def read_attributes(text: str, item: Found) -> None:
    """Reads date and issuer after the code, in either order, and moves the end of `item` behind them."""
    limit = min(len(text), item.end + _REACH)
    for _ in range(2):
        if item.date is None and _read_date(text, item, limit):
            continue
        name = issuer_after(text, item.end, limit, joint=_is_joint(item)) if item.issuer is None else None
        if name is None:
            return
        item.issuer, item.end = name, name[1]


def _is_joint(item: Found) -> bool:
    """Whether several bodies may have issued it: a joint kind, or several bodies in its letters."""
    symbol = item.symbol
    return symbol is not None and (
        symbol.type_letters.endswith(_JOINT) or "-" in symbol.issuer or not symbol.type_letters
    )


_JOINT = ("LT", "PH", "LN", "LB", "LS")


def _read_date(text: str, item: Found, limit: int) -> bool:
    if not text.startswith(_DATE_BEGINS, item.end):
        return False
    match = _DATE.match(text, item.end, limit)
    if match:
        end = match.end() if match["open"] else match.start("shut")
        parts = next(filter(None, (pattern.search(match.group()) for pattern in _PARTS)), None)
        if parts is None:
            return False
        begin = match.start() + len(match.group()) - len(match.group().lstrip(" ,(\n"))
        item.date, item.issued_on, item.end = (begin, end), day_of(parts).edtf, end
        return True
    odd = _ODD_DATE.match(text, item.end, limit)
    if odd:
        item.end = odd.end()
        return False
    blank = _BLANK_DATE.match(text, item.end, limit)
    if blank:
        year, month = blank["y"] or blank["y2"], blank["m"] or blank["m2"]
        begin = blank.start() + len(blank.group()) - len(blank.group().lstrip(" ,\n"))
        item.end = blank.start() + len(blank.group().rstrip(" .…_\n"))
        if year:
            item.date, item.issued_on = (begin, item.end), Day(int(year), int(month) if month else None, None).edtf
        return bool(year)
    return False


_DATE_BEGINS = (" ", ",", "(", "\n", "ngày")


def _share_dates(text: str, found: list[Found]) -> None:
    """A date at the end of `số ... và số ... ngày ...` goes back over the number before it that has none."""
    for one, other in zip(found[-2::-1], found[:0:-1], strict=False):
        if (
            one.symbol is None
            or other.symbol is None
            or not other.enumerated
            or one.issuer
            or one.date
            or not other.date
        ):
            continue
        if text[one.end : other.start].strip() in ("và", ",", ", và"):
            one.issued_on = other.issued_on

"""Findings on codes and on what is cited."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from extract.bodies import Body, by_letters, clean, name_of, without_person
from extract.checks.base import Reading, finding, in_english, official_day
from extract.records import Citation, Evidence, Finding
from extract.symbols import Symbol, parse_symbol
from rules.hierarchy import assembly_terms
from rules.loader import pattern, table


def _codes(reading: Reading) -> tuple[tuple[str, Symbol, Evidence], ...]:
    """Every code as printed, what it was read as, and where it stands: the document's own, then those cited."""
    return tuple(_printed_codes(reading))


def _printed_codes(reading: Reading) -> Iterator[tuple[str, Symbol, Evidence]]:
    header = reading.document.header
    if header.code_text and "code" not in header.unreadable and "number" not in header.unreadable:
        symbol = parse_symbol(header.code_text)
        for side in reading.header_side("code") if symbol else ():
            if symbol:
                yield header.code_text, symbol, side
    for citation in reading.document.citations:
        if citation.code_text and citation.code_span and not {"code", "code_text"} & set(citation.uncertain):
            symbol = parse_symbol(citation.code_text)
            if symbol:
                yield citation.code_text, symbol, reading.passage(*citation.code_span, fact=citation.id)


def check_code_malformed(reading: Reading) -> Iterator[Finding]:
    """A hyphen or slash of a code is missing or misplaced. One finding for each printed form.

    A point for a hyphen is left alone: it is how OCR reads one.
    """
    seen: set[str] = set()
    for printed, symbol, side in reading.once(_codes):
        form = "".join(printed.split())
        if symbol.malformed and symbol.malformed != "dot-for-hyphen" and form not in seen:
            seen.add(form)
            expected = symbol.code or f"{symbol.symbol}"
            quote = " ".join(printed.split())
            yield finding("code-malformed", (side,), confidence=0.9, quote=quote, expected=expected)


_OTHER_FORM = {
    "party-form-of-state-code": (("văn bản Đảng", "nhà nước"), ("a Party document", "a state body")),
    "state-form-of-party-code": (("văn bản nhà nước", "của Đảng"), ("a state document", "a Party body")),
}
"""(form that is printed, kind of body that the letters are of) in both languages, by what is wrong with a code."""


def check_party_state_form(reading: Reading) -> Iterator[Finding]:
    """A state body's code in the Party's form or the reverse. One finding for each printed form."""
    seen: set[str] = set()
    for printed, symbol, side in reading.once(_codes):
        quote = " ".join(printed.split())
        if symbol.malformed in _OTHER_FORM and quote not in seen:
            seen.add(quote)
            (form, issuer), english = _OTHER_FORM[symbol.malformed]
            found = finding("party-state-form", (side,), confidence=0.8, quote=quote, form=form, issuer=issuer)
            yield in_english(found, quote=quote, form=english[0], issuer=english[1])


def check_code_year_mismatch(reading: Reading) -> Iterator[Finding]:
    """The year in a normative code is not that of its date. A neighbouring year at the year's turn may be right."""
    header = reading.document.header
    if header.code and header.issued_on:
        symbol = parse_symbol(header.code)
        sides = tuple(reading.header_side("code", "issued_on"))
        yield from _year_mismatch(header.code, symbol, header.issued_on, sides)
    for citation in reading.document.citations:
        if citation.code and citation.issued_on and not citation.uncertain and _has_its_own_day(citation):
            yield from _year_mismatch(
                citation.code, parse_symbol(citation.code), citation.issued_on, (reading.side(citation),)
            )


def _has_its_own_day(citation: Citation) -> bool:
    """Whether the date stands in the citation's own words, not behind a list that it may not belong to as a whole."""
    span = citation.date_span
    return span is not None and citation.start <= span[0] < citation.end and not citation.is_self


def _year_mismatch(code: str, symbol: Symbol | None, issued_on: str, sides: tuple[Evidence, ...]) -> Iterator[Finding]:
    if not symbol or not symbol.year or not sides:
        return
    year, month = int(issued_on[:4]), issued_on[5:7]
    gap = year - symbol.year
    if gap == 0 or (gap == -1 and month == "12") or (gap == 1 and month == "01"):
        return
    yield finding(
        "code-year-mismatch", sides, confidence=0.85, quote=code, year=symbol.year, date=official_day(issued_on)
    )


def check_issuer_code_mismatch(reading: Reading) -> Iterator[Finding]:
    """The body named behind `của` is not one that the letters of the code stand for, under any name it has had."""
    for citation in reading.document.citations:
        if not citation.issuer_text or not citation.code or {"issuer", "code"} & set(citation.uncertain):
            continue
        if citation.issuer_span is None or not citation.start <= citation.issuer_span[0] < citation.end:
            continue
        text = reading.document.source.text
        symbol = parse_symbol(citation.code)
        if "của" not in text[citation.start : citation.issuer_span[0]].rsplit(None, 1)[-1:] or not symbol:
            continue
        if symbol.family == "party":
            continue
        named = _named(citation.issuer_text)
        coded = by_letters(citation.doc_type, citation.code, citation.issued_on)
        if named is None or not coded or any(named.code == body.code for body in coded):
            continue
        if named.code in _lineage(coded) or _is_short_for(named, coded):
            continue
        sides = (reading.side(citation),)
        words = {"named": named.name, "coded": " / ".join(body.name for body in coded)}
        quote = reading.quote(citation.start, citation.end)
        yield finding("issuer-code-mismatch", sides, confidence=0.8, quote=quote, **words)


@lru_cache(maxsize=4096)
def _named(issuer_text: str) -> Body | None:
    return name_of(without_person(clean(issuer_text)))


def _is_short_for(named: Body, coded: Sequence[Body]) -> bool:
    """Whether a local body's name without its place may mean the central body of its kind: `Ủy ban MTTQ Việt Nam`."""
    return named.scope == "local" and any(body.family == named.family for body in coded)


def _lineage(bodies: Sequence[Body]) -> frozenset[str]:
    """The codes of bodies and of those that they became or came from."""
    codes = {body.code for body in bodies}
    for row in table("issuers.csv"):
        heirs = set(filter(None, row["successors"].split(";")))
        if row["code"] in codes or heirs & codes:
            codes = codes | heirs | {row["code"]}
    return frozenset(codes)


def check_term_year_mismatch(reading: Reading) -> Iterator[Finding]:
    """The Assembly's term in a code (`QH15`) did not issue documents in the year of the code."""
    for _, symbol, side in reading.once(_codes):
        digits = "".join(sign for sign in symbol.issuer if sign.isdigit())
        if symbol.family != "assembly" or not symbol.year or not digits or int(digits) not in assembly_terms():
            continue
        first, last = assembly_terms()[int(digits)]
        if not first <= symbol.year <= last:
            yield finding(
                "term-year-mismatch", (side,), confidence=0.9, quote=symbol.code, term=digits, year=symbol.year
            )


def check_self_date_mismatch(reading: Reading) -> Iterator[Finding]:
    """An annex names its document with another number or day than the letterhead bears."""
    header = reading.document.header
    for citation in reading.document.citations:
        if not citation.is_self or citation.uncertain:
            continue
        other = _other_than_head(reading, citation)
        if other:
            name, expected = other
            sides = (reading.side(citation), *reading.header_side(name))
            quote = reading.quote(citation.start, citation.end)
            if len(sides) == 2 and name not in header.unreadable:
                yield finding("self-date-mismatch", sides, confidence=0.8, quote=quote, expected=expected)


def _other_than_head(reading: Reading, citation: Citation) -> tuple[str, str] | None:
    """The letterhead's field that a self-citation contradicts, with what the letterhead says."""
    header = reading.document.header
    own, cited = parse_symbol(header.code or ""), parse_symbol(citation.code or "")
    if own and cited and own.number and cited.number and own.key != cited.key:
        return "code", header.code or ""
    issued, day = header.issued_on, citation.issued_on
    if issued and day and issued.count("-") == day.count("-") == 2 and issued != day:
        return "issued_on", official_day(issued)
    return None


def check_duplicate_basis(reading: Reading) -> Iterator[Finding]:
    """One code with one date stands twice among the bases of the preamble."""
    first: dict[tuple[str, str], Citation] = {}
    opening = min((section.start for section in reading.document.sections), default=0)
    header = reading.document.header
    if "VBHN" in (header.symbol or "") or not (header.code or header.number_blank):
        return
    for citation in reading.document.citations:
        if citation.relation != "legal_basis" or not citation.code or not citation.issued_on:
            continue
        if citation.start > opening or citation.table:
            break
        key = (citation.code.upper(), citation.issued_on)
        if key in first and first[key].pinpoint == citation.pinpoint and not _is_amended(reading, citation):
            sides = (reading.side(first[key]), reading.side(citation))
            quote = reading.quote(citation.start, citation.end)
            yield finding("duplicate-basis", sides, confidence=0.7, quote=quote)
        first.setdefault(key, citation)


def _is_amended(reading: Reading, citation: Citation) -> bool:
    """Whether a citation names what another basis of its own clause amends, not a basis itself."""
    before = reading.document.source.text[max(0, citation.start - _CLAUSE) : citation.start]
    clause = before[max(before.rfind(word) for word in ("Căn cứ", "CĂN CỨ")) :]
    return pattern("checks.toml", "amended_basis").search(" ".join(clause.split())) is not None


_CLAUSE = 1200
"""Code points before a citation in which its clause begins."""


_LETTERS = re.compile(r"/\s?(?P<kind>[A-ZĐ][A-Za-zĐđ]{1,4})\s?-\s?(?P<body>[A-ZĐ][A-Za-zĐđƯư&]*)")


_TYPE_BEFORE = re.compile(r"[^\W\d_]{2,}")


def check_type_code_unknown(reading: Reading) -> Iterator[Finding]:
    """The letters of the kind are none of Nghị định 30/2020/NĐ-CP, Phụ lục III, though a body that is known follows."""
    seen: set[str] = set()
    text = reading.document.source.text
    for printed, symbol, side in reading.once(_codes):
        match = _LETTERS.search(printed)
        if not match or match["kind"] in seen or symbol.malformed or symbol.doc_type == "CV":
            continue
        if match["kind"].upper() == symbol.type_letters.upper():
            continue
        if not any(sign.isalpha() and not sign.isascii() for sign in text[max(0, side.start - 30) : side.start]):
            continue  # an English passage writes ND-CP
        if _TYPE_BEFORE.search(printed, 0, match.start()):
            continue  # the letters of the type stand before: 88/TTLT/BTC-BTNMT
        kind = match["kind"]
        if symbol.type_letters and by_letters(None, f"1/{match['body']}", None):
            seen.add(kind)
            quote = " ".join(printed.split())
            yield finding("type-code-unknown", (side,), confidence=0.8, quote=quote, type=kind)

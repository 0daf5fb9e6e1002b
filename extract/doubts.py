"""What a reader was not sure of: which fields of a fact it touches, and what other mentions say to it.

Digits are never corrected. A field that stands in doubtful words is named in the fact's ``uncertain``; it is named no
longer where a mention that was read surely, in the same document, has the same digits. Where a sure mention that is
alike in all else has others, both readings are told in `Document.unread`, and so is what could not be read at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from extract.records import Budget, Citation, Deadline, Fact, Header, Mark, Reference, Section, Span, Target, Unread
from extract.symbols import parse_symbol

_BLANKS = frozenset(" ./-_…:")
"""What a blank is printed with: a code that begins with another sign has a number that was not read."""
_ALIKE = 1
"""In how many digits two readings of one number differ."""
_WHOLE_DAY = len("2024-06-24")
UNREADABLE = "unreadable"
"""The reason of what could not be read at all."""
OTHER = "≠ "
"""With this the reason begins of what two mentions tell differently; the other readings follow."""


def fields_in_doubt(fact: Fact, marks: Iterable[Mark]) -> tuple[str, ...]:
    """The names, as in the contract, of the fields of `fact` that doubtful words hold; `marks` are those words."""
    found = {name for mark in marks for name in _fields(fact, (mark.start, mark.end))}
    return tuple(sorted(found))


def _fields(fact: Fact, doubt: Span) -> Iterator[str]:
    if not _meet((fact.start, fact.end), doubt):
        return
    match fact:
        case Citation():
            yield from _fields_of_citation(fact, doubt)
        case Budget():
            yield "vnd"
        case Target():
            yield "value"
        case Reference():
            yield "antecedent"
        case Deadline():
            yield "rrule" if fact.rrule else "duration" if fact.duration else "to" if fact.to_day else "from"
        case Section() if _meet((fact.start, fact.start + len(fact.marker)), doubt):
            yield "marker"


def _fields_of_citation(citation: Citation, doubt: Span) -> Iterator[str]:
    """The code or the day, where the doubt stands in them; else what else of a citation has digits."""
    in_code = citation.code_span is not None and _meet(citation.code_span, doubt)
    in_day = citation.date_span is not None and _meet(citation.date_span, doubt)
    if in_code:
        yield "code"
    if in_day:
        yield "issued_on"
    if not in_code and not in_day:
        yield "pinpoint" if citation.pinpoint else "name" if citation.name else "code"


def _meet(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]


@dataclass(frozen=True, slots=True)
class _Sure:
    """A code, and perhaps a whole day, that were read surely. A day that is in doubt is left out."""

    code: str
    day: str | None
    issuer: str | None


def cross_checked(
    header: Header, citations: Sequence[Citation], marks: Sequence[Mark]
) -> tuple[tuple[Citation, ...], tuple[Unread, ...]]:
    """The citations without the doubts that a sure mention dispels; and what could not be read, in order.

    An `Unread` has the name of the field as its kind; its reason is ``unreadable``, or ``≠`` and the other reading.
    """
    unread = [*_unreadable_marks(marks), *_unreadable_codes(citations)]
    doubtful = [mark for mark in marks if mark.kind == "uncertain"]
    if doubtful:
        sure = [*_sure_head(header, doubtful), *_sure_mentions(citations)]
        citations = [_confirmed(citation, sure) for citation in citations]
        unread += [doubt for citation in citations for doubt in _contradicted(citation, sure)]
    return tuple(citations), tuple(sorted(unread, key=lambda item: (item.start, item.end)))


def _unreadable_marks(marks: Iterable[Mark]) -> Iterator[Unread]:
    for mark in marks:
        if mark.kind == "unreadable":
            yield Unread(kind=mark.note, start=mark.start, end=mark.end, reason=UNREADABLE)


def _unreadable_codes(citations: Iterable[Citation]) -> Iterator[Unread]:
    """Codes with signs in the number's place that are no number."""
    for citation in citations:
        if citation.code is None and citation.code_text and citation.code_span and citation.code_text[0] not in _BLANKS:
            yield Unread(kind="code", start=citation.code_span[0], end=citation.code_span[1], reason=UNREADABLE)


def _sure_head(header: Header, doubtful: Sequence[Mark]) -> Iterator[_Sure]:
    """The document's own code and day, where nothing in them is in doubt."""

    def is_sure(name: str) -> bool:
        span = header.spans.get(name)
        return span is not None and not any(_meet(span, (mark.start, mark.end)) for mark in doubtful)

    if header.code and is_sure("code"):
        yield _Sure(header.code, header.issued_on if is_sure("issued_on") else None, header.issuer)


def _sure_mentions(citations: Iterable[Citation]) -> Iterator[_Sure]:
    for citation in citations:
        if citation.code and "code" not in citation.uncertain:
            day = None if "issued_on" in citation.uncertain else citation.issued_on
            yield _Sure(citation.code, day, citation.issuer)


def _confirmed(citation: Citation, sure: Iterable[_Sure]) -> Citation:
    """`citation` without the doubts about digits that a sure mention has as well."""
    if not citation.uncertain or not citation.code:
        return citation
    alike = [other for other in sure if other.code == citation.code and _may_be_one(citation.issuer, other.issuer)]
    dispelled = set()
    if any(not other.day or not citation.issued_on or other.day == citation.issued_on for other in alike):
        dispelled.add("code")
    if any(other.day == citation.issued_on for other in alike):
        dispelled.add("issued_on")
    return replace(citation, uncertain=tuple(name for name in citation.uncertain if name not in dispelled))


def _contradicted(citation: Citation, sure: Iterable[_Sure]) -> Iterator[Unread]:
    """What sure mentions that are alike in all else have in the place of doubtful digits."""
    code, day = citation.code, citation.issued_on
    if not code or not day or len(day) != _WHOLE_DAY or not set(citation.uncertain) & {"code", "issued_on"}:
        return
    others = [other for other in sure if other.day and _may_be_one(citation.issuer, other.issuer)]
    if "code" in citation.uncertain and citation.code_span:
        found = sorted({other.code for other in others if other.day == day and _is_misread(code, other.code)})
        if found:
            yield Unread(kind="code", start=citation.code_span[0], end=citation.code_span[1], reason=_other(found))
    if "issued_on" in citation.uncertain and citation.date_span:
        found = sorted({str(other.day) for other in others if other.code == code and other.day != day})
        if found:
            start, end = citation.date_span
            yield Unread(kind="issued_on", start=start, end=end, reason=_other(found))


def _other(readings: Sequence[str]) -> str:
    return OTHER + ", ".join(readings)


def _may_be_one(issuer: str | None, other: str | None) -> bool:
    return issuer == other or not issuer or not other


def _is_misread(code: str, other: str) -> bool:
    """Whether two codes differ in a few digits of their numbers and in nothing else."""
    one, two = parse_symbol(code), parse_symbol(other)
    if not one or not two or not one.number or not two.number or one.symbol != two.symbol or one.year != two.year:
        return False
    if len(one.number) != len(two.number):
        return False
    return sum(a != b for a, b in zip(one.number, two.number, strict=True)) == _ALIKE

"""Citations (viện dẫn): every mention of one identified document, with its number or, for a law, by its name.

Codes and names of laws are found first; what belongs to each (kind, date, issuer, pinpoint, relation) is read in the
words around it, never across a sentence.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from extract.bodies import by_letters
from extract.dates import NUMERIC, WORDS, day_of
from extract.issuer_words import issuer_after
from extract.issuers import Namer
from extract.laws import Law, date_after, find_laws
from extract.locate import SectionIndex
from extract.pinpoints import pinpoint_before
from extract.records import Citation, Header, Layout, Relation, Section, Span
from extract.relations import CueDecider, Mention, Place, RelationDecider
from extract.short_forms import short_mentions
from extract.symbols import Symbol, parse_symbol
from extract.text import View
from extract.type_words import TypeWords, refused_before, words_before

_GROUP = r"[A-ZĐƯ][A-Za-z0-9ĐđƯư&]*(?![^\W_])"
_NEXT = rf"(?:[-/.](?={_GROUP})|\s?[-/]\s?(?=[A-ZĐƯ]{{2}}|TTg|TTr))"
_CODE = re.compile(
    r"[0-9]{1,6}(?:\.[0-9]{1,3})?(?:bis|[a-eđA-EĐ])? ?[-/] ?(?:(?:19|20)[0-9]{2} ?[-/] ?)?"
    rf"{_GROUP}(?:{_NEXT}{_GROUP})*"
)
_BLANK = re.compile(rf"[ốô]:?[ ._]*[-/] ?{_GROUP}(?:{_NEXT}{_GROUP})*")
_UNREADABLE = re.compile(rf"[ốô]:? (?P<number>[^\s/]*[^\s/\w.-][^\s/]*)/{_GROUP}(?:{_NEXT}{_GROUP})*")
_GLUED_REST = re.compile(r" [A-ZĐ]{2,6}(?= ngày| của|[,;.)])")
_DATE = re.compile(
    r"[,\s]{0,2}\(?(?:ban hành |ký )?(?:ngày |ngày|NGÀY )(?:" + NUMERIC + "|"
    + WORDS.replace("?P<d>", "?P<d2>").replace("?P<m>", "?P<m2>").replace("?P<y>", "?P<y2>") + r")\)?"
)
_BLANK_DATE = re.compile(r"[,\s]{0,2}ngày[\s.…_/]*(?:tháng[\s.…_]*(?P<m>\d{0,2})[\s.…_]*)?(?:năm[\s.…_]*(?P<y>\d{4})?)?")
_ODD_DATE = re.compile(r"[,\s]{0,2}ngày \d{1,2}\s?[/.-]\s?\d{1,2}(?:\s?[/.-]\s?\d{1,6})?")
_SENTENCE = re.compile(r"(?<![.\d\s])\.(?=\s+[^a-zđ\s])|(?<=[\d)])\.(?=\s+[A-ZĐ])|(?<![;,:])\n")
_REACH = 300


@dataclass(slots=True)
class _Found:
    """What was read of one citation, in offsets of the view."""

    start: int
    end: int
    doc_type: str | None
    symbol: Symbol | None
    code: Span | None
    name: str | None = None
    issued_on: str | None = None
    date: Span | None = None
    issuer: Span | None = None
    enumerated: bool = False
    plural: bool = False
    law: Law | None = None
    rule: str = "code"


def find_citations(
    view: View,
    layout: Layout,
    header: Header,
    sections: Sequence[Section],
    namer: Namer,
    decider: RelationDecider | None = None,
) -> tuple[Citation, ...]:
    """The citations of the official document in reading order.

    `decider` gives the relations (by default the cue words); `namer` the full names of issuers.
    """
    found = list(_found(view, layout, header))
    _share(view.text, found)
    writer = _Writer(view, layout, header, sections, namer, decider or CueDecider())
    return writer.write(found)


def _found(view: View, layout: Layout, header: Header) -> Iterator[_Found]:
    text = view.text
    shut = _shut(view, layout, header)
    laws = find_laws(text, layout.start, layout.end)
    starts = [law.start for law in laws]
    items: list[_Found] = []
    taken: set[int] = set()
    done = layout.start
    for begin, end, symbol in _codes(text, layout):
        if begin < done or _inside(shut, begin):
            continue
        item = _coded(text, begin, end, symbol, max(done, layout.start), laws, starts, taken, items)
        if item:
            items.append(item)
            done = item.end
    for i, law in enumerate(laws):
        if i not in taken and not _inside(shut, law.start):
            items.append(_named(text, law, layout.end))
    items += _short(text, layout, items, shut)
    items.sort(key=lambda item: item.start)
    last = -1
    for item in items:
        if item.start >= last:
            yield item
            last = item.end


def _short(text: str, layout: Layout, items: list[_Found], shut: list[Span]) -> list[_Found]:
    """`Nghị quyết 101` where exactly one cited document of that kind and number is meant."""
    known: dict[tuple[str | None, str], dict[str, _Found]] = {}
    for item in items:
        if item.symbol and item.symbol.code and item.symbol.number:
            same = known.setdefault((item.doc_type, item.symbol.number.lstrip("0")), {})
            same.setdefault(item.symbol.key, item)
    found = []
    for begin, end, kind, number in short_mentions(text, layout.start, layout.end) if known else ():
        works = known.get((kind, number.lstrip("0")), {})
        if len(works) != 1 or _inside(shut, begin) or any(i.start <= begin < i.end for i in items):
            continue
        (work,) = works.values()
        if work.start < begin and work.symbol is not None:
            code = (end - len(number), end)
            found.append(_Found(begin, end, work.doc_type, work.symbol, code, rule="short"))
    return found


def _shut(view: View, layout: Layout, header: Header) -> list[Span]:
    """The parts of the view in which nothing is cited: the recipients and the document's own number."""
    shut = [*layout.signatures]
    if layout.recipients:
        shut.append(layout.recipients)
    for field in ("code", "symbol", "number"):
        if field in header.spans:
            a, b = header.spans[field]
            shut.append((view.from_source(a), view.from_source(max(a, b - 1)) + 1))
    return shut


def _inside(spans: list[Span], at: int) -> bool:
    return any(start <= at < end for start, end in spans)


def _codes(text: str, layout: Layout) -> Iterator[tuple[int, int, Symbol]]:
    """Everything in the text that is printed like a code, blank and unreadable numbers too, in order."""
    hits: list[tuple[int, int, Symbol]] = []
    for match in _CODE.finditer(text, layout.start, layout.end):
        begin, end = match.span()
        before = text[begin - 1 : begin]
        if before.isalnum() or before in ("/", "-", "_", "+") or (before in ".," and text[begin - 2 : begin - 1].isdigit()):
            continue
        symbol = parse_symbol(match.group())
        if symbol and symbol.malformed == "hyphen-missing" and (rest := _GLUED_REST.match(text, end)):
            longer = parse_symbol(text[begin : rest.end()])
            if longer:
                symbol, end = longer, rest.end()
        if symbol:
            hits.append((begin, end, symbol))
    for pattern in (_BLANK, _UNREADABLE):
        for match in pattern.finditer(text, layout.start, layout.end):
            slash = max(match.group().find("/"), match.group().find("-", 1)) if pattern is _BLANK else match.group().rfind("/")
            slash = re.search(r"[-/]", match.group()[1:]).start() + 1 if pattern is _BLANK else match.end("number") - match.start()  # type: ignore[union-attr]
            symbol = parse_symbol(match.group()[slash:])
            if symbol and (symbol.type_letters or symbol.unit):
                begin = match.start() + slash if pattern is _BLANK else match.start("number")
                hits.append((begin, match.end(), symbol))
    hits.sort(key=lambda hit: hit[0])
    return iter(hits)


def _coded(
    text: str,
    begin: int,
    end: int,
    symbol: Symbol,
    floor: int,
    laws: list[Law],
    starts: list[int],
    taken: set[int],
    items: list[_Found],
) -> _Found | None:
    line = text.rfind("\n", floor, begin) + 1
    low = max(floor, line)
    words = words_before(text, begin, low, symbol.doc_type)
    law = _law_before(text, begin, words, laws, starts)
    previous = items[-1] if items else None
    follows = previous is not None and _continues(text, previous.end, words.start)
    if law is None and not _accepted(text, begin, symbol, words, follows):
        return None
    item = _Found(words.start, end, _type_of(symbol, words, law is not None, previous if follows else None), symbol, (begin, end))
    item.plural = words.plural
    if law is not None:
        item.start, item.law = laws[law].start, laws[law]
        taken.add(law)
    item.enumerated = not words.named and law is None
    _attributes(text, item)
    return item


def _law_before(text: str, begin: int, words: TypeWords, laws: list[Law], starts: list[int]) -> int | None:
    """The index of the law whose name ends right before the number's word `số`."""
    i = bisect_right(starts, begin) - 1
    if i < 0:
        return None
    at = words.number_word if words.number_word >= 0 else begin
    if laws[i].end <= at and text[laws[i].end : at].strip(" ,:(") == "":
        return i
    return None


def _continues(text: str, end: int, start: int) -> bool:
    """Whether a citation at `start` goes on with the list of the one that ends at `end`: same sentence."""
    return 0 <= start - end <= 400 and not _SENTENCE.search(text, end, start)


def _accepted(text: str, begin: int, symbol: Symbol, words: TypeWords, follows: bool) -> bool:
    """Whether what is printed like a code is one here: words or a list say so, or its form leaves no doubt."""
    if symbol.number is None or symbol.code is None:
        return words.named
    if refused_before(text, begin):
        return False
    if words.named:
        return True
    if symbol.family == "assembly":
        return symbol.year is not None
    if symbol.type_letters and symbol.issuer:
        return words.number_word >= 0 or symbol.year is not None or follows or len(symbol.issuer) > 1
    return bool(symbol.unit) and (words.number_word >= 0 or follows) and symbol.issuer[:2].isupper()


_BY_SENSE = {("QyĐ", "QĐ"), ("TTr", "TT"), ("CTr", "CT"), ("KL", "TB"), ("NQLT", "NQ")}


def _type_of(symbol: Symbol, words: TypeWords, is_law: bool, previous: _Found | None) -> str | None:
    if is_law:
        return "LUAT"
    if symbol.doc_type is None:
        if words.doc_type:
            return words.doc_type
        if previous and previous.symbol and previous.symbol.doc_type is None:
            return previous.doc_type
        return "NQ" if symbol.issuer.startswith("UBTVQH") else None
    if words.doc_type is None or words.doc_type == symbol.doc_type:
        return symbol.doc_type
    if words.doc_type == "CV" or (symbol.doc_type == "TT" and words.doc_type == "TTh"):
        return symbol.doc_type
    return words.doc_type


def _named(text: str, law: Law, limit: int) -> _Found:
    item = _Found(law.start, law.end, law.doc_type, None, None, name=law.name, law=law, rule="law")
    dated = date_after(text, law.end, limit)
    if dated:
        item.date = (law.end, dated[0])
        item.end, item.issued_on = dated
    return item


def _attributes(text: str, item: _Found) -> None:
    """Reads date and issuer after the code, in either order."""
    limit = min(len(text), item.end + _REACH)
    for _ in range(2):
        if item.date is None and _read_date(text, item, limit):
            continue
        if item.issuer is None and (name := issuer_after(text, item.end, limit)):
            item.issuer = name
            item.end = name[1]
            continue
        break


def _read_date(text: str, item: _Found, limit: int) -> bool:
    match = _DATE.match(text, item.end, limit)
    if match:
        numeric = re.search(NUMERIC, match.group()) or re.search(WORDS, match.group())
        assert numeric is not None
        end = match.end() - (match.group().endswith(")") and "(" not in match.group())
        item.date, item.issued_on = (match.start() + len(match.group()) - len(match.group().lstrip(" ,(")), end), day_of(numeric).edtf
        item.end = end
        return True
    odd = _ODD_DATE.match(text, item.end, limit)
    if odd:
        item.end = odd.end()
        return False
    blank = _BLANK_DATE.match(text, item.end, limit)
    if blank and ("tháng" in blank.group() or "năm" in blank.group() or "/" in blank.group()):
        item.end = blank.start() + len(blank.group().rstrip(" .…_"))
        return True
    return False


def _share(text: str, found: list[_Found]) -> None:
    """A date or an issuer at the end of an enumeration goes back over the numbers that have none."""
    for i in range(len(found) - 1, 0, -1):
        one, nxt = found[i - 1], found[i]
        if one.symbol is None or nxt.symbol is None or not nxt.enumerated:
            continue
        gap = text[one.end : nxt.start]
        if one.date is None and nxt.date is not None and gap.strip() in ("và", ",", ", và", "và số"):
            if one.issuer is None:
                one.issued_on = nxt.issued_on


class _Writer:
    """Turns what was found into records: section, issuer, relation."""

    def __init__(
        self,
        view: View,
        layout: Layout,
        header: Header,
        sections: Sequence[Section],
        namer: Namer,
        decider: RelationDecider,
    ) -> None:
        self.view, self.layout, self.header, self.namer, self.decider = view, layout, header, namer, decider
        self.index = SectionIndex(sections)
        self.first_section = min((view.from_source(s.start) for s in sections), default=layout.end)
        self.own_key = (s.key if header.code and (s := parse_symbol(header.code)) else None)
        self.own_symbol = header.symbol
        self.issuers: dict[str, str] = {}

    def write(self, found: list[_Found]) -> tuple[Citation, ...]:
        for item in found:
            if item.symbol and item.issuer and item.symbol.code:
                name = self.namer.from_text(self.view.text[item.issuer[0] : item.issuer[1]], item.doc_type)
                if name:
                    self.issuers.setdefault(_mention_key(item), name)
            elif item.symbol and item.symbol.year and item.symbol.code and len(item.symbol.issuer) > 4:
                name = self.namer.from_symbol(item.doc_type, item.symbol.code)
                if name:
                    self.issuers.setdefault(_head_key(item), name)
        citations: list[Citation] = []
        previous: _Found | None = None
        relation: Relation | None = None
        base: Relation | None = None
        for i, item in enumerate(found):
            if previous and self._hidden(previous, item):
                continue
            same = previous is not None and not _SENTENCE.search(self.view.text, previous.end, item.start)
            if not same:
                relation = base = None
            citation, decided, rule = self._one(item, previous if same else None, relation, base, found, i)
            if rule not in ("relations/title", "relations/list", "relations/amended-by", "relations/alias"):
                base = decided
            previous, relation = item, decided
            if not (citation.is_self and decided == "mentions" and self._outside(item.start)):
                citations.append(citation)
        return tuple(citations)

    def _outside(self, at: int) -> bool:
        """Before the preamble or after the signature, where a site's furniture names the document itself."""
        return at < self.layout.body or at >= self.layout.signature

    def _hidden(self, previous: _Found, item: _Found) -> bool:
        """A law named in the name of an amending one that is cited by number."""
        if item.law is None or item.symbol is not None or previous.doc_type != "LUAT":
            return False
        gap = self.view.text[previous.end : item.start]
        return bool(re.match(r" (?:về )?(?:sửa đổi|bổ sung)", gap)) and not _SENTENCE.search(gap) and ";" not in gap

    def _one(
        self,
        item: _Found,
        previous: _Found | None,
        relation: Relation | None,
        base: Relation | None,
        found: list[_Found],
        i: int,
    ) -> tuple[Citation, Relation, str]:
        view, text = self.view, self.view.text
        floor = previous.end if previous else max(self.layout.start, item.start - _REACH)
        pin = pinpoint_before(text, item.start, floor)
        at = pin[0] if pin else item.start
        before, above = self._before(at)
        decided, rule = self.decider.decide(
            Mention(
                before=before,
                above=above,
                after=self._after(item.end),
                place=self._place(item.start),
                doc_type=item.doc_type,
                pinpoint=pin is not None,
                gap=text[previous.end : at] if previous else None,
                previous=relation,
                base=base,
            )
        )
        symbol = item.symbol
        start, end = view.span(item.start, item.end)
        is_self = self._is_self(item, decided)
        citation = Citation(
            start=start,
            end=end,
            by=f"rule:citations/{item.rule} {rule}",
            doc_type=item.doc_type,
            code=symbol.code if symbol else None,
            code_text=view.quote(*item.code) if item.code else None,
            name=item.name or (item.law.name if item.law else None),
            issued_on=item.issued_on,
            issuer=self._issuer(item, is_self, found, i),
            issuer_text=view.quote(*item.issuer) if item.issuer else None,
            pinpoint=pin[1] if pin else None,
            is_self=is_self,
            section=self.index.path_at(start),
            relation=decided,
            code_span=view.span(*item.code) if item.code else None,
            date_span=view.span(*item.date) if item.date else None,
            issuer_span=view.span(*item.issuer) if item.issuer else None,
        )
        return citation, decided, rule

    def _before(self, at: int) -> tuple[str, str]:
        """The words of the sentence before `at`, up to some 300, and the line above where only a line's end broke it."""
        text = self.view.text
        low = max(self.layout.start, at - _REACH)
        begin, mark = low, ""
        for match in _SENTENCE.finditer(text, low, at):
            begin, mark = match.end(), match.group()
        above = text[max(low, text.rfind("\n", low, begin - 1) + 1) : begin - 1] if mark == "\n" else ""
        return text[begin:at], above

    def _after(self, at: int) -> str:
        """The words of the sentence after `at`."""
        text = self.view.text
        stop = _SENTENCE.search(text, at, at + _REACH + 100)
        return text[at : stop.start() if stop else at + _REACH + 100]

    def _place(self, at: int) -> Place:
        if at < self.layout.body:
            return "title"
        if at >= self.layout.annex > self.layout.body and self.layout.annex < self.layout.end:
            return "annex"
        return "preamble" if at < self.first_section else "body"

    def _is_self(self, item: _Found, relation: Relation) -> bool:
        symbol = item.symbol
        if symbol is None:
            return False
        if symbol.code is None:
            return relation == "attached_to" and symbol.symbol == self.own_symbol
        return self.own_key is not None and symbol.key == self.own_key and self._same_day(item)

    def _same_day(self, item: _Found) -> bool:
        mine, other = self.header.issued_on or "", item.issued_on or ""
        return not mine or not other or mine[:4] == other[:4]

    def _issuer(self, item: _Found, is_self: bool, found: list[_Found], i: int) -> str | None:
        if item.symbol is None or item.doc_type == "LUAT":
            return "Ủy ban Thường vụ Quốc hội" if item.doc_type == "PL" else "Quốc hội"
        if item.issuer:
            printed = self.view.text[item.issuer[0] : item.issuer[1]]
            body = self._body_of_place(item) if _PLACE_ALONE.match(printed) else ""
            name = self.namer.from_text(f"{body}{printed}", item.doc_type)
            if name:
                return name
        if is_self and self.header.issuer:
            return self.header.issuer
        known = self.issuers.get(_mention_key(item)) or (
            self.issuers.get(_head_key(item)) if not item.symbol.issuer and item.symbol.year else None
        )
        if known:
            return known
        shared = self._shared(item, found, i)
        if shared:
            return shared
        return self.namer.from_symbol(item.doc_type, item.symbol.code or "0/" + item.symbol.symbol)

    def _body_of_place(self, item: _Found) -> str:
        """The body that the letters name, where only its place is printed (`Kế hoạch số 16/KH-MTTQ-BTT của tỉnh`)."""
        bodies = by_letters(item.doc_type, item.symbol.code or "", None) if item.symbol else []
        return f"{bodies[0].name} " if len(bodies) == 1 else ""

    def _shared(self, item: _Found, found: list[_Found], i: int) -> str | None:
        """The issuer at the end of the enumeration, where its letters are the same."""
        for later in found[i + 1 : i + 12]:
            gap = self.view.text[item.end : later.start]
            if later.symbol is None or item.symbol is None or later.symbol.issuer != item.symbol.issuer:
                return None
            if len(gap) > 60 or _SENTENCE.search(gap):
                return None
            if later.issuer:
                return self.namer.from_text(self.view.text[later.issuer[0] : later.issuer[1]], later.doc_type)
            item = replace(item, end=later.end)
        return None


_PLACE_ALONE = re.compile(r"(?:[Tt]ỉnh|[Tt]hành phố|[Hh]uyện|[Xx]ã|[Pp]hường)(?: [A-ZĐ]|\Z)")


def _head_key(item: _Found) -> str:
    """Number, year and kind: enough for a document whose letters were cut short (`102/2025/NQLT`)."""
    assert item.symbol is not None
    return f"{item.symbol.number}|{item.symbol.year}|{item.doc_type}"


def _mention_key(item: _Found) -> str:
    assert item.symbol is not None
    return f"{item.symbol.key}|{item.doc_type}"

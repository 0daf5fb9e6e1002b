"""Citations (viện dẫn): every mention of one identified document, with its number or, for a law, by its name.

`extract.mentions` finds them with what belongs to each; here they get their section, issuer, pinpoint and relation.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from functools import lru_cache

from extract.bodies import by_letters, clean, full_words, name_of, without_person
from extract.issuer_words import name_end
from extract.issuers import Namer
from extract.locate import SectionIndex
from extract.mentions import Found, find_mentions
from extract.pinpoints import pinpoint_before
from extract.records import Citation, Header, Layout, Relation, Section, Span
from extract.relations import CueDecider, Mention, Place, RelationDecider
from extract.scanned import mended, restored
from extract.sentences import is_one_sentence, sentence_end, sentence_start
from extract.symbols import Symbol, latin, parse_symbol
from extract.text import View
from extract.type_words import fold
from rules.loader import words

_REACH = 300
_BY_KIND = {"LUAT": "Quốc hội", "PL": "Ủy ban Thường vụ Quốc hội"}
_JOINED = re.compile(r" ?- ?(?=Bộ [A-ZĐ])")
_OFFICE = re.compile(r"(?:BỘ TRƯỞNG|CHỦ TỊCH|GIÁM ĐỐC|[Ll]iên|LIÊN) (?=[A-ZĐỦ])")
_LIST_LENGTH = 12
_SHORT_GAP = 60
_MARKER_LENGTH = 12
_SIBLINGS = 60
_NAME_REACH = 110
_LINK = re.compile(r"(?: tại(?: các)? | \()\Z")
_DEPARTMENT = re.compile(r"(?<=[/-])So(?=[A-ZĐ]{2})")
"""`SoNNMT` for `SNNMT`."""
_PLACE_ALONE = re.compile(r"(?:[Tt]ỉnh|[Tt]hành phố|[Hh]uyện|[Xx]ã|[Pp]hường)(?: [A-ZĐ]|\Z)")
_AMENDING = re.compile(r" (?:về )?(?:việc )?(?:sửa đổi|bổ sung)")
_CAPITALS = re.compile(
    r"(?:CHỦ TỊCH )?(?P<body>UBND|HĐND|[UỦ][ỶY] BAN NHÂN DÂN|HỘI ĐỒNG NHÂN DÂN)"
    r" (?P<kind>TỈNH|THÀNH PHỐ|HUYỆN|QUẬN|THỊ XÃ|THỊ TRẤN|XÃ|PHƯỜNG|ĐẶC KHU)(?: (?P<place>[^a-z]+))?"
)
_BASIS_LINE = re.compile(r"Căn cứ (?:các )?")
_BASIS_END = re.compile(r"[^;\n]{0,400};\s*\n")
_INHERITED = frozenset({f"relations/{rule}" for rule in ("title", "list", "amended-by", "alias", "others-act")})
"""Rules after which the cue of the sentence still governs what follows."""


def find_citations(
    view: View,
    layout: Layout,
    header: Header,
    sections: Sequence[Section],
    namer: Namer,
    decider: RelationDecider | None = None,
) -> tuple[Citation, ...]:
    """The citations of the official document in reading order.

    `namer` gives the full names of issuers; `decider` the relations (by default the cue words).
    """
    text = _readable(view)
    found = find_mentions(text, layout, _shut(view, layout, header))
    return _Writer(view, text, layout, header, sections, namer, decider or CueDecider()).write(found)


def _in_small_letters(name: str) -> str:
    """A committee or council of a place in capitals as it is else written (`UBND TỈNH QUẢNG NAM`)."""
    match = _CAPITALS.fullmatch(name)
    if not match:
        return name
    body = match["body"] if " " not in match["body"] else match["body"].capitalize()
    return f"{body} {match['kind'].lower()} {(match['place'] or '').title()}".rstrip()


@lru_cache(maxsize=4096)
def _without_office(name: str) -> str:
    """The bodies that `name` lists, without the office that signs for one, in usual letters."""
    name = _OFFICE.sub("", _in_small_letters(name)).replace(" ủy ban ", " Ủy ban ")
    return _JOINED.sub(", ", name)


def _readable(view: View) -> str:
    return latin(restored(view.text))


def _shut(view: View, layout: Layout, header: Header) -> list[Span]:
    """The parts of the view in which nothing is cited: the recipients and the document's own number."""
    shut = [*layout.signatures]
    if layout.recipients:
        shut.append(layout.recipients)
    for field in ("code", "symbol", "number"):
        if field in header.spans:
            start, end = header.spans[field]
            shut.append((view.from_source(start), view.from_source(max(start, end - 1)) + 1))
    return shut


class _Writer:
    """Turns mentions into records."""

    def __init__(
        self,
        view: View,
        text: str,
        layout: Layout,
        header: Header,
        sections: Sequence[Section],
        namer: Namer,
        decider: RelationDecider,
    ) -> None:
        self.view, self.text, self.layout, self.header = view, text, layout, header
        self.namer, self.decider = namer, decider
        self.index = SectionIndex(sections)
        self.sections = sections
        self.section_starts = [section.start for section in sections]
        first = min((section.start for section in sections), default=None)
        self.first_section = layout.end if first is None else view.from_source(first)
        own = parse_symbol(header.code) if header.code else None
        self.own_key = own.key if own else None
        self.names: dict[tuple[str, str | None], str | None] = {}
        self.issuers: dict[str, str] = {}
        self.scanned = False

    def write(self, found: list[Found]) -> tuple[Citation, ...]:
        self._learn_issuers(found)
        self.scanned = any(not item.exact for item in found)
        citations: list[Citation] = []
        previous: Found | None = None
        relation: Relation | None = None
        base: Relation | None = None
        for i, item in enumerate(found):
            same = previous is not None and is_one_sentence(self.text, previous.end, item.start)
            if previous and same and self._is_in_amending_name(previous, item):
                continue
            if not same:
                relation = base = None
            mention, pinpoint = self._mention(item, previous if same else None, relation, base)
            relation, rule = self.decider.decide(mention)
            base = base if rule in _INHERITED and base else relation
            previous = item
            citation = self._citation(item, relation, rule, pinpoint, self._issuer(item, relation, found, i))
            if not (citation.is_self and relation == "mentions" and self._is_outside(item.start)):
                citations.append(citation)
        return tuple(citations)

    def _mention(
        self, item: Found, previous: Found | None, relation: Relation | None, base: Relation | None
    ) -> tuple[Mention, str | None]:
        """What tells the relation of `item`, and its pinpoint."""
        text = self.text
        floor = previous.end if previous else max(self.layout.start, item.start - _REACH)
        pinpoint = pinpoint_before(text, item.start, floor)
        at = pinpoint[0] if pinpoint else item.start
        low = max(self.layout.start, at - _REACH)
        begin = sentence_start(text, low, at)
        broken = begin > low and text[begin - 1] == "\n"
        read = mended if self.scanned else str
        mention = Mention(
            before=read(text[begin:at]),
            after=text[item.end : sentence_end(text, item.end, item.end + _REACH)],
            place=self._place(item.start) if pinpoint else self._place_of_basis(item),
            doc_type=item.doc_type,
            pinpoint=pinpoint is not None,
            above=read(text[max(low, text.rfind("\n", low, begin - 1) + 1) : begin - 1]) if broken else "",
            heading=self._heading_above(item.start),
            title=self._title(item.start),
            gap=read(text[previous.end : at]) if previous else None,
            previous=relation,
            base=base,
        )
        return mention, pinpoint[1] if pinpoint else None

    def _heading_above(self, at: int) -> str:
        """The words of the unit above, where the citation begins its own (`Bãi bỏ ...: 1. Quyết định số ...`)."""
        place = self.view.to_source(at)
        i = bisect_right(self.section_starts, place) - 1
        if i < 0 or place - self.section_starts[i] > _MARKER_LENGTH:
            return ""
        above = self.sections[i].path.rpartition("/")[0]
        for other in reversed(self.sections[max(0, i - _SIBLINGS) : i]):
            if other.path == above:
                start = self.view.from_source(other.start)
                return self.text[start : min(at, start + _REACH)]
        return ""

    def _citation(
        self, item: Found, relation: Relation, rule: str, pinpoint: str | None, issuer: str | None
    ) -> Citation:
        view, symbol = self.view, item.symbol
        start, end = view.span(item.start, item.end)
        return Citation(
            start=start,
            end=end,
            by=f"rule:citations/{item.rule} {rule}",
            doc_type=item.doc_type,
            code=symbol.code if symbol else None,
            code_text=view.quote(*item.code) if item.code else None,
            name=item.law.name if item.law else None,
            issued_on=item.issued_on,
            issuer=issuer,
            issuer_text=view.quote(*item.issuer) if item.issuer else None,
            pinpoint=pinpoint,
            is_self=self._is_self(item, relation),
            section=self.index.path_at(start),
            relation=relation,
            code_span=view.span(*item.code) if item.code else None,
            date_span=view.span(*item.date) if item.date else None,
            issuer_span=view.span(*item.issuer) if item.issuer else None,
        )

    def _place(self, at: int) -> Place:
        layout = self.layout
        if at < layout.body:
            return "title"
        if layout.body < layout.annex <= at:
            return "annex"
        return "preamble" if at < self.first_section else "body"

    def _place_of_basis(self, item: Found) -> Place:
        """The place of `item`; a line of a preamble that comes after the first unit, as in consolidated texts, too."""
        place, text = self._place(item.start), self.text
        if place != "body" or not _BASIS_LINE.fullmatch(text, text.rfind("\n", 0, item.start) + 1, item.start):
            return place
        return "preamble" if _BASIS_END.match(text, item.end) else place

    def _title(self, at: int) -> str:
        """The title of the unit that holds `at`."""
        i = bisect_right(self.section_starts, self.view.to_source(at)) - 1
        return self.sections[i].title if i >= 0 else ""

    def _is_outside(self, at: int) -> bool:
        """Before the preamble or after the signature, where a site's furniture names the document itself."""
        return at < self.layout.body or at >= self.layout.signature

    def _is_in_amending_name(self, previous: Found, item: Found) -> bool:
        """A law named in the name of an amending one that is cited by its number."""
        if item.law is None or item.symbol is not None or previous.doc_type != "LUAT":
            return False
        gap = self.text[previous.end : item.start]
        return bool(_AMENDING.match(gap)) and ";" not in gap

    def _is_self(self, item: Found, relation: Relation) -> bool:
        symbol = item.symbol
        if symbol is None:
            return False
        if symbol.code is None:
            return relation == "attached_to" and symbol.symbol == self.header.symbol
        mine, other = self.header.issued_on or "", item.issued_on or ""
        return symbol.key == self.own_key and (not mine or not other or mine[:4] == other[:4])

    def _issuer(self, item: Found, relation: Relation, found: list[Found], i: int) -> str | None:
        """The issuer's full name: as printed, else as printed elsewhere in the document, else by the letters."""
        symbol = item.symbol
        if item.doc_type in _BY_KIND:
            return _BY_KIND[item.doc_type]
        if symbol is None:
            return None
        if item.issuer and (name := self._printed(item, symbol)):
            return name
        if self.header.issuer and self._is_self(item, relation):
            return self.header.issuer
        known = self.issuers.get(_key(item, symbol))
        if known is None and symbol.year and not symbol.issuer:
            known = self.issuers.get(_head_key(item, symbol))
        known = known or self._at_list_end(item, symbol, found, i)
        if known:
            return known
        lettered = self._by_letters(item, symbol)
        before = self._named_before(item)
        if before and (lettered is None or _body(before) == _body(lettered)):
            return before
        return lettered or self._own(symbol)

    def _named_before(self, item: Found) -> str | None:
        """The body in `của UBND tỉnh Hòa Sơn tại Công văn số ...` or `của UBND tỉnh Hòa Sơn (Công văn số ...`."""
        low = max(self.layout.start, item.start - _NAME_REACH)
        link = _LINK.search(self.text, low, item.start)
        begin = self.text.rfind(" của ", low, link.start()) if link else -1
        if link is None or begin < 0 or name_end(self.text, begin + 5, link.start()) != link.start():
            return None
        return self.namer.from_text(self.text[begin + 5 : link.start()], item.doc_type)

    def _own(self, symbol: Symbol) -> str | None:
        """This document's own issuer, where the letters are the same and no other body is named."""
        own = parse_symbol(self.header.code or "/" + (self.header.symbol or ""))
        return self.header.issuer if own and own.issuer == symbol.issuer and symbol.issuer else None

    def _learn_issuers(self, found: list[Found]) -> None:
        """Issuers by the codes that they are printed with: a later mention may lack the name."""
        for item in found:
            symbol = item.symbol
            if symbol is None or symbol.code is None:
                continue
            name = self._printed(item, symbol) if item.issuer else None
            if name:
                self.issuers.setdefault(_key(item, symbol), name)
            elif symbol.year and len(symbol.issuer) > 1 and (name := self._by_letters(item, symbol)):
                self.issuers.setdefault(_head_key(item, symbol), name)

    def _printed(self, item: Found, symbol: Symbol) -> str | None:
        """The name of the printed issuer; that of the letters where print fails (`Bộ Quôc phòng`, `liên Bộ`)."""
        if item.issuer is None:
            return None
        printed = _without_office(self.text[item.issuer[0] : item.issuer[1]])
        if _PLACE_ALONE.match(printed):
            bodies = by_letters(item.doc_type, symbol.code or "", None)
            printed = f"{bodies[0].name} {printed}" if len(bodies) == 1 else printed
        name = self._named(printed, item.doc_type)
        if name is None or not (
            name.startswith("Bộ")
            or fold(name).startswith(words("bodies.toml", "named_by_letters.names"))
            or "-" in symbol.issuer
        ):
            return name
        lettered = self._by_letters(item, symbol)
        if lettered is None or lettered == name:
            return name
        slips = name_of(name) is None and lettered.count(",") == 0 and fold(lettered)[:3] == fold(name)[:3]
        return lettered if slips or lettered.count(" Bộ ") > name.count(" Bộ ") else name

    def _named(self, printed: str, doc_type: str | None) -> str | None:
        central = _central(printed)
        if central:
            return central
        key = (printed, doc_type)
        if key not in self.names:
            self.names[key] = self.namer.from_text(printed[:1].upper() + printed[1:], doc_type)
        return self.names[key]

    def _by_letters(self, item: Found, symbol: Symbol) -> str | None:
        key = ("/" + symbol.symbol, str(symbol.year))
        if key not in self.names:
            code = _DEPARTMENT.sub("S", symbol.code or f"0/{symbol.symbol}")
            self.names[key] = self.namer.from_symbol(item.doc_type, code)
        return self.names[key]

    def _at_list_end(self, item: Found, symbol: Symbol, found: list[Found], i: int) -> str | None:
        """The issuer at the end of an enumeration of the same letters (`số 1/..., số 2/... của UBND tỉnh`)."""
        end = item.end
        for later in found[i + 1 : i + _LIST_LENGTH]:
            if later.symbol is None or later.symbol.issuer != symbol.issuer or later.start - end > _SHORT_GAP:
                return None
            if not is_one_sentence(self.text, end, later.start):
                return None
            if later.issuer:
                return self._printed(later, later.symbol)
            end = later.end
        return None


@lru_cache(maxsize=4096)
def _central(printed: str) -> str | None:
    """The name of a body of the centre, which is the same in every document; None for any other."""
    named = name_of(without_person(full_words(clean(printed))))
    return named.name if named and named.scope == "central" else None


def _body(name: str) -> str:
    """What tells that two names are of one kind of body: the words before the place."""
    return re.split(r" (?:tỉnh|thành phố|Thành phố|huyện|quận|thị xã|xã|phường|thị trấn|đặc khu) ", name)[0]


def _key(item: Found, symbol: Symbol) -> str:
    return f"{symbol.key}|{item.doc_type}"


def _head_key(item: Found, symbol: Symbol) -> str:
    """Number, year and kind: enough for a document whose letters were cut short (`102/2025/NQLT`)."""
    return f"{symbol.number}|{symbol.year}|{item.doc_type}"

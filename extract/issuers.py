"""The full name of a body, as a careful reader of this document would give it.

`Namer.from_text` completes what is printed (`UBND tỉnh` in a plan of a commune of Lạng Sơn is `UBND tỉnh Lạng Sơn`);
`Namer.from_symbol` reads the letters of a symbol (`113/KH-STTTT`). What the document does not tell stays untold.
"""

from __future__ import annotations

import re
from functools import cache

from extract.bodies import by_letters, clean, full_words, joined_bodies, name_of, without_person
from extract.places import UNIT, UNIT_AT_END, bare_kind, proper
from extract.records import Header
from rules.loader import document, pattern, words
from rules.units import LEVEL_OF_KIND, NAMING_KIND, Gazetteer, key_of

_OF = re.compile(r"(?:,? (?:của|thuộc|trực thuộc) |,? (?=(?:tỉnh|huyện|xã|phường)\Z))")
_PARTY_SEAT = re.compile(r"(?P<seat>[Tt]ỉnh ủy|[Tt]hành ủy|[Hh]uyện ủy|[Qq]uận ủy|[Tt]hị ủy)\Z")
_TERM = re.compile(r",? (?:[Kk]hóa [IVXLC\d]+|[Nn]hiệm kỳ \d{4}\s?-\s?\d{4})\Z")
_YEAR = re.compile(r"/(\d{4})/")


class Namer:
    """Names bodies in the light of one document's letterhead."""

    def __init__(self, header: Header, units: Gazetteer) -> None:
        self._header = header
        self._units = units
        self._day = header.issued_on

    def from_text(self, printed: str, doc_type: str | None = None) -> str | None:
        """The full name of the body `printed` (as found in the text), or None where it names none.

        `doc_type` is the type of the document that it issued, where that is known.
        """
        said = clean(printed)
        if not said:
            return None
        parts = joined_bodies(said)
        if len(parts) > 1:
            return ", ".join(filter(None, (self.from_text(part, doc_type) for part in parts)))
        named = name_of(said)
        if named is not None and named.scope == "central":
            return named.name
        body = _TERM.sub("", without_person(full_words(said)))
        known = name_of(body)
        if known is not None and known.scope == "central":
            return known.name
        return self._placed(body) or None

    def from_symbol(self, doc_type: str | None, code: str | None) -> str | None:
        """The body that the letters of `code` name (`24/2021/QĐ-TTg`, `113/KH-STTTT`), or None.

        The bodies of a joint document come in the order of its letters, with a comma between them.
        """
        if not code:
            return None
        year = _YEAR.search(code)
        day = year[1] if year else (self._day or None)
        names = [self._of_letters(body.name, body.scope) for body in by_letters(doc_type, code, day)]
        return ", ".join(name for name in names if name) if names and all(names) else None

    def _of_letters(self, name: str, scope: str) -> str | None:
        if scope == "central":
            return name
        if scope == "local":
            return self._own(name)
        if scope == "any":
            return None
        place = self._place(NAMING_KIND[scope]) if scope in NAMING_KIND else None
        if place is None:
            return None
        if seat := _PARTY_SEAT.search(name):
            return self._seat(name, seat["seat"])
        return f"{name} {place}"

    def _own(self, name: str) -> str | None:
        """A body that exists at every level: only a document of a province tells that its own level is meant."""
        header = self._header
        if header.issuer_level == "province" and (place := self._place("tỉnh")):
            return f"{name} {place}"
        return None

    def _placed(self, body: str) -> str:
        """`body` with the place that it lacks, where the document tells it."""
        if seat := _PARTY_SEAT.search(body):
            return self._seat(body, seat["seat"])
        if (unit := UNIT.search(body)) and body.startswith(("UBND ", "HĐND ")):
            body = body[: unit.end()]
        if kind := bare_kind(body):
            head = body[: -len(kind)].rstrip()
            head = _OF.sub(" ", head + " ").rstrip() if head.endswith((" của", " thuộc")) else head
            place = self._place(kind.lower())
            return f"{head} {place}".strip() if place else f"{head} {kind.lower()}".strip()
        if match := UNIT_AT_END.search(body):
            return self._with_full_unit(body[: match.start()], match)
        if (known := self._bare_province(body)) is not None:
            return known
        return self._by_kind_of_body(body)

    def _with_full_unit(self, head: str, match: re.Match[str]) -> str:
        kind, name = match["kind"].lower(), match["name"]
        name = known_name(self._units, kind, proper(name) if name.isupper() and len(name) > 2 else name)
        unit = self._units.province(name, self._day) if kind in ("tỉnh", "thành phố") else None
        if unit is not None and unit.kind == kind:
            return f"{head}{unit.full_name}"
        return f"{head}{kind} {name}"

    def _bare_province(self, body: str) -> str | None:
        """`Sở Y tế Thanh Hóa`, `UBND Lạng Sơn`: a province's name at the end, without its kind."""
        if not body.startswith(words("bodies.toml", "before_a_province.heads")):
            return None
        said = body.split()
        for size in (2, 3, 4):
            name = " ".join(said[-size:])
            if len(said) > size and name[:1].isupper() and (unit := self._units.province(name, self._day)):
                return f"{' '.join(said[:-size])} {unit.full_name}"
        return None

    def _by_kind_of_body(self, body: str) -> str:
        for named, kind in _completed():
            if named.match(body):
                place = self._place(kind)
                return f"{body} {place}" if place else body
        level = self._header.issuer_level
        if level and self._header.issuer and pattern("bodies.toml", "itself").match(body):
            place = self._place(NAMING_KIND.get(level, ""))
            return f"{body} {place}" if place else body
        return body

    def _seat(self, body: str, seat: str) -> str:
        """A committee of the Party with the bare name of its place: `Ban Thường vụ Tỉnh ủy Đồng Tháp`."""
        kind = document("bodies.toml")["seats"][seat.lower()]
        place = self._place(kind)
        if place is None and kind == "tỉnh":
            place = self._place("thành phố")
            seat = "Thành ủy" if place else seat
        if place is None:
            return body
        is_city = kind != "thành phố" and self._is_city(self._header.province) and kind == "tỉnh"
        head = body[: -len(seat)] + ("Thành ủy" if is_city else seat[0].upper() + seat[1:])
        name = place if place == "Thành phố Hồ Chí Minh" else place.removeprefix(kind + " ")
        return f"{head} {name.removeprefix('thành phố ')}"

    def _is_city(self, province: str | None) -> bool:
        unit = self._units.province(province, self._day) if province else None
        return unit is not None and unit.kind == "thành phố"

    def _place(self, kind: str) -> str | None:
        """The unit of this document's chain that the bare word `kind` means here: `tỉnh` -> `tỉnh Lạng Sơn`."""
        header = self._header
        if kind == "tỉnh" and header.province:
            unit = self._units.province(header.province, self._day)
            return unit.full_name if unit else f"tỉnh {header.province}"
        if kind == "thành phố":
            return self._city()
        level = LEVEL_OF_KIND.get(kind)
        name = header.district if level == "district" else header.commune if level == "commune" else None
        if name is None:
            return None
        return f"{self._kind_of(name, level or '', kind)} {name}"

    def _city(self) -> str | None:
        header = self._header
        if header.district and self._kind_of(header.district, "district", "") == "thành phố":
            return f"thành phố {header.district}"
        if header.province and self._is_city(header.province):
            return self._place("tỉnh")
        return None

    def _kind_of(self, name: str, level: str, asked: str) -> str:
        """The kind of the chain's own unit: from the issuer's name, else from the gazetteer, else as asked."""
        issuer = self._header.issuer or ""
        match = UNIT_AT_END.search(issuer)
        if match and key_of(match["name"]) == key_of(name):
            return match["kind"].lower()
        province = self._header.province
        kinds = {
            unit.kind
            for unit in self._units.find(name, day=self._day, province=province)
            if unit.level == level and unit.level != "province"
        }
        return kinds.pop() if len(kinds) == 1 else asked or "huyện"


@cache
def _completed() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Bodies named without their place, and the kind of the unit that completes each."""
    return tuple((re.compile(row["pattern"]), row["kind"]) for row in document("bodies.toml")["completed"])


def known_name(units: Gazetteer, kind: str, name: str) -> str:
    """`name` without the words after it that capitals drew in (`Ngọc Lặc Triển khai`); as it is where none is known."""
    said = name.split()
    if len(said) < 3 or (kind in ("tỉnh", "thành phố") and units.is_province(name)):
        return name
    for size in range(len(said), 0, -1):
        shorter = " ".join(said[:size])
        if units.find(shorter, kind=kind):
            return shorter
    return name

"""The chain of places that an issuer stands in: province, district, commune; the document's own words first."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import cache

from extract.agency import Agency, level_of_name
from extract.bodies import by_letters, full_words, name_of
from extract.issuers import Namer, known_name
from extract.places import UNIT, UNIT_AT_END, bare_kind, proper
from extract.records import Header, Level
from extract.text import View
from rules.loader import pattern, words
from rules.units import CITY, LEVEL_OF_KIND, NAMING_KIND, REFORM, Gazetteer, key_of, split_kind, unmarked


@dataclass(frozen=True, slots=True)
class Chain:
    """The issuer with its level and the bare names of its units."""

    issuer: str | None
    level: Level | None
    province: str | None
    district: str | None
    commune: str | None


def chain_of(
    view: View,
    units: Gazetteer,
    agency: Agency | None,
    place: str | None,
    title: str,
    body: int,
    end: int,
    day: str | None,
    symbol: str | None = None,
) -> Chain:
    """The chain of the document whose letterhead names `agency` and `place` (each may be None)."""
    issuer, level = (agency.name, agency.level) if agency else (None, None)
    named = list(agency.units) if agency else []
    if issuer is None:
        issuer = _issuer_in_body(view, body, end) or _issuer_in_symbol(symbol, day)
        issuer = issuer or _committee_of_place(symbol, place, title, units, day)
        if issuer and place and (kind := bare_kind(issuer)) and not split_kind(place)[0]:
            named.append((kind.lower(), place))
    elif not name_of(issuer):
        issuer = _cut_short(issuer, symbol, day) or _as_printed(issuer, view.text, body)
    if issuer and (match := UNIT_AT_END.search(issuer)):
        named.append((match["kind"].lower(), match["name"]))
    found = _Found(units, day)
    for kind, name in named:
        found.add(kind, name)
    if level is None and issuer:
        level = (
            level_of_name(issuer) or found.lowest
            if not issuer.startswith(words("head.toml", "chain.without_level"))
            else None
        )
    if level != "central":
        found.add_place(place)
        for match in UNIT.finditer(title):
            found.add(match["kind"].lower(), match["name"], is_sure=False)
        found.complete_from(view.text[body : min(end, body + _OWN_WORDS)])
        found.complete_from_gazetteer()
    issuer = _with_place(issuer, level, found, units, day)
    return Chain(issuer, level or _level_of(issuer), found.province, found.district, found.commune)


@cache
def _issues() -> re.Pattern[str]:
    """A body at the beginning of a clause that issues or draws up a plan."""
    bodies, acts, works = ("|".join(words("letterhead.toml", f"issuing.{key}")) for key in ("bodies", "acts", "works"))
    return re.compile(
        rf"(?:(?<=[,;.\n] )|(?<=[,;.\n])|\A)(?P<body>(?:{bodies})(?!\w)[^.;:,\n]{{0,110}}?) (?:{acts}) (?:{works})"
    )


def issues_plan(clause: str) -> bool:
    """Whether `clause` says that a body issues or draws up a plan."""
    return _issues().search(clause) is not None


def _issuer_in_body(view: View, body: int, end: int) -> str | None:
    match = _issues().search(view.text, body, min(end, body + 6000))
    if match is None:
        return None
    return full_words(" ".join(re.sub(r"\s?\([^()]*\)", "", match["body"]).split()))


def _issuer_in_symbol(symbol: str | None, day: str | None) -> str | None:
    """The body that the symbol's letters name, where it is one that exists once in a province or country."""
    bodies = by_letters(None, symbol, day) if symbol else []
    return bodies[0].name if len(bodies) == 1 and bodies[0].scope in ("central", "province") else None


def _committee_of_place(
    symbol: str | None, place: str | None, title: str, units: Gazetteer, day: str | None
) -> str | None:
    """The committee or council that the symbol names, of the unit that the place of issue is: where that is one kind.

    The title's own words go before the gazetteer's: `trên địa bàn huyện Sông Xanh` with the place `Sông Xanh`. A
    township that bears its district's name gives way to the district.
    """
    bodies = by_letters(None, symbol, day) if symbol and place else []
    if not place or len(bodies) != 1 or bodies[0].scope != "local":
        return None
    for match in UNIT.finditer(title):
        if key_of(proper(match["name"]) if match["name"].isupper() else match["name"]) == key_of(place):
            return f"{bodies[0].name} {match['kind'].lower()} {place}"
    if unit := units.province(place, day):
        return f"{bodies[0].name} {unit.full_name}"
    known = units.find(place, day=day)
    seats = {unit.name for unit in known if unit.level == "district"}
    kinds = {unit.kind for unit in known if unit.level == "district" or unit.district not in seats}
    return f"{bodies[0].name} {kinds.pop()} {place}" if len(kinds) == 1 else None


def _cut_short(name: str, symbol: str | None, day: str | None) -> str | None:
    """The central body of the symbol whose name begins with what is left of it in the letterhead, or None."""
    bodies = by_letters(None, symbol, day) if symbol else []
    if len(bodies) == 1 and bodies[0].scope == "central" and len(name.split()) > 2:
        return bodies[0].name if unmarked(bodies[0].name).startswith(unmarked(name)) else None
    return None


_MOST_WORDS = 16
_OWN_WORDS = 10_000
"""Signs of the body in which the document's own words for its places are looked for."""


def _as_printed(name: str, text: str, body: int) -> str:
    """`name`, whose case was guessed from capitals, as the document's own text writes it, if it does."""
    head = UNIT_AT_END.sub("", name).strip()
    syllables = head.split()
    if not 2 <= len(syllables) <= _MOST_WORDS:
        return name
    first, rest = syllables[0], r"\s".join(re.escape(each) for each in syllables[1:])
    match = re.compile(rf"\b{re.escape(first)}\s(?i:{rest})\b").search(text, body, body + 20_000)
    if match is None or match.group().isupper():
        return name
    return " ".join(match.group().split()) + name[len(head) :]


def _with_place(
    issuer: str | None, level: Level | None, found: _Found, units: Gazetteer, day: str | None
) -> str | None:
    """`issuer` with the place that it lacks, as the chain tells it."""
    if issuer is None or level == "central":
        return issuer
    header = Header(
        issued_on=day, issuer_level=level, province=found.province, district=found.district, commune=found.commune
    )
    if UNIT_AT_END.search(issuer) or pattern("head.toml", "chairman_of").match(issuer):
        return issuer
    named = Namer(header, units).from_text(issuer) or issuer
    if (
        named == issuer
        and found.is_placed_by_province
        and issuer.startswith(words("bodies.toml", "of_the_place.heads"))
        and found.province
    ):
        unit = units.province(found.province, day)
        named_unit = unit.full_name if unit else f"{NAMING_KIND['province']} {found.province}"
        return f"{issuer} {named_unit}"
    return named


def _level_of(issuer: str | None) -> Level | None:
    match = UNIT_AT_END.search(issuer) if issuer else None
    if match:
        return LEVEL_OF_KIND.get(match["kind"].lower())
    return level_of_name(issuer) if issuer else None


def _units_of(text: str, kinds: tuple[str, ...]) -> list[tuple[str, str]]:
    """(kind, name) of the units in `text` whose kind is one of `kinds` (with the space after it), in any order."""
    found: list[tuple[str, str]] = []
    for kind in kinds:
        at = text.find(kind)
        while at >= 0:
            after = at + len(kind)
            if text[after : after + 1].isupper() and (match := UNIT.match(text, at)):
                found.append((match["kind"].lower(), match["name"]))
            at = text.find(kind, after)
    return found


class _Found:
    """The units gathered so far, the first of a level counting."""

    def __init__(self, units: Gazetteer, day: str | None) -> None:
        self.units, self.day = units, day
        self.province: str | None = None
        self.district: str | None = None
        self.commune: str | None = None
        self.is_placed_by_province = False

    @property
    def lowest(self) -> Level | None:
        return "commune" if self.commune else "district" if self.district else "province" if self.province else None

    def add(self, kind: str, name: str, *, is_sure: bool = True) -> None:
        """Adds a unit; one that is not sure (`tỉnh` before a person's name) only where the gazetteer knows it."""
        level = LEVEL_OF_KIND.get(kind)
        name = known_name(self.units, kind, proper(name) if name.isupper() and len(name) > 2 else name)
        if kind == CITY:
            unit = self.units.province(name, self.day)
            level = "province" if unit is not None and unit.kind == CITY else "district"
        if level == "province":
            unit = self.units.province(name, self.day)
            self.province = self.province or (unit.name if unit else name if is_sure else None)
        elif level == "district":
            self.district = self.district or name
        elif level == "commune":
            self.commune = self.commune or name

    def add_place(self, place: str | None) -> None:
        """The place of issue: a province's name where no unit of that level is known."""
        if not place:
            return
        kind, name = split_kind(place)
        if kind:
            self.add(kind, name)
        elif (
            self.province is None
            and self.lowest in (None, "province")
            and (unit := self.units.province(place, self.day))
        ):
            self.province = unit.name
            self.is_placed_by_province = True

    def complete_from(self, text: str) -> None:
        """Units above the lowest known one, from the body's own words: the ones named most."""
        if self.province is None:
            names = [name for _, name in _units_of(text, words("head.toml", "chain.provinces"))]
            name = next((name for name, _ in Counter(names).most_common() if self.units.is_province(name)), None)
            if name:
                self.add(NAMING_KIND["province"], name)
        if self.district is None and self.commune and not self._no_districts:
            named = Counter(_units_of(text, words("head.toml", "chain.districts")))
            for (kind, name), _ in named.most_common():
                if kind != CITY or not self.units.is_province(name):
                    self.district = known_name(self.units, kind, name)
                    break

    @property
    def _no_districts(self) -> bool:
        return bool(self.day and self.day >= REFORM)

    def complete_from_gazetteer(self) -> None:
        """The parents of the lowest known unit, where all units of its name and the other facts agree."""
        if self.commune and (self.province is None or (self.district is None and not self._no_districts)):
            province, district = self.units.parents(
                self.commune, level="commune", day=self.day, province=self.province, district=self.district
            )
            self.province = self.province or province
            self.district = self.district or (None if self._no_districts else district)
        if self.district and self.province is None:
            self.province = self.units.parents(self.district, level="district", day=self.day)[0]

    def same(self, name: str) -> bool:
        return name in {key_of(unit) for unit in (self.province, self.district, self.commune) if unit}

"""What a code and an issuer's name say about identity: keys that do not depend on how they are spelt.

A central symbol with its year names one work; a local one needs its issuer with the territory too
(Nghị định 30/2020/NĐ-CP, Điều 15: numbers run per issuer and year). Party numbers run per term, not per year.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from rules.loader import document, pattern, table, words
from rules.units import LEVEL_OF_KIND, SHORT_KINDS

_CODE = re.compile(
    r"(?P<number>\d+(?:\.\d+)?[A-ZĐ]{0,3}?)(?:(?P<year>/(?:19|20)\d\d)(?=[/\-A-ZĐ])[/-]?|(?P<sign>[/-]))"
    r"(?P<letters>.*[^\W\d_].*)"
)
_TERM = re.compile(r"(QH|UBTVQH|HĐND)\.?K?(\d{1,2})\Z")
_MARKED = re.compile(r"[.&\s]+")
_ZEROS = re.compile(r"\A0+(?=\d)")


@dataclass(frozen=True, slots=True)
class CodeKey:
    """A code taken apart. `kind` is the type's letters (`QĐ`), empty for công văn and the Assembly's bare symbols."""

    number: str
    year: int | None
    kind: str
    body: str
    party: bool
    term: int | None

    @property
    def letters(self) -> str:
        """The symbol without number and year: what stays the same in all ways to write it."""
        joined = f"{self.kind}-{self.body}" if self.kind else self.body
        return f"{joined}*" if self.party else joined

    @property
    def lead(self) -> str:
        """The first group of the issuer's letters: `MTTQ` of `MTTQ-BTT`."""
        return self.body.partition("-")[0]

    @property
    def is_central(self) -> bool:
        """Whether the letters name one body of the whole country."""
        return _is_central(self.body)


@dataclass(frozen=True, slots=True)
class IssuerKey:
    """A body by folded name, and its territory; `place` is empty where the text leaves it to the context."""

    body: str
    level: str
    place: str

    @property
    def is_placed(self) -> bool:
        """Whether the territory is known."""
        return bool(self.place)


def fold(text: str) -> str:
    """Lower case without marks, `đ` as `d`, white space folded.

    >>> fold("Ủy ban  nhân dân tỉnh Đắk Lắk")
    'uy ban nhan dan tinh dak lak'
    """
    return " ".join(bare(text).split())


def folded(text: str) -> list[str]:
    """The words of a long text, each folded. Texts repeat their words: each is folded once.

    >>> folded("Ủy ban  nhân dân")
    ['uy', 'ban', 'nhan', 'dan']
    """
    return list(filter(None, map(_folded_word, text.split())))


@lru_cache(maxsize=65_536)
def _folded_word(word: str) -> str:
    return bare(word)


def bare(text: str) -> str:
    """Lower case without marks, `đ` as `d`; white space stays."""
    return text.lower().translate(_bare_letters())


@cache
def _bare_letters() -> dict[int, str | None]:
    """What every Latin letter with marks is without them; marks that stand alone are left out."""
    table: dict[int, str | None] = dict.fromkeys(range(768, 880))
    for code in (*range(0xC0, 0x250), *range(0x1E00, 0x1F00)):
        base = unicodedata.normalize("NFD", chr(code))[0]
        if base != chr(code):
            table[code] = base
    table[ord("đ")] = table[ord("ð")] = "d"
    return table


@lru_cache(maxsize=65_536)
def _is_central(body: str) -> bool:
    return any(part in central_letters() for part in (body.partition("-")[0], body))


@cache
def central_letters() -> frozenset[str]:
    """Letters that name one body of the whole country."""
    listed = {letters for row in table("issuers.csv") if row["scope"] == "central" for letters in _letters(row)}
    return frozenset((listed | set(words("identity.toml", "central"))) - set(words("identity.toml", "branches")))


def _letters(row: Mapping[str, str]) -> Iterator[str]:
    """All letters of a body, in upper case."""
    yield from (letters.upper() for letters in (row["code"], *row["aliases"].split(";")) if letters)


@cache
def _aliases() -> dict[str, str]:
    aliases = {letters: row["code"].upper() for row in table("issuers.csv") for letters in _letters(row)}
    return {**aliases, **{row["code"].upper(): row["code"].upper() for row in table("issuers.csv")}, **_own_aliases()}


def _own_aliases() -> dict[str, str]:
    return dict(document("identity.toml")["aliases"])


@cache
def _bare() -> frozenset[str]:
    return frozenset(words("identity.toml", "bare"))


@cache
def _yearly() -> frozenset[str]:
    return frozenset(words("identity.toml", "year_in_code"))


@cache
def _names() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple(
        (re.compile(rf"\b{re.escape(row['find'])}\b"), row["put"]) for row in document("identity.toml")["names"]
    )


@cache
def body_of_letters(letters: str) -> str | None:
    """The folded name of the body that `letters` mean, or None where they are not listed."""
    return _bodies().get(_aliases().get(letters, letters))


@cache
def _bodies() -> dict[str, str]:
    bodies = {row["code"].upper(): issuer_key(row["name_vi"]).body for row in table("issuers.csv")}
    return {**bodies, "TW": issuer_key("Bộ Chính trị").body}


@cache
def _kinds() -> dict[str, str]:
    """Letters of a type in a symbol, in upper case, with the type that they mean."""
    kinds: dict[str, str] = {}
    for row in table("doc_types.csv"):
        for token in filter(None, row["tokens"].split(";")):
            kinds.setdefault(token.lstrip("=").upper(), row["code"])
    return kinds


def _body_letters(raw: str) -> tuple[str, int | None]:
    """The issuer's letters in one spelling, and the term that they bear."""
    parts, term = [], None
    for part in raw.split("-"):
        match = _TERM.match(part)
        if match:
            part, term = match[1], int(match[2])
        parts.append(_aliases().get(part, part))
    return "-".join(parts), term


@lru_cache(maxsize=65536)
def parse_code(code: str) -> CodeKey | None:
    """The parts of a canonical code, or None where it is none.

    >>> parse_code("05/2016/NQ-HĐND8") == parse_code("5/2016/NQ-HĐND8")
    True
    >>> parse_code("30-KH/TU").letters, parse_code("76/2025/NQ-UBTVQH15").letters, parse_code("64/2025/QH15").year
    ('KH-TU*', 'UBTVQH', 2025)
    """
    cleaned = _MARKED.sub("", unicodedata.normalize("NFC", code)).replace("Ð", "Đ").upper().strip("-/")
    dotted = re.match(r"\s*(\d+\.\d+)/", code)
    if dotted:
        cleaned = dotted[1] + "/" + cleaned.partition("/")[2]
    match = _CODE.fullmatch(cleaned)
    if not match:
        return None
    number = _ZEROS.sub("", match["number"].lower())
    year = int(match["year"][1:]) if match["year"] else None
    letters = match["letters"].strip("-/")
    party = match["sign"] == "-" and year is None and "/" in letters
    head, _, rest = letters.partition("/") if party or "/" in letters else letters.partition("-")
    if head in _kinds() and rest:
        kind, raw = _kinds()[head], rest.replace("/", "-")
    else:
        kind, raw = "", letters.replace("/", "-")
    body, term = _body_letters(raw)
    if body in _bare() and (year is not None or kind in ("", "PL")):
        kind = ""
    return CodeKey(number, year, kind, body, party, term)


def series_has_year(key: CodeKey) -> bool:
    """Whether codes of this type always bear a year, so that one without it has lost it."""
    return key.kind in _yearly() and not key.party


@lru_cache(maxsize=65536)
def issuer_key(name: str) -> IssuerKey:
    """The body and territory that a full name gives.

    >>> issuer_key("Chủ tịch UBND tỉnh Thanh Hoá") == issuer_key("Ủy ban nhân dân tỉnh Thanh Hóa")
    True
    >>> issuer_key("UBND tỉnh").is_placed, issuer_key("Bộ Tài chính")
    (False, IssuerKey(body='bo tai chinh', level='', place=''))
    """
    name = " ".join(unicodedata.normalize("NFC", name).split())
    if name.isupper() and len(name) > 8:
        name = pattern("identity.toml", "small").sub(lambda match: match[0].lower(), name.title())
    seat = pattern("identity.toml", "seats").search(name)
    if seat:
        return IssuerKey(_body(name[: seat.end("body")]), "", _place_name(seat["name"]))
    for match in pattern("identity.toml", "places").finditer(name):
        place = name[match.end() :].strip()
        if not place or place[0].isupper() or place[0].isdigit():
            kind = fold(match["kind"].rstrip("."))
            return IssuerKey(_body(name[: match.start()]), _level_words()[kind], _place_name(place))
    return IssuerKey(_body(name), "", "")


@cache
def _level_words() -> dict[str, str]:
    """The level of each kind of unit, by its folded name; a city is of two levels."""
    levels: dict[str, str] = {fold(kind): level for kind, level in LEVEL_OF_KIND.items()}
    levels[fold("thành phố")] = "city"
    return {**levels, **{short: levels[fold(kind)] for short, kind in SHORT_KINDS.items()}}


def _place_name(printed: str) -> str:
    """The folded bare name of the place, without the wider places that stand after it."""
    place = fold(pattern("identity.toml", "wider").split(printed, maxsplit=1)[0]).strip(" .;:")
    kind, _, rest = place.partition(" ")
    return rest if kind in _level_words() and rest else place


def _body(name: str) -> str:
    folded = fold(name)
    for words_of, put in _names():
        folded = words_of.sub(put, folded)
    return " ".join(folded.replace(",", " ").replace("-", " ").split())


def same_issuer(one: IssuerKey, other: IssuerKey) -> bool | None:
    """True where both name one body of one territory, False where they cannot, None where that is not said."""
    if one.body != other.body:
        shorter, longer = sorted((one.body, other.body), key=len)
        if not (shorter and longer.startswith(shorter + " ") and not (one.place and other.place)):
            return False
        return None
    if not one.place or not other.place:
        if one.level and other.level and one.level != other.level:
            return False
        return None if one.level or other.level or one.place or other.place else True
    if one.place != other.place:
        return False
    return not (one.level and other.level and one.level != other.level and "city" not in (one.level, other.level))

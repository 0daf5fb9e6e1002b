"""What is known of bodies: their letters in symbols, the ways to write their names, the offices that stand for them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache

from extract.text import unify
from rules.loader import document, table
from rules.units import key_of, unmarked


@dataclass(frozen=True, slots=True)
class Body:
    """A row of `issuers.csv`. `scope` tells where the place after its name comes from."""

    code: str
    name: str
    scope: str
    family: str
    valid_from: str
    valid_to: str

    def holds(self, day: str | None) -> bool:
        """Whether the body had this name on the EDTF `day` (by as many digits as are given)."""
        if not day:
            return True
        size = len(day)
        return (not self.valid_from or self.valid_from[:size] <= day) and (
            not self.valid_to or self.valid_to[:size] >= day
        )


_EDGES = re.compile(r"^[\s.,;:*\"'(|-]+|[\s.,;:*\"')|-]+$")
_SHORT_KIND = re.compile(r"\b(T[PXpx])\.(?=[A-ZĐ])")
_LEAD = re.compile(r"^(?:của|do|bởi|từ|đồng chí) +", re.IGNORECASE)
_JOINT = re.compile(r"(?:, (?:và )?| và |; )(?=(?:Bộ|Sở|Ủy ban|UBND|HĐND|Hội|Ban|Liên đoàn|Công an|Chính phủ) )")
_KINDS = (r"\b[BSbsNn][ộởg]\b ", "Phòng ")
"""What a field stands behind, each of one length."""
_BEFORE_FIELD = re.compile("|".join(_KINDS))
_HEADS = re.compile(r"(Bộ|Sở|Ủy ban|UBND|HĐND|Hội|Ban|Liên đoàn|Công an|Chính phủ)\b")
_NUMBER = re.compile(r"\A\s*(?:[\d.]+[A-Za-z]?\s*(?:/\s*\d{4})?)?\s*[/-]?\s*")
_TERM = re.compile(r"(?:[.-]?K)?\d+\Z")
_PIECE = re.compile(r"[/-]")


def clean(printed: str) -> str:
    """`printed` in the view's signs on one line, without what only surrounds it."""
    words = " ".join(_SHORT_KIND.sub(r"\1. ", unify(printed).replace("*", "")).split())
    return _LEAD.sub("", _EDGES.sub("", words))


@lru_cache(maxsize=8192)
def full_words(words: str) -> str:
    """The name with its shortened words written out, in the forms that the contract uses.

    >>> full_words("Sở GD&ĐT"), full_words("BTV Tỉnh ủy"), full_words("Ủy ban nhân dân Tỉnh")
    ('Sở Giáo dục và Đào tạo', 'Ban Thường vụ Tỉnh ủy', 'UBND Tỉnh')
    """
    named = name_of(words)
    if named is not None:
        return named.name
    for pattern, name in _word_forms():
        words = pattern.sub(name, words)
    for pattern, name in _field_forms() if _BEFORE_FIELD.search(words) else ():
        words = pattern.sub(name, words)
    return " ".join(words.split())


@lru_cache(maxsize=8192)
def without_person(words: str) -> str:
    """The body that an office names.

    >>> without_person("Bộ trưởng Bộ Y tế"), without_person("Tổng Kiểm toán nhà nước")
    ('Bộ Y tế', 'Kiểm toán nhà nước')
    """
    for pattern in _person_forms():
        if match := pattern.match(words):
            return words[match.end() :].strip(" ,-")
    return words


def joined_bodies(words: str) -> list[str]:
    """The bodies that `words` list, each by its own head word (`Bộ Y tế và Bộ Tài chính`); one where it is one body."""
    parts = _JOINT.split(words)
    if len(parts) == 1:
        return parts
    heads = [match[1] if (match := _HEADS.match(part)) else None for part in parts]
    if None in heads or (" và " in words and heads[0] in ("HĐND", "UBND") and "," not in words):
        return [words]
    return parts


@lru_cache(maxsize=8192)
def name_of(words: str) -> Body | None:
    """The body whose letters or whole name `words` are (`BTTTT`, `UBTVQH`, `Ủy ban Dân tộc`)."""
    return _by_name().get(key_of(words)) or (
        next(iter(_by_code().get(_letters(words), ())), None) if _is_letters(words) else None
    )


@lru_cache(maxsize=8192)
def name_like(words: str) -> Body | None:
    """The body whose whole name has the letters of `words` without regard to marks (capitals, OCR), or None."""
    return _by_unmarked().get(unmarked(words))


@lru_cache(maxsize=8192)
def by_letters(doc_type: str | None, code: str, day: str | None) -> tuple[Body, ...]:
    """The bodies that the letters of a symbol name, by the names of `day`; none where one of them is not known."""
    rest = _NUMBER.sub("", unify(code), count=1)
    pieces = [piece.strip() for piece in _PIECE.split(rest) if piece.strip()]
    joint = bool(pieces) and pieces[0] in _joint_tokens()
    if pieces and (pieces[0] in _type_tokens() and len(pieces) > 1):
        pieces = pieces[1:]
    if joint:
        found = [_one(piece, day) for piece in pieces]
        return tuple(body for body in found if body) if all(found) else ()
    for size in (2, 1):
        if len(pieces) >= size and (body := _one("".join(pieces[:size]), day)):
            return (body,)
    return ()


def _one(piece: str, day: str | None) -> Body | None:
    letters = _letters(piece)
    rows = _by_code().get(letters) or _by_code().get(_TERM.sub("", letters)) or ()
    held = [row for row in rows if row.holds(day)]
    return held[0] if held else rows[0] if rows else None


def _is_letters(words: str) -> bool:
    return " " not in words and len(words) > 1 and words[1:2].isupper()


def _letters(piece: str) -> str:
    return piece.replace("&", "").replace(".", "").replace(" ", "").replace("Ư", "W").upper()


@cache
def _bodies() -> tuple[tuple[Body, tuple[str, ...], tuple[str, ...]], ...]:
    return tuple(
        (
            Body(row["code"], row["name_vi"], row["scope"], row["family"], row["valid_from"], row["valid_to"]),
            tuple(filter(None, row["aliases"].split(";"))),
            tuple(filter(None, row["names"].split(";"))),
        )
        for row in table("issuers.csv")
    )


@cache
def _by_code() -> dict[str, tuple[Body, ...]]:
    index: dict[str, tuple[Body, ...]] = {}
    for body, aliases, _ in _bodies():
        for letters in (body.code, *aliases):
            key = _letters(letters.replace("-", ""))
            if body not in index.get(key, ()):
                index[key] = (*index.get(key, ()), body)
    return index


@cache
def _by_unmarked() -> dict[str, Body]:
    index: dict[str, Body] = {}
    for body, _, names in _bodies():
        for name in (body.name, *names):
            index.setdefault(unmarked(name), body)
    return index


@cache
def _by_name() -> dict[str, Body]:
    index: dict[str, Body] = {}
    for body, _, names in _bodies():
        for name in (body.name, *names):
            index.setdefault(key_of(name), body)
    return index


@cache
def _type_tokens() -> frozenset[str]:
    return frozenset(token for row in table("doc_types.csv") for token in row["tokens"].split(";") if token)


@cache
def _joint_tokens() -> frozenset[str]:
    joint = {token for row in table("doc_types.csv") if row["family"] == "joint" for token in row["tokens"].split(";")}
    return frozenset(joint | {token for token in _type_tokens() if token.endswith(("LT", "PH", "LN", "LS"))})


def _compiled(key: str, build: Callable[[str], str]) -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple(
        (re.compile(build("|".join(f"(?:{form})" for form in entry["forms"]))), str(entry["name"]))
        for entry in document("letterhead.toml")[key]
    )


@cache
def _word_forms() -> tuple[tuple[re.Pattern[str], str], ...]:
    return _compiled("words", lambda forms: rf"(?<![\w/-])(?:{forms})(?![\w&])")


@cache
def _field_forms() -> tuple[tuple[re.Pattern[str], str], ...]:
    """The forms of fields with their names; each stands behind what `_BEFORE_FIELD` finds."""
    return _compiled("fields", lambda forms: "|".join(rf"(?<={kind})(?:{forms})(?!\w)" for kind in _KINDS))


@cache
def _person_forms() -> tuple[re.Pattern[str], ...]:
    return tuple(
        re.compile(rf"(?:{entry['office']})\s*(?=[A-ZĐỦ])") for entry in document("letterhead.toml")["persons"]
    )

"""Text from before Unicode: TCVN3 (the `.VnTime` fonts) and VNI, by font name or by its words; others are only named.

Tables, fonts and words are in ``rules/legacy.toml``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal, NamedTuple

from extract.records import ReadError
from rules.loader import document

Encoding = Literal["tcvn3", "tcvn3-capitals", "vni"]
Named = Literal["tcvn3", "vni", "viscii", "vps"]
"""What the words of a text can tell."""
_WORD = re.compile(r"[^\s\d.,;:!?()\[\]\"'/\-]+")
_LEAST_CAPITALS = 4
_LOOKED_AT = 50_000
_PLAIN = re.compile(r" (?:của|và|được|việc) (?:.|\n){,2000} (?:của|và|được|việc) ")
"""Unicode, told at once."""


class Letter(NamedTuple):
    """A sign of the converted text, and how many signs of the given text it stands for."""

    sign: str
    of: int


@dataclass(frozen=True, slots=True)
class _Table:
    letters: Mapping[str, str]
    longest: int
    fonts: re.Pattern[str]


@cache
def _table(name: str) -> _Table:
    rules = document("legacy.toml")[name]
    if "letters" in rules:
        letters = dict(pair.split("=") for pair in rules["letters"].split())
    else:
        letters = dict(zip(rules["seen"], rules["meant"], strict=True))
    return _Table(letters, max(map(len, letters)), re.compile(rules["fonts"]))


@cache
def _signs() -> re.Pattern[str]:
    """Signs that text in Unicode hardly ever has and text in an old encoding always has."""
    odd = set(_table("tcvn3").letters) | {pair[-1] for pair in _table("vni").letters}
    common = set("ÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝàáâãèéêìíòóôõùúý§«»·°©®½¼¾")
    return re.compile("[" + re.escape("".join(sorted(odd - common))) + "]")


def may_be_legacy(text: str) -> bool:
    """Whether a look at the fonts is worth its time: signs that Vietnamese in Unicode does not have."""
    return len(_signs().findall(text[:3000])) >= 3


def encoding_of_font(name: str) -> Encoding | None:
    """The encoding that a font's name tells (`.VnTimeH` -> tcvn3-capitals, `VNI-Times` -> vni)."""
    if _table("tcvn3").fonts.search(name):
        capitals = re.search(document("legacy.toml")["tcvn3"]["capitals"], name)
        return "tcvn3-capitals" if capitals else "tcvn3"
    return "vni" if _table("vni").fonts.search(name) else None


def letters_of(text: str, encoding: Encoding) -> Iterator[Letter]:
    """`text` sign by sign in Unicode. The longest reading of each place is taken; what has none stays as it is."""
    table = _table("vni" if encoding == "vni" else "tcvn3")
    at = 0
    while at < len(text):
        length = next((n for n in range(table.longest, 0, -1) if _reading(table, text[at : at + n])), 0)
        sign = _reading(table, text[at : at + length]) if length else text[at]
        yield Letter(sign.upper() if encoding == "tcvn3-capitals" else sign, length or 1)
        at += length or 1


def _reading(table: _Table, signs: str) -> str:
    """What signs mean together; the sign of a tone may come in the other case than its letter (`Aø`)."""
    found = table.letters.get(signs, "")
    if not found and len(signs) == 2:
        found = table.letters.get(signs[0] + (signs[1].upper() if signs[0].isupper() else signs[1].lower()), "")
    return found


def joins(letter: str, sign: str) -> bool:
    """Whether in VNI a letter and the sign behind it are one letter."""
    return bool(_reading(_table("vni"), letter + sign))


def convert(text: str, encoding: Encoding) -> str:
    """`text` in Unicode. Lines of capitals are capitals throughout, which TCVN3 leaves to the font."""
    lines = "".join(letter.sign for letter in letters_of(text, encoding)).split("\n")
    given = text.split("\n")
    if encoding == "tcvn3":
        lines = [line.upper() if _is_capital(before) else line for line, before in zip(lines, given, strict=True)]
    return unicodedata.normalize("NFC", "\n".join(lines))


def _is_capital(line: str) -> bool:
    letters = [sign for sign in line if sign.isascii() and sign.isalpha()]
    return len(letters) >= _LEAST_CAPITALS and all(map(str.isupper, letters))


@cache
def _words_seen(encoding: str) -> frozenset[str]:
    """The telling words as they are seen in an encoding; TCVN3 also with its `ư` lost, as copying loses it."""
    rules = document("legacy.toml")
    if encoding == "unicode":
        return frozenset(rules["words"]["unicode"])
    if "seen" in rules[encoding] and isinstance(rules[encoding]["seen"], list):
        return frozenset(rules[encoding]["seen"])
    seen = {meant: sign for sign, meant in _table(encoding).letters.items()}
    words = {"".join(seen.get(sign, sign) for sign in word) for word in rules["words"]["unicode"]}
    return frozenset(words | {word.replace("\xad", "") for word in words if len(word) > 3})


def encoding_of_text(text: str) -> Named | None:
    """The old encoding that a text's words are in: tcvn3, vni, viscii, vps; None for Unicode, or where none tells."""
    if _PLAIN.search(text, 0, _LOOKED_AT):
        return None
    raw = _WORD.findall(text[:_LOOKED_AT])
    found = [word.lower() for word in raw]
    rules = document("legacy.toml")["words"]
    wanted = max(int(rules["least"]), float(rules["share"]) * len(raw))
    names: tuple[Named, ...] = ("tcvn3", "vni", "viscii", "vps")
    counts = {encoding: sum(word in _words_seen(encoding) for word in raw) for encoding in names}
    best = max(names, key=lambda encoding: counts[encoding])
    unicode = sum(word in _words_seen("unicode") for word in found)
    return best if counts[best] >= wanted and counts[best] > unicode else None


def in_unicode(text: str) -> tuple[str, Named | None]:
    """`text` in Unicode, and the old encoding that it was in, if any. Raises `ReadError` for one that is not known."""
    encoding = encoding_of_text(text)
    if encoding is None:
        return text, None
    if encoding != "tcvn3" and encoding != "vni":
        name = document("legacy.toml")[encoding]["name"]
        raise ReadError("legacy-encoding", f"The text is in the old encoding {name}. Save it in Unicode (UTF-8) first.")
    return convert(text, encoding), encoding

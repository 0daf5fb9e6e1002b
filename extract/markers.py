"""Markers of numbered units and how one follows another (`I.`, `1.`, `2.1`, `a)`, `Điều 3`).

A marker is read by its form alone; which of several readings holds (`I` the roman one or the ninth letter, `V`, `X`)
is for the search over the whole sequence to decide.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Literal

from rules.loader import document

Kind = Literal[
    "annex",
    "attached",
    "part",
    "chapter",
    "division",
    "subdivision",
    "upper",
    "roman",
    "article",
    "arabic",
    "decimal",
    "mixed",
    "lower",
    "bracket",
]
RANK: dict[Kind, int] = {
    "annex": 0,
    "attached": 0,
    "part": 1,
    "chapter": 2,
    "division": 3,
    "subdivision": 4,
    "upper": 5,
    "roman": 6,
    "article": 7,
    "arabic": 8,
    "mixed": 9,
    "decimal": 9,
    "lower": 12,
    "bracket": 13,
}
"""The usual order of nesting, from the outside in (Nghị định 30/2020/NĐ-CP, Phụ lục I, II.5)."""

LETTERS = "abcdđefghijklmnopqrstuvwxyz"
RARE_LETTERS = frozenset("đfjwz")
"""Letters that lists of this language leave out: most skip f, j, w, z; some skip đ."""
_ALIKE = {"d": "đ", "đ": "d"}
"""Letters that optical reading takes for one another."""
_AT = {letter: i for i, letter in enumerate(LETTERS, 1)}
_ROMAN_DIGIT = {"I": 1, "V": 5, "X": 10, "L": 50}
_ROMAN = re.compile(r"(?=[IVXL])(?:XL|L?X{0,3})(?:IX|IV|V?I{0,3})\Z")


@dataclass(frozen=True, slots=True)
class Marker:
    """One reading of a marker: `ordinal` is its place (all numbers of `2.1`), `label` its part of a path.

    `start` is where it begins and `text` where the words behind it begin, both in the matching view. `style` is its
    closing sign: lists of one kind with other signs are other lists.
    """

    kind: Kind
    ordinal: tuple[int, ...]
    label: str
    style: str
    start: int
    text: int
    misread: bool = False
    """True for a reading that takes the printed sign for a look-alike (`đ` for `d`): only a sequence can prove it."""


def roman_value(letters: str) -> int | None:
    """The value of a roman numeral up to 89, None where it is none (`IIX`, `C`).

    >>> roman_value("XIV"), roman_value("IIII")
    (14, None)
    """
    if not _ROMAN.match(letters):
        return None
    values = [_ROMAN_DIGIT[letter] for letter in letters]
    return sum(-value if value < later else value for value, later in zip(values, [*values[1:], 0], strict=True))


def letter_value(letter: str) -> int | None:
    """The place of a letter in the alphabet of lists, from 1; None for any other sign."""
    return _AT.get(letter.lower())


def gap(kind: Kind, before: tuple[int, ...], after: tuple[int, ...]) -> int | None:
    """How many markers are missing between two of one list: 0 where one follows the other.

    Negative where the numbering repeats or runs back; None where the two are not of one list at all.
    """
    if len(before) != len(after) or before[:-1] != after[:-1]:
        return None
    first, last = before[-1], after[-1]
    if kind in {"lower", "upper"} and last > first:
        return sum(LETTERS[i - 1] not in RARE_LETTERS for i in range(first + 1, last))
    return last - first - 1


_WORD_NUMBER = r"(?:\s(?:số\s|SỐ\s)?0?(?P<number>\d{1,3}|[IVXLivxl]{1,6}|[A-ZĐ](?![^\W\d_])))"
_PLAIN = re.compile(
    r"(?P<open>\(?)(?P<body>§|"
    r"[IVXL]{1,6}(?:\.\d{1,2}){0,3}|[A-ZĐ](?:\.(?:\d{1,2}|[IVX]{1,4}))?(?:\.\d{1,2})?"
    r"|\d{1,3}(?:\.\d{1,2}){0,4}(?:\.[a-zđ](?![^\W_]))?|[a-zđ](?:\.?\d{1,2})?)"
    r"(?P<close>\s?\.?\)|\s?\.(?:/|-)?|\s?/|\s?[-:]|,|(?=\s))\s*"
)
UPPER = "A-ZÀ-ÖØ-ÞĂĐĨŨƠƯ" + "".join(map(chr, range(0x1EA0, 0x1EFA, 2)))
"""The capital letters of the language, for a class of signs in a pattern."""
_UPPER_NEXT = re.compile(rf"[\"'(\[]?[{UPPER}]")


@cache
def _word_pattern() -> re.Pattern[str]:
    """Units named by a word: `Phần`, `Chương`, `Mục`, `Tiểu mục`, `Điều`, `Phụ lục`, as rules/sections.toml lists."""
    words = [word for unit in document("sections.toml")["unit"] for word in unit["words"]]
    spelled = "|".join(sorted(words, key=len, reverse=True))
    return re.compile(rf"(?P<word>{spelled})(?:{_WORD_NUMBER}(?![^\W\d_]|[/\-]\w))?\s?[.:\-)]?\s*")


@cache
def _kind_of_word() -> dict[str, tuple[Kind, str]]:
    return {word: (unit["kind"], unit["label"]) for unit in document("sections.toml")["unit"] for word in unit["words"]}


def _number_value(number: str) -> int | None:
    if number.isdigit():
        return int(number)
    return roman_value(number.upper()) or letter_value(number)


def read_word_marker(text: str, start: int) -> Marker | None:
    """The marker of a unit named by a word that begins at `start` (`Điều 3.`, `Chương II`, `PHỤ LỤC`), or None.

    Only an annex may stand without a number.
    """
    match = _word_pattern().match(text, start)
    if match is None:
        return None
    kind, label = _kind_of_word()[match["word"]]
    number = match["number"]
    if number is None:
        if kind != "annex":
            return None
        return Marker(kind, (0,), label, "", start, match.end())
    value = _number_value(number)
    if value is None:
        return None
    return Marker(kind, (value,), f"{label} {value}", "", start, match.end())


def read_markers(text: str, start: int) -> tuple[Marker, ...]:
    """All readings of the marker that begins at `start` of the view's text, none where none begins there."""
    match = _PLAIN.match(text, start)
    if match is None or (match["open"] and not match["close"].endswith(")")):
        return ()
    body, style, after = match["body"], match["close"].strip(), match.end()
    if after < len(text) and not _fits(body, style, text, match.start("close"), after):
        return ()
    if match["open"]:
        style = "()"
    return tuple(_readings(body, style, start, after))


def _fits(body: str, style: str, text: str, close: int, after: int) -> bool:
    """Whether what follows lets the sign be a marker: not a decimal, a date, a symbol or a word's first letter."""
    spaced = text[after - 1].isspace()
    sign = text[after]
    if style == "":
        return body.count(".") >= 1 and body[0].isdigit() and spaced and bool(_UPPER_NEXT.match(text, after))
    if style in {"-", ":"}:
        return spaced and (body[0].isupper() or body[0].isdigit()) and bool(_UPPER_NEXT.match(text, after))
    if style == ",":
        return spaced and body.isdigit() and bool(_UPPER_NEXT.match(text, after))
    if style == "/":
        return bool(_UPPER_NEXT.match(text, after)) and (spaced or body.isdigit() or len(body) == 1)
    if not spaced and (sign.isdigit() or sign in ".,;/-"):
        return False
    if body[0].isupper() and not spaced and text[close] == ".":
        return not sign.isupper() or roman_value(body) is not None
    return True


def _readings(body: str, style: str, start: int, after: int) -> list[Marker]:
    """The readings of a plain marker `body` with its closing sign."""
    if body == "§":
        return [Marker("arabic", (8,), "8", style, start, after, misread=True)]
    parts = re.findall(r"\d+|[^\W\d_]+", body)
    if len(parts) > 1:
        return _compound(body, parts, style, start, after)
    part = parts[0]
    if part.isdigit():
        kind: Kind = "bracket" if style == "()" else "arabic"
        return [Marker(kind, (int(part),), part, style, start, after)]
    found: list[Marker] = []
    if part.isupper():
        roman = roman_value(part)
        if roman is not None:
            found.append(Marker("roman", (roman,), part, style, start, after))
        letter = letter_value(part) if len(part) == 1 else None
        if letter is not None:
            found.append(Marker("upper", (letter,), part, style, start, after))
        return found
    letter = letter_value(part)
    if letter is not None:
        found.append(Marker("lower", (letter,), part, style, start, after))
        if part in _ALIKE:
            alike = _ALIKE[part]
            found.append(Marker("lower", (_AT[alike],), alike, style, start, after, misread=True))
        elif part == "l":
            found.append(Marker("arabic", (1,), "1", style, start, after, misread=True))
    return found


def _compound(body: str, parts: list[str], style: str, start: int, after: int) -> list[Marker]:
    """`2.1`, `I.1`, `A.I.1`, `a.1`, `a1`: the last number counts, what stands before it names the parent."""
    values = [int(part) if part.isdigit() else roman_value(part) or letter_value(part) for part in parts]
    if any(value is None for value in values):
        return []
    kind: Kind = "decimal" if all(part.isdigit() for part in parts) else "mixed"
    ordinal = tuple(value for value in values if value is not None)
    return [Marker(kind, ordinal, body, style, start, after)]

"""Markers of numbered units and how one follows another (`I.`, `1.`, `2.1`, `a)`, `Điều 3`).

A marker is read by its form alone; which of several readings holds (`I` the roman one or the ninth letter, `V`, `X`)
is for the search over the whole sequence to decide.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
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
UPPER = "A-ZÀ-ÖØ-ÞĂĐĨŨƠƯ" + "".join(map(chr, range(0x1EA0, 0x1EFA, 2)))
"""The capital letters of the language, for a class of signs in a pattern."""
_ALIKE = {"d": "đ", "đ": "d"}
"""Letters that optical reading takes for one another."""
_STROKES = frozenset("li")
"""Letters that optical reading takes the figure 1 for."""
_AT = {letter: i for i, letter in enumerate(LETTERS, 1)}
_ROMAN_DIGIT = {"I": 1, "V": 5, "X": 10, "L": 50}
_ROMAN = re.compile(r"(?=[IVXL])(?:XL|L?X{0,3})(?:IX|IV|V?I{0,3})\Z")


@dataclass(frozen=True, slots=True, eq=False)
class Marker:
    """One reading of a marker: `ordinal` is its place (all numbers of `2.1`), `label` its part of a path.

    `style` is its closing sign: lists of one kind with other signs are other lists. Equal markers are one object.
    """

    kind: Kind
    ordinal: tuple[int, ...]
    label: str
    style: str
    misread: bool = False
    """True for a reading that takes the printed sign for a look-alike (`đ` for `d`): only a sequence can prove it."""


ATTACHED = Marker("attached", (0,), "Kèm theo", "")
"""The marker of a document that is attached to a decision: it is not printed."""


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

    >>> gap("lower", (4,), (6,)), gap("arabic", (2,), (5,)), gap("decimal", (2, 1), (3, 1))
    (0, 2, None)
    """
    if len(before) != len(after) or before[:-1] != after[:-1]:
        return None
    first, last = before[-1], after[-1]
    if last > first + 1 and kind in {"lower", "upper"}:
        return sum(LETTERS[i - 1] not in RARE_LETTERS for i in range(first + 1, last))
    return last - first - 1


_PLAIN = (
    r"(?P<open>\(?)(?P<body>§|"
    r"[IVXLH]{1,6}(?:\.\d{1,2}){0,3}|(?=[IVX]{0,3}l)[IVXl]{2,4}(?![^\W_])|[A-ZĐ](?:\.(?:\d{1,2}|[IVX]{1,4}))?(?:\.\d{1,2})?"
    r"|\d{1,3}(?:\.\d{1,2}){0,4}(?:\.?[a-zđ](?![^\W_]))?|[a-zđ](?:\.?\d{1,2})?)"
    r"(?:\[\d{1,3}\])?(?P<close>\s?\.?\)|\s?\.(?:/|-)?|\s?/|\s?[-:]|,|(?=\s))\s*"
)
_NUMBER = (
    r"(?:\s(?:(?:số|SỐ|thứ|THỨ)\s)?(?P<number>0?\d{1,3}[a-zđ]?(?!\d)|[IVXLivxl]{1,6}|[A-ZĐ](?![^\W\d_])"
    r"|(?i:nhất|hai|ba|tư|năm|sáu|bảy|tám)))"
)
_SPELLED = {"nhất": 1, "hai": 2, "ba": 3, "tư": 4, "năm": 5, "sáu": 6, "bảy": 7, "tám": 8}
_CAPITAL_NEXT = re.compile(rf"[\"'(\[]?[{UPPER}]")


@cache
def marker_pattern() -> str:
    """The pattern of any marker: plain (groups open, body, close) or named by a word (groups word, number).

    The words are those of rules/sections.toml: `Phần`, `Chương`, `Mục`, `Tiểu mục`, `Điều`, `Phụ lục`.
    """
    words = sorted(_kind_of_word(), key=len, reverse=True)
    worded = rf"(?P<word>{'|'.join(words)})(?:{_NUMBER}(?![^\W\d_]|[/\-]\w))?(?:\[\d{{1,3}}\])?(?P<end>\s?[.:\-)])?\s*"
    return rf"(?:{worded}|{_PLAIN})"


@cache
def _compiled() -> re.Pattern[str]:
    return re.compile(marker_pattern())


@cache
def _kind_of_word() -> dict[str, tuple[Kind, str]]:
    return {word: (unit["kind"], unit["label"]) for unit in document("sections.toml")["unit"] for word in unit["words"]}


def read_markers(text: str, start: int = 0) -> tuple[Marker, ...]:
    """All readings of the marker that begins at `start` of the text, none where none begins there."""
    match = _compiled().match(text, start)
    return markers_of(match, text, match.end()) if match else ()


def markers_of(match: re.Match[str], text: str, after: int) -> tuple[Marker, ...]:
    """The readings of a match of `marker_pattern` that ends at `after`; none where what follows forbids it."""
    word, number, end, opening, body, close = match.group("word", "number", "end", "open", "body", "close")
    if word is not None:
        return _worded(word, number, (end or "").strip())
    style = close.strip()
    if opening:
        if not style.endswith(")"):
            return ()
        style = "()"
    if after < len(text) and not _fits(body, style, text, match.start("close"), after):
        return ()
    return _readings(body, style)


def _number_value(number: str) -> int | None:
    digits = number.rstrip("abcdđeghik")
    if digits.isdecimal():
        return int(digits)
    return roman_value(number.upper()) or letter_value(number) or _SPELLED.get(number.lower())


def _printed_number(number: str, value: int) -> str:
    """The number in Arabic digits, with the letter of a unit that was put in later (`15a`)."""
    return f"{value}{number[-1]}" if number[0].isdecimal() and number[-1].islower() else str(value)


@lru_cache(maxsize=4096)
def _worded(word: str, number: str | None, style: str) -> tuple[Marker, ...]:
    """`Điều 3.`, `Chương II`, `PHỤ LỤC`: only an annex may stand without a number."""
    kind, label = _kind_of_word()[word]
    if number is None:
        return (Marker(kind, (0,), label, style),) if kind == "annex" else ()
    value = _number_value(number)
    return () if value is None else (Marker(kind, (value,), f"{label} {_printed_number(number, value)}", style),)


def _fits(body: str, style: str, text: str, close: int, after: int) -> bool:
    """Whether what follows lets the sign be a marker: not a decimal, a date, a symbol or a word's first letter."""
    spaced = text[after - 1].isspace()
    if style in {".", ")"} and spaced:
        return True
    sign = text[after]
    if style == "":
        return body.count(".") >= 1 and body[0].isdigit() and spaced and bool(_CAPITAL_NEXT.match(text, after))
    if style in {"-", ":"}:
        return spaced and (body[0].isupper() or body[0].isdigit()) and bool(_CAPITAL_NEXT.match(text, after))
    if style == ",":
        return spaced and body.isdigit() and bool(_CAPITAL_NEXT.match(text, after))
    if style == "/":
        return bool(_CAPITAL_NEXT.match(text, after)) and (spaced or body.isdigit() or len(body) == 1)
    if not spaced and (sign.isdigit() or sign in ".,;/-"):
        return False
    if body[0].isupper() and not spaced and text[close] == ".":
        return not sign.isupper() or roman_value(body) is not None
    return True


@lru_cache(maxsize=4096)
def _readings(body: str, style: str) -> tuple[Marker, ...]:
    """The readings of a plain marker `body` with its closing sign."""
    if body == "§":
        return (Marker("arabic", (8,), "8", style, misread=True),)
    parts = re.findall(r"\d+|[^\W\d_]+", body)
    if len(parts) > 1:
        return _compound(body, parts, style)
    part = parts[0]
    if part.isdigit():
        return (Marker("bracket" if style == "()" else "arabic", (int(part),), part, style),)
    if len(part) > 1 and "l" in part:
        return _misread_stroke(part, style)
    if part.isupper():
        roman, letter = roman_value(part), letter_value(part) if len(part) == 1 else None
        romans = (Marker("roman", (roman,), part, style),) if roman is not None else _misread_roman(part, style)
        return (*romans, Marker("upper", (letter,), part, style)) if letter is not None else romans
    return _small_letter(part, style)


def _misread_roman(part: str, style: str) -> tuple[Marker, ...]:
    """The numeral that optical reading may have taken for these capitals (`IH`, `HI` for `III`, `IL` for `II`)."""
    likely = part.replace("H", "II").replace("L", "I")
    value = roman_value(likely) if len(part) > 1 else None
    return (Marker("roman", (value,), likely, style, misread=True),) if value is not None else ()


def _misread_stroke(part: str, style: str) -> tuple[Marker, ...]:
    """The numeral, or for `ll` also the number, whose strokes optical reading may have taken for `l` (`lI`, `VIl`)."""
    romans = _misread_roman(part.replace("l", "I"), style)
    return (*romans, Marker("arabic", (11,), "11", style, misread=True)) if part == "ll" else romans


def _small_letter(part: str, style: str) -> tuple[Marker, ...]:
    value = letter_value(part)
    if value is None:
        return ()
    plain = Marker("lower", (value,), part, style)
    if part in _ALIKE:
        alike = _ALIKE[part]
        return plain, Marker("lower", (_AT[alike],), alike, style, misread=True)
    if part in _STROKES:
        return plain, Marker("arabic", (1,), "1", style, misread=True)
    return (plain,)


def _compound(body: str, parts: list[str], style: str) -> tuple[Marker, ...]:
    """`2.1`, `I.1`, `A.I.1`, `a.1`, `a1`: the last number counts, what stands before it names the parent."""
    values = [int(part) if part.isdigit() else roman_value(part) or letter_value(part) for part in parts]
    ordinal = tuple(value for value in values if value is not None)
    if len(ordinal) < len(values):
        return ()
    return (Marker("decimal" if all(part.isdigit() for part in parts) else "mixed", ordinal, body, style),)

"""Numbers as officials write them: `1.723`, `5.937,440`, `1,5`, `3 500 000`, `hai mươi lăm`, `ba tỷ rưỡi`.

The Vietnamese rule: a dot (or a space) groups thousands, a comma begins the decimals. English grouping
(`3,500,000`) and English decimals (`1.5`) are read where the digits leave no other choice; where two readings are
left, both are kept.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

from rules.loader import document

NUMBER = r"[0-9]{1,3}(?:\.[0-9]{3}){0,3}(?: [0-9]{3}){1,4}(?![0-9.,])|[0-9][0-9.,]{0,24}"
"""A printed number; a sign of punctuation at its end is no part of it (`Reading.of` strips it)."""

_VIETNAMESE = re.compile(r"[0-9]{1,3}(?:\.[0-9]{3})+(?:,[0-9]+)?\Z")
_SPACED = re.compile(r"[0-9]{1,3}(?:[ .][0-9]{3})* [0-9]{3}(?:[ .][0-9]{3})*\Z")
_ENGLISH = re.compile(r"[0-9]{1,3}(?:,[0-9]{3}){2,}(?:\.[0-9]+)?\Z|[0-9]{1,3}(?:,[0-9]{3})+\.[0-9]+\Z")
_SHOWS_RULE = re.compile(r"\.(?<=[0-9]\.)[0-9]{3}(?:\.[0-9]{3}|,[0-9])")
"""Begins with a literal sign, so that the search runs at full speed."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A printed number: its value, the other value that it may have, and whether its form is broken."""

    value: Fraction
    other: Fraction | None = None
    malformed: bool = False

    @classmethod
    def of(cls, printed: str) -> Reading | None:
        """Reads a printed number by the Vietnamese rule, or gives None where there is no digit.

        >>> Reading.of("5.937,440").value == Fraction("5937.44")
        True
        >>> Reading.of("1.5").value, Reading.of("1.5").other
        (Fraction(3, 2), Fraction(15, 1))
        >>> Reading.of("3.500.00").malformed
        True
        """
        digits = printed.strip(" .,")
        if not digits or not digits[0].isdigit():
            return None
        if digits.isdigit():
            return cls(Fraction(int(digits)))
        if _SPACED.match(digits):
            return cls(Fraction(int(digits.replace(" ", "").replace(".", ""))), malformed="." in digits)
        if _VIETNAMESE.match(digits):
            value = Fraction(digits.replace(".", "").replace(",", "."))
            one_group = digits.count(".") == 1 and "," not in digits and digits[0] != "0"
            return cls(value, Fraction(digits) if one_group else None)
        if _ENGLISH.match(digits):
            return cls(Fraction(digits.replace(",", "")))
        return cls._odd(digits)

    @classmethod
    def _odd(cls, digits: str) -> Reading:
        """Numbers with one sign that can be a decimal's, and broken groups."""
        commas, dots = digits.count(","), digits.count(".")
        if commas == 1 and dots == 0:
            whole, part = digits.split(",")
            grouped = len(part) == 3 and 0 < len(whole) <= 3 and whole != "0"
            return cls(Fraction(f"{whole}.{part}"), Fraction(int(whole + part)) if grouped else None)
        if dots == 1 and commas == 0:
            return cls(Fraction(digits), Fraction(int(digits.replace(".", ""))))
        whole, comma, part = digits.rpartition(",")
        if comma and dots and commas == 1 and part.isdigit():
            return cls(Fraction(f"{whole.replace('.', '')}.{part}"), malformed=True)
        return cls(Fraction(int(re.sub(r"[^0-9]", "", digits))), malformed=True)


def shows_rule(text: str) -> bool:
    """Whether a number in `text` shows that dots group thousands there (`1.200.000`, `5.937,44`)."""
    return _SHOWS_RULE.search(text) is not None


@dataclass(frozen=True, slots=True)
class _Words:
    digits: dict[str, int]
    scales: dict[str, int]
    joiners: frozenset[str]
    ends: frozenset[str]


@cache
def _words() -> _Words:
    table = document("money.toml")["words"]
    return _Words(
        {str(word): int(value) for word, value in table["digits"].items()},
        {str(word): int(value) for word, value in table["scales"].items()},
        frozenset(map(str, table["joiners"])),
        frozenset(map(str, table["ends"])),
    )


class _Sum:
    """Adds up spoken numbers word by word; `ok` turns False at a word that does not fit."""

    def __init__(self, words: _Words) -> None:
        self.words = words
        self.billions = Fraction(0)
        self.below = Fraction(0)
        self.group = Fraction(0)
        self.digit: int | None = None
        self.needs_joiner = False
        self.scale = 1
        self.ok = True

    def take(self, word: str) -> None:
        """Takes the next word of the number."""
        if word in self.words.scales:
            self._scale(self.words.scales[word])
        elif word == "trăm":
            self._close(100)
            self.needs_joiner = True
        elif word == "mươi":
            self._close(10)
        elif word == "mười":
            self.ok = self.ok and self.digit is None
            self.group += 10
            self.needs_joiner = False
        elif word in self.words.joiners:
            self.needs_joiner = False
        elif word == "rưỡi":
            self.settle()
            self.below += Fraction(self.scale, 2) if self.scale < 10**9 else 0
            self.billions += Fraction(self.scale, 2) if self.scale >= 10**9 else 0
        elif word in self.words.digits:
            self.ok = self.ok and self.digit is None
            self.digit = self.words.digits[word]
        else:
            self.ok = False

    def _close(self, weight: int) -> None:
        """A digit followed by `trăm` or `mươi`."""
        self.ok = self.ok and self.digit is not None
        self.group += (self.digit or 0) * weight
        self.digit = None
        self.needs_joiner = False

    def settle(self) -> None:
        """Adds a digit that stands alone. After `trăm` it needs `linh`: `một trăm hai` may mean 102 or 120."""
        if self.digit is not None:
            self.ok = self.ok and not self.needs_joiner
            self.group += self.digit
        self.digit, self.needs_joiner = None, False

    def _scale(self, scale: int) -> None:
        self.settle()
        if scale >= 10**9:
            self.billions += (self.below + self.group) * scale if self.below + self.group else self.billions * 0
            self.below = Fraction(0)
        else:
            self.below += self.group * scale
        self.group = Fraction(0)
        self.scale = scale


def from_words(phrase: str) -> int | None:
    """The whole number that Vietnamese words give, or None where they are not understood.

    `linh` and `lẻ` are equal and `không trăm` may be left out; `đồng`, `chẵn` and `./.` at the end are passed over.

    >>> from_words("Một tỷ không trăm linh năm triệu đồng chẵn./.")
    1005000000
    >>> from_words("ba tỷ rưỡi"), from_words("hai mươi mốt"), from_words("một phẩy năm tỷ")
    (3500000000, 21, 1500000000)
    >>> from_words("một trăm hai") is None
    True
    """
    words = _words()
    spoken = re.findall(r"[^\W\d_]+", unicodedata.normalize("NFC", phrase).lower())
    while spoken and spoken[-1] in words.ends:
        spoken.pop()
    if not spoken:
        return None
    if "phẩy" in spoken:
        return _with_decimals(spoken, words)
    total = _Sum(words)
    for word in spoken:
        total.take(word)
    total.settle()
    value = total.billions + total.below + total.group
    return int(value) if total.ok and value.denominator == 1 else None


def _with_decimals(spoken: list[str], words: _Words) -> int | None:
    """`một phẩy năm tỷ`: digits before and after `phẩy`, then one scale."""
    at = spoken.index("phẩy")
    scale = words.scales.get(spoken[-1])
    whole = from_words(" ".join(spoken[:at]))
    decimals = [words.digits.get(word) for word in spoken[at + 1 : -1]]
    if scale is None or whole is None or not decimals or None in decimals:
        return None
    value = Fraction(f"{whole}.{''.join(map(str, decimals))}") * scale
    return int(value) if value.denominator == 1 else None

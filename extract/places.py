"""Names of places inside names of bodies, and the case that capitals of a letterhead hide."""

from __future__ import annotations

import re

from rules.letters import UPPER
from rules.units import KINDS_OF_UNITS

_SYLLABLE = rf"(?:[{UPPER}][^\W\d_]*(?:['’][^\W\d_]+)?)"
_NAME = rf"(?:{_SYLLABLE}(?:(?: ?- ?| ){_SYLLABLE}|(?: \d{{1,2}})(?!\d|/)){{0,5}}|\d{{1,2}}(?!\d|/))"
KINDS = "|".join(f"[{kind[0].upper()}{kind[0]}]{kind[1:]}" for kind in KINDS_OF_UNITS)
UNIT_AT_END = re.compile(rf"\b(?P<kind>{KINDS}) (?P<name>{_NAME})\Z")
"""A unit with its kind at the end of a body's name: `UBND xã Minh Tiến`."""
UNIT = re.compile(rf"\b(?P<kind>{KINDS}) (?P<name>{_NAME})")
"""A unit with its kind anywhere."""
_BARE_KIND = re.compile(rf"(?:^| )(?P<kind>{KINDS})\Z")
CAPITAL_KINDS = "|".join(kind.upper() for kind in KINDS_OF_UNITS)
"""The kinds as a letterhead prints them."""
_UPPER_KINDS = re.compile(rf"\b({CAPITAL_KINDS})(?= )")
_SMALL = frozenset("và của về cho các tại theo thuộc với trong".split())


def bare_kind(body: str) -> str | None:
    """The word for a kind of unit that ends `body` without a name (`UBND tỉnh` -> `tỉnh`)."""
    match = _BARE_KIND.search(body)
    return match["kind"] if match else None


def proper(words: str) -> str:
    """Capitals as a name: every syllable with a capital, small words small. For names of places and persons.

    >>> proper("BẮC NINH"), proper("BÀ RỊA - VŨNG TÀU"), proper("CƯ M'GAR")
    ('Bắc Ninh', 'Bà Rịa - Vũng Tàu', "Cư M'gar")
    """
    return " ".join(word.lower() if word.lower() in _SMALL else word[:1] + word[1:].lower() for word in words.split())


def lower_kinds(words: str) -> str:
    """The kinds of units in capitals as small words: `TỈNH BẮC NINH` -> `tỉnh BẮC NINH`."""
    return _UPPER_KINDS.sub(lambda match: match[1].lower(), words)

"""What an administrative unit is called: its kinds and levels, and the ways to write its name."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

Level = Literal["province", "district", "commune"]
REFORM = "2025-07-01"
"""The day on which districts ended and provinces and communes were merged (Luật 72/2025/QH15, NQ 202/2025/QH15)."""
LEVEL_OF_KIND: dict[str, Level] = {
    "tỉnh": "province",
    "quận": "district",
    "huyện": "district",
    "thị xã": "district",
    "xã": "commune",
    "phường": "commune",
    "thị trấn": "commune",
    "đặc khu": "commune",
}
"""The level that a kind of unit names by itself; `thành phố` names two: under the centre, and under a province."""
CITY = "thành phố"
"""The kind that is of two levels: a city under the centre, and one under a province."""
KINDS_OF_UNITS = (*LEVEL_OF_KIND, CITY)
"""Every kind of unit; none is the beginning of another."""
SHORT_KINDS: dict[str, str] = {"tp": "thành phố", "tx": "thị xã", "tt": "thị trấn"}
"""Short forms of kinds, in small letters."""
NAMING_KIND: dict[str, str] = {"province": "tỉnh", "district": "huyện", "commune": "xã"}
"""The kind by which a level is named where nothing else is known."""
RANK: dict[str, int] = {"central": 0, "province": 1, "district": 2, "commune": 3}
"""The levels from the centre downward: a greater number stands below."""
LEVEL_WORDS: dict[str, str] = {"central": "trung ương", **NAMING_KIND}
"""What officials call a level."""

_KINDS = re.compile(rf"(?i)({'|'.join(KINDS_OF_UNITS)}|tp|tx|tt)(?:\s+|\.\s*)(.+)")
_TONE = re.compile(r"(?i)o[àáảãạèéẻẽẹ]|(?<!q)u[ỳýỷỹỵ]")


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit under one name and kind. Dates are ISO days, empty where open; `successor` names what took it in."""

    level: Level
    kind: str
    name: str
    province: str | None = None
    district: str | None = None
    valid_from: str = ""
    valid_to: str = ""
    successor: str = ""

    def holds(self, day: str | None) -> bool:
        """Whether the unit held this name on the EDTF `day`; a day that is not known excludes nothing.

        The start is not asked: the years in which most units began are not known well enough.
        """
        if not day:
            return True
        if self.valid_from == REFORM and day < REFORM[: len(day)]:
            return False
        return not (self.valid_to and day > self.valid_to)

    @property
    def full_name(self) -> str:
        """The name with its kind: `tỉnh Thanh Hóa`, `thành phố Hà Nội`, `Thành phố Hồ Chí Minh`."""
        kind = "Thành phố" if self.level == "province" and self.name == "Hồ Chí Minh" else self.kind
        return f"{kind} {self.name}"


@lru_cache(maxsize=32_768)
def key_of(name: str) -> str:
    """One key for the ways to write a name: case, old and new tone places, hyphens, leading zeros, apostrophes.

    >>> key_of("Khánh Hoà") == key_of("KHÁNH HÒA"), key_of("Phan Rang-Tháp Chàm") == key_of("Phan Rang - Tháp Chàm")
    (True, True)
    """
    text = unicodedata.normalize("NFC", name).lower()
    if not text.isascii():
        text = _TONE.sub(_old_style, text)
    text = text.replace("’", "'").replace("`", "'").replace("ð", "đ")
    words = text.replace("-", " ").replace("–", " ").replace(".", " ").split()
    return " ".join(word.lstrip("0") or "0" if word.isdigit() else word for word in words)


def unmarked(name: str) -> str:
    """The bare letters of `name`, small, without marks, spaces and signs: `QUẢNG NGÃI` -> `quangngai`."""
    plain = unicodedata.normalize("NFD", key_of(name).replace("đ", "d"))
    return "".join(sign for sign in plain if sign.isalnum())


def _old_style(match: re.Match[str]) -> str:
    first, second = match.group()[0], match.group()[1]
    parts = unicodedata.normalize("NFD", second)
    return unicodedata.normalize("NFC", first + parts[1:]) + parts[0]


def split_kind(printed: str) -> tuple[str | None, str]:
    """The kind and the bare name of a unit as printed.

    >>> split_kind("Thành phố Hà Nội"), split_kind("xã Hoằng Cát"), split_kind("Lạng Sơn")
    (('thành phố', 'Hà Nội'), ('xã', 'Hoằng Cát'), (None, 'Lạng Sơn'))
    >>> split_kind("TP. Huế"), split_kind("Tp.Hồ Chí Minh")
    (('thành phố', 'Huế'), ('thành phố', 'Hồ Chí Minh'))
    """
    match = _KINDS.fullmatch(printed.strip())
    if match is None:
        return None, printed.strip()
    kind = match[1].lower()
    return SHORT_KINDS.get(kind, kind), match[2]

"""Noise as scanning puts it into a text: misread letters and markers, specks, hard line breaks, page numbers.

What comes out is the same for the same text and seed, and every sign of it leads back to where it came from, so that
labels made on the clean text hold on the noisy one. The confusions are those of rules/ocr_noise.toml.
"""

from __future__ import annotations

import random
import re
import unicodedata
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from rules.loader import document

_MARKER = re.compile(r"(?:[IVX]{1,5}|\d{1,2}(?:\.\d{1,2}){0,2}|[a-zđA-Z])[.)/]?(?=[ \t])")
_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")


@dataclass(frozen=True, slots=True)
class Strength:
    """How much noise: chances of each kind, and the widths that lines are broken at (None: as they are)."""

    name: str
    letter: float
    marker: float
    speck: float
    blank_lost: float
    width: tuple[int, int] | None


LIGHT = Strength("light", 0.004, 0.06, 0.02, 0.3, None)
HEAVY = Strength("heavy", 0.015, 0.15, 0.06, 0.6, (78, 96))


@dataclass(frozen=True, slots=True)
class Noisy:
    """A noisy text; `origins` gives for each of its signs the offset in the clean text that it stands for."""

    text: str
    origins: Sequence[int]

    def at(self, offset: int) -> int:
        """Where what stood at `offset` of the clean text stands now (or what follows it, where it was lost)."""
        return bisect_left(self.origins, offset)


@cache
def _confusions() -> tuple[Mapping[str, Sequence[str]], Mapping[str, Sequence[str]], Sequence[str]]:
    data = document("ocr_noise.toml")
    return data["letters"], data["markers"], data["specks"]


class _Writer:
    """Collects signs with their origins."""

    def __init__(self) -> None:
        self.signs: list[str] = []
        self.origins: list[int] = []

    def put(self, text: str, origin: int) -> None:
        self.signs.extend(text)
        self.origins.extend([origin] * len(text))


def add_noise(text: str, strength: Strength, seed: int) -> Noisy:
    """`text` with noise of `strength`; the same for the same arguments."""
    rng = random.Random(f"{seed}|{strength.name}|{len(text)}")
    out = _Writer()
    width = rng.randint(*strength.width) if strength.width else 0
    at = lines = 0
    for line in text.split("\n"):
        if not line.strip():
            if not (lines and rng.random() < strength.blank_lost):
                out.put("\n", at)
        else:
            lines += _add_line(out, line, at, strength, width, rng, lines)
        at += len(line) + 1
    return Noisy("".join(out.signs), out.origins)


def _add_line(out: _Writer, line: str, at: int, strength: Strength, width: int, rng: random.Random, lines: int) -> int:
    """Writes one line, broken at `width`; gives how many lines that made."""
    specks = _confusions()[2]
    made = 0
    for start, end in _broken(line, width):
        if rng.random() < strength.speck:
            out.put(rng.choice(specks), at + start)
        stop = start
        marker = _MARKER.match(line, start, end) if start == 0 else None
        if marker and rng.random() < strength.marker:
            stop = marker.end()
            out.put(_misread_marker(marker.group(), rng), at + start)
        for i in range(stop, end):
            sign = line[i]
            out.put(_misread(sign, rng) if rng.random() < strength.letter else sign, at + i)
        out.put("\n", at + end)
        made += 1
        if width and (lines + made) % 44 == 0:
            out.put(f"{(lines + made) // 44 + 1}\n", at + end)
    return made


def _broken(line: str, width: int) -> list[tuple[int, int]]:
    """The spans of a line's pieces of at most `width` signs; pipes stand in tables, which stay whole."""
    if not width or len(line) <= width or "|" in line:
        return [(0, len(line))]
    pieces, start = [], 0
    while len(line) - start > width:
        cut = line.rfind(" ", start + 1, start + width)
        if cut < 0:
            break
        pieces.append((start, cut))
        start = cut + 1
    return [*pieces, (start, len(line))]


def _misread(sign: str, rng: random.Random) -> str:
    """The sign as scanning might take it: a look-alike, or its letter with another tone or none."""
    alike = _confusions()[0].get(sign)
    if alike:
        return rng.choice(alike)
    parts = unicodedata.normalize("NFD", sign)
    if len(parts) == 1:
        return sign
    tones = [mark for mark in parts[1:] if mark in _TONES]
    shape = "".join(mark for mark in parts[1:] if mark not in _TONES)
    other = rng.choice(["", *sorted(_TONES - set(tones))]) if tones else ""
    kept = shape if tones or rng.random() < 0.5 else ""
    return unicodedata.normalize("NFC", parts[0] + kept + other)


def _misread_marker(marker: str, rng: random.Random) -> str:
    """The marker with its sign or its body misread."""
    body, close = (marker[:-1], marker[-1]) if marker[-1] in ".)/" else (marker, "")
    signs = _confusions()[1]
    if close and rng.random() < 0.6:
        return body + rng.choice(signs[close])
    i = rng.randrange(len(body))
    alike = signs.get(body[i]) or (body[i],)
    return body[:i] + rng.choice(alike) + body[i + 1 :] + close

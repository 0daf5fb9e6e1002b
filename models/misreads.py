"""How much of a text was misread: the share of its words that are no syllables of the language."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache, lru_cache

from rules.loader import document

_WORD = re.compile(r"[^\W_]+")
_TONES = {"\u0300", "\u0301", "\u0303", "\u0309", "\u0323"}
_STOPPED = ("c", "ch", "p", "t")
_STOPPED_TONES = frozenset({"\u0301", "\u0323"})
ENOUGH = 40
"""From this many words on a share means something."""


@cache
def _syllable() -> re.Pattern[str]:
    data = document("syllables.toml")
    onsets = "|".join(sorted(data["onsets"], key=len, reverse=True))
    rimes = "|".join(sorted(data["rimes"].split(), key=len, reverse=True))
    return re.compile(rf"(?:{onsets})(?:{rimes})|gi\w{{0,3}}")


def is_syllable(word: str) -> bool:
    """Whether `word` can be a syllable of the language.

    >>> is_syllable("nghiêm"), is_syllable("thưc"), is_syllable("hlện")
    (True, False, False)
    """
    parts = unicodedata.normalize("NFD", word.lower())
    tones = [mark for mark in parts if mark in _TONES]
    plain = unicodedata.normalize("NFC", "".join(mark for mark in parts if mark not in _TONES))
    if len(tones) > 1 or not _syllable().fullmatch(plain):
        return False
    return not plain.endswith(_STOPPED) or (bool(tones) and tones[0] in _STOPPED_TONES)


def misread_share(passages: Iterable[str]) -> float:
    """The share of words in `passages` that are no syllables, 0 where there are too few to tell.

    Only words in small letters that begin and end with one are counted: names, codes and units tell nothing. The
    first and last word of a passage may be cut.
    """
    wrong, seen = divmod(sum(map(_told_inside, passages)), _WRONG)
    return wrong / seen if seen >= ENOUGH else 0.0


_WRONG = 1 << 32
"""What a misread word adds to the sum over all words, beside the one that each word adds: both are counted at once."""


def _told_inside(passage: str) -> int:
    """What all words of `passage` but the first and the last add to that sum.

    Texts say the same between two spaces again and again: that is parted into words once.
    """
    pieces = passage.split()
    first, last = (_words(pieces[0]), _words(pieces[-1])) if len(pieces) > 1 else ((), ())
    if not first or not last:
        return sum(map(_told, _WORD.findall(passage)[1:-1]))
    return sum(map(_told_piece, pieces)) - _told(first[0]) - _told(last[-1])


@lru_cache(maxsize=20_000)
def _words(piece: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(piece))


@lru_cache(maxsize=20_000)
def _told_piece(piece: str) -> int:
    return sum(map(_told, _words(piece)))


@lru_cache(maxsize=20_000)
def _told(word: str) -> int:
    """What `word` adds to that sum; 0 where it tells nothing."""
    if len(word) < 2 or not (word.islower() and word[0].isalpha() and word[-1].isalpha()):
        return 0
    return 1 if is_syllable(word) else _WRONG + 1

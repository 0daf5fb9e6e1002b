"""Vietnamese without its marks, letter for letter."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

_OWN = {"đ": "d", "Đ": "d", "ð": "d", "Ð": "d"}


@lru_cache(maxsize=4096)
def _plain(letter: str) -> str:
    if letter in _OWN:
        return _OWN[letter]
    base = unicodedata.normalize("NFD", letter)[0].lower()
    return base if len(base) == 1 else letter


def folded(text: str) -> str:
    """`text` in small letters without marks, of the same length: `Đồng` gives `dong`."""
    return "".join(map(_plain, text))

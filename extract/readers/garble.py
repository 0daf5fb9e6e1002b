"""Whether a page's text layer is rubbish: letters that no Vietnamese text holds, or in an order in which none has them.

Spaces take no part in the measure: a text that is spaced out for alignment (`K Ế  H O Ạ C H`) or whose words are
broken by its setting is as good as any other.
"""

from __future__ import annotations

import re
import unicodedata

SAMPLE = 1200
"""Signs of a page that are looked at: rubbish is rubbish all over."""
LEAST = 60
"""Fewer letters than these say nothing."""
_LETTERS = frozenset(
    unicodedata.normalize("NFC", letter + tone)
    for vowel in "aăâeêioôơuưy"
    for case in (vowel, vowel.upper())
    for letter in (case,)
    for tone in ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
) | frozenset("đĐðÐ")
_PUNCTUATION = frozenset(".,;:-–—/()[]\"'“”‘’…_|•+*%=<>§&²³°№")
_SYLLABLE = re.compile(
    r"(?:ngh|ng|nh|gh|gi|kh|ph|qu|th|tr|ch|[bcdghklmnprstvx])?[aeiouy]{1,3}(?:ng|nh|ch|[cmnpt](?![aeiouy]))?"
)
MOST_FOREIGN = 0.06
"""The share of letters from other alphabets, private code points and odd signs beyond which a text is rubbish."""
LEAST_SYLLABLES = 0.74
"""The share of letters that stand in well-formed syllables below which a text is rubbish."""
LEAST_MARKED = 0.04
"""Vietnamese has a mark on every fourth letter; a text nearly without any was read by a program that knows none."""


def is_rubbish(text: str) -> bool:
    """Whether the text layer `text` cannot be what the page shows."""
    sample = _sample(text)
    signs = [sign for sign in sample if not sign.isspace()]
    letters = sum(map(str.isalpha, signs))
    odd = sum(map(_is_odd, signs))
    if len(signs) < LEAST:
        return False
    if odd > MOST_FOREIGN * max(letters, len(signs) // 2):
        return True
    return letters >= 3 * LEAST and syllable_share(sample) < LEAST_SYLLABLES


def lacks_marks(text: str) -> bool:
    """Whether a text of some length has next to no Vietnamese marks, as scanners' own text layers often have."""
    sample = _sample(text)
    letters = sum(map(str.isalpha, sample))
    marked = sum(not sign.isascii() for sign in sample if sign.isalpha())
    return letters >= 3 * LEAST and marked < LEAST_MARKED * letters


def syllable_share(text: str) -> float:
    """The share of `text`'s letters that stand in well-formed Vietnamese syllables, spaces and marks aside."""
    bare = unicodedata.normalize("NFD", text.lower()).replace("đ", "d")
    letters = "".join(sign for sign in bare if sign.isascii() and sign.isalpha())
    if not letters:
        return 1.0
    return sum(len(match.group()) for match in _SYLLABLE.finditer(letters)) / len(letters)


def _sample(text: str) -> str:
    start = max((len(text) - SAMPLE) // 2, 0)
    return text[start : start + SAMPLE]


def _is_odd(sign: str) -> bool:
    """A letter of no Vietnamese word, a private or unassigned code point, a sign that running text does not use."""
    if sign.isascii():
        return not (sign.isalnum() or sign in _PUNCTUATION)
    if sign.isalpha():
        return sign not in _LETTERS
    return sign not in _PUNCTUATION and unicodedata.category(sign)[0] in "CSM"

"""Whether a page's text layer is rubbish: letters that no Vietnamese text holds, or in an order in which none has them.

Spaces take no part in the measure: a text that is spaced out for alignment (`K Ế  H O Ạ C H`) or whose words are
broken by its setting is as good as any other.
"""

from __future__ import annotations

import re
import unicodedata

SAMPLE = 500
"""Signs of a page that are looked at: rubbish is rubbish all over."""
LEAST = 60
"""Fewer letters than these say nothing."""
_LETTERS = "".join(
    unicodedata.normalize("NFC", letter + tone)
    for vowel in "aăâeêioôơuưy"
    for letter in (vowel, vowel.upper())
    for tone in ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
)
_PUNCTUATION = re.escape(".,;:-–—/()[]\"'“”‘’…_|•+*%=<>§&²³°№")
_FOREIGN = re.compile(rf"[^\W\d_a-zA-Z{_LETTERS}đĐðÐ]")
_ODD = re.compile(rf"(?![^\W_])[^\s{_PUNCTUATION}]")
"""Signs that running text does not use: control signs, private code points, rare punctuation."""
_SIGN = re.compile(r"\S")
_LETTER = re.compile(r"[^\W\d_]")
_ASCII = re.compile(r"[a-z]+")
_MARKED = re.compile(r"[^\W\d_\x00-\x7f]")
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
    signs = len(_SIGN.findall(sample))
    if signs < LEAST:
        return False
    letters = len(_LETTER.findall(sample))
    odd = len(_FOREIGN.findall(sample)) + len(_ODD.findall(sample))
    if odd > MOST_FOREIGN * max(letters, signs // 2):
        return True
    return letters >= 3 * LEAST and syllable_share(sample) < LEAST_SYLLABLES


def lacks_marks(text: str) -> bool:
    """Whether a text of some length has next to no Vietnamese marks, as scanners' own text layers often have."""
    sample = _sample(text)
    if len(sample.encode("utf-8", "replace")) > (1 + LEAST_MARKED) * len(sample):
        return False  # most pages, told at once
    letters = len(_LETTER.findall(sample))
    return letters >= 3 * LEAST and len(_MARKED.findall(sample)) < LEAST_MARKED * letters


def syllable_share(text: str) -> float:
    """The share of `text`'s letters that stand in well-formed Vietnamese syllables, spaces and marks aside."""
    bare = unicodedata.normalize("NFD", text.lower()).replace("đ", "d").encode("ascii", "ignore").decode()
    letters = "".join(_ASCII.findall(bare))
    if not letters:
        return 1.0
    return sum(map(len, _SYLLABLE.findall(letters))) / len(letters)


def _sample(text: str) -> str:
    start = max((len(text) - SAMPLE) // 2, 0)
    return text[start : start + SAMPLE]

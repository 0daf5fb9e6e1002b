"""Cue words that scanning misread, in their own spelling (`triên khai` -> `triển khai`)."""

from __future__ import annotations

import re
from functools import cache

from extract.type_words import fold
from rules.loader import document


@cache
def _phrases() -> tuple[re.Pattern[str], dict[str, str]]:
    right = {fold(phrase): phrase for phrase in document("relations.toml")["scanned"]["phrases"]}
    longest = sorted(right, key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(longest)})(?!\w)"), right


def mended(words: str) -> str:
    """`words` with the cue phrases of rules/relations.toml in their own marks; length and first letters' case stay.

    >>> mended("Triên khai thực hiên")
    'Triển khai thực hiện'
    """
    pattern, right = _phrases()
    pieces, at = [], 0
    for match in pattern.finditer(fold(words)):
        phrase = right[match.group()]
        first = words[match.start()]
        pieces += [words[at : match.start()], phrase[0].upper() if first.isupper() else phrase[0], phrase[1:]]
        at = match.end()
    return "".join([*pieces, words[at:]])

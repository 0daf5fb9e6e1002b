"""Words that scanning or conversion spoilt, in their own spelling (`triên khai` -> `triển khai`, `ng�y` -> `ngày`)."""

from __future__ import annotations

import re
from functools import cache

from extract.type_words import fold
from rules.loader import document

_LOST = "\ufffd"
_LETTERS = re.compile("[àáâãèéêìíòóôõùúý]")
"""Letters that Latin-1 has: what conversion loses; the others stay."""


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


@cache
def _words() -> tuple[re.Pattern[str], dict[str, str]]:
    rules = document("citations.toml")["lost_letters"]
    spoilt = {_LETTERS.sub(_LOST, word): word for word in (*rules["words"], *rules["before_digits"])}
    numbered = {_LETTERS.sub(_LOST, word) for word in rules["before_digits"]}
    longest = [rf"{word}(?= \d)" if word in numbered else word for word in sorted(spoilt, key=len, reverse=True)]
    return re.compile(rf"(?<!\w)(?<!{_LOST})(?:{'|'.join(longest)})(?![\w{_LOST}])", re.IGNORECASE), spoilt


def restored(text: str) -> str:
    """`text` with letters that conversion lost (U+FFFD) in the words of rules/citations.toml. Its length stays.

    >>> restored("ng\ufffdy 2/5/2025 của Ch\ufffdnh phủ, CH\ufffdNH PHỦ")
    'ngày 2/5/2025 của Chính phủ, CHÍNH PHỦ'
    """
    if _LOST not in text:
        return text
    pattern, spoilt = _words()
    return pattern.sub(lambda match: _with_letters(match.group(), spoilt[match.group().lower()]), text)


def _with_letters(printed: str, word: str) -> str:
    capitals = printed.replace(_LOST, "").isupper() and len(printed) > 1
    return "".join((b.upper() if capitals else b) if a == _LOST else a for a, b in zip(printed, word, strict=True))

"""The words of a search in the text of a document that it found."""

from __future__ import annotations

import re

from datasette_plugins.desk.folding import folded
from datasette_plugins.desk.marks import Mark

MOST = 500
"""Hits that are marked in one document."""
_TOKEN = re.compile(r"[^\W_]+")


def hits(text: str, query: str) -> list[Mark]:
    """Where the words of `query` stand in `text`, marks and capitals aside: all of them in a row, else each of them.

    >>> [(hit.start, hit.end) for hit in hits("Nước sạch, nuoc  sach; nước", "nuoc sach")]
    [(0, 9), (11, 21)]
    >>> [(hit.start, hit.end) for hit in hits("nước rất sạch", "nuoc sach")]
    [(0, 4), (9, 13)]
    """
    tokens = list(dict.fromkeys(_TOKEN.findall(folded(query)[:200])))
    if not tokens:
        return []
    plain = folded(text)
    in_a_row = r"[\W_]+".join(map(re.escape, _TOKEN.findall(folded(query)[:200])))
    each = "|".join(map(re.escape, sorted(tokens, key=len, reverse=True)))
    found: list[Mark] = []
    for pattern in (in_a_row, each):
        for number, match in enumerate(re.finditer(rf"(?<![^\W_])(?:{pattern})(?![^\W_])", plain)):
            if number >= MOST:
                break
            words = text[match.start() : match.end()]
            key = f"hit-{number + 1}"
            found.append(Mark(key, "hit", match.start(), match.end(), f"#f-{key}", " ".join(words.split())))
        if found:
            break
    return found

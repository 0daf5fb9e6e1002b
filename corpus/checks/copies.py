"""Long passages of one unit's plan that stand in another's."""

from __future__ import annotations

from collections.abc import Iterator

from corpus.checks.base import Corpus, Found, Side
from corpus.identity import fold
from corpus.sketch import common_runs

_COMMON = 6
"""A run that more documents have is a formula."""
_SHARE = 0.35
_LEAST = 5


def check_text_copied(corpus: Corpus) -> Iterator[Found]:
    """Two plans of different units of one level, a third of one of which stands in the other."""
    sql = """select id, issuer, issuer_level, issued_on, sketch from documents
             where doc_type = 'KH' and issuer is not null and issuer_level is not null and version_of is null
               and sketch is not null"""
    documents = sorted(corpus.rows(sql), key=lambda row: (row["issued_on"] or "", row["id"]))
    sketches = [row["sketch"] for row in documents]
    for one, other, count in common_runs(sketches, at_most=_COMMON, at_least=_LEAST):
        share = count * 4 / len(sketches[other])
        first, second = documents[one], documents[other]
        if share >= _SHARE and first["issuer"] != second["issuer"] and first["issuer_level"] == second["issuer_level"]:
            yield _copied(corpus, second["id"], first["id"], share)


def _copied(corpus: Corpus, later: str, earlier: str, share: float) -> Found:
    texts = [
        corpus.rows("select text from documents where id = ?", document)[0]["text"] for document in (later, earlier)
    ]
    first, second = longest_common(texts[0], texts[1])
    (row,) = corpus.rows("select code, issuer from documents where id = ?", earlier)
    sides = tuple(
        Side(document=document, fact="text", quote=text[start:end], start=start, end=end)
        for document, text, (start, end) in ((later, texts[0], first), (earlier, texts[1], second))
    )
    return Found(
        rule="text-copied",
        document=later,
        sides=sides,
        words={"share": round(share * 100), "other": f"{row['code'] or 'văn bản không số'} của {row['issuer']}"},
        words_en={"other": f"{row['code'] or 'the unnumbered document'} of {row['issuer']}"},
        confidence=min(0.9, 0.5 + share / 2),
    )


def longest_common(one: str, other: str) -> tuple[tuple[int, int], tuple[int, int]]:
    """The longest passage of whole lines' words that stands in both texts, as a span in each."""
    from difflib import SequenceMatcher

    first, second = _words(one), _words(other)
    match = SequenceMatcher(
        None, [w for w, _, _ in first], [w for w, _, _ in second], autojunk=False
    ).find_longest_match()
    if not match.size:
        return (0, min(80, len(one))), (0, min(80, len(other)))
    return (
        (first[match.a][1], first[match.a + match.size - 1][2]),
        (second[match.b][1], second[match.b + match.size - 1][2]),
    )


def _words(text: str) -> list[tuple[str, int, int]]:
    out, at = [], 0
    for word in text.split():
        start = text.index(word, at)
        at = start + len(word)
        out.append((fold(word), start, at))
    return out

"""Long passages of one unit's plan that stand in another's."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from zlib import crc32

from corpus.checks.base import Corpus, Found, Side
from corpus.identity import fold

_RUN = 12
"""Syllables in a row that two texts share only by copying, formulas aside."""
_SAMPLE = 16
"""One run in so many is looked up, chosen by its hash: the same ones in every text."""
_COMMON = 6
"""A run that more documents have is a formula."""
_SHARE = 0.35
_LEAST = 6


def check_text_copied(corpus: Corpus) -> Iterator[Found]:
    """Two plans of different units of one level, a third of one of which stands in the other."""
    places: dict[int, list[int]] = defaultdict(list)
    documents: list[tuple[str, str, str, str]] = []
    sizes: list[int] = []
    sql = """select id, issuer, issuer_level, issued_on, text from documents
             where doc_type = 'KH' and issuer is not null and issuer_level is not null and version_of is null
             order by issued_on, id"""
    for row in corpus.rows(sql):
        sampled = set(sample(row["text"]))
        for run in sampled:
            places[run].append(len(documents))
        documents.append((row["id"], row["issuer"], row["issuer_level"], row["issued_on"] or ""))
        sizes.append(len(sampled))
    shared: Counter[tuple[int, int]] = Counter()
    for holders in places.values():
        if 1 < len(holders) <= _COMMON:
            for i, one in enumerate(holders):
                for other in holders[i + 1 :]:
                    shared[one, other] += 1
    for (one, other), count in sorted(shared.items()):
        share = count / max(1, sizes[other])
        if count < _LEAST or share < _SHARE or documents[one][1] == documents[other][1]:
            continue
        if documents[one][2] == documents[other][2]:
            yield _copied(corpus, documents[other][0], documents[one][0], share)


def sample(text: str) -> Iterator[int]:
    """Hashes of one in sixteen of the runs of twelve syllables of `text`, the same runs in every text."""
    syllables = fold(text).split()
    for i in range(len(syllables) - _RUN + 1):
        value = crc32(" ".join(syllables[i : i + _RUN]).encode())
        if value % _SAMPLE == 0:
            yield value


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

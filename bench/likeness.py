"""Likeness measured: what stands in corpus/ beside `models.likeness`. ``python -m bench.likeness``

Likely parents: documents of `../shared/corpus/raw` that cite another one there which may stand above them. The citation
is hidden, and up to three parents are offered by title; both ways are shown by the cosine from which they offer, with
how many they offer to a document on average, since more offers find more.

Versions and copied text: each of a sample of documents beside a copy of itself with the noise of scanning.
"""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Callable, Mapping, Sequence

from bench.quality import shared
from corpus.identity import parse_code
from corpus.likeness import Titles
from corpus.sketch import common_runs, sketch
from corpus.versions import SAME_TEXT, likeness
from extract.pipeline import extract
from extract.readers import read
from extract.records import Document
from models.likeness import TfIdf, alike, signature
from models.noise import HEAVY, LIGHT, add_noise

MOST = 3
LEASTS = (0.4, 0.3, 0.25, 0.2, 0.15)
COPIES = 100
_SHARE, _BYTES = 0.35, 4
"""The share of a sketch's runs from which `corpus.checks.copies` reports, and how many bytes one has."""
Pairs = Sequence[tuple[int, int]]
Offer = Callable[[int, float], list[int]]


def documents() -> list[Document]:
    """All raw documents, read and extracted."""
    return [extract(read(path)) for path in sorted((shared() / "corpus" / "raw").glob("*.txt"))]


def _key(code: str | None, day: str | None) -> tuple[str, str, str] | None:
    parsed = parse_code(code) if code and day else None
    return (parsed.number, (code or "").upper().rpartition("/")[2], day or "") if parsed else None


def known_parents(found: Sequence[Document], may_be: Callable[[int, int], bool]) -> list[tuple[int, int]]:
    """(document, cited document) of one number, letters and day, where the cited one may stand above it."""
    heads: dict[tuple[str, str, str], int] = {}
    for i, one in enumerate(found):
        key = _key(one.header.code, one.header.issued_on)
        if key:
            heads.setdefault(key, i)
    pairs = set()
    for i, one in enumerate(found):
        for citation in one.citations:
            key = _key(citation.code, citation.issued_on)
            if key in heads and citation.relation in {"implements", "legal_basis", "guided_by"}:
                pairs.add((i, heads[key]))
    return sorted(pair for pair in pairs if may_be(*pair))


def titles_of(found: Sequence[Document]) -> Titles:
    """The titles of the documents as a built corpus has them."""
    connection = sqlite3.connect(":memory:")
    columns = "id, work, doc_type, issuer_level, province, district, issued_on, title, version_of"
    connection.execute(f"create table documents ({columns})")
    for i, one in enumerate(found):
        h = one.header
        row = (str(i), str(i), h.doc_type, h.issuer_level, h.province, h.district, h.issued_on, h.title, None)
        connection.execute(f"insert into documents values ({', '.join('?' * len(row))})", row)
    return Titles(connection)


def offers(found: Sequence[Document], titles: Titles, asked: Sequence[int]) -> Mapping[str, Offer]:
    """By name, what each way offers to a document from a cosine on."""
    weights = TfIdf([one.header.title or "" for one in found])
    nearest = dict(zip(asked, weights.nearest(weights.matrix[list(asked)], len(found)), strict=True))

    def by_titles(i: int, least: float) -> list[int]:
        return [int(work) for work, _ in titles.likely_superiors(str(i), least)][:MOST]

    def by_tfidf(i: int, least: float) -> list[int]:
        likely = (
            j for j, cosine in nearest[i] if cosine >= least and j != i and titles.may_stand_above(str(i), str(j))
        )
        return [j for j, _ in zip(likely, range(MOST), strict=False)]

    return {"corpus.likeness": by_titles, "models.likeness": by_tfidf}


def parents(found: Sequence[Document]) -> None:
    """Prints how many known parents each way offers."""
    titles = titles_of(found)
    pairs = known_parents(found, lambda i, j: i != j and titles.may_stand_above(str(i), str(j)))
    local = [i for i, one in enumerate(found) if one.header.issuer_level not in {None, "central"} and one.header.title]
    asked = sorted({*local, *(i for i, _ in pairs)})
    print(f"likely parents: {len(pairs)} known, {len(local)} local documents asked")
    for name, offer in offers(found, titles, asked).items():
        for least in LEASTS:
            hits = sum(j in offer(i, least) for i, j in pairs)
            each = sum(len(offer(i, least)) for i in local) / len(local)
            print(f"  {name:16} from {least:4.2f}  {hits:3} of {len(pairs)}  {each:5.2f} offers a document")


def copies(texts: Sequence[str], made: Sequence[str], what: str) -> None:
    """Prints how many of `made`, each from the text of its place, each way finds, and how many other pairs it gives."""
    both, count = [*texts, *made], len(texts)
    sketches = [sketch(text) for text in both]
    runs = common_runs(sketches, at_most=6, at_least=5)
    copied = [(i, j) for i, j, common in runs if common * _BYTES / max(len(sketches[j]), 1) >= _SHARE]
    hashed = [(i, j) for i, j, _ in alike([signature(text) for text in both], 0.5)]
    same = sum(likeness(one, other) >= SAME_TEXT for one, other in zip(texts, made, strict=True))
    print(f"{count} {what}")
    print(f"  versions of one number (corpus.versions): {same}")
    for name, pairs in (("corpus.sketch", copied), ("models.likeness MinHash", hashed)):
        hits = sum(j == i + count for i, j in pairs)
        print(f"  {name}: {hits}, and {sum(j < count for _, j in pairs)} pairs of originals")


def half_copied(texts: Sequence[str]) -> list[str]:
    """Each text's first half before the second half of the text half-way round the list."""
    others = [*texts[len(texts) // 2 :], *texts[: len(texts) // 2]]
    return [text[: len(text) // 2] + other[len(other) // 2 :] for text, other in zip(texts, others, strict=True)]


def main() -> None:
    """Measure both."""
    if not shared().exists():
        print(f"likeness: skipped, there is no {shared()}")
        sys.exit(0)
    found = documents()
    parents(found)
    texts = [one.source.text for one in found if 3_000 < len(one.source.text) < 40_000][:COPIES]
    for strength in (LIGHT, HEAVY):
        copies(texts, [add_noise(text, strength, 1).text for text in texts], f"copies with {strength.name} noise")
    copies(texts, half_copied(texts), "documents half of which is copied")


if __name__ == "__main__":
    main()

"""Likeness of documents and passages: TF-IDF over runs of syllables, and MinHash to find the alike among many.

Nothing here is trained and stored: the weights of runs are those of the corpus that is compared. Runs are hashed, so
that no vocabulary is kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING
from zlib import crc32

from extract.type_words import fold

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from scipy.sparse import csr_matrix

    Signatures = NDArray[np.uint32]

_SYLLABLE = re.compile(r"[^\W_]+")
PLACES = 1 << 18
"""How many places runs are hashed to."""
RUN = 5
"""Syllables in a run that MinHash compares: shorter ones are formulas."""
HASHES, BANDS = 64, 16
"""Numbers in a signature, and the bands that are compared whole: two texts with half their runs in common share a band
with 64 of 100 chances, with two thirds in common 97 of 100, with a fifth 3 of 100."""
_PRIME = (1 << 31) - 1


def syllables(text: str) -> list[str]:
    """The syllables and numbers of a text, folded."""
    return _SYLLABLE.findall(fold(text))


def runs_of(text: str) -> list[str]:
    """Syllables and pairs of neighbours: what TF-IDF counts."""
    found = syllables(text)
    return [*found, *(f"{one} {other}" for one, other in pairwise(found))]


class TfIdf:
    """Texts as weighted counts of their runs, to be compared by cosine."""

    def __init__(self, texts: Sequence[str]) -> None:
        from sklearn.feature_extraction.text import HashingVectorizer, TfidfTransformer

        self._hashing = HashingVectorizer(analyzer=runs_of, n_features=PLACES, alternate_sign=False, norm=None)
        self._weights = TfidfTransformer(sublinear_tf=True)
        self.matrix: csr_matrix = self._weights.fit_transform(self._hashing.transform(texts))

    def vectors(self, texts: Sequence[str]) -> csr_matrix:
        """Other texts by the same weights."""
        return self._weights.transform(self._hashing.transform(texts))

    def nearest(self, vectors: csr_matrix, most: int) -> Iterator[list[tuple[int, float]]]:
        """For each of `vectors` the numbers of the likest texts with their cosine, likest first."""
        import numpy as np

        for at in range(0, vectors.shape[0], 256):
            block = (vectors[at : at + 256] @ self.matrix.T).toarray()
            order = np.argsort(-block, axis=1, kind="stable")[:, :most]
            for row, best in zip(block, order, strict=True):
                yield [(int(i), float(row[i])) for i in best if row[i] > 0]

    def __call__(self, one: str, other: str) -> float:
        """The cosine of two texts (`extract.decisions.Likeness`)."""
        first, second = self.vectors([one]), self.vectors([other])
        return float((first @ second.T).toarray()[0, 0])


@cache
def _permutations() -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    import numpy as np

    rng = np.random.Generator(np.random.PCG64(7))
    return (
        rng.integers(1, _PRIME, HASHES, dtype=np.uint64),
        rng.integers(0, _PRIME, HASHES, dtype=np.uint64),
    )


def signature(text: str) -> Signatures | None:
    """The MinHash signature of a text's runs; None for a text shorter than one run."""
    import numpy as np

    found = syllables(text)
    if len(found) < RUN:
        return None
    codes = {crc32(" ".join(found[i : i + RUN]).encode()) for i in range(len(found) - RUN + 1)}
    a, b = _permutations()
    runs = np.fromiter(codes, dtype=np.uint64, count=len(codes)) % np.uint64(_PRIME)
    lowest = np.full(HASHES, _PRIME, dtype=np.uint64)
    for at in range(0, len(runs), 4096):
        block = (np.outer(a, runs[at : at + 4096]) + b[:, None]) % np.uint64(_PRIME)
        lowest = np.minimum(lowest, block.min(axis=1))
    return lowest.astype(np.uint32)


def alike(signatures: Sequence[Signatures | None], least: float) -> Iterator[tuple[int, int, float]]:
    """(one, other, estimated share of runs in common) of all pairs that share a band and at least `least`."""
    width = HASHES // BANDS
    buckets: dict[bytes, list[int]] = {}
    seen: set[tuple[int, int]] = set()
    for band in range(BANDS):
        buckets.clear()
        for i, numbers in enumerate(signatures):
            if numbers is not None:
                buckets.setdefault(numbers[band * width : (band + 1) * width].tobytes(), []).append(i)
        for members in buckets.values():
            seen.update((one, other) for k, one in enumerate(members) for other in members[k + 1 :])
    for one, other in sorted(seen):
        first, second = signatures[one], signatures[other]
        if first is not None and second is not None:
            share = float((first == second).mean())
            if share >= least:
                yield one, other, share

"""Sketches of texts: hashes of a few of their runs of twelve syllables, the same few in every text.

Two texts that share long passages share many of these; the sketch is made where a document is read and kept with it.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import compress, islice
from zlib import crc32

from corpus.identity import folded

RUN = 12
"""Syllables in a row that two texts share only by copying, formulas aside."""
_SAMPLE = 12
"""A run is kept where its first two syllables hash to a multiple of this."""
_MOST = 400
"""Runs kept of one text at most; those of the lowest hashes, so that two texts keep the same."""


def sketch(text: str) -> bytes:
    """The sketch of `text`: four bytes a run, ascending."""
    syllables = folded(text)
    begin = compress(range(len(syllables) - RUN + 1), map(_is_kept, syllables, islice(syllables, 1, None)))
    kept = {crc32(" ".join(syllables[i : i + RUN]).encode()) for i in begin}
    return array("I", sorted(kept)[:_MOST]).tobytes()


@lru_cache(maxsize=65_536)
def _is_kept(one: str, other: str) -> bool:
    """Whether runs that begin with these syllables are among the few."""
    return crc32(f"{one} {other}".encode()) % _SAMPLE == 0


def common_runs(sketches: Sequence[bytes], *, at_most: int, at_least: int) -> Iterator[tuple[int, int, int]]:
    """(one, other, runs in common) for pairs of sketches that share `at_least` runs, in order.

    Runs that more than `at_most` sketches hold are formulas and do not count.
    """
    import numpy as np

    if not sketches:
        return
    sizes = np.array([len(data) // 4 for data in sketches])
    both = np.frombuffer(b"".join(sketches), dtype=np.uint32).astype(np.uint64) << np.uint64(32)
    both |= np.repeat(np.arange(len(sketches), dtype=np.uint64), sizes)
    both.sort()  # a number holds a run and its owner: to sort numbers is several times faster than to sort places
    runs, owners = both >> np.uint64(32), (both & np.uint64(0xFFFFFFFF)).astype(np.int64)
    first = np.flatnonzero(np.r_[True, runs[1:] != runs[:-1]]) if len(runs) else np.array([], dtype=np.int64)
    counts = np.diff(np.r_[first, len(runs)])
    pairs = [np.empty(0, dtype=np.int64)]
    for held in range(2, at_most + 1):
        starts = first[counts == held]
        for i in range(held):
            pairs += [owners[starts + i] * len(sketches) + owners[starts + j] for j in range(i + 1, held)]
    found, shared = np.unique(np.concatenate(pairs), return_counts=True)
    for pair, count in zip(found[shared >= at_least], shared[shared >= at_least], strict=True):
        one, other = divmod(int(pair), len(sketches))
        yield one, other, int(count)

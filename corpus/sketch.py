"""Sketches of texts: hashes of a few of their runs of twelve syllables, the same few in every text.

Two texts that share long passages share many of these; the sketch is made where a document is read and kept with it.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import compress, islice
from typing import TYPE_CHECKING
from zlib import crc32

from corpus.identity import folded

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Runs = NDArray[np.uint32]

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
    ends = np.cumsum([len(data) // 4 for data in sketches])
    every = np.frombuffer(b"".join(sketches), dtype=np.uint32)
    places = np.flatnonzero(_among(every, _held_by(every, at_most)))
    both = every[places].astype(np.uint64) << np.uint64(32)
    both |= np.searchsorted(ends, places, side="right").astype(np.uint64)
    both.sort()  # a number holds a run and its owner
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


def _held_by(runs: Runs, at_most: int) -> Runs:
    """The runs that stand there twice and at most so often, ascending."""
    import numpy as np

    ordered = np.sort(runs)
    first = np.flatnonzero(np.append(True, ordered[1:] != ordered[:-1])) if len(runs) else np.array([], dtype=np.int64)
    counts = np.diff(np.append(first, len(runs)))
    return ordered[first[(counts > 1) & (counts <= at_most)]]


def _among(runs: Runs, wanted: Runs) -> NDArray[np.bool_]:
    """Which of the runs are wanted ones, which ascend. Most are not: a look at their first bits tells that."""
    import numpy as np

    begin = np.zeros(1 << 20, dtype=bool)
    begin[wanted >> np.uint32(12)] = True
    found: NDArray[np.bool_] = begin[runs >> np.uint32(12)]
    near = np.flatnonzero(found)
    at = np.searchsorted(wanted, runs[near])
    found[near] = wanted[np.minimum(at, len(wanted) - 1)] == runs[near] if len(wanted) else False
    return found

"""Whether the cost of some work grows with the length of its text and not with its square."""

from __future__ import annotations

import math
import time
from collections.abc import Callable

LONGER = 8
TRIES = 4
NOISE = 0.25
"""Seconds of the processor that a measurement may be wrong by."""


def grows_in_proportion(work: Callable[[str], object], text: Callable[[int], str], length: int) -> None:
    """Fails where a text of this length costs more than twice what an eighth of it lets expect.

    What counts is time of the processor, of several tries the least: other programs make it longer, never shorter.
    """
    short, whole = text(length // LONGER), text(length)
    least = most = math.inf
    for _ in range(TRIES):
        least, most = min(least, spent(work, short)), min(most, spent(work, whole))
        if most < 2 * LONGER * least + NOISE:
            return
    raise AssertionError(f"{len(short)} signs cost {least:.2f} s, {len(whole)} signs {most:.2f} s")


def spent(work: Callable[[str], object], text: str) -> float:
    """Seconds of the processor."""
    begin = time.process_time()
    work(text)
    return time.process_time() - begin


def repeated(piece: str) -> Callable[[int], str]:
    """A text of a length that repeats this piece."""
    return lambda length: piece * (length // len(piece))

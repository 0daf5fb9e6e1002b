"""What of a scanned page is ink: how dark a part of it is, and the frames of stamps (`CÔNG VĂN ĐẾN`) on it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import product
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from PIL.Image import Image

_STEM = 0.6
_DARK = 140
"""Grey (0 is black) below which a point is ink."""
_POINTS = 72
_COARSE = 100
"""Dots an inch at which frames are looked for: small gaps in their lines close."""
_LOOKED_AT = 0.6
"""The share of a page's height in which it is stamped."""
_LONGEST, _SHORTEST = 200.0, 60.0
"""Points. A stamp's frame is no wider and no narrower; a table's line is longer."""
_HIGHEST, _LOWEST = 110.0, 18.0
_CORNER = 6.0
_MOST_LINES = 400

Box = tuple[float, float, float, float]
"""Left, top, right, bottom in points from the page's top left."""


class _Run(NamedTuple):
    """A straight line of ink: its place across its direction, its beginning and its end along it, in points."""

    at: float
    start: float
    end: float


class Ink:
    """A page's ink, `dpi` points of the picture to an inch."""

    def __init__(self, picture: Image, dpi: int) -> None:
        self._picture = picture
        self._scale = dpi / _POINTS

    @cached_property
    def _dark(self) -> NDArray[np.bool_]:
        import numpy as np

        return np.asarray(self._picture) < _DARK

    def share(self, box: Box) -> float:
        """The share of dark points in a box; 0 for a box that holds none."""
        x0, top, x1, bottom = (max(round(value * self._scale), 0) for value in box)
        part = self._dark[top:bottom, x0:x1]
        return float(part.mean()) if part.size else 0.0

    def stems(self, box: Box) -> int:
        """The upright strokes in a box, such as the three of `III`: runs of columns that are mostly ink half way up."""
        import numpy as np

        x0, top, x1, bottom = (max(round(value * self._scale), 0) for value in box)
        height = bottom - top
        middle = self._dark[top + height // 4 : bottom - height // 4, x0:x1]
        if not middle.size:
            return 0
        inked = np.pad(middle.mean(axis=0) > _STEM, (1, 1)).astype(np.int8)
        return int((np.diff(inked) == 1).sum())

    def frames(self) -> list[Box]:
        """The frames of the size of a stamp in the upper part of the page; those that overlap are one."""
        across, down = self._runs(horizontal=True), self._runs(horizontal=False)
        if len(across) > _MOST_LINES or len(down) > _MOST_LINES:
            return []
        boxes = [box for top, bottom in product(across, repeat=2) for box in _framed(top, bottom, down)]
        boxes += [box for line in across for box in _hung(line, down)]
        return list(_united(boxes))

    def _runs(self, *, horizontal: bool) -> list[_Run]:
        """The straight lines of a stamp's length, neighbouring rows taken together: a stamp is never quite level."""
        import numpy as np

        step = max(round(self._scale * _POINTS / _COARSE), 1)
        dark = self._dark[: int(self._dark.shape[0] * _LOOKED_AT)]
        height, width = (size // step * step for size in dark.shape)
        coarse = dark[:height, :width].reshape(height // step, step, width // step, step).any(axis=(1, 3))
        lines = np.pad(coarse if horizontal else coarse.T, ((1, 1), (0, 0)))
        thick = lines[:-2] | lines[1:-1] | lines[2:]
        points = step / self._scale
        least = (_SHORTEST if horizontal else _LOWEST) / points
        edges = np.diff(np.pad(thick, ((0, 0), (1, 1))).astype(np.int8), axis=1)
        rows, starts = np.nonzero(edges == 1)
        _, ends = np.nonzero(edges == -1)
        long = ends - starts >= least
        return _joined(
            _Run(float(row) * points, float(start) * points, float(end) * points)
            for row, start, end in zip(rows[long], starts[long], ends[long], strict=True)
        )


def _joined(runs: Iterator[_Run]) -> list[_Run]:
    """Runs with those of neighbouring rows made one."""
    out: list[_Run] = []
    for run in runs:
        for i, known in enumerate(out):
            if abs(run.at - known.at) <= 3 and run.start <= known.end and known.start <= run.end:
                out[i] = _Run(run.at, min(run.start, known.start), max(run.end, known.end))
                break
        else:
            out.append(run)
    return out


def _framed(top: _Run, bottom: _Run, down: Sequence[_Run]) -> Iterator[Box]:
    """The box of two level lines, where an upright one closes it at an end."""
    height = bottom.at - top.at
    left, right = min(top.start, bottom.start), max(top.end, bottom.end)
    shared = min(top.end, bottom.end) - max(top.start, bottom.start)
    if not (_LOWEST <= height <= _HIGHEST and right - left <= _LONGEST and shared >= 0.7 * (right - left)):
        return
    for side in down:
        covered = min(side.end, bottom.at) - max(side.start, top.at)
        if covered >= 0.5 * height and min(abs(side.at - left), abs(side.at - right)) <= _CORNER:
            yield left, top.at, right, bottom.at
            return


def _hung(line: _Run, down: Sequence[_Run]) -> Iterator[Box]:
    """The box of a level line with an upright one at each end, where the fourth side has not come out."""
    if line.end - line.start > _LONGEST:
        return
    for left, right in product(down, repeat=2):
        top, bottom = min(left.start, right.start), max(left.end, right.end)
        shared = min(left.end, right.end) - max(left.start, right.start)
        ends = max(abs(left.at - line.start), abs(right.at - line.end))
        if ends <= _CORNER and bottom - top <= _HIGHEST and shared >= 0.5 * (bottom - top):
            yield left.at, top, right.at, bottom


def _united(boxes: Sequence[Box]) -> Iterator[Box]:
    left: list[Box] = sorted(boxes)
    while left:
        x0, top, x1, bottom = left.pop(0)
        touching = [b for b in left if b[0] < x1 and x0 < b[2] and b[1] < bottom and top < b[3]]
        if touching:
            left = [b for b in left if b not in touching]
            whole = [(x0, top, x1, bottom), *touching]
            united = (min(b[0] for b in whole), min(b[1] for b in whole), *(max(b[k] for b in whole) for k in (2, 3)))
            left.insert(0, (united[0], united[1], united[2], united[3]))
        else:
            yield x0, top, x1, bottom

"""The ruling lines of a PDF page: what is drawn straight, thin and level, from pdfium's path objects."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from extract.readers.pdf_text import Frame

if TYPE_CHECKING:
    import pypdfium2

THIN = 2.5
"""Points. A filled shape no thicker than this is a drawn line; a thicker one is shading."""
_LEVEL = 1.0
_MOST_PATHS = 20_000
"""A page with more paths than these is a drawing, and has no table that could be found in time."""

Point = tuple[float, float]
Matrix = tuple[float, float, float, float, float, float]


class Rule(NamedTuple):
    """A level or upright line in points from the page's top left."""

    x0: float
    top: float
    x1: float
    bottom: float

    @property
    def is_upright(self) -> bool:
        """Whether it goes down the page rather than across."""
        return self.bottom - self.top > self.x1 - self.x0


def ruling_lines(page: pypdfium2.PdfPage, frame: Frame) -> list[Rule]:
    """The page's ruling lines as the eye sees them; none where it is a drawing rather than a text."""
    rules: list[Rule] = []
    for count, path in enumerate(_paths(page)):
        if count >= _MOST_PATHS:
            return []
        for x0, y0, x1, y1 in _drawn(path):
            (left, top), (right, bottom) = frame.seen(x0, y0), frame.seen(x1, y1)
            rules.append(Rule(min(left, right), min(top, bottom), max(left, right), max(top, bottom)))
    return rules


def _paths(page: pypdfium2.PdfPage) -> Iterator[ctypes.c_void_p]:
    """The page's own path objects, from pdfium directly: most objects are words, and a wrapper for each costs time."""
    import pypdfium2.raw as raw

    handle, wanted = page.raw, raw.FPDF_PAGEOBJ_PATH
    at, kind = raw.FPDFPage_GetObject, raw.FPDFPageObj_GetType
    for i in range(max(raw.FPDFPage_CountObjects(handle), 0)):
        item = at(handle, i)
        if item and kind(item) == wanted:
            yield item


def _drawn(path: ctypes.c_void_p) -> Iterator[tuple[float, float, float, float]]:
    """The straight lines of one path: the sides of what is stroked, the middle of what is filled and thin."""
    import pypdfium2.raw as raw

    fill, stroke = ctypes.c_int(), ctypes.c_int()
    if not raw.FPDFPath_GetDrawMode(path, ctypes.byref(fill), ctypes.byref(stroke)):
        return
    matrix = _matrix(path)
    for shape in _shapes(path, matrix):
        if stroke.value:
            yield from ((*a, *b) for a, b in pairwise(shape) if _is_level(a, b) and a != b)
        elif fill.value:
            xs, ys = [x for x, _ in shape], [y for _, y in shape]
            width, height = max(xs) - min(xs), max(ys) - min(ys)
            if min(width, height) <= THIN < max(width, height):
                middle_x, middle_y = (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2
                if width > height:
                    yield min(xs), middle_y, max(xs), middle_y
                else:
                    yield middle_x, min(ys), middle_x, max(ys)


def _is_level(a: Point, b: Point) -> bool:
    return abs(a[0] - b[0]) <= _LEVEL or abs(a[1] - b[1]) <= _LEVEL


def _matrix(path: ctypes.c_void_p) -> Matrix:
    import pypdfium2.raw as raw

    matrix = raw.FS_MATRIX()
    if not raw.FPDFPageObj_GetMatrix(path, matrix):
        return 1.0, 0.0, 0.0, 1.0, 0.0, 0.0
    return matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f


def _shapes(path: ctypes.c_void_p, matrix: Matrix) -> Iterator[list[Point]]:
    """The corners of each part of a path in page coordinates; parts with curves are left out."""
    import pypdfium2.raw as raw

    a, b, c, d, e, f = matrix
    x, y = ctypes.c_float(), ctypes.c_float()
    shape: list[Point] = []
    curved = False
    for i in range(raw.FPDFPath_CountSegments(path)):
        segment = raw.FPDFPath_GetPathSegment(path, i)
        raw.FPDFPathSegment_GetPoint(segment, ctypes.byref(x), ctypes.byref(y))
        point = (a * x.value + c * y.value + e, b * x.value + d * y.value + f)
        kind = raw.FPDFPathSegment_GetType(segment)
        if kind == raw.FPDF_SEGMENT_MOVETO:
            if len(shape) > 1 and not curved:
                yield shape
            shape, curved = [], False
        curved = curved or kind == raw.FPDF_SEGMENT_BEZIERTO
        shape.append(point)
        if raw.FPDFPathSegment_GetClose(segment) and shape:
            shape.append(shape[0])
    if len(shape) > 1 and not curved:
        yield shape

"""From a span of the canonical text to where its ink stands: page and boxes."""

from __future__ import annotations

from bisect import bisect_right

from extract.records import Box, Source


def boxes_of(source: Source, start: int, end: int) -> tuple[Box, ...]:
    """The boxes of ``text[start:end]``, one a line of print, in points from the page's top left; () for text input.

    Glyphs of one page whose vertical extents overlap by half, one behind the other, are one line of print.
    """
    boxes = source.boxes
    if boxes is None or not source.pages:
        return ()
    lines: list[Box] = []
    starts = [page.start for page in source.pages]
    for at in range(start, end):
        x0 = boxes[4 * at]
        if x0 < 0:
            continue
        number = source.pages[max(bisect_right(starts, at) - 1, 0)].number
        glyph = (number, x0, boxes[4 * at + 1], boxes[4 * at + 2], boxes[4 * at + 3])
        if lines and _same_line(lines[-1], glyph):
            page, left, top, right, bottom = lines[-1]
            lines[-1] = (page, min(left, x0), min(top, glyph[2]), max(right, glyph[3]), max(bottom, glyph[4]))
        else:
            lines.append(glyph)
    return tuple((n, round(a, 1), round(b, 1), round(c, 1), round(d, 1)) for n, a, b, c, d in lines)


def _same_line(line: Box, glyph: Box) -> bool:
    if line[0] != glyph[0] or glyph[3] < line[1]:
        return False
    shared = min(line[4], glyph[4]) - max(line[2], glyph[2])
    return shared >= 0.5 * min(line[4] - line[2], glyph[4] - glyph[2])

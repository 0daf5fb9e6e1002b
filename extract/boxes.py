"""From a span of the canonical text to where its ink stands: page and boxes."""

from __future__ import annotations

from extract.records import Box, Source


def boxes_of(source: Source, start: int, end: int) -> tuple[Box, ...]:
    """The boxes of ``text[start:end]``, one a line of print, in points from the page's top left; () for text input.

    Glyphs of one page whose vertical extents overlap by half are one line of print.
    """
    if source.boxes is None:
        return ()
    lines: list[Box] = []
    for index in source.boxes[start:end]:
        if not index:
            continue
        box = source.glyphs[index - 1]
        if lines and _same_line(lines[-1], box):
            page, x0, top, x1, bottom = lines[-1]
            lines[-1] = (page, min(x0, box[1]), min(top, box[2]), max(x1, box[3]), max(bottom, box[4]))
        else:
            lines.append(box)
    return tuple(lines)


def _same_line(line: Box, glyph: Box) -> bool:
    if line[0] != glyph[0] or glyph[3] < line[1]:
        return False
    shared = min(line[4], glyph[4]) - max(line[2], glyph[2])
    return shared >= 0.5 * min(line[4] - line[2], glyph[4] - glyph[2])

"""The signs of a PDF page with their boxes, taken from pdfium in bulk.

A page has thousands of signs: they are asked for in one call for the text and one plain C call a sign for the boxes,
and kept in arrays. Only lines that need mending (composed letters, stamps, odd signs) are taken apart sign by sign.
"""

from __future__ import annotations

import ctypes
import re
import unicodedata
from array import array
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import groupby, repeat
from typing import TYPE_CHECKING

from extract.readers.glyphs import GLUED, Glyph, Print, spaced
from extract.readers.legacy import encoding_of_font, encoding_of_text, letters_of, may_be_legacy

if TYPE_CHECKING:
    import pypdfium2

_LINE = re.compile(r"[^\s\x02\ufffe][^\r\n\x02\ufffe]*[\x02\ufffe]?|[\x02\ufffe]")
_INNER_HYPHEN = re.compile(r"(?<=[^\W\d_])[\x02\ufffe](?=[^\W\d_])")
_LONGEST_NAME = 128
_LINE_HYPHENS = "\x02\ufffe"
_HYPHENS = str.maketrans("\x02\ufffe", "--")
_ODD = re.compile(r"[\x00\x01\x03-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\uffff]")
_BoxAt = Callable[[int, int, int], int]


@dataclass(frozen=True, slots=True)
class Frame:
    """A page's visible rectangle in its own coordinates and how it is turned for the eye (quarters, clockwise)."""

    left: float
    bottom: float
    right: float
    top: float
    turns: int

    @property
    def width(self) -> float:
        """The width that the eye sees, in points."""
        return self.top - self.bottom if self.turns % 2 else self.right - self.left

    @property
    def height(self) -> float:
        """The height that the eye sees, in points."""
        return self.right - self.left if self.turns % 2 else self.top - self.bottom

    def seen(self, x: float, y: float) -> tuple[float, float]:
        """A point of the page as the eye sees it: from the left, from the top."""
        match self.turns:
            case 1:
                return y - self.bottom, x - self.left
            case 2:
                return self.right - x, y - self.bottom
            case 3:
                return self.top - y, self.right - x
        return x - self.left, self.top - y


@dataclass(frozen=True, slots=True)
class Signs:
    """The signs of a page in pdfium's order, and four numbers for each (x0, top, x1, bottom); x0 < 0: no ink."""

    text: str
    boxes: array[float] = field(repr=False)

    @property
    def is_plain(self) -> bool:
        """Whether its lines can be taken as they are: composed letters, no signs that stand for nothing."""
        return unicodedata.is_normalized("NFC", self.text) and not _ODD.search(self.text)

    def prints(self) -> Iterator[Print]:
        """The lines as they are; a hyphen that pdfium dropped at a line's end is put back."""
        text, boxes = self.text, self.boxes
        glued = bool(GLUED.search(text))
        for match in _LINE.finditer(text):
            start = match.start()
            words = match.group().rstrip()
            if words[-1] in _LINE_HYPHENS:
                words = words.translate(_HYPHENS)
            line = Print(words, boxes[4 * start : 4 * (start + len(words))])
            yield spaced(line) if glued else line

    def parted(self, at: int) -> tuple[Signs, Signs]:
        """The signs before the offset `at` and those behind it."""
        return Signs(self.text[:at], self.boxes[: 4 * at]), Signs(self.text[at:], self.boxes[4 * at :])

    def glyphs(self) -> Iterator[Glyph]:
        """The signs one by one; those that stand for nothing are left out."""
        boxes = self.boxes
        for i, sign in enumerate(self.text):
            if sign != "\x00" and not "\ud800" <= sign <= "\udfff":
                yield Glyph(sign, *boxes[4 * i : 4 * i + 4])


@cache
def _box_at() -> _BoxAt:
    """pdfium's function for a sign's box, bound to take plain integers: a third of the time of the usual binding."""
    import pypdfium2.raw as raw

    bind = ctypes.PYFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p)
    address = ctypes.cast(raw.FPDFText_GetLooseCharBox, ctypes.c_void_p).value
    assert address is not None
    return bind(address)


def frame_of(page: pypdfium2.PdfPage) -> Frame:
    """The visible rectangle of `page`."""
    left, bottom, right, top = page.get_bbox()
    return Frame(left, bottom, right, top, page.get_rotation() // 90 % 4)


def signs_of(text: pypdfium2.PdfTextPage, frame: Frame) -> Signs:
    """All signs of a page's text, with boxes as the eye sees them; fonts from before Unicode are converted."""
    signs = _raw_signs(text, frame)
    return in_unicode(signs, _fonts(text, len(signs.text))) if may_be_legacy(signs.text) else signs


def _fonts(text: pypdfium2.PdfTextPage, count: int) -> Iterator[str]:
    """The name of each sign's font."""
    import pypdfium2.raw as raw

    buffer = ctypes.create_string_buffer(_LONGEST_NAME)
    flags = ctypes.c_int()
    for i in range(count):
        length = raw.FPDFText_GetFontInfo(text.raw, i, buffer, _LONGEST_NAME, ctypes.byref(flags))
        yield buffer.value.decode("utf-8", "replace") if 0 < length <= _LONGEST_NAME else ""


def in_unicode(signs: Signs, fonts: Iterable[str]) -> Signs:
    """The signs with those in fonts from before Unicode converted; a letter of several signs gets the box of all."""
    encodings = [_encoding(font) for font in fonts]
    if not any(encodings):
        told = encoding_of_text(signs.text)
        encodings = [told if told in ("tcvn3", "vni") else None] * len(encodings)
    words, boxes, at = [], array("f"), 0
    for encoding, group in groupby(encodings):
        end = at + len(list(group))
        if encoding is None:
            words.append(signs.text[at:end])
            boxes.extend(signs.boxes[4 * at : 4 * end])
            at = end
            continue
        text = _soft_hyphens(signs.text, at, end) if encoding != "vni" else signs.text[at:end]
        for letter in letters_of(text, encoding):
            words.append(letter.sign)
            boxes.extend(_union(signs.boxes[4 * at : 4 * (at + letter.of)]))
            at += letter.of
    return Signs("".join(words), boxes)


_encoding = cache(encoding_of_font)


def _soft_hyphens(text: str, at: int, end: int) -> str:
    """pdfium takes the soft hyphen, which is `ư` in TCVN3, for a hyphen at a line's end; within a line it is none."""
    given = text[at:end]
    if "\x02" not in given and "\ufffe" not in given:
        return given
    return _INNER_HYPHEN.sub("\xad", text)[at:end]


def _union(boxes: array[float]) -> tuple[float, float, float, float]:
    inked = [boxes[i : i + 4] for i in range(0, len(boxes), 4) if boxes[i] >= 0]
    if not inked:
        return -1.0, -1.0, -1.0, -1.0
    return min(b[0] for b in inked), min(b[1] for b in inked), max(b[2] for b in inked), max(b[3] for b in inked)


def _raw_signs(text: pypdfium2.PdfTextPage, frame: Frame) -> Signs:
    count = text.count_chars()
    handle = ctypes.cast(text.raw, ctypes.c_void_p).value
    if count <= 0 or handle is None:
        return Signs("", array("f"))
    boxes = array("f", bytes(16 * count))
    address = boxes.buffer_info()[0]
    calls = map(_box_at(), repeat(handle), range(count), range(address, address + 16 * count, 16))
    deque(calls, maxlen=0)
    return Signs(_signs(text, count), _seen(boxes, frame))


def _signs(text: pypdfium2.PdfTextPage, count: int) -> str:
    """The signs, one for each of pdfium's: in one call, or one by one where that gives another number."""
    import pypdfium2.raw as raw

    buffer = (ctypes.c_ushort * (2 * count + 2))()
    written = raw.FPDFText_GetText(text.raw, 0, count, buffer)
    signs = bytes(buffer)[: 2 * max(written - 1, 0)].decode("utf-16-le", "surrogatepass")
    if len(signs) == count:
        return signs
    return "".join(chr(min(raw.FPDFText_GetUnicode(text.raw, i), 0x10FFFF)) for i in range(count))


def _seen(boxes: array[float], frame: Frame) -> array[float]:
    """pdfium's boxes (left, top, right, bottom, upwards) as (x0, top, x1, bottom) from the top left corner."""
    import numpy as np

    table = np.frombuffer(boxes, dtype=np.float32).reshape(-1, 4)  # the array's own memory
    left, top, right, bottom = table.T.copy()
    bare = right <= left
    match frame.turns:
        case 1:
            sides = bottom - frame.bottom, left - frame.left, top - frame.bottom, right - frame.left
        case 2:
            sides = frame.right - right, bottom - frame.bottom, frame.right - left, top - frame.bottom
        case 3:
            sides = frame.top - top, frame.right - right, frame.top - bottom, frame.right - left
        case _:
            sides = left - frame.left, frame.top - top, right - frame.left, frame.top - bottom
    for k, side in enumerate(sides):
        table[:, k] = side
    np.maximum(table[:, ::2], 0.0, out=table[:, ::2])  # ink that hangs over the page's edge is ink all the same
    table[bare] = -1.0
    return boxes

"""What a reader writes piece by piece: the canonical text so far, and the words of a stretch near its end."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from extract.records import Span
from extract.text import canonical

ABOVE = 200
"""Code points above a table in which its unit may stand."""
_UNIT = re.compile(r"(?:Đơn vị(?: tính)?|ĐVT|Đvt)\s?:?\s*([^\n)]{2,40})")
_HEADS = ("CỘNG HÒA XÃ HỘI", "CỘNG HOÀ XÃ HỘI", "NƠI NHẬN")


@dataclass(slots=True)
class Written:
    """Pieces of text in order. `length` counts code points."""

    pieces: list[str] = field(default_factory=list)
    length: int = 0

    def put(self, words: str) -> Span:
        """Writes words in their canonical form and gives their span."""
        words = canonical(words)
        start = self.length
        self.pieces.append(words)
        self.length += len(words)
        return start, self.length

    def since(self, start: int) -> str:
        """What was written from the offset `start` on; costs as much as there is of it."""
        pieces, at = [], self.length
        for piece in reversed(self.pieces):
            if at <= start:
                break
            at -= len(piece)
            pieces.append(piece)
        return "".join(reversed(pieces))[max(start - at, 0) :]

    def text(self) -> str:
        """All that was written."""
        return "".join(self.pieces)


def is_frame(rows: list[tuple[str, ...]]) -> bool:
    """Whether a table's rows are no data: fewer than two rows or columns, or a letterhead's or signature's frame."""
    if len(rows) < 2 or max(map(len, rows)) < 2:
        return True
    head = " ".join(" ".join(row) for row in rows[:3]).upper()
    return any(words in head for words in _HEADS)


def unit_above(text: str) -> str | None:
    """What a table's numbers count, by the last line above it that says so (`Đơn vị tính: triệu đồng`)."""
    found = _UNIT.findall(text)
    return found[-1].strip() if found else None

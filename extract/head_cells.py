"""The letterhead as cells: what a two-column head was before it was flattened into lines.

A physical line is cut where its columns met (pipes, tabs, runs of spaces) and, where a reader folded the columns
into one line, before the words that begin the right column. A cell is then one of few kinds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from extract.text import View

CellKind = Literal["motto", "number", "date", "about", "words"]
_GAP = re.compile(r"[ \t\u00a0]{2,}|\t|\|")
_OPEN = re.compile(r"(?:(?<!\w)[Ss][ốôoỐ]\s?[:.]?|(?:[Nn]gày|[Tt]háng)(?:\s?\d{1,2})?|[Nn]ăm|[:/-])\s*\Z|\A\d{1,5}\Z")
_CLOSING = re.compile(r"\s*(?:[/-]\s?[A-ZĐ]|tháng\b|năm\b|\d{1,4}\s*(?:tháng|năm|/|\Z))")
_NUMBER_FIRST = re.compile(
    r"(?<!\w)[SŚ][ốôoỐ]\s?[:.]?.{0,14}?[/-]\s?[A-ZĐ][A-Za-zĐđ]*(?:\s?[-/]\s?[A-ZĐ&0-9]{2,}[A-Za-z]*)*\s+(?=[A-ZĐ][a-zà-ỹ])"
)
_JOINED_LINES = 3
_MOTTO = "cộng hòa xã hội chủ nghĩa việt nam độc lập tự do hạnh phúc".split()
_PARTY_MOTTO = "đảng cộng sản việt nam".split()
_RIGHT = re.compile(
    r"(?<=\S) (?=(?:C[ỘO]NG H[ÒO][AÀ]? X[ÃA] H|[ĐD][ộo]c l[ậa]p ?[-–.]|ĐẢNG CỘNG SẢN VIỆT NAM))"
    r"|(?<=[Pp]húc) (?=\S)"
)
_MOTTO_START = re.compile(r"C[ỘO]NG\s+H[ÒO][AÀ]?\s+X[ÃA]|[ĐD][ộo]c\s+l[ậa]p\s?-|ĐẢNG\s+CỘNG\s+SẢN\s+VIỆT\s+NAM\s*\Z")
DATE = re.compile(
    r"(?:(?P<place>[A-ZĐÀ-ỸƠƯ][^,\d\n|:;]{1,40}?)\s?[,.]?\s*|^\s*)"
    r"[Nn]g[àa][yỳv]\s*(?P<d>[^\n|]{0,12}?)\s*[Tt]h[áa]ng\s*(?P<m>[^\n|]{0,10}?)\s*n[ăä]m\s*(?P<y>(?:\d\s?){4}|2\d{2}\b|[.…\s]{2,})"
)
NUMBER = re.compile(
    r"(?:(?P<type>Luật|Bộ luật|Nghị quyết|Pháp lệnh|Lệnh|Nghị định|LUẬT|NGHỊ QUYẾT|PHÁP LỆNH)\s+)?"
    r"(?:S[ốôồỐÔoó6]|s[ốô])\s?(?:[:;.,*]\s?)*(?P<rest>.*)\Z",
    re.DOTALL,
)
_ABOUT = re.compile(r"[Vv]\s?/\s?[vV]\b|Về việc|V/v")


@dataclass(frozen=True, slots=True)
class Cell:
    """A piece of the letterhead: its words, its span in the view, its line, and what it is."""

    kind: CellKind
    words: str
    start: int
    end: int
    line: int


def _pieces(view: View, index: int) -> Iterator[tuple[int, int]]:
    """The spans in the view of what stood apart on the physical line `index`."""
    line = view.lines[index]
    if line.end - line.start > 600:
        yield line.start, line.end
        return
    begin, end = view.span(line.start, line.end)
    printed = view.source[begin:end]
    at = 0
    for gap in [*_GAP.finditer(printed), None]:
        stop = gap.start() if gap else len(printed)
        if gap and gap.group() != "|" and _OPEN.search(printed[at:stop]) and _CLOSING.match(printed[gap.end() :]):
            continue
        if gap and gap.group() != "|" and printed[gap.end() : gap.end() + 1] == "/" and printed[at:stop][-1:].isdigit():
            continue
        if printed[at:stop].strip(" *_\t\u00a0"):
            yield max(view.from_source(begin + at), line.start), min(view.from_source(begin + stop), line.end)
        at = gap.end() if gap else stop


def _cut(view: View, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The piece cut again where a right column was folded into it."""
    at = start
    text = view.text
    for match in _RIGHT.finditer(text, start, end):
        yield at, match.start()
        at = match.end()
    yield at, end


class HeadReader:
    """Reads lines into cells, keeping count of how much of the national motto has been seen."""

    def __init__(self, view: View) -> None:
        self.view = view
        self.expected: list[str] = []
        self.party = False
        self.done = -1

    def cells(self, index: int) -> list[Cell]:
        """The cells of the physical line `index`, its lines read in order.

        A date or number that goes on over lines is a cell of its first line; the others give nothing.
        """
        found: list[Cell] = []
        if index <= self.done:
            return found
        if (over := self._over_lines(index)) is not None:
            return [over]
        for piece in _pieces(self.view, index):
            for start, end in _cut(self.view, *piece):
                found.extend(self._classify(start, end, index))
        return found

    def _over_lines(self, index: int) -> Cell | None:
        """The date or number that begins line `index` and ends on a later one, in one column of its own."""
        lines, text = self.view.lines, self.view.text
        first = lines[index]
        head = text[first.start : first.end].strip("| ")
        if len(head) > 60 or not head or DATE.search(head):
            return None
        for last in range(index + 1, min(index + _JOINED_LINES, len(lines))):
            if lines[last].blanks or "|" in text[lines[last].start : lines[last].end]:
                return None
            words = text[first.start : lines[last].end].replace("\n", " ")
            date = DATE.match(words.lstrip(" |"))
            if date and len(words) < 90 and not NUMBER.match(words) and date.end() > len(words) - 6:
                self.done = last
                return Cell("date", words.strip(" |"), first.start, lines[last].end, index)
            if _OPEN.search(head) and NUMBER.match(head) and len(words) < 60 and not DATE.search(words):
                self.done = last
                return Cell("number", words.strip(" |"), first.start, lines[last].end, index)
        return None

    def _classify(self, start: int, end: int, index: int) -> Iterator[Cell]:
        words = self.view.text[start:end]
        start += len(words) - len(words.lstrip(" |-_.*"))
        words = words.strip(" |_*")
        words = words.lstrip("-. ")
        end = start + len(words)
        if not words:
            return
        if self._is_motto(words):
            yield Cell("motto", words, start, end, index)
            return
        numbered = _NUMBER_FIRST.match(words)
        date = DATE.search(words, numbered.end() if numbered else 0)
        if date and (date.start() == 0 or len(words) < 160):
            yield from self._around_date(words, date, start, index)
            return
        yield self._plain(words, start, end, index)

    def _around_date(self, words: str, date: re.Match[str], start: int, index: int) -> Iterator[Cell]:
        before = words[: date.start()].rstrip()
        if before:
            yield self._plain(before, start, start + len(before), index)
        yield Cell("date", date.group(), start + date.start(), start + date.end(), index)
        after = words[date.end() :].strip()
        if after.strip(" .*"):
            at = start + words.index(after, date.end())
            yield self._plain(after, at, at + len(after), index)

    @staticmethod
    def _plain(words: str, start: int, end: int, index: int) -> Cell:
        if NUMBER.match(words) and len(words) < 80:
            return Cell("number", words, start, end, index)
        if _ABOUT.match(words):
            return Cell("about", words, start, end, index)
        return Cell("words", words, start, end, index)

    def _is_motto(self, words: str) -> bool:
        """Whether `words` begin the motto or go on with it."""
        found = re.sub(r"[^\w]+", " ", words.lower().replace("hoà", "hòa")).split()
        if not found:
            return False
        if self.expected and found == self.expected[: len(found)]:
            self.expected = self.expected[len(found) :]
            return True
        if _MOTTO_START.match(words):
            full = _PARTY_MOTTO if words.startswith("ĐẢNG") else _MOTTO[7:] if words[0] in "ĐD" else _MOTTO
            self.party = self.party or full is _PARTY_MOTTO
            self.expected = full[min(len(found), len(full)) :] if len(found) <= len(full) else []
            return len(found) <= len(full) + 2
        return False

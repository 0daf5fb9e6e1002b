"""The letterhead as cells: what a two-column head was before it was flattened into lines.

A physical line is cut where its columns met (pipes, tabs, runs of spaces) and, where a reader folded the columns
into one line, around the words of the national motto, the number and the date. A cell is then one of few kinds.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from extract.text import View
from rules.letters import LOWER, UPPER

CellKind = Literal["motto", "number", "date", "about", "words"]
_GAP = re.compile(r"[ \t\u00a0]{2,}|\t|(?<!\S)\|(?!\S)|\A\||\|\Z|[_-]{3,}|(?<=NAM)(?=Độc lập)")
_OPEN = re.compile(r"(?:(?<!\w)[Ss][ốôoỐ]\s?[:.]?|(?:[Nn]gày|[Tt]háng)(?:\s*\d{1,2})?|[Nn]ăm|[:/-])\s*\Z|\A\d{1,5}\Z")
"""What a column cannot end with: the gap after it is a blank left in the number or the date."""
_CLOSING = re.compile(r"\s*(?:[/-]\s?[A-ZĐ]|tháng\b|năm\b|\d{1,4}\s*(?:tháng|năm|/|\Z))")
_NUMBER_FIRST = re.compile(
    r"(?<!\w)S[ốôoỐ]\s?[:.]?.{0,14}?[/-]\s?[A-ZĐ][A-Za-zĐđ]*(?:\s?[-/]\s?[A-ZĐ&0-9]{2,}[A-Za-z]*)*\s+"
    rf"(?=[{UPPER}][{LOWER}])"
)
"""A number and symbol with the place of issue folded in after it."""
_JOINED_LINES = 3
_MOTTO_OPENINGS = ("cong hoa", "doc lap", "dang cong")
_PLACE_HALF = re.compile(rf"(?:[{UPPER}][{LOWER}]+|phố)(?: (?:[{UPPER}][{LOWER}]+|phố)){{0,3}}")
"""The first half of a place's name broken over lines (`Thành phố Hồ` / `Chí Minh, ngày ...`)."""
_MOTTO_HINT = re.compile(r"\b(?:C\S{2}G|[ĐD]\S[cC]|[ĐD]\S{2}G|C\S?G)\b|\A\W*C[ỘO]NG\W*\Z|\ufffd")
"""A word that could be the first of the motto: nothing else is looked at more closely."""
_DATE_HINT = re.compile(r"[Tt]h[áa]ng")
_NOT_PLAIN = re.compile(r"[^\w \ufffd]+|_")
_TOKEN = re.compile(r"(?:[^\W\d_]|\ufffd)+")
_MOTTO = tuple("cong hoa xa hoi chu nghia viet nam doc lap tu do hanh phuc".split())
_PARTY = tuple("dang cong san viet nam".split())
_OPENINGS = ((_MOTTO, 0, 2), (_MOTTO, 8, 2), (_PARTY, 0, 3))
"""(words, where the opening stands in them, how many words make it plain)."""
DATE = re.compile(
    rf"(?:(?P<place>(?:Quận|Phường) \d{{1,2}}|[{UPPER}][^,\d\n|:;/]{{1,40}}?)\s?[,.]?\s*|^\s*)"
    r"[Nn]g[àa][yỳv]\s*(?P<d>[^\n|]{0,12}?)\s*[Tt]h[áa]ng\s*(?P<m>[^\n|]{0,10}?)\s*n[ăä]m\s*"
    r"(?P<y>(?:\d\s?){4}|2\d{2}\b|[.…\s]{2,})"
)
DATE_IN_DIGITS = re.compile(
    rf"(?P<place>[{UPPER}][^,\d\n|:;/]{{1,40}}?)\s?,\s*[Nn]gày\s*(?P<d>\d{{1,2}})\s?[/.-]\s?(?P<m>\d{{1,2}})\s?[/.-]\s?(?P<y>\d{{4}})"
)
NUMBER = re.compile(
    r"(?:(?P<type>Luật|Bộ luật|Nghị quyết|Pháp lệnh|Lệnh|Nghị định|LUẬT|NGHỊ QUYẾT|PHÁP LỆNH)\s+)?"
    r"(?:S[ốôồỐÔoó6]|s[ốô])\s?(?:[:;.,*]\s?)*(?P<rest>.*)\Z",
    re.DOTALL,
)
_ABOUT = re.compile(r"(?<!\w)[Vv]\s?/\s?[vVw]\b|(?<!\w)(?:Về|VỀ) việc\b")
_SHOUTED = re.compile(rf"\A(?:(?!T[Pp]\b)[{UPPER}&-]{{2,}}\s+|[^\w\s]+\s+)+(?=[{UPPER}][{LOWER}])")


@dataclass(slots=True)
class Cell:
    """A piece of the letterhead: its words, its span in the view, its line, and what it is."""

    kind: CellKind
    words: str
    start: int
    end: int
    line: int


@lru_cache(maxsize=8192)
def plain(words: str) -> str:
    """`words` small and without marks, a letter that was lost kept as U+FFFD."""
    return _NOT_PLAIN.sub("", unicodedata.normalize("NFD", words.lower().replace("đ", "d")))


def _alike(word: str, wanted: str) -> bool:
    """Whether OCR or a lost letter could have made `word` of `wanted`."""
    if word == wanted:
        return True
    if len(word) != len(wanted):
        return False
    wrong = sum(a not in (b, "\ufffd") for a, b in zip(word, wanted, strict=True))
    return wrong == 0 or (wrong == 1 and len(wanted) >= 3)


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
        if gap and gap.group() != "|" and _is_blank_inside(printed[at:stop], printed[gap.end() :]):
            continue
        if printed[at:stop].strip(" *_\t\u00a0"):
            yield max(view.from_source(begin + at), line.start), min(view.from_source(begin + stop), line.end)
        at = gap.end() if gap else stop


def _is_blank_inside(before: str, after: str) -> bool:
    """Whether a run of spaces is a blank to be filled in (`Số:      /KH-UBND`), not the gap of two columns."""
    return bool(_OPEN.search(before) and _CLOSING.match(after)) or (after[:1] == "/" and before[-1:].isdigit())


class HeadReader:
    """Reads lines into cells, keeping count of how much of the national motto has been seen."""

    def __init__(self, view: View) -> None:
        self.view = view
        self.party = False
        self._expected: tuple[str, ...] = ()
        self._done = -1

    def cells(self, index: int) -> list[Cell]:
        """The cells of the physical line `index`, its lines read in order.

        A date or number that goes on over lines is a cell of its first line; the others give nothing.
        """
        if index <= self._done:
            return []
        if (over := self._over_lines(index)) is not None:
            return [over]
        return [cell for piece in _pieces(self.view, index) for cell in self._classify(*piece, index)]

    def _over_lines(self, index: int) -> Cell | None:
        """The date or number that begins line `index` and ends on a later one, in one column of its own."""
        lines, text = self.view.lines, self.view.text
        first = lines[index]
        head = text[first.start : first.end].strip("| ")
        if len(head) > 60 or not head or (_DATE_HINT.search(head) and DATE.search(head)):
            return None
        ahead = text[first.end : lines[min(index + _JOINED_LINES, len(lines)) - 1].end]
        if not (_DATE_HINT.search(ahead) or _OPEN.search(head)) or plain(head).startswith(_MOTTO_OPENINGS):
            return None
        for last in range(index + 1, min(index + _JOINED_LINES, len(lines))):
            if lines[last].blanks or "|" in text[lines[last].start : lines[last].end]:
                return None
            words = text[first.start : lines[last].end].replace("\n", " ")
            date = DATE.match(words.lstrip(" |")) if _DATE_HINT.search(words) else None
            alone = DATE.match(text, lines[last].start, lines[last].end) if date else None
            if alone and not _PLACE_HALF.fullmatch(head):
                return None
            if date and len(words) < 90 and not NUMBER.match(words) and date.end() > len(words) - 6:
                self._done = last
                return Cell("date", words.strip(" |"), first.start, lines[last].end, index)
            if _OPEN.search(head) and NUMBER.match(head) and len(words) < 60 and not DATE.search(words):
                self._done = last
                return Cell("number", words.strip(" |"), first.start, lines[last].end, index)
        return None

    def _classify(self, start: int, end: int, index: int) -> Iterator[Cell]:
        words = self.view.text[start:end]
        start += len(words) - len(words.lstrip(" |-_.*"))
        words = words.strip(" |_*").lstrip("-. ")
        end = start + len(words)
        if not words:
            return
        if len(words) < 200 and (motto := self._motto(words)) is not None:
            a, b = motto
            if words[:a].strip(" .-_"):
                yield from self._apart(words[:a].rstrip(), start, index)
            yield Cell("motto", words[a:b], start + a, start + b, index)
            if (rest := words[b:].lstrip(" .-_|")) and len(rest) > 2:
                yield from self._apart(rest, end - len(rest), index)
            return
        yield from self._apart(words, start, index)

    def _apart(self, words: str, start: int, index: int) -> Iterator[Cell]:
        """`words` cut around a date that stands in them, and before `V/v`."""
        if DATE_IN_DIGITS.fullmatch(words):
            yield Cell("date", words, start, start + len(words), index)
            return
        numbered = _NUMBER_FIRST.match(words)
        date = DATE.search(words, numbered.end() if numbered else 0) if _DATE_HINT.search(words) else None
        if date and _is_of_issue(words, date, numbered is not None):
            if before := words[: date.start()].rstrip():
                yield from _plain(before, start, index)
            yield Cell("date", date.group(), start + date.start(), start + date.end(), index)
            if (after := words[date.end() :].strip()).strip(" .*"):
                yield from _plain(after, start + words.index(after, date.end()), index)
            return
        yield from _plain(words, start, index)

    def _motto(self, words: str) -> tuple[int, int] | None:
        """Where in `words` the motto begins or goes on, and ends; None where it does not."""
        first = _TOKEN.search(words)
        if first is None:
            return None
        awaited = bool(self._expected) and _alike(plain(first.group()), self._expected[0])
        if not awaited and _MOTTO_HINT.search(words) is None:
            return None
        spans = [match.span() for match in _TOKEN.finditer(words)]
        bare = plain(" ".join([words[a:b] for a, b in spans])).split(" ")
        tokens = [(a, b, token) for (a, b), token in zip(spans, bare, strict=True)]
        if awaited and words[tokens[0][0]].isupper():
            return self._consume(tokens, 0, self._expected)
        for i, (_, _, token) in enumerate(tokens):
            if token[:1] not in ("c", "d", "\ufffd"):
                continue
            for full, at, size in _OPENINGS:
                sure = size if len(tokens) - i >= size else len(tokens) - i if i == 0 else size
                found = [each[2] for each in tokens[i : i + sure]]
                shouted = words[tokens[i][0] : tokens[i][1]].isupper() or (at == 8 and words[tokens[i][0]].isupper())
                if shouted and len(found) == sure and all(map(_alike, found, full[at : at + sure])):
                    self.party = self.party or full is _PARTY
                    return self._consume(tokens, i, full[at:])
        return None

    def _consume(self, tokens: list[tuple[int, int, str]], i: int, expected: tuple[str, ...]) -> tuple[int, int]:
        used = 0
        while i + used < len(tokens) and used < len(expected) and _alike(tokens[i + used][2], expected[used]):
            used += 1
        self._expected = expected[used:]
        return tokens[i][0], tokens[i + used - 1][1]


def _is_of_issue(words: str, date: re.Match[str], numbered: bool) -> bool:
    """Whether a date is that of issue, not of a document that a sentence names."""
    before, after = words[: date.start()].strip(), words[date.end() :].strip(" .*_|")
    if after and not after[0].isupper() and after[0].isalpha():
        return False
    return numbered or not before or before.isupper() or len(before.split()) <= 2 or bool(NUMBER.match(before))


def _plain(words: str, start: int, index: int) -> Iterator[Cell]:
    about = _ABOUT.search(words)
    if about and about.start() and NUMBER.match(words):
        number = words[: about.start()].rstrip()
        yield Cell("number", number, start, start + len(number), index)
        yield Cell("about", words[about.start() :], start + about.start(), start + len(words), index)
    elif NUMBER.match(words) and len(words) < 80:
        yield Cell("number", words, start, start + len(words), index)
    elif about and not about.start():
        yield Cell("about", words, start, start + len(words), index)
    else:
        yield Cell("words", words, start, start + len(words), index)


def place_in(date: re.Match[str]) -> str | None:
    """The place of issue in a match of `DATE`, without the capitals of the other column."""
    place = " ".join((date["place"] or "").split())
    return _SHOUTED.sub("", place).strip(" .,-_") or None

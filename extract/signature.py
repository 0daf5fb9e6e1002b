"""The block at the end of a document: recipients (Nơi nhận) on the left, authority, office and name on the right.

Nghị định 30/2020/NĐ-CP, Phụ lục I, II.7 and II.9. The two columns come interleaved, one below the other, or folded
into one line; the signature can stand above the list or below it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache, partial
from itertools import pairwise

from extract.bodies import name_like
from extract.head_cells import plain
from extract.records import Span
from extract.text import View
from rules.letters import UPPER
from rules.loader import pattern, words

_ITEM = re.compile(r"[-+•–]\s*\S")
_GAP = re.compile(r"[ \t\u00a0]{3,}|\t+|\|")
_ITEM_INSIDE = re.compile(r"(?<=[:;.)]) (?=[-+] ?\S)|(?<=[;.)]) (?=[-+][A-ZĐỦƯ])")
_PLAIN_WORDS = re.compile(r"[^\W\d_][^\d_/:<>|^\"]*\Z")
_said = partial(pattern, "signature.toml")
_SHOUTED = re.compile(rf"[{UPPER}]{{2}}")
"""What authorities and offices in capitals cannot be without."""
_REACH = 70
"""Physical lines that a block of recipients and signature may take."""


@dataclass(frozen=True, slots=True)
class Signature:
    """A block of recipients and signature, in the view: its span, its list, and what the right column says."""

    start: int
    end: int
    recipients: tuple[str, ...]
    list_span: Span | None
    form: str | None
    position: str | None
    signer: str | None
    spans: dict[str, Span]


@cache
def _offices() -> tuple[str, ...]:
    return tuple(sorted(words("letterhead.toml", "signature.positions"), key=len, reverse=True))


@cache
def _plain_offices() -> frozenset[str]:
    return frozenset(plain(name) for name in _offices())


@cache
def _office() -> re.Pattern[str]:
    names = "|".join(re.escape(name).replace(r"\ ", r"\s?") for name in _offices())
    return re.compile(rf"(?<![\w.])(?:{names})(?!\w)")


def is_office(words_here: str) -> bool:
    """Whether `words_here` are the office of one who signs."""
    return _office().fullmatch(words_here) is not None


@cache
def _not_names() -> re.Pattern[str]:
    return re.compile(rf"(?i:{'|'.join(words('letterhead.toml', 'signature.not_names'))})\b")


@cache
def _anchor() -> re.Pattern[str]:
    """A line that begins a block without `Nơi nhận`: an authority, or an office alone on its line."""
    names = "|".join(re.escape(name) for name in _offices())
    form, name = (_said(f"parts.{part}").pattern for part in ("form", "small_name"))
    return re.compile(rf"\n[ |]*(?:{form}|(?:{names})(?: {name})?[ |.]*(?=\n|\Z))")


def find_signatures(view: View, start: int, end: int) -> list[Signature]:
    """Every block of recipients and signature in the view's ``start:end``, in reading order."""
    found: list[Signature] = []
    at = start
    while (anchor := _next_anchor(view.text, at, end)) is not None:
        block = _Reader(view, anchor, end).read()
        at = max(block.end, anchor + 8)
        if block.signer or block.recipients or (block.position and block.form):
            found.append(block)
    return found


def _next_anchor(text: str, at: int, end: int) -> int | None:
    listed = _said("from").search(text, at, end)
    while listed and listed.start() and text[listed.start() - 1].isalpha():
        listed = _said("from").search(text, listed.end(), end)
    limit = listed.start() if listed else end
    signed = _anchor().search(text, max(at - 1, 0), limit)
    unnamed = (
        None if listed else _said("unnamed_list").search(text, max(at - 1, 0), signed.start() if signed else limit)
    )
    if unnamed or signed:
        return min(match.start() for match in (unnamed, signed) if match) + 1
    return listed.start() if listed else None


@dataclass(slots=True)
class _Reader:
    """Reads one block line by line."""

    view: View
    anchor: int
    limit: int
    items: list[str] = field(default_factory=list)
    list_start: int = 0
    list_end: int = 0
    offices: list[tuple[int, int, str]] = field(default_factory=list)
    form_alone: str = ""
    shouted: tuple[int, int] = (0, 0)
    """Capitals just read that may be the first half of an office."""
    signer: tuple[int, int] | None = None
    half: tuple[int, int] | None = None
    last: int = 0

    def read(self) -> Signature:
        lines = self.view.lines
        first = self.view.line_at(self.anchor)
        self.last = self.anchor + 1
        if self.view.text[self.anchor] in "-+":
            self.list_start = self.anchor
        for i in range(first, min(first + _REACH, len(lines))):
            line = lines[i]
            if line.start >= self.limit or (i > first and _said("ends").match(self.view.text, line.start, line.end)):
                break
            if i > first and self._is_over(i):
                break
            start = max(line.start, self.anchor)
            for a, b in self._cells(start, min(line.end, self.limit)):
                self._take(a, b, a - start > 2)
        return self._made()

    def _is_over(self, i: int) -> bool:
        """Whether the block ended before line `i`: the name was read, and no list begins or goes on."""
        line = self.view.lines[i]
        if (
            self.signer
            and line.start - self.signer[1] == 1
            and self._is_rest_of_name(self.view.text[line.start : line.end])
        ):
            return False
        if self.signer is None or not self.offices:
            return (
                bool(self.offices) and self.view.lines[i].end - self.view.lines[i].start > 160 and not self._is_list(i)
            )
        if self.items and _said("last_item").match(self.items[-1]):
            return self.view.lines[i].blanks > 0 or self.view.text[self.view.lines[i].start].isupper()
        return not any(self._is_list(k) for k in range(i, min(i + 3, len(self.view.lines))))

    def _is_list(self, i: int) -> bool:
        line = self.view.lines[i]
        words_here = self.view.text[line.start : line.end].lstrip("| *")
        return bool(_said("from").match(words_here) or (_ITEM.match(words_here) and self.list_start))

    def _cells(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        begin, stop = self.view.span(start, end)
        printed = self.view.source[begin:stop]
        at = 0
        for gap in [*_GAP.finditer(printed), None]:
            to = gap.start() if gap else len(printed)
            if printed[at:to].strip():
                a, b = self.view.from_source(begin + at), min(self.view.from_source(begin + to), end)
                yield from _cut(self.view.text, a, b)
            at = gap.end() if gap else to

    def _take(self, a: int, b: int, is_right: bool) -> None:
        """Adds what the cell ``a:b`` says; `is_right` where something stands left of it on its line."""
        words_here = self.view.text[a:b]
        if _said("from").match(words_here) and b - a < 14:
            self.list_start = self.list_start or max(a, 1)
            self.last = max(self.last, b)
        elif self._is_signed_item(words_here):
            self.signer = (b - len(words_here.lstrip("-+• ")), b)
            self.last = max(self.last, b)
        elif self.list_start and self._is_item(words_here):
            self.items.append(words_here)
            self.list_start = self.list_start or a
            self.list_end = b
        elif _said("form_alone").match(words_here):
            self.form_alone = words_here + " "
        elif self._is_office(words_here):
            self._add_office(a, b)
        elif self.signer is None and self.half and a - self.half[1] < 3 and _said("half_name").fullmatch(words_here):
            self.signer = (self.half[0], b)
            self.last = max(self.last, b)
        elif self.signer is None and (self.offices or (self.items and is_right)) and self._is_name(words_here):
            self.signer = (a, b)
            self.last = max(self.last, b)
        elif self.signer and a - self.signer[1] == 1 and self._is_rest_of_name(words_here):
            self.signer = (self.signer[0], b)
            self.last = max(self.last, b)
        elif self._halves(a, b):
            self._add_office(self.shouted[0], b)
        elif self.items and 0 <= a - self.list_end < 4 and len(words_here) < 90 and not words_here.isupper():
            self.items[-1] += " " + words_here
            self.list_end = b
        elif self.offices and _said("half_name").fullmatch(words_here) and not _not_names().match(words_here):
            self.half = (a, b)

    def _is_signed_item(self, words_here: str) -> bool:
        """The name folded in as if it were one more item, after the last one (`- Lưu: VT`)."""
        name = words_here.lstrip("-+• ")
        done = bool(self.items) and self.signer is None and _said("last_item").match(self.items[-1]) is not None
        return done and name != words_here and len(name.split()) > 2 and self._is_name(name)

    @staticmethod
    def _is_item(words_here: str) -> bool:
        return bool(_ITEM.match(words_here)) and not _said("form").match(words_here.lstrip("-+• "))

    def _is_office(self, words_here: str) -> bool:
        bare = words_here.strip(" .,:;*/")
        if self.signer is not None or len(bare) > 90:
            return False
        if _said("form").match(bare) or (self.form_alone and plain(bare) not in _plain_offices()):
            return bare.isupper()
        if bare.isupper() and self.offices and self._goes_on(bare):
            return True
        if plain(bare) in _plain_offices():
            return bare.isupper()
        return bool(_office().match(bare)) and (bare.isupper() or _office().fullmatch(bare) is not None)

    def _halves(self, a: int, b: int) -> bool:
        """Whether capitals ``a:b`` end an office that the capitals just before them began (`CHỦ` / `TỊCH`)."""
        if not self.view.text[a:b].isupper() or self.signer is not None:
            return False
        before, self.shouted = self.shouted, (a, b)
        if 0 < a - before[1] < 4 and plain(self._words((before[0], b))) in _plain_offices():
            self.shouted = before
            return True
        return False

    def _goes_on(self, bare: str) -> bool:
        """Whether capitals go on with the authority on the line above: `TM. ỦY BAN NHÂN` / `DÂN`."""
        above = self.offices[-1][2]
        if _said("goes_on").search(above):
            return True
        match = _said("form").match(above)
        if match is None or plain(bare) in _plain_offices() or not _PLAIN_WORDS.match(bare):
            return False
        body = above[match.end() :]
        return plain(body) not in _plain_offices() and name_like(body) is None

    def _add_office(self, a: int, b: int) -> None:
        words_here = self.form_alone + self._words((a, b)).strip(" .:;/")
        self.form_alone = ""
        if self.offices and not _said("form").match(words_here) and self._goes_on(words_here.strip(" ,")):
            start, end, above = self.offices[-1]
            self.offices[-1] = (start, b if a - end < 12 else end, f"{above} {words_here}")
        else:
            self.offices.append((a, b, words_here))
        self.last = max(self.last, b)

    def _is_name(self, words_here: str) -> bool:
        words_here = _said("signed").sub("", words_here)
        match = _said("name").match(words_here)
        if match is None or len(words_here) > 45 or _not_names().match(words_here):
            return False
        name = match["name"]
        return not name.isupper() or (
            bool(self.offices) and name.split()[0] in words("letterhead.toml", "signature.families")
        )

    def _is_rest_of_name(self, words_here: str) -> bool:
        """Whether `words_here`, right below a name, are its last syllables (`Lê Hải` / `Hòa`)."""
        if self.signer is None or len(self._words(self.signer).split()) > 2:
            return False
        return bool(_said("half_name").fullmatch(words_here.strip("* |"))) and not _not_names().match(words_here)

    def _words(self, span: tuple[int, int]) -> str:
        return " ".join(self.view.text[span[0] : span[1]].split()).strip(" *")

    def _made(self) -> Signature:
        spans: dict[str, Span] = {}
        form = position = name = None
        forms = list(self.offices)
        if forms and not _said("form").match(forms[-1][2]):
            start, end, office = forms.pop()
            position = _spaced(office.strip(" .,:;/"))
            spans["signer_position"] = self.view.span(start, end)
        if forms:
            form = " / ".join(office.strip(" ,:;") for _, _, office in forms)
            spans["signing_form"] = self.view.span(forms[0][0], forms[-1][1])
        if self.signer:
            words_here = _said("signed").sub("", self._words(self.signer))
            match = _said("name").match(words_here)
            name = match["name"] if match else words_here
            name = name.title() if name.isupper() else name
            spans["signer"] = self.view.span(*self.signer)
        listed = tuple(" ".join(item.lstrip("-+• ").split()).rstrip(" ;.") for item in self.items)
        if self.items:
            spans["recipients"] = self.view.span(self.list_start, self.list_end)
        end = min(max(self.last, self.list_end, self.anchor + 1), self.limit)
        where = (self.list_start, self.list_end) if self.items else None
        return Signature(self.anchor, end, listed, where, form, position, name, spans)


def _cut(text: str, a: int, b: int) -> Iterator[tuple[int, int]]:
    """A cell cut where a list, authorities, offices and a name were folded into one line."""
    cuts = {a, b}
    shouted = _SHOUTED.search(text, a, b)
    cuts.update(match.start() for match in _said("form").finditer(text, a, b))
    cuts.update(match.start() for match in _said("glued").finditer(text, a, b))
    for match in _office().finditer(text, a, b) if shouted else ():
        before = text[max(a, match.start() - 8) : match.start()]
        if match.group().isupper() and not _said("after_form").search(before):
            cuts.add(match.start())
    if head := _said("from").match(text, a, b):
        cuts.add(head.end())
    if head or _ITEM.match(text, a, b):
        cuts.update(a + match.end() for match in _ITEM_INSIDE.finditer(text[a:b]))
        if (after := _said("name_after_item").search(text[a:b])) and not _not_names().match(after[1]):
            cuts.add(a + after.start(1))
    if shouted and (inner := _said("name_inside").search(text, a, b)) and b - inner.end() > 3:
        cuts.update((inner.start("name"), inner.end("name")))
    if tail := _said("name_at_end").search(text[a:b].rstrip(" |*")):
        cuts.add(a + tail.end())
    points = sorted(cuts)
    for x, y in pairwise(points):
        while x < y and text[x] in " |*_\n:":
            x += 1
        while y > x and text[y - 1] in " |*_\n":
            y -= 1
        if x < y:
            yield x, y


@cache
def _offices_run_together() -> dict[str, str]:
    return {name.replace(" ", ""): name for name in _offices()}


def _spaced(office: str) -> str:
    """An office whose words OCR ran together, as the list of offices has it."""
    return _offices_run_together().get(office.replace(" ", ""), office)

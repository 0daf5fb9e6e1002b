"""The block at the end of a document: recipients (Nơi nhận) on the left, authority, office and name on the right."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from extract.records import Span
from extract.text import View
from rules.loader import words

FROM = re.compile(r"(?<![^\W\d_])N[ơƠ][iIĩì] (?:nh|NH|Nh)[ậẬạ]n?N?\s?[:.;*_ ]")
FORM = re.compile(r"(?<![\w/])(?:T/?M|K/?T|TL|TUQ|T\.M|K\.T)(?:\s?[.:]\s?|\s)(?=[A-ZĐỦƯ]{2})")
_ITEM = re.compile(r"[-+•–*]\s*\S")
_GAP = re.compile(r"[ \t\u00a0]{3,}|\t+|\|")
_NAME = re.compile(
    r"(?:(?:GS|PGS|TS|ThS|Ths|BS|BSCKI{0,2}|CK\d?|Thượng tướng|Đại tướng|Trung tướng|Thiếu tướng|Đại tá|Thượng tá|Trung tá|Thiếu tá)"
    r"[.,]?\s*)*(?P<name>(?:[A-ZĐÀ-ỸƠƯ][a-zà-ỹđơư']*|[A-ZĐÀ-ỸƠƯ]+)(?: (?:[A-ZĐÀ-ỸƠƯ][a-zà-ỹđơư']*|[A-ZĐÀ-ỸƠƯ]+)){1,5})\s*\Z"
)
_NOT_NAME = re.compile(
    r"(?i)(?:ủy|uỷ|ban|sở|bộ|lưu|nơi|kt|tm|tl|chủ tịch|giám đốc|phòng|văn phòng|hội|như|phụ lục|biểu|kế hoạch|độc lập|cộng|trường|đã ký|ký|ngày|tỉnh|huyện|xã|mẫu|công|điều|dự thảo|mặt trận)\b"
)
_NAME_AFTER_ITEM = re.compile(r"; ((?:[A-ZĐÀ-ỸƠƯ][a-zà-ỹđơư]+ ){2,3}[A-ZĐÀ-ỸƠƯ][a-zà-ỹđơư]+)(?=\n|\Z)")
_ENDS = re.compile(r"[\s|]*(?:PHỤ LỤC|Phụ lục|BIỂU|Biểu|Mẫu|MẪU|CỘNG HÒA|DANH\s|[IVX]+\. |Điều \d)")
_REACH = 60
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
def _positions() -> re.Pattern[str]:
    longest = sorted(words("letterhead.toml", "signature.positions"), key=len, reverse=True)
    names = "|".join(re.escape(name).replace(r"\ ", r"\s?") for name in longest)
    return re.compile(rf"(?<![\w.])(?:{names})(?!\w)")


def find_signatures(view: View, start: int, end: int) -> list[Signature]:
    """Every block of recipients and signature in the view's ``start:end``, in reading order."""
    found: list[Signature] = []
    at = start
    while anchor := _next_anchor(view, at, end):
        block = _read(view, anchor, end)
        at = max(block.end, anchor + 8)
        if block.signer or block.recipients or block.position:
            found.append(block)
    return found


def _next_anchor(view: View, at: int, end: int) -> int | None:
    """Where the next block begins: at `Nơi nhận`, or at a signing form or office alone on its line before a name."""
    text = view.text
    hits = [match.start() for match in [FROM.search(text, at, end)] if match]
    for match in FORM.finditer(text, at, hits[0] if hits else end):
        line = view.lines[view.line_at(match.start())]
        if match.start() - line.start < 4 or text[match.start() - 1] in "| ":
            if text[line.start : match.start()].strip(" |*-") == "":
                hits.append(match.start())
                break
    return min(hits) if hits else None


def _read(view: View, anchor: int, end: int) -> Signature:
    first = view.line_at(anchor)
    recipients: list[str] = []
    right: list[tuple[int, int]] = []
    list_end = anchor
    i = first
    signer: tuple[int, int] | None = None
    positions: list[tuple[int, int]] = []
    last = anchor
    while i < len(view.lines) and i < first + _REACH and view.lines[i].start < end:
        line = view.lines[i]
        if i > first and line.blanks > 14:
            break
        for a, b in _cells(view, max(line.start, anchor), line.end):
            words_here = view.text[a:b]
            if _is_item(words_here, bool(recipients), bool(right)):
                recipients.append(words_here)
                list_end = b
                continue
            if FROM.match(words_here + " "):
                continue
            kind = _kind(words_here)
            if positions and words_here.isupper() and kind != "office" and _is_open(view.text[slice(*positions[-1])]):
                positions[-1] = (positions[-1][0], b)
                last = b
                continue
            if kind == "office":
                if signer:
                    break
                right.append((a, b))
                positions.append((a, b))
                last = b
            elif kind == "name" and (right or recipients):
                signer = signer or (a, b)
                last = max(last, b)
            elif kind == "other" and recipients and not right and not words_here[:1].isupper():
                recipients[-1] += " " + words_here
                list_end = b
        if signer and positions and not _more(view, i + 1, recipients):
            break
        if _ends(view, i + 1):
            break
        i += 1
    return _made(view, anchor, recipients, list_end, positions, signer, last)


def _ends(view: View, i: int) -> bool:
    """A line that no block holds: an annex, a new letterhead."""
    if i >= len(view.lines):
        return True
    line = view.lines[i]
    return bool(_ENDS.match(view.text, line.start, line.end))


def _more(view: View, i: int, recipients: list[str]) -> bool:
    """Whether the list of recipients goes on at or soon after line `i`: an item comes before anything else begins."""
    if recipients and re.match(r"\W*L[ưu]u\b", recipients[-1]):
        return False
    for line in view.lines[i : i + 3]:
        words_here = view.text[line.start : line.end]
        if _ITEM.match(words_here):
            return True
        if _ENDS.match(words_here) or len(words_here) > 90:
            return False
    return False


def _cells(view: View, start: int, end: int) -> Iterator[tuple[int, int]]:
    begin, stop = view.span(start, end)
    printed = view.source[begin:stop]
    at = 0
    for gap in [*_GAP.finditer(printed), None]:
        to = gap.start() if gap else len(printed)
        if printed[at:to].strip():
            a, b = view.from_source(begin + at), min(view.from_source(begin + to), end)
            yield from _inner(view.text, a, b)
        at = gap.end() if gap else to


def _inner(text: str, a: int, b: int) -> Iterator[tuple[int, int]]:
    """A cell cut where a list, authorities, offices and a name were folded into one line."""
    cuts = {a, b}
    for match in FORM.finditer(text, a, b):
        cuts.add(match.start())
    for match in _positions().finditer(text, a, b):
        before = text[a : match.start()].rstrip()
        if not FORM.search(before[-8:]) and not before.endswith(("TM.", "KT.", "TL.", "TUQ.", "KT", "Q.")):
            cuts.add(match.start())
        cuts.add(match.end())
    for match in re.finditer(r" - (?=[A-ZĐỦƯ])", text[a:b]):
        if FROM.match(text[a:b]) or _ITEM.match(text[a:b]):
            cuts.add(a + match.start() + 1)
    if match := FROM.match(text, a, b):
        cuts.add(match.end())
    elif _ITEM.match(text, a, b) and (match := _NAME_AFTER_ITEM.search(text, a, b)) and not _NOT_NAME.match(match[1]):
        cuts.add(match.start(1))
    points = sorted(cuts)
    for x, y in zip(points, points[1:], strict=False):
        while x < y and text[x] in " |*_\n":
            x += 1
        while y > x and text[y - 1] in " |*_\n":
            y -= 1
        if x < y:
            yield x, y


def _is_open(office: str) -> bool:
    """An authority whose body goes on on the next line: `TM. ỦY BAN`, `TM. ỦY BAN NHÂN`."""
    match = FORM.match(office)
    return match is not None and _positions().fullmatch(office[match.end() :].strip()) is None and office.isupper()


def _is_item(words_here: str, listing: bool, signing: bool) -> bool:
    return bool(_ITEM.match(words_here)) and not FORM.match(words_here.lstrip("-+• "))


def _kind(words_here: str) -> str:
    if FORM.match(words_here) or _positions().fullmatch(words_here.strip(" .,:")):
        return "office"
    if words_here.isupper() and _positions().match(words_here):
        return "office"
    match = _NAME.match(words_here)
    if match and not _NOT_NAME.match(words_here) and len(words_here) < 45:
        return "name"
    return "other"


def _spaced(office: str) -> str:
    """An office whose words OCR ran together, as the list of offices has it."""
    letters = office.replace(" ", "")
    return next((name for name in words("letterhead.toml", "signature.positions") if name.replace(" ", "") == letters), office)


def _made(
    view: View,
    anchor: int,
    recipients: list[str],
    list_end: int,
    offices: list[tuple[int, int]],
    signer: tuple[int, int] | None,
    last: int,
) -> Signature:
    text = view.text
    spans: dict[str, Span] = {}
    position = form = name = None
    if offices:
        position = _spaced(" ".join(text[slice(*offices[-1])].split()).strip(" .,:"))
        spans["signer_position"] = view.span(*offices[-1])
        if len(offices) > 1:
            form = " / ".join(" ".join(text[slice(*office)].split()).strip(" ,:") for office in offices[:-1])
            spans["signing_form"] = view.span(offices[0][0], offices[-2][1])
    if signer:
        match = _NAME.match(text[slice(*signer)])
        name = match["name"] if match else text[slice(*signer)]
        name = name.title() if name.isupper() else name
        spans["signer"] = view.span(*signer)
    tidy = tuple(" ".join(item.lstrip("-+•* ").split()).rstrip(" ;.") for item in recipients)
    stop = max(last, list_end, anchor + 1)
    return Signature(
        anchor, stop, tidy, (anchor, list_end) if recipients else None, form, position, name, spans
    )

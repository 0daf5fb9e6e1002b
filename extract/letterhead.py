"""The letterhead of an official document (thể thức đầu văn bản), and where the document's parts lie.

Nghị định 30/2020/NĐ-CP, Phụ lục I sets the parts: the issuing agency on the left, the motto on the right, number and
symbol, place and date, type and abstract; at the end the signature with the recipients beside it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import partial

from extract.agency import Agency, agency_of, is_head, is_stamp
from extract.bodies import by_letters
from extract.chain import chain_of
from extract.dates import parse
from extract.furniture import official_end
from extract.head_cells import DATE, DATE_IN_DIGITS, Cell, HeadReader, place_in, plain
from extract.numbering import HeadNumber, read_number
from extract.records import Header, Layout, Span
from extract.signature import Signature, find_signatures
from extract.text import View
from extract.titles import HeadInTitle, TypeLine, head_in_title, period_of, tidy_title, title_span, type_line
from rules.loader import pattern
from rules.units import Gazetteer

_SEARCHED = 160
"""Physical lines in which the letterhead must begin; what a site puts before it is shorter."""
_LINES_ABOVE = 10
"""How far above the motto the agency's lines may begin, where both columns were put one below the other."""
_DEPTH = 40
"""Physical lines that a letterhead may take."""
_said = partial(pattern, "head.toml")


@dataclass(slots=True)
class _Head:
    """What was read so far."""

    agency_lines: list[str] = field(default_factory=list)
    agency_span: Span | None = None
    number: HeadNumber | None = None
    number_cell: Cell | None = None
    date: Cell | None = None
    about: list[Cell] = field(default_factory=list)
    type_line: TypeLine | None = None
    type_index: int = 0
    next_line: int = 0
    awaits_number: bool = False
    is_spaced: bool = False
    """Whether blank lines stand between the lines of one and the same part (the motto's)."""


def read_letterhead(view: View, units: Gazetteer) -> tuple[Header, Layout]:
    """The letterhead and signature of the document in `view`, and the offsets of its parts.

    `units` tells provinces from towns and completes the chain of places; what the document says goes before it.
    """
    if not view.lines:
        return Header(), Layout(start=0, body=0, signature=0, annex=0, end=0)
    first = _first_line(view)
    head = _read_head(view, first)
    title, title_at, body = _title(view, head, first)
    start = min(view.lines[first].start, body)
    end = official_end(view, body)
    blocks = find_signatures(view, body, end)
    main = _main_signature(view, blocks, end)
    header = _header(view, units, head, title, title_at, body, main, end)
    return header, _layout(view.text, (start, body, end), blocks, main)


_MOTTO_AFTER = 25
"""Physical lines within which the motto follows a number or a type that stands before it."""


def _first_line(view: View) -> int:
    """The line at which the official document begins: at its motto, else at its number, date or type."""
    reader = HeadReader(view)
    fallback: int | None = None
    for index in range(min(len(view.lines), _SEARCHED)):
        if fallback is not None and index - fallback > _MOTTO_AFTER:
            break
        line = view.lines[index]
        if _said("hint").search(view.text, line.start, line.end) is None and not _can_be_type(view, index):
            continue
        for cell in reader.cells(index):
            if cell.kind == "motto":
                left = fallback is not None and _is_left_column(view, fallback, index)
                return _back(view, fallback if left and fallback is not None else index)
            if fallback is None and _marks_start(view, cell):
                fallback = index
                last = view.lines[min(index + _MOTTO_AFTER, len(view.lines) - 1)]
                if _said("motto").search(view.text, line.start, last.end) is None:
                    return _back(view, index)
    return _back(view, fallback) if fallback is not None else 0


def _is_left_column(view: View, number: int, motto: int) -> bool:
    """Whether the lines from a number to the motto are the left column put before the right one: `Số:`, `V/v`."""
    between = [view.text[view.lines[i].start : view.lines[i].end].strip("| *_-") for i in range(number + 1, motto)]
    about = between[:1] == [] or _said("about_left").match(between[0]) is not None
    return about and len(between) < 7 and not any(_is_upper(words) or is_head(words) for words in between if words)


def _can_be_type(view: View, index: int) -> bool:
    line = view.lines[index]
    return view.text[line.start : min(line.end, line.start + 10)].isupper()


def _marks_start(view: View, cell: Cell) -> bool:
    if cell.kind == "number":
        number = read_number(cell.words)
        return number is not None and number.symbol is not None
    line = view.lines[cell.line]
    if cell.kind == "date":
        return cell.words[:1].isupper() and line.end - line.start < 90
    return type_line(view, cell.start, cell.end) is not None and line.end - line.start < 120


def _back(view: View, index: int) -> int:
    """The first of the agency's lines that stand right above line `index`."""
    first = index
    for i in range(index - 1, max(index - _LINES_ABOVE, -1), -1):
        line = view.lines[i]
        words = view.text[line.start : line.end].strip("| ")
        if len(words) > 130 or not (_is_upper(words) or is_head(words)):
            break
        if words.isalpha() and view.lines[i + 1].blanks == 0:
            first = i
        if is_head(words) or _said("unit_alone").match(words):
            first = i
    return first


def _is_upper(words: str) -> bool:
    upper = sum(sign.isupper() for sign in words)
    lower = sum(sign.islower() for sign in words)
    return upper > 4 * lower and upper >= 2


def _read_head(view: View, first: int) -> _Head:
    head, reader = _Head(next_line=first), HeadReader(view)
    for index in range(first, min(len(view.lines), first + _DEPTH)):
        line = view.lines[index]
        words = view.text[line.start : line.end].strip("| ")
        if _said("body_start").match(words) and (head.number or head.date or head.type_line or head.agency_lines):
            break
        if (
            head.number
            and head.date
            and (head.about or _said("addressed").search(words))
            and line.end - line.start > 130
        ):
            break
        cells = reader.cells(index)
        for cell in cells:
            if _take(view, head, cell):
                return head
        head.next_line = index + 1
        if len(words) > 250 and not cells[:1] and head.number:
            break
    return head


def _take(view: View, head: _Head, cell: Cell) -> bool:
    """Adds a cell to what was read; True where the type line was reached."""
    if cell.kind == "number":
        number = read_number(cell.words)
        if head.number is None and number is not None:
            head.number, head.number_cell = number, cell
        head.awaits_number = head.number is None and cell.words.rstrip().endswith((":", "ố"))
    elif cell.kind == "motto":
        head.is_spaced = cell.words[:1] in "ĐD" and view.lines[cell.line].blanks > 0
    elif cell.kind == "date":
        head.date = head.date or cell
    elif cell.kind == "about":
        head.about.append(cell)
    elif cell.kind == "words":
        found = type_line(view, cell.start, cell.end) or _type_over_lines(view, cell)
        if found is not None:
            head.type_line, head.type_index = found, view.line_at(found.end - 1)
            return True
        addressed = _said("addressed_plain").search(plain(cell.words)) or cell.words.startswith("- ")
        if (
            head.number
            and not head.about
            and _said("about_begins").match(cell.words)
            and view.lines[cell.line].blanks == 0
        ):
            head.about.append(cell)
            return False
        apart = bool(addressed) or (bool(view.lines[cell.line].blanks) and cell.start == view.lines[cell.line].start)
        if (
            head.about
            and head.about[-1].line >= cell.line - 1
            and not apart
            and not _is_upper(cell.words)
            and len(head.about) < 6
        ):
            head.about.append(cell)
        elif head.awaits_number and (more := read_number("Số: " + cell.words)) is not None:
            head.number, head.number_cell, head.awaits_number = more, cell, False
        elif not (head.number and head.agency_lines) and _names_agency(cell.words):
            head.agency_lines.extend(_said("organ_behind").split(cell.words))
            head.agency_span = (head.agency_span[0] if head.agency_span else cell.start, cell.end)
    return False


_NO_NAME = re.compile(r"\d{3}|[/.;,:]\Z|/\d")
"""What a name of a body printed in small letters does not hold: it is a sentence of the text then."""


def _names_agency(line: str) -> bool:
    """Whether `line` can be one of the agency's lines: short, in capitals or beginning as a name of a body does."""
    if len(line) > 130 or is_stamp(line):
        return False
    return _is_upper(line) or (is_head(line) and len(line) < 70 and _NO_NAME.search(line) is None)


def _type_over_lines(view: View, cell: Cell) -> TypeLine | None:
    """A type whose name is broken over two lines (`QUYẾT` / `ĐỊNH`)."""
    if cell.line + 1 >= len(view.lines) or not cell.words.isupper() or len(cell.words) > 12:
        return None
    found = type_line(view, cell.start, view.lines[cell.line + 1].end)
    return found if found and found.end > cell.end else None


def _title(view: View, head: _Head, first: int) -> tuple[str | None, Span | None, int]:
    """The abstract, its span in the view, and where the preamble begins."""
    lines = view.lines
    if head.type_line is not None:
        start, end, body = title_span(view, head.type_index, head.type_line.end, spaced=head.is_spaced)
        if start < view.lines[head.type_index].end:
            end = _without_decider(view.text, start, end, " ".join(head.agency_lines))
        title = tidy_title(view.text[start:end])
        return title or None, (start, end) if title else None, _past_blanks(view.text, body, len(view.text))
    if head.about:
        start, end = head.about[0].start, head.about[-1].end
        words = tidy_title(" ".join(cell.words for cell in head.about))
        title = _said("about_mark").sub("", words)
        return title or None, (start, end), _after_head(view, head, end)
    at = head.next_line
    return None, None, lines[at].start if at < len(lines) else len(view.text)


def _without_decider(text: str, start: int, end: int, agency: str) -> int:
    """The end of the abstract before the issuer's own name in capitals, where all stands on the line of the type."""
    title, name = text[start:end].rstrip(" .|*\n"), agency.strip(" -_|")
    before = title[: -len(name)].rstrip()
    if not name or not title.endswith(name) or len(before) < 12 or pattern("titles.toml", "leads_on").search(before):
        return end
    return start + len(pattern("titles.toml", "office_before").sub("", before))


def _after_head(view: View, head: _Head, about_end: int) -> int:
    """Where the text of an official letter begins: at its addressee, else after the last line of its head."""
    addressed = _said("addressed").search(view.text, about_end, about_end + 400)
    if addressed:
        return addressed.start()
    ends = [cell.end for cell in (head.date, head.number_cell) if cell] + [about_end]
    after = view.line_at(max(ends) - 1) + 1
    return view.lines[after].start if after < len(view.lines) else len(view.text)


def _main_signature(view: View, blocks: list[Signature], end: int) -> Signature | None:
    """The document's own signature: the first that has a name or recipients."""
    for block in blocks:
        if block.signer or block.recipients:
            return block
    return None


def _layout(text: str, bounds: tuple[int, int, int], blocks: list[Signature], main: Signature | None) -> Layout:
    start, body, end = bounds
    at = max(main.start, body) if main else end
    annex = _past_blanks(text, min(max(main.end, at), end), end) if main else end
    return Layout(
        start=start,
        body=body,
        signature=at,
        annex=annex,
        end=end,
        recipients=main.list_span if main else None,
        signatures=tuple((block.start, block.end) for block in blocks),
    )


def _past_blanks(text: str, at: int, end: int) -> int:
    """The first offset from `at` on that holds a word; `end` where none does."""
    while at < end and text[at] in " \n|*_.;":
        at += 1
    return at


def _date_of(cell: Cell | None) -> re.Match[str] | None:
    return (DATE.search(cell.words) or DATE_IN_DIGITS.search(cell.words)) if cell else None


def _day(cell: Cell | None) -> str | None:
    """The EDTF of a date cell, by what can be read of it."""
    match = _date_of(cell)
    if match is None:
        return None
    year = re.sub(r"\D", "", match["y"])
    if len(year) != 4:
        return None
    month, day = re.sub(r"[\s.]", "", match["m"]), re.sub(r"[\s.]", "", match["d"])
    if not month.isdigit() or not 1 <= int(month) <= 12:
        return year
    return f"{year}-{int(month):02d}" + (f"-{int(day):02d}" if day.isdigit() and 1 <= int(day) <= 31 else "")


def _header(
    view: View,
    units: Gazetteer,
    head: _Head,
    title: str | None,
    title_at: Span | None,
    body: int,
    main: Signature | None,
    end: int,
) -> Header:
    day, number, match = _day(head.date), head.number, _date_of(head.date)
    place = place_in(match) if match else None
    inside = head_in_title(title) if title and not number and not head.agency_lines else None
    if inside:
        number, title, written = read_number(f"Số: {inside.code}"), inside.title, parse(inside.date)
        day = day or (written.edtf if written else None)
    agency = _agency(head, inside, number, units, day)
    symbol = number.symbol if number else None
    chain = chain_of(view, units, agency, place, title or "", body, main.start if main else end, day, symbol)
    kind = _doc_type(head, number, day)
    return Header(
        doc_type=kind,
        number=number.number if number else None,
        symbol=symbol,
        code=number.code if number else None,
        code_text=number.printed if number else None,
        issuer=chain.issuer,
        issuer_level=chain.level,
        place=place,
        issued_on=day,
        title=title,
        period=period_of(title, kind, day) if title else None,
        signer=main.signer if main else None,
        signer_position=main.position if main else None,
        signing_form=main.form if main else None,
        recipients=main.recipients if main else (),
        unreadable=number.unreadable if number else (),
        number_blank=bool(number and number.blank),
        province=chain.province,
        district=chain.district,
        commune=chain.commune,
        spans=_evidence(view, head, title_at, main),
    )


def _agency(
    head: _Head, inside: HeadInTitle | None, number: HeadNumber | None, units: Gazetteer, day: str | None
) -> Agency | None:
    """The issuer of the left column. A chairman's document is his committee's, unless the symbol is his own."""
    agency = agency_of([inside.issuer] if inside else head.agency_lines, units, day)
    own = number is not None and _said("chairman_symbol").search(number.symbol or "")
    if agency and not own:
        return replace(agency, name=_said("chairman").sub("", agency.name))
    return agency


def _doc_type(head: _Head, number: HeadNumber | None, day: str | None) -> str | None:
    """The type of the type line, else of the symbol.

    Without a type line, `V/v` makes a công văn of letters that do not go on with a known body (`5123/CT-CS`).
    """
    if head.type_line:
        return head.type_line.code
    kind = number.doc_type if number else None
    if head.about and not (kind and number and number.symbol and by_letters(kind, number.symbol, day)):
        return "CV"
    return kind


def _evidence(view: View, head: _Head, title_at: Span | None, main: Signature | None) -> dict[str, Span]:
    """The canonical span of each field that was found, by the field's name."""
    cells = {"code": head.number_cell, "issued_on": head.date, "doc_type": head.type_line}
    spans = {name: view.span(cell.start, cell.end) for name, cell in cells.items() if cell}
    if title_at:
        spans["title"] = view.span(*title_at)
    if head.agency_span:
        spans["issuer"] = view.span(*head.agency_span)
    return spans | (main.spans if main else {})

"""DOCX: text in order with its computed automatic numbers, tables with their cells, tracked deletions dropped."""

from __future__ import annotations

import io
import lzma
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from extract.readers.docx_numbers import Numbering
from extract.records import Mark, ReadError, Source, Span, Table
from extract.text import canonical

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
MAX_UNPACKED = 300 * 1024 * 1024
MAX_PART = 100 * 1024 * 1024
_DROPPED = frozenset(
    {f"{W}del", f"{W}moveFrom", f"{W}instrText", f"{W}delText", f"{W}pPr", f"{W}rPr", f"{W}sectPr", f"{_MC}Fallback"}
)


def read(data: bytes, path: str, sha256: str) -> Source:
    """A DOCX. Raises `ReadError` (malformed, bomb, encrypted)."""
    parts = _parts(data)
    body = _parse(parts["word/document.xml"]).find(f"{W}body")
    if body is None:
        raise ReadError("malformed", "The DOCX has no body. Save it again in Word and give that.")
    styles, numbering = parts.get("word/styles.xml"), parts.get("word/numbering.xml")
    numbers = Numbering(_parse(styles) if styles else None, _parse(numbering) if numbering else None)
    writer = _Writer(numbers)
    writer.blocks(body)
    notes = parts.get("word/footnotes.xml")
    if notes:
        writer.footnotes(_parse(notes))
    media = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    return Source(
        path=path,
        sha256=sha256,
        media_type=media,
        text="".join(writer.pieces),
        tables=tuple(writer.tables),
        marks=tuple(writer.marks),
    )


def _parts(data: bytes) -> dict[str, bytes]:
    """The parts of the file that are read, by name."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos = {info.filename: info for info in archive.infolist()}
            if sum(info.file_size for info in infos.values()) > MAX_UNPACKED:
                raise ReadError("bomb", "The DOCX unpacks to more than 300 MB. It is not read.")
            if "word/document.xml" not in infos:
                raise ReadError("malformed", "The file is no Word document, or an encrypted one. Save it as DOCX.")
            wanted = ("word/document.xml", "word/styles.xml", "word/numbering.xml", "word/footnotes.xml")
            return {name: _unpack(archive, infos[name]) for name in wanted if name in infos}
    except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, ValueError, RuntimeError, EOFError, OSError):
        raise ReadError("malformed", "The DOCX is broken and cannot be unpacked. Ask for it once more.") from None


def _unpack(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    with archive.open(info) as file:
        content = file.read(MAX_PART + 1)
    if len(content) > MAX_PART:
        raise ReadError("bomb", "A part of the DOCX unpacks to more than 100 MB. It is not read.")
    return content


def _parse(content: bytes) -> Element:
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError:
        raise ReadError("malformed", "The DOCX holds broken XML. Save it again in Word and give that.") from None
    return root


@dataclass(slots=True)
class _Writer:
    """Writes paragraphs as lines and remembers where tables and notes stand."""

    numbers: Numbering
    pieces: list[str] = field(default_factory=list)
    length: int = 0
    tables: list[Table] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)

    def put(self, words: str) -> Span:
        words = canonical(words)
        start = self.length
        self.pieces.append(words)
        self.length += len(words)
        return start, self.length

    def blocks(self, parent: Element) -> None:
        """The paragraphs and tables below `parent`, in order."""
        for child in parent:
            if child.tag == f"{W}p":
                self.paragraph(child)
            elif child.tag == f"{W}tbl":
                self.table(child)
            elif child.tag in {f"{W}sdt", f"{W}sdtContent", f"{W}ins", f"{W}customXml", f"{W}moveTo"}:
                self.blocks(child)

    def paragraph(self, paragraph: Element) -> None:
        number = self.numbers.label(paragraph)
        words = "".join(_words(paragraph))
        boxes = [box for box in paragraph.iter(f"{W}txbxContent") if not _in_fallback(box)]
        if number and words.strip():
            words = f"{number} {words.lstrip()}"
        self.put(words.rstrip() + "\n")
        for box in boxes:
            self.blocks(box)

    def table(self, table: Element) -> None:
        start = self.length
        rows: list[tuple[str, ...]] = []
        cells: list[tuple[Span | None, ...]] = []
        for row in table.iter(f"{W}tr"):
            if next(row.iterancestors(f"{W}tbl")) is not table:
                continue
            spans = []
            for cell in row.iterfind(f"{W}tc"):
                begin = self.length
                self.blocks(cell)
                spans.append((begin, self.length))
            rows.append(tuple(" ".join(self.words(span).split()) for span in spans))
            cells.append(tuple(span if self.words(span).strip() else None for span in spans))
        if _is_data(table, rows) and self.length > start:
            unit = _unit("".join(self.pieces)[max(0, start - 200) : start])
            self.tables.append(Table(start=start, end=self.length, rows=tuple(rows), unit=unit, cells=tuple(cells)))

    def words(self, span: Span) -> str:
        """What was written in a span; spans asked for lie near the end."""
        pieces, at = [], self.length
        for piece in reversed(self.pieces):
            if at <= span[0]:
                break
            at -= len(piece)
            pieces.append(piece)
        return "".join(reversed(pieces))[max(span[0] - at, 0) : span[1] - at]

    def footnotes(self, root: Element) -> None:
        """The notes, behind the text, marked."""
        for note in root.iterfind(f"{W}footnote"):
            words = " ".join("".join(_words(paragraph)) for paragraph in note.iter(f"{W}p")).strip()
            if words:
                start, end = self.put(words + "\n")
                self.marks.append(Mark(kind="footnote", start=start, end=end - 1))


def _in_fallback(element: Element) -> bool:
    return any(True for _ in element.iterancestors(f"{_MC}Fallback"))


def _words(element: Element) -> Iterator[str]:
    """The words of a paragraph; deleted ones and text boxes left out."""
    for child in element:
        tag = child.tag
        if tag in _DROPPED or tag == f"{W}txbxContent":
            continue
        if tag == f"{W}t":
            yield child.text or ""
        elif tag == f"{W}tab":
            yield "\t"
        elif tag in {f"{W}br", f"{W}cr"}:
            yield "\n"
        elif tag == f"{W}noBreakHyphen":
            yield "-"
        else:
            yield from _words(child)


def _is_data(table: Element, rows: list[tuple[str, ...]]) -> bool:
    """Whether a table holds data: several rows and columns; a letterhead's or signature's frame is none."""
    wide = [row for row in rows if len(row) >= 2]
    if len(rows) < 2 or not wide:
        return False
    head = " ".join(" ".join(row) for row in rows[:3]).upper()
    return not any(words in head for words in ("CỘNG HÒA XÃ HỘI", "CỘNG HOÀ XÃ HỘI", "NƠI NHẬN"))


def _unit(above: str) -> str | None:
    from extract.readers.pdf_tables import UNIT

    found = UNIT.findall(above)
    return found[-1].strip() if found else None

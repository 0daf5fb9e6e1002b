"""DOCX: text in order with its computed automatic numbers, tables with their cells, tracked deletions dropped."""

from __future__ import annotations

import io
import lzma
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from extract.readers.docx_fonts import mentions_legacy, to_unicode
from extract.readers.docx_numbers import Numbering
from extract.readers.written import ABOVE, Written, is_frame, unit_above
from extract.records import Mark, ReadError, Source, Span, Table

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
MAX_UNPACKED = 300 * 1024 * 1024
MAX_PART = 100 * 1024 * 1024
_DROPPED = frozenset(
    {f"{W}del", f"{W}moveFrom", f"{W}instrText", f"{W}delText", f"{W}pPr", f"{W}rPr", f"{W}sectPr", f"{_MC}Fallback"}
)

_CONVERTED = "Words in fonts from before Unicode (.VnTime or VNI) were converted."
_WRAPPERS = frozenset({f"{W}sdt", f"{W}sdtContent", f"{W}ins", f"{W}customXml", f"{W}moveTo"})
"""What stands around paragraphs, rows and cells without being one."""


def read(data: bytes, path: str, sha256: str) -> Source:
    """A DOCX. Raises `ReadError` (malformed, bomb, encrypted)."""
    parts = _parts(data)
    root = _parse(parts["word/document.xml"])
    body = root.find(f"{W}body")
    if body is None:
        raise ReadError("malformed", "The DOCX has no body. Save it again in Word and give that.")
    given, numbering = parts.get("word/styles.xml"), parts.get("word/numbering.xml")
    styles = _parse(given) if given else None
    converted = mentions_legacy(*parts.values()) and to_unicode(root, styles)
    numbers = Numbering(styles, _parse(numbering) if numbering else None)
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
        text=writer.out.text(),
        tables=tuple(writer.tables),
        marks=tuple(writer.marks),
        warnings=(_CONVERTED,) if converted else (),
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
    out: Written = field(default_factory=Written)
    tables: list[Table] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)

    def blocks(self, parent: Element) -> None:
        """The paragraphs and tables below `parent`, in order."""
        for child in parent:
            if child.tag == f"{W}p":
                self.paragraph(child)
            elif child.tag == f"{W}tbl":
                self.table(child)
            elif child.tag in _WRAPPERS:
                self.blocks(child)

    def paragraph(self, paragraph: Element) -> None:
        number = self.numbers.label(paragraph)
        words = "".join(_words(paragraph))
        boxes = [box for box in paragraph.iter(f"{W}txbxContent") if not _in_fallback(box)]
        if number and words.strip():
            words = f"{number} {words.lstrip()}"
        self.out.put(words.rstrip() + "\n")
        for box in boxes:
            self.blocks(box)

    def table(self, table: Element) -> None:
        """A table's rows as lines, and the table where it holds data."""
        start = self.out.length
        spans: list[list[Span]] = []
        for row in _own(table, f"{W}tr"):
            spans.append([])
            for cell in _own(row, f"{W}tc"):
                begin = self.out.length
                self.blocks(cell)
                spans[-1].append((begin, self.out.length))
        text = self.out.since(start)
        rows = [tuple(" ".join(text[a - start : b - start].split()) for a, b in row) for row in spans if row]
        if not text.strip() or is_frame(rows):
            return
        cells = tuple(
            tuple(span if text[span[0] - start : span[1] - start].strip() else None for span in row)
            for row in spans
            if row
        )
        above = max(start - ABOVE, 0)
        unit = unit_above(self.out.since(above)[: start - above])
        self.tables.append(Table(start=start, end=self.out.length, rows=tuple(rows), unit=unit, cells=cells))

    def footnotes(self, root: Element) -> None:
        """The notes, behind the text, marked."""
        for note in root.iterfind(f"{W}footnote"):
            words = " ".join("".join(_words(paragraph)) for paragraph in note.iter(f"{W}p")).strip()
            if words:
                start, end = self.out.put(words + "\n")
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


def _own(parent: Element, tag: str) -> Iterator[Element]:
    """The elements of a tag that belong to `parent` itself, those in content controls and insertions too."""
    for child in parent:
        if child.tag == tag:
            yield child
        elif child.tag in _WRAPPERS:
            yield from _own(child, tag)

"""The DOCX of a sample document: letterhead in a table without borders, automatic numbers for I., 1. and a).

The numbers of the units stand in `numbering.xml` alone, as a word processor leaves them; the text of a unit holds its
words without its marker. Where a source skips a number, the list is told to start anew there.
"""

from __future__ import annotations

import io
import re
import zipfile
from datetime import datetime
from typing import TYPE_CHECKING

from corpus.samples.markup import NOTICE, Block, Sample, column_widths, is_heading, is_number

if TYPE_CHECKING:
    from docx.document import Document
    from docx.table import Table, _Cell
    from docx.text.paragraph import Paragraph
    from docx.text.run import Run

FONT = "Times New Roman"
FIXED_TIME = datetime(2025, 1, 1)
ZIP_TIME = (2025, 1, 1, 0, 0, 0)
_FORMATS = {
    "I": ("upperRoman", "%1."),
    "1": ("decimal", "%1."),
    "a": ("lowerLetter", "%1)"),
    "Điều": ("decimal", "Điều %1."),
}
_POINTS = "abcdđeghiklmnopqrstuvxy"


def make_docx(sample: Sample) -> bytes:
    """The document as a word processor would save it; the bytes do not depend on when."""
    import docx
    from docx.shared import Pt

    document = docx.Document()
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = FONT, Pt(13)
    normal.paragraph_format.space_after = Pt(4)
    _set_page(document)
    _add(document, NOTICE, align="CENTER", italic=True)
    _letterhead(document, sample)
    for line in (sample.heading, " ".join(sample.title), sample.caller):
        if line:
            _add(document, line, align="CENTER", bold=True)
    if sample.addressee:
        _add(document, sample.addressee, align="CENTER")
    numbers = _Numbers(document)
    for block in sample.blocks:
        _block(document, block, numbers)
    _signature(document, sample)
    if sample.annex:
        document.add_paragraph().paragraph_format.page_break_before = True
    for block in sample.annex:
        _block(document, block, numbers)
    _fix_properties(document, sample)
    out = io.BytesIO()
    document.save(out)
    return _with_fixed_times(out.getvalue())


def _set_page(document: Document) -> None:
    from docx.shared import Mm

    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin, section.right_margin = Mm(30), Mm(16)
    section.top_margin = section.bottom_margin = Mm(20)


def _fix_properties(document: Document, sample: Sample) -> None:
    properties = document.core_properties
    properties.author = properties.last_modified_by = "Kehoach"
    properties.title = f"Văn bản mẫu: {sample.number}"
    properties.comments = ""
    properties.created = properties.modified = FIXED_TIME


def _with_fixed_times(data: bytes) -> bytes:
    """The same archive, its entries in one order, at one time."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as new,
    ):
        for name in sorted(old.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            new.writestr(zipfile.ZipInfo(name, ZIP_TIME), old.read(name), zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _run(paragraph: Paragraph, text: str, bold: bool = False, italic: bool = False) -> Run:
    run = paragraph.add_run(text)
    run.bold, run.italic = bold or None, italic or None
    return run


def _add(document: Document, text: str, align: str = "JUSTIFY", bold: bool = False, italic: bool = False) -> Paragraph:
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    paragraph = document.add_paragraph()
    paragraph.alignment = getattr(WD_ALIGN_PARAGRAPH, align)
    _run(paragraph, text, bold, italic)
    return paragraph


def _fill(cell: _Cell, lines: list[tuple[str, bool, bool]], align: str = "CENTER") -> None:
    """Write lines (text, bold, italic) into a cell, one paragraph each."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    for i, (text, bold, italic) in enumerate(lines):
        paragraph = cell.paragraphs[0] if i == 0 else cell.add_paragraph()
        paragraph.alignment = getattr(WD_ALIGN_PARAGRAPH, align)
        paragraph.paragraph_format.space_after = Pt(0)
        _run(paragraph, text, bold, italic).font.size = Pt(12)


def _letterhead(document: Document, sample: Sample) -> None:
    table = document.add_table(rows=2, cols=2)
    _set_widths(table, [68, 96])
    last = len(sample.left) - 1
    _fill(table.cell(0, 0), [(line, i == last, False) for i, line in enumerate(sample.left)])
    _fill(table.cell(0, 1), [(line, True, False) for line in sample.motto])
    number = [sample.number, sample.subject] if sample.subject else [sample.number]
    _fill(table.cell(1, 0), [(line, False, False) for line in number])
    _fill(table.cell(1, 1), [(sample.place_date, False, True)])
    document.add_paragraph()


def _signature(document: Document, sample: Sample) -> None:
    table = document.add_table(rows=1, cols=2)
    _set_widths(table, [82, 82])
    recipients = [("Nơi nhận:", True, True), *((line, False, False) for line in sample.recipient_lines)]
    _fill(table.cell(0, 0), recipients, align="LEFT")
    signed = [(line, True, False) for line in sample.sign]
    if sample.signer:
        signed += [("", False, False)] * 3 + [(sample.signer, True, False)]
    _fill(table.cell(0, 1), signed)
    for cell in table.rows[0].cells:
        for paragraph in cell.paragraphs:
            paragraph.paragraph_format.keep_with_next = True


def _block(document: Document, block: Block, numbers: _Numbers) -> None:
    from docx.shared import Mm

    if block.kind == "table":
        _table(document, block)
    elif block.kind in ("centre", "annex"):
        _add(document, block.text, align="CENTER", bold=True)
    elif block.kind == "right":
        _add(document, block.text, align="RIGHT", italic=True)
    elif block.kind == "section":
        paragraph = _add(document, block.text[len(block.marker) :].strip(), bold=is_heading(block))
        numbers.apply(paragraph, block)
    else:
        paragraph = _add(document, block.text, italic=block.kind == "basis")
        paragraph.paragraph_format.first_line_indent = Mm(10)


def _table(document: Document, block: Block) -> None:
    table = document.add_table(rows=len(block.rows), cols=len(block.rows[0]))
    table.style = "Table Grid"
    _set_widths(table, column_widths(block.rows, 164))
    for n, row in enumerate(block.rows):
        for i, cell in enumerate(row):
            figure = i > 0 and is_number(cell)
            align = "CENTER" if n == 0 else "RIGHT" if figure else "LEFT"
            _fill(table.cell(n, i), [(cell, n == 0 or not row[0], False)], align=align)


def _set_widths(table: Table, widths: list[float]) -> None:
    """Set the widths of the columns, in millimetres, on columns and cells: word processors differ in what they obey."""
    from docx.shared import Mm

    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    for row in table.rows:
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = Mm(width)


class _Numbers:
    """Lists in numbering.xml: one abstract list for each form of marker, one instance for each run of siblings."""

    def __init__(self, document: Document) -> None:
        self.root = document.part.numbering_part.element
        for old in list(self.root):
            self.root.remove(old)
        self.abstract: dict[str, int] = {}
        self.instances: list[tuple[int, int]] = []
        self.current: dict[tuple[str, str], tuple[int, int]] = {}

    def apply(self, paragraph: Paragraph, block: Block) -> None:
        """Number a paragraph as the unit's marker says."""
        from docx.oxml import parse_xml
        from docx.oxml.ns import nsdecls

        form, value = _form(block.marker)
        parent = block.path.rpartition("/")[0]
        known = self.current.get((parent, form))
        number = known[0] if known and value == known[1] + 1 else self._instance(form, value)
        self.current[parent, form] = (number, value)
        properties = paragraph._p.get_or_add_pPr()
        numbering = f'<w:numPr {nsdecls("w")}><w:ilvl w:val="0"/><w:numId w:val="{number}"/></w:numPr>'
        properties.insert(0, parse_xml(numbering))

    def _instance(self, form: str, start: int) -> int:
        from docx.oxml import parse_xml
        from docx.oxml.ns import nsdecls

        if form not in self.abstract:
            self._add_abstract(form)
        number = len(self.instances) + 1
        self.instances.append((number, start))
        self.root.append(
            parse_xml(
                f'<w:num {nsdecls("w")} w:numId="{number}"><w:abstractNumId w:val="{self.abstract[form]}"/>'
                f'<w:lvlOverride w:ilvl="0"><w:startOverride w:val="{start}"/></w:lvlOverride></w:num>'
            )
        )
        return number

    def _add_abstract(self, form: str) -> None:
        from docx.oxml import parse_xml
        from docx.oxml.ns import nsdecls

        kind, text = _FORMATS[form]
        self.abstract[form] = len(self.abstract)
        self.root.insert(
            len(self.abstract) - 1,
            parse_xml(
                f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{self.abstract[form]}">'
                '<w:multiLevelType w:val="singleLevel"/><w:lvl w:ilvl="0"><w:start w:val="1"/>'
                f'<w:numFmt w:val="{kind}"/><w:suff w:val="space"/><w:lvlText w:val="{text}"/><w:lvlJc w:val="left"/>'
                '<w:pPr><w:ind w:left="0" w:firstLine="567"/></w:pPr></w:lvl></w:abstractNum>'
            ),
        )


def _form(marker: str) -> tuple[str, int]:
    """The form of a marker and its value: `III.` is ("I", 3), `b)` is ("a", 2), `Điều 2.` is ("Điều", 2)."""
    if found := re.fullmatch(r"Điều (\d+)\.", marker):
        return "Điều", int(found[1])
    if marker[:-1].isdigit():
        return "1", int(marker[:-1])
    if marker.endswith(")"):
        return "a", _POINTS.index(marker[0]) + 1
    return "I", _roman(marker[:-1])


def _roman(numeral: str) -> int:
    values = [{"I": 1, "V": 5, "X": 10}[letter] for letter in numeral]
    return sum(-v if any(v < later for later in values[i + 1 : i + 2]) else v for i, v in enumerate(values))

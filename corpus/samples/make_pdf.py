"""The PDF of a sample document, and the scan of one: A4 by Nghị định 30/2020/NĐ-CP, Phụ lục I."""

from __future__ import annotations

import io
import os
import random
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from corpus.samples.markup import NOTICE, Block, Sample, column_widths, is_heading, is_number

if TYPE_CHECKING:
    from PIL.Image import Image
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.pdfgen.canvas import Canvas
    from reportlab.platypus import Flowable

FONT = "KehoachSerif"
FACES = {"": "Regular", "-Bold": "Bold", "-Italic": "Italic", "-BoldItalic": "BoldItalic"}
FONT_FOLDERS = ("/usr/share/fonts/truetype/liberation2", "/usr/share/fonts/truetype/liberation")
FONTS_VARIABLE = "KEHOACH_SAMPLE_FONTS"
SCAN_DPI = 150
_HARDEST_LETTER = "ỵ"


class FontsMissingError(RuntimeError):
    """No Liberation Serif with Vietnamese letters is installed."""


def font_folder() -> Path:
    """The folder of Liberation Serif 2 (Debian: fonts-liberation2); version 1 has no Vietnamese letters.

    KEHOACH_SAMPLE_FONTS names another folder. FontsMissingError where there is none.
    """
    from reportlab.pdfbase.ttfonts import TTFont

    for folder in filter(None, (os.environ.get(FONTS_VARIABLE), *FONT_FOLDERS)):
        paths = [Path(folder) / f"LiberationSerif-{face}.ttf" for face in FACES.values()]
        there = all(path.is_file() for path in paths)
        if there and ord(_HARDEST_LETTER) in TTFont("probe", str(paths[0])).face.charToGlyph:
            return Path(folder)
    raise FontsMissingError("Liberation Serif 2 is missing: apt-get install fonts-liberation2")


def _register_fonts() -> None:
    from reportlab.lib.fonts import addMapping
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    folder = font_folder()
    for suffix, face in FACES.items():
        pdfmetrics.registerFont(TTFont(FONT + suffix, str(folder / f"LiberationSerif-{face}.ttf")))
        addMapping(FONT, int("Bold" in face), int("Italic" in face), FONT + suffix)


class _Page:
    """The styles and the parts of a page; made once the fonts are registered."""

    def __init__(self) -> None:
        from reportlab.lib.enums import TA_CENTER, TA_JUSTIFY, TA_LEFT, TA_RIGHT
        from reportlab.lib.styles import ParagraphStyle

        def style(name: str, size: float, align: int, **more: float | str) -> ParagraphStyle:
            return ParagraphStyle(
                name, **{"fontName": FONT, "fontSize": size, "leading": size * 1.25, "alignment": align, **more}
            )

        self.body = style("body", 13, TA_JUSTIFY, firstLineIndent=28, spaceBefore=3, spaceAfter=3)
        self.centre = style("centre", 13, TA_CENTER, spaceBefore=4, spaceAfter=4)
        self.notice = style("notice", 11, TA_CENTER, textColor="#b00020", spaceAfter=6)
        self.head = style("head", 12, TA_CENTER)
        self.right = style("right", 12, TA_RIGHT)
        self.cell = style("cell", 12, TA_LEFT)
        self.number = style("number", 12, TA_RIGHT)
        self.small = style("small", 11, TA_LEFT)

    def paragraph(self, text: str, style: ParagraphStyle, bold: bool = False, italic: bool = False) -> Flowable:
        from reportlab.platypus import Paragraph

        marked = escape(text).replace("  ", "\u00a0\u00a0").replace("\n", "<br/>")
        marked = f"<b>{marked}</b>" if bold else marked
        return Paragraph(f"<i>{marked}</i>" if italic else marked, style)

    def rule(self, width: int) -> Flowable:
        from reportlab.platypus import HRFlowable

        return HRFlowable(width=width, thickness=0.7, color="black", hAlign="CENTER", spaceBefore=2, spaceAfter=4)

    def columns(self, left: list[Flowable], right: list[Flowable], widths: Sequence[float]) -> Flowable:
        from reportlab.platypus import Table

        table = Table([[left, right]], colWidths=widths)
        table.setStyle(
            [
                ("ALIGN", (0, 0), (-1, -1), "CENTER"),
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("LEFTPADDING", (0, 0), (-1, -1), 2),
                ("RIGHTPADDING", (0, 0), (-1, -1), 2),
            ]
        )
        return table

    def letterhead(self, sample: Sample) -> Flowable:
        last = len(sample.left) - 1
        left = [self.paragraph(line, self.head, bold=i == last) for i, line in enumerate(sample.left)]
        left += [self.rule(60), self.paragraph(sample.number, self.head)]
        if sample.subject:
            left.append(self.paragraph(sample.subject, self.head))
        right = [self.paragraph(line, self.head, bold=True) for line in sample.motto]
        right += [self.rule(150), self.paragraph(sample.place_date, self.head, italic=True)]
        return self.columns(left, right, (185, 285))

    def block(self, block: Block) -> Flowable:
        if block.kind == "table":
            return self.table(block.rows)
        if block.kind in ("centre", "annex"):
            return self.paragraph(block.text, self.centre, bold=True)
        if block.kind == "right":
            return self.paragraph(block.text, self.right, italic=True)
        return self.paragraph(block.text, self.body, bold=is_heading(block), italic=block.kind == "basis")

    def table(self, rows: tuple[tuple[str, ...], ...]) -> Flowable:
        from reportlab.platypus import Table

        cells = [
            [
                self.paragraph(
                    cell,
                    self.centre if n == 0 else self.number if i > 0 and is_number(cell) else self.cell,
                    bold=n == 0 or not row[0],
                )
                for i, cell in enumerate(row)
            ]
            for n, row in enumerate(rows)
        ]
        table = Table(cells, colWidths=column_widths(rows, 470), repeatRows=1, spaceBefore=4, spaceAfter=6)
        table.setStyle([("GRID", (0, 0), (-1, -1), 0.6, "black"), ("VALIGN", (0, 0), (-1, -1), "MIDDLE")])
        return table

    def signature(self, sample: Sample) -> Flowable:
        left = [self.paragraph("Nơi nhận:", self.small, bold=True, italic=True)]
        left += [self.paragraph(line, self.small) for line in sample.recipient_lines]
        right = [self.paragraph(line, self.head, bold=True) for line in sample.sign]
        if sample.signer:
            from reportlab.platypus import Spacer

            right += [Spacer(1, 56), self.paragraph(sample.signer, self.head, bold=True)]
        return self.columns(left, right, (235, 235))


def _number_page(canvas: Canvas, document: object) -> None:
    """The page number, from page 2 on, in the middle of the top margin (Phụ lục I, I.7)."""
    page = canvas.getPageNumber()
    if page > 1:
        canvas.setFont(FONT, 13)
        canvas.drawCentredString(297.6, 810, str(page))


def make_pdf(sample: Sample) -> bytes:
    """The born-digital PDF of a document: letterhead in two columns, ruled tables, Unicode text."""
    from reportlab.lib.pagesizes import A4
    from reportlab.platypus import KeepTogether, PageBreak, SimpleDocTemplate, Spacer

    _register_fonts()
    page = _Page()
    story: list[Flowable] = [page.paragraph(NOTICE, page.notice, italic=True), page.letterhead(sample), Spacer(1, 8)]
    if sample.heading:
        story.append(page.paragraph(sample.heading, page.centre, bold=True))
    story += [page.paragraph(line, page.centre, bold=True) for line in sample.title]
    story.append(page.rule(110))
    if sample.caller:
        story += [Spacer(1, 6), page.paragraph(sample.caller, page.centre, bold=True)]
    if sample.addressee:
        story.append(page.paragraph(sample.addressee, page.centre))
    story += [page.block(block) for block in sample.blocks]
    story += [Spacer(1, 10), KeepTogether(page.signature(sample))]
    if sample.annex:
        story += [PageBreak(), *(page.block(block) for block in sample.annex)]
    out = io.BytesIO()
    document = SimpleDocTemplate(
        out,
        pagesize=A4,
        leftMargin=80,
        rightMargin=45,
        topMargin=58,
        bottomMargin=57,
        invariant=1,
        title=f"Văn bản mẫu: {sample.number}",
        author="Kehoach",
        lang="vi",
    )
    document.build(story, onLaterPages=_number_page)
    return out.getvalue()


def make_scan(sample: Sample) -> bytes:
    """The same pages as images alone, a little askew and speckled, as an office scanner gives them."""
    import pypdfium2
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.utils import ImageReader
    from reportlab.pdfgen.canvas import Canvas

    pages = pypdfium2.PdfDocument(make_pdf(sample))
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4, invariant=1, pageCompression=1)
    canvas.setTitle(f"Văn bản mẫu: {sample.number}")
    for n in range(len(pages)):
        image = pages[n].render(scale=SCAN_DPI / 72, grayscale=True).to_pil()
        canvas.drawImage(ImageReader(_scanned(image, seed=n)), 0, 0, *A4)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def _scanned(image: Image, seed: int) -> Image:
    from PIL.Image import Resampling

    chance = random.Random(seed)
    askew = image.rotate(0.5 if seed % 2 == 0 else -0.4, resample=Resampling.BILINEAR, fillcolor=255)
    for _ in range(160):
        askew.putpixel((chance.randrange(askew.width), chance.randrange(askew.height)), chance.randrange(60, 160))
    return askew.point(lambda level: round(level / 17) * 17)

"""XLSX workbooks to work with: several sheets, a head that stays in sight and filters, columns as wide as they need.

Built on the cells of `corpus.workbook`; the same rows give the same bytes.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import IO
from xml.sax.saxutils import escape, quoteattr

from corpus.workbook import DECLARATION, NS, entry, plain_text

_RELATIONS = f"{NS}/officeDocument/2006/relationships"
_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_NAMELESS = str.maketrans(dict.fromkeys("[]:*?/\\", " "))
LONGEST_NAME = 31
_FONT = '<sz val="11"/><name val="Calibri"/>'
_PLAIN_FILLS = '<fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
_LINE = '<left/><right/><top/><bottom style="thin"><color rgb="FFB7BFCC"/></bottom>'
STYLES = (
    f'<styleSheet xmlns="{NS}/spreadsheetml/2006/main">'
    f'<fonts count="2"><font>{_FONT}</font><font><b/>{_FONT}</font></fonts>'
    f'<fills count="3">{_PLAIN_FILLS}<fill><patternFill patternType="solid"><fgColor rgb="FFE6EDF6"/></patternFill>'
    f'</fill></fills><borders count="2"><border/><border>{_LINE}</border></borders>'
    '<cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="3"><xf/>'
    '<xf fontId="1" fillId="2" borderId="1" applyFont="1" applyFill="1" applyBorder="1" applyAlignment="1">'
    '<alignment vertical="center" wrapText="1"/></xf><xf borderId="1" applyBorder="1" applyAlignment="1">'
    '<alignment vertical="top" wrapText="1"/></xf></cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" '
    'builtinId="0"/></cellStyles></styleSheet>'
)
_HEAD, _BODY = 1, 2


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: its name, the width of each column in signs, its rows, the first of which is the head."""

    name: str
    widths: Sequence[int]
    rows: Iterable[Sequence[object]]
    landscape: bool = True


def write_book(sheets: Sequence[Sheet], file: IO[bytes]) -> None:
    """Writes the sheets as one workbook. Numbers stay numbers; a text is never a formula."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in _parts(sheets).items():
            archive.writestr(entry(name), DECLARATION + content)
        for number, sheet in enumerate(sheets, 1):
            with archive.open(entry(f"xl/worksheets/sheet{number}.xml"), "w", force_zip64=True) as out:
                _write(sheet, out)


def _parts(sheets: Sequence[Sheet]) -> dict[str, str]:
    numbers = range(1, len(sheets) + 1)
    overrides = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{_SHEET_TYPE}.worksheet+xml"/>' for n in numbers
    )
    listed = "".join(
        f'<sheet name={quoteattr(_name(sheet.name))} sheetId="{n}" r:id="rId{n}"/>'
        for n, sheet in zip(numbers, sheets, strict=True)
    )
    linked = "".join(
        f'<Relationship Id="rId{n}" Type="{_RELATIONS}/worksheet" Target="worksheets/sheet{n}.xml"/>' for n in numbers
    )
    relations = f'<Relationships xmlns="{NS}/package/2006/relationships">'
    return {
        "[Content_Types].xml": f'<Types xmlns="{NS}/package/2006/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" '
        f'ContentType="{_SHEET_TYPE}.sheet.main+xml"/><Override PartName="/xl/styles.xml" '
        f'ContentType="{_SHEET_TYPE}.styles+xml"/>{overrides}</Types>',
        "_rels/.rels": f'{relations}<Relationship Id="rId1" Type="{_RELATIONS}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>',
        "xl/_rels/workbook.xml.rels": f'{relations}{linked}<Relationship Id="rId{len(sheets) + 1}" '
        f'Type="{_RELATIONS}/styles" Target="styles.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{NS}/spreadsheetml/2006/main" xmlns:r="{_RELATIONS}">'
        f"<sheets>{listed}</sheets></workbook>",
        "xl/styles.xml": STYLES,
    }


def _name(text: str) -> str:
    return plain_text(text).translate(_NAMELESS).strip("' ")[:LONGEST_NAME] or "1"


def _write(sheet: Sheet, out: IO[bytes]) -> None:
    write = out.write
    columns = "".join(
        f'<col min="{n}" max="{n}" width="{width}" customWidth="1"/>' for n, width in enumerate(sheet.widths, 1)
    )
    write(
        f'{DECLARATION}<worksheet xmlns="{NS}/spreadsheetml/2006/main"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>'
        '<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" '
        f'state="frozen"/></sheetView></sheetViews><cols>{columns}</cols><sheetData>'.encode()
    )
    count = 0
    for count, row in enumerate(sheet.rows, 1):
        style = _HEAD if count == 1 else _BODY
        write(f"<row>{''.join(_cell(value, style) for value in row)}</row>".encode())
    last = f"{_letters(len(sheet.widths))}{max(count, 1)}"
    turned = "landscape" if sheet.landscape else "portrait"
    write(
        f'</sheetData><autoFilter ref="A1:{last}"/><pageMargins left="0.4" right="0.4" top="0.5" bottom="0.5" '
        f'header="0.3" footer="0.3"/><pageSetup paperSize="9" orientation="{turned}" fitToHeight="0"/>'
        "</worksheet>".encode()
    )


def _letters(number: int) -> str:
    """The letters of a column, from 1.

    >>> _letters(1), _letters(26), _letters(27)
    ('A', 'Z', 'AA')
    """
    out = ""
    while number:
        number, rest = divmod(number - 1, 26)
        out = chr(65 + rest) + out
    return out


def _cell(value: object, style: int) -> str:
    if value is None or value == "":
        return f'<c s="{style}"/>'
    if isinstance(value, int | float) and abs(value) < 1e15:
        return f'<c s="{style}"><v>{value}</v></c>'
    return f'<c s="{style}" t="inlineStr"><is><t xml:space="preserve">{escape(plain_text(str(value)))}</t></is></c>'

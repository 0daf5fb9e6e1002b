"""Minimal XLSX files (Office Open XML, ECMA-376): one sheet of texts and numbers, the same bytes for the same rows."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

_EPOCH = (1980, 1, 1, 0, 0, 0)
_LONGEST = 32_000
"""A cell holds 32,767 signs at most."""
_UNHELD = re.compile(r"[\x00-\x08\x0b-\x1f]")
"""Signs that XML cannot hold."""
NS = "http://schemas.openxmlformats.org"
_PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{NS}/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/xl/workbook.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
    '<Override PartName="/xl/worksheets/sheet1.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{NS}/package/2006/relationships"><Relationship Id="rId1" '
    f'Type="{NS}/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{NS}/package/2006/relationships"><Relationship Id="rId1" '
    f'Type="{NS}/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{NS}/spreadsheetml/2006/main" '
    f'xmlns:r="{NS}/officeDocument/2006/relationships"><sheets>'
    '<sheet name="kehoach" sheetId="1" r:id="rId1"/></sheets></workbook>',
}
DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def write_sheet(rows: Iterable[Sequence[object]], path: Path) -> None:
    """Writes `rows` as the one sheet of a workbook. Numbers stay numbers; a text is never a formula."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in _PARTS.items():
            archive.writestr(entry(name), DECLARATION + content)
        with archive.open(entry("xl/worksheets/sheet1.xml"), "w", force_zip64=True) as sheet:
            head = f'{DECLARATION}<worksheet xmlns="{NS}/spreadsheetml/2006/main"><sheetData>'
            sheet.write(head.encode())
            for row in rows:
                sheet.write(f"<row>{''.join(map(_cell, row))}</row>".encode())
            sheet.write(b"</sheetData></worksheet>")


def entry(name: str) -> zipfile.ZipInfo:
    """A file in the archive, with a time that never changes."""
    info = zipfile.ZipInfo(name, _EPOCH)
    info.compress_type = zipfile.ZIP_DEFLATED
    return info


def plain_text(text: str) -> str:
    """What of a text a cell can hold."""
    return _UNHELD.sub("", text[:_LONGEST])


def _cell(value: object) -> str:
    if value is None:
        return "<c/>"
    if isinstance(value, int | float) and abs(value) < 1e15:
        return f"<c><v>{value}</v></c>"
    return f'<c t="inlineStr"><is><t xml:space="preserve">{escape(plain_text(str(value)))}</t></is></c>'

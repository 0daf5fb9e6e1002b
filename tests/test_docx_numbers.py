"""The automatic numbers of a DOCX are those that a word processor shows, LibreOffice as the witness."""

from __future__ import annotations

import io
import subprocess
import zipfile
from pathlib import Path

import pytest

from extract.readers import read_bytes
from extract.readers.docx_numbers import Numbering
from tests.patience import SECONDS

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"


def _level(at: int, form: str, text: str, more: str = "", start: int = 1) -> str:
    return (
        f'<w:lvl w:ilvl="{at}"><w:start w:val="{start}"/><w:numFmt w:val="{form}"/>{more}'
        f'<w:lvlText w:val="{text}"/><w:lvlJc w:val="left"/></w:lvl>'
    )


def _abstract(ident: int, *levels: str, more: str = "") -> str:
    kind = '<w:multiLevelType w:val="multilevel"/>'
    return f'<w:abstractNum w:abstractNumId="{ident}">{kind}{more}{"".join(levels)}</w:abstractNum>'


def _num(ident: int, abstract: int, more: str = "") -> str:
    return f'<w:num w:numId="{ident}"><w:abstractNumId w:val="{abstract}"/>{more}</w:num>'


def _start(level: int, value: int) -> str:
    return f'<w:lvlOverride w:ilvl="{level}"><w:startOverride w:val="{value}"/></w:lvlOverride>'


ABSTRACTS = "".join(
    (
        _abstract(
            0,
            _level(0, "upperRoman", "%1."),
            _level(1, "decimal", "%2."),
            _level(2, "decimal", "%2.%3."),
            _level(3, "lowerLetter", "%4)"),
        ),
        _abstract(1, _level(0, "decimal", "Điều %1.", start=4), _level(1, "lowerRoman", "(%2)")),
        _abstract(2, _level(0, "bullet", "-")),
        _abstract(
            3,
            _level(0, "upperLetter", "%1."),
            _level(1, "decimal", "%1.%2"),
            _level(2, "decimalZero", "%3/"),
        ),
        _abstract(
            4,
            _level(0, "decimal", "Phần %1.", '<w:pStyle w:val="Part"/>'),
            _level(1, "decimal", "%1.%2.", '<w:pStyle w:val="Item"/>'),
        ),
        _abstract(5, _level(0, "decimal", "%1."), _level(1, "decimal", "%1.%2.")),
        _abstract(6, _level(0, "none", ""), _level(1, "decimal", "%2)")),
    )
)
OWN_LEVEL = f'<w:lvlOverride w:ilvl="0">{_level(0, "lowerLetter", "%1/")}</w:lvlOverride>'
NUMBERING = (
    f"<w:numbering {W}>{ABSTRACTS}"
    + "".join((_num(1, 0), _num(2, 0, _start(0, 5)), _num(3, 1), _num(4, 2), _num(5, 3), _num(6, 4), _num(7, 5)))
    + "".join((_num(8, 6), _num(9, 1, OWN_LEVEL), _num(10, 0, _start(1, 3))))
    + "</w:numbering>"
)


def _style(ident: str, properties: str, based: str = "", more: str = "") -> str:
    on = f'<w:basedOn w:val="{based}"/>' if based else ""
    return (
        f'<w:style w:type="paragraph"{more} w:styleId="{ident}"><w:name w:val="{ident}"/>{on}'
        f"<w:pPr>{properties}</w:pPr></w:style>"
    )


STYLES = (
    f"<w:styles {W}>"
    + _style("Normal", "", more=' w:default="1"')
    + _style("Part", '<w:numPr><w:numId w:val="6"/></w:numPr>', "Normal")
    + _style("Item", '<w:numPr><w:ilvl w:val="1"/><w:numId w:val="6"/></w:numPr>', "Normal")
    + _style("Kept", '<w:jc w:val="both"/>', "Item")
    + _style("Bare", '<w:numPr><w:numId w:val="0"/></w:numPr>', "Part")
    + "</w:styles>"
)

PARAGRAPHS: list[tuple[tuple[int, int] | str, str]] = [
    ((1, 0), "I."),
    ((1, 1), "1."),
    ((1, 1), "2."),
    ((1, 2), "2.1."),
    ((1, 2), "2.2."),
    ((1, 3), "a)"),
    ((1, 3), "b)"),
    ("", ""),
    ((1, 1), "3."),
    ((1, 2), "3.1."),
    ((1, 0), "II."),
    ((1, 1), "1."),
    ((2, 0), "V."),
    ((2, 0), "VI."),
    ((2, 1), "1."),
    ((10, 1), "3."),
    ((10, 1), "4."),
    ((3, 0), "Điều 4."),
    ((3, 1), "(i)"),
    ((3, 1), "(ii)"),
    ((3, 0), "Điều 5."),
    ((4, 0), "-"),
    ((5, 0), "A."),
    ((5, 1), "A.1"),
    ((5, 2), "01/"),
    ((5, 0), "B."),
    ((5, 1), "B.1"),
    ("Part", "Phần 1."),
    ("Item", "1.1."),
    ("Kept", "1.2."),
    ("Bare", ""),
    ("Part", "Phần 2."),
    ("Item", "2.1."),
    ((7, 0), "1."),
    ((7, 1), "1.1."),
    ((7, 0), "2."),
    ((7, 1), "2.1."),
    ((8, 1), "1)"),
    ((9, 0), "f/"),
    ((9, 0), "g/"),
    ((3, 0), "Điều 8."),
]
"""The list and level, or the style, of each paragraph, and the label that it shows."""


def _paragraph(of: tuple[int, int] | str, words: str) -> str:
    if isinstance(of, tuple):
        properties = f'<w:numPr><w:ilvl w:val="{of[1]}"/><w:numId w:val="{of[0]}"/></w:numPr>'
    else:
        properties = f'<w:pStyle w:val="{of}"/>' if of else ""
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{words}</w:t></w:r></w:p>"


def _docx() -> bytes:
    """A DOCX that every word processor opens, of the numbered PARAGRAPHS."""
    body = "".join(_paragraph(of, f"Việc thứ {at}") for at, (of, _) in enumerate(PARAGRAPHS))
    types = "".join(
        f'<Override PartName="/word/{name}.xml" ContentType="{_WORD}.{kind}+xml"/>'
        for name, kind in (("document", "document.main"), ("styles", "styles"), ("numbering", "numbering"))
    )
    links = "".join(
        f'<Relationship Id="r{name}" Type="{_OFFICE}/{name}" Target="{name}.xml"/>' for name in ("styles", "numbering")
    )
    usual = '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">{usual}{types}</Types>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r1" '
        f'Type="{_OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>',
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">{links}</Relationships>',
        "word/document.xml": f"<w:document {W}><w:body>{body}</w:body></w:document>",
        "word/styles.xml": STYLES,
        "word/numbering.xml": NUMBERING,
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


WANTED = [f"{label} Việc thứ {at}".lstrip() for at, (_, label) in enumerate(PARAGRAPHS)]


def test_numbers_are_computed() -> None:
    assert read_bytes(_docx(), "a.docx").text.splitlines() == WANTED


@pytest.mark.needs("soffice")
def test_libreoffice_shows_the_same(tmp_path: Path) -> None:
    path = tmp_path / "numbers.docx"
    path.write_bytes(_docx())
    profile = (tmp_path / "profile").as_uri()
    command = ["soffice", f"-env:UserInstallation={profile}", "--headless", "--convert-to", "txt:Text (encoded):UTF8"]
    subprocess.run([*command, "--outdir", str(tmp_path), str(path)], check=True, capture_output=True, timeout=SECONDS)
    shown = (tmp_path / "numbers.txt").read_text(encoding="utf-8-sig").splitlines()
    assert [" ".join(line.split()).replace("• ", "- ") for line in shown] == WANTED


def test_what_libreoffice_does_not_know_is_as_word_shows_it() -> None:
    """Levels in Arabic numbers (`w:isLgl`) and levels that never begin anew (`w:lvlRestart` of 0)."""
    from lxml import etree

    legal = _abstract(0, _level(0, "upperRoman", "%1."), _level(1, "decimal", "%1.%2.", "<w:isLgl/>"))
    going_on = _abstract(1, _level(0, "decimal", "%1."), _level(1, "decimal", "%2)", '<w:lvlRestart w:val="0"/>'))
    root = f"<w:numbering {W}>{legal}{going_on}{_num(1, 0)}{_num(2, 1)}</w:numbering>"
    numbers = Numbering(None, etree.fromstring(root))
    asked = [(1, 0), (1, 1), (1, 0), (1, 1), (2, 0), (2, 1), (2, 0), (2, 1)]
    paragraphs = [etree.fromstring(_paragraph(of, "x").replace("<w:p>", f"<w:p {W}>", 1)) for of in asked]
    assert [numbers.label(item) for item in paragraphs] == ["I.", "1.1.", "II.", "2.1.", "1.", "1)", "2.", "2)"]

"""Text from before Unicode is converted where its encoding is known, by font or by words, and named where it is not."""

from __future__ import annotations

import io
import zipfile
from array import array

import pytest

from extract.readers import read_bytes
from extract.readers.legacy import convert, encoding_of_font, encoding_of_text, letters_of
from extract.readers.pdf_text import Signs, in_unicode
from extract.records import ReadError
from rules.loader import document

RULES = document("legacy.toml")
EXAMPLES = [(name, *example.split(" = ")) for name in ("tcvn3", "vni") for example in RULES[name]["examples"]]


@pytest.mark.parametrize(("encoding", "seen", "meant"), EXAMPLES, ids=[case[2] for case in EXAMPLES])
def test_an_example_is_converted(encoding: str, seen: str, meant: str) -> None:
    assert convert(seen, "vni" if encoding == "vni" else "tcvn3") == meant


@pytest.mark.parametrize("encoding", ["tcvn3", "vni"])
def test_fonts_prove_themselves(encoding: str) -> None:
    for name in RULES[encoding]["font_examples"]:
        assert (encoding_of_font(name) or "").startswith(encoding), name
    for name in RULES[encoding]["font_counter_examples"]:
        assert not (encoding_of_font(name) or "").startswith(encoding), name


def test_capitals_are_told_by_the_font() -> None:
    assert encoding_of_font(".VnTimeH") == "tcvn3-capitals"
    assert encoding_of_font(".VnTimeH,Bold") == "tcvn3-capitals"
    assert encoding_of_font(".VnTime") == "tcvn3"
    assert "".join(letter.sign for letter in letters_of("kÕ ho¹ch", "tcvn3-capitals")) == "KẾ HOẠCH"


def _in(encoding: str, text: str) -> str:
    """Text as it is seen in an old encoding."""
    rules = RULES[encoding]
    if encoding == "tcvn3":
        seen = dict(zip(rules["meant"], rules["seen"], strict=True))
    else:
        seen = {meant: sign for sign, meant in (pair.split("=") for pair in rules["letters"].split())}
    return "".join(seen.get(sign) or seen.get(sign.lower(), sign) for sign in text)


PLAN = (
    "Căn cứ Kế hoạch số 214/KH-UBND ngày 05 tháng 3 năm 2008 của Ủy ban nhân dân tỉnh về việc thực hiện một số nội "
    "dung, Ủy ban nhân dân huyện Mây Ngà xây dựng kế hoạch thực hiện những việc được giao như sau:"
)


@pytest.mark.parametrize("encoding", ["tcvn3", "vni"])
def test_text_in_an_old_encoding_is_read(encoding: str) -> None:
    words = _in(encoding, PLAN)
    source = read_bytes(words.encode("latin-1", "replace"), "a.txt")
    assert source.text.lower() == PLAN.lower()
    assert any(encoding.upper() in warning for warning in source.warnings)
    assert read_bytes(words.encode(), "a.txt").text == source.text


@pytest.mark.parametrize("encoding", ["tcvn3", "vni"])
def test_the_map_is_kept(encoding: str) -> None:
    words = _in(encoding, PLAN)
    letters = list(letters_of(words, "vni" if encoding == "vni" else "tcvn3"))
    assert sum(letter.of for letter in letters) == len(words)
    assert "".join(letter.sign for letter in letters).lower() == PLAN.lower()


def test_lines_of_capitals_are_capitals() -> None:
    assert convert("kÕ ho¹ch\nKÕ HO¹CH\nKÕ ho¹ch", "tcvn3") == "kế hoạch\nKẾ HOẠCH\nKế hoạch"


@pytest.mark.parametrize("encoding", ["viscii", "vps"])
def test_an_encoding_that_is_not_converted_is_named(encoding: str) -> None:
    words = " ".join(RULES[encoding]["seen"] * 5)
    assert encoding_of_text(words) == encoding
    with pytest.raises(ReadError) as caught:
        read_bytes(words.encode("latin-1"), "a.txt")
    assert caught.value.code == "legacy-encoding"
    assert RULES[encoding]["name"] in caught.value.message


NOT_LEGACY = [
    ("unicode", PLAN),
    ("english", "The plan of the province for the year was approved by the committee on the day given. " * 5),
    ("french", "Le comité a décidé que la procédure sera arrêtée dès réception des pièces présentées à l'été. " * 5),
    ("units and signs", "Diện tích 25 m², nhiệt độ 37 °C, dung sai ± 5 %, § 3 ¶ 2, © 2024"),
]


@pytest.mark.parametrize(("name", "text"), NOT_LEGACY, ids=[case[0] for case in NOT_LEGACY])
def test_other_text_is_left_alone(name: str, text: str) -> None:
    assert encoding_of_text(text) is None
    assert read_bytes(text.encode(), "a.txt").text == text


W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def _docx(body: str, styles: str = "") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("word/document.xml", f"<w:document {W}><w:body>{body}</w:body></w:document>")
        if styles:
            archive.writestr("word/styles.xml", f"<w:styles {W}>{styles}</w:styles>")
    return out.getvalue()


def _run(words: str, font: str) -> str:
    return f'<w:r><w:rPr><w:rFonts w:ascii="{font}" w:hAnsi="{font}"/></w:rPr><w:t>{words}</w:t></w:r>'


STYLES = (
    '<w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii=".VnTime"/></w:rPr></w:rPrDefault></w:docDefaults>'
    '<w:style w:type="paragraph" w:styleId="Head"><w:rPr><w:rFonts w:ascii=".VnTimeH"/></w:rPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="Sub"><w:basedOn w:val="Head"/></w:style>'
)
DOCX = [
    ("tcvn3", _run("KÕ ho¹ch", ".VnTime"), "", "Kế hoạch"),
    ("capitals", _run("kÕ ho¹ch", ".VnTimeH"), "", "KẾ HOẠCH"),
    ("vni", _run("Keá hoaïch", "VNI-Times"), "", "Kế hoạch"),
    ("a letter over two runs", _run("Ke", "VNI-Times") + _run("á hoaïch", "VNI-Times"), "", "Kế hoạch"),
    ("beside unicode", _run("KÕ ho¹ch ", ".VnTime") + _run("năm học à", "Arial"), "", "Kế hoạch năm học à"),
    ("the document's font", "<w:r><w:t>KÕ ho¹ch</w:t></w:r>", STYLES, "Kế hoạch"),
    ("a style's font", '<w:pPr><w:pStyle w:val="Sub"/></w:pPr><w:r><w:t>kÕ ho¹ch</w:t></w:r>', STYLES, "KẾ HOẠCH"),
    ("no old font", _run("Giá 5 µg ®", "Arial"), "", "Giá 5 µg ®"),
]


@pytest.mark.parametrize(("name", "runs", "styles", "wanted"), DOCX, ids=[case[0] for case in DOCX])
def test_a_docx_is_converted_by_its_fonts(name: str, runs: str, styles: str, wanted: str) -> None:
    assert read_bytes(_docx(f"<w:p>{runs}</w:p>", styles), "a.docx").text.strip() == wanted


def _signs(words: str) -> Signs:
    boxes = array("f")
    for i in range(len(words)):
        boxes.extend((10.0 * i, 100.0, 10.0 * i + 10, 112.0))
    return Signs(words, boxes)


PDF = [
    ("tcvn3", [("KÕ ho¹ch", "ABCDEF+.VnTime")], "Kế hoạch"),
    ("capitals", [("kÕ ho¹ch", ".VnTimeH")], "KẾ HOẠCH"),
    ("a soft hyphen", [("tr\x02íc ngµy", ".VnTime")], "trước ngày"),
    ("vni", [("Keá hoaïch", "VNI-Times")], "Kế hoạch"),
    ("beside unicode", [("KÕ ho¹ch ", ".VnTime"), ("năm ®", "Arial")], "Kế hoạch năm ®"),
    ("by its words", [("viÖc thùc hiÖn cña tØnh n¨m nµy", "F1")], "việc thực hiện của tỉnh năm này"),
]


@pytest.mark.parametrize(("name", "given", "wanted"), PDF, ids=[case[0] for case in PDF])
def test_a_pdf_is_converted_by_its_fonts(name: str, given: list[tuple[str, str]], wanted: str) -> None:
    signs = _signs("".join(words for words, _ in given))
    made = in_unicode(signs, [font for words, font in given for _ in words])
    assert made.text == wanted
    assert len(made.boxes) == 4 * len(wanted)


def test_a_letter_of_two_signs_has_the_box_of_both() -> None:
    made = in_unicode(_signs("aùb"), ["VNI-Times"] * 3)
    assert made.text == "áb"
    assert list(made.boxes) == [0, 100, 20, 112, 20, 100, 30, 112]

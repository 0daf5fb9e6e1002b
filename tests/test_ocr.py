"""Scans: what is doubtful in them is said, digits are never altered, rubbish text layers are told from good ones."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from extract.readers.garble import is_rubbish, lacks_marks
from extract.readers.glyphs import Print
from extract.readers.ocr_lines import Word, is_doubtful_code, lines_of, words_of
from rules.loader import document

BLANKS = [(item["field"], item) for item in document("ocr.toml")["blank"]]


@pytest.mark.parametrize(("field", "blank"), BLANKS, ids=[field for field, _ in BLANKS])
def test_a_blank_proves_itself(field: str, blank: dict[str, list[str]]) -> None:
    pattern = re.compile(str(blank["pattern"]))
    for line in blank["examples"]:
        assert pattern.search(line), f"{field}: {line!r} is an example and is not matched"
    for line in blank["counter_examples"]:
        assert not pattern.search(line), f"{field}: {line!r} is a counter-example and is matched"


def _line(*words: tuple[str, float], top: float = 100.0, line: str = "1") -> list[Word]:
    return [
        Word(text, (line,), 40.0 * i, top, 40.0 * i + 6 * len(text), top + 12, confidence)
        for i, (text, confidence) in enumerate(words)
    ]


def _read(words: list[Word], page: int = 1) -> Print:
    return next(iter(lines_of(words, page, 842.0)))


DOUBTS = [
    ("printed", [("Số:", 93), ("214/KH-UBND", 93)], []),
    ("a number by hand", [("Số:", 93), ("899", 38), ("/KH-UBND", 92)], [("uncertain", "899"), ("unreadable", "899")]),
    ("by hand, no digits", [("Số:", 93), ("đ@", 82), ("/CT-UBND", 90)], [("unreadable", "đ@")]),
    ("glued to its symbol", [("Số:", 93), ("2T§/KH-UBND", 20)], [("uncertain", "2T§/KH-UBND"), ("unreadable", "2T§")]),
    ("a symbol that lowers it", [("Số:", 93), ("19/KH-BGDĐT", 84)], [("uncertain", "19/KH-BGDĐT")]),
    ("no number at all", [("Số:", 93), ("/KH-UBND", 90)], []),
    (
        "a day by hand",
        [("ngày", 96), ("ý", 20), ("tháng", 97), ("12", 96), ("năm", 96), ("2011", 96)],
        [("unreadable", "ý")],
    ),
    ("a printed day", [("ngày", 96), ("15", 96), ("tháng", 97), ("12", 96), ("năm", 96), ("2011", 96)], []),
    ("doubtful digits in the text", [("chi", 96), ("1.250", 71), ("đồng", 97)], [("uncertain", "1.250")]),
    ("doubtful letters are no digits", [("đôi", 43), ("mới", 90)], []),
]


@pytest.mark.parametrize(("name", "words", "wanted"), DOUBTS, ids=[case[0] for case in DOUBTS])
def test_what_is_doubtful_is_said(name: str, words: list[tuple[str, float]], wanted: list[tuple[str, str]]) -> None:
    line = _read(_line(*words))
    assert [(doubt.kind, line.words[doubt.start : doubt.end]) for doubt in line.doubts] == wanted
    assert line.words.replace(" ", "") == "".join(word for word, _ in words)


CODES = [("12/KH-UBND", 60, True), ("12/KH-UBND", 95, False), ("12/2021", 40, False), ("KH-UBND", 40, False)]


@pytest.mark.parametrize(("words", "confidence", "doubtful"), CODES)
def test_a_doubtful_code_is_read_again(words: str, confidence: float, doubtful: bool) -> None:
    assert is_doubtful_code(_line((words, confidence))[0]) is doubtful


def test_only_the_first_page_has_a_letterhead() -> None:
    assert not _read(_line(("Số:", 93), ("đ@", 82), ("/CT-UBND", 90)), page=2).doubts
    assert not _read(_line(("Số:", 93), ("đ@", 82), ("/CT-UBND", 90), top=600.0)).doubts


def test_a_parted_date_is_one() -> None:
    close = [Word("08/", ("1",), 10, 10, 30, 22, 95), Word("12/2021", ("1",), 34, 10, 80, 22, 95)]
    apart = [Word("08/", ("1",), 10, 10, 30, 22, 95), Word("12/2021", ("1",), 90, 10, 140, 22, 95)]
    assert _read(close).words == "08/12/2021"
    assert _read(apart).words == "08/ 12/2021"


def test_boxes_lie_on_their_words() -> None:
    table = "head\n5\t1\t1\t1\t1\t1\t100\t200\t50\t30\t96.5\tKế\n5\t1\t1\t1\t1\t2\t200\t200\t50\t30\t96.5\thoạch\n4\tx"
    line = _read(list(words_of(table, 0.36)))
    assert line.words == "Kế hoạch"
    assert [round(value) for value in line.boxes[:4]] == [36, 72, 45, 83]
    assert line.boxes[4 * 2] == -1
    assert round(line.boxes[4 * 3]) == 72


GOOD = (
    "KẾ HOẠCH Triển khai công tác phòng, chống thiên tai năm 2024. Căn cứ Kế hoạch số 214/KH-UBND ngày 05/3/2024 của "
    "Ủy ban nhân dân tỉnh, Ủy ban nhân dân xã xây dựng kế hoạch như sau: I. MỤC ĐÍCH, YÊU CẦU 1. Mục đích: nâng cao "
    "nhận thức của cán bộ và nhân dân trong việc phòng ngừa, ứng phó với các loại hình thiên tai trên địa bàn xã."
)
LAYERS = [
    ("good", GOOD, False),
    ("spaced out", " ".join(GOOD), False),
    ("words broken by their setting", re.sub(r"(\w\w)", r"\1 ", GOOD), False),
    ("symbols and sums", "214/KH-UBND 1.250.000 đồng 12/HĐND-TT 05/3/2024 " * 8, False),
    ("short", "12\n", False),
    ("signs shifted", "".join(chr(max(ord(c) - 29, 33)) if c.isascii() and c != " " else c for c in GOOD), True),
    ("private code points", "".join(chr(0xF000 + ord(c)) if c.isascii() and c != " " else c for c in GOOD), True),
    ("letters of another alphabet", GOOD.translate({ord("n"): "ñ", ord("h"): "ħ", ord("c"): "ç"}), True),
    ("letters in a wrong order", GOOD[::-1], True),
]


@pytest.mark.parametrize(("name", "text", "rubbish"), LAYERS, ids=[case[0] for case in LAYERS])
def test_a_rubbish_text_layer_is_told(name: str, text: str, rubbish: bool) -> None:
    assert is_rubbish(text) is rubbish


def test_a_layer_without_marks_is_told() -> None:
    import unicodedata

    bare = "".join(c for c in unicodedata.normalize("NFD", GOOD) if c.isascii())
    assert lacks_marks(bare)
    assert not lacks_marks(GOOD)


def _scan_and_text(folder: Path, sample: Path, born: Path) -> Path:
    """A file whose first page has a text and whose second is a scan."""
    import pypdfium2

    out = pypdfium2.PdfDocument.new()
    for path in (born, sample):
        document_ = pypdfium2.PdfDocument(path)
        out.import_pages(document_, [0])
        document_.close()
    target = folder / "mixed.pdf"
    out.save(target)
    out.close()
    return target


SAMPLES = Path(__file__).resolve().parent.parent / "corpus" / "samples" / "files"


@pytest.mark.needs("tesseract")
def test_a_scanned_page_among_others_is_read(tmp_path: Path) -> None:
    from extract.readers import read

    source = read(_scan_and_text(tmp_path, SAMPLES / "kh-xa-ngan-say-2024.pdf", SAMPLES / "kh-tinh-2024.pdf"))
    assert [page.ocr for page in source.pages] == [False, True]
    assert "KH-UBND" in source.text[source.pages[1].start :]


def test_without_tesseract_the_other_pages_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from extract.readers import read

    monkeypatch.setenv("PATH", "")
    source = read(_scan_and_text(tmp_path, SAMPLES / "kh-xa-ngan-say-2024.pdf", SAMPLES / "kh-tinh-2024.pdf"))
    assert "KẾ HOẠCH" in source.text
    assert source.pages[1].start == source.pages[1].end
    assert any("Page 2" in words and "apt-get install tesseract-ocr" in words for words in source.warnings)

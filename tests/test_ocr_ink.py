"""The ink of scans: stamps of incoming letters, blanks that were written into, the strokes of a numeral."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PIL import Image, ImageDraw

from extract.pipeline import extract
from extract.readers.assemble import Assembler
from extract.readers.glyphs import Print
from extract.readers.ocr_ink import Box, Ink
from extract.readers.ocr_lines import Word, lines_of
from extract.records import Source

DPI = 200
SCALE = DPI / 72
WIDTH, HEIGHT = 595, 842

FRAMES: list[tuple[str, list[Box], int]] = [
    ("a stamp", [(40, 150, 160, 200)], 1),
    ("two stamps", [(40, 150, 160, 200), (40, 300, 150, 340)], 2),
    ("a stamp with cells", [(40, 150, 160, 200), (40, 165, 70, 200)], 1),
    ("a table's width", [(60, 150, 540, 200)], 0),
    ("too high", [(40, 150, 160, 400)], 0),
    ("far down the page", [(40, 700, 160, 750)], 0),
    ("none", [], 0),
]


def _page(boxes: list[Box], turned: float = 0.0) -> Image.Image:
    """A white page with frames drawn on it; `turned` by so many degrees, as it may lie on the glass."""
    picture = Image.new("L", (round(WIDTH * SCALE), round(HEIGHT * SCALE)), 255)
    pen = ImageDraw.Draw(picture)
    for box in boxes:
        pen.rectangle([value * SCALE for value in box], outline=0, width=4)
    return picture.rotate(turned, fillcolor=255) if turned else picture


@pytest.mark.parametrize("turned", [0.0, 0.4])
@pytest.mark.parametrize(("name", "boxes", "count"), FRAMES, ids=[case[0] for case in FRAMES])
def test_the_frames_of_stamps_are_found(name: str, boxes: list[Box], count: int, turned: float) -> None:
    frames = Ink(_page(boxes, turned), DPI).frames()
    assert len(frames) == count
    if count == 1:
        assert all(abs(a - b) < 12 for a, b in zip(frames[0], boxes[0], strict=True))


def _word(words: str, x: float, top: float, line: str, confidence: float = 95.0) -> Word:
    return Word(words, (line,), x, top, x + 6.0 * len(words), top + 12, confidence)


STAMPED = [
    _word("UBND", 60, 100, "1"),
    _word("XÃ", 90, 100, "1"),
    _word("CV", 50, 160, "2"),
    _word("ĐẾN", 70, 160, "2"),
    _word("qua,", 200, 188, "3"),
    _word("Số:", 60, 185, "4"),
    _word("Thời", 170, 172, "4"),
    _word("gian", 200, 172, "4"),
]


def test_a_stamp_is_a_line_of_its_own_and_what_stands_beside_it_is_in_order() -> None:
    lines = list(lines_of(STAMPED, 1, HEIGHT, Ink(_page([(40, 150, 160, 200)]), DPI)))
    assert [line.words for line in lines if line.furniture] == ["CV ĐẾN", "Số:"]
    assert [line.words for line in lines if not line.furniture] == ["UBND XÃ", "Thời gian", "qua,"]
    out = Assembler()
    out.page(1, WIDTH, HEIGHT, lines, ocr=True)
    source = out.source("a.pdf", "0", "application/pdf")
    assert [source.text[mark.start : mark.end] for mark in source.marks] == ["CV ĐẾN", "Số:"]


def test_a_frame_without_the_words_of_a_stamp_is_none() -> None:
    words = [word._replace(words="abc") if word.top < 190 else word for word in STAMPED]
    lines = lines_of(words, 1, HEIGHT, Ink(_page([(40, 150, 160, 200)]), DPI))
    assert not any(line.furniture for line in lines)
    assert not any(line.furniture for line in lines_of(STAMPED, 2, HEIGHT, Ink(_page([(40, 150, 160, 200)]), DPI)))


def _blank_day(written: bool) -> Print:
    """A line of place and day whose day Tesseract did not read."""
    words = [("ngày", 300), ("tháng", 350), ("4", 385), ("năm", 396), ("2024", 420)]
    line = [_word(text, x, 100, "1") for text, x in words]
    picture = _page([])
    if written:
        ImageDraw.Draw(picture).line([value * SCALE for value in (330, 110, 336, 101, 340, 110)], fill=0, width=4)
    return next(iter(lines_of(line, 1, HEIGHT, Ink(picture, DPI))))


def test_a_day_that_was_written_and_not_read_is_told_from_a_blank() -> None:
    assert [(doubt.kind, doubt.note) for doubt in _blank_day(written=True).doubts] == [("unreadable", "issued_on")]
    assert not _blank_day(written=False).doubts


NUMERALS = [
    ("II.", 3, "III."),
    ("II.", 2, "II."),
    ("I", 3, "III"),
    ("III.", 3, "III."),
    ("II.", 5, "II."),
    ("1.", 3, "1."),
]


@pytest.mark.parametrize(("read", "strokes", "wanted"), NUMERALS)
def test_a_numeral_has_as_many_strokes_as_it_shows(read: str, strokes: int, wanted: str) -> None:
    picture = _page([])
    pen = ImageDraw.Draw(picture)
    for i in range(strokes):
        pen.rectangle([value * SCALE for value in (60 + 5 * i, 100, 61.5 + 5 * i, 112)], fill=0)
    words = [Word(read, ("1",), 58, 99, 90, 113, 95), _word("NHIỆM", 100, 100, "1"), _word("VỤ", 140, 100, "1")]
    assert next(iter(lines_of(words, 1, HEIGHT, Ink(picture, DPI)))).words == f"{wanted} NHIỆM VỤ"


HEAD = "ỦY BAN NHÂN DÂN CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nTỈNH LAM KHA Độc lập - Tự do - Hạnh phúc\n"


def test_what_was_written_by_hand_is_no_part_of_the_symbol_or_the_place() -> None:
    lines = [
        [_word("Số:", 60, 140, "3"), _word("B3/TB-UBND", 90, 140, "3", 40.0), _word("Lam", 300, 140, "3")],
        [_word("Kha,", 330, 140, "3"), _word("ngày", 360, 140, "3"), _word("|", 390, 140, "3", 20.0)],
        [_word(text, 400 + 40 * i, 140, "3") for i, text in enumerate(("tháng", "12", "năm", "2024"))],
    ]
    made = next(iter(lines_of([word for part in lines for word in part], 1, HEIGHT)))
    out = Assembler()
    out.page(1, WIDTH, HEIGHT, [made], ocr=True)
    source = out.source("a.pdf", "0", "application/pdf")
    text = HEAD + source.text + "THÔNG BÁO\nVề việc cấp nước\n"
    marks = tuple(replace(mark, start=mark.start + len(HEAD), end=mark.end + len(HEAD)) for mark in source.marks)
    header = extract(Source(path="a.pdf", sha256="0", media_type="application/pdf", text=text, marks=marks)).header
    assert (header.symbol, header.place, header.issued_on) == ("TB-UBND", "Lam Kha", None)
    assert set(header.unreadable) == {"number", "code", "issued_on"}

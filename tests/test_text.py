"""The canonical text and the matching view: what is folded, what is joined, and that every offset leads back."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extract.text import build_view, canonical, unify
from tests.growth import grows_in_proportion, repeated

FOLDED = [
    ("runs of spaces", "Số:    67/KH-UBND", "Số: 67/KH-UBND"),
    ("no-break space", "Số:\u00a067", "Số: 67"),
    ("bold marks", "**I. MỤC ĐÍCH**", "I. MỤC ĐÍCH"),
    ("bold around the number", "**1**. **Mục đích**", "1. Mục đích"),
    ("italic words in brackets", "(*Ba tỷ đồng*)", "(Ba tỷ đồng)"),
    ("heading marks", "#### **II. NỘI DUNG**", "II. NỘI DUNG"),
    ("a star that is a bullet", "* Lưu ý", "* Lưu ý"),
    ("a star that is a note", "Hộ nghèo (*)", "Hộ nghèo (*)"),
    ("eth for đ", "QÐ-UBND", "QĐ-UBND"),
    ("dashes of all kinds", "2021–2025 — 2026", "2021-2025 - 2026"),
    ("tone marks in the old place", "Uỷ ban, hoà, thuỷ, khoá", "Ủy ban, hòa, thủy, khóa"),
    ("quý keeps its tone", "quý, Quỳnh, thuý", "quý, Quỳnh, thúy"),
    ("zero-width signs", "Kế\u200b hoạch\ufeff", "Kế hoạch"),
    ("a rule of dashes", "UBND\n-------\nSố: 1", "UBND\nSố: 1"),
]


@pytest.mark.parametrize(("name", "source", "expected"), FOLDED, ids=[case[0] for case in FOLDED])
def test_view_folds(name: str, source: str, expected: str) -> None:
    assert build_view(canonical(source)).text == expected


JOINED = [
    ("a sentence over a line end", "của Ủy ban nhân dân\ntỉnh về việc", True),
    ("a symbol broken at its hyphen", "Công văn số 12/SXD-\nQLN ngày", True),
    ("a number at the line's start after số", "Kế hoạch số\n12/KH-UBND", True),
    ("a page break inside a sentence", "bồi dưỡng\n\nkỹ năng chuyên môn", True),
    ("a page number inside a sentence", "đến hết\n3\nngày cuối tháng", True),
    ("a heading of capitals over two lines", "MỤC ĐÍCH,\nYÊU CẦU", True),
    ("a bullet", "thực hiện:\n- Tuyên truyền", False),
    ("a numbered unit", "các nội dung sau\n1. Mục đích", False),
    ("a lettered unit", "các nội dung sau\na) Mục đích", False),
    ("a roman unit", "như sau\nII. NỘI DUNG", False),
    ("a heading and its text", "KẾ HOẠCH\nTriển khai chương trình", False),
    ("a sentence that ended", "theo quy định.\nCác đơn vị", False),
    ("a paragraph of its own", "Yêu cầu\n\nTriển khai các việc", False),
]


@pytest.mark.parametrize(("name", "source", "joined"), JOINED, ids=[case[0] for case in JOINED])
def test_view_joins_what_only_the_page_broke(name: str, source: str, joined: bool) -> None:
    assert ("\n" not in build_view(source).text) is joined


def test_every_second_line_blank_is_a_way_of_printing() -> None:
    lines = ["Ủy ban nhân dân xã ban hành kế hoạch giảm nghèo trên địa bàn xã năm", "nay với các nội dung sau đây và"]
    source = "\n\n".join(lines * 6)
    assert build_view(source).text.count("\n") == 0


def test_furniture_is_left_out_and_the_sentence_goes_on() -> None:
    source = "các đơn vị liên\nTrang 2/5\nquan thực hiện"
    view = build_view(source, furniture=frozenset({source.index("Trang")}))
    assert view.text == "các đơn vị liên quan thực hiện"


def test_unify_keeps_every_offset() -> None:
    source = canonical("QÐ – “Uỷ ban” … hoà\u00a0bình\r\n")
    assert len(unify(source)) == len(source)


def test_spans_lead_back_to_the_printed_words() -> None:
    source = "Thực hiện  **Kế   hoạch** số\n12/KH-UBND"
    view = build_view(source)
    start = view.text.index("Kế hoạch số 12/KH-UBND")
    assert view.quote(start, start + len("Kế hoạch")) == "Kế   hoạch"
    assert view.quote(start, len(view.text)) == "Kế   hoạch** số\n12/KH-UBND"


TEXTS = st.text(
    alphabet=st.sampled_from(list("aàáđĐÐIVX1259.,;:)(-/–*#|_ \n\t\u00a0\u200boòuỷ")), min_size=0, max_size=300
)


@given(TEXTS)
@settings(max_examples=300, deadline=None)
def test_offsets_run_on_and_lead_back(raw: str) -> None:
    source = canonical(raw)
    view, unified = build_view(source), unify(source)
    before = -1
    for at, sign in enumerate(view.text):
        where = view.to_source(at)
        assert where >= before
        before = where
        if not sign.isspace():
            assert unified[where] == sign
            assert view.from_source(where) == at


@given(st.text(max_size=200))
@settings(max_examples=100, deadline=None)
def test_canonical_is_nfc_of_any_text(raw: str) -> None:
    assert unicodedata.is_normalized("NFC", canonical(raw))
    build_view(canonical(raw))


@pytest.mark.parametrize("unit", ["* ", "**", "1. ", "- \n", "Số\n", "a)\n", "|", "#", "  \n\n", "I. I. "])
def test_hostile_repetition_takes_linear_time(unit: str) -> None:
    grows_in_proportion(build_view, repeated(unit), 400_000)

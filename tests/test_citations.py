"""Citations: what counts as one, what belongs to it, what does not."""

from __future__ import annotations

import pytest

from extract.citations import find_citations
from extract.issuers import Namer
from extract.records import Header, Layout
from extract.text import build_view
from rules.units import load_units
from tests.citing import cited, only
from tests.growth import grows_in_proportion, repeated

FORMS = [
    (
        "plain",
        "Thực hiện Quyết định số 5/QĐ-TTg ngày 04/6/2021 của Thủ tướng Chính phủ.",
        "QĐ",
        "5/QĐ-TTg",
        "2021-06-04",
    ),
    (
        "words of a date",
        "theo Thông tư số 39/2020/TT-BTC ngày 24 tháng 11 năm 2020",
        "TT",
        "39/2020/TT-BTC",
        "2020-11-24",
    ),
    ("a date with a capital", "theo Kế hoạch số 4/KH-UBND Ngày 04/6/2021", "KH", "4/KH-UBND", "2021-06-04"),
    ("no word for number", "theo Quyết định 861/QĐ-TTg ngày 04-6-2021", "QĐ", "861/QĐ-TTg", "2021-06-04"),
    ("comma before the date", "theo Kế hoạch số 3/KH-UBND, ngày 4/5/2024", "KH", "3/KH-UBND", "2024-05-04"),
    (
        "date after the issuer",
        "theo Quyết định số 9/QĐ-TTg của Thủ tướng Chính phủ ngày 4/5/2024",
        "QĐ",
        "9/QĐ-TTg",
        "2024-05-04",
    ),
    ("no date", "theo Nghị quyết số 66-NQ/TW", "NQ", "66-NQ/TW", None),
    ("broken symbol", "theo kế hoạch số 170/ KH - UBND ngày 04/6/2024", "KH", "170/KH-UBND", "2024-06-04"),
    ("glued symbol", "theo Quyết định số 1277/QĐUBND ngày 01/4/2023", "QĐ", "1277/QĐ-UBND", "2023-04-01"),
    (
        "over a line",
        "theo Công văn số 832/SYT-\nNVY ngày 12/4/2024 về việc khám bệnh",
        "CV",
        "832/SYT-NVY",
        "2024-04-12",
    ),
    ("look-alike letters", "theo Quyết định số 7/QÐ-UBND ngày 01/4/2023", "QĐ", "7/QĐ-UBND", "2023-04-01"),
    ("decimal number", "theo Nghị quyết số 66.14/2026/NQ-CP", "NQ", "66.14/2026/NQ-CP", None),
    ("council term", "theo Nghị quyết số 05/2016/NQ-HĐND8", "NQ", "05/2016/NQ-HĐND8", None),
    ("chairman", "theo Quyết định số 44/2025/QĐ-CTUBND", "QĐ", "44/2025/QĐ-CTUBND", None),
    ("party personnel", "theo Quyết định số 219-QĐNS/TW", "QĐ", "219-QĐNS/TW", None),
    ("front", "theo Kế hoạch số 16/KH-MTTQ-BTT ngày 18/11/2024", "KH", "16/KH-MTTQ-BTT", "2024-11-18"),
    ("letter by its words", "theo Công văn số 1609/SNV-TH ngày 12/10/2021", "CV", "1609/SNV-TH", "2021-10-12"),
    ("letter without words", "theo số 1609/SNV-TH ngày 12/10/2021", "CV", "1609/SNV-TH", "2021-10-12"),
    ("letter's words, other letters", "theo Công văn số 78/HD-BNV ngày 1/9/2025", "HD", "78/HD-BNV", "2025-09-01"),
    ("assembly", "theo Nghị quyết số 202/2025/QH15", "NQ", "202/2025/QH15", None),
    ("law by number", "theo Luật số 87/2025/QH15", "LUAT", "87/2025/QH15", None),
    ("law by name and number", "theo Luật Thủy sản số 18/2017/QH14", "LUAT", "18/2017/QH14", None),
    ("words between", "Xét Báo cáo thẩm tra số 292/BC-HĐND ngày 08/12/2024", "BC", "292/BC-HĐND", "2024-12-08"),
    ("two words of one kind", "theo Thông báo kết luận số 19-TB/TW", "TB", "19-TB/TW", None),
    ("rule named by words", "theo Quy định số 78-QĐ/TW", "QyĐ", "78-QĐ/TW", None),
    ("party circular", "theo Thông tri số 02-TT/TU", "TT", "02-TT/TU", None),
    ("scanned word", "theo Quyêt định sô 789/QĐ-UBND ngày 12/12/2024", "QĐ", "789/QĐ-UBND", "2024-12-12"),
    ("capitals", "TRIỂN KHAI NGHỊ QUYẾT SỐ 48/NQ-CP NGÀY 03/4/2023 CỦA CHÍNH PHỦ", "NQ", "48/NQ-CP", "2023-04-03"),
    ("look-alike letters", "theo Nghị quyết số 66/NQ-\u0421\u0420 ngày 26/3/2025", "NQ", "66/NQ-CP", "2025-03-26"),
    ("kind by its letters", "DA đã có trong QĐ số 270/QĐ-TTg ngày 02/4/2024", "QĐ", "270/QĐ-TTg", "2024-04-02"),
    ("dash at the kind", "-Thông tư số 10/2025/TT-BKHCN", "TT", "10/2025/TT-BKHCN", None),
    ("slash lacking", "theo Thông tư số 49/2025TT-BCT ngày 09/9/2025", "TT", "49/2025/TT-BCT", "2025-09-09"),
]


@pytest.mark.parametrize(("text", "kind", "code", "day"), [c[1:] for c in FORMS], ids=[c[0] for c in FORMS])
def test_forms(text: str, kind: str, code: str, day: str | None) -> None:
    citation = only(text)
    assert (citation.doc_type, citation.code, citation.issued_on) == (kind, code, day)


ISSUERS = [
    ("của UBND tỉnh về việc giao chỉ tiêu", "UBND tỉnh", "UBND tỉnh Lạng Sơn"),
    ("của Ủy ban nhân dân tỉnh ban hành Đề án", "Ủy ban nhân dân tỉnh", "UBND tỉnh Lạng Sơn"),
    ("của UBND tỉnh Thanh Hóa giao dự toán", "UBND tỉnh Thanh Hóa", "UBND tỉnh Thanh Hóa"),
    ("của Chủ tịch UBND tỉnh phê duyệt", "Chủ tịch UBND tỉnh", "UBND tỉnh Lạng Sơn"),
    ("của Bộ trưởng Bộ Y tế quy định mức giá", "Bộ trưởng Bộ Y tế", "Bộ Y tế"),
    ("của Bộ Văn hóa, Thể thao và Du lịch hướng dẫn", "Bộ Văn hóa, Thể thao và Du lịch", None),
    ("của Bộ Nông nghiệp và PTNT về quan trắc", "Bộ Nông nghiệp và PTNT", "Bộ Nông nghiệp và Phát triển nông thôn"),
    ("của Ban Bí thư Trung ương Đảng (Khóa XIII) về giảm nghèo", "Ban Bí thư Trung ương Đảng", None),
    ("của Ban Thường vụ Tỉnh ủy và Kế hoạch năm nay", "Ban Thường vụ Tỉnh ủy", "Ban Thường vụ Tỉnh ủy Lạng Sơn"),
    ("của Sở Giáo dục và Đào tạo, các phòng", "Sở Giáo dục và Đào tạo", "Sở Giáo dục và Đào tạo tỉnh Lạng Sơn"),
    ("của Trường THPT Đồi Thông về phối hợp", "Trường THPT Đồi Thông", None),
    ("của Ban Chỉ đạo về phát triển du lịch, dịch vụ và thương mại tỉnh ban hành Chương trình", None, None),
    ("của UBND tỉnh Sửa đổi, bổ sung Kế hoạch", "UBND tỉnh", "UBND tỉnh Lạng Sơn"),
    ("của Ban Kinh tế - Ngân sách Hội đồng nhân dân tỉnh.", "Ban Kinh tế - Ngân sách Hội đồng nhân dân tỉnh", None),
]


@pytest.mark.parametrize(("words", "printed", "name"), ISSUERS, ids=[case[0][:40] for case in ISSUERS])
def test_issuers_end_where_their_document_begins(words: str, printed: str | None, name: str | None) -> None:
    citation = only(f"Thực hiện Kế hoạch số 98/KH-ABC ngày 4/5/2024 {words}")
    assert citation.issuer_text is not None
    if printed is not None:
        assert citation.issuer_text == printed
    else:
        assert citation.issuer_text.endswith("thương mại tỉnh")
    if name is not None:
        assert citation.issuer == name


BY_LETTERS = [
    ("Quyết định số 861/QĐ-TTg", "Thủ tướng Chính phủ"),
    ("Nghị định số 30/2020/NĐ-CP", "Chính phủ"),
    ("Nghị quyết số 202/2025/QH15", "Quốc hội"),
    ("Nghị quyết số 101/2025/UBTVQH15", "Ủy ban Thường vụ Quốc hội"),
    ("Công văn số 12/SNV-TH", "Sở Nội vụ tỉnh Lạng Sơn"),
    ("Luật Thủy sản", "Quốc hội"),
    ("Pháp lệnh Ngoại hối", "Ủy ban Thường vụ Quốc hội"),
]


@pytest.mark.parametrize(("text", "name"), BY_LETTERS)
def test_issuers_by_the_letters(text: str, name: str) -> None:
    assert only(f"theo {text}.").issuer == name


CAPITALS = [
    ("CỦA UBND TỈNH QUẢNG NAM VỀ TRỒNG RỪNG", "UBND TỈNH QUẢNG NAM", "UBND tỉnh Quảng Nam"),
    ("CỦA ỦY BAN NHÂN DÂN TỈNH BAN HÀNH QUY CHẾ", "ỦY BAN NHÂN DÂN TỈNH", "UBND tỉnh Lạng Sơn"),
    ("CỦA CHỦ TỊCH UBND TỈNH", "CHỦ TỊCH UBND TỈNH", "UBND tỉnh Lạng Sơn"),
    ("CỦA HỘI ĐỒNG NHÂN DÂN THÀNH PHỐ HUẾ VÀ", "HỘI ĐỒNG NHÂN DÂN THÀNH PHỐ HUẾ", "HĐND thành phố Huế"),
]


@pytest.mark.parametrize(("words", "printed", "name"), CAPITALS, ids=[case[1] for case in CAPITALS])
def test_issuers_in_the_capitals_of_a_title(words: str, printed: str, name: str) -> None:
    citation = only(f"BÃI BỎ QUYẾT ĐỊNH SỐ 10/2016/QĐ-UBND NGÀY 21/3/2016 {words}")
    assert (citation.issuer_text, citation.issuer) == (printed, name)


def test_a_scanned_name_gives_way_to_the_letters() -> None:
    assert only("theo Thông tư số 8/2016/TT-BQP ngày 2/6/2016 của Bộ Quôc phòng").issuer == "Bộ Quốc phòng"


def test_lost_letters_hide_neither_date_nor_issuer() -> None:
    citation = only("theo Quy định số 9-QyĐ/TW, ng\ufffdy 16 th\ufffdng 5 năm 2025 của Bộ Ch\ufffdnh trị")
    assert (citation.issued_on, citation.issuer) == ("2025-05-16", "Bộ Chính trị")


def test_a_joint_document_has_all_its_issuers() -> None:
    citation = only(
        "theo Thông tư liên tịch số 05/2008/TTLT-BKHCN-BNV ngày 18/6/2008 của liên Bộ Khoa học và Công nghệ"
    )
    assert citation.issuer == "Bộ Khoa học và Công nghệ, Bộ Nội vụ"


def test_a_later_mention_takes_the_issuer_that_was_printed_before() -> None:
    first, second = cited("Căn cứ Nghị quyết số 66-NQ/TW của Bộ Chính trị. Phổ biến Nghị quyết số 66-NQ/TW.")
    assert (first.issuer, second.issuer, second.issuer_text) == ("Bộ Chính trị", "Bộ Chính trị", None)


def test_an_enumeration_shares_kind_and_issuer() -> None:
    text = "Theo các Công văn: số 87/HĐND-KTNS ngày 1/2/2024, số 208/HĐND-KTNS ngày 3/4/2024 của HĐND tỉnh về kinh phí"
    first, second = cited(text)
    assert [c.code for c in (first, second)] == ["87/HĐND-KTNS", "208/HĐND-KTNS"]
    assert [c.doc_type for c in (first, second)] == ["CV", "CV"]
    assert [c.issuer for c in (first, second)] == ["HĐND tỉnh Lạng Sơn"] * 2
    assert text[second.start : second.end] == "số 208/HĐND-KTNS ngày 3/4/2024 của HĐND tỉnh"


def test_a_date_that_begins_the_next_line_is_no_date_of_the_title() -> None:
    assert only("VỀ THỰC HIỆN NGHỊ QUYẾT SỐ 66-NQ/TW\nNgày 28/11/2025, tại Trụ sở Chính phủ").issued_on is None
    assert only("theo Nghị quyết số 66-NQ/TW Ngày 30/4/2025").issued_on == "2025-04-30"


def test_a_date_after_two_numbers_is_the_date_of_both() -> None:
    first, second = cited("Các Công điện: số 08/CĐ-UBND và số 09/CĐ-UBND ngày 19/11/2024 của UBND tỉnh")
    assert (first.issued_on, second.issued_on) == ("2024-11-19", "2024-11-19")


NOT_CITED = [
    "giai đoạn 2021-2025",
    "ngày 28/2/2019 và 04/6/2024",
    "theo Kế hoạch này và Quyết định trên",
    "Nghị quyết Đại hội Đảng bộ tỉnh lần thứ XVII",
    "theo mẫu số 06/BBKP gửi kèm",
    "tốc độ 60 km/h, đạt 24/7",
    "Hội Luật gia và Đoàn Luật sư tỉnh",
    "Km 12 - K9+500 tuyến đường",
    "đúng quy định của pháp luật",
    "Luật sửa đổi, bổ sung một số điều của bộ luật (phải thực hiện quy trình)",
    "Luật sửa đổi, bổ sung một số điều của luật có quy định về phí",
    "VỀ DỰ ÁN LUẬT VIÊN CHỨC",
    "Quyết định số …/QĐ-UBND ngày … tháng … năm …",
]


@pytest.mark.parametrize("text", NOT_CITED)
def test_what_is_no_citation(text: str) -> None:
    assert cited(text) == ()


def test_a_blank_number_is_cited_without_code() -> None:
    text = "Thực hiện Kế hoạch số      /KH-SGDĐT ngày      tháng 5 năm 2024 của Sở Giáo dục và Đào tạo"
    citation = only(text)
    assert (citation.doc_type, citation.code, citation.issued_on) == ("KH", None, "2024-05")
    assert text[citation.start : citation.end] == text.removeprefix("Thực hiện ")


@pytest.mark.parametrize("text", ["Công văn số 28§6/STC-TH ngày 4/2/2024", "Công văn số 1 38/STC-TH ngày 4/2/2024"])
def test_an_unreadable_number_gives_no_code(text: str) -> None:
    citation = only(text)
    assert (citation.code, citation.issued_on) == (None, "2024-02-04")


def test_the_documents_own_annex_names_it() -> None:
    citation = only("(Kèm theo Kế hoạch số 12 /KH-UBND ngày 20/3/2025 của UBND tỉnh)")
    assert (citation.is_self, citation.relation, citation.issuer) == (True, "attached_to", "UBND tỉnh Lạng Sơn")


def test_the_same_number_of_another_year_is_another_document() -> None:
    assert not only("Thực hiện Kế hoạch số 12/KH-UBND ngày 3/4/2021").is_self


def test_recipients_and_the_own_number_are_left_out() -> None:
    text = "Số: 12/KH-UBND\nThực hiện Quyết định số 5/QĐ-TTg.\nNơi nhận:\n- Như Điều 3 Quyết định số 6/QĐ-TTg;"
    view = build_view(text)
    at = view.text.index("Nơi nhận")
    layout = Layout(start=0, body=15, signature=at, annex=len(text), end=len(text), recipients=(at, len(view.text)))
    header = Header(code="12/KH-UBND", symbol="KH-UBND", spans={"code": (4, 14)})
    found = find_citations(view, layout, header, (), Namer(header, load_units()))
    assert [c.code for c in found] == ["5/QĐ-TTg"]


def test_a_pinpoint_is_kept_apart_from_the_evidence() -> None:
    text = "theo điểm b khoản 2 Điều 5 của Nghị định số 30/2020/NĐ-CP"
    citation = only(text)
    assert citation.pinpoint == "điểm b khoản 2 Điều 5"
    assert text[citation.start : citation.end] == "Nghị định số 30/2020/NĐ-CP"


@pytest.mark.parametrize(
    ("text", "pinpoint"),
    [
        ("theo Điều 2, 3, 4 Nghị định số 30/2020/NĐ-CP", "Điều 2, 3, 4"),
        ("tại Mục 5, Phần VI Hướng dẫn số 13/HD-SNV", "Mục 5, Phần VI"),
        ("quy định từ Điều 29 đến Điều 34 của Luật Bầu cử", "Điều 29 đến Điều 34"),
        ("trong 5 Nghị định số 30/2020/NĐ-CP", None),
    ],
)
def test_pinpoints(text: str, pinpoint: str | None) -> None:
    assert only(text).pinpoint == pinpoint


def test_attributes_never_come_from_another_sentence() -> None:
    citation = only("Thực hiện Kế hoạch số 75/KH-UBND. Ngày 5/6/2023 của năm trước, tỉnh đã họp.")
    assert (citation.issued_on, citation.issuer_text) == (None, None)


def test_a_cell_of_a_table_ends_the_sentence() -> None:
    assert only("| Thực hiện bởi Sở Tư pháp | - Luật Luật sư năm 2006 |").relation == "mentions"


def test_a_short_form_with_one_antecedent_is_a_citation() -> None:
    _, short = cited("Theo Nghị quyết số 101/2025/UBTVQH15. Mẫu theo Nghị quyết 101.")
    assert (short.code, short.code_text, short.by.split()[0]) == ("101/2025/UBTVQH15", "101", "rule:citations/short")


def test_a_short_form_with_two_antecedents_is_none() -> None:
    found = cited("Theo Nghị quyết số 101/2025/UBTVQH15 và Nghị quyết số 101/NQ-CP. Mẫu theo Nghị quyết 101.")
    assert len(found) == 2


def test_evidence_points_into_the_canonical_text() -> None:
    text = "**Căn cứ** Quyết định\u00a0số 5/QĐ–TTg ngày 04/6/2021 của Thủ tướng\nChính phủ;"
    citation = only(text)
    assert text[citation.start : citation.end].startswith("Quyết định")
    assert text[citation.start : citation.end].endswith("Chính phủ")
    assert citation.code_span is not None
    assert text[slice(*citation.code_span)] == "5/QĐ–TTg"
    assert citation.code_text == "5/QĐ–TTg"


HOSTILE = [
    "Luật sửa đổi, bổ sung một số điều của ",
    "Quyết định số 1/QĐ-UBND của Ban Chỉ đạo về a, b ",
    "1/",
    "số ",
    "Căn cứ ",
    "12/KH-",
    "A-B-C/",
    "của ",
    "Luật ",
    "Điều 1, ",
    "ngày ",
    "((",
    "KH-UBND ",
    "2025/",
    ". ",
]


@pytest.mark.parametrize("piece", HOSTILE)
def test_repetitions_cost_linear_time(piece: str) -> None:
    grows_in_proportion(cited, repeated(piece), 200_000)

"""Who is charged, where, and in which role."""

from __future__ import annotations

from dataclasses import replace

import pytest

from extract.assignments import AssignmentFinder, find_assignments
from extract.records import Role
from tests.growth import grows_in_proportion, repeated
from tests.small import Unit, small

PART: Unit = ("IV", "IV. TỔ CHỨC", "organization")
Wanted = list[tuple[str, str | None, str | None]]


def _found(text: str, *units: Unit) -> Wanted:
    doc = small(text, *units)
    found = find_assignments(doc.view, doc.layout, doc.header, doc.sections)
    return [(a.agency, a.role, a.section) for a in found]


CASES: dict[str, tuple[str, tuple[Unit, ...], Wanted]] = {
    "a unit of its own": (
        "IV. TỔ CHỨC THỰC HIỆN\n1. Sở Tài chính: Bố trí kinh phí.",
        (PART, ("IV/1", "1. Sở", None)),
        [("Sở Tài chính", None, "IV/1")],
    ),
    "its own unit leads, another works with it": (
        "IV. TỔ CHỨC THỰC HIỆN\n1. Sở Nội vụ\n- Chủ trì, phối hợp với Sở Y tế, UBND các xã rà soát.",
        (PART, ("IV/1", "1. Sở", None)),
        [("Sở Nội vụ", "lead", "IV/1"), ("Sở Y tế", "coordinate", "IV/1"), ("UBND các xã", "coordinate", "IV/1")],
    ),
    "the heading goes on": (
        "IV. TỔ CHỨC THỰC HIỆN\n1. Sở Nội vụ chủ trì, phối hợp với các cơ quan liên quan tổ chức hội nghị.",
        (PART, ("IV/1", "1. Sở", None)),
        [("Sở Nội vụ", "lead", "IV/1"), ("các cơ quan liên quan", "coordinate", "IV/1")],
    ),
    "only works with": (
        "IV. TỔ CHỨC THỰC HIỆN\n1. Đề nghị Hội Nông dân\nPhối hợp tuyên truyền.",
        (PART, ("IV/1", "1. Đề", None)),
        [("Hội Nông dân", None, "IV/1")],
    ),
    "given to lead": (
        "II. NỘI DUNG\n1. Tập huấn\nGiao Sở Y tế chủ trì, phối hợp với Sở Nội vụ thực hiện.",
        (("II", "II. NỘI", "content"), ("II/1", "1. Tập", "content")),
        [("Sở Y tế", "lead", "II/1"), ("Sở Nội vụ", "coordinate", "II/1")],
    ),
    "labels": (
        "II. NỘI DUNG\n1. Tập huấn\n- Cơ quan chủ trì: Sở Y tế.\n- Cơ quan phối hợp: Sở Nội vụ; các đơn vị liên quan.",
        (("II", "II. NỘI", "content"), ("II/1", "1. Tập", "content")),
        [
            ("Sở Y tế", "lead", "II/1"),
            ("Sở Nội vụ", "coordinate", "II/1"),
            ("các đơn vị liên quan", "coordinate", "II/1"),
        ],
    ),
    "who carries it out": (
        "II. NỘI DUNG\n- Đơn vị thực hiện: Phòng Y tế.",
        (("II", "II. NỘI", "content"),),
        [("Phòng Y tế", None, "II")],
    ),
    "a line that begins with a body": (
        "II. NỘI DUNG\n- Trạm Y tế xã theo dõi và báo cáo.",
        (("II", "II. NỘI", "content"),),
        [("Trạm Y tế xã", None, "II")],
    ),
    "duty": (
        "II. NỘI DUNG\nKhi có dịch thì Trạm Y tế xã có trách nhiệm báo cáo.",
        (("II", "II. NỘI", "content"),),
        [("Trạm Y tế xã", None, "II")],
    ),
    "implementing clause": (
        "Điều 3. Chánh Văn phòng, Giám đốc các Sở: Tài chính, Nội vụ và các cơ quan liên quan\n"
        "chịu trách nhiệm thi hành Quyết định này.",
        (("Điều 3", "Điều 3", "other"),),
        [
            ("Chánh Văn phòng", None, "Điều 3"),
            ("Giám đốc Sở Tài chính", None, "Điều 3"),
            ("Giám đốc Sở Nội vụ", None, "Điều 3"),
            ("các cơ quan liên quan", None, "Điều 3"),
        ],
    ),
    "a paragraph after the last unit charges for the whole part": (
        "IV. TỔ CHỨC THỰC HIỆN\n1. Sở Tài chính: Bố trí kinh phí.\nGiao Sở Nội vụ theo dõi việc thực hiện.",
        (PART, ("IV/1", "1. Sở", None)),
        [("Sở Tài chính", None, "IV/1"), ("Sở Nội vụ", None, "IV")],
    ),
    "once in a unit, with its strongest role": (
        "II. NỘI DUNG\n- Phòng Y tế theo dõi.\n- Phòng Y tế chủ trì kiểm tra.",
        (("II", "II. NỘI", "content"),),
        [("Phòng Y tế", "lead", "II")],
    ),
    "closing formula": (
        "IV. TỔ CHỨC THỰC HIỆN\nTrong quá trình thực hiện, nếu có khó khăn, các sở báo cáo UBND tỉnh.",
        (PART,),
        [],
    ),
    "addressee of reports": ("IV. TỔ CHỨC\n- Tổng hợp, báo cáo UBND tỉnh.", (PART,), []),
    "a power is no charge": (
        "Điều 5. Thẩm quyền\n1. Ủy ban nhân dân tỉnh quyết định điều chuyển tài sản.",
        (("Điều 5", "Điều 5", "content"), ("Điều 5/1", "1. Ủy", None)),
        [],
    ),
    "whom it applies to": (
        "Điều 2. Đối tượng áp dụng\n1. Sở Y tế thực hiện việc cấp phép.",
        (("Điều 2", "Đối tượng áp dụng", "other"), ("Điều 2/1", "1. Sở", None)),
        [],
    ),
    "fields of departments with any sign between their words": (
        "Điều 3. Chánh Văn phòng, Giám đốc các Sở: Văn hóa Thể thao và Du lịch; Tài Chính chịu trách nhiệm thi hành "
        "Quyết định này.",
        (("Điều 3", "Điều 3", "other"),),
        [
            ("Chánh Văn phòng", None, "Điều 3"),
            ("Giám đốc Sở Văn hóa Thể thao và Du lịch", None, "Điều 3"),
            ("Giám đốc Sở Tài Chính", None, "Điều 3"),
        ],
    ),
    "ministries by their fields": (
        "2. NHIỆM VỤ\na) Các Bộ: Quốc phòng, Y tế khẩn trương báo cáo.",
        (("2", "2. NHIỆM", "content"), ("2/a", "a)", None)),
        [("Bộ Quốc phòng", None, "2/a"), ("Bộ Y tế", None, "2/a")],
    ),
    "chairmen of provinces and cities": (
        "Điều 4. Các Bộ trưởng, UBND tỉnh, thành phố trực thuộc trung ương và các hội nghề cá "
        "chịu trách nhiệm thi hành Quyết định này.",
        (("Điều 4", "Điều 4", "other"),),
        [
            ("Các Bộ trưởng", None, "Điều 4"),
            ("UBND tỉnh, thành phố trực thuộc trung ương", None, "Điều 4"),
            ("các hội nghề cá", None, "Điều 4"),
        ],
    ),
    "what a body is": (
        "Điều 1. Vị trí\n1. Trung tâm Giống lúa có chức năng tham mưu về giống.",
        (("Điều 1", "Vị trí", "content"), ("Điều 1/1", "1. Trung", "content")),
        [],
    ),
    "the powers of one body": (
        "Điều 2. Nhiệm vụ, quyền hạn\n1. Phối hợp với các xã lai tạo giống.",
        (("Điều 2", "Nhiệm vụ, quyền hạn", "content"), ("Điều 2/1", "1. Phối", "content")),
        [],
    ),
    "a heading that sums up the bodies below": (
        "Điều 2. Trách nhiệm của Sở Y tế; UBND các xã\n1. Sở Y tế rà soát.\n2. UBND các xã báo cáo.",
        (("Điều 2", "Điều 2", "organization"), ("Điều 2/1", "1. Sở", None), ("Điều 2/2", "2. UBND", None)),
        [("Sở Y tế", None, "Điều 2/1"), ("UBND các xã", None, "Điều 2/2")],
    ),
    "a council that gives tasks": (
        "Điều 5. Hội đồng nhân dân xã giao\n1. Ủy ban nhân dân huyện tổ chức thực hiện.",
        (("Điều 5", "Điều 5", "organization"), ("Điều 5/1", "1. Ủy", None)),
        [("Ủy ban nhân dân huyện", None, "Điều 5/1")],
    ),
    "whom another body directs": (
        "IV. TỔ CHỨC\n1. Chánh Văn phòng chỉ đạo Giám đốc Trung tâm Giống lúa có trách nhiệm triển khai.",
        (PART, ("IV/1", "1. Chánh", None)),
        [("Chánh Văn phòng", None, "IV/1")],
    ),
    "one of those worked with is no subject": (
        "II. NỘI DUNG\n- Trong phạm vi quản lý, chủ động phối hợp với các hội, đơn vị nuôi cá rà soát.",
        (("II", "II. NỘI", "content"),),
        [("các hội, đơn vị nuôi cá", "coordinate", "II")],
    ),
    "working together that is only checked": (
        "II. NỘI DUNG\n- Kiểm tra việc chủ trì, phối hợp với Trưởng thôn.",
        (("II", "II. NỘI", "content"),),
        [],
    ),
    "in the course of the work": (
        "II. NỘI DUNG\n- Trong quá trình thực hiện, Thủ trưởng các xã chủ động phối hợp với Sở Y tế.",
        (("II", "II. NỘI", "content"),),
        [("Thủ trưởng các xã", None, "II"), ("Sở Y tế", "coordinate", "II")],
    ),
    "classes behind a semicolon": (
        "II. NỘI DUNG\n- Trạm Y tế xã theo dõi dịch; các thôn rà soát hộ nghèo.\n"
        "- Hướng dẫn Sở Y tế và các xã; các phường tổ chức thực hiện.",
        (("II", "II. NỘI", "content"),),
        [("Trạm Y tế xã", None, "II"), ("các thôn", None, "II")],
    ),
    "a name that an act would cut": (
        "II. NỘI DUNG\n- Ban chỉ đạo xã rà soát.\n- Phòng Hướng dẫn tham quan",
        (("II", "II. NỘI", "content"),),
        [("Ban chỉ đạo xã", None, "II")],
    ),
    "a duty of those named elsewhere": (
        "Điều 12. Hạ tầng\n1. Các xã quy định tại khoản 1 Điều 9 có trách nhiệm đắp bờ.",
        (("Điều 12", "Hạ tầng", "content"), ("Điều 12/1", "1. Các", "content")),
        [("Các xã quy định tại khoản 1 Điều 9", None, "Điều 12/1")],
    ),
    "aims charge nobody": ("I. MỤC ĐÍCH\n- Các sở, ngành phối hợp với UBND xã.", (("I", "I. MỤC", "purpose"),), []),
}


@pytest.mark.parametrize(("text", "units", "wanted"), CASES.values(), ids=CASES.keys())
def test_assignment(text: str, units: tuple[Unit, ...], wanted: Wanted) -> None:
    assert _found(text, *units) == wanted


def test_who_is_joined_with_before_a_duty_coordinates() -> None:
    text = "IV. TỔ CHỨC\n- Sở Y tế chủ trì, phối hợp với Sở Nội vụ có trách nhiệm hướng dẫn."
    assert [(a, role) for a, role, *_ in _found(text, PART)] == [("Sở Y tế", "lead"), ("Sở Nội vụ", "coordinate")]


def test_one_place_charges_once() -> None:
    text = "Điều 3. Tổ chức thực hiện\n1.** **Sở Y tế có trách nhiệm rà soát."
    doc = small(text, ("Điều 3", "Điều 3", "organization"), ("Điều 3/1", "1.**", None))
    assert len(find_assignments(doc.view, doc.layout, doc.header, doc.sections)) == 1


def test_the_rule_is_a_finder() -> None:
    finder: AssignmentFinder = find_assignments
    doc = small("IV. TỔ CHỨC\n- Sở Y tế chủ trì.", PART)
    (found,) = finder(doc.view, doc.layout, doc.header, doc.sections)
    assert doc.view.source[found.start : found.end] == "Sở Y tế"


@pytest.mark.parametrize("role", ["content", "organization"])
@pytest.mark.parametrize(
    "piece", ["phối hợp với ", "Sở Y tế có trách nhiệm ", "- Sở Y tế, ", "giao Sở ", "Cơ quan chủ trì: "]
)
def test_hostile_repetition_takes_linear_time(piece: str, role: Role) -> None:
    def work(text: str) -> None:
        doc = small("IV. TỔ CHỨC\n" + text, ("IV", "IV. TỔ", role))
        find_assignments(doc.view, doc.layout, doc.header, doc.sections)

    grows_in_proportion(work, repeated(piece), 100_000)


@pytest.mark.parametrize(
    ("heading", "words", "charged"),
    [
        ("II. HÌNH THỨC", "kiểm tra các xóm", False),
        ("II. HÌNH THỨC", "có trách nhiệm kiểm tra các xóm", True),
        ("II. NỘI DUNG", "kiểm tra các xóm", True),
    ],
)
def test_the_issuer_tells_how_it_goes_about_a_thing(heading: str, words: str, charged: bool) -> None:
    doc = small(f"{heading}\n- Hội Nông dân xã {words}.", ("II", heading[4:], "content"))
    header = replace(doc.header, issuer="Hội Nông dân xã Lúa Vàng")
    found = find_assignments(doc.view, doc.layout, header, doc.sections)
    assert [one.agency for one in found] == ["Hội Nông dân xã"] * charged

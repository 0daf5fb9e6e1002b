"""Roles of sections: small trees of headings with the role that each has."""

from __future__ import annotations

import pytest

from extract.markers import Kind
from extract.roles import RolePlace, decide_roles

Tree = list[tuple[int, str, str]]
"""(depth, heading, role) of each section in reading order."""

CASES: dict[str, Tree] = {
    "the parts of purpose and demands": [
        (1, "MỤC ĐÍCH, YÊU CẦU", "purpose"),
        (2, "Mục đích", "purpose"),
        (2, "Yêu cầu", "requirements"),
    ],
    "demands without a heading": [
        (1, "MỤC ĐÍCH, YÊU CẦU", "purpose"),
        (2, "Nhằm giữ nước sạch cho các xóm trên địa bàn xã", "purpose"),
        (2, "Việc nạo mương phải xong trước mùa mưa", "requirements"),
    ],
    "a part of a heading of many parts has its own role": [
        (1, "THỜI GIAN, HÌNH THỨC VÀ THÀNH PHẦN", "schedule"),
        (2, "Thời gian", "schedule"),
        (2, "Hình thức", "content"),
        (2, "Thành phần", "content"),
    ],
    "tasks keep the role of the content": [
        (1, "NỘI DUNG THỰC HIỆN", "content"),
        (2, "Tổ chức hội nghị đầu bờ cho nông dân", "content"),
        (2, "Tăng cường kiểm tra việc chi ngân sách ở các xóm", "content"),
        (2, "Kinh phí thực hiện", "funding"),
        (2, "Thời gian: Từ tháng 3", "schedule"),
    ],
    "bodies under the content are charged": [
        (1, "Nhiệm vụ cụ thể", "content"),
        (2, "Giao Sở Nội vụ theo dõi", "organization"),
        (2, "Sở Tài chính tổng hợp", "organization"),
        (2, "Đối với các kiến nghị của xóm", "organization"),
    ],
    "bodies in the organising part, and what is not one there": [
        (1, "TỔ CHỨC THỰC HIỆN", "organization"),
        (2, "Sở Tài chính", "organization"),
        (2, "Chế độ báo cáo", "organization"),
        (2, "Kinh phí thực hiện: Ngân sách xã", "funding"),
    ],
    "a body in the funding part is funding": [
        (1, "KINH PHÍ THỰC HIỆN", "funding"),
        (2, "Sở Tài chính bố trí theo phân cấp", "funding"),
    ],
    "goals and their stages": [
        (1, "MỤC TIÊU", "objectives"),
        (2, "Mục tiêu cụ thể", "objectives"),
        (2, "Giai đoạn 2031 - 2035", "objectives"),
        (2, "Thời gian thực hiện", "schedule"),
    ],
    "results": [
        (1, "TÌNH HÌNH, KẾT QUẢ NĂM 2030", "results"),
        (2, "Tồn tại, hạn chế", "results"),
    ],
    "marks that scanning misread": [
        (1, "Tô chức thực hiện", "organization"),
        (1, "TÒN TẠI, HẠN CHÉ VÀ KÉT QUÁ", "results"),
    ],
    "taking effect and carrying out": [
        (1, "Hiệu lực và trách nhiệm thi hành", "organization"),
        (2, "Quyết định này có hiệu lực từ ngày ký, thay thế Quyết định số 9", "other"),
        (2, "Người đã nhận giống lúa theo quy định cũ thì trả dần", "other"),
        (2, "Chánh Văn phòng, Giám đốc Sở Nội vụ", "organization"),
    ],
    "what a body is": [
        (1, "Vị trí, chức năng", "content"),
        (2, "Trung tâm Giống lúa là đơn vị sự nghiệp thuộc Sở, có tài khoản riêng", "content"),
        (2, "Trung tâm Giống lúa có chức năng giúp Sở lai tạo giống", "content"),
    ],
    "a task that is carried out": [
        (1, "NỘI DUNG THỰC HIỆN", "content"),
        (2, "Tổ chức thực hiện các chương trình khuyến nông cho các xóm ven sông trong vụ hè thu", "content"),
        (2, "Tiếp nhận và phân công xử lý", "content"),
    ],
    "a list of bodies alone": [
        (1, "Sở Tài chính chủ trì", "organization"),
        (2, "Tăng cường quản lý thu", "organization"),
    ],
}


def places_of(tree: Tree, kind: Kind = "roman") -> list[RolePlace]:
    places: list[RolePlace] = []
    top = None
    for depth, heading, _ in tree:
        places.append(RolePlace(heading, "", depth, kind, top if depth > 1 else None))
        if depth == 1:
            top = len(places) - 1
    return places


@pytest.mark.parametrize("name", CASES)
def test_roles(name: str) -> None:
    tree = CASES[name]
    assert decide_roles(places_of(tree)) == [role for _, _, role in tree]


ARTICLES: Tree = [
    (1, "Đối tượng áp dụng", "other"),
    (1, "Giao Sở Nội vụ theo dõi", "organization"),
    (1, "Hiệu lực thi hành", "other"),
    (1, "Chánh Văn phòng, các xóm chịu trách nhiệm thi hành", "organization"),
]


def test_roles_of_articles() -> None:
    assert decide_roles(places_of(ARTICLES, "article")) == [role for _, _, role in ARTICLES]


def test_an_effect_clause_that_charges_is_organization() -> None:
    place = RolePlace("Quyết định này có hiệu lực từ ngày ký", "Các xóm chịu trách nhiệm thi hành.", 1, "article")
    assert decide_roles([place]) == ["organization"]


def test_annexes_and_what_they_hold() -> None:
    places = [
        RolePlace("DỰ TOÁN KINH PHÍ", "", 0, "annex"),
        RolePlace("DANH MỤC VIỆC", "", 0, "annex"),
        RolePlace("GIẤY MỜI", "Mẫu số 1", 0, "annex"),
        RolePlace("Thành phần gồm", "", 1, "arabic", 2),
        RolePlace("KẾ HOẠCH", "", 0, "attached"),
        RolePlace("MỤC TIÊU", "", 1, "roman", 4),
        RolePlace("Mục tiêu chung", "", 2, "arabic", 5),
    ]
    assert decide_roles(places) == ["funding", "content", "other", "other", "other", "objectives", "objectives"]


def test_principles_in_general_provisions_are_requirements() -> None:
    tree: Tree = [(1, "QUY ĐỊNH CHUNG", "other"), (2, "Nguyên tắc phối hợp", "requirements"), (2, "Từ ngữ", "other")]
    assert decide_roles(places_of(tree, "article")) == [role for *_, role in tree]

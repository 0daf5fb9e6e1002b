"""Names of bodies in lists."""

from __future__ import annotations

import pytest

from extract.agencies import begins_name, name_starts, read_bodies, read_heading, read_label
from tests.growth import grows_in_proportion, repeated

LISTS = {
    "one": ("Sở Nội vụ chủ trì", ["Sở Nội vụ"]),
    "comma and 'và' inside a name": ("Sở Văn hóa, Thể thao và Du lịch tham mưu", ["Sở Văn hóa, Thể thao và Du lịch"]),
    "two departments": ("Sở Giáo dục và Đào tạo và Sở Y tế chủ trì", ["Sở Giáo dục và Đào tạo", "Sở Y tế"]),
    "a name that is also an act": ("Sở Xây dựng xây dựng kế hoạch", ["Sở Xây dựng"]),
    "a class is one": ("các sở, ban, ngành, đoàn thể tỉnh triển khai", ["các sở, ban, ngành, đoàn thể tỉnh"]),
    "class of places": ("UBND các xã, phường, thị trấn bố trí", ["UBND các xã, phường, thị trấn"]),
    "a class, then a body": (
        "các Sở, ban, ngành, UBND cấp xã thực hiện",
        ["các Sở, ban, ngành", "UBND cấp xã"],
    ),
    "a closed class, then another": (
        "các sở, ban, ngành tỉnh và các đơn vị có liên quan rà soát",
        ["các sở, ban, ngành tỉnh", "các đơn vị có liên quan"],
    ),
    "shared head": (
        "Giám đốc các Sở: Tài chính, Nội vụ; Chánh Thanh tra",
        ["Giám đốc Sở Tài chính", "Giám đốc Sở Nội vụ", "Chánh Thanh tra"],
    ),
    "shared head of departments": ("các Sở: Y tế, Tư pháp phối hợp", ["Sở Y tế", "Sở Tư pháp"]),
    "brackets are left out": ("Trung tâm Việc làm (Sở Nội vụ), Hội Nông dân", ["Trung tâm Việc làm", "Hội Nông dân"]),
    "a body that is asked": ("Sở Y tế được giao chủ trì tham mưu", ["Sở Y tế"]),
    "a body that may": ("Sở Y tế được thực hiện cơ chế tự chủ", ["Sở Y tế"]),
    "asked to lead, still a name": ("các cơ quan được giao chủ trì có trách nhiệm", ["các cơ quan được giao chủ trì"]),
    "numbered school": ("Trường THPT Ba Vì 2 xây dựng", ["Trường THPT Ba Vì 2"]),
}


@pytest.mark.parametrize(("text", "names"), LISTS.values(), ids=LISTS.keys())
def test_reads_lists(text: str, names: list[str]) -> None:
    assert [body.name for body in read_bodies(text, 0, len(text)).items] == names


@pytest.mark.parametrize(
    "text",
    ["Tổ chức tập huấn", "Báo cáo kết quả", "Phòng ngừa dịch", "Các giải pháp", "Hội nghị sơ kết", "Ban hành văn bản"],
)
def test_words_that_only_look_like_names(text: str) -> None:
    assert not begins_name(text, 0)


def test_a_heading_keeps_what_describes_the_body() -> None:
    text = "Các phòng ban tham gia đào tạo\n- Bố trí cán bộ"
    assert [body.name for body in read_heading(text, 0, len(text)).items] == ["Các phòng ban tham gia đào tạo"]


def test_names_begin_at_words() -> None:
    assert name_starts("thì Ủy ban bầu cử và UBND xã", 0, 28) == [4, 21]


@pytest.mark.parametrize("piece", ["Sở Y tế, ", "các sở, ", "(", "UBND và ", "a ", "Giám đốc các Sở: Y tế, "])
def test_hostile_repetition_takes_linear_time(piece: str) -> None:
    def work(text: str) -> None:
        for at in name_starts(text, 0, len(text) // 10):
            read_bodies(text, at, len(text))

    grows_in_proportion(work, repeated(piece), 200_000)


LABELLED = {
    "nouns that elsewhere are acts": (
        "Vụ Xây dựng nông thôn; Vụ Các vấn đề chung về phổ biến nghề và các đơn vị có liên quan.",
        [
            "Vụ Xây dựng nông thôn",
            "Vụ Các vấn đề chung về phổ biến nghề",
            "các đơn vị có liên quan",
        ],
    ),
    "an act behind": ("Phòng Văn hóa, phối hợp với Công an xã", ["Phòng Văn hóa"]),
}


@pytest.mark.parametrize(("text", "names"), LABELLED.values(), ids=LABELLED.keys())
def test_reads_the_bodies_of_a_label(text: str, names: list[str]) -> None:
    assert [body.name for body in read_label(text, 0, len(text)).items] == names

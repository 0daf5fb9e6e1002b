"""Relations: the cue nearest to a citation, lists under one cue, what stands inside another title."""

from __future__ import annotations

import pytest

from extract.citations import find_citations
from extract.issuers import Namer
from extract.records import Header, Layout, Section
from extract.relations import CueDecider, Mention
from extract.text import build_view
from rules.units import load_units


def relations(text: str, *, body: int = 0, sections: int | None = None, annex: int | None = None) -> list[str]:
    """The relations in `text`; `sections` is where its first section begins (none: all is preamble)."""
    view = build_view(text)
    size = len(view.text)
    layout = Layout(start=0, body=body, signature=annex or size, annex=annex or size, end=size)
    start = size if sections is None else sections
    units = (Section(start=start, end=size, path="I", marker="I", depth=1, title=""),) if start < size else ()
    return [c.relation for c in find_citations(view, layout, Header(), units, Namer(Header(), load_units()))]


PREAMBLE = [
    ("Căn cứ Luật Thủy sản; Nghị định số 8/2022/NĐ-CP và Quyết định số 5/QĐ-TTg;", ["legal_basis"] * 3),
    ("Căn cứ:\n- Luật Thủy sản;\n- Nghị định số 8/2022/NĐ-CP;", ["legal_basis"] * 2),
    (
        "Căn cứ Nghị định số 8/2022/NĐ-CP hướng dẫn một số điều của Luật Thủy sản;\nCăn cứ Quyết định số 5/QĐ-TTg;",
        ["legal_basis", "mentions", "legal_basis"],
    ),
    (
        "Thực hiện Kế hoạch số 7/KH-UBND của UBND tỉnh về thực hiện Nghị quyết số 66-NQ/TW của Bộ Chính trị; "
        "Kế hoạch số 9/KH-SYT về phòng dịch",
        ["implements", "mentions", "implements"],
    ),
    (
        "Thực hiện Chỉ thị số 7/CT-UBND về trồng rừng và chỉ đạo của UBND tỉnh tại Công văn số 9/UBND-NN",
        ["implements", "implements"],
    ),
    (
        "Căn cứ Luật Giá số 16/2023/QH15 được sửa đổi, bổ sung bởi Luật số 44/2024/QH15;",
        ["legal_basis", "legal_basis"],
    ),
    ("Căn cứ khoản 6 Điều 12 Luật Giá số 16/2023/QH15;", ["legal_basis"]),
    (
        "Căn cứ Nghị định số 7/2025/NĐ-CP (sửa đổi, bổ sung Điều 4 Nghị định số 5/2020/NĐ-CP) về biên nhận;",
        ["legal_basis", "mentions"],
    ),
    ("Theo đề nghị của Giám đốc Sở Tài chính tại Tờ trình số 9/TTr-STC.", ["responds_to"]),
    ("Xét Tờ trình số 9/TTr-UBND và Báo cáo thẩm tra số 3/BC-HĐND;", ["responds_to", "responds_to"]),
    ("Phúc đáp Công văn số 9/SNV-TH về nhân sự", ["responds_to"]),
    ("Căn cứ Nghị quyết số 66-NQ/TW (sau đây gọi tắt là Nghị quyết số 66-NQ/TW);", ["legal_basis", "mentions"]),
]


PROPOSED = "2. Đề xuất chung\nBãi bỏ Thông tư số 76/2018/TT-BCT."


def test_a_change_that_is_only_proposed() -> None:
    assert relations("Bãi bỏ Thông tư số 76/2018/TT-BCT.", sections=0) == ["repeals"]
    view = build_view(PROPOSED)
    size = len(view.text)
    units = (Section(start=0, end=size, path="2", marker="2.", depth=1, title="Đề xuất chung"),)
    layout = Layout(start=0, body=0, signature=size, annex=size, end=size)
    found = find_citations(view, layout, Header(), units, Namer(Header(), load_units()))
    assert [citation.relation for citation in found] == ["mentions"]


CONSOLIDATED = (
    "1. Quyết định số 38/2025/QĐ-TTg sửa đổi một số điều.\n\nCăn cứ Luật Hải quan ngày 23 tháng 6 năm 2014;\n\n"
    "Căn cứ Luật Dược ngày 14 tháng 6 năm 2005;\n\nĐiều 1. Ban hành."
)


def test_a_preamble_after_the_first_unit() -> None:
    assert relations(CONSOLIDATED, sections=0)[-2:] == ["legal_basis"] * 2


SCANNED = "Quyêt định sô 5/QĐ-UBND nêu rõ.\nSở triên khai thực hiên Luật Việc làm."


def test_misread_cues_only_where_kinds_are_misread() -> None:
    assert relations(SCANNED, sections=0)[-1] == "implements"
    assert relations(SCANNED.replace("Quyêt định sô", "Quyết định số"), sections=0)[-1] == "mentions"


@pytest.mark.parametrize(("text", "expected"), PREAMBLE, ids=[case[0][:50] for case in PREAMBLE])
def test_preamble(text: str, expected: list[str]) -> None:
    assert relations(text) == expected


BODY = [
    ("- Hồ sơ lập theo quy định tại khoản 2 Điều 5 Nghị định số 8/2022/NĐ-CP.", ["guided_by"]),
    ("a) Thực hiện nghiêm Quy định số 8-QĐ/TW của Bộ Chính trị.", ["implements"]),
    ("1. Mức chi: Thực hiện theo hướng dẫn tại Thông tư số 8/2022/TT-BTC.", ["guided_by"]),
    ("Căn cứ khoản 1 Điều 6 Nghị quyết số 8/2025/UBTVQH15, hội nghị bầu chủ tọa.", ["guided_by"]),
    ("Phổ biến, quán triệt Luật Bầu cử; Nghị quyết số 66-NQ/TW.", ["mentions", "mentions"]),
    ("Kiểm tra việc thi hành Luật Việc làm trên địa bàn.", ["mentions"]),
    ("Soạn các văn bản hướng dẫn thi hành Luật Việc làm.", ["mentions"]),
    ("Tiêu chuẩn được quy định tại Điều 22 của Luật Tổ chức Quốc hội.", ["mentions"]),
    ("Kinh phí được thực hiện theo Quyết định số 12/QĐ-UBND của UBND tỉnh.", ["funded_by"]),
    ("Nguồn ngân sách tỉnh được phân bổ tại Quyết định số 12/QĐ-UBND.", ["funded_by"]),
    ("Tiền mua xe chi theo quy định của Luật Ngân sách nhà nước và Luật Đầu tư công.", ["guided_by", "guided_by"]),
    ("Kế hoạch này thay thế Kế hoạch số 7/KH-UBND.", ["replaces"]),
    ("Quyết định này có hiệu lực ngay và bãi bỏ Quyết định số 7/QĐ-UBND.", ["repeals"]),
    ("Điều 1. Sửa đổi, bổ sung một số điều của Quyết định số 7/2020/QĐ-UBND.", ["amends"]),
    ("Nghiên cứu sửa đổi, bổ sung Quyết định số 7/2020/QĐ-UBND.", ["mentions"]),
    ("Điều này được sửa đổi bởi Thông tư số 7/2020/TT-BTC.", ["mentions"]),
    ("2. Nghị quyết số 7/2021/NQ-HĐND về mức chi hết hiệu lực từ ngày 1/1/2022.", ["repeals"]),
    ("Cấp theo Nghị định số 178/2024/NĐ-CP, Nghị định số 67/2025/NĐ-CP.", ["guided_by", "guided_by"]),
    ("Sở Giáo dục và Đào tạo nhận Công văn số 9/UBND-TH.", ["mentions"]),
]


@pytest.mark.parametrize(("text", "expected"), BODY, ids=[case[0][:50] for case in BODY])
def test_body(text: str, expected: list[str]) -> None:
    assert relations(text, sections=0) == expected


def test_title() -> None:
    text = "KẾ HOẠCH\nTRIỂN KHAI THI HÀNH LUẬT VIỆC LÀM\nChương trình như sau"
    assert relations(text, body=text.index("Chương")) == ["implements"]


def test_annex() -> None:
    text = "PHỤ LỤC\n(Kèm theo Kế hoạch số 7/KH-UBND)"
    assert relations(text, annex=1) == ["attached_to"]


def test_a_list_under_a_heading_that_repeals() -> None:
    text = "Điều 1. Bãi bỏ các Quyết định sau đây\n1. Quyết định số 7/2020/QĐ-UBND.\n2. Quyết định số 8/2021/QĐ-UBND."
    view = build_view(text)
    one, two = text.index("1. Quyết"), text.index("2. Quyết")
    sections = (
        Section(start=0, end=len(text), path="Điều 1", marker="Điều 1", depth=1, title=""),
        Section(start=one, end=two, path="Điều 1/1", marker="1", depth=2, title=""),
        Section(start=two, end=len(text), path="Điều 1/2", marker="2", depth=2, title=""),
    )
    layout = Layout(start=0, body=0, signature=len(text), annex=len(text), end=len(text))
    found = find_citations(view, layout, Header(), sections, Namer(Header(), load_units()))
    assert [c.relation for c in found] == ["repeals", "repeals"]


class Always:
    """A decider that stands in for a learned one."""

    def decide(self, mention: Mention) -> tuple[str, str]:
        return "mentions", "model:always"


def test_the_decider_can_be_replaced() -> None:
    view = build_view("Căn cứ Luật Thủy sản;")
    layout = Layout(start=0, body=0, signature=21, annex=21, end=21)
    found = find_citations(view, layout, Header(), (), Namer(Header(), load_units()), Always())  # type: ignore[arg-type]
    assert (found[0].relation, found[0].by) == ("mentions", "rule:citations/law model:always")


def test_what_was_decided_names_its_rule() -> None:
    mention = Mention(before="Căn cứ ", after=";", place="preamble")
    assert CueDecider().decide(mention) == ("legal_basis", "relations/basis")

"""Findings on one document alone: each rule fires on its defect and is silent on the plan without it."""

from __future__ import annotations

import inspect

import pytest

from extract import checks
from extract.checks import CHECKS
from rules.findings import all_rules
from tests.plans import BODY, extracted, plan

FIRES = [
    ("number-missing", {"number": "Số:      /KH-UBND"}),
    ("date-incomplete", {"day": "ngày     tháng 6 năm 2024"}),
    ("date-format", {"day": "ngày 4 tháng 6 năm 2024"}),
    ("signature-missing", {"sign": "CHỦ TỊCH\n"}),
    ("code-malformed", {"number": "Số: 12/KHUBND"}),
    ("code-malformed", {"basis": "Thực hiện Kế hoạch số 41/KHUBND ngày 05/3/2024 của UBND huyện Tân Mai;"}),
    ("code-year-mismatch", {"basis": "Căn cứ Nghị định số 11/2021/NĐ-CP ngày 05/3/2023 của Chính phủ;"}),
    ("term-year-mismatch", {"basis": "Căn cứ Nghị quyết số 11/2012/QH15 ngày 05/3/2012 của Quốc hội;"}),
    ("cites-future", {"basis": "Thực hiện Kế hoạch số 41/KH-UBND ngày 05/8/2024 của UBND huyện Tân Mai;"}),
    ("date-invalid", {"basis": "Thực hiện Kế hoạch số 41/KH-UBND ngày 31/4/2024 của UBND huyện Tân Mai;"}),
    ("deadline-before-issue", {"body": BODY + "\n2. Các thôn\nBáo cáo UBND xã trước ngày 20/06/2024."}),
    ("numbering-duplicate", {"body": BODY.replace("II. TỔ CHỨC", "II. NỘI DUNG\nLàm đường.\nII. TỔ CHỨC")}),
    ("numbering-gap", {"body": BODY.replace("II. TỔ CHỨC", "III. TỔ CHỨC")}),
    (
        "amount-words-mismatch",
        {"body": BODY + "\n2. Kinh phí\nTổng kinh phí 350.000.000 đồng (Ba trăm linh năm triệu đồng)."},
    ),
    (
        "sum-mismatch",
        {
            "body": BODY + "\n2. Kinh phí\nTổng kinh phí thực hiện là 480 triệu đồng, trong đó: ngân sách huyện "
            "130 triệu đồng; ngân sách xã 300 triệu đồng."
        },
    ),
    (
        "issuer-code-mismatch",
        {"basis": "Căn cứ Thông tư số 11/2021/TT-BXD ngày 05/3/2021 của Bộ trưởng Bộ Tài chính;"},
    ),
    (
        "duplicate-basis",
        {
            "basis": "Căn cứ Nghị định số 11/2021/NĐ-CP ngày 05/3/2021 của Chính phủ về đường bộ;\n"
            "Căn cứ Nghị định số 11/2021/NĐ-CP ngày 05/3/2021 của Chính phủ về đường bộ;"
        },
    ),
    ("window-reversed", {"body": BODY + "\n2. Thời gian thực hiện: từ tháng 11 năm 2024 đến tháng 8 năm 2024."}),
    ("period-mismatch", {"body": BODY + "\n2. Các thôn\nBáo cáo UBND xã trước ngày 20/12/2042."}),
    ("signing-form", {"sign": "PHÓ CHỦ TỊCH\n\nTrần Văn Mẫu"}),
    ("type-code-unknown", {"basis": "Thực hiện Quyết định số 41/QD-UBND ngày 05/3/2024 của UBND huyện Tân Mai;"}),
    ("body-abolished", {"basis": "Căn cứ Thông tư số 07/2024/TT-BGTVT ngày 05/3/2025 của Bộ Giao thông vận tải;"}),
    ("annex-missing", {"body": BODY + "\n2. Các thôn\nLàm đường theo danh mục (Có Phụ lục kèm theo)."}),
    ("sensitive-data", {"number": "Số: 12/KH-UBND\nMẬT"}),
    ("sensitive-data", {"number": "**TỐI MẬT**\nSố: 12/KH-UBND"}),
    (
        "party-state-form",
        {"basis": "Thực hiện Kế hoạch số 41-KH/UBND ngày 05/3/2024 của UBND huyện Tân Mai về giao thông;"},
    ),
    ("reference-missing", {"body": BODY + "\n2. Các thôn\nLàm theo Mục IV Kế hoạch này."}),
    ("template-leftover", {"body": BODY + "\nTrên đây là Chỉ thị về làm đường, đề nghị các thôn thực hiện."}),
    (
        "template-leftover",
        {"basis": "Căn cứ tình hình thực tế, UBND xã Bình Hòa Hạ xây dựng Kế hoạch làm đường như sau:"},
    ),
    (
        "growth-mismatch",
        {"body": BODY + "\n2. Các thôn\nChiều dài đường tăng từ 120 km lên 150 km, tăng 52% so với năm trước."},
    ),
    ("percent-out-of-range", {"body": BODY + "\n2. Các thôn\nTỷ lệ hộ được dùng đường bê tông đạt 135%."}),
    (
        "share-sum-mismatch",
        {"body": BODY + "\n2. Kinh phí\nCơ cấu nguồn vốn: ngân sách huyện 60%, ngân sách xã 20%, nhân dân góp 15%."},
    ),
    (
        "target-conflict",
        {
            "body": BODY + "\n2. Mục tiêu\nPhấn đấu đến năm 2024 tỷ lệ đường thôn được cứng hóa đạt 80%.\n"
            "3. Các thôn\nPhấn đấu đến năm 2024 tỷ lệ đường thôn được cứng hóa đạt 85%."
        },
    ),
    (
        "annex-amount-mismatch",
        {
            "body": BODY + "\n2. Kinh phí\nTổng kinh phí thực hiện là 480.000.000 đồng (Phụ lục kèm theo).",
            "sign": "CHỦ TỊCH\n\nTrần Văn Mẫu\n\nPHỤ LỤC\nDỰ TOÁN KINH PHÍ LÀM ĐƯỜNG\n"
            "1. Đường thôn Đoài\nTổng kinh phí: 450.000.000 đồng",
        },
    ),
    ("sensitive-data", {"body": BODY + "\n2. Đầu mối\nÔng Trần Văn Mẫu, CCCD số 001099012345."}),
    ("deadline-on-holiday", {"body": BODY + "\n2. Các thôn\nBáo cáo UBND xã chậm nhất ngày 02/9/2024."}),
    (
        "quantity-price-mismatch",
        {"body": BODY + "\n2. Kinh phí\nBồi dưỡng 200.000 đồng/người/ngày x 50 người x 3 ngày = 35.000.000 đồng."},
    ),
    ("unit-mismatch", {"body": BODY + "\n2. Kinh phí\nKinh phí thực hiện 1.723.000.000 triệu đồng."}),
    (
        "self-date-mismatch",
        {
            "sign": "CHỦ TỊCH\n\nTrần Văn Mẫu\n\nPHỤ LỤC\nDANH MỤC ĐƯỜNG LIÊN THÔN\n"
            "(Kèm theo Kế hoạch số 12/KH-UBND ngày 24 tháng 7 năm 2024 của UBND xã Bình Hòa Thượng)\nĐường thôn Một"
        },
    ),
]
OFTEN_WITH = {
    "code-year-mismatch": {"cites-future"},
    "body-abolished": {"cites-future", "code-year-mismatch"},
    "self-date-mismatch": {"cites-future"},
    "deadline-on-holiday": set(),
    "party-state-form": {"code-malformed"},
}
"""Findings that the same defect makes true as well."""


@pytest.mark.parametrize(("rule", "parts"), FIRES, ids=[f"{i}-{case[0]}" for i, case in enumerate(FIRES)])
def test_a_rule_fires_on_its_defect(rule: str, parts: dict[str, str]) -> None:
    document = extracted(plan(**parts))
    found = [item for item in document.findings if item.rule == rule]
    assert len(found) == 1, [item.rule for item in document.findings]
    for side in found[0].evidence:
        assert document.source.text[side.start : side.end].strip()
    others = {item.rule for item in document.findings} - {rule} - OFTEN_WITH.get(rule, set())
    assert not others, others


def test_a_sound_plan_has_no_findings() -> None:
    assert [item.message_en for item in extracted(plan()).findings] == []


SILENT = [
    ("a unit that is there", BODY + "\n2. Các thôn\nLàm theo Mục II Kế hoạch này."),
    ("growth that its figures give", BODY + "\n2. Các thôn\nĐường tăng từ 120 km lên 150 km, tăng 25%."),
    ("growth of shares", BODY + "\n2. Các thôn\nĐường bê tông tăng từ 20% lên 30%, tăng 10%."),
    ("a share of the plan", BODY + "\n2. Các thôn\nTỷ lệ làm đường đạt 105% so với kế hoạch."),
    ("shares of the whole", BODY + "\n2. Kinh phí\nCơ cấu nguồn vốn: ngân sách huyện 60%, ngân sách xã 40%."),
    ("what it calls itself", BODY + "\nTrên đây là Kế hoạch làm đường của xã."),
    (
        "one target for two years",
        BODY + "\n2. Mục tiêu\nPhấn đấu đến năm 2024 tỷ lệ đường thôn được cứng hóa đạt 80%.\n"
        "3. Các thôn\nPhấn đấu đến năm 2025 tỷ lệ đường thôn được cứng hóa đạt 85%.",
    ),
    ("a list that skips đ", BODY + "\na) Một\nb) Hai\nc) Ba\nd) Bốn\ne) Năm"),
    ("lists that begin anew", BODY + "\n2. Các thôn\na) Một\nb) Hai\n3. Các hộ\na) Một\nb) Hai"),
    ("parts that leave a rest unnamed", BODY + "\n2. Kinh phí\nTổng 480 triệu đồng. Quỹ khác 100 triệu đồng."),
    ("words that agree", BODY + "\n2. Kinh phí\nTổng kinh phí 105.000.000 đồng (Một trăm lẻ năm triệu đồng)."),
]


@pytest.mark.parametrize(("name", "body"), SILENT, ids=[case[0] for case in SILENT])
def test_no_finding_on(name: str, body: str) -> None:
    assert [item.message_en for item in extracted(plan(body=body)).findings] == []


def test_a_local_body_without_its_place_may_be_the_central_one() -> None:
    basis = (
        "Thực hiện Thông tri số 04/TT-MTTW-BTT ban hành ngày 05/3/2024 của Ủy ban MTTQ Việt Nam, giám sát nước sạch;"
    )
    assert [item.rule for item in extracted(plan(basis=basis)).findings] == []


def test_every_check_is_a_declared_rule_with_a_function_of_its_name() -> None:
    rules = all_rules()
    for name, function in CHECKS.items():
        assert rules[name].scope == "document"
        assert getattr(function, "__name__", "") == "check_" + name.replace("-", "_")
    defined = {
        name
        for module in vars(checks).values()
        if inspect.ismodule(module) and module.__name__.startswith("extract.checks.")
        for name, value in vars(module).items()
        if name.startswith("check_") and inspect.isfunction(value)
    }
    assert defined == {"check_" + name.replace("-", "_") for name in CHECKS}


def test_the_ids_of_findings_are_stable() -> None:
    text = plan(number="Số:      /KH-UBND")
    first, second = extracted(text), extracted(text)
    assert [item.id for item in first.findings] == [item.id for item in second.findings]
    assert len({item.id for item in first.findings}) == len(first.findings)

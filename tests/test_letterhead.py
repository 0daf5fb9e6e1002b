"""The letterhead, the abstract, the signature and the bounds of a document, in every shape they come in.

The names of persons and of plans are invented; provinces are real, so that the gazetteer can be asked.
"""

from __future__ import annotations

import pytest

from extract.agency import agency_of, bodies_of
from extract.letterhead import read_letterhead
from extract.numbering import read_number
from extract.records import Header, Layout
from extract.text import View, build_view
from extract.titles import period_of
from rules.units import load_units
from tests.growth import grows_in_proportion, repeated

BODY = """Căn cứ Luật Tổ chức chính quyền địa phương ngày 16 tháng 6 năm 2025;
Thực hiện Kế hoạch số 12/KH-UBND ngày 05/01/2026 của UBND tỉnh về chăm sóc cây xanh, đơn vị triển khai như sau:

I. MỤC ĐÍCH

1. Trồng thêm cây xanh dọc các tuyến đường liên thôn, bảo đảm mỗi thôn có ít nhất một vườn ươm trong năm 2026.
"""

STACKED = f"""UBND HUYỆN NGỌC LẶC
ỦY BAN NHÂN DÂN XÃ MINH TIẾN

Số: 07/KH-UBND

CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc

Minh Tiến, ngày 12 tháng 01 năm 2025

KẾ HOẠCH
Trồng và chăm sóc cây xanh trên địa bàn xã năm 2025

{BODY}
Nơi nhận:
- UBND huyện (b/c);
- Các thôn (t/h);
- Lưu: VT.

TM. ỦY BAN NHÂN DÂN
KT. CHỦ TỊCH
PHÓ CHỦ TỊCH

Hoàng Thị Sương
"""

COLUMNS = f"""   ỦY BAN MTTQ VIỆT NAM                 CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT
      XÃ LƯƠNG MINH                                    NAM
     BAN THƯỜNG TRỰC                       Độc lập - Tự do - Hạnh phúc

      Số:     /KH-MTTQ-BTT
                                        Lương Minh, ngày 12 tháng 01 năm 2026


                              KẾ HOẠCH
        Tổ chức ngày hội trồng cây và hưởng ứng phong trào làm
              sạch đường làng trên địa bàn xã năm 2026


{BODY}
 Nơi nhận:                                   TM. BAN THƯỜNG TRỰC
 - Đảng ủy xã;                                     CHỦ TỊCH
 - Ban công tác
 Mặt trận các thôn;
 - Lưu: VT.                                    Bùi Văn Khoai
"""

PIPES = f"""|
**UỶ BAN NHÂN
DÂN**
TỈNH BẮC NINH
-------
|
**CỘNG HÒA XÃ HỘI
CHỦ NGHĨA VIỆT NAM**
Độc lập - Tự do - Hạnh phúc
---------------
|
|
Số:
045/KH-UBND
|
*Bắc Ninh, ngày 20
tháng 11 năm 2025*
|

** **

**KẾ HOẠCH**

CHĂM SÓC CÂY XANH ĐÔ THỊ VÀ VƯỜN HOA TRÊN ĐỊA BÀN TỈNH GIAI ĐOẠN
2026 - 2030

{BODY}
|
Nơi nhận:
- Như trên;
- Lưu: VT, KT.
|
**TM. ỦY BAN NHÂN
DÂN**
**KT. CHỦ TỊCH**
PHÓ CHỦ TỊCH
**Lê
Văn Mít**
|
"""

TABLE = f"""*Source: https://example.vn/van-ban*

# Về việc chăm sóc cây xanh

| ỦY BAN NHÂN DÂN TỈNH LAI CHÂU ------- | CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM Độc lập - Tự do - Hạnh phúc ------ |
|---|---|
| Số: 88/QĐ-UBND | Lai Châu, ngày 10 tháng 8 năm 2021 |

QUYẾT ĐỊNH

VỀ VIỆC BAN HÀNH KẾ HOẠCH CHĂM SÓC CÂY XANH NĂM 2022

CHỦ TỊCH ỦY BAN NHÂN DÂN TỈNH LAI CHÂU

{BODY}
| Nơi nhận: - Như Điều 3; - Sở Xây dựng; - Lưu: VT. | KT. CHỦ TỊCH PHÓ CHỦ TỊCH Đỗ Thị Ổi |
|---|---|

KẾ HOẠCH

CHĂM SÓC CÂY XANH

| FILE ĐƯỢC ĐÍNH KÈM THEO VĂN BẢN |
"""

ONE_LINE = f"""Kế hoạch 31/KH-UBND
ỦY BAN NHÂN DÂN TỈNH CAO BẰNG CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
Số: 31/KH-UBND Cao Bằng, ngày 03 tháng 3 năm 2025
KẾ HOẠCH
Chăm sóc cây xanh năm 2025
{BODY}
"""

LETTER = f"""BỘ TÀI CHÍNH CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
CỤC THUẾ Độc lập - Tự do - Hạnh phúc
Số: 5123/CT-CS Hà Nội, ngày 19 tháng 11 năm 2025
V/v thuế đối với vườn ươm
cây xanh
Kính gửi: Thuế tỉnh Lào Cai.
{BODY}
Nơi nhận:
- Như trên;
- Lưu: VT, CS.
TL. CỤC TRƯỞNG
KT. TRƯỞNG BAN CHÍNH SÁCH,
THUẾ QUỐC TẾ
PHÓ TRƯỞNG BAN
Phan Thị Na
"""

BARE = f"""KẾ HOẠCH

Chăm sóc cây xanh trên địa bàn xã Hoằng Cát năm 2024

Căn cứ tình hình thực tế, UBND xã Hoằng Cát ban hành Kế hoạch chăm sóc cây xanh năm 2024 như sau:

{BODY}
Nơi nhận:
- Trưởng các thôn (t/h);
- Lưu: VT.

CHỦ TỊCH
"""

PARTY = f"""|
**BAN CHẤP HÀNH
TRUNG ƯƠNG**
*
|
**ĐẢNG CỘNG SẢN
VIỆT NAM**
---------------
|
|
Số 383-QĐ/TW
|
*Hà Nội, ngày 19
tháng 11 năm 2025*
|

**QUY ĐỊNH**

VỀ VIỆC TRỒNG CÂY

{BODY}
|
Nơi nhận:
- Các tỉnh ủy, thành ủy,
- Lưu Văn phòng Trung ương Đảng.
|
**T/M BAN BÍ THƯ**
Trần Văn Xoài
|
"""

OCR = f"""Người ký: TRUNG TÂM TIN HỌC
Thời gian ký: 08/02/2025 14:42:41
ÚY BAN NHÂN DÂN CỌNG HÒA XÃ HỘI CHÚ NGHĨA VIỆT NAM
TĨNH QUANG NGAI Độc lập - Tự do - Hạnh phúc
Số:⁄‡6 /CT-UBND Quảng Ngãi, ngày 4‡tháng 12 năm 2024
CHÍ THỊ
Về việc chăm sóc cây xanh và vườn hoa
trên địa bàn tỉnh
Trong thời gian qua, công tác chăm sóc cây xanh trên địa bàn tỉnh đã được các cấp, các ngành quan tâm
chỉ đạo; tuy nhiên vẫn còn một số hạn chế.
{BODY}
Nơi nhận: CHỦTỊCH
- Các sở, ban ngành; Mai Văn Bưởi
- Lưu: VT.
"""

SCHOOL = f"""SỞ GDĐT TỈNH ĐỒNG THÁP             CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
TRƯỜNG THPT CÂY BÀNG 2                   Độc lập - Tự do - Hạnh phúc

       Số: 58/KH-THPTCB2                  Đồng Tháp, ngày 15 tháng 4 năm 2026

                                    KẾ HOẠCH
                     Chăm sóc vườn trường
                     năm học 2025 - 2026

{BODY}
 Nơi nhận:                                         KT.HIỆU TRƯỞNG
 - Sở GDĐT (bc);                                  PHÓ HIỆU TRƯỞNG
 - Lưu: VT.

                                                      Ngô Thị Lê
"""


NO_AGENCY = f"""Số: /KH-UBND

Hữu Lũng, ngày tháng 4 năm 2023

KẾ HOẠCH

Chăm sóc cây xanh năm 2023

Thực hiện Kế hoạch số 12/KH-UBND ngày 05/01/2023 của UBND tỉnh, các cơ quan thực hiện như sau:

{BODY}
"""

DRAFT = f"""DỰ THẢO
UBND TỈNH SƠN LA
SỞ NÔNG NGHIỆP VÀ MÔI TRƯỜNG
Số:          /KH-SNNMT
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
Sơn La, ngày     tháng    năm 2026
KẾ HOẠCH
Chăm sóc cây xanh năm 2026
{BODY}
"""

STAMPED = f"""CÔNG VĂN ĐẾN
Số: 1234
Ngày 5/2/2026
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
Quận 7, ngày 12 tháng 02 năm 2024
ỦY BAN NHÂN DÂN
QUẬN 7
Số: 45/KH-UBND
KẾ HOẠCH
Chăm sóc cây xanh năm 2024
{BODY}
"""

OLD = f"""CHỈ THỊ
CỦA THỦ TƯỚNG CHÍNH PHỦ SỐ 12/1999/CT-TTg NGÀY 09/3/1999
VỀ VƯỜN HOA

{BODY}
"""

SPACED = f"""


BỘ Y TẾ



CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM

           Độc lập - Tự do - Hạnh phúc



Số: 77/2025/TT-BYT

Hà Nội, ngày 13 tháng 11 năm 2025

THÔNG TƯ

Việc trồng cây thuốc quý trong khuôn viên các cơ sở của ngành, theo lệ

Chung của Bộ Y tế

{BODY}
"""


def read(text: str) -> tuple[Header, Layout, View]:
    view = build_view(text)
    return *read_letterhead(view, load_units()), view


CASES: list[tuple[str, str, dict[str, object]]] = [
    (
        "parent above agency, columns one below the other",
        STACKED,
        {
            "doc_type": "KH",
            "number": "07",
            "symbol": "KH-UBND",
            "code": "07/KH-UBND",
            "issuer": "UBND xã Minh Tiến",
            "issuer_level": "commune",
            "place": "Minh Tiến",
            "issued_on": "2025-01-12",
            "title": "Trồng và chăm sóc cây xanh trên địa bàn xã năm 2025",
            "period": "2025",
            "signer": "Hoàng Thị Sương",
            "signer_position": "PHÓ CHỦ TỊCH",
            "signing_form": "TM. ỦY BAN NHÂN DÂN / KT. CHỦ TỊCH",
            "recipients": ("UBND huyện (b/c)", "Các thôn (t/h)", "Lưu: VT"),
            "province": "Thanh Hóa",
            "district": "Ngọc Lặc",
            "commune": "Minh Tiến",
            "number_blank": False,
        },
    ),
    (
        "columns side by side, blank number, motto over two lines",
        COLUMNS,
        {
            "doc_type": "KH",
            "number": None,
            "symbol": "KH-MTTQ-BTT",
            "code": None,
            "number_blank": True,
            "issuer": "Ban Thường trực Ủy ban MTTQ Việt Nam xã Lương Minh",
            "issuer_level": "commune",
            "place": "Lương Minh",
            "issued_on": "2026-01-12",
            "title": "Tổ chức ngày hội trồng cây và hưởng ứng phong trào làm sạch đường làng trên địa bàn xã năm 2026",
            "signer": "Bùi Văn Khoai",
            "signer_position": "CHỦ TỊCH",
            "signing_form": "TM. BAN THƯỜNG TRỰC",
            "province": "Quảng Ninh",
            "district": None,
            "recipients": ("Đảng ủy xã", "Ban công tác Mặt trận các thôn", "Lưu: VT"),
        },
    ),
    (
        "pipes on their own lines, everything broken over lines",
        PIPES,
        {
            "code": "045/KH-UBND",
            "issuer": "UBND tỉnh Bắc Ninh",
            "issuer_level": "province",
            "place": "Bắc Ninh",
            "issued_on": "2025-11-20",
            "title": "CHĂM SÓC CÂY XANH ĐÔ THỊ VÀ VƯỜN HOA TRÊN ĐỊA BÀN TỈNH GIAI ĐOẠN 2026 - 2030",
            "period": "2026/2030",
            "signing_form": "TM. ỦY BAN NHÂN DÂN / KT. CHỦ TỊCH",
            "signer_position": "PHÓ CHỦ TỊCH",
            "signer": "Lê Văn Mít",
        },
    ),
    (
        "a Markdown table, the decider's line, a document attached",
        TABLE,
        {
            "doc_type": "QĐ",
            "code": "88/QĐ-UBND",
            "issuer": "UBND tỉnh Lai Châu",
            "issued_on": "2021-08-10",
            "title": "VỀ VIỆC BAN HÀNH KẾ HOẠCH CHĂM SÓC CÂY XANH NĂM 2022",
            "period": "2022",
            "signer": "Đỗ Thị Ổi",
            "signer_position": "PHÓ CHỦ TỊCH",
            "signing_form": "KT. CHỦ TỊCH",
            "recipients": ("Như Điều 3", "Sở Xây dựng", "Lưu: VT"),
        },
    ),
    (
        "columns folded into one line each",
        ONE_LINE,
        {"code": "31/KH-UBND", "issuer": "UBND tỉnh Cao Bằng", "place": "Cao Bằng", "issued_on": "2025-03-03"},
    ),
    (
        "an official letter of two-line agency",
        LETTER,
        {
            "doc_type": "CV",
            "code": "5123/CT-CS",
            "issuer": "Cục Thuế",
            "issuer_level": "central",
            "place": "Hà Nội",
            "title": "thuế đối với vườn ươm cây xanh",
            "signing_form": "TL. CỤC TRƯỞNG / KT. TRƯỞNG BAN CHÍNH SÁCH, THUẾ QUỐC TẾ",
            "signer_position": "PHÓ TRƯỞNG BAN",
            "signer": "Phan Thị Na",
        },
    ),
    (
        "no letterhead: the issuer from the body, no name under the office",
        BARE,
        {
            "doc_type": "KH",
            "number": None,
            "symbol": None,
            "number_blank": False,
            "issuer": "UBND xã Hoằng Cát",
            "issuer_level": "commune",
            "place": None,
            "issued_on": None,
            "signer": None,
            "signer_position": "CHỦ TỊCH",
            "province": "Thanh Hóa",
            "district": "Hoằng Hóa",
        },
    ),
    (
        "a document of the Party",
        PARTY,
        {
            "doc_type": "QyĐ",
            "code": "383-QĐ/TW",
            "issuer": "Ban Chấp hành Trung ương Đảng",
            "issuer_level": "central",
            "issued_on": "2025-11-19",
            "signing_form": "T/M BAN BÍ THƯ",
            "signer": "Trần Văn Xoài",
            "signer_position": None,
        },
    ),
    (
        "OCR: lost marks, a number and a day that cannot be read",
        OCR,
        {
            "doc_type": "CT",
            "number": None,
            "code": None,
            "symbol": "CT-UBND",
            "unreadable": ("number", "code"),
            "number_blank": False,
            "issuer": "UBND tỉnh Quảng Ngãi",
            "issuer_level": "province",
            "place": "Quảng Ngãi",
            "issued_on": "2024-12",
            "title": "Về việc chăm sóc cây xanh và vườn hoa trên địa bàn tỉnh",
            "signer": "Mai Văn Bưởi",
            "signer_position": "CHỦ TỊCH",
        },
    ),
    (
        "a school under its department",
        SCHOOL,
        {
            "code": "58/KH-THPTCB2",
            "issuer": "Trường THPT Cây Bàng 2",
            "issuer_level": None,
            "province": "Đồng Tháp",
            "title": "Chăm sóc vườn trường năm học 2025 - 2026",
            "period": "2025/2026",
            "signing_form": "KT.HIỆU TRƯỞNG",
            "signer": "Ngô Thị Lê",
        },
    ),
    (
        "no agency: the committee of the place of issue",
        NO_AGENCY,
        {
            "symbol": "KH-UBND",
            "number_blank": True,
            "place": "Hữu Lũng",
            "issued_on": "2023-04",
            "issuer": "UBND huyện Hữu Lũng",
            "issuer_level": "district",
            "province": "Lạng Sơn",
            "district": "Hữu Lũng",
        },
    ),
    (
        "a draft with nothing filled in",
        DRAFT,
        {
            "symbol": "KH-SNNMT",
            "number_blank": True,
            "issuer": "Sở Nông nghiệp và Môi trường tỉnh Sơn La",
            "place": "Sơn La",
            "issued_on": "2026",
            "period": "2026",
        },
    ),
    (
        "right column first, a stamp of receipt above",
        STAMPED,
        {"code": "45/KH-UBND", "issuer": "UBND quận 7", "place": "Quận 7", "issued_on": "2024-02-12", "district": "7"},
    ),
    (
        "everything in the abstract",
        OLD,
        {
            "doc_type": "CT",
            "code": "12/1999/CT-TTg",
            "issuer": "Thủ tướng Chính phủ",
            "issued_on": "1999-03-09",
            "title": "VỀ VƯỜN HOA",
        },
    ),
    (
        "a blank line after every line",
        SPACED,
        {
            "code": "77/2025/TT-BYT",
            "issuer": "Bộ Y tế",
            "title": "Việc trồng cây thuốc quý trong khuôn viên các cơ sở của ngành, theo lệ Chung của Bộ Y tế",
        },
    ),
]


@pytest.mark.parametrize(("text", "wanted"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_headers(text: str, wanted: dict[str, object]) -> None:
    header, _, _ = read(text)
    assert {name: getattr(header, name) for name in wanted} == wanted


LEFT_FIRST = [
    ("BỘ TÀI CHÍNH\nCỤC THUẾ\nSố: 52/CT-CS\nV/v tiền thuê đất", "CV", "Cục Thuế", "tiền thuê đất"),
    (
        "UBND TỈNH HÀ NAM\nSỞ TÀI CHÍNH\n-------\nSố: 52/STC-NS\nV/v chi trồng cây ở các xã\nvùng cao",
        "CV",
        "Sở Tài chính tỉnh Hà Nam",
        "chi trồng cây ở các xã vùng cao",
    ),
    ("THỦ TƯỚNG CHÍNH PHỦ\nSố: 5/QĐ-TTg", "QĐ", "Thủ tướng Chính phủ", None),
]


@pytest.mark.parametrize(("left", "doc_type", "issuer", "title"), LEFT_FIRST, ids=[case[1] for case in LEFT_FIRST])
def test_the_left_column_put_before_the_right_one(left: str, doc_type: str, issuer: str, title: str | None) -> None:
    right = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\nHà Nội, ngày 18 tháng 11 năm 2025"
    header, _, _ = read(f"{left}\n{right}\nKính gửi: Các Sở Tài chính\n\nTrong thời gian qua các xã đã trồng cây.")
    assert (header.doc_type, header.issuer, header.title) == (doc_type, issuer, title)
    assert header.issued_on == "2025-11-18"


STARTS = ("Căn cứ", "CHỦ TỊCH ỦY BAN", "CHÍNH PHỦ", "Kính gửi", "Trong thời gian", "Thực hiện")


@pytest.mark.parametrize("text", [case[1] for case in CASES], ids=[case[0] for case in CASES])
def test_bounds_are_in_order_and_evidence_is_printed(text: str) -> None:
    header, layout, view = read(text)
    assert 0 <= layout.start <= layout.body <= layout.signature <= layout.annex <= layout.end <= len(view.text)
    assert view.text[layout.body :].startswith(STARTS)
    for name, (start, end) in header.spans.items():
        assert text[start:end].strip(), name
    for start, end in layout.signatures:
        assert layout.body <= start < end <= layout.end


def test_site_furniture_is_outside() -> None:
    _, layout, view = read(TABLE)
    official = view.text[layout.start : layout.end]
    assert "Source:" not in official
    assert "FILE ĐƯỢC ĐÍNH KÈM" not in official
    assert view.text[layout.annex :].startswith("KẾ HOẠCH")


def test_the_list_of_recipients_has_its_span() -> None:
    _, layout, view = read(STACKED)
    assert layout.recipients is not None
    words = view.text[slice(*layout.recipients)]
    assert words.startswith("Nơi nhận")
    assert words.endswith("Lưu: VT.")


@pytest.mark.parametrize(
    ("printed", "number", "symbol", "code", "doc_type", "blank"),
    [
        ("Số: 67/KH- UBND", "67", "KH-UBND", "67/KH-UBND", "KH", False),
        ("Số: 146 /KH-UBND", "146", "KH-UBND", "146/KH-UBND", "KH", False),
        ("Số: 0125/KH-UBND", "0125", "KH-UBND", "0125/KH-UBND", "KH", False),
        ("Số: /KH-STTTT", None, "KH-STTTT", None, "KH", True),
        ("Số: ....../KH-UBND", None, "KH-UBND", None, "KH", True),
        ("Số: 44/2025/QĐ-CTUBND", "44", "QĐ-CTUBND", "44/2025/QĐ-CTUBND", "QĐ", False),
        ("Số: 12/QĐUBND", "12", "QĐ-UBND", "12/QĐ-UBND", "QĐ", False),
        ("Số 57-NQ/TW", "57", "NQ/TW", "57-NQ/TW", "NQ", False),
        ("Luật số: 83/2025/QH15", "83", "QH15", "83/2025/QH15", "LUAT", False),
        ("Nghị quyết số: 101/2025/UBTVQH15", "101", "UBTVQH15", "101/2025/UBTVQH15", "NQ", False),
        ("Số: 6607/UBND-TH", "6607", "UBND-TH", "6607/UBND-TH", "CV", False),
        ("Số: 66.14/2026/NQ-CP", "66.14", "NQ-CP", "66.14/2026/NQ-CP", "NQ", False),
    ],
)
def test_number_lines(
    printed: str, number: str | None, symbol: str, code: str | None, doc_type: str | None, blank: bool
) -> None:
    found = read_number(printed)
    assert found is not None
    assert (found.number, found.symbol, found.code, found.doc_type, found.blank) == (
        number,
        symbol,
        code,
        doc_type,
        blank,
    )


def test_a_type_line_that_is_lost_is_in_the_symbol() -> None:
    lost = OCR.replace("CHÍ THỊ\n", "").replace("⁄‡6", "16")
    assert read(lost)[0].doc_type == "CT"
    assert read(LETTER)[0].doc_type == "CV"


@pytest.mark.parametrize("printed", ["Số liệu tổng hợp", "Số lượng: 12 cây", "Kính gửi: UBND xã"])
def test_what_is_no_number_line(printed: str) -> None:
    found = read_number(printed)
    assert found is None or found.symbol is None


@pytest.mark.parametrize(
    ("lines", "issuer", "level"),
    [
        (["ỦY", "BAN NHÂN DÂN", "TỈNH QUẢNG TRỊ"], "UBND tỉnh Quảng Trị", "province"),
        (["ỦY BAN THƯỜNG VỤ", "QUỐC HỘI"], "Ủy ban Thường vụ Quốc hội", "central"),
        (["BỘ TÀI CHÍNH TỔNG CỤC THUẾ"], "Tổng cục Thuế", "central"),
        (["ỦY BAN NHÂN DÂN TỈNH PHÚ YÊN SỞ Y TẾ"], "Sở Y tế tỉnh Phú Yên", "province"),
        (["ỦY BAN NHÂN DÂN", "HUYỆN KIM BẢNG", "PHÒNG TÀI CHÍNH - KẾ HOẠCH"], None, "district"),
        (["TỈNH HÀ NAM", "ỦY BAN NHÂN DÂN"], "UBND tỉnh Hà Nam", "province"),
        (["ĐẢNG BỘ TỈNH HÀ NAM", "HUYỆN ỦY KIM BẢNG"], "Huyện ủy Kim Bảng", "district"),
        (["TỈNH ỦY HÀ NAM", "BAN TỔ CHỨC"], "Ban tổ chức Tỉnh ủy Hà Nam", "province"),
        (["THÀNH ỦY HÀ NỘI"], "Thành ủy Hà Nội", "province"),
        (["UBND QUẬN 1", "UBND PHƯỜNG BẾN NGHÉ"], "UBND phường Bến Nghé", "commune"),
        (["CHỦ TỊCH ỦY BAN NHÂN DÂN", "TỈNH GIA LAI"], "Chủ tịch UBND tỉnh Gia Lai", "province"),
        (["HỘI ĐỒNG NHÂN DÂN", "THÀNH PHỐ HÀ NỘI"], "HĐND thành phố Hà Nội", "province"),
        (["UBND THÀNH PHỐ SƠN LA", "PHƯỜNG CHIỀNG LỀ"], "UBND phường Chiềng Lề", "commune"),
        (["ỦY BAN NHÂN DÂN TỈNH SƠN LA", "VĂN PHÒNG"], "Văn phòng UBND tỉnh Sơn La", "province"),
        (["BAN CHẤP HÀNH TRUNG ƯƠNG", "VĂN PHÒNG"], "Văn phòng Trung ương Đảng", "central"),
        (
            ["ĐOÀN TNCS HỒ CHÍ MINH", "BCH TỈNH SƠN LA"],
            "Ban Chấp hành Đoàn TNCS Hồ Chí Minh tỉnh Sơn La",
            "province",
        ),
        (
            ["UBND TỈNH SƠN LA", "SỞ Y TẾ - SỞ XÂY DỰNG"],
            "Sở Y tế tỉnh Sơn La, Sở Xây dựng tỉnh Sơn La",
            "province",
        ),
        (["BỘ TÀI CHÍNH - BỘ CÔNG THƯƠNG"], "Bộ Tài chính, Bộ Công Thương", "central"),
        (["THANH TRA CHÍNH PHỦ"], "Thanh tra Chính phủ", "central"),
        (["/ ỦY BANNHÂNDÂN", "_ TĨNH PHU THỌ"], "UBND tỉnh Phú Thọ", "province"),
        (["QUỐC HỘI -------"], "Quốc hội", "central"),
    ],
)
def test_agencies(lines: list[str], issuer: str | None, level: str) -> None:
    agency = agency_of(lines, load_units(), "2024-05-01")
    assert agency is not None
    assert agency.level == level
    assert agency.name == (issuer or "Phòng Tài chính - Kế hoạch huyện Kim Bảng")


def test_an_abstract_may_begin_with_carrying_out() -> None:
    header, layout, view = read(STACKED.replace("Trồng và chăm sóc", "Thực hiện Nghị quyết số 12-NQ/TW về"))
    assert header.title == "Thực hiện Nghị quyết số 12-NQ/TW về cây xanh trên địa bàn xã năm 2025"
    assert view.text[layout.body :].startswith("Căn cứ")


def test_a_name_broken_over_lines_is_one_body() -> None:
    assert bodies_of(["SỞ VĂN HÓA, THỂ THAO", "VÀ DU LỊCH"]) == ["SỞ VĂN HÓA, THỂ THAO VÀ DU LỊCH"]
    assert bodies_of(["VĂN PHÒNG", "CHÍNH PHỦ"]) == ["VĂN PHÒNG CHÍNH PHỦ"]


@pytest.mark.parametrize(
    ("title", "doc_type", "issued_on", "period"),
    [
        ("Trồng cây năm 2026", "KH", "2026-01-05", "2026"),
        ("Trồng cây giai đoạn 2021 - 2025 năm 2022", "KH", "2022-01-05", "2022"),
        ("TRỒNG CÂY GIAI ĐOẠN 2026- 2030", "KH", "2025-11-05", "2026/2030"),
        ("Trồng cây giai đoạn 2025-2035, định hướng đến năm 2045", "KH", "2025-11-05", "2025/2035"),
        ("Trồng cây đến năm 2035", "KH", "2025-11-05", "2025/2035"),
        ("Trồng cây đến năm 2030, tầm nhìn đến năm 2050", "KH", "2025-11-05", "2025/2030"),
        ("Bãi bỏ quy hoạch vườn hoa đến năm 2025", "TTr", "2024-11-05", None),
        ("Vườn trường năm học 2025 - 2026", "KH", "2025-09-05", "2025/2026"),
        ("Bầu ban quản lý vườn nhiệm kỳ 2026 - 2031", "KH", "2026-01-05", None),
        ("Sửa đổi Quyết định ngày 5 tháng 6 năm 2025", "QĐ", "2025-11-05", None),
        ("Về chế độ đối với người trồng rừng từ năm 1975", "QĐ", "2011-11-05", None),
        ("Tham dự hội nghị vườn ươm giai đoạn 2021 - 2030", "TB", "2024-11-05", None),
    ],
)
def test_periods(title: str, doc_type: str, issued_on: str, period: str | None) -> None:
    assert period_of(title, doc_type, issued_on) == period


@pytest.mark.parametrize("text", ["", "\n \n", "abc", "|\n|\n", "Số: 12/KH-UBND", "KẾ HOẠCH"])
def test_nearly_nothing_is_read_without_fault(text: str) -> None:
    header, layout, view = read(text)
    assert layout.end <= len(view.text)
    assert header.signer is None


@pytest.mark.parametrize(
    "unit",
    [
        "Nơi nhận: ",
        "KT. CHỦ TỊCH\n",
        "ngày tháng năm ",
        "A B C D E F, ngày ",
        "Số: Số: ",
        "CỘNG HÒA XÃ HỘI ",
        "ỦY BAN NHÂN DÂN ",
        "| ",
        "- Lưu: VT; ",
        "xã Xã Xã Xã Xã Xã Xã ",
    ],
)
def test_hostile_repetitions_take_linear_time(unit: str) -> None:
    units = load_units()
    grows_in_proportion(lambda text: read_letterhead(build_view(text), units), repeated(unit), 200_000)

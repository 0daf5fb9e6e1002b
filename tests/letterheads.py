"""Letterheads as they come: stacked, in columns, in tables, on one line, misread.

The names of persons and of plans are invented; provinces are real, so that the gazetteer can be asked.
"""

from __future__ import annotations

from extract.letterhead import read_letterhead
from extract.records import Header, Layout
from extract.text import View, build_view
from rules.units import load_units

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

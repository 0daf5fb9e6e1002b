"""Plans written for the tests, with invented names: a letterhead, a body and a signature around given lines."""

from __future__ import annotations

import hashlib

from extract.pipeline import extract
from extract.records import Document, Source
from extract.text import canonical

HEAD = """UBND HUYỆN TÂN MAI
ỦY BAN NHÂN DÂN XÃ BÌNH HOÀ THƯỢNG
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc

{number}
Bình Hoà Thượng, {day}

KẾ HOẠCH
Nâng cấp đường liên thôn trên địa bàn xã năm 2024

{basis}

UBND xã xây dựng Kế hoạch với các nội dung sau:

{body}

Nơi nhận:
- UBND huyện;
- Lưu: VT.

TM. ỦY BAN NHÂN DÂN
{sign}
"""
BODY = """I. MỤC ĐÍCH, YÊU CẦU
1. Mục đích
Đường đi lại thuận tiện.
2. Yêu cầu
Làm đúng thiết kế.
II. TỔ CHỨC THỰC HIỆN
1. Công chức Địa chính
Chủ trì thực hiện Kế hoạch này."""
BASIS = "Thực hiện Kế hoạch số 41/KH-UBND ngày 05/3/2024 của UBND huyện Tân Mai về giao thông nông thôn;"


def plan(
    *,
    number: str = "Số: 12/KH-UBND",
    day: str = "ngày 24 tháng 6 năm 2024",
    basis: str = BASIS,
    body: str = BODY,
    sign: str = "CHỦ TỊCH\n\nTrần Văn Mẫu",
) -> str:
    """The text of a plan; each part can be given otherwise."""
    return HEAD.format(number=number, day=day, basis=basis, body=body, sign=sign)


def extracted(text: str) -> Document:
    """All facts of a text."""
    text = canonical(text)
    return extract(
        Source(path="plan.txt", sha256=hashlib.sha256(text.encode()).hexdigest(), media_type="text/plain", text=text)
    )

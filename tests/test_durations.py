"""Terms that count from an event."""

from __future__ import annotations

import pytest

from extract.durations import find_terms

TERMS = {
    "days from receipt": ("trong thời hạn 05 ngày kể từ ngày nhận đơn.", "P5D", "ngày nhận đơn"),
    "working days": ("không quá 05 ngày làm việc kể từ ngày ban hành Thông báo.", "P5D", "ngày ban hành Thông báo"),
    "number said in brackets": ("Trong thời hạn 07 (bảy) ngày kể từ khi có kết quả;", "P7D", "khi có kết quả"),
    "first hours": ("trong 24 giờ đầu kể từ khi đến hiện trường", "PT24H", "khi đến hiện trường"),
    "a span of hours": ("trong 24-48 giờ sau khi nước rút.", "PT48H", "sau khi nước rút"),
    "event before the term": ("trước ngày khai mạc 10 ngày)", "P10D", "trước ngày khai mạc"),
    "either before the event or after": (
        "xin phép trước ngày khởi công nhà hoặc trong thời hạn 30 ngày kể từ ngày khởi công nhà.",
        "P30D",
        "ngày khởi công nhà",
    ),
    "a stage": ("Giai đoạn khẩn cấp (0-48 giờ)", "PT48H", None),
    "months": ("trong vòng 3 tháng kể từ ngày ký", "P3M", "ngày ký"),
}


@pytest.mark.parametrize(("text", "duration", "anchor"), TERMS.values(), ids=TERMS.keys())
def test_reads_terms(text: str, duration: str, anchor: str | None) -> None:
    (term,) = find_terms(text, 0, len(text))
    assert (term.duration, term.anchor) == (duration, anchor)


def test_a_term_begins_with_its_first_word() -> None:
    text = "Trong thời hạn không quá 7 ngày làm việc, kể từ ngày đo xong ruộng"
    (term,) = find_terms(text, 0, len(text))
    assert (term.start, term.end) == (0, len(text))


def test_a_long_event_ends_with_a_word() -> None:
    text = "trong 05 ngày kể từ ngày tổ bầu cử thôn gửi danh sách của các hộ mới đến " + "trong trường hợp đó " * 5
    (term,) = find_terms(text, 0, len(text))
    assert text[term.end] == " "


@pytest.mark.parametrize("text", ["họp trong 02 ngày", "trẻ từ 06 tháng tuổi", "24/24 giờ", "3 ngày Tết"])
def test_no_term(text: str) -> None:
    assert list(find_terms(text, 0, len(text))) == []

"""What binds an act of the document in time, and what does not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from extract.deadlines import find_deadlines
from extract.records import Citation, Deadline, Role
from tests.growth import grows_in_proportion, repeated
from tests.small import Unit, small


def _found(text: str, role: Role = "organization", period: str | None = None) -> tuple[Deadline, ...]:
    doc = small(f"V. PHẦN\n{text}", ("V", "V. PHẦN", role), period=period)
    return find_deadlines(doc.view, doc.layout, doc.header, doc.sections, ())


def _brief(deadline: Deadline) -> tuple[str, str | None]:
    days = f"{deadline.from_day or ''}..{deadline.to_day or ''}"
    return deadline.kind, deadline.rrule or deadline.duration or days


CASES: dict[str, tuple[str, Role, list[tuple[str, str]]]] = {
    "before a day": ("Báo cáo về Sở trước ngày 15/12/2031.", "organization", [("due", "..2031-12-15")]),
    "at the latest": ("Gửi chậm nhất là ngày 20/6/2031.", "organization", [("due", "..2031-06-20")]),
    "at the latest, the act between": (
        "Chậm nhất gửi báo cáo về Sở Y tế ngày 23/3/2031.",
        "organization",
        [("due", "..2031-03-23")],
    ),
    "a moment that is counted at": ("Kiểm kê tại thời điểm 0h00 ngày 01/01/2032.", "content", []),
    "a cited code's day": ("- Thông tri số 04/TT-MTTW-BTT Ngày 04/11/2031", "content", []),
    "at the latest with an hour": ("chậm nhất 17 giờ 00 ngày 20/6/2031", "organization", [("due", "..2031-06-20")]),
    "done within a month": (
        "hoàn thành xong trong tháng 11/2031.",
        "organization",
        [("window", "2031-11-01..2031-11-30")],
    ),
    "time asked for": (
        "- Thời gian thực hiện: Quý II, III năm 2031.",
        "content",
        [("window", "2031-04-01..2031-09-30")],
    ),
    "from one month to another": (
        "Thực hiện từ tháng 3 đến tháng 10 năm 2031.",
        "content",
        [("window", "2031-03-01..2031-10-31")],
    ),
    "and the years after": (
        "Thời gian thực hiện: Năm 2031 và các năm tiếp theo",
        "content",
        [("window", "2031-01-01..")],
    ),
    "a goal's year": ("Phấn đấu đến năm 2035 đạt 80% hộ.", "objectives", [("due", "..2035-12-31")]),
    "from a year on": ("Từ năm 2032 trở đi, 100% xã công khai.", "objectives", [("window", "2032-01-01..")]),
    "an event at an hour": (
        "Lúc 14 giờ 00 phút, ngày 28 tháng 4 năm 2031.",
        "schedule",
        [("window", "2031-04-28..2031-04-28")],
    ),
    "a day ahead": ("1. Khai mạc: Ngày 26/8/2031 (thứ Ba).", "content", [("window", "2031-08-26..2031-08-26")]),
    "every year before a day": (
        "Định kỳ báo cáo trước ngày 15/11 hằng năm.",
        "organization",
        [("recurring", "FREQ=YEARLY;BYMONTH=11;BYMONTHDAY=15")],
    ),
    "every year, the day in brackets": (
        "báo cáo hằng năm (trước ngày 15 tháng 11).",
        "organization",
        [("recurring", "FREQ=YEARLY;BYMONTH=11;BYMONTHDAY=15")],
    ),
    "two days every year": (
        "báo cáo trước ngày 01/6 và 15/11 hằng năm.",
        "organization",
        [("recurring", "FREQ=YEARLY;BYMONTH=6;BYMONTHDAY=1"), ("recurring", "FREQ=YEARLY;BYMONTH=11;BYMONTHDAY=15")],
    ),
    "a day every month": ("trước ngày 25 hằng tháng", "organization", [("recurring", "FREQ=MONTHLY;BYMONTHDAY=25")]),
    "months every year": (
        "Thời gian: Từ tháng 3 đến tháng 5 hằng năm.",
        "content",
        [("recurring", "FREQ=YEARLY;BYMONTH=3,4,5")],
    ),
    "months every year to a day": (
        "Thời gian: Từ tháng 11 đến ngày 15 tháng 12 hằng năm.",
        "content",
        [("recurring", "FREQ=YEARLY;BYMONTH=11,12")],
    ),
    "report every year": ("Hằng năm, rà soát và báo cáo kết quả.", "organization", [("recurring", "FREQ=YEARLY")]),
    "a yearly plan sets no recurrence": ("bố trí trong dự toán ngân sách hằng năm.", "organization", []),
    "last century": ("người tham gia trước ngày 01 tháng 01 năm 1945", "content", []),
    "a month of the last century": ("làm nhiệm vụ từ tháng 5 năm 1975 đến tháng 12 năm 1992;", "content", []),
    "what happened before a day": ("người đã từ trần trước ngày 01 tháng 5 năm 2031", "content", []),
    "until the effect ends": ("Thông tư có hiệu lực kể từ ngày ký đến hết ngày 24/02/2035.", "content", []),
    "a fraction": ("dài từ 1/3 đến 1/2 độ dài dòng chữ", "content", []),
    "half a year and a year with their days": (
        "Số liệu gửi xã định kỳ 6 tháng (trước ngày 15/6) và hằng năm (trước ngày 15/11).",
        "organization",
        [("recurring", "FREQ=YEARLY;BYMONTH=6;BYMONTHDAY=15"), ("recurring", "FREQ=YEARLY;BYMONTH=11;BYMONTHDAY=15")],
    ),
    "granted so often": ("được hỗ trợ tối đa 01 lần/năm.", "content", []),
    "a term": (
        "trả lời trong thời hạn 05 ngày kể từ ngày nhận đơn.",
        "organization",
        [("relative", "P5D")],
    ),
    "half year names the report": ("6 tháng trước ngày 15/6/2031;", "organization", [("due", "..2031-06-15")]),
    "a programme's years": ("thuộc Chương trình phát triển rừng giai đoạn 2031-2035.", "content", []),
    "a strategy's horizon": ("Chiến lược phát triển du lịch đến năm 2040.", "content", []),
    "effect": ("Quyết định có hiệu lực thi hành kể từ ngày 01 tháng 12 năm 2031.", "organization", []),
    "effect after a term": ("có hiệu lực sau 10 ngày kể từ ngày ký.", "organization", []),
    "what is past": ("Theo báo cáo, đến ngày 19/02/2031 đã có 15 xã.", "content", []),
    "a year of a result": ("Kết quả thực hiện năm 2030", "content", []),
    "in quotes": ('phong trào "Thi đua đến năm 2040"', "content", []),
}


@pytest.mark.parametrize(("text", "role", "wanted"), CASES.values(), ids=CASES.keys())
def test_deadline(text: str, role: Role, wanted: list[tuple[str, str]]) -> None:
    assert [_brief(d) for d in _found(text, role)] == wanted


@pytest.mark.parametrize(("code", "kept"), [("158/2031/NĐ-CP", 0), (None, 1)])
def test_a_document_without_a_date_is_as_old_as_its_code(code: str | None, kept: int) -> None:
    doc = small("V. PHẦN\ntrước ngày 01/01/1995", ("V", "V. PHẦN", "organization"), issued=None)
    found = find_deadlines(doc.view, doc.layout, replace(doc.header, code=code), doc.sections, ())
    assert len(found) == kept


def test_a_document_without_a_date_is_no_older_than_what_it_cites() -> None:
    text = "V. PHẦN\nKế hoạch số 1/KH ngày 02/3/2031; trước ngày 01/01/1995"
    doc = small(text, ("V", "V. PHẦN", "organization"), issued=None)
    cited = Citation(start=8, end=40, doc_type="KH", code="1/KH", code_text="1/KH", issued_on="2031-03-02")
    assert find_deadlines(doc.view, doc.layout, doc.header, doc.sections, (cited,)) == ()


def test_a_cited_date_binds_nothing() -> None:
    doc = small("V. PHẦN\ntrước ngày 15/12/2031", ("V", "V. PHẦN", "organization"))
    cited = Citation(start=8, end=len(doc.view.source), doc_type="KH", code=None, code_text=None)
    assert find_deadlines(doc.view, doc.layout, doc.header, doc.sections, (cited,)) == ()


def test_before_excludes_the_day() -> None:
    assert _found("trước ngày 15/12/2031")[0].before
    assert not _found("chậm nhất ngày 15/12/2031")[0].before


def test_missing_year_comes_from_the_document() -> None:
    (found,) = _found("gửi báo cáo trước ngày 15/12.", period="2031")
    assert (found.to_day, found.year_given, found.uncertain) == ("2031-12-15", False, ("to",))


def test_missing_year_that_is_over_is_the_next() -> None:
    (found,) = _found("gửi báo cáo trước ngày 20/01.")
    assert found.to_day == "2031-01-20"  # seven weeks before the day of issue: a report that is late
    doc = small("V. PHẦN\ngửi trước ngày 20/01.", ("V", "V. PHẦN", "organization"), issued="2031-11-10")
    (found,) = find_deadlines(doc.view, doc.layout, doc.header, doc.sections, ())
    assert found.to_day == "2032-01-20"


def test_a_day_without_a_year_returns_in_a_plan_of_several_years() -> None:
    (found,) = _found("báo cáo trước ngày 20/11 về Sở.", period="2031/2035")
    assert found.rrule == "FREQ=YEARLY;BYMONTH=11;BYMONTHDAY=20"


def test_a_missed_day_is_kept() -> None:
    (found,) = _found("báo cáo trước ngày 01/3/2031")
    assert found.to_day == "2031-03-01"


def test_the_body_whose_unit_it_is_must_act() -> None:
    text = (
        "V. PHẦN\n1. Sở Y tế: Rà soát\n- Báo cáo trước ngày 15/12/2031.\n2. Tuyên truyền\nxong trước ngày 16/12/2031."
    )
    units: tuple[Unit, ...] = (("V", "V. PHẦN", "organization"), ("V/1", "1. Sở Y tế", None), ("V/2", "2. Tuyên", None))
    doc = small(text, *units)
    sections = tuple(replace(s, title=s.title.split(". ", 1)[-1]) for s in doc.sections)
    found = find_deadlines(doc.view, doc.layout, doc.header, sections, ())
    assert [d.agency for d in found] == ["Sở Y tế", None]


def test_section_and_evidence() -> None:
    (found,) = _found("Gửi về phòng\ntrước ngày 15/12/2031.")
    assert found.section == "V"
    assert found.start > 0


@pytest.mark.parametrize(
    "piece", ["trước ngày 1/1 ", "hằng năm ", "định kỳ 6 tháng, ", "5 ngày kể từ ngày ", "(", "năm 2031 "]
)
def test_hostile_repetition_takes_linear_time(piece: str) -> None:
    grows_in_proportion(_found, repeated(piece), 200_000)

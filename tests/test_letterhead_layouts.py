"""One letterhead in the layouts that readers of pages, tables and columns leave behind: the same fields from each."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pytest

from extract.letterhead import read_letterhead
from extract.text import build_view, canonical
from rules.units import load_units

DAY = "ngày 18 tháng 11 năm 2025"
TITLE = "Về trồng cây ven đường năm 2026"
STATE = ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc")
PARTY = ("ĐẢNG CỘNG SẢN VIỆT NAM",)
BODY = (
    "\n\nCăn cứ Luật Giá số 16/2023/QH15;\n\nCơ quan làm những việc sau:\n\nI. MỤC ĐÍCH\n\n- Đường có bóng mát.\n\n"
    "II. KINH PHÍ\n\n- Do xã chi.\n\nNơi nhận:\n- Như trên;\n- Lưu: VT.\nCHỦ TỊCH\n\nTrần Văn Mẫu\n"
)


@dataclass(frozen=True)
class Head:
    """The parts of a letterhead as printed, and the kind and issuer that they name."""

    agency: Sequence[str]
    number: str
    kind: str
    place: str
    doc_type: str
    issuer: str
    motto: Sequence[str] = STATE

    @property
    def date(self) -> str:
        return f"{self.place}, {DAY}"


HEADS = (
    Head(("ỦY BAN NHÂN DÂN", "TỈNH HÀ NAM"), "Số: 16/KH-UBND", "KẾ HOẠCH", "Hà Nam", "KH", "UBND tỉnh Hà Nam"),
    Head(("ỦY BAN NHÂN DÂN", "XÃ AN HƯNG"), "Số: 7/KH-UBND", "KẾ HOẠCH", "An Hưng", "KH", "UBND xã An Hưng"),
    Head(("UBND TỈNH HÀ NAM", "SỞ TÀI CHÍNH"), "Số: 5/KH-STC", "KẾ HOẠCH", "Hà Nam", "KH", "Sở Tài chính tỉnh Hà Nam"),
    Head(("UBND XÃ AN HƯNG", "PHÒNG KINH TẾ"), "Số: 3/KH-PKT", "KẾ HOẠCH", "An Hưng", "KH", "Phòng Kinh tế xã An Hưng"),
    Head(
        ("HỘI ĐỒNG NHÂN DÂN", "THÀNH PHỐ HÀ NỘI"),
        "Số: 12/2025/NQ-HĐND",
        "NGHỊ QUYẾT",
        "Hà Nội",
        "NQ",
        "HĐND thành phố Hà Nội",
    ),
    Head(("TỈNH ỦY HÀ NAM", "*"), "Số 30-KH/TU", "KẾ HOẠCH", "Hà Nam", "KH", "Tỉnh ủy Hà Nam", PARTY),
    Head(
        ("ĐẢNG BỘ TỈNH HÀ NAM", "ĐẢNG ỦY XÃ AN HƯNG", "*"),
        "Số 30-CTr/ĐU",
        "CHƯƠNG TRÌNH",
        "An Hưng",
        "CTr",
        "Đảng ủy xã An Hưng",
        PARTY,
    ),
    Head(
        ("ỦY BAN MTTQ VIỆT NAM", "XÃ AN HƯNG", "BAN THƯỜNG TRỰC"),
        "Số: 16/KH-MTTQ-BTT",
        "KẾ HOẠCH",
        "An Hưng",
        "KH",
        "Ban Thường trực Ủy ban MTTQ Việt Nam xã An Hưng",
    ),
    Head(("THỦ TƯỚNG CHÍNH PHỦ",), "Số: 5/QĐ-TTg", "QUYẾT ĐỊNH", "Hà Nội", "QĐ", "Thủ tướng Chính phủ"),
    Head(("BỘ Y TẾ",), "Số: 160/QĐ-BYT", "QUYẾT ĐỊNH", "Hà Nội", "QĐ", "Bộ Y tế"),
)


def _rows(head: Head, gap: str) -> str:
    left = (head.agency[0], " ".join(head.agency[1:]), head.number)
    right = (head.motto[0], head.motto[1] if len(head.motto) > 1 else "", head.date)
    lines = [f"{a}{gap}{b}".strip() for a, b in zip(left, right, strict=True)]
    return "\n".join([*lines, head.kind, TITLE])


def _piped(head: Head) -> str:
    agency, motto = "**\n**".join(head.agency), "\n".join(head.motto)
    number = f"|\n|\n{head.number}\n|\n*{head.date}*\n|\n|"
    top = f"|\n|\n**{agency}**\n-------\n|\n**{motto}**\n---------------"
    return f"{top}\n{number}\n\n**{head.kind}**\n\n**{TITLE.upper()}**"


def _table(head: Head) -> str:
    top = f"| {' '.join(head.agency)} ------- | {' '.join(head.motto)} --------------- |\n|---|---|"
    return f"{top}\n| {head.number} | {head.date} |\n\n{head.kind}\n\n{TITLE}"


def _bold(head: Head) -> str:
    agency, motto = "\n".join(f"**{a}**" for a in head.agency), "\n\n".join(f"**{m}**" for m in head.motto)
    return f"# Trang\n\n{agency}\n\n{head.number}\n\n{motto}\n\n*{head.date}*\n\n**{head.kind}**\n\n**{TITLE}**"


def _left_first(head: Head, joint: str = "\n") -> str:
    return joint.join([*head.agency, head.number, *head.motto, head.date, head.kind, TITLE])


LAYOUTS: dict[str, Callable[[Head], str]] = {
    "left column first": _left_first,
    "a blank line after every line": lambda head: _left_first(head, "\n\n"),
    "right column first": lambda head: "\n".join([*head.motto, head.date, *head.agency, head.number, head.kind, TITLE]),
    "rows": lambda head: _rows(head, " "),
    "rows with wide gaps": lambda head: _rows(head, " " * 10),
    "cells on lines": _piped,
    "a table of Markdown": _table,
    "bold lines": _bold,
    "decomposed letters": lambda head: unicodedata.normalize("NFD", _left_first(head)),
    "the day in digits": lambda head: _left_first(head).replace(DAY, "ngày 18/11/2025"),
    "the abstract on the line of the type": lambda head: _left_first(head).replace(
        f"{head.kind}\n{TITLE}", f"{head.kind} {TITLE}"
    ),
}


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("head", HEADS, ids=lambda head: head.issuer)
def test_the_same_fields_from_every_layout(layout: str, head: Head) -> None:
    header, _ = read_letterhead(build_view(canonical(LAYOUTS[layout](head) + BODY)), load_units())
    read = (header.doc_type, header.code, header.issuer, header.place, header.issued_on, (header.title or "").lower())
    code = head.number.partition(" ")[2]
    assert read == (head.doc_type, code, head.issuer, head.place, "2025-11-18", TITLE.lower())


@pytest.mark.parametrize(
    ("left", "issuer"),
    [
        (
            "ỦY BAN MẶT TRẬN TỔ\nQUỐC VIỆT NAM\n\nTỈNH TUYÊN QUANG\n\nBAN THƯỜNG\nTRỰC\n\nSố:      /HD-\nMTTQ-BTT",
            "Ban Thường trực Ủy ban MTTQ Việt Nam tỉnh Tuyên Quang",
        ),
        (
            "UỶ\nBAN MTTQ VIỆT NAM\n\nPHƯỜNG\nMINH XUÂN\n\nBAN THƯỜNG\nTRỰC\n\nSố:      /KH-MTTQ-BTT",
            "Ban Thường trực Ủy ban MTTQ Việt Nam phường Minh Xuân",
        ),
    ],
    ids=["six lines above the motto", "a name broken after its first word"],
)
def test_a_left_column_of_many_short_lines(left: str, issuer: str) -> None:
    """A word processor's settings stand above, as files saved from it have them."""
    text = (
        f"Normal\nfalse\n\nEN-US\nX-NONE\nX-NONE\n\n{left}\n\nCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\n\n"
        "Độc lập - Tự do - Hạnh phúc\n\nngày    tháng 11 năm 2025\n\nKẾ HOẠCH\n\nTrồng cây xanh\n\n"
        "I. MỤC ĐÍCH\nTrồng cây.\n"
    )
    header, _ = read_letterhead(build_view(text), load_units())
    assert header.issuer == issuer

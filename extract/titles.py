"""The type line and the abstract (trích yếu) of a document, and the years that its title plans for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from extract.text import View
from rules.loader import table

_PREAMBLE = re.compile(
    r"(?:Căn cứ|Thực hiện|Xét|Theo đề nghị|Theo |Phúc đáp|Kính gửi|Để |Nhằm|Trên cơ sở|Trong |Ngày \d|Sau khi|Hiện nay|"
    r"Triển khai|Kế hoạch này|Qua |Được sự|Tiếp tục|Hưởng ứng|Đến nay|Vừa qua|Thời gian qua|Từ |Năm |Luật này|"
    r"I\s?[.-]|I\s?/|A\s?[.-]|1\s?[./]|Điều 1\b|ĐIỀU 1\b|Phần |PHẦN |Chương |CHƯƠNG |\(?(?:Ban hành )?[Kk]èm theo|\((?:Ban hành|Kèm))"
)
_MIXED_STOP = re.compile(
    r"(?:Căn cứ|Thực hiện|Xét |Phúc đáp|Kính gửi|I\s?[.-] |I\s?/|A\s?[.-] |1\s?[./]|Điều 1\b|Phần |\(?(?:Ban hành )?[Kk]èm theo|\((?:Ban hành|Kèm))"
)
_ISSUING = re.compile(
    r"(?:CHỦ TỊCH|BỘ TRƯỞNG|THỦ TƯỚNG|CHÍNH PHỦ|QUỐC HỘI|HỘI ĐỒNG NHÂN DÂN|[ỦU][YỶ] BAN|UBND|HĐND|GIÁM ĐỐC|TỔNG |THỐNG ĐỐC|"
    r"BAN (?:THƯỜNG|CHẤP|CHỈ)|TRƯỞNG BAN|HIỆU TRƯỞNG|CỤC TRƯỞNG|VIỆN TRƯỞNG|CHÁNH|SỞ |BỘ )"
)
_ENDS = re.compile(r"[\s.:;,_*-]+\Z")
_PERIOD = re.compile(
    r"(?<![\d/.-])(?P<a>(?:19|20)\d{2})\s?-\s?(?P<b>(?:19|20)\d{2})(?!\d)"
    r"|(?:từ năm|TỪ NĂM) (?P<c>20\d{2}) (?:đến|ĐẾN)(?: năm| NĂM)? (?P<d>20\d{2})"
)
_YEAR = re.compile(r"(?:[Nn]ăm|NĂM) (?:học )?(?P<y>(?:19|20)\d{2})(?!\s?-|\d)")
_TERM = re.compile(r"(?:[Nn]hiệm kỳ|NHIỆM KỲ|[Kk]hóa|KHÓA)[^,;]{0,12}\Z")


@dataclass(frozen=True, slots=True)
class TypeLine:
    """The type that a line names: its code, its name's span, and where the words after the name begin."""

    code: str
    start: int
    end: int


@cache
def _type_pattern() -> tuple[re.Pattern[str], dict[str, str]]:
    names: dict[str, str] = {}
    for row in table("doc_types.csv"):
        if row["heading"] == "yes":
            for name in (row["name_vi"], *row["variants"].split(";")):
                if name:
                    names[name.upper()] = row["code"]
    longest = sorted(names, key=len, reverse=True)
    alternatives = "|".join(name.replace(" ", r"\s+") for name in longest)
    return re.compile(rf"(?:[^\w\s]{{0,4}}\s?(?:[^\W\d]{{1,2}}\s)?)?(?P<name>{alternatives})(?!\w)"), names


def type_line(view: View, start: int, end: int) -> TypeLine | None:
    """The type that the words ``start:end`` of the view begin with in capitals, or None."""
    pattern, names = _type_pattern()
    text = view.text
    match = pattern.match(text, start, end)
    if match is None:
        return None
    rest = text[match.end() : end].strip(" .:-_*")
    if rest and not _mostly_upper(rest[:60]):
        return None
    return TypeLine(names[" ".join(match["name"].split())], match.start("name"), match.end())


def _mostly_upper(words: str) -> bool:
    upper = sum(sign.isupper() for sign in words)
    lower = sum(sign.islower() for sign in words)
    return upper > 3 * lower


def title_span(view: View, line: int, start: int, issuer_words: str) -> tuple[int, int, int]:
    """(start, end, line after) of the abstract that begins at or after the view offset `start` on line `line`."""
    lines, text = view.lines, view.text
    first = start
    i = line
    if not text[first : lines[i].end].strip(" .:-_*"):
        i += 1
        if i >= len(lines):
            return start, start, i
        first = lines[i].start
    if _is_preamble(view, i, first):
        return first, first, i
    run = lines[i].end
    if lines[i].end - first > 300 and (cut := _upper_run(text, first, lines[i].end)) is not None:
        return first, cut, i
    upper = _mostly_upper(text[first:run])
    j = i + 1
    while j < len(lines) and j < i + 14 and _goes_on(view, j, upper, issuer_words):
        run = lines[j].end
        j += 1
    return first, run, j


def _upper_run(text: str, start: int, end: int) -> int | None:
    """Where the capitals of a title end that stands on one line with the text after it."""
    match = re.compile(r"\s(?=(?:Căn cứ|Thực hiện|Kính gửi|Xét|[A-ZĐ][a-zà-ỹ]+ [a-zà-ỹ]))").search(text, start, end)
    return match.start() if match and _mostly_upper(text[start : match.start()]) else None


def _is_preamble(view: View, i: int, first: int) -> bool:
    words = view.text[first : view.lines[i].end]
    if words.startswith(("Căn cứ", "Kính gửi", "I.", "1.", "A.", "Điều 1")):
        return True
    return False


def _goes_on(view: View, j: int, upper: bool, issuer_words: str) -> bool:
    line = view.lines[j]
    words = view.text[line.start : line.end]
    stop = _PREAMBLE if line.blanks else _MIXED_STOP
    if stop.match(words) and (line.hard or line.blanks or words.startswith(("Căn cứ", "Kính gửi"))):
        return False
    if upper:
        if not _mostly_upper(words) and line.hard:
            return False
        if not _mostly_upper(words):
            return not words[:1].isupper()
        return not (_ISSUING.match(words) and _before_basis(view, j))
    if line.blanks:
        return False
    previous = view.text[view.lines[j - 1].start : view.lines[j - 1].end]
    if previous.endswith((".", ":")) and previous[-2:-1] != " " and words[:1].isupper():
        return False
    return not (_mostly_upper(words) and _ISSUING.match(words))


def _before_basis(view: View, j: int) -> bool:
    """Whether the lines after `j` begin the bases: then the line `j` names who decides."""
    for line in view.lines[j + 1 : j + 4]:
        words = view.text[line.start : line.end]
        if words.startswith(("Căn cứ", "Xét", "Theo", "KHÓA", "KHOÁ", "Kỳ họp")):
            return True
        if not _mostly_upper(words):
            return False
    return False


def tidy_title(words: str) -> str:
    """The abstract on one line, without what surrounds it."""
    return " ".join(words.replace("*", "").split()).strip(" -_|").rstrip(".,;:")


def period_of(title: str, doc_type: str | None = None, issued_on: str | None = None) -> str | None:
    """The years that a title plans for: `2026`, `2021/2025`, None.

    The last single year wins over a programme's period named before it (`... giai đoạn 2021 - 2025 năm 2022`);
    `đến năm 2035` alone runs from the year of issue. A notice plans nothing: a period in its title is another's.

    >>> period_of("Giảm nghèo bền vững giai đoạn 2021 - 2025 năm 2022"), period_of("GIAI ĐOẠN 2026- 2030")
    ('2022', '2026/2030')
    >>> period_of("bầu cử đại biểu nhiệm kỳ 2026 - 2031")
    """
    span = None
    for match in _PERIOD.finditer(title):
        if not _TERM.search(title[: match.start()]):
            span = match
    year = None
    for match in _YEAR.finditer(title):
        year = match
    if year is not None and (span is None or year.start() > span.start()):
        until = title[: year.start()].rstrip().lower().endswith(("đến", "tới"))
        if not until:
            return year["y"]
        if span is None:
            return f"{issued_on[:4]}/{year['y']}" if issued_on and issued_on[:4] < year["y"] else year["y"]
    if span is None or doc_type in ("TB", "GM", "CĐ"):
        return None
    return f"{span['a']}/{span['b']}" if span["a"] else f"{span['c']}/{span['d']}"

"""How often an act returns: `hằng năm`, `mỗi quý`, `2 lần/tháng`, `định kỳ 6 tháng`, as parts of an RFC 5545 rule."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from extract.periods import Atom

Frequency = Literal["YEARLY", "MONTHLY", "WEEKLY", "DAILY"]

_SPAN: dict[str, tuple[Frequency, int]] = {
    "năm": ("YEARLY", 1),
    "quý": ("MONTHLY", 3),
    "tháng": ("MONTHLY", 1),
    "tuần": ("WEEKLY", 1),
    "ngày": ("DAILY", 1),
}
_COUNTED = {"hai": 2, "ba": 3, "sáu": 6, "chín": 9}
# Each begins with literal letters, so that the search runs at full speed; the first letter is looked up.
_EVERY = tuple(
    (re.compile(rf"{end} (?P<span>năm|quý|tháng|tuần|ngày)(?![\w])"), first)
    for end, first in (("ằng", "hH"), ("àng", "hH"), ("ỗi", "mM"))
)
_TIMES = tuple(
    re.compile(rf"{word}(?: quan trắc)? ?/ ?(?:(?:0?1|một) )?(?P<span>năm|quý|tháng|tuần|ngày)(?![\w])")
    for word in ("lần", "đợt", "phiên")
)
_COUNT_BEFORE = re.compile(r"(?:[ Íi]t nhất |[Tt]ối thiểu )?(?<![0-9.,/])[0-9]{1,2} ?\Z")
_ONCE = re.compile(r"lần(?![\w])")
_SPANNED = re.compile(
    r"(?P<n>0?[1-9]|1[0-2]|hai|ba|sáu|chín) (?P<span>tháng|năm|tuần)(?: ?/ ?(?:0?1 |một )?| (?:0?1|một) )\Z"
)
_REGULAR = re.compile(
    r"ịnh kỳ,?:? ?\(?(?P<list>(?:(?:(?:hằng|hàng|mỗi|theo) )?(?:(?:0?[1-9]|hai|ba|sáu|chín) tháng|quý|tháng|tuần|năm)"
    r"(?![\w])(?! [0-9])(?:(?: đầu năm)?,? và |, ?| và )?){1,4})"
)
_HALF_AND_YEAR = re.compile(r"6 tháng(?: đầu năm)?(?P<gap>,| và) (?:(?:hằng|hàng|cả|một) )?năm(?! 20)")
_ITEM = re.compile(r"(?:(?P<n>0?[1-9]|hai|ba|sáu|chín) )?(?P<span>tháng|quý|tuần|năm)")
_WEEKDAY = re.compile(
    r"[Tt]hứ (?P<day>[Hh]ai|[Bb]a|[Tt]ư|[Nn]ăm|[Ss]áu|[Bb]ảy|[2-7])|(?P<sunday>[Cc]hủ nhật|[Cc]hủ Nhật)"
)
_HOUR = re.compile(r"([0-9]{1,2}) ?(?:giờ|h|g)")
_HOURS = re.compile(r" ?\((?:trước |vào |lúc )?(?:(?:, ?| và )?[0-9]{1,2} ?(?:giờ|h|g)(?: ?[0-9]{2})?'?){1,6}\)?")
_DAYS = {"hai": "MO", "ba": "TU", "tư": "WE", "năm": "TH", "sáu": "FR", "bảy": "SA"}
_NUMBERED = {"2": "MO", "3": "TU", "4": "WE", "5": "TH", "6": "FR", "7": "SA"}


@dataclass(slots=True)
class Recurrence:
    """A printed recurrence: every `interval` units of `frequency`. `sure` where the words can mean nothing else."""

    start: int
    end: int
    frequency: Frequency
    interval: int
    sure: bool

    def rule(self, parts: Sequence[str] = ()) -> str:
        """The RFC 5545 rule, with further parts (`BYMONTH=11`)."""
        head = [f"FREQ={self.frequency}"]
        if self.interval > 1:
            head.append(f"INTERVAL={self.interval}")
        return ";".join([*head, *parts])


def _made(start: int, end: int, span: str, count: str | None, sure: bool) -> Recurrence:
    frequency, interval = _SPAN[span]
    times = (_COUNTED.get(count) or int(count)) if count else 1
    return Recurrence(start, end, frequency, interval * times, sure)


def find_recurrences(text: str, start: int, stop: int) -> Iterator[Recurrence]:
    """Every printed recurrence between `start` and `stop`, in reading order, overlapping ones once."""
    found = sorted(
        (*_every(text, start, stop), *_times(text, start, stop), *_regular(text, start, stop)),
        key=lambda r: (r.start, -r.end),
    )
    kept: list[Recurrence] = []
    for recurrence in found:
        last = kept[-1] if kept else None
        if last and text[last.end : recurrence.start] == " (" and text[recurrence.end : recurrence.end + 1] == ")":
            kept[-1] = replace(last, end=recurrence.end + 1)
        elif last is None or recurrence.start >= last.end:
            kept.append(recurrence)
    yield from kept


def _every(text: str, start: int, stop: int) -> Iterator[Recurrence]:
    for pattern, first in _EVERY:
        for m in pattern.finditer(text, start, stop):
            begin = m.start() - 1
            if begin >= 0 and text[begin] in first and not text[begin - 1 : begin].isalpha():
                yield _made(begin, m.end(), m["span"], None, False)


def _times(text: str, start: int, stop: int) -> Iterator[Recurrence]:
    for pattern in _TIMES:
        for m in pattern.finditer(text, start, stop):
            count = _COUNT_BEFORE.search(text, max(start, m.start() - 16), m.start())
            if count:
                begin = m.start() - len(count.group().lstrip())
                yield _made(begin, m.end(), m["span"], None, True)
    for once in _ONCE.finditer(text, start, stop):
        spanned = _SPANNED.search(text, max(start, once.start() - 24), once.start())
        if spanned:
            yield _made(spanned.start(), once.end(), spanned["span"], spanned["n"], True)


def _regular(text: str, start: int, stop: int) -> Iterator[Recurrence]:
    for m in _REGULAR.finditer(text, start, stop):
        items = list(_ITEM.finditer(text, m.start("list"), m.end("list")))
        for i, item in enumerate(items):
            begin = m.start() - 1 if i == 0 and text[m.start() - 1] in "đĐ" else item.start()
            yield _made(begin, item.end(), item["span"], item["n"], True)
    for m in _HALF_AND_YEAR.finditer(text, start, stop):
        if text[m.start() - 1 : m.start()].isdigit() and text[m.start() - 1] != "0":
            continue
        begin = m.start() - (text[m.start() - 1 : m.start()] == "0")
        yield _made(begin, m.start("gap"), "tháng", "6", True)
        yield _made(m.end("gap") + 1, m.end(), "năm", None, True)


def by_parts(atoms: Sequence[Atom], frequency: Frequency) -> tuple[str, ...] | None:
    """The BY parts that printed days or months give a rule of this frequency, None where they do not fit it."""
    first = atoms[0]
    if frequency == "MONTHLY" and first.unit == "day" and first.month is None:
        return (f"BYMONTHDAY={','.join(map(str, first.numbers))}",)
    if frequency != "YEARLY":
        return None
    if first.unit == "day" and first.month is not None:
        return f"BYMONTH={first.month}", f"BYMONTHDAY={','.join(map(str, first.numbers))}"
    if first.unit in ("month", "half"):
        return (f"BYMONTH={','.join(map(str, _months(atoms)))}",)
    if first.unit == "quarter":
        months = [3 * q - 2 + k for q in first.numbers for k in range(3)]
        return (f"BYMONTH={','.join(map(str, months))}",)
    return None


def _months(atoms: Sequence[Atom]) -> list[int]:
    """The months from the first atom's first to the last atom's last."""
    low, high = atoms[0].numbers[0], atoms[-1].numbers[-1]
    return list(range(low, high + 1)) if low <= high else list(atoms[0].numbers)


def hours(words: str) -> tuple[str, ...]:
    """The BYHOUR part of hours in brackets behind a recurrence: `(trước 9h00 và 16h00)`."""
    m = _HOURS.match(words)
    return (f"BYHOUR={','.join(str(int(h)) for h in _HOUR.findall(m.group()))}",) if m else ()


def weekday(words: str) -> str | None:
    """The RFC 5545 name of the weekday in `words`: `thứ Năm` -> `TH`."""
    m = _WEEKDAY.search(words)
    if not m:
        return None
    if m["sunday"]:
        return "SU"
    return _DAYS.get(m["day"].lower()) or _NUMBERED.get(m["day"])

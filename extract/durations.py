"""Terms that count from an event: `trong thời hạn 05 ngày làm việc kể từ ngày nhận đơn`, as ISO 8601 durations."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_UNITS = {"giờ": ("PT", "H"), "ngày": ("P", "D"), "tuần": ("P", "W"), "tháng": ("P", "M"), "năm": ("P", "Y")}
_TERM = re.compile(
    r"(?<![0-9.,/])(?:(?P<low>[0-9]{1,3}) ?- ?)?(?P<n>[0-9]{1,3})(?: ?\([^\W\d_ ]+(?: [^\W\d_]+){0,3}\))? "
    r"(?P<unit>giờ|ngày|tuần|tháng|năm)(?P<work> làm việc)?(?P<first> đầu)?(?![\w])"
)
_LEAD = re.compile(
    r"(?:(?:[Tt]rong|[Ss]au)(?: (?:thời hạn|thời gian|vòng))?|(?:[Tt]hời hạn[^\n.;]{0,24})?"
    r"(?:[Kk]hông quá|[Tt]ối đa|[Cc]hậm nhất|[Mm]uộn nhất)(?: là| trong| sau)?"
    r"|[Tt]hời hạn|[Tt]hời gian(?: thực hiện| hoàn thành)?:?|[Tt]rước) \Z"
)
_FROM = re.compile(
    r",? ?\(?(?P<words>(?:tính )?(?:kể )?từ (?:ngày|khi|thời điểm|lúc)|(?:kể từ)|sau (?:khi|ngày)"
    r"|trước (?:khi|ngày)|sau)(?P<event>[^.;:,()\n]{2,90})"
)
_AFTER_EVENT = re.compile(
    r"(?P<words>(?:[Nn]gay )?[Ss]au khi|[Tt]rước ngày|[Ss]au ngày) (?P<event>[^.;:,()\n0-9]{3,60}?) "
    r"(?P<n>[0-9]{1,3}) (?P<unit>giờ|ngày|tuần|tháng)(?P<work> làm việc)?(?![\w/])(?! tháng)"
)
_STAGE = re.compile(
    r"[Gg]iai đoạn (?:(?P<name>[^\W\d_ ]+(?: [^\W\d_]+){0,3})[ \n]?\()?(?:sau )?"
    r"(?:[0-9]{1,3} ?- ?)?(?P<n>[0-9]{1,3}) (?P<unit>giờ|ngày)"
)


@dataclass(frozen=True, slots=True)
class Term:
    """A term: its ISO 8601 duration, and the words of what it counts from (None where the text does not say)."""

    start: int
    end: int
    duration: str
    anchor: str | None


def _iso(count: str, unit: str) -> str:
    head, tail = _UNITS[unit]
    return f"{head}{int(count)}{tail}"


def find_terms(text: str, start: int, stop: int) -> Iterator[Term]:
    """Every term between `start` and `stop` that counts from a named event or is led by `trong thời hạn`."""
    reached = start
    found = sorted(
        (*_leading(text, start, stop), *_trailing(text, start, stop), *_stages(text, start, stop)),
        key=lambda t: (t.start, -t.end),
    )
    for term in found:
        if term.start >= reached:
            yield term
            reached = term.end


def _leading(text: str, start: int, stop: int) -> Iterator[Term]:
    for m in _TERM.finditer(text, start, stop):
        lead = _LEAD.search(text, max(start, m.start() - 60), m.start())
        event = _FROM.match(text, m.end(), stop)
        if event is None or int(m["n"]) == 0:
            continue
        words = event["words"]
        if words == "sau" or (lead is None and "kể từ" not in words and not m["work"]):
            continue
        anchor = _short((words.partition("từ")[2] or words) + event["event"])
        end = event.start("event") + len(_short(event["event"], whole=True))
        yield Term(lead.start() if lead else m.start(), end, _iso(m["n"], m["unit"]), anchor)


def _short(words: str, whole: bool = False) -> str:
    """The event without what follows it: up to a new clause (`để`, `và`, `thì`)."""
    cut = re.split(r" (?:để|thì|phải|mà|nhưng|đồng thời|theo quy định)\b", words, maxsplit=1)[0]
    return cut.rstrip() if whole else cut.strip()


def _trailing(text: str, start: int, stop: int) -> Iterator[Term]:
    for m in _AFTER_EVENT.finditer(text, start, stop):
        yield Term(m.start(), m.end(), _iso(m["n"], m["unit"]), f"{m['words'].lower()} {m['event']}".strip())


def _stages(text: str, start: int, stop: int) -> Iterator[Term]:
    for m in _STAGE.finditer(text, start, stop):
        end = m.end() + 1 if m["name"] and text[m.end() : m.end() + 1] == ")" else m.end()
        yield Term(m.start(), end, _iso(m["n"], m["unit"]), None)

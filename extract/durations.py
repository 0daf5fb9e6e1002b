"""Terms that count from an event: `trong thời hạn 05 ngày làm việc kể từ ngày nhận đơn`, as ISO 8601 durations."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_UNITS = {"giờ": ("PT", "H"), "ngày": ("P", "D"), "tuần": ("P", "W"), "tháng": ("P", "M"), "năm": ("P", "Y")}
_COUNT = r"(?:(?P<low>[0-9]{1,3}) ?- ?)?(?P<n>[0-9]{1,3})(?: ?\([^\W\d_ ]+(?: [^\W\d_]+){0,3}\))?"
_TERM = re.compile(
    rf"(?<![0-9.,/]){_COUNT} (?P<unit>giờ|ngày|tuần|tháng|năm)(?P<work> làm việc)?(?: đầu)?"
    r",? ?\(?(?P<sign>(?:tính )?(?:kể )?)\Z"
)
_LEAD = re.compile(
    r"(?:(?:[Tt]rong|[Ss]au)(?: (?:thời hạn|thời gian|vòng))?|(?:[Tt]rong )?(?:[Tt]hời hạn[^\n.;]{0,24})?"
    r"(?:[Kk]hông quá|[Tt]ối đa|[Cc]hậm nhất|[Mm]uộn nhất)(?: là| trong| sau)?"
    r"|[Tt]hời hạn|[Tt]hời gian(?: thực hiện| hoàn thành)?:?|[Tt]rước) \Z"
)
# Each begins with literal letters, so that the search runs at full speed; the first letter may be a capital.
_EVENTS = tuple(
    re.compile(words) for words in ("ừ (?:ngày|khi|thời điểm|lúc) ", "au (?:khi|ngày) ", "rước (?:khi|ngày) ")
)
_FIRST = {"ừ": "tT", "a": "sS", "r": "tT"}
_EVENT = re.compile(r"[^.;:,()\n]{2,90}(?!\w)")
_THEN_TERM = re.compile(
    r"(?:(?! hoặc )[^.;:,()\n0-9]){3,60}? (?P<n>[0-9]{1,3})"
    r" (?P<unit>giờ|ngày|tuần|tháng)(?: làm việc)?(?![\w/])(?! tháng)"
)
_CUT = re.compile(r" (?:để|thì|phải|mà|nhưng|đồng thời|theo quy định|có trách nhiệm)\b")
_STAGE = re.compile(
    r"iai đoạn (?:(?P<name>[^\W\d_ ]+(?: [^\W\d_]+){0,3})[ \n]?\()?(?:sau )?"
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
    """Every term between `start` and `stop` that counts from a named event, and the stages of an emergency."""
    found = [*_stages(text, start, stop)]
    for pattern in _EVENTS:
        for match in pattern.finditer(text, start, stop):
            if text[match.start() - 1 : match.start()] in tuple(_FIRST[text[match.start()]]):
                words = (match.start() - 1, match.end())
                term = _before(text, words, start, stop) or _behind(text, words, stop)
                found.extend([term] if term else [])
    reached = start
    for term in sorted(found, key=lambda t: (t.start, -t.end)):
        if term.start >= reached:
            yield term
            reached = term.end


def _before(text: str, words: tuple[int, int], start: int, stop: int) -> Term | None:
    """A term that stands before its event: `05 ngày kể từ ngày nhận đơn`."""
    low = max(start, words[0] - 64)
    before = text[low : words[0]]
    m = _TERM.search(text, low, words[0]) if any(unit in before for unit in _UNITS) else None
    if not m or int(m["n"]) == 0:
        return None
    lead = _LEAD.search(text, max(start, m.start() - 60), m.start())
    if lead is None and "kể" not in m["sign"] and not m["work"]:
        return None
    event = _EVENT.match(text, words[1], stop)
    if event is None:
        return None
    named = _CUT.split(event.group(), maxsplit=1)[0].rstrip()
    counted = text[slice(*words)].removeprefix("từ ") + named
    return Term(lead.start() if lead else m.start(), event.start() + len(named), _iso(m["n"], m["unit"]), counted)


def _behind(text: str, words: tuple[int, int], stop: int) -> Term | None:
    """A term that stands behind its event: `trước ngày khai mạc 10 ngày`."""
    said = text[slice(*words)].lower()
    m = _THEN_TERM.match(text, words[1], stop) if said in ("sau khi ", "sau ngày ", "trước ngày ") else None
    if m is None:
        return None
    now = text[max(0, words[0] - 5) : words[0]].lower() == "ngay "
    named = said + text[words[1] : m.start("n")].rstrip()
    return Term(words[0] - 5 if now else words[0], m.end(), _iso(m["n"], m["unit"]), named)


def _stages(text: str, start: int, stop: int) -> Iterator[Term]:
    for m in _STAGE.finditer(text, start, stop):
        end = m.end() + 1 if m["name"] and text[m.end() : m.end() + 1] == ")" else m.end()
        if text[m.start() - 1 : m.start()] in ("g", "G"):
            yield Term(m.start() - 1, end, _iso(m["n"], m["unit"]), None)

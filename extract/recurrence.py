"""How often an act returns: `hằng năm`, `mỗi quý`, `2 lần/tháng`, `định kỳ 6 tháng`, as parts of an RFC 5545 rule."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Literal

from extract.periods import Atom
from rules.loader import document, pattern

Frequency = Literal["YEARLY", "MONTHLY", "WEEKLY", "DAILY"]

_said = partial(pattern, "recurrence.toml")


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
    rules = document("recurrence.toml")
    frequency, interval = rules["spans"][span]
    times = int(rules["counted"].get(count, count)) if count else 1
    return Recurrence(start, end, frequency, int(interval) * times, sure)


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
    for name, every in document("recurrence.toml")["every"].items():
        for m in _said(f"every.{name}").finditer(text, start, stop):
            begin = m.start() - 1
            if begin >= 0 and text[begin] in every["first"] and not text[begin - 1 : begin].isalpha():
                yield _made(begin, m.end(), m["span"], None, False)


def _times(text: str, start: int, stop: int) -> Iterator[Recurrence]:
    for name in document("recurrence.toml")["times"]:
        for m in _said(f"times.{name}").finditer(text, start, stop):
            count = _said("count_before").search(text, max(start, m.start() - 16), m.start())
            if count:
                begin = m.start() - len(count.group().lstrip())
                yield _made(begin, m.end(), m["span"], None, True)
    for once in _said("once").finditer(text, start, stop):
        spanned = _said("spanned").search(text, max(start, once.start() - 24), once.start())
        if spanned:
            yield _made(spanned.start(), once.end(), spanned["span"], spanned["n"], True)


def _regular(text: str, start: int, stop: int) -> Iterator[Recurrence]:
    first = document("recurrence.toml")["regular"]["first"]
    for m in _said("regular").finditer(text, start, stop):
        items = list(_said("item").finditer(text, m.start("list"), m.end("list")))
        for i, item in enumerate(items):
            begin = m.start() - 1 if i == 0 and text[m.start() - 1] in first else item.start()
            yield _made(begin, item.end(), item["span"], item["n"], True)
    for m in _said("half_and_year").finditer(text, start, stop):
        if text[m.start() - 1 : m.start()].isdigit() and text[m.start() - 1] != "0":
            continue
        begin = m.start() - (text[m.start() - 1 : m.start()] == "0")
        yield _made(begin, m.start("gap"), m["half"], m["n"], True)
        yield _made(m.end("gap") + 1, m.end(), m["year"], None, True)


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
    last = atoms[-1]
    low, high = atoms[0].numbers[0], last.month or last.numbers[-1]
    return list(range(low, high + 1)) if low <= high else list(atoms[0].numbers)


def hours(words: str) -> tuple[str, ...]:
    """The BYHOUR part of hours in brackets behind a recurrence: `(trước 9h00 và 16h00)`."""
    m = _said("hours").match(words)
    found = _said("hour").findall(m.group()) if m else ()
    return (f"BYHOUR={','.join(str(int(hour)) for hour in found)}",) if found else ()


def weekday(words: str) -> str | None:
    """The RFC 5545 name of the weekday in `words`: `thứ Năm` -> `TH`."""
    m = _said("weekday").search(words)
    if not m:
        return None
    if m["sunday"]:
        return "SU"
    return str(document("recurrence.toml")["weekdays"][m["day"].lower()])

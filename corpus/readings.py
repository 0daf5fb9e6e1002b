"""Which of two readings of a work the rest of the corpus supports, and why."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

from corpus.identity import parse_code
from corpus.works import day_words

_NEAR = 400
"""Signs between two citations that stand side by side."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The reading that is supported (None: nothing decides), with the reason as a sentence in both languages."""

    reading: str | None
    vi: str
    en: str


UNDECIDED = Verdict(
    None, " Kho không đủ căn cứ để xác định bên nào đúng.", " Nothing in the corpus decides which is right."
)
"""What is said of two readings that nothing tells apart."""
OFTEN = 3
"""So many documents, and so many times as many as say otherwise, are a clear majority."""


def supported(reading: str, why_vi: str, why_en: str) -> Verdict:
    """The verdict for a reading, with the reason."""
    return Verdict(reading, f" {reading} có căn cứ hơn: {why_vi}.", f" {reading} is better supported: {why_en}.")


def by_count(reading: str, count: int, other: int) -> Verdict | None:
    """The verdict for a reading that a clear majority of documents prints."""
    if count < OFTEN or count < OFTEN * other:
        return None
    return supported(reading, f"{count} văn bản ghi như vậy", f"{count} documents say so")


def supported_date(connection: sqlite3.Connection, work: str) -> Verdict:
    """Which date of a work is supported: by its own head, its code's year, later citations, or clear majority."""
    code, dates_json, document, issued_on = connection.execute(
        "select code, dates, document, issued_on from works where id = ?", (work,)
    ).fetchone()
    dates = {date: count for date, count in json.loads(dates_json).items() if len(date) == 10}
    if document and issued_on in dates:
        return _verdict(issued_on, "chính văn bản ghi như vậy", "the document itself says so")
    key = parse_code(code) if code else None
    if key and key.year:
        fitting = [date for date in dates if int(date[:4]) == key.year]
        if len(fitting) == 1:
            return _verdict(fitting[0], f"năm trong ký hiệu là {key.year}", f"the year in the code is {key.year}")
        dates = {date: dates[date] for date in fitting} or dates
    oldest = _oldest_citing(connection, work)
    possible = [date for date in dates if not any(other != date and day < date for other, day in oldest.items())]
    if len(possible) == 1:
        return _verdict(
            possible[0],
            "có văn bản viện dẫn ban hành trước ngày kia",
            "a document that cites it is older than the other date",
        )
    return (
        _by_subject(connection, work, dates)
        or _by_period(connection, work, dates)
        or _by_neighbour(connection, work, dates)
        or _by_majority(dates)
        or Verdict(
            None, " Kho không đủ căn cứ để xác định ngày đúng.", " Nothing in the corpus decides which is right."
        )
    )


def likely_number(connection: sqlite3.Connection, work: str, dates: Iterable[str], reading: str | None) -> Verdict:
    """What the odd date of a work points to: the one work of that very date whose number differs in one digit.

    `Nghị định số 225/2025/NĐ-CP ngày 29/9/2025`, where 255/2025/NĐ-CP is of that day. Empty words where there is none.
    """
    code, kind = connection.execute("select code, doc_type from works where id = ?", (work,)).fetchone()
    key = parse_code(code) if code else None
    found: set[str] = set()
    for date in dates:
        if key is None or reading is None or date == reading:
            continue
        sql = "select code from works where issued_on = ? and doc_type is ? and id != ? and code is not null"
        for (other,) in connection.execute(sql, (date, kind, work)):
            near = parse_code(other)
            if near and near.letters == key.letters and _one_digit_apart(near.number, key.number):
                found.add(str(other))
    if len(found) != 1:
        return Verdict(None, "", "")
    (other,) = found
    return Verdict(other, f" Ngày kia là ngày của {other}: số có thể ghi sai.", f" The other is the date of {other}.")


def _one_digit_apart(one: str, other: str) -> bool:
    """Whether two numbers of one length differ in one place, or two neighbours changed places."""
    if len(one) != len(other):
        return False
    places = [i for i, (a, b) in enumerate(zip(one, other, strict=True)) if a != b]
    if len(places) == 2 and places[1] == places[0] + 1:
        return one[places[0]] == other[places[1]] and one[places[1]] == other[places[0]]
    return len(places) == 1


def _verdict(date: str, vi: str, en: str) -> Verdict:
    day = day_words(date).removeprefix("ngày ")
    return Verdict(date, f" Ngày {day} có căn cứ hơn: {vi}.", f" {day} is better supported: {en}.")


def _oldest_citing(connection: sqlite3.Connection, work: str) -> dict[str, str]:
    """The day of the oldest document that cites a work with a date, by that date: it came after what it cites."""
    sql = """select c.issued_on, min(d.issued_on) from citations c join documents d on d.id = c.document
             where c.work = ? and c.issued_on is not null and length(d.issued_on) = 10 group by c.issued_on"""
    return dict(connection.execute(sql, (work,)))


def _by_subject(connection: sqlite3.Connection, work: str, dates: dict[str, int]) -> Verdict | None:
    """The year that the subject itself is about (`giao dự toán năm 2024`), where the dates differ by it."""
    from corpus.mentions import Mention
    from corpus.subjects import REACH, Subjects

    years = {date[:4] for date in dates}
    if len(years) < 2:
        return None
    subjects = Subjects(connection)
    told: set[str] = set()
    sql = 'select id, document, code, "end" from citations where work = ? and code is not null'
    for ident, document, code, end in connection.execute(sql, (work,)):
        key = parse_code(code)
        text, _ = subjects.text(document)
        if key is None or not any(year in text[max(0, end - REACH) : end + REACH] for year in years):
            continue
        mention = Mention(
            id=ident, document=document, code=code, key=key, doc_type=None, issuer=None, date=None, start=end, end=end
        )
        told |= {word for word in subjects(mention) if word in years}
        if len(told) > 1:
            return None
    if not told:
        return None
    year = told.pop()
    fitting = [date for date in dates if date[:4] == year]
    if len(fitting) != 1:
        return None
    return _verdict(fitting[0], f"nội dung của văn bản về năm {year}", f"it is about the year {year}")


def _by_period(connection: sqlite3.Connection, work: str, dates: dict[str, int]) -> Verdict | None:
    """The year that all plans which rest on the work are for, where one of the dates lies in it and the other not."""
    sql = """select distinct d.period from citations c join documents d on d.id = c.document
             where c.work = ? and c.relation in ('legal_basis', 'implements', 'funded_by') and d.period is not null"""
    periods = {row[0] for row in islice(connection.execute(sql, (work,)), 2)}
    if len(periods) != 1:
        return None
    year = periods.pop()
    fitting = [date for date in dates if date[:4] == year]
    if len(fitting) != 1 or len(dates) != 2:
        return None
    return _verdict(
        fitting[0], f"các kế hoạch dựa vào văn bản này đều của năm {year}", f"the plans that rest on it are for {year}"
    )


def _by_neighbour(connection: sqlite3.Connection, work: str, dates: dict[str, int]) -> Verdict | None:
    """A date that is printed only beside another document of that very date may have been copied from there."""
    sql = f"""select c.issued_on, exists (
                  select 1 from citations n where n.document = c.document and n.issued_on = c.issued_on
                  and n.work is not c.work and abs(n.start - c.start) < {_NEAR})
              from citations c where c.work = ? and length(c.issued_on) = 10"""
    apart = {date for date, is_beside in connection.execute(sql, (work,)) if not is_beside} & dates.keys()
    if len(apart) != 1 or len(dates) != 2:
        return None
    return _verdict(
        apart.pop(),
        "ngày kia trùng ngày của văn bản được viện dẫn ngay bên cạnh",
        "the other is the date of a document that is cited beside it",
    )


def _by_majority(dates: dict[str, int]) -> Verdict | None:
    """At least three documents, and three times as many as for any other reading."""
    (best, count), *rest = sorted(dates.items(), key=lambda item: (-item[1], item[0]))
    if count >= OFTEN and count >= OFTEN * max(n for _, n in rest):
        return _verdict(best, f"{count} văn bản ghi như vậy", f"{count} documents say so")
    return None

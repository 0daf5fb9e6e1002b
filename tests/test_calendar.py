"""Deadlines in a month and in a calendar file, who does what, sums and targets: each leads to its facts."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from datetime import date
from html import unescape
from pathlib import Path

import pytest

from corpus import icalendar, overview
from corpus.icalendar import Event
from datasette_plugins.desk import deadlines, money_page
from datasette_plugins.desk.listing import SIZE
from rules.units import load_units
from tests import desk_corpus
from tests.desk_client import Desk, Page

SAMPLES = Path(__file__).resolve().parent.parent / "corpus" / "samples"
K = "/-/kehoach"


@pytest.fixture(scope="module")
def connection(database: Path) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(database)
    yield connection
    connection.close()


def facts(page: Page) -> list[str]:
    """The facts that the rows of a table lead to, in their order."""
    rows = re.findall(r"<tr>.*?</tr>", page.body.partition("<tbody>")[2], re.DOTALL)
    found = [re.search(r'href="[^"]*/document/[^"#]*#f-([^"]+)"', row) for row in rows]
    return [match[1] for match in found if match]


def walked(desk: Desk, path: str, tables: int = 1) -> tuple[list[list[str]], list[Page]]:
    """All pages of a list, forwards."""
    pages, found = [desk.get(path)], []
    while True:
        page = pages[-1]
        body = page.body.rpartition("<tbody>")[2] if tables else page.body
        found.append(re.findall(r'<tr>(?:(?!</tr>).)*?#f-([^"]+)"', body, re.DOTALL))
        after = re.search(r'rel="next" href="([^"]+)"', page.body)
        if not after:
            return found, pages
        pages.append(desk.get(unescape(after[1])))
        assert len(pages) < 50


@pytest.fixture(scope="module")
def long(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Desk, sqlite3.Connection]]:
    """A corpus with lists of several pages: many equal days and sums, and many without any."""
    path = tmp_path_factory.mktemp("long") / "plans.db"
    ids = desk_corpus.make(path)
    connection = sqlite3.connect(path)
    for i in range(237):
        day = None if i % 3 == 2 else f"2024-0{1 + i % 4}-1{i % 2}"
        kind = "recurring" if day is None else "due"
        connection.execute(
            """insert into deadlines (id, document, quote, start, "end", kind, to_day, rrule, agency)
            values (?, ?, 'trước ngày', 0, 9, ?, ?, ?, ?)""",
            (
                f"x{i}",
                ids["commune"],
                kind,
                day,
                "FREQ=MONTHLY;BYMONTHDAY=31" if day is None else None,
                f"Sở {i % 120}",
            ),
        )
        connection.execute(
            """insert into budgets (id, document, quote, start, "end", kind, vnd, funding_sources)
            values (?, ?, 'đồng', 0, 4, 'item', ?, ?)""",
            (f"m{i}", ids["commune"], None if i % 5 == 4 else 1000 * (i % 7), '["commune"]'),
        )
    overview.fill(connection, load_units(None))
    connection.commit()
    desk = Desk(path)
    yield desk, connection
    desk.close()
    connection.close()


@pytest.mark.parametrize(
    "path, sql",
    [
        ("deadlines", "select id from deadlines order by to_day nulls last, rowid"),
        ("deadlines?kind=recurring", "select id from deadlines where kind = 'recurring' order by rowid"),
        ("deadlines?level=commune", "select id from deadlines where id like 'x%' order by to_day nulls last, rowid"),
        (
            "deadlines?year=2024&month=03",
            "select id from deadlines where to_day like '2024-03%' order by to_day, rowid",
        ),
        (
            "money",
            "select id from budgets order by vnd desc nulls last, case when vnd is null then rowid else -rowid end",
        ),
    ],
)
def test_leafing_by_keys_gives_every_row_once_there_and_back(
    long: tuple[Desk, sqlite3.Connection], path: str, sql: str
) -> None:
    desk, connection = long
    wanted = [row[0] for row in connection.execute(sql)]
    parts, pages = walked(desk, f"{K}/{path}")
    assert [fact for part in parts for fact in part] == wanted
    assert all(len(part) == SIZE for part in parts[:-1])
    assert f"{len(wanted)} " in pages[-1].text
    if len(pages) > 1:
        assert f"{(len(parts) - 1) * SIZE + 1}–{len(wanted)} trong {len(wanted)}" in pages[-1].text
    back = pages[-1]
    for part in parts[-2::-1]:
        before = re.search(r'rel="prev" href="([^"]+)"', back.body)
        assert before
        back = desk.get(unescape(before[1]))
        assert re.findall(r'<tr>(?:(?!</tr>).)*?#f-([^"]+)"', back.body.rpartition("<tbody>")[2], re.DOTALL) == part
    assert 'rel="prev"' not in back.body


@pytest.mark.parametrize("place", ["~", "x~y", "~99999999999999999999", "2024-01-01~1~2", "'~1", "~-1", "\x00~1"])
def test_a_place_that_is_none_is_the_beginning_or_empty(desk: Desk, place: str) -> None:
    for name in ("deadlines", "money", "targets", "agencies"):
        assert desk.get(f"{K}/{name}", params={"after": place}).status == 200


def test_a_month_holds_its_deadlines_on_their_days(desk: Desk, connection: sqlite3.Connection) -> None:
    page = desk.get(f"{K}/deadlines/month?at=2024-11")
    cells = dict(re.findall(r'<time datetime="([^"]+)">\d+</time>(.*?)</td>', page.body, re.DOTALL))
    assert len(cells) == 30
    days = dict(connection.execute("select to_day, count(*) from deadlines where to_day like '2024-11-%' group by 1"))
    assert days
    for day, cell in cells.items():
        count = re.search(r"<b>(\d+)</b>", cell)
        assert (int(count[1]) if count else 0) == days.get(day, 0)
        assert len(re.findall("#f-", cell)) == min(days.get(day, 0), deadlines.IN_CELL)
    assert "1 định kỳ" in cells["2024-11-15"]
    assert cells["2024-11-01"].count("định kỳ") == 0
    assert "Thứ Hai" in page.text
    assert 'id="month">Tháng 12 năm 2024<' in desk.get(f"{K}/deadlines/month?at=2024-12").body


def test_the_month_links_to_lists_of_as_many_rows(long: tuple[Desk, sqlite3.Connection]) -> None:
    desk, _ = long
    page = desk.get(f"{K}/deadlines/month?at=2024-03")
    more = re.findall(r'<a class="fine" href="([^"]+)">và (\d+) thời hạn khác', page.body)
    assert more
    for href, count in more:
        assert f"{int(count) + deadlines.IN_CELL} thời hạn" in desk.get(unescape(href)).text
    again = re.findall(r'<a class="fine again" href="([^"]+)"[^>]*>↻ (\d+) định kỳ', page.body)
    assert len(again) == 1
    assert f"{again[0][1]} thời hạn" in desk.get(unescape(again[0][0])).text
    june = desk.get(f"{K}/deadlines/month?at=2024-06").body
    assert "định kỳ" in june.partition('datetime="2024-06-30"')[2].partition("</td>")[0]


@pytest.mark.parametrize("at", ["", "2024-13", "0000-01", "x", "9999-99", "2024-1"])
def test_a_month_that_is_none_is_one_with_deadlines(desk: Desk, at: str) -> None:
    page = desk.get(f"{K}/deadlines/month", params={"at": at})
    assert page.status == 200
    assert "#f-" in page.body


def test_an_agency_typed_without_marks_is_found(desk: Desk, connection: sqlite3.Connection) -> None:
    (count,) = connection.execute("select count(*) from deadlines where agency = 'Sở Tài chính'").fetchone()
    assert count
    assert f"{count} thời hạn" in desk.get(f"{K}/deadlines?agency=so+tai+chinh").text


def unfolded(text: str) -> list[str]:
    assert text.endswith("\r\n")
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    return text.replace("\r\n ", "").split("\r\n")


def test_a_calendar_file_has_an_event_for_each_day_that_can_be_told(desk: Desk, connection: sqlite3.Connection) -> None:
    page = desk.get(f"{K}/deadlines.ics")
    assert page.headers["content-type"].startswith("text/calendar")
    lines = unfolded(page.body)
    assert (lines[0], lines[-2]) == ("BEGIN:VCALENDAR", "END:VCALENDAR")
    uids = {line.removeprefix("UID:").removesuffix("@kehoach") for line in lines if line.startswith("UID:")}
    dated = {row[0] for row in connection.execute("select id from deadlines where to_day is not null")}
    rules = {
        row[0]
        for row in connection.execute(
            "select f.id from deadlines f join documents d on d.id = f.document where f.rrule is not null and f.to_day"
            " is null and d.issued_on is not null"
        )
    }
    assert uids == dated | rules
    assert page.body == desk.get(f"{K}/deadlines.ics").body
    narrowed = unfolded(desk.get(f"{K}/deadlines.ics?agency=S%E1%BB%9F+T%C3%A0i+ch%C3%ADnh").body)
    assert 0 < sum(line == "BEGIN:VEVENT" for line in narrowed) < len(uids)
    assert any(line.startswith("URL:http://localhost/-/kehoach/document/") for line in narrowed)


EVENT = Event("u1", "s", "d", "http://x/", None, "2024-11-30", None, "2024-03-12")


@pytest.mark.parametrize(
    "event, lines",
    [
        ({}, ["DTSTART;VALUE=DATE:20241130", "DTEND;VALUE=DATE:20241201"]),
        ({"first": "2024-11-01"}, ["DTSTART;VALUE=DATE:20241101", "DTEND;VALUE=DATE:20241201"]),
        ({"last": "2024-02"}, ["DTSTART;VALUE=DATE:20240229", "DTEND;VALUE=DATE:20240301"]),
        ({"last": "2024"}, ["DTSTART;VALUE=DATE:20241231", "DTEND;VALUE=DATE:20250101"]),
        (
            {"last": None, "rule": "FREQ=MONTHLY;BYMONTHDAY=5"},
            ["DTSTART;VALUE=DATE:20240405", "RRULE:FREQ=MONTHLY;BYMONTHDAY=5;UNTIL=20241231"],
        ),
        (
            {"last": None, "rule": "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29"},
            ["DTSTART;VALUE=DATE:20240312"],
        ),
        (
            {"last": None, "rule": "FREQ=YEARLY;BYMONTH=4,5,6"},
            ["DTSTART;VALUE=DATE:20240401", "RRULE:FREQ=YEARLY;BYMONTH=4,5,6;UNTIL=20241231"],
        ),
        (
            {"last": None, "rule": "FREQ=DAILY;BYHOUR=9,16"},
            ["DTSTART;VALUE=DATE:20240312", "RRULE:FREQ=DAILY;UNTIL=20241231"],
        ),
        (
            {"last": None, "rule": "FREQ=WEEKLY;BYDAY=TH"},
            ["DTSTART;VALUE=DATE:20240314", "RRULE:FREQ=WEEKLY;BYDAY=TH;UNTIL=20241231"],
        ),
        ({"summary": "a, b; c\\ d\ne\x07"}, ["SUMMARY:a\\, b\\; c\\\\ d\\ne"]),
    ],
)
def test_events_as_rfc_5545_writes_them(event: dict[str, str | None], lines: list[str]) -> None:
    from dataclasses import replace

    found = unfolded(icalendar.written([replace(EVENT, **event)], "x", "2024-12-01T02:00:00+00:00"))  # type: ignore[arg-type]
    assert "DTSTAMP:20241201T020000Z" in found
    for line in lines:
        assert line in found


def test_a_calendar_file_hides_what_no_export_tells() -> None:
    from dataclasses import replace

    lines = unfolded(icalendar.written([replace(EVENT, description="CMND: 123456789")], "x", ""))
    assert "DESCRIPTION:CMND: █████████" in lines


@pytest.mark.parametrize("last", [None, "x", "2024-02-30", "2024-13", "0000-01-01"])
def test_an_event_without_a_day_is_left_out(last: str | None) -> None:
    from dataclasses import replace

    assert "VEVENT" not in icalendar.written([replace(EVENT, last=last)], "x", "")


def test_long_lines_are_folded_between_letters() -> None:
    from dataclasses import replace

    name = "Sở Nông nghiệp và Phát triển nông thôn " * 6
    lines = unfolded(icalendar.written([replace(EVENT, summary=name)], "x", ""))
    assert f"SUMMARY:{name}" in lines


def test_too_many_events_are_refused_in_a_sentence(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deadlines, "MOST_EVENTS", 3)
    page = desk.get(f"{K}/deadlines.ics")
    assert page.status == 400
    assert "Tệp lịch chứa tối đa 3 thời hạn" in page.text
    assert "tối đa 3 thời hạn: hãy thu hẹp" in desk.get(f"{K}/deadlines").text


def test_who_does_what_counts_and_leads_to_tasks(desk: Desk, connection: sqlite3.Connection) -> None:
    page = desk.get(f"{K}/agencies")
    names = dict(re.findall(r'<td data-label="Cơ quan"><a href="([^"]+)">([^<]+)</a>', page.body))
    wanted = connection.execute("select agency, count(*) from assignments group by 1").fetchall()
    assert {name for name, _ in wanted} <= {unescape(name) for name in names.values()}
    by_name = {unescape(name): href for href, name in names.items()}
    for name, count in wanted:
        own = desk.get(unescape(by_name[name]))
        assert own.body.count('class="said"') == count, name
        ids = {row[0] for row in connection.execute("select id from assignments where agency = ?", (name,))}
        assert set(re.findall(r'class="said" href="[^"#]*#f-([^"]+)"', own.body)) == ids
    assert "2 cơ quan" in desk.get(f"{K}/agencies?q=so+tai+chinh").text
    assert "Không có cơ quan nào" in desk.get(f"{K}/agencies?q=khong+co+dau").text
    assert desk.get(f"{K}/agencies/khong").status == 404
    led = desk.get(f"{by_name['Phòng Kinh tế']}?role=lead")
    assert led.body.count('class="said"') == 2


def test_a_task_shows_its_whole_sentence(desk: Desk) -> None:
    page = desk.get(f"{K}/agencies?q=so+tai+chinh")
    href = re.search(r'href="([^"]+)">Sở Tài chính<', page.body)
    assert href
    assert re.search(r'class="said"[^>]*>[^<]*Sở Tài chính hướng dẫn cấp xã hoàn thiện hồ sơ', desk.get(href[1]).body)


def test_agencies_leaf_too(long: tuple[Desk, sqlite3.Connection]) -> None:
    desk, connection = long
    (count,) = connection.execute("select count(*) from agencies").fetchone()
    found: list[str] = []
    page = desk.get(f"{K}/agencies")
    while True:
        found += re.findall(r'<td data-label="Cơ quan"><a href="[^"]+">([^<]+)</a>', page.body)
        after = re.search(r'rel="next" href="([^"]+)"', page.body)
        if not after:
            break
        page = desk.get(unescape(after[1]))
    assert len(found) == len(set(found)) == count > 2 * SIZE


def test_every_bar_leads_to_the_sums_that_make_it(desk: Desk, connection: sqlite3.Connection) -> None:
    page = desk.get(f"{K}/money")
    bars = re.findall(
        r'<a href="([^"]+)" class="bar-(plan|allotment)"[^>]*>\s*<title>[^<]*: ([\d.]+) đồng \((\d+) văn bản\)',
        page.body,
    )
    assert len(bars) > 15
    assert {part for _, part, _, _ in bars} == {"plan", "allotment"}
    for href, _, total, count in bars:
        inside = desk.get(unescape(href).partition("#")[0])
        ids = facts(inside)
        assert len(ids) == int(count)
        marks = ", ".join("?" * len(ids))
        rows = connection.execute(f"select vnd, document from budgets where id in ({marks})", ids).fetchall()
        assert sum(vnd for vnd, _ in rows) == int(total.replace(".", ""))
        assert len({document for _, document in rows}) == len(rows), "a document counts once"
        assert f"{count} số tiền" in inside.text


def test_a_document_that_funds_another_allots_and_versions_do_not_count(connection: sqlite3.Connection) -> None:
    parts = dict(connection.execute("select distinct document, part from sums"))
    funding = {
        row[0]
        for row in connection.execute(
            "select w.document from edges e join works w on w.id = e.target where e.relation = 'funded_by'"
        )
    }
    assert {document for document, part in parts.items() if part == "allotment"} <= funding
    versions = {row[0] for row in connection.execute("select id from documents where version_of is not null")}
    assert not versions & parts.keys()


def test_plans_stand_beside_what_was_allotted_to_them(desk: Desk) -> None:
    text = desk.get(f"{K}/money").text
    assert "10.350.000.000 đồng 9.600.000.000 đồng +750.000.000 đồng Quyết định 415/QĐ-UBND" in text


def test_the_bars_of_a_year_or_level_alone(desk: Desk) -> None:
    page = desk.get(f"{K}/money?level=district&year=2024")
    assert len(page.all("section", "level-charts")) == 1
    assert "Theo nguồn, 2024" in page.text
    rows = [
        {"part": "plan", "level": "commune", "year": year, "source": "commune", "bar": "x"} for year in (2023, 2024)
    ]
    assert money_page.chosen_bars(rows, "plan/commune/*/commune") == rows
    assert money_page.chosen_bars(rows, "plan/commune/2024/commune") == rows[1:]
    assert money_page.chosen_bars(rows, "plan/commune") == []


def test_targets_stand_beside_those_of_the_plan_above(desk: Desk, connection: sqlite3.Connection) -> None:
    page = desk.get(f"{K}/targets")
    (count,) = connection.execute("select count(*) from target_pairs").fetchone()
    assert f"{count} cặp chỉ tiêu" in page.text
    assert "68% đến 2024 thấp hơn −7 điểm % 75%" in page.text
    first = facts(page)[0]
    assert connection.execute("select value from targets where id = ?", (first,)).fetchone() == (68.0,)
    for relation in ("below", "equal", "above"):
        narrowed = desk.get(f"{K}/targets?relation={relation}")
        (own,) = connection.execute("select count(*) from target_pairs where relation = ?", (relation,)).fetchone()
        assert len(facts(narrowed)) == own


def test_dates_of_now_do_not_move_a_chosen_month(desk: Desk) -> None:
    assert deadlines._moved("2024-01", -1) == "2023-12"
    assert deadlines._moved("2024-12", 1) == "2025-01"
    cells = re.findall(r'<td class="today', desk.get(f"{K}/deadlines/month?at={date.today():%Y-%m}").body)
    assert len(cells) == 1

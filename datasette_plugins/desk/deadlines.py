"""Deadlines over all plans: the list, a month, and the same for a calendar program."""

from __future__ import annotations

import calendar
import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import cast

from corpus import icalendar
from corpus.identity import fold
from datasette_plugins.desk import names, web
from datasette_plugins.desk.cards import when
from datasette_plugins.desk.cube import Cube
from datasette_plugins.desk.frame import ROOT, words_of
from datasette_plugins.desk.links import Links
from datasette_plugins.desk.listing import Listing, Way
from datasette_plugins.desk.ports import Context, Datasette, Request, Response, Row
from datasette_plugins.desk.recurrence import MONTHLY, YEARLY, months_of, rule_words
from datasette_plugins.desk.store import Desk, Figure, Reader
from datasette_plugins.desk.web import Filters
from datasette_plugins.desk.words import Words

FILTERS = ("kind", "year", "month", "level", "province", "agency", "day", "rrule", "document")
MOST_EVENTS = 5_000
IN_CELL = 3
"""How many deadlines a day of the month shows; the rest is behind a link."""
DOCUMENT = """d.doc_type, d.code, d.symbol, d.number_blank, d.issuer, d.issuer_level, d.issued_on, d.title,
    d.province"""
LISTING = Listing(
    tally="deadlines",
    table="deadlines",
    joined="join documents d on d.id = f.document",
    by_document="documents d cross join deadlines f on f.document = d.id",
    columns=f"f.*, {DOCUMENT}",
    counted={
        "kind": "f.kind",
        "year": "substr(f.to_day, 1, 4)",
        "month": "substr(f.to_day, 6, 2)",
        "level": "d.issuer_level",
        "province": "d.province",
    },
    exact={"agency": "f.agency", "day": "f.to_day", "rrule": "f.rrule", "document": "f.document"},
    sorted_by="f.to_day",
    in_order=("agency",),
    parts_of_day=("year", "month"),
)
_RECURRING_NAMES = ("rrule", "level", "year", "province")
RECURRING = Figure("tally-recurring", lambda reader: Cube.stored(reader, "recurring", _RECURRING_NAMES))
COUNTS = LISTING.counts
_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])\Z")
_OF_DAYS = """select f.id, f.document, f.kind, f.to_day, f.before, f.from_day, f.rrule, f.duration, f.anchor, f.agency,
    f.task, f.quote, {document} from deadlines f join documents d on d.id = f.document where f.rowid in ({ids})
    order by f.to_day, f.rowid"""
_OF_DOCUMENT = {"level": "d.issuer_level", "province": "d.province"}
_IN_CELLS = """select day, place, n from (select f.to_day as day, f.rowid as place, count(*) over same_day as n,
    row_number() over (partition by f.to_day order by f.rowid) as number from {found}
    window same_day as (partition by f.to_day)) where number <= {most}"""


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the month: its deadlines, the first of them, and how many come back on it."""

    number: int
    iso: str
    count: int
    rows: tuple[Row, ...]
    recurring: tuple[tuple[str, int], ...]
    is_today: bool

    @property
    def more(self) -> int:
        """How many are not shown."""
        return self.count - len(self.rows)


@dataclass(frozen=True, slots=True)
class Month:
    """A month in weeks from Monday; None stands for a day of another month."""

    iso: str
    weeks: list[list[Day | None]]
    total: int
    recurring: list[tuple[str, int]]
    """Rules that name no day of this month (weekly, every quarter), with their number."""

    @property
    def before(self) -> str:
        """The month before, as ``2024-10``."""
        return _moved(self.iso, -1)

    @property
    def after(self) -> str:
        """The month after."""
        return _moved(self.iso, 1)


def _moved(month: str, by: int) -> str:
    number = int(month[:4]) * 12 + int(month[5:]) - 1 + by
    return f"{number // 12:04d}-{number % 12 + 1:02d}"


def month_asked(request: Request, cube: Cube, today: date) -> str:
    """The month of the request; else this month where it has deadlines, else the next or the last one that has."""
    text = request.args.get("at") or ""
    if _MONTH.match(text) and 1900 <= int(text[:4]) <= 2100:
        return text
    here = today.isoformat()[:7]
    months = sorted(f"{year}-{month}" for year, month in cube.by(("year", "month"), {}) if year and month)
    following = [month for month in months if month >= here]
    return (following or months[-1:] or [here])[0]


def recurring_days(rules: Mapping[str, int], month: str) -> tuple[dict[int, list[tuple[str, int]]], dict[str, int]]:
    """The days of `month` that rules name, and the rules that name none.

    A day that the month does not have (31 in June) is its last, as offices read it.
    """
    last = calendar.monthrange(int(month[:4]), int(month[5:]))[1]
    days: dict[int, list[tuple[str, int]]] = defaultdict(list)
    others: dict[str, int] = {}
    for rule, count in rules.items():
        monthly, yearly = MONTHLY.match(rule), YEARLY.match(rule)
        if monthly:
            days[min(int(monthly[1]), last)].append((rule, count))
        elif yearly and int(yearly[1]) == int(month[5:]):
            days[min(int(yearly[2]), last)].append((rule, count))
        elif not yearly and (not (months := months_of(rule)) or int(month[5:]) in months):
            others[rule] = count
    return days, others


def month_of(reader: Reader, rules: Cube | None, filters: Filters, month: str, today: date, way: Way) -> Month:
    """The month with its deadlines. `rules`: the counts of what comes back; None where a filter knows no count."""
    counts, ids = days_of(reader, filters, month, way)
    shown: dict[str, list[Row]] = defaultdict(list)
    for row in reader.all(_OF_DAYS.format(document=DOCUMENT, ids=", ".join(map(str, ids)))):
        shown[row["to_day"]].append(row)
    known = {name: filters.get(name) for name in ("level", "province") if filters.get(name)}
    found = rules.by(("rrule",), {**known, "year": month[:4]}) if rules else {}
    days, others = recurring_days({str(key[0]): n for key, n in found.items()}, month)

    def day(number: int) -> Day | None:
        iso = f"{month}-{number:02d}"
        recurring = tuple(sorted(days.get(number, ())))
        return Day(number, iso, counts.get(iso, 0), tuple(shown[iso]), recurring, iso == today.isoformat())

    weeks = calendar.Calendar().monthdayscalendar(int(month[:4]), int(month[5:]))
    return Month(
        month,
        [[day(number) if number else None for number in week] for week in weeks],
        sum(counts.values()),
        sorted(others.items(), key=lambda item: (-item[1], item[0])),
    )


def days_of(reader: Reader, filters: Filters, month: str, way: Way) -> tuple[dict[str, int], list[int]]:
    """How many deadlines each day of the month has, and the rowids of those that its cell shows."""
    own = {name: value for name, value in filters.values.items() if name not in _OF_DOCUMENT}
    where, parameters = LISTING.conditions(Filters("", {**own, "year": month[:4], "month": month[5:]}))
    among, of_documents = filters.conditions(_OF_DOCUMENT)
    if among != "1":
        if way == "by document":
            found = f"{LISTING.by_document} where {where} and {among}"
        else:
            found = f"deadlines f where {where} and +f.document in (select id from documents d where {among})"
        rows = reader.all(_IN_CELLS.format(found=found, most=IN_CELL), [*parameters, *of_documents])
        return {row["day"]: row["n"] for row in rows}, [row["place"] for row in rows]
    source = f"from deadlines f where {where}"
    counts = {
        row["day"]: row["n"]
        for row in reader.all(f"select f.to_day as day, count(*) as n {source} group by 1", parameters)
    }
    return counts, [
        row["rowid"]
        for day in counts
        for row in reader.all(f"select f.rowid {source} and f.to_day = ? limit {IN_CELL}", [*parameters, day])
    ]


def _common(datasette: Datasette, desk: Desk, filters: Filters, words: Words) -> Context:
    return {
        "filters": filters,
        "today": date.today().isoformat(),
        "when": lambda row: when(row, words),
        "rule_words": lambda rule: rule_words(rule, words),
        "name_of": lambda row: names.short(row, words),
        "links": Links(datasette, desk.name),
        "most_events": MOST_EVENTS,
    }


async def _asked(desk: Desk, request: Request, path: str, wanted: tuple[str, ...]) -> Filters:
    """The filters of the request. An agency that is typed without marks or capitals is taken for the one it names."""
    filters = web.filters_of(desk.datasette, request, path, wanted)
    typed = filters.get("agency")
    if not typed:
        return filters
    sql = "select agency from agencies where folded = ? order by agency <> ?, rank limit 1"
    name = await desk.read(lambda reader: reader.value(sql, (fold(typed), typed)))
    return Filters(filters.path, {**filters.values, "agency": name or typed})


async def page(request: Request, datasette: Datasette) -> Response:
    """``/-/kehoach/deadlines``."""
    desk = await web.desk_for(datasette, request)
    filters = await _asked(desk, request, "deadlines", FILTERS)
    cube = await desk.once(COUNTS)
    listed = await desk.read(lambda reader: LISTING.load(reader, cube, filters, request))
    context = _common(datasette, desk, filters, words_of(request))
    facets = LISTING.facets(cube, filters, ("year", "month", "province"))
    context.update(listed=listed, counts=facets)
    return await web.html(datasette, request, "kehoach/deadlines.html", context)


async def calendar_page(request: Request, datasette: Datasette) -> Response:
    """``/-/kehoach/deadlines/month``: a month of deadlines."""
    desk = await web.desk_for(datasette, request)
    words = words_of(request)
    asked = await _asked(desk, request, "deadlines/month", ("level", "province", "kind", "agency"))
    cube, recurring = await desk.once(COUNTS), await desk.once(RECURRING)
    rules = recurring if not (asked.get("agency") or asked.get("kind") not in ("", "recurring")) else None
    today = date.today()
    month = month_asked(request, cube, today)
    way = LISTING.way(cube, asked)
    found = await desk.read(lambda reader: month_of(reader, rules, asked, month, today, way))
    context = _common(datasette, desk, asked, words)
    by_list = Filters(datasette.urls.path(ROOT + "deadlines"), asked.values)
    context.update(
        month=found, counts=LISTING.facets(cube, asked), by_list=by_list, month_name=_month_name(month, words)
    )
    return await web.html(datasette, request, "kehoach/calendar.html", context)


def _month_name(month: str, words: Words) -> str:
    if words.language == "en":
        return f"{calendar.month_name[int(month[5:])]} {month[:4]}"
    return words("calendar.month", month=int(month[5:]), year=month[:4])


async def as_ics(request: Request, datasette: Datasette) -> Response:
    """``/-/kehoach/deadlines.ics``: the deadlines that the filters let through, for a calendar program."""
    from datasette import Response as Answer
    from datasette.utils.asgi import BadRequest

    desk = await web.desk_for(datasette, request)
    words, links = words_of(request), Links(datasette, desk.name)
    filters = await _asked(desk, request, "deadlines", FILTERS)
    where, parameters = LISTING.conditions(filters)
    sql = f"""select f.*, {DOCUMENT} from deadlines f {LISTING.joined}
        where {where} and (f.to_day is not null or f.rrule is not null) order by +f.to_day, f.rowid limit ?"""
    rows = await desk.read(lambda reader: reader.all(sql, [*parameters, MOST_EVENTS + 1]))
    if len(rows) > MOST_EVENTS:
        raise cast(Exception, BadRequest(words("calendar.too_many", n=MOST_EVENTS)))
    built = await desk.once(Figure("built-at", lambda reader: reader.value("select max(finished_at) from runs")))
    origin = web.origin(request)
    events = [
        icalendar.Event(
            uid=str(row["id"]),
            summary=_summary(row, words),
            description=_description(row, words),
            url=origin + links.document(row["document"], row["id"]),
            first=row["from_day"] if row["kind"] == "window" and row["from_day"] else row["to_day"],
            last=row["to_day"],
            rule=row["rrule"],
            issued_on=row["issued_on"],
        )
        for row in rows
    ]
    headers = {"content-disposition": 'attachment; filename="deadlines.ics"'}
    body = icalendar.written(events, words("deadlines.title"), str(built or ""))
    return cast(Response, Answer(body, headers=headers, content_type="text/calendar; charset=utf-8"))


def _summary(row: Row, words: Words) -> str:
    said = rule_words(row["rrule"], words) if row["rrule"] else when(row, words)
    return " · ".join(part for part in (said, row["agency"], names.short(row, words)) if part)


def _description(row: Row, words: Words) -> str:
    lines = (row["task"] or "", " ".join(str(row["quote"] or "").split()), names.full(row, words), row["title"] or "")
    return "\n".join(line for line in lines if line)

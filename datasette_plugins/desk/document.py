"""The page of a document: its pages' pictures and its canonical text in step, facts marked on both, cards beside them.

For text without pages (DOCX, HTML, plain text) the text stands alone.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from markupsafe import Markup

from datasette_plugins.desk import (
    cards,
    filing,
    names,
    neighbours,
    originals,
    page_images,
    scans,
    search_page,
    twins,
    web,
)
from datasette_plugins.desk.cards import Facts, listed
from datasette_plugins.desk.frame import words_of
from datasette_plugins.desk.hits import hits
from datasette_plugins.desk.links import Links, decoded
from datasette_plugins.desk.lookup import find
from datasette_plugins.desk.marks import Heading, Layers, Mark, PageBreak, render
from datasette_plugins.desk.neighbours import Neighbours
from datasette_plugins.desk.ports import Datasette, Request, Response, Row
from datasette_plugins.desk.store import Desk, Reader
from datasette_plugins.desk.words import Words
from extract.doubts import OTHER

VIEWS = ("both", "text", "image")
KINDS = ("finding", "citation", "budget", "deadline", "target", "assignment", "reference")
LONGEST_HEADING = 110


@dataclass(frozen=True, slots=True)
class Loaded:
    """What the page of a document shows."""

    document: Row
    work: Row | None
    files: list[Row]
    sections: list[Row]
    pages: list[Row]
    tables: list[dict[str, Any]]  # a cell is whatever the reader found
    unread: list[Row]
    facts: Facts
    counts: Counter[str]
    hits: list[Mark]
    beside: Neighbours


def load(reader: Reader, key: str, words: Words, links: Links, query: str = "") -> Loaded | None:
    """All that the page of the document needs; None where there is no such document."""
    document = find(reader, key)
    if document is None:
        return None
    own = (document["id"],)
    facts = cards.load(reader, document["id"], words, links)
    twins.add(reader, facts, document["id"], words, links)
    return Loaded(
        document=document,
        work=reader.one("select * from works where id = ?", (document["work"],)),
        files=reader.all("select * from files where document = ? order by path", own),
        sections=reader.all(
            """select id, path, marker, depth, title, role, start, "end", heading_end from sections
            where document = ? and start is not null order by start, depth""",
            own,
        ),
        pages=reader.all("select * from pages where document = ? order by number", own),
        tables=[
            {**row, "cells": _cells(row["rows"])}
            for row in reader.all("select * from tables where document = ? order by start", own)
        ],
        unread=reader.all(
            'select kind, start, "end", reason from unread where document = ? and start is not null order by start', own
        ),
        facts=facts,
        counts=Counter(card.kind for card in facts.cards),
        hits=hits(str(document["text"] or ""), query) if query else [],
        beside=neighbours.of_issuer(reader, document, links),
    )


def _cells(text: object) -> list[list[str]]:
    try:
        rows = json.loads(str(text or "[]"))
    except ValueError:
        return []
    return [["" if cell is None else str(cell) for cell in row] for row in rows if isinstance(row, list)]


def header_marks(document: Row, words: Words) -> list[Mark]:
    """The fields of the letterhead, where the database says where they stand."""
    try:
        spans = json.loads(str(document.get("spans") or "{}"))
    except ValueError:
        return []
    out = []
    for name, span in spans.items() if isinstance(spans, dict) else ():
        if isinstance(span, list) and len(span) == 2 and all(isinstance(at, int) for at in span) and span[0] < span[1]:
            label = words.code("header", name)
            out.append(Mark(f"header.{name}", "header", span[0], span[1], "#letterhead", label))
    return out


def unread_words(row: Row, words: Words) -> str:
    """What could not be read, and why: `Số, ký hiệu: có chữ nhưng không đọc được`."""
    reason = str(row["reason"] or "")
    _, differs, readings = reason.partition(OTHER)
    why = words("unread.other", readings=readings) if differs else words.code("unread", reason)
    return f"{words.code('field', row['kind'])}: {why}"


def marks_of(loaded: Loaded, words: Words) -> list[Mark]:
    """All that is marked, on the text and on the pages."""
    unread = [
        Mark(f"unread-{number}", "unread", row["start"], row["end"], "#unread", unread_words(row, words))
        for number, row in enumerate(loaded.unread)
    ]
    return [*loaded.facts.marks, *header_marks(loaded.document, words), *unread, *loaded.hits]


def layers(loaded: Loaded, marks: list[Mark], words: Words, page_href: str = "") -> Layers:
    """What is drawn over the text."""
    text = str(loaded.document["text"] or "")
    headings = [_heading(row, text) for row in loaded.sections if (row["depth"] or 9) <= 3]
    return Layers(
        marks=marks,
        headings=headings,
        breaks=[PageBreak(row["number"], row["start"]) for row in loaded.pages],
        page_word=words("document.page"),
        page_href=page_href,
    )


def _heading(row: Row, text: str) -> Heading:
    """The first line of a section; where that is a paragraph of text, its marker alone."""
    start, end = int(row["start"]), int(row["heading_end"] or 0)
    is_line = start < end <= start + LONGEST_HEADING and not text[start:end].rstrip().endswith((".", ";", ","))
    if not is_line:
        end = start + len(row["marker"] or "")
    return Heading(row["id"], start, end, row["depth"])


@dataclass(frozen=True, slots=True)
class View:
    """Which panes are shown, and the addresses that show others."""

    chosen: str
    urls: dict[str, str]


def _kept(request: Request, *more: str) -> Iterator[tuple[str, str]]:
    """What of the query leads to the document."""
    return ((name, value) for name in (*search_page.FILTERS, *more) if (value := request.args.get(name)))


def view_of(request: Request, path: str, drawn: bool) -> View:
    """The panes that the request asks for; both where the pages can be drawn, else the text."""
    asked = request.args.get("view") or ""
    kept = list(_kept(request, "hit"))

    def url(view: str) -> str:
        pairs = [*kept, *([("view", view)] if view != "both" else [])]
        return f"{path}?{urlencode(pairs)}" if pairs else path

    urls = {view: url(view) for view in VIEWS}
    return View((asked if asked in VIEWS else "both") if drawn else "text", urls if drawn else {})


async def page(request: Request, datasette: Datasette) -> Response:
    """``/-/kehoach/document/<id>``; ``?q=&hit=`` where a search led to it, ``?view=`` for one pane alone."""
    desk: Desk = await web.desk_for(datasette, request)
    words, links = words_of(request), Links(datasette, desk.name)
    filters, place = neighbours.filters_of(datasette, request), neighbours.place_of(request)
    key = decoded(request.url_vars["id"])
    loaded = await desk.read(lambda reader: load(reader, key, words, links, filters.get("q")))
    if loaded is None:
        raise web.not_found(request, "fault.no_document")
    document, text = loaded.document, str(loaded.document["text"] or "")
    view = view_of(request, links.document(document["id"]), page_images.is_drawn(desk, document))
    marks = marks_of(loaded, words)
    context = {
        "loaded": loaded,
        "unread": [unread_words(row, words) for row in loaded.unread],
        "document": document,
        "name": names.full(document, words),
        "short": names.short(document, words),
        "doc_type": names.doc_type(document["doc_type"], words),
        "text": Markup(render(text, layers(loaded, marks, words, "#i-" if view.chosen == "both" else ""))),
        "view": view,
        "scans": scans.draw(loaded.pages, text, marks, loaded.facts.boxes) if view.chosen != "text" else [],
        "beside": neighbours.within_search(links, filters, place) if place else loaded.beside,
        "query": filters.get("q"),
        "kinds": [kind for kind in KINDS if loaded.counts[kind]],
        "outline": [row for row in loaded.sections if (row["depth"] or 9) <= 3],
        "has_original": originals.kept(desk, document) is not None,
        "recipients": listed(document["recipients"]),
        "unreadable": listed(document["unreadable"]),
        "filed": await filing.of_document(desk, request, str(document["sha256"])),
        "query_string": f"?{kept}" if (kept := urlencode(list(_kept(request, "hit", "view")))) else "",
        "links": links,
        "tab": "text",
    }
    return await web.html(datasette, request, "kehoach/document.html", context)

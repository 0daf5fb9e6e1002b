"""The page of a document: outline, letterhead, the canonical text with its facts marked, and the facts beside it."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from datasette_plugins.desk import cards, names, originals, web
from datasette_plugins.desk.cards import Facts, listed
from datasette_plugins.desk.frame import words_of
from datasette_plugins.desk.links import Links, decoded
from datasette_plugins.desk.lookup import find
from datasette_plugins.desk.marks import Heading, Layers, Mark, PageBreak, render
from datasette_plugins.desk.ports import Datasette, Request, Response, Row
from datasette_plugins.desk.store import Desk, Reader
from datasette_plugins.desk.words import Words

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


def load(reader: Reader, key: str, words: Words, links: Links) -> Loaded | None:
    """All that the page of the document needs; None where there is no such document."""
    document = find(reader, key)
    if document is None:
        return None
    own = (document["id"],)
    facts = cards.load(reader, document["id"], words, links)
    return Loaded(
        document=document,
        work=reader.one("select * from works where id = ?", (document["work"],)),
        files=reader.all("select * from files where document = ? order by path", own),
        sections=reader.all(
            """select id, path, marker, depth, title, role, start, "end", heading_end from sections
            where document = ? and start is not null order by start, depth""",
            own,
        ),
        pages=reader.all("select number, start from pages where document = ? order by number", own),
        tables=[
            {**row, "cells": _cells(row["rows"])}
            for row in reader.all("select * from tables where document = ? order by start", own)
        ],
        unread=reader.all(
            'select kind, start, "end", reason from unread where document = ? and start is not null order by start', own
        ),
        facts=facts,
        counts=Counter(card.kind for card in facts.cards),
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


def layers(loaded: Loaded, words: Words) -> Layers:
    """What is drawn over the text."""
    unread = [
        Mark(f"unread-{number}", "unread", row["start"], row["end"], "#unread", str(row["reason"] or row["kind"]))
        for number, row in enumerate(loaded.unread)
    ]
    text = str(loaded.document["text"] or "")
    headings = [_heading(row, text) for row in loaded.sections if (row["depth"] or 9) <= 3]
    return Layers(
        marks=[*loaded.facts.marks, *header_marks(loaded.document, words), *unread],
        headings=headings,
        breaks=[PageBreak(row["number"], row["start"]) for row in loaded.pages if row["number"] > 1],
        page_word=words("document.page"),
    )


def _heading(row: Row, text: str) -> Heading:
    """The first line of a section; where that is a paragraph of text, its marker alone."""
    start, end = int(row["start"]), int(row["heading_end"] or 0)
    is_line = start < end <= start + LONGEST_HEADING and not text[start:end].rstrip().endswith((".", ";", ","))
    if not is_line:
        end = start + len(row["marker"] or "")
    return Heading(row["id"], start, end, row["depth"])


async def page(request: Request, datasette: Datasette) -> Response:
    """``/-/kehoach/document/<id>``."""
    desk: Desk = await web.desk_for(datasette, request)
    words, links = words_of(request), Links(datasette, desk.name)
    loaded = await desk.read(lambda reader: load(reader, decoded(request.url_vars["id"]), words, links))
    if loaded is None:
        raise web.not_found(request, "fault.no_document")
    text = str(loaded.document["text"] or "")
    return await web.html(
        datasette,
        request,
        "kehoach/document.html",
        {
            "loaded": loaded,
            "document": loaded.document,
            "name": names.full(loaded.document, words),
            "short": names.short(loaded.document, words),
            "doc_type": names.doc_type(loaded.document["doc_type"], words),
            "text": Markup(render(text, layers(loaded, words))),
            "kinds": [kind for kind in KINDS if loaded.counts[kind]],
            "outline": [row for row in loaded.sections if (row["depth"] or 9) <= 3],
            "has_original": originals.kept(desk, loaded.document) is not None,
            "recipients": listed(loaded.document["recipients"]),
            "unreadable": listed(loaded.document["unreadable"]),
            "links": links,
            "tab": "text",
        },
    )

"""What the words of a search find: documents by full text, works by their code."""

from __future__ import annotations

import re
from html import escape

from markupsafe import Markup

from datasette_plugins.desk.folding import folded
from datasette_plugins.desk.ports import Row
from datasette_plugins.desk.store import Reader
from datasette_plugins.desk.web import Filters, Leaf

_CODE = re.compile(r"\s*(\d{1,6}[a-zđ]?)\s*(?:[-/]\s*(\S.*))?", re.IGNORECASE)
_SIGNS = re.compile(r"[\s/–-]+")
MOST_WORKS = 6
_SEEN = 3000


def documents(reader: Reader, filters: Filters, number: int) -> tuple[list[tuple[str, Markup]], Leaf]:
    """The ids of the documents that hold the words, with a passage of each, and which page of the list this is."""
    from corpus.search import search

    year = filters.get("year")
    results = search(
        reader.connection,
        filters.get("q"),
        issuer=filters.get("issuer") or None,
        year=int(year) if year.isascii() and year.isdigit() else None,
        level=filters.get("level") or None,
        doc_type=filters.get("type") or None,
        limit=Leaf(number, 0).size,
        offset=Leaf(number, 0).offset,
    )
    return [(hit.document, marked(hit.snippet)) for hit in results.hits], Leaf(number, results.total)


def marked(snippet: str) -> Markup:
    """A passage as HTML: the words between U+0002 and U+0003 are marked, all else is text."""
    out: list[str] = []
    for number, part in enumerate(" ".join(snippet.split(" ")).split("\x02")):
        hit, sign, rest = part.partition("\x03")
        if number and sign:
            out.append(f"<mark>{escape(hit)}</mark>{escape(rest)}")
        else:
            out.append(escape(part.replace("\x03", "")))
    return Markup("".join(out))


def works(reader: Reader, words: str) -> list[Row]:
    """The works whose code begins as the words do, marks and signs aside: those cited most first."""
    match = _CODE.fullmatch(words)
    if not match:
        return []
    number, rest = match.groups()
    wanted = _SIGNS.sub("", folded(rest or ""))
    sql = "select id, code, cited_by from works where code >= ? and code < ? limit ?"
    rows = [
        row
        for sign, after in (("/", "0"), ("-", "."))
        for row in reader.all(sql, (number + sign, number + after, _SEEN))
    ]
    fitting = [row for row in rows if _SIGNS.sub("", folded(str(row["code"])[len(number) + 1 :])).startswith(wanted)]
    most_cited = sorted(fitting, key=lambda row: -(row["cited_by"] or 0))[:MOST_WORKS]
    found = reader.named("select * from works where id in ({})", [row["id"] for row in most_cited])
    return [found[row["id"]] for row in most_cited]

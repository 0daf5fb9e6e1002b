"""The graph as files: JSON for the picture in the browser, CSV and GraphML of exactly what is shown."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator
from xml.sax.saxutils import escape, quoteattr

from corpus.export import mask
from datasette_plugins.desk import names
from datasette_plugins.desk.graph_data import Shown
from datasette_plugins.desk.ports import Row
from datasette_plugins.desk.words import Words

Place = tuple[str, float, float, int]
LEVELS = ("central", "province", "district", "commune")
_NODE_KEYS = (
    ("label", "string"),
    ("level", "string"),
    ("province", "string"),
    ("type", "string"),
    ("issuer", "string"),
    ("year", "int"),
    ("held", "int"),
    ("count", "int"),
)


def label(row: Row, words: Words) -> str:
    """What a node is called: type and number of a work, type and province of a group."""
    if "rank" in row:
        return names.short(row, words)
    parts = [names.doc_type(row["doc_type"], words)]
    if row["province"] != "*" and row["level"] != "central":
        parts.append(row["province"] or words("graph_view.no_province"))
    return " · ".join(parts)


def full_label(row: Row, words: Words) -> str:
    """The whole name of a work; of a group its type, level and province."""
    if "rank" in row:
        return names.of_work(row, words)
    return f"{label(row, words)}, {words.code('level', row['level'] or 'other')}"


class _Terms:
    """Texts that many nodes share, each sent once."""

    def __init__(self) -> None:
        self.all: list[str] = []
        self._places: dict[str, int] = {}

    def place(self, text: object) -> int:
        word = "" if text is None else str(text)
        if word not in self._places:
            self._places[word] = len(self.all)
            self.all.append(word)
        return self._places[word]


def as_json(shown: Shown, words: Words, href: Callable[[Row], str]) -> bytes:
    """The picture for the browser: what nodes share is told once, in `terms`; positions only of the whole corpus.

    A node is ``[id, label, level, type, province, issuer, year, held, count, x, y, address]``, its level, type,
    province and issuer places in `terms`; a link is ``[source, target, relation, weight]``, its ends places in
    `nodes`. The address is empty for a work of the whole corpus, whose page follows from its id.
    """
    terms = _Terms()
    nodes = [
        [
            row["id"],
            label(row, words),
            LEVELS.index(row["level"]) if row["level"] in LEVELS else len(LEVELS),
            terms.place(names.doc_type(row["doc_type"], words)),
            terms.place("" if row["province"] == "*" else row["province"]),
            terms.place(row.get("issuer")),
            row.get("year"),
            int(bool(row["held"])),
            row["count"],
            row.get("x"),
            row.get("y"),
            "" if shown.view == "whole" else href(row),
        ]
        for row in shown.nodes
    ]
    relations = _Terms()
    links = [[source, target, relations.place(relation), weight] for source, target, relation, weight in shown.links]
    answer = {
        "view": shown.view,
        "nodes": nodes,
        "links": links,
        "terms": terms.all,
        "levels": [words.code("level", level) for level in (*LEVELS, "other")],
        "relations": [[code, words.code("relation", code) if code else ""] for code in relations.all],
        "places": _places(shown, words) if shown.view == "whole" else [],
    }
    return json.dumps(answer, ensure_ascii=False, separators=(",", ":")).encode()


def _places(shown: Shown, words: Words) -> list[Place]:
    """The discs of the map: name, the middle of its upper edge, how many works."""
    found: dict[str, list[Row]] = {}
    for row in shown.nodes:
        name = words.code("level", "central") if row["level"] == "central" else row["province"]
        found.setdefault(name or words("graph_view.no_province"), []).append(row)
    return [
        (name, round(sum(row["x"] for row in rows) / len(rows), 1), min(row["y"] for row in rows), len(rows))
        for name, rows in found.items()
    ]


def as_csv(shown: Shown, words: Words) -> str:
    """The links, one a row, with the names of both ends."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(("source", "target", "relation", "weight", "source_label", "target_label"))
    labels = [mask(full_label(row, words)) for row in shown.nodes]
    for source, target, relation, weight in shown.links:
        cells = (shown.nodes[source]["id"], shown.nodes[target]["id"], relation, weight, labels[source], labels[target])
        writer.writerow([harmless(cell) for cell in cells])
    return out.getvalue()


def harmless(cell: object) -> object:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell


def as_graphml(shown: Shown, words: Words) -> Iterator[str]:
    """GraphML (http://graphml.graphdrawing.org/): every node and link that is shown, with its values."""
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n'
    for name, kind in _NODE_KEYS:
        yield f'<key id="{name}" for="node" attr.name="{name}" attr.type="{kind}"/>\n'
    yield '<key id="relation" for="edge" attr.name="relation" attr.type="string"/>\n'
    yield '<key id="weight" for="edge" attr.name="weight" attr.type="int"/>\n<graph edgedefault="directed">\n'
    for row in shown.nodes:
        values = {**row, "label": full_label(row, words), "type": row["doc_type"]}
        data = "".join(_data(name, values.get(name)) for name, _ in _NODE_KEYS)
        yield f"<node id={quoteattr(_clean(row['id']))}>{data}</node>\n"
    for number, (source, target, relation, weight) in enumerate(shown.links):
        ends = [quoteattr(_clean(shown.nodes[end]["id"])) for end in (source, target)]
        data = _data("relation", relation) + _data("weight", weight)
        yield f'<edge id="e{number}" source={ends[0]} target={ends[1]}>{data}</edge>\n'
    yield "</graph>\n</graphml>\n"


def _data(name: str, value: object) -> str:
    return "" if value in (None, "") else f'<data key="{name}">{escape(mask(_clean(value)))}</data>'


def _clean(value: object) -> str:
    """A text without the signs that XML 1.0 does not allow."""
    return "".join(sign for sign in str(value) if (sign >= " " or sign in "\t\n\r") and sign not in "\ufffe\uffff")

"""Exports that are not tables: the graph of works, a calendar of deadlines, Akoma Ntoso, metadata of documents."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from xml.etree import ElementTree as Xml

from corpus import icalendar
from corpus.export import mask
from extract.records import KehoachError

_AKN = "http://docs.oasis-open.org/legaldocml/ns/akn/3.0"
_GRAPHML = "http://graphml.graphdrawing.org/xmlns"
_NODE_FIELDS = ("label", "doc_type", "code", "issuer", "issuer_level", "issued_on", "state", "document")
_METADATA = {
    "code_number": "number",
    "code_notation": "symbol",
    "organ_name": "issuer",
    "type_name": "doc_type",
    "issued_date": "issued_on",
    "subject": "title",
    "signer_info_position": "signer_position",
    "signer_info_full_name": "signer",
    "page_amount": "pages",
}
"""The fields of Nghị định 30/2020/NĐ-CP, Phụ lục VI, that a text holds, with the column that each is taken from."""


def graph_json(connection: sqlite3.Connection, _: str, path: Path) -> None:
    """The graph as nodes and edges in JSON."""
    nodes, edges = _graph(connection)
    text = json.dumps({"nodes": nodes, "edges": edges}, ensure_ascii=False, indent=1)
    path.write_text(text + "\n", encoding="utf-8")


def _graph(connection: sqlite3.Connection) -> tuple[list[dict[str, object]], list[dict[str, object]]]:
    names = ", ".join(f"w.{name}" for name in _NODE_FIELDS)
    nodes = [
        dict(zip(("id", *_NODE_FIELDS, "sha256"), row, strict=True))
        for row in connection.execute(
            f"select w.id, {names}, d.sha256 from works w left join documents d on d.id = w.document order by w.id"
        )
    ]
    edges = [
        dict(zip(("source", "target", "relation", "weight", "citation"), row, strict=True))
        for row in connection.execute("select * from edges order by source, target, relation")
    ]
    return nodes, edges


def graph_graphml(connection: sqlite3.Connection, _: str, path: Path) -> None:
    """The graph as GraphML."""
    nodes, edges = _graph(connection)
    root = Xml.Element("graphml", xmlns=_GRAPHML)
    for name in (*_NODE_FIELDS, "sha256"):
        Xml.SubElement(root, "key", {"id": name, "for": "node", "attr.name": name, "attr.type": "string"})
    for name, kind in (("relation", "string"), ("weight", "int"), ("citation", "string")):
        Xml.SubElement(root, "key", {"id": name, "for": "edge", "attr.name": name, "attr.type": kind})
    graph = Xml.SubElement(root, "graph", id="works", edgedefault="directed")
    for node in nodes:
        element = Xml.SubElement(graph, "node", id=str(node["id"]))
        _data(element, {key: value for key, value in node.items() if key != "id"})
    for edge in edges:
        element = Xml.SubElement(graph, "edge", source=str(edge["source"]), target=str(edge["target"]))
        _data(element, {key: value for key, value in edge.items() if key not in ("source", "target")})
    _write_xml(root, path)


def _data(element: Xml.Element, values: Mapping[str, object]) -> None:
    for key, value in values.items():
        if value is not None:
            Xml.SubElement(element, "data", key=key).text = _clean(str(value))


def _clean(text: str) -> str:
    """`text` without the signs that XML cannot hold, personal numbers masked."""
    return mask("".join(sign for sign in text if sign in "\t\n\r" or sign >= " "))


def _write_xml(root: Xml.Element, path: Path) -> None:
    Xml.indent(root)
    Xml.ElementTree(root).write(path, encoding="utf-8", xml_declaration=True)


def calendar(connection: sqlite3.Connection, _: str, path: Path) -> None:
    """The deadlines as an iCalendar file: an all-day event each, those that come back within their year of issue."""
    sql = """select t.id, t.kind, t.from_day, t.to_day, t.rrule, t.quote, t.agency, d.code, d.issuer, d.sha256,
             d.issued_on from deadlines t join documents d on d.id = t.document
             where coalesce(t.to_day, t.from_day, t.rrule) is not null order by coalesce(t.to_day, t.from_day), t.id"""
    events = [
        icalendar.Event(
            uid=ident,
            summary=" ".join(part for part in (quote, f"({agency})" if agency else "") if part),
            description=" ".join(part for part in (code, issuer, f"sha256:{sha256}") if part),
            url="",
            first=begin if kind == "window" and begin else end or begin,
            last=end or begin,
            rule=rule,
            issued_on=issued_on,
        )
        for ident, kind, begin, end, rule, quote, agency, code, issuer, sha256, issued_on in connection.execute(sql)
    ]
    (built_at,) = connection.execute("select max(finished_at) from runs").fetchone()
    path.write_bytes(icalendar.written(events, "Kehoach", built_at or "").encode())


def metadata(connection: sqlite3.Connection, _: str, path: Path) -> None:
    """The metadata of Nghị định 30/2020/NĐ-CP, Phụ lục VI, one JSON object a document."""
    columns = ", ".join(f"d.{column}" for column in _METADATA.values())
    sql = f"""select d.id, d.sha256, (select min(origin) from files f where f.document = d.id), d.recipients, {columns}
              from documents d order by d.id"""
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for ident, sha256, origin, recipients, *values in connection.execute(sql):
            record = {"id": ident, "sha256": sha256, "origin": origin, **dict(zip(_METADATA, values, strict=True))}
            record["to_places"] = json.loads(recipients) if recipients else []
            record["language"] = "vi"
            file.write(json.dumps(record, ensure_ascii=False) + "\n")


def akoma_ntoso(connection: sqlite3.Connection, ident: str, path: Path) -> None:
    """One document as Akoma Ntoso: its metadata and its tree of sections with their own words."""
    row = connection.execute(
        "select id, sha256, doc_type, code, issuer, issued_on, title, text from documents where id = ?", (ident,)
    ).fetchone()
    if row is None:
        raise KehoachError("not-found", f"There is no document {ident or '(none named)'}. Name it as document:ID.")
    _, sha256, kind, code, issuer, issued_on, title, text = row
    root = Xml.Element("akomaNtoso", xmlns=_AKN)
    doc = Xml.SubElement(root, "doc", name=str(kind or "doc"))
    _identification(Xml.SubElement(doc, "meta"), ident, sha256, code, issuer, issued_on)
    preface = Xml.SubElement(doc, "preface")
    Xml.SubElement(preface, "longTitle").append(_p(title or code or ident))
    sections = connection.execute(
        'select id, parent, marker, title, start, "end" from sections where document = ? order by position', (ident,)
    ).fetchall()
    body = Xml.SubElement(doc, "mainBody")
    first = sections[0][4] if sections else len(text)
    body.append(_p(text[:first]))
    made: dict[str, Xml.Element] = {}
    for i, (section, parent, marker, _, start, end) in enumerate(sections):
        following = sections[i + 1][4] if i + 1 < len(sections) else end
        element = Xml.SubElement(made.get(parent, body), "hcontainer", name="section", eId=f"sec_{section}")
        Xml.SubElement(element, "num").text = _clean(marker or "")
        Xml.SubElement(element, "content").append(_p(text[start : min(following, end)]))
        made[section] = element
    _write_xml(root, path)


def _p(text: str) -> Xml.Element:
    element = Xml.Element("p")
    element.text = _clean(" ".join(text.split()))
    return element


def _identification(
    meta: Xml.Element, ident: str, sha256: str, code: str | None, issuer: str | None, issued_on: str | None
) -> None:
    part = Xml.SubElement(meta, "identification", source="#kehoach")
    for name in ("FRBRWork", "FRBRExpression", "FRBRManifestation"):
        level = Xml.SubElement(part, name)
        Xml.SubElement(level, "FRBRthis", value=f"/vn/doc/{ident}")
        Xml.SubElement(level, "FRBRuri", value=f"/vn/doc/{ident}")
        Xml.SubElement(level, "FRBRdate", date=issued_on or "", name="issued")
        Xml.SubElement(level, "FRBRauthor", href="#issuer")
        if name == "FRBRWork":
            Xml.SubElement(level, "FRBRcountry", value="vn")
            Xml.SubElement(level, "FRBRnumber", value=code or "")
        if name == "FRBRExpression":
            Xml.SubElement(level, "FRBRlanguage", language="vie")
    references = Xml.SubElement(meta, "references", source="#kehoach")
    Xml.SubElement(references, "TLCOrganization", eId="issuer", href="#issuer", showAs=_clean(issuer or ""))
    Xml.SubElement(references, "TLCReference", name="sha256", href=f"urn:sha256:{sha256}", showAs=sha256)


Special = Callable[[sqlite3.Connection, str, Path], None]
SPECIAL: Mapping[tuple[str, str], Special] = MappingProxyType(
    {
        ("graph", "json"): graph_json,
        ("graph", "graphml"): graph_graphml,
        ("calendar", "ics"): calendar,
        ("metadata", "jsonl"): metadata,
        ("document", "xml"): akoma_ntoso,
    }
)
"""(what, form) of the exports that are not tables."""

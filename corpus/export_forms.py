"""Exports that are not tables: the graph of works, a calendar of deadlines, Akoma Ntoso, metadata of documents."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from xml.etree import ElementTree as Xml

from corpus import icalendar
from corpus.export import ORIGIN, mask
from extract.records import KehoachError

_AKN = "http://docs.oasis-open.org/legaldocml/ns/akn/3.0"
_GRAPHML = "http://graphml.graphdrawing.org/xmlns"
_NO_DAY = "0001-01-01"
"""Stands where a day must stand and none can be read."""
_NODE_FIELDS = ("label", "doc_type", "code", "issuer", "issuer_level", "issued_on", "state", "document")
_SOURCE_FIELDS = ("sha256", "origin")
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


def _hidden(value: object) -> object:
    return mask(value) if isinstance(value, str) else value


def graph_json(connection: sqlite3.Connection, _: str, path: Path) -> None:
    """The graph as nodes and edges in JSON."""
    nodes, edges = _graph(connection)
    text = json.dumps({"nodes": nodes, "edges": edges}, ensure_ascii=False, indent=1)
    path.write_text(text + "\n", encoding="utf-8")


def _graph(connection: sqlite3.Connection) -> tuple[list[dict[str, object]], list[dict[str, object]]]:
    names = ", ".join(f"w.{name}" for name in _NODE_FIELDS)
    nodes = [
        dict(zip(("id", *_NODE_FIELDS, *_SOURCE_FIELDS), map(_hidden, row), strict=True))
        for row in connection.execute(
            f"""select w.id, {names}, d.sha256, {ORIGIN} from works w left join documents d on d.id = w.document
                order by w.id"""
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
    for name in (*_NODE_FIELDS, *_SOURCE_FIELDS):
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
    sql = f"""select t.id, t.kind, t.from_day, t.to_day, t.rrule, coalesce(t.task, t.quote), t.agency, d.code,
             d.issuer, d.sha256, d.issued_on, {ORIGIN} as origin from deadlines t join documents d on d.id = t.document
             where coalesce(t.to_day, t.from_day, t.rrule) is not null order by coalesce(t.to_day, t.from_day), t.id"""
    events = [
        icalendar.Event(
            uid=ident,
            summary=" ".join(part for part in (said, f"({agency})" if agency else "") if part),
            description=" ".join(part for part in (code, issuer, f"sha256:{sha256}", origin) if part),
            url="",
            first=begin if kind == "window" and begin else end or begin,
            last=end or begin,
            rule=rule,
            issued_on=issued_on,
        )
        for ident, kind, begin, end, rule, said, agency, code, issuer, sha256, issued_on, origin in connection.execute(
            sql
        )
    ]
    path.write_bytes(icalendar.written(events, "Kehoach", "").encode())  # no moment: the same corpus, the same bytes


def metadata(connection: sqlite3.Connection, _: str, path: Path) -> None:
    """The metadata of Nghị định 30/2020/NĐ-CP, Phụ lục VI, one JSON object a document."""
    columns = ", ".join(f"d.{column}" for column in _METADATA.values())
    sql = f"""select d.id, d.sha256, {ORIGIN}, d.recipients, {columns} from documents d order by d.id"""
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for ident, sha256, origin, recipients, *values in connection.execute(sql):
            record = {"id": ident, "sha256": sha256, "origin": origin, **dict(zip(_METADATA, values, strict=True))}
            record["to_places"] = json.loads(recipients) if recipients else []
            record["language"] = "vi"
            file.write(mask(json.dumps(record, ensure_ascii=False)) + "\n")


def akoma_ntoso(connection: sqlite3.Connection, ident: str, path: Path) -> None:
    """One document as Akoma Ntoso: its metadata and its tree of sections with their own words."""
    row = connection.execute(
        f"""select d.sha256, {ORIGIN}, d.doc_type, d.code, d.issuer, d.issued_on, d.title, d.text
            from documents d where d.id = ?""",
        (ident,),
    ).fetchone()
    if row is None:
        raise KehoachError("not-found", f"There is no document {ident or '(none named)'}. Name it as document:ID.")
    sha256, origin, kind, code, issuer, issued_on, title, text = row
    root = Xml.Element("akomaNtoso", xmlns=_AKN)
    doc = Xml.SubElement(root, "doc", name=str(kind or "doc"))
    meta = Xml.SubElement(doc, "meta")
    _identification(meta, ident, code, issued_on)
    _references(meta, issuer, {"sha256": f"urn:sha256:{sha256}", **({"origin": origin} if origin else {})})
    preface = Xml.SubElement(doc, "preface")
    Xml.SubElement(preface, "longTitle").append(_p(title or code or ident))
    sections = connection.execute(
        'select id, parent, marker, title, start, "end" from sections where document = ? order by position', (ident,)
    ).fetchall()
    body = Xml.SubElement(doc, "mainBody")
    first = sections[0][4] if sections else len(text)
    body.append(_p(text[:first]))
    made: dict[str, Xml.Element] = {}
    parents = {parent for _, parent, *_ in sections}
    for i, (section, parent, marker, _, start, end) in enumerate(sections):
        following = sections[i + 1][4] if i + 1 < len(sections) else end
        element = Xml.SubElement(made.get(parent, body), "hcontainer", name="section", eId=f"sec_{section}")
        Xml.SubElement(element, "num").text = _clean(marker or "")
        words = "intro" if section in parents else "content"  # the standard: own words, or parts with words before
        Xml.SubElement(element, words).append(_p(text[start : min(following, end)]))
        made[section] = element
    _write_xml(root, path)


def _p(text: str) -> Xml.Element:
    element = Xml.Element("p")
    element.text = _clean(" ".join(text.split()))
    return element


def _identification(meta: Xml.Element, ident: str, code: str | None, issued_on: str | None) -> None:
    """Work, expression and manifestation, named as the naming convention of Akoma Ntoso wants."""
    part = Xml.SubElement(meta, "identification", source="#kehoach")
    work = f"/akn/vn/doc/{ident}"
    names = {"FRBRWork": work, "FRBRExpression": f"{work}/vie", "FRBRManifestation": f"{work}/vie.xml"}
    day = issued_on if issued_on and len(issued_on) == 10 else None
    for name, address in names.items():
        level = Xml.SubElement(part, name)
        Xml.SubElement(level, "FRBRthis", value=address)
        Xml.SubElement(level, "FRBRuri", value=address)
        Xml.SubElement(level, "FRBRdate", date=day or _NO_DAY, name="issued" if day else "unknown")
        Xml.SubElement(level, "FRBRauthor", href="#issuer")
        if name == "FRBRWork":
            Xml.SubElement(level, "FRBRcountry", value="vn")
            Xml.SubElement(level, "FRBRnumber", value=code or "")
        if name == "FRBRExpression":
            Xml.SubElement(level, "FRBRlanguage", language="vie")


def _references(meta: Xml.Element, issuer: str | None, sources: Mapping[str, str]) -> None:
    """Who issued it, what made this file, and the bytes and address that it was made from."""
    references = Xml.SubElement(meta, "references", source="#kehoach")
    Xml.SubElement(references, "TLCOrganization", eId="issuer", href="#issuer", showAs=_clean(issuer or ""))
    Xml.SubElement(references, "TLCOrganization", eId="kehoach", href="#kehoach", showAs="Kehoach")
    for name, address in sources.items():
        Xml.SubElement(references, "TLCReference", eId=name, name=name, href=_clean(address), showAs=_clean(address))


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

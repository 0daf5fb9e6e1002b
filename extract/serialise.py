"""A `Document` as the plain JSON object of the output contract."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import fields
from functools import cache
from typing import Any, cast

from extract.records import Document, Fact, Failure, Finding, Header, Section, Table

Json = dict[str, Any]
"""JSON is of any shape by nature; the contract names the fields."""

_RENAMED = {"from_day": "from", "to_day": "to", "by_date": "by_when", "is_self": "self"}
_INNER = frozenset({"code_span", "date_span", "issuer_span", "words_span", "heading_end", "year_given"})


@cache
def _names(kind: type) -> tuple[tuple[str, str], ...]:
    """The attributes of a kind of fact that are written, each with its name in the contract."""
    return tuple((f.name, _RENAMED.get(f.name, f.name)) for f in fields(kind) if f.name not in _INNER)


def fact_to_json(fact: Fact) -> Json:
    """One fact with the field names of the contract."""
    out = {name: _plain(getattr(fact, attribute)) for attribute, name in _names(cast(Hashable, type(fact)))}
    out["bbox"] = [list(box) for box in fact.bbox] or None
    if not fact.table:
        del out["table"]
    if "by_when" in out:
        out["found_by"], out["by"] = out["by"], out.pop("by_when")
    if isinstance(fact, Section):
        out["items"] = [{"start": start, "end": end} for start, end in fact.items]
    return out


def _plain(value: object) -> object:
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return int(value)
    return value


def header_to_json(header: Header) -> Json:
    """The letterhead; the spans of its fields stand under `spans`."""
    out = {f.name: _plain(getattr(header, f.name)) for f in fields(Header) if f.name != "spans"}
    out["spans"] = {name: list(span) for name, span in header.spans.items()}
    return out


def finding_to_json(finding: Finding) -> Json:
    """A finding with its evidence."""
    return {
        "id": finding.id,
        "rule": finding.rule,
        "severity": finding.severity,
        "confidence": finding.confidence,
        "message": {"vi": finding.message_vi, "en": finding.message_en},
        "why_maybe_wrong": finding.why_maybe_wrong,
        "evidence": [
            {"document": e.document, "fact": e.fact, "start": e.start, "end": e.end} for e in finding.evidence
        ],
    }


def table_to_json(table: Table) -> Json:
    """A table: its rows as lists of cells."""
    return {
        "page": table.page,
        "start": table.start,
        "end": table.end,
        "rows": [list(row) for row in table.rows],
        "header_rows": table.header_rows,
        "unit": table.unit,
    }


def _facts(facts: Iterable[Fact]) -> list[Json]:
    return [fact_to_json(fact) for fact in facts]


def to_json(document: Document, boxes: bool = True) -> Json:
    """The whole document in the form of the contract, one JSON object; its facts without `bbox` where no `boxes`."""
    out = _whole(document)
    if not boxes:
        for value in out.values():
            for fact in value if isinstance(value, list) else ():
                fact.pop("bbox", None)
    return out


def _whole(document: Document) -> Json:
    source = document.source
    if document.error:
        return failure_to_json(source.path, source.sha256, document.error)
    return {
        "source": {
            "path": source.path,
            "sha256": source.sha256,
            "media_type": source.media_type,
            "pages": len(source.pages) or None,
        },
        "text": source.text,
        "header": header_to_json(document.header),
        "sections": _facts(document.sections),
        "citations": _facts(document.citations),
        "references": _facts(document.references),
        "budgets": _facts(document.budgets),
        "deadlines": _facts(document.deadlines),
        "assignments": _facts(document.assignments),
        "targets": _facts(document.targets),
        "tables": [table_to_json(table) for table in document.tables],
        "unread": [{"kind": u.kind, "start": u.start, "end": u.end, "reason": u.reason} for u in document.unread],
        "findings": [finding_to_json(finding) for finding in document.findings],
        "error": None,
    }


def failure_to_json(path: str, sha256: str | None, failure: Failure) -> Json:
    """The object of a file that could not be read: everything but `source` and `error` is empty."""
    lists = ("sections", "citations", "references", "budgets", "deadlines", "assignments", "targets", "tables")
    empty: Json = {name: [] for name in (*lists, "unread", "findings")}
    source = {"path": path, "sha256": sha256, "media_type": None, "pages": None}
    error = {"code": failure.code, "message": failure.message}
    return {"source": source, "text": "", "header": None, **empty, "error": error}

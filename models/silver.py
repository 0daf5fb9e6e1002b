"""Labels that the rules give to the raw corpus: many, of many issuers, and as wrong as the rules are."""

from __future__ import annotations

from functools import cache

from extract.pipeline import extract
from extract.readers import read
from extract.records import Document
from models.gold import Charged, Labelled, gold, held_out, raw_files, seen

_LARGEST = 60_000
"""Signs of the longest text that is learned from: longer ones are laws with hundreds of units of one kind."""


@cache
def silver() -> tuple[Labelled, ...]:
    """The raw documents that are neither gold nor labelled by hand, labelled by the rules, by name."""
    known = {one.document.source.sha256 for one in (*gold(), *seen(), *held_out())}
    found = []
    for path in raw_files():
        source = read(path)
        if source.sha256 not in known and len(source.text) <= _LARGEST:
            found.append(_labelled(path.stem, extract(source)))
    return tuple(found)


def _labelled(name: str, document: Document) -> Labelled:
    starts: dict[str, int] = {}
    for section in document.sections:
        starts.setdefault(section.path, section.start)
    return Labelled(
        name,
        document.header.issuer or name,
        document,
        {section.start: section.path for section in document.sections},
        {section.start: section.role for section in document.sections if section.role},
        {citation.start: citation.relation for citation in document.citations},
        tuple(
            Charged(one.start, one.end, one.role, starts.get(one.section or ""))
            for one in document.assignments
            if not one.table
        ),
    )

"""What stands on the other side of a fact that a finding speaks of: in this document or in another."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from textwrap import shorten

from datasette_plugins.desk import names
from datasette_plugins.desk.cards import Card, Facts, Target
from datasette_plugins.desk.links import Links
from datasette_plugins.desk.ports import Row
from datasette_plugins.desk.store import Reader
from datasette_plugins.desk.words import Words

_SIDES = """select e.finding, e.side, e.document, e.fact, e.start, e."end", e.quote, d.doc_type, d.code, d.symbol,
    d.number_blank, d.issuer, d.issued_on from finding_evidence e join documents d on d.id = e.document
    where e.finding in ({}) order by e.finding, e.side limit 2000"""
MOST = 4
"""Other sides that one card leads to; all of them stand on the page of the finding."""
MOST_FINDINGS = 500
SHOWN = 90


def add(reader: Reader, facts: Facts, document: str, words: Words, links: Links) -> None:
    """Puts onto the card of each finding, and of each fact that one touches, where the other sides are."""
    ids = [card.id for card in facts.cards if card.kind == "finding"][:MOST_FINDINGS]
    if not ids:
        return
    sides: dict[str, list[Row]] = defaultdict(list)
    for row in reader.all(_SIDES.format(", ".join("?" * len(ids))), ids):
        sides[row["finding"]].append(row)

    def with_twins(card: Card) -> Card:
        findings = [card.id] if card.kind == "finding" else facts.touched.get(card.id, ())
        others = _others(card, [row for finding in findings for row in sides[finding]], document)
        return replace(card, twins=tuple(_target(row, document, words, links) for row in others)) if others else card

    facts.cards[:] = [with_twins(card) for card in facts.cards]


def _others(card: Card, rows: Sequence[Row], document: str) -> list[Row]:
    """The sides that stand somewhere else than the card, each place once."""
    found: dict[tuple[str, int], Row] = {}
    for row in rows:
        start, end = int(row["start"] or 0), int(row["end"] or 0)
        own = row["document"] == document and (row["fact"] == card.id or (start < card.end and card.start < end))
        if not own:
            found.setdefault((row["document"], start), row)
    return list(found.values())[:MOST]


def _target(row: Row, document: str, words: Words, links: Links) -> Target:
    anchor = f"{row['finding']}-{row['side']}"
    quote = shorten(" ".join(str(row["quote"] or "").split()), SHOWN, placeholder="…")
    if row["document"] == document:
        return Target(f"#f-{anchor}", words("reading.here"), quote)
    return Target(links.document(row["document"], anchor), names.short(row, words), quote)

"""Targets, sums and deadlines of a document against those of the one that it carries out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.identity import fold, issuer_key
from corpus.passages import line, sentence, tokens
from datasette_plugins.desk import cards, formats
from datasette_plugins.desk.alignment import best_pairs
from datasette_plugins.desk.links import Links
from datasette_plugins.desk.ports import Row
from datasette_plugins.desk.store import Reader
from datasette_plugins.desk.words import Words

KINDS = ("target", "budget", "deadline")
MOST = 400
"""Facts of one kind that are compared."""
LIKE = {"target": 0.34, "budget": 0.34, "deadline": 0.3}
"""Shares of words in common from which two sentences speak of one thing."""
SHOWN = 140
_COLUMNS = {
    "target": "value, value_max, unit, by_date, indicator",
    "budget": "vnd, vnd_max, kind, fund_kind, period",
    "deadline": "kind, from_day, to_day, before, rrule, agency",
}
_TABLES = {"target": "targets", "budget": "budgets", "deadline": "deadlines"}


@dataclass(frozen=True, slots=True)
class Said:
    """A fact with what it says, the words around it and where it stands."""

    row: Row
    shown: str
    sentence: str
    href: str


@dataclass(frozen=True, slots=True)
class Against:
    """A fact beside the superior's; `verdict` is the key of the word for how they stand to each other."""

    own: Said | None
    other: Said | None
    verdict: str


def facts(reader: Reader, kind: str, document: Row, words: Words, links: Links) -> list[Said]:
    """The facts of one kind of a document, in the order of its text."""
    text = str(document["text"] or "")
    rows = reader.all(
        f"""select id, quote, start, "end", {_COLUMNS[kind]} from "{_TABLES[kind]}" where document = ?
        order by start limit {MOST}""",
        (document["id"],),
    )
    return [
        Said(
            row,
            _shown(kind, row, words),
            sentence(text, int(row["start"] or 0), int(row["end"] or 0)),
            links.document(document["id"], row["id"]),
        )
        for row in rows
    ]


def _shown(kind: str, row: Row, words: Words) -> str:
    if kind == "budget":
        return formats.money(row["vnd"], row["vnd_max"], words.language)
    if kind == "deadline":
        return cards.when(row, words)
    return formats.measure(row["value"], row["value_max"], row["unit"], words.language)


def against(kind: str, own: Sequence[Said], other: Sequence[Said]) -> list[Against]:
    """Each fact of `own` beside the one of `other` that speaks of the same thing, then what `other` alone says."""
    pairs = best_pairs([_about(kind, fact) for fact in own], [_about(kind, fact) for fact in other], LIKE[kind])
    taken = set(pairs.values())
    rows = [
        Against(fact, other[pairs[at]], _verdict(kind, fact.row, other[pairs[at]].row))
        if at in pairs
        else Against(fact, None, "compare.only_own")
        for at, fact in enumerate(own)
    ]
    rows.sort(key=lambda row: row.other is None)
    return rows + [Against(None, fact, "compare.only_other") for at, fact in enumerate(other) if at not in taken]


def _about(kind: str, fact: Said) -> frozenset[object]:
    """The words of what a fact is about, and what two facts must share to be comparable at all."""
    said = tokens(f"{fact.row.get('indicator') or ''} {fact.sentence}")
    if not said:
        return frozenset()
    unit = str(fact.row["unit"] or "") if kind == "target" else ""
    return frozenset((unit, word) for word in said)


def _verdict(kind: str, own: Row, other: Row) -> str:
    if kind == "deadline":
        mine, theirs = own["to_day"] or own["from_day"], other["to_day"] or other["from_day"]
        if not mine or not theirs:
            return "compare.same" if own["rrule"] and own["rrule"] == other["rrule"] else "compare.unlike"
        lower, higher = "compare.earlier", "compare.later"
    else:
        column = "vnd" if kind == "budget" else "value"
        mine, theirs = own[column], other[column]
        lower, higher = "compare.lower", "compare.higher"
        if mine is None or theirs is None:
            return "compare.unlike"
    return "compare.same" if mine == theirs else lower if mine < theirs else higher


def set_for(document: Row, other: Row, said: dict[str, list[Said]]) -> list[tuple[str, Said]]:
    """The facts of `other` that stand on a line which names the unit of `document`'s issuer."""
    place = issuer_key(str(document["issuer"] or "")).place
    if not place:
        return []
    text, named = str(other["text"] or ""), re.compile(rf"\b{re.escape(place)}\b")
    return [
        (kind, fact)
        for kind, found in said.items()
        for fact in found
        if named.search(fold(line(text, int(fact.row["start"] or 0), int(fact.row["end"] or 0))))
    ]

"""The facts of one document as marks in its text and as cards beside it."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from datasette_plugins.desk import formats, names
from datasette_plugins.desk.links import Links
from datasette_plugins.desk.marks import WIDE, Mark
from datasette_plugins.desk.ports import Row
from datasette_plugins.desk.recurrence import duration_words, rule_words
from datasette_plugins.desk.store import Reader
from datasette_plugins.desk.words import Words

_EVIDENCE = 'quote, start, "end", page, bbox, confidence, uncertain, in_table'
_QUERIES = {
    "citation": f"""select id, doc_type, code, code_text, name, issued_on, issuer, pinpoint, relation, is_self, work,
        document, {_EVIDENCE} from citations where document = ? order by start""",
    "budget": f"""select id, vnd, vnd_max, ambiguous, kind, per, in_words, funding_sources, fund_kind, period,
        {_EVIDENCE} from budgets where document = ? order by start""",
    "deadline": f"""select id, kind, from_day, to_day, before, rrule, duration, anchor, agency, task,
        {_EVIDENCE} from deadlines where document = ? order by start""",
    "target": f"""select id, value, value_max, unit, by_date, indicator, {_EVIDENCE}
        from targets where document = ? order by start""",
    "assignment": f"select id, agency, role, task, {_EVIDENCE} from assignments where document = ? order by start",
    "reference": f'select id, antecedent, reason, {_EVIDENCE} from "references" where document = ? order by start',
}
TABLES = {
    "citation": "citations",
    "budget": "budgets",
    "deadline": "deadlines",
    "target": "targets",
    "assignment": "assignments",
    "reference": "references",
    "finding": "findings",
}
_FINDINGS = """select e.finding, e.side, e.fact, e.quote, e.start, e."end", e.page, f.rule, f.severity, f.confidence,
    f.state, f.message_vi, f.message_en, f.document = e.document as own, r.title_vi, r.title_en
    from finding_evidence e join findings f on f.id = e.finding left join rules r on r.id = f.rule
    where e.document = ? order by e.start"""


@dataclass(frozen=True, slots=True)
class Target:
    """What a fact leads to; without an address where that is not known."""

    href: str
    label: str
    state: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """A fact as it is shown beside the text. `quote` is its words, of a finding what it says."""

    id: str
    kind: str
    title: str
    start: int
    end: int
    quote: str
    row: str
    lines: tuple[tuple[str, str], ...] = ()
    target: Target | None = None
    level: str = ""
    confidence: float | None = None
    page: int | None = None
    uncertain: tuple[str, ...] = ()
    findings: tuple[Target, ...] = ()
    also: tuple[Target, ...] = ()
    """Of a citation: the cited document itself, and the comparison with it."""
    twins: tuple[Target, ...] = ()
    """The other sides of a finding, or of the findings that touch a fact, here or in another document."""


@dataclass(slots=True)
class Facts:
    """The facts of a document."""

    cards: list[Card] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    boxes: dict[str, object] = field(default_factory=dict)
    """The stored boxes of a mark by its id, where it has any."""
    touched: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """The findings that touch a fact, by its id."""

    def of(self, kind: str) -> list[Card]:
        """The cards of one kind, in the order of the text."""
        return [card for card in self.cards if card.kind == kind]


def listed(value: object) -> list[str]:
    """A column that holds a JSON list."""
    if not value:
        return []
    try:
        items = json.loads(str(value))
    except ValueError:
        return [str(value)]
    return [str(item) for item in items] if isinstance(items, list) else [str(items)]


def load(reader: Reader, document: str, words: Words, links: Links) -> Facts:
    """The facts of `document`, each with its mark and its card."""
    rows = {kind: reader.all(query, (document,)) for kind, query in _QUERIES.items()}
    works = _works(reader, rows["citation"])
    facts = Facts()
    for kind, found in rows.items():
        for row in found:
            card = _BUILDERS[kind](_Fact(row, kind, words, links, works))
            facts.cards.append(card)
            facts.boxes[card.id] = row["bbox"]
    _add_findings(facts, reader.all(_FINDINGS, (document,)), words, links)
    facts.marks.extend(
        Mark(card.id, card.kind, card.start, card.end, f"#c-{card.id}", card.title)
        for card in facts.cards
        if card.kind != "finding"
    )
    return facts


def _works(reader: Reader, citations: Iterable[Row]) -> Mapping[str, Row]:
    ids = list(dict.fromkeys(row["work"] for row in citations if row["work"]))
    out: dict[str, Row] = {}
    for first in range(0, len(ids), 500):
        part = ids[first : first + 500]
        out.update(reader.named("select * from works where id in ({})", part))
    return out


@dataclass(frozen=True, slots=True)
class _Fact:
    row: Row
    kind: str
    words: Words
    links: Links
    works: Mapping[str, Row]

    def lines(self, *pairs: tuple[str, object]) -> tuple[tuple[str, str], ...]:
        """The lines of the card that say something."""
        return tuple((self.words(key), str(value)) for key, value in pairs if value not in (None, "", [], "[]"))

    def codes(self, kind: str, column: str) -> str:
        """The words for a column of one code or of a JSON list of codes."""
        return ", ".join(self.words.code(kind, code) for code in listed(self.row[column]))

    def day(self, column: str) -> str:
        return formats.day(self.row[column], self.words.language)

    def card(self, title: str, lines: tuple[tuple[str, str], ...], target: Target | None = None) -> Card:
        row = self.row
        return Card(
            id=str(row["id"]),
            kind=self.kind,
            title=title,
            start=int(row["start"] or 0),
            end=int(row["end"] or 0),
            quote=str(row["quote"] or ""),
            row=self.links.row(TABLES[self.kind], row["id"]),
            lines=lines,
            target=target,
            confidence=row["confidence"],
            page=row["page"],
            uncertain=tuple(listed(row["uncertain"])),
        )


def _citation(fact: _Fact) -> Card:
    row, words = fact.row, fact.words
    work = fact.works.get(row["work"] or "")
    printed = row["code_text"] if row["code_text"] != row["code"] else None
    lines = fact.lines(
        ("card.relation", words.code("relation", row["relation"])),
        ("card.date_cited", fact.day("issued_on")),
        ("card.issuer", row["issuer"]),
        ("card.pinpoint", row["pinpoint"]),
        ("card.as_printed", printed),
    )
    target = None
    if work and not row["is_self"]:
        target = Target(fact.links.work(work["id"]), names.of_work(work, words), str(work["state"] or ""))
    elif not row["is_self"]:
        target = Target("", words("card.not_linked"), "unresolved")
    title = names.short({**row, "symbol": None}, words)
    card = fact.card(words("card.itself", name=title) if row["is_self"] else title, lines, target)
    held = work["document"] if work and not row["is_self"] else None
    if not held or held == row["document"]:
        return card
    links = fact.links
    return replace(
        card,
        also=(
            Target(links.document(held), words("reading.cited_document")),
            Target(links.compare(row["document"], held), words("compare.open")),
        ),
    )


def _budget(fact: _Fact) -> Card:
    row, words = fact.row, fact.words
    readings = [formats.money(int(value), None, words.language) for value in listed(row["ambiguous"])]
    lines = fact.lines(
        ("card.kind", words.code("budget", row["kind"])),
        ("card.per", row["per"]),
        ("card.sources", fact.codes("source", "funding_sources")),
        ("card.fund_kind", words.code("fund", row["fund_kind"]) if row["fund_kind"] else ""),
        ("card.period", str(row["period"] or "").replace("/", "–")),
        ("card.in_words", formats.money(row["in_words"], None, words.language)),
        ("card.readings", " / ".join(readings)),
    )
    return fact.card(formats.money(row["vnd"], row["vnd_max"], words.language), lines)


def when(row: Row, words: Words) -> str:
    """The time that a deadline sets, in words."""
    to, since = formats.day(row["to_day"], words.language), formats.day(row["from_day"], words.language)
    if to and since and to != since:
        return words("deadline.window", since=since, to=to)
    if to:
        return words("deadline.before" if row["before"] else "deadline.by", day=to)
    if since:
        return words("deadline.from", day=since)
    return str(row["quote"] or words.code("deadline_kind", row["kind"]))


def _deadline(fact: _Fact) -> Card:
    row, words = fact.row, fact.words
    lines = fact.lines(
        ("card.kind", words.code("deadline_kind", row["kind"])),
        ("card.agency", row["agency"]),
        ("card.task", row["task"]),
        ("card.repeats", rule_words(str(row["rrule"] or ""), words)),
        ("card.duration", duration_words(str(row["duration"] or ""), words)),
        ("card.anchor", row["anchor"]),
    )
    return fact.card(when(row, words), lines)


def _target(fact: _Fact) -> Card:
    row, language = fact.row, fact.words.language
    lines = fact.lines(("card.indicator", row["indicator"]), ("card.by", fact.day("by_date")))
    return fact.card(formats.measure(row["value"], row["value_max"], row["unit"], language), lines)


def _assignment(fact: _Fact) -> Card:
    role = fact.words.code("agency_role", fact.row["role"]) if fact.row["role"] else ""
    return fact.card(str(fact.row["agency"]), fact.lines(("card.role", role), ("card.task", fact.row["task"])))


def _reference(fact: _Fact) -> Card:
    antecedent = fact.row["antecedent"]
    target = Target(f"#c-{antecedent}", fact.words("card.antecedent")) if antecedent else None
    reason = fact.words.code("reason", fact.row["reason"])
    return fact.card(str(fact.row["quote"]), fact.lines(("card.reason", reason)), target)


_BUILDERS = {
    "citation": _citation,
    "budget": _budget,
    "deadline": _deadline,
    "target": _target,
    "assignment": _assignment,
    "reference": _reference,
}


def _add_findings(facts: Facts, rows: Sequence[Row], words: Words, links: Links) -> None:
    """A card for each finding, a mark for each side of it here, and a line on the card of each fact that it touches."""
    seen: set[str] = set()
    touched: dict[str, dict[str, Target]] = defaultdict(dict)
    spans = {card.id: (card.start, card.end) for card in facts.cards}
    for row in rows:
        href = links.finding(row["finding"])
        title = words.pick(row, "title") or str(row["rule"])
        start, end = int(row["start"] or 0), int(row["end"] or 0)
        for card in facts.cards:
            overlaps = card.start < end and start < card.end and end - start <= WIDE
            if card.kind != "finding" and (card.id == row["fact"] or overlaps):
                touched[card.id][row["finding"]] = Target(href, title, str(row["severity"]))
        if end > start:
            key = f"{row['finding']}-{row['side']}"
            label = words.pick(row, "message")
            facts.marks.append(Mark(key, "finding", start, end, f"#c-{row['finding']}", label, str(row["severity"])))
            if (start, end) == spans.get(row["fact"]):
                facts.boxes[key] = facts.boxes.get(row["fact"])
        if row["finding"] not in seen:
            seen.add(row["finding"])
            facts.cards.append(_finding(row, title, href, words, links))
    facts.touched.update((key, tuple(found)) for key, found in touched.items())
    facts.cards[:] = [
        replace(card, findings=tuple(touched[card.id].values())) if card.id in touched else card for card in facts.cards
    ]


def _finding(row: Row, title: str, href: str, words: Words, links: Links) -> Card:
    return Card(
        id=str(row["finding"]),
        kind="finding",
        title=title,
        start=int(row["start"] or 0),
        end=int(row["end"] or 0),
        quote=words.pick(row, "message"),
        row=links.row("findings", row["finding"]),
        lines=((words("card.state"), words.code("state", row["state"])),) if row["state"] != "open" else (),
        target=Target(href, words("card.open_finding")),
        level=str(row["severity"]),
        confidence=row["confidence"],
        page=row["page"],
    )

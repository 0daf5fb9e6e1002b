"""A finding as the pages show it: both sides of its evidence, marked, its rule, and what of it may be corrected."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from corpus.corrections import FIELDS
from datasette_plugins.desk.differences import Span, differences
from datasette_plugins.desk.links import Links
from datasette_plugins.desk.marks import Layers, Mark, render
from datasette_plugins.desk.ports import Row
from datasette_plugins.desk.store import Reader
from datasette_plugins.desk.words import Words

CONTEXT = 320
"""How many characters before and after the evidence a side shows."""
LINES = 3
"""How many lines that hold something it shows there at most, so that the evidence is in sight."""
LETTERHEAD = "header."
_FACTS = tuple(table for table in FIELDS if table != "documents")


@dataclass(frozen=True, slots=True)
class Fact:
    """The fact that a side rests on, with the fields of it that may be corrected and what they hold."""

    table: str
    id: str
    fields: tuple[tuple[str, object], ...]


@dataclass(frozen=True, slots=True)
class Side:
    """One side of the evidence: the passage with its mark, and the document that it stands in."""

    number: int
    document: Row
    passage: Markup
    quote: str
    fact: str
    page: int | None
    cut_before: bool
    cut_after: bool
    href: str
    held: Fact | None


@dataclass(frozen=True, slots=True)
class One:
    """A finding with all that its page shows of the corpus."""

    finding: Row
    rule: Row
    sides: list[Side]
    work: Row | None
    document: Row | None

    @property
    def documents(self) -> dict[str, Row]:
        """The documents that it concerns, by id: those of its sides, then its own."""
        held = [side.document for side in self.sides] + ([self.document] if self.document else [])
        return {str(row["id"]): row for row in held if row}


def load(
    reader: Reader, key: str, links: Links, context: int = CONTEXT, hide: Callable[[str], str] = str
) -> One | None:
    """A finding with both sides of its evidence; None where there is none with this id.

    `hide` makes of the passages what may be shown, of the same length.
    """
    finding = reader.one("select * from findings where id = ?", (key,))
    if finding is None:
        return None
    evidence = reader.all("select * from finding_evidence where finding = ? order by side", (key,))
    ids = [str(row["document"]) for row in evidence if row["document"]]
    documents = _documents(reader, [*ids, str(finding["document"] or "")])
    return One(
        finding=finding,
        rule=reader.one("select * from rules where id = ?", (finding["rule"],)) or {},
        sides=[
            _Passage(reader, links, context, hide).side(row, documents.get(str(row["document"]), {}), spans)
            for row, spans in zip(evidence, _differing(evidence), strict=True)
        ],
        work=reader.one("select * from works where id = ?", (finding["work"],)),
        document=documents.get(str(finding["document"])),
    )


def _documents(reader: Reader, ids: list[str]) -> dict[str, Row]:
    return reader.named(
        """select d.id, d.doc_type, d.number, d.symbol, d.code, d.number_blank, d.issuer, d.issuer_level, d.issued_on,
        d.title, d.sha256, d.work, d.media_type, d.pages,
        (select min(coalesce(origin, path)) from files f where f.document = d.id) as origin
        from documents d where d.id in ({})""",
        [key for key in dict.fromkeys(ids) if key],
    )


def _differing(evidence: list[Row]) -> Sequence[list[Span]]:
    """What of each side the other lacks, where there are two sides; offsets count in the side's own words."""
    if len(evidence) != 2:
        return [[] for _ in evidence]
    return differences(*(str(row["quote"] or "") for row in evidence))


@dataclass(frozen=True, slots=True)
class _Passage:
    """Cuts the passages around the evidence out of the documents."""

    reader: Reader
    links: Links
    context: int
    hide: Callable[[str], str]

    def side(self, row: Row, document: Row, differing: list[Span]) -> Side:
        """One side, its own words marked and what the other side lacks marked within them."""
        start, end = int(row["start"] or 0), int(row["end"] or 0)
        first = max(0, start - self.context)
        text, cut_after = self._text(row, first, end + self.context - first)
        first, text = _at_words(text, first, start, end, cut_after)
        first, text, cut_after = _near(text, first, start, end, cut_after)
        name = f"{row['finding']}-{row['side']}"  # of its own on a page of many findings
        href = self.links.document(row["document"], name)
        mark = Mark(f"side-{name}", "finding", start - first, end - first, href)
        other = [Mark(f"diff-{name}-{a}", "diff", start - first + a, start - first + b, href) for a, b in differing]
        fact = str(row["fact"] or "")
        return Side(
            number=int(row["side"]),
            document=document,
            passage=Markup(render(text, Layers(marks=[mark, *other] if end > start else []))),
            quote=str(row["quote"] or ""),
            fact=fact,
            page=row["page"],
            cut_before=first > 0,
            cut_after=cut_after,
            href=href,
            held=_held(self.reader, fact, str(row["document"] or "")),
        )

    def _text(self, row: Row, first: int, wanted: int) -> tuple[str, bool]:
        """`wanted` characters of the document from `first` on, and whether it goes on after them."""
        sql = "select substr(text, ?, ?) from documents where id = ?"
        text = str(self.reader.value(sql, (first + 1, wanted + 1, row["document"])) or row["quote"] or "")
        return self.hide(text)[:wanted], len(text) > wanted


def _at_words(text: str, first: int, start: int, end: int, cut_after: bool) -> tuple[int, str]:
    """The passage without the halves of words at its ends, and where it begins in the document."""
    if first > 0 and (space := text.find(" ", 0, start - first)) >= 0:
        text, first = text[space + 1 :], first + space + 1
    if cut_after and (space := text.rfind(" ", max(end - first, 0))) >= 0:
        text = text[:space]
    return first, text


def _near(text: str, first: int, start: int, end: int, cut_after: bool) -> tuple[int, str, bool]:
    """The passage with at most `LINES` lines before and after the evidence and no blank line at its ends."""
    before = text[: start - first].splitlines(keepends=True)
    after = text[end - first :].splitlines(keepends=True)
    filled_before = [at for at, line in enumerate(before) if line.strip()][-LINES - 1 :]
    filled_after = [at for at, line in enumerate(after) if line.strip()][: LINES + 1]
    kept_before = "".join(before[filled_before[0] :]) if filled_before else ""
    kept_after = "".join(after[: filled_after[-1] + 1]).rstrip() if filled_after else ""
    is_cut = cut_after or bool("".join(after)[len(kept_after) :].strip())
    return start - len(kept_before), kept_before + text[start - first : end - first] + kept_after, is_cut


def _held(reader: Reader, fact: str, document: str) -> Fact | None:
    """What of a side may be corrected: the field of the letterhead, or the fields of the fact; None for neither."""
    if fact.startswith(LETTERHEAD):
        field = fact.removeprefix(LETTERHEAD)
        fields: tuple[str, ...] = (field,) if field in FIELDS["documents"] else ()
        return _fact(reader, "documents", document, fields) if fields else None
    found = (_fact(reader, table, fact, FIELDS[table]) for table in _FACTS)
    return next((held for held in found if held), None) if fact else None


def _fact(reader: Reader, table: str, key: str, fields: tuple[str, ...]) -> Fact | None:
    row = reader.one(f'select {", ".join(fields)} from "{table}" where id = ?', (key,))
    return Fact(table, key, tuple(row.items())) if row else None


def explanation(rule: Row, words: Words) -> str:
    """What a rule means. A form of words that each finding fills (``{date}``) explains nothing and is left out."""
    text = words.pick(rule, "explanation")
    return "" if "{" in text else text


def doubt(one: One, words: Words) -> str:
    """Why the finding may be wrong."""
    name = "why_maybe_wrong_en" if words.language == "en" else "why_maybe_wrong"
    return str(one.rule.get(name) or one.finding["why_maybe_wrong"] or "")

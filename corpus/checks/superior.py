"""A document beside the one that it carries out: time limits, allotments and targets that were set for it above."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from sqlite3 import Row as SqlRow

from corpus.checks.base import Corpus, Found
from corpus.identity import fold, issuer_key
from corpus.passages import jaccard, line, overlap, sentence, tokens, unwrapped
from corpus.works import day_words
from rules.loader import pattern, words
from rules.units import KINDS_OF_UNITS, LEVEL_OF_KIND, NAMING_KIND

_ANY = re.compile("")
_SAME_ACT = 0.6
_SAME_TARGET = 0.62
_YEARLY = re.compile(r"FREQ=YEARLY;BYMONTH=(\d+);BYMONTHDAY=(\d+)\Z")


@dataclass(frozen=True, slots=True)
class Pair:
    """A document and one in the corpus that it carries out or is funded by."""

    document: str
    issuer: str
    level: str
    issued_on: str
    doc_type: str
    superior: str
    relation: str
    citation: str


def pairs(corpus: Corpus, *relations: str) -> Iterator[Pair]:
    """Every document with each document of a higher body that it names in one of `relations`, once."""
    marks = ", ".join("?" * len(relations))
    sql = f"""select c.document, d.issuer, d.issuer_level, d.issued_on, d.doc_type, w.document as superior, c.relation,
                     min(c.position), c.id
              from {corpus.citations} cross join documents d on d.id = c.document join works w on w.id = c.work
              join documents s on s.id = w.document
              where c.relation in ({marks}) and w.document != c.document and d.issuer is not null
                and d.issuer_level is not null and d.issued_on is not null and s.issuer != d.issuer
              group by c.document, w.document order by c.document, min(c.position)"""
    for row in corpus.rows(sql, *relations):
        yield Pair(
            document=row["document"],
            issuer=row["issuer"],
            level=row["issuer_level"],
            issued_on=row["issued_on"],
            doc_type=row["doc_type"] or "",
            superior=row["superior"],
            relation=row["relation"],
            citation=row["id"],
        )


Said = tuple[SqlRow, str]
"""A fact with the sentence that it stands in."""


class _Texts:
    """Texts and facts of documents, each read once while it is needed."""

    def __init__(self, corpus: Corpus) -> None:
        self._corpus = corpus
        self._texts: dict[str, str] = {}
        self._said: dict[tuple[str, str, str], list[Said]] = {}

    def said(self, document: str, table: str, condition: str, words: re.Pattern[str]) -> list[Said]:
        """The facts of a document whose sentences hold `words`, with these: superiors are asked for again and again."""
        key = (document, table, condition + words.pattern)
        if key not in self._said:
            if len(self._said) > 2_000:
                self._said.clear()
            facts = ((fact, self.sentence(fact)) for fact in _facts(self._corpus, table, document, condition))
            self._said[key] = [(fact, said) for fact, said in facts if words.search(said)]
        return self._said[key]

    def text(self, document: str) -> str:
        if document not in self._texts:
            if len(self._texts) > 200:
                self._texts.clear()
            (row,) = self._corpus.rows("select text from documents where id = ?", document)
            self._texts[document] = row["text"]
        return self._texts[document]

    def sentence(self, fact: SqlRow) -> str:
        return sentence(self.text(fact["document"]), fact["start"], fact["stop"])


def _facts(corpus: Corpus, table: str, document: str, condition: str = "1") -> list[SqlRow]:
    return corpus.rows(
        f'select *, "end" as stop from "{table}" where document = ? and not in_table and {condition} order by position',
        document,
    )


def _addresses(corpus: Corpus, fact: SqlRow, pair: Pair, said: str) -> bool:
    """Whether the passage around a fact of the superior is about this document's unit, or all units of its level."""
    charged = corpus.rows("select agency, section from assignments where document = ?", fact["document"])
    sections = _enclosing(corpus, fact["section"])
    named = [fold(row["agency"]) for row in charged if row["section"] in sections] + [fold(said)]
    titles = [fold(title) for title in sections.values() if title]
    key = issuer_key(pair.issuer)
    for said_of in (*named, *titles):
        if "ubnd" not in said_of and "uy ban nhan dan" not in said_of:
            continue
        if key.place and re.search(rf"\b{re.escape(key.place)}\b", said_of):
            return True
        if any(
            re.search(rf"\b(?:cac|nhan dan) (?:cac )?(?:[a-z]+, )*{kind}\b", said_of) for kind in _classes(pair.level)
        ):
            return not _names_others(said_of, pair.level)
    return False


def _names_others(said: str, level: str) -> bool:
    """Whether a class is followed by names (`UBND các xã A, B`), among which this unit's was not found."""
    match = re.search(rf"\b{_classes(level)[0]}\s+([a-z ]+),", said)
    return bool(match and match[1] not in {fold(kind) for kind in KINDS_OF_UNITS})


def _classes(level: str) -> tuple[str, ...]:
    """The folded words by which a superior addresses all units of a level (`UBND các huyện`, `UBND cấp xã`)."""
    kind = fold(NAMING_KIND[level]) if level in NAMING_KIND else ""
    return (kind, f"cap {kind}") if kind else ()


def _enclosing(corpus: Corpus, section: str | None) -> dict[str, str]:
    """The section and all that hold it, with their titles."""
    found: dict[str, str] = {}
    while section and section not in found:
        (row,) = corpus.rows("select title, parent from sections where id = ?", section)
        found[section] = row["title"] or ""
        section = row["parent"]
    return found


def check_issued_late(corpus: Corpus) -> Iterator[Found]:
    """A plan issued after the day by which its superior wanted it."""
    texts = _Texts(corpus)
    order = pattern("checks.toml", "issue_plan")
    for pair in pairs(corpus, "implements"):
        if pair.doc_type != "KH" or len(pair.issued_on) != 10:
            continue
        for limit, said in texts.said(pair.superior, "deadlines", "kind = 'due' and to_day is not null", order):
            if limit["to_day"] >= pair.issued_on:
                continue
            if limit["to_day"][:4] == pair.issued_on[:4] and _addresses(corpus, limit, pair, said):
                yield Found(
                    rule="issued-late",
                    document=pair.document,
                    sides=(
                        corpus.head_side(pair.document, "issued_on"),
                        corpus.fact_side("deadlines", limit["id"]),
                        corpus.side(pair.citation),
                    ),
                    words={"superior": " ".join(limit["quote"].split()), "issued": day_words(pair.issued_on)[5:]},
                    confidence=0.8,
                )
                break


def check_deadline_after_superior(corpus: Corpus) -> Iterator[Found]:
    """The same report, due here later than the superior wants it."""
    texts = _Texts(corpus)
    report = pattern("checks.toml", "report")
    condition = "kind in ('due', 'recurring') and (to_day is not null or rrule like 'FREQ=YEARLY;BYMONTH=%')"
    for pair in pairs(corpus, "implements"):
        limits = texts.said(pair.superior, "deadlines", condition, report)
        own = texts.said(pair.document, "deadlines", condition, report) if limits else []
        for limit, wanted in limits if own else []:
            if not _addresses(corpus, limit, pair, wanted):
                continue
            for fact, said in own:
                if _is_later(fact, limit, pair) and _same_report(said, wanted):
                    yield Found(
                        rule="deadline-after-superior",
                        document=pair.document,
                        sides=(corpus.fact_side("deadlines", fact["id"]), corpus.fact_side("deadlines", limit["id"])),
                        words={
                            "superior": " ".join(limit["quote"].split()),
                            "quote": " ".join(fact["quote"].split()),
                        },
                        confidence=0.7,
                    )


def _same_report(one: str, other: str) -> bool:
    """The same addressee and much the same words."""
    receiver = [pattern("checks.toml", "report_to").search(text) for text in (one, other)]
    if not all(receiver):
        return False
    names = [tokens(match["body"])[:6] for match in receiver if match]
    return names[0][:3] == names[1][:3] and overlap(one, other) >= _SAME_ACT


def _is_later(own: SqlRow, limit: SqlRow, pair: Pair) -> bool:
    days = [_day_in(fact, pair.issued_on[:4]) for fact in (own, limit)]
    return bool(days[0] and days[1] and days[0] > days[1] and days[0][:4] == days[1][:4])


def _day_in(fact: SqlRow, year: str) -> str | None:
    """The day of a deadline; of one that comes back every year, that of `year`."""
    if fact["to_day"]:
        return str(fact["to_day"])
    match = _YEARLY.match(fact["rrule"] or "")
    return f"{year}-{int(match[1]):02d}-{int(match[2]):02d}" if match else None


def check_budget_over_parent(corpus: Corpus) -> Iterator[Found]:
    """A total said to come wholly from a superior's allotment that is larger than what that allots to this unit."""
    texts = _Texts(corpus)
    for pair in pairs(corpus, "funded_by", "implements", "legal_basis", "guided_by", "mentions"):
        place = issuer_key(pair.issuer).place
        allotted = _allotment(texts, pair, place) if place else None
        for total in _facts(corpus, "budgets", pair.document, "kind = 'total' and not in_table") if allotted else ():
            if allotted is None or total["vnd"] <= allotted["vnd"] or not _is_from(corpus, pair, total):
                continue
            yield Found(
                rule="budget-over-parent",
                document=pair.document,
                sides=(corpus.fact_side("budgets", total["id"]), corpus.fact_side("budgets", allotted["id"])),
                words={"total": _sum(total["vnd"]), "allotted": _sum(allotted["vnd"])},
                words_en={"total": f"{total['vnd']:,}", "allotted": f"{allotted['vnd']:,}"},
                confidence=0.85,
            )
            break


def _sum(vnd: int) -> str:
    return f"{vnd:,}".replace(",", ".")


def _allotment(texts: _Texts, pair: Pair, place: str) -> SqlRow | None:
    """The one sum on the line of the superior's text that names this unit; None where there is not exactly one."""
    sums = texts.said(pair.superior, "budgets", "kind in ('item', 'total') and not in_table", _ANY)
    text = texts.text(pair.superior) if sums else ""
    unit = re.compile(rf"\b(?:{'|'.join(_kinds_of(issuer_key(pair.issuer).level))}) {re.escape(place)}\b")
    named = [fact for fact, _ in sums if unit.search(fold(line(text, fact["start"], fact["stop"])[:200]))]
    return named[0] if len(named) == 1 else None


def _kinds_of(level: str) -> tuple[str, ...]:
    """The folded kinds that a unit of a level may be named by in a list of allotments."""
    kinds = [fold(kind) for kind, of in LEVEL_OF_KIND.items() if of == level]
    if level == "city":
        kinds = ["thanh pho", "tp"]
    return tuple(kinds) or tuple(fold(NAMING_KIND[below]) for below in ("district", "commune"))


def _is_from(corpus: Corpus, pair: Pair, total: SqlRow) -> bool:
    """Whether the total's own sentence names the superior as its source, and no second source."""
    sources = (total["funding_sources"] or "").count(",")
    sql = """select c.start, c."end" as stop from citations c join works w on w.id = c.work
             where c.document = ? and w.document = ? and c.start >= ? order by c.start limit 1"""
    cited = corpus.rows(sql, pair.document, pair.superior, total["stop"])
    if not cited or sources:
        return False
    (row,) = corpus.rows("select text from documents where id = ?", pair.document)
    between = unwrapped(row["text"][total["stop"] : cited[0]["start"]])
    return len(between) < 200 and not pattern("checks.toml", "other_source").search(between)


def check_target_below_superior(corpus: Corpus) -> Iterator[Found]:
    """A share lower than the superior's for the same indicator and year."""
    texts = _Texts(corpus)
    for pair in pairs(corpus, "implements"):
        wanted = texts.said(pair.superior, "targets", "unit = '%'", _ANY)
        own = texts.said(pair.document, "targets", "unit = '%'", _ANY) if wanted else []
        for above, said in wanted:
            for target, mine in own:
                same_year = (target["by_date"] or "")[:4] == (above["by_date"] or "")[:4]
                if not (target["value"] < above["value"] and same_year):
                    continue
                if jaccard(_without_places(mine), _without_places(said)) >= _SAME_TARGET:
                    yield Found(
                        rule="target-below-superior",
                        document=pair.document,
                        sides=(corpus.fact_side("targets", target["id"]), corpus.fact_side("targets", above["id"])),
                        words={
                            "indicator": target["indicator"] or mine[:120],
                            "superior": f"{above['value']:g}%",
                            "own": f"{target['value']:g}%",
                        },
                        confidence=0.6,
                    )


def _without_places(said: str) -> str:
    """The words of what is measured, without those that only say for which unit."""
    places = words("checks.toml", "for_which_unit.words")
    return " ".join(word for word in tokens(re.split(r"[;.]\s", said)[0]) if word not in places)


def allotments(corpus: Corpus) -> Iterator[tuple[SqlRow, SqlRow]]:
    """The greatest total of each document, with the one sum that the document it is funded by sets for its unit."""
    texts = _Texts(corpus)
    for pair in pairs(corpus, "funded_by"):
        place = issuer_key(pair.issuer).place
        allotted = _allotment(texts, pair, place) if place else None
        totals = _facts(corpus, "budgets", pair.document, "kind = 'total'") if allotted else []
        if allotted and totals:
            yield max(totals, key=lambda total: (total["vnd"], total["id"])), allotted


def matching_targets(corpus: Corpus) -> Iterator[tuple[SqlRow, SqlRow, float]]:
    """Each target with the likest one of a document carried out that has its unit and year, and how alike they are.

    Alike are the words of what is measured, the names of places left out, 0 to 1.
    """
    words_of = cache(lambda indicator: frozenset(_without_places(indicator).split()))

    @lru_cache(maxsize=20_000)
    def held(document: str) -> list[tuple[SqlRow, frozenset[str]]]:
        sql = "select * from targets where document = ? and value is not null and indicator is not null order by id"
        return [(row, words_of(row["indicator"])) for row in corpus.rows(sql, document)]

    for pair in pairs(corpus, "implements"):
        above = held(pair.superior)
        for target, own in held(pair.document) if above else []:
            fitting = [
                (len(own & other) / max(len(own | other), 1), wanted)
                for wanted, other in above
                if wanted["unit"] == target["unit"] and (wanted["by_date"] or "")[:4] == (target["by_date"] or "")[:4]
            ]
            likeness, wanted = max(fitting, key=lambda found: (found[0], found[1]["id"]), default=(0.0, None))
            if wanted is not None and likeness >= _SAME_TARGET:
                yield target, wanted, likeness

"""One work told in two ways: by date, type, issuer or form, or otherwise than by its own head."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import islice
from sqlite3 import Row as SqlRow

from corpus.checks import codes
from corpus.checks.base import Corpus, Found, Side
from corpus.identity import body_of_letters, issuer_key, parse_code, same_issuer
from corpus.lineage import is_known_body, is_known_place, is_lineage
from corpus.mentions import TWO_FORMS
from corpus.readings import UNDECIDED, Verdict, by_count, likely_number, supported, supported_date
from corpus.works import day_words, type_names
from extract.dates import parse
from rules.hierarchy import harmless_confusions, types

_LOST = "\ufffd"


def check_citation_date_conflict(corpus: Corpus) -> Iterator[Found]:
    """One work, two whole dates; says which reading the rest of the corpus supports, or that nothing decides."""
    for work in corpus.rows(
        f"select id, label, code, dates from works where dates like '%,%' {corpus.only('work', 'id')} order by id"
    ):
        dates = {date: count for date, count in json.loads(work["dates"]).items() if len(date) == 10}
        sides = _one_citation_each(corpus, work["id"], list(dates)) if len(dates) > 1 else []
        if len(sides) < 2:
            continue
        verdict = supported_date(corpus.connection, work["id"])
        points = likely_number(corpus.connection, work["id"], dates, verdict.reading)
        yield Found(
            rule="citation-date-conflict",
            document=_odd_one(sides, verdict.reading, corpus),
            work=work["id"],
            sides=tuple(sides),
            words={"work": work["code"] or work["label"], "dates": _days(dates), "support": verdict.vi + points.vi},
            words_en={"support": verdict.en + points.en},
            confidence=0.9 if verdict.reading else 0.8,
        )
    yield from codes.check_year_in_code(corpus)


def _odd_one(sides: list[Side], reading: str | None, corpus: Corpus) -> str:
    """The document that an auditor should open: one that prints the reading that is not supported."""
    for side in sides:
        (row,) = corpus.rows("select issued_on from citations where id = ?", side.fact)
        if reading and row["issued_on"] != reading:
            return side.document
    return sides[-1].document


def _days(dates: dict[str, int]) -> str:
    return ", ".join(f"{day_words(date).removeprefix('ngày ')} ({count})" for date, count in sorted(dates.items()))


def _one_citation_each(corpus: Corpus, work: str, dates: list[str]) -> list[Side]:
    """For each date the first citation that prints it and was read surely."""
    sides = []
    sql = f"""select id, quote from citations where work = ? and issued_on = ? and {sure("issued_on")}
              order by document, position"""
    for date in dates:
        rows = corpus.connection.execute(sql, (work, date))
        printed = list(islice((ident for ident, quote in rows if prints_date(quote, date)), 1))
        sides += [corpus.side(ident) for ident in printed]
    return sides


def sure(field: str, table: str = "") -> str:
    """The condition that a field was read surely: digits that a scan leaves in doubt contradict nothing."""
    return f"""instr(coalesce({table}uncertain, ''), '"{field}"') = 0"""


def prints_date(quote: str, date: str) -> bool:
    """Whether the words of a citation hold its date: in an enumeration the date may be another document's."""
    found = parse(quote)
    return found is not None and found.edtf == date


def _citations_of_disputed(
    corpus: Corpus, column: str, differ: Callable[[str, SqlRow], bool]
) -> Iterator[tuple[SqlRow, list[SqlRow]]]:
    """Each work that `column` of `works` (types, issuers) has a value of that differs from its own, with citations."""
    disputed = f"""select id, doc_type, issuer, {column} as told from works
                   where {column} like '%,%' and code is not null {corpus.only("work", "id")} order by id"""
    sql = """select w.id as work, w.code as work_code, w.label, w.doc_type as work_type, w.issuer as work_issuer,
                    c.id, c.document, c.doc_type, c.issuer, c.issuer_text, c.code, c.quote
             from works w join citations c on c.work = w.id
             where w.id = ? and not coalesce(c.is_self, 0) order by c.document, c.position"""
    for work in corpus.rows(disputed):
        if any(differ(told, work) for told in json.loads(work["told"])):
            citations = corpus.rows(sql, work["id"])
            if citations:
                yield citations[0], citations


def types_differ(printed: str | None, code: str | None, other: str | None) -> bool:
    """Whether a printed type and the work's type cannot both be right.

    >>> types_differ("QĐ", "52/KH-UBND", "KH"), types_differ("QC", "12/QĐ-UBND", "QĐ")
    (True, False)
    """
    if not printed or not other or printed == other or any({printed, other} <= pair for pair in harmless_confusions()):
        return False
    key = parse_code(code) if code else None
    if printed in types("by_name") and key and key.kind:
        return False
    return not (key and key.kind == "QĐ" and printed in types("attached") and other == "QĐ")


def prints_type(citation: SqlRow) -> bool:
    """Whether a citation has its type word: in an enumeration it is inferred. Lost letters prove nothing."""
    name = type_names().get(citation["doc_type"])
    quote = citation["quote"]
    return name is not None and _LOST not in quote and " ".join(quote.split()).startswith((name, name.upper()))


def check_citation_type_conflict(corpus: Corpus) -> Iterator[Found]:
    """One work, two types: the type word of a citation against the one that most documents print."""
    for work, citations in _citations_of_disputed(
        corpus, "types", lambda told, work: types_differ(told, None, work["doc_type"])
    ):
        odd = [c for c in citations if prints_type(c) and types_differ(c["doc_type"], c["code"], work["work_type"])]
        usual = [c for c in citations if c["doc_type"] == work["work_type"]]
        if odd and usual:
            names = [type_names().get(kind, kind) for kind in (work["work_type"], odd[0]["doc_type"])]
            verdict = _by_letters(work["work_code"], names[0], _kind_of(work["work_code"]) == work["work_type"])
            verdict = verdict or by_count(names[0], *_documents(usual, odd)) or UNDECIDED
            words = {"work": work["label"], "types": " / ".join(names)}
            yield _found(corpus, "citation-type-conflict", (odd[0], usual[0]), words, verdict)
    yield from codes.check_type_letters(corpus)


def _found(corpus: Corpus, rule: str, sides: tuple[SqlRow, SqlRow], words: dict[str, str], verdict: Verdict) -> Found:
    """The finding that two citations of one work disagree: the odd one first, the usual one beside it."""
    odd, usual = sides
    return Found(
        rule=rule,
        document=odd["document"],
        work=odd["work"],
        sides=(corpus.side(odd["id"]), corpus.side(usual["id"])),
        words={**words, "support": verdict.vi},
        words_en={"support": verdict.en},
    )


def _by_letters(code: str, reading: str, is_meant: bool) -> Verdict | None:
    """The verdict for the reading that the letters of the code mean."""
    if not is_meant:
        return None
    return supported(reading, f"ký hiệu là {code}", f"the code is {code}")


def _kind_of(code: str) -> str | None:
    key = parse_code(code)
    return key.kind if key else None


def _body_of(code: str) -> str | None:
    key = parse_code(code)
    return body_of_letters(key.lead) if key else None


def _documents(usual: list[SqlRow], odd: list[SqlRow]) -> tuple[int, int]:
    """How many documents print the one and the other."""
    return len({row["document"] for row in usual}), len({row["document"] for row in odd})


@lru_cache(maxsize=65_536)
def issuers_differ(one: str | None, other: str | None) -> bool:
    """Whether two names are of two bodies that are known to exist, neither of which became the other.

    A name that is cut short, or that no body is known by, proves nothing.
    """
    if not one or not other or _LOST in one + other:
        return False
    first, second = issuer_key(one), issuer_key(other)
    if same_issuer(first, second) is not False or is_lineage(first, second):
        return False
    return all(is_known_body(key.body) and is_known_place(key) for key in (first, second))


def prints_issuer(citation: SqlRow) -> bool:
    """Whether the words of a citation name its issuer as such: `do Văn phòng Chính phủ` names who drafted it."""
    printed = citation["issuer_text"]
    if not printed or not citation["issuer"]:
        return False
    quote = citation["quote"]
    if "do" in quote and re.search(rf"\bdo\s+{re.escape(printed)}", quote):
        return False
    return _is_name_of(printed, citation["issuer"])


@lru_cache(maxsize=65_536)
def _is_name_of(printed: str, issuer: str) -> bool:
    """Whether the printed words name a body, whole or cut short."""
    bodies = issuer_key(" ".join(printed.split())).body, issuer_key(issuer).body
    return bodies[0] == bodies[1] or bodies[1].startswith(bodies[0])


def check_citation_issuer_conflict(corpus: Corpus) -> Iterator[Found]:
    """One work, two issuers, both printed beside its code."""
    for work, citations in _citations_of_disputed(
        corpus, "issuers", lambda told, work: issuers_differ(told, work["issuer"])
    ):
        printed = [c for c in citations if prints_issuer(c)]
        odd = [c for c in printed if issuers_differ(c["issuer"], work["work_issuer"])]
        usual = [c for c in printed if not issuers_differ(c["issuer"], work["work_issuer"])]
        if odd and usual:
            both = usual[0]["issuer"], odd[0]["issuer"]
            meant = [name for name in both if issuer_key(name).body == _body_of(work["work_code"])]
            verdict = _by_letters(work["work_code"], meant[0], bool(meant)) if meant else None
            verdict = verdict or by_count(both[0], *_documents(usual, odd)) or UNDECIDED
            words = {"work": work["work_code"], "issuers": " / ".join(both)}
            yield _found(corpus, "citation-issuer-conflict", (odd[0], usual[0]), words, verdict)
    yield from codes.check_issuer_letters(corpus)
    yield from codes.check_chairman(corpus)


def check_citation_document_mismatch(corpus: Corpus) -> Iterator[Found]:
    """A citation whose date, type or issuer differs from the head of the document that it names, or from its law."""
    yield from check_against_head(corpus)
    yield from codes.check_law_numbers(corpus)
    yield from codes.check_term_in_code(corpus)


def check_against_head(corpus: Corpus) -> Iterator[Found]:
    """A citation whose date, type or issuer differs from the head of the document that it names."""
    sql = f"""select c.id, c.document, c.doc_type, c.issuer, c.issuer_text, c.code, c.quote, w.id as work,
                    iif({sure("issued_on", "c.")}, c.issued_on, null) as issued_on,
                    d.id as own, d.doc_type as own_type, d.issuer as own_issuer, d.issued_on as own_date
             from {corpus.citations} join works w on w.id = c.work join documents d on d.id = w.document
             where not coalesce(c.is_self, 0) and c.document != d.id order by c.document, c.position"""
    for row in corpus.rows(sql):
        for field, cited, own in _differences(row):
            yield Found(
                rule="citation-document-mismatch",
                document=row["document"],
                work=row["work"],
                sides=(corpus.side(row["id"]), corpus.head_side(row["own"], field)),
                words={"cited": cited, "source": "chính văn bản", "own": own},
                words_en={"source": "the document itself"},
            )


def _differences(row: SqlRow) -> Iterator[tuple[str, str, str]]:
    """(field, as cited, as in the document's own head), each that differs."""
    cited, own = row["issued_on"], row["own_date"]
    if cited and own and len(cited) == len(own) == 10 and cited != own and prints_date(row["quote"], cited):
        yield "issued_on", day_words(cited), day_words(own)
    if prints_type(row) and types_differ(row["doc_type"], row["code"], row["own_type"]):
        names = type_names()
        yield "doc_type", names.get(row["doc_type"], row["doc_type"]), names.get(row["own_type"], row["own_type"])
    if prints_issuer(row) and issuers_differ(row["issuer"], row["own_issuer"]) and _is_sound(row):
        yield "issuer", row["issuer"], row["own_issuer"]


def _is_sound(row: SqlRow) -> bool:
    """Whether the head's issuer is the one that its own letters mean, where they mean one: else it was misread."""
    key = parse_code(row["code"]) if row["code"] else None
    meant = body_of_letters(key.lead) if key else None
    return meant is None or issuer_key(row["own_issuer"]).body == meant


def check_qppl_confusion(corpus: Corpus) -> Iterator[Found]:
    """One work, with the year in its code here and without it there: normative and individual form confused."""
    sql = f"""select work from (
                 select work, code from citations where work is not null and code is not null
                 {corpus.only("work", "work")}
                 union select work, code from documents where work is not null and code is not null
                 {corpus.only("work", "work")})
             group by work having count(distinct code) > 1 order by work"""
    for (work,) in corpus.connection.execute(sql).fetchall():
        yield from _two_forms(corpus, work)
        yield from _type_letters_beside_year(corpus, work)


def _two_forms(corpus: Corpus, work: str) -> Iterator[Found]:
    sql = """select id, document, code, issued_on from citations where work = ? and code is not null
             and length(issued_on) = 10 order by document, position"""
    citations = [row for row in corpus.rows(sql, work) if _has_two_forms(row["code"])]
    with_year = [row for row in citations if _year_of(row["code"])]
    without = [row for row in citations if not _year_of(row["code"])]
    heads = corpus.rows("select id, code from documents where work = ? and code is not null", work)
    if heads and _has_two_forms(heads[0]["code"]):
        wrong, other = (without if _year_of(heads[0]["code"]) else with_year), corpus.head_side(heads[0]["id"], "code")
        verdict = supported(heads[0]["code"], "chính văn bản ghi như vậy", "the document itself says so")
    elif with_year and without:
        wrong = min((with_year, without), key=lambda rows: len({row["document"] for row in rows}))
        right = without if wrong is with_year else with_year
        dates = {row["issued_on"] for row in wrong}
        other = corpus.side(min(right, key=lambda row: row["issued_on"] not in dates)["id"])
        verdict = by_count(right[0]["code"], *_documents(right, wrong)) or UNDECIDED
    else:
        return
    for row in wrong[:1]:
        yield Found(
            rule="qppl-confusion",
            document=row["document"],
            work=work,
            sides=(corpus.side(row["id"]), other),
            words={"quote": corpus.side(row["id"]).quote, "other": other.quote, "support": verdict.vi},
            words_en={"support": verdict.en},
        )


def _type_letters_beside_year(corpus: Corpus, work: str) -> Iterator[Found]:
    """A normative resolution of the Assembly's bodies (`76/2025/UBTVQH15`) with the letters of an individual one."""
    sql = """select c.id, c.document, c.code from citations c join works w on w.id = c.work
             where c.work = ? and w.doc_type = 'NQ' and c.code like '%QH%' order by c.document, c.position"""
    forms: dict[bool, list[SqlRow]] = {True: [], False: []}
    for row in corpus.rows(sql, work):
        key = parse_code(row["code"])
        if key and key.year and not key.kind:
            forms["NQ-" in row["code"].replace(" ", "").upper()].append(row)
    if forms[True] and forms[False]:
        wrong, right = forms[True][0], forms[False][0]
        sides = (corpus.side(wrong["id"]), corpus.side(right["id"]))
        why = "văn bản quy phạm có năm trong số, không có chữ chỉ loại", "a normative one bears its year and no letters"
        verdict = supported(right["code"], *why)
        yield Found(
            rule="qppl-confusion",
            document=wrong["document"],
            work=work,
            sides=sides,
            words={"quote": wrong["code"], "other": right["code"], "support": verdict.vi},
            words_en={"support": verdict.en},
            confidence=0.7,
        )


def _has_two_forms(code: str) -> bool:
    key = parse_code(code)
    return key is not None and not key.party and key.kind in TWO_FORMS and "QH" not in key.body


def _year_of(code: str) -> int | None:
    key = parse_code(code)
    return key.year if key else None

"""One work cited under two codes: other letters of the type, of the issuer, another year; or one code for two."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import groupby
from sqlite3 import Row as SqlRow

from corpus.checks.base import Corpus, Found
from corpus.identity import CodeKey, body_of_letters, fold, issuer_key, parse_code
from corpus.lineage import is_lineage
from corpus.mentions import is_of_term
from corpus.readings import UNDECIDED, Verdict, by_count, supported
from corpus.subjects import LAW
from corpus.works import day_words, type_names
from rules.hierarchy import assembly_terms
from rules.loader import pattern, table


@dataclass(frozen=True, slots=True)
class Spelling:
    """A code under which a work is cited, with its first citation and how many documents print it."""

    key: CodeKey
    code: str
    citation: str
    document: str
    documents: int


def disputed(corpus: Corpus) -> Iterator[tuple[str, Spelling, list[Spelling]]]:
    """(work, leading spelling, others) of works cited under codes that differ by more than their spelling."""
    sql = f"""select work, code, count(distinct document) as documents,
                    min(document || ' ' || printf('%06d', position)) as first
             from citations where work in (
                 select work from citations where work is not null and code is not null and not coalesce(is_self, 0)
                 {corpus.only("work", "work")}
                 group by work having count(distinct code) > 1)
               and code is not null and not coalesce(is_self, 0)
             group by work, code order by work, code"""
    by_work: dict[str, dict[tuple[str, int | None, int | None], Spelling]] = defaultdict(dict)
    for row in corpus.rows(sql):
        key = parse_code(row["code"])
        if key is None:
            continue
        document, _, position = row["first"].partition(" ")
        (cited,) = corpus.rows("select id from citations where document = ? and position = ?", document, int(position))
        identity = (key.letters, key.year, key.term)
        known = by_work[row["work"]].get(identity)
        count = row["documents"] + (known.documents if known else 0)
        first = known or Spelling(key, row["code"], cited["id"], document, 0)
        by_work[row["work"]][identity] = Spelling(first.key, first.code, first.citation, first.document, count)
    for work, found in by_work.items():
        if len(found) > 1:
            leading, *others = sorted(found.values(), key=lambda s: (-s.documents, s.code))
            yield work, leading, others


def spelled_otherwise(corpus: Corpus) -> Iterator[tuple[str, Spelling, Spelling]]:
    """(work, leading spelling, another) for every other spelling of a work's code."""
    for work, leading, others in corpus.once(disputed):
        for other in others:
            yield work, leading, other


def check_type_letters(corpus: Corpus) -> Iterator[Found]:
    """The letters of one type in most citations of a work, of another in the rest."""
    for work, leading, other in spelled_otherwise(corpus):
        if other.key.kind and leading.key.kind and other.key.kind != leading.key.kind:
            names = [type_names().get(s.key.kind, s.key.kind) for s in (leading, other)]
            words = {"work": leading.code, "types": f"{names[0]} ({leading.code}) / {names[1]} ({other.code})"}
            yield _conflict(corpus, "citation-type-conflict", work, leading, other, words)


def check_issuer_letters(corpus: Corpus) -> Iterator[Found]:
    """The letters of one body in most citations of a work, of another in the rest, neither having become the other."""
    for work, leading, other in spelled_otherwise(corpus):
        if other.key.lead == leading.key.lead or other.key.kind != leading.key.kind:
            continue
        bodies = [_body(corpus, spelling) for spelling in (leading, other)]
        if all(bodies) and not _is_lineage(other.key.lead, leading.key.lead):
            words = {
                "work": leading.code,
                "issuers": f"{bodies[0]} ({leading.code}) / {bodies[1]} ({other.code})",
            }
            yield _conflict(corpus, "citation-issuer-conflict", work, leading, other, words)


def _conflict(
    corpus: Corpus, rule: str, work: str, leading: Spelling, other: Spelling, words: Mapping[str, object]
) -> Found:
    """A finding on the document that prints the rarer spelling, the usual one as its other side."""
    verdict = _supported(corpus, leading, other)
    return Found(
        rule=rule,
        document=other.document,
        work=work,
        sides=(corpus.side(other.citation), corpus.side(leading.citation)),
        words={**words, "support": verdict.vi},
        words_en={"support": verdict.en},
        confidence=_confidence(leading, other),
    )


def _supported(corpus: Corpus, leading: Spelling, other: Spelling) -> Verdict:
    """Which spelling is supported: by what stands beside the other, whose letters it bears, or majority."""
    sql = """select c.issuer, c.issuer_text, c.quote, d.code from citations c join documents d on d.id = c.document
             where c.id = ?"""
    (beside,) = corpus.rows(sql, other.citation)
    meant = body_of_letters(leading.key.lead) if other.key.lead != leading.key.lead else None
    if beside["issuer_text"] and beside["issuer"] and meant and issuer_key(beside["issuer"]).body == meant:
        said = f"cơ quan in bên cạnh ký hiệu kia là {beside['issuer']}", f"the issuer beside the other is {meant}"
        return supported(leading.code, *said)
    name = type_names().get(leading.key.kind)
    if other.key.kind != leading.key.kind and name and beside["quote"].startswith(name):
        return supported(leading.code, f"chữ in bên cạnh ký hiệu kia là {name}", f"the word beside the other is {name}")
    own = parse_code(beside["code"]) if beside["code"] else None
    if own and own.body == other.key.body != leading.key.body:
        said = "ký hiệu kia là của chính cơ quan viện dẫn", "the other letters are those of the citing body"
        return supported(leading.code, *said)
    return by_count(leading.code, leading.documents, other.documents) or UNDECIDED


def _body(corpus: Corpus, spelling: Spelling) -> str | None:
    """The body that letters are known by, or the issuer of the document that bears them itself."""
    known = _bodies().get(spelling.key.lead)
    if known:
        return known
    (own,) = corpus.rows("select code, issuer from documents where id = ?", spelling.document)
    key = parse_code(own["code"]) if own["code"] else None
    return str(own["issuer"]) if own["issuer"] and key and key.body == spelling.key.body else None


@cache
def _bodies() -> dict[str, str]:
    """Bodies by their letters; letters that nobody is known by may be misread."""
    return {
        letters.upper(): row["name_vi"]
        for row in table("issuers.csv")
        for letters in (row["code"], *row["aliases"].split(";"))
        if letters
    }


def _is_lineage(one: str, other: str) -> bool:
    names = [body_of_letters(letters) for letters in (one, other)]
    if not all(names):
        return False
    keys = [issuer_key(name) for name in names if name]
    return keys[0] == keys[1] or is_lineage(keys[0], keys[1])


def _confidence(leading: Spelling, other: Spelling) -> float:
    return 0.9 if leading.documents >= 3 * other.documents else 0.7


def check_year_in_code(corpus: Corpus) -> Iterator[Found]:
    """The code of one work with two years, and one number of one issuer and year with two dates and two subjects."""
    for work, leading, other in spelled_otherwise(corpus):
        same_letters = other.key.letters == leading.key.letters
        if same_letters and other.key.year and leading.key.year and other.key.year != leading.key.year:
            verdict = (
                _by_term(leading, other) or by_count(leading.code, leading.documents, other.documents) or UNDECIDED
            )
            yield Found(
                rule="citation-date-conflict",
                document=other.document,
                work=work,
                sides=(corpus.side(leading.citation), corpus.side(other.citation)),
                words={
                    "work": leading.code,
                    "dates": f"{leading.key.year} / {other.key.year} ({other.code})",
                    "support": verdict.vi,
                },
                words_en={"support": verdict.en},
                confidence=_confidence(leading, other),
            )
    yield from _one_number_twice(corpus)


def _by_term(leading: Spelling, other: Spelling) -> Verdict | None:
    """The spelling whose year the Assembly's term allows, where it does not allow the other's."""
    fits = [s.key.year is not None and is_of_term(s.key.year, s.key.term) for s in (leading, other)]
    if not leading.key.term or fits[0] == fits[1]:
        return None
    right = leading if fits[0] else other
    said = f"khóa {right.key.term} không ban hành văn bản năm kia", f"term {right.key.term} does not fit the other year"
    return supported(right.code, *said)


def check_term_in_code(corpus: Corpus) -> Iterator[Found]:
    """A law's number and year with another term of the Assembly than the other documents print."""
    for work, leading, other in spelled_otherwise(corpus):
        one, two = leading.key, other.key
        known = one.term in assembly_terms() and two.term in assembly_terms()
        if known and one.letters == two.letters == "QH" and one.year == two.year and two.term != one.term:
            count = leading.documents
            yield Found(
                rule="citation-document-mismatch",
                document=other.document,
                work=work,
                sides=(corpus.side(other.citation), corpus.side(leading.citation)),
                words={
                    "cited": f"số {other.code}",
                    "source": f"{count} văn bản khác viện dẫn luật này",
                    "own": f"số {leading.code}",
                },
                words_en={
                    "cited": other.code,
                    "source": f"{count} other documents that cite this law",
                    "own": leading.code,
                },
                confidence=_confidence(leading, other),
            )


def _one_number_twice(corpus: Corpus) -> Iterator[Found]:
    """Two works that linking held apart by their subjects alone: one of the numbers must be wrong."""
    sql = f"""select a.code, a.id, a.issued_on as first, b.issued_on as second,
                    (select id from citations where work = a.id and issued_on = a.issued_on
                     order by document, position limit 1) as one,
                    (select id from citations where work = b.id and issued_on = b.issued_on
                     order by document, position limit 1) as other
             from works a join works b on a.code = b.code and a.year = b.year and a.id < b.id
                  and coalesce(a.issuer, '') = coalesce(b.issuer, '')
             where +a.document is null and +b.document is null and length(a.issued_on) = 10
               and length(b.issued_on) = 10 and a.issued_on != b.issued_on and a.state = 'cited' and b.state = 'cited'
               {corpus.only("work", "a.id")}
             order by a.id, b.id"""
    for row in corpus.rows(sql):
        if row["one"] and row["other"]:
            sides = (corpus.side(row["one"]), corpus.side(row["other"]))
            days = " / ".join(day_words(date).removeprefix("ngày ") for date in (row["first"], row["second"]))
            yield Found(
                rule="citation-date-conflict",
                document=sides[0].document,
                work=row["id"],
                sides=sides,
                words={
                    "work": row["code"],
                    "dates": days,
                    "support": " Nội dung khác nhau: một trong hai số có thể sai.",
                },
                words_en={"support": " They are about different things: one of the numbers may be wrong."},
                confidence=0.6,
            )


def check_chairman(corpus: Corpus) -> Iterator[Found]:
    """A decision cited as the committee's here and as its chairman's there: they are two authorities."""
    sql = f"""select c.work, c.id, c.document, c.issuer_text from citations c join works w on w.id = c.work
             where c.issuer_text is not null and w.code like '%UBND' and c.code like '%UBND'
               {corpus.only("work", "c.work")}
             order by c.work, c.document, c.position"""
    for work, rows in groupby(corpus.rows(sql), key=lambda row: row["work"]):
        told_of: dict[bool, SqlRow] = {}
        for row in rows:
            told_of.setdefault(_is_chairman(row["issuer_text"]), row)
        if len(told_of) < 2:
            continue
        one, other = told_of[True], told_of[False]
        (told,) = corpus.rows("select code, issuer from works where id = ?", work)
        body = (told["issuer"] or "UBND").removeprefix("Chủ tịch ")
        yield Found(
            rule="citation-issuer-conflict",
            document=one["document"],
            work=work,
            sides=(corpus.side(one["id"]), corpus.side(other["id"])),
            words={"work": told["code"], "issuers": f"Chủ tịch {body} / {body}", "support": UNDECIDED.vi},
            words_en={"support": UNDECIDED.en},
            confidence=0.6,
        )


@lru_cache(maxsize=65_536)
def _is_chairman(printed: str) -> bool:
    return pattern("checks.toml", "chairman").match(fold(printed)) is not None


def check_law_numbers(corpus: Corpus) -> Iterator[Found]:
    """A law's name beside the number of another law: the corpus knows both the name's number and the number's name."""
    names: dict[tuple[str, int | None], dict[str, list[SqlRow]]] = defaultdict(lambda: defaultdict(list))
    of_code: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for row in _of_laws_with_one_name(corpus):
        key, name = parse_code(row["code"]), _law_name(row["quote"])
        if key and name:
            names[name, key.term][row["code"]].append(row)
            of_code[row["code"]][name].add(row["document"])
    for (name, _), codes in sorted(names.items(), key=lambda item: str(item[0])):
        yield from _wrong_numbers(corpus, name, codes, of_code)


def _law_name(quote: str) -> str | None:
    """The folded name of a law that is cited by name and code."""
    match = LAW.match(" ".join(quote.split()))
    return fold(match[1]) if match else None


def _of_laws_with_one_name(corpus: Corpus) -> list[SqlRow]:
    """The citations of all laws of the Assembly that share their name and term with another code, in order."""
    codes: dict[tuple[str, int | None], set[str]] = defaultdict(set)
    for (code,) in corpus.rows("select distinct code from citations where code is not null"):
        key = parse_code(code)
        if key is None or "/QH" not in code.upper():
            continue
        sql = "select distinct quote from citations where code = ? and not coalesce(is_self, 0)"
        for (quote,) in corpus.rows(sql, code):
            name = _law_name(quote)
            if name:
                codes[name, key.term].add(code)
    shared = sorted({code for found in codes.values() if len(found) > 1 for code in found})
    sql = """select id, document, work, code, quote, issued_on, position from citations
             where code = ? and not coalesce(is_self, 0)"""
    rows = [row for code in shared for row in corpus.rows(sql, code)]
    return sorted(rows, key=lambda row: (row["document"], row["position"]))


def _wrong_numbers(
    corpus: Corpus, name: str, codes: dict[str, list[SqlRow]], of_code: dict[str, dict[str, set[str]]]
) -> Iterator[Found]:
    documents = {code: {row["document"] for row in rows} for code, rows in codes.items()}
    usual = max(documents, key=lambda code: (len(documents[code]), code))
    for code, rows in codes.items():
        others = {other: len(held) for other, held in of_code[code].items() if other != name}
        own = max(others, key=lambda other: (others[other], other), default=None)
        dates = {row["issued_on"] for row in codes[usual] if row["issued_on"]}
        same_day = any(row["issued_on"] in dates for row in rows)
        rarer = len(documents[code]) * 2 <= len(documents[usual])
        if code == usual or not rarer or codes[usual][0]["work"] == rows[0]["work"]:
            continue
        needed = 2 if same_day else 3
        if len(documents[usual]) < needed or not (same_day or (own and others[own] >= 2)):
            continue
        yield Found(
            rule="citation-document-mismatch",
            document=rows[0]["document"],
            work=codes[usual][0]["work"],
            sides=(corpus.side(rows[0]["id"]), corpus.side(codes[usual][0]["id"])),
            words={
                "cited": " ".join(rows[0]["quote"].split()),
                "source": f"{len(documents[usual])} văn bản khác viện dẫn luật này",
                "own": f"số {usual}",
            },
            words_en={"source": f"{len(documents[usual])} other documents that cite this law", "own": usual},
            confidence=0.75,
        )

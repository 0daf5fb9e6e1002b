"""A cluster of mentions as a row of `works`: which code, issuer and date stand for it, and what officials call it."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache

from corpus.identity import issuer_key
from corpus.lineage import province_names
from corpus.mentions import Cluster, Mention
from corpus.schema import BY_NAME
from corpus.store import Row, to_json
from rules.loader import table


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """A work with the readings that are accepted for it."""

    id: str
    doc_type: str | None
    number: str | None
    symbol: str | None
    code: str | None
    name: str | None
    issuer: str | None
    issuer_level: str | None
    territory: str | None
    year: int | None
    issued_on: str | None
    dates: Counter[str]
    issuers: Counter[str]
    types: Counter[str]
    label: str
    document: str | None
    state: str
    citations: int
    cited_by: int

    @property
    def row(self) -> Row:
        """The row of the table `works`."""
        return (
            *(self.id, self.doc_type, self.number, self.symbol, self.code, self.name, self.issuer, self.issuer_level),
            *(self.territory, self.year, self.issued_on, _counts(self.dates), self.label, self.document, self.state),
            *(self.citations, self.cited_by, _counts(self.issuers), _counts(self.types)),
        )


def packed(work: Work) -> str:
    """A work as text that `unpacked` reads."""
    told = {name: getattr(work, name) for name in BY_NAME["works"].column_types}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


def unpacked(text: str) -> Work:
    """The work that `packed` was given."""
    told = json.loads(text)
    counters = {name: Counter(told[name]) for name in ("dates", "issuers", "types")}
    return Work(**{**told, **counters})


def stored_work(connection: sqlite3.Connection, ident: str) -> Work | None:
    """A work as the citations with its code tell it; None where there is none of this id."""
    law = connection.execute("select told from laws where work = ?", (ident,)).fetchone()
    if law:
        return unpacked(law[0])
    row = connection.execute("select * from works where id = ?", (ident,)).fetchone()
    if row is None:
        return None
    told = dict(zip(BY_NAME["works"].column_types, row, strict=True))
    counters = {name: Counter(json.loads(told[name] or "{}")) for name in ("dates", "issuers", "types")}
    return Work(**{**told, **counters})


def _counts(counter: Counter[str]) -> str | None:
    return to_json(dict(sorted(counter.items(), key=lambda item: (-item[1], item[0]))))


@cache
def type_names() -> dict[str, str]:
    """The full name of each type by its abbreviation."""
    return {row["code"]: row["name_vi"] for row in table("doc_types.csv")}


def day_words(date: str) -> str:
    """A date as officials write it, the leading zero only before single days and the months 1 and 2.

    >>> day_words("2024-04-01"), day_words("2024-01-15"), day_words("2021-10"), day_words("2020")
    ('ngày 01/4/2024', 'ngày 15/01/2024', 'tháng 10/2021', 'năm 2020')
    """
    parts = date.split("-")
    if len(parts) == 1:
        return f"năm {parts[0]}"
    month = parts[1] if int(parts[1]) < 3 else str(int(parts[1]))
    return f"ngày {parts[2]}/{month}/{parts[0]}" if len(parts) == 3 else f"tháng {month}/{parts[0]}"


def bare_day(words: str) -> str:
    """`words` without the unit, where they are no more than a date of `day_words`: what English says of it.

    >>> bare_day("ngày 01/4/2024"), bare_day("Kế hoạch số 7/KH-UBND ngày 01/4/2024")
    ('01/4/2024', 'Kế hoạch số 7/KH-UBND ngày 01/4/2024')
    """
    digits = words.rpartition(" ")[2]
    is_date = digits.replace("/", "").isdigit()
    return digits if is_date and words == day_words("-".join(reversed(digits.split("/")))) else words


def label_of(doc_type: str | None, code: str | None, name: str | None, date: str | None, issuer: str | None) -> str:
    """`Quyết định số 1277/QĐ-UBND ngày 01/4/2024 của UBND tỉnh Thanh Hóa`."""
    kind = type_names().get(doc_type or "", "Văn bản")
    if name:
        parts = [name, f"số {code}" if code else "", day_words(date) if date else ""]
        return " ".join(part for part in parts if part)
    parts = [
        kind,
        f"số {code}" if code else "không số",
        day_words(date) if date else "",
        f"của {issuer}" if issuer else "",
    ]
    return " ".join(part for part in parts if part)


def by_documents(mentions: Iterable[Mention], value: Callable[[Mention], str | None]) -> Counter[str]:
    """How many documents print each value."""
    seen = {(m.document, found) for m in mentions if (found := value(m))}
    return Counter(found for _, found in seen)


def leading(counter: Counter[str]) -> str | None:
    """The value of most documents; of equals the longest, then the first by letters."""
    if not counter:
        return None
    return min(counter, key=lambda text: (-counter[text], -len(text), text))


def accepted_date(mentions: Sequence[Mention], dates: Counter[str], year: int | None) -> str | None:
    """The date that stands for a work: its own head's, else of those that fit the code's year the most printed.

    Of equals the later: a year is mistyped as the one before more often than as the one to come, and a document that
    cites it with the earlier date gives no proof against it.
    """
    own = [m.date for m in mentions if m.is_head and m.date]
    if own:
        return own[0]
    in_code = {m.key.year for m in mentions if m.key.year}
    fitting = {d: n for d, n in dates.items() if not in_code or int(d[:4]) in in_code} or dict(dates)
    limits = {d: min((m.cited_on for m in mentions if m.date == d and m.cited_on), default=None) for d in fitting}
    possible = {d: n for d, n in fitting.items() if not (limits[d] and d > str(limits[d]))} or fitting
    if possible:
        return max(possible, key=lambda d: (len(d), possible[d], d))
    return str(year) if year else None


def work_id(identity: str) -> str:
    """The id of the work that `identity` sets apart."""
    return hashlib.sha256(identity.encode()).hexdigest()[:12]


def level_of(group: Cluster) -> str | None:
    """The level of the issuer, where its letters or its name tell."""
    if group.mentions[0].key.is_central:
        return "central"
    heads = [m.level for m in group.mentions if m.is_head and m.level]
    return heads[0] if heads else level_of_issuer(leading(by_documents(group.mentions, lambda m: m.issuer)))


def level_of_issuer(issuer: str | None) -> str | None:
    """The level that a full name tells: a city is one of the provinces, or of a province."""
    if not issuer:
        return None
    key = issuer_key(issuer)
    if key.level in ("province", "district", "commune"):
        return key.level
    if key.level == "city":
        return "province" if key.place in province_names() else "district"
    if key.body in ("tinh uy",):
        return "province"
    if key.body in ("huyen uy", "quan uy", "thi uy"):
        return "district"
    return None


def _type_of(group: Cluster, printed: str | None) -> str | None:
    """The type that the letters of the code mean; the Party's `QĐ` means two, and bare symbols none."""
    kinds = Counter(m.key.kind for m in group.mentions if m.key.kind)
    kind = leading(kinds)
    return printed if kind not in type_names() or (kind == "QĐ" and printed == "QyĐ") else kind


def work_of(group: Cluster) -> Work:
    """The work of a cluster."""
    mentions = group.mentions
    heads = [m for m in mentions if m.is_head]
    cited = [m for m in mentions if not m.is_head]
    source = heads or mentions
    codes = by_documents(source, lambda m: m.code)
    issuers = by_documents(source, lambda m: m.issuer)
    types = by_documents(source, lambda m: m.doc_type)
    dates = by_documents(mentions, lambda m: m.date)
    code, issuer, doc_type = leading(codes), leading(issuers), leading(types)
    if not heads:
        doc_type = _type_of(group, doc_type)
    date = accepted_date(mentions, dates, group.year)
    return Work(
        id=work_id(group.identity),
        doc_type=doc_type,
        number=mentions[0].key.number,
        symbol=code.partition("-" if mentions[0].key.party else "/")[2] if code else None,
        code=code,
        name=None,
        issuer=issuer,
        issuer_level=level_of(group),
        territory=group.issuer.split("|")[2] if group.issuer.count("|") == 3 else None,
        year=int(date[:4]) if date and date[:4].isdigit() else group.year,
        issued_on=date if date and len(date) > 4 else None,
        dates=dates,
        issuers=by_documents(mentions, lambda m: m.issuer),
        types=by_documents(mentions, lambda m: m.doc_type),
        label=label_of(doc_type, code, None, date if date and len(date) > 4 else None, issuer),
        document=min((m.document for m in heads), default=None),
        state="in_corpus" if heads else "cited" if group.established else "ambiguous",
        citations=len(cited),
        cited_by=len({m.document for m in cited}),
    )


def counted_anew(before: Work, group: Cluster, new: Sequence[Mention], gone: Sequence[Mention]) -> Work:
    """The work of a code that all its citations write alike and date alike, after some came and some went.

    `before` is the work as it was; `group` holds some of its mentions.
    """
    dates, issuers, types = (
        _moved(counter, new, gone, value)
        for counter, value in (
            (before.dates, lambda m: m.date),
            (before.issuers, lambda m: m.issuer),
            (before.types, lambda m: m.doc_type),
        )
    )
    told = work_of(group)
    doc_type, issuer = _type_of(group, leading(types)), leading(issuers)
    date = leading(dates) or (str(group.year) if group.year else None)
    whole = date if date and len(date) > 4 else None
    return replace(
        told,
        doc_type=doc_type,
        issuer=issuer,
        year=int(date[:4]) if date and date[:4].isdigit() else group.year,
        issued_on=whole,
        dates=dates,
        issuers=issuers,
        types=types,
        label=label_of(doc_type, told.code, None, whole, issuer),
        citations=before.citations + len(new) - len(gone),
        cited_by=before.cited_by + len({m.document for m in new}) - len({m.document for m in gone}),
    )


def _moved(
    counter: Counter[str], new: Sequence[Mention], gone: Sequence[Mention], value: Callable[[Mention], str | None]
) -> Counter[str]:
    """How many documents print each value, after some came and some went."""
    counted = Counter(counter)
    counted.update(by_documents(new, value))
    counted.subtract(by_documents(gone, value))
    return +counted


EDGES = """insert into edges(source, target, relation, weight, citation)
    select source, target, relation, n, citation from (
        select d.work as source, c.work as target, c.relation as relation, count(*) as n, c.id as citation,
               min(c.document || printf(' %08d', c.position))
        from documents d join citations c on c.document = d.id
        where c.work is not null and d.work is not null and c.work != d.work and {where}
        group by 1, 2, 3)"""
"""The graph of works: one edge for each relation, with its first citation as evidence. `where`: a condition on d."""

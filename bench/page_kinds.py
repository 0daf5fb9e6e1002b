"""The kinds of pages that `bench.pages` asks for, each with addresses that stand in the database that is served."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlencode

from datasette.utils import tilde_encode

K = "/-/kehoach"
ASKED, WARMING = 80, 25
ADDRESSES = ASKED + WARMING
_PLAIN = ("kinh phi", "giam ngheo", "nuoc sach", "phong chong chay rung", "uy ban nhan dan", "ra soat thong ke", "thon")
_MARKED = ("ủy ban nhân dân", "nước sạch", "chi trả đúng người", "phòng chống cháy rừng", "cây xanh")
YEARS = (2021, 2022, 2023, 2024)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of page: the aim for its 95th percentile in ms, its share of the mix, and its addresses."""

    name: str
    aim: float
    share: int
    paths: Sequence[str]


@dataclass(frozen=True, slots=True)
class _Corpus:
    """What addresses are made of: values of the corpus, and chance that falls alike each time."""

    db: sqlite3.Connection
    rng: random.Random

    def column(self, sql: str) -> list[str]:
        """The first column of a query."""
        return [str(row[0]) for row in self.db.execute(sql)]

    def spread(self, table: str, columns: str = "id", where: str = "1") -> list[tuple[str, ...]]:
        """Rows from all over a table."""
        last = int(self.db.execute(f"select max(rowid) from {table}").fetchone()[0] or 1)
        found: dict[tuple[str, ...], None] = {}
        for _ in range(20 * ADDRESSES):
            sql = f"select {columns} from {table} where rowid >= ? and {where} limit 1"
            row = self.db.execute(sql, (self.rng.randint(1, last),)).fetchone()
            if row is not None:
                found[tuple(map(str, row))] = None
            if len(found) >= ADDRESSES:
                break
        return list(found)

    def ids(self, table: str, where: str = "1") -> list[str]:
        """Ids from all over a table."""
        return [row[0] for row in self.spread(table, where=where)]

    def lists(self, path: str, filters: Sequence[dict[str, Callable[[], object]]]) -> list[str]:
        """Addresses of a list, with these sets of filters in turn; each value is chosen anew."""
        out = []
        for number in range(ADDRESSES):
            asked = {name: choose() for name, choose in filters[number % len(filters)].items()}
            out.append(f"{K}/{path}?{urlencode(asked)}" if asked else f"{K}/{path}")
        return out

    def of(self, values: Sequence[object]) -> Callable[[], object]:
        """Chooses one of these values; ``-`` where there is none."""
        return lambda: self.rng.choice(values) if values else "-"


def kinds(path: Path) -> list[Kind]:
    """The kinds of pages, with addresses that stand in this database."""
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as db:
        corpus = _Corpus(db, random.Random(5))
        return [*_of_rows(corpus), *_searches(corpus), *_lists(corpus), *_drawn(corpus)]


def _of_rows(corpus: _Corpus) -> list[Kind]:
    """The pages of one document, work or finding."""
    documents, findings = corpus.ids("documents"), corpus.ids("findings")
    works = corpus.ids("works")
    cited = corpus.column(f"select id from works order by cited_by desc limit {ADDRESSES // 5}")
    corpus.rng.shuffle(works := [*cited, *works[: ADDRESSES - len(cited)]])
    above = "(select w.document from works w where w.id = chains.work)"
    pairs = corpus.spread("chains", f"document, {above}", f"{above} is not null")
    high = corpus.ids("documents", "issuer_level in ('central', 'province', 'district')")
    covered = [f"{K}/document/{key}/coverage" for key in high[: ADDRESSES - len(cited)]]
    corpus.rng.shuffle(covered := [*covered, *(f"{K}/work/{key}/coverage" for key in cited)])
    return [
        Kind("document", 150, 24, [f"{K}/document/{key}" for key in documents]),
        Kind("work", 150, 12, [f"{K}/work/{key}" for key in works]),
        Kind("chain", 150, 8, [f"{K}/document/{key}/chain" for key in reversed(documents)]),
        Kind("finding", 150, 10, [f"{K}/finding/{key}" for key in findings]),
        Kind("relations", 150, 4, [f"{K}/document/{key}/relations" for key in documents]),
        Kind("compare", 250, 2, [f"{K}/document/{own}/compare/{other}" for own, other in pairs]),
        Kind("coverage", 250, 2, covered),
    ]


def _searches(corpus: _Corpus) -> list[Kind]:
    """Search by words without marks and with them, by code, by issuer and year."""
    codes = corpus.column("select code from documents where code is not null order by id limit 400")
    issuers = corpus.column("select distinct issuer from documents where issuer is not null order by id limit 400")
    provinces = corpus.column("select distinct province from documents where province is not null limit 200")
    plain, year = corpus.of(_PLAIN), corpus.of(YEARS)
    words: list[dict[str, Callable[[], object]]] = [
        {"q": plain},
        {"q": plain, "year": year},
        {"q": plain, "page": corpus.of((2, 3, 4, 5))},
        {"q": plain, "level": corpus.of(("province", "district", "commune"))},
        {"q": corpus.of(_MARKED)},
        {"q": plain, "province": corpus.of(provinces)},
    ]
    part = corpus.of([" ".join(name.split()[-2:]) for name in issuers])
    by_issuer: list[dict[str, Callable[[], object]]] = [
        {"issuer": part, "year": year},
        {"issuer": corpus.of(issuers), "year": year},
        {"q": plain, "issuer": part, "year": year},
    ]
    without: list[dict[str, Callable[[], object]]] = [
        {},
        {"province": corpus.of(provinces), "page": corpus.of(range(1, 5))},
        {"province": corpus.of(provinces), "year": year, "level": corpus.of(("district", "commune"))},
        {"year": year, "level": corpus.of(("commune",)), "page": corpus.of(range(1, 40))},
        {"type": corpus.of(("KH",)), "year": year},
    ]
    return [
        Kind("search: words", 200, 6, corpus.lists("search", words)),
        Kind("search: code", 200, 5, corpus.lists("search", [{"q": corpus.of(codes)}])),
        Kind("search: issuer", 200, 4, corpus.lists("search", by_issuer)),
        Kind("documents", 250, 2, corpus.lists("search", without)),
    ]


def _lists(corpus: _Corpus) -> list[Kind]:
    """Home and the lists."""
    provinces = corpus.column("select distinct province from documents where province is not null limit 200")
    rules = corpus.column("select distinct rule from findings limit 60")
    agencies = corpus.column("select agency from agencies where rank <= 400")
    year, province, number = corpus.of(YEARS), corpus.of(provinces), corpus.of(range(1, 10))
    severity, level = corpus.of(("error", "warning")), corpus.of(("province", "district", "commune"))
    findings: list[dict[str, Callable[[], object]]] = [
        {"page": number},
        {"severity": severity, "page": number},
        {"province": province, "year": year, "state": corpus.of(("open",))},
        {"rule": corpus.of(rules), "level": level},
        {"province": province, "level": level, "page": corpus.of((1, 2))},
    ]
    deadlines: list[dict[str, Callable[[], object]]] = [
        {},
        {"year": year, "month": corpus.of(["03", "06", "11", "12"])},
        {"agency": corpus.of(agencies)},
        {"province": province, "kind": corpus.of(("date", "recurring"))},
        {"level": level, "year": year},
    ]
    month: list[dict[str, Callable[[], object]]] = [
        {},
        {"at": corpus.of([f"{year}-{month:02d}" for year in YEARS for month in range(1, 13)])},
        {"at": corpus.of(["2022-12", "2023-11"]), "province": province},
    ]
    who = [f"{K}/agencies", *(f"{K}/agencies?q={quote(word)}" for word in ("tai chinh", "y tế", "thôn"))]
    who += [f"{K}/agencies/{tilde_encode(name)}" for name in corpus.rng.sample(agencies, min(60, len(agencies)))]
    money: list[dict[str, Callable[[], object]]] = [{}, {"level": level, "year": year}, {"kind": corpus.of(("total",))}]
    targets: list[dict[str, Callable[[], object]]] = [{}, {"relation": corpus.of(("below",))}, {"province": province}]
    return [
        Kind("home", 250, 6, ["/"] * ADDRESSES),
        Kind("findings", 250, 5, corpus.lists("findings", findings)),
        Kind("deadlines", 250, 2, corpus.lists("deadlines", deadlines)),
        Kind("month", 250, 1, corpus.lists("deadlines/month", month)),
        Kind("agencies", 250, 2, [corpus.rng.choice(who) for _ in range(ADDRESSES)]),
        Kind("money", 250, 1, corpus.lists("money", money)),
        Kind("targets", 250, 1, corpus.lists("targets", targets)),
        Kind("build", 250, 1, [f"{K}/build"] * ADDRESSES),
    ]


def _drawn(corpus: _Corpus) -> list[Kind]:
    """The graph, and the report that is printed."""
    provinces = corpus.column("select distinct province from documents where province is not null limit 200")
    works = corpus.ids("works")
    year, province = corpus.of(YEARS), corpus.of(provinces)
    graph: list[dict[str, Callable[[], object]]] = [
        {},
        {"view": corpus.of(("works",)), "work": corpus.of(works)},
        {"view": corpus.of(("works",)), "province": province},
        {"level": corpus.of(("district", "commune")), "type": corpus.of(("KH",))},
        {"view": corpus.of(("works",)), "year": year, "relation": corpus.of(("implements", "legal_basis"))},
        {"view": corpus.of(("whole",))},
    ]
    report: list[dict[str, Callable[[], object]]] = [
        {"province": province},
        {"severity": corpus.of(("error", "warning"))},
        {"province": province, "year": year},
    ]
    return [
        Kind("graph", 250, 2, corpus.lists("graph", graph)),
        Kind("report", 1000, 0, corpus.lists("findings/report", report)),
    ]

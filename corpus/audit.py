"""Runs every check across documents and stores what they find; documents' own findings are there already.

Checks only read, and none needs what another finds: over a large corpus they run in processes of their own.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path

from corpus.checks import CHECKS, TOUCHED, Corpus, Part, parts_of
from corpus.checks.register import register_of
from corpus.opening import read_only
from corpus.store import Row, write
from corpus.temporary import small_table
from extract.readers.limits import Limits, run_limited
from rules.findings import all_rules, ships
from rules.units import Gazetteer, load_units

Findings = tuple[list[Row], list[Row], list[Row]]
"""Rows of `findings`, of `finding_evidence` and of `finding_units`."""
_LONGEST = (
    *(
        "budget-over-parent",
        "target-below-superior",
        "citation-date-conflict",
        "issued-late",
        "deadline-after-superior",
    ),
    *("citation-document-mismatch", "citation-issuer-conflict"),
)
"""The checks that take longest; they begin first."""
_LIMITS = Limits(seconds=24 * 3600.0)


def audit(connection: sqlite3.Connection, units: Gazetteer) -> None:
    """Fills `rules`, and the findings of scope `corpus` anew. `units` are those that coverage is counted over."""
    prepare(connection)
    corpus = Corpus(connection, units)
    for name in filter(ships, CHECKS):
        store(connection, _findings(name, corpus))


def prepare(connection: sqlite3.Connection) -> None:
    """Declares the rules and takes out what an earlier audit found."""
    _declare(connection)
    connection.execute("delete from finding_evidence where finding in (select id from findings where scope = 'corpus')")
    connection.execute("delete from findings where scope = 'corpus'")
    connection.execute("delete from finding_units")


def store(connection: sqlite3.Connection, found: Findings) -> None:
    """Writes what a check found."""
    write(connection, {"findings": found[0], "finding_evidence": found[1], "finding_units": found[2]})


def find_apart(db: Path, units: Path | None, workers: int) -> Iterator[Findings]:
    """What each check finds in the database at `db`, in the order of `CHECKS`; they run in so many processes.

    A check whose process died is run in this one.
    """
    shipped = [name for name in CHECKS if ships(name)]
    order = sorted(shipped, key=lambda name: _LONGEST.index(name) if name in _LONGEST else len(_LONGEST))
    work = partial(check_apart, db=db, units=units)
    found = dict(run_limited(work, order, workers=workers, limits=_LIMITS))
    for name in shipped:
        made = found[name]
        yield made if isinstance(made, tuple) else check_apart(name, db, units)


def check_apart(name: str, db: Path, units: Path | None) -> Findings:
    """What one check finds, through a connection of its own."""
    with closing(read_only(db)) as connection:
        return _findings(name, Corpus(connection, load_units(units)))


def _findings(name: str, corpus: Corpus) -> Findings:
    """The findings of a check, each once."""
    return _found_by(parts_of(name), corpus)


def _found_by(parts: Iterable[Part], corpus: Corpus) -> Findings:
    findings: dict[str, Row] = {}
    evidence: list[Row] = []
    units: list[Row] = []
    for part in parts:
        for found in part.check(corpus):
            row, sides = found.rows()
            units.append((found.id, part.name, part.unit_of(found)))
            if found.id not in findings:
                findings[found.id] = row
                evidence += sides
    return list(findings.values()), evidence, units


def audit_touched(connection: sqlite3.Connection, units: Gazetteer) -> None:
    """Brings the findings of scope `corpus` in line where something changed, as the tables of `corpus.touched` tell."""
    _declare(connection)
    _add_plans_and_registers(connection)
    connection.execute("delete from finding_units where finding not in (select id from findings)")
    whole, touched = Corpus(connection, units), Corpus(connection, units, partial=True)
    for name in filter(ships, CHECKS):
        parts = parts_of(name)
        if _is_found_twice(connection, parts) or not _renew(connection, parts, whole, touched):
            _take_out(connection, parts, partial=False)
            store(connection, _findings(name, whole))


def _renew(connection: sqlite3.Connection, parts: Sequence[Part], whole: Corpus, touched: Corpus) -> bool:
    """Makes the findings on what is touched anew. Returns False where one is made that another part or thing made.

    It has the words of the first that makes it, which only all of them together tell.
    """
    _take_out(connection, parts, partial=True)
    for part in parts:
        found = _found_by([part], whole if part.unit == "all" else touched)
        is_held = "select 1 from finding_units where finding = ?"
        if any(connection.execute(is_held, (row[0],)).fetchone() for row in found[0]):
            return False
        store(connection, found)
    return not _is_found_twice(connection, parts)


def _is_found_twice(connection: sqlite3.Connection, parts: Sequence[Part]) -> bool:
    """Whether some finding was made more than once, of which only the first is kept."""
    marks = ", ".join("?" * len(parts))
    sql = f"select 1 from finding_units where part in ({marks}) group by finding having count(*) > 1 limit 1"
    return connection.execute(sql, [part.name for part in parts]).fetchone() is not None


def _take_out(connection: sqlite3.Connection, parts: Sequence[Part], *, partial: bool) -> None:
    """Takes out what these parts found: all of it, or (`partial`) what they found in what is touched."""
    for part in parts:
        where = f" and unit in (select id from {TOUCHED[part.unit]})" if partial and part.unit != "all" else ""
        sql = f"select finding from finding_units where part = ?{where}"
        gone = connection.execute(sql, (part.name,)).fetchall()
        for table, column in (("finding_evidence", "finding"), ("findings", "id"), ("finding_units", "finding")):
            connection.executemany(f"delete from {table} where {column} = ?", gone)


def _add_plans_and_registers(connection: sqlite3.Connection) -> None:
    """Plans whose own works are touched, and issuers whose registers are."""
    for name in ("plans", "registers"):
        small_table(connection, f"touched_{name}")
    connection.execute("insert into temp.touched_plans select id from temp.touched_documents")
    connection.execute(
        """insert or ignore into temp.touched_plans
           select d.id from temp.touched_works t cross join documents d on d.work = t.id"""
    )
    changed: set[str] = set()
    for schema in ("main", "old"):
        sql = f"""select distinct d.issuer from temp.moved m cross join {schema}.documents d on d.id = m.id
                  where d.issuer is not null"""
        changed |= {register_of(issuer) for (issuer,) in connection.execute(sql)}
    issuers = connection.execute("select distinct issuer from documents where issuer is not null")
    found = changed | {issuer for (issuer,) in issuers.fetchall() if register_of(issuer) in changed}
    connection.executemany("insert into temp.touched_registers values (?)", [(one,) for one in sorted(found)])


def _declare(connection: sqlite3.Connection) -> None:
    connection.execute("delete from rules")
    rows: list[Row] = [
        (
            *(rule.id, rule.scope, rule.severity, int(rule.annotated), rule.source, rule.title_vi, rule.title_en),
            *(rule.basis, rule.message_vi, rule.message_en, rule.why_vi, rule.why_en),
        )
        for rule in all_rules().values()
    ]
    write(connection, {"rules": rows})

"""Runs every check across documents and stores what they find; documents' own findings are there already.

Checks only read, and none needs what another finds: over a large corpus they run in processes of their own.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

from corpus.checks import CHECKS, Corpus
from corpus.opening import read_only
from corpus.store import Row, write
from extract.readers.limits import Limits, run_limited
from rules.findings import all_rules, ships
from rules.units import Gazetteer, load_units

Findings = tuple[list[Row], list[Row]]
"""Rows of `findings` and of `finding_evidence`."""
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


def store(connection: sqlite3.Connection, found: Findings) -> None:
    """Writes what a check found."""
    write(connection, {"findings": found[0], "finding_evidence": found[1]})


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
    findings: dict[str, Row] = {}
    evidence: list[Row] = []
    for found in CHECKS[name](corpus):
        row, sides = found.rows()
        if found.id not in findings:
            findings[found.id] = row
            evidence += sides
    return list(findings.values()), evidence


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

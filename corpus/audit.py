"""Runs every check across documents and stores what they find; documents' own findings are there already."""

from __future__ import annotations

import sqlite3

from corpus.checks import CHECKS, Corpus
from corpus.store import Row, write
from rules.findings import all_rules, ships
from rules.units import Gazetteer


def audit(connection: sqlite3.Connection, units: Gazetteer) -> None:
    """Fills `rules`, and the findings of scope `corpus` anew. `units` are those that coverage is counted over."""
    _declare(connection)
    connection.execute("delete from finding_evidence where finding in (select id from findings where scope = 'corpus')")
    connection.execute("delete from findings where scope = 'corpus'")
    corpus = Corpus(connection, units)
    for name, check in CHECKS.items():
        if not ships(name):
            continue
        findings: dict[str, Row] = {}
        evidence: list[Row] = []
        for found in check(corpus):
            row, sides = found.rows()
            if found.id not in findings:
                findings[found.id] = row
                evidence += sides
        write(connection, {"findings": list(findings.values()), "finding_evidence": evidence})


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

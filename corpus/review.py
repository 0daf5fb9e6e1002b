"""What people decided, apart from what is built: `review.db`, append-only, read by every build.

A decision names its target by an id that outlives a better reader, and keeps the words and their surroundings, so
that it can be found again where the id changed. A correction replaces a field of a fact (`by: human`, the original is
kept in `corrections`) before linking and auditing; a confirmation or dismissal is the state of a finding. What cannot
be found again is listed in `orphans`, never dropped.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from difflib import SequenceMatcher
from pathlib import Path
from typing import Literal

from sqlite_utils import Database, Migrations

from corpus.opening import read_only
from corpus.schema import BY_NAME
from corpus.store import Row, write
from extract.records import KehoachError

Kind = Literal["confirmed", "dismissed", "corrected", "reopened", "note", "assigned"]
STATES = frozenset({"confirmed", "dismissed", "reopened"})
"""The kinds that give a finding its state. `assigned` names in `value` who looks at it; empty: nobody."""
FILE = "review.db"
CONTEXT = 60
"""Signs kept before and after the words of a decision's target."""
SAME_WORDS = 0.8
"""Likeness of words from which a target is found again."""
_FACTS = ("citations", "budgets", "deadlines", "assignments", "targets", "references")
_FIXED = frozenset({"id", "document", "position", "start", "end", "sha256", "text", "work", "quote", "by", "section"})

migrations = Migrations("kehoach-review")


@migrations()
def decisions_1(db: Database) -> None:
    """The table of decisions. Rows are added and never changed: triggers see to it."""
    db.table("decisions").create(
        {
            "id": int,
            "made_at": str,
            "who": str,
            "kind": str,
            "target_table": str,
            "target": str,
            "sha256": str,
            "rule": str,
            "field": str,
            "value": str,
            "quote": str,
            "before": str,
            "after": str,
            "note": str,
        },
        pk="id",
        not_null={"made_at", "who", "kind", "target_table", "target"},
    )
    _only_added(db, "decisions")


@migrations()
def cases_1(db: Database) -> None:
    """What happened to audit cases (`corpus.cases`), only added; the number of a case is that of its first row."""
    db.table("case_events").create(
        {
            "id": int,
            "made_at": str,
            "who": str,
            "case_id": int,
            "kind": str,
            "value": str,
            "note": str,
        },
        pk="id",
        not_null={"made_at", "who", "case_id", "kind"},
    )
    db.table("case_events").create_index(["case_id"])
    _only_added(db, "case_events")


@migrations()
def decisions_2(db: Database) -> None:
    """Decisions are looked up by what they are about."""
    db.table("decisions").create_index(["target"])


def _only_added(db: Database, table: str) -> None:
    for action in ("update", "delete"):
        db.execute(
            f"create trigger {table}_no_{action} before {action} on {table} "
            f"begin select raise(abort, '{table} are only added'); end"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What someone decided about a finding (`target_table` findings), a fact, or a letterhead (documents)."""

    who: str
    kind: Kind
    target_table: str
    target: str
    sha256: str | None = None
    rule: str | None = None
    field: str | None = None
    value: str | None = None
    quote: str | None = None
    before: str | None = None
    after: str | None = None
    note: str | None = None
    made_at: str = ""
    id: int | None = None


def review_path(db: Path) -> Path:
    """Where the decisions on the database `db` are kept: beside it."""
    return db.with_name(FILE)


def open_review(path: Path) -> sqlite3.Connection:
    """The decisions at `path`, made where they are not there yet. Two may write at once: each waits for the other."""
    connection = sqlite3.connect(path, timeout=10, isolation_level=None)
    connection.execute("pragma journal_mode = wal")
    migrations.apply(Database(connection))
    return connection


def decide(review: sqlite3.Connection, decision: Decision) -> int:
    """Adds a decision and returns its number. `KehoachError` where it makes no sense."""
    if decision.kind == "corrected":
        _check_correction(decision)
    elif decision.target_table != "findings" and decision.kind != "note":
        raise KehoachError("bad-decision", f"Only findings are {decision.kind}; facts are corrected.")
    names = (
        "who",
        "kind",
        "target_table",
        "target",
        "sha256",
        "rule",
        "field",
        "value",
        "quote",
        "before",
        "after",
        "note",
    )
    values = [getattr(decision, name) for name in names]
    made_at = decision.made_at or datetime.now(UTC).isoformat(timespec="milliseconds")
    columns = ", ".join(f'"{name}"' for name in ("made_at", *names))
    cursor = review.execute(
        f"insert into decisions ({columns}) values ({', '.join('?' * (len(names) + 1))})", (made_at, *values)
    )
    return int(cursor.lastrowid or 0)


def _check_correction(decision: Decision) -> None:
    spec = BY_NAME.get(decision.target_table)
    if spec is None or decision.target_table not in (*_FACTS, "documents"):
        raise KehoachError("bad-decision", f"Rows of {decision.target_table} cannot be corrected.")
    if decision.field not in spec.column_types or decision.field in _FIXED:
        raise KehoachError(
            "bad-decision", f"The field {decision.field} of {decision.target_table} cannot be corrected."
        )


def about(connection: sqlite3.Connection, table: str, ident: str) -> dict[str, str | None]:
    """What a decision on a fact, a finding or a document must keep to be found again: hash, words, surroundings."""
    if table == "documents":
        row = connection.execute("select sha256 from documents where id = ?", (ident,)).fetchone()
        return {"sha256": row[0] if row else None}
    if table == "findings":
        sql = """select d.sha256, f.rule, group_concat(e.quote, char(10)) from findings f
                 join documents d on d.id = f.document join finding_evidence e on e.finding = f.id
                 where f.id = ? group by f.id"""
        row = connection.execute(sql, (ident,)).fetchone()
        return dict(zip(("sha256", "rule", "quote"), row or (None, None, None), strict=True))
    sql = f"""select d.sha256, t.quote, substr(d.text, max(1, t.start + 1 - {CONTEXT}), min(t.start, {CONTEXT})),
                     substr(d.text, t."end" + 1, {CONTEXT})
              from "{table}" t join documents d on d.id = t.document where t.id = ?"""
    row = connection.execute(sql, (ident,)).fetchone()
    return dict(zip(("sha256", "quote", "before", "after"), row or (None,) * 4, strict=True))


def read_decisions(path: Path) -> tuple[Decision, ...]:
    """All decisions at `path`, oldest first; none where there is no such file."""
    if not path.is_file():
        return ()
    with closing(read_only(path)) as review:
        review.row_factory = sqlite3.Row
        try:
            return tuple(Decision(**dict(row)) for row in review.execute("select * from decisions order by id"))
        except sqlite3.DatabaseError as fault:
            raise KehoachError("bad-review", f"{path} cannot be read: {fault}. Restore it from its backup.") from None


def apply_corrections(connection: sqlite3.Connection, decisions: Sequence[Decision]) -> bool:
    """Puts corrections into the facts, the last one on a field winning. Returns whether anything is otherwise now.

    Corrections of an earlier build are taken back first, so that one that no longer stands leaves no trace. The
    caller commits, together with the sign that everything after has to be worked out anew.
    """
    sql = "select target_table, target, field, original, original_by, value from corrections order by decision"
    held = connection.execute(sql).fetchall()
    for table, target, field, original, original_by, _ in reversed(held):
        _set(connection, table, target, field, original, original_by)
    connection.execute("delete from corrections")
    connection.execute("delete from orphans")
    last = {(d.target_table, d.target, d.field): d for d in decisions if d.kind == "corrected"}
    for decision in sorted(last.values(), key=lambda d: d.id or 0):
        _correct(connection, decision)
    return bool(held != connection.execute(sql).fetchall())


def _correct(connection: sqlite3.Connection, decision: Decision) -> None:
    table, field = decision.target_table, decision.field
    if BY_NAME.get(table) is None or field not in BY_NAME[table].column_types or field in _FIXED:
        return _orphan(connection, decision, "no such field")
    target = _find_fact(connection, decision)
    if target is None:
        return _orphan(connection, decision, "its words are not in the corpus")
    by = '"by"' if table != "documents" else "null"
    original, original_by = connection.execute(
        f'select "{field}", {by} from "{table}" where id = ?', (target,)
    ).fetchone()
    write(
        connection,
        {
            "corrections": [
                (
                    decision.id,
                    table,
                    target,
                    field,
                    original,
                    decision.value,
                    decision.who,
                    decision.made_at,
                    original_by,
                )
            ]
        },
    )
    _set(connection, table, target, field, decision.value, "human")
    return None


def _set(connection: sqlite3.Connection, table: str, target: str, field: str, value: object, by: str | None) -> None:
    connection.execute(f'update "{table}" set "{field}" = ? where id = ?', (value, target))
    if table != "documents":
        connection.execute(f'update "{table}" set "by" = ? where id = ?', (by, target))


def _find_fact(connection: sqlite3.Connection, decision: Decision) -> str | None:
    """The row that a decision is about: by its id, else by its document and words."""
    table = decision.target_table
    row = connection.execute(f'select id from "{table}" where id = ?', (decision.target,)).fetchone()
    if row:
        return str(row[0])
    if table == "documents":
        row = connection.execute("select id from documents where sha256 = ?", (decision.sha256,)).fetchone()
        return str(row[0]) if row else None
    sql = f"""select t.id, t.quote, substr(d.text, max(1, t.start + 1 - {CONTEXT}), min(t.start, {CONTEXT})),
                     substr(d.text, t."end" + 1, {CONTEXT})
              from "{table}" t join documents d on d.id = t.document where d.sha256 = ? order by t.position"""
    wanted = (decision.quote or "", decision.before or "", decision.after or "")
    return _nearest(wanted, connection.execute(sql, (decision.sha256,)))


def _nearest(wanted: tuple[str, str, str], rows: Iterable[tuple[str, str, str, str]]) -> str | None:
    """The row whose words are the wanted ones or nearly; of equals the one in the likest surroundings."""
    best: tuple[float, float, str] | None = None
    for ident, quote, before, after in rows:
        words = _likeness(wanted[0], quote or "")
        if words >= SAME_WORDS:
            around = _likeness(wanted[1], before or "") + _likeness(wanted[2], after or "")
            if best is None or (words, around) > best[:2]:
                best = words, around, ident
    return best[2] if best else None


def _likeness(one: str, other: str) -> float:
    first, second = one.split(), other.split()
    return SequenceMatcher(None, first, second, autojunk=False).ratio() if first or second else 1.0


def apply_states(connection: sqlite3.Connection, decisions: Sequence[Decision]) -> None:
    """Gives findings the state that the last decision on each says; what is not found again is listed.

    `decided` keeps which finding of this build each decision is on, also where the finding's id became another one.
    """
    connection.execute("delete from orphans where target_table = 'findings'")
    connection.execute("delete from decided")
    connection.execute("update findings set state = 'open' where state != 'open'")
    on_findings = [d for d in decisions if d.target_table == "findings"]
    found = {d.target: _find_finding(connection, d) for d in {d.target: d for d in on_findings}.values()}
    for decision in on_findings:
        target = found[decision.target]
        if target is None:
            _orphan(connection, decision, "this finding is no longer made")
            continue
        write(connection, {"decided": [(decision.id, target)]})
        if decision.kind in STATES:
            state = "open" if decision.kind == "reopened" else decision.kind
            connection.execute("update findings set state = ? where id = ?", (state, target))
    connection.commit()


def _find_finding(connection: sqlite3.Connection, decision: Decision) -> str | None:
    row = connection.execute("select id from findings where id = ?", (decision.target,)).fetchone()
    if row:
        return str(row[0])
    sql = """select f.id, group_concat(e.quote, char(10)), '', '' from findings f
             join documents d on d.id = f.document join finding_evidence e on e.finding = f.id
             where f.rule = ? and d.sha256 = ? group by f.id order by f.id"""
    return _nearest((decision.quote or "", "", ""), connection.execute(sql, (decision.rule, decision.sha256)))


def _orphan(connection: sqlite3.Connection, decision: Decision, reason: str) -> None:
    d = decision
    row: Row = (d.id, d.kind, d.target_table, d.target, d.field, d.value, d.quote, d.who, d.made_at, reason)
    write(connection, {"orphans": [row]})


def backup(path: Path, to: Path) -> int:
    """A sound copy of the decisions and cases, also while they are written; returns how many rows it holds.

    It is made aside and moved into place whole, so that a copy that failed leaves the earlier one as it was.
    """
    if not path.is_file():
        raise KehoachError("not-found", f"There are no decisions at {path}.")
    if to.exists() and to.samefile(path):
        raise KehoachError("same-file", f"{to} is what is to be copied: name another file.")
    aside = to.with_name(f".{to.name}.copying")
    try:
        aside.unlink(missing_ok=True)
        with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(aside)) as copy:
            source.backup(copy)
            copy.execute("pragma journal_mode = delete")
            rows = copy.execute(
                "select (select count(*) from decisions) + (select count(*) from case_events)"
            ).fetchone()
        os.replace(aside, to)
    except (sqlite3.Error, OSError) as fault:
        aside.unlink(missing_ok=True)
        raise KehoachError("no-backup", f"{path} cannot be copied to {to}: {fault}.") from None
    return int(rows[0])


def decisions_on(path: Path, target: str) -> Iterator[Decision]:
    """The decisions on one target, oldest first."""
    return (decision for decision in read_decisions(path) if decision.target == target)

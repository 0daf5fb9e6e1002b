"""Prints the works that many documents cite, with what they are printed as: ``python -m bench.works [DB] [LEAST]``.

For a check by hand that no work is split (by spelling, case, `Ủy` and `Uỷ`, abbreviation, ministry) and none wrongly
joined: each work with its codes, issuers and dates as printed, and below it the works that it may have been split
from: of the same number with the same letters or year, or of the same name. Without a database one is built over
`../shared/corpus/raw` and `seeds`.
"""

from __future__ import annotations

import json
import sqlite3
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bench.pairs import run
from corpus.identity import CodeKey, fold, parse_code

LEAST = 10
_SHOWN = 6


@dataclass(frozen=True, slots=True)
class Listed:
    """A work of the list."""

    id: str
    code: str | None
    key: CodeKey | None
    name: str | None
    label: str
    state: str
    dates: str | None
    cited_by: int


def works(connection: sqlite3.Connection) -> list[Listed]:
    """All works, the most cited first."""
    sql = "select id, code, name, label, state, dates, cited_by from works order by cited_by desc, label"
    return [
        Listed(ident, code, parse_code(code) if code else None, name, label, state, dates, cited_by or 0)
        for ident, code, name, label, state, dates, cited_by in connection.execute(sql)
    ]


def neighbours(work: Listed, every: list[Listed]) -> Iterator[Listed]:
    """The works that `work` may have been split from."""
    for other in every:
        if other.id == work.id:
            continue
        if _alike(work.key, other.key) or (work.name and other.name and fold(work.name) == fold(other.name)):
            yield other


def _alike(one: CodeKey | None, other: CodeKey | None) -> bool:
    """Whether two codes have one number, and one year or (where the code bears none) one kind of letters."""
    if one is None or other is None or one.number != other.number:
        return False
    return one.year == other.year if one.year else one.letters == other.letters


def printed(connection: sqlite3.Connection, work: Listed, column: str) -> str:
    """How a work is printed, most often first."""
    sql = f"select {column}, count(*) from citations where work = ? and {column} is not null group by 1 order by 2 desc"
    forms: dict[str, int] = {}
    for text, count in connection.execute(sql, (work.id,)):
        clean = " ".join(str(text).split())
        forms[clean] = forms.get(clean, 0) + count
    shown = [f"{text} ({count})" for text, count in list(forms.items())[:_SHOWN]]
    return "; ".join(shown) + (" ..." if len(forms) > _SHOWN else "")


def report(database: Path, least: int = LEAST) -> None:
    """Prints every work that `least` documents or more cite."""
    connection = sqlite3.connect(database)
    every = works(connection)
    listed = [work for work in every if work.cited_by >= least]
    for work in listed:
        dates = ", ".join(f"{date} ({count})" for date, count in json.loads(work.dates or "{}").items())
        print(f"{work.cited_by:4}  {work.label}{' [ambiguous name]' if work.state == 'ambiguous' else ''}")
        print(f"      codes: {printed(connection, work, 'code_text')}  dates: {dates}")
        print(f"      issuers: {printed(connection, work, 'issuer_text')}")
        for other in neighbours(work, every):
            print(f"      near: {other.label} [{other.state}] cited by {other.cited_by}")
    names = sum(work.state == "ambiguous" for work in listed)
    print(f"works cited by {least} documents or more: {len(listed)}, {names} of them names of several laws")


def main() -> None:
    """The report on the database and with the least number that the command names."""
    least = int(sys.argv.pop()) if len(sys.argv) > 1 and sys.argv[-1].isdigit() else LEAST
    run(lambda database: report(database, least))


if __name__ == "__main__":
    main()

"""What a corpus holds as files for other programs: CSV, JSON Lines, XLSX, Parquet, graphs, calendars, metadata.

Every export is in a fixed order and says of each document its SHA-256 and where it came from. Secrecy marks and
personal numbers are masked in quotes (`mask`). Nothing that differs from build to build is written, so that two
databases of one corpus give the same bytes.
"""

from __future__ import annotations

import csv
import json
import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from importlib import import_module
from itertools import islice
from pathlib import Path
from types import MappingProxyType

from corpus.opening import read_only
from corpus.schema import BY_NAME
from corpus.workbook import write_sheet
from extract.records import KehoachError
from rules.loader import document

Record = dict[str, object]
SHEET_ROWS = 1_048_576
"""What office programs open of a sheet."""
_ROW_GROUP = 20_000
"""Records that are held at a time for a Parquet file."""

FACTS = (
    *("documents", "sections", "citations", "references", "budgets", "deadlines", "assignments", "targets"),
    *("works", "findings"),
)
"""What can be exported by name, as the table is called."""
_VOLATILE = {"documents": {"built_at", "sketch", "spans", "text"}, "findings": {"first_seen"}, "links": {"id"}}
_ORDER = {
    "documents": "id",
    "works": "id",
    "findings": "document, rule, id",
}

ORIGIN = "(select min(origin) from files where document = d.id)"
"""Where the document `d` came from, as the manifest told it."""
_EVIDENCE = """select json_group_array(json_object('document', e.document, 'document_sha256', s.sha256,
    'origin', (select min(origin) from files where document = e.document), 'fact', e.fact, 'quote', e.quote,
    'start', e.start, 'end', e."end", 'page', e.page))
    from (select * from finding_evidence where finding = t.id order by side) e join documents s on s.id = e.document"""
"""The sides of a finding's evidence, each with the hash and origin of its own document."""


@cache
def _hidden() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Personal numbers, and marks of secrecy, as rules/sensitive.toml tells them."""
    rules = document("sensitive.toml")
    numbers, marks = rules["masked"]["numbers"]["pattern"], rules["masked"]["secrecy"]["pattern"]
    return re.compile(f"{rules['personal']['pattern']}|{numbers}"), re.compile(marks)


def mask(text: str) -> str:
    """`text` with personal numbers and secrecy marks made unreadable.

    >>> mask("CCCD số 012345678901"), mask("MẬT")
    ('CCCD số ████████████', '███')
    """
    personal, secret = _hidden()
    hidden = personal.sub(lambda match: re.sub(r"\d", "█", match[0]), text)
    return secret.sub(lambda match: "█" * len(match[0]), hidden)


def records(connection: sqlite3.Connection, table: str) -> Iterator[Record]:
    """The rows of a table as plain records, in a fixed order, each with its document's hash and origin."""
    if table not in FACTS:
        raise KehoachError("unknown-export", f"There is nothing called {table}. There is: {', '.join(FACTS)}.")
    columns = [name for name in BY_NAME[table].column_types if name not in _VOLATILE.get(table, ())]
    order = _ORDER.get(table, "document, position, id")
    names = ", ".join(f't."{name}"' for name in columns)
    ordered = ", ".join(f"t.{part.strip()}" for part in order.split(","))
    owner = {"documents": "t.id", "works": "t.document"}.get(table, "t.document")
    evidence = f", ({_EVIDENCE}) as evidence" if table == "findings" else ""
    sql = f"""select {names}, d.sha256 as document_sha256, {ORIGIN} as origin{evidence}
              from "{table}" t left join documents d on d.id = {owner} order by {ordered}"""
    cursor = connection.execute(sql)
    keys = [name for name, *_ in cursor.description]
    for row in cursor:
        yield {key: mask(value) if isinstance(value, str) else value for key, value in zip(keys, row, strict=True)}


def to_jsonl(found: Iterable[Record], path: Path) -> None:
    """One JSON object a line; columns that hold JSON are given as such."""
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for record in found:
            plain = {key: _decoded(value) for key, value in record.items()}
            file.write(json.dumps(plain, ensure_ascii=False, separators=(",", ":")) + "\n")


def _decoded(value: object) -> object:
    if isinstance(value, str) and value[:1] in "[{":
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value


def to_csv(found: Iterable[Record], path: Path) -> None:
    """CSV in UTF-8 with a mark, as office programs want it; what would be taken for a formula is quoted."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer: csv.DictWriter[str] | None = None
        for record in found:
            if writer is None:
                writer = csv.DictWriter(file, list(record))
                writer.writeheader()
            writer.writerow({key: _harmless(value) for key, value in record.items()})


def _harmless(value: object) -> object:
    """A text that a spreadsheet would run as a formula, as plain text."""
    return f"'{value}" if isinstance(value, str) and value[:1] in "=+-@\t\r" else value


def to_xlsx(found: Iterable[Record], path: Path) -> None:
    """A workbook of one sheet. `KehoachError` where there are more rows than a sheet may have."""
    write_sheet(_with_header(found), path)


def _with_header(found: Iterable[Record]) -> Iterator[list[object]]:
    for i, record in enumerate(found):
        if not i:
            yield list(record)
        if i >= SHEET_ROWS - 1:
            raise KehoachError(
                "too-many-rows", f"A sheet holds {SHEET_ROWS:,} rows and there are more. Export as csv or parquet."
            )
        yield list(record.values())


def to_parquet(found: Iterable[Record], path: Path) -> None:
    """A Parquet file, with the types of the values that are there. Needs pyarrow."""
    try:
        arrow = import_module("pyarrow")
        parquet = import_module("pyarrow.parquet")
    except ImportError:
        raise KehoachError("no-pyarrow", "Parquet needs the package pyarrow: install kehoach[cluster].") from None
    left = iter(found)
    parts = []
    while part := list(islice(left, _ROW_GROUP)):
        parts.append(arrow.Table.from_pylist(part))
    parquet.write_table(arrow.concat_tables(parts, promote_options="permissive") if parts else arrow.table({}), path)


Writer = Callable[[Iterable[Record], Path], None]
FORMATS: Mapping[str, Writer] = MappingProxyType(
    {"csv": to_csv, "jsonl": to_jsonl, "xlsx": to_xlsx, "parquet": to_parquet}
)
"""The formats of tables, by the ending of the file."""


def _whole(path: Path, write: Callable[[Path], None]) -> None:
    """Writes aside and moves into place: what stands at `path` is whole or what stood there before."""
    aside = path.with_name(f".{path.name}.part")
    try:
        write(aside)
        aside.replace(path)
    except OSError as fault:
        raise KehoachError("not-writable", f"{path} cannot be written: {fault.strerror}.") from fault
    finally:
        aside.unlink(missing_ok=True)


def export(db: Path, what: str, path: Path, form: str | None = None) -> None:
    """Writes `what` of the database to `path`.

    `what` is one of `FACTS`, or `graph`, `calendar`, `metadata`, `document:ID`; `form` is told by the file's ending
    where it is not given. `KehoachError` says what cannot be exported, and how it can.
    """
    from corpus import export_forms

    form = form or path.suffix.lstrip(".").lower()
    if not db.is_file():
        raise KehoachError("not-found", f"There is no database {db}. Build it first.")
    connection = read_only(db)
    try:
        special = export_forms.SPECIAL.get((what.partition(":")[0], form))
        if special:
            _whole(path, lambda aside: special(connection, what.partition(":")[2], aside))
        elif form in FORMATS:
            _whole(path, lambda aside: FORMATS[form](records(connection, what), aside))
        else:
            forms = ", ".join(sorted({*FORMATS, *(form for _, form in export_forms.SPECIAL)}))
            raise KehoachError(
                "unknown-format", f"There is no export of {what} as {form or 'nothing'}; forms: {forms}."
            )
    finally:
        connection.close()

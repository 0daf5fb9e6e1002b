"""Tables whose rows are shown in the order of their numbers, and which rows can be added to between others.

A table that is written whole leaves gaps in its numbers; a row that comes later gets a number in the gap where it
belongs. Where a gap is used up the table is written anew.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from corpus.schema import BY_NAME
from corpus.store import Row

GAP = 4_096
"""Numbers between two rows of a table that was written whole."""


@dataclass(frozen=True, slots=True)
class Order:
    """An order of the rows of a table, as SQL. Each query gives the number of a row, `null` where there is none."""

    table: str
    just_before: str
    """The last row of the same group before a new one; its values are given by column names."""
    first_of_group: str
    last_of_earlier: str


def write_ordered(connection: sqlite3.Connection, order: Order, rows: Iterable[Row]) -> None:
    """Puts all rows of a table, in their order, into the empty table."""
    marks = ", ".join("?" * len(BY_NAME[order.table].column_types))
    numbered = ((number * GAP, *row) for number, row in enumerate(rows, 1))
    connection.executemany(f"insert into {order.table}(rowid, {_names(order)}) values (?, {marks})", numbered)


def add_ordered(connection: sqlite3.Connection, order: Order, rows: Iterable[Row]) -> None:
    """Adds rows to a table, each between those that it belongs between."""
    for row in rows:
        values = dict(zip(BY_NAME[order.table].column_types, row, strict=True))
        number = _free(connection, order, values)
        if number is None:
            _space_out(connection, order)
            number = _free(connection, order, values)
        marks = ", ".join("?" * len(row))
        connection.execute(f"insert into {order.table}(rowid, {_names(order)}) values (?, {marks})", (number, *row))


def _names(order: Order) -> str:
    return ", ".join(f'"{name}"' for name in BY_NAME[order.table].column_types)


def _free(connection: sqlite3.Connection, order: Order, values: Mapping[str, object]) -> int | None:
    """A number between those of the neighbours; None where they leave none."""

    def ask(sql: str) -> int | None:
        row = connection.execute(sql, dict(values)).fetchone()
        return row[0] if row else None

    def beside(what: str, sign: str, number: int) -> int | None:
        return ask(f"select {what}(rowid) from {order.table} where rowid {sign} {number}")

    before = ask(order.just_before)
    after = ask(order.first_of_group) if before is None else None
    if after is not None:
        before = beside("max", "<", after) or 0
    elif before is None:
        before = ask(order.last_of_earlier) or 0
    after = after or beside("min", ">", before) or before + 2 * GAP
    middle = (before + after) // 2
    return middle if before < middle < after else None


def _space_out(connection: sqlite3.Connection, order: Order) -> None:
    """Writes the table anew, with gaps."""
    rows = connection.execute(f"select {_names(order)} from {order.table} order by rowid").fetchall()
    connection.execute(f"delete from {order.table}")
    write_ordered(connection, order, rows)

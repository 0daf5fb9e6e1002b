"""Tables of a connection's own that hold few rows, and that the planner of SQLite knows to hold few.

Of a table that was never analysed it takes a million rows for granted, and reads a large table whole to be spared
the search for each of them.
"""

from __future__ import annotations

import sqlite3


def small_table(connection: sqlite3.Connection, name: str, columns: str = "id text primary key") -> None:
    """Makes the empty table `temp.<name>`, in the place of one of that name."""
    connection.execute(f"drop table if exists temp.{name}")
    connection.execute(f"create temp table {name}({columns})")
    marks = ", ".join(["''"] * (columns.count(",") + 1))
    connection.execute(f"insert into temp.{name} values ({marks})")
    connection.execute(f"analyze temp.{name}")
    connection.execute(f"delete from temp.{name}")

"""The graph drawn in a process of its own while the audit goes on: it needs nothing that the audit finds.

Its rows come by a small database beside that of the build, which is copied in; what it counted comes back as it is.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path

from corpus import aside
from corpus.opening import read_only
from corpus.store import Row, copy_anew, write
from extract.readers.limits import Limits, run_limited

_LIMITS = Limits(seconds=24 * 3600.0)
_TABLES = ("graph_nodes", "graph_edges")
Draw = Callable[[sqlite3.Connection], dict[str, Counter[Row]]]


def drawn_here(connection: sqlite3.Connection) -> dict[str, Counter[Row]]:
    """Draws the graph in this process. Returns what the tallies of the graph count."""
    from corpus import graph  # NumPy: only where something was worked out

    return dict(graph.fill(connection))


@contextmanager
def drawn_apart(db: Path) -> Iterator[Draw]:
    """Begins to draw the graph of the database at `db`, as it is committed now; what is given takes the drawing in.

    Who writes to `db` meanwhile has to let others read it. Where the process dies the graph is drawn in this one.
    """
    scratch = aside.scratch(db, aside.DRAWING)
    try:
        with ThreadPoolExecutor(1) as beside:
            drawing = beside.submit(_begin, db, scratch)
            yield lambda connection: _taken_in(connection, scratch, drawing.result())
    finally:
        scratch.unlink(missing_ok=True)


def _begin(db: Path, scratch: Path) -> object:
    return dict(run_limited(partial(draw_into, db=db), [str(scratch)], workers=1, limits=_LIMITS))[str(scratch)]


def draw_into(scratch: str, db: Path) -> dict[str, list[tuple[Row, int]]]:
    """Draws the graph of `db` into a new database at `scratch`. Returns what the tallies of the graph count."""
    from corpus import graph

    with closing(read_only(db)) as connection, closing(sqlite3.connect(scratch)) as own:
        made = "select sql from sqlite_master where type = 'table' and name = ?"
        for table in _TABLES:
            own.execute(connection.execute(made, (table,)).fetchone()[0])
        own.execute("pragma synchronous = off")
        drawing = graph.draw(connection)
        write(own, {"graph_nodes": drawing.nodes, "graph_edges": drawing.edges})
        own.commit()
    return {name: list(counted.items()) for name, counted in drawing.counts.items()}


def _taken_in(connection: sqlite3.Connection, scratch: Path, counts: object) -> dict[str, Counter[Row]]:
    if not isinstance(counts, dict):
        return drawn_here(connection)
    connection.commit()
    connection.execute("attach ? as drawn", (str(scratch),))
    try:
        for table in _TABLES:
            copy_anew(connection, table, "drawn")
        connection.commit()
    finally:
        connection.execute("detach drawn")
    return {name: Counter(dict(counted)) for name, counted in counts.items()}

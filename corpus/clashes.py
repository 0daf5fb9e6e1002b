"""Deciding where others decide too: a decision is added only where nothing was added since its maker looked.

The form that a reviewer fills carries the number of the last decision shown on it. Where another one stands by the time
it is sent, nothing is written and `ClashError` tells what was added in between; sent again, it carries the newer
number. Notes never clash: they take nothing back.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection

from corpus.review import Decision, decide

FREE = frozenset({"note"})
"""Kinds that stand beside whatever else was said."""
_COLUMNS = (
    "id made_at who kind target_table target sha256 rule field value quote before after note".split()
)  # fmt: skip

Target = tuple[str, str]
"""A table and the id of its row."""


class ClashError(Exception):
    """Others decided in between: `since` holds their decisions, oldest first."""

    def __init__(self, since: tuple[Decision, ...]) -> None:
        super().__init__(f"{len(since)} decisions were added in between")
        self.since = since


def thread(review: sqlite3.Connection, targets: Collection[Target], anchored: Collection[int] = ()) -> list[Decision]:
    """The decisions on these targets, and those with these numbers (made on an earlier id), oldest first."""
    names = ", ".join(f'"{name}"' for name in _COLUMNS)
    wanted = list(dict.fromkeys(target for _, target in targets))
    rows = review.execute(
        f"select {names} from decisions where target in ({', '.join('?' * len(wanted))})"
        f" or id in ({', '.join('?' * len(anchored))}) order by id",
        [*wanted, *anchored],
    ).fetchall()
    found = (Decision(**dict(zip(_COLUMNS, row, strict=True))) for row in rows)
    return [d for d in found if (d.target_table, d.target) in targets or d.id in anchored]


def decide_unless_clashing(
    review: sqlite3.Connection,
    decision: Decision,
    targets: Collection[Target],
    anchored: Collection[int],
    seen: int,
) -> int:
    """Adds `decision` and returns its number; `ClashError` where the thread holds more than its maker has `seen`.

    Looking and adding are one transaction: of two who send at the same moment one gets the clash. `KehoachError` where
    the decision makes no sense.
    """
    review.execute("begin immediate")
    try:
        since = tuple(d for d in thread(review, targets, anchored) if (d.id or 0) > seen)
        if since and decision.kind not in FREE:
            raise ClashError(since)
        number = decide(review, decision)
    except BaseException:
        review.execute("rollback")
        raise
    review.execute("commit")
    return number

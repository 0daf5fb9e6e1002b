"""Which audit cases hold documents, and into which they can be put."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from corpus.cases import Case
from datasette_plugins.desk import queue, reviewing
from datasette_plugins.desk.ports import Request
from datasette_plugins.desk.reviewing import Live
from datasette_plugins.desk.store import Desk


@dataclass(frozen=True, slots=True)
class Filing:
    """The cases that hold one of the documents, and the open ones that hold none, the newest first."""

    within: tuple[Case, ...]
    offered: tuple[Case, ...]


def filing(live: Live, hashes: Collection[str]) -> Filing:
    """The cases for documents with these SHA-256."""
    newest = sorted(live.cases.values(), key=lambda case: -case.id)
    within = tuple(case for case in newest if set(hashes) & set(case.documents))
    return Filing(within, tuple(case for case in newest if case.state == "open" and case not in within))


async def of_document(desk: Desk, request: Request, sha256: str) -> Filing | None:
    """The cases for one document; None where nobody is signed in."""
    if reviewing.reviewer_of(desk.datasette, request) is None:
        return None
    live = await reviewing.live(desk, await desk.once(queue.COUNTS), queue.rows_counted)
    return filing(live, (sha256,)) if live else None

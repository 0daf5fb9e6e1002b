"""Reading that begins while the database is still copied: which files are new, and what is in the first of them.

To copy a large database takes longer than to read a few files; both go on side by side.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from itertools import chain, islice

from corpus import history
from corpus.inputs import Plan
from corpus.likeness import fold_titles
from corpus.loading import Known
from corpus.opening import read_only
from corpus.reading import Reading

MOST = 1_000
"""So many files are read before there is a database to put them in: some 25 MB of rows."""

Readings = Generator[Reading, None, None]


class ReadAhead:
    """The readings of a build. What is asked of the database before stands here where `begin` was called, else None.

    `say` is told that copying has begun.
    """

    def __init__(self, plan: Plan, read: Callable[[Sequence[str]], Readings], say: Callable[[], None]) -> None:
        self._plan = plan
        self._say = say
        self._read = read
        self._under_way: Readings | None = None
        self._first: list[Reading] = []
        self.past: history.History | None = None
        self.known: Known | None = None
        self.files: list[str] | None = None
        """The files to read."""

    def begin(self) -> None:
        """Looks at the database as it is and at all files, and reads the first of those that are new or changed."""
        self._say()
        with closing(read_only(self._plan.db)) as connection:
            self.known = Known.of(connection)
        self.files = self.known.to_read(self._plan.files)
        self._under_way = self._read(self.files)
        self._first = list(islice(self._under_way, MOST))
        self.past = history.before(self._plan.db)
        if self.files:
            with closing(read_only(self._plan.db)) as connection:
                fold_titles(connection)

    def readings(self, files: Sequence[str]) -> Readings:
        """The readings of all files; these are `files` where they are known already."""
        if self._under_way is None:
            self._under_way = self._read(files)
        yield from chain(self._first, self._under_way)

    def close(self) -> None:
        """Ends what reads."""
        if self._under_way is not None:
            self._under_way.close()

"""The addresses of the desk's pages and of Datasette's rows. Every id goes into an address encoded."""

from __future__ import annotations

from dataclasses import dataclass

from datasette_plugins.desk.frame import ROOT
from datasette_plugins.desk.ports import Datasette


def encoded(text: object) -> str:
    """An id as a part of a path, in Datasette's own encoding."""
    from datasette.utils import tilde_encode

    return str(tilde_encode(str(text)))


def decoded(text: str) -> str:
    """The id that `encoded` made a part of a path of."""
    from datasette.utils import tilde_decode

    return str(tilde_decode(text))


@dataclass(frozen=True, slots=True)
class Links:
    """Where things lie on this server."""

    datasette: Datasette
    database: str

    def _page(self, kind: str, key: object, rest: str = "") -> str:
        return self.datasette.urls.path(f"{ROOT}{kind}/{encoded(key)}{rest}")

    def document(self, key: object, fact: object = None) -> str:
        """The page of a document, at a fact where one is given."""
        return self._page("document", key, f"#f-{fact}" if fact else "")

    def relations(self, key: object) -> str:
        """The lược đồ of a document."""
        return self._page("document", key, "/relations")

    def chain(self, key: object) -> str:
        """The chain of a document."""
        return self._page("document", key, "/chain")

    def original(self, key: object) -> str:
        """The bytes that the document was read from."""
        return self._page("document", key, "/original")

    def picture(self, key: object, number: int, scale: str = "1") -> str:
        """A page of a document as a picture."""
        return self._page("document", key, f"/page/{number}.png{'' if scale == '1' else f'?scale={scale}'}")

    def compare(self, key: object, other: object) -> str:
        """A document beside another."""
        return self._page("document", key, f"/compare/{encoded(other)}")

    def coverage(self, key: object) -> str:
        """Which units carry a document out."""
        return self._page("document", key, "/coverage")

    def work_coverage(self, key: object) -> str:
        """Which units carry a work out."""
        return self._page("work", key, "/coverage")

    def work(self, key: object) -> str:
        """The page of a work."""
        return self._page("work", key)

    def work_chain(self, key: object) -> str:
        """The chain of a work."""
        return self._page("work", key, "/chain")

    def finding(self, key: object) -> str:
        """The page of a finding."""
        return self._page("finding", key)

    def agency(self, name: object) -> str:
        """The page of an agency."""
        return self._page("agencies", name)

    def page(self, path: str) -> str:
        """A page without a key."""
        return self.datasette.urls.path(ROOT + path)

    def row(self, table: str, *keys: object) -> str:
        """A row of Datasette."""
        return self.datasette.urls.row(self.database, table, ",".join(encoded(key) for key in keys))

    def table(self, table: str) -> str:
        """A table of Datasette."""
        return self.datasette.urls.table(self.database, table)

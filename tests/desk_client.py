"""Asks the pages of a database, in this process, and reads what they answer."""

from __future__ import annotations

import asyncio
import re
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urldefrag, urljoin

from datasette_plugins.desk.compat import is_one
from datasette_plugins.desk.serve import application
from datasette_plugins.desk.store import desk_of

Attributes = dict[str, str]
VOID = frozenset({"meta", "link", "input", "br", "img", "hr"})
SQL_PAGE = "/plans/-/query" if is_one() else "/plans"
INLINE = frozenset({"a", "b", "em", "strong", "span", "q", "code", "mark", "small", "tspan"})


class Page(HTMLParser):
    """An answer, parsed: its elements with their attributes, its text, its links."""

    def __init__(self, status: int, headers: dict[str, str], body: str) -> None:
        super().__init__(convert_charrefs=True)
        self.status, self.headers, self.body = status, headers, body
        self.elements: list[tuple[str, Attributes]] = []
        self.inline: list[str] = []
        self._texts: list[str] = []
        self._open: list[str] = []
        if "html" in headers.get("content-type", ""):
            self.feed(body)
            self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in INLINE:
            self._texts.append(" ")
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in INLINE:
            self._texts.append(" ")
        if tag in self._open:
            while self._open.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1] in ("script", "style"):
            self.inline.append(data)
        else:
            self._texts.append(data)

    @property
    def text(self) -> str:
        """What a reader sees, in one line."""
        return " ".join("".join(self._texts).split())

    def all(self, tag: str, class_: str = "") -> list[Attributes]:
        """The attributes of the elements of this kind, of one class among others where it is given."""
        found = (attributes for name, attributes in self.elements if name == tag)
        return [item for item in found if not class_ or class_ in item.get("class", "").split()]

    def links(self, base: str) -> list[str]:
        """The addresses of its links, without fragments."""
        return [urldefrag(urljoin(base, item["href"])).url for item in self.all("a") if item.get("href")]


class Desk:
    """The pages over one database, asked one after the other."""

    def __init__(self, db: Path, base_url: str = "/") -> None:
        self.loop = asyncio.new_event_loop()
        self.app: Any = application(db, base_url)
        self.loop.run_until_complete(self.app.invoke_startup())

    def get(self, path: str, **options: Any) -> Page:
        """The page at `path`. Redirects are not followed."""
        answer = self.loop.run_until_complete(self.app.client.get(path, **options))
        return Page(answer.status_code, dict(answer.headers), answer.text)

    def query(self, sql: str, **parameters: str) -> Page:
        """The page of a query in SQL."""
        return self.get(SQL_PAGE, params={"sql": sql, **parameters})

    def send(self, method: str, path: str, **options: Any) -> Page:
        """What a request that is no GET is answered with."""
        answer = self.loop.run_until_complete(self.app.client.request(method, path, **options))
        return Page(answer.status_code, dict(answer.headers), answer.text)

    def close(self) -> None:
        """Ends its threads and closes its connections, when what it began beforehand is done."""
        desk = desk_of(self.app)
        if desk is not None and desk.warming is not None:
            self.loop.run_until_complete(desk.warming)
        self.app.executor.shutdown()  # what works in the background ends before its connections are closed
        for database in self.app.databases.values():
            database.close()
        self.loop.close()


def canonical(page: Page) -> str:
    """The text of the document pane, as copying it would give it."""
    match = re.search(r'<div class="canonical" id="text" lang="vi">(.*?)</div>', page.body, re.DOTALL)
    assert match, "no text pane"
    return unescape(re.sub(r"<[^>]*>", "", match.group(1)))


def count(page: Page) -> int:
    """How many rows the page says that its list has."""
    match = re.search(r'id="count"[^>]*>(\d+) ', page.body)
    assert match
    return int(match[1])

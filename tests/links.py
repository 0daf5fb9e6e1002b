"""The pages that links lead to, a few of every kind."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from urllib.parse import parse_qsl, urldefrag, urljoin, urlsplit

from datasette_plugins.desk.security import PARAMETER

OF_A_KIND = 2
MOST = 400
_NAMED = re.compile(r"/(document|work|finding|case|compare|agencies|unit)/[^/]+")
_FILES = re.compile(r"\.(csv|json|ics|xlsx|graphml|png|jpg|webp|svg|css|js|db)$|/original$|/-/static|/logout")


def kind(address: str) -> str:
    """What kind of page an address leads to: its path without what names a row, and the names of its parameters."""
    parts = urlsplit(address)
    path = _NAMED.sub(r"/\1/*", parts.path)
    if not path.startswith("/-/") and path.count("/") == 2:
        path = f"{path.rsplit('/', 1)[0]}/*"
    elif not path.startswith("/-/") and path.count("/") > 2 and "/-/" not in path:
        path = f"{'/'.join(path.split('/')[:2])}/*/*"
    names = {name for name, _ in parse_qsl(parts.query)}
    view = dict(parse_qsl(parts.query)).get("view", "")
    return f"{path}?{view}{'...' if names - {'view'} else ''}"


def reachable(start: str, links: Callable[[str], list[str]]) -> list[str]:
    """The addresses below `start` that links lead to, at most `OF_A_KIND` of each kind, in the order of finding.

    `links` gives the addresses on a page. The switch of the language leads to no other page.
    """
    seen: Counter[str] = Counter()
    known = {start}
    found: list[str] = []
    waiting = [start]
    while waiting and len(found) < MOST:
        address = waiting.pop(0)
        found.append(address)
        for link in links(address):
            target = urldefrag(urljoin(address, link)).url
            other = not target.startswith(start) or _FILES.search(urlsplit(target).path)
            if other or target in known or any(name == PARAMETER for name, _ in parse_qsl(urlsplit(target).query)):
                continue
            known.add(target)
            of_kind = kind(target)
            if seen[of_kind] < OF_A_KIND:
                seen[of_kind] += 1
                waiting.append(target)
    return found

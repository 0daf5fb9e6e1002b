"""No word on the console of any page that links lead to, and nothing outside its base behind a reverse proxy."""

from __future__ import annotations

import http.client
import re
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

import pytest

from corpus.review import read_decisions
from datasette_plugins.desk.security import POLICY
from tests import serving
from tests.browsing import Watched, enter, follow
from tests.desk_client import Desk
from tests.patience import SECONDS
from tests.review_client import PASSWORD

if TYPE_CHECKING:
    from playwright.sync_api import Browser
from tests.review_server import Served, start

pytestmark = pytest.mark.needs("chromium", "fonts")


K = "/-/kehoach"
BASE = "/kiem-toan/ke-hoach/"


def shape(path: str) -> str:
    """The kind of a page: its path without ids, and which filters it has."""
    parts = urlsplit(path)
    plain = re.sub(r"/(document|work|finding|case)/[^/]+", r"/\1/*", parts.path)
    plain = re.sub(r"^(/plans/\w+)/.+", r"\1/*", plain)
    return plain + "?" + "&".join(sorted({pair.split("=")[0] for pair in parts.query.split("&") if pair}))


def crawled(database: Path) -> list[str]:
    """The pages that links lead to from the home page, each looked at."""
    desk = Desk(database)
    try:
        return looked_at(desk)
    finally:
        desk.app.executor.shutdown()
        desk.close()


def looked_at(desk: Desk, most: int = 900) -> list[str]:
    """Every page that links lead to from the home page, up to so many; each is looked at as it is reached."""
    seen: dict[str, str] = {}
    waiting = ["/", "/?lang=en"]
    kinds: dict[str, int] = {}
    while waiting and len(seen) < most:
        path = waiting.pop(0)
        kind = shape(path)
        if path in seen or kinds.get(kind, 0) >= 12:
            continue
        kinds[kind] = kinds.get(kind, 0) + 1
        page = desk.get(path)
        seen[path] = kind
        assert page.status in (200, 302), (path, page.status)
        policy = page.headers["content-security-policy"]
        assert policy == POLICY or policy.startswith("sandbox"), path
        assert page.headers["x-content-type-options"] == "nosniff", path
        assert page.headers["x-frame-options"] == "DENY", path
        if "html" not in page.headers.get("content-type", ""):
            continue
        assert not page.inline, f"{path}: a script or style in the page"
        for tag, attributes in page.elements:
            assert "style" not in attributes, (path, tag)
            assert not any(name.startswith("on") for name in attributes), (path, tag, attributes)
            source = attributes.get("src", attributes.get("href", "")) if tag in ("script", "link", "img") else ""
            assert not re.match(r"(?:[a-z]+:)?//", source), (path, source)
        for address in page.links(f"http://localhost{path}"):
            parts = urlsplit(address)
            if parts.netloc == "localhost":
                waiting.append(parts.path + (f"?{parts.query}" if parts.query else ""))
    return list(seen)


def test_no_page_that_links_lead_to_breaks_the_policy(browser: Browser, database: Path) -> None:
    """Headers and marks of every page that is reached; the console of one page of every kind."""
    with ThreadPoolExecutor(1) as pool:  # this thread has the loop of the browser
        paths = pool.submit(crawled, database).result()
    assert len(paths) > 100
    one_of_a_kind = {shape(path): path for path in paths}
    for needed in ("/?", f"{K}/findings?", f"{K}/finding/*?", "/plans/findings?", "/plans/findings/*?", "/plans?"):
        assert needed in one_of_a_kind, needed
    with serving.served(database) as address:
        window = Watched(browser, address)
        for path in one_of_a_kind.values():
            if re.search(r"/original$|\.(csv|json|xlsx|graphml|ics|png)(\?|$)|[?&]_(stream|format)=", path):
                continue
            window.goto(window.address + path.lstrip("/"))
            assert not window.faults, (path, window.faults)
        window.context.close()


class Proxy(BaseHTTPRequestHandler):
    """A small reverse proxy: what is below its base goes to the server, and nothing else does."""

    target = ("127.0.0.1", 0)
    strips = True
    asked: list[str]

    def log_message(self, *args: object) -> None:
        pass

    def _forward(self) -> None:
        self.asked.append(self.path)
        if not self.path.startswith(BASE):
            self.send_error(404)
            return
        length = int(self.headers.get("content-length") or 0)
        upstream = http.client.HTTPConnection(*self.target, timeout=SECONDS)
        headers = {name: value for name, value in self.headers.items() if name.lower() not in ("host", "connection")}
        path = "/" + self.path.removeprefix(BASE) if self.strips else self.path
        upstream.request(self.command, path, self.rfile.read(length) if length else None, headers)
        answer = upstream.getresponse()
        body = answer.read()
        self.send_response(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in ("transfer-encoding", "content-length", "connection", "server", "date"):
                self.send_header(name, value)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        upstream.close()

    do_GET = do_POST = do_HEAD = _forward  # noqa: N815 - the names that http.server calls


@pytest.fixture(params=[True, False], ids=["the base taken away", "the base left"])
def proxied(database: Path, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[tuple[Served, list[str]]]:
    served, process = start(database, tmp_path, "--base-url", BASE)
    assert urlsplit(served.address).path == BASE
    asked: list[str] = []
    port = urlsplit(served.address).port
    handler = type("Handler", (Proxy,), {"target": ("127.0.0.1", port), "strips": request.param, "asked": asked})
    proxy = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=proxy.serve_forever, daemon=True).start()
    public = f"http://127.0.0.1:{proxy.server_address[1]}{BASE}"
    yield Served(public, served.link.replace(served.address, public), served.db), asked
    proxy.shutdown()
    proxy.server_close()
    process.terminate()
    process.wait(timeout=SECONDS)


def test_behind_a_reverse_proxy_with_a_base_path(browser: Browser, proxied: tuple[Served, list[str]]) -> None:
    served, asked = proxied
    window = Watched(browser, served.address)
    page = window.page
    page.goto(served.link)
    assert page.url == f"{served.address}{K.lstrip('/')}/findings"
    window.check()
    follow(page.locator(".side-filters a", has_text="Lỗi"))
    follow(page.locator(".finding-card h3 a").first)
    page.fill("#note", "qua máy chủ trung gian")
    follow(page.locator('button[value="confirmed"]'))
    assert "done=" in page.url
    follow(page.locator('a[rel="next"]').first)
    window.check()
    follow(page.get_by_role("link", name="Hồ sơ", exact=True))
    page.fill("#value", "Hồ sơ qua máy chủ trung gian")
    follow(page.locator("form:has(#value) button"))
    assert page.url.endswith(f"{K}/case/1")
    page.fill("#sought", "36/KH-UBND")
    enter(page.locator("#sought"))
    page.locator(".offered").wait_for()
    window.check()
    follow(page.locator(".languages a"))
    assert page.get_attribute("html", "lang") == "en"
    follow(page.locator(".who button"))
    assert page.url == served.address
    follow(page.get_by_role("link", name="Sign in"))
    page.fill("#login", "binh")
    page.fill("#password", PASSWORD)
    enter(page.locator("#password"))
    page.locator(".who", has_text="Trần Văn Bình").wait_for()
    window.open("plans/findings?_size=5")
    follow(page.locator("table a").first)
    window.check()
    assert all(unquote(path).startswith(BASE) for path in asked), [path for path in asked if not path.startswith(BASE)]
    assert page.evaluate("getComputedStyle(document.querySelector('.bar')).position") == "sticky", "styles are loaded"
    assert [d.note for d in read_decisions(served.db.with_name("review.db"))] == ["qua máy chủ trung gian"]
    window.context.close()

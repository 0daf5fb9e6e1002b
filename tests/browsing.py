"""A real Chromium for tests, and a window in it that is watched.

Playwright returns from a click when the page that it leads to has begun to come, or before that. So what leads to
another page is followed by `follow`, `enter` and `press_on`, which return when that page is there whole, and what
scripts do in their own time is waited for by `until`.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from tests.patience import SECONDS

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

K = "/-/kehoach"
DRIVER = "GL Driver Message (OpenGL, Performance"
"""How Chromium begins what it says of its own speed where the processor draws, and not of the page."""
DRAWN = """() => { const figure = document.querySelector('.graph-figure[data-src]');
    return figure ? figure.dataset.drawn || '' : 'none'; }"""
FRAMES = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done())))"


def launched(chromium: str, *arguments: str) -> Iterator[Browser]:
    """The Chromium at this path, started with these arguments, until the test is done."""
    from playwright.sync_api import sync_playwright

    root = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium, args=[*root, *arguments], timeout=SECONDS * 1000)
        yield browser
        browser.close()


def until(page: Page, condition: str, argument: object = None) -> Any:
    """What the condition gives when it holds at last.

    It is asked from outside, since the policy of the pages lets nothing be evaluated inside.
    """
    end = time.monotonic() + SECONDS
    while not (found := page.evaluate(condition, argument)):
        assert time.monotonic() < end, f"not within {SECONDS} seconds: {condition}"
        page.wait_for_timeout(50)
    return found


def frames(page: Page) -> None:
    """Waits until what was asked for is painted."""
    page.evaluate(FRAMES)


def graph_drawn(page: Page) -> str:
    """What has drawn the graph of a page; ``none`` where the page has no graph."""
    return str(until(page, DRAWN))


def follow(link: Locator) -> None:
    """Clicks what leads to another page, or to a place of this one, and waits until that is there."""
    with link.page.expect_navigation():
        link.click()


def enter(field: Locator) -> None:
    """Presses Enter where it leads to another page, and waits until that is there."""
    with field.page.expect_navigation():
        field.press("Enter")


def press_on(page: Page, key: str) -> None:
    """Presses a key that leads to another page, and waits until that is there."""
    with page.expect_navigation():
        page.keyboard.press(key)


class Watched:
    """A window whose console, requests and width are watched."""

    def __init__(self, browser: Browser, address: str, width: int = 1280, **options: object) -> None:
        self.address = address
        self.faults: list[str] = []
        self.scripted = bool(options.get("java_script_enabled", True))
        self.context = browser.new_context(viewport={"width": width, "height": 900}, **options)  # type: ignore[arg-type]
        self.context.set_default_timeout(SECONDS * 1000)
        self.page: Page = self.context.new_page()
        self.page.on("console", lambda message: self._note(message.type, message.text))
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("request", lambda request: self._host(request.url))
        self.page.on("response", lambda answer: self._answered(answer.status, answer.url))

    def _note(self, kind: str, text: str) -> None:
        if kind in ("error", "warning") and DRIVER not in text:
            self.faults.append(f"console {kind}: {text} at {self.page.url}")

    def _answered(self, status: int, url: str) -> None:
        if status >= 400:
            self.faults.append(f"{status} {url}")

    def _host(self, url: str) -> None:
        if not url.startswith((self.address, "data:")):
            self.faults.append(f"a request to {url}")

    def goto(self, address: str) -> Page:
        """The page at an address, when it is loaded and its graph is drawn."""
        self.page.goto(address)
        if self.scripted:
            graph_drawn(self.page)
        return self.page

    def open(self, path: str) -> Page:
        """The page at a path, looked at when it is there whole."""
        self.goto(self.address + path.lstrip("/"))
        self.check()
        return self.page

    def check(self) -> None:
        """Looks at the page that is shown: no fault, and nothing wider than the window."""
        self.page.wait_for_load_state("load")
        if self.scripted:
            graph_drawn(self.page)
        wide = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{self.page.url} is {wide} pixels wider than the window"
        assert not self.faults, self.faults

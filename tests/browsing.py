"""A real Chromium for tests, and a window in it that is watched."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

K = "/-/kehoach"


def launched(chromium: str, *arguments: str) -> Iterator[Browser]:
    """The Chromium at this path, started with these arguments, until the test is done."""
    from playwright.sync_api import sync_playwright

    root = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium, args=[*root, *arguments])
        yield browser
        browser.close()


class Watched:
    """A window whose console, requests and width are watched."""

    def __init__(self, browser: Browser, address: str, width: int = 1280, **options: object) -> None:
        self.address = address
        self.faults: list[str] = []
        self.context = browser.new_context(viewport={"width": width, "height": 900}, **options)  # type: ignore[arg-type]
        self.page: Page = self.context.new_page()
        self.page.on("console", lambda message: self._note(message.type, message.text))
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("request", lambda request: self._host(request.url))
        self.page.on("response", lambda answer: self._answered(answer.status, answer.url))

    def _note(self, kind: str, text: str) -> None:
        if kind in ("error", "warning"):
            self.faults.append(f"console {kind}: {text} at {self.page.url}")

    def _answered(self, status: int, url: str) -> None:
        if status >= 400:
            self.faults.append(f"{status} {url}")

    def _host(self, url: str) -> None:
        if not url.startswith((self.address, "data:")):
            self.faults.append(f"a request to {url}")

    def open(self, path: str) -> Page:
        self.page.goto(self.address + path.lstrip("/"))
        self.check()
        return self.page

    def check(self) -> None:
        wide = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{self.page.url} is {wide} pixels wider than the window"
        assert not self.faults, self.faults

"""A real Chromium for tests, and a window in it that is watched."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

K = "/-/kehoach"


def settling(action: Callable[..., Any]) -> Callable[..., Any]:
    """This action of a page or locator, which returns when the page that it leads to is loaded.

    Playwright returns when that page has begun to come: what is then counted or measured on it may not be there yet.
    """

    @functools.wraps(action)
    def act(self: Any, *args: Any, **options: Any) -> Any:
        page = getattr(self, "page", self)
        result = action(self, *args, **options)
        if not page.is_closed():
            page.wait_for_load_state("load")
        return result

    act.settles = True  # type: ignore[attr-defined]
    return act


def settle_actions() -> None:
    """Make the clicks and keys of every page and locator wait for the page that they lead to (once)."""
    from playwright.sync_api import Locator, Page

    for kind in (Locator, Page):
        for name in ("click", "press", "select_option", "check", "uncheck"):
            action = getattr(kind, name)
            if not hasattr(action, "settles"):
                setattr(kind, name, settling(action))


def launched(chromium: str, *arguments: str) -> Iterator[Browser]:
    """The Chromium at this path, started with these arguments, until the test is done."""
    from playwright.sync_api import sync_playwright

    settle_actions()
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
        self.page.wait_for_load_state("load")
        wide = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{self.page.url} is {wide} pixels wider than the window"
        assert not self.faults, self.faults

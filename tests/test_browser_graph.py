"""The graph in a real Chromium, with WebGL and without: it is drawn, it answers, and it breaks no policy."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.browsing import K, Watched, follow, frames, graph_drawn, launched, until
from tests.patience import waited

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.needs("chromium", "fonts")
SOFTWARE_GL = ("--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader")
NO_GL = ("--disable-gpu", "--disable-webgl", "--disable-webgl2", "--disable-3d-apis")


@pytest.fixture(params=[SOFTWARE_GL, NO_GL], ids=["webgl", "no-webgl"])
def drawn_by(request: pytest.FixtureRequest, chromium: str) -> Iterator[tuple[Browser, str]]:
    """A browser, and what draws the whole corpus in it."""
    for browser in launched(chromium, *request.param):
        yield browser, "sigma" if request.param is SOFTWARE_GL else "canvas"


@pytest.fixture(scope="module")
def plain(chromium: str) -> Iterator[Browser]:
    yield from launched(chromium, *NO_GL)


AT_REST = """() => { const drawing = document.querySelector('.graph-figure').drawing;
    return !(drawing.sigma && drawing.sigma.getCamera().isAnimated()); }"""


def still(page: Page) -> None:
    """Waits until nothing moves any more and the last of it is painted."""
    until(page, AT_REST)
    frames(page)


def painted(page: Page, least: int) -> None:
    """Waits until the picture has at least so many different colours."""
    assert waited(lambda: colours(page) >= least), f"the picture has {colours(page)} colours"


def colours(page: Page) -> int:
    """How many different colours the picture has."""
    from PIL import Image

    frames(page)
    path = Path(os.environ.get("TMPDIR", "/tmp")) / f"graph-{os.getpid()}.png"
    page.locator(".graph-canvas").screenshot(path=str(path))
    with Image.open(path) as image:
        found: Any = image.convert("RGB").getcolors(1 << 20)
    path.unlink()
    return len(found)


def test_the_whole_corpus_is_drawn_and_a_work_leads_on(drawn_by: tuple[Browser, str], server: str) -> None:
    browser, name = drawn_by
    window = Watched(browser, server)
    page = window.open(f"{K}/graph?view=whole")
    assert graph_drawn(page) == name
    assert page.locator(".graph-plain").count() == 1
    assert not page.locator(".graph-plain").is_visible()
    assert (page.locator(".graph-note").inner_text() != "") == (name == "canvas")
    painted(page, 9)

    page.fill(".graph-find input", "2418/qd-ttg")
    page.press(".graph-find input", "Enter")
    card = page.locator(".graph-card")
    assert "2418/QĐ-TTg" in card.inner_text()
    still(page)
    painted(page, 4)
    page.keyboard.press("Escape")
    assert not card.is_visible()
    page.click('[data-do="fit"]')
    page.click('[data-do="in"]')
    still(page)
    page.click('[data-do="fit"]')
    still(page)
    page.evaluate("document.querySelector('.graph-canvas').scrollIntoView({ block: 'center' })")
    box = page.locator(".graph-canvas").bounding_box()
    assert box is not None
    at = page.evaluate(
        """() => { const d = document.querySelector('.graph-figure').drawing;
        if (d.toView) return d.toView(2);
        const at = d.sigma.getNodeDisplayData('2'); return d.sigma.framedGraphToViewport(at); }"""
    )
    page.mouse.move(box["x"] + at["x"], box["y"] + at["y"])
    frames(page)
    page.mouse.click(box["x"] + at["x"], box["y"] + at["y"])
    card.locator("h3").wait_for()
    page.emulate_media(media="print")
    frames(page)
    page.emulate_media(media="screen")
    page.click('[data-do="fit"]')
    still(page)
    window.check()
    follow(card.locator(".links a").first)
    assert "/work/" in page.url
    window.check()
    window.context.close()


def test_groups_open_to_works_and_works_to_what_is_around_them(drawn_by: tuple[Browser, str], server: str) -> None:
    browser, _ = drawn_by
    window = Watched(browser, server)
    page = window.open(f"{K}/graph?view=groups")
    assert graph_drawn(page) == "cytoscape"
    at = page.evaluate("document.querySelector('.graph-figure').drawing.cy.$id('n0').renderedPosition()")
    box = page.locator(".graph-canvas").bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + at["x"], box["y"] + at["y"])
    follow(page.locator(".graph-card .links a").first)
    assert "view=works" in page.url
    assert graph_drawn(page) == "cytoscape"
    near = page.evaluate(
        """() => { const cy = document.querySelector('.graph-figure').drawing.cy;
        const node = cy.nodes()[0]; node.emit('tap'); return [cy.$('.near').nodes().length, cy.$('.far').length]; }"""
    )
    assert near[0] > 1
    follow(page.locator(".graph-card .links a").nth(1))
    assert "work=" in page.url
    assert "Quanh" in page.inner_text("h1")
    graph_drawn(page)
    window.check()
    window.context.close()


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_picture_fits_and_is_quiet(plain: Browser, server: str, width: int, scheme: str) -> None:
    window = Watched(plain, server, width, color_scheme=scheme)
    for view in ("groups", "works", "whole"):
        page = window.open(f"{K}/graph?view={view}")
        graph_drawn(page)
        painted(page, 4)
        page.emulate_media(color_scheme="light" if scheme == "dark" else "dark")  # type: ignore[arg-type]
        frames(page)
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        window.check()
    window.context.close()


def test_without_scripts_there_is_a_picture_or_the_table(plain: Browser, server: str) -> None:
    window = Watched(plain, server, java_script_enabled=False)
    page = window.page
    for view in ("groups", "works"):
        page.goto(f"{server}{K.lstrip('/')}/graph?view={view}")
        assert page.locator("svg.graph-svg a.dot").first.is_visible()
        assert not page.locator(".graph-tools").is_visible()
    page.goto(f"{server}{K.lstrip('/')}/graph?view=whole")
    assert page.locator("p.graph-plain").is_visible()
    assert page.locator("table.list tbody tr").count() > 10
    assert not window.faults
    window.context.close()


def test_where_the_picture_fails_the_page_says_so_and_keeps_the_plain_one(plain: Browser, server: str) -> None:
    window = Watched(plain, server)
    window.page.route("**/graph.json*", lambda route: route.fulfill(status=500, body="no"))
    window.page.goto(f"{server}{K.lstrip('/')}/graph?view=works")
    assert graph_drawn(window.page) == "failed"
    assert "Không vẽ được hình" in window.page.locator(".graph-note").inner_text()
    assert window.page.locator("svg.graph-svg").is_visible()
    window.context.close()


def test_a_printed_page_holds_the_plain_picture(plain: Browser, server: str) -> None:
    window = Watched(plain, server)
    page = window.open(f"{K}/graph?view=works")
    graph_drawn(page)
    page.emulate_media(media="print")
    assert page.locator("svg.graph-svg").is_visible()
    assert not page.locator(".graph-canvas").is_visible()
    window.context.close()

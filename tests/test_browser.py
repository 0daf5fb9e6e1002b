"""A reader's way through the served site: a real Chromium, a real server, the sample corpus.

On every page: nothing on the console, no request to another host, no part wider than the window.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.browsing import K, Watched, enter, follow, graph_drawn, press_on, until

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.needs("chromium", "fonts")
PLAN = "Kế hoạch số 22/KH-UBND"
WIDTHS = (1280, 390)
IN_SIGHT = """selector => {
  const box = document.querySelector(selector).getBoundingClientRect();
  return 0 < box.top && box.top < innerHeight;
}"""


def test_from_home_to_document_citation_work_chain_graph_and_finding(window: Watched) -> None:
    page = window.open("/")
    follow(page.get_by_role("link", name="Văn bản", exact=True))
    follow(page.locator(".hits h3 a", has_text=PLAN).first)
    window.check()
    assert PLAN in page.inner_text("h1")

    mark = page.locator("#text a.m-citation").first
    words = mark.inner_text()
    follow(mark)
    card = page.locator(".card:target")
    card.wait_for()
    assert " ".join(words.split())[:20] in " ".join(card.inner_text().split())
    window.check()

    follow(card.locator(".target a").first)
    assert f"{K}/work/" in page.url
    window.check()
    heading = page.inner_text("h1")
    page.locator("table.list a").first.wait_for()

    page.go_back()
    follow(page.get_by_role("link", name="Chuỗi thực hiện"))
    page.locator("svg.chain-svg a.node").first.wait_for()
    window.check()
    assert heading.split(" ngày ")[0].replace("số ", "") in page.locator("svg.chain-svg").text_content()

    follow(page.get_by_role("link", name="Đồ thị", exact=True))
    assert graph_drawn(page) == "cytoscape"
    window.check()

    follow(page.get_by_role("link", name="Phát hiện", exact=True))
    window.check()
    follow(page.get_by_role("link", name="Một văn bản được viện dẫn với hai ngày").first)
    follow(page.locator(".finding-card h3 a").first)
    page.locator(".passage a.m-finding").first.wait_for()
    assert page.locator("article.side").count() == 2
    window.check()
    follow(page.locator("article.side .fine a").first)
    page.locator("a.m.lit").first.wait_for()
    window.check()


def test_from_a_commune_up_to_the_centre_and_down_again(window: Watched) -> None:
    page = window.open(f"{K}/search?q=22/KH-UBND&level=commune")
    follow(page.locator(".hits h3 a").first)
    follow(page.get_by_role("link", name="Chuỗi thực hiện"))
    follow(page.locator("svg.chain-svg a.node", has_text="2418/QĐ-TTg"))
    page.locator("#text").wait_for()
    assert "2418/QĐ-TTg" in page.inner_text("h1")
    follow(page.get_by_role("link", name="Chuỗi thực hiện"))
    page.locator("svg.chain-svg a.node", has_text="UBND xã").first.wait_for()
    window.check()


def test_search_without_marks_from_the_bar(window: Watched) -> None:
    page = window.open(f"{K}/findings")
    page.fill("#find", "nuoc sach")
    enter(page.locator("#find"))
    assert page.locator(".hits mark", has_text=re.compile("nước", re.IGNORECASE)).count() > 0
    window.check()


def test_suggestions_come_while_typing(window: Watched) -> None:
    page = window.open("/")
    with page.expect_response("**/suggest.json?q=36"):
        page.locator("#q").press_sequentially("36", delay=20)
    until(page, "document.querySelectorAll('#find-list option').length > 0")
    window.check()


def test_english_by_the_switch_and_back(window: Watched) -> None:
    page = window.open("/")
    follow(page.locator(".languages a"))
    assert page.get_attribute("html", "lang") == "en"
    follow(page.get_by_role("link", name="Findings", exact=True))
    assert "Findings" in page.inner_text("h1")
    follow(page.locator(".languages a"))
    assert page.get_attribute("html", "lang") == "vi"
    window.check()


def test_marks_can_be_switched_off_by_kind(window: Watched) -> None:
    page = window.open(f"{K}/search?q=36/KH-UBND&level=province")
    follow(page.locator(".hits h3 a").first)
    page.uncheck('.legend input[data-kind="citation"]')
    assert "off-citation" in str(page.get_attribute("#text", "class"))
    page.keyboard.press("n")
    window.check()


def test_keys_go_from_mark_to_mark(window: Watched) -> None:
    page = window.open(f"{K}/search?level=commune")
    follow(page.locator(".hits h3 a").first)
    page.locator("#text a.m").first.wait_for()
    seen = set()
    for _ in range(3):
        page.keyboard.press("n")
        seen.add(page.evaluate("document.activeElement.dataset.f + document.activeElement.textContent"))
    assert len(seen) == 3
    window.check()


def test_keys_go_from_finding_to_finding_and_to_the_search(window: Watched) -> None:
    page = window.open(f"{K}/findings?rule=citation-date-conflict")
    follow(page.locator(".finding-card h3 a").first)
    page.locator("article.side").first.wait_for()
    before = page.url
    press_on(page, "n" if page.locator('a[rel="next"]').count() else "p")
    assert page.url != before
    assert f"{K}/finding/" in page.url
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "find"
    window.check()


def test_a_permalink_shows_its_fact(window: Watched) -> None:
    page = window.open(f"{K}/deadlines")
    enter(page.locator("table.list a:has(q)").first)
    page.locator("a.m.lit").first.wait_for()
    until(page, IN_SIGHT, "a.m.lit")
    window.check()


def test_the_pages_read_without_javascript(browser: Browser, server: str) -> None:
    window = Watched(browser, server, java_script_enabled=False)
    page = window.page
    page.goto(f"{server}{K.lstrip('/')}/search?q=22/KH-UBND&level=commune")
    follow(page.locator(".hits h3 a").first)
    follow(page.locator("#text a.m-citation").first)
    card = page.locator(".card:target")
    assert card.is_visible()
    follow(card.locator(".target a").first)
    assert f"{K}/work/" in page.url
    page.goto(f"{server}{K.lstrip('/')}/graph")
    assert page.locator("svg.graph-svg a.dot").count() > 10
    assert not window.faults
    window.context.close()


def every_path(page: Page) -> list[str]:
    """A page of every kind that links lead to."""
    lists = ["findings", "search", "graph", "deadlines", "deadlines/month", "agencies", "money", "targets", "build"]
    paths = [
        "",
        *(f"{K}/{name}" for name in lists),
        f"{K}/graph?view=groups",
        "plans",
        "plans/documents",
        "plans/works",
    ]
    page.goto(page.url.split("/-/")[0].rstrip("/") + f"{K}/search?q=36/KH-UBND&level=province")
    document = str(page.locator(".hits h3 a").first.get_attribute("href")).split("?")[0]
    paths += [document, f"{document}/relations", f"{document}/chain"]
    page.goto(page.url.split("/-/")[0] + document)
    paths += [str(page.locator('.card-citation .target a[href*="/work/"]').first.get_attribute("href"))]
    page.goto(page.url.split("/-/")[0] + f"{K}/findings")
    paths += [str(page.locator(".finding-card h3 a").first.get_attribute("href"))]
    return paths


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_fits_its_window(browser: Browser, server: str, width: int, scheme: str) -> None:
    window = Watched(browser, server, width, color_scheme=scheme)
    window.open("/")
    for path in every_path(window.page):
        for language in ("vi", "en"):
            window.open(f"{path}{'&' if '?' in path else '?'}lang={language}")
    window.context.close()


@pytest.mark.parametrize("width", WIDTHS)
def test_the_letters_of_the_charts_keep_their_size(browser: Browser, server: str, width: int) -> None:
    window = Watched(browser, server, width)
    page = window.open(f"{K}/money")
    heights = page.evaluate(
        """() => [...document.querySelectorAll('.bar-chart text')]
        .map((text) => parseFloat(getComputedStyle(text).fontSize) * text.getScreenCTM().a)"""
    )
    assert len(heights) > 5
    assert min(heights) >= 12
    beyond = page.evaluate(
        """() => [...document.querySelectorAll('.bar-chart text')].filter((text) => text.getBoundingClientRect().right
        > text.closest('.level-charts').getBoundingClientRect().right).map((text) => text.textContent)"""
    )
    assert beyond == [], "sums that lie beyond their frame"
    window.context.close()


def test_every_control_has_a_name_and_every_page_its_landmarks(window: Watched) -> None:
    page = window.open("/")
    for path in every_path(page):
        window.open(path)
        assert page.locator("main").count() == 1
        assert page.locator("h1").count() == 1, path
        nameless = page.evaluate(
            """() => [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea')]
            .filter((e) => !(e.textContent.trim() || e.getAttribute('aria-label') || (e.labels && e.labels.length)
                || e.title)).map((e) => e.outerHTML.slice(0, 120))"""
        )
        assert nameless == [], path
        doubled = page.evaluate(
            """() => { const seen = new Set(), out = [];
            for (const e of document.querySelectorAll('[id]')) { if (seen.has(e.id)) out.push(e.id); seen.add(e.id); }
            return out; }"""
        )
        assert doubled == [], path


def test_the_page_of_a_finding_prints_without_the_bar(window: Watched) -> None:
    page = window.open(f"{K}/findings")
    follow(page.locator(".finding-card h3 a").first)
    page.locator("article.side").first.wait_for()
    page.emulate_media(media="print")
    page.locator("header.bar").wait_for(state="hidden")
    assert page.locator("article.side").first.is_visible()

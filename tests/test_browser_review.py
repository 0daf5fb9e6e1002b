"""Reviewing in a real Chromium: from the home page to a conflict of dates, decided and exported; two people at once."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from corpus.review import read_decisions
from tests.browsing import Watched, enter, follow, press_on
from tests.patience import SECONDS
from tests.review_client import PASSWORD

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page
from tests.review_server import Served, start

pytestmark = pytest.mark.needs("chromium", "fonts")


K = "/-/kehoach"


@pytest.fixture
def served(database: Path, tmp_path: Path) -> Iterator[Served]:
    served, process = start(database, tmp_path)
    yield served
    process.terminate()
    assert process.wait(timeout=SECONDS) in (0, -15)


def by_password(window: Watched, login: str = "binh") -> None:
    page = window.open(f"{K}/sign-in")
    page.fill("#login", login)
    page.fill("#password", PASSWORD)
    enter(page.locator("#password"))
    assert page.url.endswith(f"{K}/findings")


def to_a_date_conflict(window: Watched, code: str = "415/QĐ-UBND") -> Page:
    """From the home page by links alone."""
    page = window.open("/")
    follow(page.locator("main a", has_text="Một văn bản được viện dẫn với hai ngày").first)
    if f"{K}/finding/" not in page.url:
        follow(page.locator(".finding-card h3 a", has_text=code))
    assert f"{K}/finding/" in page.url
    window.check()
    return page


def test_from_home_to_a_date_conflict_decided_and_exported(browser: Browser, served: Served) -> None:
    window = Watched(browser, served.address)
    window.page.goto(served.link)
    page = to_a_date_conflict(window, "21/2023/NQ-HĐND")
    sides = page.locator("article.side")
    assert sides.count() == 2
    for side in (sides.nth(0), sides.nth(1)):
        mark = side.locator(".passage a.m-finding").first
        assert mark.is_visible()
        assert re.fullmatch(r"20\d\d", side.locator(".passage a.m-diff").inner_text())
        assert side.locator("code.hash").inner_text()
        assert side.locator("a.strip image").is_visible(), "the passage on the picture of its page"
    assert page.locator(".why").is_visible()

    page.keyboard.press("g")
    page.keyboard.type("Đối chiếu bản gốc: năm 2023 là đúng.")
    page.keyboard.press("Escape")
    press_on(page, "x")
    assert "done=" in page.url
    window.check()
    assert page.locator(".good-note").is_visible()
    assert "Lê Thị Chủ" in page.inner_text(".history")
    decisions = read_decisions(served.db.with_name("review.db"))
    assert [(d.who, d.kind, d.note) for d in decisions] == [
        ("Lê Thị Chủ", "confirmed", "Đối chiếu bản gốc: năm 2023 là đúng.")
    ]
    follow(page.locator(".onward"))
    assert "done=" not in page.url
    window.check()

    window.open(f"{K}/findings?state=confirmed")
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Tải XLSX").click()
    book = zipfile.ZipFile(io.BytesIO(Path(waiting.value.path()).read_bytes()))
    sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "Đối chiếu bản gốc: năm 2023 là đúng." in sheet
    assert "21/2023/NQ-HĐND" in sheet
    follow(page.get_by_role("link", name="Bản in"))
    assert page.url.endswith("/report?state=confirmed")
    window.check()
    printed = printed_text(page)
    for words in ("21/2023/NQ-HĐND", "2023", "2024", "năm 2023 là đúng", "1 / "):
        assert words in printed, words
    assert re.search(r"[0-9a-f]{20}", printed), "the hashes"
    assert "Trang chủ" not in printed, "the bar is not printed"
    window.context.close()


def printed_text(page: Page) -> str:
    import pypdfium2

    document = pypdfium2.PdfDocument(page.pdf(prefer_css_page_size=True))
    width, height = document[0].get_size()
    assert (round(width), round(height)) == (595, 842), "A4"
    text = "\n".join(sheet.get_textpage().get_text_bounded() for sheet in document)
    document.close()
    return text


def test_everything_without_javascript(browser: Browser, served: Served) -> None:
    window = Watched(browser, served.address, java_script_enabled=False)
    page = window.page
    page.goto(f"{served.address}{K.lstrip('/')}/sign-in")
    page.fill("#login", "binh")
    page.fill("#password", PASSWORD)
    follow(page.locator("form.sheet-form button"))
    follow(page.locator(".finding-card h3 a").first)
    page.fill("#note", "không có căn cứ")
    follow(page.locator('button[value="dismissed"]'))
    page.locator(".good-note").wait_for()
    page.select_option("#assignee", label="Lê Thị Chủ")
    follow(page.locator("form:has(#assignee) button"))
    page.locator(".history", has_text="giao cho Lê Thị Chủ").wait_for()
    page.locator("#cases summary").click()
    page.fill("#case-name", "Hồ sơ thử")
    follow(page.locator("form:has(#case-name) button"))
    assert page.url.endswith(f"{K}/case/1")
    page.fill("#sought", "36/KH-UBND")
    enter(page.locator("#sought"))
    page.locator(".offered input[type=checkbox]").first.check()
    follow(page.locator(".offered button"))
    page.locator(".log", has_text="Trần Văn Bình đưa vào").first.wait_for()
    assert not window.faults
    kinds = [d.kind for d in read_decisions(served.db.with_name("review.db"))]
    assert kinds == ["dismissed", "assigned"]
    window.context.close()


def test_two_reviewers_at_once(browser: Browser, served: Served) -> None:
    chief, other = Watched(browser, served.address), Watched(browser, served.address)
    chief.page.goto(served.link)
    by_password(other)
    path = urlsplit(to_a_date_conflict(chief).url).path
    other.open(path)
    other.page.fill("#note", "hai văn bản khác nhau")
    other.page.keyboard.press("Escape")
    press_on(other.page, "b")
    assert "done=" in other.page.url
    chief.page.fill("#note", "một văn bản, ghi nhầm năm")
    follow(chief.page.locator('button[value="confirmed"]'))
    alert = chief.page.locator(".alert")
    alert.wait_for()
    for words in ("người khác đã ghi trước", "Trần Văn Bình", "hai văn bản khác nhau"):
        assert words in alert.inner_text()
    assert chief.page.input_value("#note") == "một văn bản, ghi nhầm năm"
    follow(chief.page.locator('button[value="confirmed"]'))
    assert "done=" in chief.page.url
    assert [d.kind for d in read_decisions(served.db.with_name("review.db"))] == ["dismissed", "confirmed"]
    assert [fault for fault in chief.faults if "409" not in fault] == []
    for window in (chief, other):
        window.context.close()


def test_keys_can_be_switched_off(browser: Browser, served: Served) -> None:
    window = Watched(browser, served.address)
    window.page.goto(served.link)
    page = to_a_date_conflict(window)
    page.locator("#keys").uncheck()
    page.keyboard.press("Escape")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("x")
    page.reload()
    assert not page.locator("#keys").is_checked()
    page.keyboard.press("b")
    assert page.locator("form[data-sent]").count() == 0, "no form is on its way"
    assert read_decisions(served.db.with_name("review.db")) == ()
    window.context.close()


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_of_review_fits_its_window(browser: Browser, served: Served, width: int, scheme: str) -> None:
    window = Watched(browser, served.address, width, color_scheme=scheme)
    page = window.page
    page.goto(served.link)
    finding = urlsplit(to_a_date_conflict(window).url).path
    page.locator("#cases summary").click()
    page.fill("#case-name", "Một hồ sơ có cái tên rất dài, dài hơn một dòng của màn hình hẹp, để xem nó xuống dòng")
    follow(page.locator("form:has(#case-name) button"))
    assert page.url.endswith(f"{K}/case/1")
    paths = [
        *(f"{K}/findings?state=open", f"{finding}?severity=error", f"{K}/cases", f"{K}/case/1?q=ke%20hoach"),
        *(f"{K}/findings/report?case=1", f"{K}/sign-in", "/", "/plans/findings"),
    ]
    for path in paths:
        for language in ("vi", "en"):
            window.open(f"{path}{'&' if '?' in path else '?'}lang={language}")
            assert page.locator("h1").count() == 1, path
            nameless = page.evaluate(
                """() => [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea')]
                .filter((e) => !(e.textContent.trim() || e.getAttribute('aria-label') || (e.labels && e.labels.length)
                    || e.title)).map((e) => e.outerHTML.slice(0, 120))"""
            )
            assert nameless == [], path
            doubled = page.evaluate(
                """() => { const seen = new Set(), out = []; for (const e of document.querySelectorAll('[id]')) {
                if (seen.has(e.id)) out.push(e.id); seen.add(e.id); } return out; }"""
            )
            assert doubled == [], path
            # The bar is one row of things that do not lie on each other.
            overlap = page.evaluate(
                """() => { const boxes = [...document.querySelectorAll('.bar-in > *')].map((e) => [e,
                e.getBoundingClientRect()]).filter(([e, r]) => r.width > 0 && getComputedStyle(e).display !== 'none');
                const out = []; for (const [a, r] of boxes) for (const [b, s] of boxes) if (a !== b && r.left <
                s.right - 1 && s.left < r.right - 1 && r.top < s.bottom - 1 && s.top < r.bottom - 1) out.push(
                a.className + ' lies on ' + b.className); return out; }"""
            )
            assert overlap == [], path
    window.context.close()

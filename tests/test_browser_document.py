"""Reading in a real Chromium: pictures and text in step, from a commune's plan up to the centre and down again.

Over the sample corpus, and over the seeds and those binary files of the shared corpus that need no OCR.
"""

from __future__ import annotations

import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.browsing import K, Watched, enter, follow, press_on, until
from tests.serving import served
from tests.test_browser import WIDTHS

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.needs("chromium", "fonts")
LEVELS = ("commune", "district", "province", "central")


@pytest.fixture(scope="module")
def shared_database(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database of the shared seeds and of the binary files that hold their text."""
    from corpus.build import build

    folder = tmp_path_factory.mktemp("shared")
    files = folder / "in"
    files.mkdir()
    for path in sorted([*(shared / "corpus" / "seeds").iterdir(), *(shared / "corpus" / "binary").iterdir()]):
        if path.suffix in (".txt", ".docx", ".htm") or (path.suffix == ".pdf" and holds_text(path)):
            shutil.copy(path, files / path.name)
    build([files], folder / "plans.db")
    return folder / "plans.db"


def holds_text(path: Path) -> bool:
    """Whether every page of a PDF can be read without OCR, by the number of its letters."""
    import pypdfium2

    with pypdfium2.PdfDocument(path) as document:
        return all(len(page.get_textpage().get_text_bounded()) > 200 for page in document)


@pytest.fixture(scope="module")
def shared_server(shared_database: Path) -> Iterator[str]:
    with served(shared_database) as address:
        yield address


@contextmanager
def opened(browser: Browser, address: str, width: int = 1280, **options: object) -> Iterator[Watched]:
    window = Watched(browser, address, width, **options)
    try:
        yield window
    finally:
        window.context.close()


def by_code(database: Path, code: str, level: str) -> str:
    """The address of the page of a document."""
    with sqlite3.connect(database) as connection:
        ((ident,),) = connection.execute(
            "select id from documents where code = ? and issuer_level = ? limit 1", (code, level)
        ).fetchall()
    return f"{K}/document/{ident}"


@pytest.fixture
def window(browser: Browser, server: str) -> Iterator[Watched]:
    with opened(browser, server) as window:
        yield window


@pytest.fixture
def plan(database: Path) -> str:
    return by_code(database, "36/KH-UBND", "province")


def drawn(page: Page) -> None:
    """Waits until the first picture is there."""
    page.locator(".scan-page img").first.wait_for()
    until(page, "document.querySelector('.scan-page img').naturalWidth > 500")


# Pictures and text


def test_the_picture_is_drawn_and_a_box_on_it_opens_its_fact(window: Watched, plan: str) -> None:
    page = window.open(plan)
    drawn(page)
    box = page.locator(".bx-citation").first
    fact = str(box.get_attribute("data-f"))
    follow(box.locator("rect").first)
    card = page.locator(f"[id='c-{fact}']")
    card.wait_for()
    assert page.url.endswith(f"#c-{fact}")
    assert page.locator("a.m.lit").first.get_attribute("data-f").split()[0] == fact  # type: ignore[union-attr]
    assert "lit" in str(box.get_attribute("class"))
    assert card.locator(".target a").first.is_visible()
    assert "plans/citations/" in str(card.get_by_role("link", name="Dòng dữ liệu").get_attribute("href"))
    window.check()


def test_the_boxes_lie_over_the_words(window: Watched, plan: str) -> None:
    page = window.open(plan)
    drawn(page)
    frames = page.evaluate(
        """() => [...document.querySelectorAll('.scan-page')]
        .map((e) => [e.querySelector('img'), e.querySelector('svg')]
        .filter(Boolean).map((x) => { const r = x.getBoundingClientRect(); return [r.x, r.y, r.width, r.height]; }))"""
    )
    assert len(frames) == 4
    for picture, boxes in frames:
        assert all(abs(one - other) <= 1 for one, other in zip(picture, boxes, strict=True))


IN_VIEW = """([selector, frame]) => { const e = document.querySelector(selector).getBoundingClientRect();
    const f = frame ? document.querySelector(frame).getBoundingClientRect() : {top: 0, bottom: innerHeight};
    return e.top < f.bottom && e.bottom > f.top; }"""


def comes_into_view(page: Page, selector: str, frame: str = "") -> None:
    """Waits until a part of this is seen in the frame, or in the window; pages scroll in their own time."""
    until(page, IN_VIEW, [selector, frame])


def test_the_pictures_follow_the_text_and_the_text_the_pictures(window: Watched, plan: str) -> None:
    page = window.open(plan)
    drawn(page)
    page.locator("#p-3").evaluate("e => window.scrollTo(0, e.getBoundingClientRect().top + scrollY - 200)")
    until(page, "document.getElementById('scans').scrollTop > 900")
    comes_into_view(page, "#i-3", "#scans")
    assert not page.evaluate(IN_VIEW, ["#i-1", "#scans"])
    page.locator("#scans").hover()
    before = page.evaluate("scrollY")
    page.mouse.wheel(0, -5000)
    until(page, f"scrollY < {before} - 500")
    comes_into_view(page, "#i-1", "#scans")
    until(page, "document.getElementById('p-2').getBoundingClientRect().top > 400")
    window.check()


@pytest.mark.parametrize("anchor", ["f", "b", "c"])
def test_a_permalink_to_a_fact_shows_it_on_both_sides(window: Watched, plan: str, anchor: str) -> None:
    page = window.open(plan)
    fact = str(page.locator("#i-3 .bx-deadline[id]").first.get_attribute("data-f"))
    page = window.open(f"{plan}?again#{anchor}-{fact}")
    page.locator(f".bx.lit[data-f='{fact}']").first.wait_for()
    comes_into_view(page, f".bx[data-f='{fact}'] rect", "#scans")
    assert page.locator(f"#text a.m.lit[data-f~='{fact}']").count() > 0
    if anchor != "c":
        comes_into_view(page, f"#text a.m[data-f~='{fact}']")
    window.check()


def test_permalinks_to_pages(window: Watched, plan: str) -> None:
    page = window.open(f"{plan}#p-4")
    comes_into_view(page, "#p-4")
    page = window.open(f"{plan}?again#i-4")
    until(page, "document.getElementById('scans').scrollTop > 1500")
    comes_into_view(page, "#i-4", "#scans")
    comes_into_view(page, "#p-4")


def test_copying_gives_the_canonical_text(browser: Browser, server: str, database: Path, plan: str) -> None:
    with opened(browser, server, permissions=["clipboard-read", "clipboard-write"]) as window:
        page = window.open(plan)
        page.evaluate("getSelection().selectAllChildren(document.getElementById('text'))")
        page.keyboard.press("Control+c")
        copied = page.evaluate("navigator.clipboard.readText()")
        with sqlite3.connect(database) as connection:
            (text,) = connection.execute("select text from documents where id = ?", (plan.split("/")[-1],)).fetchone()
        assert copied == text


def test_kinds_are_switched_off_on_both_sides(window: Watched, plan: str) -> None:
    page = window.open(plan)
    assert page.locator(".bx-citation").first.is_visible()
    page.uncheck('.legend input[data-kind="citation"]')
    assert not page.locator(".bx-citation").first.is_visible()
    assert page.locator(".bx-deadline").first.is_visible()


def test_keys_go_to_hits_views_and_documents(window: Watched) -> None:
    page = window.open(f"{K}/search?q=nuoc+sach")
    found = page.locator(".hits h3 a")
    names = [found.nth(n).inner_text() for n in range(2)]
    follow(found.first)
    page.locator("#f-hit-1").wait_for(state="attached")
    seen = []
    for _ in range(3):
        page.keyboard.press("n")
        seen.append(page.evaluate("document.activeElement.dataset.f"))
    assert [re.findall(r"hit-\d+", fact)[0] for fact in seen] == ["hit-1", "hit-2", "hit-3"]
    press_on(page, "j")
    assert page.url.endswith("hit=2")
    assert page.inner_text("h1") == names[1]
    press_on(page, "k")
    assert page.url.endswith("hit=1")
    assert page.inner_text("h1") == names[0]
    window.check()


def test_the_key_v_changes_the_view(window: Watched, plan: str) -> None:
    page = window.open(plan)
    press_on(page, "v")
    assert page.url.endswith("view=text")
    assert page.locator("img").count() == 0
    press_on(page, "v")
    assert page.url.endswith("view=image")
    assert not page.locator("#text").is_visible()
    window.check()


def test_reading_without_scripts(browser: Browser, server: str, plan: str) -> None:
    with opened(browser, server, java_script_enabled=False) as window:
        page = window.page
        page.goto(server.rstrip("/") + plan)
        assert page.locator(".scan-page img").count() == 4
        follow(page.locator("#i-1 figcaption a", has_text="sang chữ"))
        assert page.url.endswith("#p-1")
        follow(page.locator(".view-switch a", has_text="Chỉ chữ"))
        assert page.locator("img").count() == 0
        follow(page.locator("#text a.m-citation").first)
        assert page.locator(".card:target").is_visible()
        page.goto(server.rstrip("/") + plan + "/coverage")
        follow(page.locator(".tile-list a").first)
        assert page.locator("tr:target").is_visible()
        assert not window.faults


def test_a_finding_shows_both_passages_on_their_pages(window: Watched, database: Path) -> None:
    with sqlite3.connect(database) as connection:
        ((finding,),) = connection.execute(
            """select e.finding from finding_evidence e join findings f on f.id = e.finding
            join documents d on d.id = e.document where f.rule = 'citation-date-conflict' group by 1
            having count(*) = 2 and min(d.media_type = 'application/pdf') limit 1"""
        ).fetchall()
    page = window.open(f"{K}/finding/{finding}")
    assert page.locator("article.side .strip svg rect").count() >= 2
    box = page.locator(".strip svg").nth(1).bounding_box()
    assert box is not None
    assert box["height"] > 80
    follow(page.locator(".strip").nth(1))
    page.locator(".bx.lit").first.wait_for()
    page.locator("a.m.lit").first.wait_for()
    window.check()


# From a commune up to the centre and down to those who carry it out


def test_story_on_the_sample_corpus(window: Watched, database: Path) -> None:
    page = window.open(by_code(database, "18/KH-UBND", "commune"))
    drawn(page)
    assert "UBND xã Khe Mây" in page.inner_text("h1")
    follow(page.get_by_role("link", name="Lược đồ"))
    page.locator(".rel-implements li a", has_text="52/KH-UBND").first.wait_for()
    window.check()
    follow(page.locator(".rel-implements a", has_text="đối chiếu").first)
    assert "/compare/" in page.url
    assert page.locator(".al-changed, .al-same").count() > 0
    window.check()
    follow(page.get_by_role("link", name="Chuỗi thực hiện"))
    follow(page.locator("svg.chain-svg a.node", has_text="2418/QĐ-TTg"))
    assert f"{K}/document/" in page.url
    assert "2418/QĐ-TTg" in page.inner_text("h1")
    drawn(page)
    follow(page.get_by_role("link", name="Chuỗi thực hiện"))
    page.locator("svg.chain-svg a.node", has_text="UBND xã Khe Mây").wait_for()
    follow(page.get_by_role("link", name="Đơn vị nào triển khai"))
    follow(page.locator("tbody tr", has_text="Lam Kha").locator("td a").first)
    page.locator("tbody tr", has_text="Đan Lĩnh").first.wait_for()
    window.check()
    follow(page.locator("tbody tr", has_text="Đan Lĩnh").locator("td a").first)
    row = page.locator("tbody tr", has_text="Khe Mây")
    assert "có văn bản thực hiện" in row.inner_text()
    follow(row.locator("a", has_text="18/KH-UBND"))
    page.locator("h1", has_text="18/KH-UBND").wait_for()
    window.check()


def lowest_below_the_centre(database: Path) -> tuple[str, str]:
    """A document of the lowest level whose chain reaches a work of the centre that is only cited, and that work."""
    with sqlite3.connect(database) as connection:
        rows = connection.execute(
            """select d.issuer_level, d.id, w.id from chains c join documents d on d.id = c.document
            join works w on w.id = c.work where w.issuer_level = 'central' and w.document is null and d.issuer_level in
            ('commune', 'district', 'province') order by c.relation = 'implements' desc, d.id, c.hop"""
        ).fetchall()
    assert rows
    _, document, work = min(rows, key=lambda row: LEVELS.index(row[0]))
    return document, work


def test_story_on_the_shared_corpus(browser: Browser, shared_server: str, shared_database: Path) -> None:
    document, work = lowest_below_the_centre(shared_database)
    with opened(browser, shared_server) as window:
        page = window.open(f"{K}/document/{document}")
        heading = page.inner_text("h1")
        follow(page.get_by_role("link", name="Chuỗi thực hiện"))
        page.locator("svg.chain-svg a.node").first.wait_for()
        window.check()
        above = page.locator(".as-list section", has=page.locator("#up"))
        follow(above.locator(f'a[href="{K}/work/{work}"]').first)
        assert page.url.endswith(f"/work/{work}")
        assert page.locator("table.list a", has_text=heading).count() > 0
        window.check()
        enter(page.locator("table.list a:has(q)").first)
        page.locator("a.m.lit").first.wait_for()
        window.check()


def test_down_from_a_work_of_the_centre_on_the_shared_corpus(
    browser: Browser, shared_server: str, shared_database: Path
) -> None:
    with sqlite3.connect(shared_database) as connection:
        work, document = connection.execute(
            """select e.target, s.document from edges e join works t on t.id = e.target join works s on s.id = e.source
            where e.relation = 'implements' and t.issuer_level = 'central' and s.document is not null limit 1"""
        ).fetchone()
    with opened(browser, shared_server) as window:
        page = window.open(f"{K}/work/{work}")
        follow(page.locator(".actions a", has_text="Văn bản thực hiện"))
        assert page.url.endswith("/chain")
        window.check()
        below = page.locator(".as-list section", has=page.locator("#down"))
        follow(below.locator(f'a[href="{K}/document/{document}"]').first)
        page.locator("#text").wait_for()
        assert page.url.endswith(document)
        window.check()
        page.goto(shared_server.rstrip("/") + f"{K}/work/{work}/coverage")
        assert page.locator(f'tbody a[href="{K}/document/{document}"]').count() == 1
        assert page.locator("svg a.tile-carries").count() == 1
        window.check()


def test_every_pdf_of_the_shared_corpus_is_shown_beside_its_text(
    browser: Browser, shared_server: str, shared_database: Path
) -> None:
    with sqlite3.connect(shared_database) as connection:
        idents = [row[0] for row in connection.execute("select id from documents where media_type = 'application/pdf'")]
    assert len(idents) >= 4
    with opened(browser, shared_server) as window:
        for ident in idents:
            page = window.open(f"{K}/document/{ident}")
            drawn(page)
            assert page.locator(".bx").count() > 0
            for kind in ("relations", "chain"):
                window.open(f"{K}/document/{ident}/{kind}")


# Widths, schemes, names


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_fit_their_window(
    browser: Browser, server: str, database: Path, plan: str, width: int, scheme: str
) -> None:
    below = by_code(database, "52/KH-UBND", "district")
    centre = by_code(database, "2418/QĐ-TTg", "central")
    paths = [
        plan, f"{plan}?view=image", f"{plan}?q=nuoc+sach&hit=1", f"{plan}/coverage", f"{plan}/coverage?level=commune",
        f"{centre}/coverage", f"{centre}/coverage?as_of=now", f"{below}/compare/{plan.split('/')[-1]}",
    ]  # fmt: skip
    with opened(browser, server, width, color_scheme=scheme) as window:
        for path in paths:
            for language in ("vi", "en"):
                page = window.open(f"{path}{'&' if '?' in path else '?'}lang={language}")
                assert page.locator("h1").count() == 1
                doubled = page.evaluate(
                    """() => { const seen = new Set(), out = [];
                    for (const e of document.querySelectorAll('[id]')) { if (seen.has(e.id)) out.push(e.id);
                    seen.add(e.id); } return out; }"""
                )
                assert doubled == [], path

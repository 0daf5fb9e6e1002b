"""An auditor's ways through real documents: the seeds and a few binary files of the shared corpus, scans among them.

The binary files are those that the ways need: a commune's plan and guidance, the resolution that both follow, and a
scan of a province's directive. The only date that two documents of the shared corpus give differently stands in two
seeds, which are text and have no pages; printed on paper they have, and the conflict is seen on the page images.
"""

from __future__ import annotations

import io
import re
import shutil
import sqlite3
import zipfile
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from corpus.build import build
from corpus.review import read_decisions
from tests.browsing import K, Watched, enter, follow, press_on
from tests.patience import SECONDS
from tests.serving import reviewed, served
from tests.test_browser_document import drawn, opened

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

pytestmark = pytest.mark.needs("chromium", "fonts", "tesseract", "soffice")
COMMUNE_PLAN, GUIDANCE, RESOLUTION, SCAN = "040.docx", "031.docx", "032.doc", "088.pdf"
AT_ODDS = ("000_", "003_")
"""How the names of the two seeds begin that give one decision two dates."""
REVIEWER = "Nguyễn Thị An"


@pytest.fixture(scope="module")
def database(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The seeds and the binary files that the ways go through."""
    folder = tmp_path_factory.mktemp("stories")
    files = folder / "in"
    files.mkdir()
    binary = [shared / "corpus" / "binary" / name for name in (COMMUNE_PLAN, GUIDANCE, RESOLUTION, SCAN)]
    for path in (*(shared / "corpus" / "seeds").iterdir(), *binary):
        shutil.copy(path, files / path.name)
    build([files], folder / "plans.db")
    return folder / "plans.db"


@pytest.fixture(scope="module")
def server(database: Path) -> Iterator[str]:
    with served(database) as address:
        yield address


def of_file(database: Path, name: str) -> str:
    """The id of the document in a file."""
    with sqlite3.connect(database) as connection:
        ((ident,),) = connection.execute(
            "select d.id from documents d join files f on f.document = d.id where f.path like ?",
            (f"%/{name}",),
        ).fetchall()
    return str(ident)


def test_up_from_a_communes_plan_and_down_to_who_follows(browser: Browser, server: str, database: Path) -> None:
    plan = of_file(database, COMMUNE_PLAN)
    guidance = of_file(database, GUIDANCE)
    resolution = of_file(database, RESOLUTION)
    with opened(browser, server) as window:
        page = window.open("/")
        page.fill("#q", "bac cam ranh")
        enter(page.locator("#q"))
        follow(page.locator(f'.hits h3 a[href*="{plan}"]'))
        page.locator("#text a.m-citation").first.wait_for()
        assert page.locator("#scans").count() == 0, "a DOCX has no pages"
        window.check()
        follow(page.get_by_role("link", name="Chuỗi thực hiện"))
        page.locator("svg.chain-svg a.node", has_text="203/2025/QH15").wait_for()
        follow(page.locator("svg.chain-svg a.node", has_text="101/2025/UBTVQH15"))
        assert page.url.endswith(f"/document/{resolution}")
        assert "101/2025/UBTVQH15" in page.inner_text("h1")
        window.check()
        follow(page.get_by_role("link", name="Lược đồ"))
        followers = page.locator(".side-in .box")
        assert followers.locator(f'a[href="{K}/document/{plan}"]').count() == 1
        assert followers.locator(f'a[href="{K}/document/{guidance}"]').count() >= 1
        window.check()
        box = page.locator(".side-in .rel-guided_by li", has=page.locator(f'a[href="{K}/document/{plan}"]'))
        follow(box.get_by_role("link", name="nguyên văn"))
        assert f"/document/{plan}#" in page.url
        page.locator("#text a.m.lit").first.wait_for()
        window.check()


def test_down_from_a_decision_of_the_centre_to_the_scan_that_carries_it_out(
    browser: Browser, server: str, database: Path
) -> None:
    scan = of_file(database, SCAN)
    with opened(browser, server) as window:
        page = window.open("/")
        page.fill("#q", "2345/qd-ttg")
        enter(page.locator("#q"))
        follow(page.locator("section[aria-labelledby=works] a", has_text="2345/QĐ-TTg"))
        follow(page.locator(".actions a", has_text="Văn bản thực hiện"))
        below = page.locator(".as-list section", has=page.locator("#down"))
        below.locator("li", has=page.locator(f'a[href="{K}/document/{scan}"]')).first.wait_for()
        window.check()
        follow(below.get_by_role("link", name="bằng chứng").first)
        assert f"/document/{scan}#" in page.url
        drawn(page)
        page.locator(".bx.lit").first.wait_for()
        page.locator("#text a.m.lit").first.wait_for()
        assert "nhận dạng chữ từ ảnh" in page.inner_text("#i-1 figcaption")
        window.check()


def to_the_conflict(window: Watched) -> Page:
    """From the home page by links alone to the conflict of two dates."""
    page = window.open("/")
    follow(page.locator("main .first a", has_text=re.compile("được viện dẫn với các ngày")).first)
    assert f"{K}/finding/" in page.url
    window.check()
    return page


def confirm_and_export(window: Watched, db: Path, note: str) -> None:
    """Confirms the finding that is shown by keys, and takes both exports of what was worked."""
    page = window.page
    page.keyboard.press("g")
    page.keyboard.type(note)
    page.keyboard.press("Escape")
    press_on(page, "x")
    assert "done=" in page.url
    window.check()
    assert REVIEWER in page.inner_text(".history")
    assert [(d.who, d.kind, d.note) for d in read_decisions(db.with_name("review.db"))] == [
        (REVIEWER, "confirmed", note)
    ]
    window.open(f"{K}/findings?state=confirmed")
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Tải XLSX").click()
    sheet = zipfile.ZipFile(io.BytesIO(Path(waiting.value.path()).read_bytes())).read("xl/worksheets/sheet1.xml")
    assert note in sheet.decode()
    assert "1277/QĐ-UBND" in sheet.decode()
    follow(page.get_by_role("link", name="Bản in"))
    assert page.url.endswith("/report?state=confirmed")
    said = page.inner_text("main")
    for words in ("01/4/2023", "01/4/2024", note, REVIEWER):
        assert words in said, words
    assert len(re.findall(r"\b[0-9a-f]{64}\b", said)) >= 2, "the hashes of both documents"
    window.check()


def sides_of(page: Page) -> list[Locator]:
    """The two sides of the finding, each with its passage marked and in it what the other has not."""
    sides = page.locator("article.side").all()
    assert len(sides) == 2
    differing = {text for side in sides for text in side.locator(".passage a.m-diff").all_inner_texts()}
    assert {"2023", "2024"} <= differing
    for side in sides:
        mark = side.locator(".passage a.m-finding").first
        assert mark.evaluate(
            """mark => { const own = mark.getBoundingClientRect(),
            frame = mark.closest('.passage').getBoundingClientRect();
            return own.top >= frame.top && own.top < frame.bottom; }"""
        ), "the words are in sight without scrolling their frame"
    return sides


def test_from_home_to_the_conflict_of_two_seeds_decided_and_exported(
    browser: Browser, database: Path, tmp_path: Path
) -> None:
    db = tmp_path / "plans.db"
    shutil.copy(database, db)
    with reviewed(db, REVIEWER) as (address, link):
        window = Watched(browser, address)
        window.page.goto(link)
        sides_of(to_the_conflict(window))
        confirm_and_export(window, db, "Bản gốc ghi năm 2024.")
        window.context.close()


def print_on_paper(browser: Browser, text: Path, pdf: Path) -> None:
    """The file's text as a PDF of A4 pages, line by line."""
    page = browser.new_page()
    page.set_default_timeout(SECONDS * 1000)
    lines = "".join(f"<p>{escape(line)}</p>" for line in text.read_text(encoding="utf-8").splitlines())
    page.set_content(
        f'<meta charset="utf-8"><style>p {{ font: 13pt "Liberation Serif"; margin: 0 0 4pt }}</style>{lines}'
    )
    page.pdf(path=pdf, format="A4", margin={"top": "2cm", "bottom": "2cm", "left": "2cm", "right": "2cm"})
    page.close()


def test_the_conflict_on_both_page_images_decided_and_exported(browser: Browser, shared: Path, tmp_path: Path) -> None:
    files, db = tmp_path / "in", tmp_path / "plans.db"
    files.mkdir()
    for path in sorted((shared / "corpus" / "seeds").iterdir()):
        if path.name.startswith(AT_ODDS):
            print_on_paper(browser, path, files / f"{path.stem}.pdf")
        else:
            shutil.copy(path, files / path.name)
    build([files], db)
    with reviewed(db, REVIEWER) as (address, link):
        window = Watched(browser, address)
        window.page.goto(link)
        page = to_the_conflict(window)
        for side in sides_of(page):
            assert side.locator("a.strip image").is_visible(), "the passage on the picture of its page"
            assert side.locator("a.strip svg rect").count() > 0, "its words are framed there"
        confirm_and_export(window, db, "Đối chiếu trang in: năm 2024.")
        window.open(f"{K}/findings?state=confirmed")
        follow(page.locator(".finding-card h3 a").first)
        follow(page.locator("a.strip").nth(1))
        drawn(page)
        page.locator(".bx.lit").first.wait_for()
        window.check()
        window.context.close()

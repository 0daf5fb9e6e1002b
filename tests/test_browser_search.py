"""Finding a document in the browser: by words without accents, by code, by issuer and year."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.browsing import K, Watched, enter, follow
from tests.serving import served

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.needs("chromium", "fonts")


def hits(window: Watched) -> list[str]:
    """The names of the documents that the page of search shows."""
    window.page.locator("h2#hits").wait_for()
    window.check()
    return window.page.locator(".hits h3").all_inner_texts()


def test_words_without_accents_find_those_with_accents_and_mark_them(window: Watched) -> None:
    page = window.open("/")
    page.fill("#q", "giu gin nguon nuoc")
    enter(page.locator("#q"))
    found = hits(window)
    assert found
    assert "61/KH-UBND ngày 20/5/2024" in found[0]
    marked = {text.lower() for text in page.locator(".hits li").first.locator("mark").all_inner_texts()}
    assert {"giữ", "gìn", "nguồn", "nước"} <= {word for text in marked for word in text.split()}
    follow(page.locator(".hits h3 a").first)
    assert "giữ gìn nguồn nước" in page.inner_text(".abstract")


def test_d_finds_đ(window: Watched) -> None:
    window.open(f"{K}/search?q=dan+linh")
    assert any("Đan Lĩnh" in name for name in hits(window))


@pytest.mark.parametrize("typed", ["1218/QĐ-UBND", "1218/qd-ubnd", "1218"])
def test_a_code_leads_to_its_document_and_its_work(window: Watched, typed: str) -> None:
    page = window.open("/")
    page.fill("#q", typed)
    enter(page.locator("#q"))
    assert any("1218/QĐ-UBND" in name for name in hits(window))
    follow(page.locator("section[aria-labelledby=works] a", has_text="1218/QĐ-UBND").first)
    assert "1218/QĐ-UBND" in page.inner_text("h1")
    window.check()


def test_part_of_an_issuer_and_a_year_are_enough(window: Watched) -> None:
    page = window.open(f"{K}/search")
    page.fill("input[name=issuer]", "huyen lung nga")
    page.select_option("select[name=year]", "2024")
    follow(page.locator(".search-big button[type=submit]"))
    found = hits(window)
    assert len(found) == 2
    assert all("UBND huyện Lũng Ngà" in name and "2024" in name for name in found)
    page.select_option("select[name=year]", "2025")
    follow(page.locator(".search-big button[type=submit]"))
    assert not any("2024" in name for name in hits(window))


def test_words_issuer_and_year_together_and_away_again(window: Watched) -> None:
    page = window.open(f"{K}/search?q=nuoc+sach&issuer=ubnd+tinh&year=2024")
    narrow = hits(window)
    assert narrow
    assert all("UBND tỉnh Lam Kha" in name for name in narrow)
    assert page.input_value("input[name=issuer]") == "ubnd tinh"
    follow(page.locator("h2#hits a.clear"))
    assert len(hits(window)) > len(narrow)


def test_what_is_nowhere_says_what_to_do(window: Watched) -> None:
    page = window.open(f"{K}/search?q=khongcotunay")
    assert hits(window) == []
    assert "Thử bớt từ" in page.inner_text("main")


def test_it_works_without_a_script(browser: Browser, server: str) -> None:
    window = Watched(browser, server, java_script_enabled=False)
    page = window.page
    page.goto(f"{server}{K.lstrip('/')}/search")
    page.fill("input[name=issuer]", "suoi nga")
    page.fill("#q", "nuoc sach")
    enter(page.locator("#q"))
    assert re.search(r"UBND xã Suối Ngà", page.inner_text(".hits h3"))
    assert not window.faults
    window.context.close()


@pytest.fixture(scope="module")
def plans_of_shared(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server over the seeds and the word-processed files of the shared corpus."""
    from corpus.build import build

    binary = shared / "corpus" / "binary"
    files = [*(shared / "corpus" / "seeds").glob("*.txt"), *binary.glob("*.docx"), *binary.glob("*.htm")]
    assert len(files) > 15
    path = tmp_path_factory.mktemp("shared") / "plans.db"
    build(sorted(files), path)
    with served(path) as address:
        yield address


@pytest.mark.parametrize(
    "query, least, name",
    [
        pytest.param("q=giam+ngheo+ve+thong+tin", 4, "67/KH-UBND", id="words-without-accents"),
        pytest.param("q=146%2Fkh-ubnd", 1, "146/KH-UBND", id="code"),
        pytest.param("q=67", 1, "67/KH-UBND", id="number-alone"),
        pytest.param("issuer=huu+lung&year=2023", 1, "UBND huyện Hữu Lũng", id="issuer-and-year"),
        pytest.param("q=tiep+cong+dan&issuer=luong+minh", 2, "xã Lương Minh", id="words-and-issuer"),
    ],
)
def test_the_plans_of_the_shared_corpus_are_found(
    browser: Browser, plans_of_shared: str, query: str, least: int, name: str
) -> None:
    window = Watched(browser, plans_of_shared)
    window.open(f"{K}/search?{query}")
    found = hits(window)
    assert len(found) >= least
    assert any(name in title for title in found)
    follow(window.page.locator(".hits h3 a", has_text=name).first)
    assert name in window.page.inner_text("h1")
    window.check()
    window.context.close()

"""Takes the pictures of the README: serves the sample corpus and photographs its pages in Chromium.

.venv/bin/python docs/img/take.py
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image
from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from playwright.sync_api import Page

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
K = "-/kehoach"
COLOURS = 128


def picture(page: Page, name: str) -> None:
    """Writes ``<name>.png`` of what the window shows, with few colours so that it stays small."""
    path = HERE / f"{name}.png"
    page.screenshot(path=path)
    Image.open(path).convert("P", palette=Image.Palette.ADAPTIVE, colors=COLOURS).save(path, optimize=True)


def take(page: Page, address: str) -> None:
    """Goes through the pages and takes a picture of each."""
    for language in ("vi", "en"):
        page.goto(f"{address}?lang={language}")
        picture(page, f"home-{language}")
    page.goto(f"{address}{K}/search?q=52/KH-UBND&level=district&lang=vi")
    page.goto(address.rstrip("/") + str(page.locator(".hits h3 a").first.get_attribute("href")))
    document = page.url.split("?")[0]
    page.goto(f"{document}/relations")
    picture(page, "relations-vi")
    page.goto(f"{document}/chain")
    picture(page, "chain-vi")
    page.goto(f"{document}/coverage")
    picture(page, "coverage-vi")
    page.goto(f"{document}/chain")
    page.goto(address.rstrip("/") + str(page.locator('.as-list a[href*="/compare/"]').first.get_attribute("href")))
    picture(page, "compare-vi")
    page.goto(document)
    page.locator("#scans img").first.wait_for()
    page.locator("#text a.m-budget").first.click()
    page.locator("#text a.m-budget").first.scroll_into_view_if_needed()
    page.wait_for_load_state("networkidle")
    picture(page, "document-vi")
    for language in ("vi", "en"):
        page.goto(f"{address}{K}/findings?rule=citation-date-conflict&lang={language}")
        page.goto(address.rstrip("/") + str(page.locator(".finding-card h3 a").first.get_attribute("href")))
        picture(page, f"finding-{language}")
    for name in ("findings", "graph", "money"):
        page.goto(f"{address}{K}/{name}?lang=vi")
        picture(page, f"{name}-vi")
    page.goto(f"{address}{K}/search?q=nuoc+sach&lang=vi")
    picture(page, "search-vi")


def main() -> None:
    """Builds, serves, photographs, stops."""
    from corpus.samples.database import build_samples

    with tempfile.TemporaryDirectory() as folder:
        db = Path(folder) / "plans.db"
        build_samples(db)
        command = [sys.executable, "-m", "kehoach", "serve", str(db), "--port", "0"]
        server = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        try:
            assert server.stdout is not None
            found = re.search(r"http://\S+", server.stdout.readline())
            assert found is not None
            with sync_playwright() as play:
                chromium = os.environ.get("CHROMIUM", "/usr/bin/chromium")
                args = ["--no-sandbox"] if os.geteuid() == 0 else []
                browser = play.chromium.launch(executable_path=chromium, args=args)
                take(browser.new_page(viewport={"width": 1280, "height": 860}), found.group())
                browser.close()
        finally:
            server.terminate()
            server.wait(15)


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    main()

"""Everyone can read the pages: axe on all that links lead to, the keyboard alone, no script, small windows, paper.

The pages are found by following links from the home page, a few of every kind (`tests/links.py`).
"""

from __future__ import annotations

import hashlib
import shutil
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.browsing import K, Watched, follow, press_on
from tests.links import kind, reachable
from tests.serving import reviewed

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.needs("chromium", "fonts"), pytest.mark.timeout(3600)]
AXE = Path(__file__).with_name("axe") / "axe.min.js"
AXE_SHA256 = "29348999450cdf2849a8e70b7912fc2da85a849da39c0d0d5394f51d4a9ed95c"
GRAVE = frozenset({"serious", "critical"})
ALWAYS = frozenset(
    {"heading-order", "page-has-heading-one", "landmark-one-main", "region", "skip-link", "landmark-unique"}
)
RUN = """() => axe.run(document, {resultTypes: ['violations']}).then((found) => found.violations.map(
    (rule) => ({rule: rule.id, impact: rule.impact, at: rule.nodes.map((node) => node.html.slice(0, 200))})))"""
HREFS = "(all) => all.map((link) => link.href).filter((href) => typeof href === 'string')"
PAPER = 680
"""The width of A4 without its margins, in CSS pixels."""


@pytest.fixture(scope="module")
def addresses(browser: Browser, server: str) -> list[str]:
    """What the links of the pages lead to, in Vietnamese."""
    window = Watched(browser, server)

    def links(address: str) -> list[str]:
        window.goto(address)
        found: list[str] = window.page.eval_on_selector_all("a[href]", HREFS)
        return found

    found = reachable(server, links)
    window.context.close()
    return found


def one_of_a_kind(addresses: list[str]) -> list[str]:
    return list({kind(address): address for address in reversed(addresses)}.values())


def violations(page: Page) -> list[dict[str, Any]]:
    """What axe finds on the page."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found: list[dict[str, Any]] = page.evaluate(RUN)
    return found


def is_fault(item: dict[str, Any]) -> bool:
    """Whether what axe found is grave, or one of the rules that every page keeps."""
    return item["impact"] in GRAVE or item["rule"] in ALWAYS


def test_axe_is_the_file_that_was_taken() -> None:
    assert hashlib.sha256(AXE.read_bytes()).hexdigest() == AXE_SHA256


def test_axe_finds_what_is_put_there(window: Watched) -> None:
    """Were axe blind here, all pages would pass."""
    page = window.open("/")
    page.evaluate(
        """() => { const main = document.querySelector('main');
        main.insertAdjacentHTML('beforeend', '<img src="data:,"><button></button><h5>words too pale</h5>');
        main.lastElementChild.style.cssText = 'color:#999;background:#aaa'; }"""
    )
    found = {item["rule"] for item in violations(page)}
    assert {"image-alt", "button-name", "color-contrast", "heading-order"} <= found


def test_links_lead_to_pages_of_every_kind(addresses: list[str], server: str) -> None:
    kinds = {kind(address).partition("?")[0] for address in addresses}
    named = ("findings", "search", "graph", "deadlines", "money", "build", "document/*", "work/*", "finding/*")
    assert {f"{K}/{name}" for name in named} <= kinds
    assert {"/", "/plans", "/plans/*", "/plans/*/*", f"{K}/document/*/chain"} <= kinds


@pytest.mark.parametrize("language, scheme, width", [("vi", "light", 1280), ("en", "dark", 390)])
def test_axe_finds_no_grave_fault_on_any_page(
    browser: Browser, addresses: list[str], server: str, language: str, scheme: str, width: int
) -> None:
    window = Watched(browser, server, width, color_scheme=scheme)
    window.open(f"/?lang={language}")
    faults = []
    for address in addresses:
        page = window.open(address.removeprefix(server))
        assert page.get_attribute("html", "lang") == language
        faults += [(address, item) for item in violations(page) if is_fault(item)]
    window.context.close()
    assert not faults


def test_axe_finds_no_grave_fault_on_the_pages_of_review(browser: Browser, database: Path, tmp_path: Path) -> None:
    own = tmp_path / "plans.db"
    shutil.copyfile(database, own)
    with reviewed(own, "Nguyễn Thị An") as (server, link):
        window = Watched(browser, server)
        page = window.page
        page.goto(f"{server}{K.lstrip('/')}/sign-in")
        faults = [(page.url, item) for item in violations(page) if is_fault(item)]
        page.goto(link)
        for button in page.locator("main form button[type=submit]").all()[:1]:
            follow(button)
        for path in ("cases", "findings", "findings/report"):
            page = window.open(f"{K}/{path}")
            faults += [(path, item) for item in violations(page) if is_fault(item)]
        page = window.open(f"{K}/findings")
        follow(page.locator(".finding-card h3 a").first)
        assert "Nguyễn Thị An" in page.inner_text("body")
        faults += [("finding", item) for item in violations(page) if is_fault(item)]
        window.context.close()
    assert not faults


def test_every_page_says_the_same_without_a_script(browser: Browser, addresses: list[str], server: str) -> None:
    plain = Watched(browser, server, java_script_enabled=False)
    scripted = Watched(browser, server)
    for address in one_of_a_kind(addresses):
        scripted.goto(address)
        plain.goto(address)
        # What moves the picture that the script draws has no place where no script runs.
        scripted.page.evaluate("document.querySelectorAll('.graph-tools').forEach((bar) => bar.remove())")
        wanted = set(scripted.page.locator("main").inner_text().split())
        read = set(plain.page.locator("main").inner_text().split())
        assert len(wanted - read) <= len(wanted) // 20, (address, sorted(wanted - read)[:20])
    assert not plain.faults
    plain.context.close()
    scripted.context.close()


@pytest.mark.parametrize("width", [320, 390, 860, 1280])
def test_no_page_is_wider_than_its_window(browser: Browser, addresses: list[str], server: str, width: int) -> None:
    window = Watched(browser, server, width)
    for address in one_of_a_kind(addresses):
        window.open(address.removeprefix(server))
    window.context.close()


def test_the_first_key_leads_past_the_bar(window: Watched) -> None:
    page = window.open(f"{K}/findings")
    page.keyboard.press("Tab")
    skip = page.locator("a.skip")
    assert skip.evaluate("(link) => link === document.activeElement")
    box = skip.bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["y"] >= 0
    press_on(page, "Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


SHOWN = """() => { const at = document.activeElement, own = getComputedStyle(at);
    const lines = (style) => style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
    const around = at.closest('form.find') && getComputedStyle(at.closest('form.find'));
    const shape = [...at.querySelectorAll('rect, circle')].some(
        (part) => parseFloat(getComputedStyle(part).strokeWidth) >= 2.5);
    const box = at.getBoundingClientRect();
    const bar = document.querySelector('header.bar'), under = bar && !at.closest('header.bar, .skip')
        && getComputedStyle(bar).position === 'sticky' && box.height
        && box.bottom <= bar.getBoundingClientRect().bottom;
    return {name: at.outerHTML.slice(0, 120), seen: lines(own) || Boolean(around && lines(around)) || Boolean(shape),
        under: Boolean(under), body: at === document.body, place: [...document.querySelectorAll('*')].indexOf(at)}; }"""


def test_the_keyboard_goes_in_the_order_of_the_page_and_its_place_is_seen(
    window: Watched, addresses: list[str], server: str
) -> None:
    for address in one_of_a_kind(addresses):
        page = window.open(address.removeprefix(server))
        last, before = -1, ""
        for _ in range(25):
            page.keyboard.press("Tab")
            stop = page.evaluate(SHOWN)
            if stop["body"] or (before and 'class="skip"' in stop["name"]):  # round to the first again
                break
            inside = stop["name"] == before and 'type="month"' in before  # the browser shows which part of the field
            assert stop["seen"] or inside, (address, stop)
            assert not stop["under"], (address, stop)
            assert stop["place"] > last or inside, (address, stop)
            last, before = stop["place"], stop["name"]


def test_pictures_have_names_and_their_links_too(window: Watched, addresses: list[str], server: str) -> None:
    for address in one_of_a_kind(addresses):
        page = window.open(address.removeprefix(server))
        nameless = page.evaluate(
            """() => [...document.querySelectorAll('svg')].filter((svg) => svg.getAttribute('aria-hidden') !== 'true'
            && !svg.getAttribute('aria-label') && !svg.getAttribute('aria-labelledby')
            && !(svg.querySelector(':scope > title'))).map((svg) => svg.outerHTML.slice(0, 120))"""
        )
        assert nameless == [], address
        silent = page.evaluate(
            """() => [...document.querySelectorAll('svg a')].filter((link) => !link.textContent.trim()
            && !link.getAttribute('aria-label')).map((link) => link.outerHTML.slice(0, 120))"""
        )
        assert silent == [], address


def test_every_page_prints_whole_without_what_works_on_a_screen_alone(
    browser: Browser, addresses: list[str], server: str
) -> None:
    import pypdfium2

    window = Watched(browser, server, PAPER, color_scheme="dark")
    for address in one_of_a_kind(addresses):
        page = window.goto(address)
        page.emulate_media(media="print")
        across = page.evaluate("getComputedStyle(document.querySelector('main')).page") == "across"
        if not across:
            wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert wide <= 0, f"{address} is {wide} pixels wider than the paper"
        ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert ground == "rgb(255, 255, 255)", address
        margins = dict.fromkeys(("top", "bottom", "left", "right"), "1.5cm")
        printed = pypdfium2.PdfDocument(BytesIO(page.pdf(format="A4", print_background=True, margin=margins)))
        text = " ".join(printed[number].get_textpage().get_text_range() for number in range(len(printed)))
        said = "".join(text.split()).translate({2: "-", 0xFFFE: "-"})  # pdfium's signs for a hyphen at a line's end
        assert "".join(page.locator("h1").inner_text().split()) in said, address
        for left_out in ("Đếnnộidungchính", "VIENEnglish"):
            assert left_out not in said, address
        for control in ("header.bar", ".narrowing", "form.filters"):
            for part in page.locator(control).all():
                assert not part.is_visible(), (address, control)
        page.emulate_media(media="screen")
    window.context.close()


FAINT = """() => {
    const light = (colour) => { const [r, g, b] = colour.match(/[\\d.]+/g).slice(0, 3).map((part) => part / 255)
        .map((part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
        return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
    const solid = (colour) => /^rgb\\(/.test(colour);
    const ground = (element) => { const style = getComputedStyle(element);
        const colour = element instanceof SVGGeometryElement ? style.fill : style.backgroundColor;
        return parseFloat(style.opacity) > 0.5 && solid(colour) ? colour : null; };
    const out = [];
    for (const text of [...document.querySelectorAll('svg:not([aria-hidden=true]) :is(text:not(:has(tspan)), tspan)')]
        .slice(0, 60)) {
        text.scrollIntoView({block: 'center', inline: 'center'});
        const box = text.getBoundingClientRect();
        if (!text.textContent.trim() || !box.width) continue;
        const below = document.elementsFromPoint(box.x + box.width / 2, box.y + box.height / 2)
            .filter((element) => !(element instanceof SVGTextContentElement)).map(ground).find(Boolean);
        const [high, low] = [light(getComputedStyle(text).fill), light(below || 'rgb(255, 255, 255)')]
            .sort((a, b) => b - a);
        const ratio = (high + 0.05) / (low + 0.05);
        if (below && ratio < 4.5) out.push([text.textContent.trim(), getComputedStyle(text).fill, below, ratio]);
    }
    return out; }"""
"""Letters in a picture that stand out from what is behind them by less than 4.5 to 1: axe passes over them."""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_letters_in_pictures_stand_out(browser: Browser, addresses: list[str], server: str, scheme: str) -> None:
    window = Watched(browser, server, color_scheme=scheme)
    seen = 0
    for address in one_of_a_kind(addresses):
        page = window.goto(address)
        seen += page.locator("svg:not([aria-hidden=true]) text").count()
        assert page.evaluate(FAINT) == [], address
    assert seen > 20
    page.goto(server)
    page.evaluate(
        """() => document.querySelector('main').insertAdjacentHTML('afterbegin',
        '<svg width="200" height="40"><rect width="200" height="40"/><text x="5" y="20">faint</text></svg>')"""
    )
    page.evaluate(
        "() => { document.querySelector('main svg rect').style.fill = 'rgb(120, 120, 120)';"
        "document.querySelector('main svg text').style.fill = 'rgb(130, 130, 130)'; }"
    )
    assert [item[0] for item in page.evaluate(FAINT)] == ["faint"], "what is put there is found"
    window.context.close()

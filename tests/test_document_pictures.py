"""Pages as pictures beside the text: words found on them, facts and hits marked on both sides."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from datasette_plugins.desk.hits import hits
from datasette_plugins.desk.page_images import pictures_of
from extract.readers import read
from extract.readers.picture import picture
from extract.word_boxes import pack, unpack
from tests import desk_corpus, picture_kit
from tests.desk_client import Desk, canonical
from tests.picture_kit import PLAN, K, drawn


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return picture_kit.make(tmp_path_factory.mktemp("pictures") / "plans.db")


@pytest.fixture(scope="module")
def ids(built: Path) -> dict[str, str]:
    return picture_kit.ids_of(built)


@pytest.fixture(scope="module")
def desk(built: Path) -> Iterator[Desk]:
    with picture_kit.opened(built) as desk:
        yield desk


# Words on the page


def test_words_are_found_where_their_ink_is() -> None:
    source = read(PLAN)
    packed = list(pack(source))
    assert len(packed) == len(source.pages) == 4
    page = source.pages[0]
    words = unpack(packed[0], source.text, page.number, page.start, page.end)
    assert words is not None
    scale = 2.0
    image = Image.open(BytesIO(picture(PLAN.read_bytes(), 1, scale))).convert("L")
    looked = 0
    for match in re.finditer(r"\S{3,}", source.text[page.start : page.end]):
        ((number, left, top, right, bottom),) = words.of(page.start + match.start(), page.start + match.end())
        assert number == 1
        darkest, _ = image.crop(
            (int(left * scale), int(top * scale), int(right * scale), int(bottom * scale))
        ).getextrema()
        assert darkest < 128, match.group()  # type: ignore[operator]
        looked += 1
    assert looked > 100


def test_words_agree_with_the_boxes_of_facts(built: Path) -> None:
    with sqlite3.connect(built) as connection:
        rows = connection.execute(
            """select c.bbox, c.start, c."end", p.number, p.start, p."end", p.words, d.text from citations c
            join documents d on d.id = c.document join pages p on p.document = d.id and p.number = c.page
            where c."end" <= p."end" """
        ).fetchall()
    assert len(rows) > 4
    for bbox, start, end, number, first, last, packed, text in rows:
        words = unpack(packed, text, number, first, last)
        assert words is not None
        found, stored = words.of(start, end), json.loads(bbox)
        assert len(found) == len(stored)
        for one, other in zip(found, stored, strict=True):
            # a comma behind the last word is as wide here as a letter
            assert all(abs(a - b) < 4 for a, b in zip(one, other, strict=True)), (one, other)


@pytest.mark.parametrize("packed", [None, b"", b"\x00", b"x\x9c\x03\x00\x00\x00\x00\x01", b"not zlib at all"])
def test_boxes_that_do_not_fit_are_none(packed: bytes | None) -> None:
    assert unpack(packed, "hai chữ", 1, 0, 7) is None


# The page of the document


def test_pictures_and_text_stand_side_by_side_and_lead_to_each_other(desk: Desk, ids: dict[str, str]) -> None:
    page = desk.get(f"{K}/document/{ids['kh-tinh-2024']}")
    assert len(page.all("figure", "scan")) == 4
    names = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(names) == len(set(names))
    for number in range(1, 5):
        assert {f"i-{number}", f"p-{number}"} <= set(names)
    for tag, attributes in page.elements:
        href = attributes.get("href", "")
        if href.startswith("#"):
            assert href[1:] in names, (tag, href)


def test_every_fact_is_marked_on_both_sides(desk: Desk, ids: dict[str, str], built: Path) -> None:
    ident = ids["kh-tinh-2024"]
    page = desk.get(f"{K}/document/{ident}")
    names = {attributes["id"] for _, attributes in page.elements if "id" in attributes}
    with sqlite3.connect(built) as connection:
        facts = [
            row[0]
            for table in ("citations", "budgets", "deadlines", "targets", "assignments", '"references"')
            for row in connection.execute(f"select id from {table} where document = ?", (ident,))
        ]
        sides = connection.execute(
            'select finding, side from finding_evidence where document = ? and "end" > start', (ident,)
        ).fetchall()
    assert len(facts) > 20
    for key in (*facts, *(f"{finding}-{side}" for finding, side in sides)):
        assert {f"f-{key}", f"b-{key}"} <= names, key
    assert any(name.startswith("b-header.") for name in names)
    for rect in page.all("rect"):
        x, y, width, height = (float(rect[name]) for name in ("x", "y", "width", "height"))
        assert -3 <= x <= x + width <= 600
        assert -3 <= y <= y + height <= 845


def test_views_of_one_pane(desk: Desk, ids: dict[str, str]) -> None:
    path = f"{K}/document/{ids['kh-tinh-2024']}"
    assert not desk.get(f"{path}?view=text").all("img")
    alone = desk.get(f"{path}?view=image")
    assert len(alone.all("img")) == 4
    assert all(image["src"].endswith("?scale=2") for image in alone.all("img"))
    assert len(desk.get(f"{path}?view=nonsense").all("img")) == 4


def test_text_without_pages_stands_alone(desk: Desk, ids: dict[str, str], built: Path) -> None:
    page = desk.get(f"{K}/document/{ids['kh-xa-suoi-nga-2024']}")
    assert not page.all("img")
    assert not page.all("nav", "view-switch")
    with sqlite3.connect(built) as connection:
        (text,) = connection.execute(
            "select text from documents where id = ?", (ids["kh-xa-suoi-nga-2024"],)
        ).fetchone()
    assert canonical(page) == text


def test_the_text_beside_the_pictures_is_the_canonical_text(desk: Desk, ids: dict[str, str], built: Path) -> None:
    with sqlite3.connect(built) as connection:
        (text,) = connection.execute("select text from documents where id = ?", (ids["kh-tinh-2024"],)).fetchone()
    for query in ("", "?view=text", "?q=nuoc+sach"):
        assert canonical(desk.get(f"{K}/document/{ids['kh-tinh-2024']}{query}")) == text


def test_the_other_side_of_a_finding_is_led_to(tmp_path: Path) -> None:
    db = tmp_path / "plans.db"
    ids = desk_corpus.make(db)
    desk = Desk(db)
    try:
        page = desk.get(f"{K}/document/{ids['province']}")
        twins = [link["href"] for link in page.all("a") if link["href"].endswith("#f-f-dates-1")]
        assert twins == [f"{K}/document/{ids['district']}#f-f-dates-1"] * 2  # of the finding and of the citation
        cards = re.findall(r'<article class="card card-\w+[^"]*" id="(c-[^"]+)".*?</article>', page.body, re.DOTALL)
        assert {"c-f-dates", "c-c-province"} <= set(cards)
        other = desk.get(f"{K}/document/{ids['district']}")
        assert 'id="f-f-dates-1"' in other.body
    finally:
        desk.close()


def test_the_page_of_a_finding_shows_the_strip_of_each_side(desk: Desk, ids: dict[str, str], built: Path) -> None:
    with sqlite3.connect(built) as connection:
        sides = connection.execute(
            """select e.finding, e.side, e.document from finding_evidence e join documents d on d.id = e.document
            where d.media_type = 'application/pdf' and e."end" > e.start"""
        ).fetchall()
        without = connection.execute(
            """select finding from finding_evidence e join documents d on d.id = e.document group by 1
            having max(d.media_type = 'application/pdf') = 0"""
        ).fetchall()
    assert len(sides) > 1
    for finding, side, document in sides:
        page = desk.get(f"{K}/finding/{finding}")
        shown = [image["href"] for image in page.all("image")]
        assert any(re.fullmatch(rf"{K}/document/{document}/page/[1-4]\.png", href) for href in shown)
        assert f"{K}/document/{document}#f-{finding}-{side}" in {link["href"] for link in page.all("a", "strip")}
        for view in (svg["viewbox"] for svg in page.all("svg", "strip-of-page")):
            _, top, _, height = map(float, view.split())
            rects = [rect for rect in page.all("rect") if top <= float(rect["y"]) <= top + height]
            assert rects, view
            assert 0 < height <= 560
    for (finding,) in without:
        assert not desk.get(f"{K}/finding/{finding}").all("image")


def test_behind_a_base_path_the_pictures_have_it_too(built: Path, ids: dict[str, str]) -> None:
    desk = Desk(built, "/kho/")
    try:
        page = desk.get(f"/kho{K}/document/{ids['kh-tinh-2024']}")
        assert page.all("img")[0]["src"] == f"/kho{K}/document/{ids['kh-tinh-2024']}/page/1.png"
        assert drawn(desk, f"/kho{K}/document/{ids['kh-tinh-2024']}/page/1.png").size == (893, 1263)
    finally:
        pictures_of(desk.app).close()
        desk.close()


# Hits and neighbours


@pytest.mark.parametrize(
    "text, query, found",
    [
        ("Sở Tài chính; so tai  chinh", "so tai chinh", ["Sở Tài chính", "so tai  chinh"]),
        ("Đồng, dong, đông", "dong", ["Đồng", "dong", "đông"]),
        ("12/KH-UBND và 112/KH-UBND", "12/KH-UBND", ["12/KH-UBND"]),
        ("nước rất sạch", "nuoc sach", ["nước", "sạch"]),
        ("không có gì", "xyz", []),
        ("a.b*c(d", ".*(", []),
    ],
)
def test_hits_are_found_with_and_without_marks(text: str, query: str, found: list[str]) -> None:
    assert [text[hit.start : hit.end] for hit in hits(text, query)] == found


def test_hits_are_marked_on_both_sides(desk: Desk, ids: dict[str, str]) -> None:
    page = desk.get(f"{K}/document/{ids['kh-tinh-2024']}?q=nuoc+sach&hit=1")
    names = {attributes["id"] for _, attributes in page.elements if "id" in attributes}
    assert {"f-hit-1", "b-hit-1", "f-hit-2", "b-hit-2"} <= names
    assert page.all("a", "m-hit")


def test_from_hit_to_hit_of_a_search(desk: Desk) -> None:
    found = [link["href"] for link in desk.get(f"{K}/search?q=nuoc+sach").all("a") if "hit=" in link["href"]]
    assert [re.search(r"hit=(\d+)", href)[1] for href in found] == ["1", "2", "3"]  # type: ignore[index]
    for href, at in zip(found, (1, 2, 3), strict=True):
        answer = desk.get(f"{K}/search/at?q=nuoc+sach&hit={at}")
        assert answer.status == 302
        assert answer.headers["location"] == href
    second = desk.get(found[1])
    steps = {link["rel"]: link["href"] for link in second.all("a") if "to-document" in link.get("class", "")}
    assert steps == {"prev": f"{K}/search/at?q=nuoc+sach&hit=1", "next": f"{K}/search/at?q=nuoc+sach&hit=3"}
    past = desk.get(f"{K}/search/at?q=nuoc+sach&hit=4")
    assert past.headers["location"] == f"{K}/search?q=nuoc+sach"


@pytest.mark.parametrize("hit", ["0", "-1", "x", "9" * 40, "", "<script>"])
def test_a_place_that_is_none_leads_back_to_the_search(desk: Desk, hit: str) -> None:
    answer = desk.get(f"{K}/search/at", params={"q": "nuoc", "hit": hit})
    assert answer.status == 302
    assert answer.headers["location"] == f"{K}/search?q=nuoc"

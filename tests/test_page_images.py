"""Pages as pictures beside the text: drawing, keeping, what a hostile file does, and facts marked on both sides."""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from corpus.build import build
from datasette_plugins.desk import page_images
from datasette_plugins.desk.hits import hits
from datasette_plugins.desk.page_images import Cache, Pictures, pictures_of
from extract.readers import read
from extract.readers.picture import LONGEST_SIDE, MOST_PIXELS, bounded, picture
from extract.records import ReadError
from extract.word_boxes import pack, unpack
from tests import desk_corpus
from tests.desk_client import Desk, Page, canonical
from tests.patience import SECONDS, waited
from tests.test_hostile import encrypted_pdf, packed_picture, packed_text
from tests.test_security_pages import assert_harmless

K = "/-/kehoach"
FILES = Path(__file__).resolve().parent.parent / "corpus" / "samples" / "files"
PLAN = FILES / "kh-tinh-2024.pdf"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("pictures") / "plans.db"
    build([PLAN, FILES / "kh-xa-khe-may-2024.pdf", FILES / "kh-xa-suoi-nga-2024.docx"], path, workers=1)
    return path


@pytest.fixture(scope="module")
def ids(built: Path) -> dict[str, str]:
    with sqlite3.connect(built) as connection:
        return {Path(path).stem: ident for path, ident in connection.execute("select path, document from files")}


@pytest.fixture(scope="module")
def desk(built: Path) -> Iterator[Desk]:
    desk = Desk(built)
    yield desk
    pictures_of(desk.app).close()
    desk.close()


def drawn(desk: Desk, path: str) -> Image.Image:
    answer = desk.loop.run_until_complete(desk.app.client.get(path))
    assert answer.status_code == 200, answer.text[:300]
    assert answer.headers["content-type"] == "image/png"
    return Image.open(BytesIO(answer.content))


# Drawing


def coloured_pdf() -> bytes:
    from reportlab.pdfgen.canvas import Canvas

    out = BytesIO()
    canvas = Canvas(out, pagesize=(200, 300))
    canvas.drawString(20, 250, "so 12")
    canvas.showPage()
    canvas.setFillColorRGB(0.8, 0, 0)
    canvas.rect(50, 50, 100, 100, fill=1, stroke=0)
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def test_a_page_without_colour_is_grey_and_a_red_seal_stays_red() -> None:
    data = coloured_pdf()
    assert Image.open(BytesIO(picture(data, 1, 1.5))).mode == "L"
    page = Image.open(BytesIO(picture(data, 2, 1.5))).convert("RGB")
    assert page.size == (300, 450)
    red, green, blue = page.getpixel((150, 300))  # type: ignore[misc]
    assert (red > 180, green < 40, blue < 40) == (True, True, True)


@pytest.mark.parametrize("number", [0, 3, -1, 10_000])
def test_a_page_that_is_not_there_is_refused(number: int) -> None:
    with pytest.raises(ReadError, match="pages are 1 to 2"):
        picture(coloured_pdf(), number, 1.5)


@pytest.mark.parametrize("width, height", [(595, 842), (14_400, 14_400), (100_000, 10), (3, 200_000)])
def test_no_page_is_drawn_larger_than_the_bound(width: float, height: float) -> None:
    scale = bounded(width, height, 3.0)
    assert 0 < scale <= 3.0
    assert width * scale * height * scale <= MOST_PIXELS * 1.001
    assert max(width, height) * scale <= LONGEST_SIDE * 1.001


def test_a_page_without_size_is_refused() -> None:
    with pytest.raises(ReadError):
        bounded(0, 800, 1.5)


# The route


def test_a_page_is_drawn_once_and_then_kept(desk: Desk, ids: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    path = f"{K}/document/{ids['kh-tinh-2024']}/page/1.png"
    small, large = drawn(desk, path), drawn(desk, f"{path}?scale=2")
    assert small.size == (893, 1263)
    assert large.size == (1786, 2526)
    pictures = pictures_of(desk.app)

    def asked_again(question: str) -> bytes:
        raise AssertionError(question)

    monkeypatch.setattr(pictures._worker, "ask", asked_again)
    assert drawn(desk, path).size == small.size
    assert drawn(desk, f"{path}?scale=9999").size == small.size
    assert drawn(desk, f"{path}?scale=../../etc/passwd").size == small.size


@pytest.mark.parametrize(
    "path",
    [
        "{pdf}/page/0.png",
        "{pdf}/page/5.png",
        "{pdf}/page/99999.png",
        "{pdf}/page/999999999.png",
        "{pdf}/page/-1.png",
        "{pdf}/page/1.png.bak",
        "{pdf}/page/..%2F..%2Fsecret.png",
        "{docx}/page/1.png",
        "nothing/page/1.png",
        "..%2F..%2Fplans/page/1.png",
        "~2E~2E~2F~2E~2E~2Fetc~2Fpasswd/page/1.png",
        "%00/page/1.png",
        "'%20or%201=1--/page/1.png",
        "<script>alert(1)</script>/page/1.png",
    ],
)
def test_only_pages_of_kept_pdfs_are_drawn(desk: Desk, ids: dict[str, str], path: str) -> None:
    page = desk.get(f"{K}/document/" + path.format(pdf=ids["kh-tinh-2024"], docx=ids["kh-xa-suoi-nga-2024"]))
    if page.status == 302:  # Datasette writes such an address in its own way first
        page = desk.get(page.headers["location"])
    assert page.status == 404
    assert_harmless(page, path)


def test_an_original_that_is_gone_has_no_picture(built: Path, ids: dict[str, str], tmp_path: Path) -> None:
    copy = tmp_path / "plans.db"
    shutil.copy(built, copy)
    desk = Desk(copy)
    try:
        assert desk.get(f"{K}/document/{ids['kh-tinh-2024']}/page/1.png").status == 404
        page = desk.get(f"{K}/document/{ids['kh-tinh-2024']}")
        assert page.status == 200
        assert not page.all("img")
    finally:
        desk.close()


# Hostile files


def planted(db: Path, data: bytes) -> str:
    """A document whose original is `data`, as a build that could read it would have left it."""
    digest = hashlib.sha256(data).hexdigest()
    kept = db.with_suffix(".files") / digest[:2] / digest
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_bytes(data)
    with sqlite3.connect(db) as connection:
        connection.execute(
            "insert into documents (id, sha256, media_type, pages, text, title) values (?, ?, ?, 1, ?, ?)",
            (digest[:12], digest, "application/pdf", desk_corpus.HOSTILE, desk_corpus.HOSTILE_TITLE),
        )
        connection.execute(
            'insert into pages (document, number, start, "end", width, height, ocr) values (?, 1, 0, ?, 595, 842, 0)',
            (digest[:12], len(desk_corpus.HOSTILE)),
        )
        connection.execute(
            'insert into citations (id, document, quote, start, "end", page, bbox, code, relation, confidence)'
            " values (?, ?, ?, 0, 8, 1, ?, ?, 'mentions', 1.0)",
            (
                f"c-{digest[:6]}",
                digest[:12],
                "<script>",
                '[[1, 10, 10, 90, 20], "x", [1]]',
                "<script>alert(1)</script>",
            ),
        )
    return digest[:12]


@pytest.fixture
def hostile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Path, Desk]]:
    monkeypatch.setattr(page_images, "SECONDS", 8.0)
    monkeypatch.setattr(page_images, "MEGABYTES", 400)
    db = tmp_path / "plans.db"
    desk_corpus.make(db)
    desk = Desk(db)
    yield db, desk
    pictures_of(desk.app).close()
    desk.close()


ATTACKS = {
    "not a pdf": (b"<script>alert('original')</script>", "hỏng"),
    "cut short": (PLAN.read_bytes()[:9000], "hỏng"),
    "empty": (b"", "hỏng"),
}


@pytest.mark.parametrize("name", [*ATTACKS, "locked", "packed drawing", "packed picture"])
def test_a_hostile_original_is_an_error_page_and_the_next_page_is_drawn(hostile: tuple[Path, Desk], name: str) -> None:
    db, desk = hostile
    made = {"locked": encrypted_pdf, "packed drawing": packed_text, "packed picture": packed_picture}
    data, said = (made[name](), "") if name in made else ATTACKS[name]
    attack, good = planted(db, data), planted(db, PLAN.read_bytes())
    answer = desk.loop.run_until_complete(desk.app.client.get(f"{K}/document/{attack}/page/1.png"))
    if answer.headers["content-type"] == "image/png":  # what can be drawn within the limits is only a picture
        assert name.startswith("packed")
        assert Image.open(BytesIO(answer.content)).size[0] <= LONGEST_SIDE
    else:
        page = Page(answer.status_code, dict(answer.headers), answer.text)
        assert page.status == 422
        assert said in page.text
        assert "mật khẩu" in page.text or name != "locked"
        assert_harmless(page, name)
    assert drawn(desk, f"{K}/document/{good}/page/1.png").size == (893, 1263)


def test_a_fault_is_remembered(hostile: tuple[Path, Desk], monkeypatch: pytest.MonkeyPatch) -> None:
    db, desk = hostile
    path = f"{K}/document/{planted(db, b'%PDF-1.7 no')}/page/1.png"
    assert desk.get(path).status == 422
    monkeypatch.setattr(pictures_of(desk.app)._worker, "ask", lambda question: pytest.fail(question))
    assert desk.get(path).status == 422


def test_text_and_labels_that_attack_do_nothing_on_the_pictures(hostile: tuple[Path, Desk]) -> None:
    db, desk = hostile
    ident = planted(db, PLAN.read_bytes())
    for query in ("", "?view=image", "?q=<script>alert(1)</script>", "?view=<script>", "?q=script&hit=<img src=x>"):
        page = desk.get(f"{K}/document/{ident}{query}")
        assert page.status == 200
        assert not page.inline
        assert "<script>alert" not in page.body
        for tag, attributes in page.elements:
            assert "style" not in attributes, tag
            assert not any(name.startswith("on") for name in attributes), tag
            if tag == "img":
                assert re.fullmatch(rf"{K}/document/{ident}/page/1\.png(\?scale=2)?", attributes["src"])
            if "href" in attributes:
                assert re.match(r"(/(?!/)|#|\?)", attributes["href"]), attributes
    assert "#c-c-" in desk.get(f"{K}/document/{ident}").body  # the mark itself is there


def test_too_many_at_once_are_told_to_come_again(
    desk: Desk, ids: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page_images, "MOST_WAITING", 0)
    page = desk.get(f"{K}/document/{ids['kh-xa-khe-may-2024']}/page/2.png")
    assert page.status == 503
    assert "tải lại" in page.text


# Keeping


def test_the_cache_stays_within_its_bound_and_lets_the_oldest_go() -> None:
    cache = Cache(most=100)
    for name in ("a", "b"):
        cache.put(f"{name}.png", b"x" * 40)
    assert cache.get("a.png") == b"x" * 40
    cache.put("c.png", b"y" * 40)
    assert cache.get("b.png") is None  # asked for longest ago
    assert cache.get("a.png") == b"x" * 40
    cache.put("d.png", b"z" * 101)
    assert cache.get("d.png") is None
    assert cache._folder is not None
    assert cache.size == sum(path.stat().st_size for path in Path(cache._folder.name).iterdir()) == 80


def test_a_cache_that_was_cleared_away_begins_anew() -> None:
    cache = Cache(most=100)
    cache.put("a.png", b"x" * 40)
    assert cache._folder is not None
    shutil.rmtree(cache._folder.name)
    assert cache.get("a.png") is None
    cache.put("a.png", b"x" * 40)
    assert (cache.get("a.png"), cache.size) == (b"x" * 40, 40)


def test_what_a_killed_server_left_is_cleared_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    for name in (f"kehoach-pages-{ended.pid}-abc", f"kehoach-pages-{os.getpid()}-def", "kehoach-pages-x-y", "other"):
        (tmp_path / name).mkdir()
    cache = Cache(most=100)
    cache.put("a.png", b"x")
    kept = sorted(path.name for path in tmp_path.iterdir() if path.name != Path(str(cache._folder.name)).name)  # type: ignore[union-attr]
    assert kept == sorted([f"kehoach-pages-{os.getpid()}-def", "kehoach-pages-x-y", "other"])


@pytest.mark.parametrize("end", ["terminate", "kill"])
def test_a_server_that_ends_leaves_no_process_and_at_most_its_pictures(
    built: Path, ids: dict[str, str], tmp_path: Path, end: str
) -> None:
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    command = [sys.executable, "-m", "kehoach", "serve", str(built), "--port", "0"]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
    assert server.stdout is not None
    address = server.stdout.readline().strip()
    with urllib.request.urlopen(
        f"{address}-/kehoach/document/{ids['kh-tinh-2024']}/page/1.png", timeout=SECONDS
    ) as answer:
        assert answer.read(4) == b"\x89PNG"
    children = [int(path.name) for path in Path("/proc").glob("[0-9]*") if _parent(path) == server.pid]
    assert children
    getattr(server, end)()
    server.wait(SECONDS)
    assert waited(lambda: not any(Path(f"/proc/{child}").exists() for child in children)), children
    assert waited(lambda: not list(tmp_path.glob("kehoach-read-*"))), list(tmp_path.iterdir())
    assert end == "kill" or not list(tmp_path.iterdir())


def _parent(process: Path) -> int:
    try:
        return int((process / "stat").read_text(errors="replace").rpartition(")")[2].split()[1])
    except (OSError, IndexError, ValueError):
        return 0


def test_a_full_disk_costs_the_cache_and_not_the_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(name: str, data: bytes) -> None:
        raise OSError(28, "No space left on device")

    pictures = Pictures()
    try:
        monkeypatch.setattr(Cache, "put", lambda self, name, data: full(name, data))
        made = asyncio.run(pictures.get(PLAN, "0" * 64, 1, "1"))
        assert isinstance(made, bytes)
    finally:
        pictures.close()


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

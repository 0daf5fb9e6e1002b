"""Pages as pictures: drawing, keeping, and what a hostile file does."""

from __future__ import annotations

import asyncio
import hashlib
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

from datasette_plugins.desk import page_images
from datasette_plugins.desk.page_images import Cache, Pictures, pictures_of
from extract.readers.picture import LONGEST_SIDE, MOST_PIXELS, bounded, picture
from extract.records import ReadError
from tests import desk_corpus, picture_kit
from tests.desk_client import Desk, Page
from tests.patience import SECONDS, waited
from tests.picture_kit import PLAN, K, drawn
from tests.test_hostile import encrypted_pdf, packed_picture, packed_text
from tests.test_security_pages import assert_harmless


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

"""The attacks that a served corpus must bear: each is written out, and each must do nothing."""

from __future__ import annotations

import hashlib
import os
import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from datasette_plugins.desk.links import encoded
from datasette_plugins.desk.security import HEADERS
from tests import desk_corpus
from tests.desk_client import SQL_PAGE, Desk, Page

K = "/-/kehoach"
FINDING = "f-<script>alert(11)</script>"
ORIGINAL = b"<script>alert('original')</script>"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    folder = tmp_path_factory.mktemp("hostile")
    path = folder / "plans.db"
    ids = desk_corpus.make(path, hostile=True)
    digest = hashlib.sha256(desk_corpus.HOSTILE.encode()).hexdigest()
    kept = folder / "plans.files" / digest[:2] / digest
    kept.parent.mkdir(parents=True)
    kept.write_bytes(ORIGINAL)
    (folder / "secret.txt").write_text("what nobody may read")
    return path, ids


@pytest.fixture(scope="module")
def reached(desk: Desk) -> dict[str, Page]:
    """Every page of this server that can be reached by links from the home page, both languages."""
    pages: dict[str, Page] = {}
    waiting = ["/", "/?lang=en"]
    while waiting and len(pages) < 700:
        path = waiting.pop(0)
        if path in pages:
            continue
        pages[path] = page = desk.get(path)
        for address in page.links(f"http://localhost{path}"):
            parts = urlsplit(address)
            following = parts.path + (f"?{parts.query}" if parts.query else "")
            plain = not parts.query or parts.path.startswith("/-/") or len(pages) < 60
            if parts.netloc == "localhost" and plain and following not in pages:
                waiting.append(following)
    return pages


def assert_harmless(page: Page, path: str) -> None:
    assert not page.inline, f"{path}: a script or style in the page: {page.inline[:1]}"
    for tag, attributes in page.elements:
        assert tag not in ("iframe", "object", "embed", "base", "img"), (path, tag)
        assert not (tag == "svg" and "onload" in attributes), path
        for name, value in attributes.items():
            assert not name.startswith("on"), (path, tag, name)
            assert name != "style", (path, tag, value)
            if name in ("href", "src", "action", "data-suggest"):
                assert re.match(r"(/(?!/)|#|\?)", value), (path, tag, value)
        if tag in ("script", "link"):
            source = attributes.get("src") or attributes.get("href", "")
            assert source.startswith("/-/static-plugins/datasette_plugins.desk/"), (path, source)


def test_no_page_reachable_by_a_link_holds_inline_or_foreign_scripts(reached: dict[str, Page]) -> None:
    assert len(reached) > 60
    for needed in (f"{K}/findings", f"{K}/graph", "/plans", "/plans/documents", f"{K}/build"):
        assert needed in reached
    for path, page in reached.items():
        assert page.status in (200, 302), (path, page.status)
        if "html" in page.headers.get("content-type", ""):
            assert_harmless(page, path)


def test_every_answer_carries_the_policy(reached: dict[str, Page], desk: Desk) -> None:
    others = {"/nothing": desk.get("/nothing"), "/plans.json": desk.get("/plans.json")}
    for path, page in {**reached, **others}.items():
        for name, value in HEADERS:
            if not path.endswith("/original"):
                assert page.headers.get(name.decode()) in (value.decode(), "no-referrer"), (path, name)
        policy = page.headers["content-security-policy"]
        assert "unsafe" not in policy
        assert "default-src 'none'" in policy


@pytest.mark.parametrize("number", range(1, 15))
def test_each_planted_script_arrives_as_text_or_not_at_all(reached: dict[str, Page], number: int) -> None:
    for path, page in reached.items():
        if "html" not in page.headers.get("content-type", ""):
            continue
        for tag, attributes in page.elements:
            text = f"{tag} " + " ".join(name for name in attributes)
            assert f"alert({number})" not in text, path
        assert not any(f"alert({number})" in part for part in page.inline), path
        assert f"<script>alert({number})" not in page.body, path
        assert f"onerror=alert({number})>" not in page.body.replace("&gt;", ""), path


def test_the_hostile_document_is_shown_as_what_it_is(desk: Desk, built: tuple[Path, dict[str, str]]) -> None:
    page = desk.get(f"{K}/document/{built[1]['hostile']}")
    assert page.status == 200
    for words in (
        "<script>alert('title')</script>",
        "</textarea><svg onload=alert(3)>",
        desk_corpus.HOSTILE_NAME,
        "javascript:alert('origin')",
        "<script>alert(8)</script>",
        '"><script>alert(7)</script>',
    ):
        assert words in page.text


def test_hostile_text_in_tables_and_json_of_datasette(desk: Desk) -> None:
    for table in ("documents", "files", "tables", "findings", "errors", "works", "unread", "citations"):
        assert_harmless(desk.get(f"/plans/{table}"), table)
    answer = desk.get("/plans/documents.json")
    assert answer.headers["content-type"].startswith("application/json")


@pytest.mark.parametrize(
    "path",
    [
        f"{K}/search?q=<script>alert(1)</script>",
        f"{K}/search?q=%22%3E%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E",
        f"{K}/search?issuer=%22onfocus=alert(1)%20autofocus&q=dong",
        f"{K}/findings?rule=%22%3E%3Cscript%3Ealert(1)%3C/script%3E",
        f"{K}/graph?work=%3Cscript%3Ealert(1)%3C/script%3E&view=%3Cscript%3E",
        f"{K}/document/%3Cscript%3Ealert(1)%3C%2Fscript%3E",
        f"{K}/document/~3Cscript~3Ealert~281~29~3C~2Fscript~3E",
        f"{K}/work/javascript:alert(1)",
        f"{K}/finding/{encoded(FINDING)}",
        "/plans/<script>alert(1)</script>",
        "/plans?sql=select+'<script>alert(1)</script>'",
        f"{SQL_PAGE}?sql=select+'<script>alert(1)</script>'",
        f"{SQL_PAGE}?sql=select+'javascript:alert(1)'+as+'<img src=x onerror=alert(1)>'",
        "/%3Cscript%3Ealert(1)%3C/script%3E",
        "/?lang=%22%3E%3Cscript%3E",
    ],
)
def test_what_is_typed_into_an_address_is_text(desk: Desk, path: str) -> None:
    page = desk.get(path)
    assert page.status in (200, 302, 400, 404)
    assert_harmless(page, path)


@pytest.mark.parametrize(
    "path",
    [
        f"{K}/document/../../secret.txt/original",
        f"{K}/document/..%2F..%2Fsecret.txt/original",
        f"{K}/document/~2E~2E~2Fsecret~2Etxt/original",
        f"{K}/document/%2e%2e%2fsecret.txt/original",
        f"{K}/document/{'0' * 64}/original",
        f"{K}/document/' or 1=1 --/original",
        "/-/static-plugins/datasette_plugins.desk/../words.toml",
        "/-/static-plugins/datasette_plugins.desk/..%2Fwords.toml",
        "/-/static-plugins/datasette_plugins.desk/%2e%2e/%2e%2e/kehoach_desk.py",
        "/-/static/../app.py",
    ],
)
def test_no_path_leads_to_a_file(desk: Desk, path: str) -> None:
    page = desk.get(path)
    assert page.status in (302, 403, 404)
    assert "nobody may read" not in page.body


def test_an_original_is_a_download_in_a_sandbox(desk: Desk, built: tuple[Path, dict[str, str]]) -> None:
    page = desk.get(f"{K}/document/{built[1]['hostile']}/original")
    assert page.body.encode() == ORIGINAL
    assert page.headers["content-type"] == "application/octet-stream"
    assert page.headers["content-disposition"] == 'attachment; filename="99-KH-UBND.txt"'
    assert page.headers["content-security-policy"].startswith("sandbox")
    assert page.headers["x-content-type-options"] == "nosniff"
    assert desk.get(f"{K}/document/{built[1]['province']}/original").status == 404


@pytest.mark.skipif(os.name != "posix", reason="symbolic links")
def test_a_hash_that_is_none_finds_no_original(tmp_path: Path) -> None:
    from datasette_plugins.desk.originals import place

    (tmp_path / "..").resolve()
    for name in ("../secret", "a" * 63, "A" * 64, "a" * 64 + "/..", ""):
        assert place(tmp_path, name) is None


@pytest.mark.parametrize(
    "sql",
    [
        "delete from documents",
        "update documents set text = ''",
        "insert into runs(id) values (9)",
        "drop table documents",
        "attach database '/tmp/x.db' as x",
        "pragma query_only = 0",
        "vacuum into '/tmp/kehoach-copy.db'",
        "select 1; delete from documents",
        "with x as (select 1) delete from documents",
        "select load_extension('x')",
        "select writefile('/tmp/x', 'x')",
    ],
)
def test_no_statement_writes(desk: Desk, built: tuple[Path, dict[str, str]], sql: str) -> None:
    before = built[0].read_bytes()
    page = desk.query(sql)
    assert page.status in (400, 500) or page.all("p", "alert"), page.text[:300]
    assert built[0].read_bytes() == before
    assert not Path("/tmp/kehoach-copy.db").exists()


def test_a_slow_query_ends_and_says_so(desk: Desk) -> None:
    slow = "with recursive c(x) as (select 1 union all select x + 1 from c) select count(*) from c"
    page = desk.query(slow)
    assert page.status in (400, 503)
    assert_harmless(page, "slow")


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
@pytest.mark.parametrize("path", ["/", f"{K}/findings", "/plans/documents", "/-/nothing"])
def test_only_reading_is_answered(desk: Desk, method: str, path: str) -> None:
    assert desk.send(method, path).status in (403, 405)


def test_the_database_file_is_not_given_away(desk: Desk) -> None:
    assert desk.get("/plans.db").status in (403, 404)


def test_faults_inside_are_not_shown(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    from datasette_plugins.desk import store

    def fail(*_: object) -> object:
        raise RuntimeError("the secret place /srv/data")

    monkeypatch.setattr(store.Reader, "all", fail)
    page = desk.get(f"{K}/deadlines?kind=due")
    assert page.status == 500
    assert "secret" not in page.body
    assert_harmless(page, "fault")


def test_a_spreadsheet_takes_no_cell_for_a_formula() -> None:
    from datasette_plugins.desk.graph_files import harmless

    for text in ("=1+1", "+1", "-1", "@x", "\tx"):
        assert str(harmless(text)).startswith("'")
    assert harmless("12/KH-UBND") == "12/KH-UBND"
    assert harmless(-3) == -3

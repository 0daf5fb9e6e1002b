"""The pages of the desk, asked in this process over a small corpus of invented documents."""

from __future__ import annotations

import re
import shutil
import sqlite3
from html import unescape
from pathlib import Path

import pytest

from datasette_plugins.desk.security import with_language
from tests import desk_corpus
from tests.desk_client import SQL_PAGE, Desk, canonical

K = "/-/kehoach"
LISTS = "findings search graph deadlines deadlines/month agencies money targets build".split()


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    path = tmp_path_factory.mktemp("desk") / "plans.db"
    return path, desk_corpus.make(path)


def every_page(ids: dict[str, str]) -> list[str]:
    own = [f"{K}/document/{ident}{rest}" for ident in ids.values() for rest in ("", "/relations", "/chain")]
    works = [f"{K}/work/{key}" for key in ("w-decision", "w-province")]
    lists = [f"{K}/{name}" for name in LISTS]
    return ["/", *own, *works, f"{K}/work/w-decision/chain", f"{K}/finding/f-dates", *lists, f"{K}/graph?view=groups"]


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_page_answers_in_both_languages(desk: Desk, ids: dict[str, str], language: str) -> None:
    for path in every_page(ids):
        page = desk.get(f"{path}{'&' if '?' in path else '?'}lang={language}")
        assert page.status == 200, path
        assert page.all("html")[0]["lang"] == language, path
        assert len(page.all("h1")) == 1, path
        assert "{" not in page.text, path


def test_the_switch_is_remembered_and_never_filters_a_table(desk: Desk) -> None:
    chosen = desk.get("/plans/works?lang=en")
    assert chosen.status == 200
    assert "kehoach_lang=en" in chosen.headers["set-cookie"]
    again = desk.get("/plans/works", cookies={"kehoach_lang": "en"})
    assert again.all("html")[0]["lang"] == "en"
    assert "set-cookie" not in again.headers
    assert desk.get("/", cookies={"kehoach_lang": "xx"}).all("html")[0]["lang"] == "vi"


@pytest.mark.parametrize(
    "query, rest, chosen",
    [
        (b"lang=en", b"", "en"),
        (b"q=a%20b&lang=vi&year=2024", b"q=a+b&year=2024", "vi"),
        (b"lang=fr&q=1", b"q=1", None),
        (b"slang=en", b"slang=en", None),
        (b"", b"", None),
    ],
)
def test_the_language_is_taken_out_of_the_query(query: bytes, rest: bytes, chosen: str | None) -> None:
    scope, language = with_language({"query_string": query, "headers": []})
    assert (scope["query_string"], language) == (rest, chosen)


def test_home_shows_findings_first_then_the_corpus_and_the_build(desk: Desk) -> None:
    text = desk.get("/").text
    places = [
        text.index(words) for words in ("345/QĐ-UBND được viện dẫn với hai ngày", "Trong kho có gì", "Lần cập nhật")
    ]
    assert places == sorted(places)
    assert "3 văn bản" in text
    assert "09:00 ngày 01/12/2024" in text
    assert "scan.pdf Bản quét, nhưng máy chưa có Tesseract hoặc dữ liệu tiếng Việt. ocr-unavailable: Cần cài" in text
    assert "mới Lỗi Một văn bản được viện dẫn với hai ngày 1" in text
    assert "không còn Cảnh báo Văn bản để trống số 1" in text


def test_copying_the_text_gives_the_canonical_text(desk: Desk, ids: dict[str, str]) -> None:
    texts = {"province": desk_corpus.PROVINCE_PLAN, "district": desk_corpus.DISTRICT_PLAN}
    for name, text in texts.items():
        assert canonical(desk.get(f"{K}/document/{ids[name]}")) == text


def test_each_fact_has_a_mark_a_card_a_row_and_its_target(desk: Desk, ids: dict[str, str]) -> None:
    page = desk.get(f"{K}/document/{ids['province']}")
    anchors = {item["id"] for item in page.all("span", "anchor")}
    cards = {item["id"] for item in page.all("article", "card")}
    links = {item["href"] for item in page.all("a") if "href" in item}
    rows = {"c-province": "citations", "b-1": "budgets", "d-1": "deadlines", "t-1": "targets", "a-1": "assignments"}
    for fact, table in rows.items():
        assert f"f-{fact}" in anchors
        assert f"c-{fact}" in cards
        assert {f"#c-{fact}", f"/plans/{table}/{fact}"} <= links
        assert desk.get(f"/plans/{table}/{fact}").status == 200
    assert f"{K}/work/w-decision" in links
    assert f"{K}/finding/f-dates" in links


def test_the_card_of_a_fact_names_the_findings_that_touch_it(desk: Desk, ids: dict[str, str]) -> None:
    body = desk.get(f"{K}/document/{ids['district']}").body
    card = re.search(r'<article class="card card-deadline" id="c-d-2".*?</article>', body, re.DOTALL)
    assert card
    assert f'href="{K}/finding/f-deadline"' in card.group()
    assert re.search(r'class="m m-deadline m-finding m-error" href="#c-d-2" data-f="d-2 f-deadline-0"', body)


def test_the_letterhead_card_has_origin_hash_and_dates_as_written(desk: Desk, ids: dict[str, str]) -> None:
    text = desk.get(f"{K}/document/{ids['province']}").text
    for words in ("https://congbao.example/kh", "12/3/2024", "UBND tỉnh Châu Bình", "Lê Văn Mẫu", "2 KB"):
        assert words in text
    assert re.search(r"\b[0-9a-f]{64}\b", text)
    blank = desk.get(f"{K}/document/{ids['commune']}").text
    assert "để trống KH-UBND" in blank


def test_the_work_page_shows_both_dates_and_both_documents(desk: Desk, ids: dict[str, str]) -> None:
    page = desk.get(f"{K}/work/w-decision")
    assert "Được viện dẫn với những ngày khác nhau: 05/02/2023 (1), 05/02/2024 (1)" in page.text
    links = page.links("http://localhost/")
    assert all(f"http://localhost{K}/document/{ids[name]}" in links for name in ("province", "district"))
    only = desk.get(f"{K}/work/w-decision?date=2023-02-05")
    assert "Kế hoạch số 40/KH-UBND" in only.text
    assert "Kế hoạch số 21/KH-UBND ngày" not in only.text


@pytest.mark.parametrize("language, said", [("vi", "Thực hiện"), ("en", "Implements")])
def test_codes_in_tables_and_their_facets_are_in_words(desk: Desk, language: str, said: str) -> None:
    page = desk.get(f"/plans/citations?_facet=relation&lang={language}")
    assert f'<span title="implements">{said}</span>' in page.body
    assert f"<span>{said}</span> <b>" in page.body
    assert "<span>implements</span>" not in page.body


def test_the_relations_stand_in_boxes_in_and_out(desk: Desk, ids: dict[str, str]) -> None:
    text = desk.get(f"{K}/document/{ids['district']}/relations").text
    assert re.search(r"Thực hiện 1 .*21/KH-UBND", text)
    assert re.search(r"Theo hướng dẫn 1 .*345/QĐ-UBND .*ghi ngày 05/02/2023 ngày không khớp", text)
    assert re.search(r"Thực hiện văn bản này 1 .*UBND xã Bến Đò", text)


def test_the_picture_of_the_chain_and_its_list_say_the_same(desk: Desk, ids: dict[str, str]) -> None:
    for name, expected in (("commune", {"district", "province"}), ("province", {"district", "commune"})):
        page = desk.get(f"{K}/document/{ids[name]}/chain")
        drawn = {item["href"] for item in page.all("a", "node")} - {f"{K}/document/{ids[name]}"}
        assert drawn == {f"{K}/document/{ids[other]}" for other in expected}
        listed = re.findall(r'<ol class="hops">.*?</ol>', page.body, re.DOTALL)
        assert all(any(f'href="{href}"' in part for part in listed) for href in drawn)
        assert len(page.all("path", "line")) == 2


def test_a_work_that_is_only_cited_has_a_chain_too(desk: Desk) -> None:
    assert "không có trong kho nên chưa biết" in desk.get(f"{K}/work/w-decision/chain").text
    held = desk.get(f"{K}/work/w-province/chain")
    assert held.status == 302


def test_every_line_of_the_graph_stands_in_its_table(desk: Desk) -> None:
    page = desk.get(f"{K}/graph")
    curves = page.all("path", "curve")
    rows = re.findall(r"<tr>(?:(?!</tr>).)*?data-label.*?</tr>", page.body, re.DOTALL)
    assert len(curves) == len(rows) == 4
    csv = desk.get(f"{K}/graph.csv")
    assert len(csv.body.strip().splitlines()) == 5
    around = desk.get(f"{K}/graph?work=w-commune")
    assert len(around.all("path", "curve")) == 1


def test_groups_lead_to_their_works(desk: Desk) -> None:
    page = desk.get(f"{K}/graph?view=groups")
    dots = page.all("a", "dot")
    assert len(dots) == 4
    for dot in dots:
        assert desk.get(unescape(dot["href"])).status == 200


def test_findings_are_filtered_and_counted(desk: Desk) -> None:
    assert "3 phát hiện" in desk.get(f"{K}/findings").text
    assert "2 phát hiện" in desk.get(f"{K}/findings?severity=error").text
    narrowed = desk.get(f"{K}/findings?severity=error&scope=document")
    assert "1 phát hiện" in narrowed.text
    assert "Thời hạn 15/3/2024" in narrowed.text
    assert "Không có phát hiện nào" in desk.get(f"{K}/findings?rule=none").text


def test_a_finding_shows_both_sides_marked_with_reason_and_doubt(desk: Desk, ids: dict[str, str]) -> None:
    page = desk.get(f"{K}/finding/f-dates")
    assert len(page.all("article", "side")) == 2
    marks = re.findall(r'<a class="m m-finding[^>]*>(.*?)</a>', page.body)
    words = "Quyết định số 345/QĐ-UBND ngày 05/02/"
    assert marks == [words, "2024", words, "2023"]
    assert re.findall(r"m-diff[^>]*>(.*?)</a>", page.body) == ["2024", "2023"]
    for words in ("Giải thích: Một văn bản", "Nghị định 30/2020/NĐ-CP", "Có thể do lỗi đánh máy.", "Tin cậy 90%"):
        assert words in page.text
    assert f"{K}/document/{ids['district']}#f-f-dates-1" in page.body
    assert 'id="f-f-dates-1"' in desk.get(f"{K}/document/{ids['district']}").body


@pytest.mark.parametrize(
    "query, found",
    [
        ("đồng", 2),
        ("dong", 2),
        ("cây chắn sóng", 3),
        ("cay chan song", 3),
        ("40/KH-UBND", 2),
        ("345/QD-UBND", 2),
        ("khong-co-dau", 0),
        ('"', 0),
        ("' or 1=1 --", 0),
    ],
)
def test_search_without_marks_finds_what_is_written_with_them(desk: Desk, query: str, found: int) -> None:
    page = desk.get(f"{K}/search", params={"q": query})
    assert page.status == 200
    assert f"{found} văn bản có" in page.text
    assert bool(page.all("mark")) == bool(found)


def test_search_offers_the_works_of_a_code(desk: Desk) -> None:
    assert "Văn bản mang số, ký hiệu này Quyết định số 345/QĐ-UBND" in desk.get(f"{K}/search?q=345/qd").text
    assert desk.get(f"{K}/suggest.json?q=21").body == '["21/KH-UBND"]'
    assert "UBND huyện An Hạ" in desk.get(f"{K}/suggest.json?q=an+ha").body or "An H" in unescape(
        desk.get(f"{K}/suggest.json?q=an+ha").body.encode().decode("unicode_escape")
    )


def test_deadlines_and_sums_lead_to_their_words(desk: Desk, ids: dict[str, str]) -> None:
    deadlines = desk.get(f"{K}/deadlines")
    assert deadlines.text.index("Trước 15/3/2024") < deadlines.text.index("Trước 30/11/2024")
    assert f"{K}/document/{ids['province']}#f-d-1" in deadlines.body
    money = desk.get(f"{K}/money")
    assert money.text.index("1.723.000.000 đồng") < money.text.index("35.000.000 đồng")
    assert "1 số tiền" in desk.get(f"{K}/money?level=commune").text


@pytest.mark.parametrize("name, row", [("findings", "finding-card"), ("deadlines", "<tr><td"), ("money", "<tr><td")])
def test_every_filter_leads_to_as_many_rows_as_it_says(desk: Desk, name: str, row: str) -> None:
    page = desk.get(f"{K}/{name}")
    filters = re.findall(r'<li><a href="([^"]+)"><span>[^<]*</span> <b>(\d+)</b></a>', page.body)
    assert len(filters) >= 4
    for href, count in filters:
        narrowed = desk.get(unescape(href))
        main = narrowed.body[narrowed.body.index('id="count"') :]
        assert main.count(row) == int(count), href
        assert f"{count} " in narrowed.text


def test_tables_of_datasette_show_dates_and_sums_as_written(desk: Desk, ids: dict[str, str]) -> None:
    assert "1.723.000.000 đồng" in desk.get("/plans/budgets").text
    works = desk.get("/plans/works").text
    assert "05/02/2024" in works
    assert "05/02/2024 (1), 05/02/2023 (1)" in works
    row = desk.get(f"/plans/documents/{ids['province']}")
    assert "12/3/2024" in row.text
    assert {"href": f"{K}/document/{ids['province']}", "class": "button"} in row.all("a")
    assert "w-province" in desk.get("/plans/citations").body


@pytest.mark.parametrize(
    "path", ["/nothing", f"{K}/document/none", f"{K}/work/none", f"{K}/finding/none", f"{K}/nothing"]
)
def test_what_is_not_there_is_said_in_a_sentence(desk: Desk, path: str, capfd: pytest.CaptureFixture[str]) -> None:
    page = desk.get(path)
    assert page.status == 404
    assert "Không tìm thấy" in page.text
    assert "Traceback" not in capfd.readouterr().err


def test_a_document_is_found_by_its_hash_too(desk: Desk, ids: dict[str, str]) -> None:
    import hashlib

    digest = hashlib.sha256(desk_corpus.PROVINCE_PLAN.encode()).hexdigest()
    assert "Kế hoạch số 21/KH-UBND" in desk.get(f"{K}/document/{digest}").text


def test_all_links_hold_below_a_base_path(built: tuple[Path, dict[str, str]]) -> None:
    path, ids = built
    desk = Desk(path, "/audit/plans")
    try:
        facets = "/plans/citations?_size=1&_facet=relation&_where=id+is+not+null"
        below = ["/plans", "/plans/works", "/plans/works/w-decision", facets, f"{SQL_PAGE}?sql=select+1"]
        for address in [*every_page(ids), *below]:
            page = desk.get(address)  # the client puts the base path before it
            assert page.status == 200, address
            for tag, attributes in page.elements:
                for name in ("href", "src", "action", "data-suggest"):
                    target = attributes.get(name, "#")
                    assert target.startswith(("/audit/plans/", "#", "?")), (address, tag, target)
    finally:
        desk.close()


def test_rows_that_hold_nothing_but_their_ids_are_shown(tmp_path: Path) -> None:
    """A blank plan, a work nobody dated, a finding about something absent: the pages say what is known."""
    import sqlite3

    path = tmp_path / "plans.db"
    desk_corpus.make(path)
    with sqlite3.connect(path) as connection:
        connection.execute("insert into documents (id, sha256) values ('bare', ?)", ("b" * 64,))
        connection.execute("insert into works (id) values ('w-bare')")
        connection.execute("insert into findings (id, rule, severity) values ('f-bare', 'unheard', 'info')")
        connection.execute("insert into citations (id, document, work) values ('c-bare', 'bare', 'w-bare')")
        connection.execute("insert into deadlines (id, document) values ('d-bare', 'bare')")
        connection.execute("insert into budgets (id, document) values ('b-bare', 'bare')")
        connection.execute("insert into targets (id, document) values ('t-bare', 'bare')")
        connection.execute("insert into sections (id, document) values ('s-bare', 'bare')")
        connection.execute("insert into tables (id, document, rows) values ('tb-bare', 'bare', 'no json')")
        connection.execute("insert into unread (document) values ('bare')")
        connection.execute("insert into edges (source, target, relation) values ('w-bare', 'w-bare', 'implements')")
        connection.execute("insert into chains (document, hop, state) values ('bare', 1, 'missing')")
        connection.execute("insert into finding_evidence (finding, side) values ('f-bare', 0)")
        connection.execute("insert into runs (id) values (7)")
    connection.close()
    desk = Desk(path)
    try:
        own = [f"{K}/document/bare{rest}" for rest in ("", "/relations", "/chain")]
        lists = ["/", *(f"{K}/{name}" for name in LISTS)]
        for page in [*own, f"{K}/work/w-bare", f"{K}/work/w-bare/chain", f"{K}/finding/f-bare", *lists]:
            for language in ("vi", "en"):
                assert desk.get(f"{page}?lang={language}").status == 200, page
    finally:
        desk.close()


def test_the_build_page_lists_what_must_be_handled_with_care(
    built: tuple[Path, dict[str, str]], desk: Desk, tmp_path: Path
) -> None:
    assert "Không phát hiện văn bản nào." in desk.get(f"{K}/build?lang=vi").text
    db = tmp_path / "plans.db"
    shutil.copy(built[0], db)
    with sqlite3.connect(db) as connection:
        for ident, state in (("f-secret", "open"), ("f-dismissed", "dismissed")):
            values = (ident, "sensitive-data", built[1]["commune"], "Văn bản có dấu mật.", "It has a mark.", state)
            names = "id, rule, document, message_vi, message_en, state"
            connection.execute(f"insert into findings({names}) values (?, ?, ?, ?, ?, ?)", values)
    other = Desk(db)
    page = other.get(f"{K}/build?lang=vi")
    other.close()
    assert page.text.count("Văn bản có dấu mật.") == 1
    links = [link["href"] for link in page.all("a")]
    assert any("f-secret" in link for link in links)
    assert any(built[1]["commune"] in link for link in links)
    assert not any("f-dismissed" in link for link in links)


@pytest.mark.parametrize(
    "path, words",
    [
        ("/plans", "documents"),
        ("/plans/works?_sort=id", "4 dòng"),
        ("/plans/citations?_facet=relation", "Thực hiện 2"),
        ("/plans/works/w-decision", "2 dòng từ cột work của bảng citations"),
        (f"{SQL_PAGE}?sql=select+40+%2B+2+as+n", "42"),
        (f"{SQL_PAGE}?sql=select+:n+as+n&n=hai", "hai"),
        ("/-/plugins", "datasette_plugins.desk"),
        ("/plans/nothing", "Không tìm thấy"),
    ],
)
def test_pages_of_datasette_are_the_desks_own(desk: Desk, path: str, words: str) -> None:
    page = desk.get(path)
    assert words in page.text
    assert page.all("a", "brand"), "the desk's bar"
    assert not page.inline
    assert not page.all("style")
    assert {item["src"].split("?")[0] for item in page.all("script")} == {
        "/-/static-plugins/datasette_plugins.desk/desk.js"
    }


def test_what_is_hidden_and_how_tables_are_sorted_holds(desk: Desk) -> None:
    names = [item["href"] for item in desk.get("/plans").all("a")]
    assert "/plans/documents" in names
    assert not [name for name in names if "_fts" in name or "build_state" in name]
    page = desk.get("/plans/documents")
    days = re.findall(r'class="col-issued_on[^"]*"><span title="([0-9-]+)"', page.body)
    assert days == sorted(days, reverse=True)
    assert len(days) == 3
    assert "issued_on ▼" in page.text.replace("\xa0", " ")

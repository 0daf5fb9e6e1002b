"""The pages of the desk, asked in this process over a small corpus of invented documents."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import sqlite3
import string
import subprocess
import sys
import urllib.request
from html import unescape
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasette_plugins.desk import formats, names, sides
from datasette_plugins.desk.differences import differences
from datasette_plugins.desk.folding import folded
from datasette_plugins.desk.marks import Heading, Layers, Mark, PageBreak, render
from datasette_plugins.desk.relations import agree
from datasette_plugins.desk.searching import marked
from datasette_plugins.desk.security import with_language
from datasette_plugins.desk.words import Language, Words, entries
from datasette_plugins.desk.works import conflicting
from tests import desk_corpus
from tests.desk_client import SQL_PAGE, Desk, canonical
from tests.patience import SECONDS

PACKAGE = Path(__file__).resolve().parent.parent / "datasette_plugins"
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


def test_a_new_build_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "plans.db"
    desk_corpus.make(path)
    desk = Desk(path)
    try:
        assert "4 văn bản, nhắc" not in desk.get("/").text
        desk_corpus.make(tmp_path / "new.db", hostile=True)
        os.replace(tmp_path / "new.db", path)
        assert "4 văn bản, nhắc" in desk.get("/").text
        assert desk.get("/plans/documents").text.count("KH-UBND") > 4
    finally:
        desk.close()


def test_another_database_is_refused_in_a_sentence(tmp_path: Path) -> None:
    import sqlite3

    from datasette_plugins.desk.serve import check
    from extract.records import KehoachError

    other = tmp_path / "other.db"
    sqlite3.connect(other).execute("create table t(x)").connection.close()
    text = tmp_path / "text.db"
    text.write_text("no database at all, but long enough to have a header " * 20)
    for path, words in (
        (other, "not made by kehoach build"),
        (text, "cannot be opened"),
        (tmp_path / "no.db", "no data"),
    ):
        with pytest.raises(KehoachError, match=words):
            check(path)


def test_plugins_dir_serves_the_same_pages(built: tuple[Path, dict[str, str]], tmp_path: Path) -> None:
    """Datasette's own command executes every file in the folder: it must register once, with templates and static."""
    command = [shutil.which("datasette", path=str(Path(sys.executable).parent)) or "datasette"]
    for path, words in (
        (f"{K}/findings", "được viện dẫn với hai ngày"),
        ("/-/static-plugins/datasette_plugins.desk/desk.css", "--accent"),
    ):
        done = subprocess.run(
            [*command, str(built[0]), "--plugins-dir", str(PACKAGE), "--get", path],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert words in done.stdout


def test_importing_and_executing_the_plugin_registers_it_once() -> None:
    import runpy

    from datasette.plugins import pm

    from datasette_plugins import desk as package
    from datasette_plugins import kehoach_desk

    runpy.run_path(str(PACKAGE / "kehoach_desk.py"))
    assert kehoach_desk.desk is package
    assert list(pm.get_plugins()).count(package) == 1


def test_every_word_that_a_page_asks_for_is_there_in_both_languages() -> None:
    known = entries()
    for key, entry in known.items():
        assert entry["vi"].strip(), key
        assert entry["en"].strip(), key
        fields = [{name for _, name, _, _ in string.Formatter().parse(entry[lang]) if name} for lang in ("vi", "en")]
        assert fields[0] == fields[1], f"{key}: the languages fill other braces"
    sources = [*PACKAGE.rglob("*.html"), *PACKAGE.rglob("*.py")]
    for path in sources:
        for key in re.findall(
            r"""(?:\bt|words)\(\s*["']([a-z_]+(?:\.[a-z_]+)*)["']""", path.read_text(encoding="utf-8")
        ):
            assert key in known, f"{path.name} asks for {key}"


CODES = frozenset(
    "header kind severity state chain_state scope level relation relation_in budget source fund deadline_kind"
    " agency_role doc_type change build field did case_did case_state case_findings coverage_state"
    " part compared unread reason read_fault".split()
)


def test_no_word_is_left_over() -> None:
    """Words for the codes of the data apart, every word is asked for by some page."""
    text = "".join(path.read_text(encoding="utf-8") for end in ("html", "py") for path in PACKAGE.rglob(f"*.{end}"))
    left = [key for key in entries() if key.split(".")[0] not in CODES and not re.search(f"[\"']{key}[\"']", text)]
    assert left == []


def test_one_is_written_as_one() -> None:
    assert Words("en")("findings.count", n="1") == "1 finding"
    assert Words("en")("findings.count", n="2") == "2 findings"
    assert Words("vi").code("relation", "implements") == "Thực hiện"
    assert Words("vi").code("relation", "unheard") == "unheard"


@pytest.mark.parametrize(
    "value, vietnamese, english",
    [
        ("2024-06-24", "24/6/2024", "24 Jun 2024"),
        ("2024-04-01", "01/4/2024", "1 Apr 2024"),
        ("2024-01-30", "30/01/2024", "30 Jan 2024"),
        ("2023-02-05", "05/02/2023", "5 Feb 2023"),
        ("2024-10-09", "09/10/2024", "9 Oct 2024"),
        ("2021-10", "10/2021", "Oct 2021"),
        ("2021-02", "02/2021", "Feb 2021"),
        ("2021", "2021", "2021"),
        ("không rõ", "không rõ", "không rõ"),
        (None, "", ""),
    ],
)
def test_days_as_officials_write_them(value: str | None, vietnamese: str, english: str) -> None:
    assert formats.day(value) == vietnamese
    assert formats.day(value, "en") == english


@pytest.mark.parametrize(
    "low, high, text",
    [
        (1_723_000_000, None, "1.723.000.000 đồng"),
        (0, None, "0 đồng"),
        (5_000, 7_000, "5.000 – 7.000 đồng"),
        (None, None, ""),
        (-1_500, None, "-1.500 đồng"),
    ],
)
def test_sums_as_officials_write_them(low: int | None, high: int | None, text: str) -> None:
    assert formats.money(low, high) == text


def test_numbers_and_times() -> None:
    assert formats.number(12.5) == "12,5"
    assert formats.number(12.0) == "12"
    assert formats.number(1234567.25) == "1.234.567,25"
    assert formats.number(1234.5, "en") == "1,234.5"
    assert formats.moment("2024-12-31T18:30:00Z") == "01:30 ngày 01/01/2025"
    assert formats.moment("nonsense") == "nonsense"
    assert formats.percent(0.95) == "95%"


@pytest.mark.parametrize(
    "dates, result",
    [
        (["2024-04-01", "2023-04-01"], True),
        (["2024-04-01", "2024-04"], False),
        (["2024-04-01", "2024", "2024-04"], False),
        (["2024-04", "2024-05-01"], True),
        (["2024-04-01"], False),
        ([], False),
    ],
)
def test_dates_disagree_only_where_they_cannot_be_one_day(dates: list[str], result: bool) -> None:
    assert conflicting(dates) is result
    assert all(agree(date, date) for date in dates)


def plain(html: str) -> str:
    return unescape(re.sub(r"<[^>]*>", "", html))


def mark(key: str, start: int, end: int, kind: str = "citation") -> Mark:
    return Mark(key, kind, start, end, f"#c-{key}", key)


@pytest.mark.parametrize(
    "marks, pieces",
    [
        ([mark("a", 0, 3)], [("a", "abc")]),
        ([mark("a", 1, 4), mark("b", 3, 6)], [("a", "bc"), ("a b", "d"), ("b", "ef")]),
        ([mark("a", 0, 6), mark("b", 2, 4)], [("a", "ab"), ("a b", "cd"), ("a", "ef")]),
        ([mark("a", 2, 4), mark("b", 2, 4, "finding")], [("a b", "cd")]),
        ([mark("a", 4, 99)], [("a", "efgh")]),
        ([mark("a", 5, 5)], []),
    ],
    ids=["one", "overlapping", "within", "same place, the fact leads and names the finding", "past the end", "empty"],
)
def test_overlapping_marks(marks: list[Mark], pieces: list[tuple[str, str]]) -> None:
    html = render("abcdefgh", Layers(marks=marks))
    assert plain(html) == "abcdefgh"
    assert re.findall(r'data-f="([^"]*)" title="[^"]*">([^<]*)</a>', html) == pieces


@given(
    text=st.text(alphabet="ab <>&\"'\nđồ", max_size=60),
    spans=st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=8),
    heads=st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=4),
    breaks=st.lists(st.integers(0, 60), max_size=3),
)
def test_any_marks_leave_the_text_as_it_is(
    text: str, spans: list[tuple[int, int]], heads: list[tuple[int, int]], breaks: list[int]
) -> None:
    layers = Layers(
        marks=[mark(f"m{n}", start, end) for n, (start, end) in enumerate(spans)],
        headings=[Heading(f"h{n}", start, end, 1) for n, (start, end) in enumerate(heads)],
        breaks=[PageBreak(n + 2, start) for n, start in enumerate(breaks)],
    )
    html = render(text, layers)
    assert plain(html) == text
    assert html.count("<a ") == html.count("</a>")
    assert html.count("<span") == html.count("</span>")
    inside = re.sub(r"<a [^>]*>[^<]*</a>", "", html)
    assert "<a " not in inside


@pytest.mark.parametrize(
    "one, other, picked",
    [
        ("ngày 05/02/2023", "ngày 05/02/2024", (["2023"], ["2024"])),
        ("số 12/KH-UBND", "Số 12/KH-UBND", ([], [])),
        ("số 12/KH của UBND xã", "số 12/KH", (["của UBND xã"], [])),
        ("trước ngày 20/6/2024", "Châu Bình, tháng 7", ([], [])),
        ("", "", ([], [])),
        ("x " * 300, "y " * 300, ([], [])),
    ],
    ids=["a year", "capitals", "more words", "two sayings", "nothing", "too long"],
)
def test_what_two_sides_say_otherwise_is_picked_out(one: str, other: str, picked: tuple[list[str], list[str]]) -> None:
    spans = differences(one, other)
    assert ([one[a:b] for a, b in spans[0]], [other[a:b] for a, b in spans[1]]) == picked


def test_folding_keeps_the_length() -> None:
    assert folded("Đồng bằng QĐ-UBND") == "dong bang qd-ubnd"
    assert len(folded("ẤẾỘƯ ﬁ İ")) == len("ẤẾỘƯ ﬁ İ")


@pytest.mark.parametrize(
    "snippet, html",
    [
        ("a \x02b\x03 c", "a <mark>b</mark> c"),
        ("<i>\x02<b>\x03", "&lt;i&gt;<mark>&lt;b&gt;</mark>"),
        ("\x02open", "open"),
        ("shut\x03", "shut"),
        ("\x02a\x03\x02b\x03", "<mark>a</mark><mark>b</mark>"),
    ],
)
def test_snippets_are_text_with_marks(snippet: str, html: str) -> None:
    assert marked(snippet) == html


def start_serving(path: Path, port: str) -> tuple[subprocess.Popen[str], str]:
    """`kehoach serve` as a process of its own, and the first line that it prints."""
    process = subprocess.Popen(
        [sys.executable, "-m", "kehoach", "serve", str(path), "--port", port],
        cwd=PACKAGE.parent,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout is not None
    return process, process.stdout.readline()


@pytest.mark.skipif(os.name != "posix", reason="signals")
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
def test_serving_prints_its_address_and_stops_without_a_word(built: tuple[Path, dict[str, str]], name: str) -> None:
    process, line = start_serving(built[0], "0")
    address = line.strip()
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/", address)
    with urllib.request.urlopen(address, timeout=SECONDS) as answer:
        assert answer.status == 200, "who asks as soon as the address is printed waits for the answer"
    process.send_signal(getattr(signal, name))
    said, _ = process.communicate(timeout=SECONDS)
    assert process.returncode in (0, 130)
    assert "Traceback" not in said
    assert "Error" not in said


def test_a_port_that_is_taken_is_said_in_a_sentence(built: tuple[Path, dict[str, str]]) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        process, line = start_serving(built[0], str(other.getsockname()[1]))
        said, _ = process.communicate(timeout=SECONDS)
    assert process.returncode == 2
    assert "cannot listen on" in line
    assert "Traceback" not in said


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


def test_answers_leave_at_once_and_do_not_wait_for_the_readers_acknowledgement() -> None:
    """Headers and body go out apart; with Nagle's algorithm on, the second waits 40 ms for every page."""
    import asyncio

    from datasette_plugins.desk.serve import _listening

    async def told() -> int:
        sock = _listening("127.0.0.1", 0)
        seen: asyncio.Future[int] = asyncio.get_running_loop().create_future()

        async def answer(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            own = writer.get_extra_info("socket")
            seen.set_result(own.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
            writer.close()

        server = await asyncio.start_server(answer, sock=sock)
        async with server:
            _, writer = await asyncio.open_connection(*sock.getsockname())
            found = await seen
            writer.close()
            return found

    assert asyncio.run(told())


@pytest.mark.parametrize(
    "value, most, unit, said",
    [
        (75, None, "%", "75%"),
        (75.5, 80, "%", "75,5 – 80%"),
        (2, 3, "công trình", "2 – 3 công trình"),
        (4, 4, None, "4"),
    ],
)
def test_measures_with_their_units(value: float, most: float | None, unit: str | None, said: str) -> None:
    assert formats.measure(value, most, unit) == said


def test_a_document_without_its_day_is_named_by_the_month() -> None:
    row = {"doc_type": "KH", "code": "14/KH-UBND", "issuer": "UBND xã Bến Đò"}
    for date, vietnamese, english in (
        ("2025-11-03", "ngày 03/11/2025", "of 3 Nov 2025"),
        ("2025-11", "tháng 11/2025", "of Nov 2025"),
        ("2025", "năm 2025", "of 2025"),
    ):
        assert names.full({**row, "issued_on": date}, Words("vi")).split(" của ")[0].endswith(vietnamese)
        assert english in names.full({**row, "issued_on": date}, Words("en"))


@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_law_that_is_cited_by_its_name_tells_its_type_once(language: Language) -> None:
    row = {"doc_type": "LUAT", "name": "Luật Đất đai", "issued_on": "2013-11-29"}
    assert names.full(row, Words(language)).startswith("Luật Đất đai ")
    assert names.full({**row, "name": "về đất đai"}, Words("vi")).startswith("Luật về đất đai ")


NEAR = [
    pytest.param("1\n2\n3\n4\n5 NÓI 6\n7", "2\n3\n4\n5 NÓI 6\n7", False, id="before"),
    pytest.param("NÓI\n\n1\n2\n\n3\n4\n5", "NÓI\n\n1\n2\n\n3\n4", True, id="after"),
    pytest.param("\n\n \nđầu NÓI cuối\n\n \n", "đầu NÓI cuối", False, id="blank ends"),
    pytest.param("NÓI", "NÓI", False, id="alone"),
]


@pytest.mark.parametrize("text, shown, is_cut", NEAR)
def test_a_passage_is_kept_near_its_words(text: str, shown: str, is_cut: bool) -> None:
    at, begun = text.index("NÓI"), 100
    first, passage, cut = sides._near(text, begun, begun + at, begun + at + 3, False)
    assert (passage, cut) == (shown, is_cut)
    assert passage[begun + at - first :].startswith("NÓI"), "the offsets still fit"

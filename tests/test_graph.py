"""The graph: where works lie, what each picture shows, and that its table and its files say the same."""

from __future__ import annotations

import csv
import io
import json
import math
import re
import sqlite3
import subprocess
from html import unescape
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from corpus import graph
from corpus.graph import Node
from datasette_plugins.desk import graph_data
from tests import desk_corpus
from tests.desk_client import Desk, Page

ROOT = Path(__file__).resolve().parent.parent
SAMPLES = ROOT / "corpus" / "samples"
BUNDLE = ROOT / "tools" / "graph_bundle"
K = "/-/kehoach"
VIEWS = ("groups", "works", "whole")
QUERIES = (
    "view=groups",
    "view=groups&level=commune&type=KH",
    "view=groups&relation=implements",
    "view=groups&split=0",
    "view=works",
    "view=works&level=commune",
    "view=works&relation=legal_basis",
    "view=works&province=Lam+Kha&year=2024",
    "view=whole",
    "view=whole&level=province",
    "view=whole&relation=implements",
)


def drawn(desk: Desk, query: str) -> Any:
    return json.loads(desk.get(f"{K}/graph.json?{query}").body)


def rows_of(desk: Desk, query: str) -> list[str]:
    """The rows of the table, over all its pages."""
    found: list[str] = []
    for number in range(1, 100):
        page = desk.get(f"{K}/graph?{query}&page={number}")
        table = page.body.partition("<tbody>")[2]
        rows = re.findall(r"<tr>.*?</tr>", table, re.DOTALL)
        found += rows
        if 'rel="next"' not in page.body:
            return found
    raise AssertionError("the table does not end")


@pytest.mark.parametrize("query", QUERIES)
def test_picture_table_csv_and_graphml_say_the_same(desk: Desk, query: str) -> None:
    data = drawn(desk, query)
    ids = [node[0] for node in data["nodes"]]
    codes = [code for code, _ in data["relations"]]
    links = sorted((ids[s], ids[t], codes[kind], weight) for s, t, kind, weight in data["links"])
    assert links, query

    table = list(csv.DictReader(io.StringIO(desk.get(f"{K}/graph.csv?{query}").body)))
    assert sorted((row["source"], row["target"], row["relation"], int(row["weight"])) for row in table) == links

    space = {"g": "http://graphml.graphdrawing.org/xmlns"}
    tree = ElementTree.fromstring(desk.get(f"{K}/graph.graphml?{query}").body)
    assert [node.get("id") for node in tree.iterfind(".//g:node", space)] == ids
    found = [
        (edge.get("source"), edge.get("target"), {data.get("key"): data.text for data in edge})
        for edge in tree.iterfind(".//g:edge", space)
    ]
    assert sorted((s, t, data.get("relation", ""), int(data["weight"] or 0)) for s, t, data in found) == links

    rows = rows_of(desk, query)
    assert len(rows) == len(links)
    weights = [int(number) for row in rows for number in re.findall(r'class="num">(\d+)</td>', row)]
    assert sorted(weights) == sorted(weight for *_, weight in links)
    page = desk.get(f"{K}/graph?{query}").text
    assert f"{len(ids)} {'nhóm' if 'groups' in query else 'văn bản'}, {len(links)}" in page


def test_the_whole_corpus_holds_every_work_and_every_link(desk: Desk, database: Path) -> None:
    data = drawn(desk, "view=whole")
    connection = sqlite3.connect(database)
    works = {row[0] for row in connection.execute("select id from works")}
    edges = set(connection.execute("select source, target, relation, weight from edges"))
    connection.close()
    assert {node[0] for node in data["nodes"]} == works
    ids = [node[0] for node in data["nodes"]]
    assert {(ids[s], ids[t], data["relations"][kind][0], weight) for s, t, kind, weight in data["links"]} == edges
    assert sum(place[3] for place in data["places"]) == len(works)


def test_groups_count_what_they_hold_and_lead_into_it(desk: Desk, database: Path) -> None:
    data = drawn(desk, "view=groups&split=0")
    connection = sqlite3.connect(database)
    wanted = dict(
        connection.execute(
            "select coalesce(issuer_level, '-') || '/*/' || coalesce(doc_type, '-'), count(*) from works group by 1"
        )
    )
    connection.close()
    assert {node[0]: node[8] for node in data["nodes"]}.items() <= wanted.items()
    for node in data["nodes"]:
        inside = desk.get(node[11])
        assert inside.status == 200
        assert "Không có quan hệ nào" not in inside.text, node


def test_opening_a_group_tells_its_provinces_apart_and_then_its_works(tmp_path: Path) -> None:
    path = tmp_path / "plans.db"
    desk_corpus.make(path)
    connection = sqlite3.connect(path)
    connection.execute("update graph_nodes set province = 'Hà Lâm' where level = 'commune'")
    keys = '{"level":"commune","year":2024,"province":%s,"type":"KH","held":1}'
    connection.execute("delete from tallies where name = 'graph' and keys like '%commune%'")
    for province in ('"Hà Lâm"', '"An Trà"'):
        connection.execute("insert into tallies values ('graph', ?, 3)", (keys % province,))
    link = (
        '{"relation":"implements","source_level":"commune","source_province":%s,"source_type":"KH",'
        '"target_level":"district","target_province":null,"target_type":"KH"}'
    )
    for province in ('"Hà Lâm"', '"An Trà"'):
        connection.execute("insert into tallies values ('graph-links', ?, 5)", (link % province,))
    connection.commit()
    connection.close()
    desk = Desk(path)
    (commune,) = [node for node in drawn(desk, "view=groups&split=0")["nodes"] if node[0] == "commune/*/KH"]
    assert commune[8] == 6
    opened = desk.get(commune[11].replace("/graph?", "/graph.json?"))
    inside = [node for node in json.loads(opened.body)["nodes"] if node[0].startswith("commune/")]
    assert {node[0] for node in inside} == {"commune/Hà Lâm/KH", "commune/An Trà/KH"}
    assert all("view=works" in node[11] and "province=" in node[11] for node in inside)
    desk.close()


def test_around_a_work_stand_its_links_alone(desk: Desk, database: Path) -> None:
    connection = sqlite3.connect(database)
    (work,) = connection.execute("select work from graph_nodes where rank = 4").fetchone()
    near = {
        row[0]
        for row in connection.execute(
            "select target from edges where source = ? union select source from edges where target = ?", (work, work)
        )
    }
    connection.close()
    data = drawn(desk, f"view=works&work={work}")
    assert {node[0] for node in data["nodes"]} == near | {work}
    assert "Quanh" in desk.get(f"{K}/graph?work={work}").text


def test_a_picture_of_works_keeps_to_its_limit(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(graph_data, "FEW", 8)
    monkeypatch.setattr(graph_data, "_SEEDS", 4)
    for query in ("view=works", "view=works&province=Lam+Kha", "view=works&relation=implements"):
        assert 2 < len(drawn(desk, query)["nodes"]) <= 8
    assert "Xem tất cả trên bản đồ" in desk.get(f"{K}/graph?view=works").text
    monkeypatch.setattr(graph_data, "MANY", 9)
    data = drawn(desk, "view=whole&type=KH")
    assert len(data["nodes"]) == 9
    assert all(max(link[:2]) < 9 for link in data["links"])


@pytest.mark.parametrize(
    "query", ["view=works&work=nothing", "view=whole&province=%27--", "view=works&year=x&level=%00"]
)
def test_what_matches_nothing_is_said(desk: Desk, query: str) -> None:
    assert "Không có quan hệ nào như vậy" in desk.get(f"{K}/graph?{query}").text
    assert drawn(desk, query)["nodes"] == []
    ElementTree.fromstring(desk.get(f"{K}/graph.graphml?{query}").body)


def test_files_of_a_hostile_corpus_are_well_formed_and_run_nothing(tmp_path: Path) -> None:
    path = tmp_path / "plans.db"
    desk_corpus.make(path, hostile=True)
    connection = sqlite3.connect(path)
    connection.execute("update works set label = '=cmd|''/c calc''!A1', code = '=1+1' where id = 'w-hostile'")
    connection.execute("update works set issuer = char(0x0b) || '<b>' || char(0xfffe) where id = 'w-hostile'")
    connection.commit()
    connection.close()
    desk = Desk(path)
    ElementTree.fromstring(desk.get(f"{K}/graph.graphml?view=works").body)
    cells = [cell for row in csv.reader(io.StringIO(desk.get(f"{K}/graph.csv?view=works").body)) for cell in row]
    assert any(cell.startswith("'=cmd") for cell in cells)
    assert not [cell for cell in cells if cell[:1] in ("=", "+", "-", "@")]
    for name in ("graph.json", "graph.csv", "graph.graphml"):
        answer: Page = desk.get(f"{K}/{name}?view=works")
        assert "html" not in answer.headers["content-type"]
        assert answer.headers["x-content-type-options"] == "nosniff"
    desk.close()


def test_the_page_names_its_scripts_once_and_holds_none(desk: Desk) -> None:
    for view in VIEWS:
        page = desk.get(f"{K}/graph?view={view}")
        names = [re.sub(r"\?.*", "", item["src"]).rpartition("/")[2] for item in page.all("script")]
        assert names == ["desk.js", "graph-libs.js", "graph.js"]
        assert page.inline == []
        assert not re.search(r"<[^>]+\sstyle=", page.body)
        json.loads(unescape(page.all("figure", "graph-figure")[0]["data-words"]))
    assert "graph-libs" not in desk.get("/").body


def nodes(count: int, province: str, level: str) -> list[Node]:
    return [Node(f"{province}-{level}-{i}", level, "KH", province, 2024, 1, 1) for i in range(count)]


def test_places_are_the_same_each_time_and_no_two_works_lie_on_one_another() -> None:
    works = [
        *nodes(12, "", "central"),
        *(node for name in ("Hà Lâm", "An Trà", "Chu Giang") for node in (*nodes(8, name, "province"),)),
        *(node for name in ("Hà Lâm", "An Trà", "Chu Giang") for node in nodes(150, name, "commune")),
    ]
    parents = {rank: 12 + rank % 24 for rank in range(36, len(works))}
    places = graph.positions(works, parents)
    assert places == graph.positions(list(works), dict(parents))
    nearest = min(math.dist(one, other) for i, one in enumerate(places) for other in places[:i])
    assert nearest > 0.3
    discs = {
        name: [place for place, node in zip(places, works, strict=True) if node.province == name]
        for name in ("Hà Lâm", "An Trà", "Chu Giang")
    }
    middles = {
        name: tuple(sum(axis) / len(found) for axis in zip(*found, strict=True)) for name, found in discs.items()
    }
    for name, found in discs.items():
        own = max(math.dist(place, middles[name]) for place in found)
        others = [math.dist(place, middles[name]) for other in discs if other != name for place in discs[other]]
        assert own < min(others), "a disc reaches into another"


def test_provinces_of_any_number_keep_apart() -> None:
    for count in (1, 2, 5, 8, 9, 34, 63):
        works = [node for i in range(count) for node in nodes(3 + i, f"Tỉnh {i}", "province")]
        places = graph.positions(works, {})
        assert len(set(places)) == len(works)


def test_the_bundle_is_built_from_what_its_lock_file_names() -> None:
    lock = json.loads((BUNDLE / "package-lock.json").read_text(encoding="utf-8"))
    static = ROOT / "datasette_plugins" / "desk" / "static"
    script = (static / "graph-libs.js").read_text(encoding="utf-8")
    told = dict(re.findall(r"(@?[\w/.-]+)@(\d[\w.]*) \(MIT\)", script.partition("*/")[0]))
    assert {"cytoscape", "cytoscape-dagre", "@dagrejs/dagre", "graphology", "sigma"} <= set(told)
    for name, version in told.items():
        assert lock["packages"][f"node_modules/{name}"]["version"] == version
    assert not re.search(r"\bnew Function\b|[^.\w]eval\(|document\.write\(", script)
    licences = (static / "graph-libs.LICENSES.txt").read_text(encoding="utf-8")
    assert all(f"{name}@{version}" in licences for name, version in told.items())
    assert licences.count("Permission is hereby granted") >= len(told)


@pytest.mark.needs("node")
def test_the_scripts_of_the_graph_are_well_formed() -> None:
    for name in ("graph.js", "graph-libs.js"):
        path = ROOT / "datasette_plugins" / "desk" / "static" / name
        done = subprocess.run(["node", "--check", str(path)], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr

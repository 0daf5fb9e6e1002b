"""Exports: what is written can be read again, says where it came from, and hides what must be hidden."""

from __future__ import annotations

import csv
import json
import sqlite3
import zipfile
from pathlib import Path
from xml.etree import ElementTree as Xml

import click
import pytest

import corpus.export as exporting
from corpus import export_forms
from corpus.export import FACTS, Record, export, mask, records, to_parquet
from extract.records import KehoachError
from kehoach import main
from tests.corpus_kit import cites, made, stored

PLAN = {"doc_type": "KH", "code": "18/KH-UBND", "issuer": "UBND xã Khe Mây", "issuer_level": "commune",
        "issued_on": "2024-04-12", "title": "=Nước sạch", "signer": "Lò Văn Păn", "recipients": ("VT",)}  # fmt: skip
TEXT = """Kế hoạch nước sạch
1. Thực hiện Kế hoạch số 52/KH-UBND; CCCD 012345678901
2. Hạn cuối ngày 20/6, kinh phí 5 triệu"""


@pytest.fixture
def db(tmp_path: Path) -> Path:
    district = cites("52/KH-UBND", "KH", "2024-03-28", "UBND huyện Đan Lĩnh", "implements")
    document = made(
        TEXT,
        PLAN,
        citations=[("Kế hoạch số 52/KH-UBND; CCCD 012345678901", district)],
        deadlines=[("ngày 20/6", {"to_day": "2024-06-20"})],
        budgets=[("5 triệu", {"vnd": 5_000_000, "kind": "total"})],
    )
    memory = stored(document)
    memory.execute("update files set origin = 'https://vi.du/1'")
    memory.commit()
    path = tmp_path / "plans.db"
    file = sqlite3.connect(path)
    memory.backup(file)
    file.close()
    return path


@pytest.mark.parametrize("what", FACTS)
@pytest.mark.parametrize("form", ["csv", "jsonl", "xlsx", "parquet"])
def test_every_table_in_every_form(db: Path, tmp_path: Path, what: str, form: str) -> None:
    first, second = tmp_path / f"a.{form}", tmp_path / f"b.{form}"
    export(db, what, first)
    export(db, what, second)
    assert first.read_bytes() == second.read_bytes()


def test_parquet_keeps_types_hash_and_origin(db: Path, tmp_path: Path) -> None:
    import pyarrow.parquet as parquet

    export(db, "budgets", tmp_path / "b.parquet")
    (record,) = parquet.read_table(tmp_path / "b.parquet").to_pylist()
    assert (record["vnd"], record["origin"], len(record["document_sha256"])) == (5_000_000, "https://vi.du/1", 64)


def test_parquet_of_many_groups_whose_first_values_are_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import pyarrow.parquet as parquet

    monkeypatch.setattr(exporting, "_ROW_GROUP", 2)
    found: list[Record] = [{"a": None}, {"a": None}, {"a": 3}, {"a": 4}, {"a": None}]
    to_parquet(found, tmp_path / "a.parquet")
    assert parquet.read_table(tmp_path / "a.parquet")["a"].to_pylist() == [None, None, 3, 4, None]


def test_a_sheet_of_too_many_rows_is_refused(db: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exporting, "SHEET_ROWS", 2)
    export(db, "documents", tmp_path / "one.xlsx")
    monkeypatch.setattr(exporting, "SHEET_ROWS", 1)
    with pytest.raises(KehoachError, match="csv or parquet"):
        export(db, "documents", tmp_path / "two.xlsx")
    assert sorted(path.name for path in tmp_path.glob("*.xlsx")) == ["one.xlsx"]


def test_a_finding_bears_both_sides_with_hash_and_origin(db: Path, tmp_path: Path) -> None:
    with sqlite3.connect(db) as connection:
        (ident,) = connection.execute("select id from documents").fetchone()
        connection.execute("insert into findings(id, rule, document) values ('f', 'duplicate-code', ?)", (ident,))
        for side, quote in ((1, "số 012345678901"), (0, "52/KH-UBND")):
            connection.execute(
                'insert into finding_evidence(finding, side, document, fact, quote, start, "end") '
                "values ('f', ?, ?, 'x', ?, 0, 5)",
                (side, ident, quote),
            )
    export(db, "findings", tmp_path / "f.jsonl")
    found = [json.loads(line) for line in (tmp_path / "f.jsonl").read_text(encoding="utf-8").splitlines()]
    (record,) = [record for record in found if record["id"] == "f"]
    assert [side["quote"] for side in record["evidence"]] == ["52/KH-UBND", "số ████████████"]
    assert {(len(side["document_sha256"]), side["origin"]) for side in record["evidence"]} == {(64, "https://vi.du/1")}


SPECIAL = [("graph", "json"), ("graph", "graphml"), ("calendar", "ics"), ("metadata", "jsonl"), ("document", "xml")]


@pytest.mark.parametrize("what, form", SPECIAL)
def test_every_special_form_says_hash_and_origin_and_hides_numbers(
    db: Path, tmp_path: Path, what: str, form: str
) -> None:
    with sqlite3.connect(db) as connection:
        ident, sha256 = connection.execute("select id, sha256 from documents").fetchone()
        connection.execute("update documents set title = 'Hỗ trợ ông Mẫu, CCCD 012345678901'")
        connection.execute("update works set label = 'CCCD 012345678901' where document is not null")
        connection.execute("update deadlines set quote = 'CCCD 012345678901'")
    path = tmp_path / f"out.{form}"
    export(db, f"document:{ident}" if what == "document" else what, path)
    told = path.read_bytes().decode().replace("\r\n ", "")
    assert sha256 in told
    assert "https://vi.du/1" in told
    assert "012345678901" not in told
    assert "█" in told


def test_help_shows_every_export() -> None:
    command = main.commands["export"]
    shown = command.get_help(click.Context(command))
    for what in (*FACTS, *{what for what, _ in export_forms.SPECIAL}):
        assert what in shown
    for form in (*exporting.FORMATS, *{form for _, form in export_forms.SPECIAL}):
        assert form in shown


def test_json_lines_say_hash_and_origin(db: Path, tmp_path: Path) -> None:
    export(db, "budgets", tmp_path / "b.jsonl")
    (record,) = [json.loads(line) for line in (tmp_path / "b.jsonl").read_text(encoding="utf-8").splitlines()]
    assert record["vnd"] == 5_000_000
    assert len(record["document_sha256"]) == 64
    assert record["origin"] == "https://vi.du/1"


def test_csv_is_for_office_programs(db: Path, tmp_path: Path) -> None:
    export(db, "documents", tmp_path / "d.csv")
    assert (tmp_path / "d.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    with (tmp_path / "d.csv").open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert row["title"] == "'=Nước sạch", "a title must not run as a formula"
    assert row["issuer"] == "UBND xã Khe Mây"


def test_workbook_holds_numbers_and_texts(db: Path, tmp_path: Path) -> None:
    export(db, "budgets", tmp_path / "b.xlsx")
    with zipfile.ZipFile(tmp_path / "b.xlsx") as archive:
        names = archive.namelist()
        sheet = Xml.fromstring(archive.read("xl/worksheets/sheet1.xml"))
        for name in names:
            Xml.fromstring(archive.read(name))
    rows = sheet[0]
    assert len(rows) == 2
    assert "5000000" in {value.text for value in rows[1].iter() if value.tag.endswith("}v")}


def test_graph(db: Path, tmp_path: Path) -> None:
    export(db, "graph", tmp_path / "g.json")
    graph = json.loads((tmp_path / "g.json").read_text(encoding="utf-8"))
    assert [edge["relation"] for edge in graph["edges"]] == ["implements"]
    assert {node["code"] for node in graph["nodes"]} == {"18/KH-UBND", "52/KH-UBND"}
    export(db, "graph", tmp_path / "g.graphml")
    root = Xml.parse(tmp_path / "g.graphml").getroot()
    assert len([e for e in root.iter() if e.tag.endswith("}node")]) == 2


def test_calendar(db: Path, tmp_path: Path) -> None:
    export(db, "calendar", tmp_path / "c.ics")
    lines = (tmp_path / "c.ics").read_bytes().split(b"\r\n")
    assert b"DTSTART;VALUE=DATE:20240620" in lines
    assert all(len(line) <= 75 for line in lines)
    assert lines[0] == b"BEGIN:VCALENDAR"


def test_metadata_of_the_decree(db: Path, tmp_path: Path) -> None:
    export(db, "metadata", tmp_path / "m.jsonl")
    record = json.loads((tmp_path / "m.jsonl").read_text(encoding="utf-8"))
    assert record["organ_name"] == "UBND xã Khe Mây"
    assert record["issued_date"] == "2024-04-12"
    assert record["to_places"] == ["VT"]


def test_akoma_ntoso_holds_all_the_text(db: Path, tmp_path: Path) -> None:
    (ident,) = sqlite3.connect(db).execute("select id from documents").fetchone()
    export(db, f"document:{ident}", tmp_path / "d.xml")
    root = Xml.parse(tmp_path / "d.xml").getroot()
    paragraphs = [e.text or "" for e in root.iter() if e.tag.endswith("}p")]
    assert mask(" ".join(TEXT.split())) == " ".join(paragraphs[1:])
    assert len([e for e in root.iter() if e.tag.endswith("}num")]) == 2


@pytest.mark.parametrize(
    "text, hidden",
    [
        ("số 012345678901", "số ████████████"),
        ("CMND: 123456789", "CMND: █████████"),
        ("500000000 đồng", "500000000 đồng"),
        ("MẬT", "███"),
        ("MẬT ĐỘ DÂN SỐ", "MẬT ĐỘ DÂN SỐ"),
        ("sha256:7c012345678901af", "sha256:7c012345678901af"),
    ],
)
def test_mask(text: str, hidden: str) -> None:
    assert mask(text) == hidden


def test_quotes_are_masked(db: Path) -> None:
    connection = sqlite3.connect(db)
    (record,) = records(connection, "citations")
    assert "012345678901" not in str(record)


@pytest.mark.parametrize(
    "what, name, code",
    [
        ("secrets", "a.csv", "unknown-export"),
        ("findings", "a.doc", "unknown-format"),
        ("findings", "a", "unknown-format"),
        ("document:nobody", "a.xml", "not-found"),
    ],
)
def test_what_cannot_be_exported_is_told(db: Path, tmp_path: Path, what: str, name: str, code: str) -> None:
    with pytest.raises(KehoachError) as caught:
        export(db, what, tmp_path / name)
    assert caught.value.code == code


def test_no_database(tmp_path: Path) -> None:
    with pytest.raises(KehoachError, match="Build it first"):
        export(tmp_path / "none.db", "findings", tmp_path / "a.csv")

"""The sample corpus: its sources, twins, gold, files and lists agree, and show every finding they are meant to show."""

from __future__ import annotations

import csv
import json
import re
import subprocess
import sys
import unicodedata
import zipfile
from collections import Counter
from pathlib import Path

import pytest

from corpus.samples import build, markup
from tests.conftest import absent

SAMPLES = markup.FOLDER
NAMES = markup.names()
PAGED = [name for name in NAMES if markup.read_sample(name).file in ("pdf", "scan")]
UNPAGED = [name for name in NAMES if name not in PAGED]
FACTS = ("citations", "budgets", "deadlines", "assignments", "targets")
RELATIONS = {"legal_basis", "implements", "guided_by", "funded_by", "responds_to", "amends", "replaces", "repeals",
             "attached_to", "mentions"}  # fmt: skip
MIN_CORPUS_RULES = 10


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def twin(name: str) -> str:
    return (SAMPLES / "text" / f"{name}.txt").read_text(encoding="utf-8")


def gold(name: str) -> dict[str, list[dict[str, str]]]:
    loaded: dict[str, list[dict[str, str]]] = json.loads((SAMPLES / "gold" / f"{name}.json").read_text("utf-8"))
    return loaded


def words(text: str) -> Counter[str]:
    return Counter(re.findall(r"\w+", unicodedata.normalize("NFC", text)))


def test_every_kind_of_file_and_of_document_is_there() -> None:
    samples = [markup.read_sample(name) for name in NAMES]
    assert Counter(sample.file for sample in samples)["scan"] == 1
    assert {sample.file for sample in samples} == {"pdf", "scan", "docx", "html"}
    kinds = {name.split("-")[0] for name in NAMES}
    assert kinds >= {"qd", "kh", "cv", "ctr", "bc", "nq"}
    assert sum(name.startswith("kh-xa-") for name in NAMES) >= 4
    assert sum(name.startswith("kh-huyen-") for name in NAMES) >= 2


def test_folders_hold_one_of_each_and_nothing_else() -> None:
    assert sorted(path.stem for path in (SAMPLES / "text").iterdir()) == NAMES
    assert sorted(path.stem for path in (SAMPLES / "gold").iterdir()) == NAMES
    files = sorted(build.file_name(markup.read_sample(name)) for name in NAMES)
    assert sorted(path.name for path in (SAMPLES / "files").iterdir()) == files


@pytest.mark.parametrize("name", NAMES)
def test_twin_is_plain_nfc_text_marked_as_a_sample(name: str) -> None:
    text = twin(name)
    assert unicodedata.is_normalized("NFC", text)
    assert text.startswith(markup.NOTICE)
    assert "Văn bản mẫu" in text
    assert not set("{}|@~\r") & set(text)


@pytest.mark.parametrize("name", NAMES)
def test_twin_and_gold_are_those_of_the_source(name: str) -> None:
    sample = markup.read_sample(name)
    assert twin(name) == markup.twin(sample)
    assert gold(name) == json.loads(build.gold_text(sample))


@pytest.mark.parametrize("name", NAMES)
def test_gold_quotes_stand_in_the_twin_in_reading_order(name: str) -> None:
    text = twin(name)
    for area in FACTS:
        at = 0
        for fact in gold(name)[area]:
            found = text.find(fact["text"], at)
            assert found >= 0, (area, fact["text"])
            at = found
    at = 0
    for path, title, *_ in gold(name)["sections"]:
        at = text.find(title, at)
        assert at >= 0, (path, title)


@pytest.mark.parametrize("name", NAMES)
def test_gold_keeps_to_the_contract(name: str) -> None:
    annotation = gold(name)
    paths = [path for path, *_ in annotation["sections"]]
    for path, _title, *role in annotation["sections"]:
        depth = path.count("/") + 1
        assert bool(role) == (depth <= 2), (path, role)
    for citation in annotation["citations"]:
        assert citation["relation"] in RELATIONS
        assert bool(citation["code"]) != ("name" in citation)
    for fact in [*annotation["assignments"], *annotation["targets"]]:
        assert fact["section"] in paths
    for deadline in annotation["deadlines"]:
        key = {"recurring": "rrule", "relative": "duration"}.get(deadline["kind"], "to")
        assert deadline[key]
    for day in re.findall(r'"(?:from|to)": "([^"]+)"', json.dumps(annotation)):
        assert re.fullmatch(r"\d{4}-\d\d-\d\d", day)


def test_scorer_takes_the_gold(shared: Path, tmp_path: Path) -> None:
    predictions = tmp_path / "empty.jsonl"
    predictions.write_text("", encoding="utf-8")
    scorer = [sys.executable, str(shared / "contract" / "score.py"), str(SAMPLES / "gold"), str(predictions)]
    shown = subprocess.run(scorer, capture_output=True, text=True, encoding="utf-8")
    assert shown.returncode == 0, shown.stderr
    assert shown.stdout.startswith(f"{len(NAMES)} gold documents, 0 predicted")


def test_planted_findings_name_words_of_their_documents() -> None:
    for row in rows(SAMPLES / "FINDINGS.csv"):
        assert row["quote"] in twin(row["document"]), row
        assert row["why"].strip(), row
        assert row["other"] in {"", *NAMES} - {row["document"]}, row


def test_planted_findings_of_documents_are_those_of_the_gold() -> None:
    planted = {(row["document"], row["rule"]) for row in rows(SAMPLES / "FINDINGS.csv") if row["scope"] == "document"}
    held = {(name, str(rule)) for name in NAMES for rule in gold(name)["findings"]}
    assert planted == held


def test_planted_findings_show_every_annotated_rule_and_ten_of_the_corpus(shared: Path) -> None:
    declared = {row["id"]: row for row in rows(shared / "contract" / "rules.csv")}
    planted = {row["rule"]: row["scope"] for row in rows(SAMPLES / "FINDINGS.csv")}
    for rule, scope in planted.items():
        assert declared[rule]["scope"] == scope
    assert {rule for rule, row in declared.items() if row["annotated"] == "yes"} <= planted.keys()
    assert sum(scope == "corpus" for scope in planted.values()) >= MIN_CORPUS_RULES


def test_manifest_names_every_file_once() -> None:
    listed = rows(SAMPLES / "manifest.csv")
    assert list(listed[0]) == ["path", "address", "supplier", "received"]
    assert sorted(row["path"] for row in listed) == sorted(
        f"files/{path.name}" for path in (SAMPLES / "files").iterdir()
    )
    for row in listed:
        assert row["supplier"]
        issued = markup.read_sample(Path(row["path"]).stem).gold["header"]["issued_on"]  # type: ignore[call-overload,index]
        assert str(issued) < row["received"], "received before it was issued"


def test_units_hang_together() -> None:
    units = rows(SAMPLES / "units.csv")
    assert list(units[0]) == ["level", "type", "name", "province", "district", "valid_from", "valid_to", "successor"]
    provinces = {unit["name"] for unit in units if unit["level"] == "province"}
    districts = {unit["name"] for unit in units if unit["level"] == "district"}
    communes = {f"{unit['type']} {unit['name']}": unit for unit in units if unit["level"] == "commune"}
    for unit in units:
        assert unit["level"] == "province" or unit["province"] in provinces
        assert not unit["district"] or unit["district"] in districts
    assert all(unit["valid_to"] == "2025-06-30" for unit in units if unit["level"] == "district")
    for commune in communes.values():
        assert bool(commune["successor"]) == (commune["valid_to"] == "2025-06-30")
        if commune["successor"]:
            assert communes[commune["successor"]]["valid_from"] == "2025-07-01"


@pytest.mark.parametrize("name", UNPAGED)
def test_rebuilding_gives_the_same_file(name: str) -> None:
    sample = markup.read_sample(name)
    built, kept = build.file_bytes(sample), (SAMPLES / "files" / build.file_name(sample)).read_bytes()
    if sample.file == "docx":  # entries, not the archive: another zlib compresses to other bytes
        assert unzipped(built) == unzipped(kept)
        assert built == build.file_bytes(sample)
    else:
        assert built == kept


def unzipped(data: bytes) -> dict[str, tuple[bytes, tuple[int, ...]]]:
    import io

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {entry.filename: (archive.read(entry), entry.date_time) for entry in archive.infolist()}


@pytest.mark.parametrize("name", PAGED)
def test_rebuilding_a_pdf_twice_gives_the_same_bytes(name: str) -> None:
    from corpus.samples.make_pdf import FontsMissingError, font_folder

    try:
        font_folder()
    except FontsMissingError as fault:
        absent(str(fault))
    sample = markup.read_sample(name)
    first = build.file_bytes(sample)
    assert first == build.file_bytes(sample)
    assert pdf_words(first) == pdf_words((SAMPLES / "files" / build.file_name(sample)).read_bytes())


def pdf_words(data: bytes) -> Counter[str]:
    import pypdfium2

    document = pypdfium2.PdfDocument(data)
    pages = [document[i].get_textpage().get_text_bounded() for i in range(len(document))]
    document.close()
    return words("\n".join(pages))


@pytest.mark.parametrize("name", [name for name in PAGED if markup.read_sample(name).file == "pdf"])
def test_pdf_holds_the_words_of_its_twin(name: str) -> None:
    held = pdf_words((SAMPLES / "files" / f"{name}.pdf").read_bytes())
    missing = words(twin(name)) - held
    assert not missing, missing


def test_scan_has_no_text_layer() -> None:
    scans = [name for name in PAGED if markup.read_sample(name).file == "scan"]
    assert [pdf_words((SAMPLES / "files" / f"{name}.pdf").read_bytes()) for name in scans] == [Counter()]


@pytest.mark.parametrize("name", [name for name in UNPAGED if markup.read_sample(name).file == "docx"])
def test_docx_numbers_its_units_automatically(name: str) -> None:
    with zipfile.ZipFile(SAMPLES / "files" / f"{name}.docx") as archive:
        body = archive.read("word/document.xml").decode()
    sections = [section for section in markup.read_sample(name).blocks if section.kind == "section"]
    assert body.count("<w:numId ") == len(sections)
    for section in sections:
        assert f">{section.text}<" not in body, "the marker is typed into the text"


@pytest.mark.parametrize("name", [name for name in UNPAGED if markup.read_sample(name).file == "html"])
def test_page_holds_the_words_of_its_twin_and_a_site_around_them(name: str) -> None:
    page = (SAMPLES / "files" / f"{name}.html").read_text(encoding="utf-8")
    shown = words(re.sub(r"<[^>]+>", " ", page))
    assert not words(twin(name)) - shown
    assert "<nav>" in page
    assert "<footer>" in page


def test_the_extraction_of_every_twin_is_its_gold(shared: Path, tmp_path: Path) -> None:
    """Every figure of the scorer is 1.0: the sample corpus is held to exactly, not nearly."""
    from extract.pipeline import extract
    from extract.readers import read
    from extract.serialise import to_json
    from rules.units import load_units

    units = load_units(SAMPLES / "units.csv")
    predicted = tmp_path / "predicted.jsonl"
    with predicted.open("w", encoding="utf-8") as file:
        for path in sorted((SAMPLES / "text").glob("*.txt")):
            file.write(json.dumps(to_json(extract(read(path), units)), ensure_ascii=False) + "\n")
    command = [sys.executable, str(shared / "contract" / "score.py"), str(SAMPLES / "gold"), str(predicted)]
    done = subprocess.run([*command, "--json"], capture_output=True, text=True, check=True)
    below = {name: row["f1"] for name, row in json.loads(done.stdout).items() if row["f1"] not in (None, 1.0)}
    assert below == {}

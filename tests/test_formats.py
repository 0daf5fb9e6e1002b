"""From a file come the same facts as from the clean text of its document; automatic numbers are those that show."""

from __future__ import annotations

import re
import subprocess
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from bench import formats
from extract.pipeline import extract
from extract.readers import read
from extract.records import Source
from extract.serialise import to_json
from tests.conftest import Needs
from tests.patience import SECONDS


@pytest.mark.parametrize("kind", formats.KINDS)
def test_files_of_a_kind_give_the_facts_of_their_texts(kind: str, shared: Path, needs: Needs) -> None:
    if kind == "doc":
        needs("soffice")
    pairs = formats.files(kind)
    assert len(pairs) >= 3, f"there are no files to measure in {shared}"
    found = [item for path, text in pairs for item in formats.compare(path.name, _facts(text), _facts(path))]
    differ = [str(item) for item in found if not item.is_left_out]
    assert len(differ) <= formats.MOST, differ


@cache
def _facts(path: Path) -> formats.Json:
    return formats.extracted(path)


HEAD = "UBND XÃ KHE MÂY\nSố: 12/KH-UBND\nKhe Mây, ngày 05 tháng 3 năm 2024\nKẾ HOẠCH\nNước sạch\n"
TEXT = HEAD + "Căn cứ Luật Đất đai ngày 18/01/2024;\nTổng kinh phí 20 triệu đồng.\n"


def _alike(text: str) -> formats.Json:
    return to_json(extract(Source(path="a.txt", sha256="0", media_type="text/plain", text=text)))


DIFFERENCES = [
    ("the same", TEXT, TEXT, []),
    ("another sum", TEXT, TEXT.replace("20 triệu", "30 triệu"), [("budget", False), ("budget", False)]),
    ("a line less", TEXT, TEXT.replace("Tổng kinh phí 20 triệu đồng.\n", ""), [("budget", False)]),
    ("another day", TEXT, TEXT.replace("18/01/2024", "19/01/2024"), [("citation", False)]),
    ("a letter of the letterhead", TEXT, TEXT.replace("12/KH", "17/KH"), [("code", False)]),
    ("a text without its number", TEXT.replace("Số: 12/KH-UBND\n", ""), TEXT, [("code", True), ("symbol", True)]),
    ("a file without its number", TEXT, TEXT.replace("Số: 12/KH-UBND\n", ""), [("code", False), ("symbol", False)]),
]


@pytest.mark.parametrize(("name", "text", "file", "wanted"), DIFFERENCES, ids=[case[0] for case in DIFFERENCES])
@pytest.mark.usefixtures("shared")
def test_what_differs_is_told(name: str, text: str, file: str, wanted: list[tuple[str, bool]]) -> None:
    found = formats.compare(name, _alike(text), _alike(file))
    assert [(item.fact, item.is_left_out) for item in found] == wanted


@pytest.mark.needs("soffice")
def test_automatic_numbers_are_those_that_libreoffice_shows(shared: Path, tmp_path: Path) -> None:
    path = shared / "corpus" / "binary" / "038.docx"
    profile = (tmp_path / "profile").as_uri()
    command = ["soffice", f"-env:UserInstallation={profile}", "--headless", "--convert-to", "txt:Text (encoded):UTF8"]
    subprocess.run([*command, "--outdir", str(tmp_path), str(path)], check=True, capture_output=True, timeout=SECONDS)
    shown = _paragraphs((tmp_path / "038.txt").read_text(encoding="utf-8-sig"))
    source = read(path)
    notes = min(mark.start for mark in source.marks if mark.kind == "footnote")
    ours = _paragraphs(source.text[:notes])
    assert len(shown) > 300
    assert [_without_notes(line) for line in ours] == [_without_notes(line) for line in shown]


def _paragraphs(text: str) -> list[str]:
    """The paragraphs that hold words; LibreOffice shows a bullet as a dot."""
    lines = (" ".join(line.split()) for line in text.splitlines())
    return ["- " + line[2:] if line.startswith("• ") else line for line in lines if line]


def _without_notes(line: str) -> str:
    """A paragraph without the signs that LibreOffice puts for its notes: digits behind digits, far from its number."""
    return line[:40] + re.sub(r"\d", "", line[40:])


@pytest.mark.needs("tesseract")
def test_a_scan_gives_most_of_its_citations_and_says_what_is_doubtful(shared: Path) -> None:
    source = read(shared / "corpus" / "binary" / "112.pdf")
    document = extract(source)
    clean = extract(read(shared / "corpus" / "dev" / "112.txt"))
    wanted = Counter((c.code, c.issued_on) for c in clean.citations)
    found = Counter((c.code, c.issued_on) for c in document.citations)
    assert 2 * (wanted & found).total() / (wanted.total() + found.total()) >= 0.85
    for citation in document.citations:
        assert (citation.code, citation.issued_on) in wanted or {"code", "issued_on"} & {*citation.uncertain}, (
            citation.code
        )
    unreadable = {mark.note for mark in source.marks if mark.kind == "unreadable"}
    assert unreadable == {"number", "issued_on"}
    assert set(document.header.unreadable) == {"number", "code", "issued_on"}
    assert (document.header.number, document.header.code, document.header.issued_on) == (None, None, None)
    assert document.header.symbol
    assert not {"number-missing", "date-incomplete"} & {finding.rule for finding in document.findings}

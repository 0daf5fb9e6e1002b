"""Building: files in, one whole database out; what cannot be read is told and harms nothing else."""

from __future__ import annotations

import csv
import errno
import hashlib
import json
import os
import shutil
import sqlite3
from pathlib import Path

import pytest

from corpus.build import BuildReport, build
from corpus.inputs import find_files, read_manifest
from corpus.store import original_path
from extract.records import Document, Header, KehoachError, Source
from tests.corpus_kit import SAMPLES

PLAN = """ỦY BAN NHÂN DÂN
XÃ KHE MÂY
Số: {number}/KH-UBND
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
Khe Mây, ngày 12 tháng 4 năm 2024

KẾ HOẠCH
Thực hiện việc thứ {number} năm 2024

Thực hiện Kế hoạch số 52/KH-UBND ngày 28 tháng 3 năm 2024 của Ủy ban nhân dân huyện Đan Lĩnh, xã lập kế hoạch:
I. MỤC ĐÍCH
Làm xong việc thứ {number} trong năm.
II. KINH PHÍ
Tổng kinh phí là {number}.000.000 đồng.

Nơi nhận:
- Lưu: VT.
TM. ỦY BAN NHÂN DÂN
CHỦ TỊCH
Lò Văn Păn
"""


def fill(folder: Path, count: int = 4) -> Path:
    folder.mkdir(exist_ok=True)
    for number in range(1, count + 1):
        (folder / f"{number:03}.txt").write_text(PLAN.format(number=number), encoding="utf-8")
    return folder


def rows(report: BuildReport, sql: str) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(report.db)
    try:
        return connection.execute(sql).fetchall()
    finally:
        connection.close()


def dies(data: bytes, name: str) -> Document:
    """Stands for a parser that takes its process down."""
    if b"die" in data:
        os._exit(9)
    source = Source(path=name, sha256=hashlib.sha256(data).hexdigest(), media_type="text/plain", text="Kế hoạch")
    return Document(source=source, header=Header(doc_type="KH"))


def raises(data: bytes, name: str) -> Document:
    """Stands for a finder with a fault."""
    if b"bad" in data:
        raise ZeroDivisionError("nothing to divide by")
    return dies(data, name)


class TestWhole:
    @pytest.mark.parametrize("workers", [1, 2])
    def test_files_become_documents(self, tmp_path: Path, workers: int) -> None:
        report = build([fill(tmp_path / "in")], tmp_path / "plans.db", workers=workers)
        assert (report.documents, report.failed, report.files) == (4, 0, 4)
        assert rows(report, "select count(*) from files") == [(4,)]
        assert {row[0] for row in rows(report, "select code from documents")} == {f"{n}/KH-UBND" for n in range(1, 5)}
        assert rows(report, "pragma foreign_key_check") == []
        assert rows(report, "pragma integrity_check") == [("ok",)]

    def test_as_many_workers_give_the_same(self, tmp_path: Path) -> None:
        folder = fill(tmp_path / "in", 9)
        dumps = []
        for workers in (1, 2):
            report = build([folder], tmp_path / f"{workers}.db", workers=workers)
            tables = ("documents", "citations", "works", "links", "findings", "chains")
            dropped = "built_at"
            dumps.append(
                [
                    [tuple(v for k, v in row.items() if k != dropped) for row in _dicts(report.db, table)]
                    for table in tables
                ]
            )
        assert dumps[0] == dumps[1]

    def test_originals_are_kept_by_their_hash(self, tmp_path: Path) -> None:
        folder = fill(tmp_path / "in", 1)
        report = build([folder], tmp_path / "plans.db", workers=1)
        ((sha256,),) = rows(report, "select sha256 from documents")
        kept = original_path(tmp_path / "plans.files", str(sha256))
        assert kept.read_bytes() == (folder / "001.txt").read_bytes()

    def test_copies_are_one_document_with_two_paths(self, tmp_path: Path) -> None:
        folder = fill(tmp_path / "in", 1)
        shutil.copy(folder / "001.txt", folder / "copy.txt")
        report = build([folder], tmp_path / "plans.db", workers=1)
        assert rows(report, "select count(*), count(distinct document) from files") == [(2, 1)]

    def test_manifest_tells_where_files_came_from(self, tmp_path: Path) -> None:
        folder = fill(tmp_path / "in", 1)
        manifest = tmp_path / "manifest.csv"
        manifest.write_text(
            "path,address,supplier,received\nin/001.txt,https://vi.du/1,Văn phòng,2024-05-02\n", encoding="utf-8"
        )
        report = build([folder], tmp_path / "plans.db", manifest=manifest, workers=1)
        assert rows(report, "select origin, supplier, received from files") == [
            ("https://vi.du/1", "Văn phòng", "2024-05-02")
        ]

    def test_search_index_and_run_are_there(self, tmp_path: Path) -> None:
        report = build([fill(tmp_path / "in")], tmp_path / "plans.db", workers=1)
        assert rows(report, "select count(*) from documents_fts where documents_fts match 'khe AND may'") == [(4,)]
        ((documents, failed, options),) = rows(report, "select documents, failed, options from runs")
        assert (documents, failed) == (4, 0)
        assert json.loads(str(options)) == {"units": None, "manifest": False}

    def test_progress_is_told(self, tmp_path: Path) -> None:
        told: list[tuple[str, int, int]] = []
        build([fill(tmp_path / "in")], tmp_path / "plans.db", workers=1, progress=lambda *said: told.append(said))
        assert ("read", 4, 4) in told
        assert [stage for stage, *_ in told if stage != "read"] == ["link", "chain", "index", "audit", "overview"]


def _dicts(db: Path, table: str) -> list[dict[str, object]]:
    connection = sqlite3.connect(db)
    connection.row_factory = sqlite3.Row
    found = [dict(row) for row in connection.execute(f'select * from "{table}" order by 1, 2, 3')]
    connection.close()
    return found


class TestFailures:
    def test_a_bad_file_is_told_and_the_others_go_on(self, tmp_path: Path) -> None:
        folder = fill(tmp_path / "in")
        (folder / "empty.txt").write_bytes(b"")
        (folder / "noise.pdf").write_bytes(bytes(range(256)) * 40)
        report = build([folder], tmp_path / "plans.db", workers=1)
        assert (report.documents, report.failed) == (4, 2)
        assert (str(folder / "empty.txt"), "empty-file") in rows(report, "select path, code from errors")
        assert all(message for _, _, message in report.errors)

    def test_a_worker_that_dies_costs_one_file(self, tmp_path: Path) -> None:
        folder = tmp_path / "in"
        folder.mkdir()
        for i in range(6):
            (folder / f"{i}.txt").write_text("die" if i == 3 else f"text {i}")
        report = build([folder], tmp_path / "plans.db", workers=2, extract=dies)
        assert (report.documents, report.failed) == (5, 1)
        assert report.errors[0][:2] == (str(folder / "3.txt"), "crashed")

    def test_a_fault_of_the_program_costs_one_file(self, tmp_path: Path) -> None:
        (tmp_path / "a.txt").write_text("bad")
        (tmp_path / "b.txt").write_text("good")
        report = build([tmp_path / "a.txt", tmp_path / "b.txt"], tmp_path / "plans.db", workers=1, extract=raises)
        ((_, code, message),) = report.errors
        assert code == "internal-error"
        assert "ZeroDivisionError" in message


class TestRefusals:
    def refused(self, *paths: Path, db: Path, manifest: Path | None = None) -> str:
        before = sorted(os.listdir(db.parent)) if db.parent.is_dir() else None
        with pytest.raises(KehoachError) as caught:
            build(paths, db, manifest=manifest, workers=1)
        if before is not None:
            assert sorted(os.listdir(db.parent)) == before, "something half-written was left"
        assert caught.value.message
        return caught.value.code

    def test_nothing_to_read(self, tmp_path: Path) -> None:
        (tmp_path / "in").mkdir()
        assert self.refused(tmp_path / "in", db=tmp_path / "plans.db") == "nothing-to-read"

    def test_only_what_cannot_be_read(self, tmp_path: Path) -> None:
        (tmp_path / "noise.txt").write_bytes(bytes(range(256)) * 40)
        assert self.refused(tmp_path / "noise.txt", db=tmp_path / "plans.db") == "nothing-readable"

    def test_no_such_path(self, tmp_path: Path) -> None:
        assert self.refused(tmp_path / "none", db=tmp_path / "plans.db") == "not-found"

    def test_no_such_folder_for_the_database(self, tmp_path: Path) -> None:
        assert self.refused(fill(tmp_path / "in"), db=tmp_path / "none" / "plans.db") == "no-folder"

    def test_database_is_a_directory(self, tmp_path: Path) -> None:
        (tmp_path / "plans.db").mkdir()
        assert self.refused(fill(tmp_path / "in"), db=tmp_path / "plans.db") == "is-directory"

    def test_another_file_in_its_place_is_left_alone(self, tmp_path: Path) -> None:
        (tmp_path / "plans.db").write_text("a letter to a friend, long enough to be one")
        assert self.refused(fill(tmp_path / "in"), db=tmp_path / "plans.db") == "not-a-database"

    def test_folder_that_cannot_be_written(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("corpus.inputs.os.access", lambda path, mode: False)  # root may write anywhere
        assert self.refused(fill(tmp_path / "in"), db=tmp_path / "plans.db") == "cannot-write"

    def test_no_room_for_originals(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def full(folder: Path, sha256: str, data: bytes) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

        monkeypatch.setattr("corpus.reading.keep_original", full)
        assert self.refused(fill(tmp_path / "in"), db=tmp_path / "plans.db") == "disk-full"

    def test_manifest_without_paths(self, tmp_path: Path) -> None:
        folder = fill(tmp_path / "in")
        manifest = tmp_path / "manifest.csv"
        manifest.write_text("address\nhttps://vi.du\n")
        assert self.refused(folder, db=tmp_path / "plans.db", manifest=manifest) == "bad-manifest"

    def test_a_failed_build_leaves_the_old_database(self, tmp_path: Path) -> None:
        report = build([fill(tmp_path / "in")], tmp_path / "plans.db", workers=1)
        before = report.db.read_bytes()
        (tmp_path / "bad").mkdir()
        (tmp_path / "bad" / "x.txt").write_bytes(b"")
        with pytest.raises(KehoachError):
            build([tmp_path / "bad"], report.db, workers=1)
        assert report.db.read_bytes() == before
        assert (tmp_path / "plans.files").is_dir()


def test_a_reader_of_the_old_database_is_not_disturbed(tmp_path: Path) -> None:
    report = build([fill(tmp_path / "in", 2)], tmp_path / "plans.db", workers=1)
    reader = sqlite3.connect(f"file:{report.db}?mode=ro", uri=True)
    assert reader.execute("select count(*) from documents").fetchone() == (2,)
    build([fill(tmp_path / "in", 4)], tmp_path / "plans.db", workers=1)
    assert reader.execute("select count(*) from documents").fetchone() == (2,)
    assert rows(report, "select count(*) from documents") == [(4,)]


def test_walk_is_in_a_fixed_order_and_leaves_out_what_is_hidden(tmp_path: Path) -> None:
    for name in ("b/2.txt", "a/1.md", ".git/x.txt", "plans.files/ab/y.txt", "a/.z.txt", "c.jpg"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x")
    assert find_files([tmp_path]) == (str(tmp_path / "a/1.md"), str(tmp_path / "b/2.txt"))


def test_manifest_paths_are_relative_to_it(tmp_path: Path) -> None:
    path = tmp_path / "m.csv"
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([["path", "address", "supplier", "received"], ["x/1.txt", "a", "b", "c"]])
    assert read_manifest(path)[str(tmp_path / "x/1.txt")] == ("a", "b", "c")


def test_samples_as_offices_send_them(tmp_path: Path) -> None:
    report = build([SAMPLES / "text"], tmp_path / "plans.db", units=SAMPLES / "units.csv", workers=2)
    assert (report.documents, report.failed) == (18, 0)


def test_seeds_show_their_chain_and_their_conflict(shared: Path, tmp_path: Path) -> None:
    report = build([shared / "corpus" / "seeds"], tmp_path / "seeds.db", workers=1)
    chain = rows(
        report,
        """select w.label, c.relation from chains c join works w on w.id = c.work join documents d on d.id = c.document
           where d.issuer = 'UBND xã Hoằng Cát' and c.hop = 1 order by c.via""",
    )
    labels = {str(label) for label, relation in chain if relation == "implements"}
    wanted = {("93/KH-UBND", "huyện Hoằng Hóa"), ("77/KH-UBND", "tỉnh Thanh Hóa"), ("30-KH/TU", "ủy Thanh Hóa")}
    assert all(any(code in label and body in label for label in labels) for code, body in wanted)
    relations = rows(
        report,
        """select distinct c.relation from citations c join documents d on d.id = c.document
           where d.issuer = 'UBND xã Hoằng Cát' and c.code = '1277/QĐ-UBND'""",
    )
    assert {relation for (relation,) in relations} == {"legal_basis", "funded_by"}
    ((dates,),) = rows(report, "select dates from works where code = '1277/QĐ-UBND'")
    assert set(json.loads(str(dates))) == {"2023-04-01", "2024-04-01"}
    evidence = rows(
        report,
        """select count(distinct e.document) from finding_evidence e join findings f on f.id = e.finding
           where f.rule = 'citation-date-conflict'""",
    )
    assert evidence == [(2,)]


class TestSensitive:
    def test_secrecy_marks_and_personal_numbers_are_warned_of(self, tmp_path: Path) -> None:
        folder = fill(tmp_path / "in", 3)
        secret, personal = folder / "001.txt", folder / "002.txt"
        secret.write_text("MẬT\n" + secret.read_text(encoding="utf-8"), encoding="utf-8")
        words = personal.read_text(encoding="utf-8").replace(
            "Làm xong", "Ông Lò Văn Mẫu, CCCD số 001099012345, làm xong"
        )
        personal.write_text(words, encoding="utf-8")
        report = build([folder], tmp_path / "plans.db", workers=1)
        assert [(Path(warned.path).name, warned.message_en.split(" / ")[1][:8]) for warned in report.sensitive] == [
            ("001.txt", "a secrec"),
            ("002.txt", "personal"),
        ]

    def test_nothing_is_warned_of_where_nothing_is(self, tmp_path: Path) -> None:
        assert build([fill(tmp_path / "in", 1)], tmp_path / "plans.db", workers=1).sensitive == ()

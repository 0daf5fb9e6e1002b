"""Incremental builds: only what changed is read, and the result is that of one undisturbed build."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

import corpus.build
import extract
import rules
from bench.generate import write
from corpus.aside import Stamp
from corpus.build import BuildReport, build
from corpus.code import digest, digest_of
from corpus.export import FACTS, records
from corpus.graph_apart import drawn_apart
from corpus.schema import BY_NAME
from extract.records import KehoachError

TABLES = (*FACTS, "tables", "edges", "chains", "files", "finding_evidence")


def dump(db: Path) -> dict[str, list[tuple[object, ...]]]:
    """All that a corpus holds, in an order of its own: what two builds of one corpus must agree in."""
    connection = sqlite3.connect(db)
    try:
        out: dict[str, list[tuple[object, ...]]] = {
            what: [tuple(record.values()) for record in records(connection, what)] for what in FACTS
        }
        for table in TABLES[len(FACTS) :]:
            columns = ", ".join(f'"{name}"' for name in BY_NAME[table].column_types)
            out[table] = sorted(connection.execute(f'select {columns} from "{table}"'), key=repr)
        links = "select citation, document, work, relation, score, reasons, state, candidates from links"
        out["links"] = sorted(connection.execute(links), key=repr)
        words = "select d.id from documents_fts f join documents d on d.rowid = f.rowid where documents_fts match ?"
        out["search"] = sorted(connection.execute(words, ("nuoc OR ngheo",)))
        return out
    finally:
        connection.close()


def built(folder: Path, db: Path, workers: int = 1) -> BuildReport:
    return build([folder], db, workers=workers)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path / "in", 24)
    return tmp_path / "in"


def files(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.txt"))


def reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The paths that are read from now on."""
    import corpus.reading

    seen: list[str] = []
    real = corpus.reading.read_file

    def watched(path: str, task: corpus.reading.Task) -> corpus.reading.Reading:
        seen.append(path)
        return real(path, task)

    monkeypatch.setattr(corpus.reading, "read_file", watched)
    return seen


def test_nothing_changed_nothing_read(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    db = tmp_path / "plans.db"
    built(folder, db)
    before = dump(db)
    seen = reads(monkeypatch)
    report = built(folder, db)
    assert seen == []
    assert (report.added, report.changed, report.removed, report.documents) == (0, 0, 0, 24)
    assert dump(db) == before


def test_new_changed_and_removed_files_are_followed(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    db, all_files = tmp_path / "plans.db", files(folder)
    kept = tmp_path / "later.txt"
    shutil.move(all_files[3], kept)
    built(folder, db)
    shutil.move(kept, all_files[3])
    all_files[5].unlink()
    all_files[7].write_text(all_files[7].read_text(encoding="utf-8").replace("nước", "nước nóng"), encoding="utf-8")
    seen = reads(monkeypatch)
    report = built(folder, db)
    assert sorted(seen) == sorted([str(all_files[3]), str(all_files[7])])
    assert (report.added, report.removed, report.documents) == (2, 2, 23)
    monkeypatch.undo()
    fresh = built(folder, tmp_path / "fresh.db")
    assert dump(db) == dump(fresh.db)


def test_a_file_of_the_same_words_elsewhere_is_a_copy(folder: Path, tmp_path: Path) -> None:
    db = tmp_path / "plans.db"
    built(folder, db)
    first = files(folder)[0]
    shutil.copy(first, folder / "copy.txt")
    assert built(folder, db).documents == 24
    first.unlink()
    assert built(folder, db).documents == 24
    assert dump(db) == dump(built(folder, tmp_path / "fresh.db").db)


def test_a_file_that_failed_is_tried_again(folder: Path, tmp_path: Path) -> None:
    db, first = tmp_path / "plans.db", files(folder)[0]
    text = first.read_bytes()
    first.write_bytes(b"")
    assert built(folder, db).failed == 1
    first.write_bytes(text)
    report = built(folder, db)
    assert (report.failed, report.documents) == (0, 24)


def test_checks_in_processes_of_their_own_find_the_same(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = files(folder)[5]
    other.write_text(other.read_text(encoding="utf-8").replace("ngày 15/3/2021", "ngày 15/3/2019"), encoding="utf-8")
    plain = built(folder, tmp_path / "plain.db", workers=2)
    monkeypatch.setattr(corpus.build, "TOGETHER", 1)
    apart = built(folder, tmp_path / "apart.db", workers=2)
    assert dump(plain.db) == dump(apart.db)
    sql = "select rule, count(*) from findings where scope = 'corpus' group by rule"
    assert sqlite3.connect(apart.db).execute(sql).fetchall()
    first = files(folder)[0]
    first.write_text(first.read_text(encoding="utf-8").replace("nước", "nước nóng"), encoding="utf-8")
    drawn: list[Path] = []
    monkeypatch.setattr(corpus.build, "drawn_apart", lambda db: drawn.append(db) or drawn_apart(db))
    built(folder, apart.db, workers=2)
    assert len(drawn) == 1
    assert dump(apart.db) == dump(built(folder, tmp_path / "fresh.db").db)
    left = (".graph", "-wal", "-shm")
    assert not [name for name in os.listdir(tmp_path) if name.startswith(".") or name.endswith(left)]


def test_another_extractor_reads_everything_anew(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    db = tmp_path / "plans.db"
    built(folder, db)
    monkeypatch.setattr("extract.pipeline.VERSION", "another")
    seen = reads(monkeypatch)
    assert built(folder, db).documents == 24
    assert len(seen) == 24


def test_other_code_works_everything_out_anew_but_reads_nothing(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    db = tmp_path / "plans.db"
    built(folder, db)
    linked: list[object] = []
    real = corpus.build.link
    monkeypatch.setattr(corpus.build, "link", lambda connection: linked.append(real(connection)))
    built(folder, db)
    assert linked == []
    monkeypatch.setattr(corpus.build, "digest", lambda: "another")
    seen = reads(monkeypatch)
    built(folder, db)
    assert len(linked) == 1
    assert seen == []


def test_the_digest_is_of_source_and_rules(tmp_path: Path) -> None:
    folder = tmp_path / "rules"
    folder.mkdir()
    seen = {digest_of([folder])}
    for name, text in (("a.py", "x"), ("a.py", "y"), ("b.toml", "x"), ("c.csv", "x"), ("d.py", "")):
        (folder / name).write_text(text, encoding="utf-8")
        seen.add(digest_of([folder]))
    assert len(seen) == 6
    (folder / "__pycache__").mkdir()
    (folder / "__pycache__" / "a.py").write_text("x", encoding="utf-8")
    (folder / "notes.txt").write_text("x", encoding="utf-8")
    assert digest_of([folder]) in seen
    assert digest.__wrapped__() == digest_of(Path(str(package.__file__)).parent for package in (rules, extract, corpus))


class TestHistory:
    def changes(self, db: Path) -> set[tuple[str, str]]:
        sql = "select change, rule from finding_changes where run = (select max(id) from runs)"
        return set(sqlite3.connect(db).execute(sql))

    def test_findings_that_are_new_gone_and_back(self, folder: Path, tmp_path: Path) -> None:
        db, first = tmp_path / "plans.db", files(folder)[0]
        right = first.read_text(encoding="utf-8")
        wrong = right.replace("V. TỔ CHỨC", "IV. TỔ CHỨC")
        first.write_text(wrong, encoding="utf-8")
        built(folder, db)
        first.write_text(right, encoding="utf-8")
        built(folder, db)
        assert ("gone", "numbering-duplicate") in self.changes(db)
        first.write_text(wrong, encoding="utf-8")
        built(folder, db)
        assert ("reopened", "numbering-duplicate") in self.changes(db)
        assert sqlite3.connect(db).execute("select count(*) from runs").fetchone() == (3,)

    def test_a_finding_keeps_the_run_that_first_had_it(self, folder: Path, tmp_path: Path) -> None:
        db = tmp_path / "plans.db"
        built(folder, db)
        (folder / "new.txt").write_text(files(folder)[0].read_text(encoding="utf-8") + "\nThêm\n", encoding="utf-8")
        built(folder, db)
        runs = {run for (run,) in sqlite3.connect(db).execute("select distinct first_seen from findings")}
        assert 1 in runs
        assert runs <= {1, 2}


class TestInterrupted:
    def start(self, folder: Path, db: Path) -> subprocess.Popen[bytes]:
        code = (
            "import sys\nfrom corpus.build import build\n"
            "if __name__ == '__main__':\n    build([sys.argv[1]], sys.argv[2], workers=1)\n"
        )
        root = Path(__file__).resolve().parent.parent
        return subprocess.Popen([sys.executable, "-c", code, str(folder), str(db)], cwd=root)

    @pytest.mark.parametrize("share", [0.2, 0.5, 0.9])
    def test_killed_and_gone_on_with(self, tmp_path: Path, share: float, monkeypatch: pytest.MonkeyPatch) -> None:
        folder, db = tmp_path / "in", tmp_path / "plans.db"
        write(folder, 60)
        begin = time.monotonic()
        fresh = self.start(folder, tmp_path / "fresh.db")
        assert fresh.wait() == 0
        took = time.monotonic() - begin
        process = self.start(folder, db)
        time.sleep(took * share)
        process.send_signal(signal.SIGKILL)
        process.wait()
        report = built(folder, db)
        assert report.documents == 60
        assert dump(db) == dump(tmp_path / "fresh.db")
        assert not [name for name in os.listdir(tmp_path) if "building" in name]

    def test_one_build_at_a_time(self, folder: Path, tmp_path: Path) -> None:
        import fcntl

        with (tmp_path / ".plans.db.building.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            with pytest.raises(KehoachError) as caught:
                built(folder, tmp_path / "plans.db")
        assert caught.value.code == "being-built"

    def test_a_broken_remainder_is_thrown_away(self, folder: Path, tmp_path: Path) -> None:
        (tmp_path / ".plans.db.building").write_bytes(b"SQLite format 3\x00" + bytes(5000))
        assert built(folder, tmp_path / "plans.db").documents == 24

    def test_a_remainder_of_another_stamp_is_thrown_away(self, folder: Path, tmp_path: Path) -> None:
        from sqlite_utils import Database

        from corpus import schema

        connection = sqlite3.connect(tmp_path / ".plans.db.building")
        schema.create_tables(Database(connection))
        connection.executemany("insert into build_state values (?, ?)", Stamp("old", "").rows().items())
        connection.execute("insert into documents(id, sha256) values ('x', 'y')")
        connection.commit()
        connection.close()
        assert built(folder, tmp_path / "plans.db").documents == 24


def test_what_a_killed_build_put_beside_its_database_is_taken_away(folder: Path, tmp_path: Path) -> None:
    db = tmp_path / "plans.db"
    left = [tmp_path / f".plans.db.building{name}" for name in (".copying", ".graph")]
    for path in left:
        path.write_bytes(b"half of it")
    built(folder, db)
    assert [path for path in left if path.exists()] == []


def test_copying_is_told_before_what_is_read(folder: Path, tmp_path: Path) -> None:
    db = tmp_path / "plans.db"
    built(folder, db)
    first = files(folder)[0]
    first.write_text(first.read_text(encoding="utf-8") + "Thêm một dòng.\n", encoding="utf-8")
    said: list[str] = []
    corpus.build.build([folder], db, workers=1, progress=lambda stage, done, total: said.append(stage))
    assert said[:2] == ["copy", "read"]

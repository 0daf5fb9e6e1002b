"""Reading on a Ray cluster: a real one of two workers on this machine; its result is that of a build without it."""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bench.generate import write
from bench.same import differing
from corpus import on_ray, shards
from corpus.build import build
from corpus.on_ray import AUTO, Cluster, batches
from corpus.reading import Reading, Task, own_extractor, read_file
from corpus.store import unpack
from extract.records import Document, Header, KehoachError, Source
from tests.patience import SECONDS
from tests.test_incremental import dump

HEAD = """
import ray, sys
context = ray.init(num_cpus=2, include_dashboard=False, logging_level="error", log_to_driver=False)
print(context.address_info["gcs_address"], flush=True)
sys.stdin.read()
"""


@pytest.fixture(scope="module")
def address(root: Path) -> Iterator[str]:
    """The address of a cluster of two workers, which lets in whoever has the token of these tests."""
    command = [sys.executable, "-c", HEAD]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(root))
        patch.setenv("RAY_AUTH_MODE", "token")
        patch.setenv("RAY_AUTH_TOKEN", secrets.token_hex(32))
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as head:
            assert head.stdin
            assert head.stdout
            told = head.stdout.readline().decode().strip()
            assert told, "the cluster did not start"
            yield told
            head.stdin.close()
            head.wait(SECONDS)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path / "in", 30)
    first = min((tmp_path / "in").rglob("*.txt"))
    shutil.copy(first, tmp_path / "in" / "copy.txt")
    (tmp_path / "in" / "empty.txt").write_bytes(b"")
    return tmp_path / "in"


def dies(data: bytes, name: str) -> Document:
    """Stands for a parser that takes its process down."""
    if b"die" in data:
        os._exit(9)
    source = Source(path=name, sha256=hashlib.sha256(data).hexdigest(), media_type="text/plain", text="Kế hoạch")
    return Document(source=source, header=Header(doc_type="KH"))


def test_the_result_is_that_of_a_build_without_a_cluster(
    address: str, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(on_ray, "BATCH_FILES", 8)
    plain = build([folder], tmp_path / "plain.db", workers=1)
    report = build([folder], tmp_path / "ray.db", workers=1, cluster=Cluster(address=address))
    assert (
        (report.documents, report.files, report.failed) == (plain.documents, plain.files, plain.failed) == (30, 32, 1)
    )
    assert [line for line in differing(plain.db, report.db) if not line.startswith("the same")] == []
    assert dump(plain.db) == dump(report.db)
    kept = [sorted(p.name for p in (tmp_path / f"{name}.files").rglob("*") if p.is_file()) for name in ("plain", "ray")]
    assert kept[0] == kept[1] != []
    assert not [name for name in os.listdir(tmp_path) if "shards" in name or "building" in name]


def test_the_command_keeps_shards_that_others_can_read(address: str, folder: Path, tmp_path: Path) -> None:
    import pyarrow.parquet as parquet

    store, db = tmp_path / "lake", tmp_path / "plans.db"
    command = [sys.executable, "-m", "kehoach", "build", str(folder), "--db", str(db), "--ray", address, "--quiet"]
    done = subprocess.run([*command, "--shards", f"file://{store}"], capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stderr  # one file is empty
    assert "30 documents" in done.stdout
    (readings,) = store.rglob("readings.parquet")
    assert parquet.read_table(readings).num_rows == 32
    citations = parquet.read_table(readings.with_name("citations.parquet"))
    connection = sqlite3.connect(db)
    known = dict(connection.execute("select id, code from citations where code is not null"))
    pairs = zip(citations["id"].to_pylist(), citations["code"].to_pylist(), strict=True)
    assert {ident: code for ident, code in pairs if code} == known


def test_only_what_is_new_is_read_there(address: str, folder: Path, tmp_path: Path) -> None:
    cluster = Cluster(address=address, shards=str(tmp_path / "lake"))
    build([folder], tmp_path / "plans.db", workers=1)
    (folder / "new.txt").write_text(min(folder.rglob("0*.txt")).read_text("utf-8") + "\nThêm\n", encoding="utf-8")
    assert build([folder], tmp_path / "plans.db", workers=1, cluster=cluster).added == 1
    store = shards.Store(str(next((tmp_path / "lake").iterdir())))
    assert {Path(kept.reading.path).name for kept in store.read(0)} == {"new.txt", "empty.txt"}


def test_a_batch_that_kills_its_workers_is_read_here_and_costs_one_file(address: str, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for name, text in (("a", "one"), ("b", "die"), ("c", "two")):
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    report = build([folder], tmp_path / "plans.db", workers=1, extract=dies, cluster=Cluster(address=address))
    assert (report.documents, report.failed) == (2, 1)
    assert [(Path(path).name, code) for path, code, _ in report.errors] == [("b.txt", "crashed")]


def test_auto_starts_a_cluster_where_there_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "in", 3)
    started: list[dict[str, object]] = []

    class Nobody:
        """Stands for Ray on a machine where no cluster runs."""

        def init(self, **options: object) -> None:
            if options.get("address"):
                raise ConnectionError("none")
            started.append(options)

        def shutdown(self) -> None:
            started.append({})

    monkeypatch.setattr(on_ray, "import_module", lambda name: Nobody())
    with on_ray._connected(AUTO, 2):
        assert started[0]["num_cpus"] == 2
    assert started[1:] == [{}]


def test_no_cluster_at_the_address_is_told(tmp_path: Path) -> None:
    write(tmp_path / "in", 1)
    with socket.create_server(("127.0.0.1", 0)) as server:
        free = f"127.0.0.1:{server.getsockname()[1]}"
    with pytest.raises(KehoachError) as caught:
        build([tmp_path / "in"], tmp_path / "plans.db", cluster=Cluster(address=free))
    assert caught.value.code == "no-cluster"
    assert sorted(os.listdir(tmp_path)) == ["in"]


def test_shards_give_back_what_they_were_given(folder: Path, tmp_path: Path) -> None:
    task = Task(originals=tmp_path / "originals", built_at="now", extractor="1", extract=own_extractor(None))
    readings = [read_file(str(path), task) for path in sorted(folder.rglob("*.txt"))]
    store = shards.Store(str(tmp_path / "store"))
    store.write(0, readings, tmp_path / "originals")
    store.write(0, readings, tmp_path / "originals")
    given = [(replace(reading, rows=b""), unpack(reading.rows)) for reading in readings]
    assert [(replace(kept.reading, rows=b""), unpack(kept.reading.rows)) for kept in store.read(0)] == given
    assert [kept.original for kept in store.read(0)] == [_bytes(reading) for reading in readings]


def _bytes(reading: Reading) -> bytes | None:
    return None if reading.failure else Path(reading.path).read_bytes()


def test_a_store_without_a_driver_is_told() -> None:
    with pytest.raises(KehoachError) as caught:
        shards.Store("nowhere://bucket/folder")
    assert caught.value.code == "bad-store"


def test_batches_are_bounded_in_number_and_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(on_ray, "BATCH_FILES", 3)
    monkeypatch.setattr(on_ray, "BATCH_BYTES", 25)
    files = [tmp_path / str(i) for i in range(8)]
    for i, path in enumerate(files):
        path.write_bytes(b"x" * (20 if i >= 4 else 1))
    found = [[Path(path).name for path in batch] for batch in batches([str(path) for path in files])]
    assert found == [["0", "1", "2"], ["3", "4"], ["5"], ["6"], ["7"]]

"""Files that are out to harm, or broken: each costs itself alone, ends with a code and a sentence, leaves nothing."""

from __future__ import annotations

import io
import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from extract.readers import read, read_bytes
from extract.readers.limits import Limits, read_limited, run_limited
from extract.records import ReadError, Source
from tests.patience import SECONDS, waited

SAMPLES = Path(__file__).resolve().parent.parent / "corpus" / "samples" / "files"
PDF = (SAMPLES / "kh-tinh-2024.pdf").read_bytes()
DOCX = (SAMPLES / "kh-xa-suoi-nga-2024.docx").read_bytes()
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
SMALL = Limits(seconds=60, seconds_a_page=0, most_seconds=60, megabytes=400)
BODY = f"<w:document {W}><w:body><w:p><w:r><w:t>Kế hoạch %s</w:t></w:r></w:p></w:body></w:document>"


def _zip(parts: dict[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def _pdf(*objects: bytes) -> bytes:
    """A PDF of these objects; the first is its root. The table of objects is left for the reader to rebuild."""
    out = b"%PDF-1.7\n"
    for number, content in enumerate(objects, 1):
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    return out + b"trailer\n<< /Root 1 0 R /Size %d >>\n%%%%EOF\n" % (len(objects) + 1)


def _one_page(content: bytes, more: bytes = b"", *others: bytes) -> bytes:
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << %s >> >>" % more
    tree = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
    return _pdf(b"<< /Type /Catalog /Pages 2 0 R >>", tree, page, content, *others)


def _stream(data: bytes, head: bytes = b"") -> bytes:
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(data), head, data)


def encrypted_pdf() -> bytes:
    from reportlab.lib.pdfencrypt import StandardEncryption
    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    canvas = Canvas(out, encrypt=StandardEncryption("secret", canPrint=0))
    canvas.drawString(100, 700, "Ke hoach")
    canvas.save()
    return out.getvalue()


def pages_without_end() -> bytes:
    kids = b" ".join(b"3 0 R" for _ in range(10_000))
    tree = b"<< /Type /Pages /Kids [%s] /Count 10000 >>" % kids
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>"
    return _pdf(b"<< /Type /Catalog /Pages 2 0 R >>", tree, page)


def packed_text() -> bytes:
    """A page of 400 MB of drawing commands, packed twice into some kilobytes."""
    once = zlib.compressobj(9)
    data = b"".join(once.compress(b"0 0 m 1 1 l S\n" * 75_000) for _ in range(400)) + once.flush()
    return _one_page(_stream(zlib.compress(data, 9), b"/Filter [/FlateDecode /FlateDecode]"))


def packed_picture() -> bytes:
    """A page with a picture of 25,000 by 25,000 points, 600 MB unpacked."""
    once = zlib.compressobj(9)
    data = b"".join(once.compress(b"\xff" * 25_000_000) for _ in range(25)) + once.flush()
    head = b"/Type /XObject /Subtype /Image /Width 25000 /Height 25000 /ColorSpace /DeviceGray /BitsPerComponent 8"
    picture = _stream(data, head + b" /Filter /FlateDecode")
    return _one_page(_stream(b"500 0 0 700 40 40 cm /P Do"), b"/XObject << /P 5 0 R >>", picture)


def bomb_docx() -> bytes:
    return _zip({"word/document.xml": b"<a>" + b"0" * (120 * 1024 * 1024)})


def laughing_docx() -> bytes:
    """Entities that hold entities, a thousand million words in the end."""
    names = "abcdefghi"
    entities = '<!ENTITY a "haha">' + "".join(
        f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in pairwise(names)
    )
    return _zip({"word/document.xml": f"<!DOCTYPE w:document [{entities}]>" + BODY % "&i;"})


def locked_docx() -> bytes:
    """An encrypted DOCX is an OLE file that holds a stream of that name."""
    name = "EncryptedPackage".encode("utf-16-le")
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 1016 + name + b"\x00" * 2000


HOSTILE: list[tuple[str, str, Callable[[], bytes], set[str]]] = [
    ("locked pdf", "a.pdf", encrypted_pdf, {"encrypted"}),
    ("no pdf at all", "a.pdf", lambda: b"%PDF-1.7\nnothing of the kind", {"malformed"}),
    ("a pdf cut short", "a.pdf", lambda: PDF[: len(PDF) // 3], {"malformed"}),
    ("10,000 pages", "a.pdf", pages_without_end, {"too-many-pages"}),
    ("packed drawing", "a.pdf", packed_text, {"memory", "timeout", "crashed", "no-text"}),
    ("packed picture", "a.pdf", packed_picture, {"memory", "timeout", "crashed", "no-text", "ocr-unavailable"}),
    ("a docx cut short", "a.docx", lambda: DOCX[: len(DOCX) // 3], {"malformed"}),
    ("a docx without its text", "a.docx", lambda: _zip({"word/styles.xml": "<a/>"}), {"malformed"}),
    ("a docx of broken xml", "a.docx", lambda: _zip({"word/document.xml": "<a><b></a>"}), {"malformed"}),
    ("packed docx", "a.docx", bomb_docx, {"bomb"}),
    ("entities in entities", "a.docx", laughing_docx, {"malformed", "no-text", ""}),
    ("locked docx", "a.docx", locked_docx, {"encrypted"}),
    ("an archive", "a.zip", lambda: _zip({"photo.jpg": b"x"}), {"unknown-format"}),
    ("a picture", "a.png", lambda: b"\x89PNG\r\n\x1a\n" + b"x" * 100, {"unknown-format"}),
    ("a program", "a.txt", lambda: b"\x7fELF" + bytes(range(256)) * 40, {"unknown-format"}),
    ("nothing", "a.txt", lambda: b"", {"empty-file"}),
    ("zeros", "a.txt", lambda: b"\x00" * 4096, {"empty-file"}),
    ("deep html", "a.html", lambda: b"<html>" + b"<div><table><tr><td>" * 30_000, {"no-text"}),
]


@pytest.fixture
def temporary(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder for temporary files, which must be empty in the end."""
    folder = tmp_path_factory.mktemp("temporary")
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    monkeypatch.setenv("TMPDIR", str(folder))
    yield folder
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize(("name", "file", "made", "codes"), HOSTILE, ids=[case[0] for case in HOSTILE])
def test_a_hostile_file_ends_with_a_code_and_a_sentence(
    name: str, file: str, made: Callable[[], bytes], codes: set[str], tmp_path: Path, temporary: Path
) -> None:
    path = tmp_path / file
    path.write_bytes(made())
    after = tmp_path / "after.docx"
    after.write_bytes(DOCX)
    begin = time.monotonic()
    (_, first), (_, second) = read_limited([path, after], limits=SMALL)
    assert time.monotonic() - begin < SECONDS
    code = first.code if isinstance(first, ReadError) else ""
    assert code in codes, (code, first)
    if isinstance(first, ReadError):
        assert first.message.endswith(".")
        assert "\n" not in first.message
        assert 20 < len(first.message) < 200
    assert isinstance(second, Source), second


PATHS = [
    ("not there", "missing.pdf", "not-found"),
    ("a folder", "", "is-directory"),
]


@pytest.mark.parametrize(("name", "path", "code"), PATHS, ids=[case[0] for case in PATHS])
def test_a_path_that_cannot_be_read(name: str, path: str, code: str, tmp_path: Path) -> None:
    [(_, fault)] = read_limited([tmp_path / path])
    assert isinstance(fault, ReadError)
    assert fault.code == code


def test_a_name_may_hold_anything(tmp_path: Path) -> None:
    from extract.pipeline import extract
    from extract.serialise import to_json

    names = ["two\nlines.txt", "tab\t.txt", "quote'\".txt", "Kế hoạch số 12.txt"]
    for name in names:
        (tmp_path / name).write_text("Số: 12/KH-UBND", encoding="utf-8")
    (tmp_path / os.fsdecode(b"bad\xff.txt")).write_text("Số: 12/KH-UBND", encoding="utf-8")
    for _, source in read_limited(sorted(map(str, tmp_path.iterdir()))):
        assert isinstance(source, Source)
        line = json.dumps(to_json(extract(source)), ensure_ascii=False).encode()
        assert b"\n" not in line


def sleeps(path: str) -> str:
    """Hangs, with a program of its own and a file left behind; or is quick."""
    if "hang" in path:
        subprocess.Popen(["sleep", path.removeprefix("hang").strip() or "987"])
        Path(tempfile.mkdtemp(), "left").write_text("behind")
        time.sleep(SECONDS)
    return path


def dies(path: str) -> str:
    """Takes its process down, or all memory; or is quick."""
    if "crash" in path:
        os.abort()
    if "memory" in path:
        held = [bytearray(b"x") * 20_000_000 for _ in range(60)]
        time.sleep(SECONDS)
        del held
    if "deep" in path:
        return dies(path)
    if "fault" in path:
        raise ValueError("two\nlines")
    return path


def test_what_hangs_is_ended_with_all_that_it_started(temporary: Path) -> None:
    limits = Limits(seconds=30, seconds_a_page=0, most_seconds=30)
    ours = f"987.{os.getpid()}"  # other runs of this test on the machine have their own
    paths = ["a", f"hang {ours}", "b", "c"]
    done = list(run_limited(sleeps, paths, workers=2, limits=limits))
    assert [path for path, _ in done] == paths
    fault = done[1][1]
    assert isinstance(fault, ReadError)
    assert fault.code == "timeout"
    assert [made for _, made in done if made is not fault] == ["a", "b", "c"]
    running = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout
    assert f"sleep {ours}" not in running


FAULTS = [("crash", "crashed"), ("memory", "memory"), ("deep", "too-deep"), ("fault", "internal-error")]


@pytest.mark.parametrize(("path", "code"), FAULTS, ids=[case[0] for case in FAULTS])
def test_a_worker_that_fails_is_replaced(path: str, code: str, temporary: Path) -> None:
    done = dict(run_limited(dies, ["a", path, "b"], workers=1, limits=SMALL))
    fault = done[path]
    assert isinstance(fault, ReadError)
    assert fault.code == code
    assert "\n" not in fault.message
    assert done["a"] == "a"
    assert done["b"] == "b"


def test_stopping_half_way_leaves_nothing(temporary: Path) -> None:
    results = run_limited(sleeps, ["a", "hang", "b"], workers=1, limits=SMALL)
    assert next(results) == ("a", "a")
    results.close()  # type: ignore[attr-defined]  # a generator


def test_more_pages_may_take_longer() -> None:
    limits = Limits(seconds=10, seconds_a_page=2, most_seconds=100)
    assert [limits.seconds_for(pages) for pages in (0, 5, 1000)] == [10, 20, 100]


@pytest.fixture
def listener() -> Iterator[tuple[str, list[int]]]:
    """An address on this machine, and the ports of those who asked there, in the order in which they came."""
    asked: list[int] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        ended = threading.Event()

        def listen() -> None:
            while not ended.is_set():
                try:
                    connection, (_, port) = server.accept()
                except TimeoutError:
                    continue
                asked.append(port)
                connection.close()

        thread = threading.Thread(target=listen)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}/x", asked
        ended.set()
        thread.join()


def test_nothing_is_fetched(listener: tuple[str, list[int]], tmp_path: Path) -> None:
    address, asked = listener
    document = f'<!DOCTYPE w:document SYSTEM "{address}" [<!ENTITY x SYSTEM "{address}">]>' + BODY % "&x;"
    relation = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
        f'Type="attachedTemplate" Target="{address}" TargetMode="External"/></Relationships>'
    )
    page = f'<html><link rel=stylesheet href="{address}"><body><img src="{address}"><p>Kế hoạch</p></body></html>'
    action = b"<< /Type /Catalog /Pages 2 0 R /OpenAction << /S /URI /URI (%s) >> >>" % address.encode()
    for name, data in (
        ("a.docx", _zip({"word/document.xml": document, "word/_rels/document.xml.rels": relation})),
        ("a.html", page.encode()),
        ("a.pdf", _pdf(action, b"<< /Type /Pages /Kids [] /Count 0 >>")),
    ):
        with suppress(ReadError):
            read_bytes(data, name)
    parts = urlsplit(address)
    with socket.create_connection((str(parts.hostname), int(parts.port or 0))) as last:
        own = last.getsockname()[1]
        assert waited(lambda: own in asked)
    assert asked == [own], "nobody came before"


def test_files_outside_are_not_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("secret words")
    data = _zip({"word/document.xml": f'<!DOCTYPE w:document [<!ENTITY x SYSTEM "{secret.as_uri()}">]>' + BODY % "&x;"})
    with suppress(ReadError):
        assert "secret words" not in read_bytes(data, "a.docx").text


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything: run the tests as another user")
def test_a_file_without_permission(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("Kế hoạch")
    path.chmod(0)
    with pytest.raises(ReadError) as caught:
        read(path)
    assert caught.value.code == "no-permission"


def test_broken_copies_cost_themselves_alone() -> None:
    from bench.fuzz import LIMITS, fuzz, originals

    outcome = fuzz(originals(real=0), 300, seed=7, workers=1)
    assert outcome.ends.total() == 300
    assert outcome.ends["read"] > 50
    assert outcome.ends["malformed"] > 50
    assert outcome.faults == []
    assert outcome.left == []
    assert outcome.slowest < 3 * LIMITS.seconds


def test_broken_text_layers_do_not_stop_the_table_reader() -> None:
    for end in range(0, len(PDF), 9973):
        with suppress(ReadError):
            read_bytes(PDF[:end] + PDF[end + 40 :], "a.pdf")


ORPHANS = """
import sys
from tests.test_hostile import sleeps
from extract.readers.limits import run_limited
if __name__ == "__main__":
    results = run_limited(sleeps, ["a", "b", "c"], workers=1)
    print(next(results), flush=True)
    sys.stdin.read()
"""


def test_workers_end_with_the_process_that_asked(tmp_path: Path, root: Path) -> None:
    folder = tmp_path / "temporary"
    folder.mkdir()
    script = tmp_path / "asks.py"
    script.write_text(ORPHANS, encoding="utf-8")
    environment = {**os.environ, "TMPDIR": str(folder), "PYTHONPATH": str(root)}
    with subprocess.Popen(
        [sys.executable, str(script)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment, cwd=root
    ) as asks:
        assert asks.stdout is not None
        assert b"a" in asks.stdout.readline()
        assert list(folder.glob("kehoach-read-*"))
        asks.kill()
    assert waited(lambda: not list(folder.glob("kehoach-read-*"))), "a worker outlived the process that asked"

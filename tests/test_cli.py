"""The command line as a user meets it: help, exit codes, errors of one sentence."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.patience import SECONDS
from tests.plans import plan

ROOT = Path(__file__).resolve().parent.parent


def run(*arguments: str | Path, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, str(ROOT / "kehoach.py"), *map(str, arguments)]
    return subprocess.run(
        command, capture_output=True, text=True, cwd=cwd, env=environment, timeout=SECONDS, check=False
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a.txt").write_text(plan(), encoding="utf-8")
    (tmp_path / "b.txt").write_text("", encoding="utf-8")
    return tmp_path


def test_help_answers_at_once() -> None:
    """Beside an interpreter that imports click and nothing else, by the time of the processor, not of the clock."""
    ours, bare = [], []
    for _ in range(6):
        begin = of_children()
        subprocess.run([sys.executable, "-c", "import click"], check=True)
        middle = of_children()
        assert run("--help").returncode == 0
        bare.append(middle - begin)
        ours.append(of_children() - middle)
    assert min(ours) < 2 * min(bare)


def of_children() -> float:
    """Seconds of the processor that the programs took which were started here and have ended."""
    times = os.times()
    return times.children_user + times.children_system


def test_every_command_has_an_example() -> None:
    listed = run("--help").stdout.split("Commands:")[1].split("\n")
    names = [line.split()[0] for line in listed if line.startswith("  ") and line.split()]
    assert {"extract", "build", "serve", "demo", "doctor"} <= set(names)
    for name in names:
        assert "Example" in run(name, "--help").stdout, name


def test_extract_writes_an_object_a_line_and_says_how_many_failed(folder: Path) -> None:
    done = run("extract", folder)
    objects = [json.loads(line) for line in done.stdout.splitlines()]
    assert [Path(item["source"]["path"]).name for item in objects] == ["a.txt", "b.txt"]
    assert objects[0]["error"] is None
    assert objects[0]["header"]["code"] == "12/KH-UBND"
    assert objects[1]["error"]["code"] == "empty-file"
    assert done.returncode == 1
    assert "1 of 2" in done.stderr
    assert "Traceback" not in done.stderr


BAD = [
    ("an empty file", b"", "empty-file"),
    ("random bytes", bytes(range(256)) * 40, "unknown-format"),
    ("a broken PDF", b"%PDF-1.7\n" + os.urandom(400), "malformed"),
    ("a broken DOCX", b"PK\x03\x04word/" + os.urandom(400), "malformed"),
    ("a picture", b"\x89PNG\r\n\x1a\n" + b"\x00" * 100, "unknown-format"),
    ("only white space", b" \n\n\t ", "empty-file"),
]


@pytest.mark.parametrize(("name", "content", "code"), BAD, ids=[case[0] for case in BAD])
def test_a_file_that_cannot_be_read_ends_in_a_code_and_a_sentence(
    name: str, content: bytes, code: str, tmp_path: Path
) -> None:
    path = tmp_path / "given.bin"
    path.write_bytes(content)
    done = run("extract", path)
    item = json.loads(done.stdout)
    assert (item["error"]["code"], done.returncode) == (code, 1)
    assert item["error"]["message"].endswith(".")
    assert "Traceback" not in done.stderr


def test_a_path_that_is_not_there(tmp_path: Path) -> None:
    done = run("extract", tmp_path / "none.txt")
    assert json.loads(done.stdout)["error"]["code"] == "not-found"
    assert done.returncode == 1


def test_a_directory_with_nothing_readable(tmp_path: Path) -> None:
    (tmp_path / "notes.xyz").write_text("?")
    done = run("extract", tmp_path)
    assert done.returncode == 3
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1


MISUSE = [
    ("a database where nothing can be written", ["build", "{folder}", "--db", "/proc/x.db"]),
    ("a database in a folder that is not there", ["build", "{folder}", "--db", "{folder}/none/x.db"]),
    ("a directory for a database", ["build", "{folder}", "--db", "{folder}"]),
    ("a manifest that is not there", ["build", "{folder}", "--db", "{folder}/x.db", "--manifest", "none.csv"]),
    ("units that are no table", ["build", "{folder}", "--db", "{folder}/x.db", "--units", "{folder}/a.txt"]),
    ("units that are not there", ["extract", "{folder}/a.txt", "--units", "none.csv"]),
    ("a database to serve that is not there", ["serve", "{folder}/x.db"]),
    ("a text to serve", ["serve", "{folder}/a.txt"]),
]


@pytest.mark.parametrize(("name", "arguments"), MISUSE, ids=[case[0] for case in MISUSE])
def test_misuse_ends_in_one_sentence_and_leaves_nothing(name: str, arguments: list[str], folder: Path) -> None:
    before = sorted(path.name for path in folder.iterdir())
    done = run(*[argument.format(folder=folder) for argument in arguments])
    assert done.returncode == 2
    assert done.stderr.strip().count("\n") == 0, done.stderr
    assert done.stderr.startswith("kehoach: ")
    assert sorted(path.name for path in folder.iterdir()) == before


def test_a_name_with_a_newline_is_one_line_of_output(tmp_path: Path) -> None:
    path = tmp_path / "a\nb.txt"
    path.write_text(plan(), encoding="utf-8")
    done = run("extract", path)
    assert done.stdout.count("\n") == 1
    assert json.loads(done.stdout)["error"] is None


def test_doctor_names_the_optional_parts() -> None:
    done = run("doctor")
    assert done.returncode == 0
    for part in ("Python", "tesseract", "soffice", "antiword"):
        assert part in done.stdout


def test_doctor_names_a_foreign_package(tmp_path: Path) -> None:
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "__init__.py").write_text("")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path), str(ROOT)])}
    code = "\n".join(
        [
            "import sys",
            f"sys.path.insert(0, {str(tmp_path)!r})",
            f"sys.path.append({str(ROOT)!r})",
            "import kehoach",
            "kehoach.main(['doctor'])",
        ]
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=environment, timeout=SECONDS, check=False
    )
    assert done.returncode == 1
    assert "'rules'" in done.stdout


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("built")
    (folder / "plan.txt").write_text(plan(), encoding="utf-8")
    done = run("build", folder / "plan.txt", "--db", folder / "plans.db", "--quiet")
    assert done.returncode == 0, done.stderr
    return folder / "plans.db"


EXPORTS = ["findings f.csv", "citations c.jsonl", "documents d.xlsx", "graph g.graphml", "graph g.json"]


@pytest.mark.parametrize("arguments", [*EXPORTS, "calendar d.ics", "metadata m.jsonl"])
def test_export_writes_a_file_that_is_the_same_twice(arguments: str, built: Path, tmp_path: Path) -> None:
    what, name = arguments.split()
    contents = []
    for _ in range(2):
        done = run("export", built, what, tmp_path / name)
        assert done.returncode == 0, done.stderr
        contents.append((tmp_path / name).read_bytes())
    assert contents[0] == contents[1]
    assert contents[0]


def test_an_unknown_export_says_what_there_is(built: Path, tmp_path: Path) -> None:
    done = run("export", built, "nonsense", tmp_path / "x.csv")
    assert done.returncode == 2
    assert "citations" in done.stderr
    assert not (tmp_path / "x.csv").exists()


def test_a_build_warns_of_secrecy_marks_and_personal_numbers(tmp_path: Path) -> None:
    path = tmp_path / "secret.txt"
    path.write_text(plan(number="Số: 12/KH-UBND\nTỐI MẬT"), encoding="utf-8")
    done = run("build", path, "--db", tmp_path / "plans.db", "--workers", "1")
    assert done.returncode == 0
    assert "Secrecy marks or personal numbers in 1 documents; exports hide them, pages do not:" in done.stderr
    assert f"{path}: The document has" in done.stderr

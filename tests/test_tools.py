"""The tools behind the Makefile: bootstrap, set-up, system parts, the check for copied text."""

from __future__ import annotations

import functools
import hashlib
import http.server
import io
import json
import os
import re
import ssl
import subprocess
import sys
import threading
import unicodedata
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import absent
from tools import bootstrap, check_copied, other_datasette, other_pythons, set_up, system_parts

WHEEL_NAME = "uv-1.2.3-py3-none-any.whl"
PROGRAM = b"#!/bin/sh\necho uv 1.2.3\n"


def a_wheel() -> bytes:
    """A wheel that holds a uv of one line."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("uv/__init__.py", "")
        archive.writestr("uv-1.2.3.data/scripts/uv", PROGRAM)
    return held.getvalue()


class Index:
    """A package index on this computer: its address and what was asked of it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.asked: list[tuple[str, str]] = []
        self.address = ""

    def publish(self, data: bytes) -> None:
        page = self.folder / "simple" / "uv"
        page.mkdir(parents=True)
        (self.folder / "files").mkdir()
        (self.folder / "files" / WHEEL_NAME).write_bytes(data)
        (page / "index.html").write_text(f'<a href="../../files/{WHEEL_NAME}#sha256=00">{WHEEL_NAME}</a>')


@pytest.fixture
def index(tmp_path: Path) -> Iterator[Index]:
    found = Index(tmp_path / "index")
    found.folder.mkdir()

    class Handler(http.server.SimpleHTTPRequestHandler):
        def do_GET(self) -> None:
            found.asked.append((self.path, self.headers.get("Authorization", "")))
            super().do_GET()

        def log_message(self, *args: object) -> None:
            del args

    handler = functools.partial(Handler, directory=str(found.folder))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    found.address = f"http://127.0.0.1:{server.server_port}/simple"
    yield found
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def pinned(monkeypatch: pytest.MonkeyPatch) -> bytes:
    """Pin the wheel of one line for this computer in place of the real one."""
    data = a_wheel()
    monkeypatch.setattr(bootstrap, "pinned_wheel", lambda *_: (WHEEL_NAME, hashlib.sha256(data).hexdigest()))
    return data


@pytest.mark.parametrize("variable", bootstrap.INDEX_VARIABLES)
def test_uv_comes_from_the_index_that_the_environment_names(
    variable: str, index: Index, pinned: bytes, tmp_path: Path
) -> None:
    index.publish(pinned)
    uv = bootstrap.bring_uv(tmp_path / "tools", {variable: index.address + "/"})
    assert uv.read_bytes() == PROGRAM
    assert subprocess.run([uv], capture_output=True, check=True).stdout == b"uv 1.2.3\n"


def test_uv_is_brought_once(index: Index, pinned: bytes, tmp_path: Path) -> None:
    index.publish(pinned)
    environ = {"UV_DEFAULT_INDEX": index.address}
    first = bootstrap.bring_uv(tmp_path / "tools", environ)
    asked = len(index.asked)
    assert bootstrap.bring_uv(tmp_path / "tools", environ) == first
    assert len(index.asked) == asked


def test_a_name_and_password_of_the_index_go_with_the_request_and_into_no_message(
    index: Index, pinned: bytes, tmp_path: Path
) -> None:
    index.publish(pinned)
    address = index.address.replace("http://", "http://reader:secret@")
    bootstrap.bring_uv(tmp_path / "tools", {"PIP_INDEX_URL": address})
    assert [sent for _, sent in index.asked] == ["Basic cmVhZGVyOnNlY3JldA=="] * 2
    assert "secret" not in bootstrap.without_secrets(address)


def test_other_bytes_than_the_pinned_ones_are_refused(index: Index, pinned: bytes, tmp_path: Path) -> None:
    index.publish(pinned + b"!")
    with pytest.raises(bootstrap.BootstrapError, match="was not used: its SHA-256 is"):
        bootstrap.bring_uv(tmp_path / "tools", {"PIP_INDEX_URL": index.address})
    assert not (tmp_path / "tools").exists()


def test_nothing_half_written_is_left(tmp_path: Path, pinned: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OSError, match="No space left"):
        bootstrap.unpack(pinned, tmp_path / "tools" / "uv")
    assert list((tmp_path / "tools").iterdir()) == []


BOOTSTRAP_FAILURES = {
    "an index without uv": ({"UV_DEFAULT_INDEX": "{index}/elsewhere"}, "the server answered 404"),
    "no index there": ({"UV_DEFAULT_INDEX": "http://127.0.0.1:9/simple"}, "check the network"),
    "certificates that are not there": ({"SSL_CERT_FILE": "/nowhere/ca.pem"}, "SSL_CERT_FILE names /nowhere/ca.pem"),
}


@pytest.mark.parametrize("case", BOOTSTRAP_FAILURES)
def test_bootstrap_says_what_to_do(case: str, index: Index, tmp_path: Path) -> None:
    environ, words = BOOTSTRAP_FAILURES[case]
    environ = {name: value.replace("{index}", index.address) for name, value in environ.items()}
    with pytest.raises(bootstrap.BootstrapError, match=re.escape(words)) as caught:
        bootstrap.bring_uv(tmp_path / "tools", {"UV_DEFAULT_INDEX": index.address, **environ})
    assert str(caught.value).endswith(".")


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
def test_linux_has_its_uv_pinned(machine: str) -> None:
    filename, sha256 = bootstrap.pinned_wheel("Linux", machine)
    assert filename.startswith(f"uv-{bootstrap.UV_VERSION}-")
    assert re.fullmatch("[0-9a-f]{64}", sha256)


def test_a_computer_without_a_pinned_uv_is_told_so() -> None:
    with pytest.raises(bootstrap.BootstrapError, match="No uv is pinned for Linux on sparc"):
        bootstrap.pinned_wheel("Linux", "sparc")


@pytest.mark.parametrize(
    "environ, address",
    [
        ({}, bootstrap.PYPI),
        ({"PIP_INDEX_URL": " "}, bootstrap.PYPI),
        ({"UV_DEFAULT_INDEX": "office=https://pypi.example.vn/simple/"}, "https://pypi.example.vn/simple"),
        ({"UV_DEFAULT_INDEX": "https://a.example/s", "PIP_INDEX_URL": "https://b.example/s"}, "https://a.example/s"),
        ({"UV_INDEX_URL": "https://u:p@a.example/s?x=1"}, "https://u:p@a.example/s?x=1"),
    ],
)
def test_index_address(environ: dict[str, str], address: str) -> None:
    assert bootstrap.index_address(environ) == address


@pytest.mark.parametrize("variable", bootstrap.CERTIFICATE_VARIABLES)
def test_certificates_of_the_environment_are_trusted(variable: str, tmp_path: Path) -> None:
    bundle = ssl.get_default_verify_paths().cafile or "/etc/ssl/certs/ca-certificates.crt"
    if not Path(bundle).is_file():
        absent("this computer has no certificates to try with")
    whole = Path(bundle).read_text()
    only = tmp_path / "ca.pem"
    only.write_text(whole[: whole.index("-----END CERTIFICATE-----") + len("-----END CERTIFICATE-----\n")])
    assert bootstrap.tls_context({variable: str(only)}).cert_store_stats()["x509_ca"] >= 1


def test_pips_variables_reach_uv_in_its_own_words(tmp_path: Path) -> None:
    bundle = tmp_path / "ca.pem"
    bundle.write_text("")
    given = {"PIP_INDEX_URL": "https://pypi.example.vn/simple", "PIP_CERT": str(bundle), "VIRTUAL_ENV": "/elsewhere"}
    found = set_up.uv_environment(given)
    assert found["UV_DEFAULT_INDEX"] == "https://pypi.example.vn/simple"
    assert found["SSL_CERT_FILE"] == str(bundle)
    assert found["UV_PYTHON_DOWNLOADS"] == "never"
    assert "VIRTUAL_ENV" not in found


def test_without_an_index_variable_the_addresses_of_the_lock_hold() -> None:
    assert "UV_DEFAULT_INDEX" not in set_up.uv_environment({})
    assert not set_up.is_other_index(bootstrap.index_address({}))


def test_a_finished_set_up_is_recognised_by_its_inputs(tmp_path: Path) -> None:
    for name in set_up.INPUTS:
        (tmp_path / name).write_text(name)
    before = set_up.fingerprint(tmp_path)
    assert set_up.fingerprint(tmp_path) == before
    (tmp_path / "uv.lock").write_text("another")
    assert set_up.fingerprint(tmp_path) != before


def test_the_tools_of_the_set_up_need_the_standard_library_alone(root: Path) -> None:
    """They run before anything is installed: -S and -I take the installed packages away."""
    for name in ("bootstrap", "set_up", "system_parts", "other_pythons", "other_datasette"):
        code = f"import sys; sys.path.insert(0, {str(root)!r}); import tools.{name}"
        subprocess.run([sys.executable, "-I", "-S", "-c", code], check=True)


def test_a_python_that_starts_is_found_and_one_that_leads_nowhere_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shims, kept = tmp_path / "shims", tmp_path / "versions" / "3.13.0" / "bin"
    for folder, said in ((shims, "exit 127"), (kept, "echo 3.13 /usr/bin/there")):
        folder.mkdir(parents=True)
        (folder / "python3.13").write_text(f"#!/bin/sh\n{said}\n")
        (folder / "python3.13").chmod(0o755)
    monkeypatch.setenv("PATH", f"{shims}:/bin")
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path))
    assert other_pythons.find("3.13") == "/usr/bin/there"
    assert other_pythons.find("3.12") is None


@pytest.mark.parametrize("part", system_parts.PARTS, ids=lambda part: part.name)
def test_a_missing_part_is_named_with_its_use_and_its_package(part: system_parts.Part) -> None:
    words = system_parts.sentence(part)
    assert words.startswith(f"{part.name} is missing, which {part.purpose} needs: apt-get install ")
    assert all(package in words for package in part.packages)


@pytest.mark.parametrize("strict, code", [("", 0), ("0", 0), ("1", 1)])
def test_a_missing_part_fails_under_strict_only(
    strict: str, code: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    nothing = system_parts.Part("abacus", ("abacus",), "counting", lambda: False)
    monkeypatch.setattr(system_parts, "missing", lambda: [nothing])
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setenv("KEHOACH_STRICT", strict)
    assert system_parts.main() == code
    assert "abacus is missing, which counting needs: apt-get install abacus" in capsys.readouterr().err


SENTENCE = "Mỗi thôn cử hai người hòa giải cùng đi đo lại bờ kênh số ba rồi vẽ sơ đồ"
MOTTO = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """An empty tree under git, beside a corpus of one invented sentence."""
    folder = tmp_path / "tree"
    folder.mkdir()
    subprocess.run(["git", "init", "-q", str(folder)], check=True)
    for name in check_copied.CORPUS_FOLDERS:
        (tmp_path / "shared" / "corpus" / name).mkdir(parents=True)
    (tmp_path / "shared" / "corpus" / "raw" / "900.txt").write_text(f"{MOTTO}\n\n1. {SENTENCE}.\n", encoding="utf-8")
    return folder


def syllables(first: int, last: int) -> str:
    return " ".join(SENTENCE.split()[first:last])


PLANTED = {
    "as it stands": f"Vậy: {SENTENCE}.",
    "twelve syllables of it": syllables(3, 15),
    "over three lines": "\n".join([syllables(0, 5), syllables(5, 9), syllables(9, 18)]),
    "in capitals": SENTENCE.upper(),
    "with the tone mark on the other vowel": SENTENCE.replace("hòa", "hoà"),
    "decomposed": unicodedata.normalize("NFD", SENTENCE),
    "with marks of Markdown and other punctuation": SENTENCE.replace(" ", " ** - "),
    "with numbers put between": SENTENCE.replace("số", "số 17/2024"),
    "as HTML": "<p>" + SENTENCE.replace("đi", "<b>&#273;i</b>") + "</p>",
    "as escaped JSON": json.dumps({"text": SENTENCE.replace(" cùng", "\ncùng")}),
    "as a string of Python over two lines": f'text = ("{syllables(0, 9)} "\n        "{syllables(9, 18)}")',
}


@pytest.mark.parametrize("case", PLANTED)
def test_a_planted_copy_is_found(case: str, tree: Path) -> None:
    (tree / "notes.md").write_text(f"# Notes\n\n{PLANTED[case]}\n", encoding="utf-8")
    (copy,) = check_copied.find_copies(tree, tree.parent / "shared")
    assert (copy.path, copy.line, copy.corpus_file) == ("notes.md", 3, "900.txt")


FREE = {
    "eleven syllables": syllables(3, 14),
    "two runs of eleven": f"{syllables(0, 8)} và {syllables(8, 18)}",
    "a listed formula": MOTTO,
    "a listed formula inside another sentence": f"{syllables(0, 6)} {MOTTO} {syllables(6, 12)}",
    "the same words in another order": " ".join(reversed(SENTENCE.split())),
    "without the marks of its letters": "Moi thon cu hai nguoi hoa giai cung di do lai bo kenh so ba roi ve so do",
}


@pytest.mark.parametrize("case", FREE)
def test_what_is_no_copy_is_let_pass(case: str, tree: Path) -> None:
    (tree / "notes.md").write_text(FREE[case], encoding="utf-8")
    assert check_copied.find_copies(tree, tree.parent / "shared") == []


def test_ignored_and_binary_files_are_not_read(tree: Path) -> None:
    (tree / ".gitignore").write_text("*.out\n")
    (tree / "extract.out").write_text(SENTENCE, encoding="utf-8")
    (tree / "plan.pdf").write_bytes(b"%PDF\0" + SENTENCE.encode())
    assert check_copied.find_copies(tree, tree.parent / "shared") == []


def test_the_command_names_file_line_and_words(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tree / "notes.md").write_text(f"Xem {SENTENCE}", encoding="utf-8")
    assert check_copied.main(["--root", str(tree), "--shared", str(tree.parent / "shared")]) == 1
    assert f"notes.md:1: as in 900.txt: {SENTENCE}\n" in capsys.readouterr().out


@pytest.mark.parametrize("strict, code", [("", 0), ("1", 1)])
def test_without_the_corpus_the_check_says_that_it_was_skipped(
    strict: str, code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("KEHOACH_STRICT", strict)
    assert check_copied.main(["--shared", str(tmp_path / "nowhere")]) == code
    assert "skipped" in capsys.readouterr().out


def test_every_formula_has_its_reason_and_is_longer_than_a_word_or_two() -> None:
    formulas = check_copied.read_formulas(check_copied.FORMULAS)
    assert len({formula.lower() for formula, _ in formulas}) == len(formulas)
    for formula, reason in formulas:
        assert len(check_copied._keys(formula, {})) >= 4, formula
        assert len(reason) > 10, formula


def test_a_formula_without_a_reason_is_refused(tmp_path: Path) -> None:
    listed = tmp_path / "formulas.txt"
    listed.write_text("# remark\nĐộc lập - Tự do - Hạnh phúc\n", encoding="utf-8")
    with pytest.raises(check_copied.CopiedError, match=r"formulas\.txt:2 has no reason"):
        check_copied.read_formulas(listed)


def test_nothing_of_the_shared_corpus_stands_in_the_tree(shared: Path, root: Path) -> None:
    copies = check_copied.find_copies(root, shared)
    assert not copies, "\n".join(f"{copy.path}:{copy.line}: {copy.words}" for copy in copies)


NEEDY = """
import pytest

@pytest.mark.needs("antiword")
def test_reads_an_old_file() -> None: ...

def test_measures(shared) -> None: ...
"""


@pytest.mark.parametrize("strict, outcome", [("", "2 skipped"), ("1", "2 errors")])
def test_a_test_without_what_it_needs_is_skipped_or_fails_and_says_why(
    strict: str, outcome: str, root: Path, tmp_path: Path
) -> None:
    (tmp_path / "test_needy.py").write_text(NEEDY)
    environ = {"PATH": str(tmp_path), "KEHOACH_STRICT": strict, "KEHOACH_SHARED": str(tmp_path / "nowhere")}
    options = ["-p", "tests.conftest", "-p", "no:cacheprovider", "-ra", "--rootdir", str(tmp_path)]
    command = [sys.executable, "-m", "pytest", *options, str(tmp_path)]
    said = subprocess.run(command, cwd=root, env=environ, capture_output=True, text=True).stdout
    assert outcome in said.splitlines()[-1]
    assert (
        "antiword is missing, which reading Word 97 files without LibreOffice needs: apt-get install antiword" in said
    )
    assert f"{tmp_path / 'nowhere'} is missing, the shared data that this test measures on" in said


def test_the_other_datasette_is_given_the_tests_of_the_desk(root: Path) -> None:
    files = other_datasette.tests(root)
    assert {"tests/test_pages.py", "tests/test_security_pages.py", "tests/test_browser.py"} <= set(files)
    assert "tests/test_dates.py" not in files

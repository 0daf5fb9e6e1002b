"""What is installed: the wheel, the lock, and imports that go one way."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path
from typing import Any

import pytest

#: From the lowest to the highest: a folder may import those before it.
LAYERS = ("rules", "extract", "models", "corpus", "datasette_plugins", "kehoach")
#: Comes with eyecite alone, which is not installed where this has no wheel.
PART_OF_EYECITE = "fast-diff-match-patch"
NOT_INSTALLED = {"tests", "bench", "tools", "docs"}


@pytest.fixture(scope="module")
def project(root: Path) -> dict[str, Any]:
    return tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def lock(root: Path) -> dict[str, Any]:
    return tomllib.loads((root / "uv.lock").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def wheel(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(command, cwd=root, check=True, capture_output=True)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def held(wheel: Path) -> list[str]:
    """The files of the wheel."""
    with zipfile.ZipFile(wheel) as archive:
        return archive.namelist()


def tracked(root: Path, folder: str) -> set[str]:
    listed = subprocess.run(["git", "ls-files", folder], cwd=root, capture_output=True, text=True, check=True)
    return {name for name in listed.stdout.splitlines() if (root / name).is_file()}


@pytest.fixture(scope="module")
def about(project: dict[str, Any]) -> str:
    """The folder of the wheel that tells about it."""
    return f"kehoach-{project['project']['version']}.dist-info"


def test_the_wheel_holds_our_folders_and_the_face_and_nothing_else(held: list[str], about: str) -> None:
    assert {name.split("/")[0] for name in held} == {*LAYERS[:-1], "kehoach.py", about}


@pytest.mark.parametrize("folder", LAYERS[:-1])
def test_the_wheel_holds_every_file_of_the_folder(folder: str, held: list[str], root: Path) -> None:
    wanted = tracked(root, folder)
    assert wanted
    assert wanted <= set(held)


def test_the_wheel_holds_nothing_that_running_left_behind(held: list[str]) -> None:
    assert [name for name in held if re.search(r"__pycache__|\.py[co]$|\.db(-|$)|\.files/", name)] == []


def test_the_unpacked_wheel_runs(wheel: Path, tmp_path: Path) -> None:
    """From the wheel alone: the tree is not on the path."""
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path)
        (entry,) = (name for name in archive.namelist() if name.endswith(".dist-info/entry_points.txt"))
        assert "kehoach = kehoach:main" in archive.read(entry).decode()
    lines = [
        f"import sys; sys.path.insert(0, {str(tmp_path)!r})",
        f"import {', '.join(LAYERS)}",
        f"assert kehoach.__file__.startswith({str(tmp_path)!r}), kehoach.__file__",
        "sys.argv = ['kehoach', '--help']; kehoach.main()",
    ]
    done = subprocess.run([sys.executable, "-c", "\n".join(lines)], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "extract" in done.stdout
    assert "build" in done.stdout


def test_the_licence_is_apache_2(root: Path, held: list[str], about: str, project: dict[str, Any]) -> None:
    assert project["project"]["license"] == "Apache-2.0"
    assert "Apache License\n                           Version 2.0" in (root / "LICENSE").read_text()
    assert f"{about}/licenses/LICENSE" in held


def test_the_lock_names_public_pypi_alone(lock: dict[str, Any], root: Path) -> None:
    sources = {str(package["source"]) for package in lock["package"]}
    assert sources == {"{'registry': 'https://pypi.org/simple'}", "{'editable': '.'}"}
    hosts = set(re.findall(r"https?://([^/\"]+)", (root / "uv.lock").read_text()))
    assert hosts == {"pypi.org", "files.pythonhosted.org"}


def test_the_lock_pins_every_file_by_hash(lock: dict[str, Any]) -> None:
    files = [file for package in lock["package"] for file in [*package.get("wheels", []), package.get("sdist")] if file]
    assert len(files) > 100
    assert all(file["hash"].startswith("sha256:") for file in files)


@pytest.mark.parametrize("name", ["torch", "transformers", "tensorflow", "onnxruntime", "pandas", "pyvi", "ray"])
def test_nothing_heavy_is_pulled_in(name: str, lock: dict[str, Any]) -> None:
    assert name not in {package["name"] for package in lock["package"]}


@pytest.mark.parametrize(
    "name, version",
    [
        ("pdfplumber", r"0\.11\."),
        ("spacy", r"3\.8\.(1[89]|[2-9]\d)"),
        ("sqlite-utils", r"4\.(2\.[1-9]|[3-9]|\d\d)"),
    ],
)
def test_the_lock_keeps_to_the_versions_that_were_measured(name: str, version: str, lock: dict[str, Any]) -> None:
    locked = [package["version"] for package in lock["package"] if package["name"] == name]
    assert len(locked) == 1
    assert re.match(version, locked[0])


def test_the_lock_holds_both_datasettes_apart(lock: dict[str, Any]) -> None:
    versions = sorted(package["version"] for package in lock["package"] if package["name"] == "datasette")
    assert len(versions) == 2
    assert re.match(r"0\.65\.", versions[0])
    assert re.match(r"1\.0", versions[1])
    assert [{item["group"] for item in pair} for pair in lock["conflicts"]] == [{"datasette-0", "datasette-1"}]


@pytest.mark.parametrize("python", ["cp311", "cp312", "cp313"])
def test_every_compiled_package_has_a_wheel_for_the_python(python: str, lock: dict[str, Any]) -> None:
    """Nothing needs a compiler on a bare system."""
    fitting = re.compile(
        rf"-(?:{python}-{python}|py3-none|py2\.py3-none|cp3\d+-abi3)-(?:any|manylinux[^-]*x86_64)\.whl$"
    )
    series: dict[str, bool] = {}
    for package in lock["package"]:
        files = [wheel["url"] for wheel in package.get("wheels", [])]
        if "editable" not in package["source"]:
            series[package["name"]] = series.get(package["name"], False) or any(fitting.search(url) for url in files)
    assert [name for name, fits in series.items() if not fits and name != PART_OF_EYECITE] == []


def imported(path: Path) -> set[str]:
    """The top-level names that a module imports, at its head or inside a function."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.split(".")[0])
    return found


@pytest.mark.parametrize("layer", LAYERS)
def test_imports_go_one_way(layer: str, root: Path) -> None:
    modules = [root / f"{layer}.py"] if layer == "kehoach" else sorted((root / layer).rglob("*.py"))
    assert modules
    forbidden = {*LAYERS[LAYERS.index(layer) + 1 :], *NOT_INSTALLED}
    wrong = {str(path.relative_to(root)): found for path in modules if (found := imported(path) & forbidden)}
    assert wrong == {}


def test_the_import_linter_knows_the_same_order(project: dict[str, Any]) -> None:
    contract = project["tool"]["importlinter"]["contracts"][0]
    assert tuple(reversed(contract["layers"])) == LAYERS[:-1]


@pytest.mark.parametrize("name", ["CHANGELOG.md", "README.md", "README.vi.md", "kehoach.py"])
def test_the_version_is_the_same_everywhere(name: str, root: Path, project: dict[str, Any]) -> None:
    assert project["project"]["version"] in (root / name).read_text(encoding="utf-8")


def test_every_target_of_the_makefile_is_explained(root: Path) -> None:
    text = (root / "Makefile").read_text()
    targets = set(re.findall(r"^([a-z][a-z-]*):", text, re.M))
    shown = subprocess.run(["make", "-s"], cwd=root, capture_output=True, text=True, check=True).stdout
    assert targets == set(re.findall(r"^  make ([a-z-]+) ", shown, re.M))
    assert {"setup", "demo", "test", "check", "check-copied", "quality", "bench", "fuzz", "kill", "clean"} <= targets


@pytest.mark.parametrize("name", ["README.md", "README.vi.md", "CHANGELOG.md", "docs/index.md", "docs/development.md"])
def test_every_link_of_the_page_leads_somewhere(name: str, root: Path) -> None:
    page = root / name
    links = re.findall(r"\]\(([^)#\s]+)\)", page.read_text(encoding="utf-8"))
    assert [link for link in links if "://" not in link and not (page.parent / link).exists()] == []


@pytest.mark.parametrize("name", [".ci/run", "tests/clean_room.sh"])
def test_scripts_can_be_run(name: str, root: Path) -> None:
    assert os.access(root / name, os.X_OK)
    subprocess.run(["bash", "-n", str(root / name)], check=True)

"""Heading or not, learned: asked only where a text was misread, named with its version in what it touches."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from extract.decisions import RULES, Decisions
from extract.pipeline import extract
from extract.records import Source
from extract.text import canonical
from models.headings import MISREAD, LazyHeadings
from models.linear import load
from models.noise import HEAVY, add_noise
from models.shipped import HEADINGS, shipped
from tests.patience import SECONDS
from tests.plans import BODY, plan

LONG = "\n".join(
    f"{number}. Thôn {name} sửa đoạn đường từ nhà văn hóa đến cầu trong quý sau và báo cáo kết quả cho xã"
    for number, name in enumerate(("Thượng", "Hạ", "Đông", "Đoài", "Trung", "Chùa", "Đình", "Bến"), 1)
)
SOUND = plan(body=f"{BODY}\nIII. CÁC TUYẾN ĐƯỜNG\n{LONG}")


def source_of(text: str) -> Source:
    return Source(path="plan.txt", sha256="0" * 64, media_type="text/plain", text=canonical(text))


def misread(seed: int) -> Source:
    return source_of(add_noise(SOUND, HEAVY, seed).text)


def test_a_sound_text_is_left_to_the_rule() -> None:
    source = source_of(SOUND)
    assert extract(source, decisions=shipped()) == extract(source, decisions=RULES)


def test_a_misread_text_has_its_units_from_the_model_by_name_and_version() -> None:
    found = [extract(misread(seed), decisions=shipped()).sections for seed in range(6)]
    by = {section.by for sections in found for section in sections}
    assert by == {"model:headings/1"}


def test_the_weights_are_plain_small_and_shipped() -> None:
    model = load(HEADINGS)
    assert model.classes == ("line", "unit")
    assert str(model.weights.dtype) == "float32"
    assert sum(path.stat().st_size for path in HEADINGS.parent.iterdir()) < 15_000_000


def test_weights_that_need_unpickling_are_refused(tmp_path: Path) -> None:
    import numpy as np

    path = tmp_path / "evil.npz"
    np.savez(path, version=np.array("1"), classes=np.array([object()]), weights=np.zeros((2, 1)))
    with pytest.raises(ValueError, match="allow_pickle"):
        load(path)


def test_a_sound_text_opens_no_weights_and_imports_no_numpy() -> None:
    code = (
        "import sys\n"
        "from tests.test_models_headings import SOUND, source_of\n"
        "from extract.pipeline import extract\n"
        "from models.shipped import shipped\n"
        "extract(source_of(SOUND), decisions=shipped())\n"
        "print('numpy' in sys.modules, 'sklearn' in sys.modules, 'spacy' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=SECONDS, check=True)
    assert done.stdout.split()[-3:] == ["False", "False", "False"]


def test_missing_weights_are_an_error_not_a_silent_rule(tmp_path: Path) -> None:
    decisions = Decisions(headings=LazyHeadings(tmp_path / "none.npz"))
    with pytest.raises(FileNotFoundError):
        extract(misread(1), decisions=decisions)


def test_noise_of_a_plan_is_on_the_right_side_of_the_bound() -> None:
    from extract.candidates import find_candidates
    from extract.letterhead import read_letterhead
    from extract.text import build_view
    from models.headings import noise_of
    from rules.units import load_units

    def noise(source: Source) -> float:
        view = build_view(source.text)
        return noise_of(find_candidates(view, read_letterhead(view, load_units())[1]))

    assert noise(source_of(SOUND)) < MISREAD <= min(noise(misread(seed)) for seed in range(6))


def run(*arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "kehoach", *arguments], capture_output=True, text=True, encoding="utf-8", timeout=SECONDS
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture
def misread_file(tmp_path: Path) -> Path:
    path = tmp_path / "plan.txt"
    path.write_text(misread(1).text, encoding="utf-8")
    return path


def test_no_models_on_the_command_line_gives_the_rules_alone(misread_file: Path) -> None:
    import json

    def finders(*options: str) -> set[str]:
        document = json.loads(run("extract", *options, str(misread_file)))
        return {section["by"] for section in document["sections"]}

    assert finders() == {"model:headings/1"}
    assert finders("--no-models") == {"rule:sections/outline"}


def test_a_build_without_models_is_another_build(misread_file: Path, tmp_path: Path) -> None:
    import sqlite3

    from extract.pipeline import VERSION

    db = tmp_path / "plans.db"
    found = []
    for options in ((), ("--no-models",), ()):
        run("build", str(misread_file), "--db", str(db), "--quiet", *options)
        with sqlite3.connect(db) as connection:
            found.append(
                (
                    connection.execute("select value from build_state where key = 'extractor'").fetchone()[0],
                    {by for (by,) in connection.execute('select "by" from sections')},
                )
            )
    with_models = (f"{VERSION} headings/1", {"model:headings/1"})
    assert found == [with_models, (VERSION, {"rule:sections/outline"}), with_models]

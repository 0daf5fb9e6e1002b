"""Labels as offsets: what is held out is read by its bytes, the gold by its words, and neither keeps any text."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from models.gold import CHARGES, FOLDER, ROLES
from tests.patience import SECONDS

FILES = sorted((FOLDER / "labels").glob("*.json"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_files_of_labels_hold_numbers_and_digests_alone(path: Path) -> None:
    text = path.read_text("utf-8")
    words = set(re.findall(r'"([^"]*)"', text)) - {"roles", "assignments"}
    assert words
    assert all(re.fullmatch(r"[0-9a-f]{64}", word) for word in words)
    assert not re.search(r"[^\x00-\x7f]", text)


def test_the_documents_labelled_by_hand_are_of_issuers_of_their_own(shared: Path) -> None:
    from models.gold import gold, held_out, seen

    for name, documents in (("held_out", held_out()), ("seen", seen())):
        assert len(documents) == len(json.loads((FOLDER / "labels" / f"{name}.json").read_text("utf-8")))
    issuers = [{one.issuer for one in documents} for documents in (gold(), seen(), held_out())]
    assert sum(map(len, issuers)) == len(set.union(*issuers))


def test_gold_labels_stand_where_their_words_are(shared: Path) -> None:
    from models.gold import gold

    documents = {one.name: one for one in gold()}
    labels = {path.stem: json.loads(path.read_text("utf-8")) for path in (shared / "contract" / "gold").glob("*.json")}
    assert set(documents) == set(labels)
    placed = sum(len(one.charges) for one in documents.values())
    assert placed == sum(len(one.get("assignments", ())) for one in labels.values())
    for name, one in documents.items():
        text = one.document.source.text
        printed = {
            " ".join(re.sub(r"[*|]", " ", label["text"]).split()).lower() for label in labels[name]["assignments"]
        }
        for charge in one.charges:
            assert " ".join(re.sub(r"[*|]", " ", text[charge.start : charge.end]).split()).lower() in printed
        assert set(one.roles.values()) <= set(ROLES)
        assert {charge.role for charge in one.charges} <= set(CHARGES)


def test_without_the_shared_folder_training_says_so(tmp_path: Path) -> None:
    import os
    import subprocess
    import sys

    environment = {**os.environ, "KEHOACH_SHARED": str(tmp_path / "none")}
    for module in ("models.train", "models.evaluate"):
        done = subprocess.run(
            [sys.executable, "-m", module],
            env=environment,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )
        assert done.returncode == 1
        assert "there is no" in done.stdout
        assert "Traceback" not in done.stderr

"""Words as a tree match what the same words match one after another, the longest first."""

import random
import re

import pytest

from extract.alternatives import one_of, tree


@pytest.mark.parametrize("seed", range(20))
def test_tree_matches_as_the_list(seed: int) -> None:
    rng = random.Random(seed)
    words = {"".join(rng.choice("aăb. ") for _ in range(rng.randint(1, 5))) for _ in range(30)}
    plain = re.compile(f"(?:{'|'.join(map(re.escape, sorted(words, key=len, reverse=True)))})(?![ab])")
    made = re.compile(f"(?:{one_of(words)})(?![ab])")
    text = "".join(rng.choice("aăb. ") for _ in range(2000))
    assert [match.span() for match in made.finditer(text)] == [match.span() for match in plain.finditer(text)]


def test_each_word_keeps_its_tail() -> None:
    made = re.compile(tree({"Tổ": "(?! chức)", "Tổ công tác": "", "Tổng": r"(?!\w)"}))
    cases = {"Tổ chức": None, "Tổ công tác số 1": "Tổ công tác", "Tổ viên": "Tổ", "Tổng cục": "Tổng", "Tổn": "Tổ"}
    assert {text: found.group() if (found := made.match(text)) else None for text in cases} == cases

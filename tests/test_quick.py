"""A quick search finds what its pattern finds, and knows what a match cannot be without."""

import random
import re

import pytest

from extract.quick import Quick
from rules.loader import document

_FILES = ("money.toml", "deadlines.toml", "targets.toml", "checks.toml", "assignments.toml")


def _patterns(rules: object) -> list[str]:
    """Every pattern of a file of rules, however deep it stands."""
    if isinstance(rules, list):
        return [pattern for entry in rules for pattern in _patterns(entry)]
    if not isinstance(rules, dict):
        return []
    own = [rules["pattern"]] if isinstance(rules.get("pattern"), str) else []
    return own + [pattern for entry in rules.values() for pattern in _patterns(entry)]


def _examples(rules: object) -> list[str]:
    if isinstance(rules, list):
        return [text for entry in rules for text in _examples(entry)]
    if not isinstance(rules, dict):
        return [rules] if isinstance(rules, str) else []
    return [text for entry in rules.values() for text in _examples(entry)]


@pytest.mark.parametrize("name", _FILES)
def test_finds_what_the_pattern_finds(name: str) -> None:
    rules = document(name)
    texts = _examples(rules)
    for pattern in _patterns(rules):
        quick, plain = Quick(pattern), re.compile(pattern)
        for text in texts:
            found, expected = quick.search(text), plain.search(text)
            assert (found and found.span()) == (expected and expected.span()), (pattern, text)


@pytest.mark.parametrize(
    ("pattern", "pieces"),
    [
        (r"[Kk]inh phí|[Vv]ốn", ("inh phí", "ốn")),
        (r"(?:ab)?cde|fgi+h", ("cde", "fg")),
        (r"ab(?=cd)cdx", ("abcdx",)),
        (r"(?:abc)+d?", ("abc",)),
        (r"(?i)abc", ()),
        (r"(?i:abc)", ()),
        (r"abc|[x-z]", ()),
        (r"\d{2}|abc", ()),
        (r"(?:abc){0,3}", ()),
    ],
)
def test_pieces(pattern: str, pieces: tuple[str, ...]) -> None:
    assert Quick(pattern).pieces == pieces


@pytest.mark.parametrize("seed", range(30))
def test_of_any_pattern(seed: int) -> None:
    rng = random.Random(seed)

    def made(depth: int) -> str:
        kind = rng.randrange(6 if depth else 2)
        if kind < 2:
            return "".join(rng.choice("abc") for _ in range(rng.randint(1, 3)))
        if kind == 2:
            return f"(?:{made(depth - 1)}){rng.choice(['?', '+', '*', '{2}', '{0,1}'])}"
        if kind == 3:
            return f"(?:{made(depth - 1)}|{made(depth - 1)})"
        if kind == 4:
            return f"[ab]{made(depth - 1)}"
        return made(depth - 1) + rng.choice(["(?=c)", "(?!a)", "(?<=b)", r"\b"]) + made(depth - 1)

    for _ in range(40):
        pattern = made(3)
        quick, plain = Quick(pattern), re.compile(pattern)
        for _ in range(20):
            text = "".join(rng.choice("abc ") for _ in range(rng.randint(0, 9)))
            assert bool(quick.search(text)) == bool(plain.search(text)), (pattern, text, quick.pieces)
            assert bool(quick.search_in(text, 1, 6)) == bool(plain.search(text, 1, 6)), (pattern, text, quick.pieces)
            assert quick.count(text) == len(list(plain.finditer(text))), (pattern, text, quick.pieces)

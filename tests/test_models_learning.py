"""What learning rests on: hashing, training that repeats itself, noise that leads back, syllables, intervals."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.experiment import ALL, HELD_OUT, SEEN, Case, Counts, interval, left_out, measure
from models.linear import fit, hashed, load, save
from models.misreads import is_syllable, misread_share
from models.noise import HEAVY, LIGHT, Strength, add_noise
from rules.loader import document

EXAMPLES = [
    ({"chủ trì": 1.0, "sở": 1.0}, "lead"),
    ({"chủ trì": 1.0, "xã": 1.0}, "lead"),
    ({"phối hợp": 1.0, "sở": 1.0}, "joint"),
    ({"phối hợp": 1.0, "xã": 1.0}, "joint"),
    ({"báo cáo": 1.0, "xã": 1.0}, "none"),
    ({"báo cáo": 1.0, "sở": 1.0}, "none"),
] * 5


def test_the_same_examples_give_the_same_bytes(tmp_path: Path) -> None:
    written = []
    for name in ("one.npz", "other.npz"):
        model = fit([x for x, _ in EXAMPLES], [y for _, y in EXAMPLES], version="7", places=64, penalty=1.0)
        save(model, tmp_path / name)
        written.append((tmp_path / name).read_bytes())
    assert written[0] == written[1]
    read = load(tmp_path / "one.npz")
    assert read.version == "7"
    assert read.classes == ("joint", "lead", "none")
    assert [read.best(features)[0] for features, _ in EXAMPLES] == [label for _, label in EXAMPLES]


def test_no_word_of_the_examples_is_in_the_weights(tmp_path: Path) -> None:
    model = fit([x for x, _ in EXAMPLES], [y for _, y in EXAMPLES], version="1", places=64, penalty=1.0)
    path = tmp_path / "m.npz"
    save(model, path)
    import zipfile

    held = b"".join(zipfile.ZipFile(path).read(name) for name in zipfile.ZipFile(path).namelist())
    assert "chủ trì".encode() not in held
    assert "chủ trì".encode("utf-32-le") not in held
    assert "lead".encode("utf-32-le") in held


def test_hashing_is_fixed() -> None:
    assert hashed({"kind=roman": 1.0, "first": 0.5}, 4096) == hashed({"kind=roman": 1.0, "first": 0.5}, 4096)
    rows, values = hashed({"kind=roman": 1.0}, 4096)
    assert 0 <= rows[0] < 4096
    assert abs(values[0]) == 1.0


@given(st.text(alphabet=st.sampled_from(list("aảđ1I. \n|-")), max_size=300), st.sampled_from([LIGHT, HEAVY]))
@settings(max_examples=150, deadline=None)
def test_every_sign_of_noise_leads_back_in_order(text: str, strength: Strength) -> None:
    noisy = add_noise(text, strength, 3)
    assert len(noisy.origins) == len(noisy.text)
    assert list(noisy.origins) == sorted(noisy.origins)
    assert all(0 <= origin <= len(text) for origin in noisy.origins)
    assert add_noise(text, strength, 3) == noisy


def test_noise_of_nothing_changes_nothing() -> None:
    none = Strength("none", 0.0, 0.0, 0.0, 0.0, None)
    assert add_noise("I. MỤC ĐÍCH\n1. Đường", none, 1).text == "I. MỤC ĐÍCH\n1. Đường\n"


def test_a_place_is_found_again_in_noise() -> None:
    text = "I. MỤC ĐÍCH\n\n" + "Đường liên thôn được sửa. " * 20 + "\nII. YÊU CẦU\n"
    noisy = add_noise(text, HEAVY, 5)
    at = noisy.at(text.index("YÊU CẦU"))
    assert sum(a == b for a, b in zip(noisy.text[at : at + 7], "YÊU CẦU", strict=True)) >= 5


@pytest.mark.parametrize("word", document("syllables.toml")["examples"])
def test_syllables(word: str) -> None:
    assert is_syllable(word)


@pytest.mark.parametrize("word", document("syllables.toml")["counter_examples"])
def test_what_is_no_syllable(word: str) -> None:
    assert not is_syllable(word)


def test_confusions_change_their_sign() -> None:
    data = document("ocr_noise.toml")
    for table in (data["letters"], data["markers"]):
        assert all(len(sign) == 1 and sign not in others and others for sign, others in table.items())
    assert all(speck.strip() and len(speck) <= 3 for speck in data["specks"])


def test_misread_words_are_counted_only_where_there_are_enough() -> None:
    assert misread_share(["một thưc hiện hai"] * 5) == 0.0
    assert misread_share(["một thưc hiện hai"] * 40) == 0.5
    assert misread_share(["một UBND Đắk Lắk 12 m3 kế hoạch hai"] * 40) == 0.0


@pytest.mark.parametrize(
    ("passage", "seen"),
    [
        ("một hai ba bốn", 2),
        ("một/hai ba (bốn)", 2),
        ("- một hai ba -", 1),
        ("một-hai-ba", 1),
        ("(một) hai, ba; bốn.", 2),
        ("một  hai\nba", 1),
        ("một", 0),
        ("", 0),
        (" - ", 0),
    ],
)
def test_the_first_and_the_last_word_of_a_passage_are_not_counted(passage: str, seen: int) -> None:
    spoilt = "x " + "thưc " * 40 + "x"
    assert misread_share([spoilt, passage]) == 40 / (40 + seen)


def test_log_odds_are_those_of_the_second_class() -> None:
    examples = [{name: value for name, value in words.items() if name != "sở"} for words, _ in EXAMPLES]
    labels = [label if label == "lead" else "other" for _, label in EXAMPLES]
    model = fit(examples, labels, version="1", places=64, penalty=1.0)
    for words in examples[:6]:
        assert model.log_odds(words) == pytest.approx(model.scores(words)[0], abs=1e-9)
    assert model.log_odds({}) == pytest.approx(model.scores({})[0], abs=1e-9)


def test_interval_of_a_sure_difference_leaves_zero_out() -> None:
    better = [(Counts(5, 10, 10), Counts(8, 10, 10))] * 12
    mixed = [(Counts(5, 10, 10), Counts(8, 10, 10)), (Counts(8, 10, 10), Counts(5, 10, 10))] * 6
    assert interval(better)[0] > 0
    low, high = interval(mixed)
    assert low < 0 < high


def test_issuers_are_left_out_whole() -> None:
    assert left_out(["a", "b", "c"], 0) == [{"a"}, {"b"}, {"c"}]
    assert left_out(["a", "b", "c"], 2) == [{"a", "c"}, {"b"}]


@dataclass(frozen=True)
class _Spy:
    """A part whose model is the list of the issuers that it was trained on."""

    name: str = "spy"
    groups: int = 0

    def cases(self) -> list[Case[int]]:
        gold = [Case(str(i), issuer, "clean", i) for i, issuer in enumerate("aabbc")]
        raw = [Case("raw", "a", "silver", 9, silver=True), Case("more", "z", "silver", 9, silver=True)]
        return [
            *gold,
            Case("s", "x", SEEN, 0),
            Case("h", "y", HELD_OUT, 0),
            Case("rawer", "y", "silver", 0, True),
            *raw,
        ]

    def fit(self, cases: list[Case[int]]) -> set[str]:
        return {case.issuer for case in cases}

    def tally(self, case: Case[int], model: set[str] | None) -> dict[str, Counts]:
        seen = model is not None and case.issuer in model
        return {"seen": Counts(int(seen), 1, 1)}


def test_no_document_is_measured_by_a_model_that_saw_its_issuer() -> None:
    rows = {row.condition: row for row in measure(_Spy())}
    assert rows["clean"].model == Counts(0, 5, 5)
    assert rows[HELD_OUT].model == Counts(0, 1, 1)
    assert rows[ALL].model == Counts(0, 7, 7)
    assert rows[ALL].documents == 7
    assert "silver" not in rows

"""Words that a reader was not sure of: which fields they leave in doubt, and what sure mentions say to that."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pytest

from extract.pipeline import extract
from extract.records import Document, Mark, Source
from tests.plans import plan

UPPER = "Kế hoạch số 45/KH-UBND ngày 12/3/2024 của UBND huyện Lam Sơn"


def read(*sentences: str, doubtful: Sequence[tuple[str, int]] = ()) -> Document:
    """A plan with these sentences; `doubtful` are words of it with their occurrence, counted from 0."""
    text = plan(body="I. MỤC ĐÍCH\n" + "\n".join(f"{i}. {line}" for i, line in enumerate(sentences, 1)))
    marks = []
    for words, occurrence in doubtful:
        found = list(re.finditer(re.escape(words), text))[occurrence]
        marks.append(Mark(kind="uncertain", start=found.start(), end=found.end(), note="digits"))
    return extract(Source(path="scan.pdf", sha256="0" * 64, media_type="text/plain", text=text, marks=tuple(marks)))


@pytest.mark.parametrize(
    ("sentence", "word", "kind", "fields"),
    [
        (f"Thực hiện {UPPER}.", "45/KH-UBND", "citations", ("code",)),
        (f"Thực hiện {UPPER}.", "12/3/2024", "citations", ("issued_on",)),
        ("Tổng kinh phí 480.000.000 đồng.", "480.000.000", "budgets", ("vnd",)),
        ("Công chức Tài chính báo cáo UBND xã trước ngày 15/11/2024.", "15/11/2024", "deadlines", ("to",)),
        ("Phấn đấu 95% hộ dân tham gia.", "95%", "targets", ("value",)),
    ],
)
def test_the_field_in_doubt_is_named(sentence: str, word: str, kind: str, fields: tuple[str, ...]) -> None:
    facts = getattr(read(sentence, doubtful=[(word, -1)]), kind)
    assert [fact.uncertain for fact in facts if fact.uncertain] == [fields]


def test_a_doubt_inside_a_unit_is_not_a_doubt_about_the_unit() -> None:
    document = read("Tổng kinh phí 480.000.000 đồng.", doubtful=[("480.000.000", -1)])
    assert document.sections
    assert not any(section.uncertain for section in document.sections)
    document = read("Tổng kinh phí 480.000.000 đồng.", doubtful=[("1.", -1)])
    assert [section.uncertain for section in document.sections if section.path == "I/1"] == [("marker",)]


def test_the_same_digits_read_surely_elsewhere_end_the_doubt() -> None:
    alone = read(f"Thực hiện {UPPER}.", doubtful=[("45/KH-UBND", 0)])
    assert [c.uncertain for c in alone.citations if c.code == "45/KH-UBND"] == [("code",)]
    twice = read(f"Thực hiện {UPPER}.", f"Căn cứ {UPPER}.", doubtful=[("45/KH-UBND", 0)])
    assert [c.uncertain for c in twice.citations if c.code == "45/KH-UBND"] == [(), ()]
    assert not twice.unread


def test_two_doubtful_readings_do_not_support_each_other() -> None:
    twice = read(f"Thực hiện {UPPER}.", f"Căn cứ {UPPER}.", doubtful=[("45/KH-UBND", 0), ("45/KH-UBND", 1)])
    assert [c.uncertain for c in twice.citations if c.code == "45/KH-UBND"] == [("code",), ("code",)]


def test_another_number_of_the_same_day_and_issuer_is_told() -> None:
    other = UPPER.replace("45", "46")
    document = read(f"Thực hiện {UPPER}.", f"Căn cứ {other}.", doubtful=[("45/KH-UBND", 0)])
    (told,) = document.unread
    assert (told.kind, told.reason) == ("code", "≠ 46/KH-UBND")
    assert "45/KH-UBND" in document.source.text[told.start : told.end]
    assert [c.code for c in document.citations if c.uncertain] == ["45/KH-UBND"]  # digits are never altered


@pytest.mark.parametrize("other", ["Kế hoạch số 145/KH-UBND ngày 12/3/2024 của UBND huyện Lam Sơn",
                                   "Kế hoạch số 46/KH-UBND ngày 13/3/2024 của UBND huyện Lam Sơn",
                                   "Kế hoạch số 46/KH-UBND ngày 12/3/2024 của UBND huyện Vân Khê",
                                   "Kế hoạch số 67/KH-UBND ngày 12/3/2024 của UBND huyện Lam Sơn"])  # fmt: skip
def test_a_number_that_is_not_one_digit_away_or_not_of_the_same_day_and_issuer_says_nothing(other: str) -> None:
    assert not read(f"Thực hiện {UPPER}.", f"Căn cứ {other}.", doubtful=[("45/KH-UBND", 0)]).unread


def test_another_day_of_the_same_code_is_told() -> None:
    other = UPPER.replace("12/3", "17/3")
    document = read(f"Thực hiện {UPPER}.", f"Căn cứ {other}.", doubtful=[("12/3/2024", 0)])
    assert [(told.kind, told.reason) for told in document.unread] == [("issued_on", "≠ 2024-03-17")]


def test_what_could_not_be_read_is_kept_with_its_place() -> None:
    document = read("Thực hiện Kế hoạch số §§/KH-UBND ngày 12/3/2024 của UBND huyện Lam Sơn.")
    (told,) = document.unread
    assert (told.kind, told.reason) == ("code", "unreadable")
    assert document.source.text[told.start : told.end].startswith("§§/KH-UBND")

"""Sections: their spans, their tables, scorers of one's own, and texts made to be slow."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extract.candidates import score_headings
from extract.outline import Candidate
from extract.records import Layout, Section, Table
from extract.sections import find_sections
from extract.text import build_view
from tests.growth import grows_in_proportion
from tests.outlines import sections_of


def test_spans_begin_at_the_marker_and_hold_the_children() -> None:
    source, found = sections_of(
        "**I. MỤC TIÊU**\n\n**1. Chung**\n\n- Một việc.\n- Hai việc.\n\n**II. NỘI DUNG**\n\nXong."
    )
    first, child, second = found
    assert source[first.start : first.end].startswith("I. MỤC TIÊU**")
    assert first.start < child.start < child.end <= first.end <= second.start
    assert [source[a:b] for a, b in child.items] == ["- Một việc.", "- Hai việc."]
    assert first.items == ()
    assert source[child.start : child.heading_end] == "1. Chung"


def test_a_ruled_table_of_the_reader_numbers_its_rows() -> None:
    source = "I. NỘI DUNG\nBảng:\n1. Đường\n2. Mương\nII. KINH PHÍ\nXã."
    view = build_view(source)
    layout = Layout(start=0, body=0, signature=len(view.text), annex=len(view.text), end=len(view.text))
    at = source.index("1. Đường")
    table = Table(start=at, end=source.index("\nII."), rows=(("1.", "Đường"), ("2.", "Mương")))
    assert [section.path for section in find_sections(view, layout, (table,))] == ["I", "II"]


def test_a_scorer_of_ones_own_decides() -> None:
    def shy(candidates: Sequence[Candidate]) -> tuple[list[float], str]:
        scores = score_headings(candidates)
        return [
            -9.0 if candidate.rest.startswith("Không") else score
            for candidate, score in zip(candidates, scores, strict=True)
        ], "model:shy/1"

    view = build_view("1. Một\n2. Hai\n3. Không phải mục")
    layout = Layout(start=0, body=0, signature=len(view.text), annex=len(view.text), end=len(view.text))
    found = find_sections(view, layout, scorer=shy)
    assert [(section.path, section.by) for section in found] == [("1", "model:shy/1"), ("2", "model:shy/1")]


MARKS = st.sampled_from(
    ["I.", "II.", "V.", "1.", "2.", "2.1.", "a)", "đ)", "Điều 3.", "PHỤ LỤC II", "-", "|", "(1)", ""]
)


PIECES = st.lists(st.tuples(MARKS, st.text("aĂ b.\n*|1:đ", max_size=12)), max_size=25)


@settings(max_examples=150, deadline=None)
@given(PIECES)
def test_sections_and_what_lies_between_give_the_text_back(pieces: list[tuple[str, str]]) -> None:
    source, found = sections_of("\n".join(f"{mark} {words}" for mark, words in pieces))
    rest = list(found)
    assert _put_together(source, rest, 0, len(source)) == source
    assert not rest
    for section in found:
        assert section.path.split("/")[-1] == section.marker
        assert len(section.path.split("/")) == section.depth or " " in section.path
        assert all(section.start <= a < b <= section.end for a, b in section.items)


def _put_together(source: str, rest: list[Section], start: int, end: int) -> str:
    """The text of ``start:end`` from the sections that lie in it and what lies between; takes them from `rest`."""
    pieces, at = [], start
    while rest and rest[0].start < end:
        section = rest.pop(0)
        assert at <= section.start < section.end <= end, "sections overlap"
        pieces += [source[at : section.start], _put_together(source, rest, section.start, section.end)]
        at = section.end
    return "".join([*pieces, source[at:end]])


HOSTILE = {
    "numbers on one line": "1. " * 60_000,
    "numbers with capitals": "1. A " * 40_000,
    "romans": "I " * 90_000,
    "strokes": "ll. A\n" * 30_000,
    "romans with dots": "I. A\n" * 30_000,
    "one letter on every line": "a)\n" * 10_000,
    "deep decimals": "1.1.1.1.1. A\n" * 12_000,
    "articles": "Điều 1. A\n" * 15_000,
    "annexes": "PHỤ LỤC\n" * 15_000,
    "bars": "|\n" * 80_000,
    "brackets": "(1) A\n" * 20_000,
    "spaces": "1" + " " * 180_000 + ".",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_repetitions_take_linear_time(name: str) -> None:
    grows_in_proportion(sections_of, lambda length: HOSTILE[name][:length], len(HOSTILE[name]))

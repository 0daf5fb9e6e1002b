"""Marks over a text, what two passages say otherwise, and passages cut near their words."""

from __future__ import annotations

import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasette_plugins.desk import sides
from datasette_plugins.desk.differences import differences
from datasette_plugins.desk.folding import folded
from datasette_plugins.desk.marks import Heading, Layers, Mark, PageBreak, render
from datasette_plugins.desk.searching import marked


def plain(html: str) -> str:
    return unescape(re.sub(r"<[^>]*>", "", html))


def mark(key: str, start: int, end: int, kind: str = "citation") -> Mark:
    return Mark(key, kind, start, end, f"#c-{key}", key)


@pytest.mark.parametrize(
    "marks, pieces",
    [
        ([mark("a", 0, 3)], [("a", "abc")]),
        ([mark("a", 1, 4), mark("b", 3, 6)], [("a", "bc"), ("a b", "d"), ("b", "ef")]),
        ([mark("a", 0, 6), mark("b", 2, 4)], [("a", "ab"), ("a b", "cd"), ("a", "ef")]),
        ([mark("a", 2, 4), mark("b", 2, 4, "finding")], [("a b", "cd")]),
        ([mark("a", 4, 99)], [("a", "efgh")]),
        ([mark("a", 5, 5)], []),
    ],
    ids=["one", "overlapping", "within", "same place, the fact leads and names the finding", "past the end", "empty"],
)
def test_overlapping_marks(marks: list[Mark], pieces: list[tuple[str, str]]) -> None:
    html = render("abcdefgh", Layers(marks=marks))
    assert plain(html) == "abcdefgh"
    assert re.findall(r'data-f="([^"]*)" title="[^"]*">([^<]*)</a>', html) == pieces


@given(
    text=st.text(alphabet="ab <>&\"'\nđồ", max_size=60),
    spans=st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=8),
    heads=st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=4),
    breaks=st.lists(st.integers(0, 60), max_size=3),
)
def test_any_marks_leave_the_text_as_it_is(
    text: str, spans: list[tuple[int, int]], heads: list[tuple[int, int]], breaks: list[int]
) -> None:
    layers = Layers(
        marks=[mark(f"m{n}", start, end) for n, (start, end) in enumerate(spans)],
        headings=[Heading(f"h{n}", start, end, 1) for n, (start, end) in enumerate(heads)],
        breaks=[PageBreak(n + 2, start) for n, start in enumerate(breaks)],
    )
    html = render(text, layers)
    assert plain(html) == text
    assert html.count("<a ") == html.count("</a>")
    assert html.count("<span") == html.count("</span>")
    inside = re.sub(r"<a [^>]*>[^<]*</a>", "", html)
    assert "<a " not in inside


@pytest.mark.parametrize(
    "one, other, picked",
    [
        ("ngày 05/02/2023", "ngày 05/02/2024", (["2023"], ["2024"])),
        ("số 12/KH-UBND", "Số 12/KH-UBND", ([], [])),
        ("số 12/KH của UBND xã", "số 12/KH", (["của UBND xã"], [])),
        ("trước ngày 20/6/2024", "Châu Bình, tháng 7", ([], [])),
        ("", "", ([], [])),
        ("x " * 300, "y " * 300, ([], [])),
    ],
    ids=["a year", "capitals", "more words", "two sayings", "nothing", "too long"],
)
def test_what_two_sides_say_otherwise_is_picked_out(one: str, other: str, picked: tuple[list[str], list[str]]) -> None:
    spans = differences(one, other)
    assert ([one[a:b] for a, b in spans[0]], [other[a:b] for a, b in spans[1]]) == picked


def test_folding_keeps_the_length() -> None:
    assert folded("Đồng bằng QĐ-UBND") == "dong bang qd-ubnd"
    assert len(folded("ẤẾỘƯ ﬁ İ")) == len("ẤẾỘƯ ﬁ İ")


@pytest.mark.parametrize(
    "snippet, html",
    [
        ("a \x02b\x03 c", "a <mark>b</mark> c"),
        ("<i>\x02<b>\x03", "&lt;i&gt;<mark>&lt;b&gt;</mark>"),
        ("\x02open", "open"),
        ("shut\x03", "shut"),
        ("\x02a\x03\x02b\x03", "<mark>a</mark><mark>b</mark>"),
    ],
)
def test_snippets_are_text_with_marks(snippet: str, html: str) -> None:
    assert marked(snippet) == html


NEAR = [
    pytest.param("1\n2\n3\n4\n5 NÓI 6\n7", "2\n3\n4\n5 NÓI 6\n7", False, id="before"),
    pytest.param("NÓI\n\n1\n2\n\n3\n4\n5", "NÓI\n\n1\n2\n\n3\n4", True, id="after"),
    pytest.param("\n\n \nđầu NÓI cuối\n\n \n", "đầu NÓI cuối", False, id="blank ends"),
    pytest.param("NÓI", "NÓI", False, id="alone"),
]


@pytest.mark.parametrize("text, shown, is_cut", NEAR)
def test_a_passage_is_kept_near_its_words(text: str, shown: str, is_cut: bool) -> None:
    at, begun = text.index("NÓI"), 100
    first, passage, cut = sides._near(text, begun, begun + at, begun + at + 3, False)
    assert (passage, cut) == (shown, is_cut)
    assert passage[begun + at - first :].startswith("NÓI"), "the offsets still fit"

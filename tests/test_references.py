"""Short mentions that point back: what they mean where exactly one document fits, and why not otherwise."""

from __future__ import annotations

from dataclasses import replace

import pytest

from datasette_plugins.desk.words import entries
from extract.citations import find_citations
from extract.doubts import UNREADABLE
from extract.issuers import Namer
from extract.records import Citation, Header, Layout, Reference
from extract.references import REASONS, find_references
from extract.text import build_view
from rules.units import load_units


def referred(text: str) -> tuple[tuple[Reference, ...], dict[str, Citation]]:
    view = build_view(text)
    layout = Layout(start=0, body=0, signature=len(view.text), annex=len(view.text), end=len(view.text))
    found = find_citations(view, layout, Header(), (), Namer(Header(), load_units()))
    citations = tuple(replace(citation, id=f"c{i}") for i, citation in enumerate(found))
    return find_references(view, layout, Header(), (), citations), {c.id: c for c in citations}


ONE = [
    ("Thực hiện Kế hoạch số 75/KH-UBND. Các sở căn cứ Kế hoạch số 75 nêu trên để báo cáo.", "Kế hoạch số 75 nêu trên"),
    ("Thực hiện Kế hoạch số 75/KH-UBND. Nội dung của Kế hoạch nêu trên giữ nguyên.", "Kế hoạch nêu trên"),
    ("Căn cứ Quyết định số 5/QĐ-TTg. Thực hiện Quyết định trên, tỉnh đã họp.", "Quyết định trên"),
    (
        "Thực hiện Kế hoạch số 75/KH-UBND và Kế hoạch số 8/KH-UBND. Như Kế hoạch số 75 nói trên.",
        "Kế hoạch số 75 nói trên",
    ),
]


@pytest.mark.parametrize(("text", "words"), ONE, ids=[case[1] for case in ONE])
def test_one_document_fits(text: str, words: str) -> None:
    references, citations = referred(text)
    assert [text[r.start : r.end] for r in references] == [words]
    assert references[0].antecedent is not None
    assert citations[references[0].antecedent].code in ("75/KH-UBND", "5/QĐ-TTg")
    assert references[0].reason


NOT_ONE = [
    ("several", "Thực hiện Kế hoạch số 75/KH-UBND và Kế hoạch số 8/KH-UBND. Theo Kế hoạch nêu trên, tỉnh đã họp."),
    ("none of the kind", "Căn cứ Luật Thủy sản. Theo Kế hoạch nêu trên, tỉnh đã họp."),
    ("only later", "Theo Kế hoạch nêu trên, tỉnh họp. Thực hiện Kế hoạch số 75/KH-UBND."),
]


@pytest.mark.parametrize("text", [case[1] for case in NOT_ONE], ids=[case[0] for case in NOT_ONE])
def test_none_or_several_fit(text: str) -> None:
    references, _ = referred(text)
    assert [r.antecedent for r in references] == [None]
    assert references[0].reason


def test_two_mentions_of_one_document_are_one_antecedent() -> None:
    references, _ = referred("Theo Kế hoạch số 75/KH-UBND. Căn cứ Kế hoạch số 75/KH-UBND. Thực hiện Kế hoạch nêu trên.")
    assert references[0].antecedent == "c0"


NO_REFERENCE = [
    "Thực hiện Chương trình trên địa bàn tỉnh.",
    "Kế hoạch 5 năm và Kế hoạch 2025.",
    "Triển khai Kế hoạch này; các nội dung nêu trên.",
    "Thực hiện Kế hoạch số 75/KH-UBND.",
]


@pytest.mark.parametrize("text", NO_REFERENCE)
def test_what_points_to_nothing(text: str) -> None:
    assert referred(text)[0] == ()


def test_the_desk_has_words_for_every_reason() -> None:
    known = entries()
    assert [why for why in REASONS.values() if f"reason.{why}" not in known] == []
    assert f"unread.{UNREADABLE}" in known

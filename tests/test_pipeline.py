"""The whole way of one document: ids that outlive a better reader, evidence that holds its words, linear cost."""

from __future__ import annotations

import json
import time

import pytest

from extract.boxes import boxes_of
from extract.pipeline import extract, fact_id
from extract.records import Citation, Page, Source
from extract.serialise import to_json
from tests.plans import BODY, extracted, plan

KINDS = ("sections", "citations", "references", "budgets", "deadlines", "assignments", "targets")
RICH = BODY + (
    "\n2. Kinh phí\nTổng kinh phí 480.000.000 đồng (Bốn trăm tám mươi triệu đồng) từ ngân sách huyện."
    "\n3. Các thôn\nPhấn đấu 95% hộ dân tham gia; báo cáo UBND xã trước ngày 15/11/2024."
)


def test_every_fact_has_its_words_its_finder_and_an_id_of_its_own() -> None:
    document = extracted(plan(body=RICH))
    seen = set()
    for kind in KINDS:
        for fact in getattr(document, kind):
            assert document.source.text[fact.start : fact.end].strip()
            assert fact.by.startswith("rule:"), (kind, fact.by)
            assert 0 < fact.confidence <= 1
            assert (kind, fact.id) not in seen
            seen.add((kind, fact.id))
    assert {kind for kind, _ in seen} >= {"sections", "citations", "budgets", "deadlines", "assignments", "targets"}


def test_an_id_does_not_depend_on_where_the_words_stand() -> None:
    one = fact_id("a" * 64, "citation", "Kế hoạch số  41/KH-UBND", 1)
    assert one == fact_id("a" * 64, "citation", "Kế hoạch số 41/KH-UBND", 1)
    assert one != fact_id("a" * 64, "citation", "Kế hoạch số 41/KH-UBND", 2)
    assert one != fact_id("b" * 64, "citation", "Kế hoạch số 41/KH-UBND", 1)


def test_the_chain_of_a_small_plan() -> None:
    document = extracted(plan())
    header, cited = document.header, document.citations[0]
    assert (header.doc_type, header.code, header.issued_on, header.period) == ("KH", "12/KH-UBND", "2024-06-24", "2024")
    assert header.issuer == "UBND xã Bình Hòa Thượng"
    assert (cited.code, cited.issued_on, cited.relation) == ("41/KH-UBND", "2024-03-05", "implements")
    assert cited.issuer == "UBND huyện Tân Mai"
    assert [section.path for section in document.sections] == ["I", "I/1", "I/2", "II", "II/1"]


def test_the_contract_is_written_as_json() -> None:
    out = json.loads(json.dumps(to_json(extracted(plan(body=RICH))), ensure_ascii=False))
    assert out["error"] is None
    assert out["source"]["pages"] is None
    assert set(KINDS) <= set(out)
    deadline = next(item for item in out["deadlines"] if item["to"] == "2024-11-15")
    assert (deadline["from"], deadline["kind"], deadline["before"]) == (None, "due", True)
    assert out["citations"][0]["self"] is False
    assert out["citations"][0]["bbox"] is None
    assert all(item["found_by"] and "by" in item for item in out["targets"])


def test_a_span_that_runs_backwards_is_refused() -> None:
    with pytest.raises(ValueError, match="backwards"):
        Citation(start=5, end=5, doc_type="KH", code=None, code_text=None)


def test_boxes_are_one_for_a_line_of_print() -> None:
    from array import array

    text = "Số 12\nKH\n"
    boxes = array("f")
    for row, words in enumerate(text.splitlines()):
        for i, sign in enumerate(words):
            boxes.extend((-1, -1, -1, -1) if sign == " " else (10 + 6 * i, 20 * row + 10, 16 + 6 * i, 20 * row + 22))
        boxes.extend((-1, -1, -1, -1))
    pages = (Page(number=3, start=0, end=len(text)),)
    source = Source(path="a", sha256="0" * 64, media_type="application/pdf", text=text, pages=pages, boxes=boxes)
    assert boxes_of(source, 0, len(text)) == ((3, 10.0, 10.0, 40.0, 22.0), (3, 10.0, 30.0, 22.0, 42.0))


HOSTILE = [
    "Số 1/KH-UBND ngày 1/1/2024 của ",
    "1. ",
    "a) b) c) ",
    "I. V. X. ",
    "Điều 1. ",
    "ngày 1 tháng ",
    "1.000.000 đồng ",
    "1.000.",
    "hằng tháng, quý, ",
    "Luật sửa đổi, bổ sung một số điều của ",
    "Chủ trì, phối hợp với các sở, ",
    "100% ",
    "(((((",
    "/KH-UBND",
    "Căn cứ ",
    "| a | b |\n",
    "\n\n",
    "Kế hoạch trên ",
    "từ ngày 1/1 đến ",
    "KẾ HOẠCH\n",
    "Phụ lục ",
    "TM. ",
]


@pytest.mark.parametrize("unit", HOSTILE)
def test_no_repetition_makes_the_cost_run_away(unit: str) -> None:
    """Eight times the text may cost at most some thirteen times the time (a fit with room for noise)."""

    def seconds(size: int) -> float:
        text = plan(body=BODY + "\n" + unit * (size // len(unit)))
        source = Source(path="a", sha256="0" * 64, media_type="text/plain", text=text)
        begin = time.process_time()
        extract(source)
        return time.process_time() - begin

    seconds(2_000)
    small, large = (min(seconds(size) for _ in range(2)) for size in (12_000, 96_000))
    assert large < 13 * small + 0.25, (small, large)

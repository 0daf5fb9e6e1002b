"""Boxes: where a fact's words stand on the page, and that the ink there is theirs."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import pytest
from PIL.Image import Image

from extract.boxes import boxes_of
from extract.pipeline import extract
from extract.readers import read
from extract.records import Page, Source

SAMPLES = Path(__file__).resolve().parent.parent / "corpus" / "samples" / "files"
BORN_DIGITAL = sorted(path.name for path in SAMPLES.glob("*.pdf") if path.name != "kh-xa-ngan-say-2024.pdf")
SCALE = 3
"""Points of the picture for each point of the page."""
DARK = 150


def _source(signs: Sequence[tuple[str, tuple[float, float, float, float]]], breaks: Sequence[int] = ()) -> Source:
    boxes = array("f")
    for _, box in signs:
        boxes.extend(box)
    edges = [0, *breaks, len(signs)]
    pages = tuple(Page(number=i + 1, start=a, end=b, width=595, height=842) for i, (a, b) in enumerate(pairwise(edges)))
    text = "".join(sign for sign, _ in signs)
    return Source(path="a", sha256="0", media_type="application/pdf", text=text, pages=pages, boxes=boxes)


NONE = (-1.0, -1.0, -1.0, -1.0)
WORDS = [
    ("one line", [("a", (10, 10, 20, 22)), ("b", (20, 10, 30, 22))], [], [(1, 10, 10, 30, 22)]),
    ("over a space", [("a", (10, 10, 20, 22)), (" ", NONE), ("b", (25, 9, 35, 22))], [], [(1, 10, 9, 35, 22)]),
    (
        "two lines",
        [("a", (500, 10, 510, 22)), ("\n", NONE), ("b", (10, 26, 20, 38))],
        [],
        [(1, 500, 10, 510, 22), (1, 10, 26, 20, 38)],
    ),
    ("a raised sign", [("a", (10, 10, 20, 22)), ("2", (20, 6, 24, 16))], [], [(1, 10, 6, 24, 22)]),
    (
        "two pages",
        [("a", (10, 800, 20, 812)), ("b", (10, 40, 20, 52))],
        [1],
        [(1, 10, 800, 20, 812), (2, 10, 40, 20, 52)],
    ),
    ("no ink", [("\n", NONE)], [], []),
]


@pytest.mark.parametrize(("name", "signs", "breaks", "wanted"), WORDS, ids=[case[0] for case in WORDS])
def test_words_have_a_box_a_line(
    name: str,
    signs: list[tuple[str, tuple[float, float, float, float]]],
    breaks: list[int],
    wanted: list[tuple[int, float, float, float, float]],
) -> None:
    assert list(boxes_of(_source(signs, breaks), 0, len(signs))) == wanted


def test_text_without_pages_has_no_boxes() -> None:
    assert boxes_of(Source(path="a", sha256="0", media_type="text/plain", text="Kế hoạch"), 0, 3) == ()


def _pictures(path: Path) -> list[Image]:
    """The pages as the eye sees them, in grey."""
    import pypdfium2

    document = pypdfium2.PdfDocument(path)
    try:
        return [
            page.render(scale=SCALE, grayscale=True, may_draw_forms=True).to_pil().convert("L") for page in document
        ]
    finally:
        document.close()


def _dark(picture: Image, box: Sequence[float]) -> int:
    x0, top, x1, bottom = (round(SCALE * value) for value in box)
    return sum(picture.crop((x0, top, x1, bottom)).histogram()[:DARK])


@pytest.mark.parametrize("name", BORN_DIGITAL)
def test_the_ink_under_a_citation_is_its_own(name: str) -> None:
    """Each letter of a citation has ink in its own box, and there is no ink right before or behind the citation's."""
    source = read(SAMPLES / name)
    pictures = _pictures(SAMPLES / name)
    citations = extract(source).citations
    assert citations
    for citation in citations:
        quote = source.text[citation.start : citation.end]
        assert citation.bbox, quote
        for at in range(citation.start, citation.end):
            if source.text[at].isalnum():
                [(page, *box)] = boxes_of(source, at, at + 1)
                assert _dark(pictures[page - 1], box) > 0, (quote, source.text[at])
        for _, x0, top, x1, bottom in citation.bbox:
            width, height = x1 - x0, bottom - top
            assert 4 < height < 30, (quote, height)
            assert width > 0
        assert _letters_in(source, citation.bbox) == [sign for sign in quote if not sign.isspace()], quote


def _letters_in(source: Source, boxes: Sequence[Sequence[float]]) -> list[str]:
    """The inked signs whose middle lies in one of the boxes, in the order of the text: what a reader sees marked."""
    assert source.boxes is not None
    found = []
    for page in source.pages:
        for at in range(page.start, page.end):
            x0, top, x1, bottom = source.boxes[4 * at : 4 * at + 4]
            if x0 < 0 or source.text[at].isspace():
                continue
            x, y = (x0 + x1) / 2, (top + bottom) / 2
            if any(p == page.number and a <= x <= c and b <= y <= d for p, a, b, c, d in boxes):
                found.append(source.text[at])
    return found


@pytest.mark.needs("tesseract")
def test_the_words_of_a_scan_lie_on_their_ink() -> None:
    path = SAMPLES / "kh-xa-ngan-say-2024.pdf"
    source = read(path)
    pictures = _pictures(path)
    for citation in extract(source).citations:
        for page, *box in citation.bbox:
            area = (box[2] - box[0]) * (box[3] - box[1]) * SCALE * SCALE
            assert _dark(pictures[page - 1], box) > 0.03 * area

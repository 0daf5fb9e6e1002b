"""spaCy over the same facts: `nlp(text).spans` equals `extract(text)`."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extract.records import KehoachError
from models.pipeline import GROUPS, load_pipeline, to_spacy, tokens_of
from tests.patience import SECONDS
from tests.plans import extracted, plan


@given(st.text(alphabet=st.sampled_from(list("aĐ1 .\n\t-/%")), max_size=60), st.lists(st.integers(0, 60), max_size=5))
@settings(max_examples=200, deadline=None)
def test_tokens_give_the_text_back(text: str, bounds: list[int]) -> None:
    words, spaces = tokens_of(text, bounds)
    assert "".join(word + " " * space for word, space in zip(words, spaces, strict=True)) == text


@pytest.mark.parametrize("text", [plan(), plan(number="Số:    /KH-UBND", body="I. MỤC ĐÍCH\nKinh phí 12 triệu đồng.")])
def test_spans_of_the_pipeline_are_the_facts(text: str) -> None:
    document = extracted(text)
    doc = load_pipeline()(document.source.text)
    assert doc.text == document.source.text
    for group in GROUPS:
        facts = [(fact.start, fact.end) for fact in getattr(document, group)]
        assert [(span.start_char, span.end_char) for span in doc.spans[group]] == facts


def test_a_document_becomes_a_doc_with_ids_and_labels() -> None:
    document = extracted(plan())
    doc = to_spacy(document)
    assert [span.id_ for span in doc.spans["citations"]] == [fact.id for fact in document.citations]
    assert {span.label_ for span in doc.spans["sections"]} == {"Section"}


def test_a_document_makes_its_own_doc() -> None:
    document = extracted(plan())
    doc = document.to_spacy()
    for group in GROUPS:
        facts = [fact.id for fact in getattr(document, group)]
        assert [span.id_ for span in doc.spans[group]] == facts


def test_without_what_knows_spacy_one_sentence_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("extract.records.CONVERTERS", "kehoach.none")
    with pytest.raises(KehoachError, match="install kehoach anew"):
        extracted(plan()).to_spacy()


def test_importing_the_project_does_not_import_spacy() -> None:
    import subprocess
    import sys

    code = (
        "import sys, kehoach, extract.pipeline, models.pipeline\n"
        "print('spacy' in sys.modules, 'datasette' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=SECONDS, check=True)
    assert done.stdout.split() == ["False", "False"]


def test_the_pipeline_and_the_public_function_decide_alike_on_misread_text() -> None:
    import kehoach
    from models.noise import HEAVY, add_noise
    from tests.test_models_headings import SOUND

    text = add_noise(SOUND, HEAVY, 1).text
    document = kehoach.extract(text)
    assert {section.by for section in document.sections} == {"model:headings/1"}
    doc = kehoach.load_pipeline()(document.source.text)
    for group in GROUPS:
        facts = [(fact.start, fact.end) for fact in getattr(document, group)]
        assert [(span.start_char, span.end_char) for span in doc.spans[group]] == facts

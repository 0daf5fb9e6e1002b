"""spaCy over the same facts: a `Doc` of a `Document`, and a pipeline whose spans are what `extract` finds.

The tokenizer parts a text at every change between letters, digits, marks and white space and loses nothing, so that
every fact begins and ends with a token and ``doc.text`` is the canonical text.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from itertools import pairwise
from typing import TYPE_CHECKING

from extract.records import Document, Fact, Source
from extract.text import canonical

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc
    from spacy.vocab import Vocab

GROUPS = ("sections", "citations", "references", "budgets", "deadlines", "assignments", "targets")
"""The span groups of a `Doc`, named like the fields of a `Document`."""
_TOKEN = re.compile(r"[^\W\d_]+|\d+|\s+|.", re.DOTALL)


def tokens_of(text: str, bounds: Iterable[int] = ()) -> tuple[list[str], list[bool]]:
    """The tokens of `text` and whether one space follows each; tokens are parted at `bounds` as well.

    Joined with their spaces they give `text` back.
    """
    cuts = sorted({0, len(text), *(at for at in bounds if 0 < at < len(text))})
    words: list[str] = []
    spaces: list[bool] = []
    at = 0
    for start, end in pairwise(cuts):
        for match in _TOKEN.finditer(text, start, end):
            if match.group() == " " and words and not words[-1].isspace() and at not in cuts[1:-1]:
                spaces[-1] = True
            else:
                words.append(match.group())
                spaces.append(False)
            at = match.end()
    return words, spaces


def to_spacy(document: Document, vocab: Vocab | None = None) -> Doc:
    """A spaCy `Doc` of a document, its facts as span groups; a span's label is its kind, its id the fact's."""
    from spacy.tokens import Doc
    from spacy.vocab import Vocab

    bounds = {at for group in GROUPS for fact in getattr(document, group) for at in (fact.start, fact.end)}
    words, spaces = tokens_of(document.source.text, bounds)
    doc = Doc(vocab if vocab is not None else Vocab(), words=words, spaces=spaces)
    for group in GROUPS:
        doc.spans[group] = [_span(doc, fact) for fact in getattr(document, group)]
    return doc


def _span(doc: Doc, fact: Fact):  # type: ignore[no-untyped-def]  # spaCy's Span has no stable public type here
    span = doc.char_span(fact.start, fact.end, label=type(fact).__name__, span_id=fact.id, alignment_mode="expand")
    if span is None:
        raise ValueError(f"the fact {fact.id} lies outside its text")
    return span


def load_pipeline() -> Language:
    """A spaCy pipeline for Vietnamese whose `Doc` carries every fact of `extract` as span groups."""
    from spacy.language import Language

    if not Language.has_factory("kehoach_facts"):
        Language.component("kehoach_facts", func=_add_facts)
    nlp = plain_pipeline("kehoach.Tokenizer.v1")
    nlp.add_pipe("kehoach_facts")
    return nlp


def plain_pipeline(tokenizer: str = "kehoach.Syllables.v1") -> Language:
    """A pipeline for Vietnamese without components. Tokens are parted by `tokens_of`, or where facts begin and end."""
    import spacy
    from spacy.util import registry

    if tokenizer not in registry.tokenizers:
        registry.tokenizers("kehoach.Tokenizer.v1", func=lambda: lambda nlp: _Tokenizer(nlp.vocab))
        registry.tokenizers("kehoach.Syllables.v1", func=lambda: lambda nlp: _Syllables(nlp.vocab))
    nlp: Language = spacy.blank("vi", config={"nlp": {"tokenizer": {"@tokenizers": tokenizer}}})
    return nlp


class _Tokenizer:
    """Makes a `Doc` whose tokens are parted where facts begin and end."""

    def __init__(self, vocab: Vocab) -> None:
        self.vocab = vocab

    def __call__(self, text: str) -> Doc:
        return to_spacy(_extract(text), self.vocab)

    def to_bytes(self, **_: object) -> bytes:
        """The tokenizer has no state to keep."""
        return b""

    def from_bytes(self, _: bytes, **__: object) -> _Tokenizer:
        """The tokenizer has no state to restore."""
        return self

    def to_disk(self, *_: object, **__: object) -> None:
        """The tokenizer has no state to keep."""

    def from_disk(self, *_: object, **__: object) -> _Tokenizer:
        """The tokenizer has no state to restore."""
        return self


class _Syllables(_Tokenizer):
    """Makes a `Doc` of `tokens_of`, without looking for facts."""

    def __call__(self, text: str) -> Doc:
        from spacy.tokens import Doc

        words, spaces = tokens_of(text)
        return Doc(self.vocab, words=words, spaces=spaces)


def _extract(text: str) -> Document:
    from extract.pipeline import extract
    from models.shipped import shipped

    text = canonical(text)
    sha256 = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    source = Source(path="text", sha256=sha256, media_type="text/plain", text=text)
    return extract(source, decisions=shipped())


def _add_facts(doc: Doc) -> Doc:
    """Puts the facts of the text into `doc` where another tokenizer made it; else they are there already."""
    if all(group in doc.spans for group in GROUPS):
        return doc
    document = _extract(doc.text)
    for group in GROUPS:
        doc.spans[group] = [_span(doc, fact) for fact in getattr(document, group)]
    return doc

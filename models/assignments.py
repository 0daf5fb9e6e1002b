"""Agencies and who does what, learned: a spaCy entity recogniser over the paragraphs that may charge somebody.

Its entities are the bodies that a paragraph charges, labelled by their part: LEAD (chủ trì), JOINT (phối hợp), TOLD.
Where an entity stands in the tree, and that a body counts once in a unit, follows as with the rule.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from extract.charge_places import Places, key
from extract.records import AgencyRole, Assignment, Header, Layout, Section
from extract.text import View
from models.pipeline import tokens_of

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

VERSION = "1"
LABELS: dict[str, AgencyRole | None] = {"LEAD": "lead", "JOINT": "coordinate", "TOLD": None}
NAMES: dict[AgencyRole | None, str] = {role: label for label, role in LABELS.items()}
_RANK: dict[AgencyRole | None, int] = {"lead": 2, None: 1, "coordinate": 0}
_SHORTEST = 4
_BATCH = 32
_LONGEST = 1_200
Tokens = Callable[[str], tuple[list[str], list[bool]]]
"""A tokenizer: the words of a text and whether one space follows each; together they give the text back."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A line of the matching view that may charge somebody, with the path of its unit."""

    start: int
    text: str
    section: str | None


def paragraphs(view: View, layout: Layout, header: Header, sections: Sequence[Section]) -> Iterator[Paragraph]:
    """The paragraphs of a document in the parts that charge bodies at all (`extract.charge_places`)."""
    places = Places(view, layout, header, sections)
    for start, stop in places.parts:
        at = start
        while at < stop:
            place = places.paragraph(at)
            end = max(place.end, at + 1)
            text = view.text[at : min(place.end, at + _LONGEST)]
            if not place.closed and len(text) >= _SHORTEST:
                yield Paragraph(at, text, place.path)
            at = end + 1


def syllables(text: str) -> tuple[list[str], list[bool]]:
    """The project's own tokens: letters, digits and signs apart."""
    return tokens_of(text)


def words(text: str) -> tuple[list[str], list[bool]]:
    """Words as underthesea segments them; a word may hold more syllables."""
    from underthesea import word_tokenize

    out: list[str] = []
    spaces: list[bool] = []
    at = 0
    for word in word_tokenize(text):
        match = re.compile(r"\s+".join(map(re.escape, word.split()))).search(text, at)
        if match is None:
            continue
        _take(text[at : match.start()], out, spaces)
        out.append(match.group())
        spaces.append(False)
        at = match.end()
    _take(text[at:], out, spaces)
    return out, spaces


def _take(between: str, out: list[str], spaces: list[bool]) -> None:
    """What stands between two words: one space is the first one's own, all else is tokens."""
    if between[:1] == " " and out and not spaces[-1]:
        spaces[-1] = True
        between = between[1:]
    if between:
        more, ends = tokens_of(between)
        out += more
        spaces += ends


Example = tuple[str, tuple[tuple[int, int, str], ...]]
"""A paragraph with the spans and labels of the bodies that it charges."""


def fit(examples: Sequence[Example], tokens: Tokens, *, rounds: int, seed: int = 1) -> Language:
    """A pipeline with an entity recogniser trained on `examples`; the same examples give the same pipeline."""
    import spacy
    from spacy.tokens import Doc
    from spacy.training import Example as Pair
    from thinc.api import fix_random_seed

    fix_random_seed(seed)
    nlp = blank()
    nlp.add_pipe("ner", config={"model": _MODEL})
    pairs = []
    for text, spans in examples:
        pieces, ends = tokens(text)
        doc, right = (Doc(nlp.vocab, words=pieces, spaces=ends) for _ in range(2))
        found = [right.char_span(start, end, label=label, alignment_mode="expand") for start, end, label in spans]
        right.ents = spacy.util.filter_spans([span for span in found if span is not None])
        pairs.append(Pair(doc, right))
    optimizer = nlp.initialize(lambda: pairs)
    rng = random.Random(seed)
    for _ in range(rounds):
        rng.shuffle(pairs)
        for at in range(0, len(pairs), _BATCH):
            nlp.update(pairs[at : at + _BATCH], sgd=optimizer, drop=0.1)
    return nlp


_MODEL = {
    "@architectures": "spacy.TransitionBasedParser.v2",
    "state_type": "ner",
    "extra_state_tokens": False,
    "hidden_width": 48,
    "maxout_pieces": 2,
    "use_upper": True,
    "tok2vec": {
        "@architectures": "spacy.HashEmbedCNN.v2",
        "pretrained_vectors": None,
        "width": 64,
        "depth": 4,
        "embed_size": 1500,
        "window_size": 1,
        "maxout_pieces": 3,
        "subword_features": True,
    },
}


def blank() -> Language:
    """An empty pipeline for Vietnamese with the project's own tokenizer."""
    from models.pipeline import plain_pipeline

    return plain_pipeline()


@dataclass(frozen=True, slots=True)
class LearnedAssignments:
    """The learned `AssignmentFinder`."""

    nlp: Language
    tokens: Tokens

    def __call__(
        self, view: View, layout: Layout, header: Header, sections: Sequence[Section]
    ) -> tuple[Assignment, ...]:
        """The assignments in reading order; all paragraphs go through the pipeline in batches."""
        places = list(paragraphs(view, layout, header, sections))
        docs = self.nlp.pipe(self._doc(place.text) for place in places)
        kept: dict[tuple[str, str | None], Assignment] = {}
        for place, doc in zip(places, docs, strict=True):
            for span in doc.ents:
                name = " ".join(span.text.split())
                role = LABELS[span.label_]
                same = (key(name), place.section)
                have = kept.get(same)
                if have is not None and _RANK[have.role] >= _RANK[role]:
                    continue
                start, end = view.span(place.start + span.start_char, place.start + span.end_char)
                by = f"model:assignments/{VERSION}"
                kept[same] = Assignment(start=start, end=end, by=by, agency=name, role=role, section=place.section)
        return tuple(sorted(kept.values(), key=lambda one: (one.start, one.end)))

    def _doc(self, text: str) -> Doc:
        from spacy.tokens import Doc

        pieces, ends = self.tokens(text)
        return Doc(self.nlp.vocab, words=pieces, spaces=ends)

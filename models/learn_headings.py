"""Training and measuring `models.headings`: the gold as it is and with noise put in, and the documents held out."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from extract.candidates import find_candidates, score_headings
from extract.letterhead import read_letterhead
from extract.outline import Candidate
from extract.records import Layout, Table
from extract.sections import find_sections
from extract.text import View, build_view
from extract.text_tables import find_tables
from models.experiment import HELD_OUT, Case, Counts
from models.gold import Labelled, gold, seen
from models.headings import (
    MISREAD,
    PENALTY,
    PLACES,
    VERSION,
    LearnedHeadings,
    heading_features,
    is_learned,
    noise_of,
)
from models.linear import Linear, fit
from models.noise import HEAVY, LIGHT, Noisy, Strength, add_noise
from rules.units import load_units

if TYPE_CHECKING:
    from collections.abc import Iterator

SEEDS = (1, 2, 3, 4)
"""How often each document is given noise for training; the first of them is what is measured."""
_NEAR = 3
"""How many signs off a found beginning may be: specks move it."""


@dataclass(frozen=True, slots=True)
class Lines:
    """A document's lines that may begin a unit. `units` are the paths of the right ones by where they begin."""

    view: View
    layout: Layout
    tables: tuple[Table, ...]
    candidates: list[Candidate]
    labels: list[bool]
    units: dict[int, str]
    measured: bool


class Headings:
    """The part `headings` (`models.experiment.Part`)."""

    name = "headings"
    groups = 0

    def cases(self) -> list[Case[Lines]]:
        """The gold and the documents whose units were read: clean, with light and with heavy noise.

        The rules of headings were not mended by the latter, so that they stand as held out here.
        """
        return [*self._cases(gold(), ""), *self._cases(seen(), f"{HELD_OUT}, ")]

    def _cases(self, documents: Iterable[Labelled], prefix: str) -> Iterator[Case[Lines]]:
        for document in documents:
            text = document.document.source.text
            clean = Noisy(text, range(len(text) + 1))
            yield Case(document.name, document.issuer, f"{prefix}clean", lines_of(document, clean, True))
            for strength in (LIGHT, HEAVY):
                for seed in SEEDS if not prefix else SEEDS[:1]:
                    yield self._noisy(document, strength, seed, prefix)

    def _noisy(self, document: Labelled, strength: Strength, seed: int, prefix: str) -> Case[Lines]:
        noisy = add_noise(document.document.source.text, strength, seed)
        lines = lines_of(document, noisy, seed == SEEDS[0])
        return Case(document.name, document.issuer, f"{prefix}{strength.name} noise", lines)

    def fit(self, cases: Sequence[Case[Lines]]) -> Linear:
        """A model of the noisy documents: on the others it is not asked."""
        features, labels = [], []
        for case in cases:
            candidates = case.data.candidates
            noise = noise_of(candidates)
            if noise < MISREAD:
                continue
            for candidate, rule, label in zip(candidates, score_headings(candidates), case.data.labels, strict=True):
                if is_learned(candidate):
                    features.append(heading_features(candidate, rule, noise))
                    labels.append("unit" if label else "line")
        return fit(features, labels, version=VERSION, places=PLACES, penalty=PENALTY)

    def tally(self, case: Case[Lines], model: Linear | None) -> dict[str, Counts]:
        """`found`: the unit begins where it should; `path`: it also has the right path."""
        lines = case.data
        if not lines.measured:
            return {}
        scorer = LearnedHeadings(model) if model else None
        found = find_sections(lines.view, lines.layout, lines.tables, scorer)
        starts = [section.start for section in found]
        right = paths = 0
        for start, path in lines.units.items():
            at = bisect_left(starts, start - _NEAR)
            if at < len(starts) and starts[at] <= start + _NEAR:
                right += 1
                paths += _letters(found[at].path) == _letters(path)
        there = len(lines.units)
        return {"found": Counts(right, len(found), there), "path": Counts(paths, len(found), there)}


def _letters(path: str) -> str:
    return path.lower().replace(" ", "")


def lines_of(document: Labelled, noisy: Noisy, measured: bool) -> Lines:
    """The lines of `document` as `noisy` has them, with the labels of its clean text."""
    view = build_view(noisy.text)
    _, layout = read_letterhead(view, load_units())
    tables = find_tables(view, layout)
    candidates = find_candidates(view, layout, tables)
    units = {noisy.at(start): path for start, path in document.headings.items()}
    starts = sorted(units)
    labels = [not one.resets and _is_near(starts, view.to_source(one.start)) for one in candidates]
    return Lines(view, layout, tables, candidates, labels, units, measured)


def _is_near(starts: Sequence[int], offset: int) -> bool:
    at = bisect_left(starts, offset - _NEAR)
    return at < len(starts) and starts[at] <= offset + _NEAR

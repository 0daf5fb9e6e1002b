"""What the checks of one document share: the reading they look at and how a finding is put together."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Protocol, TypeVar, cast

from extract.records import Document, Evidence, Fact, Finding, Layout
from extract.text import View
from rules.findings import rule as declared

T = TypeVar("T")


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """A document with the view and layout that its facts were found in."""

    document: Document
    view: View
    layout: Layout
    _known: dict[object, object] = field(default_factory=dict, init=False, repr=False)

    def once(self, make: Callable[[Reading], T]) -> T:
        """What `make` gives for this document: worked out by the first check that asks, kept for the others."""
        if make not in self._known:
            self._known[make] = make(self)
        return cast("T", self._known[make])

    @property
    def sha256(self) -> str:
        """The document's key."""
        return self.document.source.sha256

    def quote(self, start: int, end: int) -> str:
        """The canonical words of a span on one line, at most 160 code points."""
        words = " ".join(self.document.source.text[start:end].replace("*", "").split())
        return words if len(words) <= 160 else words[:157] + "..."

    def side(self, fact: Fact) -> Evidence:
        """A fact as one side of a finding."""
        return Evidence(document=self.sha256, fact=fact.id, start=fact.start, end=fact.end)

    def passage(self, start: int, end: int, fact: str | None = None) -> Evidence:
        """A span of the canonical text as one side of a finding."""
        return Evidence(document=self.sha256, fact=fact, start=start, end=end)

    def header_side(self, *names: str) -> Iterator[Evidence]:
        """The letterhead's fields `names` as sides, those that have a span."""
        for name in names:
            span = self.document.header.spans.get(name)
            if span and span[0] < span[1]:
                yield self.passage(*span, fact=f"header.{name}")


class Check(Protocol):
    """A function that looks for one rule's findings in one document."""

    def __call__(self, reading: Reading) -> Iterator[Finding]:
        """The rule's findings in `reading`."""
        ...


def finding(name: str, evidence: Iterable[Evidence], *, confidence: float = 0.95, **words: object) -> Finding:
    """A finding of the rule `name`; `words` fill the places in its message."""
    rule = declared(name)
    sides = tuple(evidence)
    key = name + "|" + "|".join(sorted(f"{side.document}:{side.fact or f'{side.start}-{side.end}'}" for side in sides))
    return Finding(
        id=hashlib.sha256(key.encode()).hexdigest()[:16],
        rule=name,
        severity=rule.severity,
        confidence=confidence,
        message_vi=rule.message_vi.format(**words),
        message_en=rule.message_en.format(**words),
        why_maybe_wrong=rule.why_maybe_wrong,
        evidence=sides,
    )


def in_english(found: Finding, **words: object) -> Finding:
    """The finding with its English message filled anew, where its words read otherwise in English."""
    return replace(found, message_en=declared(found.rule).message_en.format(**words))


def official_day(edtf: str | None) -> str:
    """A day as officials write it: `24/6/2024`, `10/2021`; a dash where there is none."""
    if not edtf:
        return "-"
    parts = edtf.split("-")
    if len(parts) == 1:
        return parts[0]
    month = str(int(parts[1]))
    if len(parts) == 2:
        return f"{month}/{parts[0]}"
    return f"{int(parts[2]):02d}/{month}/{parts[0]}"


def official_sum(vnd: int) -> str:
    """A sum with the thousands parted by points: `1.723.000.000`."""
    return f"{vnd:,}".replace(",", ".")


def first_day(edtf: str | None) -> str | None:
    """The first day that an EDTF date can mean, ISO; None where there is none."""
    if not edtf:
        return None
    return edtf + ("", "-01", "-01-01")[3 - len(edtf.split("-"))]


def last_day(edtf: str | None) -> str | None:
    """A bound no day of the EDTF date lies after (months are taken as of 31 days); None where there is none."""
    if not edtf:
        return None
    return edtf + ("", "-31", "-12-31")[3 - len(edtf.split("-"))]

"""The checks across documents: each rule of scope `corpus` with its function."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from corpus.checks import conflicts
from corpus.checks.base import Check, Corpus, Found, Side

CHECKS: Mapping[str, Check] = MappingProxyType(
    {
        "citation-date-conflict": conflicts.check_citation_date_conflict,
    }
)
"""The rules of scope `corpus` that ship, each with its function."""

__all__ = ["CHECKS", "Check", "Corpus", "Found", "Side"]

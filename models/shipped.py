"""The learned parts that ship: those that beat the rule on issuers that they have not seen (docs/models.md)."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from extract.decisions import Decisions

WEIGHTS = Path(__file__).resolve().parent / "weights"
HEADINGS = WEIGHTS / "headings.npz"


@cache
def shipped() -> Decisions:
    """The rules with the learned parts that ship. Weights are read when a part is first asked."""
    from models.headings import VERSION, LazyHeadings

    return Decisions(headings=LazyHeadings(HEADINGS), version=f"headings/{VERSION}")

"""The checks across documents: each rule of scope `corpus` with its function."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from corpus.checks import basis, chains, codes, conflicts, copies, register, superior
from corpus.checks.base import TOUCHED, Check, Corpus, Found, Side, Unit

CHECKS: Mapping[str, Check] = MappingProxyType(
    {
        "citation-date-conflict": conflicts.check_citation_date_conflict,
        "citation-type-conflict": conflicts.check_citation_type_conflict,
        "citation-issuer-conflict": conflicts.check_citation_issuer_conflict,
        "citation-document-mismatch": conflicts.check_citation_document_mismatch,
        "duplicate-code": register.check_duplicate_code,
        "number-out-of-sequence": register.check_number_out_of_sequence,
        "qppl-confusion": conflicts.check_qppl_confusion,
        "cites-superseded": basis.check_cites_superseded,
        "wrong-hierarchy": basis.check_wrong_hierarchy,
        "deadline-after-superior": superior.check_deadline_after_superior,
        "issued-late": superior.check_issued_late,
        "budget-over-parent": superior.check_budget_over_parent,
        "target-below-superior": superior.check_target_below_superior,
        "chain-cycle": chains.check_chain_cycle,
        "chain-broken": chains.check_chain_broken,
        "chain-missing": chains.check_chain_missing,
        "text-copied": copies.check_text_copied,
        "coverage-missing": chains.check_coverage_missing,
    }
)
"""The rules of scope `corpus` that ship, each with its function."""

UNITS: Mapping[str, Unit] = MappingProxyType(
    {
        "citation-date-conflict": "work",
        "citation-type-conflict": "work",
        "citation-issuer-conflict": "work",
        "duplicate-code": "register",
        "number-out-of-sequence": "register",
        "qppl-confusion": "work",
        "wrong-hierarchy": "document",
        "deadline-after-superior": "document",
        "issued-late": "document",
        "budget-over-parent": "document",
        "target-below-superior": "document",
        "chain-broken": "work",
        "chain-missing": "document",
        "coverage-missing": "plan",
    }
)
"""What the checks look at one by one; those that are not here look at everything together."""


@dataclass(frozen=True, slots=True)
class Part:
    """A check, or a part of one, by what it looks at."""

    name: str
    check: Check
    unit: Unit

    def unit_of(self, found: Found) -> str | None:
        """The id of what was looked at when something was found."""
        own = {"work": found.work, "register": found.register, "all": ""}
        return own.get(self.unit, found.document)


def parts_of(rule: str) -> tuple[Part, ...]:
    """The parts of a rule's check, in the order in which they find."""
    if rule == "citation-document-mismatch":
        return (
            Part("document-mismatch-head", conflicts.check_against_head, "document"),
            Part("document-mismatch-law", codes.check_law_numbers, "all"),
            Part("document-mismatch-term", codes.check_term_in_code, "work"),
        )
    return (Part(rule, CHECKS[rule], UNITS.get(rule, "all")),)


__all__ = ["CHECKS", "TOUCHED", "Check", "Corpus", "Found", "Part", "Side", "Unit", "parts_of"]

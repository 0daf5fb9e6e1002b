"""The checks across documents: each rule of scope `corpus` with its function."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from corpus.checks import basis, chains, conflicts, copies, register, superior
from corpus.checks.base import Check, Corpus, Found, Side

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

__all__ = ["CHECKS", "Check", "Corpus", "Found", "Side"]

"""What an auditor should look at in one document taken alone: one function a rule of `rules/findings.toml`."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from extract.checks import bodies, cited, leftovers, letterhead, money, numbering, shares, targets, times
from extract.checks.base import Check, Reading
from extract.checks.noise import is_noisy
from extract.records import Document, Finding, Layout
from extract.text import View
from rules.findings import ships

CHECKS: Mapping[str, Check] = MappingProxyType(
    {
        "number-missing": letterhead.check_number_missing,
        "date-incomplete": letterhead.check_date_incomplete,
        "date-invalid": times.check_date_invalid,
        "date-format": letterhead.check_date_format,
        "code-malformed": cited.check_code_malformed,
        "code-year-mismatch": cited.check_code_year_mismatch,
        "issuer-code-mismatch": cited.check_issuer_code_mismatch,
        "type-code-unknown": cited.check_type_code_unknown,
        "body-abolished": bodies.check_body_abolished,
        "annex-missing": bodies.check_annex_missing,
        "sensitive-data": bodies.check_sensitive_data,
        "deadline-on-holiday": times.check_deadline_on_holiday,
        "quantity-price-mismatch": money.check_quantity_price_mismatch,
        "unit-mismatch": money.check_unit_mismatch,
        "term-year-mismatch": cited.check_term_year_mismatch,
        "cites-future": times.check_cites_future,
        "self-date-mismatch": cited.check_self_date_mismatch,
        "duplicate-basis": cited.check_duplicate_basis,
        "deadline-before-issue": times.check_deadline_before_issue,
        "window-reversed": times.check_window_reversed,
        "period-mismatch": times.check_period_mismatch,
        "numbering-duplicate": numbering.check_numbering_duplicate,
        "numbering-gap": numbering.check_numbering_gap,
        "amount-words-mismatch": money.check_amount_words_mismatch,
        "sum-mismatch": money.check_sum_mismatch,
        "share-sum-mismatch": shares.check_share_sum_mismatch,
        "annex-amount-mismatch": targets.check_annex_amount_mismatch,
        "reference-missing": leftovers.check_reference_missing,
        "template-leftover": leftovers.check_template_leftover,
        "party-state-form": cited.check_party_state_form,
        "target-conflict": targets.check_target_conflict,
        "growth-mismatch": shares.check_growth_mismatch,
        "percent-out-of-range": shares.check_percent_out_of_range,
        "signature-missing": letterhead.check_signature_missing,
        "signing-form": letterhead.check_signing_form,
        "signing-time-mismatch": letterhead.check_signing_time_mismatch,
    }
)
"""The rules of scope `document` that ship, each with its function."""


CLEAN_ONLY = frozenset(
    {
        *("numbering-gap", "numbering-duplicate", "type-code-unknown", "code-malformed"),
        *("number-missing", "date-incomplete", "reference-missing", "percent-out-of-range", "growth-mismatch"),
        *("party-state-form", "template-leftover"),
    }
)
"""Findings on single signs, and on what was left blank: left out where the document's signs cannot be trusted.

What was written by hand into a blank is what OCR loses first.
"""


def check(document: Document, view: View, layout: Layout) -> tuple[Finding, ...]:
    """All findings on `document` alone, in the order of the evidence, one for each id."""
    reading = Reading(document, view, layout)
    found = {item.id: item for name, function in CHECKS.items() if ships(name) for item in function(reading)}
    if any(item.rule in CLEAN_ONLY for item in found.values()) and is_noisy(document):
        found = {ident: item for ident, item in found.items() if item.rule not in CLEAN_ONLY}
    return tuple(sorted(found.values(), key=lambda item: (item.evidence[0].start, item.rule)))

"""Every pattern of `rules/noise.toml` matches its examples and none of its counter-examples."""

from __future__ import annotations

import re

import pytest

from extract.checks.noise import has_lost_tones
from rules.loader import document

RULES = document("noise.toml")


@pytest.mark.parametrize("name", ["stops", "formulas"])
def test_examples(name: str) -> None:
    pattern = re.compile(RULES[name]["pattern"])
    assert [words for words in RULES[name]["examples"] if not pattern.search(words)] == []
    assert [words for words in RULES[name]["counter_examples"] if pattern.search(words)] == []


def test_a_slip_is_not_noise() -> None:
    clean = "Ủy ban nhân dân xã tổ chức thực hiện kế hoạch theo thẩm quyền. " * 40
    assert not has_lost_tones(clean)
    assert not has_lost_tones(clean + "Báo cáo kêt quả.")
    assert has_lost_tones(clean + "Báo cáo kêt quả theo thâm quyên.")

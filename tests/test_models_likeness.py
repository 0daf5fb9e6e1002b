"""Likeness of texts: TF-IDF cosine and MinHash over invented plans."""

from __future__ import annotations

import pytest

from models.likeness import HASHES, TfIdf, alike, signature
from models.noise import HEAVY, add_noise
from tests.plans import plan

ROADS = plan()
PUMPS = plan(
    body="I. MỤC ĐÍCH\nTưới đủ nước cho lúa vụ chiêm ở sáu xóm ven đê.\nII. VIỆC LÀM\n"
    "1. Sửa ba trạm bơm cũ trước vụ cấy.\n2. Nạo vét kênh chính dài hai cây số.\n3. Thay máy bơm hỏng ở trạm Cầu Gạo."
)


def test_a_text_is_likest_to_itself() -> None:
    weights = TfIdf([ROADS, PUMPS])
    (best,) = weights.nearest(weights.vectors([PUMPS]), 1)
    assert best[0][0] == 1
    assert best[0][1] == pytest.approx(1.0)


def test_cosine_orders_texts() -> None:
    weights = TfIdf([ROADS, PUMPS])
    assert weights(PUMPS, PUMPS) == pytest.approx(1.0)
    assert weights(ROADS, PUMPS) < weights(ROADS, add_noise(ROADS, HEAVY, 1).text) < 1.0


def test_texts_without_a_run_in_common_are_not_alike_at_all() -> None:
    assert TfIdf(["một hai", "ba bốn"])("một hai", "ba bốn") == 0.0


def test_minhash_finds_the_noisy_copy_and_nothing_else() -> None:
    copy = add_noise(PUMPS, HEAVY, 2).text
    found = list(alike([signature(text) for text in (ROADS, PUMPS, copy, "", "ba bốn")], 0.5))
    assert [(one, other) for one, other, _ in found] == [(1, 2)]


def test_the_estimate_is_near_the_share_of_runs() -> None:
    words = [f"tiếng{i}" for i in range(3_000)]
    one, other = " ".join(words[:2_000]), " ".join(words[200:2_200])
    ((_, _, share),) = alike([signature(one), signature(other)], 0.0)
    assert share == pytest.approx(1_800 / 2_200, abs=0.12)


def test_a_signature_is_the_same_each_time_and_none_for_a_scrap() -> None:
    first, again = signature(ROADS), signature(ROADS)
    assert first is not None
    assert again is not None
    assert first.tobytes() == again.tobytes()
    assert len(first) == HASHES
    assert signature("một hai ba bốn") is None

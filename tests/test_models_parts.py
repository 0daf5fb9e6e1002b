"""Learned parts that do not ship: each can stand in its rule's place, and says so in what it touches."""

from __future__ import annotations

import pytest

from extract.decisions import Decisions
from extract.pipeline import extract
from extract.records import Document, Source
from extract.relations import CueDecider, Mention
from extract.roles import RolePlace
from extract.text import canonical
from models.assignments import LearnedAssignments, fit, syllables, words
from models.linear import Linear
from models.linear import fit as fit_linear
from models.relations import LearnedRelations, relation_features
from models.roles import LearnedRoles, role_features
from tests.plans import plan

PLACES = [RolePlace("Quỹ xóm chi trả", "", 1, "roman"), RolePlace("Sửa kênh tưới", "", 1, "roman")]


def extracted(decisions: Decisions, body: str) -> Document:
    source = Source(path="p.txt", sha256="0" * 64, media_type="text/plain", text=canonical(plan(body=body)))
    return extract(source, decisions=decisions)


@pytest.fixture(scope="module")
def roles() -> Linear:
    examples = role_features(PLACES, ["content", "content"])
    return fit_linear(examples * 20, ["funding", "content"] * 20, version="t", places=256, penalty=0.1)


def test_a_learned_role_stands_where_the_model_is_sure(roles: Linear) -> None:
    body = "I. QUỸ XÓM CHI TRẢ\nMỗi xóm góp phần của mình.\nII. SỬA KÊNH TƯỚI\nLàm trước vụ cấy."
    found = extracted(Decisions(roles=LearnedRoles(roles)), body).sections
    assert [(one.role, one.by) for one in found] == [
        ("funding", "rule:sections/outline model:roles/t"),
        ("content", "rule:sections/outline"),
    ]


def test_a_model_that_is_not_sure_leaves_the_rule(roles: Linear) -> None:
    assert LearnedRoles(roles, sure=1.1)(PLACES) == [("content", None), ("content", None)]


def test_a_learned_relation_is_asked_only_where_no_cue_decides() -> None:
    undecided = Mention("Xem thêm nội dung ở ", "", "body", "QĐ")
    cue = Mention("Căn cứ ", "", "preamble", "QĐ")
    assert CueDecider().decide(undecided)[1] == "relations/default"
    examples = [relation_features(undecided), relation_features(Mention("", "", "annex", "NĐ"))] * 20
    model = fit_linear(examples, ["guided_by", "mentions"] * 20, version="t", places=256, penalty=0.1)
    decider = LearnedRelations(model)
    assert decider.decide(undecided) == ("guided_by", "model:relations/t")
    assert decider.decide(cue) == CueDecider().decide(cue)


TOLD = [
    ("Phòng Kinh tế chủ trì, phối hợp với Trạm Thú y tiêm phòng.", ((0, 13, "LEAD"), (35, 46, "JOINT"))),
    ("Phòng Y tế chủ trì, phối hợp với Trạm Khuyến nông tập huấn.", ((0, 10, "LEAD"), (33, 49, "JOINT"))),
    ("Xã có nhiều tuyến kênh đã xuống cấp.", ()),
    ("Các xóm tự họp trước vụ cấy.", ((0, 7, "TOLD"),)),
]


@pytest.mark.parametrize("tokens", [syllables, words])
def test_tokens_lose_nothing(tokens: object) -> None:
    assert callable(tokens)
    for text, _ in [*TOLD, ("  Sở  Y tế\n(mới), 50% ", ())]:
        pieces, ends = tokens(text)
        assert "".join(piece + " " * end for piece, end in zip(pieces, ends, strict=True)) == text


def test_a_trained_pipeline_finds_who_does_what_and_is_the_same_each_time() -> None:
    first, again = (fit(TOLD * 2, syllables, rounds=25) for _ in range(2))
    assert first.get_pipe("ner").to_bytes() == again.get_pipe("ner").to_bytes()
    finder = LearnedAssignments(first, syllables)
    found = extracted(Decisions(assignments=finder), f"I. TỔ CHỨC THỰC HIỆN\n1. {TOLD[0][0]}").assignments
    charged = [one for one in found if one.section == "I/1"]
    assert [(one.agency, one.role, one.section, one.by) for one in charged] == [
        ("Phòng Kinh tế", "lead", "I/1", "model:assignments/1"),
        ("Trạm Thú y", "coordinate", "I/1", "model:assignments/1"),
    ]

"""A plan beside the one that it carries out: paragraphs, sections, facts, and the page over them."""

from __future__ import annotations

import sqlite3
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasette_plugins.desk.alignment import MOST_PARAGRAPHS, Part, align, best_pairs, paragraphs, runs
from datasette_plugins.desk.beside import Said as Fact
from datasette_plugins.desk.beside import against
from tests import desk_corpus
from tests.desk_client import Desk
from tests.growth import spent
from tests.test_security_pages import assert_harmless

K = "/-/kehoach"


def parts(text: str, *headings: str) -> list[Part]:
    """The sections of a text by their first lines."""
    starts = [text.index(heading) for heading in headings]
    found = [Part("", "", "", tuple(paragraphs(text, 0, starts[0] if starts else len(text))))]
    for heading, (start, end) in zip(headings, pairwise([*starts, len(text)]), strict=True):
        found.append(Part(f"s-{heading}", heading, "", tuple(paragraphs(text, start + len(heading), end))))
    return found


ABOVE = """KẾ HOẠCH
I. MỤC TIÊU
1. Đến hết năm 2024 có ít nhất 90% tuyến đê được gia cố bằng đá hộc.
2. Mỗi huyện lập một đội xung kích canh đê trong mùa lũ.
II. KINH PHÍ
Ngân sách tỉnh cấp 12 tỷ đồng cho các huyện có đê xung yếu.
III. THỰC HIỆN
Các huyện báo cáo kết quả gia cố đê trước ngày 15 tháng 11 năm 2024.
"""
BELOW = """KẾ HOẠCH
I. KINH PHÍ THỰC HIỆN
Ngân sách tỉnh cấp 2 tỷ đồng cho các xã có đê xung yếu.
II. CÁC MỤC TIÊU
1. Đến hết năm 2024 có ít nhất 75% tuyến đê được gia cố bằng đá hộc.
2. Mỗi huyện lập một đội xung kích canh đê trong mùa lũ.
3. Trồng tre chắn sóng dọc bãi bồi phía ngoài đê bối.
"""


def aligned() -> dict[str, list[tuple[str, str, str]]]:
    above = parts(ABOVE, "I. MỤC TIÊU", "II. KINH PHÍ", "III. THỰC HIỆN")
    below = parts(BELOW, "I. KINH PHÍ THỰC HIỆN", "II. CÁC MỤC TIÊU")
    out = {}
    for pair in align(BELOW, below, ABOVE, above):
        name = f"{pair.own.heading if pair.own else '-'} | {pair.other.heading if pair.other else '-'}"
        out[name] = [
            (row.kind, BELOW[slice(*row.own)] if row.own else "", ABOVE[slice(*row.other)] if row.other else "")
            for row in pair.rows
        ]
    return out


def test_sections_answer_to_each_other_by_their_headings_not_their_places() -> None:
    assert list(aligned()) == [
        " | ",
        "I. KINH PHÍ THỰC HIỆN | II. KINH PHÍ",
        "II. CÁC MỤC TIÊU | I. MỤC TIÊU",
        "- | III. THỰC HIỆN",
    ]


def test_passages_are_copied_changed_or_of_one_side_alone() -> None:
    rows = aligned()["II. CÁC MỤC TIÊU | I. MỤC TIÊU"]
    assert [kind for kind, _, _ in rows] == ["changed", "same", "own"]
    assert rows[1][1] == rows[1][2] == "2. Mỗi huyện lập một đội xung kích canh đê trong mùa lũ."
    assert aligned()["- | III. THỰC HIỆN"][0][0] == "other"


def test_the_words_that_differ_are_picked_out() -> None:
    above = parts(ABOVE, "I. MỤC TIÊU", "II. KINH PHÍ", "III. THỰC HIỆN")
    below = parts(BELOW, "I. KINH PHÍ THỰC HIỆN", "II. CÁC MỤC TIÊU")
    changed = [row for pair in align(BELOW, below, ABOVE, above) for row in pair.rows if row.kind == "changed"]
    said = [
        ([BELOW[slice(*span)] for span in row.own_differs], [ABOVE[slice(*s)] for s in row.other_differs])
        for row in changed
    ]
    assert said == [(["2", "xã"], ["12", "huyện"]), (["75"], ["90"])]


def test_a_passage_taken_from_another_section_tells_which() -> None:
    own, other = "A\nMỗi thôn cử hai người trực đê ban đêm.\n", "B\nx\nC\nMỗi thôn cử hai người trực đê ban đêm.\n"
    pairs = align(own, parts(own, "A"), other, parts(other, "B", "C"))
    rows = [row for pair in pairs for row in pair.rows if row.kind == "same"]
    assert len(rows) == 1


@pytest.mark.parametrize(
    "text, found",
    [
        ("", []),
        ("\n\n  \n", []),
        ("một dòng", ["một dòng"]),
        ("1. Mở rộng đường vào khu tái định cư ở phía đông của\nlàng cũ.\n2. Khác.", 2),
        ("Dòng này dài hơn bốn mươi lăm chữ cái nên nó có thể bị ngắt\nở giữa câu.", 1),
        ("Kính gửi: A\nKính gửi: B", 2),
    ],
)
def test_lines_broken_by_the_width_are_one_paragraph(text: str, found: list[str] | int) -> None:
    spans = list(paragraphs(text, 0, len(text)))
    if isinstance(found, int):
        assert len(spans) == found
    else:
        assert [text[start:end] for start, end in spans] == found


@given(st.text(alphabet="ab1. ;\n-I)đ", max_size=300))
def test_paragraphs_lose_no_sign_that_is_seen(text: str) -> None:
    spans = list(paragraphs(text, 0, len(text)))
    assert all(one[1] <= other[0] for one, other in pairwise(spans))
    assert "".join("".join(text[a:b].split()) for a, b in spans) == "".join(text.split())


@given(st.text(alphabet="abc d\n.", max_size=200), st.text(alphabet="abc d\n.", max_size=200))
def test_aligning_anything_shows_each_paragraph_of_both(own: str, other: str) -> None:
    mine, theirs = parts(own), parts(other)
    rows = [row for pair in align(own, mine, other, theirs) for row in pair.rows]
    assert sorted(row.own for row in rows if row.own) == list(mine[0].paragraphs)
    assert sorted(row.other for row in rows if row.other) == list(theirs[0].paragraphs)


def test_short_lines_are_like_nothing() -> None:
    assert not runs("Nơi nhận: như trên")
    assert runs("một hai ba bốn năm")


def test_each_passage_is_used_once() -> None:
    sets = [frozenset({1, 2, 3}), frozenset({1, 2, 3})]
    assert best_pairs(sets, [frozenset({1, 2, 3})], 0.3) == {0: 0}


def test_the_cost_grows_with_the_length_not_with_its_square() -> None:
    def cost(count: int) -> float:
        text = "".join(
            f"{n}. Việc thứ {n * 7919 % 10_007} giao cho tổ {n * 31 % 997} làm ở bãi {n}.\n" for n in range(count)
        )
        other = text.replace("giao cho", "do").replace("làm ở", "lo tại")
        found = [parts(text), parts(other)]
        return min(spent(lambda text: align(text, found[0], other, found[1]), text) for _ in range(3))

    cost(50)
    small, large = cost(250), cost(2_000)
    assert large < 30 * small  # eight times the length


def test_a_very_long_document_is_cut_not_waited_for() -> None:
    text = "".join(f"Việc số {n} của năm nay phải xong sớm.\n" for n in range(MOST_PARAGRAPHS + 500))
    rows = [row for pair in align(text, parts(text), text, parts(text)) for row in pair.rows]
    assert len([row for row in rows if row.own]) == MOST_PARAGRAPHS


# Facts against facts


def fact(sentence: str, **row: object) -> Fact:
    plain: dict[str, object] = {
        "unit": "%",
        "value": None,
        "vnd": None,
        "to_day": None,
        "from_day": None,
        "rrule": None,
    }
    return Fact({**plain, **row}, "", sentence, "#")


@pytest.mark.parametrize(
    "kind, own, other, verdict",
    [
        ("target", {"value": 75.0}, {"value": 90.0}, "compare.lower"),
        ("target", {"value": 90.0}, {"value": 75.0}, "compare.higher"),
        ("target", {"value": 90.0}, {"value": 90.0}, "compare.same"),
        ("budget", {"vnd": 2}, {"vnd": 12}, "compare.lower"),
        ("deadline", {"to_day": "2024-11-10"}, {"to_day": "2024-11-15"}, "compare.earlier"),
        ("deadline", {"to_day": "2024-11-30"}, {"to_day": "2024-11-15"}, "compare.later"),
        ("deadline", {"rrule": "FREQ=YEARLY"}, {"rrule": "FREQ=YEARLY"}, "compare.same"),
        ("deadline", {"rrule": "FREQ=YEARLY"}, {"to_day": "2024-11-15"}, "compare.unlike"),
    ],
)
def test_how_two_facts_stand_to_each_other(
    kind: str, own: dict[str, object], other: dict[str, object], verdict: str
) -> None:
    said = "tuyến đê được gia cố bằng đá hộc trong năm"
    (row,) = against(kind, [fact(said, **own)], [fact(said, **other)])
    assert row.verdict == verdict


def test_facts_about_other_things_or_in_other_units_are_not_compared() -> None:
    own = [fact("tỷ lệ hộ dân dùng nước hợp vệ sinh", value=95.0)]
    for other in (
        fact("số km đường liên thôn được đổ bê tông", value=12.0),
        fact("tỷ lệ hộ dân dùng nước hợp vệ sinh", value=12.0, unit="hộ"),
    ):
        assert [row.verdict for row in against("target", own, [other])] == ["compare.only_own", "compare.only_other"]


# The page


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    path = tmp_path_factory.mktemp("compare") / "plans.db"
    ids = desk_corpus.make(path, hostile=True)
    with sqlite3.connect(path) as connection:
        connection.execute("update documents set district = 'An Hạ' where id = ?", (ids["district"],))
        start = desk_corpus.COMMUNE_PLAN.index("Kinh phí")
        connection.execute(
            'insert into tables (id, document, position, start, "end", rows) values (?, ?, 0, ?, ?, ?)',
            ("tb-9", ids["commune"], start, start + 10, "[]"),
        )
    return path, ids


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_page_shows_texts_facts_and_findings(desk: Desk, ids: dict[str, str], language: str) -> None:
    page = desk.get(f"{K}/document/{ids['district']}/compare/{ids['province']}?lang={language}")
    assert page.status == 200
    assert len(page.all("h1")) == 1
    assert "{" not in page.text
    assert "trước ngày 15/3/2024" in page.text
    assert "trước ngày 30/11/2024" in page.text
    assert "Trồng mới 120 ha cây chắn sóng." in page.text
    assert any(link.endswith("/finding/f-dates") for link in page.links("http://localhost/"))
    for word in (desk_corpus.PROVINCE_PLAN, desk_corpus.DISTRICT_PLAN):
        assert word.split("\n")[-2] in page.text


def test_the_pages_of_chain_and_relations_lead_to_it(desk: Desk, ids: dict[str, str]) -> None:
    compared = f"{K}/document/{ids['district']}/compare/{ids['province']}"
    for path in (
        f"{ids['district']}/chain",
        f"{ids['district']}/relations",
        f"{ids['province']}/relations",
        f"{ids['province']}/chain",
    ):
        assert any(link["href"] == compared for link in desk.get(f"{K}/document/{path}").all("a")), path
    swapped = [
        link["href"]
        for link in desk.get(compared).all("a")
        if "/compare/" in link["href"] and "lang=" not in link["href"]
    ]
    assert swapped == [f"{K}/document/{ids['province']}/compare/{ids['district']}"]


@pytest.mark.parametrize("other", ["nothing", "..%2F..", "<script>alert(1)</script>", "%00"])
def test_beside_nothing_there_is_no_page(desk: Desk, ids: dict[str, str], other: str) -> None:
    page = desk.get(f"{K}/document/{ids['district']}/compare/{other}")
    if page.status == 302:
        page = desk.get(page.headers["location"])
    assert page.status == 404
    assert_harmless(page, other)


def test_a_document_beside_itself_is_all_copied(desk: Desk, ids: dict[str, str]) -> None:
    page = desk.get(f"{K}/document/{ids['province']}/compare/{ids['province']}")
    assert page.status == 200
    assert not page.all("div", "al-changed")
    assert page.all("div", "al-same")


def test_hostile_text_beside_another_does_nothing(desk: Desk, ids: dict[str, str]) -> None:
    for one, other in (("hostile", "province"), ("province", "hostile"), ("hostile", "hostile")):
        page = desk.get(f"{K}/document/{ids[one]}/compare/{ids[other]}")
        assert page.status == 200
        assert_harmless(page, one)
        assert "<script>alert" not in page.body
        assert "<svg onload" not in page.body
    assert "</textarea><svg onload=alert(3)>" in page.text

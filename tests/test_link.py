"""Identity and linking: which mentions are one work, which are not, and which cannot be told."""

from __future__ import annotations

import pytest

from corpus.cluster import cluster
from corpus.identity import issuer_key, parse_code, same_issuer
from corpus.lineage import is_lineage, is_over_merger
from corpus.link import score_of
from corpus.mentions import Mention
from corpus.works import day_words, label_of
from rules.loader import document
from tests.corpus_kit import cites, made, stored
from tests.mention_kit import Told, groups, mention, together

LAM, HOAI = "UBND tỉnh Lam Kha", "UBND tỉnh Hoài Vĩnh"


@pytest.mark.parametrize(
    "one, other",
    [
        pytest.param(mention("a", "30/2020/NĐ-CP"), mention("b", "30/2020/NĐ-CP", "2020-03-05"), id="central-undated"),
        pytest.param(mention("a", "05/2016/NQ-HĐND8", None, "HĐND tỉnh Lam Kha"),
                     mention("b", "5/2016/NQ-HĐND", None, "Hội đồng nhân dân tỉnh Lam Kha"), id="term-and-zero"),
        pytest.param(mention("a", "76/2025/NQ-UBTVQH15", "2025-04-14"),
                     mention("b", "76/2025/UBTVQH15", "2025-04-14"), id="assembly-long-and-short"),
        pytest.param(mention("a", "202/2025/QH", "2025-06-12"), mention("b", "202/2025/QH15"), id="term-left-out"),
        pytest.param(mention("a", "118/NĐ-CP", "2025-06-09"), mention("b", "118/2025/NĐ-CP"), id="year-left-out"),
        pytest.param(mention("a", "415/QĐ-UBND", "2024-03-15", LAM),
                     mention("b", "415/QĐ-UBND", "2024-03-15", "Chủ tịch Ủy ban nhân dân tỉnh Lam Kha"), id="chairman"),
        pytest.param(mention("a", "415/QĐ-UBND", "2024-03-15", LAM),
                     mention("b", "415/QĐ-UBND", "2023-03-15", LAM), id="year-mistyped"),
        pytest.param(mention("a", "17/2021/TT-BTC", "2021-01-26"), mention("b", "17/2021/TT-BTC", "2021-02-26"),
                     id="month-mistyped"),
        pytest.param(mention("a", "2304/QĐ-BTNMT", "2025-06-23", "Bộ Nông nghiệp và Môi trường"),
                     mention("b", "2304/QĐ-BNNMT", "2025-06-23", "Bộ Nông nghiệp và Môi trường"), id="old-letters"),
        pytest.param(mention("a", "72/2022/QH14", "2020-11-17"), mention("b", "72/2020/QH14", "2020-11-17"),
                     id="law-year-by-date"),
        pytest.param(mention("a", "15/2021/QH13"), mention("b", "15/2012/QH13"), id="law-year-outside-its-term"),
        pytest.param(mention("a", "61/CP"), mention("b", "61-CP", "1994-07-05"), id="old-form"),
        pytest.param(mention("a", "57-NQ/TW"), mention("b", "57-NQ/TW", "2024-12-22"), id="party-undated"),
    ],
)  # fmt: skip
def test_one_work(one: Mention, other: Mention) -> None:
    assert together(one, other)


@pytest.mark.parametrize(
    "one, other",
    [
        pytest.param(mention("a", "75/KH-UBND", "2024-02-01", LAM), mention("b", "75/KH-UBND", "2024-02-01", HOAI),
                     id="two-provinces"),
        pytest.param(mention("a", "75/KH-UBND", "2024-02-01", LAM), mention("b", "75/KH-UBND", "2023-03-09", LAM),
                     id="two-years"),
        pytest.param(mention("a", "01/NQ-CP", "2020-01-01"), mention("b", "01/NQ-CP", "2021-01-01"),
                     id="yearly-resolution-of-new-year"),
        pytest.param(mention("a", "30-KH/TU", "2024-02-01", "Tỉnh ủy Lam Kha"),
                     mention("b", "30/KH-UBND", "2024-02-01", LAM), id="party-and-state"),
        pytest.param(mention("a", "14/2025/NQ-HĐND", "2025-12-08", "HĐND tỉnh Lam Kha"),
                     mention("b", "14/NQ-HĐND", "2025-08-12", "HĐND tỉnh Lam Kha"), id="normative-and-individual"),
        pytest.param(mention("a", "10/2025/TT-BVHTTDL", "2025-06-19", "Bộ Văn hóa, Thể thao và Du lịch"),
                     mention("b", "10/2025/TT-BNV", "2025-06-19", "Bộ Nội vụ"), id="two-ministries-on-one-day"),
        pytest.param(mention("a", "35/2018/QH14"), mention("b", "35/2024/QH15"), id="two-laws"),
        pytest.param(mention("a", "22/KH-UBND", "2024-02-01", "UBND xã Tân Khe", places=("lam kha", "", "tan khe")),
                     mention("b", "22/KH-UBND", "2024-02-01", "UBND xã Tân Khe", places=("hoai vinh", "", "tan khe")),
                     id="communes-of-one-name"),
        pytest.param(mention("a", "12/HD-SNV", "2024-02-01", "Sở Nội vụ tỉnh Lam Kha"),
                     mention("b", "12/HĐ-SNV", "2024-02-01", "Sở Nội vụ tỉnh Lam Kha"), id="guidance-and-contract"),
    ],
)  # fmt: skip
def test_two_works(one: Mention, other: Mention) -> None:
    told = Told({"a": "giao von nuoc sach", "b": "to chuc bau cu khac"})
    assert not together(one, other, told=told)


def test_a_year_apart_with_one_subject_is_one_work_even_for_low_numbers() -> None:
    told = Told({"a": "giao von nuoc sach", "b": "giao von nuoc sach"})
    one, other = mention("a", "12/QĐ-UBND", "2024-01-04", LAM), mention("b", "12/QĐ-UBND", "2023-01-04", LAM)
    assert together(one, other, told=told)
    assert not together(one, other)


def test_law_by_name_and_term() -> None:
    told = Told(names={"a": "luat dau tu moi", "b": "luat dau tu moi"})
    assert together(mention("a", "58/2025/QH15"), mention("b", "58/2024/QH15"), told=told)
    assert not together(mention("a", "58/2025/QH15"), mention("b", "58/2024/QH15"))


def test_law_with_another_term_but_the_same_year_and_name() -> None:
    told = Told(names={"a": "luat dau tu moi", "b": "luat dau tu moi"})
    assert together(mention("a", "83/2015/QH14"), mention("b", "83/2015/QH13"), told=told)
    assert not together(mention("a", "83/2015/QH14"), mention("b", "83/2015/QH13"))


def test_letters_of_the_citing_document_put_on_another_bodys_decision() -> None:
    right = mention("a", "3380/QĐ-BNNMT", "2025-08-25", "Bộ Nông nghiệp và Môi trường")
    wrong = mention("b", "3380/QĐ-TTHC", "2025-08-25", "Trung tâm Hành chính", printed=False, own_letters=True)
    assert together(right, wrong, told=Told(beside={"a": "2304", "b": "1077 2304"}))
    assert not together(right, wrong, told=Told(beside={"a": "2304", "b": "1077"}))
    other = mention("b", "3380/QĐ-TTHC", "2025-08-25", "Trung tâm Hành chính", printed=True, own_letters=True)
    assert not together(right, other, told=Told(beside={"a": "2304", "b": "2304"}))


def test_two_dates_of_one_year_about_different_things_stay_apart() -> None:
    told = Told({"a": "thanh toan dien tu", "b": "chien luoc dat dai"})
    assert not together(mention("a", "17/NQ-CP", "2019-03-07"), mention("b", "17/NQ-CP", "2019-09-18"), told=told)


def test_documents_in_the_corpus_are_never_merged_by_likeness() -> None:
    one = mention("a", "415/QĐ-UBND", "2024-03-15", LAM, head=True)
    other = mention("b", "415/QĐ-UBND", "2023-03-15", LAM, head=True)
    assert not together(one, other)


class TestLoose:
    """Mentions that leave something out."""

    def test_joins_what_its_own_document_cites_in_full(self) -> None:
        full = mention("a", "62/2011/QĐ-TTg", "2011-11-09", document="d")
        assert together(full, mention("b", "62/QĐ-TTg", document="d"))

    def test_joins_the_one_of_its_own_places(self) -> None:
        own = mention("a", "75/KH-UBND", "2024-02-01", LAM)
        foreign = mention("b", "75/KH-UBND", "2024-02-05", HOAI)
        loose = mention("c", "75/KH-UBND", places=("lam kha", "", "khe may"))
        assert frozenset({"a", "c"}) in groups(cluster([own, foreign, loose], Told()))

    def test_stays_ambiguous_where_two_fit(self) -> None:
        first = mention("a", "920/QĐ-TTg", "2025-05-14")
        second = mention("b", "920/QĐ-TTg", "2010-06-18")
        outcome = cluster([first, second, mention("c", "920/QĐ-TTg")], Told())
        ((left, fitting),) = outcome.ambiguous
        assert left.id == "c"
        assert len(fitting) == 2

    def test_is_not_what_was_issued_after_the_citing_document(self) -> None:
        first = mention("a", "920/QĐ-TTg", "2025-05-14")
        second = mention("b", "920/QĐ-TTg", "2010-06-18")
        loose = mention("c", "920/QĐ-TTg", cited_on="2012-01-01")
        assert frozenset({"b", "c"}) in groups(cluster([first, second, loose], Told()))

    def test_a_council_inferred_from_the_letters_may_be_its_board(self) -> None:
        board = mention("a", "292/BC-HĐND", "2025-12-08", "Ban Pháp chế HĐND tỉnh Lam Kha")
        places = ("lam kha", "", "")
        assert together(board, mention("b", "292/BC-HĐND", None, "HĐND tỉnh Lam Kha", places=places, printed=False))
        assert not together(board, mention("b", "292/BC-HĐND", None, "HĐND tỉnh Hoài Vĩnh", printed=False))

    def test_a_date_that_no_group_has_is_another_work(self) -> None:
        full = mention("a", "05/2025/QĐ-UBND", "2025-07-01", LAM)
        assert not together(full, mention("b", "05/2025/QĐ-UBND", "2025-01-17"))

    def test_one_title_in_two_lists_is_one_work(self) -> None:
        words = "cong bo danh muc bao chi xuat ban"
        one = mention("a", "1349/QĐ-UBND", None, LAM, printed=False)
        other = mention("b", "1349/QĐ-UBND", None, HOAI, printed=False)
        assert together(one, other, told=Told({"a": words, "b": words}))
        assert not together(one, other)


@pytest.mark.parametrize("one, other", document("identity.toml")["examples"]["same"])
def test_names_of_one_body(one: str, other: str) -> None:
    assert issuer_key(one) == issuer_key(other)


@pytest.mark.parametrize("one, other", document("identity.toml")["examples"]["different"])
def test_names_of_two_bodies(one: str, other: str) -> None:
    assert same_issuer(issuer_key(one), issuer_key(other)) is False


@pytest.mark.parametrize(
    "one, other, expected",
    [
        ("UBND tỉnh", "UBND tỉnh Lam Kha", None),
        ("UBND huyện", "UBND tỉnh Lam Kha", False),
        ("UBND thành phố Trúc Hà", "UBND tỉnh Trúc Hà", True),
        ("ỦY BAN NHÂN DÂN XÃ KHE MÂY", "UBND xã Khe Mây", True),
        ("UBND xã Khe Mây, huyện Đan Lĩnh", "UBND xã Khe Mây", True),
    ],
)
def test_same_issuer(one: str, other: str, expected: bool | None) -> None:
    assert same_issuer(issuer_key(one), issuer_key(other)) is expected


@pytest.mark.parametrize("code", ["2021-2025", "28/2/2019", "Số", "", "12", "12/"])
def test_not_a_code(code: str) -> None:
    assert parse_code(code) is None


def test_bodies_that_became_one_another() -> None:
    old, new = "Bộ Tài nguyên và Môi trường", "Bộ Nông nghiệp và Môi trường"
    assert is_lineage(issuer_key(old), issuer_key(new))
    assert is_lineage(issuer_key("UBND tỉnh Hà Nam"), issuer_key("UBND tỉnh Ninh Bình"))
    assert not is_lineage(issuer_key("Bộ Tài chính"), issuer_key("Bộ Y tế"))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Bộ Bưu chính, Viễn thông", "Bộ Khoa học và Công nghệ"),
        ("Sở Bưu chính, Viễn thông tỉnh Lam Kha", "Sở Khoa học và Công nghệ tỉnh Lam Kha"),
        ("UBND tỉnh Hà Tây", "UBND thành phố Hà Nội"),
        ("Sở Thông tin và Truyền thông tỉnh Hà Nam", "Sở Khoa học và Công nghệ tỉnh Ninh Bình"),
    ],
    ids=["two steps", "department", "province", "both"],
)
def test_a_lineage_of_several_steps_both_ways(old: str, new: str) -> None:
    assert is_lineage(issuer_key(old), issuer_key(new))
    assert is_lineage(issuer_key(new), issuer_key(old))


def test_two_that_went_into_one_are_no_lineage() -> None:
    assert not is_lineage(issuer_key("UBND tỉnh Hà Nam"), issuer_key("UBND tỉnh Nam Định"))


def test_labels_as_officials_write_them() -> None:
    said = label_of("QĐ", "1277/QĐ-UBND", None, "2024-04-01", "UBND tỉnh Lam Kha")
    assert said == "Quyết định số 1277/QĐ-UBND ngày 01/4/2024 của UBND tỉnh Lam Kha"
    assert label_of("LUAT", None, "Luật Nước", None, None) == "Luật Nước"
    assert (
        label_of("LUAT", "12/2023/QH15", "Luật Nước", "2023-06-20", None) == "Luật Nước số 12/2023/QH15 ngày 20/6/2023"
    )
    assert day_words("2021-10") == "tháng 10/2021"


@pytest.mark.parametrize(
    ("province", "issued_on", "cited_on", "expected"),
    [
        ("ninh binh", "2024-05-06", "2025-10-01", True),
        ("ninh binh", "2025-08-06", "2025-10-01", False),
        ("ninh binh", "2024-05-06", "2024-10-01", False),
        ("thanh hoa", "2024-05-06", "2025-10-01", False),
        ("ninh binh", None, "2025-10-01", False),
    ],
    ids=["before and after", "after", "before", "never enlarged", "no day"],
)
def test_a_province_taken_over_a_merger(province: str, issued_on: str | None, cited_on: str, expected: bool) -> None:
    assert is_over_merger(province, issued_on, cited_on) is expected


def test_a_province_taken_over_a_merger_makes_a_link_less_sure() -> None:
    head = {"doc_type": "KH", "code": "9/KH-UBND", "issuer": "UBND tỉnh Ninh Bình", "issuer_level": "province",
            "issued_on": "2025-10-01", "province": "Ninh Bình"}  # fmt: skip
    full = {**cites("7/KH-UBND", "KH", "2024-05-06", "UBND tỉnh Ninh Bình"), "issuer_text": "UBND tỉnh"}
    plain = {**full, "issuer_text": "UBND tỉnh Ninh Bình"}
    scores = []
    for fields in (full, plain):
        db = stored(made("theo Kế hoạch số 7/KH-UBND", head, citations=[("Kế hoạch số 7/KH-UBND", fields)]))
        scores += db.execute("select score, reasons from links").fetchall()
    assert scores[0][0] < scores[1][0]
    assert "merger" in scores[0][1]
    assert "merger" not in scores[1][1]


def test_scores_follow_reasons() -> None:
    certain = score_of(("symbol", "year in the code", "issuer and territory"))
    guessed = score_of(("symbol", "the only one of the document's own places"))
    assert 0 < guessed < certain <= 1

"""Checks of a plan against those above and below it: what it carries out, what it was allotted, who follows it."""

from __future__ import annotations

import pytest

from extract.records import Document
from rules.units import REFORM, Gazetteer, Unit
from tests.check_kit import COMMUNE, DISTRICT, LAM, OTHER, PROVINCE, TO_DISTRICT, TO_PROVINCE, allotting, plan
from tests.corpus_kit import Fields, cites, findings, ident, made, sides, stored


class TestSuperiors:
    ORDER = "1. Ủy ban nhân dân các xã ban hành kế hoạch của xã trước ngày 05/4/2024"

    def order(self, text: str = ORDER, limit: str = "trước ngày 05/4/2024", day: str = "2024-04-05") -> Document:
        return plan(
            DISTRICT,
            text=text,
            deadlines=[(limit, {"to_day": day})],
            assignments=[("Ủy ban nhân dân các xã", {"agency": "Ủy ban nhân dân các xã"})],
        )

    def test_a_plan_issued_late(self) -> None:
        late = plan(COMMUNE, ("Kế hoạch số 52/KH-UBND", TO_DISTRICT))
        assert findings(stored(self.order(), late), "issued-late") == [ident(late)]

    def test_a_plan_issued_in_time(self) -> None:
        intime = plan({**COMMUNE, "issued_on": "2024-04-02"}, ("Kế hoạch số 52/KH-UBND", TO_DISTRICT))
        assert findings(stored(self.order(), intime), "issued-late") == []

    def test_another_act_than_issuing_a_plan(self) -> None:
        order = self.order("1. Ủy ban nhân dân các xã lập danh sách hộ trước ngày 05/4/2024")
        assert findings(stored(order, plan(COMMUNE, ("Kế hoạch số 52/KH-UBND", TO_DISTRICT))), "issued-late") == []

    @pytest.mark.parametrize("day, expected", [("2024-11-30", 1), ("2024-11-10", 0)])
    def test_the_same_report_later_than_wanted(self, day: str, expected: int) -> None:
        words = "1. Ủy ban nhân dân các xã gửi báo cáo kết quả năm về Phòng Kinh tế huyện trước ngày 15/11/2024"
        order = self.order(words, "trước ngày 15/11/2024", "2024-11-15")
        own = plan(
            COMMUNE,
            ("Kế hoạch số 52/KH-UBND", TO_DISTRICT),
            text="1. Văn phòng gửi báo cáo kết quả năm về Phòng Kinh tế huyện trước hạn",
            deadlines=[("trước hạn", {"to_day": day})],
        )
        assert len(findings(stored(order, own), "deadline-after-superior")) == expected

    @pytest.mark.parametrize(
        "vnd, joint, expected",
        [(8_900, "giao tại", 1), (8_400, "giao tại", 0), (8_900, "và nguồn khác; phần tỉnh giao tại", 0)],
        ids=["more", "as-much", "of-other-sources-too"],
    )
    def test_more_than_was_allotted(self, vnd: int, joint: str, expected: int) -> None:
        decision = plan(
            {**PROVINCE, "doc_type": "QĐ", "code": "415/QĐ-UBND", "issued_on": "2024-03-15"},
            text="1. UBND huyện Đan Lĩnh: 8.400 triệu đồng\n2. UBND huyện khác: 6.000 triệu đồng",
            budgets=[("8.400 triệu", {"vnd": 8_400, "kind": "item"}), ("6.000 triệu", {"vnd": 6_000, "kind": "item"})],
        )
        cited = allotting("2024-03-15")
        own = made(
            f"Tổng kinh phí là {vnd} triệu đồng {joint} {cited[0]}.",
            DISTRICT,
            citations=[cited],
            budgets=[(f"{vnd} triệu", {"vnd": vnd, "kind": "total"})],
        )
        assert len(findings(stored(decision, own), "budget-over-parent")) == expected

    @pytest.mark.parametrize("value, year, expected", [(68.0, "2024", 1), (78.0, "2024", 0), (68.0, "2023", 0)])
    def test_a_target_below_the_superiors(self, value: float, year: str, expected: int) -> None:
        above = plan(
            DISTRICT,
            text="1. Đến hết năm 2024, 75% hộ dân nông thôn toàn huyện được dùng nước sạch tại nhà",
            targets=[("75%", {"value": 75.0, "unit": "%", "by_date": "2024"})],
        )
        own = plan(
            COMMUNE,
            ("Kế hoạch số 52/KH-UBND", TO_DISTRICT),
            text="1. Đến hết năm, tỷ lệ hộ dân trong xã được dùng nước sạch tại nhà",
            targets=[("tỷ lệ", {"value": value, "unit": "%", "by_date": year})],
        )
        assert len(findings(stored(above, own), "target-below-superior")) == expected


class TestChains:
    def test_a_circle(self) -> None:
        up = ("Kế hoạch số 52/KH-UBND", TO_DISTRICT)
        down = ("Kế hoạch số 18/KH-UBND", cites("18/KH-UBND", "KH", "2024-04-12", "UBND xã Khe Mây", "implements"))
        db = stored(plan(DISTRICT, down), plan(COMMUNE, up))
        assert len(sides(db, "chain-cycle")) == 2

    def test_a_longer_circle(self) -> None:
        down = cites("18/KH-UBND", "KH", "2024-04-12", "UBND xã Khe Mây", "implements")
        db = stored(
            plan(PROVINCE, ("Kế hoạch số 18/KH-UBND", down)),
            plan(DISTRICT, ("Kế hoạch số 36/KH-UBND", TO_PROVINCE)),
            plan(COMMUNE, ("Kế hoạch số 52/KH-UBND", TO_DISTRICT)),
        )
        assert len(sides(db, "chain-cycle")) == 3

    def test_a_plan_above_that_is_not_here_is_one_finding_a_work(self) -> None:
        up = ("Kế hoạch số 52/KH-UBND", TO_DISTRICT)
        db = stored(plan(COMMUNE, up), plan(OTHER, up))
        assert len(findings(db, "chain-broken")) == 1
        assert findings(stored(plan(DISTRICT), plan(COMMUNE, up)), "chain-broken") == []

    def test_a_plan_that_names_nothing_higher(self) -> None:
        alone = plan(COMMUNE)
        assert findings(stored(alone), "chain-missing") == [ident(alone)]

    def test_a_unit_without_its_plan(self) -> None:
        order = TestSuperiors().order()
        db = stored(order, plan(COMMUNE, ("Kế hoạch số 52/KH-UBND", TO_DISTRICT)))
        (message,) = db.execute("select message_vi from findings where rule = 'coverage-missing'").fetchone()
        assert "xã Suối Ngà" in message
        assert "xã Khe Mây" not in message

    def test_where_no_unit_has_a_plan_the_corpus_is_not_made_for_it(self) -> None:
        assert findings(stored(TestSuperiors().order()), "coverage-missing") == []


class TestCoverage:
    """Which units of a level have no plan, by district and by commune, before the reform of 2025 and after."""

    UNITS = Gazetteer(
        (
            Unit("province", "tỉnh", "Lam Kha", "Lam Kha"),
            Unit("district", "huyện", "Đan Lĩnh", "Lam Kha", None, "", "2025-06-30"),
            Unit("district", "huyện", "Hoài Vĩnh", "Lam Kha", None, "", "2025-06-30"),
            Unit("commune", "xã", "Khe Mây", "Lam Kha", "Đan Lĩnh", "", "2025-06-30", "xã Khe Ngà"),
            Unit("commune", "xã", "Suối Ngà", "Lam Kha", "Đan Lĩnh", "", "2025-06-30", "xã Khe Ngà"),
            Unit("commune", "xã", "Đồng Trâu", "Lam Kha", "Đan Lĩnh", "", "2025-06-30", "xã Đồng Trâu"),
            Unit("commune", "xã", "Khe Ngà", "Lam Kha", None, REFORM),
            Unit("commune", "xã", "Đồng Trâu", "Lam Kha", None, REFORM),
        )
    )

    def order(self, head: Fields, charged: str) -> Document:
        text = f"1. {charged} ban hành kế hoạch của mình"
        return plan(head, text=text, assignments=[(charged, {"agency": charged})])

    def missing(self, *documents: Document) -> str:
        db = stored(*documents, units=self.UNITS)
        row = db.execute("select message_vi from findings where rule = 'coverage-missing'").fetchone()
        return str(row[0]).partition(" chưa có")[0] if row else ""

    def test_by_district(self) -> None:
        order = self.order(PROVINCE, "Ủy ban nhân dân các huyện")
        assert self.missing(order, plan(DISTRICT, ("Kế hoạch số 36/KH-UBND", TO_PROVINCE))) == "huyện Hoài Vĩnh"

    def test_by_commune_below_a_province_since_the_reform(self) -> None:
        head = {**PROVINCE, "issued_on": "2025-08-19"}
        cited = cites("36/KH-UBND", "KH", "2025-08-19", LAM, "implements")
        below = {**COMMUNE, "issued_on": "2025-09-12", "issuer": "UBND xã Khe Ngà", "district": None,
                 "commune": "Khe Ngà"}  # fmt: skip
        order = self.order(head, "Ủy ban nhân dân các xã")
        assert self.missing(order, plan(below, ("Kế hoạch số 36/KH-UBND", cited))) == "xã Đồng Trâu"

    def test_the_plan_of_the_unit_that_took_it_in_counts(self) -> None:
        heir = {**COMMUNE, "issued_on": "2025-09-12", "issuer": "UBND xã Khe Ngà", "district": None,
                "commune": "Khe Ngà"}  # fmt: skip
        order = self.order(DISTRICT, "Ủy ban nhân dân các xã")
        assert self.missing(order, plan(heir, ("Kế hoạch số 52/KH-UBND", TO_DISTRICT))) == "xã Đồng Trâu"


class TestCopies:
    TASK = " ".join(f"việc thứ {i} do thôn {i % 7} làm xong trong tháng {i % 12 + 1}" for i in range(80))

    def test_passages_of_another_units_plan(self) -> None:
        first = plan(COMMUNE, text=f"1. {self.TASK}")
        second = plan({**OTHER, "issued_on": "2024-04-17"}, text=f"1. {self.TASK}")
        db = stored(first, second)
        assert findings(db, "text-copied") == [ident(second)]
        assert all(self.TASK[:40] in quote for _, quote in sides(db, "text-copied"))

    def test_a_lower_level_may_copy_the_higher(self) -> None:
        db = stored(plan(DISTRICT, text=self.TASK), plan(COMMUNE, text=self.TASK))
        assert findings(db, "text-copied") == []

"""Makes corpora of linked plans of realistic size: ``python -m bench.generate FOLDER COUNT``.

Invented provinces, each with districts and communes, issue plans for invented programmes over several years, each
citing the plan one level up, a decision on its funds, central decisions and laws. One plan in fifty misprints the
year of the decision. The same count and seed give the same bytes.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count, islice, product
from pathlib import Path

_FIRST = (
    "An Bình Cẩm Chu Đan Đông Gia Hà Hải Hòa Hưng Khe Kim Lam Lũng Mai Mường Nậm Ngà Ninh Phú Quế Sơn Tân Thạch".split()
)
_SECOND = (
    "Trà Trung Vân Vĩnh Xuân Yên Bắc Cát Châu Dương Giang Khê Lâm Lộc Mỹ Nghĩa Phong Quang Sậy Thượng Tiến Vọng".split()
)
_PROGRAMMES = (
    "nước sạch cho mọi nhà",
    "giảm nghèo về thông tin",
    "phòng chống cháy rừng",
    "số hóa hồ sơ lưu trữ",
    "chăm sóc người cao tuổi",
    "trồng một trăm vạn cây xanh",
    "xóa nhà tạm, nhà dột",
    "an toàn giao thông nông thôn",
)
_TASKS = (
    "Rà soát, thống kê {thing} trên địa bàn, lập danh sách từng thôn, niêm yết công khai tại nhà văn hóa",
    "Tổ chức {n} buổi tuyên truyền về {thing} qua loa truyền thanh, họp thôn và trang tin của địa phương",
    "Xây dựng, nâng cấp {n} công trình phục vụ {thing}, ưu tiên thôn ở xa trung tâm",
    "Hướng dẫn hộ dân làm hồ sơ đề nghị hỗ trợ, kiểm tra và chi trả đúng người, đúng mức",
    "Mở {n} lớp tập huấn cho cán bộ thôn về {thing}; tài liệu phát tận tay người học",
    "Kiểm tra, giám sát việc sử dụng kinh phí; kịp thời chấn chỉnh nơi làm chậm, làm sai",
    "Sơ kết, tổng kết, biểu dương tập thể và cá nhân làm tốt; rút kinh nghiệm cho năm sau",
)
_BODIES = ("Sở Tài chính", "Sở Nội vụ", "Sở Y tế", "Sở Xây dựng", "Sở Khoa học và Công nghệ")
_OFFICES = ("Phòng Tài chính - Kế hoạch", "Phòng Nội vụ", "Phòng Văn hóa và Thông tin", "Thanh tra huyện")
_CLERKS = ("Công chức Tài chính - Kế toán", "Công chức Văn hóa - Xã hội", "Trưởng các thôn", "Trạm Y tế xã")
YEARS = (2021, 2022, 2023, 2024)


@dataclass(frozen=True, slots=True)
class Unit:
    """An invented unit with the one that it belongs to."""

    level: str
    name: str
    above: Unit | None

    @property
    def body(self) -> str:
        """Its people's committee."""
        return f"UBND {self.level} {self.name}"


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan to be written: who, for what, when, under which number."""

    unit: Unit
    programme: str
    number: int
    issued: date
    above: Plan | None

    @property
    def cited(self) -> str:
        """The plan as others cite it."""
        return f"Kế hoạch số {self.number}/KH-UBND ngày {_day(self.issued)} của {self.unit.body}"


def _day(day: date) -> str:
    month = f"{day.month:02d}" if day.month < 3 else str(day.month)
    return f"{day.day:02d}/{month}/{day.year}"


def _names() -> Iterator[str]:
    """Names of two syllables, then of three, then of four; each once."""
    for syllables in count(1):
        yield from map(" ".join, product(_FIRST, *[_SECOND] * syllables))


def plans(total: int, seed: int = 7) -> Iterator[Plan]:
    """`total` plans, province by province, each after the one that it carries out."""
    return islice(_all_plans(random.Random(seed)), total)


def _all_plans(rng: random.Random) -> Iterator[Plan]:
    names = _names()
    while True:
        province = Unit("tỉnh", next(names), None)
        districts = [Unit("huyện", next(names), province) for _ in range(rng.randint(6, 10))]
        communes = [Unit("xã", next(names), district) for district in districts for _ in range(rng.randint(6, 12))]
        numbers: dict[tuple[Unit, int], int] = {}
        for year in YEARS:
            for programme in _PROGRAMMES:
                yield from _programme(rng, programme, year, province, districts, communes, numbers)


def _programme(
    rng: random.Random,
    programme: str,
    year: int,
    province: Unit,
    districts: list[Unit],
    communes: list[Unit],
    numbers: dict[tuple[Unit, int], int],
) -> Iterator[Plan]:
    """One programme of one year, through all levels of a province."""
    made: dict[Unit, Plan] = {}
    start = date(year, 1, 8) + timedelta(days=rng.randint(0, 20) + 30 * _PROGRAMMES.index(programme))
    for unit in (province, *districts, *communes):
        above = made.get(unit.above) if unit.above else None
        delay = 0 if above is None else rng.randint(3, 25)
        issued = (above.issued if above else start) + timedelta(days=delay)
        numbers[unit, year] = numbers.get((unit, year), 0) + rng.randint(1, 30)
        made[unit] = Plan(unit, programme, numbers[unit, year], issued, above)
        yield made[unit]


def text_of(plan: Plan, rng: random.Random) -> str:
    """The text of a plan, about 8 kB of UTF-8."""
    unit = plan.unit
    year = plan.issued.year
    body = unit.body.replace("UBND", "ỦY BAN NHÂN DÂN").upper()
    first, _, second = body.partition(f" {unit.level.upper()} ")
    lines = [
        first,
        f"{unit.level.upper()} {second}",
        f"Số: {plan.number}/KH-UBND",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        f"{unit.name}, ngày {plan.issued.day:02d} tháng {plan.issued.month:02d} năm {year}",
        "",
        "KẾ HOẠCH",
        f"Thực hiện Chương trình {plan.programme} năm {year} trên địa bàn {unit.level} {unit.name}",
        "",
        *_preamble(plan, rng),
        "I. MỤC ĐÍCH, YÊU CẦU",
        "1. Mục đích",
        f"Đưa Chương trình {plan.programme} đến từng thôn, từng hộ; nâng cao trách nhiệm của cán bộ cơ sở.",
        "2. Yêu cầu",
        "Rõ người, rõ việc, rõ thời hạn; công khai kinh phí; không để trùng với chương trình khác.",
        "II. CHỈ TIÊU",
        f"1. Đến hết năm {year}, ít nhất {_target(plan, rng)}% hộ dân được thụ hưởng Chương trình.",
        "2. 90% thôn có tổ tự quản hoạt động đều.",
        "III. NHIỆM VỤ",
        *_tasks(plan, rng),
        "IV. KINH PHÍ",
        *_funds(plan, rng),
        "V. TỔ CHỨC THỰC HIỆN",
        *_bearers(plan, rng),
        "",
        "Nơi nhận:",
        "- Như trên;",
        "- Lưu: VT.",
        "TM. ỦY BAN NHÂN DÂN",
        "CHỦ TỊCH",
        f"{rng.choice(_FIRST)} Văn {rng.choice(_SECOND)}",
    ]
    return "\n".join(lines) + "\n"


def _target(plan: Plan, rng: random.Random) -> int:
    """The share that all levels aim at; one plan in a hundred aims lower."""
    return 70 + _PROGRAMMES.index(plan.programme) - 5 * (rng.random() < 0.01)


def _preamble(plan: Plan, rng: random.Random) -> list[str]:
    year = plan.issued.year
    lines = [
        "Căn cứ Luật Tổ chức chính quyền địa phương số 77/2015/QH13 ngày 19/6/2015;",
        f"Căn cứ Nghị định số {30 + year % 7}/{year - 1}/NĐ-CP ngày 05/3/{year - 1} của Chính phủ;",
    ]
    theme = _PROGRAMMES.index(plan.programme) + 1
    if plan.above is None:
        lines.append(
            f"Thực hiện Quyết định số {theme * 211}/QĐ-TTg ngày 20/11/{YEARS[0] - 1} của Thủ tướng Chính phủ phê duyệt "
            f"Chương trình {plan.programme}, {plan.unit.body} ban hành Kế hoạch như sau:"
        )
    else:
        lines.append(
            f"Thực hiện {plan.above.cited} về Chương trình {plan.programme} năm {year}, "
            f"{plan.unit.body} ban hành Kế hoạch như sau:"
        )
    rng.shuffle(lines[:2])
    return lines


def _tasks(plan: Plan, rng: random.Random) -> list[str]:
    lines = []
    for i, task in enumerate(rng.sample(_TASKS, 7), 1):
        lines.append(f"{i}. Nhiệm vụ thứ {i}")
        for letter in "ab":
            words = (task if letter == "a" else rng.choice(_TASKS), rng.choice(_TASKS))
            said = [text.format(thing=plan.programme, n=rng.randint(2, 30)) for text in words]
            day = plan.issued + timedelta(days=rng.randint(30, 200))
            lines.append(
                f"{letter}) {said[0]} (mã việc {rng.randint(100, 999)}), xong trước ngày {_day(day)}. {said[1]}."
            )
    return lines


def _funds(plan: Plan, rng: random.Random) -> list[str]:
    year = plan.issued.year
    parts = [rng.randint(10, 400) * 10 for _ in range(3)]
    printed = year - 1 if rng.random() < 0.02 else year
    decision = 400 + _PROGRAMMES.index(plan.programme) * 37
    province = plan.unit
    while province.above:
        province = province.above
    return [
        f"1. Tổng kinh phí thực hiện là {_sum(sum(parts))} triệu đồng, trong đó: ngân sách tỉnh {_sum(parts[0])} "
        f"triệu đồng; ngân sách huyện {_sum(parts[1])} triệu đồng; nguồn xã hội hóa {_sum(parts[2])} triệu đồng.",
        f"2. Phần ngân sách tỉnh được giao tại Quyết định số {decision}/QĐ-UBND ngày 15/3/{printed} "
        f"của {province.body}.",
    ]


def _sum(millions: int) -> str:
    return f"{millions:,}".replace(",", ".")


def _bearers(plan: Plan, rng: random.Random) -> list[str]:
    bodies = {"tỉnh": _BODIES, "huyện": _OFFICES, "xã": _CLERKS}[plan.unit.level]
    lines = []
    for i, body in enumerate(bodies, 1):
        other = rng.choice([b for b in bodies if b != body])
        lines.append(f"{i}. {body}")
        lines.append(f"a) Chủ trì, phối hợp với {other} thực hiện các nhiệm vụ thuộc lĩnh vực được giao;")
        lines.append(f"b) Báo cáo kết quả về UBND {plan.unit.level} trước ngày {rng.randint(5, 25)} hằng tháng.")
    return lines


def write(folder: Path, total: int, seed: int = 7) -> None:
    """Writes `total` plans under `folder`, a thousand to a sub-folder."""
    rng = random.Random(seed + 1)
    for i, plan in enumerate(plans(total, seed)):
        path = folder / f"{i // 1000:03d}" / f"{i:06d}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text_of(plan, rng), encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]), int(sys.argv[2]))

"""After any sequence of additions, changes, removals and corrections a corpus is what a clean build makes of it."""

from __future__ import annotations

import random
import sqlite3
from pathlib import Path

import pytest

import corpus.build
import corpus.parts
import corpus.touched
from bench.generate import write
from bench.same import differing
from corpus.build import BuildReport, build
from corpus.review import Decision, about, decide, open_review
from corpus.schema import BY_NAME
from tests.test_incremental import dump

ROUNDS = 15
OVERVIEW = ("graph_nodes", "graph_edges", "agencies", "sums", "allotments", "target_pairs", "tallies", "laws", "lone")
HEAD = """ỦY BAN NHÂN DÂN
{place}
{number}
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
Lam Kha, ngày {day:02d} tháng 4 năm {year}

KẾ HOẠCH
{title}

{basis}
I. MỤC ĐÍCH
{body}
II. TỔ CHỨC THỰC HIỆN
1. Sở Tài chính chủ trì, báo cáo UBND tỉnh trước ngày {day}/6/2022.

Nơi nhận:
- Lưu: VT.
TM. ỦY BAN NHÂN DÂN
CHỦ TỊCH
Lò Văn Păn
"""
BASES = (
    "Căn cứ Luật Đầu tư công số 39/2019/QH14 ngày 13/6/2019;",
    "Căn cứ Luật Đầu tư công ngày 13 tháng 6 năm 2019;",
    "Căn cứ Luật Đầu tư công;",
    "Căn cứ Luật Đầu tư công số 58/2024/QH15 ngày 29/11/2024;",
    "Căn cứ Luật Ngân sách nhà nước số 39/2019/QH14 ngày 25/6/2015;",
    "Căn cứ Luật Ngân sách nhà nước ngày 25/6/2015;",
    "Căn cứ Quyết định số 437/QĐ-UBND;",
    "Căn cứ Quyết định số 437/QĐ-UBND ngày 15/3/2021 của UBND tỉnh Lam Kha;",
    "Căn cứ Quyết định số 437/QĐ-UBND ngày 15/3/2022 của UBND tỉnh Lam Kha;",
    "Theo Quyết định số 1719/QĐ-TTg của Thủ tướng Chính phủ;",
    "Theo Quyết định số 1719/QĐ-TTg ngày 14/10/2021 của Thủ tướng Chính phủ;",
    "Theo Quyết định số 1719/2021/QĐ-TTg ngày 14/10/2021 của Thủ tướng Chính phủ;",
    "Căn cứ Nghị quyết số 1719/NQ-CP ngày 14/10/2021 của Chính phủ;",
    "Thực hiện Kế hoạch số {near}/KH-UBND của UBND tỉnh;",
    "Thực hiện Kế hoạch số {near}/KH-UBND ngày 05/4/2022 của UBND tỉnh Lam Kha;",
    "Thực hiện Kế hoạch số {near}/KH-UBND của UBND huyện Đan Lĩnh;",
    "Thực hiện Kế hoạch số {near}/KH-UBND năm 2023;",
    "Thay thế Kế hoạch số {near}/KH-UBND ngày 05/4/2022 của UBND tỉnh Lam Kha;",
)
TITLES = ("Thực hiện Chương trình nước sạch cho mọi nhà năm 2022", "Phòng chống cháy rừng mùa khô năm 2022")
BODIES = (
    "Đến hết năm 2022, ít nhất 80% hộ dân được dùng nước sạch; kinh phí 120 triệu đồng do ngân sách tỉnh cấp, giao "
    "cho Sở Xây dựng làm chủ đầu tư, xong trước ngày 30/11/2022 và báo cáo kết quả từng quý cho Ủy ban nhân dân tỉnh.",
    "Bảo vệ 300 ha rừng phòng hộ, trực gác suốt mùa khô, huấn luyện các tổ đội, mua sắm dụng cụ chữa cháy; tổng kinh "
    "phí thực hiện là 95 triệu đồng, lấy từ nguồn xã hội hóa, do Sở Tài chính hướng dẫn thanh toán theo quy định.",
)


def plan(rng: random.Random) -> str:
    """A plan that names laws and plans with or without their numbers, dates and issuers, and may lack a number."""
    number = rng.choice(["Số: /KH-UBND", *(f"Số: {rng.randint(1, 8)}/KH-UBND" for _ in range(4))])
    bases = rng.sample(BASES, rng.randint(0, 4))
    return HEAD.format(
        number=number,
        day=rng.randint(3, 9),
        year=rng.choice((2022, 2022, 2023)),
        place=rng.choice(("TỈNH LAM KHA", "TỈNH LAM KHA", "HUYỆN ĐAN LĨNH", "TỈNH AN KHÊ")),
        title=rng.choice(TITLES),
        basis="\n".join(bases).format(near=rng.randint(1, 8)),
        body=rng.choice(BODIES) + (f" Đợt {rng.randint(1, 3)}." if rng.random() < 0.5 else ""),
    )


def whole(db: Path) -> dict[str, object]:
    """All that a database holds, the order of rows that pages show in it included; what differs by run left out."""
    out: dict[str, object] = dict(dump(db))
    connection = sqlite3.connect(db)
    try:
        for table in OVERVIEW:
            columns = ", ".join(f'"{name}"' for name in BY_NAME[table].column_types)
            order = "1" if table in ("laws", "lone") else "rowid"
            out[table] = connection.execute(f'select {columns} from "{table}" order by {order}').fetchall()
        out["units"] = sorted(connection.execute("select finding, part, unit from finding_units"), key=repr)
        columns = ", ".join(name for name in BY_NAME["corrections"].column_types if name != "made_at")
        out["corrections"] = connection.execute(f"select {columns} from corrections order by 1").fetchall()
        words = "select d.id from documents_fts f join documents d on d.rowid = f.rowid where documents_fts match ?"
        out["corrected titles"] = sorted(connection.execute(words, ('title : "dinh chinh"',)))
        connection.execute("insert into documents_fts(documents_fts, rank) values ('integrity-check', 1)")
    finally:
        connection.close()
    return out


class Corpus:
    """A folder whose files change at random, with its database and one that is built anew each time."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.folder = folder
        self.rng = random.Random(seed)
        self.out: list[tuple[Path, str]] = []
        write(folder / "in", 24, seed)
        for i in range(8):
            (folder / "in" / f"own{i}.txt").write_text(plan(self.rng), encoding="utf-8")

    def files(self) -> list[Path]:
        return sorted((self.folder / "in").rglob("*.txt"))

    def build(self, db: str) -> BuildReport:
        return build([self.folder / "in"], self.folder / db, workers=1, models=False)

    def change(self) -> None:
        """One to four changes: a file comes, goes, comes back, is copied, or has other words."""
        for _ in range(self.rng.randint(1, 4)):
            self.rng.choice([self._add, self._add, self._remove, self._bring_back, self._alter, self._copy])()

    def _add(self) -> None:
        (self.folder / "in" / f"new{self.rng.randint(0, 10**9)}.txt").write_text(plan(self.rng), encoding="utf-8")

    def _remove(self) -> None:
        gone = self.rng.choice(self.files())
        self.out.append((gone, gone.read_text(encoding="utf-8")))
        gone.unlink()

    def _bring_back(self) -> None:
        if self.out:
            path, text = self.out.pop(self.rng.randrange(len(self.out)))
            path.write_text(text, encoding="utf-8")

    def _alter(self) -> None:
        path = self.rng.choice(self.files())
        text = path.read_text(encoding="utf-8")
        old, new = self.rng.choice(
            [
                ("ngày 15/3/2021", "ngày 15/3/2020"),
                ("KH-UBND", "KH-HĐND"),
                ("nước", "nước nóng"),
                ("UBND tỉnh", "UBND xã"),
            ]
        )
        path.write_text(text.replace(old, new, 1) + " \n", encoding="utf-8")

    def _copy(self) -> None:
        path = self.rng.choice(self.files())
        copy = self.folder / "in" / f"copy{self.rng.randint(0, 10**9)}.txt"
        copy.write_text(
            path.read_text(encoding="utf-8").replace("Nơi nhận", f"Bản {copy.stem}\nNơi nhận"), encoding="utf-8"
        )

    def correct(self) -> None:
        """Corrects a citation's or a letterhead's field."""
        connection = sqlite3.connect(self.folder / "plans.db")
        review = open_review(self.folder / "review.db")
        table, field, value, where = self.rng.choice(
            [
                ("citations", "code", "437/QĐ-UBND", "code is not null"),
                ("citations", "issued_on", "2021-03-15", "issued_on is not null"),
                ("documents", "code", "5/KH-UBND", "1"),
                ("documents", "title", "Đính chính tên gọi của kế hoạch năm 2022", "1"),
                ("documents", "province", "Lam Kha", "1"),
            ]
        )
        targets = [row[0] for row in connection.execute(f"select id from {table} where {where} order by id")]
        target = self.rng.choice(targets)
        told = about(connection, table, target)
        kept = {name: told.get(name) for name in ("sha256", "quote", "before", "after")}
        decide(
            review,
            Decision(who="An", kind="corrected", target_table=table, target=target, field=field, value=value, **kept),
        )
        review.close()
        connection.close()


@pytest.fixture
def relinked(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """What linking in part has changed so far. Nothing is too many or too seldom cited for it."""
    found: list[object] = []
    real = corpus.build.relink

    def watched(connection: sqlite3.Connection) -> object:
        found.append(real(connection))
        return found[-1]

    monkeypatch.setattr(corpus.build, "relink", watched)
    monkeypatch.setattr(corpus.touched, "SHARE", 2.0)
    monkeypatch.setattr(corpus.parts, "OFTEN", 5)
    return found


@pytest.mark.parametrize("seed", [1, 2])
def test_any_sequence_of_changes_gives_what_a_clean_build_gives(
    tmp_path: Path, relinked: list[object], seed: int
) -> None:
    tried = Corpus(tmp_path, seed)
    tried.build("plans.db")
    for number in range(1, ROUNDS + 1):
        tried.change()
        if number % 4 == 0:
            tried.correct()
        report = tried.build("plans.db")
        made = len(relinked)
        (tmp_path / "clean.db").unlink(missing_ok=True)
        tried.build("clean.db")
        assert len(relinked) == made, "the clean build links everything"
        one, other = whole(tmp_path / "plans.db"), whole(tmp_path / "clean.db")
        assert [name for name in one if one[name] != other[name]] == [], f"round {number}, {report}"
    assert len(relinked) >= ROUNDS - 2
    assert not [line for line in differing(tmp_path / "plans.db", tmp_path / "clean.db") if "DIFFERENT" in line]

"""A small corpus database for the tests of the pages: invented documents of an invented province.

Texts are put together here and every fact is placed by looking up its words, so that offsets are always right.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from dataclasses import dataclass, field
from pathlib import Path

from corpus import fulltext, overview, schema
from rules.units import load_units

PROVINCE = "tỉnh Châu Bình"
DATES = ("2024-02-05", "2023-02-05")

PROVINCE_PLAN = """ỦY BAN NHÂN DÂN TỈNH CHÂU BÌNH
Số: 21/KH-UBND
Châu Bình, ngày 12 tháng 3 năm 2024

KẾ HOẠCH
Trồng cây chắn sóng ven sông năm 2024

Căn cứ Quyết định số 345/QĐ-UBND ngày 05/02/2024 của UBND tỉnh Châu Bình;

I. MỤC TIÊU
1. Trồng mới 120 ha cây chắn sóng.
II. KINH PHÍ
Tổng kinh phí: 1.723.000.000 đồng từ ngân sách tỉnh.
III. TỔ CHỨC THỰC HIỆN
Sở Thủy văn chủ trì, báo cáo trước ngày 30/11/2024.
"""
DISTRICT_PLAN = """ỦY BAN NHÂN DÂN HUYỆN AN HẠ
Số: 40/KH-UBND
An Hạ, ngày 02 tháng 4 năm 2024

KẾ HOẠCH
Trồng cây chắn sóng huyện An Hạ

Thực hiện Kế hoạch số 21/KH-UBND ngày 12/3/2024 của UBND tỉnh Châu Bình;
theo Quyết định số 345/QĐ-UBND ngày 05/02/2023 của UBND tỉnh Châu Bình.

I. NỘI DUNG
Xong trước ngày 15/3/2024.
"""
COMMUNE_PLAN = """ỦY BAN NHÂN DÂN XÃ BẾN ĐÒ
Số:     /KH-UBND
Bến Đò, ngày 20 tháng 4 năm 2024

KẾ HOẠCH
Trồng cây chắn sóng xã Bến Đò

Thực hiện Kế hoạch số 40/KH-UBND ngày 02/4/2024 của UBND huyện An Hạ.
Kinh phí: 35.000.000 đồng.
"""
HOSTILE = """<script>alert('title')</script>
Số: 99/KH-UBND <img src=x onerror=alert(1)>
KẾ HOẠCH "javascript:alert(2)"
Thực hiện Kế hoạch số 21/KH-UBND ngày 12/3/2024 </textarea><svg onload=alert(3)> của UBND tỉnh Châu Bình.
"""
HOSTILE_NAME = "<script>alert('name')</script>.txt"
HOSTILE_TITLE = "<script>alert('title')</script>"


@dataclass(slots=True)
class Maker:
    """Puts rows into a new database."""

    connection: sqlite3.Connection
    ids: dict[str, str] = field(default_factory=dict)

    def insert(self, table: str, **values: object) -> None:
        names = ", ".join(f'"{name}"' for name in values)
        marks = ", ".join("?" * len(values))
        self.connection.execute(f'insert into "{table}" ({names}) values ({marks})', list(values.values()))

    def document(self, key: str, text: str, **values: object) -> str:
        digest = hashlib.sha256(text.encode()).hexdigest()
        ident = digest[:12]
        self.ids[key] = ident
        row = {
            "id": ident,
            "sha256": digest,
            "media_type": "text/plain",
            "text": text,
            "built_at": "2024-12-01T02:00:00+00:00",
            "extractor": "1",
            "province": "Châu Bình",
            **values,
        }
        self.insert("documents", **row)
        return ident

    def fact(self, table: str, key: str, document: str, quote: str, text: str, nth: int = 0, **values: object) -> None:
        start = -1
        for _ in range(nth + 1):
            start = text.index(quote, start + 1)
        self.insert(
            table,
            id=key,
            document=document,
            quote=quote,
            start=start,
            end=start + len(quote),
            by="test-1",
            confidence=0.9,
            in_table=0,
            **values,
        )

    def side(self, finding: str, side: int, document: str, fact: str, quote: str, text: str) -> None:
        start = text.index(quote)
        self.insert(
            "finding_evidence",
            finding=finding,
            side=side,
            document=document,
            fact=fact,
            quote=quote,
            start=start,
            end=start + len(quote),
        )


def make(path: Path, hostile: bool = False) -> dict[str, str]:
    """Writes the database to `path`; gives the ids of its documents by their names."""
    from sqlite_utils import Database

    db = Database(path)
    schema.create_tables(db)
    maker = Maker(db.conn)
    _rules(maker)
    _documents(maker)
    _facts(maker)
    _findings(maker)
    if hostile:
        _hostile(maker)
    db.conn.commit()
    schema.create_indexes(db)
    fulltext.rebuild(db.conn)
    overview.fill(db.conn, load_units(None))
    db.conn.commit()
    db.conn.close()
    return maker.ids


def _rules(maker: Maker) -> None:
    titles = {
        "citation-date-conflict": ("corpus", "error", "Một văn bản được viện dẫn với hai ngày", "Cited with two dates"),
        "deadline-before-issue": ("document", "error", "Thời hạn trước ngày ban hành", "A deadline before the issue"),
        "number-missing": ("document", "warning", "Văn bản để trống số", "The number was left blank"),
    }
    for key, (scope, severity, vi, en) in titles.items():
        maker.insert(
            "rules",
            id=key,
            scope=scope,
            severity=severity,
            annotated=1,
            title_vi=vi,
            title_en=en,
            basis="Nghị định 30/2020/NĐ-CP",
            explanation_vi=f"Giải thích: {vi}",
            explanation_en=f"Explanation: {en}",
            why_maybe_wrong="Có thể do lỗi đánh máy.",
            why_maybe_wrong_en="It may be a slip of typing.",
        )


def _works(maker: Maker) -> None:
    plain = {"territory": "chau binh", "citations": 1}
    maker.insert(
        "works", id="w-decision", doc_type="QĐ", code="345/QĐ-UBND", issuer=f"UBND {PROVINCE}", issuer_level="province",
        issued_on="2024-02-05", year=2024, state="cited", cited_by=2, dates=json.dumps(dict.fromkeys(DATES, 1)),
        label="Quyết định số 345/QĐ-UBND ngày 05/02/2024 của UBND tỉnh Châu Bình", **plain,
    )  # fmt: skip
    for key, code, issuer, level, issued_on, document in (
        ("w-province", "21/KH-UBND", f"UBND {PROVINCE}", "province", "2024-03-12", "province"),
        ("w-district", "40/KH-UBND", "UBND huyện An Hạ", "district", "2024-04-02", "district"),
        ("w-commune", None, "UBND xã Bến Đò", "commune", "2024-04-20", "commune"),
    ):
        label = f"Kế hoạch số {code or '...'} của {issuer}"
        maker.insert(
            "works", id=key, doc_type="KH", code=code, issuer=issuer, issuer_level=level, issued_on=issued_on,
            year=2024, state="in_corpus", cited_by=1, document=maker.ids[document], label=label, **plain,
        )  # fmt: skip


def _documents(maker: Maker) -> None:
    common = {"doc_type": "KH", "symbol": "KH-UBND", "year": 2024, "period": "2024"}
    maker.document(
        "province", PROVINCE_PLAN, work="w-province", number="21", code="21/KH-UBND", issuer=f"UBND {PROVINCE}",
        issuer_level="province", issued_on="2024-03-12", title="Trồng cây chắn sóng ven sông năm 2024",
        signer="Lê Văn Mẫu",
        spans=json.dumps({"code": [PROVINCE_PLAN.index("21/KH"), PROVINCE_PLAN.index("21/KH") + 10]}), **common,
    )  # fmt: skip
    maker.document(
        "district", DISTRICT_PLAN, work="w-district", number="40", code="40/KH-UBND", issuer="UBND huyện An Hạ",
        issuer_level="district", issued_on="2024-04-02", title="Trồng cây chắn sóng huyện An Hạ", **common,
    )  # fmt: skip
    maker.document(
        "commune", COMMUNE_PLAN, work="w-commune", number_blank=1, issuer="UBND xã Bến Đò", issuer_level="commune",
        issued_on="2024-04-20", title="Trồng cây chắn sóng xã Bến Đò", **common,
    )  # fmt: skip
    _works(maker)
    for name, ident in maker.ids.items():
        maker.insert(
            "files", path=f"{name}.txt", document=ident, origin="https://congbao.example/kh", supplier="Văn phòng",
            received="2024-11-30", size=2048, media_type="text/plain",
        )  # fmt: skip
    maker.insert(
        "runs", id=1, started_at="2024-12-01T01:59:00+00:00", finished_at="2024-12-01T02:00:00+00:00", version="1",
        documents=3, added=3, changed=0, removed=0, failed=1, options="{}",
    )  # fmt: skip
    maker.insert(
        "errors", path="scan.pdf", sha256="0" * 64, code="ocr-unavailable",
        message="Cần cài tesseract để đọc bản quét.", seen_at="2024-12-01T02:00:00+00:00",
    )  # fmt: skip


def _facts(maker: Maker) -> None:
    province, district, commune = (maker.ids[key] for key in ("province", "district", "commune"))
    for position, (marker, title) in enumerate((("I", "MỤC TIÊU"), ("II", "KINH PHÍ"), ("III", "TỔ CHỨC THỰC HIỆN"))):
        line = f"{marker}. {title}"
        start = PROVINCE_PLAN.index(f"\n{line}\n") + 1
        maker.insert(
            "sections", id=f"s-{marker}", document=province, position=position, path=marker, marker=marker, depth=1,
            title=title, start=start, end=len(PROVINCE_PLAN), heading_end=start + len(line),
        )  # fmt: skip
    decision = {"doc_type": "QĐ", "code": "345/QĐ-UBND", "issuer": f"UBND {PROVINCE}", "work": "w-decision"}
    maker.fact(
        "citations", "c-province", province, "Quyết định số 345/QĐ-UBND ngày 05/02/2024 của UBND tỉnh Châu Bình",
        PROVINCE_PLAN, issued_on=DATES[0], relation="legal_basis", position=0, **decision,
    )  # fmt: skip
    maker.fact(
        "citations", "c-district-2", district, "Quyết định số 345/QĐ-UBND ngày 05/02/2023 của UBND tỉnh Châu Bình",
        DISTRICT_PLAN, issued_on=DATES[1], relation="guided_by", position=1, **decision,
    )  # fmt: skip
    maker.fact(
        "citations", "c-district-1", district, "Kế hoạch số 21/KH-UBND ngày 12/3/2024 của UBND tỉnh Châu Bình",
        DISTRICT_PLAN, doc_type="KH", code="21/KH-UBND", issued_on="2024-03-12", issuer=f"UBND {PROVINCE}",
        relation="implements", work="w-province", position=0,
    )  # fmt: skip
    maker.fact(
        "citations", "c-commune", commune, "Kế hoạch số 40/KH-UBND ngày 02/4/2024 của UBND huyện An Hạ", COMMUNE_PLAN,
        doc_type="KH", code="40/KH-UBND", issued_on="2024-04-02", issuer="UBND huyện An Hạ", relation="implements",
        work="w-district", position=0,
    )  # fmt: skip
    maker.fact("budgets", "b-1", province, "1.723.000.000 đồng", PROVINCE_PLAN, vnd=1_723_000_000, kind="total",
               funding_sources='["province"]', position=0)  # fmt: skip
    maker.fact("budgets", "b-2", commune, "35.000.000 đồng", COMMUNE_PLAN, vnd=35_000_000, kind="total", position=0)
    maker.fact("deadlines", "d-1", province, "trước ngày 30/11/2024", PROVINCE_PLAN, kind="due", to_day="2024-11-30",
               before=1, agency="Sở Thủy văn", position=0)  # fmt: skip
    maker.fact("deadlines", "d-2", district, "trước ngày 15/3/2024", DISTRICT_PLAN, kind="due", to_day="2024-03-15",
               before=1, position=0)  # fmt: skip
    maker.fact("targets", "t-1", province, "120 ha", PROVINCE_PLAN, value=120.0, unit="ha", position=0)
    maker.fact(
        "assignments", "a-1", province, "Sở Thủy văn", PROVINCE_PLAN, agency="Sở Thủy văn", role="lead", position=0
    )
    for number, (citation, document, work, state) in enumerate(
        (
            ("c-province", province, "w-decision", "linked"),
            ("c-district-1", district, "w-province", "linked"),
            ("c-district-2", district, "w-decision", "linked"),
            ("c-commune", commune, "w-district", "linked"),
        )
    ):
        maker.insert("links", id=number, citation=citation, document=document, work=work, state=state, score=1.0)
    for source, target, relation, citation in (
        ("w-province", "w-decision", "legal_basis", "c-province"),
        ("w-district", "w-province", "implements", "c-district-1"),
        ("w-district", "w-decision", "guided_by", "c-district-2"),
        ("w-commune", "w-district", "implements", "c-commune"),
    ):
        maker.insert("edges", source=source, target=target, relation=relation, weight=1, citation=citation)
    maker.insert("chains", document=district, hop=1, work="w-province", via="c-district-1", relation="implements",
                 state="in_corpus", parent="w-district")  # fmt: skip
    maker.insert("chains", document=commune, hop=1, work="w-district", via="c-commune", relation="implements",
                 state="in_corpus", parent="w-commune")  # fmt: skip
    maker.insert("chains", document=commune, hop=2, work="w-province", via="c-district-1", relation="implements",
                 state="in_corpus", parent="w-district")  # fmt: skip


def _findings(maker: Maker) -> None:
    province, district, commune = (maker.ids[key] for key in ("province", "district", "commune"))
    common = {"state": "open", "confidence": 0.9, "first_seen": 1}
    maker.insert(
        "findings", id="f-dates", rule="citation-date-conflict", severity="error", scope="corpus", document=district,
        work="w-decision", message_vi="345/QĐ-UBND được viện dẫn với hai ngày", message_en="345/QĐ-UBND has two dates",
        why_maybe_wrong="Có thể do lỗi đánh máy.", **common,
    )  # fmt: skip
    maker.side("f-dates", 0, province, "c-province", "Quyết định số 345/QĐ-UBND ngày 05/02/2024", PROVINCE_PLAN)
    maker.side("f-dates", 1, district, "c-district-2", "Quyết định số 345/QĐ-UBND ngày 05/02/2023", DISTRICT_PLAN)
    maker.insert(
        "findings", id="f-deadline", rule="deadline-before-issue", severity="error", scope="document",
        document=district, message_vi="Thời hạn 15/3/2024 trước ngày ban hành 02/4/2024",
        message_en="15/3/2024 is before 02/4/2024", **common,
    )  # fmt: skip
    maker.side("f-deadline", 0, district, "d-2", "trước ngày 15/3/2024", DISTRICT_PLAN)
    maker.insert(
        "findings", id="f-number", rule="number-missing", severity="warning", scope="document", document=commune,
        message_vi="Chỗ ghi số để trống", message_en="The number is blank", **common,
    )  # fmt: skip
    maker.side("f-number", 0, commune, "header.number", "Số:     /KH-UBND", COMMUNE_PLAN)
    maker.insert("finding_changes", run=1, change="gone", finding="f-old", rule="number-missing", document=commune)
    maker.insert("finding_changes", run=1, change="new", finding="f-dates", rule="citation-date-conflict")


def _hostile(maker: Maker) -> None:
    """A document every field of which attacks: text, title, issuer, file name, origin, a cell, a rule's message."""
    ident = maker.document(
        "hostile", HOSTILE, doc_type="KH", code="99/KH-UBND", issuer="UBND <b onmouseover=alert(4)>xã</b>",
        issuer_level="commune", issued_on="2024-05-01", year=2024, title=HOSTILE_TITLE, signer="javascript:alert(5)",
        recipients=json.dumps(["<script>alert(6)</script>"]), work="w-hostile",
    )  # fmt: skip
    maker.insert(
        "works", id="w-hostile", doc_type="KH", code="99/KH-UBND", issuer="UBND <b onmouseover=alert(4)>xã</b>",
        issuer_level="commune", label="<script>alert('label')</script>", state="in_corpus", document=ident, cited_by=0,
    )  # fmt: skip
    maker.insert("files", path=HOSTILE_NAME, document=ident, origin="javascript:alert('origin')", supplier="<i>x</i>")
    quote = "Kế hoạch số 21/KH-UBND ngày 12/3/2024 </textarea><svg onload=alert(3)> của UBND tỉnh Châu Bình"
    maker.fact(
        "citations", "c-hostile", ident, quote, HOSTILE, doc_type="KH", code="21/KH-UBND", relation="implements",
        work="w-province", pinpoint='"><script>alert(7)</script>', position=0,
    )  # fmt: skip
    maker.insert(
        "edges", source="w-hostile", target="w-province", relation="implements", weight=1, citation="c-hostile"
    )
    maker.insert("tables", id="tb-1", document=ident, position=0, start=0, end=5, header_rows=1,
                 rows=json.dumps([["<script>alert(8)</script>", "=1+1"], ["javascript:alert(9)", "x"]]))  # fmt: skip
    maker.insert("unread", document=ident, kind="<script>", start=0, end=8, reason="<img src=x onerror=alert(10)>")
    maker.insert(
        "findings", id="f-<script>alert(11)</script>", rule="number-missing", severity="warning", scope="document",
        document=ident, message_vi="<script>alert(12)</script>", message_en="<script>alert(12)</script>", state="open",
        confidence=0.5,
    )  # fmt: skip
    maker.side("f-<script>alert(11)</script>", 0, ident, "c-hostile", quote, HOSTILE)
    maker.insert(
        "errors", path="<img src=x onerror=alert(13)>.pdf", code="unreadable", message="<script>alert(14)</script>"
    )

"""Plans of an invented province for the checks across documents."""

from __future__ import annotations

from extract.records import Document
from tests.corpus_kit import Fields, cites, made

LAM = "UBND tỉnh Lam Kha"
PROVINCE = {"doc_type": "KH", "code": "36/KH-UBND", "issuer": LAM, "issuer_level": "province",
            "issued_on": "2024-02-19", "province": "Lam Kha"}  # fmt: skip
DISTRICT = {"doc_type": "KH", "code": "52/KH-UBND", "issuer": "UBND huyện Đan Lĩnh", "issuer_level": "district",
            "issued_on": "2024-03-28", "province": "Lam Kha", "district": "Đan Lĩnh"}  # fmt: skip
COMMUNE = {"doc_type": "KH", "code": "18/KH-UBND", "issuer": "UBND xã Khe Mây", "issuer_level": "commune",
           "issued_on": "2024-04-12", "province": "Lam Kha", "district": "Đan Lĩnh", "commune": "Khe Mây"}  # fmt: skip
OTHER = {**COMMUNE, "code": "22/KH-UBND", "issuer": "UBND xã Suối Ngà", "commune": "Suối Ngà"}
TO_PROVINCE = cites("36/KH-UBND", "KH", "2024-02-19", LAM, "implements")
TO_DISTRICT = cites("52/KH-UBND", "KH", "2024-03-28", "UBND huyện Đan Lĩnh", "implements")


def plan(head: Fields, *cited: tuple[str, Fields], text: str = "", **facts: list[tuple[str, Fields]]) -> Document:
    words = "; ".join(quote for quote, _ in cited)
    return made(f"{head['issuer']} {head['code']}\n{words}.\n{text}", head, citations=list(cited), **facts)


def allotting(date: str, kind: str = "QĐ", issuer: str = LAM) -> tuple[str, Fields]:
    """A citation of one decision on funds that prints this date, type word and issuer."""
    year, month, day = date.split("-")
    word = {"QĐ": "Quyết định", "KH": "Kế hoạch"}[kind]
    quote = f"{word} số 415/QĐ-UBND ngày {day}/{month}/{year} của {issuer}"
    return quote, cites("415/QĐ-UBND", kind, date, issuer, "funded_by")

"""What documents and works are called: `Kế hoạch số 67/KH-UBND ngày 24/6/2024 của UBND xã ...`."""

from __future__ import annotations

from functools import cache

from datasette_plugins.desk import formats
from datasette_plugins.desk.ports import Row
from datasette_plugins.desk.words import Words, entries


@cache
def _vietnamese_types() -> dict[str, str]:
    from rules import loader

    return {row["code"]: row["name_vi"] for row in loader.table("doc_types.csv")}


def doc_type(code: object, words: Words) -> str:
    """The name of a type of document by its abbreviation; the abbreviation where it has none."""
    if not code:
        return words("document.untyped")
    if words.language == "en" and (entry := entries().get(f"doc_type.{code}")):
        return entry["en"]
    return _vietnamese_types().get(str(code), str(code))


def full(row: Row, words: Words) -> str:
    """The full name of a document or work from its columns, as a citation writes it."""
    kind, name = doc_type(row.get("doc_type"), words), str(row.get("name") or "")
    if row.get("code"):
        parts = [kind, words("name.number", code=row["code"])]
    elif name:
        parts = [name] if _tells_its_type(name, row.get("doc_type")) else [kind, name]
    else:
        parts = [kind, _unnumbered(row, words)]
    if row.get("issued_on"):
        parts.append(_dated(str(row["issued_on"]), words))
    if row.get("issuer"):
        parts.append(words("name.issuer", issuer=row["issuer"]))
    return " ".join(parts)


def _tells_its_type(name: str, code: object) -> bool:
    """Whether a name begins with its type: `Luật Đất đai`."""
    kind = _vietnamese_types().get(str(code), "")
    return bool(kind) and name.casefold().startswith(kind.casefold())


def _dated(date: str, words: Words) -> str:
    """`ngày 24/6/2024`; `tháng 11/2025` where the day was left blank."""
    key = {4: "name.year", 7: "name.month"}.get(len(date), "name.date")
    return words(key, date=formats.day(date, words.language))


def _unnumbered(row: Row, words: Words) -> str:
    """What stands in the place of a number that was left blank (`số …/KH-UBND`) or is not there at all."""
    symbol = str(row.get("symbol") or "")
    if not symbol:
        return words("name.unnumbered")
    return words("name.blank", symbol=f"{'-' if '/' in symbol else '/'}{symbol}")


def short(row: Row, words: Words) -> str:
    """Type and number alone: `Kế hoạch 67/KH-UBND`."""
    name = row.get("code") or row.get("name")
    if name:
        return f"{doc_type(row.get('doc_type'), words)} {name}" if row.get("code") else str(name)
    return f"{doc_type(row.get('doc_type'), words)} {_unnumbered(row, words)}"


def of_work(row: Row, words: Words) -> str:
    """What a work is called: its label in Vietnamese, put together from its columns in English."""
    if words.language == "vi" and row.get("label"):
        return str(row["label"])
    return full(row, words)

"""Bodies that became one another: ministries and provinces across the reforms of 2025, as rules/ tells."""

from __future__ import annotations

from functools import cache

from corpus.identity import IssuerKey, fold, issuer_key
from rules.loader import table

LAST_DAY = "2025-06-30"
"""The day before provinces were merged (Nghị quyết 202/2025/QH15)."""


@cache
def _bodies() -> dict[str, frozenset[str]]:
    """Folded names of central bodies and departments with the folded names of those that took over from them."""
    rows = {row["code"]: row for row in table("issuers.csv")}
    out: dict[str, set[str]] = {}
    for row in rows.values():
        names = {issuer_key(name).body for name in (row["name_vi"], *(row.get("names") or "").split(";")) if name}
        after = {issuer_key(rows[code]["name_vi"]).body for code in row["successors"].split(";") if code in rows}
        for name in names:
            out.setdefault(name, set()).update(after)
    return {name: frozenset(after) for name, after in out.items() if after}


@cache
def _known() -> frozenset[str]:
    names = (name for row in table("issuers.csv") for name in (row["name_vi"], *(row.get("names") or "").split(";")))
    return frozenset(issuer_key(name).body for name in names if name)


def is_known_body(body: str) -> bool:
    """Whether a folded name is that of a listed body, its territory aside."""
    return body in _known()


@cache
def province_names() -> frozenset[str]:
    """The folded names of all provinces, past and present, in every way to write them."""
    names = ([row["name"], *row["aliases"].split(";")] for row in table("provinces.csv"))
    return frozenset(fold(name) for found in names for name in found if name)


@cache
def _provinces() -> dict[str, frozenset[str]]:
    out: dict[str, set[str]] = {}
    for row in table("provinces.csv"):
        if row["successor"]:
            out.setdefault(fold(row["name"]), set()).update(fold(name) for name in row["successor"].split(";"))
    return {name: frozenset(after) for name, after in out.items()}


@cache
def _enlarged() -> frozenset[str]:
    """Folded names of provinces that took others in on the day of the reform and kept their own name."""
    rows = [row for row in table("provinces.csv") if row["successor"] and row["valid_to"] == LAST_DAY]
    heirs = {fold(row["successor"]) for row in rows if fold(row["name"]) != fold(row["successor"])}
    return frozenset(heirs & {fold(row["name"]) for row in table("provinces.csv")})


def is_over_merger(province: str, issued_on: str | None, cited_on: str | None) -> bool:
    """Whether `UBND tỉnh` in a document of this province means a body of before the province was enlarged.

    It may then be that of any of the provinces that were joined: its own is likely, not certain.
    """
    if not issued_on or not cited_on or not issued_on <= LAST_DAY < cited_on:
        return False
    return province in _enlarged()


def is_known_place(key: IssuerKey) -> bool:
    """Whether a province's name is one that there is or was; of lower levels not every name is known."""
    return key.level != "province" or key.place in province_names()


def is_lineage(one: IssuerKey, other: IssuerKey) -> bool:
    """Whether one body took over from the other, in one step or several, its territory the same or taken over too."""
    bodies = one.body == other.body or _follows(_bodies(), one.body, other.body)
    return bodies and is_same_ground(one.place, other.place) and one != other


def is_same_ground(one: str, other: str) -> bool:
    """Whether two folded names of provinces are one, or the one took the other in."""
    return one == other or _follows(_provinces(), one, other)


def _follows(after: dict[str, frozenset[str]], one: str, other: str) -> bool:
    """Whether the one came to be the other, or the other the one."""
    return other in _heirs(after, one) or one in _heirs(after, other)


def _heirs(after: dict[str, frozenset[str]], name: str) -> set[str]:
    """All that took over from `name`, step by step."""
    found: set[str] = set()
    fresh = {name}
    while fresh:
        fresh = {heir for old in fresh for heir in after.get(old, ())} - found
        found |= fresh
    return found

"""What kinds of documents do to one another, and the terms of the Assembly (`hierarchy.toml`)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from rules.loader import document, words


@cache
def types(name: str) -> frozenset[str]:
    """The types of the list `name` (`plans`, `orders`, `leading`, ...), by the codes of doc_types.csv."""
    return frozenset(words("hierarchy.toml", name))


@cache
def harmless_confusions() -> tuple[frozenset[str], ...]:
    """Sets of types that are taken for one another without harm."""
    return tuple(frozenset(pair) for pair in document("hierarchy.toml")["one_type"])


@cache
def assembly_terms() -> Mapping[int, tuple[int, int]]:
    """The first and last year of each term of the National Assembly, by its number."""
    return MappingProxyType({row["term"]: (row["first"], row["last"]) for row in document("hierarchy.toml")["terms"]})

"""Mentions that a test makes up, what it tells of their subjects, and which of them become one work."""

from __future__ import annotations

from corpus.cluster import cluster
from corpus.identity import parse_code
from corpus.mentions import Mention, Outcome


class Told:
    """Subjects as a test tells them, by the id of the mention."""

    def __init__(
        self,
        words: dict[str, str] | None = None,
        names: dict[str, str] | None = None,
        beside: dict[str, str] | None = None,
    ) -> None:
        self._words = words or {}
        self._names = names or {}
        self._beside = beside or {}

    def __call__(self, mention: Mention) -> frozenset[str]:
        return frozenset(self._words.get(mention.id, "").split())

    def law_name(self, mention: Mention) -> str | None:
        return self._names.get(mention.id)

    def beside(self, mention: Mention) -> frozenset[str]:
        return frozenset(self._beside.get(mention.id, "").split())


def mention(
    name: str,
    code: str,
    date: str | None = None,
    issuer: str | None = None,
    *,
    document: str | None = None,
    places: tuple[str, str, str] = ("", "", ""),
    cited_on: str | None = None,
    head: bool = False,
    printed: bool = True,
    own_letters: bool = False,
) -> Mention:
    key = parse_code(code)
    assert key is not None
    return Mention(
        id=name,
        document=document or name,
        code=code,
        key=key,
        doc_type=key.kind or None,
        issuer=issuer,
        date=date,
        places=places,
        cited_on=cited_on,
        is_head=head,
        issuer_printed=printed,
        has_own_letters=own_letters,
    )


def groups(outcome: Outcome) -> set[frozenset[str]]:
    return {frozenset(m.id for m in group.mentions) for group in outcome.clusters}


def together(*mentions: Mention, told: Told | None = None) -> bool:
    """Whether all mentions are one work, in whatever order they come."""
    results = [groups(cluster(order, told or Told())) for order in (mentions, mentions[::-1])]
    assert results[0] == results[1], "the order of the mentions must not matter"
    return results[0] == {frozenset(m.id for m in mentions)}

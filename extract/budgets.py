"""Budgets: every sum of money in running text, what kind of sum it is, where the money comes from.

The kind of a sum follows from the cues of `rules/money.toml`, tried in their order on the words around it, and
from arithmetic: neighbouring sums that add up to another are its parts.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from typing import Literal, cast

from extract.locate import SectionIndex
from extract.money import Sum, find_sums
from extract.quick import Quick
from extract.records import Budget, BudgetKind, FundKind, Header, Layout, Role, Section
from extract.text import View
from rules.loader import document, pattern, words

Where = Literal["before", "after", "around", "lead"]
_SENTENCE = re.compile(r"\n|(?<=[^\s.][.;]) (?=[A-ZĐÀ-Ỹ(+-])")
_BULLET = re.compile(r"^[\s\-+•*–]*(?:[0-9.]{1,8}[.)]|[a-zđ]\)|[IVX]+\.)?[\s\-+•*–]*")
_said = partial(pattern, "money.toml")
_REACH = 260
_PARTS = 12
_NO_NORM = 10**10
"""No norm for one person or unit is as large as this, in đồng: `mức hỗ trợ` of so much is a sum of its own."""


@dataclass(frozen=True, slots=True)
class _Cue:
    id: str
    kind: BudgetKind
    where: Where
    pattern: Quick


@dataclass(frozen=True, slots=True)
class _Context:
    """The words around a sum: its sentence up to it, what follows in it, and the sum between brackets of its own."""

    before: str
    sum: str
    after: str
    opens: bool
    """Whether the sentence begins a line."""

    def words(self) -> dict[Where, str]:
        """The words that cues read, by their `where`."""
        marked = f"⟦{self.sum}⟧{self.after}"
        lead = _BULLET.sub("", self.before) if self.opens else ""
        return {"before": self.before, "after": marked, "around": self.before + marked, "lead": lead}


@cache
def _cues() -> tuple[_Cue, ...]:
    return tuple(
        _Cue(cue["id"], cast(BudgetKind, cue["kind"]), cast(Where, cue["where"]), Quick(cue["pattern"]))
        for cue in document("money.toml")["cue"]
    )


@cache
def _sources() -> tuple[tuple[str, Quick], ...]:
    return tuple((row["source"], Quick(row["pattern"])) for row in document("money.toml")["source"])


@cache
def _funds() -> tuple[tuple[FundKind, Quick], ...]:
    return tuple((cast(FundKind, row["kind"]), Quick(row["pattern"])) for row in document("money.toml")["fund"])


def kind_of(context: _Context) -> tuple[BudgetKind | None, str]:
    """The kind that the cues give, with the id of the deciding one; None where no cue speaks."""
    read = context.words()
    for cue in _cues():
        match = cue.pattern.match if cue.where == "lead" else cue.pattern.search
        if match(read[cue.where]):
            return cue.kind, cue.id
    return None, "none"


def _context(text: str, found: Sum, start: int, stop: int) -> _Context:
    """The sentence of the sum, 260 characters to each side at most."""
    head = max(start, found.start - _REACH)
    breaks = [m.end() for m in _SENTENCE.finditer(text, head, found.start)]
    begin = breaks[-1] if breaks else head
    if len(breaks) > 1 and text[breaks[-1] - 1] == "\n" and text[breaks[-1] - 2] in ":,":
        begin = breaks[-2]
    tail = _SENTENCE.search(text, found.end, min(stop, found.end + _REACH))
    after = text[found.end : tail.start() if tail else stop][:_REACH]
    opens = begin == start or text[begin - 1] == "\n"
    return _Context(text[begin : found.start], text[found.start : found.end], after, opens)


def sources_in(words: str) -> tuple[str, ...]:
    """The sources of money that `words` name, as the contract calls them."""
    return tuple(source for source, pattern in _sources() if pattern.search(words))


def _fund_kind(words: str) -> FundKind | None:
    return next((kind for kind, pattern in _funds() if pattern.search(words)), None)


def _period(words: str) -> str | None:
    """The year or years that the sentence speaks of before the sum: the last one named."""
    found = None
    for found in _said("years").finditer(words):  # noqa: B007 - the last match is wanted
        pass
    if found is None:
        return None
    return f"{found[1]}/{found[2]}" if found[1] else found[3]


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a sum stands: the innermost unit, the role of the nearest one that has a role, the titles upwards."""

    path: str | None
    role: Role | None
    titles: tuple[str, ...]


class _Places:
    """Finds the place of an offset among a document's units."""

    def __init__(self, sections: Sequence[Section]) -> None:
        self.index = SectionIndex(sections)
        self.by_path = {section.path: section for section in sections}
        self.of_title: dict[str, tuple[str, ...]] = {}

    def sources(self, place: _Place) -> tuple[str, ...]:
        """The sources of money that the nearest title names which names any."""
        for title in place.titles:
            if title not in self.of_title:
                self.of_title[title] = sources_in(title)
            if found := self.of_title[title]:
                return found
        return ()

    def at(self, offset: int) -> _Place:
        """The place of a canonical offset."""
        section = self.index.at(offset)
        path, role, titles = section.path if section else None, None, list[str]()
        above = path
        while above:
            unit = self.by_path.get(above)
            if unit is not None:
                role = role or unit.role
                titles.append(unit.title)
            above = above.rpartition("/")[0]
        return _Place(path, role, tuple(titles))


def _default(place: _Place, header: Header) -> BudgetKind:
    """The kind of a sum without a cue: a plan's unit on money or work holds items, all else is other."""
    if place.role in ("funding", "content", "schedule", "organization"):
        return "item"
    return "item" if header.doc_type in ("KH", "CTr", "ĐA", "PA") and place.role is None else "other"


def _balance(budgets: list[Budget]) -> list[Budget]:
    """Gives sums that others add up to the kind `total`, and those others the kind `item`.

    Two parts or more that stand together right behind the total, or right before it, in the same top unit.
    """
    kinds: dict[int, BudgetKind] = {}
    for i, whole in enumerate(budgets):
        if whole.vnd_max is not None or whole.vnd == 0 or kinds.get(i) == "item":
            continue
        for step in (1, -1):
            parts = _parts(budgets, i, step)
            if len(parts) >= 2:
                kinds[i] = "total"
                kinds.update((j, "item") for j in parts)
                break
    return [
        replace(b, kind=kinds[i], by=b.by.partition("/")[0] + "/balance")
        if i in kinds and _may_change(b, kinds[i])
        else b
        for i, b in enumerate(budgets)
    ]


def _may_change(budget: Budget, kind: BudgetKind) -> bool:
    return budget.kind in ("total", "item") and budget.kind != kind


def _parts(budgets: list[Budget], i: int, step: int) -> list[int]:
    """The neighbours on one side of `i` that add up to it, or nothing."""
    rest, parts, j = budgets[i].vnd, list[int](), i + step
    top = (budgets[i].section or "").partition("/")[0]
    while 0 <= j < len(budgets) and len(parts) < _PARTS and rest > 0:
        part = budgets[j]
        if part.vnd_max is not None or part.vnd > rest or (part.section or "").partition("/")[0] != top:
            return []
        rest -= part.vnd
        parts.append(j)
        j += step
    return parts if rest == 0 else []


def find_budgets(view: View, layout: Layout, header: Header, sections: Sequence[Section]) -> tuple[Budget, ...]:
    """Every sum of money between the letterhead and the document's end, in reading order."""
    places, text, found = _Places(sections), view.text, []
    sums = list(find_sums(text, layout.body, layout.end))
    for i, printed in enumerate(sums):
        context = _context(text, printed, layout.body, layout.end)
        before = text[sums[i - 1].end if i else layout.body : printed.start]
        after = text[printed.end : sums[i + 1].start if i + 1 < len(sums) else layout.end]
        place = places.at(view.to_source(printed.start))
        is_note = place.path is None and printed.start >= layout.annex
        named = sources_in(context.before + context.after)
        own = _own_sources(before, after) if len(named) > 1 else ()
        of_part = replace(context, before=_said("parts_begin").split(context.before)[-1]) if i else context
        kind, cue = kind_of(of_part if _said("parts_begin").search(before) else context)
        sources = own or named or places.sources(place)
        found.append(_budget(view, printed, context, (kind, cue), place, header, is_note, sources))
    return tuple(_balance(found))


_CLAUSE_BEGINS = (";", ":", "\n", ". ")


def _own_sources(before: str, after: str) -> tuple[str, ...]:
    """The sources named in a sum's own clause: before it, else behind it; none where the clause names none.

    Asked where one sentence names several sources: then each belongs to the sum that it stands beside.
    """
    begin = max((at + len(sign) for sign in _CLAUSE_BEGINS if (at := before.rfind(sign)) >= 0), default=0)
    clause = before[begin:]
    return sources_in(clause) or sources_in(_said("clause_ends").split(after[:120])[0])


def _decided(
    printed: Sum, said: tuple[BudgetKind | None, str], place: _Place, header: Header, is_note: bool
) -> tuple[BudgetKind, str]:
    """The kind of a sum and what decided it: the cue, unless where the sum stands or what it is counted per does."""
    kind, cue = said
    if place.role in ("results", "objectives"):
        kind, cue = "other", str(place.role)
    if kind in (None, "item") and printed.per and printed.per.lower() not in words("money.toml", "per.times"):
        kind, cue = "rate", "per"
    if cue == "norm" and printed.per is None and printed.vnd >= _NO_NORM:
        kind, cue = "item", "large"
    if kind is None:
        kind, cue = _default(place, header), "default"
    return ("other", "note") if is_note and kind == "item" else (kind, cue)


def _budget(
    view: View,
    printed: Sum,
    context: _Context,
    said_kind: tuple[BudgetKind | None, str],
    place: _Place,
    header: Header,
    is_note: bool,
    sources: tuple[str, ...],
) -> Budget:
    kind, cue = _decided(printed, said_kind, place, header, is_note)
    behind = max(printed.end, printed.words[1] if printed.words else 0, printed.per_end)
    start, end = view.span(printed.start, behind if cue != "threshold" else printed.end)
    return Budget(
        start=start,
        end=end,
        by=f"rule:budgets/{cue}",
        vnd=printed.vnd,
        vnd_max=printed.vnd_max,
        ambiguous=printed.ambiguous,
        kind=kind,
        per=printed.per,
        in_words=printed.in_words,
        funding_sources=sources,
        fund_kind=_fund_kind(context.before + context.after),
        period=_period(context.before),
        section=place.path,
        words_span=view.span(*printed.words) if printed.words else None,
        uncertain=("vnd",) if printed.malformed or printed.ambiguous else (),
    )

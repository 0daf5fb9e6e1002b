"""Which mentions have to be linked anew after a change: those that what is new or gone can have a bearing on.

Mentions of one number fall into parts that linking never brings together, whatever their texts say. Two mentions that
leave nothing out are of one part where they share the letters and the body, or a whole date; one that leaves something
out is of one part with all of its letters (`corpus.cluster`). What is gone counts as if it were there: it may have
held two parts together.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from corpus.cluster import identity_of, name_of
from corpus.identity import CodeKey, parse_code
from corpus.link import citations, heads
from corpus.mentions import Mention
from corpus.works import Work, stored_work, work_id

OFTEN = 500
"""A code that is cited so often is brought up to date by what was added and taken away, where that is enough."""
Key = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Part:
    """Mentions to be linked anew. `gone` were in the database before; `mentions` are there now."""

    mentions: Sequence[Mention]
    gone: Sequence[Mention]


@dataclass(frozen=True, slots=True)
class Often:
    """A code that many documents cite and that stands alone: its work as it was, what is new, and what is gone."""

    code: str
    before: Work
    new: Sequence[Mention]
    gone: Sequence[Mention]


def touched_parts(connection: sqlite3.Connection) -> Iterator[Part | Often]:
    """What has to be linked anew, for the documents of `temp.new` and `temp.gone` (in the attached database `old`)."""
    connection.execute("create temp table if not exists asked(code text primary key)")
    new = _by_number(connection, "main", "new")
    gone = _by_number(connection, "old", "gone")
    codes = _codes(connection, new.keys() | gone.keys())
    for number in sorted(codes.keys() | gone.keys()):
        yield from _of_number(connection, codes[number], new.get(number, []), gone.get(number, []))


def _by_number(connection: sqlite3.Connection, schema: str, documents: str) -> dict[str, list[Mention]]:
    found: dict[str, list[Mention]] = defaultdict(list)
    inside = f"in (select id from temp.{documents})"
    for mention in heads(connection, schema, f"d.id {inside}"):
        found[mention.key.number].append(mention)
    for mention in citations(connection, schema, f"c.document {inside}"):
        found[mention.key.number].append(mention)
    return found


def _codes(connection: sqlite3.Connection, numbers: Iterable[str]) -> dict[str, dict[str, CodeKey]]:
    """All codes of each of these numbers as they are written, with their parts."""
    found: dict[str, dict[str, CodeKey]] = {number: {} for number in numbers}
    sql = "select distinct code from {} where code is not null"
    for table in ("citations", "documents"):
        for (code,) in connection.execute(sql.format(table)):
            key = parse_code(code)
            if key is not None and key.number in found:
                found[key.number][code] = key
    return found


def _of_number(
    connection: sqlite3.Connection, codes: Mapping[str, CodeKey], new: Sequence[Mention], gone: Sequence[Mention]
) -> Iterator[Part | Often]:
    often = _often(connection, codes, [*new, *gone])
    live = _load(connection, [code for code in codes if code not in often])
    for code in sorted(often):
        own = [m for m in new if m.code == code], [m for m in gone if m.code == code]
        before = _lone_work(connection, [*own[0], *own[1]], [*live, *gone])
        if before is not None:
            yield Often(code, before, *own)
            gone = [m for m in gone if m.code != code]
        else:
            live += _load(connection, [code])
    yield from _parts(live, gone, {m.document for m in new})


def _often(connection: sqlite3.Connection, codes: Mapping[str, CodeKey], touched: Iterable[Mention]) -> set[str]:
    """The touched codes of many citations that say all by themselves: central ones that bear their year."""
    letters = defaultdict(list)
    for code, key in codes.items():
        letters[key.letters].append(code)
    found = set()
    for code in {m.code for m in touched}:
        if code not in codes:
            continue
        key = codes[code]
        if not key.is_central or not key.year or len(letters[key.letters]) > 1:
            continue
        (count,) = connection.execute("select count(*) from citations where code = ?", (code,)).fetchone()
        held = connection.execute("select 1 from documents where code = ?", (code,)).fetchone()
        if count >= OFTEN and held is None:
            found.add(code)
    return found


def _lone_work(connection: sqlite3.Connection, own: Sequence[Mention], others: Sequence[Mention]) -> Work | None:
    """The work of a code that nothing else of its number has a bearing on, as its mentions told it; else None."""
    first = own[0]
    identity = identity_of(first)
    if identity is None or any(m.is_head for m in own):
        return None
    before = stored_work(connection, work_id(name_of(first, identity)))
    if before is None or before.state != "cited":
        return None
    dates = {*before.dates, *(m.date for m in own if m.date)}
    beside = (m for m in others if m.code != first.code)
    if len(dates) > 1 or any(m.full_date in dates or m.key.letters == first.key.letters for m in beside):
        return None
    return before


def _load(connection: sqlite3.Connection, codes: Iterable[str]) -> list[Mention]:
    connection.execute("delete from temp.asked")
    connection.executemany("insert into temp.asked values (?)", [(code,) for code in codes])
    inside = "code in (select code from temp.asked)"
    return [*heads(connection, "main", f"d.{inside}"), *citations(connection, "main", f"c.{inside}")]


def _parts(live: Sequence[Mention], gone: Sequence[Mention], changed: Collection[str]) -> Iterator[Part]:
    """The parts that hold a mention of one of the documents `changed`, or held one that is gone."""
    joined = _Joined()
    loose = {m.key.letters for m in (*live, *gone) if identity_of(m) is None}
    keys = [_keys(m, loose) for m in (*live, *gone)]
    for own in keys:
        joined.add(own)
    roots = [joined.root(own[0]) for own in keys]
    touched = {root for root, m in zip(roots, live, strict=False) if m.document in changed}
    touched.update(roots[len(live) :])
    found: dict[Key, tuple[list[Mention], list[Mention]]] = {root: ([], []) for root in sorted(touched)}
    for root, mention in zip(roots, live, strict=False):
        if root in touched:
            found[root][0].append(mention)
    for root, mention in zip(roots[len(live) :], gone, strict=True):
        found[root][1].append(mention)
    for mentions, before in found.values():
        yield Part(mentions, before)


def _keys(mention: Mention, loose: Collection[str]) -> list[Key]:
    """What a mention has in common with those that it may be brought together with."""
    letters, identity = mention.key.letters, identity_of(mention)
    keys = [("letters", letters, "")] if letters in loose else []
    if identity is not None:
        keys.append(("body", letters, identity[1].rpartition("|")[0]))
        if mention.full_date:
            keys.append(("date", mention.full_date, ""))
    return keys


class _Joined:
    """Keys in disjoint sets."""

    def __init__(self) -> None:
        self._above: dict[Key, Key] = {}

    def root(self, key: Key) -> Key:
        """The key that stands for the set of `key`."""
        above = self._above
        while (other := above.setdefault(key, key)) != key:
            above[key] = above[other]
            key = other
        return key

    def add(self, keys: Sequence[Key]) -> None:
        """Makes one set of those that hold these keys."""
        first = self.root(keys[0])
        for key in keys[1:]:
            self._above[self.root(key)] = first
            first = self.root(first)

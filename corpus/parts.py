"""Which mentions have to be linked anew after a change: those that what is new or gone can have a bearing on.

Mentions of one number fall into parts that linking never brings together, whatever their texts say (`corpus.cluster`):

- what leaves nothing out is of one part where letters and body are shared;
- parts that share a whole date are one, unless all their letters are the same local ones and they have neither a body
  nor a place in common: two provinces that issue the same number on the same day;
- what leaves something out is of one part with all of its letters.

What is gone counts as if it were there: it may have held two parts together.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from corpus.cluster import identity_of, name_of, whole_body
from corpus.identity import CodeKey, issuer_key, parse_code
from corpus.joined import Joined
from corpus.link import citations, heads, places_of
from corpus.mentions import Mention, issuer_id, year_of
from corpus.temporary import small_table
from corpus.works import Work, stored_work, work_id

OFTEN = 500
"""A code that is cited so often is brought up to date by what was added and taken away, where that is enough."""
Told = tuple[str, str | None, str | None]
"""Code, issuer and date as a mention tells them: which part it is of depends on these, and on where it stands."""


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
    small_table(connection, "told", "code text primary key")
    small_table(connection, "wanted", "code, issuer, issued_on")
    new = _by_number(connection, "main", "new")
    gone = _by_number(connection, "old", "gone")
    codes = _codes(connection, new.keys() | gone.keys())
    regions = _Regions(connection)
    for number in sorted(codes.keys() | gone.keys()):
        yield from _of_number(connection, regions, codes[number], new.get(number, []), gone.get(number, []))


class _Regions:
    """Where documents stand: places that some document names together are of one region."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        joined: Joined[str] = Joined()
        self._place: dict[str, str] = {}
        first: dict[tuple[str | None, str | None, str | None], str | None] = {}
        rows = "select province, district, commune, id from {}"
        gone = "old.documents where id in (select id from temp.gone)"
        for source in ("main.documents", gone):
            for *place, ident in connection.execute(rows.format(source)):
                told = place[0], place[1], place[2]
                if told not in first:
                    names = [name for name in places_of(*told) if name]
                    first[told] = names[0] if names else None
                    if names:
                        joined.join(names)
                name = first[told]
                if name is not None:
                    self._place.setdefault(ident, name)
        self._regions = {name: joined.root(name) for name in first.values() if name is not None}

    def of(self, document: str) -> str | None:
        """The region of a document, None where it names no place."""
        name = self._place.get(document)
        return self._regions[name] if name is not None else None


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
    connection: sqlite3.Connection,
    regions: _Regions,
    codes: Mapping[str, CodeKey],
    new: Sequence[Mention],
    gone: Sequence[Mention],
) -> Iterator[Part | Often]:
    often = _often(connection, codes, [*new, *gone])
    told = _told(connection, regions, [code for code in codes if code not in often])
    for mention in gone:
        told[_as_told(mention)].add(regions.of(mention.document))
    for code in sorted(often):
        own = [m for m in new if m.code == code], [m for m in gone if m.code == code]
        before = _lone_work(connection, [*own[0], *own[1]], [one for one in told if one[0] != code])
        if before is not None:
            yield Often(code, before, *own)
            new, gone = [m for m in new if m.code != code], [m for m in gone if m.code != code]
        else:
            for one, where in _told(connection, regions, [code]).items():
                told[one] |= where
    yield from _parts(connection, told, new, gone)


def _as_told(mention: Mention) -> Told:
    return mention.code, mention.issuer, mention.date


def _told(
    connection: sqlite3.Connection, regions: _Regions, codes: Iterable[str]
) -> defaultdict[Told, set[str | None]]:
    """What mentions with these codes tell, each with the regions in which it is told."""
    connection.execute("delete from temp.told")
    connection.executemany("insert into temp.told values (?)", [(code,) for code in codes])
    found: defaultdict[Told, set[str | None]] = defaultdict(set)
    for table, document in (("documents", "id"), ("citations", "document")):
        sql = f"""select t.code, t.issuer, t.issued_on, t.{document} from temp.told a
                  cross join {table} t on t.code = a.code"""
        for code, issuer, date, where in connection.execute(sql):
            found[code, issuer, date].add(regions.of(where))
    return found


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


def _lone_work(connection: sqlite3.Connection, own: Sequence[Mention], others: Iterable[Told]) -> Work | None:
    """The work of a code that nothing else of its number has a bearing on, as its mentions told it; else None."""
    first = own[0]
    identity = identity_of(first)
    if identity is None or any(m.is_head for m in own):
        return None
    before = stored_work(connection, work_id(name_of(first, identity)))
    if before is None or before.state != "cited":
        return None
    dates = {*before.dates, *(m.date for m in own if m.date)}
    if len(dates) > 1:
        return None
    for code, _, date in others:
        key = parse_code(code)
        if date in dates or (key is not None and key.letters == first.key.letters):
            return None
    return before


@dataclass(frozen=True, slots=True)
class _Said:
    """What decides where a mention belongs. `head` is None where it leaves something out."""

    letters: str
    is_central: bool
    head: str | None
    dates: frozenset[str]
    shared: frozenset[object]
    """The regions where it is told, and the body."""


def _said(told: Told, regions: Iterable[str | None]) -> _Said | None:
    """The same of what a mention tells; None where its code says nothing."""
    code, issuer, date = told
    key = parse_code(code)
    if key is None:
        return None
    head, bodies = _body(issuer)
    if key.is_central:
        head = ""
    if year_of(key, date) is None:
        head = None
    dates = frozenset({date} if head is not None and date and len(date) == 10 else ())
    shared = bodies.union(region for region in regions if region)
    return _Said(key.letters, key.is_central, head, dates, shared)


@lru_cache(maxsize=65_536)
def _body(issuer: str | None) -> tuple[str | None, frozenset[object]]:
    """The body of a local code as `identity_of` tells it, its province left out, and the body to be shared."""
    whole = whole_body(issuer)
    head = issuer_id(whole, ("", "", "")).rpartition("|")[0] if whole else None
    key = issuer_key(issuer) if issuer else None
    return head, frozenset({(key.body, key.place)} if key else ())


def _parts(
    connection: sqlite3.Connection,
    told: Mapping[Told, Collection[str | None]],
    new: Sequence[Mention],
    gone: Sequence[Mention],
) -> Iterator[Part]:
    """The parts that hold a mention of a new document, or held one that is gone."""
    joined = _join(told)
    touched = sorted({joined.root(_as_told(m)) for m in (*new, *gone)}, key=repr)
    mentions: dict[Told, list[Mention]] = {root: [] for root in touched}
    before: dict[Told, list[Mention]] = {root: [] for root in touched}
    for mention in _load(connection, [one for one in told if joined.root(one) in mentions]):
        mentions[joined.root(_as_told(mention))].append(mention)
    for mention in gone:
        before[joined.root(_as_told(mention))].append(mention)
    yield from (Part(mentions[root], before[root]) for root in touched)


def _load(connection: sqlite3.Connection, told: Iterable[Told]) -> Iterator[Mention]:
    connection.execute("delete from temp.wanted")
    connection.executemany("insert into temp.wanted values (?, ?, ?)", told)
    rows = """{0}.rowid in (select t.rowid from temp.wanted w cross join {1} t on t.code = w.code
              and t.issuer is w.issuer and t.issued_on is w.issued_on)"""
    yield from heads(connection, "main", rows.format("d", "documents"))
    yield from citations(connection, "main", rows.format("c", "citations"))


def _join(told: Mapping[Told, Collection[str | None]]) -> Joined[Told]:
    """What may be brought together by linking, joined."""
    said = {one: found for one, regions in told.items() if (found := _said(one, regions)) is not None}
    loose = {found.letters for found in said.values() if found.head is None}
    joined: Joined[Told] = Joined()
    first: dict[tuple[str, str], Told] = {}
    for one, found in said.items():
        keys = [] if found.head is None else [(found.letters, found.head)]
        for key in [*keys, (found.letters, "*")] if found.letters in loose else keys:
            joined.join([first.setdefault(key, one), one])
    while _join_by_date(joined, said):
        pass
    return joined


def _join_by_date(joined: Joined[Told], said: Mapping[Told, _Said]) -> bool:
    """Joins what shares a date and may be one work. Returns whether anything was joined: it may then share more."""
    groups: dict[Told, _Group] = defaultdict(_Group)
    for one, found in said.items():
        groups[joined.root(one)].add(found)
    of_date: dict[str, list[Told]] = defaultdict(list)
    for root, group in groups.items():
        for date in group.dates:
            of_date[date].append(root)
    was_apart = False
    for roots in of_date.values():
        if len(roots) < 2:
            continue
        held = [groups[root] for root in roots]
        if any(group.is_central for group in held) or len(set().union(*(group.letters for group in held))) > 1:
            was_apart |= joined.join(roots)
            continue
        first: dict[object, Told] = {}
        for root, group in zip(roots, held, strict=True):
            for shared in group.shared:
                other = first.setdefault(shared, root)
                if other is not root:
                    was_apart |= joined.join([other, root])
    return was_apart


@dataclass(slots=True)
class _Group:
    """What mentions that were joined tell together."""

    letters: set[str] = field(default_factory=set)
    """Of those that leave nothing out."""
    dates: set[str] = field(default_factory=set)
    shared: set[object] = field(default_factory=set)
    is_central: bool = False

    def add(self, said: _Said) -> None:
        """Takes one more into account."""
        if said.head is not None:
            self.letters.add(said.letters)
        self.dates |= said.dates
        self.shared |= said.shared
        self.is_central = self.is_central or said.is_central

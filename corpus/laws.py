"""Laws cited by their name: which numbered law of the corpus they are, and how a numbered law is called."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from corpus.identity import fold
from corpus.mentions import Cluster, Subjects
from corpus.works import Work, label_of, leading, unpacked

LAWS = frozenset({"LUAT", "PL"})
_SURELY = 5
"""A law that so many times more documents cite than another of its name and date: the other is a misprint."""
ASKED = 40
"""So many mentions of a law are asked for its name."""


@dataclass(frozen=True, slots=True)
class Named:
    """A citation of a law by name alone."""

    citation: str
    document: str
    doc_type: str
    name: str
    date: str | None
    issuer: str | None


def named_citations(connection: sqlite3.Connection) -> list[Named]:
    """All laws that are cited by name alone, in the order of documents and texts."""
    sql = """select id, document, doc_type, name, issued_on, issuer from citations
             where code is null and name is not null and not coalesce(is_self, 0) order by document, position"""
    return [Named(*row) for row in connection.execute(sql)]


def with_name(work: Work, group: Cluster, subjects: Subjects) -> tuple[Work, tuple[str, ...]]:
    """A numbered law with the name that most mentions give it, and all names that they give (folded)."""
    if work.doc_type not in LAWS:
        return work, ()
    names = Counter(name for m in group.mentions[:ASKED] if (name := subjects.law_name(m)))
    folded: Counter[str] = Counter()
    for name, count in names.items():
        folded[fold(name)] += count
    if not names:
        return work, ()
    most = folded.most_common(1)[0][0]
    name = leading(Counter({n: c for n, c in names.items() if fold(n) == most}))
    label = label_of(work.doc_type, work.code, name, work.issued_on, None)
    return replace(work, name=name, label=label), tuple(n for n, c in folded.items() if c * 3 >= folded[most])


class LawIndex:
    """The numbered laws by the names that they are cited by."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._by_name: dict[str, list[Work]] = defaultdict(list)
        for names, told in connection.execute("select names, told from laws order by work"):
            law = unpacked(told)
            for name in json.loads(names):
                self._by_name[name].append(law)

    def find(self, named: Named) -> Work | None:
        """The one law of this name that the date (or the year, where no more is known) fits; None without a date."""
        if not named.date:
            return None
        laws = self._by_name.get(fold(named.name), ())
        exact = [law for law in laws if law.issued_on == named.date]
        year = int(named.date[:4]) if named.date[:4].isdigit() else None
        near = [law for law in laws if law.year == year and (len(named.date) == 4 or not law.issued_on)]
        if not exact and any(law.issued_on and law.issued_on[4:] == named.date[4:] != "" for law in laws):
            return None  # the day of another law of this name: the year may be mistyped
        found: Sequence[Work] = sorted(exact or near, key=lambda law: (-law.cited_by, law.id))
        if not found or (len(found) > 1 and found[0].cited_by < _SURELY * found[1].cited_by):
            return None
        return found[0]

    def named(self, name: str) -> tuple[Work, ...]:
        """All numbered laws of a folded name, the most cited first."""
        return tuple(sorted(self._by_name.get(name, ()), key=lambda law: (-law.cited_by, law.id)))


class InDocument:
    """Which law a document means by a bare name: the one of that name that it cites in full itself, where it is one."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._found: dict[tuple[str, str], str | None] = {}
        sql = """select c.document, coalesce(c.name, w.name), c.work from citations c join works w on w.id = c.work
                 where c.code is not null and not coalesce(c.is_self, 0) and w.doc_type in ('LUAT', 'PL')
                   and coalesce(c.name, w.name) is not null
                   and c.document in (select document from citations
                                      where code is null and name is not null and issued_on is null)"""
        for document, name, work in connection.execute(sql):
            self.add(document, fold(name), work)

    def add(self, document: str, name: str, work: str) -> None:
        """Takes in a full citation."""
        key = document, name
        self._found[key] = work if self._found.get(key, work) == work else None

    def find(self, document: str, name: str) -> str | None:
        """The work, or None where the document cites none or several of this name in full."""
        return self._found.get((document, name))


def dated_anew(connection: sqlite3.Connection) -> list[tuple[str, str | None, str, str]]:
    """(dates, day of issue, label, id) of the works of the temporary table `counted`, dates printed by names added."""
    sql = """select w.id, w.doc_type, w.code, w.name, w.issued_on, w.dates, w.label, c.issued_on,
                    count(distinct c.document)
             from counted join works w on w.id = counted.id join citations c on c.work = w.id
             where c.issued_on is not null and not coalesce(c.is_self, 0) group by w.id, c.issued_on order by w.id"""
    out = []
    for _, rows in groupby(connection.execute(sql).fetchall(), key=lambda row: row[0]):
        group = list(rows)
        work, kind, code, name, issued_on, known, label = group[0][:7]
        dates: Counter[str] = Counter(json.loads(known) if known else {})
        for row in group:
            dates[row[7]] = max(dates[row[7]], row[8])
        whole = Counter({date: count for date, count in dates.items() if len(date) == 10})
        if not issued_on and whole:
            issued_on = leading(whole)
            label = label_of(kind, code, name, issued_on, None)
        ordered = dict(sorted(dates.items(), key=lambda item: (-item[1], item[0])))
        out.append((json.dumps(ordered, ensure_ascii=False, separators=(",", ":")), issued_on, label, work))
    return out

"""Numbers of one register: unique in the year, and given in the order of issuing (Nghị định 30/2020, Điều 15)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from itertools import pairwise

from corpus.checks.base import Corpus, Found
from corpus.identity import CodeKey, issuer_key, parse_code
from corpus.works import day_words

_SLACK_DAYS = 10
"""Numbers are taken when a text is signed or when it is sent: a few days of disorder mean nothing."""
_NEAR_DAYS = 2
Entry = tuple[CodeKey, str, str, str]
"""(code, document, work, date) of a document."""


def register_of(issuer: str) -> str:
    """The body whose register a document of this issuer is in, in one string."""
    key = issuer_key(issuer)
    return "|".join((key.body, key.level, key.place))


def _registers(corpus: Corpus) -> Iterable[tuple[tuple[str, ...], list[Entry]]]:
    """(code, document, work, date) of the documents of one issuer, series and year; versions are left out."""
    sql = f"""select id, work, code, issuer, issued_on from documents
              where code is not null and issuer is not null and length(issued_on) = 10 and version_of is null
                {corpus.only("register", "issuer")} order by id"""
    registers: dict[tuple[str, ...], list[Entry]] = defaultdict(list)
    for row in corpus.rows(sql):
        key = parse_code(row["code"])
        if key is None:
            continue
        year = row["issued_on"][:4]
        series = (register_of(row["issuer"]), key.letters, "year" if key.year else "", year)
        registers[series].append((key, row["id"], row["work"], row["issued_on"]))
    return registers.items()


def check_duplicate_code(corpus: Corpus) -> Iterator[Found]:
    """Two different documents of one issuer and year with one type and number."""
    for (register, *_), entries in corpus.once(_registers):
        by_number: dict[str, list[Entry]] = defaultdict(list)
        for entry in entries:
            by_number[entry[0].number].append(entry)
        for same in by_number.values():
            works = {entry[2]: entry for entry in same}
            if len(works) > 1:
                documents = sorted(entry[1] for entry in works.values())
                yield replace(_duplicate(corpus, documents), register=register)


def _duplicate(corpus: Corpus, documents: list[str]) -> Found:
    (row,) = corpus.rows("select code, issuer, year from documents where id = ?", documents[0])
    return Found(
        rule="duplicate-code",
        document=documents[0],
        sides=tuple(corpus.head_side(document, "code") for document in documents),
        words={"code": row["code"], "issuer": row["issuer"], "year": row["year"]},
        confidence=0.85,
    )


def check_number_out_of_sequence(corpus: Corpus) -> Iterator[Found]:
    """A smaller number issued well after a larger one of its register, each other neighbour being in order."""
    for (register, *_), entries in corpus.once(_registers):
        ordered = sorted(entries, key=lambda entry: (_value(entry[0].number), entry[3]))
        for i, (first, second) in enumerate(pairwise(ordered)):
            if (
                _days(first, second) > _SLACK_DAYS
                and _value(first[0].number) < _value(second[0].number)
                and _is_alone(ordered, i)
            ):
                yield replace(_out_of_sequence(corpus, first[1], second[1]), register=register)


def _value(number: str) -> float:
    return float(number.rstrip("abcdefghijklmnopqrstuvwxyzđ") or 0)


def _is_alone(ordered: list[Entry], i: int) -> bool:
    """Whether the neighbours of the pair are in order once one of the two is left out.

    Where they are not, two registers run beside each other: decisions of a committee and of its chairman.
    """
    near = ordered[max(0, i - 2) : i + 4]
    rests = ([entry for entry in near if entry is not odd] for odd in ordered[i : i + 2])
    return any(all(_days(one, other) <= _NEAR_DAYS for one, other in pairwise(rest)) for rest in rests)


def _days(one: Entry, other: Entry) -> int:
    """How many days the one was issued after the other."""
    return (date.fromisoformat(one[3]) - date.fromisoformat(other[3])).days


def _out_of_sequence(corpus: Corpus, first: str, second: str) -> Found:
    labels = []
    for document in (first, second):
        (row,) = corpus.rows("select code, issued_on from documents where id = ?", document)
        labels.append(f"{row['code']} ({day_words(row['issued_on'])})")
    return Found(
        rule="number-out-of-sequence",
        document=first,
        sides=(corpus.head_side(first, "code"), corpus.head_side(second, "code")),
        words={"first": labels[0], "second": labels[1]},
        confidence=0.6,
    )

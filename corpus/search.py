"""Full-text search for Vietnamese: marks are optional, `d` finds `đ`, codes are phrases.

SQLite's `remove_diacritics 2` folds every Vietnamese mark but the stroke of `đ`: a token that holds a plain `d` is
asked for with each of them read as `d` or `đ`. Hits that hold the words exactly as typed come first.
"""

from __future__ import annotations

import re
import sqlite3
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

from corpus import ranking
from corpus.ranking import Question

MAX_VARIANTS = 16
"""Readings of one token at most; past that only the token as typed and with every `d` a `đ`."""
_PHRASE = re.compile(r'"([^"]*)"|(\S+)')
_TOKENS = re.compile(r"[^\W_]+")
_MARK = "\x02", "\x03"
SNIPPET_TOKENS = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A document that was found. `snippet` marks the words with U+0002 and U+0003; `exact`: as typed."""

    document: str
    code: str | None
    title: str | None
    issuer: str | None
    issued_on: str | None
    snippet: str
    exact: bool


@dataclass(frozen=True, slots=True)
class Results:
    """The hits of one page, and how many there are in all."""

    hits: tuple[Hit, ...]
    total: int


def variants(token: str) -> list[str]:
    """The ways to read a token's plain `d`.

    >>> variants("dong"), variants("QD"), variants("xã")
    (['dong', 'đong'], ['qd', 'qđ'], ['xã'])
    """
    token = unicodedata.normalize("NFC", token).lower()
    count = token.count("d")
    if not count:
        return [token]
    if 2**count > MAX_VARIANTS:
        return [token, token.replace("d", "đ")]
    pieces = token.split("d")
    readings = product("dđ", repeat=count)
    return ["".join(a + b for a, b in zip(pieces, (*reading, ""), strict=True)) for reading in readings]


def match_expression(words: str) -> str | None:
    """The FTS5 expression for what a user typed, or None where it holds no word.

    Words are joined by AND; what stands in quotes, and every code (`12/KH-UBND`), is a phrase.

    >>> match_expression("giam ngheo"), match_expression("12/KH-UBND")
    ('"giam" AND "ngheo"', '("12 kh ubnd" OR "12 kh ubnđ")')
    """
    parts = [_phrase(_TOKENS.findall(quoted or bare)) for quoted, bare in _PHRASE.findall(words)]
    parts = [part for part in parts if part]
    return " AND ".join(parts) or None


def _phrase(tokens: Sequence[str]) -> str:
    if not tokens:
        return ""
    readings = [variants(token) for token in tokens]
    size = 1
    for reading in readings:
        size *= len(reading)
    if size > MAX_VARIANTS:
        readings = [reading if len(reading) == 1 else [reading[0], reading[-1]] for reading in readings]
        combined = list(product(*readings))[:MAX_VARIANTS]
    else:
        combined = list(product(*readings))
    phrases = [f'"{" ".join(words)}"' for words in combined]
    return phrases[0] if len(phrases) == 1 else f"({' OR '.join(phrases)})"


def search(
    db: sqlite3.Connection,
    words: str,
    *,
    issuer: str | None = None,
    year: int | None = None,
    level: str | None = None,
    doc_type: str | None = None,
    role: str | None = None,
    limit: int = 50,
    offset: int = 0,
) -> Results:
    """The documents that hold all of `words`, those that hold them as typed first, then the best.

    `issuer` is matched as words of its own, and may stand without others; `role` asks that the words stand in one
    section of that role (`funding`, `organization`, ...).
    """
    expression = match_expression(words)
    if issuer and (named := match_expression(issuer)):
        expression = f"({expression}) AND issuer : ({named})" if expression else f"issuer : ({named})"
    if expression is None:
        return Results((), 0)
    where, values = _conditions(year, level, doc_type)
    if role:
        return _in_role(db, words, expression, where, values, role, limit, offset)
    question = Question(expression, where, tuple(values))
    found = ranking.find(db, question)
    if offset >= found.total:
        return Results((), found.total)
    page = ranking.page(db, question, found, _as_typed(words or issuer or ""), limit, offset)
    return Results(_hits(db, expression, page), found.total)


def _hits(db: sqlite3.Connection, expression: str, page: Sequence[tuple[int, bool]]) -> tuple[Hit, ...]:
    """The documents of one page, with the words around what was found: that costs more than finding."""
    marks = ", ".join("?" * len(page))
    numbers = [number for number, _ in page]
    about = f"select rowid, id, code, title, issuer, issued_on from documents where rowid in ({marks})"
    known = {row[0]: row[1:] for row in db.execute(about, numbers)}
    around = f"""select rowid, snippet(documents_fts, -1, '{_MARK[0]}', '{_MARK[1]}', '…', {SNIPPET_TOKENS})
                 from documents_fts where documents_fts match ? and rowid in ({marks})"""
    snippets = dict(db.execute(around, (expression, *numbers)).fetchall())
    return tuple(_hit((*known[number], snippets[number], exact)) for number, exact in page)


def _conditions(year: int | None, level: str | None, doc_type: str | None) -> tuple[str, list[str | int]]:
    pairs = [("d.year", year), ("d.issuer_level", level), ("d.doc_type", doc_type)]
    given = [(column, value) for column, value in pairs if value is not None]
    return "".join(f" and {column} = ?" for column, _ in given), [value for _, value in given if value is not None]


def _as_typed(words: str) -> tuple[str, str, str]:
    """The words as they would stand in a text: small, with a capital, in capitals (SQLite folds ASCII alone)."""
    plain = unicodedata.normalize("NFC", words.replace('"', "")).strip()
    return plain, plain[:1].upper() + plain[1:], plain.upper()


def _hit(row: Sequence[str | int | None]) -> Hit:
    document, code, title, issuer, issued_on, snippet, exact = row
    return Hit(
        document=str(document),
        code=None if code is None else str(code),
        title=None if title is None else str(title),
        issuer=None if issuer is None else str(issuer),
        issued_on=None if issued_on is None else str(issued_on),
        snippet=str(snippet),
        exact=bool(exact),
    )


def _in_role(
    db: sqlite3.Connection,
    words: str,
    expression: str,
    where: str,
    values: Sequence[str | int],
    role: str,
    limit: int,
    offset: int,
) -> Results:
    """Documents one of whose sections of this role holds all the words: looked for in their text, after the index."""
    tokens = [re.compile("|".join(rf"\b{re.escape(_bare(v))}\b" for v in variants(t))) for t in _TOKENS.findall(words)]
    rows = db.execute(
        f"""select d.id, d.code, d.title, d.issuer, d.issued_on, substr(d.text, s.start + 1, s."end" - s.start), 0
            from documents_fts f join documents d on d.rowid = f.rowid join sections s on s.document = d.id
            where documents_fts match ?{where} and s.role = ? order by bm25(documents_fts), d.id, s.position""",
        (expression, *values, role),
    )
    found: dict[str, Hit] = {}
    for row in rows:
        text = str(row[5])
        folded = _bare(text.lower())
        places = [token.search(folded) for token in tokens]
        if str(row[0]) not in found and all(places):
            first = next(place for place in places if place)
            exact = any(typed in text for typed in _as_typed(words))
            found[str(row[0])] = _hit((*row[:5], _window(text, first.start(), first.end()), int(exact)))
    hits = tuple(sorted(found.values(), key=lambda hit: not hit.exact))
    return Results(hits[offset : offset + limit], len(hits))


def _bare(text: str) -> str:
    """Without marks but `đ`, one character for one, so that offsets stay."""
    return "".join(unicodedata.normalize("NFD", sign)[0] for sign in text)


def _window(text: str, start: int, end: int) -> str:
    before, after = text[max(0, start - 60) : start], text[end : end + 90]
    return f"…{before}{_MARK[0]}{text[start:end]}{_MARK[1]}{after}…"

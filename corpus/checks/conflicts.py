"""One work told in two ways: by date, type or issuer, or otherwise than by its own head."""

from __future__ import annotations

import json
from collections.abc import Iterator

from corpus.checks.base import Corpus, Found, Side
from corpus.readings import Verdict, supported_date
from corpus.works import day_words


def check_citation_date_conflict(corpus: Corpus) -> Iterator[Found]:
    """One work, two whole dates; says which reading the rest of the corpus supports, or that nothing decides."""
    for work in corpus.rows("select id, label, code, dates, document from works where dates like '%,%'"):
        dates = {date: count for date, count in json.loads(work["dates"]).items() if len(date) == 10}
        if len(dates) < 2 or work["document"]:
            continue
        sides = _one_citation_each(corpus, work["id"], "issued_on", list(dates))
        if len(sides) < 2:
            continue
        verdict = supported_date(corpus.connection, work["id"])
        yield Found(
            rule="citation-date-conflict",
            document=sides[-1].document,
            work=work["id"],
            sides=tuple(sides),
            words={"work": work["code"] or work["label"], "dates": _days(dates), "support": verdict.vi},
            words_en={"dates": _days(dates), "support": verdict.en},
            confidence=0.9 if verdict.reading else 0.8,
        )


def _days(dates: dict[str, int]) -> str:
    return ", ".join(f"{day_words(date).removeprefix('ngày ')} ({count})" for date, count in sorted(dates.items()))


def _one_citation_each(corpus: Corpus, work: str, column: str, values: list[str]) -> list[Side]:
    """For each reading the first citation that prints it, the reading of most documents first."""
    sides = []
    for value in values:
        found = corpus.rows(
            f"select id from citations where work = ? and {column} = ? order by document, position limit 1", work, value
        )
        sides += [corpus.side(row["id"]) for row in found]
    return sides


__all__ = ["Verdict", "check_citation_date_conflict"]

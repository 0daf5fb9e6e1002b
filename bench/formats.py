"""`python -m bench.formats`: what each kind of file gives beside what the same document gives as clean text.

Over the files of ../shared/corpus/binary whose number has a gold: DOCX, DOC, HTML and born-digital PDF. The facts from
the text (../shared/corpus/dev) stand for the gold, and the contract's scorer says which facts from the file differ.
A fact of the letterhead is told apart where the text was saved without that line: nothing can be read from it.
"""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any, Protocol, cast

import click

from bench.quality import shared

KINDS = ("docx", "doc", "htm", "pdf")
MOST = 2
"""Facts of a kind of file that may differ."""

_LIKE = 0.6
"""How much of two lines is the same where one is the other, spoilt (difflib's ratio)."""
_STANDS_IN = {"symbol": "code", "place": "issued_on", "issuer_level": "issuer", "period": "title"}
"""Fields of the letterhead that have no span of their own."""

Json = dict[str, Any]
"""JSON is of any shape by nature; the contract names the fields."""
Key = Callable[[Json], str]
Same = Callable[[Json, Json], bool]


class Scorer(Protocol):
    """What is used of the contract's score.py."""

    HEADER: Mapping[str, Callable[[object], object]]
    AREAS: Mapping[str, tuple[Key, Mapping[str, Same]]]
    TABLE_LEFT_OUT: frozenset[str]
    letters: Callable[[object], str]
    align: Callable[[list[Json], list[Json], Key], list[tuple[Json | None, Json | None]]]
    overlap: Callable[[str, Json, str], bool]
    score: Callable[[Mapping[str, Json], Mapping[str, Json]], tuple[Mapping[str, Json], list[str]]]


@dataclass(frozen=True, slots=True)
class Difference:
    """A fact that a file and its document's text give differently; values are None where it is not given at all."""

    file: str
    fact: str
    from_text: str | None
    from_file: str | None
    is_left_out: bool = False
    """Whether it stands in a line of the letterhead that the text was saved without."""

    def __str__(self) -> str:
        why = "   [the text was saved without this line]" if self.is_left_out else ""
        return f"{self.file} {self.fact}: text {self.from_text!r}, file {self.from_file!r}{why}"


@cache
def scorer() -> Scorer:
    """The contract's scorer as a module."""
    spec = importlib.util.spec_from_file_location("contract_score", shared() / "contract" / "score.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return cast(Scorer, module)


def files(kind: str, folder: str = "dev") -> list[tuple[Path, Path]]:
    """The files of a kind with their documents' texts, where `folder` has one; scans are not among the PDFs.

    `dev` has the texts of the documents that have a gold, `raw` those of all.
    """
    corpus = shared() / "corpus"
    scans = {path for path in (corpus / "binary").glob("*.pdf") if kind == "pdf" and _is_scan(path)}
    found = [path for path in sorted((corpus / "binary").glob(f"*.{kind}")) if path not in scans]
    return [(path, text) for path in found if (text := corpus / folder / f"{path.stem}.txt").exists()]


def _is_scan(path: Path) -> bool:
    import pypdfium2

    document = pypdfium2.PdfDocument(path)
    try:
        return any(page.get_textpage().count_chars() == 0 for page in document)
    finally:
        document.close()


def extracted(path: Path) -> Json:
    """The facts of a file in the form of the contract."""
    from extract.pipeline import extract
    from extract.readers import read
    from extract.serialise import to_json

    return to_json(extract(read(path)))


def compare(name: str, text: Json, file: Json) -> list[Difference]:
    """The facts of one document that differ between its text and its file."""
    return [*_in_header(name, text, file), *_in_lists(name, text, file), *_in_findings(name, text, file)]


def _in_header(name: str, text: Json, file: Json) -> Iterator[Difference]:
    for field, norm in scorer().HEADER.items():
        a, b = text["header"][field], file["header"][field]
        if norm(a) == norm(b):
            continue
        line = _line(file, file["header"]["spans"].get(_STANDS_IN.get(field, field)))
        yield Difference(name, field, _said(a), _said(b), a is None and not _holds(text, line))


def _in_lists(name: str, text: Json, file: Json) -> Iterator[Difference]:
    for area, (key, figures) in scorer().AREAS.items():
        pairs = scorer().align(_items(text, area), _items(file, area), key)
        for a, b in pairs:
            if a is None or b is None or not _is_same(a, b, file["text"], area, figures):
                yield Difference(name, area.rstrip("s"), _told(a, area), _told(b, area))


def _is_same(a: Json, b: Json, text: str, area: str, figures: Mapping[str, Same]) -> bool:
    if not all(same(a, b) for same in figures.values()):
        return False
    return a["path"] == b["path"] if area == "sections" else scorer().overlap(text, b, a["quote"])


def _in_findings(name: str, text: Json, file: Json) -> Iterator[Difference]:
    rules = [{finding["rule"]: finding for finding in side["findings"]} for side in (text, file)]
    for rule in sorted(rules[0].keys() ^ rules[1].keys()):
        from_text, from_file = (rule if rule in side else None for side in rules)
        spans = [(proof["start"], proof["end"]) for proof in rules[1].get(rule, {}).get("evidence", [])]
        in_head = bool(spans) and list(spans[0]) in file["header"]["spans"].values()
        left_out = from_text is None and in_head and not _holds(text, _line(file, spans[0]))
        yield Difference(name, "finding", from_text, from_file, left_out)


def _items(side: Json, area: str) -> list[Json]:
    left_out = area in scorer().TABLE_LEFT_OUT
    kept = [item for item in side[area] if not (left_out and item.get("table"))]
    return [{**item, "quote": side["text"][item["start"] : item["end"]]} for item in kept]


def _line(side: Json, span: Sequence[int] | None) -> str | None:
    """The line in which a span begins; None where there is no span."""
    if not span:
        return None
    text, start = side["text"], span[0]
    return str(text[text.rfind("\n", 0, start) + 1 : (text.find("\n", start) + 1 or len(text) + 1) - 1])


def _holds(side: Json, line: str | None) -> bool:
    """Whether a text has a line like this one; True where there is no line to look for."""
    letters = scorer().letters
    return not line or bool(get_close_matches(letters(line), map(letters, side["text"].split("\n")), 1, _LIKE))


def _said(value: object) -> str | None:
    return None if value is None else str(value)


def _told(item: Json | None, area: str) -> str | None:
    if item is None:
        return None
    names = (
        "path",
        "title",
        "role",
        "code",
        "doc_type",
        "issued_on",
        "issuer",
        "relation",
        "kind",
        "vnd",
        "from",
        "to",
    )
    more = ("rrule", "agency", "section", "value", "unit", "by_when", "funding_sources")
    fields = {field: item[field] for field in (*names, *more) if item.get(field) not in (None, [], "")}
    words = " ".join(item["quote"].split())
    return f"{fields} {words[:60]!r}" if area != "sections" else str(fields)


@click.command()
@click.argument("kinds", nargs=-1)
@click.option("--all", "folder", flag_value="raw", help="Also the documents that have no gold.")
@click.option("--gold", "folder", flag_value="dev", default="dev", help="Only those that have one (the default).")
def main(kinds: tuple[str, ...], folder: str) -> None:
    """Print each differing fact of the KINDS (all by default); exit 1 where a kind has more than are allowed."""
    most = 0
    for kind in kinds or KINDS:
        pairs = files(kind, folder)
        found = [
            difference for path, text in pairs for difference in compare(path.name, extracted(text), extracted(path))
        ]
        own = [difference for difference in found if not difference.is_left_out]
        most = max(most, len(own))
        named = ", ".join(path.stem for path, _ in pairs)
        click.echo(f"{kind} ({named}): {len(own)} facts differ, {len(found) - len(own)} more that their text lacks")
        for difference in found:
            click.echo(f"  {difference}")
    raise SystemExit(int(most > MOST))


if __name__ == "__main__":
    main()

"""What is known to be right: the gold of ../shared and the documents of `labels/`, as offsets and labels.

The gold names a section by its path and an assignment by its words; here both are found in the text once, so that
what follows compares offsets. The documents of `labels/` were read and labelled by hand, of issuers that the gold does
not have; only offsets and label numbers of them are kept. Those of `seen.json` were held out once; their faults were
looked at since and mended. Those of `held_out.json` were labelled after that, of issuers that neither has.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, get_args

from extract.pipeline import extract
from extract.readers import read
from extract.records import AgencyRole, Document, Relation, Role, Section
from extract.type_words import fold

FOLDER = Path(__file__).resolve().parent
HELD_OUT = FOLDER / "labels" / "held_out.json"
SEEN = FOLDER / "labels" / "seen.json"
ROLES: tuple[Role, ...] = get_args(Role)
CHARGES: tuple[AgencyRole | None, ...] = (None, "lead", "coordinate")
"""The numbers that stand for roles and for the parts of agencies in the files of labels."""
_SPACE = r"[\s*|]+"


@dataclass(frozen=True, slots=True)
class Charged:
    """An assignment by its span, its role, and where the unit begins that it stands in (None outside all)."""

    start: int
    end: int
    role: AgencyRole | None
    section: int | None


@dataclass(frozen=True, slots=True)
class Labelled:
    """A document with what the rules find in it and what is right.

    `headings` gives by the start of each unit its path, `roles` its role; `relations` are by the start of citations.
    """

    name: str
    issuer: str
    document: Document
    headings: Mapping[int, str]
    roles: Mapping[int, Role]
    relations: Mapping[int, Relation]
    charges: tuple[Charged, ...]
    held_out: bool = False


def shared() -> Path:
    """The folder of gold and corpus; KEHOACH_SHARED names another than ../shared."""
    return Path(os.environ.get("KEHOACH_SHARED", FOLDER.parent.parent / "shared"))


def raw_files() -> list[Path]:
    """The files of the unlabelled corpus, in order."""
    return sorted((shared() / "corpus" / "raw").glob("*.txt"))


@cache
def gold() -> tuple[Labelled, ...]:
    """All gold documents, by name."""
    corpus = shared() / "corpus"
    files = {path.stem: path for folder in ("seeds", "dev") for path in (corpus / folder).glob("*.txt")}
    labels = sorted((shared() / "contract" / "gold").glob("*.json"))
    return tuple(_labelled(path.stem, files[path.stem], json.loads(path.read_text("utf-8"))) for path in labels)


def _labelled(name: str, path: Path, labels: Mapping[str, Any]) -> Labelled:
    document = extract(read(path))
    units: dict[str, list[Section]] = defaultdict(list)
    for section in document.sections:
        units[_letters(section.path)].append(section)
    waiting = {key: deque(sections) for key, sections in units.items()}
    headings: dict[int, str] = {}
    roles: dict[int, Role] = {}
    for path_, _, *role in labels["sections"]:
        if waiting.get(_letters(path_)):
            unit = waiting[_letters(path_)].popleft()
            headings[unit.start] = path_
            if role and role[0]:
                roles[unit.start] = role[0]
    issuer = str(labels["header"].get("issuer") or name)
    charges = tuple(_charges(document.source.text, labels.get("assignments", ()), units))
    return Labelled(name, issuer, document, headings, roles, _relations(document, labels["citations"]), charges)


def _letters(path: str) -> str:
    return "/".join(part.lower().replace(" ", "") for part in path.split("/"))


def _relations(document: Document, labels: Iterable[Mapping[str, Any]]) -> dict[int, Relation]:
    """The relations of the gold's citations, paired in reading order with those found of the same code or name."""
    waiting: dict[str, deque[Relation]] = defaultdict(deque)
    for label in labels:
        waiting[_cited(label.get("code"), label.get("name"), label.get("doc_type"))].append(label["relation"])
    found: dict[int, Relation] = {}
    for citation in document.citations:
        queue = waiting[_cited(citation.code, citation.name, citation.doc_type)]
        if queue:
            found[citation.start] = queue.popleft()
    return found


def _cited(code: str | None, name: str | None, kind: str | None) -> str:
    return re.sub(r"[\W_]+", "", fold(code or name or kind or ""))


def _charges(
    text: str, labels: Iterable[Mapping[str, Any]], units: Mapping[str, Sequence[Section]]
) -> Iterator[Charged]:
    """The gold's assignments with their spans: the words' next occurrence in the unit that is named."""
    reached: dict[int | None, int] = {}
    for label in labels:
        words = re.compile(_SPACE.join(map(re.escape, re.sub(r"[*|]", " ", label["text"]).split())), re.IGNORECASE)
        named = units.get(_letters(label["section"] or ""), ())
        spans: list[tuple[int | None, int, int]] = [(unit.start, unit.start, unit.end) for unit in named]
        for section, begin, end in spans or [(None, 0, len(text))]:
            match = words.search(text, reached.get(section, begin), end) or words.search(text, begin, end)
            if match:
                reached[section] = match.end()
                yield Charged(match.start(), match.end(), label["role"], section)
                break


@cache
def held_out() -> tuple[Labelled, ...]:
    """The documents labelled by hand whose faults nobody has mended; those whose files are not there are left out."""
    return _labelled_by_hand(HELD_OUT)


@cache
def seen() -> tuple[Labelled, ...]:
    """The documents labelled by hand that rules were mended by; those whose files are not there are left out."""
    return _labelled_by_hand(SEEN)


def _labelled_by_hand(file: Path) -> tuple[Labelled, ...]:
    labels = json.loads(file.read_text("utf-8"))
    found = []
    for path in raw_files():
        known = labels.get(hashlib.sha256(path.read_bytes()).hexdigest())
        if known is not None:
            found.append(_by_hand(path, known))
    return tuple(found)


def _by_hand(path: Path, labels: Mapping[str, Sequence[Sequence[int]]]) -> Labelled:
    document = extract(read(path))
    roles = {start: ROLES[role] for start, role in labels["roles"]}
    headings = {section.start: section.path for section in document.sections}
    charges = tuple(Charged(start, end, CHARGES[role], section) for start, end, role, section in labels["assignments"])
    return Labelled(path.stem, document.header.issuer or path.stem, document, headings, roles, {}, charges, True)


def issuers(documents: Iterable[Labelled]) -> list[str]:
    """The issuers of the documents, in order: each is left out in turn."""
    return sorted({document.issuer for document in documents})

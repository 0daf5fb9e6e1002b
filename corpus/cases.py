"""Audit cases: a named set of documents with the people who work on it and its state, as events that are only added.

A case is what its events say: nothing is changed or deleted, so that who put a document in, took it out, or closed the
case, and when, is always there to read. Documents are kept by SHA-256, which no rebuild changes. Its findings are those
that have a side in one of its documents.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from extract.records import KehoachError

EventKind = Literal[
    "opened", "renamed", "document-added", "document-removed", "person-added", "person-removed", "note", "closed",
    "reopened",
]  # fmt: skip
State = Literal["open", "closed"]
LONGEST_NAME, LONGEST_NOTE = 200, 4000
_NEED_VALUE = frozenset({"opened", "renamed", "document-added", "document-removed", "person-added", "person-removed"})
_OF_STATE = frozenset({"renamed", "closed", "reopened"})
"""Kinds that take the place of what was said before: they clash where others acted in between."""
_WHILE_CLOSED = frozenset({"note", "reopened"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What someone did to a case. `value`: its name, a document's SHA-256, or a person, as the kind wants it."""

    who: str
    kind: EventKind
    case_id: int = 0
    value: str | None = None
    note: str | None = None
    made_at: str = ""
    id: int | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """A case as its events left it. `documents` and `people` map to the event that brought them in."""

    id: int
    name: str
    state: State
    opened: Event
    documents: dict[str, Event]
    people: dict[str, Event]
    events: tuple[Event, ...]

    @property
    def last(self) -> int:
        """The number of its last event."""
        return self.events[-1].id or 0


class CaseClashError(Exception):
    """Others changed the case in between: `since` holds what they did, oldest first."""

    def __init__(self, since: tuple[Event, ...]) -> None:
        super().__init__(f"{len(since)} events were added in between")
        self.since = since


def standing(events: Iterable[Event]) -> Case:
    """The case that these events, all of one case and oldest first, have made."""
    events = tuple(events)
    name, state = str(events[0].value), "open"
    documents: dict[str, Event] = {}
    people: dict[str, Event] = {}
    for event in events:
        value = event.value or ""
        match event.kind:
            case "renamed":
                name = value
            case "closed":
                state = "closed"
            case "reopened":
                state = "open"
            case "document-added":
                documents.setdefault(value, event)
            case "document-removed":
                documents.pop(value, None)
            case "person-added":
                people.setdefault(value, event)
            case "person-removed":
                people.pop(value, None)
            case "opened" | "note":
                pass
    return Case(
        events[0].case_id, name, "closed" if state == "closed" else "open", events[0], documents, people, events
    )


def read_cases(review: sqlite3.Connection) -> dict[int, Case]:
    """All cases by their numbers, the newest first."""
    names = ("id", "made_at", "who", "case_id", "kind", "value", "note")
    events: defaultdict[int, list[Event]] = defaultdict(list)
    for row in review.execute(f"select {', '.join(names)} from case_events order by id"):
        event = Event(**dict(zip(names, row, strict=True)))
        events[event.case_id].append(event)
    return {number: standing(events[number]) for number in sorted(events, reverse=True)}


def add(review: sqlite3.Connection, event: Event, seen: int | None = None) -> Case:
    """Adds an event to a case (the event `opened` begins one) and returns the case as it is now.

    What is so already (a document that is in the case, a person who is named) adds nothing. `CaseClashError` where
    the event takes the place of something that its maker has not `seen` (the number of the last event shown to them),
    `KehoachError` where it makes no sense.
    """
    event = _clean(event)
    review.execute("begin immediate")
    try:
        number = _added(review, event, seen)
    except BaseException:
        review.execute("rollback")
        raise
    review.execute("commit")
    return read_cases(review)[number]


def _added(review: sqlite3.Connection, event: Event, seen: int | None) -> int:
    if event.kind == "opened":
        (number,) = review.execute("select coalesce(max(id), 0) + 1 from case_events").fetchone()
        _insert(review, event, int(number))
        return int(number)
    case = read_cases(review).get(event.case_id)
    if case is None:
        raise KehoachError("no-case", f"There is no case {event.case_id}.")
    if case.state == "closed" and event.kind not in _WHILE_CLOSED:
        raise KehoachError("case-closed", f"The case {case.name} is closed: reopen it first.")
    if event.kind in _OF_STATE and seen is not None and case.last > seen:
        raise CaseClashError(tuple(done for done in case.events if (done.id or 0) > seen))
    if _changes(case, event):
        _insert(review, event, case.id)
    return case.id


def _insert(review: sqlite3.Connection, event: Event, case_id: int) -> None:
    made_at = event.made_at or datetime.now(UTC).isoformat(timespec="milliseconds")
    review.execute(
        "insert into case_events (made_at, who, case_id, kind, value, note) values (?, ?, ?, ?, ?, ?)",
        (made_at, event.who, case_id, event.kind, event.value, event.note),
    )


def _clean(event: Event) -> Event:
    value = " ".join((event.value or "").split()) or None
    note = (event.note or "").strip() or None
    if event.kind in _NEED_VALUE and not value:
        raise KehoachError("case-unnamed", "A case needs a name, and what is added to it must be named.")
    if event.kind == "note" and not note:
        raise KehoachError("note-empty", "A note needs words.")
    if len(value or "") > LONGEST_NAME or len(note or "") > LONGEST_NOTE:
        raise KehoachError("too-long", f"A name has at most {LONGEST_NAME} signs, a note {LONGEST_NOTE}.")
    return Event(
        who=event.who, kind=event.kind, case_id=event.case_id, value=value, note=note, made_at=event.made_at
    )  # fmt: skip


def _changes(case: Case, event: Event) -> bool:
    """Whether the event makes the case otherwise than it is."""
    value = event.value or ""
    match event.kind:
        case "document-added":
            return value not in case.documents
        case "document-removed":
            return value in case.documents
        case "person-added":
            return value not in case.people
        case "person-removed":
            return value in case.people
        case "renamed":
            return value != case.name
        case "closed":
            return case.state == "open"
        case "reopened":
            return case.state == "closed"
        case _:
            return True

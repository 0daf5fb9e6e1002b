"""Names of bodies as they are printed in lists: `Sở Văn hóa, Thể thao và Du lịch, UBND các xã, phường và Hội Nông dân`.

A comma or `và` parts two bodies only where a new name begins behind it; the list ends where the act begins.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache, partial

from extract.alternatives import one_of, tree
from rules.loader import document, pattern, words

_WORD = r"(?![\w])"
_LIMIT = 600
_BRACKET = re.compile(r" ?\([^()\n]{0,120}\)")
_said = partial(pattern, "agencies.toml")


@dataclass(slots=True)
class Body:
    """A body's name in view offsets; `name` as printed, or made full (`Sở Nội vụ` out of `Các Sở: Y tế, Nội vụ`)."""

    start: int
    end: int
    name: str
    is_class: bool


@dataclass(slots=True)
class Bodies:
    """A list of bodies and where it ends."""

    items: tuple[Body, ...]
    end: int


NONE = Bodies((), -1)
"""No bodies, nowhere."""


class KnownNames:
    """Names that a document's headings gave, looked up by their first ten letters in either case."""

    __slots__ = ("_names",)

    def __init__(self, names: Iterable[str]) -> None:
        self._names: dict[str, list[str]] = {}
        for name in sorted(names, key=len, reverse=True):
            self._names.setdefault(name[:10].lower(), []).append(name.lower())

    def end_at(self, text: str, start: int) -> int:
        """Where the longest known name that begins at `start` ends; -1 where none does."""
        for name in self._names.get(text[start : start + 10].lower(), ()):
            end = start + len(name)
            if text[start:end].lower() == name and not text[end : end + 1].isalnum():
                return end
        return -1


@dataclass(frozen=True, slots=True)
class _Grammar:
    head: re.Pattern[str]
    klass: re.Pattern[str]
    goes_on: re.Pattern[str]
    stop: re.Pattern[str]
    heading_stop: re.Pattern[str]
    label_stop: re.Pattern[str]
    shared: re.Pattern[str]
    field: re.Pattern[str]
    closed: re.Pattern[str]
    act: re.Pattern[str]
    ending: re.Pattern[str]
    granted: frozenset[str]


def _behind_none(key: str) -> str:
    """A space behind none of the words under `key` of agencies.toml: a search skips by its literal beginning."""
    return " " + "".join(f"(?<!{re.escape(word)} )" for word in words("agencies.toml", key))


def _fields(names: Iterable[str]) -> str:
    """Alternatives of fields, longest first, with any signs or none between their words."""
    apart = sorted({tuple(re.split(r"[ ,-]+", name)) for name in names}, key=lambda parts: -sum(map(len, parts)))
    return "|".join(
        r",? (?:- ?)?".join(f"(?i:{re.escape(part)})" if i else re.escape(part) for i, part in enumerate(parts))
        for parts in apart
    )


def _guarded(names: Iterable[str]) -> str:
    """Alternatives, longest first; `Tổ|not:chức` is `Tổ` where `chức` does not follow."""
    tails: dict[str, str] = {}
    for entry in names:
        name, _, other = entry.partition("|not:")
        guard = f"(?!,? ?(?:{'|'.join(map(re.escape, other.split('|')))}){_WORD})" if other else ""
        tail = (_WORD if name[-1].isalpha() else "") + guard
        tails[name] = f"(?:{tails[name]}|{tail})" if name in tails else tail
    return tree(tails)


@cache
def _grammar() -> _Grammar:
    proper, bare = words("assignments.toml", "names.proper"), words("assignments.toml", "names.bare")
    either = tuple({*bare, *(name[0].upper() + name[1:] for name in bare)})
    many = rf"{_said('opens_class').pattern} (?:{_guarded(words('assignments.toml', 'names.classes'))})"
    fields = _fields(words("assignments.toml", "names.fields"))
    acts, soft = words("assignments.toml", "acts.verbs"), set(words("assignments.toml", "acts.soft"))
    stops = (*acts, *words("assignments.toml", "acts.ends"))
    capital = words("assignments.toml", "acts.capital")
    named, nouns = words("assignments.toml", "acts.named"), words("assignments.toml", "acts.nouns")
    apart = rf"{_behind_none('guards.named')}(?:{_guarded(named)})|{_behind_none('guards.nouns')}(?:{_guarded(nouns)})"
    rest = tuple(stop for stop in (*stops, *capital) if stop not in (*named, *nouns))
    members = words("assignments.toml", "names.class_words")
    plain, joins = _behind_none("guards.verbs"), _said("joins").pattern
    label_ends = _guarded(words("assignments.toml", "acts.label_ends"))
    of_headings = words("assignments.toml", "acts.heading_ends")
    verbs, hard = _guarded(rest), _guarded([*of_headings, *(stop for stop in rest if stop not in soft)])
    return _Grammar(
        head=re.compile(rf"{_guarded((*either, *proper))}|{many}"),
        klass=_said("class"),
        goes_on=re.compile(rf"(?:{one_of((*members, *(word.capitalize() for word in members)))}){_WORD}"),
        stop=re.compile(rf":|\.|\n|\(|;|\)|{apart}|{plain}(?:{verbs})|{joins}"),
        heading_stop=re.compile(rf":|\.|\n|\(|;|\)|{apart}|{plain}(?:{hard})|{joins}"),
        label_stop=re.compile(rf"[:.\n(;)]|(?:,| và)? (?:{label_ends})|{joins}"),
        shared=_said("shared"),
        field=re.compile(rf"(?:{fields})(?: (?:{'|'.join(words('agencies.toml', 'field_place.words'))}))?{_WORD}"),
        closed=re.compile(rf"(?:{one_of(words('assignments.toml', 'names.closers'))})\Z"),
        act=re.compile(
            rf" ?(?:\([^()\n]*\) ?)?[:,]? ?"
            rf"(?:{_guarded((*acts, *capital))}|(?:{'|'.join(words('agencies.toml', 'act_behind.words'))}){_WORD})"
        ),
        ending=re.compile(rf" (?:{_guarded(words('assignments.toml', 'acts.ends'))})"),
        granted=frozenset(words("assignments.toml", "names.granted")),
    )


def begins_name(text: str, at: int) -> bool:
    """Whether a body's name begins at `at`."""
    return _grammar().head.match(text, at) is not None


@lru_cache(maxsize=8192)
def heading_body(title: str) -> str | None:
    """The one body that a unit's title begins with (`Sở Y tế: ...`, `Đề nghị Hội Nông dân`), or None.

    >>> heading_body("Sở Tài chính chủ trì, phối hợp với các sở")
    'Sở Tài chính'
    >>> heading_body("Tăng cường tuyên truyền") is None
    True
    """
    charge = _charge().match(title)
    bodies = read_heading(title, charge.end() if charge else 0, len(title))
    ends = bodies.end >= len(title) or title[bodies.end] == ":" or acts_behind(title, bodies.end)
    return bodies.items[0].name if len(bodies.items) == 1 and ends else None


@cache
def _charge() -> re.Pattern[str]:
    return re.compile("|".join(row["pattern"] for row in document("assignments.toml")["lead_in"]))


@cache
def _first_words() -> frozenset[str]:
    """The first syllables of all that a charged sentence may begin with: bodies, openings, words that charge."""
    rules = document("assignments.toml")
    names = [*words("assignments.toml", "names.proper"), *words("agencies.toml", "opens_class.first")]
    for name in words("assignments.toml", "names.bare"):
        names.extend((name, name[0].upper() + name[1:]))
    firsts = {name.partition("|")[0].split()[0].rstrip(",") for name in names}
    return frozenset(firsts | set(rules["opening"]["first"]) | {w for row in rules["lead_in"] for w in row["first"]})


@cache
def sentence_starts(marker: str) -> re.Pattern[str]:
    """A pattern of where lines (behind their marker) and sentences begin that may begin with a body."""
    upper = [word for word in _first_words() if word[0].isupper()]
    begins = rf" (?=(?:{one_of(upper)})(?![\w]))"
    inside = words("agencies.toml", "opens_class.inside")
    at_line = rf"\n(?:{marker})?(?=(?:{one_of([*upper, *inside])})(?![\w]))"
    classes = rf" (?=(?:{one_of(inside)}) )"
    return re.compile(rf"{at_line}|\.{begins}|;{begins}|:{begins}|;{classes}")


def may_begin(text: str, at: int) -> bool:
    """A quick look whether a body, or words that charge one, may begin at `at`: by the first syllable alone."""
    space = text.find(" ", at, at + 10)
    return text[at : space if space > 0 else at + 10].rstrip(",:;.)") in _first_words()


def name_starts(text: str, start: int, stop: int) -> list[int]:
    """Where names of bodies may begin between two offsets, at the beginnings of words."""
    return [
        m.start() for m in _grammar().head.finditer(text, start, stop) if not text[m.start() - 1 : m.start()].isalnum()
    ]


def acts_behind(text: str, at: int) -> bool:
    """Whether an act follows at `at`: the bodies before it are told to do it."""
    return _grammar().act.match(text, at) is not None


def read_bodies(text: str, start: int, stop: int, known: KnownNames | None = None) -> Bodies:
    """The list of bodies that begins at `start`; empty where none does. Names that match `known` are taken whole."""
    return _read(text, start, min(stop, start + _LIMIT), known, _grammar().stop)


def read_heading(text: str, start: int, stop: int) -> Bodies:
    """The bodies of a heading: words that describe them (`tham gia đào tạo`) belong to the name there."""
    return _read(text, start, min(stop, start + _LIMIT), None, _grammar().heading_stop)


def read_label(text: str, start: int, stop: int, known: KnownNames | None = None) -> Bodies:
    """The bodies behind a label's colon: names there hold nouns that elsewhere would be acts (`Vụ Phổ biến, ...`)."""
    return _read(text, start, min(stop, start + _LIMIT), known, _grammar().label_stop)


def _read(text: str, start: int, stop: int, known: KnownNames | None, ends: re.Pattern[str]) -> Bodies:
    grammar = _grammar()
    items: list[Body] = []
    at = start
    while True:
        shared = _read_shared(text, at, stop)
        body = None if shared else _read_one(text, at, stop, known, ends)
        if not shared and body is None:
            return Bodies(tuple(items), items[-1].end if items else start)
        items.extend(shared or ((body,) if body else ()))
        end = items[-1].end
        bracket = _BRACKET.match(text, end, stop)
        behind = bracket.end() if bracket else end
        gap = _said("gap").match(text, behind, stop)
        if gap is None or not (grammar.head.match(text, gap.end()) or grammar.shared.match(text, gap.end())):
            return Bodies(tuple(items), behind)
        at = gap.end()


def _read_shared(text: str, start: int, stop: int) -> Sequence[Body]:
    """`Giám đốc các Sở: Tài chính, Nội vụ`: one body for each field named."""
    grammar = _grammar()
    match = grammar.shared.match(text, start, stop)
    if not match:
        return ()
    what = match["what"].capitalize()
    lead = match["kind"].split(" ")[0]
    prefix = (
        f"{match['kind'].split(' các')[0]} {what}" if lead in words("agencies.toml", "office_first.words") else what
    )
    items: list[Body] = []
    at = match.end()
    while field := grammar.field.match(text, at, stop):
        begin = start if not items else field.start()
        items.append(Body(begin, field.end(), f"{prefix} {field.group()}", False))
        gap = _said("gap").match(text, field.end(), stop)
        if not gap:
            break
        at = gap.end()
    return items


def _read_one(text: str, start: int, stop: int, known: KnownNames | None, ends: re.Pattern[str]) -> Body | None:
    """One name: from its first word up to the act, a sign that ends it, or the next name."""
    grammar = _grammar()
    head = grammar.head.match(text, start, stop)
    if head is None:
        return None
    is_class = grammar.klass.match(text, start) is not None
    end = _end_of_name(text, start, head.end(), stop, is_class, ends)
    if head.group().strip() in grammar.granted:
        granted = text.find(document("agencies.toml")["guards"]["granted"], start, end + 1)
        end = granted if granted > 0 else end
    end = max(end, known.end_at(text, start)) if known else end
    end = start + len(text[start:end].rstrip(" -,;"))
    name = " ".join(text[start:end].split())
    return Body(start, end, name, is_class) if len(name) >= 3 else None


def _end_of_name(text: str, start: int, at: int, stop: int, is_class: bool, ends: re.Pattern[str]) -> int:
    """Where the name that begins at `start` and is read up to `at` ends."""
    grammar = _grammar()
    heading = ends is grammar.heading_stop or (ends is grammar.label_stop and not is_class)
    if text[start:at] in words("agencies.toml", "before_field.words"):
        field = grammar.field.match(text, at + 1, stop)
        at = field.end() if field else at
    while match := ends.search(text, at, stop):
        if match.group().strip() not in (",", "và", "&") or not _is_inside(text, start, match, is_class, heading):
            return match.start()
        at = match.end()
    return stop


def _is_inside(text: str, start: int, sign: re.Match[str], is_class: bool, heading: bool) -> bool:
    """Whether the comma or `và` stands inside the name: `Sở Văn hóa, Thể thao và Du lịch`, `các xã, phường`."""
    grammar = _grammar()
    at = sign.end()
    while text[at : at + 1] == " ":
        at += 1
    before = text[start : sign.start()]
    if (is_class or _said("plural").search(before)) and grammar.goes_on.match(text, at):
        return not (grammar.closed.search(before) and grammar.head.match(text, at))
    if _said("of_a_province").match(text, sign.start()):
        return True
    if grammar.head.match(text, at):
        return False
    if heading or text[at : at + 1].isupper():
        return True
    return sign.group() == " và " and not grammar.act.match(text, at - 1) and not grammar.ending.match(text, at - 1)

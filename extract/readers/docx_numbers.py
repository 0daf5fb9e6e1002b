"""The automatic numbers of a DOCX, computed as Word shows them (ECMA-376 Part 1, 17.9)."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_PLACE = re.compile(r"%([1-9])")


@dataclass(frozen=True, slots=True)
class _Level:
    start: int
    form: str
    text: str
    legal: bool
    restart: int | None


def _value(parent: Element | None, name: str) -> str | None:
    child = parent.find(f"{W}{name}") if parent is not None else None
    return child.get(f"{W}val") if child is not None else None


def _count(value: str | None, usual: int) -> int:
    """A number of the file, from 0 to a million; `usual` where there is none or none that could be meant."""
    if value is None or not value.isdecimal() or len(value) > 6:
        return usual
    return int(value)


def _roman(number: int) -> str:
    out = "M" * min(number // 1000, 9)
    number %= 1000
    for value, letters in (
        (900, "CM"),
        (500, "D"),
        (400, "CD"),
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    ):
        count, number = divmod(number, value)
        out += letters * count
    return out


def _letters(number: int) -> str:
    """a..z, then aa, bb: as Word repeats a letter."""
    return chr(ord("a") + (number - 1) % 26) * min((number - 1) // 26 + 1, 9) if number else ""


_FORMS: dict[str, Callable[[int], str]] = {
    "decimal": str,
    "decimalZero": lambda n: f"{n:02d}",
    "upperRoman": _roman,
    "lowerRoman": lambda n: _roman(n).lower(),
    "upperLetter": lambda n: _letters(n).upper(),
    "lowerLetter": _letters,
    "none": lambda _: "",
}


class Numbering:
    """Gives each numbered paragraph its label; paragraphs must be asked for in their order, each once."""

    def __init__(self, styles: Element | None, numbering: Element | None) -> None:
        self._abstract: dict[str, dict[int, _Level]] = {}
        self._lists: dict[str, tuple[str, dict[int, _Level], dict[int, int]]] = {}
        self._styles: dict[str, tuple[str | None, Element | None]] = {}
        self._counters: dict[str, dict[int, int]] = {}
        self._started: set[tuple[str, int]] = set()
        self._default_style: str | None = None
        if numbering is not None:
            self._read_lists(numbering)
        if styles is not None:
            self._read_styles(styles)

    def _read_lists(self, root: Element) -> None:
        links: dict[str, str] = {}
        for item in root.iterfind(f"{W}abstractNum"):
            ident = item.get(f"{W}abstractNumId") or ""
            self._abstract[ident] = {_count(lvl.get(f"{W}ilvl"), 0): _level(lvl) for lvl in item.iterfind(f"{W}lvl")}
            style = _value(item, "styleLink")
            if style:
                links[style] = ident
        for item in root.iterfind(f"{W}abstractNum"):
            wanted = _value(item, "numStyleLink")
            if wanted in links:
                self._abstract[item.get(f"{W}abstractNumId") or ""] = self._abstract[links[wanted]]
        for item in root.iterfind(f"{W}num"):
            levels: dict[int, _Level] = {}
            starts: dict[int, int] = {}
            for override in item.iterfind(f"{W}lvlOverride"):
                at = _count(override.get(f"{W}ilvl"), 0)
                own = override.find(f"{W}lvl")
                if own is not None:
                    levels[at] = _level(own)
                start = _value(override, "startOverride")
                if start is not None:
                    starts[at] = _count(start, 1)
            self._lists[item.get(f"{W}numId") or ""] = (_value(item, "abstractNumId") or "", levels, starts)

    def _read_styles(self, root: Element) -> None:
        for style in root.iterfind(f"{W}style"):
            ident = style.get(f"{W}styleId") or ""
            properties = style.find(f"{W}pPr")
            self._styles[ident] = (
                _value(style, "basedOn"),
                properties.find(f"{W}numPr") if properties is not None else None,
            )
            if style.get(f"{W}type") == "paragraph" and style.get(f"{W}default") in {"1", "true"}:
                self._default_style = ident

    def label(self, paragraph: Element) -> str:
        """The number that Word shows before `paragraph`, its bullet as `-`, or nothing."""
        number, depth = self._list_of(paragraph)
        if number in (None, "0") or number not in self._lists:
            return ""
        abstract, own, starts = self._lists[number]
        levels = {**self._abstract.get(abstract, {}), **own}
        level = levels.get(depth)
        if level is None:
            return ""
        self._advance(number, abstract, depth, levels, starts)
        if level.form == "bullet":
            return "-"
        counters = self._counters[abstract]

        def place(match: re.Match[str]) -> str:
            at = int(match[1]) - 1
            shown = levels.get(at, level)
            form = "decimal" if level.legal else shown.form
            return _FORMS.get(form, str)(counters.get(at, shown.start))

        return _PLACE.sub(place, level.text).strip()

    def _list_of(self, paragraph: Element) -> tuple[str | None, int]:
        """The list and depth that a paragraph belongs to, from itself or from the styles that it builds on."""
        properties = paragraph.find(f"{W}pPr")
        own = properties.find(f"{W}numPr") if properties is not None else None
        number, depth = _value(own, "numId"), _value(own, "ilvl")
        style, seen = _value(properties, "pStyle") or self._default_style, set[str]()
        while style and style not in seen and (number is None or depth is None):
            seen.add(style)
            base, inherited = self._styles.get(style, (None, None))
            number = number if number is not None else _value(inherited, "numId")
            depth = depth if depth is not None else _value(inherited, "ilvl")
            style = base
        return number, _count(depth, 0)

    def _advance(
        self, number: str, abstract: str, depth: int, levels: dict[int, _Level], starts: dict[int, int]
    ) -> None:
        """Counts one paragraph: its own level goes on, deeper ones begin anew, an override begins once."""
        counters = self._counters.setdefault(abstract, {})
        for at in range(depth):
            if at in levels:
                counters.setdefault(at, levels[at].start)
        if depth in starts and (number, depth) not in self._started:
            counters[depth] = starts[depth]
        elif depth in counters:
            counters[depth] += 1
        else:
            counters[depth] = levels[depth].start
        self._started.add((number, depth))
        for at in [at for at in counters if at > depth]:
            restart = levels[at].restart if at in levels else None
            if restart is None or (restart and depth < restart):
                del counters[at]


def _level(element: Element) -> _Level:
    restart = _value(element, "lvlRestart")
    return _Level(
        start=_count(_value(element, "start"), 1),
        form=_value(element, "numFmt") or "decimal",
        text=_value(element, "lvlText") or "",
        legal=element.find(f"{W}isLgl") is not None,
        restart=_count(restart, 0) if restart is not None else None,
    )

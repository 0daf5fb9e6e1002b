"""The words of the interface, in Vietnamese and English, from `words.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Literal, cast, get_args

Language = Literal["vi", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
DEFAULT: Language = "vi"
ASKED: ContextVar[Language] = ContextVar("kehoach_language", default=DEFAULT)
"""The language of the request that is answered, for what Datasette calls without it."""

_FILE = Path(__file__).with_name("words.toml")


def _flat(table: Mapping[str, object], prefix: str = "") -> Iterator[tuple[str, Mapping[str, str]]]:
    for key, value in table.items():
        entry = cast(Mapping[str, object], value)
        if "vi" in entry and isinstance(entry["vi"], str):
            yield prefix + key, cast(Mapping[str, str], entry)
        else:
            yield from _flat(entry, f"{prefix}{key}.")


@cache
def entries() -> Mapping[str, Mapping[str, str]]:
    """Every word by its key (`nav.home`): `vi`, `en`, and `en1` where English wants another form for one."""
    return MappingProxyType(dict(_flat(tomllib.loads(_FILE.read_text(encoding="utf-8")))))


def language_of(text: str | None) -> Language | None:
    """`text` where it names a language of the interface."""
    return next((language for language in LANGUAGES if language == text), None)


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one language. Called with a key it gives the text; named fields fill its braces."""

    language: Language

    def __call__(self, key: str, **fields: object) -> str:
        """The text of `key`. `KeyError` where there is none."""
        entry = entries()[key]
        text = entry["en1"] if self.language == "en" and fields.get("n") in (1, "1") and "en1" in entry else None
        text = text or entry[self.language]
        return text.format(**fields) if fields else text

    def code(self, kind: str, value: object) -> str:
        """The words for a code of the data (`relation`, `implements`); the code itself where there are none."""
        if value is None or value == "":
            return self("none")
        entry = entries().get(f"{kind}.{value}")
        return entry[self.language] if entry else str(value)

    def pick(self, row: Mapping[str, object], name: str) -> str:
        """The column `name_vi` or `name_en` of a row, the other where this one is empty."""
        other = "en" if self.language == "vi" else "vi"
        return str(row.get(f"{name}_{self.language}") or row.get(f"{name}_{other}") or "")

"""What works out links, chains, findings and overview from what was read, as one digest.

A database that another state of the code or of the rules worked out is worked out anew; its files are not read again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import corpus
import extract
import rules

_SUFFIXES = frozenset({".py", ".toml", ".csv"})
_APART = frozenset({"samples", "__pycache__"})


@cache
def digest() -> str:
    """The digest of the source of `rules`, `extract` and `corpus`, and of the data of the rules."""
    return digest_of(Path(str(package.__file__)).parent for package in (rules, extract, corpus))


def digest_of(folders: Iterable[Path]) -> str:
    """The digest of the source and data under `folders`: 16 hexadecimal digits."""
    whole = hashlib.sha256()
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            name = path.relative_to(folder)
            if path.suffix in _SUFFIXES and _APART.isdisjoint(name.parts):
                data = path.read_bytes()
                whole.update(f"{folder.name}/{name.as_posix()} {len(data)}\n".encode())
                whole.update(data)
    return whole.hexdigest()[:16]

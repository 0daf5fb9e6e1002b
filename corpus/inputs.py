"""What a build is given: files, a manifest, units, and a place for the database; faults are told before any work."""

from __future__ import annotations

import csv
import hashlib
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from extract.records import KehoachError

Origin = tuple[str, str, str]
"""Address, supplier, date of receipt."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Where a build reads from and writes to."""

    files: tuple[str, ...]
    db: Path
    originals: Path
    manifest: Mapping[str, Origin]
    units: Path | None

    @property
    def units_stamp(self) -> str:
        """What tells one file of units from another: other units give other facts."""
        return hashlib.sha256(self.units.read_bytes()).hexdigest()[:16] if self.units else ""


def plan_of(paths: Sequence[Path | str], db: Path, manifest: Path | str | None, units: Path | str | None) -> Plan:
    """The plan of a build, or a `KehoachError` that says what is wrong with what was given."""
    files = find_files([Path(path) for path in paths])
    folder = db.absolute().parent
    if not folder.is_dir():
        raise KehoachError("no-folder", f"There is no folder {folder} to put the database in. Make it first.")
    if db.is_dir():
        raise KehoachError("is-directory", f"{db} is a directory. Give the name of a database file.")
    if not os.access(folder, os.W_OK) or (db.exists() and not os.access(db, os.W_OK)):
        raise KehoachError("cannot-write", f"{db} cannot be written. Choose another place, or change its permissions.")
    if db.exists() and not _is_database(db):
        raise KehoachError("not-a-database", f"{db} is there and is no database. It is left alone; give another name.")
    if units and not Path(units).is_file():
        raise KehoachError("not-found", f"There is no file of units {units}. Check the path.")
    return Plan(
        files=files,
        db=db,
        originals=originals_folder(db),
        manifest=read_manifest(Path(manifest)) if manifest else {},
        units=Path(units) if units else None,
    )


def _is_database(path: Path) -> bool:
    with path.open("rb") as file:
        head = file.read(16)
    return head in (b"", b"SQLite format 3\x00")


def originals_folder(db: Path) -> Path:
    """`plans.files` beside `plans.db`."""
    return db.with_name(f"{db.stem}.files")


def find_files(paths: Sequence[Path]) -> tuple[str, ...]:
    """The files under `paths` in a fixed order: those named, and in directories those of a kind that is read.

    `KehoachError` where a path does not exist or there is nothing to read.
    """
    from extract.readers import SUFFIXES

    found: dict[str, None] = {}
    for path in paths:
        if path.is_dir():
            for folder, folders, names in os.walk(path):
                folders[:] = sorted(
                    name for name in folders if not name.startswith(".") and not name.endswith(".files")
                )
                for name in sorted(names):
                    if not name.startswith(".") and os.path.splitext(name)[1].lower() in SUFFIXES:
                        found[os.path.join(folder, name)] = None
        elif path.exists():
            found[str(path)] = None
        else:
            raise KehoachError("not-found", f"There is no {path}. Check the path.")
    if not found:
        kinds = ", ".join(sorted(SUFFIXES))
        where = ", ".join(str(path) for path in paths) or "no path given"
        raise KehoachError(
            "nothing-to-read", f"There is nothing to read in {where}. Files of these kinds are read: {kinds}."
        )
    return tuple(found)


def read_manifest(path: Path) -> dict[str, Origin]:
    """(address, supplier, received) by absolute path. Paths in the file are relative to it or to the working folder."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as fault:
        raise KehoachError("bad-manifest", f"The manifest {path} cannot be read: {fault}.") from None
    if rows and "path" not in rows[0]:
        columns = "path, address, supplier, received"
        raise KehoachError("bad-manifest", f"The manifest {path} has no column 'path'; its columns are {columns}.")
    out: dict[str, Origin] = {}
    for row in rows:
        told = (row.get("address") or "", row.get("supplier") or "", row.get("received") or "")
        out.setdefault(str(Path(row["path"]).absolute()), told)
        out[str((path.parent / row["path"]).resolve())] = told
    return out

"""Facts as Parquet: what a batch of files gave, one file a table, on any store that fsspec knows.

    STORE/000012/citations.parquet, STORE/000012/documents.parquet, ... and, last, STORE/000012/readings.parquet

Each table has the columns of the database's table and, before them, `reading`: the row of `readings` that it came
from. `readings` holds the file with its hash and its bytes, or why it could not be read; it is written last.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from corpus.reading import Reading
from corpus.schema import BY_NAME, TABLES
from corpus.store import Row, Rows, original_path, pack, unpack
from extract.records import Failure, KehoachError

READINGS = "readings"
_INDEX = "reading"
_READING_COLUMNS = ("path", "sha256", "media_type", "size", "modified", "code", "message", "original")
_ARROW_TYPES = {int: "int64", float: "float64", str: "string", bytes: "binary"}


@dataclass(frozen=True, slots=True)
class Kept:
    """A reading with the bytes of its file; None where it could not be read."""

    reading: Reading
    original: bytes | None


class Store:
    """A folder of shards: a path, or the address of any store that fsspec has a driver for (`s3://bucket/folder`)."""

    def __init__(self, address: str) -> None:
        fsspec = _package("fsspec")
        self._arrow, self._parquet = _package("pyarrow"), _package("pyarrow.parquet")
        try:
            self._files, self._root = fsspec.core.url_to_fs(address)
        except (ImportError, ValueError) as fault:
            raise KehoachError("bad-store", f"Shards cannot be put at {address}: {fault}.") from None

    def write(self, batch: int, readings: Sequence[Reading], originals: Path) -> None:
        """Writes what a batch of files gave; their bytes are taken from the folder `originals`."""
        self.remove(batch)  # what an attempt left that died
        self._files.makedirs(self._folder(batch), exist_ok=True)
        by_table: dict[str, list[Row]] = defaultdict(list)
        for number, reading in enumerate(readings):
            for table, rows in unpack(reading.rows).items():
                by_table[table] += [(number, *row) for row in rows]
        for table, rows in by_table.items():
            self._write_table(batch, table, rows)
        self._write_table(batch, READINGS, [_row_of(reading, originals) for reading in readings])

    def read(self, batch: int) -> Iterator[Kept]:
        """What `write` was given for this batch."""
        rows: dict[int, Rows] = defaultdict(dict)
        for spec in TABLES:
            path = self._path(batch, spec.name)
            if self._files.exists(path):
                for number, *row in self._read_table(path):
                    rows[number].setdefault(spec.name, []).append(tuple(row))
        for number, found in enumerate(self._read_table(self._path(batch, READINGS))):
            path, sha256, media_type, size, modified, code, message, original = found
            failure = Failure(code=code, message=message) if code else None
            packed = pack(rows.pop(number, {}))
            yield Kept(Reading(path, sha256, media_type, size, modified, packed, failure), original)

    def remove(self, batch: int) -> None:
        """Takes a batch away, where there is one."""
        if self._files.exists(self._folder(batch)):
            self._files.rm(self._folder(batch), recursive=True)

    def remove_all(self) -> None:
        """Takes the whole folder away."""
        if self._files.exists(self._root):
            self._files.rm(self._root, recursive=True)

    def _folder(self, batch: int) -> str:
        return f"{self._root}/{batch:06d}"

    def _path(self, batch: int, table: str) -> str:
        return f"{self._folder(batch)}/{table}.parquet"

    def _write_table(self, batch: int, table: str, rows: Iterable[Row]) -> None:
        arrow, fields = self._arrow, self._fields(table)
        values: list[tuple[Any, ...]] = list(zip(*rows, strict=True)) or [() for _ in fields]
        columns = [
            arrow.array([int(v) if isinstance(v, bool) else v for v in column], field.type)
            for column, field in zip(values, fields, strict=True)
        ]
        with self._files.open(self._path(batch, table), "wb") as file:
            self._parquet.write_table(arrow.Table.from_arrays(columns, schema=arrow.schema(fields)), file)

    def _fields(self, table: str) -> list[Any]:
        arrow = self._arrow
        if table == READINGS:
            kinds = {"size": "int64", "original": "binary"}
            return [arrow.field(name, arrow.type_for_alias(kinds.get(name, "string"))) for name in _READING_COLUMNS]
        types = BY_NAME[table].column_types.items()
        own = [arrow.field(name, arrow.type_for_alias(_ARROW_TYPES[kind])) for name, kind in types]
        return [arrow.field(_INDEX, arrow.int64()), *own]

    def _read_table(self, path: str) -> Iterator[tuple[Any, ...]]:
        with self._files.open(path, "rb") as file:
            table = self._parquet.read_table(file)
        return zip(*(column.to_pylist() for column in table.columns), strict=True) if table.num_columns else iter(())


def _row_of(reading: Reading, originals: Path) -> Row:
    failure = reading.failure
    told = (failure.code, failure.message) if failure else (None, None)
    kept = original_path(originals, reading.sha256) if reading.sha256 and not failure else None
    data = kept.read_bytes() if kept else None
    return (reading.path, reading.sha256, reading.media_type, reading.size, reading.modified, *told, data)


def _package(name: str) -> Any:
    """A package of the extra `cluster`."""
    try:
        return import_module(name)
    except ImportError:
        raise KehoachError("no-cluster", f"This needs the package {name}: install kehoach[cluster].") from None

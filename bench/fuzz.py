"""`make fuzz`: broken files for the readers, which must cost themselves alone.

Takes the samples and twenty real files of ../shared/corpus/binary, cuts them short, turns bytes over, swaps and doubles
parts, and reads each in a limited worker; scans are not recognised (no program is found). Ends with exit code 1 where
a reader raised anything but a `ReadError`, took longer than it may, or left something in the temporary folder.

    python -m bench.fuzz --count 5000 --seed 1
"""

from __future__ import annotations

import contextlib
import io
import lzma
import os
import random
import tempfile
import time
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import click

from bench.quality import ROOT, shared
from extract.readers.limits import Limits, run_limited
from extract.records import ReadError

COUNT = 5000
REAL = 20
LIMITS = Limits(seconds=20, seconds_a_page=0, most_seconds=20, megabytes=800)
FAULTS = frozenset({"internal-error", "crashed"})
"""What a broken file must not end in: a fault of our own code, or a worker that died."""
Mutation = Callable[[bytes, random.Random], bytes]


def cut(data: bytes, chance: random.Random) -> bytes:
    """The file's beginning, or the file without a part."""
    a, b = sorted(chance.randrange(len(data) + 1) for _ in range(2))
    return data[:b] if chance.random() < 0.5 else data[:a] + data[b:]


def flip(data: bytes, chance: random.Random) -> bytes:
    """The file with up to 200 bytes turned over."""
    out = bytearray(data)
    for _ in range(chance.choice((1, 5, 30, 200))):
        out[chance.randrange(len(out))] ^= 1 << chance.randrange(8)
    return bytes(out)


def noise(data: bytes, chance: random.Random) -> bytes:
    """The file with a stretch of random bytes in it."""
    at, length = chance.randrange(len(data)), chance.randrange(1, 400)
    return data[:at] + chance.randbytes(length) + data[at + length :]


def swap(data: bytes, chance: random.Random) -> bytes:
    """The file with two of its streams (or stretches) in each other's place."""
    starts = [at for at in _found(data, b"stream\n") if data[at - 3 : at] != b"end"]
    if len(starts) < 2:
        starts = [chance.randrange(len(data)) for _ in range(4)]
    a, b = sorted(chance.sample(starts, 2))
    length = min(chance.randrange(1, 5000), b - a, len(data) - b)
    return data[:a] + data[b : b + length] + data[a + length : b] + data[a : a + length] + data[b + length :]


def numbers(data: bytes, chance: random.Random) -> bytes:
    """The file with some of its printed numbers made huge, negative or nothing."""
    out = bytearray(data)
    places = [i for i in range(len(data)) if 48 <= data[i] <= 57]
    for at in chance.sample(places, min(len(places), chance.choice((1, 4, 20)))):
        out[at : at + 1] = chance.choice((b"0", b"9", b"-", b"99999999", b""))
    return bytes(out)


def repack(data: bytes, chance: random.Random) -> bytes:
    """The file with one packed stream unpacked, broken and packed again; as `flip` where there is none."""
    for at in chance.sample(starts := list(_found(data, b"x\x9c")), min(len(starts), 5)):
        with contextlib.suppress(zlib.error):
            unpack = zlib.decompressobj()
            plain = unpack.decompress(data[at:], 4_000_000)
            used = len(data) - at - len(unpack.unused_data)
            if plain and unpack.eof:
                return (
                    data[:at]
                    + zlib.compress(chance.choice((flip, cut, noise, numbers))(plain, chance))
                    + data[at + used :]
                )
    return flip(data, chance)


def rezip(data: bytes, chance: random.Random) -> bytes:
    """A DOCX with one of its parts broken, in an archive that is sound; as `repack` for others."""
    if not data.startswith(b"PK"):
        return repack(data, chance)
    out = io.BytesIO()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as given, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
            names = [name for name in given.namelist() if name.startswith("word/") and name.endswith(".xml")]
            broken = chance.choice(names) if names else ""
            for name in given.namelist():
                part = given.read(name)
                made.writestr(
                    name, chance.choice((flip, cut, noise, numbers))(part, chance) if name == broken else part
                )
    except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, OSError, ValueError, EOFError, RuntimeError):
        return flip(data, chance)
    return out.getvalue()


def _found(data: bytes, what: bytes) -> Iterator[int]:
    at = data.find(what)
    while at >= 0:
        yield at
        at = data.find(what, at + 1)


MUTATIONS: tuple[Mutation, ...] = (cut, flip, noise, swap, numbers, repack, rezip)


def originals(real: int = REAL) -> list[Path]:
    """The samples, and so many of the real files, of all kinds that are read without another program."""
    samples = sorted((ROOT / "corpus" / "samples" / "files").iterdir())
    found = [
        path for path in sorted((shared() / "corpus" / "binary").glob("*")) if path.suffix in {".pdf", ".docx", ".htm"}
    ]
    found.sort(key=lambda path: (path.suffix, path.stat().st_size))
    step = max(len(found) / real, 1.0) if real else 1.0
    return samples + [found[int(i * step)] for i in range(min(real, len(found)))]


@dataclass(slots=True)
class Outcome:
    """What became of the broken files: how many ended how, and what must not be."""

    ends: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    slowest: float = 0.0


def read_length(path: str) -> int:
    """How much text a file gives: what the workers do."""
    from extract.readers import read

    return len(read(path).text)


def fuzz(paths: Sequence[Path], count: int, seed: int, workers: int, keep: Path | None = None) -> Outcome:
    """Reads `count` broken copies of the files; `keep` is where those are put that ended badly."""
    outcome = Outcome()
    contents = [(path, path.read_bytes()) for path in paths]
    with tempfile.TemporaryDirectory(prefix="kehoach-fuzz-") as given, tempfile.TemporaryDirectory() as temporary:
        with _without_programs(temporary):
            broken = _broken(contents, count, seed, Path(given))
            last = time.monotonic()
            for path, made in run_limited(read_length, broken, workers=workers, limits=LIMITS):
                now = time.monotonic()
                outcome.slowest, last = max(outcome.slowest, now - last), now
                outcome.ends[made.code if isinstance(made, ReadError) else "read"] += 1
                if isinstance(made, ReadError) and made.code in FAULTS:
                    outcome.faults.append(f"{Path(path).name}: {made.code}: {made.message}")
                    if keep:
                        (keep / Path(path).name).write_bytes(Path(path).read_bytes())
                Path(path).unlink()
        outcome.left = os.listdir(temporary)
    return outcome


@contextlib.contextmanager
def _without_programs(temporary: str) -> Iterator[None]:
    """No program is found on the path, and temporary files go where they can be counted."""
    before, folder = os.environ.get("PATH", ""), tempfile.tempdir
    os.environ["PATH"], tempfile.tempdir = "", temporary
    try:
        yield
    finally:
        os.environ["PATH"], tempfile.tempdir = before, folder


def _broken(contents: Sequence[tuple[Path, bytes]], count: int, seed: int, folder: Path) -> Iterator[str]:
    """Writes one broken file after the other, as they are asked for."""
    for i in range(count):
        chance = random.Random(f"{seed}/{i}")
        path, data = contents[i % len(contents)]
        for _ in range(chance.choice((1, 1, 2, 3))):
            data = chance.choice(MUTATIONS)(data, chance) or b"\n"
        target = folder / f"{seed}-{i}-{path.name}"
        target.write_bytes(data)
        yield str(target)


@click.command()
@click.option("--count", default=COUNT, show_default=True)
@click.option("--seed", default=1, show_default=True)
@click.option("--workers", default=min(os.cpu_count() or 1, 4), show_default=True)
@click.option("--keep", type=click.Path(path_type=Path, file_okay=False), help="Where to put files that ended badly.")
def main(count: int, seed: int, workers: int, keep: Path | None) -> None:
    """Read broken files; say how they ended."""
    paths = originals()
    if keep:
        keep.mkdir(parents=True, exist_ok=True)
    begin = time.monotonic()
    outcome = fuzz(paths, count, seed, workers, keep)
    click.echo(f"{count} broken copies of {len(paths)} files in {time.monotonic() - begin:.0f} s; seed {seed}")
    for code, number in outcome.ends.most_common():
        click.echo(f"{number:7} {code}")
    for line in outcome.faults:
        click.echo(line)
    for name in outcome.left:
        click.echo(f"left behind: {name}")
    if outcome.faults or outcome.left:
        raise SystemExit(1)


if __name__ == "__main__":
    main()

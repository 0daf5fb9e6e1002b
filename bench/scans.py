"""How fast scans are read beside the bare Tesseract: the same page images, as many processes, in turns."""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

MOST_PAGES = 6
"""Pages of a file that are read, so that one long scan does not stand for all."""
PROCESSES = 2
_COMMAND = ("tesseract", "-", "-", "-l", "vie", "--dpi", "200", "--psm", "3")


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds on the clock and seconds of the processor, child processes included."""

    clock: float
    processor: float


def cost(work: Callable[[], object]) -> Cost:
    """What a work takes."""
    before, begin = _processor(), time.perf_counter()
    work()
    return Cost(time.perf_counter() - begin, _processor() - before)


def _processor() -> float:
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in used)


def shortened(path: Path, target: Path) -> int:
    """Writes the first MOST_PAGES pages of a PDF as a PDF; gives how many they are."""
    import pypdfium2

    given, out = pypdfium2.PdfDocument(path), pypdfium2.PdfDocument.new()
    try:
        out.import_pages(given, range(min(len(given), MOST_PAGES)))
        out.save(target)
        return len(out)
    finally:
        out.close()
        given.close()


def pictures(path: Path) -> list[bytes]:
    """The pages of a PDF as they are given to Tesseract, each by itself."""
    import pypdfium2

    from extract.readers.ocr import as_tiff, scan_of

    document = pypdfium2.PdfDocument(path)
    try:
        return [as_tiff([scan_of(page, number).picture]) for number, page in enumerate(document, 1)]
    finally:
        document.close()


def _bare(picture: bytes) -> None:
    environment = {**os.environ, "OMP_THREAD_LIMIT": "1"}
    command, nowhere = list(_COMMAND), subprocess.DEVNULL
    subprocess.run(command, input=picture, stdout=nowhere, stderr=nowhere, env=environment, check=True)


def bare(images: Sequence[bytes]) -> None:
    """Tesseract alone, a process a page, each with one thread."""
    with ThreadPoolExecutor(PROCESSES) as pool:
        list(pool.map(_bare, images))


def ours(paths: Sequence[Path]) -> None:
    """The whole reading, in the workers that a build has."""
    from extract.readers.limits import read_limited
    from extract.records import ReadError

    for _, source in read_limited(paths, workers=PROCESSES):
        if isinstance(source, ReadError):
            raise source


def against_bare(paths: Sequence[Path], rounds: int) -> tuple[int, Cost, Cost]:
    """The pages read, what the bare Tesseract takes for them and what our reading takes: medians of the rounds."""
    with tempfile.TemporaryDirectory(prefix="kehoach-bench-") as folder:
        short = [Path(folder) / f"{number}.pdf" for number in range(len(paths))]
        counts = {target: shortened(path, target) for path, target in zip(paths, short, strict=True)}
        short.sort(key=lambda target: -counts[target])  # the last to end are short ones, on both sides
        images = [picture for target in short for picture in pictures(target)]
        works = (partial(bare, images), partial(ours, short))
        taken = [[cost(work) for work in works] for _ in range(rounds)]
    theirs, mine = ([turn[side] for turn in taken] for side in range(2))
    return len(images), _median(theirs), _median(mine)


def _median(costs: Sequence[Cost]) -> Cost:
    return Cost(statistics.median(one.clock for one in costs), statistics.median(one.processor for one in costs))

"""`python -m bench.readers`: speed and memory of reading PDF, as ratios of medians in one run; `--scans` of OCR.

Over the born-digital PDFs of ../shared/corpus/binary and of the samples: pdfplumber's `extract_text` (each page closed
after use) beside our text and boxes, and beside the whole reading with tables. Memory is what a fresh process takes
more for a file of 200 pages. With `--scans`: our reading of the scans beside the bare Tesseract on their page images.
"""

from __future__ import annotations

import gc
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import click

from bench.quality import ROOT, shared
from bench.scans import PROCESSES, against_bare

ROUNDS = 3
TIMES = 2
"""How often a work is done when it is its turn."""
PAGES = 200
WANTED_TEXT, WANTED_WHOLE, WANTED_MEGABYTES = 20.0, 8.0, 150.0
WANTED_SCANS = 0.9
"""Our speed for that of the bare Tesseract."""
_MEASURE = """
import resource, sys
from pathlib import Path
import pypdfium2, pdfplumber
from extract.readers import read_bytes
def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
small = Path(sys.argv[2]).read_bytes()
read_bytes(small, "small.pdf")
before = peak()
source = read_bytes(Path(sys.argv[1]).read_bytes(), "large.pdf")
print(len(source.pages), len(source.text), peak(), peak() - before)
"""


def pdfs() -> tuple[list[Path], list[Path]]:
    """The PDFs that have a text of their own on every page, and those that have none on any."""
    import pypdfium2

    born: list[Path] = []
    scanned: list[Path] = []
    folders = (shared() / "corpus" / "binary", ROOT / "corpus/samples/files")
    for path in sorted(path for folder in folders for path in folder.glob("*.pdf")):
        document = pypdfium2.PdfDocument(path)
        counts = []
        for page in document:
            text = page.get_textpage()
            counts.append(text.count_chars())
            text.close()
            page.close()
        document.close()
        if min(counts, default=0) > 0:
            born.append(path)
        elif not any(counts):
            scanned.append(path)
    return born, scanned


def by_pdfplumber(paths: Sequence[Path]) -> None:
    """The text of all files as pdfplumber gives it."""
    import pdfplumber

    for path in paths:
        with pdfplumber.open(path) as document:
            for page in document.pages:
                page.extract_text()
                page.close()


def each(work: Callable[[bytes], object], contents: Sequence[bytes]) -> None:
    """Does a work for all contents; what comes out is dropped at once."""
    for data in contents:
        work(data)


def medians(works: Sequence[Callable[[], None]], rounds: int) -> list[float]:
    """The median seconds of each work; the rounds of all works take turns, so that a slow minute slows all."""
    times: list[list[float]] = [[] for _ in works]
    for _ in range(rounds):
        for work, taken in zip(works, times, strict=True):
            gc.collect()  # what one work left behind is not to be cleared away in another's time
            for _ in range(TIMES):
                begin = time.perf_counter()
                work()
                taken.append(time.perf_counter() - begin)
    return [statistics.median(taken) for taken in times]


def long_file(folder: Path, paths: Sequence[Path]) -> Path:
    """A PDF of PAGES pages, put together from the files' pages."""
    import pypdfium2

    out = pypdfium2.PdfDocument.new()
    while len(out) < PAGES:
        for path in paths:
            document = pypdfium2.PdfDocument(path)
            out.import_pages(document, range(min(len(document), PAGES - len(out))))
            document.close()
            if len(out) >= PAGES:
                break
    target = folder / "long.pdf"
    out.save(target)
    out.close()
    return target


def memory(paths: Sequence[Path]) -> tuple[float, float]:
    """Megabytes of a fresh process that read PAGES pages: in all, and more than after a small file."""
    with tempfile.TemporaryDirectory(prefix="kehoach-bench-") as folder:
        target = long_file(Path(folder), paths)
        command = [sys.executable, "-c", _MEASURE, str(target), str(min(paths, key=lambda path: path.stat().st_size))]
        done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    _, _, peak, more = done.stdout.split()
    return float(peak), float(more)


def scans(paths: Sequence[Path], rounds: int) -> None:
    """Print how fast scans are read beside the bare Tesseract; exit 1 where it is too slow."""
    pages, bare, ours = against_bare(paths, rounds)
    click.echo(f"{len(paths)} scans, {pages} pages, {PROCESSES} processes; seconds a page, medians of {rounds}")
    click.echo(
        f"bare Tesseract   {bare.clock / pages:6.2f} on the clock, {bare.processor / pages:6.2f} of the processor"
    )
    click.echo(
        f"whole reading    {ours.clock / pages:6.2f} on the clock, {ours.processor / pages:6.2f} of the processor"
    )
    ratio = bare.clock / ours.clock
    click.echo(
        f"our speed for Tesseract's: {ratio:.2f} on the clock, {bare.processor / ours.processor:.2f} by processor"
    )
    if ratio < WANTED_SCANS:
        raise SystemExit(1)


@click.command()
@click.option("--rounds", default=ROUNDS, show_default=True)
@click.option("--scans", "of_scans", is_flag=True, help="Measure OCR instead.")
def main(rounds: int, of_scans: bool) -> None:
    """Print the ratios; exit 1 where one is below what is wanted."""
    from extract.readers import pdf, read_bytes

    paths, scanned = pdfs()
    if of_scans:
        scans(scanned, rounds)
        return
    contents = [path.read_bytes() for path in paths]
    by_pdfplumber(paths[-1:])
    plumber, text, whole = medians(
        [
            lambda: by_pdfplumber(paths),
            lambda: each(partial(pdf.text_and_boxes, path="a.pdf", sha256="0"), contents),
            lambda: each(partial(read_bytes, name="a.pdf"), contents),
        ],
        rounds,
    )
    pages = sum(len(pdf.text_and_boxes(data, "a.pdf", "0").pages) for data in contents)
    peak, more = memory(paths)
    click.echo(f"{len(paths)} born-digital files, {pages} pages; milliseconds a page, medians of {rounds * TIMES}")
    click.echo(f"pdfplumber extract_text        {1000 * plumber / pages:8.2f}")
    click.echo(f"text and boxes                 {1000 * text / pages:8.2f}   {plumber / text:6.1f} times as fast")
    click.echo(f"whole reading with tables      {1000 * whole / pages:8.2f}   {plumber / whole:6.1f} times as fast")
    click.echo(f"memory for {PAGES} pages: {more:.0f} MB more, {peak:.0f} MB in all")
    if plumber / text < WANTED_TEXT or plumber / whole < WANTED_WHOLE or peak > WANTED_MEGABYTES:
        raise SystemExit(1)


if __name__ == "__main__":
    main()

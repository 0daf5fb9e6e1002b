"""`python -m bench.degraded`: the samples as bad scans, read by OCR and scored against their gold, by degree.

Every sample is set as a PDF, its pages are rendered and spoilt (resolution, JPEG quality, skew, blur, a round stamp
over the text), and what is extracted is scored by the contract's scorer. The last two columns count citations whose
code or date is wrong: those that say so (`digits` in `uncertain`), and those that do not.
"""

from __future__ import annotations

import math
import random
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bench.formats import Json, scorer
from corpus.samples import markup

if TYPE_CHECKING:
    from PIL.Image import Image

FIGURES = {
    "head": "header",
    "code": "header.code",
    "day": "header.issued_on",
    "sect.": "sections",
    "cit.": "citations",
    "full": "citations.full",
    "sums": "budgets",
    "deadl.": "deadlines",
    "assig.": "assignments",
}
"""The columns: a short name, and the scorer's figure (F1)."""
WORKERS = 2


@dataclass(frozen=True, slots=True)
class Degree:
    """How pages are spoilt: dots an inch, JPEG quality, degrees of skew, points of blur, a stamp over the text."""

    name: str
    dpi: int
    quality: int
    skew: float = 0.0
    blur: float = 0.0
    stamp: bool = False


DEGREES = (
    Degree("200 dpi, JPEG 40", 200, 40),
    Degree("200 dpi, JPEG 25", 200, 25),
    Degree("150 dpi, JPEG 40", 150, 40),
    Degree("150 dpi, JPEG 25", 150, 25),
    Degree("200 dpi, JPEG 40, skew 1°", 200, 40, skew=1.0),
    Degree("200 dpi, JPEG 40, blur", 200, 40, blur=1.0),
    Degree("200 dpi, JPEG 40, stamp", 200, 40, stamp=True),
    Degree("150 dpi, JPEG 25, skew 1°, blur, stamp", 150, 25, skew=1.0, blur=0.8, stamp=True),
)


def spoilt(image: Image, degree: Degree, seed: int) -> Image:
    """A page as a bad scanner gives it."""
    from PIL import ImageFilter
    from PIL.Image import Resampling

    page = image.convert("L")
    if degree.stamp:
        page = _stamped(page, degree.dpi, seed)
    if degree.skew:
        page = page.rotate(degree.skew if seed % 2 else -degree.skew, resample=Resampling.BICUBIC, fillcolor=255)
    if degree.blur:
        page = page.filter(ImageFilter.GaussianBlur(degree.blur))
    return page


def _stamped(page: Image, dpi: int, seed: int) -> Image:
    """The page with a round seal of 36 mm over its text, grey as a red one comes out, and words around its rim."""
    from PIL import Image, ImageChops, ImageDraw

    chance = random.Random(seed)
    size = round(36 / 25.4 * dpi)
    seal = Image.new("L", (size, size), 255)
    pen = ImageDraw.Draw(seal)
    for inset, width in ((2, dpi // 40), (size // 6, dpi // 70)):
        pen.ellipse((inset, inset, size - inset, size - inset), outline=120, width=width)
    points = [(0.5 + 0.22 * math.sin(k * 0.8 * math.pi), 0.5 - 0.22 * math.cos(k * 0.8 * math.pi)) for k in range(5)]
    pen.line([(x * size, y * size) for x, y in [*points, points[0]]], fill=120, width=dpi // 60)
    at = (chance.randrange(page.width // 5, page.width // 2), chance.randrange(page.height // 6, page.height * 2 // 3))
    over = Image.new("L", page.size, 255)
    over.paste(seal, at)
    return ImageChops.darker(page, over)


def scan(data: bytes, degree: Degree, target: Path) -> None:
    """Writes the pages of a PDF as a spoilt scan."""
    import pypdfium2

    document = pypdfium2.PdfDocument(data)
    try:
        pages = [
            spoilt(page.render(scale=degree.dpi / 72).to_pil(), degree, seed) for seed, page in enumerate(document)
        ]
    finally:
        document.close()
    first, more = pages[0], pages[1:]
    first.save(target, "PDF", resolution=degree.dpi, quality=degree.quality, save_all=True, append_images=more)


def extracted(paths: Sequence[Path]) -> dict[str, Json]:
    """The facts of each file, by its stem; a file that cannot be read has none."""
    from extract.pipeline import extract
    from extract.readers.limits import read_limited
    from extract.records import ReadError
    from extract.serialise import to_json

    read = read_limited(paths, workers=WORKERS)
    return {Path(path).stem: {} if isinstance(source, ReadError) else to_json(extract(source)) for path, source in read}


def wrong(gold: Json, found: Json) -> tuple[int, int]:
    """Citations whose code and day are none of the gold's: those that are marked as uncertain, those that are not."""
    wanted = Counter((item.get("code"), item.get("issued_on")) for item in gold["citations"])
    told = silent = 0
    for item in found.get("citations", []):
        key = (item["code"], item["issued_on"])
        if wanted[key]:
            wanted[key] -= 1
        elif {"code", "issued_on"} & set(item["uncertain"]):
            told += 1
        else:
            silent += 1
    return told, silent


def row(degree: Degree, pdfs: dict[str, bytes], golds: dict[str, Json]) -> tuple[str, list[str]]:
    """The figures of a degree as a row of a Markdown table, and the scorer's differences."""
    with tempfile.TemporaryDirectory(prefix="kehoach-bench-") as folder:
        paths = [Path(folder) / f"{name}.pdf" for name in pdfs]
        for path in paths:
            scan(pdfs[path.stem], degree, path)
        found = extracted(paths)
    for name in [name for name, document in found.items() if not document]:
        click.echo(f"{name} could not be read", err=True)
    rows, differences = scorer().score(golds, found)
    figures = [f"{rows[figure]['f1']:.2f}" for figure in FIGURES.values()]
    counts = [wrong(golds[name], found[name]) for name in golds]
    told, silent = (sum(count[side] for count in counts) for side in range(2))
    return " | ".join([f"| {degree.name}", *figures, str(told), f"{silent} |"]), differences


@click.command()
@click.option("--documents", default=0, help="Only the first so many samples.")
@click.option("--degree", "wanted", default="", help="Only degrees whose name holds these words.")
@click.option("--errors", default=0, help="Print so many differences of each degree.")
def main(documents: int, wanted: str, errors: int) -> None:
    """Print a table of figures by degree."""
    from corpus.samples.make_pdf import make_pdf

    names = markup.names()[: documents or None]
    samples = {name: markup.read_sample(name) for name in names}
    pdfs = {name: make_pdf(sample) for name, sample in samples.items()}
    golds = {name: dict(sample.gold) for name, sample in samples.items()}
    click.echo(" | ".join([f"| {len(names)} samples", *FIGURES, "wrong, said", "wrong, not said |"]))
    click.echo("| --- " * (len(FIGURES) + 3) + "|")
    for degree in DEGREES:
        if wanted in degree.name:
            figures, differences = row(degree, pdfs, golds)
            click.echo("\n".join([figures, *differences[:errors]]))


if __name__ == "__main__":
    main()

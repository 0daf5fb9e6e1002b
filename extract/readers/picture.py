"""One page of a PDF as a picture, for the eye: what a limited worker makes of a file that may do it harm."""

from __future__ import annotations

from io import BytesIO
from math import sqrt
from pathlib import Path

from extract.records import ReadError

MOST_PIXELS = 12_000_000
"""A page larger than A4 at 300 dpi is drawn more coarsely."""
LONGEST_SIDE = 8_000
_COLOURS = 128


def question(path: Path, page: int, scale: float) -> str:
    """What `draw` is asked: the page from 1 and pixels a point, before the path."""
    return f"{page} {scale} {path}"


def draw(asked: str) -> bytes:
    """The page that `question` names as a PNG file.

    Raises `ReadError` (encrypted, malformed, no-such-page) where it cannot be drawn.
    """
    number, scale, path = asked.split(" ", 2)
    return picture(Path(path).read_bytes(), int(number), float(scale))


def picture(data: bytes, number: int, scale: float) -> bytes:
    """Page `number` (from 1) of the PDF in `data`, as the eye sees it, with its stamps, as a PNG file."""
    import pypdfium2

    from extract.readers.pdf import open_document

    document = open_document(data)
    try:
        if not 1 <= number <= len(document):
            raise ReadError("no-such-page", f"The file has no page {number}: its pages are 1 to {len(document)}.")
        page = document[number - 1]
        width, height = page.get_size()
        bitmap = page.render(scale=bounded(width, height, scale))
        try:
            return _png(bitmap)
        finally:
            bitmap.close()
            page.close()
    except pypdfium2.PdfiumError as fault:
        raise ReadError("malformed", f"Page {number} is broken and cannot be drawn.") from fault
    finally:
        document.close()


def bounded(width: float, height: float, scale: float) -> float:
    """`scale` (pixels a point), or what of it a page of this size in points may have."""
    if width <= 0 or height <= 0:
        raise ReadError("malformed", "The page has no size and cannot be drawn.")
    return min(scale, sqrt(MOST_PIXELS / (width * height)), LONGEST_SIDE / max(width, height))


def _png(bitmap: object) -> bytes:
    """The bitmap as PNG: in grey where it has no colour, else in the colours that it has most of."""
    from PIL import Image, ImageChops

    image: Image.Image = bitmap.to_pil().convert("RGB")  # type: ignore[attr-defined]  # pypdfium2 ships no types
    red, green, blue = image.split()
    if ImageChops.difference(red, green).getbbox() is None and ImageChops.difference(green, blue).getbbox() is None:
        image = red
    else:
        image = image.quantize(_COLOURS, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    out = BytesIO()
    image.save(out, "PNG", compress_level=4)
    return out.getvalue()

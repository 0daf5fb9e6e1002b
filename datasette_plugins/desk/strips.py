"""The strip of a page's picture around each side of a finding, with the words marked."""

from __future__ import annotations

from dataclasses import dataclass

from datasette_plugins.desk import page_images, scans
from datasette_plugins.desk.links import Links
from datasette_plugins.desk.marks import Mark
from datasette_plugins.desk.ports import Row
from datasette_plugins.desk.scans import Scan
from datasette_plugins.desk.store import Desk, Reader

AROUND = 70.0
"""Points of the page shown above and below the words."""
TALLEST = 420.0
_SIDES = """select e.side, e.document, e.start, e."end", f.severity, d.media_type, d.sha256
    from finding_evidence e join findings f on f.id = e.finding join documents d on d.id = e.document
    where e.finding = ? and e."end" > e.start"""


@dataclass(frozen=True, slots=True)
class Strip:
    """A part of a page: all of its width, from `top` on, `height` points tall."""

    scan: Scan
    src: str
    href: str
    top: float
    height: float


def of_finding(reader: Reader, desk: Desk, finding: str, links: Links) -> dict[int, Strip]:
    """The strips by the numbers of the sides; none for a side whose document has no pictures or no boxes."""
    found: dict[int, Strip] = {}
    for row in reader.all(_SIDES, (finding,)):
        if page_images.is_drawn(desk, row):
            strip = _strip(reader, row, finding, links)
            if strip:
                found[int(row["side"])] = strip
    return found


def _strip(reader: Reader, row: Row, finding: str, links: Links) -> Strip | None:
    page = reader.one(
        "select * from pages where document = ? and start <= ? order by start desc limit 1",
        (row["document"], row["start"]),
    )
    if page is None:
        return None
    first, last = int(page["start"]), int(page["end"])
    text = str(
        reader.value(
            "select substr(text, ?, ?) from documents where id = ?", (first + 1, last - first, row["document"])
        )
    )
    mark = Mark(
        f"{finding}-{row['side']}",
        "finding",
        int(row["start"]) - first,
        min(int(row["end"]), last) - first,
        links.document(row["document"], f"{finding}-{row['side']}"),
        level=str(row["severity"]),
    )
    (scan,) = scans.draw([{**page, "start": 0, "end": len(text)}], text, [mark], {})
    if not scan.areas:
        return None
    rectangles = [rectangle for area in scan.areas for rectangle in area.rectangles]
    top = max(min(y for _, y, _, _ in rectangles) - AROUND, 0.0)
    foot = min(max(y + height for _, y, _, height in rectangles) + AROUND, scan.height, top + TALLEST)
    return Strip(scan, links.picture(row["document"], scan.number), mark.href, round(top, 1), round(foot - top, 1))

"""Rebuild the sample corpus from its sources: text twins, gold, and the files that an office would send.

    python -m corpus.samples.build [--out FOLDER]

Two runs give the same bytes: dates, identifiers and the time stamps in archives are fixed. PDF needs reportlab and
Liberation Serif 2 (Debian: fonts-liberation2), DOCX python-docx, the scan pypdfium2 and Pillow besides; they
are imported only here and needed only for building.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from corpus.samples import markup

SUFFIXES = {"pdf": ".pdf", "scan": ".pdf", "docx": ".docx", "html": ".html"}


def file_name(sample: markup.Sample) -> str:
    """The name of the document's file in `files/`."""
    return sample.name + SUFFIXES[sample.file]


def gold_text(sample: markup.Sample) -> str:
    """The gold of a document as JSON, one fact a line."""
    lines = []
    for area, value in sample.gold.items():
        if isinstance(value, list) and value and not isinstance(value[0], str):
            items = ",\n".join("  " + json.dumps(item, ensure_ascii=False) for item in value)
            lines.append(f' "{area}": [\n{items}\n ]')
        else:
            lines.append(f' "{area}": {json.dumps(value, ensure_ascii=False)}')
    return "{\n" + ",\n".join(lines) + "\n}\n"


def file_bytes(sample: markup.Sample) -> bytes:
    """The document as its office would send it."""
    if sample.file == "html":
        from corpus.samples.make_html import make_html

        return make_html(sample)
    if sample.file == "docx":
        from corpus.samples.make_docx import make_docx

        return make_docx(sample)
    from corpus.samples.make_pdf import make_pdf, make_scan

    return make_scan(sample) if sample.file == "scan" else make_pdf(sample)


def build(out: Path = markup.FOLDER) -> int:
    """Write `text/`, `gold/` and `files/` under out; the number of documents."""
    for folder in ("text", "gold", "files"):
        (out / folder).mkdir(parents=True, exist_ok=True)
    names = markup.names()
    for name in names:
        sample = markup.read_sample(name)
        (out / "text" / f"{name}.txt").write_text(markup.twin(sample), encoding="utf-8", newline="\n")
        (out / "gold" / f"{name}.json").write_text(gold_text(sample), encoding="utf-8", newline="\n")
        (out / "files" / file_name(sample)).write_bytes(file_bytes(sample))
    return len(names)


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description="Rebuild the sample corpus from its sources.")
    parser.add_argument("--out", type=Path, default=markup.FOLDER, help="the folder to write to")
    from corpus.samples.make_pdf import FontsMissingError

    try:
        build(parser.parse_args().out)
    except FontsMissingError as fault:
        raise SystemExit(str(fault)) from None


if __name__ == "__main__":
    main()

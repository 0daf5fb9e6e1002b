"""`make train`: trains the parts that ship anew from ../shared and writes their weights.

The same gold gives the same bytes. What is measured, and what ships for it, is told by `models.evaluate`.
"""

from __future__ import annotations

import hashlib
import time
from pathlib import Path

import click

from models.gold import shared
from models.learn_headings import Headings
from models.linear import save
from models.shipped import HEADINGS


def train(path: Path = HEADINGS) -> str:
    """Trains the heading model and writes it to `path`; gives the SHA-256 of what was written."""
    part = Headings()
    model = part.fit([case for case in part.cases() if not case.condition.startswith("held out")])
    path.parent.mkdir(exist_ok=True)
    save(model, path)
    return hashlib.sha256(path.read_bytes()).hexdigest()


@click.command()
@click.option("--to", "path", type=click.Path(path_type=Path), default=HEADINGS, help="Where to write the weights.")
def main(path: Path) -> None:
    """Train the parts that ship and say how long it took, how large they are, and their SHA-256."""
    if not shared().exists():
        click.echo(f"train: there is no {shared()}; the weights stay as they are")
        raise SystemExit(1)
    begin = time.perf_counter()
    digest = train(path)
    seconds = time.perf_counter() - begin
    click.echo(f"{path.name}: {path.stat().st_size:,} bytes, sha256 {digest[:16]}, {seconds:.0f} s")


if __name__ == "__main__":
    main()

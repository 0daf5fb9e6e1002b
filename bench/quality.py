"""`make quality`: the scorer's table over the gold, compared with the last committed figures.

python -m bench.quality                      compare with tests/quality.json; a fall in any figure fails
python -m bench.quality --accept "REASON"    commit the figures of now, with the reason for the change
python -m bench.quality --errors 60 --only citations.issuer
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path

import click

ROOT = Path(__file__).resolve().parent.parent
COMMITTED = ROOT / "tests" / "quality.json"
TOLERANCE = 0.0005
"""Figures are compared to three digits."""


def shared() -> Path:
    """The folder of gold and corpus; KEHOACH_SHARED names another than ../shared."""
    return Path(os.environ.get("KEHOACH_SHARED", ROOT.parent / "shared"))


def predict(folder: Path) -> Path:
    """The extraction of all gold documents' texts as JSON Lines in `folder`."""
    from extract.pipeline import extract
    from extract.readers import read
    from extract.serialise import to_json
    from models.shipped import shipped

    corpus = shared() / "corpus"
    out = folder / "predicted.jsonl"
    with out.open("w", encoding="utf-8", newline="\n") as file:
        for path in sorted([*(corpus / "seeds").glob("*.txt"), *(corpus / "dev").glob("*.txt")]):
            file.write(json.dumps(to_json(extract(read(path), decisions=shipped())), ensure_ascii=False) + "\n")
    return out


def measure(arguments: list[str]) -> str:
    """What the scorer prints for the extraction of now."""
    contract = shared() / "contract"
    with tempfile.TemporaryDirectory(prefix="kehoach-quality-") as folder:
        predicted = predict(Path(folder))
        command = [sys.executable, str(contract / "score.py"), str(contract / "gold"), str(predicted), *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def figures() -> dict[str, float]:
    """F1 of every figure, to four digits."""
    rows = json.loads(measure(["--json"]))
    return {name: round(row["f1"], 4) for name, row in sorted(rows.items()) if row["f1"] is not None}


def falls(now: dict[str, float], before: dict[str, float]) -> list[str]:
    """A line for every figure that fell."""
    return [
        f"{name}: {before[name]:.4f} -> {now.get(name, 0.0):.4f}"
        for name in before
        if now.get(name, 0.0) < before[name] - TOLERANCE
    ]


@click.command()
@click.option("--accept", metavar="REASON", help="Commit the figures of now to tests/quality.json.")
@click.option("--errors", type=int, default=0, help="Print the first N differences.")
@click.option("--only", help="Differences of one figure only.")
def main(accept: str | None, errors: int, only: str | None) -> None:
    """Measure the extraction against the gold and hold it to the last committed figures."""
    if not shared().exists():
        strict = os.environ.get("KEHOACH_STRICT") == "1"
        click.echo(f"quality: skipped, there is no {shared()}")
        raise SystemExit(int(strict))
    more = ["--errors", str(errors)] if errors else []
    click.echo(measure([*more, *(["--only", only] if only else [])]))
    now = figures()
    kept = json.loads(COMMITTED.read_text(encoding="utf-8")) if COMMITTED.exists() else {"figures": {}, "history": []}
    if accept:
        history = [*kept["history"], {"on": date.today().isoformat(), "reason": accept}]
        COMMITTED.write_text(json.dumps({"figures": now, "history": history}, indent=1, ensure_ascii=False) + "\n")
        click.echo(f"accepted {len(now)} figures: {accept}")
        return
    fallen = falls(now, kept["figures"])
    for line in fallen:
        click.echo("fell: " + line)
    if fallen:
        raise SystemExit(1)
    click.echo(f"no figure of {len(kept['figures'])} fell")


if __name__ == "__main__":
    main()

"""What a change of rules did to the facts of the raw documents: added, removed, altered, by kind, with examples.

python -m bench.gainloss --keep      keep the facts of now in .measured/ (before a change)
python -m bench.gainloss             compare the facts of now with those that were kept
"""

from __future__ import annotations

import json
import multiprocessing
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import click

from bench.quality import ROOT, shared

KEPT = ROOT / ".measured" / "facts.jsonl"
KINDS = ("sections", "citations", "references", "budgets", "deadlines", "assignments", "targets")
_LEFT_OUT = frozenset({"id", "by", "found_by", "confidence", "start", "end", "page", "bbox", "items"})
Facts = dict[str, dict[str, dict[str, str]]]
"""Document -> kind with span -> the fact's fields as JSON, and its words."""


def facts_of(path: Path) -> tuple[str, dict[str, dict[str, str]]]:
    """The facts of one file by kind and span, header fields and findings among them."""
    from extract.pipeline import extract
    from extract.readers import read
    from extract.records import ReadError
    from extract.serialise import to_json

    try:
        out = to_json(extract(read(path)))
    except ReadError as fault:
        return path.stem, {"error": {"fields": fault.code, "words": fault.message}}
    text, found = out["text"], {}
    for kind in KINDS:
        for fact in out[kind]:
            fields = {k: v for k, v in fact.items() if k not in _LEFT_OUT}
            words = " ".join(text[fact["start"] : fact["end"]].split())[:160]
            key = f"{kind}|{fact['start']}|{fact['end'] if kind != 'sections' else ''}"
            found[key] = {"fields": json.dumps(fields, ensure_ascii=False, sort_keys=True), "words": words}
    for name, value in out["header"].items():
        if name != "spans":
            found[f"header|{name}"] = {"fields": json.dumps(value, ensure_ascii=False), "words": str(value)[:160]}
    for finding in out["findings"]:
        found[f"findings|{finding['id']}"] = {"fields": finding["rule"], "words": finding["message"]["en"][:160]}
    return path.stem, found


def measure() -> Facts:
    """The facts of all raw documents and seeds, by two processes."""
    corpus = shared() / "corpus"
    paths = sorted([*(corpus / "raw").glob("*.txt"), *(corpus / "seeds").glob("*.txt")])
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        return dict(pool.imap(facts_of, paths, chunksize=8))


def changes(before: Facts, after: Facts) -> Iterator[tuple[str, str, str]]:
    """(kind, what happened, an example) of every fact that differs."""
    for document in sorted(before.keys() | after.keys()):
        old, new = before.get(document, {}), after.get(document, {})
        for key in sorted(old.keys() | new.keys()):
            kind = key.split("|")[0]
            if key not in old:
                yield kind, "added", f"{document}: {new[key]['words']}  {new[key]['fields'][:200]}"
            elif key not in new:
                yield kind, "removed", f"{document}: {old[key]['words']}  {old[key]['fields'][:200]}"
            elif old[key]["fields"] != new[key]["fields"]:
                yield kind, "altered", f"{document}: {old[key]['words']}\n      {_differing(old[key], new[key])}"


def _differing(old: dict[str, str], new: dict[str, str]) -> str:
    try:
        a, b = json.loads(old["fields"]), json.loads(new["fields"])
    except ValueError:
        a, b = old["fields"], new["fields"]
    if isinstance(a, dict) and isinstance(b, dict):
        return "; ".join(
            f"{k}: {a.get(k)!r} -> {b.get(k)!r}" for k in sorted(a.keys() | b.keys()) if a.get(k) != b.get(k)
        )
    return f"{a!r} -> {b!r}"


@click.command()
@click.option("--keep", is_flag=True, help="Keep the facts of now to compare with later.")
@click.option("--examples", default=6, show_default=True, help="Examples of each kind of change.")
def main(keep: bool, examples: int) -> None:
    """Say which facts of the raw documents a change of rules added, removed or altered."""
    if not shared().exists():
        raise SystemExit(f"gainloss: there is no {shared()}")
    now = measure()
    if keep:
        KEPT.parent.mkdir(exist_ok=True)
        KEPT.write_text(json.dumps(now, ensure_ascii=False), encoding="utf-8")
        click.echo(f"kept the facts of {len(now)} documents")
        return
    if not KEPT.exists():
        raise SystemExit("gainloss: nothing was kept: run it with --keep before a change")
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for kind, what, example in changes(json.loads(KEPT.read_text(encoding="utf-8")), now):
        found[kind, what].append(example)
    for (kind, what), lines in sorted(found.items()):
        click.echo(f"{kind} {what}: {len(lines)}")
        step = max(1, len(lines) // examples)
        for line in lines[::step][:examples]:
            click.echo("    " + line)
    if not found:
        click.echo("no fact changed")


if __name__ == "__main__":
    main()

"""Writes the pages of the docs that follow from the code: the findings and the commands.

python -m tools.document            write docs/findings.md and docs/commands.md
python -m tools.document --check    say which of them is not what it would write; exit 1 then
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import click

from bench.findings import VERDICTS, by_rule, judged, share

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
_LEVELS = {"error": "lỗi / error", "warning": "cảnh báo / warning", "info": "thông tin / information"}


def findings_page() -> str:
    """Every rule that ships: what it says in both languages, its basis, why it may be wrong."""
    return "\n".join(_findings()) + "\n"


def _findings() -> Iterator[str]:
    from rules.findings import all_rules

    read = by_rule(judged())
    yield "# Findings"
    yield ""
    yield "What Kehoach points an auditor to. Each finding carries the words it rests on, on every side that it has."
    yield "Declared in `rules/findings.toml`; this page is written by `python -m tools.document`."
    for scope, title in (("document", "In one document"), ("corpus", "Across documents")):
        yield f"\n## {title}\n"
        for rule in all_rules().values():
            if rule.scope != scope:
                continue
            yield f"### `{rule.id}`\n"
            yield f"**{rule.title_vi}** / {rule.title_en} ({_LEVELS[rule.severity]})"
            yield ""
            if rule.off:
                yield f"Off: {rule.off}"
                yield ""
            yield f"- {rule.message_vi}"
            yield f"- {rule.message_en}"
            yield f"- Căn cứ / basis: {rule.basis}."
            yield f"- Có thể sai vì / may be wrong: {rule.why_vi} / {rule.why_en}"
            yield f"- Đã đọc / read by hand: {_read_of(read.get(rule.id))}"
            yield ""


def _read_of(counts: Counter[str] | None) -> str:
    """How many findings of a rule were read and were right, in words."""
    if not counts:
        return "no finding in the corpus that was read; tried by a planted defect"
    part = share(counts)
    return f"{counts.total()} findings, {counts['right']} right" + (f" ({part:.2f})" if part is not None else "")


def commands_page() -> str:
    """The help of every command as it prints itself."""
    import click

    from kehoach import main

    context = click.Context(main, info_name="kehoach", max_content_width=100, terminal_width=100)
    parts = ["# Commands\n", "Written by `python -m tools.document`.\n", "```text", main.get_help(context), "```\n"]
    return "\n".join([*parts, *_commands(main, context)])


def _commands(group: click.Group, context: click.Context) -> Iterator[str]:
    """The help of the commands of a group, and of theirs."""
    import click

    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        inner = click.Context(command, info_name=name, parent=context, max_content_width=100, terminal_width=100)
        yield from (f"## {inner.command_path}\n", "```text", command.get_help(inner), "```\n")
        if isinstance(command, click.Group):
            yield from _commands(command, inner)


_FIGURES = {
    "header": "letterhead and signature, all fields",
    "sections": "sections, by path",
    "sections.titled": "... with the right title",
    "sections.role": "... role of those of depth 1 and 2",
    "citations": "citations, by code or law",
    "citations.full": "... type, code, date and issuer right",
    "citations.date": "... date",
    "citations.issuer": "... issuer",
    "citations.relation": "... relation",
    "budgets": "sums of money",
    "budgets.kind": "... kind",
    "budgets.source": "... funding sources",
    "deadlines": "deadlines",
    "deadlines.exact": "... with kind and day of recurrence",
    "assignments": "assignments, agency and section",
    "assignments.role": "... role",
    "targets": "targets, value and unit",
    "findings": "findings on one document (13 annotated rules)",
}


def quality_page() -> str:
    """The measured figures, on what they were measured, and what is known to be weak."""
    return "\n".join(_quality()) + "\n"


def _quality() -> Iterator[str]:
    from rules.findings import all_rules

    figures = json.loads((ROOT / "tests" / "quality.json").read_text(encoding="utf-8"))["figures"]
    yield (DOCS / "quality.head.md").read_text(encoding="utf-8").rstrip()
    yield "\n| what | F1 | evidence holds the gold words |\n| --- | --- | --- |"
    for name, words in _FIGURES.items():
        span = figures.get(f"{name}.span")
        yield f"| {words} | {figures[name]:.3f} | {f'{span:.3f}' if span is not None else ''} |"
    yield "\n## Findings, read one by one\n"
    yield (
        "Every finding over the raw documents and the seeds (621 documents) was read beside the text of its evidence "
        "on every side, to see whether the files say so. The rules were mended while reading (scans, enumerations, two "
        "registers side by side): on other documents expect less. The verdicts are in `tests/findings_read.csv`; "
        "`python -m bench.findings` compares them with a build of now and shows what is still to be read. A rule that "
        "is right "
        "less than nine times in ten does not ship. Rules that found nothing there are tried by a planted defect alone "
        "(`tests/test_checks.py`, `tests/test_corpus_checks*.py`, the sample corpus).\n"
    )
    yield "| rule | read | right | wrong | undecidable | share that is right |\n| --- | --- | --- | --- | --- | --- |"
    read = by_rule(judged())
    for rule in all_rules():
        counts = read.get(rule, Counter())
        part = share(counts)
        figures_of = " | ".join(str(counts[name]) for name in VERDICTS)
        yield f"| `{rule}` | {counts.total()} | {figures_of} | {f'{part:.2f}' if part is not None else 'none found'} |"
    yield ""
    yield (DOCS / "quality.foot.md").read_text(encoding="utf-8").rstrip()


PAGES = {"findings.md": findings_page, "commands.md": commands_page, "quality.md": quality_page}


def stale() -> list[str]:
    """The pages that are not what would be written now."""
    return [
        name
        for name, make in PAGES.items()
        if not (DOCS / name).exists() or (DOCS / name).read_text(encoding="utf-8") != make()
    ]


def main() -> int:
    """Write the pages, or with --check say which of them is stale; 1 where one is."""
    if "--check" in sys.argv[1:]:
        for name in stale():
            sys.stdout.write(f"docs/{name} is not up to date: run make docs\n")
        return int(bool(stale()))
    DOCS.mkdir(exist_ok=True)
    for name, make in PAGES.items():
        (DOCS / name).write_text(make(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())

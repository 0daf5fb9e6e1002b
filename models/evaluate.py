"""The table of docs/models.md: each learned part against the rule alone, on issuers that it has not seen.

python -m models.evaluate              all parts
python -m models.evaluate headings     one of them
python -m models.evaluate --rules      the rules alone, nothing trained: roles and assignments, on each set of documents
"""

from __future__ import annotations

from collections.abc import Iterator

import click

from models.experiment import HELD_OUT, SEEN, Case, Part, Row, measure, total
from models.gold import shared

PARTS = ("headings", "roles", "relations", "assignments", "assignments-words")
HEADER = "| part | documents | figure | rule | model | difference | of 95 in 100 samples | |"


def part_named(name: str) -> Part:  # type: ignore[type-arg]  # each part has cases and models of its own kind
    """The part of that name, imported when asked for."""
    if name == "headings":
        from models.learn_headings import Headings

        return Headings()
    if name == "roles":
        from models.learn_roles import Roles

        return Roles()
    if name == "relations":
        from models.learn_relations import Relations

        return Relations()
    from models.learn_assignments import Assignments

    if name == "assignments-words":
        from models.assignments import words

        return Assignments(words, name)
    return Assignments()


def line(row: Row) -> str:
    """One row of the table in Markdown."""
    verdict = "better" if row.better else "worse" if row.worse else ""
    change = row.model.f1 - row.rule.f1
    return (
        f"| {row.part} | {row.condition} ({row.documents}) | {row.figure} | {row.rule.f1:.3f} | {row.model.f1:.3f} "
        f"| {change:+.3f} | {row.low:+.3f} to {row.high:+.3f} | {verdict} |"
    )


def table(names: tuple[str, ...], say: bool, by_issuer: bool) -> Iterator[str]:
    """The table's lines."""
    yield HEADER
    yield "|" + " --- |" * 8
    for name in names:
        tell = (lambda text: click.echo(text, err=True)) if say else (lambda _: None)
        for row in measure(part_named(name), tell, by_issuer=by_issuer):
            yield line(row)


def rules_alone() -> Iterator[str]:
    """The lines of a table of what the rules give by themselves on the gold, the documents seen and those held out."""
    from models.gold import gold, held_out, seen
    from models.learn_assignments import Assignments, charging
    from models.learn_roles import Roles, tree_of

    yield "| documents | figure | precision | recall | F1 |"
    yield "|" + " --- |" * 5
    for name, documents in (("gold", gold()), (SEEN, seen()), (HELD_OUT, held_out())):
        roles = [Roles().tally(Case(one.name, one.issuer, name, tree_of(one)), None) for one in documents]
        charges = [Assignments().tally(Case(one.name, one.issuer, name, charging(one)), None) for one in documents]
        for figure, counted, key in (
            ("roles of sections", roles, "role"),
            ("assignments", charges, "agency"),
            ("assignments, with the role", charges, "role"),
        ):
            sum_ = total(one[key] for one in counted)
            row = f"{sum_.precision:.3f} | {sum_.recall:.3f} | {sum_.f1:.3f}"
            yield f"| {name} ({len(documents)}) | {figure} | {row} |"


@click.command()
@click.argument("parts", nargs=-1, type=click.Choice(PARTS))
@click.option("--issuers", is_flag=True, help="A row for each issuer.")
@click.option("--quiet", is_flag=True, help="Only the table.")
@click.option("--rules", is_flag=True, help="The rules alone on each set of documents; nothing is trained.")
def main(parts: tuple[str, ...], issuers: bool, quiet: bool, rules: bool) -> None:
    """Measure the learned PARTS (all by default), each issuer left out in turn, and print the table."""
    if not shared().exists():
        click.echo(f"evaluate: there is no {shared()}")
        raise SystemExit(1)
    if rules:
        for text in rules_alone():
            click.echo(text)
        return
    for text in table(parts or PARTS, not quiet, issuers):
        click.echo(text)


if __name__ == "__main__":
    main()

"""The docs that follow from the code are up to date, and no command, option or rule is missing in them."""

from __future__ import annotations

from collections.abc import Iterator

import click

from kehoach import main
from rules.findings import all_rules
from tools import document


def test_written_pages_are_up_to_date() -> None:
    assert document.stale() == [], "run python -m tools.document"


def commands(group: click.Group, context: click.Context) -> Iterator[tuple[str, click.Command]]:
    """Every command with its full name, those of groups too."""
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        inner = click.Context(command, info_name=name, parent=context)
        yield inner.command_path, command
        if isinstance(command, click.Group):
            yield from commands(command, inner)


def test_every_option_has_help() -> None:
    for name, command in commands(main, click.Context(main, info_name="kehoach")):
        assert command.help, name
        for parameter in command.params:
            if isinstance(parameter, click.Option):
                assert parameter.help or parameter.name == "help", f"{name} {parameter.name}"


def test_every_rule_has_its_words_in_both_languages() -> None:
    for rule in all_rules().values():
        for words in (rule.title_vi, rule.title_en, rule.message_vi, rule.message_en, rule.why_vi, rule.why_en):
            assert words.strip(), rule.id
        assert rule.basis.strip()

"""The docs that follow from the code are up to date, and no command, option or rule is missing in them."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Sequence
from pathlib import Path

import click
import pytest

from kehoach import main
from rules.findings import all_rules
from tools import document

ROOT = Path(__file__).resolve().parent.parent
PAGES = {path.name: path.read_text(encoding="utf-8") for path in [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")]}
LINES = [
    (name, line.partition(" #")[0].partition(" > ")[0].partition("   ")[0].strip())
    for name, page in PAGES.items()
    for line in re.findall(r"(?m)^    (\S.*)$", page)
]
"""(page, line) of every indented line: commands to type, among others."""
NAMED = [(name, words) for name, page in PAGES.items() for words in re.findall(r"`([^`\n]+)`", page)]
"""(page, words) of what stands in the text as code."""
FOLDERS = ("bench", "corpus", "datasette_plugins", "docs", "extract", "models", "rules", "tests", "tools")


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


def said(beginning: str, places: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Those of `places` whose words begin so."""
    return [(page, words) for page, words in places if words.startswith(beginning)]


def leaf(words: list[str]) -> tuple[click.Command, click.Context, list[str]]:
    """The command that `words` call, and what they give it."""
    command: click.Command = main
    context = click.Context(main, info_name="kehoach")
    while isinstance(command, click.Group) and words and not words[0].startswith("-"):
        inner = command.get_command(context, words[0])
        assert inner is not None, f"there is no command {words[0]}"
        command, context, words = inner, click.Context(inner, info_name=words[0], parent=context), words[1:]
    return command, context, words


@pytest.mark.parametrize(("page", "words"), said("kehoach ", LINES))
def test_commands_to_type_are_understood(page: str, words: str) -> None:
    command, context, rest = leaf(shlex.split(words)[1:])
    command.make_context(context.info_name, rest, parent=context.parent)


@pytest.mark.parametrize("words", ["kehoach export plans.db", "kehoach serve plans.db --nonsense", "kehoach sing"])
def test_a_wrong_command_would_be_told(words: str) -> None:
    with pytest.raises((click.UsageError, AssertionError)):
        test_commands_to_type_are_understood("README.md", words)


@pytest.mark.parametrize(("page", "words"), said("kehoach ", NAMED))
def test_commands_named_in_the_docs_have_the_options_they_are_given(page: str, words: str) -> None:
    command, _, rest = leaf([word for word in words.split()[1:] if word not in ("COMMAND", "LỆNH")])
    options = {name for parameter in command.params for name in (*parameter.opts, *parameter.secondary_opts)}
    assert {word for word in rest if word.startswith("--")} <= options | {"--help"}, f"{page}: {words}"


def test_options_named_alone_are_options_of_a_command() -> None:
    ours = {
        name
        for _, command in commands(main, click.Context(main, info_name="kehoach"))
        for parameter in command.params
        for name in (*parameter.opts, *parameter.secondary_opts)
    }
    tools = "".join(
        path.read_text(encoding="utf-8") for folder in ("bench", "tools") for path in (ROOT / folder).glob("*.py")
    )
    named = {(page, words.split()[0]) for page, words in said("--", NAMED)}
    assert [(page, name) for page, name in sorted(named) if name not in ours and f'"{name}"' not in tools] == []


@pytest.mark.parametrize(("page", "words"), said("make ", [*LINES, *NAMED]))
def test_targets_in_the_docs_are_in_the_makefile(page: str, words: str) -> None:
    targets = re.findall(r"(?m)^([a-z][a-z-]*):", (ROOT / "Makefile").read_text(encoding="utf-8"))
    assert words.split()[1] in targets, f"{page}: {words}"


@pytest.mark.parametrize(("page", "words"), said("python -m ", [*LINES, *NAMED]))
def test_modules_in_the_docs_are_there_and_know_their_options(page: str, words: str) -> None:
    module, *rest = words.split()[2:]
    path = ROOT / f"{module.replace('.', '/')}.py"
    assert path.is_file(), f"{page}: {words}"
    for option in (word for word in rest if word.startswith("--")):
        assert f'"{option}"' in path.read_text(encoding="utf-8"), f"{page}: {words}"


def test_files_named_in_the_docs_are_there() -> None:
    names = {(page, words) for page, words in NAMED if re.fullmatch(rf"(?:{'|'.join(FOLDERS)})/[\w./*-]*", words)}
    links = {(page, link) for page, text in PAGES.items() for link in re.findall(r"\]\(([\w./-]+)\)", text)}
    absent = [(page, name) for page, name in sorted(names) if not list(ROOT.glob(name.rstrip("/")))]
    homes = {path.name: path.parent for path in [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")]}
    assert absent == []
    assert [(page, link) for page, link in sorted(links) if not (homes[page] / link).exists()] == []

"""Kehoach: read Vietnamese administrative plans, trace what they implement, find what does not agree.

The public functions are `read`, `extract`, `open_corpus` and `load_pipeline`; the command line is `kehoach`.
Nothing heavy is imported before it is used.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from spacy.language import Language
    from sqlite_utils import Database

    from corpus.build import BuildReport
    from extract.records import Document, ReadError, Source
    from rules.units import Gazetteer

__version__ = "0.1.0"
__all__ = ["__version__", "extract", "load_pipeline", "main", "open_corpus", "read"]

EXIT_OK, EXIT_SOME_FAILED, EXIT_USAGE, EXIT_NOTHING = 0, 1, 2, 3


def read(path: str | Path) -> Source:
    """The canonical text of a file with its pages, boxes and tables. Raises `extract.records.ReadError`."""
    from extract.readers import read as read_file

    return read_file(path)


def extract(source: Source | str, units: Gazetteer | None = None, models: bool = True) -> Document:
    """All facts of a source, or of a text given as it is; by the rules alone without `models`."""
    from extract.decisions import RULES
    from extract.pipeline import extract as extract_source
    from extract.readers.plain import read_text
    from models.shipped import shipped

    source = read_text(source) if isinstance(source, str) else source
    return extract_source(source, units, shipped() if models else RULES)


def open_corpus(path: str | Path) -> Database:
    """The built database at `path`, read-only. Raises `extract.records.KehoachError` where there is none."""
    from corpus.opening import open_corpus as open_file

    return open_file(Path(path))


def load_pipeline() -> Language:
    """A spaCy pipeline whose components are this project's finders; their facts stand in ``doc.spans``."""
    from models.pipeline import load_pipeline as load

    return load()


class _Group(click.Group):
    """Turns a `KehoachError` into one plain sentence and an exit code."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            click.echo("Stopped.", err=True)
            ctx.exit(130)
        except BrokenPipeError:
            _quiet_stdout()
            ctx.exit(EXIT_OK)
        except Exception as fault:
            from extract.records import KehoachError
            from rules.units import UnitsError

            if not isinstance(fault, KehoachError | UnitsError):
                raise
            click.echo(f"kehoach: {fault}", err=True)
            ctx.exit(EXIT_USAGE)


def _quiet_stdout() -> None:
    """Keeps Python from complaining at exit about a reader that went away."""
    import os

    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="kehoach")
def main() -> None:
    """Read Vietnamese administrative plans (kế hoạch), trace what they implement, and find what does not agree.

    \b
    Examples:
      kehoach demo                              look at the sample corpus in a browser
      kehoach build plans/ --db plans.db        read a folder into a database
      kehoach serve plans.db --open             browse it
      kehoach extract plan.pdf > plan.jsonl     all facts of one file as JSON Lines
    """


@main.command("extract")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--units", type=click.Path(path_type=Path), help="CSV of further administrative units.")
@click.option("--boxes/--no-boxes", default=True, help="Give page boxes of every fact (files with pages).")
@click.option(
    "--models/--no-models", default=True, help="Let learned parts decide where they help, or the rules alone."
)
def extract_command(paths: tuple[Path, ...], units: Path | None, boxes: bool, models: bool) -> None:
    """Write the facts of each file as one JSON object a line on standard output.

    A file that cannot be read gives an object whose "error" says why; the others go on.
    Exit code: 0 all read, 1 some failed, 2 wrong use, 3 nothing to read.

    \b
    Example:
      kehoach extract plans/*.pdf > facts.jsonl
    """
    from corpus.progress import ReadingBar
    from extract.readers import files_below
    from rules.units import load_units

    gazetteer = load_units(units)
    files = list(files_below(paths))
    if not files:
        click.echo("kehoach: no file of a known kind in what was given. Known: txt md html docx doc pdf.", err=True)
        raise SystemExit(EXIT_NOTHING)
    from extract.readers.limits import read_limited

    failed = 0
    with ReadingBar(len(files), "Reading") as advance:
        for path, read in read_limited(files):
            failed += not _write_facts(path, read, gazetteer, boxes, models)
            advance()
    if failed:
        click.echo(f'kehoach: {failed} of {len(files)} files could not be read; see their "error".', err=True)
        raise SystemExit(EXIT_SOME_FAILED)


def _write_facts(path: str, read: Source | ReadError, units: Gazetteer, boxes: bool, models: bool) -> bool:
    """Writes the object of one file; False where it could not be read."""
    from extract.records import Failure, Source
    from extract.serialise import failure_to_json, to_json

    name = path.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    if isinstance(read, Source):
        out = to_json(extract(read, units, models), boxes)
    else:
        out = failure_to_json(name, None, Failure(code=read.code, message=read.message))
    sys.stdout.buffer.write(json.dumps(out, ensure_ascii=False).encode("utf-8", "replace") + b"\n")
    sys.stdout.buffer.flush()
    return out["error"] is None


@main.command("build")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--db", required=True, type=click.Path(path_type=Path), help="The database to write.")
@click.option("--manifest", type=click.Path(path_type=Path), help="CSV: path,address,supplier,received of each file.")
@click.option("--units", type=click.Path(path_type=Path), help="CSV of further administrative units.")
@click.option("--workers", type=click.IntRange(1), help="Processes that read (default: one a core).")
@click.option(
    "--models/--no-models", default=True, help="Let learned parts decide where they help, or the rules alone."
)
@click.option("--ray", "address", help="Read on the Ray cluster at this address, or 'auto'. Needs kehoach[cluster].")
@click.option("--shards", help="Folder or fsspec address where a cluster puts facts as Parquet, to be kept there.")
@click.option("--quiet", is_flag=True, help="Only the last line.")
def build_command(
    paths: tuple[Path, ...],
    db: Path,
    manifest: Path | None,
    units: Path | None,
    workers: int | None,
    models: bool,
    address: str | None,
    shards: str | None,
    quiet: bool,
) -> None:
    """Read files and folders into a database: facts, links, chains of implementation, findings, search.

    Originals are kept beside it in NAME.files. A file that cannot be read becomes a row in "errors".
    Exit code: 0 all read, 1 some failed, 2 wrong use or nothing to read.

    \b
    Example:
      kehoach build plans/ --db plans.db --manifest received.csv
    """
    from corpus.build import build
    from corpus.on_ray import Cluster
    from corpus.progress import BuildBars
    from rules.units import load_units

    load_units(units)
    if shards and not address:
        raise click.UsageError("--shards goes with --ray.")
    cluster = Cluster(address=address, shards=shards) if address else None
    with BuildBars(quiet) as progress:
        report = build(
            list(paths),
            db,
            manifest=manifest,
            units=units,
            workers=workers,
            progress=progress,
            models=models,
            cluster=cluster,
        )
    _say_what_was_built(report)
    if report.failed:
        raise SystemExit(EXIT_SOME_FAILED)


def _say_what_was_built(report: BuildReport) -> None:
    """The files that failed and those to be careful with on standard error, then one line on the whole."""
    from corpus.progress import summary, warnings

    for line in warnings(report):
        click.echo(line, err=True)
    click.echo(summary(report))


@main.command("serve")
@click.argument("db", type=click.Path(path_type=Path))
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8001, show_default=True, type=click.IntRange(0, 65535), help="0: any free one.")
@click.option("--open", "open_browser", is_flag=True, help="Open it in the browser.")
@click.option("--base-url", default="/", show_default=True, help="Path below which a proxy serves it.")
@click.option("--review", is_flag=True, help="Let those who sign in decide on findings and keep cases, in review.db.")
@click.option("--as", "reviewer", help="With --review: whom the printed link signs in (default: your user name).")
@click.option(
    "--processes",
    type=click.IntRange(1, 64),
    help="How many processes answer (default: one for each core, at most 4; one for a small database).",
)
def serve_command(
    db: Path,
    host: str,
    port: int,
    open_browser: bool,
    base_url: str,
    review: bool,
    reviewer: str | None,
    processes: int | None,
) -> None:
    """Serve a built database in Datasette with the pages of Kehoach. Stop it with Ctrl-C.

    It only reads, but with --review: then a link is printed that signs you in once, and those who have an account
    (kehoach review user) sign in on the page.

    \b
    Example:
      kehoach serve plans.db --port 8010 --open
      kehoach serve plans.db --review --as "Nguyễn Thị An"
    """
    from datasette_plugins.desk.serve import serve

    if reviewer is not None and not review:
        raise click.UsageError("--as is for a server that is open for review: add --review.")
    serve(db, host, port, open_browser, base_url, _reviewer(reviewer) if review else None, processes)


def _reviewer(name: str | None) -> str:
    """Whose name decisions carry that are made through the printed link."""
    import getpass

    return " ".join((name or getpass.getuser()).split())[:80] or "reviewer"


@main.group("review")
def review_group() -> None:
    """Keep what people decided: back it up, and say who may decide.

    \b
    Example:
      kehoach review backup plans.db /backups/review-2025-06-01.db
      kehoach review user plans.db an --name "Nguyễn Thị An"
    """


@review_group.command("backup")
@click.argument("db", type=click.Path(path_type=Path))
@click.argument("to", type=click.Path(path_type=Path))
def review_backup_command(db: Path, to: Path) -> None:
    """Copy the decisions and cases on DB to the file TO, safely also while people work.

    \b
    Example:
      kehoach review backup plans.db /backups/review-2025-06-01.db
    """
    from corpus.review import backup, review_path

    click.echo(f"{to}: {backup(review_path(db), to)} decisions and entries of cases")


@review_group.command("user")
@click.argument("db", type=click.Path(path_type=Path))
@click.argument("login")
@click.option("--name", help="The person's name, shown beside what they decide (default: LOGIN).")
@click.option("--remove", is_flag=True, help="Take the account away; its decisions keep the name.")
def review_user_command(db: Path, login: str, name: str | None, remove: bool) -> None:
    """Let a person review DB, or give them a new password, which is asked for (or read from standard input).

    \b
    Example:
      kehoach review user plans.db an --name "Nguyễn Thị An"
    """
    from datasette_plugins.desk import accounts

    path = accounts.users_path(db)
    if remove:
        accounts.drop(path, login)
    else:
        accounts.put(path, login, name or accounts.load(path).names.get(login, login), _password())
    click.echo(f"{path}: {login} may {'no longer ' if remove else ''}review")


def _password() -> str:
    if sys.stdin.isatty():
        return str(click.prompt("Password", hide_input=True, confirmation_prompt=True))
    return sys.stdin.readline().rstrip("\r\n")


@main.command("demo")
@click.option("--port", default=8001, show_default=True, type=click.IntRange(0, 65535), help="0: any free one.")
@click.option("--open", "open_browser", is_flag=True, help="Open it in the browser.")
def demo_command(port: int, open_browser: bool) -> None:
    """Build the embedded sample corpus into a temporary database and serve it. Stop it with Ctrl-C.

    \b
    Example:
      kehoach demo --port 8010
    """
    import tempfile

    from corpus.progress import BuildBars
    from corpus.samples.database import build_samples
    from datasette_plugins.desk.serve import serve

    with tempfile.TemporaryDirectory(prefix="kehoach-demo-") as folder:
        db = Path(folder) / "demo.db"
        with BuildBars(quiet=False) as progress:
            report = build_samples(db, progress)
        _say_what_was_built(report)
        serve(db, host="127.0.0.1", port=port, open_browser=open_browser)


@main.command("export")
@click.argument("db", type=click.Path(path_type=Path))
@click.argument("what")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--form", help="csv, jsonl, xlsx, parquet, graphml, json, ics, xml; by default the file's ending.")
def export_command(db: Path, what: str, path: Path, form: str | None) -> None:
    """Write WHAT of the database to the file PATH, in a fixed order, secret marks and personal numbers masked.

    Everything bears the SHA-256 of the documents that it comes from, and their origin where a manifest told it.

    \b
    WHAT is one of
      documents sections citations references budgets deadlines assignments targets works findings
                     as csv, jsonl, xlsx or parquet (parquet needs kehoach[cluster]);
                     findings with both sides of their evidence
      graph          the cross-reference graph as graphml or json
      calendar       the deadlines as an ics calendar
      metadata       the fields of Nghị định 30/2020/NĐ-CP, Phụ lục VI, as jsonl
      document:ID    one document as Akoma Ntoso (xml)

    \b
    Example:
      kehoach export plans.db findings findings.xlsx
    """
    from corpus.export import export

    export(db, what, path, form)
    click.echo(str(path))


@main.command("doctor")
def doctor_command() -> None:
    """Say what of the optional parts is there, how to get what is not, and whether our packages are our own.

    \b
    Example:
      kehoach doctor
    """
    from extract.doctor import foreign_packages, optional_parts

    foreign = foreign_packages()
    for line in [*optional_parts(), *foreign]:
        click.echo(line)
    if foreign:
        raise SystemExit(EXIT_SOME_FAILED)


if __name__ == "__main__":
    main()

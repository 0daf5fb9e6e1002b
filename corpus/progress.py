"""What a reading or a build says on a terminal: bars while it works, and what came of it in the end."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from corpus.build import BuildReport

_MOST_TOLD = 20
"""So many files are named; the database holds the others."""


class ReadingBar:
    """A progress bar on standard error where that is a terminal and the work is long; else nothing."""

    def __init__(self, total: int, label: str) -> None:
        self.total, self.label = total, label

    def __enter__(self) -> Callable[[], None]:
        self.bar = None
        if self.total < 3 or not sys.stderr.isatty() or sys.stdout.isatty():
            return lambda: None
        from rich.console import Console
        from rich.progress import Progress

        self.bar = Progress(console=Console(stderr=True), transient=True)
        self.bar.start()
        task = self.bar.add_task(self.label, total=self.total)
        bar = self.bar
        return lambda: bar.advance(task)

    def __exit__(self, *exc: object) -> None:
        if self.bar:
            self.bar.stop()


class BuildBars:
    """Shows the stages of a build as bars on a terminal; gives None elsewhere."""

    def __init__(self, quiet: bool) -> None:
        self.quiet = quiet

    def __enter__(self) -> Callable[[str, int, int], None] | None:
        self.bar = None
        if self.quiet or not sys.stderr.isatty():
            return None
        from rich.console import Console
        from rich.progress import Progress, TaskID

        bar = self.bar = Progress(console=Console(stderr=True), transient=True)
        bar.start()
        tasks: dict[str, TaskID] = {}

        def show(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bar.add_task(stage, total=total)
            bar.update(tasks[stage], completed=done, total=total)

        return show

    def __exit__(self, *exc: object) -> None:
        if self.bar:
            self.bar.stop()


def warnings(report: BuildReport) -> Iterator[str]:
    """A line for each file that failed, and for each to be careful with."""
    for path, code, message in report.errors[:_MOST_TOLD]:
        yield f"{path}: {code}: {message}"
    if len(report.errors) > _MOST_TOLD:
        yield f"... and {len(report.errors) - _MOST_TOLD} more: see the table errors"
    if not report.sensitive:
        return
    count = len({warned.document for warned in report.sensitive})
    yield f"Secrecy marks or personal numbers in {count} documents; exports hide them, pages do not:"
    for warned in report.sensitive[:_MOST_TOLD]:
        yield f"  {warned.path}: {warned.message_en}"
    if len(report.sensitive) > _MOST_TOLD:
        yield f"  ... and {len(report.sensitive) - _MOST_TOLD} more: see the findings of sensitive-data"


def summary(report: BuildReport) -> str:
    """One line on the whole build."""
    failed = f"{report.failed} could not be read" if report.failed else "all read"
    return f"{report.db}: {report.documents} documents, {report.findings} findings; {report.files} files, {failed}"

"""`make bench-pages`: how fast the desk's pages are over a large corpus, asked of a real `kehoach serve`.

    python -m bench.pages [COUNT] [--db FILE] [--kind NAME] [--seconds N] [--processes N]

The database of COUNT generated documents (100,000 where nothing is said) is built under `.bench/` where it is not there
yet. Each kind of page is asked first for addresses that are not measured, then for others, one after the other, by
one client. Then ten clients ask for pages of all kinds at once; they run on the same cores as the server. Times are
those until the last byte has come, in milliseconds; beside them stands how long the server worked for a page, which
other programs on the same machine do not lengthen.
"""

from __future__ import annotations

import http.client
import os
import random
import re
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import click

from bench.generate import write
from bench.page_kinds import ASKED, WARMING, K, Kind, kinds

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = 100_000
CLIENTS = 10
MIX_AIM = 80.0
"""Pages a second over the mix on two cores."""


@dataclass(slots=True)
class Mixed:
    """What ten clients saw: ms of each page, and what was no page."""

    times: list[float] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    seconds: float = 0.0


def database(count: int) -> Path:
    """The database of `count` generated documents under `.bench/`, made where it is not there."""
    from corpus.build import build

    folder = ROOT / ".bench" / f"pages-{count}"
    path = folder / "plans.db"
    if not path.is_file():
        click.echo(f"making {count} documents and their database in {folder} ...")
        write(folder / "in", count)
        build([folder / "in"], path)
    return path


@contextmanager
def served(path: Path, processes: int | None) -> Iterator[tuple[str, int, int]]:
    """Host, port and process of `kehoach serve` over the database."""
    command = [sys.executable, "-m", "kehoach", "serve", str(path), "--port", "0"]
    if processes is not None:
        command += ["--processes", str(processes)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        found = re.search(r"http://\S+", line)
        if found is None:
            raise click.ClickException(f"kehoach serve did not start: {line}")
        parts = urlsplit(found.group())
        yield str(parts.hostname), int(parts.port or 80), process.pid
    finally:
        process.terminate()
        process.wait(timeout=20)


def cpu_seconds(process: int) -> float:
    """The time that a process and those that it started have worked; 0 where the system has no `/proc` to tell it."""
    told = Path(f"/proc/{process}/stat")
    if not told.is_file():
        return 0.0
    fields = told.read_text().rpartition(")")[2].split()
    children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    own = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return own + sum(cpu_seconds(int(child)) for child in children)


def ask(connection: http.client.HTTPConnection, path: str) -> tuple[float, int]:
    """Milliseconds until the page is there, and its status."""
    begin = time.perf_counter()
    connection.request("GET", path)
    answer = connection.getresponse()
    answer.read()
    return (time.perf_counter() - begin) * 1000, answer.status


def percentile(times: Sequence[float], share: float) -> float:
    """The time that this share of the pages keeps to."""
    ordered = sorted(times)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def warm(host: str, port: int) -> None:
    """Has every process of the server work out what it works out once for each build."""
    paths = (
        "/",
        *(f"{K}/{name}" for name in ("findings", "deadlines", "money", "search", "graph", "graph?view=whole")),
    )

    def all_paths() -> None:
        with closing(http.client.HTTPConnection(host, port, timeout=600)) as connection:
            for path in paths:
                ask(connection, path)

    threads = [threading.Thread(target=all_paths) for _ in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def one_client(host: str, port: int, process: int, kind: Kind) -> tuple[list[float], float]:
    """The times of one kind of page, asked one after the other, and how long the server worked for each, in ms."""
    with closing(http.client.HTTPConnection(host, port, timeout=60)) as connection:
        for path in kind.paths[:WARMING]:
            ask(connection, path)
        times = []
        worked = cpu_seconds(process)
        for path in kind.paths[WARMING : WARMING + ASKED]:
            took, status = ask(connection, path)
            if status != 200:
                raise click.ClickException(f"{path} was answered with {status}")
            times.append(took)
    return times, (cpu_seconds(process) - worked) * 1000 / max(1, len(times))


def many_clients(host: str, port: int, chosen: Sequence[Kind], seconds: float) -> Mixed:
    """What `CLIENTS` clients see that ask for pages of all kinds for so many seconds."""
    mixed = Mixed()
    begin = time.perf_counter()

    def client(seed: int) -> None:
        rng = random.Random(seed)
        with closing(http.client.HTTPConnection(host, port, timeout=60)) as connection:
            while time.perf_counter() - begin < seconds:
                kind = rng.choices(chosen, [kind.share for kind in chosen])[0]
                path = rng.choice(kind.paths)
                try:
                    took, status = ask(connection, path)
                except (OSError, http.client.HTTPException) as fault:
                    mixed.faults.append(f"{path}: {fault!r}")
                    connection.close()
                    continue
                mixed.times.append(took)
                if status != 200:
                    mixed.faults.append(f"{path}: {status}")

    threads = [threading.Thread(target=client, args=(seed,)) for seed in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    mixed.seconds = time.perf_counter() - begin
    return mixed


@click.command()
@click.argument("count", type=int, default=DOCUMENTS)
@click.option("--db", type=click.Path(path_type=Path, exists=True), help="A database to measure instead.")
@click.option("--kind", "names", multiple=True, help="Only pages of this kind.")
@click.option("--seconds", default=20.0, show_default=True, help="How long the ten clients ask.")
@click.option("--processes", type=int, help="How many processes serve, else as many as the server starts by itself.")
def main(count: int, db: Path | None, names: tuple[str, ...], seconds: float, processes: int | None) -> None:
    """Measure the pages."""
    path = db or database(count)
    chosen = [kind for kind in kinds(path) if not names or any(kind.name.startswith(name) for name in names)]
    click.echo(f"{path.stat().st_size / 1e6:.0f} MB, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    with served(path, processes) as (host, port, process):
        warm(host, port)
        missed = each_kind(host, port, process, chosen)
        mix = [kind for kind in chosen if kind.share]
        if mix and not ten_clients(host, port, process, mix, seconds) and not names:
            missed.append("ten clients")
    click.echo(f"missed: {', '.join(missed)}" if missed else "every aim is kept")
    sys.exit(1 if missed else 0)


def each_kind(host: str, port: int, process: int, chosen: Sequence[Kind]) -> list[str]:
    """Measures every kind of page by one client; the kinds whose aim is missed."""
    missed = []
    click.echo(f"{'one client':16} {'median':>8} {'p95':>8} {'aim':>6} {'worked':>8}")
    for kind in chosen:
        times, worked = one_client(host, port, process, kind)
        slow = percentile(times, 0.95)
        missed += [kind.name] if slow > kind.aim else []
        click.echo(f"{kind.name:16} {statistics.median(times):8.0f} {slow:8.0f} {kind.aim:6.0f} {worked:8.1f}")
    return missed


def ten_clients(host: str, port: int, process: int, mix: Sequence[Kind], seconds: float) -> bool:
    """Measures ten clients at once; whether they had no error and as many pages a second as they should."""
    worked = cpu_seconds(process)
    mixed = many_clients(host, port, mix, seconds)
    worked = (cpu_seconds(process) - worked) * 1000 / max(1, len(mixed.times))
    rate, slow = len(mixed.times) / mixed.seconds, percentile(mixed.times, 0.95)
    click.echo(
        f"{CLIENTS} clients: {rate:.0f} pages/s (aim {MIX_AIM:.0f}), {len(mixed.faults)} errors, p95 {slow:.0f} ms,"
        f" the server worked {worked:.1f} ms a page"
    )
    for fault in mixed.faults[:5]:
        click.echo(f"  {fault}")
    return rate >= MIX_AIM and not mixed.faults


if __name__ == "__main__":
    main()

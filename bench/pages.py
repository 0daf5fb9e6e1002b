"""`make bench-pages`: how fast the desk's pages are over a large corpus, asked of a real `kehoach serve`.

    python -m bench.pages [COUNT] [--db FILE] [--kind NAME] [--seconds N]

The database of COUNT generated documents (100,000 where nothing is said) is built under `.bench/` where it is not there
yet. Each kind of page is asked first for addresses that are not measured, then for others, one after the other, by
one client. Then ten clients ask for pages of all kinds at once; they run on the same cores as the server. Times are
those until the last byte has come, in milliseconds.
"""

from __future__ import annotations

import http.client
import os
import random
import re
import sqlite3
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import click

from bench.generate import write

ROOT = Path(__file__).resolve().parent.parent
K = "/-/kehoach"
DOCUMENTS = 100_000
CLIENTS = 10
MIX_AIM = 80.0
"""Pages a second over the mix on two cores."""
ASKED, WARMING = 80, 25


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of page: the aim for its 95th percentile in ms, its share of the mix, and its addresses."""

    name: str
    aim: float
    share: int
    paths: Sequence[str]


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


def _column(db: sqlite3.Connection, sql: str) -> list[str]:
    return [str(row[0]) for row in db.execute(sql)]


def _spread(db: sqlite3.Connection, table: str, rng: random.Random, where: str = "1") -> list[str]:
    """Ids from all over a table."""
    last = int(db.execute(f"select max(rowid) from {table}").fetchone()[0])
    found: list[str] = []
    for _ in range(20 * (ASKED + WARMING)):
        sql = f"select id from {table} where rowid >= ? and {where} limit 1"
        found += [str(row[0]) for row in db.execute(sql, (rng.randint(1, last),))]
        if len(set(found)) >= ASKED + WARMING:
            break
    return list(dict.fromkeys(found))


def searches(db: sqlite3.Connection, rng: random.Random) -> list[str]:
    """Addresses of search: rare words and common ones, codes, issuers, with filters and without."""
    codes = _column(db, "select code from documents where code is not null order by id limit 400")
    issuers = _column(db, "select distinct issuer from documents where issuer is not null order by id limit 400")
    common = ["kinh phi", "ủy ban nhân dân", "giam ngheo", "nước sạch", "KH-UBND", "phòng chống cháy rừng", "thôn"]
    out = []
    for number in range(ASKED + WARMING):
        words = (rng.choice(codes), rng.choice(common), " ".join(rng.choice(issuers).split()[-2:]))[number % 3]
        asked = {"q": words}
        if number % 4 == 0:
            asked["year"] = str(rng.choice((2021, 2022, 2023, 2024)))
        if number % 5 == 0:
            asked["issuer"] = rng.choice(issuers).split()[-1]
        if number % 7 == 0:
            asked["page"] = str(rng.randint(2, 5))
        out.append(f"{K}/search?{urlencode(asked)}")
    return out


def kinds(path: Path) -> list[Kind]:
    """The kinds of pages, with addresses that stand in this database."""
    rng = random.Random(5)
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as db:
        documents = _spread(db, "documents", rng)
        works = _spread(db, "works", rng)
        cited = _column(db, f"select id from works order by cited_by desc limit {(ASKED + WARMING) // 5}")
        findings = _spread(db, "findings", rng)
        provinces = _column(db, "select distinct province from documents where province is not null limit 200")
        asked = searches(db, rng)
    rng.shuffle(works := [*cited, *works[: ASKED + WARMING - len(cited)]])
    lists = []
    for number in range(ASKED + WARMING):
        chosen = (
            f"findings?severity={rng.choice(('error', 'warning'))}&page={rng.randint(1, 9)}",
            f"findings?page={rng.randint(1, 9)}",
            f"deadlines?page={rng.randint(1, 40)}",
            f"money?page={rng.randint(1, 40)}",
            f"search?{urlencode({'province': rng.choice(provinces) if provinces else '-'})}&page={rng.randint(1, 4)}",
            f"search?year={rng.choice((2021, 2022, 2023))}&level=commune",
        )[number % 6]
        lists.append(f"{K}/{chosen}")
    return [
        Kind("document", 150, 30, [f"{K}/document/{ident}" for ident in documents]),
        Kind("work", 150, 15, [f"{K}/work/{ident}" for ident in works]),
        Kind("chain", 150, 10, [f"{K}/document/{ident}/chain" for ident in reversed(documents)]),
        Kind("finding", 150, 10, [f"{K}/finding/{ident}" for ident in findings]),
        Kind("search", 200, 15, asked),
        Kind("home", 250, 10, ["/"] * (ASKED + WARMING)),
        Kind("lists", 250, 10, lists),
    ]


@contextmanager
def served(path: Path) -> Iterator[tuple[str, int, int]]:
    """Host, port and process of `kehoach serve` over the database."""
    command = [sys.executable, "-m", "kehoach", "serve", str(path), "--port", "0"]
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
    """The time that a process has worked, all its threads together; 0 where the system has no `/proc` to tell it."""
    told = Path(f"/proc/{process}/stat")
    if not told.is_file():
        return 0.0
    fields = told.read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


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
    """Has the server work out what it works out once for each build."""
    with closing(http.client.HTTPConnection(host, port, timeout=600)) as connection:
        for path in ("/", *(f"{K}/{name}" for name in ("findings", "deadlines", "money", "search", "graph"))):
            ask(connection, path)


def one_client(host: str, port: int, kind: Kind) -> list[float]:
    """The times of one kind of page, asked one after the other."""
    with closing(http.client.HTTPConnection(host, port, timeout=60)) as connection:
        for path in kind.paths[:WARMING]:
            ask(connection, path)
        times = []
        for path in kind.paths[WARMING : WARMING + ASKED]:
            took, status = ask(connection, path)
            if status != 200:
                raise click.ClickException(f"{path} was answered with {status}")
            times.append(took)
    return times


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
def main(count: int, db: Path | None, names: tuple[str, ...], seconds: float) -> None:
    """Measure the pages."""
    path = db or database(count)
    chosen = [kind for kind in kinds(path) if not names or kind.name in names]
    missed = []
    with served(path) as (host, port, process):
        warm(host, port)
        click.echo(f"{path.stat().st_size / 1e6:.0f} MB, {os.cpu_count()} cores")
        click.echo(f"{'one client':12} {'median':>8} {'p95':>8} {'aim':>6}")
        for kind in chosen:
            times = one_client(host, port, kind)
            slow = percentile(times, 0.95)
            missed += [kind.name] if slow > kind.aim else []
            click.echo(f"{kind.name:12} {statistics.median(times):8.0f} {slow:8.0f} {kind.aim:6.0f}")
        worked = cpu_seconds(process)
        mixed = many_clients(host, port, chosen, seconds)
        worked = (cpu_seconds(process) - worked) / max(1, len(mixed.times))
    rate = len(mixed.times) / mixed.seconds
    if not names and (rate < MIX_AIM or mixed.faults):
        missed.append("ten clients")
    slow = percentile(mixed.times, 0.95)
    click.echo(
        f"{CLIENTS} clients: {rate:.0f} pages/s (aim {MIX_AIM:.0f}), {len(mixed.faults)} errors, p95 {slow:.0f} ms"
    )
    click.echo(f"the server worked {worked * 1000:.1f} ms a page (what it waited for the processor apart)")
    for fault in mixed.faults[:5]:
        click.echo(f"  {fault}")
    click.echo(f"missed: {', '.join(missed)}" if missed else "every aim is kept")
    sys.exit(1 if missed else 0)


if __name__ == "__main__":
    main()

"""`make bench`: speed of the extraction as ratios of medians, all measured in one run.

All facts, and citations alone, over the seeds repeated to 5 MB; beside them eyecite's `get_citations` with its default
tokenizer over English text with one citation in 1,850 characters, and underthesea's `ner` line by line. A package
that is not installed is left out and said so. Bytes are of UTF-8.
"""

from __future__ import annotations

import math
import statistics
import time
from collections.abc import Callable, Sequence

import click

from bench.quality import shared
from extract.citations import find_citations
from extract.decisions import RULES, Decisions
from extract.issuers import Namer
from extract.letterhead import read_letterhead
from extract.pipeline import extract
from extract.records import Source
from extract.sections import find_sections
from extract.text import build_view, canonical
from models.noise import HEAVY, add_noise
from models.shipped import shipped
from rules.units import load_units

ROUNDS = 5
MEGABYTES = 5
ENGLISH = "The agency shall publish its findings in the order in which they were made and shall give reasons for each. "


def seeds() -> list[str]:
    """The seeds' texts, repeated until they hold MEGABYTES."""
    texts = [canonical(p.read_text(encoding="utf-8")) for p in sorted((shared() / "corpus" / "seeds").glob("*.txt"))]
    size = sum(len(text.encode()) for text in texts)
    return texts * max(1, round(MEGABYTES * 1e6 / size))


def median_rate(work: Callable[[], object], size: int, rounds: int = ROUNDS) -> float:
    """Megabytes a second, the median of `rounds`."""
    times = []
    for _ in range(rounds):
        begin = time.perf_counter()
        work()
        times.append(time.perf_counter() - begin)
    return size / statistics.median(times) / 1e6


def all_facts(texts: Sequence[str], decisions: Decisions = RULES) -> None:
    """Everything that `extract` finds."""
    for text in texts:
        extract(Source(path="x", sha256="0" * 64, media_type="text/plain", text=text), decisions=decisions)


def with_models(texts: Sequence[str], rounds: int = 10) -> tuple[float, float]:
    """Time with the learned parts that ship over time without: on the texts as they are, and heavily misread.

    Both are timed in turn, in the process's own time, and the quickest of `rounds` is taken of each.
    """
    some = list(dict.fromkeys(texts))
    misread = [add_noise(text, HEAVY, 1).text for text in some]
    return _ratio(some, rounds), _ratio(misread, rounds)


def _ratio(texts: Sequence[str], rounds: int) -> float:
    quickest = {"rules": math.inf, "models": math.inf}
    for _ in range(rounds):
        for name, decisions in (("rules", RULES), ("models", shipped())):
            begin = time.process_time()
            all_facts(texts, decisions)
            quickest[name] = min(quickest[name], time.process_time() - begin)
    return quickest["models"] / quickest["rules"]


def citations_alone(texts: Sequence[str]) -> Callable[[], None]:
    """Only the citation finder; view, letterhead and sections are made beforehand."""
    units = load_units()
    made = []
    for text in dict.fromkeys(texts):
        view = build_view(text)
        header, layout = read_letterhead(view, units)
        made.append((view, layout, header, find_sections(view, layout), Namer(header, units)))
    rounds = len(texts) // len(made)

    def work() -> None:
        for _ in range(rounds):
            for view, layout, header, sections, namer in made:
                find_citations(view, layout, header, sections, namer)

    return work


def eyecite_rate() -> float | None:
    """eyecite over English text of 400 kB with one citation in 1,850 characters."""
    try:
        from eyecite import get_citations
    except ImportError:
        return None
    passage = (ENGLISH * 20)[:1820] + "See Smith v. Doe, 410 U.S. 113. "
    text = passage * 220
    get_citations(passage)
    return median_rate(lambda: get_citations(text), len(text.encode()))


def ner_rate(texts: Sequence[str]) -> float:
    """underthesea's `ner`, line by line, over 20 kB."""
    from underthesea import ner

    lines = [line for text in texts for line in text.splitlines() if line.strip()]
    some, size = [], 0
    for line in lines:
        some.append(line)
        size += len(line.encode())
        if size > 20_000:
            break
    ner(some[0])
    return median_rate(lambda: [ner(line) for line in some], size)


def linearity() -> tuple[float, float]:
    """Megabytes a second over one document of 100 kB and one of 2 MB, its parts joined into one text."""
    texts = [p.read_text(encoding="utf-8") for p in sorted((shared() / "corpus" / "seeds").glob("*.txt"))]
    whole = canonical("\n\n".join(texts))
    size = len(whole.encode())
    small, large = whole * max(1, round(1e5 / size)), whole * max(1, round(2e6 / size))
    return tuple(median_rate(lambda t=t: all_facts([t]), len(t.encode()), 3) for t in (small, large))  # type: ignore[return-value,misc]


@click.command()
def main() -> None:
    """Print the rates and their ratios."""
    if not shared().exists():
        click.echo(f"speed: skipped, there is no {shared()}")
        return
    texts = seeds()
    size = sum(len(text.encode()) for text in texts)
    all_facts(texts[:5])
    everything = median_rate(lambda: all_facts(texts), size)
    learned, noisy = with_models(texts)
    cited = median_rate(citations_alone(texts), size)
    named = ner_rate(texts)
    english = eyecite_rate()
    small, large = linearity()
    click.echo(f"all facts, rules alone      {everything:8.2f} MB/s")
    click.echo(f"with models / rules alone   {learned:8.3f} times as long; misread text {noisy:.3f}")
    click.echo(f"citations alone             {cited:8.2f} MB/s")
    click.echo(f"underthesea ner, by line    {named:8.3f} MB/s   citations / ner     {cited / named:8.0f}")
    if english is None:
        click.echo("eyecite is not installed (dependency group bench): its ratio is left out")
    else:
        click.echo(f"eyecite get_citations       {english:8.3f} MB/s   citations / eyecite {cited / english:8.1f}")
    click.echo(f"one document of 0.1 MB      {small:8.2f} MB/s")
    click.echo(f"one document of 2 MB        {large:8.2f} MB/s   2 MB / 0.1 MB       {large / small:8.2f}")


if __name__ == "__main__":
    main()

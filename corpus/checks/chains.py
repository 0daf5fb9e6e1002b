"""The chain of implementation: circles, plans that are missing above, units that are missing below."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from corpus.checks.base import Corpus, Found
from corpus.identity import fold
from rules.hierarchy import types
from rules.loader import pattern
from rules.units import NAMING_KIND, REFORM, Gazetteer, Level, Unit, split_kind


def check_chain_cycle(corpus: Corpus) -> Iterator[Found]:
    """Documents that implement one another in a circle."""
    sql = """select e.source, e.target, e.citation, back.citation as back from edges e
             join edges back on back.source = e.target and back.target = e.source and back.relation = 'implements'
             where e.relation = 'implements' and e.source < e.target order by e.source, e.target"""
    for row in corpus.rows(sql):
        yield _circle(corpus, (row["citation"], row["back"]), (row["source"], row["target"]))
    for works, citations in _longer_circles(corpus):
        yield _circle(corpus, citations, works)


def _circle(corpus: Corpus, citations: tuple[str, ...], works: tuple[str, ...]) -> Found:
    labels = [corpus.rows("select label from works where id = ?", work)[0]["label"] for work in works]
    sides = tuple(corpus.side(citation) for citation in citations)
    return Found(
        rule="chain-cycle", document=sides[0].document, work=works[0], sides=sides, words={"works": "; ".join(labels)}
    )


def _longer_circles(corpus: Corpus) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Circles of three works and more: each once, from its least work on."""
    on_circle = {row["work"] for row in corpus.rows("select work from chains where state = 'cyclic'")}
    if not on_circle:
        return
    above: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for row in corpus.rows("select source, target, citation from edges where relation = 'implements' order by 1, 2"):
        above[row["source"]].append((row["target"], row["citation"]))
    for start in sorted(on_circle):
        stack: list[tuple[str, tuple[str, ...], tuple[str, ...]]] = [(start, (start,), ())]
        while stack:
            work, path, citations = stack.pop()
            for target, citation in above.get(work, ()) if len(path) <= 6 else ():
                if target == start and len(path) > 2:
                    yield path, (*citations, citation)
                    stack.clear()
                    break
                if target > start and target not in path:
                    stack.append((target, (*path, target), (*citations, citation)))


def check_chain_broken(corpus: Corpus) -> Iterator[Found]:
    """A plan that documents here carry out and that is not in the corpus: one finding a work."""
    kinds = sorted(types("awaited"))
    sql = f"""select w.id, w.label, min(c.document || ' ' || printf('%06d', c.position)) as first,
                    count(distinct c.document) as documents
             from works w join citations c on c.work = w.id
             where w.document is null and w.doc_type in ({", ".join("?" * len(kinds))}) and c.relation = 'implements'
               and w.code is not null {corpus.only("work", "w.id")} group by w.id order by w.id"""
    for row in corpus.rows(sql, *kinds):
        document, position = row["first"].split(" ")
        (cited,) = corpus.rows("select id from citations where document = ? and position = ?", document, int(position))
        yield Found(
            rule="chain-broken",
            document=document,
            work=row["id"],
            sides=(corpus.side(cited["id"]),),
            words={"work": row["label"], "count": row["documents"]},
            confidence=0.9,
        )


def check_chain_missing(corpus: Corpus) -> Iterator[Found]:
    """A plan that names no higher document."""
    sql = f"""select c.document from chains c join documents d on d.id = c.document
             where c.state = 'missing' and c.hop = 1 and d.doc_type = 'KH' and d.version_of is null
               and d.issuer_level in ('province', 'district', 'commune')
               {corpus.only("document", "c.document")} order by c.document"""
    for row in corpus.rows(sql):
        yield Found(
            rule="chain-missing",
            document=row["document"],
            sides=(corpus.head_side(row["document"], "title", "doc_type", "code"),),
            confidence=0.7,
        )


def check_coverage_missing(corpus: Corpus) -> Iterator[Found]:
    """A plan that charges the units below it to issue theirs, some of which have none here: one finding a plan.

    Fires only where at least one of the units has its plan in the corpus, and where all units are known.
    """
    for plan in corpus.rows(
        f"""select id, work, issuer_level, province, district, issued_on, text, code, issuer from documents
            where doc_type = 'KH' and version_of is null and issuer_level in ('province', 'district')
              {corpus.only("plan", "id")} order by id"""
    ):
        charge = _charge(corpus, plan["id"], plan["text"])
        if charge is None:
            continue
        issued = _issuers_below(corpus, plan["work"])
        if not issued:
            continue
        below = _level_charged(charge[1], plan["issued_on"])
        units = _expected(corpus.units, below, plan["province"], plan["district"], plan["issued_on"], charge[1])
        missing = [unit for unit in units if not _names_of(unit) & issued]
        if not missing or len(missing) == len(units):
            continue
        yield Found(
            rule="coverage-missing",
            document=plan["id"],
            work=plan["work"],
            sides=(corpus.fact_side(*charge[0]),),
            words={"unit": _names(missing), "work": f"{plan['code']} của {plan['issuer']}"},
            words_en={"work": f"{plan['code']} of {plan['issuer']}"},
            confidence=0.6,
        )


def _issuers_below(corpus: Corpus, work: str) -> set[str]:
    """The folded names of the communes and districts whose documents carry out a work."""
    sql = """select coalesce(s.commune, s.district) as name from edges e join documents s on s.work = e.source
             where e.target = ? and e.relation = 'implements'"""
    return {fold(row["name"]) for row in corpus.rows(sql, work) if row["name"]}


def _level_charged(charge: str, day: str | None) -> Level:
    """The level of the units that a charge names: districts, as long as there were any, else communes."""
    names_districts = fold(NAMING_KIND["district"]) in fold(charge).split()
    return "district" if names_districts and (day or "") < REFORM else "commune"


def _names_of(unit: Unit) -> set[str]:
    """The folded name of a unit, and those of the units that took it in: their plans are its plans."""
    heirs = (split_kind(heir)[1] for heir in unit.successor.split(";") if heir)
    return {fold(name) for name in (unit.name, *heirs)}


def _names(units: list[Unit]) -> str:
    shown = ", ".join(unit.full_name for unit in units[:12])
    return shown if len(units) <= 12 else f"{shown} và {len(units) - 12} đơn vị khác"


def _charge(corpus: Corpus, document: str, text: str) -> tuple[tuple[str, str], str] | None:
    """The assignment to the units below whose section asks them for a plan, with its words."""
    sql = """select a.id, a.agency, a.start, s.start as first, s."end" as stop from assignments a
             join sections s on s.id = a.section where a.document = ? order by a.position"""
    for row in corpus.rows(sql, document):
        is_charge = pattern("checks.toml", "charged_units").match(fold(row["agency"]))
        if is_charge and pattern("checks.toml", "issue_plan").search(text[row["first"] : row["stop"]]):
            return ("assignments", row["id"]), str(row["agency"])
    return None


def _expected(
    units: Gazetteer, level: Level, province: str | None, district: str | None, day: str | None, charge: str
) -> list[Unit]:
    """The units that a charge means: those it names, else all of the level under the plan's own territory."""
    named = pattern("checks.toml", "named_units").search(charge)
    if named and named["names"][0].isupper():
        kinds: list[Unit] = []
        for name in re.split(r",\s*|\s+và\s+", named["names"].strip()):
            found = units.find(name.strip(), day=day, province=province) if name.strip() else ()
            below = [unit for unit in found if unit.level != "province"]
            kinds += below[:1]
        return kinds
    return list(units.under(level, province=province, district=district, day=day))

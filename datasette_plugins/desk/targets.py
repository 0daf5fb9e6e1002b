"""Targets of plans beside those that the plan above sets for the same."""

from __future__ import annotations

from datasette_plugins.desk import formats, names, web
from datasette_plugins.desk.deadlines import DOCUMENT
from datasette_plugins.desk.frame import words_of
from datasette_plugins.desk.links import Links
from datasette_plugins.desk.listing import Listing
from datasette_plugins.desk.ports import Datasette, Request, Response, Row
from datasette_plugins.desk.words import Words

FILTERS = ("relation", "level", "year", "province", "document")
_ABOVE = """b.id as above_id, b.document as above_document, b.value as above_value, b.value_max as above_value_max,
    b.unit as above_unit, b.by_date as above_by_date, b.indicator as above_indicator, s.doc_type as s_doc_type,
    s.code as s_code, s.symbol as s_symbol, s.number_blank as s_number_blank, s.issuer as s_issuer,
    s.issued_on as s_issued_on"""
LISTING = Listing(
    tally="targets",
    table="target_pairs",
    joined="""join targets a on a.id = f.target join targets b on b.id = f.superior
        join documents d on d.id = a.document join documents s on s.id = b.document""",
    by_document="""documents d cross join targets a on a.document = d.id
        cross join target_pairs f on f.target = a.id""",
    columns=f"""f.relation, f.difference, f.likeness, a.id, a.document, a.value, a.value_max, a.unit, a.by_date,
        a.indicator, {_ABOVE}, {DOCUMENT}""",
    counted={"relation": "f.relation", "level": "d.issuer_level", "year": "d.year", "province": "d.province"},
    exact={"document": "a.document"},
)
COUNTS = LISTING.counts


def difference(row: Row, words: Words) -> str:
    """How far the own target is from the one above: `−7`, `+2`; percentages in points."""
    value = float(row["difference"] or 0)
    if not value:
        return ""
    unit = words("targets.points") if row["unit"] == "%" else row["unit"] or ""
    return f"{'+' if value > 0 else '−'}{formats.number(round(abs(value), 4), words.language)} {unit}".strip()


async def page(request: Request, datasette: Datasette) -> Response:
    """``/-/kehoach/targets``."""
    desk = await web.desk_for(datasette, request)
    words = words_of(request)
    filters = web.filters_of(datasette, request, "targets", FILTERS)
    cube = await desk.once(COUNTS)
    found = await desk.read(lambda reader: LISTING.load(reader, cube, filters, request))
    context = {
        "listed": found,
        "counts": LISTING.facets(cube, filters, ("year", "province")),
        "filters": filters,
        "amount": lambda row, above="": formats.measure(
            row[f"{above}value"], row[f"{above}value_max"], row[f"{above}unit"], words.language
        ),
        "difference": lambda row: difference(row, words),
        "name_of": lambda row: names.short(row, words),
        "superior": lambda row: {key[2:]: value for key, value in row.items() if key.startswith("s_")},
        "links": Links(datasette, desk.name),
    }
    return await web.html(datasette, request, "kehoach/targets.html", context)

"""What every page is given: the words, the bar, the language switch, the build it shows."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from hashlib import sha256
from pathlib import Path
from urllib.parse import parse_qsl, urlencode

from datasette_plugins.desk import compat, forms, reviewing, store
from datasette_plugins.desk.ports import Context, Datasette, Request, Row
from datasette_plugins.desk.security import PARAMETER, SCOPE_KEY
from datasette_plugins.desk.words import DEFAULT, LANGUAGES, Language, Words

PLUGIN = "datasette_plugins.desk"
ROOT = "-/kehoach/"
_STATIC = Path(__file__).with_name("static")
BAR = (
    ("nav.home", ""),
    ("nav.findings", ROOT + "findings"),
    ("nav.search", ROOT + "search"),
    ("nav.graph", ROOT + "graph"),
    ("nav.deadlines", ROOT + "deadlines"),
    ("nav.agencies", ROOT + "agencies"),
    ("nav.money", ROOT + "money"),
    ("nav.targets", ROOT + "targets"),
)


def language_of_request(request: Request | None) -> Language:
    """The language that the reader chose, Vietnamese before any choice."""
    if request is None:
        return DEFAULT
    language: Language = request.scope.get(SCOPE_KEY, DEFAULT)
    return language


def words_of(request: Request | None) -> Words:
    """The words in the language of the request."""
    return Words(language_of_request(request))


@cache
def fingerprint(name: str) -> str:
    """A few digits of a static file's hash, so that a changed file is fetched anew."""
    return sha256((_STATIC / name).read_bytes()).hexdigest()[:8]


def here(datasette: Datasette, request: Request | None) -> str:
    """The path of the page, below the base path."""
    if request is None:
        return "/"
    return str(request.scope.get("route_path") or request.path)


def switch_links(datasette: Datasette, request: Request | None) -> list[dict[str, str]]:
    """The same page in each language."""
    query = request.scope.get("query_string", b"").decode("latin-1") if request else ""
    kept = [pair for pair in parse_qsl(query, keep_blank_values=True) if pair[0] != PARAMETER]
    path = here(datasette, request)
    return [
        {
            "language": language,
            "name": Words(language)("language.name"),
            "href": datasette.urls.path(f"{path}?{urlencode([*kept, (PARAMETER, language)])}"),
        }
        for language in LANGUAGES
    ]


def last_run(reader: store.Reader) -> Row:
    """The last finished build, empty where there was none."""
    return reader.one("select * from runs where finished_at is not null order by id desc limit 1") or {}


LAST_RUN = store.Figure("run", last_run)


async def _build(datasette: Datasette) -> Row:
    """The build that the pages show; empty where no corpus is served."""
    desk = store.desk_of(datasette)
    if desk is None or not await store.is_corpus(datasette.get_database(desk.name)):
        return {}
    return await desk.once(LAST_RUN)


def _bar(datasette: Datasette, desk: store.Desk | None, words: Words, path: str, is_reviewer: bool) -> list[Context]:
    """The links of the bar; `path` is that of the page, without its first stroke."""
    bar = [
        {
            "label": words(key),
            "href": datasette.urls.path(target),
            "here": path == target or (bool(target) and path.startswith(target)),
        }
        for key, target in BAR
    ]
    if is_reviewer:
        cases = {
            "label": words("nav.cases"),
            "href": datasette.urls.path(f"{ROOT}cases"),
            "here": path.startswith(ROOT + "case"),
        }
        bar.insert(2, cases)
    if desk is not None:
        tables = datasette.urls.database(desk.name)
        bar.append({"label": words("nav.data"), "href": tables, "here": path.split("/")[0] == desk.name})
    return bar


async def template_vars(datasette: Datasette, request: Request | None) -> Context:
    """The variables that `base.html` needs, on the desk's own pages and on Datasette's."""
    words = words_of(request)
    path = here(datasette, request).lstrip("/")
    desk = store.desk_of(datasette)
    run = await _build(datasette)

    def static(name: str) -> str:
        return f"{datasette.urls.static_plugins(PLUGIN, name)}?{fingerprint(name)}"

    def to(path: str) -> str:
        return datasette.urls.path(ROOT + path)

    reviewer = reviewing.reviewer_of(datasette, request)
    return {
        "t": words,
        "lang": words.language,
        "languages": switch_links(datasette, request),
        "bar": _bar(datasette, desk, words, path, reviewer is not None),
        "static": static,
        "to": to,
        "build": lambda: run,
        "corpus": desk.name if desk else None,
        "review_open": reviewing.review_of(datasette) is not None,
        "reviewer": reviewer,
        "form_token": forms.token(datasette, request) if reviewer is not None and request is not None else "",
        "here": here(datasette, request),
        "describe": _describer(words.language),
        "page_of": _pages(datasette, desk),
        "code_of": _code_of,
        "sql_page": lambda database: compat.query_page(datasette, database),
    }


def _describer(language: Language) -> Callable[..., str]:
    def describe(table: str, column: str | None = None) -> str:
        """What a table or column holds; nothing where nobody has said so."""
        from corpus import describe

        try:
            return describe.column_text(table, column, language) if column else describe.table_text(table, language)
        except KeyError:
            return ""

    return describe


def _code_of(table: str, column: str) -> str | None:
    """The kind of the codes that a column of a table holds."""
    from datasette_plugins.desk import cells

    return cells.code_of(table, column)


def _pages(datasette: Datasette, desk: store.Desk | None) -> Callable[[str, list[str]], str | None]:
    def page_of(table: str, keys: list[str]) -> str | None:
        """The desk's page of a row."""
        from datasette_plugins.desk import cells
        from datasette_plugins.desk.links import Links

        return cells.page_of(table, str(keys[0]), Links(datasette, desk.name)) if desk and keys else None

    return page_of

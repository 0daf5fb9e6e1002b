"""The tables of a corpus database (`plans.db`), made by migrations of sqlite-utils.

A database is made in two steps, so that bulk rows go in before their indexes: `create_tables`, then `create_indexes`.
`upgrade` brings any older database to the present form. What each column holds stands in `descriptions.toml`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:  # sqlite-utils takes half a second to import: workers that only make rows are spared it
    from sqlite_utils import Database, Migrations
    from sqlite_utils.db import Table as SqliteTable

VERSION = "6"
"""Raised when stored rows would look otherwise: a build then makes a new database."""
UNITS_KEY = "units_csv"
"""Under this key `build_state` holds the CSV file of further units of the build, empty where none was given."""
INDEXES_MIGRATION = "indexes_1"
FTS_TABLE = "documents_fts"
FTS_COLUMNS = ("title", "code", "issuer", "text")
TOKENIZER = "unicode61 remove_diacritics 2"

ColumnType = type[int] | type[float] | type[str] | type[bytes]
ForeignKey = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class TableSpec:
    """A table: its columns in one string (``name``, or ``name:`` with int, float, blob), keys, links, indexes."""

    name: str
    columns: str
    pk: tuple[str, ...]
    links: tuple[tuple[str, str], ...] = ()
    indexes: tuple[str, ...] = ()

    @property
    def column_types(self) -> dict[str, ColumnType]:
        """The columns in their order, with the Python type that sqlite-utils maps to SQL."""
        kinds: dict[str, ColumnType] = {"int": int, "float": float, "blob": bytes, "": str}
        pairs = (column.partition(":") for column in self.columns.split())
        return {name: kinds[kind] for name, _, kind in pairs}

    @property
    def foreign_keys(self) -> list[ForeignKey]:
        """(column, other table, its key) of each link."""
        return [(column, other, "path" if other == "files" else "id") for column, other in self.links]


_EVIDENCE = "quote start:int end:int page:int bbox by confidence:float uncertain in_table:int"
_OF_DOCUMENT = ("document", "documents")
_IN_SECTION = ("section", "sections")

TABLES = (
    TableSpec(
        "documents",
        "id sha256 media_type pages:int doc_type number symbol code issuer issuer_level province district commune place"
        " issued_on year:int title period signer signer_position signing_form recipients unreadable work"
        " version_of built_at extractor code_text number_blank:int signed_at spans sketch:blob text",
        ("id",),
        (),
        ("work", "issuer", "issuer_level", "doc_type", "year", "province", "district", "code"),
    ),
    TableSpec(
        "works",
        "id doc_type number symbol code name issuer issuer_level territory year:int issued_on dates label document"
        " state citations:int cited_by:int issuers types",
        ("id",),
        (("document", "documents"),),
        ("document", "code", "doc_type", "year", "issuer", "state", "cited_by", "number"),
    ),
    TableSpec(
        "files",
        "path document origin supplier received size:int modified media_type",
        ("path",),
        (_OF_DOCUMENT,),
        ("document",),
    ),
    TableSpec(
        "pages",
        "document number:int start:int end:int width:float height:float ocr:int words:blob",
        ("document", "number"),
        (_OF_DOCUMENT,),
    ),
    TableSpec(
        "sections",
        "id document position:int path marker depth:int title role start:int end:int page:int parent heading_end:int"
        " by",
        ("id",),
        (_OF_DOCUMENT, ("parent", "sections")),
        ("document", "role"),
    ),
    TableSpec(
        "citations",
        "id document position:int doc_type code code_text name issued_on issuer issuer_text pinpoint relation"
        f" is_self:int section {_EVIDENCE} work",
        ("id",),
        (_OF_DOCUMENT, _IN_SECTION, ("work", "works")),
        ("document", "relation", "doc_type", "issuer"),
    ),
    TableSpec(
        "references",
        f"id document position:int doc_type antecedent reason section {_EVIDENCE}",
        ("id",),
        (_OF_DOCUMENT, _IN_SECTION, ("antecedent", "citations")),
        ("document", "antecedent"),
    ),
    TableSpec(
        "budgets",
        "id document position:int vnd:int vnd_max:int ambiguous kind per in_words:int funding_sources fund_kind period"
        f" section {_EVIDENCE}",
        ("id",),
        (_OF_DOCUMENT, _IN_SECTION),
        ("document", "vnd"),
    ),
    TableSpec(
        "deadlines",
        "id document position:int kind from_day to_day before:int rrule duration anchor agency task year_given:int"
        f" section {_EVIDENCE}",
        ("id",),
        (_OF_DOCUMENT, _IN_SECTION),
        ("to_day",),
    ),
    TableSpec(
        "assignments",
        f"id document position:int agency role task section {_EVIDENCE}",
        ("id",),
        (_OF_DOCUMENT, _IN_SECTION),
        ("document", "agency", "role"),
    ),
    TableSpec(
        "targets",
        f"id document position:int value:float value_max:float unit by_date indicator section {_EVIDENCE}",
        ("id",),
        (_OF_DOCUMENT, _IN_SECTION),
        ("document", "unit"),
    ),
    TableSpec(
        "tables",
        "id document position:int page:int start:int end:int header_rows:int unit rows",
        ("id",),
        (_OF_DOCUMENT,),
        ("document",),
    ),
    TableSpec("unread", "document kind start:int end:int reason", (), (_OF_DOCUMENT,), ("document", "kind")),
    TableSpec(
        "links",
        "id:int citation document work relation method score:float reasons state candidates",
        ("id",),
        (("citation", "citations"), _OF_DOCUMENT, ("work", "works")),
        ("citation", "document", "work", "state"),
    ),
    TableSpec(
        "edges",
        "source target relation weight:int citation",
        ("source", "target", "relation"),
        (("source", "works"), ("target", "works"), ("citation", "citations")),
        ("relation",),
    ),
    TableSpec(
        "chains",
        "document hop:int work via relation state parent guess:float",
        ("document", "hop", "work"),
        (_OF_DOCUMENT, ("work", "works"), ("via", "citations"), ("parent", "works")),
        ("work", "state"),
    ),
    TableSpec(
        "rules",
        "id scope severity annotated:int source title_vi title_en basis explanation_vi explanation_en why_maybe_wrong"
        " why_maybe_wrong_en",
        ("id",),
    ),
    TableSpec(
        "runs",
        "id:int started_at finished_at version documents:int added:int changed:int removed:int failed:int options",
        ("id",),
    ),
    TableSpec(
        "findings",
        "id rule severity confidence:float scope document work message_vi message_en why_maybe_wrong state"
        " first_seen:int",
        ("id",),
        (("rule", "rules"), _OF_DOCUMENT, ("work", "works"), ("first_seen", "runs")),
        ("rule", "severity", "document", "work", "state"),
    ),
    TableSpec(
        "finding_evidence",
        "finding side:int document fact quote start:int end:int page:int",
        ("finding", "side"),
        (("finding", "findings"), _OF_DOCUMENT),
        ("document", "fact"),
    ),
    TableSpec(
        "finding_changes",
        "run:int change finding rule document message_vi message_en",
        (),
        (("run", "runs"), ("rule", "rules")),
        ("run", "change", "finding"),
    ),
    TableSpec(
        "corrections",
        "decision:int target_table target field original value who made_at original_by",
        (),
        (),
        ("target",),
    ),
    TableSpec("decided", "decision:int finding", ("decision",), (("finding", "findings"),), ("finding",)),
    TableSpec("orphans", "decision:int kind target_table target field value quote who made_at reason", ()),
    TableSpec(
        "graph_nodes",
        "rank:int work level province doc_type year:int held:int links:int x:float y:float",
        ("rank",),
        (("work", "works"),),
        ("work", "province", "year"),
    ),
    TableSpec("graph_edges", "source:int target:int relation weight:int", (), (), ("source", "target")),
    TableSpec(
        "agencies",
        "rank:int agency folded tasks:int lead:int coordinate:int deadlines:int documents:int first_day last_day",
        ("rank",),
        (),
        ("agency",),
    ),
    TableSpec(
        "sums",
        "fact document part bar source level vnd:int year:int province",
        (),
        (("fact", "budgets"), _OF_DOCUMENT),
        ("fact", "document"),
    ),
    TableSpec(
        "allotments",
        "document total vnd:int superior allotted allotted_vnd:int",
        (),
        (_OF_DOCUMENT, ("total", "budgets"), ("superior", "documents"), ("allotted", "budgets")),
        ("document", "total", "superior", "allotted"),
    ),
    TableSpec(
        "target_pairs",
        "target superior relation difference:float likeness:float",
        ("target", "superior"),
        (("target", "targets"), ("superior", "targets")),
        ("superior",),
    ),
    TableSpec("tallies", "name keys n:int", (), (), ("name",)),
    TableSpec("laws", "work names told", ("work",), (("work", "works"),)),
    TableSpec("lone", "document", ("document",), (_OF_DOCUMENT,)),
    TableSpec("finding_units", "finding part unit", (), (("finding", "findings"),), ("finding", "unit")),
    TableSpec("build_state", "key value", ("key",)),
    TableSpec("errors", "path sha256 code message seen_at", ("path",), (), ("code",)),
)
"""Every table, each after those that it points to; `documents.work`, which points forward, is added last."""

SORTED = (
    ("documents", ["sha256", "id"]),
    ("deadlines", ["kind", "to_day"]),
    ("deadlines", ["agency", "to_day"]),
    ("budgets", ["kind", "vnd"]),
    ("sums", ["bar", "vnd", "fact"]),
    ("target_pairs", ["relation", "target", "superior"]),
    ("citations", ["code", "issuer", "issued_on", "document"]),
    ("citations", ["work", "code", "is_self"]),
)
"""Indexes for lists filtered by one column and read in the order of another, or that hold all that is asked."""

_BESIDE_TEXT = "id doc_type issuer issuer_level issued_on year title province district commune version_of sketch"
WHOLE = (
    ("documents", _BESIDE_TEXT.split()),
    ("documents", ["issued_on", "issuer_level", "doc_type", "year", "province"]),
    ("citations", ["work", "document"]),
    ("citations", ["work", "issued_on", "document"]),
    ("deadlines", ["document", "kind", "to_day"]),
    ("edges", ["target", "relation", "source"]),
    ("budgets", ["fund_kind", "vnd"]),
)
"""Indexes that hold all that a list is filtered by, so that the rows themselves, which are long, are left unread."""

BY_NAME = {table.name: table for table in TABLES}


def _make_tables(db: Database) -> None:
    """All tables with their keys and links."""
    for spec in TABLES:
        if spec.pk:
            pk: str | tuple[str, ...] | None = spec.pk if len(spec.pk) > 1 else spec.pk[0]
        else:
            pk = None
        db.table(spec.name).create(dict(spec.column_types), pk=pk, foreign_keys=spec.foreign_keys)
    documents = cast("SqliteTable", db["documents"])
    documents.add_foreign_key("work", "works", "id")
    documents.add_foreign_key("version_of", "documents", "id")


def _make_indexes(db: Database) -> None:
    """The indexes on what is filtered and joined, and the full-text index."""
    for spec in TABLES:
        for column in spec.indexes:
            db.table(spec.name).create_index([column])
    for table, sorted_columns in SORTED:
        db.table(table).create_index(sorted_columns)
    columns = ", ".join(FTS_COLUMNS)
    db.execute(f"create virtual table {FTS_TABLE} using fts5({columns}, tokenize='{TOKENIZER}', content='documents')")


def _make_whole_indexes(db: Database) -> None:
    """The indexes that answer without their rows."""
    for table, columns in WHOLE:
        db.table(table).create_index(columns, if_not_exists=True)


@cache
def _migrations() -> Migrations:
    from sqlite_utils import Migrations

    migrations = Migrations("kehoach")
    migrations(name="tables_1")(_make_tables)
    migrations(name=INDEXES_MIGRATION)(_make_indexes)
    migrations(name="indexes_2")(_make_whole_indexes)
    migrations(name="indexes_3")(_make_whole_indexes)
    return migrations


def create_tables(db: Database) -> None:
    """The tables of a new database, without indexes, for bulk rows to go in."""
    _migrations().apply(db, stop_before=INDEXES_MIGRATION)


def create_indexes(db: Database) -> None:
    """What `create_tables` left out. A full-text index that is made here has to be filled (`fulltext.rebuild`)."""
    _migrations().apply(db)


def upgrade(db: Database) -> None:
    """Brings a database to the present form. One that is up to date is left as it is."""
    _migrations().apply(db)

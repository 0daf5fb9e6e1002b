"""The database's form: tables, keys, links, indexes, search, and that every column is described."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from sqlite_utils import Database

from corpus import describe, fulltext, schema


@pytest.fixture
def db() -> Database:
    database = Database(memory=True)
    schema.create_tables(database)
    schema.create_indexes(database)
    return database


@pytest.mark.parametrize("spec", schema.TABLES, ids=lambda spec: spec.name)
def test_table_is_as_declared(db: Database, spec: schema.TableSpec) -> None:
    table = db.table(spec.name)
    assert list(table.columns_dict) == list(spec.column_types)
    assert tuple(table.pks) == (spec.pk or ("rowid",))
    linked = {(key.column, key.other_table) for key in table.foreign_keys}
    assert set(spec.links) <= linked
    indexed = {index.columns[0] for index in table.indexes}
    assert set(spec.indexes) <= indexed


@pytest.mark.parametrize("spec", schema.TABLES, ids=lambda spec: spec.name)
def test_foreign_keys_are_indexed(spec: schema.TableSpec) -> None:
    unindexed = {"rule", "section", "antecedent", "parent", "via", "citation", "first_seen"}
    leading = {columns[0] for table, columns in (*schema.WHOLE, *schema.SORTED) if table == spec.name}
    for column, _ in spec.links:
        assert column in (*spec.indexes, *leading, spec.pk[0] if spec.pk else "", *unindexed), column


@pytest.mark.parametrize("language", ["vi", "en"])
def test_everything_is_described(language: describe.Language) -> None:
    for spec in schema.TABLES:
        assert describe.table_text(spec.name, language)
        for column in spec.column_types:
            assert describe.column_text(spec.name, column, language), (spec.name, column)


def test_nothing_is_described_that_is_not_there() -> None:
    raw = tomllib.loads(Path(describe.__file__).with_name("descriptions.toml").read_text(encoding="utf-8"))
    assert set(raw["tables"]) == set(schema.BY_NAME)
    for name, own in raw["tables"].items():
        assert set(own) - {"_"} <= set(schema.BY_NAME[name].column_types), name
    used = {column for spec in schema.TABLES for column in spec.column_types}
    assert set(raw["columns"]) <= used


def test_making_it_again_changes_nothing(db: Database) -> None:
    before = db.schema
    schema.upgrade(db)
    assert db.schema == before


def test_search_index_is_filled_from_the_documents() -> None:
    db = Database(memory=True)
    schema.create_tables(db)
    db.table("documents").insert({"id": "a1", "title": "Giảm nghèo về thông tin", "text": "Nội dung"})
    schema.create_indexes(db)
    fulltext.rebuild(db.conn)
    found = db.execute("select rowid from documents_fts where documents_fts match 'giam ngheo'").fetchall()
    assert len(found) == 1


def test_links_of_documents_and_works_point_both_ways(db: Database) -> None:
    keys = {(key.column, key.other_table) for key in db.table("documents").foreign_keys}
    assert keys == {("work", "works"), ("version_of", "documents")}
    assert db.execute("pragma foreign_key_check").fetchall() == []


def test_no_parameter_of_a_query_is_named_by_a_number() -> None:
    """`?1` is filled by its place up to Python 3.13, and refused later: such a parameter gets a name."""
    root = Path(__file__).resolve().parent.parent
    files = [path for name in ("corpus", "datasette_plugins", "bench", "tests") for path in (root / name).rglob("*.py")]
    numbered = re.compile(r"(?:=|<|>|limit|values|,|\() ?\?[1-9]\b")
    assert numbered.search("select a from b where c = ?1 limit ?2")
    assert [
        str(path) for path in files if path != Path(__file__).resolve() and numbered.search(path.read_text("utf-8"))
    ] == []

"""Decisions: only added, kept over rebuilds, found again by their words, never dropped."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from bench.generate import write
from corpus.build import BuildReport, build
from corpus.review import Decision, about, backup, decide, decisions_on, open_review, read_decisions, review_path
from extract.records import Document, KehoachError
from tests.test_incremental import dump


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path / "in", 12)
    return tmp_path / "in"


def built(folder: Path, **options: object) -> BuildReport:
    return build([folder], folder.parent / "plans.db", workers=1, **options)  # type: ignore[arg-type]


def one(report: BuildReport, sql: str, *values: object) -> tuple[object, ...]:
    connection = sqlite3.connect(report.db)
    try:
        row = connection.execute(sql, values).fetchone()
        assert isinstance(row, tuple)
        return row
    finally:
        connection.close()


def say(report: BuildReport, table: str, ident: str, **fields: str) -> int:
    """Adds a decision about a row as the review pages do."""
    connection = sqlite3.connect(report.db)
    kept = about(connection, table, ident)
    connection.close()
    review = open_review(review_path(report.db))
    decision = Decision(who="Kiểm toán viên A", target_table=table, target=ident, **kept, **fields)  # type: ignore[arg-type]
    number = decide(review, decision)
    review.close()
    return number


def clipped(data: bytes, name: str) -> Document:
    """The same files by a reader that gives another canonical text: every line break doubled."""
    from corpus.reading import extract_bytes

    document = extract_bytes(data.replace(b"\n", b"\n\n"), name)
    import hashlib

    sha256 = hashlib.sha256(data).hexdigest()
    return replace(document, source=replace(document.source, sha256=sha256))


class TestCorrections:
    def test_a_correction_replaces_the_fact_and_keeps_the_original(self, folder: Path) -> None:
        report = built(folder)
        (ident, vnd, by) = one(report, 'select id, vnd, "by" from budgets order by id limit 1')
        say(report, "budgets", str(ident), kind="corrected", field="vnd", value="123000000")
        built(folder)
        assert one(report, 'select vnd, "by" from budgets where id = ?', ident) == (123_000_000, "human")
        assert one(report, "select original, original_by, who from corrections") == (str(vnd), by, "Kiểm toán viên A")

    def test_a_corrected_number_completes_the_chain(self, folder: Path) -> None:
        report = built(folder)
        (province,) = one(report, "select id from documents where issuer_level = 'province'")
        assert isinstance(province, str)
        (code,) = one(report, "select code from documents where id = ?", province)
        say(report, "documents", province, kind="corrected", field="code", value="999/KH-UBND")
        built(folder)
        (broken,) = one(report, "select count(*) from chains where hop = 1 and state = 'only_cited'")
        say(report, "documents", province, kind="corrected", field="code", value=str(code))
        built(folder)
        assert int(str(broken)) > int(
            str(one(report, "select count(*) from chains where hop = 1 and state = 'only_cited'")[0])
        )

    def test_an_unreadable_number_that_a_human_fills_in_completes_the_chain(self, folder: Path) -> None:
        first = built(folder)
        path, code = one(
            first,
            """select f.path, d.code from documents d join files f on f.document = d.id
               where d.issuer_level = 'province'""",
        )
        scan, number = Path(str(path)), str(code).partition("/")[0]
        text = scan.read_text(encoding="utf-8")
        head, found, rest = text.partition(f"{number}/KH-UBND")
        assert found, text[:300]
        scan.write_text(f"{head}\ufffd\ufffd/KH-UBND{rest}", encoding="utf-8")
        report = built(folder)
        ident, code_read = one(report, "select id, code from documents where issuer_level = 'province'")
        states = "select group_concat(distinct c.state) from chains c join works w on w.id = c.work where w.code = ?"
        assert code_read is None
        assert one(report, states, code) == ("only_cited",)
        say(report, "documents", str(ident), kind="corrected", field="code", value=str(code))
        again = built(folder)
        assert one(again, "select code from documents where id = ?", ident) == (code,)
        assert one(again, states, code) == ("in_corpus",)

    def test_without_the_decision_the_original_is_back(self, folder: Path) -> None:
        report = built(folder)
        before = dump(report.db)
        (ident,) = one(report, "select id from budgets order by id limit 1")
        say(report, "budgets", str(ident), kind="corrected", field="vnd", value="5")
        built(folder)
        review_path(report.db).unlink()
        built(folder)
        assert dump(report.db) == before

    def test_the_last_of_two_corrections_stands(self, folder: Path) -> None:
        report = built(folder)
        (ident,) = one(report, "select id from budgets order by id limit 1")
        say(report, "budgets", str(ident), kind="corrected", field="vnd", value="5")
        say(report, "budgets", str(ident), kind="corrected", field="vnd", value="7")
        built(folder)
        assert one(report, "select vnd from budgets where id = ?", ident) == (7,)

    def test_what_cannot_be_found_again_is_listed(self, folder: Path) -> None:
        report = built(folder)
        (ident, path) = one(
            report, "select b.id, f.path from budgets b join files f on f.document = b.document order by b.id limit 1"
        )
        say(report, "budgets", str(ident), kind="corrected", field="vnd", value="5")
        Path(str(path)).unlink()
        built(folder)
        assert one(report, "select target, value from orphans") == (ident, "5")

    @pytest.mark.parametrize(
        "table, field", [("budgets", "id"), ("budgets", "quote"), ("budgets", "nothing"), ("works", "code")]
    )
    def test_what_cannot_be_corrected(self, tmp_path: Path, table: str, field: str) -> None:
        wrong = Decision(who="A", kind="corrected", target_table=table, target="x", field=field, value="1")
        with pytest.raises(KehoachError, match="cannot be corrected"):
            decide(open_review(tmp_path / "review.db"), wrong)


class TestStates:
    def test_states_are_kept_over_rebuilds(self, folder: Path) -> None:
        report = built(folder)
        (ident,) = one(report, "select id from findings order by id limit 1")
        say(report, "findings", str(ident), kind="dismissed", note="đã hỏi đơn vị")
        built(folder)
        assert one(report, "select state from findings where id = ?", ident) == ("dismissed",)
        say(report, "findings", str(ident), kind="reopened")
        built(folder)
        assert one(report, "select state from findings where id = ?", ident) == ("open",)

    def test_a_finding_that_is_no_longer_made_is_an_orphan(self, folder: Path) -> None:
        report = built(folder)
        (ident, path) = one(
            report,
            "select f.id, files.path from findings f join files on files.document = f.document "
            "where f.scope = 'document' or f.rule = 'chain-missing' order by f.id limit 1",
        )
        say(report, "findings", str(ident), kind="confirmed")
        Path(str(path)).unlink()
        built(folder)
        assert one(report, "select target, kind from orphans") == (ident, "confirmed")

    def test_another_canonical_text_keeps_the_decisions(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        report = built(folder)
        (finding,) = one(report, "select id from findings order by id limit 1")
        (budget,) = one(report, "select id from budgets order by id limit 1")
        (start,) = one(report, "select start from budgets where id = ?", budget)
        say(report, "findings", str(finding), kind="confirmed")
        say(report, "budgets", str(budget), kind="corrected", field="vnd", value="42")
        monkeypatch.setattr("extract.pipeline.VERSION", "another reader")
        built(folder, extract=clipped)
        assert one(report, "select count(*) from findings where state = 'confirmed'") == (1,)
        (moved,) = one(report, "select start from budgets where vnd = 42")
        assert moved != start, "the text is another one"
        assert one(report, "select count(*) from orphans") == (0,)


class TestAppendOnly:
    def test_rows_are_never_changed(self, folder: Path) -> None:
        report = built(folder)
        (ident,) = one(report, "select id from findings order by id limit 1")
        say(report, "findings", str(ident), kind="confirmed")
        review = open_review(review_path(report.db))
        for sql in ("update decisions set kind = 'dismissed'", "delete from decisions"):
            with pytest.raises(sqlite3.IntegrityError, match="only added"):
                review.execute(sql)

    def test_two_reviewers_at_once(self, tmp_path: Path) -> None:
        path = tmp_path / "review.db"
        first, second = open_review(path), open_review(path)
        said = Decision(who="A", kind="note", target_table="findings", target="x", note="một")
        decide(first, said)
        decide(second, replace(said, who="B"))
        assert [decision.who for decision in decisions_on(path, "x")] == ["A", "B"]
        assert all(decision.made_at for decision in read_decisions(path))

    def test_backup(self, tmp_path: Path) -> None:
        path = tmp_path / "review.db"
        decide(open_review(path), Decision(who="A", kind="note", target_table="findings", target="x"))
        backup(path, tmp_path / "copy.db")
        assert len(read_decisions(tmp_path / "copy.db")) == 1
        with pytest.raises(KehoachError):
            backup(tmp_path / "none.db", tmp_path / "copy.db")

    def test_only_findings_have_a_state(self, tmp_path: Path) -> None:
        with pytest.raises(KehoachError, match="facts are corrected"):
            decide(
                open_review(tmp_path / "review.db"),
                Decision(who="A", kind="confirmed", target_table="budgets", target="x"),
            )

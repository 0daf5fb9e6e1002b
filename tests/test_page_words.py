"""The words, days, sums and names on the pages of the desk, as officials write them."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pytest

from datasette_plugins.desk import formats, names
from datasette_plugins.desk.relations import agree
from datasette_plugins.desk.words import Language, Words, entries
from datasette_plugins.desk.works import conflicting

PACKAGE = Path(__file__).resolve().parent.parent / "datasette_plugins"


def test_every_word_that_a_page_asks_for_is_there_in_both_languages() -> None:
    known = entries()
    for key, entry in known.items():
        assert entry["vi"].strip(), key
        assert entry["en"].strip(), key
        fields = [{name for _, name, _, _ in string.Formatter().parse(entry[lang]) if name} for lang in ("vi", "en")]
        assert fields[0] == fields[1], f"{key}: the languages fill other braces"
    sources = [*PACKAGE.rglob("*.html"), *PACKAGE.rglob("*.py")]
    for path in sources:
        for key in re.findall(
            r"""(?:\bt|words)\(\s*["']([a-z_]+(?:\.[a-z_]+)*)["']""", path.read_text(encoding="utf-8")
        ):
            assert key in known, f"{path.name} asks for {key}"


CODES = frozenset(
    "header kind severity state chain_state scope level relation relation_in budget source fund deadline_kind"
    " agency_role doc_type change build field did case_did case_state case_findings coverage_state"
    " part compared unread reason read_fault".split()
)


def test_no_word_is_left_over() -> None:
    """Words for the codes of the data apart, every word is asked for by some page."""
    text = "".join(path.read_text(encoding="utf-8") for end in ("html", "py") for path in PACKAGE.rglob(f"*.{end}"))
    left = [key for key in entries() if key.split(".")[0] not in CODES and not re.search(f"[\"']{key}[\"']", text)]
    assert left == []


def test_one_is_written_as_one() -> None:
    assert Words("en")("findings.count", n="1") == "1 finding"
    assert Words("en")("findings.count", n="2") == "2 findings"
    assert Words("vi").code("relation", "implements") == "Thực hiện"
    assert Words("vi").code("relation", "unheard") == "unheard"


@pytest.mark.parametrize(
    "value, vietnamese, english",
    [
        ("2024-06-24", "24/6/2024", "24 Jun 2024"),
        ("2024-04-01", "01/4/2024", "1 Apr 2024"),
        ("2024-01-30", "30/01/2024", "30 Jan 2024"),
        ("2023-02-05", "05/02/2023", "5 Feb 2023"),
        ("2024-10-09", "09/10/2024", "9 Oct 2024"),
        ("2021-10", "10/2021", "Oct 2021"),
        ("2021-02", "02/2021", "Feb 2021"),
        ("2021", "2021", "2021"),
        ("không rõ", "không rõ", "không rõ"),
        (None, "", ""),
    ],
)
def test_days_as_officials_write_them(value: str | None, vietnamese: str, english: str) -> None:
    assert formats.day(value) == vietnamese
    assert formats.day(value, "en") == english


@pytest.mark.parametrize(
    "low, high, text",
    [
        (1_723_000_000, None, "1.723.000.000 đồng"),
        (0, None, "0 đồng"),
        (5_000, 7_000, "5.000 – 7.000 đồng"),
        (None, None, ""),
        (-1_500, None, "-1.500 đồng"),
    ],
)
def test_sums_as_officials_write_them(low: int | None, high: int | None, text: str) -> None:
    assert formats.money(low, high) == text


def test_numbers_and_times() -> None:
    assert formats.number(12.5) == "12,5"
    assert formats.number(12.0) == "12"
    assert formats.number(1234567.25) == "1.234.567,25"
    assert formats.number(1234.5, "en") == "1,234.5"
    assert formats.moment("2024-12-31T18:30:00Z") == "01:30 ngày 01/01/2025"
    assert formats.moment("nonsense") == "nonsense"
    assert formats.percent(0.95) == "95%"


@pytest.mark.parametrize(
    "value, most, unit, said",
    [
        (75, None, "%", "75%"),
        (75.5, 80, "%", "75,5 – 80%"),
        (2, 3, "công trình", "2 – 3 công trình"),
        (4, 4, None, "4"),
    ],
)
def test_measures_with_their_units(value: float, most: float | None, unit: str | None, said: str) -> None:
    assert formats.measure(value, most, unit) == said


def test_a_document_without_its_day_is_named_by_the_month() -> None:
    row = {"doc_type": "KH", "code": "14/KH-UBND", "issuer": "UBND xã Bến Đò"}
    for date, vietnamese, english in (
        ("2025-11-03", "ngày 03/11/2025", "of 3 Nov 2025"),
        ("2025-11", "tháng 11/2025", "of Nov 2025"),
        ("2025", "năm 2025", "of 2025"),
    ):
        assert names.full({**row, "issued_on": date}, Words("vi")).split(" của ")[0].endswith(vietnamese)
        assert english in names.full({**row, "issued_on": date}, Words("en"))


@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_law_that_is_cited_by_its_name_tells_its_type_once(language: Language) -> None:
    row = {"doc_type": "LUAT", "name": "Luật Đất đai", "issued_on": "2013-11-29"}
    assert names.full(row, Words(language)).startswith("Luật Đất đai ")
    assert names.full({**row, "name": "về đất đai"}, Words("vi")).startswith("Luật về đất đai ")


@pytest.mark.parametrize(
    "dates, result",
    [
        (["2024-04-01", "2023-04-01"], True),
        (["2024-04-01", "2024-04"], False),
        (["2024-04-01", "2024", "2024-04"], False),
        (["2024-04", "2024-05-01"], True),
        (["2024-04-01"], False),
        ([], False),
    ],
)
def test_dates_disagree_only_where_they_cannot_be_one_day(dates: list[str], result: bool) -> None:
    assert conflicting(dates) is result
    assert all(agree(date, date) for date in dates)

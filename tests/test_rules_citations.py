"""Every entry of the rules for citations proves itself by its examples and counter-examples."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest

from extract.issuer_words import name_end
from extract.laws import find_laws
from extract.relations import CueDecider, Mention, Place
from extract.scanned import mended, restored
from extract.type_words import fold, refused_before, words_before
from rules.loader import document

RELATIONS = document("relations.toml")
CITATIONS = document("citations.toml")
LAWS = document("laws.toml")


def mention(example: str, place: Place, entry: Mapping[str, object]) -> Mention:
    before, inside = example.split("⟦")
    after = inside.split("⟧")[1]
    pinpoint = bool(re.search(r"(?:khoản|Điều) \w+ (?:của )?\Z", before))
    before = re.sub(r"(?:(?:khoản|Điều) \w+ )+(?:của )?\Z", "", before)
    kinds = entry.get("types")
    return Mention(before, after, place, doc_type=kinds[0] if isinstance(kinds, list) else None, pinpoint=pinpoint)


def decided(example: str, entry: Mapping[str, object]) -> set[str]:
    places = entry.get("places") or ["body"]
    assert isinstance(places, list)
    return {CueDecider().decide(mention(example, place, entry))[1] for place in places}


@pytest.mark.parametrize("entry", RELATIONS["cue"], ids=lambda entry: entry["id"])
def test_cues(entry: Mapping[str, list[str]]) -> None:
    assert entry["examples"], "give an example with the citation as ⟦ ⟧"
    for example in entry["examples"]:
        assert decided(example, entry) == {f"relations/{entry['id']}"}, example
    for example in entry["counter_examples"]:
        assert f"relations/{entry['id']}" not in decided(example, entry), example


@pytest.mark.parametrize("entry", RELATIONS["after"], ids=lambda entry: entry["id"])
def test_words_after(entry: Mapping[str, list[str]]) -> None:
    for example in entry["examples"]:
        assert decided(example, entry) == {f"relations/{entry['id']}"}, example
    for example in entry["counter_examples"]:
        assert f"relations/{entry['id']}" not in decided(example, entry), example


@pytest.mark.parametrize("phrase", RELATIONS["scanned"]["phrases"])
def test_misread_cues_are_mended(phrase: str) -> None:
    assert mended(f"{fold(phrase)} x") == f"{phrase} x"
    assert mended(phrase.capitalize()) == phrase.capitalize()


@pytest.mark.parametrize("example", RELATIONS["scanned"]["examples"])
def test_misread_cues_decide(example: str) -> None:
    before, inside = example.split("⟦")
    after = inside.split("⟧")[1]
    rules = {CueDecider().decide(Mention(words, after, "body"))[1] for words in (before, mended(before))}
    assert len(rules) == 2


def test_cues_have_their_own_ids() -> None:
    ids = [entry["id"] for entry in (*RELATIONS["cue"], *RELATIONS["after"])]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("name", CITATIONS["issuer"]["examples"])
def test_names_of_issuers_end(name: str) -> None:
    text = f"{name} về việc làm đường"
    assert name_end(text, 0, len(text)) == len(name)


@pytest.mark.parametrize("words", CITATIONS["issuer"]["counter_examples"])
def test_no_names_of_issuers(words: str) -> None:
    assert name_end(words, 0, len(words)) is None


@pytest.mark.parametrize("stop", CITATIONS["issuer"]["stop"])
def test_stops_end_a_name(stop: str) -> None:
    text = f"Trường Tiểu học Đồi Thông {stop} việc chung"
    end = name_end(text, 0, len(text))
    assert end is not None
    assert text[:end] == "Trường Tiểu học Đồi Thông"


@pytest.mark.parametrize("word", CITATIONS["lost_letters"]["words"])
def test_lost_letters_are_restored(word: str) -> None:
    spoilt = re.sub("[àáâãèéêìíòóôõùúý]", "\ufffd", word)
    assert spoilt != word
    assert restored(f"({spoilt}), {spoilt.upper()}") == f"({word}), {word.upper()}"


@pytest.mark.parametrize("word", CITATIONS["lost_letters"]["before_digits"])
def test_lost_letters_are_restored_before_digits(word: str) -> None:
    spoilt = re.sub("[àáâãèéêìíòóôõùúý]", "\ufffd", word)
    assert restored(f"{spoilt} 5, {spoilt} x") == f"{word} 5, {spoilt} x"


@pytest.mark.parametrize("text", CITATIONS["short_names"]["examples"])
def test_letters_stand_for_kinds(text: str) -> None:
    at = re.search(r"\d", text)
    assert at is not None
    words = words_before(text, at.start(), 0, None)
    assert (words.start, words.doc_type) == (0, text.split()[0])


@pytest.mark.parametrize("text", CITATIONS["not_before"]["examples"])
def test_numbers_of_forms_are_refused(text: str) -> None:
    at = re.search(r"\d", text)
    assert at is not None
    assert refused_before(text, at.start())


@pytest.mark.parametrize("text", CITATIONS["not_before"]["counter_examples"])
def test_numbers_of_documents_are_not_refused(text: str) -> None:
    at = re.search(r"\d", text)
    assert at is not None
    assert not refused_before(text, at.start())


@pytest.mark.parametrize("name", LAWS["luat"]["names"])
def test_names_of_laws_are_read_whole(name: str) -> None:
    text = f"theo Luật {name} và các văn bản khác"
    (law,) = find_laws(text, 0, len(text))
    assert text[law.start : law.end] == f"Luật {name}"


@pytest.mark.parametrize("name", LAWS["boluat"]["names"])
def test_names_of_codes_are_read_whole(name: str) -> None:
    text = f"theo Bộ luật {name}, các văn bản khác"
    (law,) = find_laws(text, 0, len(text))
    assert text[law.start : law.end] == f"Bộ luật {name}"


@pytest.mark.parametrize("name", LAWS["phaplenh"]["names"])
def test_names_of_ordinances_are_read_whole(name: str) -> None:
    text = f"theo Pháp lệnh {name}; văn bản khác"
    (law,) = find_laws(text, 0, len(text))
    assert (text[law.start : law.end], law.doc_type) == (f"Pháp lệnh {name}", "PL")


@pytest.mark.parametrize("text", LAWS["bounds"]["examples"])
def test_laws(text: str) -> None:
    assert len(find_laws(text, 0, len(text))) == 1


@pytest.mark.parametrize("text", LAWS["bounds"]["counter_examples"])
def test_no_laws(text: str) -> None:
    assert find_laws(text, 0, len(text)) == []

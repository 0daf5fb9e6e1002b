"""The kind of a document by the words before its number: `Thông báo kết luận số ...`, `các Công văn: số ...`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from rules.loader import document, table

_NUMBER_WORD = re.compile(r"(?:^|(?<=[\s(:,;|]))[Ss][ốôoỐÔ]\s?[:.]?\s?\Z")
_WORD = re.compile(r"[^\s,;:.()\"|/-][^\s,;:.()\"|/]*")
_MARKS = str.maketrans(
    "àáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵđ",
    "aaaaaaaaaaaaaaaaaeeeeeeeeeeeiiiiiooooooooooooooooouuuuuuuuuuuyyyyyd",
)
_REACH = 72
_FORM_REACH = 26
_MAX_LOOSE = 4


@dataclass(frozen=True, slots=True)
class TypeWords:
    """The words before a number: where they begin, the kind that they name (None: a general word or none), where
    the word `số` stands (-1: nowhere), whether they name a kind or a document in general."""

    start: int
    doc_type: str | None
    number_word: int
    named: bool
    exact: bool = True
    """False where the words are printed with wrong marks, as scanning does (`Quyêt định sô`)."""


def fold(words: str) -> str:
    """Small letters without marks, one code point each."""
    return words.lower().translate(_MARKS)


@cache
def type_names() -> dict[str, str]:
    """The kinds by their folded names (`thong bao ket luan` -> TB)."""
    names: dict[str, str] = {}
    for row in table("doc_types.csv"):
        for name in (row["name_vi"], *filter(None, row["variants"].split(";"))):
            names.setdefault(fold(name), row["code"])
    return names


@cache
def _exact_names() -> frozenset[str]:
    names = (name for row in table("doc_types.csv") for name in (row["name_vi"], *row["variants"].split(";")))
    return frozenset(name.lower() for name in (*names, *document("citations.toml")["generic"]["words"]))


@cache
def _generic() -> frozenset[str]:
    return frozenset(fold(word) for word in document("citations.toml")["generic"]["words"])


@cache
def _short_names() -> dict[str, str | None]:
    """Kinds by the letters that stand for their names (`QĐ số 270/QĐ-TTg`)."""
    short: dict[str, str | None] = document("citations.toml")["short_names"]["kinds"]
    return short


@cache
def _refused() -> re.Pattern[str]:
    words = (fold(word) for word in document("citations.toml")["not_before"]["words"])
    return re.compile(rf"(?<!\w)(?:{'|'.join(sorted(words, key=len, reverse=True))})(?: so)?[ :]*\Z")


@cache
def _longest() -> int:
    return max(name.count(" ") + 1 for name in (*type_names(), *_generic()))


def refused_before(text: str, at: int) -> bool:
    """Whether the words before `at` say that the number is of a form or a table, not of a document."""
    return _is_refused(text[max(0, at - _FORM_REACH) : at])


@lru_cache(maxsize=8192)
def _is_refused(words: str) -> bool:
    return _refused().search(fold(words)) is not None


def words_before(text: str, at: int, floor: int, kind: str | None) -> TypeWords:
    """What the words between `floor` and the number at `at` say of its kind; `kind` is what its letters say."""
    low = max(floor, at - _REACH)
    number = _NUMBER_WORD.search(text, low, at)
    end = number.start() if number else at
    number_word = number.start() if number else -1
    if text[low:end].rstrip(" :")[-1:] != "\n":
        low = max(low, text.rfind("\n", low, end) + 1)
    as_printed = number.group()[:2].lower() if number else None
    first, named, exact = _kind_at_end(text[low:end], as_printed, kind)
    if first is None:
        return TypeWords(number_word if number else at, None, number_word, False)
    return TypeWords(low + first, named, number_word, True, exact)


@lru_cache(maxsize=8192)
def _kind_at_end(printed: str, number: str | None, kind: str | None) -> tuple[int | None, str | None, bool]:
    """Where the kind begins that `printed` ends with, which it is, whether its marks are right; None where none is.

    `number` is the word `số` behind it as it is printed, `kind` what the letters of the code say.
    """
    folded = fold(printed)
    spans = [match.span() for match in _WORD.finditer(folded)]
    if not spans or printed[spans[-1][1] :].strip(" :\n"):
        return None, None, False
    short = printed[spans[-1][0] : spans[-1][1]]
    if short in _short_names():
        return spans[-1][0], _short_names()[short], True
    words = [folded[a:b] for a, b in spans]
    for dropped in range(min(_MAX_LOOSE + 1, len(words))):
        if dropped and printed[spans[-dropped - 1][1] : spans[-dropped][0]] != " ":
            break
        found = _ending(words[: len(words) - dropped])
        if found and dropped and not number and found[1] != kind:
            break
        if found:
            first = len(words) - dropped - found[0]
            if dropped and not _may_follow(words[len(words) - dropped :]):
                break
            name = printed[spans[first][0] : spans[first + found[0] - 1][1]].lower()
            return spans[first][0], found[1], name in _exact_names() and number in (None, "số")
    return None, None, False


def _ending(words: list[str]) -> tuple[int, str | None] | None:
    """How many of the last words name a kind, and which; None where they name none."""
    names, generic = type_names(), _generic()
    for size in range(min(_longest(), len(words)), 0, -1):
        phrase = " ".join(words[-size:])
        if phrase in generic:
            return size, None
        if phrase in names:
            return size, names[phrase]
    return None


def _may_follow(words: list[str]) -> bool:
    """Whether `words` may stand between a kind and its number (`Báo cáo thẩm tra số`)."""
    return not any(word in ("nay", "tren", "tai", "theo", "co", "tong", "la", "va", "ve", "voi") for word in words)

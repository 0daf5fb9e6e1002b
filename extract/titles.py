"""The type line and the abstract (trích yếu) of a document, and the years that its title plans for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, partial

from extract.bodies import name_like
from extract.head_cells import plain
from extract.text import View
from rules.loader import pattern, table, words

_NOTE_BEFORE = re.compile(r"\A\s*\[[^\[\]]*\]\s*")
"""A site's note on the document's validity, set between type and abstract."""
_said = partial(pattern, "titles.toml")
_MOST_LINES = 40
_PARAGRAPH = 220
"""A hard-broken paragraph of more signs than this is text, not one more line of the abstract."""


@dataclass(frozen=True, slots=True)
class TypeLine:
    """The type that a line names: its code, its name's span in the view."""

    code: str
    start: int
    end: int


@cache
def _cues(*keys: str) -> re.Pattern[str]:
    """The patterns of the lists `keys` of the table `title` as one."""
    return re.compile("|".join(cue for key in keys for cue in words("letterhead.toml", f"title.{key}")))


def begins_text(line: str) -> bool:
    """Whether `line` begins what follows an abstract."""
    return _cues("always", "begins").match(line) is not None


@cache
def _headings() -> dict[str, str]:
    """The names that can stand as a type line, in capitals, and their codes."""
    return {
        name.upper(): row["code"]
        for row in table("doc_types.csv")
        if row["heading"] == "yes"
        for name in (row["name_vi"], *row["variants"].split(";"))
        if name
    }


@cache
def _plain_headings() -> dict[str, str]:
    return {plain(name).replace(" ", ""): code for name, code in _headings().items() if len(name) > 5}


@cache
def _type_pattern() -> re.Pattern[str]:
    longest = sorted(_headings(), key=len, reverse=True)
    alternatives = "|".join(name.replace(" ", r"\s+") for name in longest)
    own = "|".join(words("titles.toml", "stray.words"))
    return re.compile(rf"(?:[^\w\s]{{0,4}}\s?(?:(?!{own})[^\W\d]{{1,2}}\s)?)?(?P<name>{alternatives})(?!\w)")


def type_line(view: View, start: int, end: int) -> TypeLine | None:
    """The type that the words ``start:end`` of the view begin with in capitals, or None."""
    text = view.text
    match = _type_pattern().match(text, start, end)
    if match is None:
        return _worn_type_line(text, start, end)
    rest = text[match.end() : end].strip(" .:-_*")
    begins = rest.startswith(("[", "(", *words("letterhead.toml", "title.after_type")))
    if rest and not begins and not mostly_upper(rest[:60]):
        return None
    return TypeLine(_headings()[" ".join(match["name"].split())], match.start("name"), match.end())


def _worn_type_line(text: str, start: int, end: int) -> TypeLine | None:
    """A type alone on its line whose marks OCR has lost (`CHÍ THỊ`), spaces or not, single letters around it."""
    printed = text[start:end].strip(" .:-_*|")
    if len(printed) > 28 or not printed.isupper():
        return None
    tokens = plain(printed).split()
    while tokens and len(tokens[0]) == 1:
        tokens.pop(0)
    while tokens and len(tokens[-1]) == 1:
        tokens.pop()
    code = _plain_headings().get("".join(tokens))
    return TypeLine(code, start, end) if code else None


def mostly_upper(printed: str) -> bool:
    """Whether capitals are more than three quarters of the letters."""
    upper = sum(sign.isupper() for sign in printed)
    lower = sum(sign.islower() for sign in printed)
    return upper > 3 * lower


def title_span(view: View, line: int, start: int, *, spaced: bool = False) -> tuple[int, int, int]:
    """(start, end, body) of the abstract that begins at or after the view offset `start` on line `line`.

    `spaced`: a blank line stands between any two lines, so that one says nothing. `body` is where the text after it
    begins; an abstract that is not there gives an empty span.
    """
    lines, text = view.lines, view.text
    first, i = start, line
    if not text[first : lines[i].end].strip(" .:-_*|/"):
        i += 1
        if i >= len(lines):
            return start, start, len(text)
        first = lines[i].start
    if _said("at_once").match(text, first):
        return first, first, first
    if (cut := _capitals_end(text, first, lines[i].end)) is not None:
        return first, cut, cut
    j = i + 1
    while j < len(lines) and j < i + _MOST_LINES and _goes_on(view, i, j, first, spaced):
        j += 1
    body = lines[j].start if j < len(lines) else len(text)
    return first, lines[j - 1].end, body


def _capitals_end(text: str, start: int, end: int) -> int | None:
    """Where the capitals of a title end that stands on one line with the text after it."""
    match = _said("text_after" if end - start > 300 else "basis_after").search(text, start, end)
    return match.start() if match and mostly_upper(text[start : match.start()]) else None


def _goes_on(view: View, i: int, j: int, first: int, spaced: bool) -> bool:
    """Whether line `j` still belongs to the abstract that began on line `i` at the offset `first`."""
    line, text = view.lines[j], view.text
    printed = text[line.start : line.end].strip("| ")
    above = text[max(view.lines[j - 1].start, first) : view.lines[j - 1].end].rstrip("| ")
    if _cues("always").match(printed) and (
        line.hard or line.blanks or _said("at_once").match(printed) or _said("carries_out").match(printed)
    ):
        return False
    if mostly_upper(text[first : view.lines[i].end]):
        return _goes_on_in_capitals(view, j, printed, above)
    if not line.hard:
        return line.blanks <= 1
    ended = (".", ";") if spaced else (".", ";", ":")
    if line.blanks > spaced or (above.endswith(ended) and above[-2:-1] != " "):
        return False
    if begins_text(printed) or (mostly_upper(printed) and len(printed) > 3):
        return False
    return _paragraph_length(view, j) < _PARAGRAPH


def _goes_on_in_capitals(view: View, j: int, printed: str, above: str) -> bool:
    line = view.lines[j]
    if not any(sign.isalpha() for sign in printed):
        return not line.blanks
    if not mostly_upper(printed):
        return not line.hard and printed[:1].islower()
    if _said("wire").search(view.text[line.start : line.end + 12]):
        return False
    return not _names_decider(view, j, printed, above)


def _names_decider(view: View, j: int, printed: str, above: str) -> bool:
    """Whether line `j` names who decides: an office or body by itself, the bases following."""
    if not _cues("deciders").match(printed) or ";" in printed or not _basis_follows(view, j):
        return False
    line = view.lines[j]
    apart = line.blanks > 0 or (_is_bold(view, j) and not _is_bold(view, j - 1))
    whole = name_like(printed) is not None or _said("of_unit").search(printed) is not None
    return apart or (whole and not _said("goes_on").search(above))


def _basis_follows(view: View, j: int) -> bool:
    """Whether the bases begin on the line after `j`, or after one more line of the decider's name."""
    for line in view.lines[j + 1 : j + 3]:
        printed = view.text[line.start : line.start + 40].lstrip("| ")
        if _cues("bases").match(printed):
            return True
        if not mostly_upper(view.text[line.start : line.end]):
            return False
    return False


def _is_bold(view: View, j: int) -> bool:
    at = view.to_source(view.lines[j].start)
    return view.source[max(at - 2, 0) : at] == "**"


def _paragraph_length(view: View, j: int) -> int:
    """How many signs stand from line `j` to the next hard break."""
    start = view.lines[j].start
    for line in view.lines[j + 1 : j + 12]:
        if line.hard:
            return line.start - start
    return view.lines[min(j + 12, len(view.lines) - 1)].end - start


@dataclass(frozen=True, slots=True)
class HeadInTitle:
    """Issuer, number and date that stand in the abstract itself, as in texts of the years before 2000."""

    issuer: str
    code: str
    date: str
    title: str


def head_in_title(title: str) -> HeadInTitle | None:
    """What `CỦA CHÍNH PHỦ SỐ 37/2007/NĐ-CP NGÀY 09 THÁNG 3 NĂM 2007 VỀ ...` says, or None.

    >>> head_in_title("CỦA CHÍNH PHỦ SỐ 37/2007/NĐ-CP NGÀY 09 THÁNG 3 NĂM 2007 VỀ CÂY XANH").title
    'VỀ CÂY XANH'
    """
    match = _said("inside").match(title)
    return HeadInTitle(match["issuer"], match["code"], match["date"].lower(), match["title"]) if match else None


def tidy_title(printed: str) -> str:
    """The abstract on one line, without what surrounds it."""
    printed = _NOTE_BEFORE.sub("", printed)
    return " ".join(printed.replace("*", "").replace("|", " ").split()).strip(" -_").rstrip(".,;:")


def period_of(title: str, doc_type: str | None = None, issued_on: str | None = None) -> str | None:
    """The years that a title plans for: `2026`, `2021/2025`, None.

    The last single year wins over a programme's period named before it (`... giai đoạn 2021 - 2025 năm 2022`);
    `đến năm 2035` alone runs from the year of issue. A notice plans nothing: a period in its title is another's.
    A year of a date, or one long before the issue, belongs to what the title names, not to the plan.

    >>> period_of("Giảm nghèo bền vững giai đoạn 2021 - 2025 năm 2022"), period_of("GIAI ĐOẠN 2026- 2030")
    ('2022', '2026/2030')
    >>> period_of("bầu cử đại biểu nhiệm kỳ 2026 - 2031"), period_of("sửa đổi Quyết định ngày 5 tháng 6 năm 2021")
    (None, None)
    """
    issued = int(issued_on[:4]) if issued_on else None
    span = None
    for match in _said("period").finditer(title):
        if not _said("term").search(title[: match.start()]) and (
            issued is None or int(match["b"] or match["d"]) >= issued - 1
        ):
            span = match
    year = until = None
    for match in _said("year").finditer(title):
        before = title[: match.start()].rstrip().lower()
        if _said("of_date").search(title[: match.start()]) or (issued is not None and int(match["y"]) < issued - 1):
            continue
        if not _said("until").search(before):
            year = match
        elif not _said("outlook").search(before):
            until = until or match
    if year is not None and (span is None or year.start() >= span.end()):
        return year["y"]
    if span is None and until is not None and (doc_type is None or doc_type in words("titles.toml", "kinds.planning")):
        return f"{issued}/{until['y']}" if issued and issued < int(until["y"]) else until["y"]
    if span is None or doc_type in words("titles.toml", "kinds.not_planning"):
        return None
    return f"{span['a']}/{span['b']}" if span["a"] else f"{span['c']}/{span['d']}"

"""The part of a document that a citation points to: `điểm b khoản 2 Điều 5 của ...`."""

from __future__ import annotations

import re

from extract.quick import Quick

_UNIT = (
    r"(?:các )?(?:[Đđ]iểm|[Kk]hoản|[Đđ]iều|[Mm]ục|[Cc]hương|[Pp]hần|[Tt]iết|[Tt]iểu mục|[Pp]hụ lục|[Mm]ẫu(?: biểu)?"
    r"|[Nn]hiệm vụ)"
)
_VALUE = r"(?:số )?(?:\d{1,3}(?:\.\d{1,2}){0,3}[a-zđ]?|[IVXLC]{1,6}|[a-zđ])(?![^\W_]|/)"
_PINPOINT = Quick(
    rf"{_UNIT} {_VALUE}(?:(?:,| và|,? đến|;)? {_UNIT} {_VALUE}|(?:,| và| đến|-) ?{_VALUE})*"
    r"(?P<link>,? (?:của|tại|thuộc|trong))?,?[ \n]\Z"
)
_POSSIBLE = re.compile(r"(?:(?<![^\W\d_])(?:\d{1,3}[a-zđ]?|[IVXLC]{1,6}|[a-zđ])|(?:của|tại|thuộc|trong)),?[ \n]\Z")
_REACH = 160


def pinpoint_before(text: str, end: int, floor: int) -> tuple[int, str] | None:
    """Where the pinpoint that ends at `end` begins, and its words; `floor` is where the sentence begins.

    >>> pinpoint_before("theo khoản 2 Điều 5 của Luật", 23, 0)
    (5, 'khoản 2 Điều 5')
    """
    low = max(floor, end - _REACH)
    if not _POSSIBLE.search(text, max(low, end - 12), end):
        return None
    match = _PINPOINT.search_in(text, low, end)
    if not match:
        return None
    stop = match.start("link") if match["link"] else match.end()
    return match.start(), text[match.start() : stop].strip(" ,\n")

"""What a mention is about: the words around a code that are neither its date, nor its issuer, nor a formula."""

from __future__ import annotations

import re
import sqlite3
from collections import OrderedDict
from itertools import pairwise

from corpus.identity import fold
from corpus.mentions import Mention
from corpus.passages import unwrapped
from rules.loader import words

_BEFORE, _AFTER = 70, 260
REACH = max(_BEFORE, _AFTER)
"""How far from a mention, in signs, the words that say what it is about may stand."""
_STOP_AFTER = re.compile(r"[;\n]|\.\s")
_STOP_BEFORE = re.compile(r".*[;\n,:]|.*\.\s", re.DOTALL)
LAW = re.compile(r"((?:(?:Bộ l|L)uật|Pháp lệnh)\s+(?![Ss]ố\s)[^\d;()]+?),?\s+(?:[Ss]ố\s+)?\d")
"""A law that is cited by name and code: the name is its first group."""
_WORD = re.compile(r"[^\W\d_]{2,}|(?:19|20)\d\d")
_NUMBERED = re.compile(r"(?<!\d)(\d{3,5})\s?/")
_BESIDE = 300
"""Code points before a citation in which others stand beside it."""
_KEPT_TEXTS = 64
_KEPT_WORDS = 50_000


class Subjects:
    """Callable: the subject words of a mention, read from its document's text when first asked for."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._texts: OrderedDict[str, tuple[str, str]] = OrderedDict()
        self._words: dict[str, frozenset[str]] = {}
        self._noise = frozenset(words("subjects.toml", "noise"))

    def __call__(self, mention: Mention) -> frozenset[str]:
        """What `mention` is about; a document's head is about what its title says."""
        found = self._words.get(mention.id)
        if found is None:
            if len(self._words) >= _KEPT_WORDS:
                self._words.clear()
            found = self._words[mention.id] = self._read(mention)
        return found

    def _read(self, mention: Mention) -> frozenset[str]:
        text, title = self.text(mention.document)
        own_years = {str(mention.year), (mention.date or "")[:4]}
        said = title if mention.is_head else around(text, mention.start, mention.end)
        return self.words_of(said) - own_years

    def law_name(self, mention: Mention) -> str | None:
        """The name of a law cited as `Luật Đầu tư công số 58/2024/QH15`; None where none stands there."""
        if mention.is_head:
            return None
        text, _ = self.text(mention.document)
        match = LAW.match(" ".join(text[mention.start : mention.end].split()))
        return match[1] if match and len(match[1].split()) > 1 and "\ufffd" not in match[1] else None

    def beside(self, mention: Mention) -> frozenset[str]:
        """The numbers (of three digits and more) of what is cited shortly before."""
        if mention.is_head:
            return frozenset()
        text, _ = self.text(mention.document)
        return frozenset(_NUMBERED.findall(text, max(0, mention.start - _BESIDE), mention.start))

    def text(self, document: str) -> tuple[str, str]:
        """The text and the title of a document."""
        found = self._texts.get(document)
        if found is None:
            row = self._connection.execute("select text, title from documents where id = ?", (document,)).fetchone()
            found = self._texts[document] = (row[0] or "", row[1] or "")
            if len(self._texts) > _KEPT_TEXTS:
                self._texts.popitem(last=False)
        else:
            self._texts.move_to_end(document)
        return found

    def words_of(self, text: str) -> frozenset[str]:
        """Pairs of neighbouring words of `text` that say something, and years: single syllables say too little."""
        kept = [word for word in _WORD.findall(fold(text)) if word not in self._noise]
        years = {word for word in kept if word.isdigit()}
        return frozenset({f"{one} {other}" for one, other in pairwise(w for w in kept if w not in years)} | years)


def around(text: str, start: int, end: int) -> str:
    """The words before and after a citation that belong to its sentence or line."""
    after = unwrapped(text[end : end + _AFTER]).replace("**", "")
    before = unwrapped(text[max(0, start - _BEFORE) : start])
    return f"{_STOP_BEFORE.sub('', before)} {text[start:end]} {_STOP_AFTER.split(after, maxsplit=1)[0]}"

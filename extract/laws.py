"""Laws cited by name: `Luật Thủy sản năm 2017`, `Bộ luật Lao động`, `Luật sửa đổi, bổ sung một số điều của ...`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from extract.dates import NUMERIC, WORDS, day_of
from extract.type_words import fold
from rules.loader import document

_ANCHOR = re.compile(r"(?P<kind>Luật|LUẬT|Bộ luật|Bộ Luật|BỘ LUẬT|Pháp lệnh|PHÁP LỆNH)[ \n](?=[^\W_])")
_KINDS = {"luật": "luat", "bộ luật": "boluat", "pháp lệnh": "phaplenh"}
_SPELLED = {"luat": "Luật", "boluat": "Bộ luật", "phaplenh": "Pháp lệnh"}
_AMENDING = re.compile(
    r"[Ss][ửu]a đ[ổôố]i,? b[ổôố] sung (?:m[ộôố]t s[ốô] đi[ềê]u,? (?:khoản )?)?(?:c[ủu]a )?(?:các )?"
    r"|[Ss]ửa đổi (?:một số điều )?(?:của )?"
)
_UNNAMED = re.compile(r"(?:của|điều|sung) (?:(?:bộ )?luật|pháp lệnh)(?: hiện hành| mới| có [^\n]*)? ?\Z")
"""The end of a name that names no law: `Luật sửa đổi, bổ sung một số điều của bộ luật`."""
_AMENDED_END = re.compile(
    r"[;:()\"\n|]|\.(?=[\s\"]|\Z)| s[ốô] (?=\d)| (?:ngày|năm) (?=\d)|, (?:ngày|số) |(?:,| và) (?=Nghị|Thông|Quyết|Pháp)"
    r"| (?:(?:hết|có) hiệu lực|đã được|được (?:sửa|bổ|ban)|như sau|quy định tại|theo quy định)(?!\w)|, trừ "
)
_WORD = re.compile(r" ?([^\s,;:.()\"\n|/]+)")
_BEFORE = re.compile(
    r"(?:Hội|Đoàn|học|HỌC|Khoa|khoa|ngành|nghề|Viện|Phòng|dự án|Dự án|DỰ ÁN|dự thảo|Dự thảo|DỰ THẢO) \Z"
)
_YEAR = re.compile(
    r"(?: \(sửa đổi\))?,? (?:năm )?(?P<y>(?:19|20)\d\d)(?![\d/-]|\.\d)|,? \((?:năm )?(?P<y2>(?:19|20)\d\d)\)"
)
_FOLDED_AMENDING = "sua doi, bo sung mot so dieu cua "
_EACH = re.compile(r"((?:\A|, |,? và )Luật )(.+?)(?=, Luật |,? và Luật |\Z)")
_YEAR_ALONE = re.compile(r"(?:19|20)\d\d")
_UNNAMED_WORDS = re.sub(r"\?P<.>", "", WORDS)
_DATE = re.compile(rf",? (?:được Quốc hội thông qua )?[Nn]gày (?:{NUMERIC}|{_UNNAMED_WORDS})")
_IN_DIGITS, _IN_WORDS = re.compile(NUMERIC), re.compile(WORDS)
_MAX_WORDS = 12


@dataclass(frozen=True, slots=True)
class Law:
    """A law named at ``start:end`` of the view; `name` with its kind, written out; `amending` where it is itself one
    that amends others. The laws that it names then lie inside its span."""

    start: int
    end: int
    name: str
    doc_type: str
    amending: bool


@cache
def _names() -> dict[str, re.Pattern[str]]:
    rules = document("laws.toml")
    return {
        kind: re.compile(
            "(?:" + "|".join(_loose(name) for name in sorted(rules[kind]["names"], key=len, reverse=True)) + r")(?!\w)"
        )
        for kind in _SPELLED
    }


def _loose(name: str) -> str:
    """Either case for every letter that begins a word, or the whole in capitals."""
    words = [_either_case(word) for word in re.escape(name).replace(r"\ ", " ").split(" ")]
    return rf"(?:{' '.join(words)}|{re.escape(name.upper()).replace(chr(92) + ' ', ' ')})"


def _either_case(word: str) -> str:
    first = word[0]
    return f"[{first.upper()}{first.lower()}]{word[1:]}" if first.isalpha() else word


@cache
def _broken_names() -> dict[str, re.Pattern[str]]:
    """Names that go on behind a line break, where what stands before the break is no name itself."""
    out = {}
    for kind in _SPELLED:
        names = {name.lower(): name for name in document("laws.toml")[kind]["names"]}
        broken = []
        for name in sorted(names.values(), key=len, reverse=True):
            words = name.split(" ")
            heads = (i for i in range(1, len(words)) if " ".join(words[:i]).rstrip(",").lower() not in names)
            broken += ["\n".join((_loose(" ".join(words[:i])), _loose(" ".join(words[i:])))) for i in heads]
        out[kind] = re.compile("(?:" + "|".join(broken) + r")(?!\w)" if broken else r"(?!)")
    return out


@cache
def _longest_name() -> int:
    rules = document("laws.toml")
    return max(len(name) for kind in _SPELLED for name in rules[kind]["names"])


@cache
def _stop() -> re.Pattern[str]:
    return re.compile("(?:" + "|".join(map(re.escape, document("laws.toml")["bounds"]["stop"])) + r")(?!\w)")


@cache
def _not_a_law() -> re.Pattern[str]:
    return re.compile("(?:" + "|".join(document("laws.toml")["bounds"]["not_a_law"]) + r")(?!\w)")


def find_laws(text: str, start: int, end: int) -> list[Law]:
    """The laws named in ``start:end`` of `text`, in order; one with a mere number (`Luật số ...`) is not here."""
    laws: list[Law] = []
    done = start
    for match in _ANCHOR.finditer(text, start, end):
        if match.start() < done:
            continue
        law = _law_at(text, match, end)
        if law:
            laws.append(law)
            done = law.end
    return laws


def _law_at(text: str, match: re.Match[str], limit: int) -> Law | None:
    kind = _KINDS[match["kind"].lower()]
    begin, at = match.start(), match.end()
    if _BEFORE.search(text, max(0, begin - 12), begin):
        return None
    amending = _AMENDING.match(text, at, limit)
    if amending:
        stop = _AMENDED_END.search(text, amending.end(), min(limit, at + 400))
        stop_at = stop.start() if stop else min(limit, at + 400)
        if not text.startswith(" ", stop_at) and _UNNAMED.search(text, amending.start(), stop_at):
            return None
        return _make(text, begin, stop_at, kind, amending=True)
    known = _names()[kind].match(text, at, limit)
    if known is None and text.find("\n", at, min(limit, at + _longest_name())) >= 0:
        known = _broken_names()[kind].match(text, at, limit)
    if text[at - 1] == "\n" and (not known or match["kind"].isupper()):
        return None
    name_end = known.end() if known else _open_end(text, at, limit)
    return _make(text, begin, name_end, kind, amending=False) if name_end else None


def _open_end(text: str, at: int, limit: int) -> int | None:
    """The end of a name that no list has: it begins with a capital and goes on to the first stop."""
    first = text[at : at + 1]
    if (
        not first.isupper()
        or not text[at + 1 : at + 2].isalpha()
        or text[at - 5 : at].isupper()
        or _not_a_law().match(text, at)
        or _stop().match(text, at)
    ):
        return None
    end, count = at, 0
    while count < _MAX_WORDS:
        word = _WORD.match(text, end, limit)
        if not word or (count and (_stop().match(text, word.start(1), limit) or _YEAR_ALONE.fullmatch(word[1]))):
            break
        if count and word[1][:1].isupper() and word[1] in ("Luật", "Bộ", "Pháp", "Nghị", "Thông", "Quyết"):
            break
        end = word.end()
        count += 1
    if text[:end].endswith(" và"):
        end -= 3
    return end


def _make(text: str, begin: int, end: int, kind: str, *, amending: bool) -> Law:
    while end > begin and text[end - 1] in " ,":
        end -= 1
    return Law(begin, end, name_of(text[begin:end], kind), "PL" if kind == "phaplenh" else "LUAT", amending)


@lru_cache(maxsize=4096)
def name_of(printed: str, kind: str) -> str:
    """The name as it is written out: `LUẬT VIỆC LÀM` -> `Luật Việc làm`, `Luật NSNN` -> `Luật Ngân sách nhà nước`."""
    head = 2 if kind in ("boluat", "phaplenh") else 1
    words = printed.split()[head:]
    rest = " ".join(words)
    if rest.isupper() and len(rest) > 5:
        rest = rest[:1] + rest[1:].lower()
    for short, full in _shortened():
        rest = short.sub(full, rest)
    return f"{_SPELLED[kind]} {_in_own_marks(rest, kind)}"


@cache
def _shortened() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Shortened names with what they stand for."""
    short: dict[str, str] = document("laws.toml")["short"]
    return tuple((re.compile(rf"(?<!\w){word}(?!\w)"), full) for word, full in short.items())


def _in_own_marks(rest: str, kind: str) -> str:
    """A name of the lists that is printed with other marks, as scanning does, in its own (`Tô chức Chính phủ`)."""
    folded = fold(rest)
    if folded.startswith(_FOLDED_AMENDING):
        named = rest[len(_FOLDED_AMENDING) :]
        named = _EACH.sub(lambda match: match[1] + _in_own_marks(match[2], "luat"), named)
        head, right = rest[: len(_FOLDED_AMENDING)], document("laws.toml")["bounds"]["amending"]
        return (head if head.lower() == right else head[0] + right[1:]) + named
    known = _own_marks()[kind].get(folded)
    return known if known and known.lower() != rest.lower() else rest


@cache
def _own_marks() -> dict[str, dict[str, str]]:
    rules = document("laws.toml")
    return {kind: {fold(name): name for name in rules[kind]["names"]} for kind in _SPELLED}


def date_after(text: str, at: int, limit: int) -> tuple[int, str] | None:
    """The end and the EDTF date of what follows a law's name at `at`: `năm 2017`, `ngày 19/6/2015`."""
    date = _DATE.match(text, at, limit)
    if date:
        numeric = _IN_DIGITS.search(date.group()) or _IN_WORDS.search(date.group())
        return (date.end(), day_of(numeric).edtf) if numeric else None
    year = _YEAR.match(text, at, limit)
    return (year.end(), year["y"] or year["y2"]) if year else None

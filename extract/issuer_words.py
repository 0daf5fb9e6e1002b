"""Where the name of an issuer begins and ends in running text (`của UBND tỉnh Hòa Sơn về việc ...`).

Bodies of the centre and committees of a place have closed names; ministries and departments are known by their
field; any other body goes on until a word that begins what its document is about.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from extract.places import KINDS
from extract.short_forms import kinds_pattern
from rules.loader import document, table

_UPPER = "A-ZĐÀÁẢÃẠĂẰẮẲẴẶÂẦẤẨẪẬÈÉẺẼẸÊỀẾỂỄỆÌÍỈĨỊÒÓỎÕỌÔỒỐỔỖỘƠỜỚỞỠỢÙÚỦŨỤƯỪỨỬỮỰỲÝỶỸỴ"
_PROPER = rf"[{_UPPER}][^\W\d_]*(?:['’][^\W\d_]+)?"
_WORD = re.compile(r" ?([^\s,;:.()\[\]\"\n|/]+(?:\.(?=[^\W\d_]))?)")
_KIND_WORDS = ("tỉnh", "thành phố", "huyện", "quận", "thị xã", "xã", "phường", "thị trấn")
_PLACE_WORDS = 4
_MAX_WORDS = 16


@dataclass(frozen=True, slots=True)
class _Names:
    """The patterns of `citations.toml` and the names of `issuers.csv`, compiled once."""

    lead: re.Pattern[str]
    closed: re.Pattern[str]
    open: re.Pattern[str]
    purpose: re.Pattern[str]
    stop: re.Pattern[str]
    capitals: re.Pattern[str]
    joint: re.Pattern[str]
    alone: re.Pattern[str]
    level: re.Pattern[str]
    document: re.Pattern[str]


def _place_pattern(stops: list[str]) -> tuple[str, str]:
    """A place's name, and a place with its kind; neither begins with a word that begins what a document is about."""
    words = [stop for stop in stops if " " in stop or stop in ("về", "giao", "tại")]
    begins = "|".join(
        [*(word[0].upper() + word[1:] for word in words), "Kế hoạch", "Công văn", "Luật", "Nghị quyết", "V"]
    )
    name = (
        rf"(?:(?!(?:{begins})(?!\w)){_PROPER}(?:(?: ?- ?| )(?!(?:{begins})(?!\w)){_PROPER}){{0,4}}|\d{{1,2}}(?![\d/]))"
    )
    kinds = rf"{KINDS}|TP\.?|Tp\.?|TX\.?"
    return name, rf"(?: [Kk]hu vực {name}|(?:,? (?:của )?|,)(?:{kinds})(?: ?{name})?)"


@cache
def _names() -> _Names:
    rules = document("citations.toml")["issuer"]
    name, place = _place_pattern(rules["stop"])
    rows = table("issuers.csv")
    named = {row["name_vi"] for row in rows} | {name for row in rows for name in row["names"].split(";") if name}
    fields = {name.split(" ", 1)[1] for name in named if name.startswith(("Bộ ", "Sở ", "Phòng "))} | set(
        rules["fields"]
    )
    field = "|".join(_loose(name) for name in sorted(fields, key=len, reverse=True))
    central, placed, office = "|".join(rules["central"]), "|".join(rules["placed"]), rules["office"]
    ministries, departments = "|".join(rules["ministries"]), "|".join(rules["departments"])
    whole = "|".join(re.escape(n) for n in sorted(named, key=len, reverse=True) if n.count(" ") > 1)
    heads = sorted([*rules["other"], *rules["ministries"], *rules["departments"]], key=len, reverse=True)
    lead, conference = "|".join(rules["lead"]), rules["conference"]
    return _Names(
        lead=re.compile(rf"[,\s]{{0,2}}(?:(?:{lead}) (?:{conference} )?|(?:tại )?{conference} (?:của )?)"),
        closed=re.compile(
            rf"(?i:{central})(?: [Kk]hóa [IVXLC]+(?!\w))?(?!\w)"
            rf"|(?i:{office}(?:{ministries}) (?:{field}))(?!\w)"
            rf"|(?i:{office}(?:{departments}) (?:{field}))(?!\w)(?:{place}|(?: {name})(?=[\s,;.:)\n]|\Z)|)(?:{place})*"
            rf"|(?i:{office}(?:{placed}))(?!\w)(?:{place})*(?:(?:(?<=ủy)|(?<=Ủy)|(?<=Nam)) {name})?"
            rf"|(?:{whole})(?!\w)(?:{place})*"
        ),
        open=re.compile(rf"(?:{office})(?:{'|'.join(heads)})(?!\w)"),
        purpose=re.compile(rf"(?:{'|'.join(rules['purpose'])})(?!\w)"),
        stop=re.compile(rf"(?:{'|'.join(map(re.escape, rules['stop']))})(?![\w/])"),
        capitals=re.compile(
            rf"(?:{central}|{office}(?:{ministries}|{departments}) (?:{field})"
            rf"|{office}(?:{placed})(?: (?:{KINDS}))?)(?!\w)",
            re.IGNORECASE,
        ),
        joint=re.compile(rf"(?:, | và |, và | ?- ?)(?=(?:{'|'.join(rules['joint'])}) )"),
        alone=re.compile(rf"(?:{'|'.join(rules['alone'])})\Z"),
        level=re.compile(rf"(?<!\w)(?:{'|'.join(rules['level'])})(?!\w)"),
        document=re.compile(rf"(?:{kinds_pattern()}|(?:Bộ luật|Văn bản|số)(?!\w))"),
    )


def _loose(name: str) -> str:
    """A field's name with its small variants: case of later words, `&` for `và`, dashes."""
    words = re.escape(name).replace(r"\ ", " ").replace(r"\-", "-")
    words = words.replace(" và ", r" (?:và|&) ").replace(" - ", r" ?- ?")
    return re.sub(r"(?<=[ ])([^\W\d_])(?=\w)", lambda m: f"[{m[1].upper()}{m[1].lower()}]", words)


def issuer_after(text: str, start: int, limit: int, *, joint: bool) -> tuple[int, int] | None:
    """The span of the issuer's name that follows `start` after `của` or `do`, or None; of several where `joint`."""
    lead = _names().lead.match(text, start, limit)
    if lead:
        end = name_end(text, lead.end(), limit, joint=joint)
        return (lead.end(), end) if end else None
    if text.startswith((" CỦA ", " DO "), start):
        begin = text.index(" ", start + 1) + 1
        end = _capitals_end(text, begin, limit)
        return (begin, end) if end else None
    return None


def _capitals_end(text: str, start: int, limit: int) -> int | None:
    """The end of a closed name in capitals, with the name of its place (`UBND THÀNH PHỐ HÀ NỘI VỀ ...`)."""
    match = _names().capitals.match(text, start, limit)
    if not match:
        return None
    end = match.end()
    if not match.group().lower().endswith(_KIND_WORDS):
        return end
    for _ in range(_PLACE_WORDS):
        word = _WORD.match(text, end, limit)
        if (
            not word
            or not word[1].isupper()
            or word[1] == "VÀ"
            or _names().stop.match(text[word.start(1) : word.start(1) + 16].lower())
        ):
            break
        end = word.end()
    return end


def name_end(text: str, start: int, limit: int, *, joint: bool = True) -> int | None:
    """Where the name of a body that begins at `start` ends, or None where none begins there.

    With `joint` the names of further bodies belong to it (`Bộ A và Bộ B`).
    """
    end = _one_end(text, start, limit)
    while end is not None and joint:
        link = _names().joint.match(text, end, limit)
        following = _one_end(text, link.end(), limit) if link else None
        if following is None:
            return end
        end = following
    return end


def _one_end(text: str, start: int, limit: int) -> int | None:
    names = _names()
    closed = names.closed.match(text, start, limit)
    head = names.open.match(text, start, limit)
    if closed and (not head or closed.end() > head.end()):
        return closed.end()
    if not head:
        return None
    return _walk(text, start, limit)


def _walk(text: str, start: int, limit: int) -> int | None:
    """The end of an open name: up to a stop word or a sign that no name holds."""
    names = _names()
    purposeful = bool(names.purpose.match(text, start, limit))
    head = names.open.match(text, start, limit)
    begin = head.end() if head else start
    at, count = begin, 1
    while count < _MAX_WORDS + 8 * purposeful:
        word = _WORD.match(text, at, limit)
        if not word:
            if purposeful and count and text.startswith(", ", at) and text[at + 2 : at + 3].islower():
                at += 1
                continue
            break
        word_at = word.start(1)
        if count and _ends_name(text, word_at, word[1], purposeful, text[begin:word_at]):
            break
        at = word.end()
        count += 1
    if head and at == head.end() and not names.alone.match(head.group()):
        return None
    while text[at - 1] in " ,-" or text.endswith(" và", start, at):
        at -= 1 if text[at - 1] in " ,-" else 3
    return at


def _ends_name(text: str, begin: int, word: str, purposeful: bool, name: str) -> bool:
    names = _names()
    if word == "và":
        following = text[begin + 3 : begin + 4]
        return not (following.isupper() or purposeful) or bool(names.document.match(text, begin + 3))
    stop = names.stop.match(text, begin)
    if not stop or (stop.group() == "chỉ đạo" and text.endswith("Ban ", 0, begin)):
        return False
    goes_on = purposeful and stop.group() == "về" and not text.startswith("về việc", begin)
    return not (goes_on and not _tells_its_field(name))


def _tells_its_field(name: str) -> bool:
    """Whether a name says already what its body is for (`389 tỉnh`): two words beside its level, or a number."""
    left = _names().level.sub("", name).split()
    return len(left) > 1 or any(word.isdigit() for word in left)

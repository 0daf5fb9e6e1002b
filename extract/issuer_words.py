"""Where the name of an issuer begins and ends in running text (`của UBND tỉnh Hòa Sơn về việc ...`).

Bodies of the centre and committees of a place have closed names; ministries and departments are known by their
field; any other body goes on until a word that begins what its document is about.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from extract.places import KINDS
from rules.loader import document, table

_UPPER = "A-ZĐÀÁẢÃẠĂẰẮẲẴẶÂẦẤẨẪẬÈÉẺẼẸÊỀẾỂỄỆÌÍỈĨỊÒÓỎÕỌÔỒỐỔỖỘƠỜỚỞỠỢÙÚỦŨỤƯỪỨỬỮỰỲÝỶỸỴ"
_PROPER = rf"[{_UPPER}][^\W\d_]*(?:['’][^\W\d_]+)?"
_WORD = re.compile(r" ?([^\s,;:.()\"\n|/]+(?:\.(?=[^\W\d_]))?)")
_JOINT = re.compile(r"(?:, | và |, và )(?=(?:Bộ|Sở|UBND|Ủy ban|HĐND|Hội đồng|Ban|Chính phủ|Đoàn Chủ tịch|Tòa án|Viện kiểm sát|Liên đoàn|Công an|Hội|Tỉnh đoàn) )")
_MAX_WORDS = 16
# What a body is for, said already (`389 tỉnh`); its level aside.
_FIELD = re.compile(r"\d|(?<!\w)(?!Trung |Ban |Chỉ |ương|quốc|Quốc|gia|tỉnh|Tỉnh|thành|Thành|phố|các|cấp|TW|huyện|xã|nhà|Nhà|nước)[^\W\d_]+ [^\W\d_]+ \Z")


@dataclass(frozen=True, slots=True)
class _Names:
    """The patterns of `citations.toml` and the names of `issuers.csv`, compiled once."""

    lead: re.Pattern[str]
    closed: re.Pattern[str]
    open: re.Pattern[str]
    purpose: re.Pattern[str]
    stop: re.Pattern[str]
    capitals: re.Pattern[str]


def _place_pattern(stops: list[str]) -> tuple[str, str]:
    """A place's name, and a place with its kind; neither begins with a word that begins what a document is about."""
    words = [stop for stop in stops if " " in stop or stop in ("về", "giao", "tại")]
    begins = "|".join([*(word[0].upper() + word[1:] for word in words), "Kế hoạch", "Công văn", "Luật", "Nghị quyết", "V"])
    name = (
        rf"(?:(?!(?:{begins})(?!\w)){_PROPER}(?:(?: ?- ?| )(?!(?:{begins})(?!\w)){_PROPER}){{0,4}}|\d{{1,2}}(?![\d/]))"
    )
    return name, rf"(?:(?:,? (?:của )?|,)(?:{KINDS}|TP\.?|Tp\.?|TX\.?)(?: ?{name})?)"


@cache
def _names() -> _Names:
    rules = document("citations.toml")["issuer"]
    name, place = _place_pattern(rules["stop"])
    named = {row["name_vi"] for row in table("issuers.csv")}
    named |= {name for row in table("issuers.csv") for name in row["names"].split(";") if name}
    fields = {name.split(" ", 1)[1] for name in named if name.split(" ", 1)[0] in ("Bộ", "Sở", "Phòng") and " " in name}
    fields |= set(rules.get("fields", ()))
    field = "|".join(_loose(name) for name in sorted(fields, key=len, reverse=True))
    fielded = "|".join(rules["fielded"])
    central = "|".join(rules["central"])
    placed = "|".join(rules["placed"])
    whole = "|".join(re.escape(n) for n in sorted(named, key=len, reverse=True) if n.count(" ") > 1)
    return _Names(
        re.compile(rf"[,\s]{{0,2}}(?:(?:{'|'.join(rules['lead'])}) (?:{rules['conference']} )?|(?:tại )?{rules['conference']} (?:của )?)"),
        re.compile(
            rf"(?:{central})(?: [Kk]hóa [IVXLC]+(?![\w]))?(?!\w)"
            rf"|{rules['office']}(?:{fielded}) (?:{field})(?!\w)(?:{place}|(?: (?:{name}))(?=[\s,;.:)\n]|\Z)|)(?:{place})*"
            rf"|{rules['office']}(?:{placed})(?![\w])(?:{place})*(?:(?:(?<=ủy)|(?<=Ủy)|(?<=Nam)) {name})?"
            rf"|(?:{whole})(?!\w)(?:{place})*"
        ),
        re.compile(rf"{rules['office']}(?:{'|'.join(sorted([*rules['other'], *rules['fielded']], key=len, reverse=True))})(?!\w)"),
        re.compile(rf"(?:{'|'.join(rules['purpose'])})(?!\w)"),
        re.compile(rf"(?:{'|'.join(map(re.escape, rules['stop']))})(?![\w/])"),
        re.compile(
            rf"(?:{central}|{rules['office']}(?:{fielded}) (?:{field})|(?:{placed})(?: (?:{KINDS}))?)(?!\w)", re.IGNORECASE
        ),
    )


def _loose(name: str) -> str:
    """A field's name with its small variants: case of later words, `&` for `và`, dashes."""
    words = re.escape(name).replace(r"\ ", " ").replace(r"\-", "-")
    words = words.replace(" và ", r" (?:và|&) ").replace(" - ", r" ?- ?")
    return re.sub(r"(?<=[ ])([^\W\d_])(?=\w)", lambda m: f"[{m[1].upper()}{m[1].lower()}]", words)


def issuer_after(text: str, start: int, limit: int) -> tuple[int, int] | None:
    """The span of the issuer's name that follows `start` after `của` or `do`, or None."""
    lead = _names().lead.match(text, start, limit)
    if lead:
        end = name_end(text, lead.end(), limit)
        return (lead.end(), end) if end else None
    if text.startswith((" CỦA ", " DO "), start):
        begin = text.index(" ", start + 1) + 1
        match = _names().capitals.match(text, begin, limit)
        return (begin, match.end()) if match else None
    return None


def name_end(text: str, start: int, limit: int) -> int | None:
    """Where the name of a body that begins at `start` ends, or None where none begins there."""
    end = _one_end(text, start, limit)
    while end is not None:
        joint = _JOINT.match(text, end, limit)
        following = _one_end(text, joint.end(), limit) if joint else None
        if following is None:
            return end
        end = following
    return None


def _one_end(text: str, start: int, limit: int) -> int | None:
    names = _names()
    closed = names.closed.match(text, start, limit)
    head = names.open.match(text, start, limit)
    if closed and (not head or closed.end() > head.end()):
        return closed.end()
    if not head:
        return None
    return _walk(text, start, limit)


def _walk(text: str, start: int, limit: int) -> int:
    """The end of an open name: up to a stop word or a sign that no name holds."""
    names = _names()
    purposeful = bool(names.purpose.match(text, start, limit))
    head = names.open.match(text, start, limit)
    at, count = (head.end() if head else start), 1
    at0 = at
    while count < _MAX_WORDS + 8 * purposeful:
        word = _WORD.match(text, at, limit)
        if not word:
            if purposeful and count and text.startswith(", ", at) and text[at + 2 : at + 3].islower():
                at += 1
                continue
            break
        begin = word.start(1)
        if count and _ends_name(text, begin, word[1], purposeful, text[at0:begin]):
            break
        at = word.end()
        count += 1
    return at


def _ends_name(text: str, begin: int, word: str, purposeful: bool, name: str) -> bool:
    names = _names()
    if word == "và":
        following = text[begin + 3 : begin + 4]
        return not (following.isupper() or purposeful) or bool(_NEW_DOCUMENT.match(text, begin + 3))
    if word in ("-",):
        return False
    stop = names.stop.match(text, begin)
    if not stop or (stop.group() == "chỉ đạo" and text.endswith("Ban ", 0, begin)):
        return False
    goes_on = purposeful and stop.group() == "về" and not text.startswith("về việc", begin)
    return not (goes_on and not _FIELD.search(name))


_NEW_DOCUMENT = re.compile(
    r"(?:Kế hoạch|Quyết định|Nghị quyết|Nghị định|Công văn|Thông báo|Thông tư|Chỉ thị|Chương trình|Luật|Bộ luật|"
    r"Hướng dẫn|Kết luận|Công điện|Quy chế|Quy định|Báo cáo|Tờ trình|Đề án|Văn bản|Pháp lệnh|số)\b"
)

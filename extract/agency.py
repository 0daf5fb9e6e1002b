"""The issuer that the left column of a letterhead names: parent and agency, its level, its place."""

from __future__ import annotations

import re
from dataclasses import dataclass

from extract.bodies import full_words, name_like, name_of
from extract.places import KINDS, UNIT_AT_END, lower_kinds, proper
from extract.records import Level
from rules.units import Gazetteer

HEAD = re.compile(
    r"(?:[ỦUƯ][YỶyỷ] (?:BAN|ban)|UBND|HĐND|UBMTTQ|UB MTTQ|HỘI|Hội|SỞ|Sở|BỘ|Bộ|PHÒNG|Phòng|TRƯỜNG|Trường|TỔNG|Tổng|CỤC|Cục|"
    r"CHI CỤC|Chi cục|BAN|Ban|ĐOÀN|Đoàn|LIÊN|Liên|CÔNG AN|Công an|TỈNH ỦY|TỈNH UỶ|HUYỆN ỦY|QUẬN ỦY|THÀNH ỦY|THỊ ỦY|"
    r"ĐẢNG|Đảng|TRUNG TÂM|Trung tâm|VĂN PHÒNG|Văn phòng|THANH TRA|CHÍNH PHỦ|THỦ TƯỚNG|QUỐC HỘI|KIỂM TOÁN|TÒA ÁN|VIỆN|"
    r"NGÂN HÀNG|CHỦ TỊCH|KHO BẠC|BẢO HIỂM|TẬP ĐOÀN|CÔNG TY|HỌC VIỆN|ĐẠI HỌC|MẶT TRẬN|TRẠM|THỐNG KÊ|BỆNH VIỆN|ỦY VIÊN|"
    r"CHI BỘ|TỔ|THƯỜNG TRỰC|BCH|BCĐ)(?![^\W\d_])"
)
_HANGING = re.compile(
    r"(?:BAN (?:THƯỜNG TRỰC|THƯỜNG VỤ|CHẤP HÀNH)|VĂN PHÒNG|ĐOÀN CHỦ TỊCH|THƯỜNG TRỰC|CƠ QUAN [A-ZĐÀ-Ỹ ]+)\Z", re.IGNORECASE
)
_LEVELS: dict[str, Level] = {
    "tỉnh": "province",
    "huyện": "district",
    "quận": "district",
    "thị xã": "district",
    "xã": "commune",
    "phường": "commune",
    "thị trấn": "commune",
    "đặc khu": "commune",
}
_PROVINCIAL = re.compile(r"(?:Sở|Tỉnh ủy|Tỉnh đoàn|Thành ủy|Ban Dân tộc|Thanh tra tỉnh)\b")
_SCHOOL = re.compile(r"(?:Trường|Học viện|Đại học|Bệnh viện|Công ty|Tập đoàn|Chi bộ|Trạm)\b")
_BARE = re.compile(rf"\b(?:{KINDS})\Z")


@dataclass(frozen=True, slots=True)
class Agency:
    """An issuer: its full name, its level, and the units that the letterhead names, by kind."""

    name: str
    level: Level | None
    units: tuple[tuple[str, str], ...]


def bodies_of(lines: list[str]) -> list[str]:
    """The bodies that the lines of the left column name, a parent before its agency."""
    bodies: list[str] = []
    for line in lines:
        if HEAD.match(line) and not (bodies and _is_open(bodies[-1])):
            bodies.append(line)
        elif bodies:
            bodies[-1] = f"{bodies[-1]} {line}"
        elif re.match(r"(?:TỈNH|HUYỆN|THÀNH PHỐ|QUẬN|XÃ|PHƯỜNG|THỊ)\b", line):
            bodies.append(line)
    return bodies


def _is_open(body: str) -> bool:
    """A line that cannot end a name: `CHỦ TỊCH`, `... VÀ`."""
    return body.endswith((" VÀ", " CỦA", ",", " -", "CHỦ TỊCH", "ỦY BAN MẶT TRẬN", "LIÊN"))


def tidy(words: str) -> str:
    """A body's name from capitals or print, in the case that is usual, its kinds of units small."""
    words = " ".join(words.replace("*", "").split()).strip(" -_.:")
    if sum(sign.islower() for sign in words) > 0.3 * len(words):
        return full_words(words)
    words = re.sub(r"\bT[IÍÌĨỊ]NH\b(?= [A-ZĐ])", "TỈNH", words)
    match = re.search(rf"\b({'TỈNH|THÀNH PHỐ|HUYỆN|QUẬN|THỊ XÃ|XÃ|PHƯỜNG|THỊ TRẤN|ĐẶC KHU'}) (?!ỦY|HỘI|UỶ)(.+)\Z", words)
    place = ""
    if match and match.start() > 0:
        words, place = words[: match.start()].rstrip(), f" {match[1].lower()} {proper(match[2])}"
    return _cased(words) + place


def _cased(words: str) -> str:
    named = name_of(words) or name_like(words)
    if named is not None:
        return named.name
    if words.startswith(("TRƯỜNG", "CÔNG TY")):
        return "Trường " + _keep_letters(words[7:]) if words.startswith("TRƯỜNG") else proper(words)
    return full_words(_sentence(words))


def _keep_letters(words: str) -> str:
    return " ".join(w if w in ("THPT", "THCS", "TH", "MN", "PTDTNT", "PTDTBT", "THCS&THPT") else proper(w) for w in words.split())


_SHORT = frozenset("UBND HĐND MTTQ GDĐT GD&ĐT TT&TT TTTT BCĐ BCH TNCS CTMTQG KTXH NN&PTNT LĐTBXH VHTT VH-TT UBMTTQ HTX".split())


def _sentence(words: str) -> str:
    out = []
    for i, word in enumerate(words.split()):
        if word in _SHORT or any(sign.isdigit() for sign in word):
            out.append(word)
        else:
            out.append(word[:1] + word[1:].lower() if i == 0 else word.lower())
    joined = " ".join(out)
    for low, right in (
        ("ủy ban nhân dân", "UBND"), ("hội đồng nhân dân", "HĐND"), ("việt nam", "Việt Nam"), ("mặt trận tổ quốc", "MTTQ"),
        ("ban thường trực", "Ban Thường trực"), ("ban thường vụ", "Ban Thường vụ"), ("ban chấp hành", "Ban Chấp hành"),
        ("ban chỉ đạo", "Ban Chỉ đạo"), ("hồ chí minh", "Hồ Chí Minh"),
    ):
        joined = re.sub(re.escape(low), right, joined, flags=re.IGNORECASE)
    return joined


def agency_of(lines: list[str], units: Gazetteer, day: str | None) -> Agency | None:
    """The issuer of a letterhead whose left column has `lines` in order, or None."""
    printed = bodies_of([line for line in lines if line])
    if not printed:
        return None
    own, parents = printed[-1], printed[:-1]
    if parents and _HANGING.fullmatch(own.strip()):
        parent = tidy(parents[-1])
        name = f"{tidy(own)} {parent}"
        parents = parents[:-1]
    else:
        name = tidy(own)
    name = _full(full_words(name), units, day)
    found = [unit for body in printed for unit in _units_in(_full(tidy(body), units, day))]
    own_units = _units_in(name)
    if not own_units and found and _takes_place(name):
        kind, place = found[-1]
        unit = units.province(place, day) if kind in ("tỉnh", "thành phố") else None
        name = f"{name} {unit.full_name if unit else f'{kind} {place}'}"
    level = _level(name, found, own_units, units, day)
    return Agency(_full(name, units, day), level, tuple(found))


def _takes_place(name: str) -> bool:
    return not _SCHOOL.match(name) and not re.match(r"(?:Tỉnh|Huyện|Thành|Quận|Thị) ủy", name)


def _full(name: str, units: Gazetteer, day: str | None) -> str:
    match = UNIT_AT_END.search(name)
    if match and match["kind"].lower() in ("tỉnh", "thành phố"):
        unit = units.province(match["name"], day) or units.province_like(match["name"])
        if unit is not None and unit.kind == match["kind"].lower():
            return name[: match.start()] + unit.full_name
    return name


def _units_in(name: str) -> list[tuple[str, str]]:
    match = UNIT_AT_END.search(lower_kinds(name))
    return [(match["kind"].lower(), match["name"])] if match else []


def _level(
    name: str, found: list[tuple[str, str]], own: list[tuple[str, str]], units: Gazetteer, day: str | None
) -> Level | None:
    if _SCHOOL.match(name):
        return None
    named = name_of(name)
    if named is not None and named.scope == "central":
        return "central"
    for kind, place in own or found[-1:]:
        if kind == "thành phố":
            return "province" if _is_city(place, units, day) else "district"
        return _LEVELS.get(kind)
    if _PROVINCIAL.match(name):
        return "province"
    if re.match(r"(?:Bộ|Chính phủ|Thủ tướng|Quốc hội|Tổng cục|Cục|Ủy ban Thường vụ|Văn phòng (?:Chính phủ|Quốc hội|Trung ương))\b", name):
        return "central"
    if re.match(r"(?:Huyện|Quận|Thị) ủy", name):
        return "district"
    return None


def _is_city(place: str, units: Gazetteer, day: str | None) -> bool:
    unit = units.province(place, day)
    return unit is not None and unit.kind == "thành phố"

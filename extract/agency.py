"""The issuer that the left column of a letterhead names: parent and agency, its level, its place."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import cast

from extract.bodies import full_words, name_like, name_of
from extract.head_cells import plain
from extract.places import CAPITAL_KINDS, UNIT_AT_END, bare_kind, lower_kinds, proper
from extract.records import Level
from rules.letters import LOWER
from rules.loader import document, words
from rules.units import LEVEL_OF_KIND, Gazetteer

_UNIT_IN_CAPITALS = re.compile(rf"\b(?P<kind>{CAPITAL_KINDS}) (?!ỦY\b|UỶ\b|HỘI\b|ĐOÀN\b|LUẬN\b)(?P<name>.+)\Z")
_SEAT_IN_CAPITALS = re.compile(r"\b(?:TỈNH|THÀNH|HUYỆN|QUẬN|THỊ) (?:[ỦU][YỶ]|ĐOÀN)\b")
_SEAT_UNIT = re.compile(r"\b(?P<seat>[Tt]ỉnh|[Hh]uyện|[Qq]uận) (?:ủy|đoàn) (?P<name>.+)\Z")
_EDGE = re.compile(r"\A[\W\d_]+|\s-{2,}\s*\Z|[\s_|*]+\Z")
_TINH = re.compile(r"\bT[IÍÌĨỈỊ]NH\b(?= \w)")
_SMALL = re.compile(rf"[{LOWER}]")


@dataclass(frozen=True, slots=True)
class Agency:
    """An issuer: its full name, its level, and the units that the letterhead names, by kind."""

    name: str
    level: Level | None
    units: tuple[tuple[str, str], ...]


@cache
def _head_pattern() -> re.Pattern[str]:
    heads = sorted(words("letterhead.toml", "agency.heads"), key=len, reverse=True)
    return re.compile(rf"(?:{'|'.join(heads)})(?![^\W_])")


@cache
def _run_together() -> tuple[str, ...]:
    """Heads of two words and more as OCR runs them together."""
    return tuple(
        head.replace(" ", "") for head in words("letterhead.toml", "agency.heads") if len(head) >= 6 and " " in head
    )


def is_head(line: str) -> bool:
    """Whether `line` begins as the name of a body does, capitals or not, marks or not."""
    if not line[:1].isupper():
        return False
    bare = plain(line[:24])
    return bool(_head_pattern().match(bare)) or bare.replace(" ", "").startswith(_run_together())


@cache
def _stamps() -> re.Pattern[str]:
    return re.compile(rf"(?:{'|'.join(words('letterhead.toml', 'agency.stamps'))})\b")


def is_stamp(line: str) -> bool:
    """Whether `line` was stamped on, not printed (`DỰ THẢO`, `CÔNG VĂN ĐẾN`, `HỎA TỐC`)."""
    return bool(_stamps().match(plain(line).strip()))


def bodies_of(lines: list[str]) -> list[str]:
    """The bodies that the lines of the left column name, a parent before its agency.

    A line that begins with the head of a name begins a body, unless the words before it cannot end one; inside a line
    a head begins one only where the words before it are whole (`BỘ TÀI CHÍNH CỤC THUẾ`).
    """
    bodies: list[str] = []
    for line in lines:
        for i, part in enumerate(_parts(line)):
            if bodies and (lower := _same_body_below(bodies[-1], part)):
                bodies.append(lower)
            elif bodies and (i == 0 and (_is_open(bodies[-1]) or not is_head(part) or _is_one(bodies[-1], part))):
                bodies[-1] = f"{bodies[-1]} {part}"
            elif bodies or is_head(part) or _is_open(part) or _UNIT_IN_CAPITALS.match(part):
                bodies.append(part)
    return [body for body in bodies if is_head(body) or _UNIT_IN_CAPITALS.match(body)]


def _same_body_below(above: str, line: str) -> str | None:
    """The body that a unit alone on its line stands for, below one of the same kind that has its unit.

    `UBND THÀNH PHỐ SƠN LA` / `PHƯỜNG CHIỀNG LỀ` is the committee of the ward.
    """
    unit, own = _UNIT_IN_CAPITALS.match(line), _UNIT_IN_CAPITALS.search(above)
    if unit is None or own is None or not own.start():
        return None
    head = above[: own.start()].rstrip()
    return f"{head} {line}" if plain(head) in ("ubnd", "uy ban nhan dan", "hdnd", "hoi dong nhan dan") else None


def _parts(line: str) -> list[str]:
    """`line` cut before each head whose words before it are a whole name."""
    if name_like(line) is not None:
        return [line]
    parts: list[str] = []
    begin = 0
    for match in re.finditer(r"(?<=\w) (?=\w)", line):
        if is_head(line[match.end() :]) and _is_whole(line[begin : match.start()]):
            parts.append(line[begin : match.start()])
            begin = match.end()
    return [*parts, line[begin:]]


def _is_whole(name: str) -> bool:
    body = name_like(name)
    if body is not None:
        return body.scope in ("central", "province")
    match = _UNIT_IN_CAPITALS.search(name)
    return bool(match and match.start() and len(match["name"].split()) >= 2 and is_head(name))


def _is_one(above: str, below: str) -> bool:
    """Whether two lines are one known name (`ỦY BAN THƯỜNG VỤ` / `QUỐC HỘI`)."""
    return name_like(f"{above} {below}") is not None


@cache
def _open_words() -> frozenset[str]:
    return frozenset(words("letterhead.toml", "agency.open"))


def _is_open(body: str) -> bool:
    return " " not in body or body.endswith((" VÀ", " CỦA", ",", " -", " VỀ")) or plain(body).strip() in _open_words()


def tidy(name: str) -> str:
    """A body's name in the case that is usual, shortened words written out, kinds of units small."""
    name = " ".join(name.replace("*", "").split()).strip(" -_.:,")
    if len(_SMALL.findall(name)) > 0.3 * len(name):
        return full_words(name)
    name = _TINH.sub("TỈNH", name)
    if seat := _SEAT_IN_CAPITALS.search(name):
        return f"{_cased(name[: seat.end()])} {proper(name[seat.end() :])}".rstrip()
    match = _UNIT_IN_CAPITALS.search(name)
    place = ""
    if match and not match.start():
        return f"{match['kind'].lower()} {proper(match['name'])}"
    if match:
        name, place = name[: match.start()].rstrip(), f" {match['kind'].lower()} {proper(match['name'])}"
    return _cased(name) + place


def _cased(name: str) -> str:
    named = name_of(name) or name_like(name)
    if named is not None:
        return named.name
    if plain(name).startswith(("truong ", "cong ty ", "benh vien ", "dai hoc ")):
        head, _, rest = name.partition(" ")
        words_of = " ".join(word if word in _kept() else proper(word) for word in rest.split())
        return _with_usual_case(f"{head.capitalize()} {words_of}")
    return full_words(_sentence(name))


@cache
def _kept() -> frozenset[str]:
    return frozenset(words("letterhead.toml", "agency.kept"))


def _sentence(name: str) -> str:
    """Capitals as a sentence has them: the first letter great, shortened words and known names as they are."""
    out = [
        word
        if word in _kept() or any(sign.isdigit() for sign in word)
        else word.capitalize()
        if i == 0
        else word.lower()
        for i, word in enumerate(name.split())
    ]
    return _with_usual_case(" ".join(out))


def _with_usual_case(name: str) -> str:
    for right in words("letterhead.toml", "agency.cased"):
        name = re.sub(rf"\b{re.escape(right)}\b", right, name, flags=re.IGNORECASE)
    return name


def agency_of(lines: list[str], units: Gazetteer, day: str | None) -> Agency | None:
    """The issuer of a letterhead whose left column has `lines` in order, or None."""
    printed = bodies_of([bare for line in lines if (bare := _EDGE.sub("", line))])
    if not printed:
        return None
    own, parents = printed[-1], printed[:-1]
    name = tidy(own)
    if parents and (organ := _organ_of(own, parents[-1]) or _central_organ(name, parents[-1])):
        name = organ
    elif parents and (
        plain(own).strip() in words("letterhead.toml", "agency.hanging") or _is_party_organ(name, parents[-1])
    ):
        name = f"{name} {tidy(parents[-1])}"
    if joint := _joint(own):
        return _joint_agency(joint, [unit for body in parents for unit in _units_in(tidy(body))])
    name = _with_known_unit(full_words(name), units, day)
    found = [unit for body in printed for unit in _units_in(_with_known_unit(tidy(body), units, day))]
    own_units = _units_in(name)
    if not own_units and found and _takes_place(name):
        kind, place = found[-1]
        if (last := bare_kind(name)) and last.lower() == kind:
            name = name[: -len(last)].rstrip()
        unit = units.province(place, day) if kind in ("tỉnh", "thành phố") else None
        name = f"{name} {unit.full_name if unit and unit.kind == kind else f'{kind} {place}'}"
    return Agency(name, _level(name, found, own_units, units, day), tuple(found))


def _joint_agency(names: list[str], above: list[tuple[str, str]]) -> Agency:
    """The issuers of a joint document, each with the place of the body above them."""
    if above and not any(_units_in(name) for name in names):
        kind, place = above[-1]
        names = [name if level_of_name(name) == "central" else f"{name} {kind} {place}" for name in names]
    levels = {level_of_name(name) for name in names}
    return Agency(", ".join(names), levels.pop() if len(levels) == 1 else None, tuple(above))


def _joint(own: str) -> list[str]:
    """The bodies of a joint document (`BỘ Y TẾ - BỘ TÀI CHÍNH`); none where it is of one body."""
    parts = re.split(r"\s-\s", own)
    if len(parts) < 2 or not all(
        is_head(part) and (name_like(part) or _UNIT_IN_CAPITALS.search(part)) for part in parts
    ):
        return []
    return [tidy(part) for part in parts]


_ORGAN = re.compile(r"(?P<organ>BAN CHẤP HÀNH|BAN THƯỜNG VỤ|BAN THƯỜNG TRỰC|BCH|BTV)\b(?: (?P<rest>.*))?\Z")


def _organ_of(own: str, parent: str) -> str | None:
    """An organ that carries the unit itself, below its organisation: `ĐOÀN TNCS HỒ CHÍ MINH` / `BCH TỈNH SƠN LA`."""
    match = _ORGAN.match(own)
    unit = _UNIT_IN_CAPITALS.fullmatch(match["rest"] or "") if match else None
    if match is None or unit is None or not plain(parent).startswith(("doan ", "hoi ", "lien doan ", "uy ban mttq")):
        return None
    organ = {"BCH": "BAN CHẤP HÀNH", "BTV": "BAN THƯỜNG VỤ"}.get(match["organ"], match["organ"])
    return f"{tidy(organ)} {tidy(parent)} {unit['kind'].lower()} {proper(unit['name'])}"


def _central_organ(name: str, parent: str) -> str | None:
    """An organ of the Party's centre, which carries its name: `BAN CHẤP HÀNH TRUNG ƯƠNG` / `BAN TỔ CHỨC`."""
    if "trung uong" not in plain(parent):
        return None
    known = name_like(f"{name} Trung ương") or name_like(f"{name} Trung ương Đảng")
    return known.name if known else None


def _is_party_organ(name: str, parent: str) -> bool:
    """Whether `name` is an organ of a committee of the Party: `TỈNH ỦY HÀ NAM` / `BAN TỔ CHỨC`."""
    return bool(_SEAT_IN_CAPITALS.match(parent)) and name.startswith(("Ban ", "Văn phòng", "Ủy ban Kiểm tra"))


def _is_unplaced(name: str) -> bool:
    return plain(name).startswith(tuple(f"{head} " for head in words("letterhead.toml", "agency.unplaced")))


def _takes_place(name: str) -> bool:
    """Whether the parent's place belongs to the agency's name: not where it has its own, or stands by itself."""
    named = name_of(name)
    if named is not None and named.scope == "central":
        return False
    return not _is_unplaced(name) and not plain(name).startswith(_seats())


def _with_known_unit(name: str, units: Gazetteer, day: str | None) -> str:
    """`name` with its province as the gazetteer writes it, whatever marks OCR took from it."""
    match = UNIT_AT_END.search(name)
    if match and match["kind"].lower() in ("tỉnh", "thành phố"):
        unit = units.province(match["name"], day) or units.province_like(match["name"])
        if unit is None and match["kind"].lower() == "tỉnh":
            unit = units.province_misread(match["name"])
        if unit is not None and unit.kind == match["kind"].lower():
            return name[: match.start()] + unit.full_name
    return name


def _units_in(name: str) -> list[tuple[str, str]]:
    match = UNIT_AT_END.search(lower_kinds(name)) or None
    if match:
        return [(match["kind"].lower(), match["name"])]
    seat = _SEAT_UNIT.search(name)
    return [(seat["seat"].lower(), seat["name"])] if seat else []


def _level(
    name: str, found: list[tuple[str, str]], own: list[tuple[str, str]], units: Gazetteer, day: str | None
) -> Level | None:
    if _is_unplaced(name):
        return None
    named = name_of(name)
    if named is not None and named.scope == "central":
        return "central"
    if named is not None and named.scope == "province":
        return "province"
    for kind, place in own or found[-1:]:
        if kind == "thành phố":
            return "province" if is_city(place, units, day) else "district"
        return LEVEL_OF_KIND.get(kind)
    return level_of_name(name)


def level_of_name(name: str) -> Level | None:
    """The level that a body's name tells without a place."""
    named = name_of(name)
    if named is not None and named.scope in ("central", "province"):
        return "central" if named.scope == "central" else "province"
    return next((level for level, pattern in _levels() if pattern.match(name)), None)


@cache
def _levels() -> tuple[tuple[Level, re.Pattern[str]], ...]:
    return tuple((cast("Level", row["level"]), re.compile(row["pattern"])) for row in document("bodies.toml")["level"])


@cache
def _seats() -> tuple[str, ...]:
    return tuple(plain(seat) for seat in document("bodies.toml")["seats"])


def is_city(place: str, units: Gazetteer, day: str | None) -> bool:
    """Whether `thành phố` before `place` means a city under the centre on `day`."""
    unit = units.province(place, day)
    return unit is not None and unit.kind == "thành phố"

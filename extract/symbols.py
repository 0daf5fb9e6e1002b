"""Codes of documents (số, ký hiệu): read them, repair what was printed against the form, tell one from another.

A code is a number, in normative documents the year, the letters of the kind and those of the issuer:
`75/KH-UBND`, `30/2020/NĐ-CP`, `64/2025/QH15`, `30-KH/TU`; a công văn has no kind: `1609/LĐTBXH-BTXH`.
Letters may be repaired where they leave no doubt, digits never.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Literal

from extract.text import unify
from rules.loader import document, table

Family = Literal["assembly", "normative", "admin", "party", "letter"]
Fault = Literal[
    "hyphen-missing",
    "slash-missing",
    "slash-for-hyphen",
    "hyphen-for-slash",
    "dot-for-hyphen",
    "state-form-of-party-code",
    "party-form-of-state-code",
]
"""How a code is printed against the form. Mere spaces or case are no fault."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Symbol:
    """A code that was read. `number` is None where a blank stands in its place; `code` is None then as well.

    `doc_type` is the kind's abbreviation of doc_types.csv; None where the code alone does not tell (a law or a
    resolution of the National Assembly, `63/CP`). `issuer` is what follows the kind: `UBND`, `MTTQ-BTT`, `QH15`;
    of a công văn its first part, the drafting office is its `unit`. `symbol` is the code without number and year.
    """

    printed: str
    number: str | None
    year: int | None
    doc_type: str | None
    type_letters: str
    issuer: str
    unit: str | None
    family: Family
    symbol: str
    code: str | None
    malformed: Fault | None = None
    key: str = field(init=False)
    """What identifies the code within its issuer: `1277||QĐUBND`; case, zeros, `&`, signs, council terms aside."""

    def __post_init__(self) -> None:
        letters = f"{self.type_letters}-{self.issuer}-{self.unit or ''}"
        object.__setattr__(self, "key", identity(self.number, self.year, letters))


_SEPARATORS = re.compile(r"[-/.&\s]+")
_TERM = re.compile(r"HĐND[.-]?K?\d{1,2}\b|HĐND[.-]K[IVX]{1,5}\b")
_CODE = re.compile(
    r"(?P<number>\d{1,6}(?:\.\d{1,3})?(?:bis|[a-eđA-EĐ](?=[-/]))?)?"
    r"(?P<sep>[-/.]*)(?:(?P<year>(?<=[-/.])(?:19|20)\d\d)(?P<year_sep>[-/.]?))?"
    r"(?P<letters>[A-ZĐƯỦ][A-Za-zĐđƯưỦ]*[A-Za-zĐđƯưỦ\d&]*(?:[-/.&]+[A-ZĐƯỦ\d][A-Za-zĐđƯưỦ\d&]*)*)[-/.]*"
)
_ASSEMBLY = re.compile(r"(?:QH|UBTVQH)(?:\d{1,2}|[IVXK]+)?")
_ISSUER_ONLY = frozenset({"CP", "TTg", "HĐBT", "CTN", "UB", "UBND", "HĐCP"})
_GROUP = re.compile(r"[-/.]+")
_JOINT_KINDS = frozenset({"NQLT", "TTLT"})
_JOINT_SLASH_UNTIL = 2019
"""Until Nghị định 30/2020/NĐ-CP joint documents often had a slash before the bodies (`01/2014/NQLT/CP-...`)."""


def identity(number: str | None, year: int | None, letters: str) -> str:
    """The key of a code from its parts; see `Symbol.key`.

    >>> identity("075", None, "KH-UBND"), identity("05", 2016, "NQ-HĐND8")
    ('75||KHUBND', '5|2016|NQHĐND')
    """
    bare = _SEPARATORS.sub("", _TERM.sub("HĐND", letters.upper()))
    return f"{(number or '').lstrip('0').lower()}|{year or ''}|{bare}"


@dataclass(frozen=True, slots=True)
class _Grammar:
    """The tables of rules/ as they are needed here."""

    types: Mapping[str, str]
    folded: Mapping[str, str]
    slips: Mapping[str, str]
    type_slips: tuple[tuple[str, str, re.Pattern[str]], ...]
    party: frozenset[str]
    state: re.Pattern[str]
    glued: re.Pattern[str]


@cache
def _grammar() -> _Grammar:
    rules = document("symbols.toml")
    types: dict[str, str] = {}
    exact: set[str] = set()
    for row in table("doc_types.csv"):
        for token in filter(None, row["tokens"].split(";")):
            types.setdefault(token.removeprefix("="), row["code"])
            if token.startswith("="):
                exact.add(token[1:])
    folded: dict[str, str] = {}
    for token in types:
        if token not in exact:
            folded.setdefault(token.upper(), token)
    state = "|".join([*map(re.escape, rules["state"]["bodies"]), *rules["state"]["patterns"]])
    bodies = "|".join(sorted([*rules["party"]["bodies"], *rules["slips"]], key=len, reverse=True))
    longest = "|".join(sorted(map(re.escape, types), key=len, reverse=True))
    return _Grammar(
        types,
        folded,
        rules["slips"],
        tuple((s["printed"], s["right"], _listed(s["with"])) for s in rules["type_slips"]),
        frozenset(rules["party"]["bodies"]),
        re.compile(rf"(?:{state})\d{{0,2}}"),
        re.compile(rf"(?P<type>{longest})(?P<body>(?:{state}|{bodies})\d{{0,2}}|BCĐ\w*|SGD&?ĐT|TTLT\w+)"),
    )


def _listed(names: list[str]) -> re.Pattern[str]:
    """`UBND`, and `B*` for every body that begins so."""
    return re.compile("|".join(re.escape(name).replace(r"\*", r"[A-ZĐ][A-ZĐ&a-z]*") for name in names))


@lru_cache(maxsize=1024)
def type_of_token(token: str) -> str | None:
    """The kind that `token` stands for in a code (`KH`, `QĐ`, `TTLT`), or None; case as printed wins."""
    grammar = _grammar()
    if token in grammar.types:
        return grammar.types[token]
    known = grammar.folded.get(token.upper())
    return grammar.types[known] if known else None


def is_known_body(issuer: str) -> bool:
    """Whether the letters `issuer` begin with those of a body that issues documents of its own kind's letters.

    `BNV`, `UBND`, `TU` do; `CS` (`5106/CT-CS`, a letter of the tax office's drafting unit) does not.
    """
    grammar = _grammar()
    first = issuer.split("-")[0].replace("&", "")
    return first in grammar.party or grammar.state.fullmatch(first) is not None or first in _issuers()


@cache
def _issuers() -> frozenset[str]:
    return frozenset(row["code"] for row in table("issuers.csv"))


def latin(text: str) -> str:
    """`text` with Cyrillic letters that look like Latin ones as these. Its length does not change."""
    for sign, plain in document("symbols.toml")["look_alikes"].items():
        if sign in text:
            text = text.replace(sign, plain)
    return text


def parse_symbol(text: str) -> Symbol | None:
    """The code that `text` is, white space aside, or None where it is none. `text` may lack the number (`/KH-UBND`).

    >>> parse_symbol("1277/QĐUBND").code, parse_symbol("1277/QĐUBND").malformed
    ('1277/QĐ-UBND', 'hyphen-missing')
    >>> parse_symbol("30-KH-TU").code, parse_symbol("170/ KH - UBND").code, parse_symbol("28/2/2019")
    ('30-KH/TU', '170/KH-UBND', None)
    """
    return _parse(text)


@lru_cache(maxsize=4096)
def _parse(text: str) -> Symbol | None:
    bare = "".join(latin(unify(text)).split()).lstrip("._")
    match = _CODE.fullmatch(bare)
    if not match or not (match["number"] or match["sep"]):
        return None
    groups = [_mended(group) for group in _GROUP.split(match["letters"])]
    signs = _GROUP.findall(match["letters"])
    year = int(match["year"]) if match["year"] else None
    if _ASSEMBLY.fullmatch(groups[0]) and len(groups) == 1:
        return _assembly(text, match, groups[0], year)
    kind, groups, fault = _kind_of(groups, year)
    if fault:
        signs = ["-", *signs]
    if kind is None:
        return _letter(text, match, groups, signs, year)
    if len(groups) == 1 and match["number"] is None and not match["sep"]:
        return None
    return _typed(text, match, kind, groups, signs, year, fault)


def _mended(group: str) -> str:
    slips = _grammar().slips
    if group in slips:
        return slips[group]
    return group


def _kind_of(groups: list[str], year: int | None) -> tuple[str | None, list[str], Fault | None]:
    """The kind's letters (None for a công văn), the groups with the kind apart, the fault where it was glued on."""
    grammar = _grammar()
    first = groups[0]
    if len(groups) > 1:
        for printed, right, bodies in grammar.type_slips:
            if first == printed and bodies.fullmatch(groups[1]):
                return right, [right, *groups[1:]], None
    token = first if first in grammar.types else grammar.folded.get(first.upper())
    if token:
        kind = _spelled(token)
        return kind, [kind, *groups[1:]], None
    if grammar.state.fullmatch(first) and year is None:
        return None, groups, None
    glued = grammar.glued.fullmatch(first)
    if glued and (year is not None or len(groups) == 1 or glued["type"] not in {"CT", "TT", "CĐ"}):
        return glued["type"], [glued["type"], _mended(glued["body"]), *groups[1:]], "hyphen-missing"
    return None, groups, None


def _spelled(token: str) -> str:
    """The kind's letters in their own case and marks (`TTR` -> `TTr`, `QD` -> `QĐ`)."""
    kind = _grammar().types[token]
    same = token.upper().replace("Đ", "D") == kind.upper().replace("Đ", "D")
    return kind if same else token


def _number_part(match: re.Match[str], year: int | None) -> str | None:
    number = match["number"]
    if number is None:
        return None
    return f"{number}/{year}" if year else str(number)


def _assembly(text: str, match: re.Match[str], body: str, year: int | None) -> Symbol:
    head = _number_part(match, year)
    return Symbol(
        printed=text,
        number=match["number"],
        year=year,
        doc_type=None,
        type_letters="",
        issuer=body,
        unit=None,
        family="assembly",
        symbol=body,
        code=f"{head}/{body}" if head else None,
        malformed=_head_fault(match, "/"),
    )


def _letter(text: str, match: re.Match[str], groups: list[str], signs: list[str], year: int | None) -> Symbol | None:
    if match["sep"] not in ("/", "-"):
        return None
    body, unit = groups[0], "-".join(groups[1:]) or None
    symbol = "".join(part for pair in zip(groups, [*signs, ""], strict=False) for part in pair).replace("/", "-")
    sep = match["sep"] if year is None else "/"
    head = _number_part(match, year)
    return Symbol(
        printed=text,
        number=match["number"],
        year=year,
        doc_type=None if unit is None and (body in _ISSUER_ONLY or year) else "CV",
        type_letters="",
        issuer=body,
        unit=unit,
        family="letter",
        symbol=symbol,
        code=f"{head}{sep}{symbol}" if head else None,
    )


def _typed(
    text: str,
    match: re.Match[str],
    kind: str,
    groups: list[str],
    signs: list[str],
    year: int | None,
    fault: Fault | None,
) -> Symbol:
    body = groups[1:]
    party = _is_party(body)
    state = bool(body) and bool(_grammar().state.fullmatch(body[0].replace("&", "")))
    as_party = party or (not state and match["sep"] == "-" and year is None and "/" in signs[:1])
    joint = kind in _JOINT_KINDS and (year or 0) <= _JOINT_SLASH_UNTIL and signs[:1] == ["/"]
    issuer = "-".join(body)
    inner = "/" if as_party or joint else "-"
    symbol = kind + (inner + issuer if issuer else "")
    head = _number_part(match, year)
    outer = "-" if as_party else "/"
    return Symbol(
        printed=text,
        number=match["number"],
        year=year,
        doc_type=type_of_token(kind),
        type_letters=kind,
        issuer=issuer,
        unit=None,
        family="party" if as_party else "normative" if year else "admin",
        symbol=symbol,
        code=f"{head}{outer}{symbol}" if head else None,
        malformed=fault or _form_fault(match, signs, outer, inner, party),
    )


def _is_party(body: list[str]) -> bool:
    return bool(body) and body[0] in _grammar().party


def _head_fault(match: re.Match[str], outer: str) -> Fault | None:
    """What is wrong between number, year and letters."""
    if match["number"] is None:
        return None
    signs = [sign for sign in (match["sep"], match["year_sep"]) if sign is not None]
    if any(sign == "" for sign in signs):
        return "slash-missing"
    if any(sign == "-" for sign in signs) and outer == "/":
        return "hyphen-for-slash"
    return None


def _form_fault(match: re.Match[str], signs: list[str], outer: str, inner: str, party: bool) -> Fault | None:
    """What is wrong with the signs of a code whose kind and issuer were read."""
    if match["sep"] == "" and match["number"]:
        return "slash-missing"
    first = signs[0][:1] if signs else inner
    sep = match["year_sep"] if match["year"] else match["sep"]
    if first == ".":
        return "dot-for-hyphen"
    if match["number"] is None:
        return "slash-for-hyphen" if first == "/" and inner == "-" else None
    if not party and outer == "/" and sep == "-" and first == "/":
        return "party-form-of-state-code"
    if party and sep == "/" and first == "-":
        return "state-form-of-party-code"
    if (first == "/" and inner == "-") or (party and sep == "/"):
        return "slash-for-hyphen"
    if party and first == "-":
        return "hyphen-for-slash"
    return _head_fault(match, outer)

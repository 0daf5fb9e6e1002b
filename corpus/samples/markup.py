"""The sources of the sample documents: one TOML file a document, from which twin, gold and file are made.

`body`, and `annex` for what follows the signature, hold one block a line:

    ~ text              a basis (căn cứ), set in italics
    = text              a centred line
    @PATH ROLE > text   a numbered unit; PATH as in the gold (`II/1/a`, `Điều 1/2`), ROLE for depth 1 and 2;
                        an annex is `@Phụ lục ROLE > PHỤ LỤC / TITLE`
    > text              a line at the right margin (the unit of a table)
    | cell | cell |     a table row; the first one is the head
    text                a paragraph

and marks around the words that carry a fact, each `{KIND ARGUMENTS|words}`, not nested:

    {c KEY RELATION [FIELD=VALUE ...]|..}   citation of a work of `works.toml`, with what is printed otherwise there
    {l RELATION [DATE];NAME|..}             law cited by its name
    {b KIND[;SOURCE,...]|..}                sum of money
    {d due|window FROM TO|..}, {d recurring RRULE|..}, {d relative DURATION|..}   deadline
    {a [ROLE][;AGENCY]|..}                  agency charged with acts
    {t VALUE;UNIT;BY|..}                    target
"""

from __future__ import annotations

import re
import shlex
import tomllib
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]
BlockKind = Literal["paragraph", "basis", "centre", "right", "section", "annex", "table"]
FileKind = Literal["pdf", "scan", "docx", "html"]

FOLDER = Path(__file__).resolve().parent
SOURCES = FOLDER / "source"
NOTICE = "(Văn bản mẫu - không có giá trị pháp lý)"
MOTTO = ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc")
PARTY_MOTTO = ("ĐẢNG CỘNG SẢN VIỆT NAM",)

_MARK = re.compile(r"\{([cldbat])([^|{}]*)\|([^{}]*)\}")
_ROLES = "purpose|requirements|objectives|content|schedule|funding|organization|results|other"
_SECTION = re.compile(rf"@(.+?)(?: ({_ROLES}))? > (.*)")
_MARKER = re.compile(r"(?:(?:Điều|Chương|Mục) \d+\.|[IVXLC]+\.|\d+\.|[a-zđ]\))\s+")
_TITLE_LETTERS = 100


class SourceError(ValueError):
    """A source is not in the form of this module's docstring; the message says which line of which document."""


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph, unit or table of a document, its marks taken off."""

    kind: BlockKind
    text: str = ""
    path: str = ""
    marker: str = ""
    rows: tuple[tuple[str, ...], ...] = ()

    @property
    def depth(self) -> int:
        """1 for a unit at the top; 0 for what is no unit."""
        return self.path.count("/") + 1 if self.path else 0


@dataclass(frozen=True, slots=True)
class Sample:
    """A sample document: what stands on its pages, and what its gold says."""

    name: str
    file: FileKind
    left: tuple[str, ...]
    motto: tuple[str, ...]
    number: str
    place_date: str
    subject: str
    heading: str
    title: tuple[str, ...]
    caller: str
    addressee: str
    blocks: tuple[Block, ...]
    annex: tuple[Block, ...]
    recipients: tuple[str, ...]
    sign: tuple[str, ...]
    signer: str
    gold: dict[str, Json] = field(repr=False)

    @property
    def recipient_lines(self) -> list[str]:
        """The list under "Nơi nhận:", with its dashes and stops."""
        last = len(self.recipients) - 1
        return [f"- {name}{'.' if i == last else ';'}" for i, name in enumerate(self.recipients)]


class _Reader:
    """Takes the marks off the lines of one body and gathers the facts that they carry."""

    def __init__(self, name: str, works: dict[str, dict[str, str]]) -> None:
        self.name = name
        self.works = works
        self.path = ""
        self.facts: dict[str, list[Json]] = {
            area: [] for area in ("sections", "citations", "budgets", "deadlines", "assignments", "targets")
        }

    def blocks(self, body: str) -> Iterator[Block]:
        rows: list[tuple[str, ...]] = []
        for line in body.strip().splitlines():
            if line.startswith("|"):
                rows.append(tuple(cell.strip() for cell in line.strip().strip("|").split("|")))
                continue
            if rows:
                yield Block("table", rows=tuple(rows))
                rows = []
            yield self._block(line)
        if rows:
            yield Block("table", rows=tuple(rows))

    def _block(self, line: str) -> Block:
        for sign, kind in (("~ ", "basis"), ("= ", "centre"), ("> ", "right")):
            if line.startswith(sign):
                return Block(kind, self._plain(line[len(sign) :]))  # type: ignore[arg-type]  # the three literals above
        if not line.startswith("@"):
            return Block("paragraph", self._plain(line))
        found = _SECTION.fullmatch(line)
        if not found:
            raise SourceError(f"{self.name}: not a unit: {line[:60]}")
        self.path, role, marked = found[1], found[2], found[3]
        if marked.startswith("PHỤ LỤC"):
            head, _, title = marked.partition(" / ")
            self.facts["sections"].append([self.path, title, role])
            return Block("annex", f"{head}\n{title}", self.path, head)
        text = self._plain(marked)
        marker = _MARKER.match(text)
        if not marker:
            raise SourceError(f"{self.name}: no marker: {text[:60]}")
        title = text[marker.end() :]
        if len(title) > _TITLE_LETTERS:
            title = title[:_TITLE_LETTERS].rsplit(" ", 1)[0]
        self.facts["sections"].append([self.path, title, role] if role else [self.path, title])
        return Block("section", text, self.path, text[: marker.end()].strip())

    def _plain(self, marked: str) -> str:
        for mark in _MARK.finditer(marked):
            getattr(self, f"_take_{mark[1]}")(mark[2].strip(), mark[3])
        plain = _MARK.sub(lambda mark: mark[3], marked)
        if "{" in plain or "}" in plain:
            raise SourceError(f"{self.name}: a mark out of form: {marked[:80]}")
        return plain

    def _take_c(self, arguments: str, words: str) -> None:
        key, relation, *overrides = shlex.split(arguments)
        work = self.works[key] | dict(pair.split("=", 1) for pair in overrides)
        fact: dict[str, Json] = {"text": words, **{name: value or None for name, value in work.items()}}
        self.facts["citations"].append({**fact, "relation": relation})

    def _take_l(self, arguments: str, words: str) -> None:
        how, name = arguments.split(";")
        relation, *date = how.split()
        self.facts["citations"].append(
            {
                "text": words,
                "doc_type": "LUAT",
                "code": None,
                "name": name,
                "issued_on": date[0] if date else None,
                "issuer": "Quốc hội",
                "relation": relation,
            }
        )

    def _take_b(self, arguments: str, words: str) -> None:
        kind, _, sources = arguments.partition(";")
        self.facts["budgets"].append(
            {
                "text": words,
                "vnd": _dong(words),
                "kind": kind,
                "funding_sources": [s for s in sources.split(",") if s],
            }
        )

    def _take_d(self, arguments: str, words: str) -> None:
        kind, *values = arguments.split()
        fact: dict[str, Json] = {"text": words, "kind": kind}
        if kind == "recurring":
            fact["rrule"] = values[0]
        elif kind == "relative":
            fact["duration"] = values[0]
        else:
            fact["from"], fact["to"] = (None if value == "-" else value for value in values)
        self.facts["deadlines"].append(fact)

    def _take_a(self, arguments: str, words: str) -> None:
        role, _, agency = arguments.partition(";")
        self.facts["assignments"].append(
            {"agency": agency or words, "role": role or None, "section": self.path or None, "text": words}
        )

    def _take_t(self, arguments: str, words: str) -> None:
        value, unit, by = arguments.split(";")
        self.facts["targets"].append(
            {
                "value": float(value) if "." in value else int(value),
                "unit": unit,
                "by": by or None,
                "section": self.path or None,
                "text": words,
            }
        )


def _dong(words: str) -> int:
    """The sum that the words give in digits, in đồng: `126.000 triệu đồng` is 126000000000."""
    found = re.match(r"([\d.]+)(?: (triệu|tỷ))? đồng", words)
    if not found:
        raise SourceError(f"not a sum: {words}")
    return int(found[1].replace(".", "")) * {"triệu": 10**6, "tỷ": 10**9, None: 1}[found[2]]


def read_works(folder: Path = SOURCES) -> dict[str, dict[str, str]]:
    """The works that the samples cite, by key."""
    return tomllib.loads((folder / "works.toml").read_text(encoding="utf-8"))


def names(folder: Path = SOURCES) -> list[str]:
    """The names of the sample documents, sorted."""
    return sorted(path.stem for path in folder.glob("*.toml") if path.stem != "works")


def read_sample(name: str, folder: Path = SOURCES) -> Sample:
    """One document from its source; SourceError where the source is out of form."""
    text = (folder / f"{name}.toml").read_text(encoding="utf-8")
    if not unicodedata.is_normalized("NFC", text):
        raise SourceError(f"{name}: not in Unicode NFC")
    source = tomllib.loads(text)
    reader = _Reader(name, read_works(folder))
    blocks = tuple(reader.blocks(source["body"]))
    annex = tuple(reader.blocks(source.get("annex", "")))
    sign, signer = tuple(source["sign"]), source["signer"]
    given = {key: value or None for key, value in source["header"].items()}
    header: dict[str, Json] = {
        "title": " ".join(source.get("title", [])),
        **given,
        "signer": signer or None,
        "signer_position": sign[-1],
        "signing_form": " / ".join(sign[:-1]) or None,
    }
    return Sample(
        name=name,
        file=source["file"],
        left=tuple(source["left"]),
        motto=PARTY_MOTTO if source.get("party") else MOTTO,
        number=source["number"],
        place_date=source["place_date"],
        subject=source.get("subject", ""),
        heading=source.get("type", ""),
        title=tuple(source.get("title", [])),
        caller=source.get("caller", ""),
        addressee=source.get("addressee", ""),
        blocks=blocks,
        annex=annex,
        recipients=tuple(source["recipients"]),
        sign=sign,
        signer=signer,
        gold={"header": header, **reader.facts, "findings": source["findings"]},
    )


def twin(sample: Sample) -> str:
    """The text of a document as a clean extraction gives it: letterhead, body, recipients, signature.

    A PDF is read by columns; the letterhead table of a DOCX or an HTML page row by row.
    """
    number = [sample.number, sample.subject] if sample.subject else [sample.number]
    if sample.file in ("pdf", "scan"):
        head = [*sample.left, *number, *sample.motto, sample.place_date]
    else:
        head = [*sample.left, *sample.motto, *number, sample.place_date]
    titles = [line for line in (sample.heading, " ".join(sample.title), sample.caller, sample.addressee) if line]
    tail = ["Nơi nhận:", *sample.recipient_lines, *sample.sign, *([sample.signer] if sample.signer else [])]
    groups = [[NOTICE], head, titles, _lines(sample.blocks), tail, _lines(sample.annex)]
    return "\n\n".join("\n".join(group) for group in groups if group) + "\n"


def _lines(blocks: tuple[Block, ...]) -> list[str]:
    """The lines of blocks; a table row is one line, its cells apart by tabs."""
    lines: list[str] = []
    for block in blocks:
        if block.kind == "table":
            lines += ["\t".join(row) for row in block.rows]
        else:
            lines.append(block.text)
    return lines


def is_heading(block: Block) -> bool:
    """Whether a unit is set in bold: the top units of a plan and of a decision, and short titles below them."""
    if block.kind != "section" or block.depth > 2:
        return False
    return block.text[-1] not in ".;:" and (block.depth == 1 or len(block.text) < 70)


def is_number(cell: str) -> bool:
    """Whether a table cell holds a figure: `1.850`, `75,6`."""
    return cell.replace(".", "").replace(",", "").isdigit()


def column_widths(rows: tuple[tuple[str, ...], ...], total: float) -> list[float]:
    """Widths of the columns of a table: 7 % for the running number, 14 % for figures, the rest by length of text."""
    columns = list(zip(*rows[1:], strict=True))
    figures = [all(is_number(cell) for cell in column if cell) for column in columns]
    fixed = [0.07 if i == 0 else 0.14 if figure else 0.0 for i, figure in enumerate(figures)]
    longest = [0 if share else max(map(len, column)) for share, column in zip(fixed, columns, strict=True)]
    rest = 1 - sum(fixed)
    return [total * (share or rest * length / sum(longest)) for share, length in zip(fixed, longest, strict=True)]

"""The vocabulary of the domain: what is read from a file and what is found in it.

Every record is frozen. ``start`` and ``end`` count code points of the canonical text (`Source.text`), so that
``text[start:end]`` is the evidence; a fact whose span does not fit its order is refused when it is made.
The fields and their meaning are those of the output contract; `extract.serialise` gives them their JSON names.
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from spacy.tokens import Doc
    from spacy.vocab import Vocab

CONVERTERS = "kehoach.converters"
"""The group of entry points under which packages declare what turns a document into a form of their own."""
Level = Literal["central", "province", "district", "commune"]
Relation = Literal[
    "legal_basis",
    "implements",
    "guided_by",
    "funded_by",
    "responds_to",
    "amends",
    "replaces",
    "repeals",
    "attached_to",
    "mentions",
]
Role = Literal[
    "purpose",
    "requirements",
    "objectives",
    "content",
    "schedule",
    "funding",
    "organization",
    "results",
    "recipients",
    "other",
]
BudgetKind = Literal["total", "item", "rate", "other"]
FundKind = Literal["recurrent", "development", "counterpart"]
DeadlineKind = Literal["due", "window", "recurring", "relative"]
AgencyRole = Literal["lead", "coordinate"]
Severity = Literal["error", "warning", "info"]
Box = tuple[int, float, float, float, float]
"""page (from 1), x0, top, x1, bottom in points from the page's top left corner."""
Span = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """What every found thing carries: its evidence, where it stands, what found it, how sure that is."""

    start: int
    end: int
    id: str = ""
    page: int | None = None
    bbox: tuple[Box, ...] = ()
    by: str = ""
    confidence: float = 1.0
    uncertain: tuple[str, ...] = ()
    table: bool = False

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise ValueError(f"{type(self).__name__} spans {self.start}..{self.end}: nothing, or backwards")


@dataclass(frozen=True, slots=True, kw_only=True)
class Section(Fact):
    """A numbered unit (mục): `start` at its marker, `end` where all that it holds ends."""

    path: str
    marker: str
    depth: int
    title: str
    role: Role | None = None
    items: tuple[Span, ...] = ()
    heading_end: int = 0
    """Where the unit's own first line ends; between it and the first child stands its own text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation(Fact):
    """A mention of one identified other document (viện dẫn)."""

    doc_type: str | None
    code: str | None
    code_text: str | None
    name: str | None = None
    issued_on: str | None = None
    issuer: str | None = None
    issuer_text: str | None = None
    pinpoint: str | None = None
    is_self: bool = False
    section: str | None = None
    relation: Relation = "mentions"
    code_span: Span | None = None
    date_span: Span | None = None
    issuer_span: Span | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference(Fact):
    """A mention without a number that points back (`Kế hoạch nêu trên`)."""

    antecedent: str | None
    reason: str
    doc_type: str | None = None
    section: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget(Fact):
    """A sum of money in đồng."""

    vnd: int
    vnd_max: int | None = None
    ambiguous: tuple[int, ...] = ()
    kind: BudgetKind = "other"
    per: str | None = None
    in_words: int | None = None
    funding_sources: tuple[str, ...] = ()
    fund_kind: FundKind | None = None
    period: str | None = None
    section: str | None = None
    words_span: Span | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline(Fact):
    """A bound in time that the document sets for an act of its own. Days are ISO dates."""

    kind: DeadlineKind
    from_day: str | None = None
    to_day: str | None = None
    before: bool = False
    rrule: str | None = None
    duration: str | None = None
    anchor: str | None = None
    agency: str | None = None
    task: str | None = None
    """What is to be done, as the row of a table of tasks says it; None in running text."""
    section: str | None = None
    year_given: bool = True
    """False where the year was taken from the document, not printed in the bound itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment(Fact):
    """An agency that the document charges with acts; `task` is what the row of a table of tasks says of them."""

    agency: str
    role: AgencyRole | None = None
    task: str | None = None
    section: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Target(Fact):
    """A measurable goal (chỉ tiêu) that the document sets for itself."""

    value: float
    unit: str
    value_max: float | None = None
    by_date: str | None = None
    indicator: str | None = None
    section: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table with its cells' texts; `start` and `end` span its text. `cells` gives each cell's span, row by row."""

    start: int
    end: int
    rows: tuple[tuple[str, ...], ...]
    page: int | None = None
    header_rows: int = 1
    unit: str | None = None
    cells: tuple[tuple[Span | None, ...], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """What was seen and could not be understood, with the reason."""

    kind: str
    start: int
    end: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """The letterhead (thể thức đầu văn bản) and the signature. `spans` gives the evidence of a field by its name."""

    doc_type: str | None = None
    number: str | None = None
    symbol: str | None = None
    code: str | None = None
    code_text: str | None = None
    issuer: str | None = None
    issuer_level: Level | None = None
    place: str | None = None
    issued_on: str | None = None
    title: str | None = None
    period: str | None = None
    signer: str | None = None
    signer_position: str | None = None
    signing_form: str | None = None
    recipients: tuple[str, ...] = ()
    unreadable: tuple[str, ...] = ()
    number_blank: bool = False
    """True where a blank was seen in the number's place (`Số:   /KH-UBND`); an absent line is not a blank."""
    province: str | None = None
    district: str | None = None
    commune: str | None = None
    """The issuer's chain of places, bare names without their kind (`Thanh Hóa`, `Hoằng Hóa`, `Hoằng Cát`)."""
    spans: dict[str, Span] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Where the parts of the official document lie, in offsets of the matching view.

    ``start <= body <= signature <= end``: the document without furniture is ``start..end``, its letterhead ends and
    its preamble begins at ``body``, the block of recipients and signature begins at ``signature``; what stands
    between the signature's end ``annex`` and ``end`` is annexes. `recipients` spans the list "Nơi nhận".
    """

    start: int
    body: int
    signature: int
    annex: int
    end: int
    recipients: Span | None = None
    signatures: tuple[Span, ...] = ()
    """Every block of recipients and signature, annexes' and attached documents' too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One side of a finding: a document, a fact in it (or a header field `header.code`), and its span."""

    document: str
    fact: str | None
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something that an auditor should look at, with evidence on every side that it has."""

    rule: str
    severity: Severity
    confidence: float
    message_vi: str
    message_en: str
    why_maybe_wrong: str
    evidence: tuple[Evidence, ...]
    id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page of the source: its span of the canonical text and its size in points."""

    number: int
    start: int
    end: int
    width: float = 0.0
    height: float = 0.0
    ocr: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A span of the canonical text that the reader knows to be something: furniture, a footnote, doubtful letters."""

    kind: Literal["furniture", "footnote", "uncertain", "unreadable"]
    start: int
    end: int
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What any reader gives: the canonical text (NFC) and what it knows of pages, boxes and tables.

    `boxes` is None, or holds four numbers (x0, top, x1, bottom, in points) for each code point of `text`; x0 is
    negative where a sign has no ink (a line break). The page is the one whose span holds the code point.
    """

    path: str
    sha256: str
    media_type: str
    text: str
    pages: tuple[Page, ...] = ()
    tables: tuple[Table, ...] = ()
    marks: tuple[Mark, ...] = ()
    boxes: array[float] | None = None
    signed_at: str | None = None
    """The digital signature's own time, ISO 8601, where the file has one."""
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """Why a file could not be read: a stable code and one plain sentence on what is wrong and what to do."""

    code: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """All that was found in one source. Where `error` is set, the rest is empty."""

    source: Source
    header: Header = Header()
    sections: tuple[Section, ...] = ()
    citations: tuple[Citation, ...] = ()
    references: tuple[Reference, ...] = ()
    budgets: tuple[Budget, ...] = ()
    deadlines: tuple[Deadline, ...] = ()
    assignments: tuple[Assignment, ...] = ()
    targets: tuple[Target, ...] = ()
    tables: tuple[Table, ...] = ()
    unread: tuple[Unread, ...] = ()
    findings: tuple[Finding, ...] = ()
    error: Failure | None = None

    def to_spacy(self, vocab: Vocab | None = None) -> Doc:
        """A spaCy `Doc` of the text with all facts as span groups, in `vocab` or one of its own.

        What makes it is declared by the package that knows spaCy, as an entry point; KehoachError where none is.
        """
        from importlib.metadata import entry_points

        for found in entry_points(group=CONVERTERS, name="spacy"):
            doc: Doc = found.load()(self, vocab)
            return doc
        raise KehoachError("no-converter", "Nothing here turns documents into spaCy's: install kehoach anew.")


class KehoachError(Exception):
    """A fault that the user can do something about: `code` is stable, the message says what to do."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class ReadError(KehoachError):
    """A file that cannot be read (empty, encrypted, broken, of an unknown kind, over a limit)."""

"""HTML: the document's own words in order; scripts, menus and other furniture of the site dropped."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from extract.readers.written import ABOVE, Written, is_frame, unit_above
from extract.records import Source, Span, Table

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

_CHARSET = re.compile(rb"charset\s*=\s*[\"']?([A-Za-z0-9_\-]+)", re.IGNORECASE)
_DROPPED = frozenset(
    "script style noscript template head nav aside header footer form button select iframe object svg link meta"
    " input textarea video audio".split()
)
_BLOCK = frozenset(
    "p div section article main table tr li ul ol h1 h2 h3 h4 h5 h6 blockquote pre center dl dt dd hr body"
    " caption tbody thead tfoot figure address".split()
)
_CELLS = frozenset({"td", "th"})
_FURNITURE = re.compile(
    r"(?:^|[\s_-])(?:nav|menu|breadcrumb|footer|header|sidebar|share|social|comment|banner|advert|related|toolbar)",
    re.IGNORECASE,
)
_SPACES = re.compile(r"[ \t\r\n\f\u00a0]+")


def decode(data: bytes) -> str:
    """The text of a page: by its byte order mark, the charset it declares, UTF-8, else windows-1258."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    declared = _CHARSET.search(data[:4096])
    names = [declared[1].decode("ascii", "ignore").lower()] if declared else []
    for name in [*names, "utf-8"]:
        try:
            return data.decode("utf-8-sig" if name in {"utf-8", "utf8"} else name)
        except (UnicodeDecodeError, LookupError):
            continue
    return data.decode("cp1258", errors="replace")


def read(data: bytes, path: str, sha256: str) -> Source:
    """A web page, or Word's HTML."""
    from selectolax.lexbor import LexborHTMLParser

    tree = LexborHTMLParser(decode(data))
    writer = _Writer()
    root = tree.body or tree.root
    if root is not None:
        writer.walk(root)
    return Source(path=path, sha256=sha256, media_type="text/html", text=writer.out.text(), tables=tuple(writer.tables))


@dataclass(slots=True)
class _OpenTable:
    """A table whose end has not come yet: where it begins, the spans of its cells by row."""

    start: int
    rows: list[list[Span]] = field(default_factory=list)


@dataclass(slots=True)
class _Writer:
    """Writes the words of blocks as lines; runs of white space are one space, as a browser shows them."""

    out: Written = field(default_factory=Written)
    tables: list[Table] = field(default_factory=list)
    opened: list[_OpenTable] = field(default_factory=list)
    cells: list[int] = field(default_factory=list)
    in_line: bool = False
    in_pre: int = 0

    def break_line(self) -> None:
        if self.in_line:
            self.out.put("\n")
            self.in_line = False

    def words(self, raw: str) -> None:
        if self.in_pre:
            self.out.put(raw)
            self.in_line = not raw.endswith("\n")
            return
        words = _SPACES.sub(" ", raw)
        if not self.in_line or (self.out.pieces and self.out.pieces[-1].endswith(" ")):
            words = words.lstrip(" ")
        if words:
            self.out.put(words)
            self.in_line = True

    def walk(self, root: LexborNode) -> None:
        """Writes everything below `root`, without recursion on the depth of the page."""
        stack: list[tuple[LexborNode | None, str]] = [(root, "open")]
        while stack:
            node, action = stack.pop()
            if node is None:
                continue
            tag = node.tag or ""
            if action == "close":
                self._close(tag)
                continue
            if tag == "-text":
                self.words(node.text_content or "")
                continue
            if tag in _DROPPED or tag.startswith(("-", "!")) or _is_site(node, tag):
                continue
            self._open(tag)
            stack.append((node, "close"))
            children = []
            child = node.child
            while child is not None:
                children.append(child)
                child = child.next
            stack.extend((child, "open") for child in reversed(children))

    def _open(self, tag: str) -> None:
        if tag == "br":
            self.out.put("\n")
            self.in_line = False
        elif tag in _BLOCK or tag in _CELLS:
            self.break_line()
        self.in_pre += tag == "pre"
        if tag == "table":
            self.opened.append(_OpenTable(self.out.length))
        elif tag == "tr" and self.opened:
            self.opened[-1].rows.append([])
        elif tag in _CELLS:
            self.cells.append(self.out.length)

    def _close(self, tag: str) -> None:
        if tag in _BLOCK or tag in _CELLS:
            self.break_line()
        self.in_pre -= tag == "pre"
        if tag in {"p", "table"} and self.out.pieces and not self.out.pieces[-1].endswith("\n\n"):
            self.out.put("\n")
        if tag in _CELLS and self.cells:
            start = self.cells.pop()
            if self.opened and self.opened[-1].rows:
                self.opened[-1].rows[-1].append((start, self.out.length))
        elif tag == "table" and self.opened:
            self._table(self.opened.pop())

    def _table(self, table: _OpenTable) -> None:
        """Keeps a table that holds data; one that only sets its page has one row or one column, or other tables."""
        spans = [row for row in table.rows if row]
        if len(spans) < 2 or max(map(len, spans)) < 2 or self.out.length <= table.start:
            return
        text, begin = self.out.since(table.start), table.start
        rows = [tuple(" ".join(text[a - begin : b - begin].split()) for a, b in row) for row in spans]
        if is_frame(rows) or not text.strip():
            return
        cells = tuple(tuple(span if span[0] < span[1] else None for span in row) for row in spans)
        unit = unit_above(self.out.since(max(begin - ABOVE, 0))[: begin - max(begin - ABOVE, 0)])
        self.tables.append(Table(start=begin, end=self.out.length, rows=tuple(rows), unit=unit, cells=cells))


def _is_site(node: LexborNode, tag: str) -> bool:
    """Whether a block is the site's, by its class, id or role."""
    if tag not in {"div", "section", "ul", "span", "table", "p"}:
        return False
    attributes = node.attributes
    named = f"{attributes.get('class') or ''} {attributes.get('id') or ''}"
    return bool(_FURNITURE.search(named)) or attributes.get("role") in {"navigation", "banner", "contentinfo", "search"}

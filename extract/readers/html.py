"""HTML: the document's own words in order; scripts, menus and other furniture of the site dropped."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from extract.records import Source, Span, Table
from extract.text import canonical

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
    return Source(path=path, sha256=sha256, media_type="text/html", text=writer.text(), tables=tuple(writer.tables))


@dataclass(slots=True)
class _Writer:
    """Writes the words of blocks as lines; runs of white space are one space, as a browser shows them."""

    pieces: list[str] = field(default_factory=list)
    length: int = 0
    tables: list[Table] = field(default_factory=list)
    in_line: bool = False
    in_pre: int = 0

    def text(self) -> str:
        return "".join(self.pieces)

    def put(self, words: str) -> None:
        words = canonical(words)
        self.pieces.append(words)
        self.length += len(words)

    def break_line(self) -> None:
        if self.in_line:
            self.put("\n")
            self.in_line = False

    def words(self, raw: str) -> None:
        if self.in_pre:
            self.put(raw)
            self.in_line = not raw.endswith("\n")
            return
        words = _SPACES.sub(" ", raw)
        if not self.in_line or (self.pieces and self.pieces[-1].endswith(" ")):
            words = words.lstrip(" ")
        if words:
            self.put(words)
            self.in_line = True

    def walk(self, root: LexborNode) -> None:
        """Writes everything below `root`, without recursion on the depth of the page."""
        stack: list[tuple[LexborNode | None, str]] = [(root, "open")]
        opened: list[tuple[int, LexborNode]] = []
        while stack:
            node, action = stack.pop()
            if node is None:
                continue
            tag = node.tag or ""
            if action == "close":
                self._close(node, tag, opened)
                continue
            if tag == "-text":
                self.words(node.text_content or "")
                continue
            if tag in _DROPPED or tag.startswith(("-", "!")) or _is_site(node, tag):
                continue
            self._open(node, tag, opened)
            stack.append((node, "close"))
            children = []
            child = node.child
            while child is not None:
                children.append(child)
                child = child.next
            stack.extend((child, "open") for child in reversed(children))

    def _open(self, node: LexborNode, tag: str, opened: list[tuple[int, LexborNode]]) -> None:
        if tag == "br":
            self.put("\n")
            self.in_line = False
        elif tag in _BLOCK or tag in {"td", "th"}:
            self.break_line()
        self.in_pre += tag == "pre"
        if tag in {"table", "tr", "td", "th"}:
            opened.append((self.length, node))

    def _close(self, node: LexborNode, tag: str, opened: list[tuple[int, LexborNode]]) -> None:
        if tag in _BLOCK or tag in {"td", "th"}:
            self.break_line()
        self.in_pre -= tag == "pre"
        if tag in {"p", "table"} and self.pieces and not self.pieces[-1].endswith("\n\n"):
            self.put("\n")
        if tag in {"table", "tr", "td", "th"} and opened:
            start, _ = opened.pop()
            self._rows(tag, (start, self.length))

    _cells: list[Span] = field(default_factory=list)
    _table_rows: list[tuple[Span, ...]] = field(default_factory=list)

    def _rows(self, tag: str, span: Span) -> None:
        """Gathers cells into rows, rows into tables (a table within a table ends with its own)."""
        if tag in {"td", "th"}:
            self._cells.append(span)
        elif tag == "tr":
            self._table_rows.append(tuple(self._cells))
            self._cells = []
        else:
            self._table(span)
            self._table_rows = []

    def _table(self, span: Span) -> None:
        text = self.text()[span[0] : span[1]]
        rows = [tuple(" ".join(text[a - span[0] : b - span[0]].split()) for a, b in row) for row in self._table_rows]
        if len(rows) < 2 or max((len(row) for row in rows), default=0) < 2 or not text.strip():
            return
        head = " ".join(" ".join(row) for row in rows[:3]).upper()
        if any(words in head for words in ("CỘNG HÒA XÃ HỘI", "CỘNG HOÀ XÃ HỘI", "NƠI NHẬN")):
            return
        cells = tuple(tuple(s if s[0] < s[1] else None for s in row) for row in self._table_rows)
        self.tables.append(Table(start=span[0], end=span[1], rows=tuple(rows), cells=cells))


def _is_site(node: LexborNode, tag: str) -> bool:
    """Whether a block is the site's, by its class, id or role."""
    if tag not in {"div", "section", "ul", "span", "table", "p"}:
        return False
    attributes = node.attributes
    named = f"{attributes.get('class') or ''} {attributes.get('id') or ''}"
    return bool(_FURNITURE.search(named)) or attributes.get("role") in {"navigation", "banner", "contentinfo", "search"}

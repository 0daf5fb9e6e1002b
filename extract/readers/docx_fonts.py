"""Runs of a DOCX that are set in fonts from before Unicode (`.VnTime`, `VNI-Times`), brought to Unicode in its tree."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from extract.readers.legacy import Encoding, convert, encoding_of_font, joins

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_NAMES = (b".Vn", b"VNI")


def mentions_legacy(*parts: bytes) -> bool:
    """Whether a font from before Unicode is named anywhere, so that runs have to be looked at one by one."""
    return any(name in part for part in parts for name in _NAMES)


def to_unicode(root: Element, styles: Element | None) -> bool:
    """Converts all runs below `root` in place; True where there was one to convert."""
    fonts = _Fonts(styles)
    found = False
    for paragraph in root.iter(f"{W}p"):
        before: tuple[Element, Encoding] | None = None
        for text, font in fonts.of(paragraph):
            encoding = encoding_of_font(font) if font else None
            if encoding == "vni" and before and before[1] == "vni":
                _join(before[0], text)
            before = (text, encoding) if encoding else None
        for text, font in fonts.of(paragraph):
            encoding = encoding_of_font(font) if font else None
            if encoding and text.text:
                text.text, found = convert(text.text, encoding), True
    return found


def _join(before: Element, text: Element) -> None:
    """Moves the sign of a tone that a run begins with to the letter that the run before ends with."""
    left, right = before.text or "", text.text or ""
    if left and right and joins(left[-1], right[0]):
        before.text, text.text = left + right[0], right[1:]


class _Fonts:
    """The font of each text, from its run, its styles, or the document's defaults (ECMA-376 Part 1, 17.7.2)."""

    def __init__(self, styles: Element | None) -> None:
        self._named: dict[str, tuple[str | None, str | None]] = {}
        self._usual: str | None = None
        self._default = ""
        for style in styles.iterfind(f"{W}style") if styles is not None else ():
            based = style.find(f"{W}basedOn")
            ident = style.get(f"{W}styleId") or ""
            self._named[ident] = (based.get(f"{W}val") if based is not None else None, _font(style.find(f"{W}rPr")))
            if style.get(f"{W}type") == "paragraph" and style.get(f"{W}default") in {"1", "true"}:
                self._usual = ident
        if styles is not None:
            self._default = _font(styles.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr")) or ""

    def of(self, paragraph: Element) -> Iterator[tuple[Element, str]]:
        """The texts of a paragraph's runs in order, each with the name of its font."""
        style = paragraph.find(f"{W}pPr/{W}pStyle")
        inherited = self._of_style(style.get(f"{W}val") if style is not None else self._usual) or self._default
        for run in paragraph.iter(f"{W}r"):
            properties = run.find(f"{W}rPr")
            own = properties.find(f"{W}rStyle") if properties is not None else None
            named = self._of_style(own.get(f"{W}val")) if own is not None else None
            font = _font(properties) or named or inherited
            for text in run.iterfind(f"{W}t"):
                yield text, font

    def _of_style(self, style: str | None) -> str | None:
        seen = set[str]()
        while style and style not in seen:
            seen.add(style)
            style, font = self._named.get(style, (None, None))
            if font:
                return font
        return None


def _font(properties: Element | None) -> str | None:
    fonts = properties.find(f"{W}rFonts") if properties is not None else None
    if fonts is None:
        return None
    return fonts.get(f"{W}ascii") or fonts.get(f"{W}hAnsi")

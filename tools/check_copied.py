"""Find text of the shared corpus that was copied into the tree.

    python -m tools.check_copied            # 1 where a copy stands, with its file, line and words

The corpus is real documents, there to measure on; nothing of their wording belongs to the project. A copy is a run of
12 syllables or more. Case, white space, digits, punctuation, markup and the place of the tone mark (hoà, hòa) do not
count. What every such document says alike, the fixed formulas and the long names, is listed in `tools/formulas.txt`
and ends a run. Text files are read, tracked or not, unless git ignores them.
"""

from __future__ import annotations

import argparse
import html
import os
import re
import subprocess
import sys
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tools import system_parts

RUN = 12
CORPUS_FOLDERS = ("seeds", "dev", "raw")
ROOT = Path(__file__).resolve().parent.parent
FORMULAS = ROOT / "tools" / "formulas.txt"
SEPARATOR = " :: "

#: Grave, acute, tilde, hook above, dot below: the five tone marks, apart from the marks that make another vowel.
_TONES = {"\u0300", "\u0301", "\u0303", "\u0309", "\u0323"}
_WORD = re.compile(r"[^\W\d_]+")
_ESCAPED_LETTER = re.compile(r"\\u([0-9a-fA-F]{4})")
_ESCAPED_SPACE = re.compile(r"\\[nrt]")
_TAG = re.compile(r"<[^<>\n]{1,200}>")
_BREAK = ""

Gram = tuple[str, ...]


class CopiedError(Exception):
    """The check could not be made; the message is one sentence on why."""


@dataclass(frozen=True, slots=True)
class Token:
    """One syllable: as it stands, in its folded form, and the line it stands on."""

    word: str
    key: str
    line: int


@dataclass(frozen=True, slots=True)
class Copy:
    """A run of syllables of the tree that stands in the corpus too."""

    path: str
    line: int
    words: str
    corpus_file: str


def fold(word: str, memory: dict[str, str]) -> str:
    """Return the form of a syllable in which its ways of being written are one: lower case, tone mark at the end."""
    known = memory.get(word)
    if known is None:
        letters = unicodedata.normalize("NFD", word.lower())
        tones = [letter for letter in letters if letter in _TONES]
        known = sys.intern("".join(letter for letter in letters if letter not in _TONES) + "".join(tones))
        memory[word] = known
    return known


def plain(line: str) -> str:
    """Return a line without the dress of its file format: escapes of JSON and Python, tags and entities of HTML."""
    if "\\" in line:
        line = _ESCAPED_LETTER.sub(lambda match: chr(int(match[1], 16)), line)
        line = _ESCAPED_SPACE.sub(" ", line)
    if "<" in line:
        line = _TAG.sub(" ", line)
    if "&" in line:
        line = html.unescape(line)
    return unicodedata.normalize("NFC", line)


def tokens(text: str, memory: dict[str, str]) -> list[Token]:
    """Return the syllables of a text in reading order."""
    return [
        Token(match[0], fold(match[0], memory), number)
        for number, line in enumerate(text.splitlines(), 1)
        for match in _WORD.finditer(plain(line))
    ]


def grams(keys: Sequence[str]) -> Iterator[Gram]:
    """Yield every run of 12 syllables."""
    return zip(*(keys[offset:] for offset in range(RUN)), strict=False)


def read_formulas(path: Path) -> list[tuple[str, str]]:
    """Return the listed formulas with their reasons; a line is `formula :: reason`, `#` begins a remark."""
    found = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        formula, separator, reason = line.partition(SEPARATOR)
        if not separator or not reason.strip():
            raise CopiedError(f"{path.name}:{number} has no reason: write `formula{SEPARATOR}reason`.")
        found.append((formula.strip(), reason.strip()))
    return found


def without_formulas(keys: Sequence[str], formulas: Iterable[Gram]) -> list[str]:
    """Return the syllables with those of a listed formula taken out, so that no run goes across."""
    by_first: dict[str, list[Gram]] = {}
    for formula in formulas:
        by_first.setdefault(formula[0], []).append(formula)
    found = list(keys)
    for start, key in enumerate(keys):
        for formula in by_first.get(key, ()):
            if tuple(keys[start : start + len(formula)]) == formula:
                found[start : start + len(formula)] = [_BREAK] * len(formula)
    return found


def corpus_files(shared: Path) -> list[Path]:
    """Return the files of the corpus that nothing may be copied from."""
    files = [path for folder in CORPUS_FOLDERS for path in sorted((shared / "corpus" / folder).glob("*.txt"))]
    if not files:
        raise CopiedError(f"{shared / 'corpus'} holds no text.")
    return files


def tree_files(root: Path) -> list[str]:
    """Return the files of the tree, tracked or not, that git does not ignore."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        listed = subprocess.run(command, cwd=root, capture_output=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError) as error:
        raise CopiedError(f"git cannot list the files of {root}: {error}.") from error
    return sorted({name for name in listed.decode("utf-8", "surrogateescape").split("\0") if name})


def read_text(path: Path) -> str | None:
    """Return the text of a file, or None where it is gone or holds something else than text."""
    try:
        data = path.read_bytes()
    except OSError:
        return None
    if b"\0" in data:
        return None
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return None


def find_copies(root: Path, shared: Path, formulas_file: Path = FORMULAS) -> list[Copy]:
    """Return every run of 12 syllables or more that the tree under `root` shares with the corpus under `shared`."""
    memory: dict[str, str] = {}
    formulas = [_keys(formula, memory) for formula, _ in read_formulas(formulas_file)]
    texts: dict[str, list[Token]] = {}
    masked: dict[str, list[str]] = {}
    for name in tree_files(root):
        text = read_text(root / name)
        if text is None or (root / name).resolve() == formulas_file.resolve():
            continue
        texts[name] = tokens(text, memory)
        masked[name] = without_formulas([token.key for token in texts[name]], formulas)
    wanted = {gram for keys in masked.values() for gram in grams(keys) if _BREAK not in gram}
    origin: dict[Gram, str] = {}
    for path in corpus_files(shared):
        keys = _keys(path.read_text(encoding="utf-8", errors="replace"), memory)
        for gram in wanted.intersection(grams(keys)):
            origin.setdefault(gram, path.name)
    return [copy for name in texts for copy in _runs(name, texts[name], masked[name], origin)] if origin else []


def _keys(text: str, memory: dict[str, str]) -> Gram:
    return tuple(fold(match[0], memory) for match in _WORD.finditer(unicodedata.normalize("NFC", text)))


def _runs(name: str, found: Sequence[Token], keys: Sequence[str], origin: dict[Gram, str]) -> Iterator[Copy]:
    """Yield the copies of one file, runs that overlap taken together."""
    starts = [(start, gram) for start, gram in enumerate(grams(keys)) if gram in origin]
    index = 0
    while index < len(starts):
        start, gram = starts[index]
        end = start + RUN
        while index + 1 < len(starts) and starts[index + 1][0] <= end:
            index += 1
            end = starts[index][0] + RUN
        words = " ".join(token.word for token in found[start:end])
        yield Copy(name, found[start].line, words, origin[gram])
        index += 1


def shared_folder() -> Path:
    """Return where the shared data lies: KEHOACH_SHARED, else `../shared` beside the tree."""
    return Path(os.environ.get("KEHOACH_SHARED") or ROOT.parent / "shared")


def main(arguments: Sequence[str] | None = None) -> int:
    """Check the tree; 0 clean or skipped, 1 copies found or (under KEHOACH_STRICT) no corpus, 2 no check possible."""
    parser = argparse.ArgumentParser(description="Find text of the shared corpus that was copied into the tree.")
    parser.add_argument("--root", type=Path, default=ROOT, help="the tree to check")
    parser.add_argument("--shared", type=Path, default=shared_folder(), help="the folder of shared data")
    given = parser.parse_args(arguments)
    if not (given.shared / "corpus").is_dir():
        sys.stdout.write(f"check-copied: skipped, {given.shared / 'corpus'} is not there.\n")
        return 1 if system_parts.is_strict() else 0
    try:
        copies = find_copies(given.root, given.shared)
    except CopiedError as error:
        sys.stderr.write(f"check-copied: {error}\n")
        return 2
    for copy in copies:
        sys.stdout.write(f"{copy.path}:{copy.line}: as in {copy.corpus_file}: {copy.words}\n")
    sys.stdout.write(f"check-copied: {len(copies)} runs of {RUN} syllables or more of the corpus stand in the tree.\n")
    return 1 if copies else 0


if __name__ == "__main__":
    sys.exit(main())

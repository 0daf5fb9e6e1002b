"""The pages of PDFs as pictures, drawn on demand from the kept originals in a limited process, by document id alone.

What was drawn is kept in a folder of this server's own, by hash, page and scale, within `MOST_BYTES`; the folder goes
with the server. A page that could not be drawn is remembered, so that a file that hangs does so once.
"""

from __future__ import annotations

import asyncio
import atexit
import logging
import os
import shutil
import tempfile
import threading
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from datasette_plugins.desk import originals, web
from datasette_plugins.desk.frame import words_of
from datasette_plugins.desk.links import decoded
from datasette_plugins.desk.ports import Datasette, Request, Response, Row
from datasette_plugins.desk.store import Desk, Reader
from extract.records import ReadError

log = logging.getLogger(__name__)
PDF = "application/pdf"
SCALES = {"1": 1.5, "2": 3.0}
"""What the parameter `scale` may be, and the pixels a point that it stands for."""
MOST_BYTES = 256 * 1024 * 1024
MOST_WAITING = 200
"""Pictures that are waited for; who asks for more is told to come again."""
SECONDS, MEGABYTES = 20.0, 900
"""What drawing one page may take."""
FAULTS = {"timeout": "picture.too_long", "memory": "picture.too_large", "encrypted": "picture.encrypted"}
"""What a reader is told by the code of a fault."""
_MOST_FAULTS = 2_000
_ATTRIBUTE = "_kehoach_pictures"
_PREFIX = "kehoach-pages-"


@dataclass(slots=True)
class Cache:
    """Files in a folder of its own, within a number of bytes: those asked for longest ago go first."""

    most: int = MOST_BYTES
    _folder: tempfile.TemporaryDirectory[str] | None = None
    _sizes: OrderedDict[str, int] = field(default_factory=OrderedDict)
    _bytes: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def get(self, name: str) -> bytes | None:
        """The bytes kept under `name`; None where there are none (any more)."""
        with self._lock:
            if name not in self._sizes or self._folder is None:
                return None
            self._sizes.move_to_end(name)
            path = Path(self._folder.name, name)
        try:
            return path.read_bytes()
        except OSError:  # somebody cleared the folder away
            self._forget(name)
            return None

    def put(self, name: str, data: bytes) -> None:
        """Keeps `data` under `name`, and lets others go until all is within the bound."""
        if len(data) > self.most:
            return
        self._forget(name)
        with self._lock:
            if self._folder is None or not Path(self._folder.name).is_dir():
                clear_abandoned()
                self._folder = tempfile.TemporaryDirectory(
                    prefix=f"{_PREFIX}{os.getpid()}-", ignore_cleanup_errors=True
                )
                self._sizes.clear()
                self._bytes = 0
            path = Path(self._folder.name, name)
            part = path.with_suffix(".part")
            part.write_bytes(data)
            os.replace(part, path)
            self._sizes[name] = len(data)
            self._bytes += len(data)
            while self._bytes > self.most:
                oldest, size = self._sizes.popitem(last=False)
                self._bytes -= size
                with suppress(OSError):
                    Path(self._folder.name, oldest).unlink()

    def _forget(self, name: str) -> None:
        with self._lock:
            self._bytes -= self._sizes.pop(name, 0)

    @property
    def size(self) -> int:
        """The bytes that are kept."""
        return self._bytes


def clear_abandoned() -> None:
    """Removes the folders of servers that were killed before they could do it."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*-*"):
        pid = folder.name.removeprefix(_PREFIX).partition("-")[0]
        if pid.isdigit() and not _is_running(int(pid)):
            shutil.rmtree(folder, ignore_errors=True)


def _is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # somebody else's
        return True
    return True


class Pictures:
    """Draws pages, one at a time, and keeps what was drawn."""

    def __init__(self, cache: Cache | None = None) -> None:
        from extract.readers.limits import Limits, OneByOne
        from extract.readers.picture import draw

        self.cache = cache or Cache()
        self._faults: OrderedDict[str, ReadError] = OrderedDict()
        limits = Limits(seconds=SECONDS, seconds_a_page=0.0, megabytes=MEGABYTES, address_megabytes=4 * MEGABYTES)
        self._worker = OneByOne(draw, limits)
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="kehoach-pictures")
        self._waiting = 0

    async def get(self, path: Path, sha256: str, page: int, scale: str) -> bytes | ReadError | None:
        """The PNG of a page of the file at `path`; what is wrong with it; None where too many wait already."""
        name = f"{sha256}-{page}-{scale}.png"
        known = self.cache.get(name) or self._faults.get(name)
        if known is not None:
            return known
        if self._waiting >= MOST_WAITING:
            return None
        self._waiting += 1
        try:
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self._thread, self._draw, path, name, page, SCALES[scale])
        finally:
            self._waiting -= 1

    def _draw(self, path: Path, name: str, page: int, scale: float) -> bytes | ReadError:
        from extract.readers.picture import question

        known = self.cache.get(name) or self._faults.get(name)  # two asked for it, and the other came first
        if known is not None:
            return known
        made = self._worker.ask(question(path, page, scale))
        if isinstance(made, ReadError):
            self._faults[name] = made
            while len(self._faults) > _MOST_FAULTS:
                self._faults.popitem(last=False)
            return made
        try:
            self.cache.put(name, made)
        except OSError as fault:  # the disk is full: the picture is shown all the same
            log.warning("page pictures cannot be kept: %s", fault)
        return made

    def close(self) -> None:
        """Ends the worker."""
        self._thread.shutdown(wait=True, cancel_futures=True)
        self._worker.close()


def pictures_of(datasette: Datasette) -> Pictures:
    """The pictures that this server draws."""
    found = cast("Pictures | None", getattr(datasette, _ATTRIBUTE, None))
    if found is None:
        found = Pictures()
        setattr(datasette, _ATTRIBUTE, found)
        atexit.register(found.close)  # the worker clears its folder away when it is asked to end
    return found


def is_drawn(desk: Desk, document: Row) -> bool:
    """Whether the pages of this document can be shown as pictures."""
    return document["media_type"] == PDF and originals.kept(desk, document) is not None


def _refused(request: Request, status: int, key: str, **fields: object) -> Exception:
    from datasette.utils.asgi import Base400

    fault = Base400(words_of(request)(key, **fields))
    fault.status = status
    return cast(Exception, fault)


async def page(request: Request, datasette: Datasette) -> Response:
    """``/-/kehoach/document/<id>/page/<number>.png?scale=1|2``."""
    from datasette import Response as Answer

    desk = await web.desk_for(datasette, request)
    key, number = decoded(request.url_vars["id"]), int(request.url_vars["number"])

    def loading(reader: Reader) -> Row | None:
        return reader.one("select id, sha256, media_type, pages from documents where id = ?", (key,))

    document = await desk.read(loading)
    path = originals.kept(desk, document) if document and document["media_type"] == PDF else None
    if document is None or path is None or not 1 <= number <= int(document["pages"] or 0):
        raise web.not_found(request, "picture.none")
    scale = request.args.get("scale") or "1"
    made = await pictures_of(datasette).get(path, str(document["sha256"]), number, scale if scale in SCALES else "1")
    if made is None:
        raise _refused(request, 503, "picture.busy")
    if isinstance(made, ReadError):
        raise _refused(request, 422, FAULTS.get(made.code, "picture.broken"), n=number)
    headers = {"cache-control": "private, max-age=604800, immutable", "content-disposition": "inline"}
    return cast(Response, cast(Any, Answer(made, headers=headers, content_type="image/png")))

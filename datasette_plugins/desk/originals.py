"""The bytes that a document was read from, by the document's id alone: no path is ever taken from a request."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, cast

from datasette_plugins.desk import web
from datasette_plugins.desk.links import decoded
from datasette_plugins.desk.lookup import find
from datasette_plugins.desk.ports import Datasette, Request, Response, Row
from datasette_plugins.desk.store import Desk, Reader

_SHA256 = re.compile(r"[0-9a-f]{64}")
_SAFE_NAME = re.compile(r"[^A-Za-z0-9._-]+")
EXTENSIONS = {
    "application/pdf": "pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/msword": "doc",
    "text/html": "html",
    "text/markdown": "md",
    "text/plain": "txt",
}


def place(folder: Path, sha256: str) -> Path | None:
    """Where the bytes with this hash lie; None where they are not kept, or the hash is none."""
    if not _SHA256.fullmatch(sha256):
        return None
    path = folder / sha256[:2] / sha256
    return path if path.is_file() else None


def kept(desk: Desk, document: Row) -> Path | None:
    """Where the bytes of this document lie; None where they were not kept."""
    return place(desk.originals, str(document["sha256"])) if desk.originals else None


async def page(request: Request, datasette: Datasette) -> Response:
    """``/-/kehoach/document/<id>/original``: always as a download, never shown by the browser."""
    from datasette.utils.asgi import AsgiFileDownload

    desk = await web.desk_for(datasette, request)

    def loading(reader: Reader) -> Row | None:
        return find(reader, decoded(request.url_vars["id"]))

    document = await desk.read(loading)
    path = kept(desk, document) if document else None
    if document is None or path is None:
        raise web.not_found(request, "fault.no_original")
    name = _SAFE_NAME.sub("-", str(document["code"] or document["id"]).replace("Đ", "D").replace("đ", "d")).strip("-")
    ending = EXTENSIONS.get(str(document["media_type"]), "bin")
    answer = AsgiFileDownload(
        str(path),
        filename=f"{name or document['id']}.{ending}",
        content_type="application/octet-stream",
        headers={"content-security-policy": "sandbox; default-src 'none'"},
    )
    return cast(Response, cast(Any, answer))

"""Bring uv from the package index, pinned by version and SHA-256, into `.tools/`.

Standard library only: it has to run where Python stands without pip and without venv. The file is taken from the
index that the usual variables name (UV_DEFAULT_INDEX, UV_INDEX_URL, PIP_INDEX_URL; PyPI otherwise), over the proxy
that HTTPS_PROXY names, trusting the certificates that SSL_CERT_FILE, PIP_CERT or REQUESTS_CA_BUNDLE name. Whatever
the index answers, only the very bytes that are pinned here are ever unpacked.

    python3 tools/bootstrap.py            # prints the path of uv
"""

from __future__ import annotations

import base64
import hashlib
import io
import os
import platform
import re
import ssl
import stat
import sys
import tempfile
import urllib.error
import urllib.request
import zipfile
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin, urlsplit, urlunsplit

UV_VERSION = "0.13.8"
PYPI = "https://pypi.org/simple"
INDEX_VARIABLES = ("UV_DEFAULT_INDEX", "UV_INDEX_URL", "PIP_INDEX_URL")
CERTIFICATE_VARIABLES = ("SSL_CERT_FILE", "PIP_CERT", "REQUESTS_CA_BUNDLE")
ATTEMPTS = 3
TIMEOUT_SECONDS = 120

#: (system, machine) -> (file on the index, its SHA-256). The musl builds are linked statically: they run anywhere.
WHEELS: dict[tuple[str, str], tuple[str, str]] = {
    ("linux", "x86_64"): (
        "uv-0.13.8-py3-none-musllinux_1_1_x86_64.whl",
        "29451c60f5e8b07403e0a175d5229efc36b0289b34143ff4aaa499a5dd52553a",
    ),
    ("linux", "aarch64"): (
        "uv-0.13.8-py3-none-manylinux_2_17_aarch64.manylinux2014_aarch64.musllinux_1_1_aarch64.whl",
        "0b3e8b1a4f5e405e31e2ff33de8af4744831e9f7338539671efbd8c3c94e791d",
    ),
    ("darwin", "arm64"): (
        "uv-0.13.8-py3-none-macosx_11_0_arm64.whl",
        "62b6943c7fd64fac6854f780bea6e0359e5a5bc3241f83ee357bb38276afac49",
    ),
    ("darwin", "x86_64"): (
        "uv-0.13.8-py3-none-macosx_10_12_x86_64.whl",
        "b7124ca1956ec2e476a1003ea5715a15f0266afaec37f4dc9c6972ba8183e6d1",
    ),
}


class BootstrapError(Exception):
    """uv could not be brought; the message is one sentence on what to do."""


class _Links(HTMLParser):
    """The addresses of all links of a page of the index."""

    def __init__(self) -> None:
        super().__init__()
        self.hrefs: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self.hrefs += [value for name, value in attrs if name == "href" and value]


def pinned_wheel(system: str, machine: str) -> tuple[str, str]:
    """Return the file name and SHA-256 of the wheel for this kind of computer."""
    try:
        return WHEELS[(system.lower(), machine.lower())]
    except KeyError:
        raise BootstrapError(
            f"No uv is pinned for {system} on {machine}: install uv {UV_VERSION} yourself and set UV to its path."
        ) from None


def index_address(environ: dict[str, str]) -> str:
    """Return the address of the package index that the environment names, PyPI where it names none."""
    for name in INDEX_VARIABLES:
        value = environ.get(name, "").strip()
        if value:
            # UV_DEFAULT_INDEX may be written name=address.
            return re.sub(r"^[A-Za-z0-9_-]+=(?=\w+://)", "", value).rstrip("/")
    return PYPI


def tls_context(environ: dict[str, str]) -> ssl.SSLContext:
    """Return the context for HTTPS: the system's certificates and those that the environment names."""
    context = ssl.create_default_context()
    for name in CERTIFICATE_VARIABLES:
        path = environ.get(name, "").strip()
        if not path:
            continue
        try:
            if Path(path).is_dir():
                context.load_verify_locations(capath=path)
            else:
                context.load_verify_locations(cafile=path)
        except (OSError, ssl.SSLError) as error:
            raise BootstrapError(f"{name} names {path}, which cannot be read as certificates: {error}.") from error
    return context


def find_link(page: str, base: str, filename: str) -> str:
    """Return the address of `filename` on a page of the index that was read from `base`."""
    links = _Links()
    links.feed(page)
    for href in links.hrefs:
        address = urldefrag(urljoin(base, href)).url
        if unquote(urlsplit(address).path).rsplit("/", 1)[-1] == filename:
            return address
    raise BootstrapError(
        f"The index at {without_secrets(base)} does not hold {filename}: name another one in UV_DEFAULT_INDEX."
    )


def without_secrets(address: str) -> str:
    """Return the address without user name and password, fit to be printed."""
    parts = urlsplit(address)
    return urlunsplit(parts._replace(netloc=parts.netloc.rsplit("@", 1)[-1]))


def _request(address: str, credentials: str) -> urllib.request.Request:
    """A request for the address; a name and password, its own or the index's, go into the header."""
    parts = urlsplit(address)
    user, found, host = parts.netloc.rpartition("@")
    headers = {"Accept": "text/html, */*;q=0.1", "User-Agent": "kehoach-bootstrap"}
    login = user if found else credentials
    if login:
        headers["Authorization"] = "Basic " + base64.b64encode(unquote(login).encode()).decode()
    return urllib.request.Request(urlunsplit(parts._replace(netloc=host)), headers=headers)


def fetch(address: str, environ: dict[str, str], credentials: str = "") -> bytes:
    """Return the bytes at the address, trying again where the network fails on the way."""
    request = _request(address, credentials)
    context = tls_context(environ)
    reason = ""
    for _ in range(ATTEMPTS):
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS, context=context) as response:
                return bytes(response.read())
        except urllib.error.HTTPError as error:
            reason = f"the server answered {error.code} {error.reason}"
            if error.code < 500:
                break
        except (urllib.error.URLError, OSError) as error:
            reason = str(getattr(error, "reason", error))
    raise BootstrapError(
        f"Could not read {without_secrets(address)} ({reason}): check the network, HTTPS_PROXY, SSL_CERT_FILE "
        f"and UV_DEFAULT_INDEX."
    )


def download(filename: str, sha256: str, environ: dict[str, str]) -> bytes:
    """Return the wheel's bytes, which have been checked against the pinned hash."""
    index = index_address(environ)
    page_address = f"{index}/uv/"
    page = fetch(page_address, environ).decode("utf-8", "replace")
    address = find_link(page, page_address, filename)
    same_host = urlsplit(address).hostname == urlsplit(index).hostname
    credentials = urlsplit(index).netloc.rpartition("@")[0] if same_host else ""
    data = fetch(address, environ, credentials)
    found = hashlib.sha256(data).hexdigest()
    if found != sha256:
        raise BootstrapError(
            f"{filename} from {without_secrets(index)} was not used: its SHA-256 is {found} where {sha256} is pinned."
        )
    return data


def unpack(wheel: bytes, target: Path) -> None:
    """Write the uv program of a wheel to `target`, whole or not at all."""
    with zipfile.ZipFile(io.BytesIO(wheel)) as archive:
        member = next(name for name in archive.namelist() if re.fullmatch(r"[^/]+\.data/scripts/uv", name))
        program = archive.read(member)
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, aside = tempfile.mkstemp(dir=target.parent, prefix=".uv-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(program)
        os.chmod(aside, stat.S_IRWXU | stat.S_IRGRP | stat.S_IXGRP | stat.S_IROTH | stat.S_IXOTH)
        os.replace(aside, target)
    except OSError:
        Path(aside).unlink(missing_ok=True)
        raise


def bring_uv(folder: Path, environ: dict[str, str]) -> Path:
    """Return the path of the pinned uv under `folder`, bringing it first where it is not there yet."""
    target = folder / f"uv-{UV_VERSION}" / "uv"
    if target.is_file() and os.access(target, os.X_OK):
        return target
    filename, sha256 = pinned_wheel(platform.system(), platform.machine())
    wheel = download(filename, sha256, environ)
    try:
        unpack(wheel, target)
    except OSError as error:
        raise BootstrapError(f"Could not write {target}: {error.strerror or error}.") from error
    return target


def main() -> int:
    """Bring uv into `.tools/` of this tree and print its path; 1 with a sentence on stderr where that fails."""
    environ = dict(os.environ)
    try:
        chosen = environ.get("UV", "").strip()
        uv = Path(chosen) if chosen else bring_uv(Path(__file__).resolve().parent.parent / ".tools", environ)
    except BootstrapError as error:
        sys.stderr.write(f"bootstrap: {error}\n")
        return 1
    sys.stdout.write(f"{uv}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Make `.venv` with the exact packages of `uv.lock`; the set-up behind `make setup`, `make demo` and `make test`.

Standard library only. The packages come from the addresses in the lock, or, where an index variable names another
index, from there: every file has to have the hash that the lock gives it either way. The Python that is there is
used, none is downloaded. A finished set-up is recognised at once and left alone.
"""

from __future__ import annotations

import hashlib
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tools import bootstrap

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
INPUTS = ("pyproject.toml", "uv.lock")
OUR_PACKAGE = "kehoach"
OLDEST_PYTHON = (3, 11)


def fingerprint(root: Path) -> str:
    """Return what a finished set-up of this tree stands for: its inputs, its place and the kind of computer."""
    digest = hashlib.sha256(f"{root}\n{platform.machine()}\n{bootstrap.UV_VERSION}\n".encode())
    for name in INPUTS:
        digest.update((root / name).read_bytes())
    return digest.hexdigest()


def uv_environment(environ: dict[str, str]) -> dict[str, str]:
    """Return the environment for uv, which knows its own variables alone: pip's are put into its words."""
    found = dict(environ)
    for name in ("VIRTUAL_ENV", "UV_PROJECT_ENVIRONMENT", "UV_INDEX_URL", "PYTHONHOME", "PYTHONPATH"):
        found.pop(name, None)
    found["UV_PYTHON_DOWNLOADS"] = "never"
    found.setdefault("UV_SYSTEM_CERTS", "1")
    for name in bootstrap.CERTIFICATE_VARIABLES:
        path = environ.get(name, "").strip()
        if path and Path(path).is_file():
            found.setdefault("SSL_CERT_FILE", path)
    index = bootstrap.index_address(environ)
    if is_other_index(index):
        found["UV_DEFAULT_INDEX"] = index
    extra = environ.get("PIP_EXTRA_INDEX_URL", "").strip()
    if extra:
        found.setdefault("UV_EXTRA_INDEX_URL", extra)
    # Every file is pinned by its hash, so a package may come from whichever index holds that very file.
    found.setdefault("UV_INDEX_STRATEGY", "unsafe-best-match")
    return found


def is_other_index(index: str) -> bool:
    """Tell whether the address names an index other than PyPI, to which the lock's own addresses do not apply."""
    return index.rstrip("/") != bootstrap.PYPI


def run(command: list[str], environ: dict[str, str]) -> None:
    """Run one command of uv in the tree; what it says on stderr is the user's to read."""
    try:
        subprocess.run(command, cwd=ROOT, env=environ, check=True, stdin=subprocess.DEVNULL)
    except FileNotFoundError as error:
        raise bootstrap.BootstrapError(f"{command[0]} is not there: remove .tools and try again.") from error
    except subprocess.CalledProcessError as error:
        raise bootstrap.BootstrapError(
            f"uv {command[1]} failed with {error.returncode}; its own words stand above."
        ) from error


def sync_from_lock(uv: str, environ: dict[str, str], groups: Sequence[str] = ()) -> None:
    """Install what the lock names, from the addresses that stand in the lock. `groups`: uv's options for groups."""
    run(
        [uv, "sync", "--frozen", "--all-extras", "--quiet", *groups, "--no-build-isolation-package", OUR_PACKAGE],
        environ,
    )


def sync_from_index(uv: str, environ: dict[str, str], venv: Path, groups: Sequence[str] = ()) -> None:
    """Install what the lock names, by name and hash, from the index of the environment."""
    wanted = venv / "requirements.txt"
    run([uv, "venv", "--quiet", "--allow-existing", str(venv)], environ)
    export = [uv, "export", "--frozen", "--all-extras", "--quiet", *groups, "--no-emit-project", "--no-header"]
    run([*export, "--output-file", str(wanted)], environ)
    target = ["--quiet", "--python", str(venv / "bin" / "python")]
    run([uv, "pip", "sync", *target, "--require-hashes", str(wanted)], environ)
    run([uv, "pip", "install", *target, "--no-deps", "--no-build-isolation", "--editable", "."], environ)


def sync(uv: str, environ: dict[str, str], venv: Path, groups: Sequence[str] = ()) -> None:
    """Make the environment `venv` with the packages of the lock, from wherever they are to come."""
    if is_other_index(bootstrap.index_address(environ)):
        sync_from_index(uv, environ, venv, groups)
    else:
        sync_from_lock(uv, environ, groups)


def set_up(environ: dict[str, str]) -> None:
    """Make `.venv`, unless one stands there that was made from the same inputs in the same place."""
    done = VENV / ".set-up"
    wanted = fingerprint(ROOT)
    complete = (VENV / "bin" / "python").exists() and (VENV / "bin" / OUR_PACKAGE).exists()
    if complete and done.is_file() and done.read_text().strip() == wanted:
        return
    chosen = environ.get("UV", "").strip()
    uv = chosen or str(bootstrap.bring_uv(ROOT / ".tools", environ))
    made_elsewhere = VENV.exists() and not _stands_where_it_was_made()
    if made_elsewhere:
        shutil.rmtree(VENV)
    sys.stderr.write("Setting up .venv with the packages of uv.lock ...\n")
    sync(uv, uv_environment(environ), VENV)
    done.write_text(wanted + "\n")


def _stands_where_it_was_made() -> bool:
    """Tell whether the scripts of `.venv` start the Python of this tree, which they do not after a move."""
    script = VENV / "bin" / "pytest"
    if not (VENV / "bin" / "python").exists():
        return False
    return not script.exists() or str(VENV) in script.read_text(errors="replace")[:300]


def main() -> int:
    """Set up; 1 with a sentence on stderr where that fails."""
    if sys.version_info < OLDEST_PYTHON:
        sys.stderr.write(f"set-up: Python 3.11 or newer is needed, this is {platform.python_version()}.\n")
        return 1
    try:
        set_up(dict(os.environ))
    except bootstrap.BootstrapError as error:
        sys.stderr.write(f"set-up: {error}\n")
        return 1
    except OSError as error:
        sys.stderr.write(f"set-up: {error.filename or ROOT} cannot be used: {error.strerror or error}.\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

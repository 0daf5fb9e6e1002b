"""Run the tests on every other Python that the project supports and that is there.

    python -m tools.other_pythons [PYTEST ARGUMENTS]

Each gets an environment of its own under `.tools/` with the packages of `uv.lock`. A Python that is not there is named
and passed over; none is downloaded. Standard library only.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from tools import bootstrap, set_up

SUPPORTED = ("3.11", "3.12", "3.13")


def candidates(version: str) -> Iterator[str]:
    """Yield where a Python of this version may stand: on the path, or among those that pyenv keeps."""
    found = shutil.which(f"python{version}")
    if found:
        yield found
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    yield from (str(path) for path in sorted(pyenv.glob(f"versions/{version}.*/bin/python{version}")))


def find(version: str) -> str | None:
    """Return a Python of this version that starts, or None. (What pyenv puts on the path may lead nowhere.)"""
    question = ["-c", "import sys; print('%d.%d' % sys.version_info[:2], sys.executable)"]
    for path in candidates(version):
        answer = subprocess.run([path, *question], capture_output=True, text=True, check=False)
        said, _, executable = answer.stdout.strip().partition(" ")
        if answer.returncode == 0 and said == version:
            return executable
    return None


def environment_for(version: str, python: str) -> Path:
    """Make the environment of this Python and return its program."""
    folder = set_up.ROOT / ".tools" / f"python{version}"
    environ = dict(os.environ)
    uv = environ.get("UV", "").strip() or str(bootstrap.bring_uv(set_up.ROOT / ".tools", environ))
    for_uv = {**set_up.uv_environment(environ), "UV_PROJECT_ENVIRONMENT": str(folder), "UV_PYTHON": python}
    set_up.sync(uv, for_uv, folder)
    return folder / "bin" / "python"


def main(arguments: Sequence[str]) -> int:
    """Run pytest with these arguments on each other Python; 1 where one of them failed."""
    failed = []
    current = f"{sys.version_info.major}.{sys.version_info.minor}"
    for version in SUPPORTED:
        python = None if version == current else find(version)
        if python is None:
            sys.stdout.write(f"Python {version}: {'this one' if version == current else 'not here'}, passed over.\n")
            continue
        sys.stdout.write(f"Python {version}: {python}\n")
        sys.stdout.flush()
        try:
            program = environment_for(version, python)
        except bootstrap.BootstrapError as error:
            sys.stderr.write(f"other-pythons: {error}\n")
            failed.append(version)
            continue
        if subprocess.run([str(program), "-m", "pytest", *arguments], cwd=set_up.ROOT, check=False).returncode:
            failed.append(version)
    if failed:
        sys.stdout.write(f"The tests failed on Python {' and '.join(failed)}.\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

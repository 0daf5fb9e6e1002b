"""Run the desk's tests on the other Datasette that it supports: the newest alpha of 1.0 in `uv.lock`.

    python -m tools.other_datasette [PYTEST ARGUMENTS]

It gets an environment of its own under `.tools/`, with the packages of `uv.lock` but for Datasette and what that
needs: the two versions are dependency groups that the lock holds as conflicting. Standard library only.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tools import bootstrap, set_up

GROUPS = ("--no-group", "datasette-0", "--group", "datasette-1")
CLIENT = re.compile(r"^from tests\.\w+_client import", re.MULTILINE)
IN_THE_BROWSER = frozenset({"test_browser.py", "test_browser_reach.py"})
"""The files of browser tests that are run here too: they open pages of every kind."""


def environment() -> Path:
    """Make the environment, unless one stands there that was made from the same inputs, and return its program."""
    folder = set_up.ROOT / ".tools" / "datasette-1"
    program, done, wanted = folder / "bin" / "python", folder / ".set-up", set_up.fingerprint(set_up.ROOT)
    if program.exists() and done.is_file() and done.read_text().strip() == wanted:
        return program
    environ = dict(os.environ)
    uv = environ.get("UV", "").strip() or str(bootstrap.bring_uv(set_up.ROOT / ".tools", environ))
    for_uv = {
        **set_up.uv_environment(environ),
        "UV_PROJECT_ENVIRONMENT": str(folder),
        "UV_PYTHON": sys.executable,
    }
    set_up.sync(uv, for_uv, folder, GROUPS)
    done.write_text(wanted + "\n")
    return program


def tests(root: Path) -> list[str]:
    """The files of tests that ask the desk's pages, and those that open every kind of page in the browser."""
    files = sorted((root / "tests").glob("test_*.py"))
    asking = [path for path in files if path.name in IN_THE_BROWSER or CLIENT.search(path.read_text(encoding="utf-8"))]
    return [str(path.relative_to(root)) for path in asking]


def main(arguments: Sequence[str]) -> int:
    """Run pytest on the desk's tests with these arguments; 1 where it failed."""
    try:
        program = environment()
    except bootstrap.BootstrapError as error:
        sys.stderr.write(f"other-datasette: {error}\n")
        return 1
    asked = [str(program), "-c", "import importlib.metadata as m; print('Datasette', m.version('datasette'))"]
    subprocess.run(asked, cwd=set_up.ROOT, check=True)
    chosen = [item for item in arguments if item.split("::")[0].endswith(".py")]
    files = [] if chosen else tests(set_up.ROOT)
    command = [str(program), "-m", "pytest", *files, *arguments]
    return int(subprocess.run(command, cwd=set_up.ROOT, check=False).returncode != 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Registers the desk with Datasette: by `--plugins-dir datasette_plugins`, or when it is imported.

Datasette executes this file under a name of its own; the code, templates and static files are those of the package
`datasette_plugins.desk`, which is registered once however often this file is run.
"""

import sys
from pathlib import Path

from datasette.plugins import pm

_ROOT = str(Path(__file__).resolve().parent.parent)
if _ROOT not in sys.path:
    sys.path.append(_ROOT)

from datasette_plugins import desk  # noqa: E402 - the folder above is on the path only now

if not pm.is_registered(desk):
    pm.register(desk, name="kehoach-desk")

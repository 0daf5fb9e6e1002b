"""The check that `make demo` serves and stops cleanly, tried on demos that do and do not.

The clean room itself takes minutes and needs root: `tests/clean_room.sh`.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.patience import SECONDS

SERVER = """
import http.server, sys
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200 if self.path in ("/", "/plans") else 500)
        self.end_headers()
        self.wfile.write(b'<a href="LINK">plans</a>')
    def log_message(self, *args): ...
server = http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Handler)
print(f"http://127.0.0.1:{sys.argv[1]}/", flush=True)
try:
    server.serve_forever()
except KeyboardInterrupt:
    AT_THE_END
"""

DEMOS = {
    "stops cleanly": ("/plans", "pass", "stopped cleanly on Ctrl-C"),
    "ends with a traceback": ("/plans", "raise", "it said 'Traceback'"),
    "ends with an error": ("/plans", "sys.exit(3)", "it said '***'"),
    "has a page that fails": ("/broken", "pass", "HTTP Error 500"),
    "has no pages": ("https://example.org/", "pass", "its home page links to nothing"),
    "does not start": ("/plans", "}", "before it served"),
}


@pytest.mark.parametrize("case", DEMOS)
def test_the_demo_is_judged_by_what_it_does(case: str, root: Path, tmp_path: Path) -> None:
    link, at_the_end, words = DEMOS[case]
    (tmp_path / "server.py").write_text(SERVER.replace("LINK", link).replace("AT_THE_END", at_the_end))
    (tmp_path / "Makefile").write_text(f"demo:\n\t@exec {sys.executable} server.py $(PORT)\n")
    command = [sys.executable, str(root / "tests" / "clean_room_demo.py"), str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS)
    assert words in done.stdout + done.stderr
    assert (done.returncode == 0) == (case == "stops cleanly")

"""How long tests wait for what must come: long enough for a machine that does much else.

Such a limit ends what hangs; it measures no speed.
"""

from __future__ import annotations

import time
from collections.abc import Callable

SECONDS = 240


def waited(until: Callable[[], object], seconds: float = SECONDS) -> bool:
    """Whether this came to hold in time; it is asked again and again."""
    end = time.monotonic() + seconds
    while not until():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True

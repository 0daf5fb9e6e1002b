"""What all tests share: where the measured data lies, and what of the system is there.

A test that needs something that is not there is skipped with a sentence that says what is missing; with
KEHOACH_STRICT=1 it fails with the same sentence.

    def test_reads_a_seed(shared: Path) -> None: ...

    def test_reads_a_scan(needs: Needs) -> None:
        needs("tesseract")

    def test_lists_the_samples(desk: Desk) -> None: ...

`desk`, `ids`, `office` and `an` stand over `built`, which a module may make for itself.

    @pytest.mark.needs("chromium")
    def test_clicks(...) -> None: ...
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import pytest

from tools import check_copied, system_parts

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.browsing import Watched
    from tests.desk_client import Desk
    from tests.review_client import Office, Person

ROOT = Path(__file__).resolve().parent.parent
PARTS = {part.name: part for part in system_parts.PARTS}

Needs = Callable[[str], None]


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "needs(*parts): skip without these system parts, fail with KEHOACH_STRICT=1")
    from hypothesis import HealthCheck, settings

    # How long an example takes says how much else the machine does.
    settings.register_profile("kehoach", deadline=None, suppress_health_check=[HealthCheck.too_slow])
    settings.load_profile("kehoach")


def pytest_runtest_setup(item: pytest.Item) -> None:
    for mark in item.iter_markers("needs"):
        for name in mark.args:
            require(name)


def absent(reason: str) -> NoReturn:
    """Skip the test for this reason, or fail it where nothing may be missing."""
    if system_parts.is_strict():
        pytest.fail(f"{reason} (KEHOACH_STRICT is set)", pytrace=False)
    pytest.skip(reason)


@cache
def _is_present(name: str) -> bool:
    return PARTS[name].present()


def require(name: str) -> None:
    """Let the test go on only where the system part of this name is there."""
    if not _is_present(name):
        absent(system_parts.sentence(PARTS[name]))


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of shared data, with its contract and its corpus."""
    folder = check_copied.shared_folder()
    if not (folder / "contract" / "score.py").is_file():
        absent(f"{folder} is missing, the shared data that this test measures on: set KEHOACH_SHARED to its place")
    return folder


@pytest.fixture(scope="session")
def root() -> Path:
    """The root of the source tree."""
    return ROOT


@pytest.fixture(scope="session")
def needs() -> Needs:
    """Call it with the name of a system part: chromium, tesseract, soffice, antiword or fonts."""
    return require


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of the Chromium that is there."""
    require("chromium")
    require("fonts")
    path = system_parts.chromium_path()
    assert path is not None
    return path


@pytest.fixture(scope="session")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database of the sample corpus, its originals beside it. It is shared: copy it before writing to it."""
    from corpus.samples.database import build_samples

    path = tmp_path_factory.mktemp("samples") / "plans.db"
    build_samples(path)
    return path


@pytest.fixture(scope="module")
def built(database: Path) -> tuple[Path, dict[str, str]]:
    """A database, and the documents in it by name: the sample corpus, unless the module makes its own."""
    return database, {}


@pytest.fixture(scope="module")
def ids(built: tuple[Path, dict[str, str]]) -> dict[str, str]:
    return built[1]


@pytest.fixture(scope="module")
def desk(built: tuple[Path, dict[str, str]]) -> Iterator[Desk]:
    """The pages over `built`."""
    from tests.desk_client import Desk

    desk = Desk(built[0])
    yield desk
    desk.close()


@pytest.fixture
def office(built: tuple[Path, dict[str, str]]) -> Iterator[Office]:
    """A server over `built` that is open for review, on which nothing was decided; An and Bình have accounts."""
    from tests.review_client import Office, begin_anew

    begin_anew(built[0])
    office = Office(built[0])
    yield office
    office.close()


@pytest.fixture
def an(office: Office) -> Person:
    """Who came by the link that the server printed."""
    from tests.review_client import Person

    person = Person(office)
    person.by_link()
    return person


@pytest.fixture
def binh(office: Office) -> Person:
    """Who signed in with an account."""
    from tests.review_client import Person

    person = Person(office)
    assert person.sign_in("binh").status == 302
    return person


@pytest.fixture(scope="module")
def server(database: Path) -> Iterator[str]:
    """The address of `kehoach serve` over the sample corpus."""
    from tests.serving import served

    with served(database) as address:
        yield address


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    from tests.browsing import launched

    yield from launched(chromium)


@pytest.fixture
def window(browser: Browser, server: str) -> Iterator[Watched]:
    """A watched window on the sample corpus."""
    from tests.browsing import Watched

    window = Watched(browser, server)
    yield window
    window.context.close()

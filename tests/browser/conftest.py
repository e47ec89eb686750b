"""A served collection and a browser that listens for everything that goes wrong on a page."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.error import URLError

import pytest
from playwright.sync_api import Browser, Error, Page, sync_playwright
from sqlalchemy import select

from app import create_app
from app.store.database import database
from app.store.tables import Track
from tests import collection
from tests.browser.screen import Screen

ARGUMENTS = (
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--enable-unsafe-swiftshader",
    "--use-angle=swiftshader",
    "--autoplay-policy=no-user-gesture-required",
)
N_TRACKS = 12
HOSTILE = '<img src=x onerror="window.harmed = true">'
VIOLATIONS = """
window.violations = [];
document.addEventListener("securitypolicyviolation", ({ effectiveDirective, blockedURI }) => {
  window.violations.push(`${effectiveDirective} ${blockedURI}`);
});
"""

Serve = Callable[[Path, Path], str]


@pytest.fixture(scope="session")
def serve() -> Iterator[Serve]:
    """Start the application in a process of its own, on a free port; an instance folder and an audio folder give an address."""
    processes = []

    def start(instance: Path, audio: Path) -> str:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        environment = {**os.environ, "TAGSCAPE_INSTANCE_PATH": str(instance), "TAGSCAPE_AUDIO_DIR": str(audio)}
        command = [sys.executable, "-m", "flask", "--app", "app", "run", "--port", str(port)]
        with (instance / "server.log").open("w") as log:
            process = subprocess.Popen(command, env=environment, cwd=Path(__file__).parents[2], stdout=log, stderr=log)
        processes.append(process)
        address = f"http://127.0.0.1:{port}"
        _wait_for_answer(address, process, instance / "server.log")
        return address

    yield start
    for process in processes:
        process.terminate()
    for process in processes:
        process.wait(timeout=20)


def _wait_for_answer(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            urllib.request.urlopen(f"{address}/healthz", timeout=5).close()
            return
        except (URLError, ConnectionError):
            if process.poll() is not None or time.monotonic() > deadline:
                pytest.fail(f"The server does not answer: {log.read_text()}")
            time.sleep(0.05)  # between two questions to another process


@pytest.fixture(scope="session")
def tones(tmp_path_factory: pytest.TempPathFactory, empty_database: Path, serve: Serve) -> str:
    """The address of a synthesised collection: one title is markup, and one file is missing."""
    instance = tmp_path_factory.mktemp("tones")
    shutil.copy(empty_database, instance / "tagscape.db")
    with create_app({"TAGSCAPE_INSTANCE_PATH": str(instance)}).app_context():
        session = database.session()
        collection.synthesise(session, N_TRACKS, mean_segments=8)
        collection.write_tones(session, instance / "audio")
        tracks = session.scalars(select(Track).order_by(Track.id)).all()
        tracks[0].title = HOSTILE
        collection.file_of(tracks[1]).state = "missing"
        session.commit()
        database.session.remove()
        database.engine.dispose()
    return serve(instance, instance / "audio")


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory, empty_database: Path, serve: Serve) -> str:
    """The address of a collection in which nothing is."""
    instance = tmp_path_factory.mktemp("empty")
    (instance / "audio").mkdir()
    shutil.copy(empty_database, instance / "tagscape.db")
    return serve(instance, instance / "audio")


@pytest.fixture(scope="session")
def music(tmp_path_factory: pytest.TempPathFactory, empty_database: Path, serve: Serve, shared: Path) -> str:
    """The address of the shared folder's real music."""
    instance = tmp_path_factory.mktemp("music")
    shutil.copy(empty_database, instance / "tagscape.db")
    with create_app({"TAGSCAPE_INSTANCE_PATH": str(instance)}).app_context():
        collection.fill(database.session(), shared)
        database.session.remove()
        database.engine.dispose()
    return serve(instance, shared / "audio")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    executable = shutil.which("chromium")
    if executable is None:
        pytest.skip("needs the system's Chromium: apt install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=list(ARGUMENTS))
        yield browser
        browser.close()


@pytest.fixture
def new_screen(browser: Browser) -> Iterator[Callable[..., Screen]]:
    """Open pages; at the end none may have broken the content security policy or met an error of its own."""
    screens: list[Screen] = []

    def make(width: int = 1280, height: int = 800, **options: object) -> Screen:
        context = browser.new_context(viewport={"width": width, "height": height}, **options)
        context.add_init_script(VIOLATIONS)
        screens.append(Screen(context.new_page()))
        return screens[-1]

    yield make
    for screen in screens:
        violations = _violations(screen.page)
        # A request may still be on its way: without this its broken end would fail the test that comes next.
        screen.page.unroute_all(behavior="ignoreErrors")
        screen.page.context.close()
        assert violations == []
        assert screen.problems == []


def _violations(page: Page) -> list[str]:
    try:
        return list(page.evaluate("window.violations"))
    except Error as error:
        pytest.fail(f"The page does not answer: {error}")


@pytest.fixture
def screen(new_screen: Callable[..., Screen]) -> Screen:
    return new_screen()

"""What a large map costs the browser: first points, frames, pointing, memory, each beside its bar.

    python -m benchmarks.screen [--segments N] [--instance FOLDER] [--visits N]

Synthesised coordinates in a temporary instance, or in FOLDER, which is filled once and kept; Chromium draws without a GPU
(SwiftShader). Own script is what the sampling profiler sees in our modules. First visits are those of browsers that have nothing of
us yet: the first of them to a server that has just begun to answer, and has read nothing of the collection, the others to one that
was asked before. Another visit has scripts and styles already.
"""

import argparse
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from urllib.error import URLError

import flask_migrate
import numpy as np
from playwright.sync_api import Browser, CDPSession, Page, sync_playwright

from app import create_app
from app.cache.editions import Editions
from app.core.progress import Silent
from app.core.spaces import Layer
from app.disk.cache import cache_of
from app.store.database import database

from . import points as synthesised
from .machine import describe

ARGUMENTS = ("--no-sandbox", "--disable-dev-shm-usage", "--enable-unsafe-swiftshader", "--use-angle=swiftshader")
N_TAGS = 8
PAN_FRAMES = 120
PICKS = 2000
SAMPLING_US = 100
PATIENCE_S = 120
ADDRESS_MS = 2000
"""By then the address says what is seen."""
SEEN = "location.search"
TITLE = 48
MAP = "/?network=bench&layer=activations&projection=umap"

WATCH = """
window.firstPoints_ms = new Promise((resolve) => (window.painted = resolve));
for (const name of ["drawArrays", "drawElements"]) {
  const draw = WebGL2RenderingContext.prototype[name];
  WebGL2RenderingContext.prototype[name] = function (...given) {
    draw.apply(this, given);
    WebGL2RenderingContext.prototype[name] = draw;
    // painted with the frame that follows
    requestAnimationFrame(() => requestAnimationFrame(() => window.painted(performance.now())));
  };
}
"""
FIRST = """async () => {
  const painted_ms = await window.firstPoints_ms;
  const entries = [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")];
  const before = entries.filter(({ responseEnd }) => responseEnd <= painted_ms);
  return [painted_ms / 1000, before.reduce((sum, { transferSize }) => sum + transferSize, 0) / 1e6];
}"""
FRAMES = """(n) => new Promise((resolve) => {
  const times = [];
  const step = (now_ms) => {
    times.push(now_ms);
    if (times.length > n) resolve(times.slice(1).map((time, i) => time - times[i]));
    else requestAnimationFrame(step);
  };
  requestAnimationFrame(step);
})"""
IS_RESTING = "document.querySelector('.stage')?.getAttribute('aria-busy') === 'false'"
PICK = """async ({ script, n }) => {
  const { points } = await import(script + "api/points.js");
  const { sorted } = await import(script + "map/grid.js");
  const { Finder } = await import(script + "map/finder.js");
  const view = { network: "bench", layer: "activations", projection: "umap", x: 0, y: 1, colour: null };
  const columns = await points(view, null, new AbortController().signal);
  const { box } = columns;
  const layer = { points: columns, grid: sorted(columns.x, columns.y) };
  const finder = new Finder({ layer, view: box, frame: { width: 1280, height: 560 } });
  const times = [];
  for (let i = 0; i < n; i++) {
    const [x, y] = [640 + 300 * (Math.random() - 0.5), 280 + 200 * (Math.random() - 0.5)];
    const began_ms = performance.now();
    finder.pick(x, y, 10);
    times.push(performance.now() - began_ms);
  }
  return times;
}"""


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--segments", type=int, default=5_000_000)
    parser.add_argument("--instance", type=Path, help="filled where it is empty, and kept")
    parser.add_argument("--visits", type=int, default=5, help="to the server that was asked before, and as many again")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        instance = arguments.instance or Path(temporary)
        instance.mkdir(parents=True, exist_ok=True)
        if not (instance / "tagscape.db").exists():
            fill(instance, arguments.segments)
        with served(instance) as address, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=list(ARGUMENTS))
            print(f"{describe()}; load {os.getloadavg()[0]:.1f}\n")
            first_points(browser, address, arguments.visits)
            measure(opened(browser), address)
            print(f"\nload {os.getloadavg()[0]:.1f}")
            browser.close()


def fill(instance: Path, n_segments: int) -> None:
    """A collection of so many segments, with few tags: only what the map reads."""
    synthesised.N_DIMS = {Layer.ACTIVATIONS: N_TAGS}
    synthesised.LABELS[:] = synthesised.LABELS[:N_TAGS]
    with create_app({"TAGSCAPE_INSTANCE_PATH": str(instance)}).app_context():
        flask_migrate.upgrade()
        session = database.session()
        synthesised.filled(session, n_segments // synthesised.SEGMENTS_PER_TRACK)
        Editions(cache_of(str(instance))).prepare(session, Silent())
        database.session.remove()
        database.engine.dispose()


@contextmanager
def served(instance: Path) -> Iterator[str]:
    """The application in a process of its own."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "--threads", "4", "--bind", f"127.0.0.1:{port}", "app:create_app()"]
    environment = {**os.environ, "TAGSCAPE_INSTANCE_PATH": str(instance)}
    address = f"http://127.0.0.1:{port}"
    with (instance / "server.log").open("w") as log:
        process = subprocess.Popen(command, env=environment, cwd=Path(__file__).parents[1], stdout=log, stderr=log)
        try:
            deadline = time.monotonic() + PATIENCE_S
            while time.monotonic() < deadline:
                try:
                    urllib.request.urlopen(f"{address}/healthz", timeout=PATIENCE_S).close()
                    break
                except URLError:
                    time.sleep(0.2)
            yield address
        finally:
            process.terminate()
            process.wait(timeout=20)


def opened(browser: Browser) -> Page:
    """A page of a browser that has nothing of us yet."""
    page = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
    page.add_init_script(WATCH)
    return page


def first_points(browser: Browser, address: str, n: int) -> None:
    """When they are painted."""
    first, again = [], []
    for _ in range(n + 1):
        page = opened(browser)
        first.append(visited(page, address))
        again.append(visited(page, address)[0])
        page.context.close()
    tell("first points: first visit, server asked before", median(seconds for seconds, _ in first[1:]), 1.5, "s")
    tell("first points: first visit, server just begun", first[0][0], 1.5, "s")
    tell("first points: another visit", median(again), 1.5, "s")
    tell("bytes before them, at the first visit", max(mb for _, mb in first), 2, "MB")


def visited(page: Page, address: str) -> tuple[float, float]:
    """Seconds until the first points are painted, and megabytes that came before."""
    page.goto(f"{address}{MAP}", wait_until="commit")
    first_s, first_mb = page.evaluate(FIRST)
    return first_s, first_mb


def measure(page: Page, address: str) -> None:
    """Open the map, move it, point at it."""
    visited(page, address)
    began = time.monotonic()
    waited(page, IS_RESTING)
    print(f"{'all points of the sample, after these':{TITLE}} {time.monotonic() - began:8.2f} s")
    profiler = page.context.new_cdp_session(page)
    for _ in range(6):  # closer, so that there is somewhere to go
        page.keyboard.press("+")
    waited(page, IS_RESTING)
    page.wait_for_timeout(ADDRESS_MS)
    before = page.evaluate(SEEN)
    moving_ms, own_ms = panned(page, profiler)
    page.wait_for_timeout(ADDRESS_MS)
    if page.evaluate(SEEN) == before:
        # a map that stays where it is would be quick
        print("frame while moving: NOT MEASURED, since the drag did not move the map")
    else:
        tell("frame while moving, p95", percentile(moving_ms), 50, "ms")
        tell("own script per frame of a pan", own_ms, 1, "ms")
    filling_ms = page.evaluate(FRAMES, 20)
    waited(page, IS_RESTING)
    tell("frame while the rest is drawn, p95", percentile(filling_ms), 50, "ms")
    tell("frame when still, p95", percentile(page.evaluate(FRAMES, PAN_FRAMES)), 50, "ms")
    heap = profiler.send("Runtime.getHeapUsage")
    used = heap["usedSize"] + heap.get("backingStorageSize", 0) + heap.get("embedderHeapUsedSize", 0)
    tell("heap and buffers of the page", used / 1e6, 100, "MB")
    script = (page.locator("script[type=module]").first.get_attribute("src") or "").removesuffix("shell.js")
    picks_ms = page.evaluate(PICK, {"script": script, "n": PICKS})
    tell("hover pick, p95", percentile(picks_ms), 2, "ms")


def panned(page: Page, profiler: CDPSession) -> tuple[list[float], float]:
    """Milliseconds of each frame of a drag, and of our own script per frame."""
    frame = page.locator(".points").bounding_box()
    assert frame is not None
    x, y = frame["x"] + frame["width"] / 2, frame["y"] + frame["height"] / 2
    profiler.send("Profiler.enable")
    profiler.send("Profiler.setSamplingInterval", {"interval": SAMPLING_US})
    page.mouse.move(x, y)
    page.mouse.down()
    profiler.send("Profiler.start")
    page.evaluate(f"window.panned = ({FRAMES})({PAN_FRAMES}); 0")
    ended = False
    for step in range(10_000):
        page.mouse.move(x + 150 * np.sin(step / 8), y + 80 * np.sin(step / 11))
        if step % 20 == 19:
            ended = page.evaluate("Promise.race([window.panned.then(() => true), new Promise((r) => setTimeout(r, 0, false))])")
        if ended:
            break
    profile = profiler.send("Profiler.stop")["profile"]
    page.mouse.up()
    frames_ms = page.evaluate("window.panned")
    own = {node["id"] for node in profile["nodes"] if "/assets/" in node["callFrame"]["url"]}
    took_us = sum(delta for sample, delta in zip(profile["samples"], profile["timeDeltas"], strict=True) if sample in own)
    return frames_ms, took_us / 1000 / len(frames_ms)


def waited(page: Page, expression: str):
    """What an expression gives, once it gives something."""
    deadline = time.monotonic() + PATIENCE_S
    while not (value := page.evaluate(expression)):
        if time.monotonic() > deadline:
            raise TimeoutError(expression)
        time.sleep(0.01)
    return value


def percentile(values: list[float]) -> float:
    """The 95th."""
    return float(np.percentile(values, 95))


def tell(what: str, value: float, bar: float, unit: str) -> None:
    """A line of the table."""
    print(f"{what:{TITLE}} {value:8.2f} {unit} (bar {bar:g}){'' if value <= bar else '  MISSED'}")


if __name__ == "__main__":
    main()

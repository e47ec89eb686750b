"""What listeners wait for: many of them at once, and while a command extracts beside the server.

    python -m benchmarks.serve [--listeners N] [--seconds S] [--tracks N] [--extracting]

Serves a synthesised collection with gunicorn as the container does, and lets listeners look at the map and listen to it from a
process of their own on the same processors. Each does something every half second on average: mostly points at segments, sometimes
moves the map, loads it again, asks for neighbours, plays. Prints the times of answers by kind, errors, and the server's memory.
With `--extracting`, `flask extract-all` runs over real music of the folder SHARED in the same instance meanwhile.
"""

import argparse
import http.client
import json
import os
import random
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import flask_migrate
import numpy as np

from app import create_app
from app.store.database import database
from benchmarks import music
from tests import collection

ROOT = Path(__file__).parent.parent
MEAN_PAUSE_S = 0.5
NETWORK = "msd-musicnn"
SHARES = {"hover": 0.6, "viewport": 0.15, "map again": 0.1, "neighbours": 0.1, "sound": 0.05}
SOUND_BYTES = 1 << 17
N_HEARD = 100
"""Tracks that are played: the first ones."""


def main() -> None:
    """Serve, listen, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--listeners", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--tracks", type=int, default=1000)
    parser.add_argument("--extracting", action="store_true", help="run extract-all beside the server")
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared", help="the folder of real music")
    parser.add_argument("--listen", metavar="PORT", type=int, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.listen:
        print(json.dumps(listen(arguments.listen, arguments.listeners, arguments.seconds)))
        return
    with tempfile.TemporaryDirectory() as folder:
        instance = Path(folder)
        environment = made(instance, arguments.tracks)
        shared = arguments.shared if arguments.extracting else None
        with (
            served(environment) as (port, server),
            extracting(environment, shared) as command,
        ):
            memory_kb = [resident_kb(server)]
            listeners = [sys.executable, "-m", "benchmarks.serve", "--listen", str(port),
                         "--listeners", str(arguments.listeners), "--seconds", str(arguments.seconds)]  # fmt: skip
            with subprocess.Popen(listeners, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
                for _ in range(3):
                    time.sleep(arguments.seconds / 4)
                    memory_kb.append(resident_kb(server))
                found = json.loads(process.communicate()[0])
            still = command is not None and command.poll() is None
    report(found, memory_kb, arguments)
    if arguments.extracting:
        print(f"extract-all was at work until the end: {still}")


def made(instance: Path, n_tracks: int) -> dict[str, str]:
    """A collection with sound, maps and neighbours; the environment that chooses it."""
    environment = {"TAGSCAPE_INSTANCE_PATH": str(instance), "TAGSCAPE_AUDIO_DIR": str(instance / "audio")}
    app = create_app(environment)
    with app.app_context():
        flask_migrate.upgrade()
        collection.synthesise(database.session(), n_tracks, (NETWORK,), mean_segments=75)
        collection.write_tones(database.session(), instance / "audio")
        database.session.remove()
        result = app.test_cli_runner().invoke(args=["index-all-embeddings"])
        if result.exit_code:
            raise RuntimeError(result.output)
        database.engine.dispose()
    return environment


@contextmanager
def served(environment: dict[str, str]) -> Iterator[tuple[int, int]]:
    """(port, process id of the worker) of gunicorn, as the container runs it, on a free port of this machine."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", "--access-logfile", os.devnull, "app:create_app()"]
    with subprocess.Popen(command, cwd=ROOT, env={**os.environ, **environment}, stderr=subprocess.DEVNULL) as process:
        try:
            wait_for(port)
            (worker,) = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
            yield port, int(worker)
        finally:
            process.terminate()


@contextmanager
def extracting(environment: dict[str, str], shared: Path | None) -> Iterator[subprocess.Popen[bytes] | None]:
    """`flask extract-all` over real music that was added to the collection, one track a commit; ended with the block."""
    if shared is None:
        yield None
        return
    for number, path in enumerate([*music.every(shared).values()] * 4):
        copy = Path(environment["TAGSCAPE_AUDIO_DIR"]) / f"real-{number:03}{path.suffix}"
        # another byte at the end is another file, and sounds the same
        shutil.copy(path, copy)
        with copy.open("ab") as file:
            file.write(bytes([number % 256]))
    values = {**os.environ, **environment, "TAGSCAPE_COMMIT_TRACKS": "1"}
    flask = [sys.executable, "-m", "flask"]
    for arguments in (["install-networks"], ["index-all-audio"]):
        subprocess.run([*flask, *arguments], cwd=ROOT, env=values, check=True, capture_output=True)
    command = [*flask, "extract-all", "--networks", "msd-vgg"]
    with subprocess.Popen(command, cwd=ROOT, env=values, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            yield process
        finally:
            process.terminate()


def listen(port: int, n_listeners: int, seconds: float) -> dict[str, object]:
    """Seconds of every answer by kind, and errors."""
    times: dict[str, list[float]] = {kind: [] for kind in ("map", *SHARES)}
    errors: list[str] = []
    until = time.monotonic() + seconds
    threads = [threading.Thread(target=Listener(port, seed, times, errors).stay, args=(until,)) for seed in range(n_listeners)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return {"times": times, "errors": errors}


class Listener:
    """One browser: a connection that stays open, and what it knows of the map."""

    def __init__(self, port: int, seed: int, times: dict[str, list[float]], errors: list[str]) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self.random = random.Random(seed)
        self.times, self.errors = times, errors
        tag = quote(self.random.choice(["rock", "ambient", "jazz"]))
        self.address = f"/api/points/{NETWORK}/embeddings/pca?colour={NETWORK}/{tag}"

    def stay(self, until: float) -> None:
        """Load the map, then do one thing after another."""
        time.sleep(self.random.uniform(0, 2 * MEAN_PAUSE_S))
        body, self.etag = self.get("map", self.address)
        header = json.loads(body[8 : 8 + int.from_bytes(body[4:8], "little")])
        self.revision, self.n, self.extent = header["revision"], header["n_total"], header["extent"]
        while time.monotonic() < until:
            time.sleep(self.random.expovariate(1 / MEAN_PAUSE_S))
            (kind,) = self.random.choices(list(SHARES), list(SHARES.values()))
            getattr(self, kind.replace(" ", "_"))(kind)

    def hover(self, kind: str) -> None:
        """Point at a segment."""
        self.get(kind, f"/api/segments/{NETWORK}/{self.random.randrange(self.n)}?revision={self.revision}")

    def viewport(self, kind: str) -> None:
        """Move the map."""
        x0, x1, y0, y1 = self.extent
        width, height = (x1 - x0) / 4, (y1 - y0) / 4
        x, y = self.random.uniform(x0, x1 - width), self.random.uniform(y0, y1 - height)
        self.get(kind, f"{self.address}&box={x},{x + width},{y},{y + height}")

    def map_again(self, kind: str) -> None:
        """Come back to a map that is known."""
        self.get(kind, self.address, {"If-None-Match": self.etag}, expected=(200, 304))

    def neighbours(self, kind: str) -> None:
        """Ask what sounds alike."""
        self.get(kind, f"/api/neighbours/{NETWORK}/embeddings/{self.random.randrange(self.n)}?revision={self.revision}&k=20")

    def sound(self, kind: str) -> None:
        """Play a part of a track."""
        first = self.random.randrange(1 << 19)
        ranges = {"Range": f"bytes={first}-{first + SOUND_BYTES - 1}"}
        self.get(kind, f"/audio/{self.random.randrange(1, N_HEARD + 1)}", ranges, expected=(206, 416))

    def get(
        self, kind: str, address: str, headers: dict[str, str] | None = None, expected: tuple[int, ...] = (200,)
    ) -> tuple[bytes, str]:
        """Ask, and note how long the whole answer took."""
        began = time.perf_counter()
        try:
            self.connection.request("GET", address, headers=headers or {})
            response = self.connection.getresponse()
            body = response.read()
        except (OSError, http.client.HTTPException) as error:
            self.errors.append(f"{address}: {error!r}")
            self.connection.close()
            return b"", ""
        self.times[kind].append(time.perf_counter() - began)
        if response.status not in expected:
            self.errors.append(f"{address}: {response.status} {body[:200]!r}")
        return body, response.getheader("ETag", "")


def report(found: dict, memory_kb: list[int], arguments: argparse.Namespace) -> None:
    """Print a line for each kind and for all."""
    print(f"{arguments.listeners} listeners for {arguments.seconds:.0f} s, {arguments.tracks} tracks")
    print(f"{'':14}{'answers':>9}{'p50':>10}{'p95':>10}{'p99':>10}{'most':>10}")
    every = [seconds for times in found["times"].values() for seconds in times]
    for kind, times in {**found["times"], "all": every}.items():
        if times:
            p50, p95, p99, most = np.percentile(times, [50, 95, 99, 100]) * 1000
            print(f"{kind:14}{len(times):>9,}{p50:>7.1f} ms{p95:>7.1f} ms{p99:>7.1f} ms{most:>7.1f} ms")
    print(f"errors: {len(found['errors'])} {found['errors'][:2] or ''}")
    print(f"the server's own memory, MB: {', '.join(f'{kb / 1024:.0f}' for kb in memory_kb)}")


def wait_for(port: int) -> None:
    """Until the server answers."""
    for _ in range(600):
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/healthz")
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("The server does not answer.")


def resident_kb(process: int) -> int:
    """Memory of a process that is its own, without the files it has mapped."""
    facts = dict(line.split(":", 1) for line in Path(f"/proc/{process}/status").read_text().splitlines())
    return int(facts["RssAnon"].split()[0])


if __name__ == "__main__":
    main()

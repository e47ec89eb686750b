"""What one request costs the server, in the test client.

    python -m benchmarks.requests [--tracks N]

A synthesised collection in a temporary instance. Processor time of the whole process, the median of many requests, and as a
multiple of what `/healthz` costs: Flask itself and one query of the database. Then the bytes of a first visit to the map, by what
the browser can unpack.
"""

import argparse
import re
import tempfile
import time
from collections import Counter
from urllib.parse import urljoin

import flask_migrate
import numpy as np
from flask.testing import FlaskClient

from app import create_app
from app.store.database import database
from tests import collection

NETWORK = "msd-musicnn"
N_WARM, N_MEASURED = 50, 500
MAP = f"/api/points/{NETWORK}/embeddings/pca?colour={NETWORK}/rock"
REQUESTS = {
    "healthz": ("/healthz", None),
    "hover": (f"/api/segments/{NETWORK}/17?revision=1", 1.0),
    "304 of the map": (MAP, 0.7),
    "neighbours": (f"/api/neighbours/{NETWORK}/embeddings/17?revision=1&k=20", 2.0),
    "viewport": (f"{MAP}&box=-1,1,-1,1", None),
    "collection": ("/api/collection", None),
}
"""Addresses with their bars in milliseconds."""


def main() -> None:
    """Print a line for each kind of request."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tracks", type=int, default=200)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        app = create_app({"TAGSCAPE_INSTANCE_PATH": folder})
        with app.app_context():
            flask_migrate.upgrade()
            collection.synthesise(database.session(), arguments.tracks, (NETWORK,), mean_segments=75)
            database.session.remove()
            if (indexed := app.test_cli_runner().invoke(args=["index-all-embeddings"])).exit_code:
                raise RuntimeError(indexed.output)
            database.engine.dispose()
        client = app.test_client()
        etag = client.get(MAP).headers["ETag"]
        costs = {}
        for name, (address, _) in REQUESTS.items():
            headers = {"If-None-Match": etag} if name.startswith("304") else {}
            costs[name] = cost_ms(client, address, headers, 304 if headers else 200)
        visits = [visit(client, encodings) for encodings in ("identity", "gzip", "br")]
    print(f"{'':16}{'processor':>12}{'x healthz':>11}{'bar':>10}")
    for name, (_, bar) in REQUESTS.items():
        text = "" if bar is None else f"{bar:.1f} ms"
        print(f"{name:16}{costs[name]:>9.2f} ms{costs[name] / costs['healthz']:>11.1f}{text:>10}")
    print(f"\n{'first visit':16}{'as it is':>12}{'gzip':>12}{'br':>12}")
    for kind in (*visits[0], "all"):
        sizes = [visited.total() if kind == "all" else visited[kind] for visited in visits]
        print(f"{kind:16}" + "".join(f"{size:>12,}" for size in sizes))


def visit(client: FlaskClient, encodings: str) -> Counter[str]:
    """Bytes of what a browser loads for the map that it has never seen, by kind; images and sound are left out."""
    taken: Counter[str] = Counter()
    texts = {}
    waiting = ["/", "/api/collection", MAP]
    while waiting:
        address = waiting.pop()
        if address in texts:
            continue
        sent = client.get(address, headers={"Accept-Encoding": encodings})
        if sent.status_code != 200:
            raise RuntimeError(f"{address}: {sent.status_code}")
        kind = "BokehJS" if "bokeh" in address else sent.mimetype.rpartition("/")[2]
        taken[kind] += len(sent.data)
        texts[address] = client.get(address, headers={"Accept-Encoding": "identity"}).data
        if sent.mimetype == "text/html":
            waiting += re.findall(r'(?:href|src|data-bokeh)="(/(?:assets|bokehjs)/[^"]+)"', texts[address].decode())
        elif sent.mimetype == "text/javascript" and "bokeh" not in address:
            waiting += [urljoin(address, name) for name in re.findall(r'^import [^;]*?"(\.[^"]+)";', texts[address].decode(), re.M)]
    return taken


def cost_ms(client: FlaskClient, address: str, headers: dict[str, str], status: int) -> float:
    """Median processor time of a request."""
    seconds = []
    for number in range(N_WARM + N_MEASURED):
        began = time.process_time()
        response = client.get(address, headers=headers)
        if number >= N_WARM:
            seconds.append(time.process_time() - began)
        if response.status_code != status:
            raise RuntimeError(f"{address}: {response.status_code} {response.text[:200]}")
    return float(np.median(seconds)) * 1000


if __name__ == "__main__":
    main()

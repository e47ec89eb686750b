"""What one request costs the server, in the test client.

    python -m benchmarks.requests [--tracks N]

A synthesised collection in a temporary instance. Processor time of the whole process, the median of many requests, and as a
multiple of what `/healthz` costs: Flask itself and one query of the database.
"""

import argparse
import tempfile
import time

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
    print(f"{'':16}{'processor':>12}{'x healthz':>11}{'bar':>10}")
    for name, (_, bar) in REQUESTS.items():
        text = "" if bar is None else f"{bar:.1f} ms"
        print(f"{name:16}{costs[name]:>9.2f} ms{costs[name] / costs['healthz']:>11.1f}{text:>10}")


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

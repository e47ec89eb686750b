"""What points cost: a whole map beside a copy of its bytes, a viewport of the level-of-detail index beside a scan.

    python -m benchmarks.points [--segments N] [--cloud N]

Synthesised features in a temporary instance. Figures are ratios of medians, measured in turns; the last column is of this
machine.
"""

import argparse
import gzip
import tempfile
import time
from collections.abc import Callable

import flask_migrate
import numpy as np
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app import create_app
from app.cache.cloud import Box, Cloud
from app.core.spaces import Layer
from app.store import features, projections
from app.store.database import database
from app.store.tables import Network, Projection, Space, Track

SEGMENTS_PER_TRACK = 75
LIMIT = 100_000
ROUNDS = 9
LABELS = [f"tag-{n}" for n in range(50)]


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--segments", type=int, default=1_000_000, help="of the map that is sent whole")
    parser.add_argument("--cloud", type=int, default=5_000_000, help="points that viewports are cut from")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        app = create_app({"TAGSCAPE_INSTANCE_PATH": folder})
        with app.app_context():
            flask_migrate.upgrade()
            fill(database.session(), arguments.segments // SEGMENTS_PER_TRACK)
            whole_maps(app.test_client())
            database.engine.dispose()
    print()
    viewports(arguments.cloud)


def fill(session: Session, n_tracks: int) -> None:
    """One network with tags and a map of two dimensions."""
    random = np.random.default_rng(0)
    network = Network(name="bench", weights_sha256="0" * 64, precision="f32", runtime="openvino", sample_rate_hz=16000,
                      window_samples=512, hop_samples=256, n_bands=96, frames_per_patch=187, patch_hop_frames=187)  # fmt: skip
    space = Space(network=network, layer=Layer.ACTIVATIONS, n_dims=len(LABELS), labels=LABELS, revision=1)
    session.add(space)
    session.flush()
    projection = Projection(space_id=space.id, method="umap", seed=0, n_dims=2, parameters={}, fitted=b"", quality={})
    session.add(projection)
    for first in range(1, n_tracks + 1, 500):
        ids = range(first, min(first + 500, n_tracks + 1))
        session.add_all(Track(id=i, path=f"{i}.mp3", size_bytes=1, mtime_ns=1, content_hash=f"{i:064x}") for i in ids)
        session.flush()
        vectors = random.random((len(ids), SEGMENTS_PER_TRACK, len(LABELS)), dtype=np.float32) ** 3
        rows = [
            {"track_id": i, "space_id": space.id, "n_segments": SEGMENTS_PER_TRACK, "weights_sha256": "0",
             "content_hash": f"{i:064x}", "vectors": features.encode(values)}
            for i, values in zip(ids, vectors, strict=True)
        ]  # fmt: skip
        features.write(session, rows)
        xy = random.normal(size=(len(ids), SEGMENTS_PER_TRACK, 2)).astype(np.float32)
        places = [(i, f"{i:064x}", values) for i, values in zip(ids, xy, strict=True)]
        projections.write_coordinates(session, projection, places, placed=False)
    session.commit()


def whole_maps(client: FlaskClient) -> None:
    """A request, all of it, beside a copy of the bytes it answers."""
    print(f"{'whole map':34}{'points':>10}{'bytes':>12}{'request / copy':>16}{'request':>11}")
    base = "/api/points/bench/activations"
    for title, address in (
        ("two tags", f"{base}/original?x=3&y=7"),
        ("two tags, coloured", f"{base}/original?x=3&y=7&colour=bench/tag-5"),
        ("UMAP", f"{base}/umap"),
        ("UMAP, coloured", f"{base}/umap?colour=bench/tag-5"),
    ):
        first = client.get(address)
        assert first.status_code == 200, first.text
        body = first.data
        request_s, copy_s = paired(lambda address=address: client.get(address), lambda body=body: bytearray(body))
        n = round(len(body) / (9 if "colour" in address else 8))
        print(f"{title:34}{n:>10,}{len(body):>12,}{request_s / copy_s:16.1f}{request_s * 1000:8.1f} ms")
    etag = first.headers["ETag"]
    request_s, unchanged_s = paired(lambda: client.get(address), lambda: client.get(address, headers={"If-None-Match": etag}))
    print(f"unchanged (304) / request: {unchanged_s / request_s:.3f}")
    packed = gzip.compress(body, 1)
    gzip_s, request_s = paired(lambda: gzip.compress(body, 1), lambda: client.get(address), rounds=3)
    print(f"gzip -1 leaves {len(packed) / len(body):.0%} of the bytes, in {gzip_s / request_s:.0f} times the time of the request")


def viewports(n: int) -> None:
    """The index beside a scan, for viewports around random points."""
    random = np.random.default_rng(1)
    centres = random.normal(size=(40, 2)) * 10
    xy = centres[random.integers(0, 40, n)] + random.normal(size=(n, 2)) * random.uniform(0.2, 3, (n, 1))
    cloud = Cloud(*np.ascontiguousarray(xy.T, np.float32))
    began = time.perf_counter()
    cloud.inside((0, 0, 0, 0), 1)
    print(f"{n:,} points; index built in {time.perf_counter() - began:.2f} s")
    print(f"{'viewport, share of the width':34}{'inside':>10}{'sent':>12}{'index / scan':>16}{'index':>11}")
    x0, x1, _, _ = cloud.extent
    for share in (1, 1 / 2, 1 / 8, 1 / 64, 1 / 1024):
        half = (x1 - x0) * share / 2
        x, y = (float(values[123]) for values in (cloud.x, cloud.y))
        box = (x - half, x + half, y - half, y + half)
        found, n_inside = cloud.inside(box, LIMIT)
        index_s, scan_s = paired(lambda box=box: cloud.inside(box, LIMIT), lambda box=box: scan(cloud, box))
        print(f"{share:<34.4f}{n_inside:>10,}{len(found):>12,}{index_s / scan_s:16.3f}{index_s * 1000:8.1f} ms")


def scan(cloud: Cloud, box: Box) -> tuple[object, int]:
    """What the index saves."""
    x0, x1, y0, y1 = box
    found = np.flatnonzero((cloud.x >= x0) & (cloud.x <= x1) & (cloud.y >= y0) & (cloud.y <= y1))
    return found[:LIMIT], len(found)


def paired(one: Callable[[], object], other: Callable[[], object], rounds: int = ROUNDS) -> tuple[float, float]:
    """Median seconds of two functions called in turns."""
    seconds = np.empty((rounds, 2))
    for times in seconds:
        for which, function in enumerate((one, other)):
            began = time.perf_counter()
            function()
            times[which] = time.perf_counter() - began
    return tuple(np.median(seconds, axis=0).tolist())


if __name__ == "__main__":
    main()

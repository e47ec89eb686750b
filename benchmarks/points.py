"""What points cost: a whole map beside a copy of its bytes, a viewport beside a scan, and a large collection, filtered and growing.

    python -m benchmarks.points [--segments N] [--cloud N] [--growing N] [--commits N]

Synthesised features in a temporary instance. Figures are ratios of medians, measured in turns; seconds are of this machine.
"""

import argparse
import gzip
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import NormalDist

import flask_migrate
import numpy as np
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app import create_app
from app.cache.box import Box
from app.cache.cloud import Cloud
from app.cache.editions import Editions
from app.cache.polygon import Polygon
from app.cache.priority import by_priority
from app.core.progress import Silent
from app.core.spaces import Layer
from app.store import features, projections, rows
from app.store.database import database
from app.store.tables import Network, Projection, Space
from app.web.edge.instance import editions
from benchmarks import filters
from tests.collection import add_bare_tracks

SEGMENTS_PER_TRACK = 75
TRACKS_PER_COMMIT = 10
LIMIT = 100_000
LASSO_VERTICES = 80
ROUNDS = 9
STARTS = 5
LISTED, N_LISTED = 100_000, 40
LABELS = [f"tag-{n}" for n in range(50)]
N_DIMS = {Layer.ACTIVATIONS: len(LABELS), Layer.EMBEDDINGS: 200}
ADDRESSES = {
    "projection, coloured": "/api/points/bench/activations/umap?colour=bench/tag-5",
    "two dimensions": "/api/points/bench/embeddings/original?x=3&y=7",
    "viewport": "/api/points/bench/activations/umap?box=-0.5,0.5,-0.5,0.5",
}


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--segments", type=int, default=1_000_000, help="of the map that is sent whole")
    parser.add_argument("--cloud", type=int, default=5_000_000, help="points that viewports are cut from")
    parser.add_argument("--growing", type=int, default=5_000_000, help="segments of the collection that grows")
    parser.add_argument("--commits", type=int, default=1000, help="of ten tracks each, by which it grows")
    parser.add_argument("--first-answer", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.first_answer:
        return first_answer(arguments.first_answer)
    if arguments.segments:
        with tempfile.TemporaryDirectory() as folder, create_app({"TAGSCAPE_INSTANCE_PATH": folder}).app_context() as context:
            flask_migrate.upgrade()
            filled(database.session(), arguments.segments // SEGMENTS_PER_TRACK)
            Editions(Path(folder) / "cache").prepare(database.session(), Silent())
            whole_maps(context.app.test_client())
            listings(context.app.test_client(), arguments.segments)
            database.engine.dispose()
        print()
    if arguments.cloud:
        viewports(arguments.cloud)
        print()
    if arguments.growing:
        with tempfile.TemporaryDirectory() as folder, create_app({"TAGSCAPE_INSTANCE_PATH": folder}).app_context() as context:
            flask_migrate.upgrade()
            growth(context.app.test_client(), Path(folder), arguments.growing, arguments.commits)
            database.engine.dispose()
    return None


def filled(session: Session, n_tracks: int) -> Projection:
    """One network with both layers and a projection of two dimensions."""
    network = Network(name="bench", weights_sha256="0" * 64, precision="f32", runtime="openvino", sample_rate_hz=16000,
                      window_samples=512, hop_samples=256, n_bands=96, frames_per_patch=187, patch_hop_frames=187)  # fmt: skip
    for layer, n_dims in N_DIMS.items():
        labels = LABELS if layer == Layer.ACTIVATIONS else None
        session.add(Space(network=network, layer=layer, n_dims=n_dims, labels=labels))
    session.flush()
    tags = session.query(Space).filter_by(layer=Layer.ACTIVATIONS).one()
    projection = Projection(space_id=tags.id, method="umap", seed=0, n_dims=2, parameters={}, fitted=b"", quality={}, revision=1)
    session.add(projection)
    session.flush()
    for first in range(1, n_tracks + 1, 500):
        add_tracks(session, projection, range(first, min(first + 500, n_tracks + 1)), seed=first)
    session.commit()
    return projection


def add_tracks(session: Session, projection: Projection, ids: range, seed: int) -> None:
    """Tracks with features of both layers and their coordinates."""
    add_bare_tracks(session, ids)
    network_id = projection.space.network_id
    rows.give(session, network_id, dict.fromkeys(ids, SEGMENTS_PER_TRACK))
    first_rows = rows.of_tracks(session, network_id, ids)
    random = np.random.default_rng(seed)
    for space in session.query(Space).filter_by(network_id=network_id):
        # a few thousand true vectors, again and again: what they hold does not change what they cost
        pool = random.random((len(ids) + SEGMENTS_PER_TRACK, space.n_dims), dtype=np.float32) ** 3
        records = [
            {"track_id": i, "space_id": space.id, "n_segments": SEGMENTS_PER_TRACK, "weights_sha256": "0",
             "content_hash": f"{i:064x}", "vectors": features.encode(pool[at : at + SEGMENTS_PER_TRACK])}
            for at, i in enumerate(ids)
        ]  # fmt: skip
        features.write(session, records)
    xy = random.normal(size=(len(ids), SEGMENTS_PER_TRACK, 2)).astype(np.float32)
    places = [(i, first_rows[i][0], values) for i, values in zip(ids, xy, strict=True)]
    projections.write_coordinates(session, projection, places, placed=False)


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
        first = answered(client, address)
        body = first.data
        request_s, copy_s = paired(lambda address=address: client.get(address), lambda body=body: bytearray(body))
        n = round(len(body) / (9 if "colour" in address else 8))
        print(f"{title:34}{n:>10,}{len(body):>12,}{request_s / copy_s:16.1f}{request_s * 1000:8.1f} ms")
    etag = first.headers["ETag"]
    request_s, unchanged_s = paired(lambda: client.get(address), lambda: client.get(address, headers={"If-None-Match": etag}))
    print(f"unchanged (304) / request: {unchanged_s / request_s:.4f}")
    packed = gzip.compress(body, 1)
    gzip_s, request_s = paired(lambda: gzip.compress(body, 1), lambda: client.get(address), rounds=3)
    print(f"gzip -1 leaves {len(packed) / len(body):.0%} of the bytes, in {gzip_s / request_s:.0f} times the time of the request")


def listings(client: FlaskClient, n: int) -> None:
    """Pages of the table of what is in view, of boxes that nobody has asked for before, at random places of the table."""
    random = np.random.default_rng(2)
    base = "/api/points/bench/activations/umap/segments?revision="
    base += str(client.get("/api/collection").get_json()["networks"][0]["spaces"][0]["revision"])
    began = time.perf_counter()
    answered(client, f"{base}&colour=bench/tag-5")
    print(f"table of {n:,} segments: first page after a start {time.perf_counter() - began:.2f} s, since tracks are put in order")
    # the coordinates are normally distributed: a square of this half-width in the middle holds LISTED of them
    half = NormalDist().inv_cdf(((LISTED / n) ** 0.5 + 1) / 2)
    for title, width, bar in (("whole map", 100.0, 150), (f"viewport of about {LISTED:,}", half, 50)):
        for sort in ("value&colour=bench/tag-5", "title", "artist", "start"):
            seconds, n_inside = [], 0
            for _ in range(N_LISTED):
                x, y = random.uniform(-0.2, 0.2, 2)
                box = f"{x - width},{x + width},{y - width},{y + width}"
                offset = int(random.integers(n_inside)) if n_inside else 0
                began = time.perf_counter()
                answer = answered(client, f"{base}&sort={sort}&box={box}&offset={offset}")
                seconds.append(time.perf_counter() - began)
                n_inside = answer.get_json()["n_inside"]
            p50, p95 = np.percentile(seconds, [50, 95]) * 1000
            print(f"  {title:26} by {sort.partition('&')[0]:8} p50 {p50:6.1f} ms, p95 {p95:6.1f} ms (bar {bar})")


def viewports(n: int) -> None:
    """The index beside a scan, for viewports around random points."""
    random = np.random.default_rng(1)
    centres = random.normal(size=(40, 2)) * 10
    xy = centres[random.integers(0, 40, n)] + random.normal(size=(n, 2)) * random.uniform(0.2, 3, (n, 1))
    numbers = np.arange(n, dtype=np.uint32)
    cloud = Cloud(numbers[by_priority(numbers)], *np.ascontiguousarray(xy.T, np.float32))
    began = time.perf_counter()
    cloud.inside((0, 0, 0, 0), 1)
    print(f"{n:,} points; index built in {time.perf_counter() - began:.2f} s, {cloud.n_bytes / n:.0f} bytes a point with it")
    print(f"{'viewport, share of the width':34}{'inside':>10}{'sent':>12}{'index / scan':>16}{'index':>11}")
    x0, x1, _, _ = cloud.extent
    for share in (1, 1 / 2, 1 / 8, 1 / 64, 1 / 1024):
        half = (x1 - x0) * share / 2
        x, y = (float(values[123]) for values in (cloud.x, cloud.y))
        box = (x - half, x + half, y - half, y + half)
        found, n_inside = cloud.inside(box, LIMIT)
        index_s, scan_s = paired(lambda box=box: cloud.inside(box, LIMIT), lambda box=box: scan(cloud, box))
        print(f"{share:<34.4f}{n_inside:>10,}{len(found):>12,}{index_s / scan_s:16.3f}{index_s * 1000:8.1f} ms")
    print()
    lassos(cloud)


def lassos(cloud: Cloud) -> None:
    """Lines drawn by hand around much and around little: 80 vertices each, beside testing every point against every edge."""
    random = np.random.default_rng(3)
    angle = np.linspace(0, 2 * np.pi, LASSO_VERTICES, endpoint=False)
    x0, x1, y0, y1 = cloud.extent
    print(f"{'lasso, share of the width':34}{'inside':>10}{'lasso / every edge':>28}{'lasso':>11}")
    for share in (1 / 2, 1 / 4, 1 / 16):
        centre = [float(values[123]) for values in (cloud.x, cloud.y)] if share < 1 / 4 else [(x0 + x1) / 2, (y0 + y1) / 2]
        away = np.array([x1 - x0, y1 - y0]) * share / 2 * random.uniform(0.8, 1.2, (LASSO_VERTICES, 1))
        polygon = Polygon(centre + away * np.stack([np.cos(angle), np.sin(angle)], axis=1))
        found = cloud.rows_enclosed(polygon)
        by_edges = cloud.rows[polygon.contains(cloud.x, cloud.y)]
        if not np.array_equal(np.sort(found), np.sort(by_edges)):
            raise RuntimeError("A lasso gives other points than testing every edge")
        lasso_s, edges_s = paired(
            lambda polygon=polygon: cloud.rows_enclosed(polygon),
            lambda polygon=polygon: polygon.contains(cloud.x, cloud.y),
            rounds=3,
        )
        print(f"{share:<34.4f}{len(found):>10,}{lasso_s / edges_s:28.4f}{lasso_s * 1000:8.1f} ms (bar 100)")


def growth(client: FlaskClient, folder: Path, n_segments: int, n_commits: int) -> None:
    """A large collection: what its first answers cost, and what those after a commit of ten tracks do."""
    session = database.session()
    n_tracks = n_segments // SEGMENTS_PER_TRACK
    projection = filled(session, n_tracks)
    began = time.perf_counter()
    Editions(folder / "cache").prepare(session, Silent())
    print(f"{n_tracks * SEGMENTS_PER_TRACK:,} segments in two layers; prepared by a command in {time.perf_counter() - began:.1f} s")
    command = [sys.executable, "-m", "benchmarks.points", "--first-answer", str(folder)]
    # several starts, since the disk is still busy with what was just prepared
    starts = [json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout) for _ in range(STARTS)]
    for title in ADDRESSES:
        seconds = sorted(start[title] for start in starts)
        print(f"first answer after a start, {title}: {seconds[STARTS // 2]:.3f} s, {seconds[-1]:.3f} s at most (bar .5)")
    listings(client, n_segments)
    opened = editions()
    filters.viewports(session, opened)
    filters.matching(client, session, opened)
    for address in ADDRESSES.values():
        answered(client, address)
    session.rollback()
    if not n_commits:
        return
    slowest, after_s, written, added = dict.fromkeys(ADDRESSES, 0.0), [], 0, 0
    rss_kb = resident_kb()
    for number in range(n_commits):
        first = n_tracks + 1 + number * TRACKS_PER_COMMIT
        projection.revision += 1
        add_tracks(session, projection, range(first, first + TRACKS_PER_COMMIT), seed=first)
        session.commit()
        committed, before = time.perf_counter(), n_written()
        for title, address in ADDRESSES.items():
            began = time.perf_counter()
            answered(client, address)
            slowest[title] = max(slowest[title], time.perf_counter() - began)
        after_s.append(time.perf_counter() - committed)
        written += n_written() - before
        added += TRACKS_PER_COMMIT * SEGMENTS_PER_TRACK * (2 * sum(N_DIMS.values()) + 8)
    n_total = (n_tracks + n_commits * TRACKS_PER_COMMIT) * SEGMENTS_PER_TRACK
    header = answered(client, ADDRESSES["viewport"]).data[8:400]
    print(f"{n_commits:,} commits of {TRACKS_PER_COMMIT} tracks, answered after each:")
    for title, seconds in slowest.items():
        print(f"  slowest answer after a commit, {title}: {seconds:.3f} s (bar .5)")
    print(
        f"  new points on every map after a commit: {max(after_s):.3f} s at most, {np.median(after_s):.3f} s in the middle (bar 5)"
    )
    print(f"  bytes written / bytes added: {written / added:.2f} (bar 5)")
    is_whole = f'"n_total":{n_total},'.encode() in header
    print(f"  all {n_total:,} points are there: {is_whole}")
    print(f"  memory of the server grew by {(resident_kb() - rss_kb) * 1024 / n_total:.1f} bytes a point")


def first_answer(instance: Path) -> None:
    """Print how long the first answers of a new process take, as JSON."""
    client = create_app({"TAGSCAPE_INSTANCE_PATH": str(instance)}).test_client()
    seconds = {}
    for title, address in ADDRESSES.items():
        began = time.perf_counter()
        answered(client, address)
        seconds[title] = time.perf_counter() - began
    print(json.dumps(seconds))


def answered(client: FlaskClient, address: str):
    """The answer of an address, which must be a good one."""
    response = client.get(address)
    if response.status_code != 200:
        raise RuntimeError(f"{address}: {response.status_code} {response.text[:200]}")
    return response


def scan(cloud: Cloud, box: Box) -> tuple[object, int]:
    """What the index saves."""
    x0, x1, y0, y1 = box
    found = np.flatnonzero((cloud.x >= x0) & (cloud.x <= x1) & (cloud.y >= y0) & (cloud.y <= y1))
    return found[:LIMIT], len(found)


def n_written() -> int:
    """Bytes that this process gave to the disk so far, whole pages."""
    facts = dict(line.split(": ") for line in Path("/proc/self/io").read_text().splitlines())
    return int(facts["write_bytes"]) or int(facts["wchar"])


def resident_kb() -> int:
    """Memory of this process that is its own, without the files it has mapped."""
    facts = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    return int(facts["RssAnon"].split()[0])


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

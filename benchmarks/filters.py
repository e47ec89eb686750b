"""What filters cost a large collection: viewports under them, and new ones matched and counted."""

import re
import time
from urllib.parse import urlencode

import numpy as np
from flask.testing import FlaskClient
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from app.cache.editions import Editions
from app.core.spaces import Layer, SpaceName
from app.explore.map import points
from app.explore.map.points import Query
from app.store import spaces

__all__ = ["matching", "viewports"]

SPACE = SpaceName.parse("bench/activations")
LIMIT = 100_000
N_VIEWPORTS = 200
N_NEW = 12
UNDER = {"plain": (None, 10), "under a 10 % filter": ("tag-5>p90", 20), "under a .1 % filter": ("tag-5>p99.9", 20)}
"""The filter, and the most milliseconds that all queries but the slowest twentieth may take."""

PATTERN = re.compile(r"tag-(\d+)([<>])p(\d+)")


def viewports(session: Session, editions: Editions) -> None:
    """Points of viewports that nobody has asked for before, around places of the map, of every size."""
    print(f"{'viewport query':34}{'matching':>12}{'first':>12}{'p50':>11}{'p95':>11}{'p95, processor':>18}")
    for title, (text, bar) in UNDER.items():
        random = np.random.default_rng(4)
        seconds, processor_s, n_matching = [], [], 0
        for number in range(N_VIEWPORTS + 1):
            x, y = random.normal(size=2)
            half = 4 * 2.0 ** -random.uniform(0, 8)
            # the first is of the whole map, and finds what matches
            box = (x - half, x + half, y - half, y + half) if number else None
            began, busy = time.perf_counter(), time.process_time()
            found = points.find(session, editions, SPACE, "umap", Query(box=box, limit=LIMIT, filter=text)).points()
            seconds.append(time.perf_counter() - began)
            processor_s.append(time.process_time() - busy)
            n_matching = n_matching or found.n_matching
        first, p50, p95 = seconds[0] * 1000, *(np.percentile(seconds[1:], [50, 95]) * 1000)
        busy_ms = np.percentile(processor_s[1:], 95) * 1000
        print(f"{title:34}{n_matching:>12,}{first:9.1f} ms{p50:8.1f} ms{p95:8.1f} ms{busy_ms:15.1f} ms (bar {bar})")


def matching(client: FlaskClient, session: Session, editions: Editions) -> None:
    """Filters of three terms that nobody has asked for before, of tags that nobody has looked at and of others; all are counted."""
    random = np.random.default_rng(5)
    for title, low in (("of tags not looked at before", 8), ("of known tags", 10)):
        seconds, processor_s = [], []
        for number in range(N_NEW):
            one, two, three = (8 + (3 * number + term) % 36 for term in range(3))
            low_percent, high_percent, middle_percent = (int(random.integers(low, 45)) for _ in range(3))
            text = f"tag-{one}>p{low_percent} tag-{two}<p{50 + high_percent} -tag-{three}>p{50 + middle_percent}"
            began, busy = time.perf_counter(), time.process_time()
            answer = client.get(f"/api/filters/bench?{urlencode({'filter': text})}").get_json()
            seconds.append(time.perf_counter() - began)
            processor_s.append(time.process_time() - busy)
            if answer["n_segments"] != _counted(session, editions, text):
                raise RuntimeError(f"{text} matches {answer['n_segments']} segments, and NumPy counts others")
        (p50, p95), busy_ms = np.percentile(seconds, [50, 95]) * 1000, np.percentile(processor_s, 95) * 1000
        print(
            f"a new filter of three terms, {title}: p50 {p50:.1f} ms, p95 {p95:.1f} ms, {busy_ms:.1f} ms of a processor (bar 150)"
        )
    print("every count is that of NumPy")


def _counted(session: Session, editions: Editions, text: str) -> int:
    """How many segments match, by sorting."""
    columns = editions.columns(session, spaces.stored(session, "bench"), Layer.ACTIVATIONS)
    keep: NDArray[np.bool_] = np.ones(columns.n_rows, np.bool_)
    for part in text.split():
        found = PATTERN.search(part)
        assert found
        values = columns.column(int(found[1]))
        limit = np.percentile(values, int(found[3]), method="inverted_cdf")
        is_kept = values > limit if found[2] == ">" else values < limit
        keep &= ~is_kept if part.startswith("-") else is_kept
    return int(np.count_nonzero(keep))

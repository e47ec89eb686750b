"""What colours of a large collection cost: the first time, and once they are known.

    python -m benchmarks.colours [--segments N]

Synthesised activations in memory; medians of three collections. Processor time is that of all threads together, and says more than
the clock on a machine that others use.
"""

import argparse
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from app.explore.map.colouring.by_time import Rows, RowsOf

from app.cache.columns import CHUNK_ROWS, SpaceColumns
from app.cache.rows import RowTable
from app.core.geometry import PatchGeometry
from app.explore.map.colouring import categories, numbers, top_tag
from app.explore.map.colouring.names import DifferenceName, FieldName, TagName, TopName
from app.store.rows import Ranges

GEOMETRY = PatchGeometry(16000, 512, 256, 96, 187, 187)
SEGMENTS_PER_TRACK = 75
N_TAGS = 50
N_ARTISTS = 5000
ROUNDS = 3
MOST_SENT = 1_000_000


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--segments", type=int, default=5_000_000)
    n_tracks = parser.parse_args().segments // SEGMENTS_PER_TRACK
    rounds = [measured(n_tracks, seed) for seed in range(ROUNDS)]
    print(f"{n_tracks * SEGMENTS_PER_TRACK:,} segments; bars: first 1 s, again .1 s for {MOST_SENT:,} points")
    print(f"{'':32}{'first':>9}{'processor':>12}{'again':>12}{'processor':>12}")
    for name in rounds[0]:
        first, again = np.median([each[name] for each in rounds], axis=0)
        print(f"{name:32}{first[0]:7.3f} s{first[1]:10.3f} s{again[0]:10.3f} s{again[1]:10.3f} s")


def measured(n_tracks: int, seed: int) -> dict[str, list[tuple[float, float]]]:
    """Seconds by the clock and of the processor, of the first answer and of another one, by kind of colour."""
    random = np.random.default_rng(seed)
    n_rows = n_tracks * SEGMENTS_PER_TRACK
    firsts = np.arange(n_tracks) * SEGMENTS_PER_TRACK
    table = RowTable(str(seed), 1, n_rows, Ranges(np.arange(n_tracks), firsts, np.full(n_tracks, SEGMENTS_PER_TRACK)))
    one, other = (columns(random, n_rows, f"{seed}-{name}") for name in ("one", "other"))
    rows = Rows(RowsOf(table, GEOMETRY), RowsOf(table, GEOMETRY))
    labels = tuple(f"tag {tag}" for tag in range(N_TAGS))
    artists = [f"artist {n}" for n in range(N_ARTISTS)]
    by_track = random.integers(N_ARTISTS, size=n_tracks)
    years = random.integers(1950, 2025, n_tracks).astype(float)

    def tag(of: SpaceColumns) -> numbers.Numbers:
        return numbers.of_tag(TagName(of.made, "tag 5"), "rank", rows, of, 5)

    kinds: dict[str, Callable[[], numbers.Numbers | categories.Categories]] = {
        "tag": lambda: tag(one),
        "difference of two networks": lambda: numbers.of_difference(
            DifferenceName("one", "other", "tag 5"), "rank", rows, tag(one), tag(other)
        ),
        "top tag": lambda: top_tag.of_network(TopName("one"), rows, one, labels),
        "artist": lambda: categories.of_field(FieldName("artist"), rows, seed, artists, by_track),
        "year": lambda: numbers.of_field(FieldName("year"), "year", "rank", rows, seed, years),
    }
    sent = random.permutation(n_rows)[:MOST_SENT].astype(np.uint32)
    found = {}
    for name, opened in kinds.items():
        seconds = []
        for _ in range(2):
            began, began_processor = time.perf_counter(), time.process_time()
            opened().levels(sent)
            seconds.append((time.perf_counter() - began, time.process_time() - began_processor))
        found[name] = seconds
    return found


def columns(random: np.random.Generator, n_rows: int, made: str) -> SpaceColumns:
    """Activations as they are on the disk, in memory."""
    # one true chunk, again and again: what it holds does not change what it costs
    chunk = (random.random((N_TAGS, CHUNK_ROWS), dtype=np.float32) ** 3).astype(np.float16)
    n_chunks, n_tail = divmod(n_rows, CHUNK_ROWS)
    chunks = tuple(chunk.copy() for _ in range(n_chunks))
    return SpaceColumns(Path(made), made, n_rows, chunks, np.ascontiguousarray(chunk[:, :n_tail].T), np.empty((0, 2), np.int64))


if __name__ == "__main__":
    main()

"""Whether the words on maps are right, stay, and never overlap; what making them costs.

    python -m benchmarks.labels [--space S] [--segments N] [--many N]

On the shared folder of golden features (`TAGSCAPE_SHARED`; skipped where it is not) and on synthesised collections. Placement is
the browser's own, run by Node.js.
"""

import argparse
import json
import os
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from app.core.ranks import counted
from app.projections.registry import by_name
from app.projections.vectors import Vectors
from app.regions import crowd, fit, names, sums, tree
from app.regions.fit import PlacedSegments
from app.regions.tree import Regions

from .machine import describe

PLACEMENT = Path(__file__).with_name("label_viewports.js")
N_REGIONS = 16
N_SPLITS = 6
N_TAGS = 50
BLOCK = 1 << 16
THRESHOLDS = (0.65, 0.70, 0.75)

Result = TypeVar("Result")


@dataclass(frozen=True)
class Heard:
    """A map whose segments were heard.

    values : np.ndarray [shape=(n_tags, n), dtype=float16]
    """

    placed: PlacedSegments
    values: NDArray[np.float16]

    def some(self, chosen: NDArray[np.bool_]) -> "Heard":
        """Some of the segments."""
        placed = self.placed
        return Heard(PlacedSegments(placed.x[chosen], placed.y[chosen], placed.track_ids[chosen]), self.values[:, chosen])

    def of_tracks(self, track_ids: NDArray[np.int64]) -> "Heard":
        """The segments of some tracks."""
        return self.some(np.isin(self.placed.track_ids, track_ids))

    @property
    def shares(self) -> NDArray[np.float32]:
        """Ranks of every float16 number in every tag."""
        return np.stack([counted(tag).share for tag in self.values])

    def blocks(self, parts: NDArray[np.int32]) -> Iterator[sums.Block]:
        """The tags of all segments, as sums take them."""
        for first in range(0, len(parts), BLOCK):
            yield parts[first : first + BLOCK], self.values[:, first : first + BLOCK].view(np.uint16)


def main() -> None:
    """Print all of it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--network", default="msd-musicnn", help="whose golden features are used")
    parser.add_argument("--segments", type=int, default=100_000, help="of the synthesised collection that is judged")
    parser.add_argument("--many", type=int, default=5_000_000, help="of that which is timed")
    arguments = parser.parse_args()
    print(describe(), "\n")
    print(f"{'map':28}{'named':>8}{'held out':>10}{'chance':>8}{'kept':>7}{'rebuilt':>9}{'overlaps':>10}{'in view':>9}")
    print(f"{'bar':28}{'>= .9':>8}{'>= .75':>10}{'':>8}{'>= .97':>7}{'':>9}{'0':>10}")
    for title, heard in maps(arguments.network):
        judge(title, heard)
    for seed in range(2):
        judge(f"synthesised {arguments.segments} ({seed})", synthesised(arguments.segments, seed))
    thresholds(synthesised(arguments.segments, 0))
    costs(arguments.many)


def maps(network: str) -> Iterator[tuple[str, Heard]]:
    """Maps of the real music."""
    shared = Path(os.environ.get("TAGSCAPE_SHARED") or Path(__file__).parents[2] / "shared")
    golden = {layer: shared / "golden" / "essentia" / f"{network}-{layer}.npz" for layer in ("activations", "embeddings")}
    if not all(path.exists() for path in golden.values()):
        print(f"SKIPPED: no golden features of {network} in {shared}")
        return
    vectors = {}
    for layer, path in golden.items():
        with np.load(path) as arrays:
            vectors[layer] = {name: arrays[name].astype(np.float16) for name in sorted(arrays.files)}
    values = np.ascontiguousarray(np.concatenate(list(vectors["activations"].values())).T)
    track_ids = np.repeat(np.arange(len(vectors["activations"])) + 1, [len(each) for each in vectors["activations"].values()])
    for layer, method in (("embeddings", "tsne"), ("embeddings", "umap"), ("activations", "umap"), ("embeddings", "pca")):
        space = Vectors.of(np.concatenate(list(vectors[layer].values())))
        xy = by_name(method).projector(random_state=0).fit(space).coordinates_
        placed = PlacedSegments(np.ascontiguousarray(xy[:, 0]), np.ascontiguousarray(xy[:, 1]), track_ids)
        yield f"{method} of {layer}", Heard(placed, values)


def synthesised(n: int, seed: int) -> Heard:
    """Tracks of 75 segments around 300 places of 20 styles; neighbouring places and the segments of a track are alike."""
    random = np.random.default_rng(seed)
    n_tracks = -(-n // 75)
    style = random.integers(0, 20, 300)
    places = random.normal(size=(20, 2))[style] * 30 + random.normal(size=(300, 2)) * 9
    loud = random.normal(size=(20, N_TAGS))[style] * 0.9 + random.normal(size=(300, N_TAGS)) * 0.5
    home = random.integers(0, 300, n_tracks)
    track = np.repeat(np.arange(n_tracks), 75)[:n]
    place = np.where(random.random(n) < 0.8, home[track], random.integers(0, 300, n))
    xy = (places[place] + random.normal(size=(n, 2)) * 2).astype(np.float32)
    values = np.empty((N_TAGS, n), np.float16)
    for tag in range(N_TAGS):
        rarity = 2.5 + 2 * tag / N_TAGS
        own = random.normal(size=n_tracks).astype(np.float32)[track] + random.normal(size=n).astype(np.float32) * 0.7
        values[tag] = 1 / (1 + np.exp(rarity - 1.4 * loud[place, tag] - 0.8 * own))
    return Heard(PlacedSegments(xy[:, 0].copy(), xy[:, 1].copy(), track + 1), values)


def judge(title: str, heard: Heard) -> None:
    """One line of the table."""
    named, right, chance = held_out(heard)
    kept, rebuilt = after_growth(heard)
    overlaps, in_view = viewports(heard)
    print(f"{title:28}{named:8.2f}{right:10.2f}{chance:8.2f}{kept:7.3f}{rebuilt:9.2f}{overlaps:10d}{in_view:9.1f}", flush=True)


def cut_at(heard: Heard, n_parts: int, shares: NDArray[np.float32]) -> tuple[tree.Grid, Regions, names.Names]:
    """So many regions, none within another, and their names."""
    grid, found = tree.grid_of(heard.placed.x, heard.placed.y)
    basins = grid.basins(heard.placed.x, heard.placed.y)
    of_basin = sums.add_up(len(found), shares, heard.blocks(basins))
    merges = tree.grown_together(grid, found, of_basin)
    place, first, end = merges.order()
    nodes = merges.nodes_at(n_parts)
    flat = np.zeros(len(nodes), np.int32)
    regions = Regions(first[nodes].astype(np.int32), end[nodes].astype(np.int32), flat - 1, flat, flat * 0.0, flat * 0.0)
    ordered = of_basin.take(np.argsort(place))
    of_tracks = crowd.count(regions, len(found), place.astype(np.int32)[basins], heard.placed.track_ids)
    given = names.give(regions, ordered.spans(regions.first, regions.end), of_tracks, ordered.total)
    return tree.Grid(grid.lattice, place.astype(np.int32)[grid.of_cell]), regions, given


def region_of(grid: tree.Grid, regions: Regions, heard: Heard) -> NDArray[np.intp]:
    """The region of each segment, where none is within another."""
    order = np.argsort(regions.first)
    basins = grid.basins(heard.placed.x, heard.placed.y)
    return order[np.searchsorted(regions.first[order], basins, side="right") - 1]


def held_out(heard: Heard) -> tuple[float, float, float]:
    """Share of segments in a named region; of those of other tracks than named it, the share whose value of the first word is above
    the collection's mean; the same when names are dealt out at random.
    """
    shares, means = heard.shares, heard.values.mean(axis=1, dtype=np.float64)
    grid, regions, given = cut_at(heard, N_REGIONS, shares)
    named = given.named[region_of(grid, regions, heard)].mean()
    random = np.random.default_rng(0)
    tracks = np.unique(heard.placed.track_ids)
    right, chance = [], []
    for _ in range(N_SPLITS):
        half = random.permutation(tracks)[: len(tracks) // 2]
        own = np.isin(heard.placed.track_ids, half)
        learnt, asked = heard.some(own), heard.some(~own)
        grid, regions, given = cut_at(learnt, N_REGIONS, learnt.shares)
        region = region_of(grid, regions, asked)
        first = given.words[:, 0]
        above = asked.values > means[:, None]
        is_named = first[region] >= 0
        at = np.flatnonzero(is_named)
        right.append(above[first[region[at]], at].mean())
        dealt = first[first >= 0]
        chance.append(above[random.choice(dealt, len(at)), at].mean())
    return float(named), float(np.mean(right)), float(np.mean(chance))


def after_growth(heard: Heard) -> tuple[float, float]:
    """Share of segments whose regions keep their first names when a tenth is added; and when all regions are made anew instead."""
    random = np.random.default_rng(1)
    tracks = np.unique(heard.placed.track_ids)
    kept, rebuilt = [], []
    for _ in range(N_SPLITS):
        late = random.permutation(tracks)[: max(len(tracks) // 11, 1)]
        before = heard.some(~np.isin(heard.placed.track_ids, late))
        frozen, known = fit.fit(before.placed, before.shares, before.blocks)
        added = heard.of_tracks(late)
        grown = fit.add(frozen, known, added.placed, added.blocks)
        same = first_names(known.names) == first_names(grown.names)
        kept.append(np.average(same, weights=known.crowd.n_segments))
        one, two = cut_at(before, N_REGIONS, before.shares), cut_at(heard, N_REGIONS, heard.shares)
        labels = [first_names(given)[region_of(grid, regions, before)] for grid, regions, given in (one, two)]
        rebuilt.append((labels[0] == labels[1]).mean())
    return float(np.mean(kept)), float(np.mean(rebuilt))


def first_names(given: names.Names) -> NDArray[np.int64]:
    """One number for what a region is first called."""
    return np.where(given.track > 0, given.track + 1000, given.words[:, 0])


def viewports(heard: Heard) -> tuple[int, float]:
    """Labels that overlap in a hundred random viewports, and how many there are in one."""
    frozen, known = fit.fit(heard.placed, heard.shares, heard.blocks)
    regions = frozen.regions
    listed = np.flatnonzero(known.names.named)
    at = {region: index for index, region in enumerate(listed.tolist())}
    labels = [
        {
            "x": float(regions.x[region]),
            "y": float(regions.y[region]),
            "level": int(regions.level[region]),
            "parent": at.get(int(regions.parent[region])),
            "weight": int(known.crowd.n_segments[region]),
            "text": str(first_names(known.names)[region]),
            "track": int(known.names.track[region]) or None,
            "width": 60 + 12 * (region % 13),
            "height": 24,
        }
        for region in listed.tolist()
    ]
    extent = [float(edge) for axis in (heard.placed.x, heard.placed.y) for edge in (axis.min(), axis.max())]
    asked = json.dumps({"labels": labels, "extent": extent})
    answer = subprocess.run(["node", PLACEMENT], input=asked, capture_output=True, text=True, check=True)
    found = json.loads(answer.stdout)
    return found["overlaps"], found["seen"]


def thresholds(heard: Heard) -> None:
    """What another bar for the mean rank of a name would do."""
    print("\nleast mean rank of a name, on the first synthesised collection")
    usual = names.LEAST_MEAN_RANK
    for least in THRESHOLDS:
        names.LEAST_MEAN_RANK = least
        named, right, _ = held_out(heard)
        print(f"{least:6.2f}   named {named:.2f}   held out {right:.2f}   kept {after_growth(heard)[0]:.3f}", flush=True)
    names.LEAST_MEAN_RANK = usual


def costs(n: int) -> None:
    """What many segments take."""
    heard = synthesised(n, 0)
    tracks = np.unique(heard.placed.track_ids)
    shares = heard.shares
    print(f"\n{n} segments, {len(tracks)} tracks{'':10}{'processor':>12}{'wall':>8}")
    few = synthesised(1000, 1)
    fit.fit(few.placed, few.shares, few.blocks)  # what is imported late
    frozen, known = timed("all labels (bar 5 s)", lambda: fit.fit(heard.placed, shares, heard.blocks))
    for share in (100, 10):
        added = heard.some(heard.placed.track_ids <= len(tracks) // share)
        timed(f"add 1/{share}", lambda added=added: fit.add(frozen, known, added.placed, added.blocks))


def timed(title: str, work: Callable[[], Result]) -> Result:
    """Do it and say how long it took."""
    wall, processor = time.perf_counter(), time.process_time()
    result = work()
    print(f"{title:40}{time.process_time() - processor:10.2f} s{time.perf_counter() - wall:6.2f} s", flush=True)
    return result


if __name__ == "__main__":
    main()

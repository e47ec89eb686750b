"""How good maps are, where new tracks fall, how far a refit moves points, and what t-SNE costs beside UMAP.

    python -m benchmarks.reduce [--space S] [--segments N]

Needs the shared folder of golden embeddings (`TAGSCAPE_SHARED`). Figures are ratios and qualities, never times.
"""

import argparse
import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.projections import knn, placement
from app.projections.base import Projector
from app.projections.quality import N_NEIGHBOURS, Ruler
from app.projections.registry import METHODS
from app.projections.tsne import TSNE
from app.projections.umap import UMAP
from app.projections.vectors import Vectors

from .machine import describe, seconds

N_FOLDS = 3
Array = NDArray[np.float32]


def main() -> None:
    """Print all of it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--space", default="msd-musicnn/embeddings", help="network/layer of the golden features")
    parser.add_argument("--segments", type=int, default=20_000, help="synthesised segments that times are compared on")
    arguments = parser.parse_args()
    shared = Path(os.environ.get("TAGSCAPE_SHARED") or Path(__file__).parents[2] / "shared")
    with np.load(shared / "golden" / "essentia" / f"{arguments.space.replace('/', '-')}.npz") as golden:
        tracks = [golden[path].astype(np.float16) for path in golden.files]
    print(describe())
    print(f"{arguments.space}, {len(tracks)} tracks, {sum(map(len, tracks))} segments\n")
    fits(np.concatenate(tracks))
    print()
    new_tracks(tracks)
    print()
    costs(arguments.segments)


def fits(vectors: NDArray[np.float16]) -> None:
    """Quality of every projection, and how far a refit moves its points."""
    print(f"{'projection':12}{'trustworthiness':>17}{'neighbours kept':>17}{'after --force: kept':>21}{'moved / extent':>16}")
    space = Vectors.of(vectors)
    ruler = Ruler(space)
    for method in METHODS:
        fit = method.projector(random_state=1).fit(space).coordinates_
        refit = method.projector(random_state=2).fit(space, fit).coordinates_
        before, after = ruler.measure(fit), ruler.measure(refit)
        figures = f"{before['trustworthiness']:17.4f}{before['neighbours_kept']:17.3f}{after['neighbours_kept']:21.3f}"
        print(f"{method.name:12}{figures}{moved(fit, refit):16.4f}")


def new_tracks(tracks: list[NDArray[np.float16]]) -> None:
    """Neighbours that segments of tracks keep which the map was fitted without, beside what they keep in a map of all tracks."""
    print(f"tracks that the map was fitted without, {N_FOLDS} folds: neighbours kept, of the same segments")
    print(
        f"{'projection':12}{'fitted with all':>17}{'placed':>10}{'by chance':>12}{'refit after placing':>21}{'moved / extent':>16}"
    )
    for projector in (TSNE, UMAP):
        rows = np.array([fold_figures(projector, tracks, fold) for fold in range(N_FOLDS)]).mean(axis=0)
        print(f"{projector.__name__:12}{rows[0]:17.3f}{rows[1]:10.3f}{rows[2]:12.3f}{rows[3]:21.3f}{rows[4]:16.4f}")


def fold_figures(projector: type[Projector], tracks: list[NDArray[np.float16]], fold: int) -> tuple[float, ...]:
    """Kept in a whole fit, when placed, by a random place, after a refit; and how far old points moved in the refit."""
    order = np.random.default_rng(0).permutation(len(tracks))
    new = set(order[fold::N_FOLDS].tolist())
    is_new = np.concatenate([np.full(len(track), i in new) for i, track in enumerate(tracks)])
    vectors = np.concatenate(tracks)
    whole = projector(random_state=1).fit(Vectors.of(vectors)).coordinates_
    fit = projector(random_state=1).fit(Vectors.of(vectors[~is_new]))
    scores = fit.basis_.transform(vectors)
    xy = np.empty((len(vectors), 2), np.float32)
    xy[~is_new] = fit.coordinates_
    xy[is_new] = placement.place(scores[~is_new], fit.coordinates_, scores[is_new])
    scattered = xy.copy()
    scattered[is_new] = np.random.default_rng(0).permutation(xy)[: is_new.sum()]
    refit = projector(random_state=2).fit(Vectors.of(vectors), xy).coordinates_
    queries = np.flatnonzero(is_new)
    kept = [kept_by(vectors, layout, queries) for layout in (whole, xy, scattered, refit)]
    return (*kept, moved(fit.coordinates_, refit[~is_new]))


def kept_by(vectors: NDArray[np.float16], xy: Array, queries: NDArray[np.intp]) -> float:
    """Ratio of the nearest neighbours of some segments that are so in the map."""
    centred = (vectors - vectors.mean(axis=0, dtype=np.float64)).astype(np.float32)
    in_space, in_map = (_nearest(points, queries) for points in (centred, xy))
    return float((in_space[:, :, None] == in_map[:, None, :]).any(axis=2).mean())


def _nearest(points: Array, queries: NDArray[np.intp]) -> NDArray[np.int32]:
    rows = knn.nearest(points, points[queries], N_NEIGHBOURS + 1)[0]
    return rows[knn.others(rows, queries)].reshape(len(queries), -1)


def moved(before: Array, after: Array) -> float:
    """Median way of the points, as a part of the map's larger extent."""
    return float(np.median(np.linalg.norm(after - before, axis=1)) / np.ptp(before, axis=0).max())


def costs(n_segments: int) -> None:
    """Time of a t-SNE fit beside a UMAP fit of the same vectors, neighbours given to both, compiled code warm."""
    space = Vectors.of(np.concatenate(list(clusters(n_segments))))
    space.nearest(90)
    UMAP(n_epochs=1).fit(Vectors.of(np.random.default_rng(0).normal(size=(100, 10)).astype(np.float16)))
    tsne, umap = (seconds(lambda projector=projector: projector(random_state=1).fit(space)) for projector in (TSNE, UMAP))
    print(f"{n_segments} synthesised segments: t-SNE takes {tsne / umap:.1f} times as long as UMAP")


def clusters(n_segments: int) -> Iterator[NDArray[np.float16]]:
    """Curved clusters of 200 dimensions."""
    random = np.random.default_rng(0)
    weights, offsets = random.normal(size=(10, 200)), random.normal(size=200)
    for centre in random.normal(size=(20, 10)) * 2:
        points = centre + random.normal(size=(n_segments // 20, 10)) * random.uniform(0.2, 1.0, size=10)
        yield (np.tanh(points @ weights) + offsets).astype(np.float16)


if __name__ == "__main__":
    main()

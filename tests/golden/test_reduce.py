"""Maps of real music are as good as they were measured to be: `python -m benchmarks.reduce` prints the figures."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from app.projections import knn, placement
from app.projections.quality import Ruler
from app.projections.registry import by_name
from app.projections.vectors import Vectors

EVERY_NTH_IS_NEW = 3


@pytest.fixture(scope="module")
def tracks(shared: Path) -> list[NDArray[np.float16]]:
    with np.load(shared / "golden" / "essentia" / "msd-musicnn-embeddings.npz") as golden:
        return [golden[path].astype(np.float16) for path in golden.files]


@pytest.mark.parametrize(
    ("name", "trustworthiness", "kept"), [("pca", 0.83, 0.12), ("std-pca", 0.83, 0.12), ("tsne", 0.985, 0.6), ("umap", 0.98, 0.5)]
)
def test_a_map_of_real_music_keeps_neighbours(
    tracks: list[NDArray[np.float16]], name: str, trustworthiness: float, kept: float
) -> None:
    space = Vectors.of(np.concatenate(tracks))
    quality = Ruler(space).measure(by_name(name).projector(random_state=1).fit(space).coordinates_)
    assert quality["trustworthiness"] > trustworthiness
    assert quality["neighbours_kept"] > kept


def test_tracks_that_the_map_knew_nothing_of_are_placed_near_their_neighbours(tracks: list[NDArray[np.float16]]) -> None:
    is_new = np.concatenate([np.full(len(track), i % EVERY_NTH_IS_NEW == 0) for i, track in enumerate(tracks)])
    vectors = np.concatenate(tracks)
    fit = by_name("umap").projector(random_state=1).fit(Vectors.of(vectors[~is_new]))
    scores = fit.basis_.transform(vectors)
    xy = np.empty((len(vectors), 2), np.float32)
    xy[~is_new] = fit.coordinates_
    xy[is_new] = placement.place(scores[~is_new], fit.coordinates_, scores[is_new])
    new = np.flatnonzero(is_new)
    in_space, in_map = (
        rows[knn.others(rows, new)].reshape(len(new), -1)
        for rows in (knn.nearest(points, points[new], 11)[0] for points in (vectors.astype(np.float32), xy))
    )
    assert (in_space[:, :, None] == in_map[:, None, :]).any(axis=2).mean() > 0.25

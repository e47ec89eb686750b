"""Fit projections of spaces, and place new tracks into those that are fitted."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from ..core.entities import Outcome
from ..core.progress import Progress
from ..projections import placement
from ..projections.base import Projector
from ..projections.basis import Basis
from ..projections.quality import Ruler
from ..projections.registry import Method
from ..projections.vectors import Vectors
from ..store import features, projections, spaces
from ..store.projections import TrackPlace
from ..store.tables import Projection, Space, now
from .streams import vectors_of

__all__ = ["reduce_all"]


def reduce_all(
    session: Session, among: Iterable[Space], methods: Sequence[Method], seed: int, progress: Progress, *, force: bool = False
) -> Outcome:
    """Bring projections in line with the features of their spaces.

    A projection that does not exist is fitted. Into one that exists, new tracks and tracks whose sound changed are placed; the
    others stay where they are. It is fitted again, from its present coordinates, when its network has other weights by now, when
    none of the tracks that it was fitted to is left, and with `force`. Each projection is one transaction.
    """
    outcome = Outcome()
    for space in among:
        reduction = _Reduction(session, space, seed, progress)
        for method in methods:
            outcome += Outcome(done=1) if reduction.bring_up(method, force) else Outcome(skipped=1)
    return outcome


@dataclass(frozen=True)
class _Change:
    """Track ids by what became of them since a projection was fitted."""

    fitted: list[int]
    """It was fitted to them, and their features are the same."""
    new: list[int]
    """Without coordinates, or with those of other features."""
    gone: list[int]
    """With coordinates, but without features."""


class _Reduction:
    """All projections of one space. What they share is computed once."""

    def __init__(self, session: Session, space: Space, seed: int, progress: Progress) -> None:
        self.session, self.space, self.seed, self.progress = session, space, seed, progress
        self.name = str(spaces.name_of(space))
        self.tracks = features.rows_of(session, space)
        self.vectors = self._vectors(self.tracks)

    def bring_up(self, method: Method, force: bool) -> bool:
        """Fit a projection, or place tracks into it; False where there is nothing to do."""
        if not self.tracks:
            return False
        projection = projections.find(self.session, self.space.id, method.name)
        if projection is None:
            self._fit(Projection(space_id=self.space.id, method=method.name, revision=0), method.projector, None)
            return True
        known = projections.placed(self.session, projection.id)
        change = self._change(known)
        if force or not change.fitted or self._network_changed(projection):
            self._fit(projection, method.projector, self._start(projection, method.projector, known))
        elif change.new or change.gone:
            self._place(projection, method.projector, change)
        else:
            return False
        return True

    @cached_property
    def ruler(self) -> Ruler:
        """Measures every projection of the space."""
        return Ruler(self.vectors, self.seed)

    def _fit(self, projection: Projection, projector: type[Projector], start: NDArray[np.float32] | None) -> None:
        fit = projector(random_state=self.seed).fit(self.vectors, start)
        quality = self.ruler.measure(fit.coordinates_)
        # from here on nobody else can write to the database, so all that takes long is done before
        projection.seed = self.seed
        projection.n_dims = fit.coordinates_.shape[1]
        projection.parameters = fit.parameters_ | self._network()
        projection.fitted = projections.pack(fit.basis_.arrays())
        projection.explained_variance = fit.explained_variance_ratio_
        projection.quality = quality
        projection.revision += 1
        projection.fitted_at = now()
        self.session.add(projection)
        self.session.flush()
        projections.forget_every_coordinate(self.session, projection)
        self._write(projection, self.tracks, fit.coordinates_, placed=False)
        self.session.commit()

    def _place(self, projection: Projection, projector: type[Projector], change: _Change) -> None:
        with self.progress.stretch(f"{self.name}: placing into {projection.method}", len(change.new), "tracks") as advance:
            xy = self._placed(projection, projector, change.fitted, change.new)
            staying = sorted(self.tracks.keys() - set(change.new))
            # all coordinates in the order of track ids, which is that of the vectors they are measured against
            everything = dict(projections.blocks(self.session, projection, staying))
            everything |= zip(change.new, self._split(change.new, xy), strict=True)
            quality = self.ruler.measure(np.concatenate([everything[track_id] for track_id in self.tracks]))
            # from here on nobody else can write to the database, so all that takes long is done before
            projection.quality = quality
            projection.revision += 1
            projections.forget_coordinates(self.session, projection, change.gone)
            self._write(projection, change.new, xy, placed=True)
            self.session.commit()
            advance(len(change.new))

    def _start(
        self, projection: Projection, projector: type[Projector], known: dict[int, TrackPlace]
    ) -> NDArray[np.float32] | None:
        """Present coordinates of all segments; tracks that have none are placed. None where no track has any."""
        # the number of segments, not the rows: coordinates of an earlier content are still a good start
        here = [i for i, (_, n_segments) in self.tracks.items() if i in known and known[i].n_segments == n_segments]
        if not here:
            return None
        new = sorted(self.tracks.keys() - set(here))
        xy = dict(projections.blocks(self.session, projection, here))
        if new:
            xy |= zip(new, self._split(new, self._placed(projection, projector, here, new)), strict=True)
        return np.concatenate([xy[track_id] for track_id in self.tracks])

    def _placed(
        self, projection: Projection, projector: type[Projector], fitted: Sequence[int], new: Sequence[int]
    ) -> NDArray[np.float32]:
        """Coordinates of all segments of `new` tracks, by those of `fitted` ones."""
        basis = Basis(**projections.unpack(projection.fitted))
        scores = self._vectors(new).transformed(basis)
        # in a linear projection the scores are the coordinates; in others they find the neighbours to be placed among
        if projector.linear:
            return scores
        xy = np.concatenate([xy for _, xy in projections.blocks(self.session, projection, fitted)])
        return placement.place(self._vectors(fitted).transformed(basis), xy, scores)

    def _change(self, known: dict[int, TrackPlace]) -> _Change:
        same = {i for i, (first_row, _) in self.tracks.items() if i in known and known[i].first_row == first_row}
        return _Change(
            fitted=sorted(i for i in same if not known[i].placed),
            new=sorted(self.tracks.keys() - same),
            gone=sorted(known.keys() - self.tracks.keys()),
        )

    def _network(self) -> dict[str, str]:
        return {"weights_sha256": self.space.network.weights_sha256, "precision": self.space.network.precision}

    def _network_changed(self, projection: Projection) -> bool:
        return any(projection.parameters.get(name) != value for name, value in self._network().items())

    def _vectors(self, track_ids: Iterable[int]) -> Vectors:
        return vectors_of(self.session, self.space, {i: self.tracks[i][1] for i in track_ids}, self.progress)

    def _write(self, projection: Projection, track_ids: Iterable[int], xy: NDArray[np.float32], *, placed: bool) -> None:
        ids = list(track_ids)
        places = ((i, self.tracks[i][0], part) for i, part in zip(ids, self._split(ids, xy), strict=True))
        projections.write_coordinates(self.session, projection, places, placed=placed)

    def _split(self, track_ids: Iterable[int], xy: NDArray[np.float32]) -> Iterator[NDArray[np.float32]]:
        first = 0
        for track_id in track_ids:
            n_segments = self.tracks[track_id][1]
            yield xy[first : first + n_segments]
            first += n_segments

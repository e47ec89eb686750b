"""Which tracks lack the features of which networks."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ...core.entities import Outcome
from ...core.errors import InvalidError
from ...core.geometry import PatchGeometry
from ...core.spaces import Layer
from ...store import sources, spaces
from ...store.tables import Features, Network, Source, Track

__all__ = ["Plan", "Subject", "plan"]

READABLE = (sources.is_first_file(Track.id), Track.content_hash.is_not(None))


@dataclass(frozen=True)
class Subject:
    """A network to extract with, as its weights are loaded now.

    layers : for each layer its number of dimensions and, for activations, the tags
    """

    name: str
    weights_sha256: str
    precision: str
    runtime: str
    geometry: PatchGeometry
    layers: Mapping[Layer, tuple[int, Sequence[str] | None]]

    def is_stored_as(self, network: Network) -> bool:
        """Whether new features can stand beside the stored ones of `network`: same weights, same precision."""
        return (network.weights_sha256, network.precision) == (self.weights_sha256, self.precision)


@dataclass(frozen=True)
class Plan:
    """The work of one run: which tracks lack which networks, and how many have everything."""

    tracks: Sequence[tuple[int, str, tuple[str, ...]]]
    n_complete: int
    duration_s: float

    @property
    def nothing_done(self) -> Outcome:
        """What to report before the first track."""
        return Outcome(skipped=self.n_complete)


def plan(session: Session, subjects: Sequence[Subject], *, limit: int | None = None, force: bool = False) -> Plan:
    """Tracks that are present and lack up-to-date features of a subject, by track id.

    Raises
    ------
    InvalidError
        Features of a subject are stored with other weights or in another precision, and `force` is not given.
    """
    lacking: dict[int, list[str]] = {}
    for subject in subjects:
        for track_id in _lacking(session, subject, force):
            lacking.setdefault(track_id, []).append(subject.name)
    query = select(Track.id, Source.path, func.coalesce(Track.duration_s, 0.0)).join(Track.sources).where(*READABLE)
    rows = session.execute(query.order_by(Track.id)).all()
    # in the order of track ids, so that a run that was stopped goes on where it was
    wanted = [row for row in rows if row[0] in lacking][:limit]
    return Plan(
        [(track_id, path, tuple(lacking[track_id])) for track_id, path, _ in wanted if path],
        len(rows) - len(lacking),
        sum(duration_s for _, _, duration_s in wanted),
    )


def _lacking(session: Session, subject: Subject, force: bool) -> Iterable[int]:
    present = select(Track.id).join(Track.sources).where(*READABLE)
    network = spaces.network(session, subject.name)
    if network is None or force:
        return session.scalars(present)
    if not subject.is_stored_as(network):
        raise InvalidError(
            "other_weights",
            f"Features of {subject.name} are stored with other weights or in another precision "
            f"({network.precision}, weights {network.weights_sha256[:8]}; now {subject.precision}, {subject.weights_sha256[:8]}).",
            f"To replace them and their maps, run: flask extract-all --networks {subject.name} --force",
        )
    own = [space.id for space in spaces.of_network(session, network).values()]
    fresh = (
        select(func.count())
        .where(Features.track_id == Track.id, Features.space_id.in_(own), Features.content_hash == Track.content_hash)
        .scalar_subquery()
    )
    return session.scalars(present.where(fresh < len(own)))

"""What is stored, for the pickers of the map: networks, their spaces, and the maps of each."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ...cache.recent import Recent
from ...core.units import Seconds
from ...networks import catalogue
from ...projections import registry
from ...store import failures, features, projections, spaces, tracks
from ...store.tables import Coordinates, Network, Projection, Space
from ..map.points import ORIGINAL
from .first_colour import widest_tag

__all__ = ["Collection", "MapEntry", "NetworkEntry", "NextStep", "SpaceEntry", "describe"]


_counts: Recent[tuple[int, int]] = Recent(256)
_widest: Recent[str | None] = Recent(64)


@dataclass(frozen=True)
class NextStep:
    """Why there is nothing to show, and what to do about it."""

    message: str
    hint: str


@dataclass(frozen=True)
class MapEntry:
    """A map of a space. What only fitted projections have is None or empty for `original`."""

    method: str
    title: str
    n_dims: int
    n_tracks: int
    n_placed: int = 0
    explained_variance: list[float] | None = None
    quality: dict[str, float] | None = None


@dataclass(frozen=True)
class SpaceEntry:
    """A space that has features. `widest` is the tag that tells its segments apart best."""

    name: str
    layer: str
    n_dims: int
    labels: list[str] | None
    widest: str | None
    n_tracks: int
    n_segments: int
    revision: int
    projections: tuple[MapEntry, ...]


@dataclass(frozen=True)
class NetworkEntry:
    """A network with its spaces."""

    name: str
    title: str
    precision: str
    segment_s: Seconds
    hop_s: Seconds
    spaces: tuple[SpaceEntry, ...]


@dataclass(frozen=True)
class Collection:
    """Everything there is to choose from."""

    n_tracks: int
    n_missing: int
    n_failed: int
    next_step: NextStep | None
    networks: tuple[NetworkEntry, ...]


def describe(session: Session) -> Collection:
    """Describe the collection. Networks stand in the catalogue's order, spaces without features are left out."""
    counts = tracks.counts(session)
    by_network: dict[Network, list[SpaceEntry]] = {}
    for space in spaces.every(session):
        n_tracks, n_segments = _counted(session, space, (), partial(features.n_tracks_and_segments, session, space.id))
        if n_segments:
            by_network.setdefault(space.network, []).append(_space(session, space, n_tracks, n_segments))
    networks = sorted(by_network, key=lambda network: _catalogue_order(network.name))
    n_tracks = counts.n_present + counts.n_missing
    return Collection(
        n_tracks=n_tracks,
        n_missing=counts.n_missing,
        n_failed=failures.n_tracks(session),
        next_step=None if networks else _next_step(n_tracks),
        networks=tuple(_network(network, tuple(by_network[network])) for network in networks),
    )


def _next_step(n_tracks: int) -> NextStep:
    if n_tracks == 0:
        return NextStep("No audio is indexed yet.", "Run: flask sync")
    return NextStep("Nothing has been extracted yet.", "Run: flask extract-all")


def _network(network: Network, entries: tuple[SpaceEntry, ...]) -> NetworkEntry:
    known = {entry.name: entry.title for entry in catalogue.entries()}
    geometry = spaces.geometry(network)
    title = known.get(network.name, network.name)
    return NetworkEntry(network.name, title, network.precision, geometry.segment_s, geometry.hop_s, entries)


def _catalogue_order(name: str) -> tuple[int, str]:
    names = [entry.name for entry in catalogue.entries()]
    return (names.index(name) if name in names else len(names), name)


def _space(session: Session, space: Space, n_tracks: int, n_segments: int) -> SpaceEntry:
    fitted = {projection.method: projection for projection in projections.of_space(session, space.id)}
    maps = [_map(session, method, fitted[method.name]) for method in registry.METHODS if method.name in fitted]
    return SpaceEntry(
        name=str(spaces.name_of(space)),
        layer=space.layer,
        n_dims=space.n_dims,
        labels=space.labels,
        widest=_widest.get(_edition(session, space), partial(widest_tag, session, space)),
        n_tracks=n_tracks,
        n_segments=n_segments,
        revision=space.revision,
        projections=(MapEntry(ORIGINAL, "Original", space.n_dims, n_tracks), *maps),
    )


def _map(session: Session, method: registry.Method, projection: Projection) -> MapEntry:
    version = (method.name, projection.fitted_at, projection.revision)
    n_tracks, n_placed = _counted(session, projection.space, version, partial(_tracks, session, projection))
    return MapEntry(
        method=method.name,
        title=method.title,
        n_dims=projection.n_dims,
        n_tracks=n_tracks,
        n_placed=n_placed,
        explained_variance=projection.explained_variance,
        quality=projection.quality,
    )


def _tracks(session: Session, projection: Projection) -> tuple[int, int]:
    query = select(func.count(), func.count().filter(Coordinates.placed)).where(Coordinates.projection_id == projection.id)
    n_tracks, n_placed = session.execute(query).one()
    return n_tracks, n_placed


def _counted(session: Session, space: Space, version: tuple[object, ...], count: Callable[[], tuple[int, int]]) -> tuple[int, int]:
    """Counts of an edition, remembered: counting reads past every vector."""
    return _counts.get((*_edition(session, space), *version), count)


def _edition(session: Session, space: Space) -> tuple[str, str]:
    """Tells a revision of a space from every other, in every instance."""
    return (str(session.get_bind().engine.url), spaces.edition(space))

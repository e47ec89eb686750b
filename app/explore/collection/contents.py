"""What is stored, for the pickers of the map: networks, their spaces, and the projections of each."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from sqlalchemy.orm import Session

from ...cache.editions import Editions
from ...cache.recent import Recent
from ...cache.rows import RowTable
from ...core.units import Seconds
from ...networks import catalogue
from ...projections import registry
from ...store import failures, projections, spaces, tracks
from ...store.fields import Field
from ...store.projections import Facts
from ...store.spaces import StoredNetwork, StoredSpace
from ..map.colouring import fields
from ..map.points import ORIGINAL

__all__ = ["Collection", "NetworkEntry", "NextStep", "ProjectionEntry", "SpaceEntry", "describe"]


N_REMEMBERED = 256

_counts: Recent[tuple[int, int]] = Recent(N_REMEMBERED, lambda counts: 1)


@dataclass(frozen=True)
class NextStep:
    """Why there is nothing to show, and what to do about it."""

    message: str
    hint: str


@dataclass(frozen=True)
class ProjectionEntry:
    """A projection of a space. What only fitted ones have is None or empty for `original`."""

    method: str
    title: str
    n_dims: int
    n_tracks: int
    n_placed: int = 0
    explained_variance: list[float] | None = None
    quality: dict[str, float] | None = None


@dataclass(frozen=True)
class SpaceEntry:
    """A space that has features."""

    name: str
    layer: str
    n_dims: int
    labels: list[str] | None
    n_tracks: int
    n_segments: int
    revision: int
    projections: tuple[ProjectionEntry, ...]


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
    fields: tuple[Field, ...]


def describe(session: Session, editions: Editions) -> Collection:
    """Describe the collection. Networks stand in the catalogue's order, those without features are left out."""
    counts = tracks.counts(session)
    fitted: dict[int, dict[str, Facts]] = {}
    for projection in projections.facts(session):
        fitted.setdefault(projection.space_id, {})[projection.method] = projection
    tables = [(network, editions.rows(session, network)) for network in spaces.every_stored(session)]
    found = [(network, table) for network, table in tables if table.n_segments]
    found.sort(key=lambda pair: _catalogue_order(pair[0].name))
    n_tracks = counts.n_present + counts.n_missing
    return Collection(
        n_tracks=n_tracks,
        n_missing=counts.n_missing,
        n_failed=failures.n_tracks(session),
        next_step=None if found else _next_step(n_tracks),
        networks=tuple(_network(session, network, table, fitted) for network, table in found),
        fields=fields.known(session),
    )


def _next_step(n_tracks: int) -> NextStep:
    if n_tracks == 0:
        return NextStep("No audio is indexed yet.", "Run: flask sync")
    return NextStep("Nothing has been extracted yet.", "Run: flask extract-all")


def _network(session: Session, network: StoredNetwork, table: RowTable, fitted: Mapping[int, Mapping[str, Facts]]) -> NetworkEntry:
    titles = {entry.name: entry.title for entry in catalogue.entries()}
    entries = tuple(_space(session, space, table, fitted.get(space.id, {})) for space in network.spaces.values())
    geometry = network.geometry
    return NetworkEntry(
        network.name, titles.get(network.name, network.name), network.precision, geometry.segment_s, geometry.hop_s, entries
    )


def _catalogue_order(name: str) -> tuple[int, str]:
    names = [entry.name for entry in catalogue.entries()]
    return (names.index(name) if name in names else len(names), name)


def _space(session: Session, space: StoredSpace, table: RowTable, fitted: Mapping[str, Facts]) -> SpaceEntry:
    projected = [_projection(session, table, method, fitted[method.name]) for method in registry.METHODS if method.name in fitted]
    n_tracks = len(table.ranges)
    return SpaceEntry(
        name=str(space.name),
        layer=space.name.layer,
        n_dims=space.n_dims,
        labels=None if space.labels is None else list(space.labels),
        n_tracks=n_tracks,
        n_segments=table.n_segments,
        revision=table.revision,
        projections=(ProjectionEntry(ORIGINAL, "Original", space.n_dims, n_tracks), *projected),
    )


def _projection(session: Session, table: RowTable, method: registry.Method, facts: Facts) -> ProjectionEntry:
    key = (table, facts.id, facts.fitted_at, facts.revision)
    n_tracks, n_placed = _counts.get(key, partial(projections.n_tracks_and_placed, session, facts.id))
    return ProjectionEntry(
        method=method.name,
        title=method.title,
        n_dims=facts.n_dims,
        n_tracks=n_tracks,
        n_placed=n_placed,
        explained_variance=facts.explained_variance,
        quality=facts.quality,
    )

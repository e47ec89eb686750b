"""How far the collection has come: what is indexed, extracted, reduced, and what is left to do."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from ...core.spaces import Layer, SpaceName
from ...neighbours import index
from ...networks import weights
from ...projections.registry import METHODS
from ...store import failures, projections, runs, sources, spaces, tracks
from ...store.tables import Coordinates, Failure, Features, Projection, RowRange, Run, Space, Track

__all__ = ["Overview", "ProjectionOverview", "SpaceOverview", "next_command", "overview"]

LATEST_RUNS = 5


@dataclass(frozen=True)
class ProjectionOverview:
    """One projection. `n_lacking` tracks of the space have no coordinates in it, or those of other features."""

    method: str
    n_tracks: int
    n_placed: int
    n_lacking: int
    quality: Mapping[str, float]


@dataclass(frozen=True)
class SpaceOverview:
    """One space.

    n_stale : tracks whose features are of an earlier content of the file
    n_lacking : present tracks that are still to be extracted
    has_neighbours : whether neighbour queries have their index; None where they need none
    """

    name: SpaceName
    n_dims: int
    n_tracks: int
    n_segments: int
    n_stale: int
    n_lacking: int
    has_neighbours: bool | None
    projections: tuple[ProjectionOverview, ...]


@dataclass(frozen=True)
class Overview:
    """The whole collection."""

    tracks: tracks.Counts
    spaces: tuple[SpaceOverview, ...]
    failures: tuple[failures.Count, ...]
    runs: tuple[Run, ...]


def overview(session: Session, cache: Path) -> Overview:
    """Count everything once; `cache` is the folder of the neighbours' indexes."""
    return Overview(
        tracks.counts(session),
        tuple(_space(session, cache, space) for space in spaces.every(session)),
        tuple(failures.counts(session)),
        tuple(runs.latest(session, LATEST_RUNS)),
    )


def next_command(found: Overview, models_dir: Path) -> str | None:
    """The first command that has something left to do, or None; `models_dir` is where the networks' weights are."""
    if not found.tracks.n_present:
        return "flask index-all-audio"
    if found.tracks.n_undescribed:
        return "flask load-id3-metadata"
    at_hand = weights.available(models_dir)
    lacks_network = not found.spaces or set(at_hand) - {space.name.network for space in found.spaces}
    if lacks_network or any(space.n_lacking for space in found.spaces):
        return "flask extract-all" if at_hand else "flask install-networks"
    filled = [space for space in found.spaces if space.n_tracks]
    if any(len(space.projections) < len(METHODS) or any(made.n_lacking for made in space.projections) for space in filled):
        return "flask reduce-all"
    if any(space.has_neighbours is False for space in filled):
        return "flask index-all-embeddings"
    return None


def _space(session: Session, cache: Path, space: Space) -> SpaceOverview:
    n_tracks, n_segments, n_stale = session.execute(
        select(
            func.count(),
            func.coalesce(func.sum(Features.n_segments), 0),
            func.count().filter(Features.content_hash.is_distinct_from(Track.content_hash)),
        )
        .select_from(Features)
        .join(Track, Track.id == Features.track_id)
        .where(Features.space_id == space.id)
    ).one()
    return SpaceOverview(
        spaces.name_of(space),
        space.n_dims,
        n_tracks,
        n_segments,
        n_stale,
        _n_waiting(session, space),
        _has_neighbours(cache, space) if n_tracks and space.layer == Layer.EMBEDDINGS else None,
        tuple(_projection(session, made) for made in projections.of_space(session, space.id)),
    )


def _has_neighbours(cache: Path, space: Space) -> bool:
    return index.path_of(cache, spaces.lineage(space.network), space.layer, space.network.n_rows).exists()


def _n_waiting(session: Session, space: Space) -> int:
    """Present tracks without features of their present content, except those whose content cannot be extracted."""
    fresh = and_(Features.track_id == Track.id, Features.space_id == space.id, Features.content_hash == Track.content_hash)
    hopeless = and_(Failure.track_id == Track.id, Failure.severity == "error", Failure.content_hash == Track.content_hash)
    query = select(func.count()).where(
        sources.has_present(Track.id),
        Track.content_hash.is_not(None),
        ~select(Features.track_id).where(fresh).exists(),
        ~select(Failure.id).where(hopeless, Failure.step == "extract").exists(),
    )
    return session.scalar(query) or 0


def _projection(session: Session, made: Projection) -> ProjectionOverview:
    network_id = made.space.network_id
    own = and_(RowRange.track_id == Features.track_id, RowRange.network_id == network_id)
    same = and_(Coordinates.track_id == Features.track_id, Coordinates.projection_id == made.id)
    fresh = Coordinates.first_row == RowRange.first_row
    n_tracks, n_placed, n_fresh, n_wanted = session.execute(
        select(
            func.count(Coordinates.track_id),
            func.count(Coordinates.track_id).filter(Coordinates.placed),
            func.count(Coordinates.track_id).filter(fresh),
            func.count(),
        )
        .select_from(Features)
        .join(RowRange, own)
        .outerjoin(Coordinates, same)
        .where(Features.space_id == made.space_id)
    ).one()
    return ProjectionOverview(made.method, n_tracks, n_placed, n_wanted - n_fresh, made.quality)

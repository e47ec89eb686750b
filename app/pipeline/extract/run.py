"""Run the networks over every track that lacks their features, and store what they say."""

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from ...audio import files
from ...core.entities import Outcome
from ...core.errors import CorruptError, InvalidError
from ...core.geometry import PatchGeometry
from ...core.progress import Advance, Progress
from ...core.spaces import Layer
from ...networks.runtimes.base import Engine, FileEngine
from ...store import failures, features, spaces
from ...store.tables import Features, Network, Track
from .files import Extracted, Job, extract_files

__all__ = ["Plan", "Subject", "extract_all", "plan"]

STEP = "extract"
COMMIT_AFTER_S = 30.0
READABLE = (Track.state == "present", Track.content_hash.is_not(None))


@dataclass(frozen=True)
class Subject:
    """A network to extract with: what is stored of it, and of the weights that are loaded now.

    layers : for each layer its number of dimensions and, for activations, the tags
    """

    name: str
    weights_sha256: str
    precision: str
    runtime: str
    geometry: PatchGeometry
    layers: Mapping[Layer, tuple[int, Sequence[str] | None]]

    def is_stored_as(self, network: Network) -> bool:
        """Are new features alike enough to stand beside those of `network`?"""
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
    query = select(Track.id, Track.path, func.coalesce(Track.duration_s, 0.0)).where(*READABLE).order_by(Track.id)
    rows = session.execute(query).all()
    wanted = [row for row in rows if row[0] in lacking][:limit]
    return Plan(
        [(track_id, path, tuple(lacking[track_id])) for track_id, path, _ in wanted],
        len(rows) - len(lacking),
        sum(duration_s for _, _, duration_s in wanted),
    )


def extract_all(
    session: Session,
    audio_dir: Path,
    engine: Engine | FileEngine,
    subjects: Sequence[Subject],
    work: Plan,
    *,
    commit_tracks: int,
    progress: Progress,
) -> Outcome:
    """Do the `work` that `plan` found for these subjects; every `commit_tracks` tracks are one transaction, each track whole.

    Features of a subject that are stored with other weights or in another precision go first, and their maps with them.

    Raises
    ------
    MachineError
        AUDIO_DIR does not exist or cannot be read.
    """
    files.root(audio_dir)
    ids = {subject.name: _prepare(session, subject) for subject in subjects}
    weights = {subject.name: subject.weights_sha256 for subject in subjects}
    jobs = [Job(track_id, audio_dir / path, networks) for track_id, path, networks in work.tracks]
    outcome = work.nothing_done
    with (
        progress.stretch("Extracting", len(jobs), "tracks") as advance,
        closing(extract_files(jobs, engine)) as results,
    ):
        for batch in _batches(results, commit_tracks, advance):
            outcome += _store(session, batch, ids, weights)
            session.commit()
    return outcome


def _lacking(session: Session, subject: Subject, force: bool) -> Iterable[int]:
    present = select(Track.id).where(*READABLE)
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


def _prepare(session: Session, subject: Subject) -> dict[Layer, int]:
    network = spaces.network(session, subject.name)
    if network is not None and not subject.is_stored_as(network):
        session.execute(delete(Network).where(Network.id == network.id))
        session.expire_all()
        network = None
    if network is None:
        network = Network(
            name=subject.name,
            weights_sha256=subject.weights_sha256,
            precision=subject.precision,
            runtime=subject.runtime,
            **asdict(subject.geometry),
        )
        spaces.register(session, network, subject.layers)
        session.commit()
    return {layer: space.id for layer, space in spaces.of_network(session, network).items()}


def _batches(results: Iterable[Extracted], size: int, advance: Advance) -> Iterator[list[Extracted]]:
    batch: list[Extracted] = []
    began = time.monotonic()
    for result in results:
        batch.append(result)
        advance(1)
        if len(batch) >= size or time.monotonic() - began > COMMIT_AFTER_S:
            yield batch
            batch, began = [], time.monotonic()
    if batch:
        yield batch


def _store(
    session: Session, batch: Sequence[Extracted], ids: Mapping[str, Mapping[Layer, int]], weights: Mapping[str, str]
) -> Outcome:
    hashes = _content_hashes(session, [result.job.track_id for result in batch])
    rows: list[dict[str, object]] = []
    changed = {ids[space.network][space.layer] for result in batch for space in result.features}
    outcome = Outcome()
    for result in batch:
        track_id, content_hash = result.job.track_id, hashes[result.job.track_id]
        error = result.error
        try:
            rows += _rows(result, ids, weights, content_hash)
        except CorruptError as refused:
            error = refused
        failures.clear(session, track_id, STEP)
        for warning in result.warnings:
            failures.record(session, track_id, STEP, warning, "warning", content_hash)
        if error:
            failures.record(session, track_id, STEP, error, "error", content_hash)
        if error and not error.is_passing:
            # what the file held before is not what would be heard
            own = [space_id for network in result.job.networks for space_id in ids[network].values()]
            changed.update(features.forget_stale(session, track_id, own, content_hash))
        outcome += Outcome(done=not error, failed=bool(error), warned=bool(result.warnings))
    features.write(session, rows)
    spaces.raise_revision(session, changed)
    return outcome


def _content_hashes(session: Session, track_ids: Sequence[int]) -> dict[int, str | None]:
    query = select(Track.id, Track.content_hash).where(Track.id.in_(track_ids))
    return dict(session.execute(query).all())


def _rows(
    result: Extracted, ids: Mapping[str, Mapping[Layer, int]], weights: Mapping[str, str], content_hash: str | None
) -> list[dict[str, object]]:
    return [
        {
            "track_id": result.job.track_id,
            "space_id": ids[space.network][space.layer],
            "n_segments": len(vectors),
            "weights_sha256": weights[space.network],
            "content_hash": content_hash,
            "vectors": features.encode(vectors),
        }
        for space, vectors in result.features.items()
    ]

"""Run the networks over every track that lacks their features, and store what they say."""

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from ...audio import files
from ...core.entities import Outcome
from ...core.errors import CorruptError
from ...core.progress import Advance, Progress
from ...core.spaces import Layer
from ...networks.runtimes.base import Engine, FileEngine
from ...store import failures, features, rows, spaces
from ...store.tables import Network, Track
from . import replace
from .files import Extracted, Job, extract_files
from .plan import Plan, Subject

__all__ = ["extract_all"]

STEP = "extract"
COMMIT_AFTER_S = 30.0


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

    Features of a subject that are stored with other weights or in another precision are removed first, with their projections.

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


def _prepare(session: Session, subject: Subject) -> dict[Layer, int]:
    network = spaces.network(session, subject.name)
    if network is not None and not subject.is_stored_as(network):
        replace.remove(session, network)
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
    network_ids = {name: spaces.network_id(session, name) for name in ids}
    heard: dict[str, list[_Heard]] = {name: [] for name in ids}
    outcome = Outcome()
    for result in batch:
        track_id, content_hash = result.job.track_id, hashes[result.job.track_id]
        error = result.error
        try:
            for network, vectors in _encoded(result, ids).items():
                heard[network].append(_Heard(track_id, content_hash, vectors))
        except CorruptError as refused:
            error = refused
        failures.clear(session, track_id, STEP)
        for warning in result.warnings:
            failures.record(session, track_id, STEP, warning, "warning", content_hash)
        if error:
            failures.record(session, track_id, STEP, error, "error", content_hash)
        if error and not error.is_passing:
            # the features are those of an earlier content, which nobody can hear any more
            for network in result.job.networks:
                features.forget_stale(session, network_ids[network], track_id, content_hash)
        outcome += Outcome(done=not error, failed=bool(error), warned=bool(result.warnings))
    for network, tracks in heard.items():
        _write(session, network_ids[network], tracks, weights[network])
    return outcome


@dataclass(frozen=True)
class _Heard:
    """The features of one track by one network: by space id the number of segments and the encoded vectors."""

    track_id: int
    content_hash: str | None
    vectors: Mapping[int, tuple[int, bytes]]


def _write(session: Session, network_id: int, tracks: Sequence[_Heard], weights_sha256: str) -> None:
    """Store features. Tracks whose vectors are as before keep their rows: only the tags in their files were changed."""
    if not tracks:
        return
    ranges = rows.of_tracks(session, network_id, [heard.track_id for heard in tracks])
    known = features.stored(session, {i for heard in tracks for i in heard.vectors}, ranges)
    changed = {}
    for heard in tracks:
        if any(known.get((heard.track_id, space_id)) != vectors for space_id, (_, vectors) in heard.vectors.items()):
            changed[heard.track_id] = max(n for n, _ in heard.vectors.values())
    rows.give(session, network_id, changed)
    features.write(
        session,
        [
            {
                "track_id": heard.track_id,
                "space_id": space_id,
                "n_segments": n_segments,
                "weights_sha256": weights_sha256,
                "content_hash": heard.content_hash,
                "vectors": vectors,
            }
            for heard in tracks
            for space_id, (n_segments, vectors) in heard.vectors.items()
        ],
    )


def _content_hashes(session: Session, track_ids: Sequence[int]) -> dict[int, str | None]:
    query = select(Track.id, Track.content_hash).where(Track.id.in_(track_ids))
    return dict(session.execute(query).all())


def _encoded(result: Extracted, ids: Mapping[str, Mapping[Layer, int]]) -> dict[str, dict[int, tuple[int, bytes]]]:
    """By network and space id: number of segments, vectors as they are stored."""
    found: dict[str, dict[int, tuple[int, bytes]]] = {}
    for space, vectors in result.features.items():
        space_id = ids[space.network][space.layer]
        found.setdefault(space.network, {})[space_id] = len(vectors), features.encode(vectors)
    return found

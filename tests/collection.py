"""A collection to test with and to look at: real music with golden features, or a synthesised one of any size.

    python -m tests.collection INSTANCE [--tracks N]

migrates a database in the folder INSTANCE and fills it: with the shared folder's real music, or with N synthesised tracks
whose sound is short tones written to INSTANCE/audio. Then: TAGSCAPE_INSTANCE_PATH=INSTANCE TAGSCAPE_AUDIO_DIR=... flask run
"""

import argparse
import csv
import io
import os
import wave
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from hashlib import blake2b
from pathlib import Path

import flask_migrate
import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import create_app
from app.core.spaces import Layer
from app.networks import catalogue
from app.store import features, rows, spaces
from app.store.database import database
from app.store.sources import FILE
from app.store.tables import Album, Artist, Coordinates, Network, Projection, Source, Space, Track

NETWORKS = ("msd-musicnn", "msd-vgg", "mtt-musicnn", "mtt-vgg")
N_COMPONENTS = 10

Vectors = Mapping[int, NDArray[np.float32]]


def fill(session: Session, shared: Path) -> None:
    """The 57 real tracks of the shared folder, with the features that the reference implementation gave them."""
    with (shared / "audio" / "manifest.csv").open(encoding="utf-8", newline="") as manifest:
        rows = sorted(csv.DictReader(manifest), key=lambda row: row["path"])
    artists = {name: Artist(name=name) for name in sorted({row["artist"] for row in rows if row["artist"]})}
    ids = {}
    for row in rows:
        track = add_track(
            session,
            row["path"],
            title=row["title"] or None,
            artist=artists.get(row["artist"]),
            duration_s=float(row["duration_s"]),
            size_bytes=int(row["bytes"]),
            codec=row["codec"],
            sample_rate_hz=int(row["sample_rate"]),
            n_channels=int(row["channels"]),
            content_hash=row["sha256"],
        )
        ids[row["path"]] = track.id
    for name in NETWORKS:
        for layer, space in add_network(session, name).items():
            with np.load(shared / "golden" / "essentia" / f"{name}-{layer}.npz") as golden:
                add_features(session, space, {ids[path]: golden[path] for path in golden.files})
            add_pca(session, space)
    session.commit()


def synthesise(
    session: Session,
    n_tracks: int,
    networks: Iterable[str] = NETWORKS,
    *,
    mean_segments: int = 20,
    seed: int = 0,
    first_revision: int = 0,
) -> None:
    """Tracks `tone-0001.wav` …, with clumps of seeded features of the catalogue's shapes, and nothing on the disk."""
    random = np.random.default_rng(seed)
    album = Album(title="Tones", artist=Artist(name="Nobody"))
    durations_s = {}
    for number in range(n_tracks):
        duration_s = float(random.uniform(0.5, 1.5) * mean_segments * 2.992)
        track = add_track(
            session,
            f"tone-{number + 1:04}.wav",
            title=f"Tone {number + 1}",
            artist=album.artist,
            album=album,
            duration_s=duration_s,
        )
        durations_s[track.id] = duration_s
    for name in networks:
        geometry = catalogue.by_name(name).geometry
        n_segments = {i: max(geometry.n_segments(int(s * geometry.sample_rate_hz)), 1) for i, s in durations_s.items()}
        for layer, space in add_network(session, name, first_revision).items():
            centres = random.normal(size=(8, space.n_dims))
            vectors = {}
            for track_id, n in n_segments.items():
                values = centres[track_id % 8] + 0.4 * random.normal(size=(n, space.n_dims))
                vectors[track_id] = values if layer == Layer.EMBEDDINGS else 1 / (1 + np.exp(3 - 2 * values))
            add_features(session, space, vectors)
            add_pca(session, space)
    session.commit()


def add_track(session: Session, path: str, **columns: object) -> Track:
    """A track and its file, which is present unless `columns`, of either table, say otherwise."""
    of_source = {name: value for name, value in columns.items() if name not in Track.__mapper__.attrs}
    of_track = {name: value for name, value in columns.items() if name in Track.__mapper__.attrs}
    track = Track(**{"content_hash": blake2b(path.encode(), digest_size=32).hexdigest(), **of_track})
    session.add(Source(**{"track": track, "kind": FILE, "path": path, "size_bytes": 1, "mtime_ns": 1, **of_source}))
    session.flush()
    return track


def add_bare_tracks(session: Session, ids: Iterable[int]) -> None:
    """Many present tracks of given ids, of which nothing else is known."""
    for i in ids:
        session.add(Track(id=i, content_hash=f"{i:064x}"))
        session.add(Source(track_id=i, kind=FILE, path=f"{i}.mp3", size_bytes=1, mtime_ns=1))
    session.flush()


def at(session: Session, path: str) -> Track:
    """The track whose file lies at a path."""
    return session.scalars(select(Track).join(Track.sources).where(Source.path == path)).one()


def file_of(track: Track) -> Source:
    """The only source of a track."""
    (source,) = track.sources
    return source


def add_network(session: Session, name: str, revision: int = 0) -> dict[Layer, Space]:
    """A network of the catalogue, whose rows begin at a revision."""
    entry = catalogue.by_name(name)
    geometry = asdict(entry.geometry)
    network = Network(name=name, weights_sha256="0" * 64, precision="f32", runtime="essentia", **geometry)
    added = spaces.register(session, network, {layer: (facts.n_dims, entry.labels[layer]) for layer, facts in entry.layers.items()})
    network.revision = network.rows_since = revision
    return added


def add_features(session: Session, space: Space, vectors: Vectors) -> None:
    """Vectors by track id; gives the tracks rows as extracting does, once for both layers."""
    known = rows.of_tracks(session, space.network_id, vectors)
    stored = dict(features.sizes(session, space.id))
    sizes = {track_id: len(values) for track_id, values in sorted(vectors.items())}
    # the second layer of a track finds the rows of the first
    rows.give(session, space.network_id, {i: n for i, n in sizes.items() if i in stored or known.get(i, (0, 0))[1] != n})
    features.write(
        session,
        [
            {
                "track_id": track_id,
                "space_id": space.id,
                "n_segments": len(values),
                "weights_sha256": space.network.weights_sha256,
                "content_hash": session.get_one(Track, track_id).content_hash,
                "vectors": features.encode(np.asarray(values, np.float32)),
            }
            for track_id, values in sorted(vectors.items())
        ],
    )
    session.flush()
    session.refresh(space.network)


def add_coordinates(session: Session, projection: Projection, coordinates: Vectors) -> None:
    """Coordinates by track id, and a new revision of the projection."""
    projection.revision += 1
    ranges = rows.of_tracks(session, projection.space.network_id, coordinates)
    for track_id, values in sorted(coordinates.items()):
        session.add(
            Coordinates(
                projection_id=projection.id,
                track_id=track_id,
                n_segments=len(values),
                first_row=ranges[track_id][0],
                revision=projection.revision,
                xy=np.asarray(values, "<f4").tobytes(),
            )
        )
    session.flush()


def add_pca(session: Session, space: Space) -> Projection:
    """The first principal components of a stored space."""
    blocks = list(features.blocks(session, space))
    stored = np.concatenate([block.vectors for block in blocks]).astype(np.float64)
    centred = stored - stored.mean(0)
    variances, axes = np.linalg.eigh(centred.T @ centred)
    coordinates = centred @ axes[:, ::-1][:, :N_COMPONENTS]
    projection = add_projection(session, space, "pca", coordinates.shape[1])
    projection.explained_variance = (variances[::-1] / variances.sum())[:N_COMPONENTS].tolist()
    track_ids = np.concatenate([block.track_ids for block in blocks]).tolist()
    ends = np.concatenate([block.n_segments for block in blocks]).cumsum()
    add_coordinates(session, projection, dict(zip(track_ids, np.split(coordinates, ends[:-1]), strict=True)))
    return projection


def add_projection(session: Session, space: Space, method: str, n_dims: int) -> Projection:
    """A projection without coordinates."""
    projection = Projection(space_id=space.id, method=method, seed=0, n_dims=n_dims, parameters={}, fitted=b"", quality={})
    session.add(projection)
    session.flush()
    return projection


def tone(duration_s: float, frequency_hz: float, sample_rate_hz: int = 8000) -> bytes:
    """A WAV file."""
    time_s = np.arange(int(duration_s * sample_rate_hz)) / sample_rate_hz
    samples = (6000 * np.sin(2 * np.pi * frequency_hz * time_s)).astype("<i2")
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(2)
        writer.setframerate(sample_rate_hz)
        writer.writeframes(samples.tobytes())
    return file.getvalue()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("instance", type=Path)
    parser.add_argument("--tracks", type=int, help="synthesise so many tracks instead of the real ones")
    arguments = parser.parse_args()
    shared = Path(os.environ.get("TAGSCAPE_SHARED") or Path(__file__).parents[2] / "shared")
    arguments.instance.mkdir(parents=True, exist_ok=True)
    with create_app({"TAGSCAPE_INSTANCE_PATH": str(arguments.instance)}).app_context():
        flask_migrate.upgrade()
        session = database.session()
        if arguments.tracks is None:
            fill(session, shared)
        else:
            synthesise(session, arguments.tracks)
            write_tones(session, arguments.instance / "audio")


def write_tones(session: Session, folder: Path) -> None:
    """The sound of synthesised tracks: each its own pitch."""
    folder.mkdir(exist_ok=True)
    for track in session.query(Track):
        (folder / file_of(track).place).write_bytes(tone(track.duration_s or 1.0, 110 * 2 ** (track.id % 36 / 12)))


if __name__ == "__main__":
    main()

"""Features and coordinates as files: one array per track path in an npz."""

import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from ..core.entities import Outcome
from ..core.errors import MachineError
from ..core.progress import Progress
from ..disk.atomic import replaced
from ..store import features, projections, sources, spaces
from ..store.tables import Projection, Space

__all__ = ["export_coordinates", "export_features"]


def export_features(session: Session, space: Space, out: Path, progress: Progress) -> Outcome:
    """Write float32 arrays [n_segments, n_dims] by track path.

    Raises
    ------
    MachineError
        The file cannot be written.
    """

    def arrays() -> Iterable[tuple[int, NDArray[np.float32]]]:
        for block in features.blocks(session, space):
            parts = np.split(block.vectors, np.cumsum(block.n_segments)[:-1])
            for track_id, vectors in zip(block.track_ids.tolist(), parts, strict=True):
                yield track_id, vectors.astype(np.float32)

    return _export(session, arrays(), len(features.sizes(session, space.id)), f"{spaces.name_of(space)}", out, progress)


def export_coordinates(session: Session, projection: Projection, out: Path, progress: Progress) -> Outcome:
    """Write float32 arrays [n_segments, n_components] by track path.

    Raises
    ------
    MachineError
        The file cannot be written.
    """
    arrays = projections.blocks(session, projection)
    name = f"{spaces.name_of(projection.space)} {projection.method}"
    return _export(session, arrays, len(projections.sizes(session, projection.id)), name, out, progress)


def _export(
    session: Session, arrays: Iterable[tuple[int, NDArray[Any]]], n_tracks: int, name: str, out: Path, progress: Progress
) -> Outcome:
    names = sources.names(session)
    try:
        with progress.stretch(f"Exporting {name}", n_tracks, "tracks") as advance, _archive(out) as archive:
            for track_id, array in arrays:
                with archive.open(f"{names[track_id]}.npy", "w", force_zip64=True) as entry:
                    np.lib.format.write_array(entry, np.ascontiguousarray(array), allow_pickle=False)
                advance()
    except OSError as error:
        raise MachineError(
            "export_unwritable",
            f"{out} cannot be written: {error.strerror}.",
            "Name a file in a folder of yours with enough space.",
        ) from error
    return Outcome(done=n_tracks)


@contextmanager
def _archive(out: Path) -> Iterator[zipfile.ZipFile]:
    """An archive that takes the place of `out` once it is complete."""
    with replaced(out) as part, zipfile.ZipFile(part, "w", zipfile.ZIP_STORED) as archive:
        yield archive

"""The editions of one instance: what answers are read from. They are opened once and kept up with the database.

An edition is a whole, consistent state of a space or of a projection. Where little is lacking, the request itself adds it. Where
much is lacking, a thread adds it, and meanwhile requests are answered from the edition before.
"""

import shutil
import threading
from collections.abc import Callable, Hashable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from ..core.errors import NotReadyError
from ..core.progress import Progress
from ..core.spaces import Layer
from ..disk.cache import writing_cache
from ..neighbours import index
from ..store import features, projections, spaces
from ..store.projections import StoredProjection
from ..store.spaces import StoredNetwork, StoredSpace
from . import columns, coordinates, rows
from .cloud import Cloud
from .columns import SpaceColumns
from .coordinates import Projected
from .growing import GrowingCloud
from .priority import by_priority
from .recent import Recent
from .rows import RowTable

__all__ = ["Editions"]

QUICK_VALUES = 8_000_000
"""Values that a request adds to the columns of a space by itself: some tenths of a second."""

QUICK_POINTS = 500_000
"""Points that a request reads from the database by itself: some tenths of a second."""

SETTLE_ABOVE = QUICK_POINTS // 2
"""A projection is settled again when more points than this were added since, so that a start seldom reads more."""

TRACKS_PER_BLOCK = 64
CLOUD_BYTES = 5 << 25
N_GROWING = 4


class Editions:
    """Opens, extends and remembers editions. Threads may share it.

    Parameters
    ----------
    folder : Path
        Of the cache, safe to delete at any time.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._tables: dict[str, RowTable] = {}
        self._columns: dict[Hashable, tuple[RowTable, SpaceColumns]] = {}
        self._projected: dict[Hashable, tuple[StoredProjection, Projected]] = {}
        self._clouds: Recent[Cloud] = Recent(CLOUD_BYTES, lambda cloud: cloud.n_bytes)
        self._growing: Recent[GrowingCloud] = Recent(N_GROWING, lambda cloud: 1)
        self._adding = threading.Lock()
        self._builder = ThreadPoolExecutor(1, "editions")
        self._building: dict[Hashable, Future[None]] = {}

    def rows(self, session: Session, network: StoredNetwork) -> RowTable:
        """The rows of a network as it is stored."""
        known = self._tables.get(network.name)
        if known is None or (known.lineage, known.revision) != (network.lineage, network.revision):
            known = self._tables[network.name] = rows.read(session, network, known)
        return known

    def columns(self, session: Session, network: StoredNetwork, layer: Layer) -> SpaceColumns:
        """The columns of a space. They lack the last rows while the thread adds these.

        Raises
        ------
        NotReadyError
            Nothing has been extracted, or there is no edition yet.
        MachineError
            The cache cannot be written.
        """
        space, table = network.space(layer), self.rows(session, network)
        if not table.n_segments:
            raise spaces.nothing_extracted(space.name)
        key = (network.lineage, layer)
        of, found = self._columns.get(key, (None, None))
        if found is None or found.n_rows < table.n_rows or (of is not table and not found.tells_of(table.ranges)):
            found = self._extended(session, network, space, table, found)
        self._columns[key] = table, found
        return found

    def projected(self, session: Session, network: StoredNetwork, projection: StoredProjection) -> Projected:
        """A projection as it is stored, or as it was while the thread builds what is new.

        Raises
        ------
        NotReadyError
            There is no edition yet.
        MachineError
            The cache cannot be written.
        """
        key = (network.lineage, projection.space.layer, projection.method)
        known = self._projected.get(key)
        if known is None or known[0] != projection:
            known = self._projected[key] = self._reopened(session, network, projection, known)
        return known[1]

    def projected_cloud(self, projected: Projected, table: RowTable, x: int, y: int) -> GrowingCloud:
        """The points of a projection on two of its axes."""
        settled = projected.first_axes
        if (x, y) != (0, 1) and projected.folder:
            settled = self._clouds.get((projected.folder, x, y), partial(projected.settled.cloud, x, y))
        return self._grown((projected, x, y), settled, projected.added.cloud(x, y), table)

    def original_cloud(self, own: SpaceColumns, table: RowTable, x: int, y: int) -> GrowingCloud:
        """The points of a space on two of its dimensions."""
        n_rows = min(own.n_rows, table.n_rows)
        boundary, step = _boundary(n_rows)

        def settled() -> Cloud:
            before = self._clouds.known((own.made, x, y, boundary - step))
            if before is None:
                return _between(own, x, y, 0, boundary)
            return before.followed_by(_between(own, x, y, boundary - step, boundary))

        many = self._clouds.get((own.made, x, y, boundary), settled)
        added = self._clouds.get((own.made, x, y, boundary, n_rows), partial(_between, own, x, y, boundary, n_rows))
        return self._grown((own.made, x, y, n_rows), many, added, table)

    def _grown(self, key: Hashable, settled: Cloud, added: Cloud, table: RowTable) -> GrowingCloud:
        # looking for points that are gone takes long enough to be remembered; without any there is nothing to do
        if table.live is None:
            return GrowingCloud(settled, added)
        return self._growing.get((key, table), lambda: GrowingCloud(settled, added, table.live))

    def prepare(self, session: Session, progress: Progress) -> None:
        """Build everything that the present state of the database needs, however long it takes, and remove what is no longer used.

        Raises
        ------
        MachineError
            The cache cannot be written.
        """
        networks = spaces.every_stored(session)
        with writing_cache():
            for network in networks:
                table = rows.read(session, network, None)
                for space in network.spaces.values():
                    folder = self._space_folder(network, space)
                    n_known = _opened(folder, space, table).n_rows
                    with progress.stretch(f"{space.name}: preparing the map", table.n_rows - n_known, "segments") as advance:
                        self._extend(session, network, space, table, wait=True)
                        advance(table.n_rows - n_known)
                    for projection in projections.stored_of_space(session, space):
                        self._settle(session, network, projection)
            for kind in ("spaces", "projections"):
                for folder in (self.folder / kind).glob("*"):
                    if folder.name not in {network.lineage for network in networks}:
                        shutil.rmtree(folder, ignore_errors=True)

    def _extended(
        self, session: Session, network: StoredNetwork, space: StoredSpace, table: RowTable, known: SpaceColumns | None
    ) -> SpaceColumns:
        """Columns on the disk, extended at once where that is quick and by the thread where it is not."""
        folder = self._space_folder(network, space)
        found = _opened(folder, space, table)
        lacking = table.n_rows - found.n_rows
        if lacking * space.n_dims > QUICK_VALUES:
            self._build(session, folder, lambda own: self._extend(own, network, space, table, wait=True))
        elif lacking > 0:
            with writing_cache(), self._adding:
                self._extend(session, network, space, table, wait=not found.n_rows)
            found = columns.open_columns(folder, space.n_dims)
        if found.n_rows:
            return found
        if known is None:
            raise _preparing(str(space.name))
        return known

    def _extend(self, session: Session, network: StoredNetwork, space: StoredSpace, table: RowTable, *, wait: bool) -> None:
        def blocks(first_row: int) -> Iterator[columns.RowBlock]:
            lacking = table.ranges.within(first_row, table.n_rows)
            first_rows = dict(zip(lacking.track_ids.tolist(), lacking.first_rows.tolist(), strict=True))
            n = dict(zip(lacking.track_ids.tolist(), lacking.n_segments.tolist(), strict=True))
            for block in features.blocks(session, space, TRACKS_PER_BLOCK, lacking.track_ids.tolist()):
                parts = np.split(block.vectors, np.cumsum(block.n_segments)[:-1])
                # a track that was replaced since the table was read has other rows by now
                kept = [(first_rows[i], part) for i, part in zip(block.track_ids.tolist(), parts, strict=True) if len(part) == n[i]]
                if kept:
                    rows_of = [np.arange(first, first + len(part)) for first, part in kept]
                    yield np.concatenate(rows_of), np.concatenate([part for _, part in kept])

        columns.extend(self._space_folder(network, space), space.n_dims, table.ranges, table.n_rows, blocks, wait=wait)

    def _reopened(
        self,
        session: Session,
        network: StoredNetwork,
        projection: StoredProjection,
        known: tuple[StoredProjection, Projected] | None,
    ) -> tuple[StoredProjection, Projected]:
        """A projection as it is now, where little was added; else as it was, while the thread settles it."""
        parent = self._projections_folder(network)
        before = known[1] if known and known[0].fitted_at == projection.fitted_at else None
        if before is None or before.revision > projection.revision or _is_settled_again(before, parent, projection):
            before = coordinates.open_settled(parent, projection)
        found = None
        if projections.n_segments_since(session, projection, before.revision) <= QUICK_POINTS:
            added = coordinates.read_since(session, projection, before.revision)
            found = coordinates.with_added(before, projection.revision, added)
        if found is None or len(found.added.rows) > SETTLE_ABOVE:
            key = (parent, projection.space.layer, projection.method)
            self._build(session, key, lambda own: coordinates.settle(own, parent, projection))
        if found is not None:
            return projection, found
        if known is None:
            raise _preparing(f"{projection.space} {projection.method}")
        return known

    def _settle(self, session: Session, network: StoredNetwork, projection: StoredProjection) -> None:
        parent = self._projections_folder(network)
        settled = coordinates.open_settled(parent, projection)
        if projections.n_segments_since(session, projection, settled.revision) > SETTLE_ABOVE:
            coordinates.settle(session, parent, projection)

    def _build(self, session: Session, key: Hashable, build: Callable[[Session], None]) -> None:
        """Have the thread do what takes long, once. If it fails, the next request for it raises the error."""
        running = self._building.get(key)
        if running is not None:
            if not running.done():
                return
            del self._building[key]
            running.result()
        bind = session.get_bind()

        def work() -> None:
            with Session(bind) as own, writing_cache():
                build(own)

        self._building[key] = self._builder.submit(work)

    def _space_folder(self, network: StoredNetwork, space: StoredSpace) -> Path:
        return self.folder / "spaces" / network.lineage / space.name.layer

    def _projections_folder(self, network: StoredNetwork) -> Path:
        return self.folder / "projections" / network.lineage


def _opened(folder: Path, space: StoredSpace, table: RowTable) -> SpaceColumns:
    """The columns of a space on the disk; none where they hold other tracks: an older copy of the database was put back."""
    found = columns.open_columns(folder, space.n_dims)
    if found.tells_of(table.ranges):
        return found
    # what was settled or indexed by these rows has the same names as what this database will make
    root, lineage, layer = folder.parents[2], folder.parent.name, folder.name
    for path in (folder, *(root / "projections" / lineage).glob(f"{layer}-*")):
        shutil.rmtree(path, ignore_errors=True)
    index.remove(root, lineage, layer)
    return columns.open_columns(folder, space.n_dims)


def _is_settled_again(before: Projected, parent: Path, projection: StoredProjection) -> bool:
    """Whether much was added to what was opened, and somebody has settled it by now."""
    return len(before.added.rows) > SETTLE_ABOVE and coordinates.newest(parent, projection)[:1] not in ([], [before.folder])


def _boundary(n_rows: int) -> tuple[int, int]:
    """Where the settled rows of a space end, and by how many they grow: about an eighth, so that they are seldom sorted anew."""
    step = 1 << max(16, n_rows.bit_length() - 4)
    return n_rows - n_rows % step, step


def _between(own: SpaceColumns, x: int, y: int, first: int, end: int) -> Cloud:
    values = [own.column(dimension)[first:end] for dimension in (x, y)]
    is_number = _is_number(values[0]) & _is_number(values[1])
    rows = np.arange(first, end, dtype=np.uint32)
    if not is_number.all():  # seldom: where tracks are gone
        rows = rows[is_number]
    rows = rows[by_priority(rows)]
    at = rows - np.uint32(first)
    return Cloud(rows, *(column[at].astype(np.float32) for column in values))


def _is_number(values: NDArray[np.float16]) -> NDArray[np.bool_]:
    """Whether values are finite, by the bits of their exponents: `np.isfinite` is slow for half precision."""
    exponent = np.uint16(0x7C00)
    is_number: NDArray[np.bool_] = (values.view(np.uint16) & exponent) != exponent
    return is_number


def _preparing(name: str) -> NotReadyError:
    return NotReadyError("preparing", f"The map of {name} is being prepared.", "It takes some seconds: try again in a moment.")

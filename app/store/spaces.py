"""Networks and spaces as they are stored."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Row, bindparam, select
from sqlalchemy.orm import Session, joinedload

from ..core.errors import NotReadyError
from ..core.geometry import PatchGeometry
from ..core.spaces import Layer, SpaceName
from ..core.units import Hertz, Samples
from .tables import Network, Space

__all__ = [
    "StoredNetwork",
    "StoredSpace",
    "by_name",
    "every",
    "every_stored",
    "geometry",
    "lineage",
    "name_of",
    "network",
    "network_id",
    "nothing_extracted",
    "of_network",
    "register",
    "stored",
]

_STATE = ("id", "name", "weights_sha256", "precision", "revision", "rows_since", "n_rows")
# statements of tables, built once: an entity or a new condition each time would cost a request more than the database does
_NETWORK = select(*(Network.__table__.c[name] for name in _STATE)).order_by(Network.__table__.c.name)
_NAMED = _NETWORK.where(Network.__table__.c.name == bindparam("name"))

_fixed: WeakKeyDictionary[object, dict[str, tuple[PatchGeometry, Mapping[Layer, "StoredSpace"]]]] = WeakKeyDictionary()
"""By database and lineage: what of a network never changes."""

REVISIONS = 1 << 30
"""First revisions are random and below it: half of what the column holds, so that they can rise."""


@dataclass(frozen=True)
class StoredSpace:
    """A space as it is stored. `labels` are the tags in the order of the dimensions, None for embeddings."""

    id: int
    name: SpaceName
    n_dims: int
    labels: tuple[str, ...] | None


@dataclass(frozen=True)
class StoredNetwork:
    """A network and its spaces as they are stored at this moment: plain values, which outlive the session.

    lineage : names what its rows mean; see the function `lineage`
    revision : raised whenever its features change
    rows_since : the revision since which rows have kept their numbers
    n_rows : the number of the next row
    """

    id: int
    name: str
    lineage: str
    precision: str
    revision: int
    rows_since: int
    n_rows: int
    geometry: PatchGeometry
    spaces: Mapping[Layer, StoredSpace]

    def space(self, layer: Layer) -> StoredSpace:
        """The space of a layer.

        Raises
        ------
        NotReadyError
            The network has no such layer.
        """
        if layer not in self.spaces:
            raise nothing_extracted(SpaceName(self.name, layer))
        return self.spaces[layer]


def stored(session: Session, name: str) -> StoredNetwork:
    """The network of that name.

    Raises
    ------
    NotReadyError
        Nothing has been extracted with it.
    """
    row = session.connection().execute(_NAMED, {"name": name}).one_or_none()
    if row is None:
        raise NotReadyError("no_features", f"Nothing has been extracted with {name}.", f"Run: flask extract-all --networks {name}")
    return _as_stored(session, row)


def every_stored(session: Session) -> list[StoredNetwork]:
    """All networks by name."""
    return [_as_stored(session, row) for row in session.connection().execute(_NETWORK)]


def _as_stored(session: Session, row: Row[Any]) -> StoredNetwork:
    fixed, name = _fixed.setdefault(session.get_bind(), {}), lineage(row)
    if name not in fixed:
        found = session.get_one(Network, row.id)
        layers = {layer: _space(found, space) for layer, space in of_network(session, found).items()}
        fixed[name] = (geometry(found), dict(sorted(layers.items())))
    return StoredNetwork(row.id, row.name, name, row.precision, row.revision, row.rows_since, row.n_rows, *fixed[name])


def _space(network: Network, space: Space) -> StoredSpace:
    labels = None if space.labels is None else tuple(space.labels)
    return StoredSpace(space.id, SpaceName(network.name, Layer(space.layer)), space.n_dims, labels)


def every(session: Session) -> Sequence[Space]:
    """All spaces with their networks, by network and layer."""
    query = select(Space).join(Space.network).options(joinedload(Space.network)).order_by(Network.name, Space.layer)
    return session.scalars(query).all()


def by_name(session: Session, name: SpaceName) -> Space:
    """The stored space of that name.

    Raises
    ------
    NotReadyError
        Nothing has been extracted for it yet.
    """
    query = select(Space).join(Space.network).options(joinedload(Space.network))
    space = session.scalar(query.where(Network.name == name.network, Space.layer == name.layer))
    if space is None:
        raise nothing_extracted(name)
    return space


def network(session: Session, name: str) -> Network | None:
    """The stored network of that name, None where nothing was ever extracted with it."""
    return session.scalar(select(Network).where(Network.name == name))


def network_id(session: Session, name: str) -> int:
    """The id of a stored network."""
    return session.scalars(select(Network.id).where(Network.name == name)).one()


def of_network(session: Session, network: Network) -> dict[Layer, Space]:
    """The spaces of a network."""
    return {Layer(space.layer): space for space in session.scalars(select(Space).where(Space.network_id == network.id))}


def register(session: Session, network: Network, layers: Mapping[Layer, tuple[int, Sequence[str] | None]]) -> dict[Layer, Space]:
    """Add a network and a space per layer, given as (n_dims, labels).

    Its revisions begin at a random number, so that what was cached of a network that it replaces, or of another database, is
    never taken for its own.
    """
    network.revision = network.rows_since = secrets.randbelow(REVISIONS)
    session.add(network)
    for layer, (n_dims, labels) in layers.items():
        tags = None if labels is None else list(labels)
        session.add(Space(network=network, layer=layer, n_dims=n_dims, labels=tags))
    session.flush()
    return of_network(session, network)


def name_of(space: Space) -> SpaceName:
    """`msd-musicnn/embeddings` of a stored space."""
    return SpaceName(space.network.name, Layer(space.layer))


def geometry(network: Network) -> PatchGeometry:
    """How the network cut its tracks into segments."""
    return PatchGeometry(
        sample_rate_hz=Hertz(network.sample_rate_hz),
        window_samples=Samples(network.window_samples),
        hop_samples=Samples(network.hop_samples),
        n_bands=network.n_bands,
        frames_per_patch=network.frames_per_patch,
        patch_hop_frames=network.patch_hop_frames,
    )


def lineage(network: Network | Row[Any]) -> str:
    """A name for what rows of a network mean: network, weights, precision, and the revision since which rows keep their numbers.

    While it stays, a row is the same segment. So files that are named after it can grow and are never wrong.
    """
    return f"{network.name}@{network.weights_sha256[:12]}-{network.precision}-{network.rows_since}"


def nothing_extracted(name: SpaceName) -> NotReadyError:
    """The error for a space without features."""
    return NotReadyError(
        "no_features", f"Nothing has been extracted for {name}.", f"Run: flask extract-all --networks {name.network}"
    )

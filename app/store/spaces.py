"""Networks and spaces as they are stored."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import Row, select
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

_NETWORK = (
    Network.id,
    Network.name,
    Network.weights_sha256,
    Network.precision,
    Network.revision,
    Network.rows_since,
    Network.n_rows,
    *(getattr(Network, field.name) for field in fields(PatchGeometry)),
)
_SPACE = (Space.id.label("space_id"), Space.layer, Space.n_dims, Space.labels)
_STORED = select(*_NETWORK, *_SPACE).join(Space, Space.network_id == Network.id)

REVISIONS = 1 << 30
"""Half of what the column holds: there is room to count on."""


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

    lineage : names what its rows mean; see `lineage`
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
    """The network of that name, in one query.

    Raises
    ------
    NotReadyError
        Nothing has been extracted with it.
    """
    found = _networks(session.execute(_STORED.where(Network.name == name)))
    if not found:
        raise NotReadyError("no_features", f"Nothing has been extracted with {name}.", f"Run: flask extract-all --networks {name}")
    return found[0]


def every_stored(session: Session) -> list[StoredNetwork]:
    """All networks by name, in one query."""
    return _networks(session.execute(_STORED.order_by(Network.name, Space.layer)))


def _networks(found: Iterable[Row[Any]]) -> list[StoredNetwork]:
    """Networks of rows that are a space each."""
    networks: dict[int, StoredNetwork] = {}
    layers: dict[int, dict[Layer, StoredSpace]] = {}
    for row in found:
        layer = Layer(row.layer)
        labels = None if row.labels is None else tuple(row.labels)
        layers.setdefault(row.id, {})[layer] = StoredSpace(row.space_id, SpaceName(row.name, layer), row.n_dims, labels)
        if row.id not in networks:
            facts = (row.id, row.name, lineage(row), row.precision, row.revision, row.rows_since, row.n_rows)
            networks[row.id] = StoredNetwork(*facts, geometry(row), layers[row.id])
    return list(networks.values())


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
    """The stored network of that name, if anything was ever extracted with it."""
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


def geometry(network: Network | Row[Any]) -> PatchGeometry:
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
    """What the rows of a network mean, as a name for files made of them that no other content ever has.

    While it stays, a row keeps its segment: files grow and are never wrong.
    """
    return f"{network.name}@{network.weights_sha256[:12]}-{network.precision}-{network.rows_since}"


def nothing_extracted(name: SpaceName) -> NotReadyError:
    """The error of a space without features."""
    return NotReadyError(
        "no_features", f"Nothing has been extracted for {name}.", f"Run: flask extract-all --networks {name.network}"
    )

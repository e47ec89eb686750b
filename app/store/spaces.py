"""Networks and spaces as they are stored."""

import secrets
from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import select, update
from sqlalchemy.orm import Session, joinedload

from ..core.errors import NotReadyError
from ..core.geometry import PatchGeometry
from ..core.spaces import Layer, SpaceName
from ..core.units import Hertz, Samples
from .tables import Network, Space

__all__ = ["by_name", "edition", "every", "geometry", "name_of", "network", "of_network", "raise_revision", "register"]

REVISIONS = 1 << 30
"""Half of what the column holds: there is room to count on."""


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
        raise NotReadyError(
            "no_features", f"Nothing has been extracted for {name}.", f"Run: flask extract-all --networks {name.network}"
        )
    return space


def network(session: Session, name: str) -> Network | None:
    """The stored network of that name, if anything was ever extracted with it."""
    return session.scalar(select(Network).where(Network.name == name))


def of_network(session: Session, network: Network) -> dict[Layer, Space]:
    """The spaces of a network."""
    return {Layer(space.layer): space for space in session.scalars(select(Space).where(Space.network_id == network.id))}


def register(session: Session, network: Network, layers: Mapping[Layer, tuple[int, Sequence[str] | None]]) -> dict[Layer, Space]:
    """Add a network and a space per layer, given as (n_dims, labels).

    Their revisions begin at one random number, so that what was cached of a network that they replace, or of another database, is
    never taken for theirs.
    """
    session.add(network)
    revision = secrets.randbelow(REVISIONS)
    for layer, (n_dims, labels) in layers.items():
        tags = None if labels is None else list(labels)
        session.add(Space(network=network, layer=layer, n_dims=n_dims, labels=tags, revision=revision))
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


def edition(space: Space) -> str:
    """What a space holds at present, as a name for files made of it that no other content ever has."""
    return f"{space.network.name}-{space.layer}@{space.network.weights_sha256[:12]}-{space.network.precision}-{space.revision}"


def raise_revision(session: Session, space_ids: Iterable[int]) -> None:
    """Tell caches that features of these spaces changed."""
    session.execute(update(Space).where(Space.id.in_(list(space_ids))).values(revision=Space.revision + 1))

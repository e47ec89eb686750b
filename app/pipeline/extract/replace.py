"""Remove what was extracted with other weights, so that it can be extracted again."""

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from ...core.batches import batches
from ...store import rows, spaces
from ...store.tables import Coordinates, Features, Network, Projection

__all__ = ["remove"]

TRACKS_PER_COMMIT = 200


def remove(session: Session, network: Network) -> None:
    """Remove a network with its features and their projections.

    Every `TRACKS_PER_COMMIT` tracks are one transaction: removing gigabytes in one would keep other writers waiting for minutes.
    When it is interrupted, the tracks that are left are whole, and the others lack features.
    """
    of_network = [space.id for space in spaces.of_network(session, network).values()]
    projections = session.scalars(select(Projection.id).where(Projection.space_id.in_(of_network))).all()
    features = Features.space_id.in_(of_network)
    for track_ids in batches(session.scalars(select(Features.track_id).where(features).distinct()).all(), TRACKS_PER_COMMIT):
        rows.forget(session, network.id, track_ids)
        session.execute(delete(Features).where(features, Features.track_id.in_(track_ids)))
        of_tracks = Coordinates.track_id.in_(track_ids)
        session.execute(delete(Coordinates).where(Coordinates.projection_id.in_(projections), of_tracks))
        session.commit()
    session.execute(delete(Network).where(Network.id == network.id))
    session.commit()
    session.expire_all()

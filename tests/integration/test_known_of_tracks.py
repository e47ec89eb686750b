"""What is known of tracks is read again when it changes, and only then."""

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from app.cache import texts
from app.core.entities import Outcome
from app.explore.map import track_order
from app.explore.map.colouring import fields
from app.store import runs
from app.store.tables import Network, Track
from tests import collection


@pytest.mark.parametrize("read", [texts.of, track_order.names, fields.known], ids=["texts", "names", "fields"])
def test_what_is_known_of_tracks_is_read_when_a_command_changes_it_and_not_while_a_network_extracts(
    session: Session, read: Callable[[Session], object]
) -> None:
    collection.synthesise(session, 3, ("msd-musicnn",))
    run_id = runs.begin(session, "load-metadata")
    session.commit()
    before = read(session)
    session.get_one(Track, 2).title = "Renamed"
    session.get_one(Track, 2).year = 1999
    runs.finish(session, run_id, Outcome())
    session.commit()
    retitled = read(session)
    assert retitled is not before
    run_id = runs.begin(session, "extract-all")
    session.commit()
    while_extracting = read(session)
    session.query(Network).one().revision += 1
    session.commit()
    assert read(session) is while_extracting
    collection.add_track(session, "late.wav", title="Late", year=2001)
    session.commit()
    assert read(session) is not while_extracting

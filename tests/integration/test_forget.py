from pathlib import Path

import numpy as np
import pytest
from flask.testing import FlaskCliRunner
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core.errors import TagscapeError
from app.store import failures
from app.store.tables import (
    Annotation,
    AnnotationSet,
    Artist,
    Coordinates,
    Failure,
    Features,
    Network,
    Projection,
    Source,
    Tag,
)
from tests.collection import add_features, add_network, add_track

PATHS = ["live/one.mp3", "live/two.flac", "live at home.mp3", "studio/one.mp3", "caf\u00e9.mp3"]


@pytest.fixture
def collection(session: Session) -> Session:
    """Tracks with all that can be computed from them."""
    artist = Artist(name="A")
    space = next(iter(add_network(session, "msd-musicnn").values()))
    found = AnnotationSet(name="s")
    tag = Tag(name="t", category="other")
    facts = {"seed": 0, "n_dims": 1, "parameters": {}, "fitted": b"", "quality": {}}
    projection = Projection(space=space, method="pca", **facts)
    session.add_all([artist, found, tag, projection])
    for path in PATHS:
        track = add_track(session, path, artist=artist if path.startswith("live/") else None)
        add_features(session, space, {track.id: np.zeros((2, space.n_dims), np.float32)})
        session.flush()
        place = {"first_row": 0, "n_segments": 2, "revision": 0}
        session.add(Coordinates(projection_id=projection.id, track_id=track.id, xy=b"\0" * 8, **place))
        session.add(Annotation(track_id=track.id, tag_id=tag.id, annotation_set_id=found.id))
        failures.record(session, track.id, "extract", TagscapeError("c", "m"))
    session.commit()
    return session


def paths(session: Session) -> list[str]:
    session.expire_all()
    return list(session.scalars(select(Source.path).order_by(Source.track_id)))


@pytest.mark.parametrize(
    ("pattern", "forgotten"),
    [
        ("live/one.mp3", PATHS[:1]),
        ("live", PATHS[:2]),
        ("live/", PATHS[:2]),
        ("live/*.flac", PATHS[1:2]),
        ("*one.mp3", [PATHS[0], PATHS[3]]),
        ("cafe\u0301.mp3", PATHS[4:]),
    ],
)
def test_tracks_are_named_by_path_folder_or_pattern(
    collection: Session, runner: FlaskCliRunner, pattern: str, forgotten: list[str]
) -> None:
    result = runner.invoke(args=["forget", pattern, "--yes"])
    assert result.exit_code == 0, result.output
    assert f"{len(forgotten)} tracks forgotten" in result.output
    assert paths(collection) == [path for path in PATHS if path not in forgotten]


def test_a_path_with_audio_dir_in_front_is_understood(
    collection: Session, runner: FlaskCliRunner, environment: dict[str, str]
) -> None:
    path = Path(environment["TAGSCAPE_AUDIO_DIR"]) / "live" / "one.mp3"
    assert runner.invoke(args=["forget", str(path), "--yes"]).exit_code == 0
    assert paths(collection) == PATHS[1:]


def test_all_that_was_computed_goes_with_the_track_and_caches_are_told(collection: Session, runner: FlaskCliRunner) -> None:
    before = collection.scalars(select(Network.revision)).one()
    runner.invoke(args=["forget", "live", "--yes"])
    collection.expire_all()
    for table in (Features, Coordinates, Annotation, Failure):
        assert collection.scalar(select(func.count()).select_from(table)) == len(PATHS) - 2
    assert collection.scalars(select(Artist)).all() == []
    assert collection.scalars(select(Network.revision)).one() == before + 1
    assert collection.scalars(select(Projection.revision)).one() == 1


def test_nothing_is_forgotten_unless_a_person_agrees(collection: Session, runner: FlaskCliRunner) -> None:
    assert runner.invoke(args=["forget", "live"], input="n\n").exit_code == 1
    assert paths(collection) == PATHS
    assert runner.invoke(args=["forget", "live"], input="y\n").exit_code == 0
    assert paths(collection) == PATHS[2:]


def test_nothing_is_forgotten_when_one_of_the_paths_names_no_track(collection: Session, runner: FlaskCliRunner) -> None:
    result = runner.invoke(args=["forget", "live", "nowhere", "--yes"])
    assert result.exit_code == 3
    assert "nowhere" in result.output
    assert paths(collection) == PATHS


def test_names_cannot_move_the_cursor(session: Session, runner: FlaskCliRunner) -> None:
    add_track(session, "evil\x1b[2J\n.mp3")
    session.commit()
    assert "evil\\x1b[2J\\n.mp3" in runner.invoke(args=["forget", "*", "--yes"]).output

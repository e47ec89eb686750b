import re
import runpy
from pathlib import Path

import yaml
from flask import Flask

ROOT = Path(__file__).parents[2]
COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
GUNICORN = runpy.run_path(str(ROOT / "gunicorn.conf.py"))


def variables() -> dict[str, str]:
    return dict(re.findall(r"(TAGSCAPE_[A-Z_]+)=(\S+)", DOCKERFILE))


def test_gunicorn_listens_where_container_and_compose_expect_it():
    port = GUNICORN["bind"].rpartition(":")[2]
    assert f"EXPOSE {port}\n" in DOCKERFILE
    assert f"127.0.0.1:{port}/healthz" in DOCKERFILE
    assert [str(published).rpartition(":")[2] for published in COMPOSE["services"]["web"]["ports"]] == [port]


def test_the_health_check_asks_an_address_that_is_there(app: Flask):
    assert "/healthz" in {rule.rule for rule in app.url_map.iter_rules()}


def test_compose_mounts_the_folders_that_the_settings_name():
    mounted = {volume.removesuffix(":ro").rpartition(":")[2] for volume in COMPOSE["services"]["web"]["volumes"]}
    assert mounted == {variables()[f"TAGSCAPE_{name}"] for name in ("AUDIO_DIR", "INSTANCE_PATH", "MODELS_DIR")}
    named = {volume.partition(":")[0] for volume in COMPOSE["services"]["web"]["volumes"] if volume[0] not in "./$"}
    assert named == set(COMPOSE["volumes"])


def test_the_music_is_mounted_read_only():
    (music,) = [volume for volume in COMPOSE["services"]["web"]["volumes"] if ":/audio" in volume]
    assert music.endswith(":ro")


def test_the_image_holds_what_it_runs_and_nothing_of_the_user():
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").split()
    kept = {line.removeprefix("!") for line in lines if line.startswith("!")}
    assert lines[0] == "*"
    assert all((ROOT / path).exists() for path in kept)
    assert {"app", "migrations", "requirements.txt", "docker-entrypoint.sh", "gunicorn.conf.py"} <= kept
    assert "instance" not in kept


def test_the_container_runs_as_a_user_without_rights():
    assert re.search(r"^USER [1-9]\d*$", DOCKERFILE, re.MULTILINE)

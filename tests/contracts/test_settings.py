import re
from pathlib import Path
from typing import Any

import pytest

from app.config import SETTINGS, Setting, load, render_example
from app.core.errors import InvalidError

ROOT = Path(__file__).parents[2]
NAMES = [setting.name for setting in SETTINGS]
# A value of each kind that differs from the default, as text and as Python gives it.
OTHER: dict[str, tuple[str, Any]] = {
    "AUDIO_DIR": ("/elsewhere", Path("/elsewhere")),
    "MODELS_DIR": ("/elsewhere", Path("/elsewhere")),
    "DATABASE_URI": ("sqlite:////elsewhere.db", "sqlite:////elsewhere.db"),
    "RUNTIME": ("onnxruntime", "onnxruntime"),
    "PRECISION": ("bf16", "bf16"),
    "TRUSTED_HOSTS": ("Music.example, .test", ["music.example", ".test", "localhost", "127.0.0.1"]),
}


def loaded(tmp_path: Path, environment: dict[str, str] | None = None, file: str | None = None) -> dict[str, Any]:
    if file is not None:
        (tmp_path / "config.py").write_text(file, encoding="utf-8")
    config: dict[str, Any] = {}
    load(config, environment or {}, tmp_path, ROOT)
    return config


def other(setting: Setting) -> tuple[str, Any]:
    return OTHER.get(setting.name) or (str(setting.default + 1), setting.default + 1)


def test_the_example_file_lists_every_setting_with_its_default():
    assert (ROOT / "config-example.py").read_text(encoding="utf-8") == render_example()


def test_the_example_file_is_a_configuration_that_changes_nothing(tmp_path: Path):
    assert loaded(tmp_path, file=render_example()) == loaded(tmp_path)


@pytest.mark.parametrize("setting", SETTINGS, ids=NAMES)
def test_the_page_of_settings_names_default_unit_and_meaning(setting: Setting):
    rows = [line for line in (ROOT / "docs/settings.md").read_text(encoding="utf-8").splitlines() if f"`{setting.name}`" in line]
    assert len(rows) == 1
    for part in (str(setting.default), setting.unit, setting.help, *setting.choices):
        assert part in rows[0]


@pytest.mark.parametrize("setting", SETTINGS, ids=NAMES)
def test_the_environment_overrides_a_default(setting: Setting, tmp_path: Path):
    text, value = other(setting)
    assert loaded(tmp_path)[setting.name] != value
    assert loaded(tmp_path, {f"TAGSCAPE_{setting.name}": text})[setting.name] == value


@pytest.mark.parametrize("setting", SETTINGS, ids=NAMES)
def test_the_instance_overrides_a_default_and_the_environment_the_instance(setting: Setting, tmp_path: Path):
    text, value = other(setting)
    assert loaded(tmp_path, file=f"{setting.name} = {text!r}")[setting.name] == value
    default = str(setting.default)
    assert loaded(tmp_path, {f"TAGSCAPE_{setting.name}": default})[setting.name] != value


@pytest.mark.parametrize("setting", [s for s in SETTINGS if s.choices or isinstance(s.default, int)], ids=lambda s: s.name)
def test_a_value_that_does_not_fit_is_named_with_its_source(setting: Setting, tmp_path: Path):
    with pytest.raises(InvalidError) as caught:
        loaded(tmp_path, {f"TAGSCAPE_{setting.name}": "-7x"})
    assert caught.value.code == "invalid_setting"
    assert "-7x" in caught.value.message
    assert f"TAGSCAPE_{setting.name} in the environment" in caught.value.message
    assert caught.value.hint


@pytest.mark.parametrize("typo", ["AUDIO_DRI", "MODEL_DIR", "THREAD", "PRECISON"])
def test_a_misspelt_setting_is_answered_with_the_one_that_was_meant(typo: str, tmp_path: Path):
    meant = {"AUDIO_DRI": "AUDIO_DIR", "MODEL_DIR": "MODELS_DIR", "THREAD": "THREADS", "PRECISON": "PRECISION"}[typo]
    for sources in ({"environment": {f"TAGSCAPE_{typo}": "1"}}, {"file": f"{typo} = 1"}):
        with pytest.raises(InvalidError, match=rf"Unknown setting {typo}\. Did you mean {meant}\?"):
            loaded(tmp_path, **sources)  # type: ignore[arg-type]


def test_a_setting_like_no_other_is_answered_with_where_they_are_listed(tmp_path: Path):
    with pytest.raises(InvalidError, match=r"config-example\.py lists every setting"):
        loaded(tmp_path, {"TAGSCAPE_XYZZY": "1"})


def test_a_configuration_that_is_not_python_is_refused(tmp_path: Path):
    with pytest.raises(InvalidError, match=r"instance/config\.py cannot be read"):
        loaded(tmp_path, file="AUDIO_DIR = ")


def test_a_relative_folder_starts_at_the_project_and_the_database_is_in_the_instance(tmp_path: Path):
    config = loaded(tmp_path, {"TAGSCAPE_AUDIO_DIR": "../music"})
    assert config["AUDIO_DIR"] == ROOT / ".." / "music"
    assert config["SQLALCHEMY_DATABASE_URI"] == f"sqlite:///{tmp_path / 'tagscape.db'}"


def test_every_setting_of_compose_and_dockerfile_exists():
    for name in ("compose.yaml", "Dockerfile"):
        used = set(re.findall(r"TAGSCAPE_([A-Z_]+)", (ROOT / name).read_text(encoding="utf-8")))
        assert used
        assert used <= {*NAMES, "INSTANCE_PATH"}

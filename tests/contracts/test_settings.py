import os
import re
import subprocess
import sys
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
    "TRUSTED_HOSTS": ("Music.example, .test", ["music.example", ".test"]),
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
    third = str(setting.default) or "third.example"
    assert loaded(tmp_path, {f"TAGSCAPE_{setting.name}": third})[setting.name] != value


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
        with pytest.raises(InvalidError, match=rf"Unknown setting {typo} \(.+\)\. Did you mean {meant}\?"):
            loaded(tmp_path, **sources)  # type: ignore[arg-type]


def test_a_setting_like_no_other_is_answered_with_where_they_are_listed(tmp_path: Path):
    with pytest.raises(InvalidError, match=r"config-example\.py lists every setting"):
        loaded(tmp_path, {"TAGSCAPE_XYZZY": "1"})


UNSET = (None, "", "  ")
WRONG: dict[type, tuple[object, ...]] = {
    str: (5, 2.5, True, False, [], ["a"], {}, b"audio", ("a", "b")),
    int: (2.5, True, False, [], [1], {}, b"1", (), "many", "1.5", "-1", -1),
}
"""Values that no setting of a type takes."""


@pytest.mark.parametrize("value", UNSET, ids=repr)
@pytest.mark.parametrize("setting", SETTINGS, ids=NAMES)
def test_none_and_empty_texts_count_as_not_set(setting: Setting, value: str | None, tmp_path: Path):
    defaults = loaded(tmp_path)
    assert loaded(tmp_path, file=f"{setting.name} = {value!r}") == defaults
    text, expected = other(setting)
    # an empty variable, as compose hands on, leaves what the file says
    given = loaded(tmp_path, {f"TAGSCAPE_{setting.name}": value or ""}, file=f"{setting.name} = {text!r}")
    assert given[setting.name] == expected


@pytest.mark.parametrize(
    ("setting", "value"), [(setting, value) for setting in SETTINGS for value in WRONG[type(setting.default)]], ids=str
)
def test_a_value_of_another_type_is_refused_and_named_with_its_file(setting: Setting, value: object, tmp_path: Path):
    with pytest.raises(InvalidError) as caught:
        loaded(tmp_path, file=f"{setting.name} = {value!r}")
    assert caught.value.code == "invalid_setting"
    for part in (setting.name, repr(value), str(tmp_path / "config.py"), setting.unit):
        assert part in caught.value.message
    assert caught.value.hint


@pytest.mark.parametrize("setting", [s for s in SETTINGS if s.unit == "a folder"], ids=lambda s: s.name)
def test_a_folder_may_be_a_path_and_no_name_that_no_disk_takes(setting: Setting, tmp_path: Path):
    assert loaded(tmp_path, file=f"import pathlib\n{setting.name} = pathlib.Path('/music')")[setting.name] == Path("/music")
    for bad in ("a\0b", "~nobody-of-that-name/music"):
        with pytest.raises(InvalidError, match="is not a folder"):
            loaded(tmp_path, file=f"{setting.name} = {bad!r}")


BROKEN = {
    "a missing module": (b"SEED = 7\nimport no_such_module\n", "line 2: ModuleNotFoundError: No module named 'no_such_module'"),
    "a value error": (b"\n\nSEED = int('seven')\n", "line 3: ValueError: invalid literal for int() with base 10: 'seven'"),
    "a division": (b"def half():\n    return 1 / 0\n\nSEED = half()\n", "line 2: ZeroDivisionError: division by zero"),
    "an unknown name": (b"SEED = seed\n", "line 1: NameError: name 'seed' is not defined"),
    "no Python": (b"AUDIO_DIR = \n", "line 1: SyntaxError: invalid syntax"),
    "an odd indent": (b"SEED = 1\n  THREADS = 2\n", "line 2: IndentationError: unexpected indent"),
    "an error without words": (b"raise KeyError\n", "line 1: KeyError."),
    "NUL bytes": (b"SEED = 1\0\n", "null bytes"),
    "another encoding": (b"AUDIO_DIR = '\xe9t\xe9'\n", "SyntaxError"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_configuration_that_fails_is_said_with_its_file_line_and_reason(name: str, tmp_path: Path):
    text, told = BROKEN[name]
    (tmp_path / "config.py").write_bytes(text)
    with pytest.raises(InvalidError) as caught:
        loaded(tmp_path)
    assert caught.value.code == "invalid_config"
    assert caught.value.message.startswith(f"{tmp_path / 'config.py'} cannot be read: ")
    assert told in caught.value.message
    assert "\n" not in caught.value.message
    assert "config-example.py" in caught.value.hint


def test_a_configuration_that_is_a_folder_is_said(tmp_path: Path):
    (tmp_path / "config.py").mkdir()
    with pytest.raises(InvalidError, match=r"config\.py cannot be read: .*Is a directory"):
        loaded(tmp_path)


@pytest.mark.parametrize(
    "command",
    [["flask", "status"], ["flask", "run", "--port", "0"], ["gunicorn", "--bind", "127.0.0.1:0", "app:create_app()"]],
    ids=lambda command: " ".join(command[:2]),
)
@pytest.mark.parametrize("text", ["SEED = 1 / 0", "SEED = None or []"])
def test_commands_and_server_say_it_once_without_a_traceback(command: list[str], text: str, tmp_path: Path):
    (tmp_path / "config.py").write_text(text)
    environment = {**os.environ, "TAGSCAPE_INSTANCE_PATH": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-m", *command], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 1
    said = [line for line in (done.stdout + done.stderr).splitlines() if not line.startswith("[")]
    assert len(said) == 1, "besides the log of gunicorn"
    assert said[0].startswith("Error: ")
    assert str(tmp_path / "config.py") in said[0]


def test_a_relative_folder_starts_at_the_project_and_the_database_is_in_the_instance(tmp_path: Path):
    config = loaded(tmp_path, {"TAGSCAPE_AUDIO_DIR": "../music"})
    assert config["AUDIO_DIR"] == ROOT / ".." / "music"
    assert config["SQLALCHEMY_DATABASE_URI"] == f"sqlite:///{tmp_path / 'tagscape.db'}"


def test_every_setting_of_compose_and_dockerfile_exists():
    for name in ("compose.yaml", "Dockerfile"):
        used = set(re.findall(r"TAGSCAPE_([A-Z_]+)", (ROOT / name).read_text(encoding="utf-8")))
        assert used
        assert used <= {*NAMES, "INSTANCE_PATH"}

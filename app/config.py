"""Every setting, declared once: name, type, default, unit and help.

A value comes from the environment (`TAGSCAPE_<NAME>`), else from `config.py` in the instance folder, else from the default here. An
empty text, and None in `config.py`, count as not set.
"""

import json
import re
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any

from flask import Config

from .core.errors import InvalidError
from .core.suggest import did_you_mean

__all__ = ["SETTINGS", "Setting", "load", "render_example"]

PREFIX = "TAGSCAPE_"
ELSEWHERE = {"TAGSCAPE_INSTANCE_PATH", "TAGSCAPE_SHARED"}
"""Variables that are read before or beside the settings."""

_HOST = re.compile(r"\.?[a-z0-9-]+(\.[a-z0-9-]+)*")


@dataclass(frozen=True)
class Setting:
    """One setting.

    Parameters
    ----------
    parse : callable
        Reads its text form, and raises ValueError where the text does not fit.
    takes : tuple of type
        What it may be in `config.py`.
    """

    name: str
    default: Any
    unit: str
    help: str
    parse: Callable[[str], Any] = str
    choices: tuple[str, ...] = ()
    takes: tuple[type, ...] = (str,)

    def read(self, value: Any, source: str) -> Any:
        """Turn a value from `source` into the setting's type, or say kindly why not."""
        try:
            # True is a whole number to Python, and a mistake here
            if not isinstance(value, self.takes) or isinstance(value, bool):
                raise ValueError(value)
            value = self.parse(str(value))
        except ValueError:
            raise InvalidError(
                "invalid_setting", f"{self.name}={value!r} ({source}) is not {self.unit}.", f"For example: {self.default!r}."
            ) from None
        if self.choices and value not in self.choices:
            raise InvalidError(
                "invalid_setting", f"{self.name}={value!r} ({source}) is unknown.", f"Use one of: {', '.join(self.choices)}."
            )
        return value


def _positive(text: str) -> int:
    number = int(text)
    if number <= 0:
        raise ValueError(text)
    return number


def _count(text: str) -> int:
    number = int(text)
    if number < 0:
        raise ValueError(text)
    return number


def _hosts(text: str) -> list[str]:
    """Names of hosts in small letters; one that begins with a dot stands for all names below it."""
    hosts = [host.strip().lower() for host in text.split(",") if host.strip()]
    if not all(_HOST.fullmatch(host) for host in hosts):
        raise ValueError(text)
    return hosts


def _folder(text: str) -> str:
    try:
        Path(text).expanduser()
    except RuntimeError as error:  # `~name` of nobody
        raise ValueError(text) from error
    if "\0" in text:
        raise ValueError(text)
    return text


FOLDER: dict[str, Any] = {"parse": _folder, "takes": (str, PurePath)}
COUNT: dict[str, Any] = {"parse": _count, "takes": (str, int)}
POSITIVE: dict[str, Any] = {"parse": _positive, "takes": (str, int)}

SETTINGS: tuple[Setting, ...] = (
    Setting("AUDIO_DIR", "audio", "a folder", "Where the music is. A relative path starts at the project's folder.", **FOLDER),
    Setting("MODELS_DIR", "essentia-tf-models", "a folder", "Where the networks' weights are.", **FOLDER),
    Setting("DATABASE_URI", "", "a SQLAlchemy URI", "The database; empty: tagscape.db in the instance folder (SQLite)."),
    Setting(
        "RUNTIME",
        "openvino",
        "the name of a runtime",
        "What runs the networks.",
        choices=("openvino", "onnxruntime", "essentia"),
    ),
    Setting(
        "PRECISION", "f32", "f32 or bf16", "Arithmetic of the networks; bf16 pays on processors with AMX.", choices=("f32", "bf16")
    ),
    Setting("THREADS", 0, "a number of threads, 0 or more", "Threads of the networks; 0: one per processor core.", **COUNT),
    Setting("COMMIT_TRACKS", 32, "a number of tracks", "Tracks written per transaction while extracting.", **POSITIVE),
    Setting("SEED", 42, "a whole number", "Seed of projections.", **COUNT),
    Setting("BUSY_TIMEOUT_S", 30, "seconds", "How long a command waits for a locked database.", **POSITIVE),
    Setting("MAX_POINTS", 1_000_000, "a number of points", "Above it the map shows a uniform sample of the viewport.", **POSITIVE),
    Setting(
        "TRUSTED_HOSTS",
        "",
        "host names with commas",
        "Names to answer under besides localhost and IP addresses; .example.org: all names below it.",
        parse=_hosts,
    ),
)


def load(config: Config | dict[str, Any], environment: Mapping[str, str], instance: Path, root: Path) -> None:
    """Fill `config` with every setting, checked and with absolute folders.

    Raises
    ------
    InvalidError
        A setting is unknown, or its value does not fit.
    """
    given = {**_from_file(instance / "config.py"), **_from_environment(environment)}
    for setting in SETTINGS:
        value, source = given.get(setting.name, (setting.default, "default"))
        config[setting.name] = setting.read(value, source)
    for name in ("AUDIO_DIR", "MODELS_DIR"):
        config[name] = (root / Path(config[name]).expanduser()).absolute()
    config["SQLALCHEMY_DATABASE_URI"] = config["DATABASE_URI"] or f"sqlite:///{instance / 'tagscape.db'}"


def render_example() -> str:
    """The text of `config-example.py`: every setting with its default and unit."""
    lines = [
        "# Every setting of Tagscape with its default. Copy what you change to instance/config.py,",
        "# or set TAGSCAPE_<NAME> in the environment.",
    ]
    for setting in SETTINGS:
        choices = f" One of: {', '.join(setting.choices)}." if setting.choices else ""
        lines += ["", f"# {setting.help}{choices} ({setting.unit})", f"{setting.name} = {json.dumps(setting.default)}"]
    return "\n".join(lines) + "\n"


def _from_file(path: Path) -> dict[str, tuple[Any, str]]:
    if not path.exists():
        return {}
    values = Config(path.parent)
    try:
        values.from_pyfile(path)
    except Exception as error:  # it is a program of somebody else, and may fail in any way
        raise InvalidError(
            "invalid_config", f"{path} cannot be read: {_told(error, path)}.", "Mend it; config-example.py shows how it looks."
        ) from error
    return {_known(name, str(path)): (value, str(path)) for name, value in values.items() if _is_set(value)}


def _told(error: Exception, path: Path) -> str:
    """Where in a file something failed, and what."""
    if isinstance(error, OSError) and error.filename == str(path):
        return str(error.strerror)
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == str(path)]
    number = error.lineno if isinstance(error, SyntaxError) else next(reversed(lines), None)
    what = error.msg if isinstance(error, SyntaxError) else str(error)
    return f"{'' if number is None else f'line {number}: '}{type(error).__name__}{f': {what}' if what else ''}"


def _from_environment(environment: Mapping[str, str]) -> dict[str, tuple[Any, str]]:
    return {
        _known(name.removeprefix(PREFIX), "the environment"): (value, f"{name} in the environment")
        for name, value in environment.items()
        if name.startswith(PREFIX) and name not in ELSEWHERE and _is_set(value)
    }


def _is_set(value: Any) -> bool:
    return value is not None and not (isinstance(value, str) and not value.strip())


def _known(name: str, source: str) -> str:
    names = [setting.name for setting in SETTINGS]
    if name not in names:
        hint = did_you_mean(name, names, "config-example.py lists every setting.")
        raise InvalidError("unknown_setting", f"Unknown setting {name} ({source}).", hint)
    return name

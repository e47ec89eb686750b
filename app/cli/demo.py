"""`flask demo`: a collection to try things with, in an instance of its own."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import click
from flask import current_app

from ..config import SETTINGS
from ..demo.collection import synthesise
from .command import command
from .output import TerminalProgress, print_outcome, printable

__all__ = ["demo"]


@command("demo")
@click.option(
    "--audio-dir", type=click.Path(exists=True, file_okay=False, resolve_path=True, path_type=Path), help="Take this folder."
)
@click.option("--clips", type=click.IntRange(1), help="Make only this many clips, the first ones.")
@click.option("--serve", is_flag=True, help="Then serve the map.")
@click.option("--port", type=click.IntRange(1, 65535), default=5000, show_default=True, help="Where to serve it.")
def demo(audio_dir: Path | None, clips: int | None, serve: bool, port: int) -> None:
    """Synthesise the demo collection and sync it, apart from your own.

    It lives in the folder `demo` of the instance folder and never touches the collection beside it. With --audio-dir the
    same is done for a folder of music, in an instance folder named after it.
    """
    instance = _instance(audio_dir)
    given = audio_dir
    if audio_dir is None:
        audio_dir = instance / "audio"
        print_outcome("clips synthesised", synthesise(audio_dir, TerminalProgress(), clips))
    environment = _environment(instance, audio_dir)
    flask = [sys.executable, "-m", "flask", "--app", "app"]
    root = Path(current_app.root_path).parent
    synced = subprocess.run([*flask, "sync"], cwd=root, env=environment, check=False)
    if synced.returncode:
        sys.exit(synced.returncode)
    if serve:
        click.echo(f"The map: http://127.0.0.1:{port}")
        os.chdir(root)
        os.execve(sys.executable, [*flask, "run", "--port", str(port)], environment)
    click.echo("To look at it, run: flask demo --serve" + (f" --audio-dir {printable(str(given))}" if given else ""))


def _instance(audio_dir: Path | None) -> Path:
    """Return the instance folder of a demo: one for each folder of music."""
    name = "demo"
    if audio_dir is not None:
        name += f"-{audio_dir.name}-{hashlib.sha256(os.fsencode(audio_dir)).hexdigest()[:8]}"
    return Path(current_app.instance_path) / name


def _environment(instance: Path, audio_dir: Path) -> dict[str, str]:
    """Every setting as it is here, but another instance, another folder, and the database of that instance."""
    settings = {f"TAGSCAPE_{setting.name}": str(current_app.config[setting.name]) for setting in SETTINGS}
    apart = {"TAGSCAPE_INSTANCE_PATH": str(instance), "TAGSCAPE_AUDIO_DIR": str(audio_dir), "TAGSCAPE_DATABASE_URI": ""}
    return {**os.environ, **settings, **apart}

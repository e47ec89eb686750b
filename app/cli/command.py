"""How every command runs: errors end it with one sentence, and commands that write wait for nobody and disturb nobody."""

import fcntl
import functools
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from flask import current_app
from flask.cli import with_appcontext

from ..core.errors import MachineError, TagscapeError
from ..store.database import translated

__all__ = ["EXIT_CODES", "command"]

EXIT_CODES = {"invalid": 2, "not_found": 3, "not_ready": 4, "environment": 5, "corrupt": 6}
INTERRUPTED = 130


def command(name: str, *, writes: bool = False) -> Callable[[Callable[..., None]], click.Command]:
    """Declare a command.

    Parameters
    ----------
    name : str
        As typed after `flask`.
    writes : bool
        It writes to the instance: only one such command runs at a time.
    """

    def decorate(function: Callable[..., None]) -> click.Command:
        @click.command(name)
        @click.option("--debug", is_flag=True, help="Show the traceback of an error.")
        @with_appcontext
        @functools.wraps(function)
        def run(*args: Any, debug: bool, **options: Any) -> None:
            try:
                with translated(), _only_writer(name) if writes else _nobody():
                    function(*args, **options)
            except TagscapeError as error:
                if debug:
                    raise
                click.echo(f"Error: {error}", err=True)
                sys.exit(EXIT_CODES[error.kind])
            except KeyboardInterrupt:
                click.echo("Interrupted. Nothing is lost: run the command again to go on.", err=True)
                sys.exit(INTERRUPTED)

        return run

    return decorate


@contextmanager
def _nobody() -> Iterator[None]:
    yield


@contextmanager
def _only_writer(name: str) -> Iterator[None]:
    """Hold the instance's lock. The kernel lets it go when the process ends, however it ends."""
    instance = Path(current_app.instance_path)
    try:
        instance.mkdir(parents=True, exist_ok=True)
        lock = (instance / "write.lock").open("a+")
    except OSError as error:
        raise MachineError(
            "instance_unwritable",
            f"The instance folder cannot be written: {error.strerror}.",
            "Set TAGSCAPE_INSTANCE_PATH to a folder of yours.",
        ) from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise MachineError(
                "already_writing",
                f"Another command is at work: {lock.read().strip()}.",
                "Wait for it to end, or stop it, then run this again.",
            ) from None
        lock.truncate(0)
        lock.write(f"flask {name} (process {os.getpid()})")
        lock.flush()
        yield

"""How every command runs: an error ends it with one sentence; commands that write run one at a time and are recorded."""

import contextlib
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

from ..core.errors import MachineError, NotReadyError, TagscapeError
from ..disk import lock
from ..disk.lock import LockHeldError
from ..store import runs
from ..store.database import database, translated
from .output import counted, print_error, start_counting

__all__ = ["EXIT_CODES", "command", "give_way", "writing"]

EXIT_CODES = {"invalid": 2, "not_found": 3, "not_ready": 4, "environment": 5, "corrupt": 6}
INTERRUPTED = 130
NICENESS = 10


def command(name: str, *, writes: bool = False) -> Callable[[Callable[..., None]], click.Command]:
    """Declare a command.

    Parameters
    ----------
    name : str
        As typed after `flask`.
    writes : bool
        It writes to the instance: only one such command runs at a time, and each is recorded as a run with the counts that it
        printed by `print_outcome`.
    """

    def decorate(function: Callable[..., None]) -> click.Command:
        @click.command(name)
        @click.option("--debug", is_flag=True, help="Show the traceback of an error.")
        @with_appcontext
        @functools.wraps(function)
        def run(*args: Any, debug: bool, **options: Any) -> None:
            start_counting()
            try:
                with translated(), writing(name) if writes else contextlib.nullcontext():
                    function(*args, **options)
            except TagscapeError as error:
                if debug:
                    raise
                print_error(error)
                sys.exit(EXIT_CODES[error.kind])
            except KeyboardInterrupt:
                click.echo("Interrupted. Nothing is lost: run the command again to go on.", err=True)
                sys.exit(INTERRUPTED)

        return run

    return decorate


def give_way() -> None:
    """Leave the processors to others who want them, a server above all, before a command fills them for hours.

    Only in a process of the command's own: a priority that was lowered cannot be raised again.
    """
    if os.environ.get("FLASK_RUN_FROM_CLI") == "true":
        os.nice(NICENESS)


@contextmanager
def writing(name: str) -> Iterator[None]:
    """Be the only command that writes while the block lasts, and record it as a run."""
    with _only_writer(name):
        run_id = _begin(name)
        try:
            yield
        except BaseException as error:
            # also for Ctrl-C and for faults of ours: whatever ends a run is noted, then raised again
            _finish(run_id, _code(error))
            raise
        _finish(run_id, None)


@contextmanager
def _only_writer(name: str) -> Iterator[None]:
    """Hold the instance's lock."""
    instance = Path(current_app.instance_path)
    with contextlib.ExitStack() as stack:
        try:
            instance.mkdir(parents=True, exist_ok=True)
            stack.enter_context(lock.held(instance / runs.LOCK, f"flask {name} (process {os.getpid()})"))
        except LockHeldError as error:
            name = error.holder.name or "it has just started"
            raise MachineError(
                "already_writing",
                f"Another command is at work: {name}.",
                "Wait for it to end, or stop it, then run this again.",
            ) from error
        except OSError as error:
            raise MachineError(
                "instance_unwritable",
                f"The instance folder cannot be written: {error.strerror}.",
                "Set TAGSCAPE_INSTANCE_PATH to a folder of yours.",
            ) from error
        yield


def _begin(name: str) -> int | None:
    """The id of the new run, or None while there are no tables to note it in."""
    session = database.session()
    try:
        with translated():
            run_id = runs.begin(session, name)
            session.commit()
            return run_id
    except NotReadyError:
        session.rollback()
        return None


def _finish(run_id: int | None, error: str | None) -> None:
    if run_id is None:
        return
    session = database.session()
    try:
        with translated():
            session.rollback()
            runs.finish(session, run_id, counted(), error)
            session.commit()
    except TagscapeError:
        # what ended the run may also keep this note from being written: the run stays open, as after a kill, and the first error is
        # the one to report. Without a first error this one is
        session.rollback()
        if error is None:
            raise


def _code(error: BaseException) -> str:
    if isinstance(error, TagscapeError):
        return error.code
    return "interrupted" if isinstance(error, KeyboardInterrupt | click.Abort) else type(error).__name__

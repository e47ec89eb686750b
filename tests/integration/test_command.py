import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import click
import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy.orm import Session

from app.cli.command import EXIT_CODES, command
from app.cli.output import TerminalProgress, print_outcome
from app.core import errors
from app.core.entities import Outcome
from app.core.errors import TagscapeError
from app.disk.lock import Holder
from app.store import runs
from app.store.database import database
from app.store.tables import Run, Track

KINDS = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, TagscapeError)]


@pytest.fixture
def declare(app: Flask) -> Callable[..., None]:
    """Offer `flask try` that runs a function."""

    def declare(function: Callable[[], None], *, writes: bool = True) -> None:
        app.cli.add_command(command("try", writes=writes)(function))

    return declare


@pytest.fixture
def last_run(session: Session) -> Callable[[], Run | None]:
    def last_run() -> Run | None:
        session.expire_all()
        return next(iter(runs.latest(session, 1)), None)

    return last_run


@pytest.fixture
def other_writer(environment: dict[str, str]) -> Iterator[subprocess.Popen]:
    """Another process that holds the instance's lock."""
    code = (
        "import pathlib, sys; from app.disk import lock\n"
        "with lock.held(pathlib.Path(sys.argv[1]), 'flask extract-all (process 7)'): print('held', flush=True); sys.stdin.read()"
    )
    path = Path(environment["TAGSCAPE_INSTANCE_PATH"]) / "write.lock"
    arguments = [sys.executable, "-c", code, str(path)]
    root = Path(__file__).parents[2]
    with subprocess.Popen(arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=root) as process:
        assert process.stdout.readline() == b"held\n"
        yield process
        process.kill()


@pytest.mark.parametrize("kind", KINDS)
def test_an_error_ends_a_command_with_one_sentence_the_next_step_and_its_exit_code(
    declare: Callable[..., None], runner: FlaskCliRunner, kind: type[TagscapeError]
) -> None:
    def fail() -> None:
        raise kind("some_code", "This is wrong.", "Do that.")

    declare(fail, writes=False)
    result = runner.invoke(args=["try"])
    assert (result.stdout, result.stderr) == ("", "Error: This is wrong. Do that.\n")
    assert result.exit_code == EXIT_CODES[kind.kind] != 0


def test_every_kind_of_error_has_an_exit_code_of_its_own() -> None:
    assert {kind.kind for kind in KINDS} == EXIT_CODES.keys()
    assert len(set(EXIT_CODES.values()) - {0, 1}) == len(EXIT_CODES)


def test_the_traceback_is_shown_only_with_debug(declare: Callable[..., None], runner: FlaskCliRunner) -> None:
    def fail() -> None:
        raise TagscapeError("some_code", "This is wrong.")

    declare(fail)
    result = runner.invoke(args=["try", "--debug"])
    assert isinstance(result.exception, TagscapeError)


def test_an_error_cannot_move_the_cursor(declare: Callable[..., None], runner: FlaskCliRunner) -> None:
    def fail() -> None:
        raise TagscapeError("some_code", "evil\x1b[2J\udce9\n.mp3 is wrong.")

    declare(fail)
    assert runner.invoke(args=["try"]).stderr == "Error: evil\\x1b[2J\\udce9\\n.mp3 is wrong.\n"


def test_a_run_is_noted_with_the_sum_of_what_was_printed(
    declare: Callable[..., None], runner: FlaskCliRunner, last_run: Callable[[], Run]
) -> None:
    def work() -> None:
        assert last_run().ended_at is None
        print_outcome("files found", Outcome(done=1, failed=2))
        print_outcome("files read", Outcome(done=10, skipped=3))

    declare(work)
    result = runner.invoke(args=["try"])
    assert result.exit_code == 0, result.exception
    assert result.output == (
        "1 files found, 0 skipped, 2 failed. See: flask status --failures\n10 files read, 3 skipped, 0 failed\n"
    )
    run = last_run()
    assert (run.command, run.n_done, run.n_skipped, run.n_failed, run.error) == ("try", 11, 3, 2, None)
    assert run.ended_at is not None


def test_each_of_several_commands_in_one_is_noted_with_its_own_counts(
    app: Flask, declare: Callable[..., None], runner: FlaskCliRunner, session: Session
) -> None:
    steps = [command(name, writes=True)(lambda: print_outcome("done", Outcome(done=2))) for name in ("one", "two")]
    declare(lambda: [click.get_current_context().invoke(step) for step in steps], writes=False)
    assert runner.invoke(args=["try"]).exit_code == 0
    assert [(run.command, run.n_done) for run in runs.latest(session, 5)] == [("two", 2), ("one", 2)]


@pytest.mark.parametrize(
    ("error", "noted"),
    [
        (TagscapeError("some_code", "Wrong."), "some_code"),
        (KeyboardInterrupt(), "interrupted"),
        (click.Abort(), "interrupted"),
        (ZeroDivisionError(), "ZeroDivisionError"),
    ],
)
def test_a_run_that_ends_early_keeps_its_counts_and_the_reason(
    declare: Callable[..., None], runner: FlaskCliRunner, last_run: Callable[[], Run], error: BaseException, noted: str
) -> None:
    def work() -> None:
        print_outcome("done", Outcome(done=1))
        database.session.add(Track(title="never"))
        database.session.flush()
        raise error

    declare(work)
    assert runner.invoke(args=["try"]).exit_code != 0
    run = last_run()
    assert (run.n_done, run.error) == (1, noted)
    assert run.ended_at is not None
    assert database.session.query(Track).all() == []


def test_an_interrupted_command_says_that_nothing_is_lost(declare: Callable[..., None], runner: FlaskCliRunner) -> None:
    def work() -> None:
        raise KeyboardInterrupt

    declare(work)
    result = runner.invoke(args=["try"])
    assert result.exit_code == 130
    assert "run the command again" in result.stderr


def test_commands_that_only_read_leave_no_trace(
    declare: Callable[..., None], runner: FlaskCliRunner, last_run: Callable[[], Run | None]
) -> None:
    declare(lambda: None, writes=False)
    runner.invoke(args=["try"])
    assert last_run() is None


def test_a_second_writer_is_sent_away_with_the_name_of_the_first(
    declare: Callable[..., None], runner: FlaskCliRunner, other_writer: subprocess.Popen, app: Flask
) -> None:
    done = []
    declare(lambda: done.append(1))
    result = runner.invoke(args=["try"])
    assert result.exit_code == EXIT_CODES["environment"]
    assert "flask extract-all (process 7)" in result.stderr
    assert not done
    assert runs.writer(Path(app.instance_path)) == Holder("flask extract-all (process 7)")


def test_the_lock_of_a_killed_writer_is_free(
    declare: Callable[..., None], runner: FlaskCliRunner, other_writer: subprocess.Popen, app: Flask
) -> None:
    other_writer.kill()
    other_writer.wait()
    done = []
    declare(lambda: done.append(1))
    assert runner.invoke(args=["try"]).exit_code == 0
    assert done
    assert runs.writer(Path(app.instance_path)) is None


def test_the_lock_is_held_under_the_name_of_the_command_while_it_writes(
    declare: Callable[..., None], runner: FlaskCliRunner, app: Flask
) -> None:
    holders = []
    declare(lambda: holders.append(runs.writer(Path(app.instance_path))))
    assert runner.invoke(args=["try"]).exit_code == 0
    assert holders == [Holder(f"flask try (process {os.getpid()})")]
    assert runs.writer(Path(app.instance_path)) is None


def test_progress_off_a_terminal_is_plain_lines(capsys: pytest.CaptureFixture[str]) -> None:
    with TerminalProgress().stretch("Reading", 1_000_000, "files") as advance:
        for _ in range(4):
            advance(250_000)
    assert capsys.readouterr().err == "Reading: 1,000,000 files in 00:00\n"


def test_progress_tells_of_long_work_now_and_then(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter(range(0, 1000, 4))
    monkeypatch.setattr("app.cli.output.time.monotonic", lambda: next(clock))
    with TerminalProgress().stretch("Reading", 100, "files") as advance:
        for _ in range(4):
            advance(25)
    first, *_, last = capsys.readouterr().err.splitlines()
    assert first == "Reading: 75 of 100 files, 6.2/s, 00:04 left"
    assert last.startswith("Reading: 100 files in ")


def test_nothing_to_do_is_not_spoken_of(capsys: pytest.CaptureFixture[str]) -> None:
    with TerminalProgress().stretch("Reading", 0, "files"):
        pass
    assert capsys.readouterr().err == ""

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from app.disk import lock
from app.disk.lock import Holder, LockHeldError

ROOT = Path(__file__).parents[2]
STARTS = 3000
HOLD = """
import pathlib, sys
from app.disk import lock
with lock.held(pathlib.Path(sys.argv[1]), "other"):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "write.lock"


@contextmanager
def other_process(path: Path) -> Iterator[subprocess.Popen]:
    """A process that holds the lock until its input ends."""
    arguments = [sys.executable, "-c", HOLD, str(path)]
    with subprocess.Popen(arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT) as process:
        assert process.stdout.readline() == b"held\n"
        yield process
        process.kill()


@contextmanager
def asked_all_the_time(path: Path) -> Iterator[list[Holder | None]]:
    """What a thread is answered that asks without a pause."""
    answers: list[Holder | None] = []
    stopped = threading.Event()

    def ask() -> None:
        while not stopped.is_set():
            answers.append(lock.holder(path))

    thread = threading.Thread(target=ask)
    thread.start()
    try:
        yield answers
    finally:
        stopped.set()
        thread.join()


def test_asking_turns_no_holder_away_and_names_none_that_is_gone(path: Path) -> None:
    with asked_all_the_time(path) as answers:
        for start in range(STARTS):
            before = len(answers)
            with lock.held(path, str(start)):
                assert lock.holder(path) == Holder(str(start))
            # the thread may have asked while this holder or its predecessor was there, never later
            named = {int(answer.name) for answer in answers[before + 1 :] if answer and answer.name}
            assert named <= {start - 1, start}
    assert len(answers) > STARTS / 10, "the other thread did ask"


def test_a_second_holder_is_told_of_the_first(path: Path) -> None:
    with lock.held(path, "first"), pytest.raises(LockHeldError) as refused, lock.held(path, "second"):
        pass
    assert refused.value.holder == Holder("first")


def test_a_lock_that_nobody_holds_has_no_holder(path: Path) -> None:
    assert lock.holder(path) is None
    with lock.held(path, "first"):
        pass
    assert lock.holder(path) is None


def test_another_process_is_seen_and_its_lock_is_free_when_it_is_killed(path: Path) -> None:
    with other_process(path) as process:
        assert lock.holder(path) == Holder("other")
        with pytest.raises(LockHeldError, match="other"), lock.held(path, "mine"):
            pass
        process.kill()
        process.wait()
        assert lock.holder(path) is None
        with lock.held(path, "mine"):
            assert lock.holder(path) == Holder("mine")


def test_a_holder_that_has_not_written_its_name_yet_is_not_taken_for_the_one_before(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with other_process(path) as process:
        process.kill()
        process.wait()
    assert b"other" in path.read_bytes(), "what the killed one left"
    with path.open("r+b") as file:
        lock._take(file.fileno(), 5)
        assert lock.holder(path) == Holder(None)
        path.write_text("5 half of a na")
        assert lock.holder(path) == Holder(None)


def test_asking_makes_no_file(path: Path) -> None:
    assert lock.holder(path) is None
    assert not path.exists()


def test_of_many_that_try_at_once_one_at_a_time_gets_the_lock(path: Path) -> None:
    inside, most, done = [], [], []

    def work(name: str) -> None:
        while done.count(name) < 50:
            with suppress(LockHeldError), lock.held(path, name):
                inside.append(name)
                most.append(len(inside))
                inside.remove(name)
                done.append(name)

    threads = [threading.Thread(target=work, args=(str(i),)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(done) == 200
    assert max(most) == 1

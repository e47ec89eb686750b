"""What benchmarks measure with is itself right."""

import signal
from pathlib import Path

import numpy as np
import pytest

from benchmarks.instance import Instance

LARGE_MB, SMALL_MB = 600, 300


@pytest.fixture
def instance(tmp_path: Path) -> Instance:
    (tmp_path / "audio").mkdir()
    return Instance(tmp_path, {}, tmp_path / "models")


def test_the_peak_memory_of_a_command_is_its_own_however_much_the_process_holds_that_measures(instance: Instance) -> None:
    held = np.ones(LARGE_MB * 2**20, np.uint8)
    finished = instance.flask("--version")
    assert held.sum() == held.size
    assert 10 < finished.peak_mb < SMALL_MB


def test_a_command_that_fails_is_told_with_what_it_printed(instance: Instance) -> None:
    with pytest.raises(RuntimeError, match="No such command 'dance'"):
        instance.flask("dance")


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="only Linux tells whose processes are left")
def test_a_killed_command_leaves_no_process(instance: Instance) -> None:
    _, status = instance.flask_until(2.0, "run", "--port", "0")
    assert status == -signal.SIGKILL
    assert not [path for path in Path("/proc").glob("[0-9]*/environ") if str(instance.folder) in _text(path)]


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode(errors="replace")
    except OSError:
        return ""

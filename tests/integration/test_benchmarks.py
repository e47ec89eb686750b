"""What benchmarks measure with is itself right."""

import json
import shutil
import signal
import subprocess
from pathlib import Path

import numpy as np
import pytest

from benchmarks.instance import Instance
from benchmarks.labels import PLACEMENT

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


@pytest.mark.skipif(shutil.which("node") is None, reason="needs Node.js")
def test_labels_are_placed_in_viewports_as_the_browser_places_them() -> None:
    label = {"level": 0, "parent": None, "weight": 9, "width": 80, "height": 24}
    seen = []
    for track in (None, 7):
        labels = [{**label, "x": x, "y": 0.5, "text": f"word {x}", "track": track} for x in (0.4, 0.41, 0.9)]
        asked = json.dumps({"labels": labels, "extent": [0, 1, 0, 1]})
        answer = subprocess.run(["node", PLACEMENT], input=asked, capture_output=True, text=True, check=True)
        found = json.loads(answer.stdout)
        assert found["overlaps"] == 0
        seen.append(found["seen"])
    # a track is named once where words are all seen
    assert seen[0] > seen[1] > 0


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode(errors="replace")
    except OSError:
        return ""

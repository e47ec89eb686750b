import os
import subprocess
import sys
from pathlib import Path

import pytest

from app.disk import machine


def test_only_processors_that_this_process_may_use_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: {2, 5, 7}, raising=False)
    assert machine.n_processors() == 3


@pytest.mark.parametrize(("said", "counted"), [(8, 8), (None, 1)])
def test_where_the_system_does_not_tell_which_all_of_them_are(
    monkeypatch: pytest.MonkeyPatch, said: int | None, counted: int
) -> None:
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: said)
    assert machine.n_processors() == counted


def test_flags_are_those_of_the_processor_and_unknown_where_the_system_has_none(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    facts = tmp_path / "cpuinfo"
    monkeypatch.setattr(machine, "PROCESSOR_FACTS", facts)
    assert machine.processor_flags() is None
    facts.write_text("processor\t: 0\nflags\t\t: fpu avx2 amx_bf16\nbugs\t\t: none\n", encoding="utf-8")
    assert machine.processor_flags() == {"fpu", "avx2", "amx_bf16"}


def test_the_program_starts_where_what_only_linux_has_is_absent() -> None:
    """What macOS lacks is taken away before anything of ours is imported."""
    code = """
import os
for name in ("sched_getaffinity", "sched_setaffinity", "posix_fadvise", "memfd_create", "splice", "copy_file_range"):
    if hasattr(os, name):
        delattr(os, name)
import app.cli.demo, app.cli.sync, app.cli.extract, app.web
from app.disk import machine
assert machine.n_processors() >= 1
from app import create_app
create_app({"TAGSCAPE_INSTANCE_PATH": "/nonexistent"})
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=Path(__file__).parents[2])
    assert done.returncode == 0, done.stderr

"""Long commands leave the processors to a server, and never change the priority of a process that is not their own."""

import os

import pytest
from flask.testing import FlaskCliRunner
from sqlalchemy.orm import Session

from tests import collection


@pytest.mark.parametrize("is_own_process", [True, False])
def test_a_command_that_fills_the_processors_gives_way_in_its_own_process(
    session: Session, runner: FlaskCliRunner, monkeypatch: pytest.MonkeyPatch, is_own_process: bool
) -> None:
    collection.synthesise(session, 3, ("msd-musicnn",))
    lowered: list[int] = []
    monkeypatch.setattr(os, "nice", lowered.append)
    # what `flask` sets when it is called from a shell, and a test's runner does not
    if is_own_process:
        monkeypatch.setenv("FLASK_RUN_FROM_CLI", "true")
    else:
        monkeypatch.delenv("FLASK_RUN_FROM_CLI", raising=False)
    result = runner.invoke(args=["reduce-all", "--projection", "std-pca"])
    assert result.exit_code == 0, result.output
    assert lowered == ([10] if is_own_process else [])

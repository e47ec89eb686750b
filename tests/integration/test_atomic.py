"""Files and folders that appear whole or not at all."""

import os
from pathlib import Path

import pytest

from app.disk.atomic import folder_beside, replaced


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_takes_its_name_only_when_it_is_complete(tmp_path: Path):
    target = tmp_path / "features.npz"
    target.write_text("before")
    with replaced(target) as part:
        part.write_text("after")
        assert target.read_text() == "before"
    assert target.read_text() == "after"
    assert names(tmp_path) == ["features.npz"]


def test_a_failure_leaves_what_was_there_and_nothing_else(tmp_path: Path):
    target = tmp_path / "features.npz"
    target.write_text("before")

    def interrupted() -> None:
        with replaced(target) as part:
            part.write_text("half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert target.read_text() == "before"
    assert names(tmp_path) == ["features.npz"]


@pytest.mark.parametrize("name", ["a.npz", "what [is] *this?.npz"])
def test_what_a_killed_process_left_is_removed_when_it_is_old(tmp_path: Path, name: str):
    young, old, other = (tmp_path / f".{stem}.{process}.part" for stem, process in ((name, 1), (name, 2), ("b.npz", 3)))
    for part in (young, old, other):
        part.write_text("half")
    for part in (old, other):
        os.utime(part, (0, 0))
    with replaced(tmp_path / name) as part:
        part.write_text("whole")
    assert names(tmp_path) == sorted([name, young.name, other.name])


def test_a_folder_that_was_not_renamed_is_removed(tmp_path: Path):
    with folder_beside(tmp_path / "edition") as folder:
        (folder / "rows.npy").write_text("half")
    assert names(tmp_path) == []
    with folder_beside(tmp_path / "edition") as folder:
        folder.rename(tmp_path / "edition")
    assert names(tmp_path) == ["edition"]

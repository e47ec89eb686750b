import hashlib
import os
from pathlib import Path

import av
import mutagen
import numpy as np
import pytest
from flask.testing import FlaskCliRunner

import app.demo.collection as collection
from app.core.errors import MachineError
from app.core.progress import Silent
from app.demo.catalogue import FORMATS, clips

MP4 = {"title": "\xa9nam", "artist": "\xa9ART", "album": "\xa9alb", "date": "\xa9day", "genre": "\xa9gen"}
ID3 = {"title": "TIT2", "artist": "TPE1", "album": "TALB", "date": "TDRC", "genre": "TCON"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo")
    outcome = collection.synthesise(folder, Silent(), limit=len(FORMATS))
    assert (outcome.done, outcome.skipped, outcome.failed) == (len(FORMATS), 0, 0)
    return folder


def digests(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.rglob("*") if path.is_file()
    }


@pytest.mark.parametrize("index", range(len(FORMATS)))
def test_a_clip_decodes_to_the_sound_that_was_made(folder: Path, index: int):
    clip = clips()[index]
    with av.open(str(folder / clip.path)) as container:
        stream = container.streams.audio[0]
        assert (stream.rate, stream.channels) == (clip.format.sample_rate_hz, clip.format.n_channels)
        resampler = av.AudioResampler(format="fltp", layout="mono", rate=stream.rate)
        heard = np.concatenate([part.to_ndarray()[0] for frame in container.decode(stream) for part in resampler.resample(frame)])
    assert len(heard) / clip.format.sample_rate_hz == pytest.approx(clip.duration_s, abs=0.08)
    made = collection.render(clip).mean(axis=0)
    envelope = [np.sqrt((part[: 4000 * 200].reshape(-1, 4000) ** 2).mean(axis=1)) for part in (heard, made)]
    assert np.corrcoef(*envelope)[0, 1] > 0.9


@pytest.mark.parametrize("index", range(len(FORMATS)))
def test_a_clip_carries_its_tags(folder: Path, index: int):
    clip = clips()[index]
    tags = mutagen.File(folder / clip.path).tags
    names = MP4 if clip.format.suffix == "m4a" else ID3 if clip.format.suffix in ("mp3", "wav") else {name: name for name in ID3}
    read = {name: str(tags[key][0] if isinstance(tags[key], list) else tags[key]) for name, key in names.items()}
    expected = {"title": clip.title, "artist": clip.artist, "album": clip.album, "date": str(clip.year), "genre": clip.style}
    assert read == expected


def test_the_folder_says_that_its_music_is_free(folder: Path):
    assert "CC0 1.0" in (folder / "LICENCE.txt").read_text(encoding="utf-8")


def test_making_it_again_keeps_what_is_there_and_makes_what_is_not(folder: Path, tmp_path: Path):
    before = digests(folder)
    lost = clips()[2]
    (folder / lost.path).unlink()
    # what a killed run leaves
    half = (folder / lost.path).with_name(f".{Path(lost.path).name}.1.part")
    half.write_bytes(b"half")
    os.utime(half, (0, 0))
    outcome = collection.synthesise(folder, Silent(), limit=len(FORMATS))
    assert (outcome.done, outcome.skipped) == (1, len(FORMATS) - 1)
    assert digests(folder) == before


def test_an_interrupted_run_leaves_no_half_a_clip(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def interrupted(path: Path, clip: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(collection, "tag", interrupted)
    with pytest.raises(KeyboardInterrupt):
        collection.synthesise(tmp_path, Silent(), limit=1)
    assert not (tmp_path / clips()[0].path).exists()


def test_a_folder_that_cannot_be_written_is_named_as_the_reason(tmp_path: Path):
    (tmp_path / "file").write_text("")
    with pytest.raises(MachineError, match="cannot be written"):
        collection.synthesise(tmp_path / "file" / "demo", Silent(), limit=1)


class Runs:
    """Takes the place of `subprocess.run`: notes what would run."""

    def __init__(self, returncode: int = 0) -> None:
        self.returncode, self.commands, self.environments = returncode, [], []

    def run(self, arguments: list[str], *, env: dict[str, str], **_: object) -> "Runs":
        self.commands.append(arguments)
        self.environments.append(env)
        return self


def test_the_demo_has_an_instance_a_folder_and_a_database_of_its_own(
    runner: FlaskCliRunner, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
):
    runs = Runs()
    monkeypatch.setattr("subprocess.run", runs.run)
    monkeypatch.setenv("TAGSCAPE_DATABASE_URI", "postgresql://somewhere/mine")
    result = runner.invoke(args=["demo", "--clips", "1"])
    assert result.exit_code == 0, result.output
    assert runs.commands[0][-1] == "sync"
    instance = Path(environment["TAGSCAPE_INSTANCE_PATH"]) / "demo"
    (used,) = runs.environments
    assert used["TAGSCAPE_INSTANCE_PATH"] == str(instance)
    assert used["TAGSCAPE_AUDIO_DIR"] == str(instance / "audio")
    assert used["TAGSCAPE_MODELS_DIR"] == environment["TAGSCAPE_MODELS_DIR"]
    assert used["TAGSCAPE_DATABASE_URI"] == ""
    assert (instance / "audio" / clips()[0].path).exists()
    assert not any(Path(environment["TAGSCAPE_AUDIO_DIR"]).iterdir())


def test_folders_of_the_same_name_have_instances_of_their_own(
    runner: FlaskCliRunner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    runs = Runs()
    monkeypatch.setattr("subprocess.run", runs.run)
    folders = [tmp_path / "a" / "music", tmp_path / "b" / "music"]
    for folder in folders:
        folder.mkdir(parents=True)
        assert runner.invoke(args=["demo", "--audio-dir", str(folder)]).exit_code == 0
        assert not any(folder.iterdir()), "nothing is written into the music"
    assert [used["TAGSCAPE_AUDIO_DIR"] for used in runs.environments] == [str(folder) for folder in folders]
    assert len({used["TAGSCAPE_INSTANCE_PATH"] for used in runs.environments}) == 2


def test_a_demo_whose_sync_fails_fails_alike(runner: FlaskCliRunner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("subprocess.run", Runs(returncode=4).run)
    assert runner.invoke(args=["demo", "--audio-dir", str(tmp_path)]).exit_code == 4


def test_a_folder_that_is_not_there_is_refused(runner: FlaskCliRunner, tmp_path: Path):
    result = runner.invoke(args=["demo", "--audio-dir", str(tmp_path / "gone")])
    assert result.exit_code == 2
    assert "does not exist" in result.output

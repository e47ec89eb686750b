"""The reference runtime against its own stored numbers; needs essentia-tensorflow (requirements/essentia.txt)."""

import csv
from pathlib import Path

import numpy as np
import pytest

from app.audio.patches import PatchStream
from app.core.errors import InvalidError
from app.core.spaces import Layer
from app.networks.runtimes import factory

from .. import tones, vggish

pytest.importorskip("essentia.standard", reason="needs essentia-tensorflow: pip install -r requirements/essentia.txt")
NAMES = ("msd-musicnn", "msd-vgg", "mtt-musicnn", "mtt-vgg")


def test_essentia_gives_the_stored_numbers(shared: Path) -> None:
    with (shared / "audio" / "manifest.csv").open(encoding="utf-8") as file:
        path = min(csv.DictReader(file), key=lambda row: float(row["duration_s"]))["path"]
    engine = factory.load(shared / "networks", NAMES, "essentia", "f32", 0)
    vectors = engine.predict_file(shared / "audio" / path, NAMES)
    for name in NAMES:
        for layer in Layer:
            golden = np.load(shared / "golden" / "essentia" / f"{name}-{layer}.npz")[path]
            np.testing.assert_allclose(vectors[name][layer], golden, atol=1e-5, rtol=0)


def test_vggish_runs_on_weights_placed_by_hand(shared: Path, tmp_path: Path) -> None:
    """Its log-mel is that of our own front end, its embeddings are those of a forward pass in NumPy."""
    (tmp_path / "audioset-vggish-3.pb").write_bytes(vggish.frozen_graph(vggish.tensors()))
    engine = factory.load(tmp_path, ["audioset-vggish"], "essentia", "f32", 0)
    path = shared / "audio" / "browserquest" / "boss.mp3"
    embeddings = engine.predict_file(path, ["audioset-vggish"])["audioset-vggish"][Layer.EMBEDDINGS]
    patches = np.concatenate([patches for _, patches in PatchStream(path, ["vggish"])])
    expected = vggish.forward(vggish.tensors(), patches)
    assert embeddings.shape == expected.shape
    assert np.linalg.norm(embeddings - expected) / np.linalg.norm(expected) < 1e-3


def test_a_network_whose_patch_is_longer_than_the_file_is_left_out(shared: Path, tmp_path: Path) -> None:
    engine = factory.load(shared / "networks", ["msd-vgg"], "essentia", "f32", 0)
    assert engine.predict_file(tones.write_tone(tmp_path / "short.wav", duration_s=2), ["msd-vgg"]) == {}


def test_opus_is_refused_before_essentia_ends_the_process(shared: Path, tmp_path: Path) -> None:
    engine = factory.load(shared / "networks", ["msd-vgg"], "essentia", "f32", 0)
    with pytest.raises(InvalidError, match=r"tone.opus is Opus, which essentia does not decode. Use --runtime openvino."):
        engine.predict_file(tones.write_tone(tmp_path / "tone.opus", duration_s=4), ["msd-vgg"])


def test_what_essentia_cannot_decode_is_refused_without_its_path(shared: Path, tmp_path: Path) -> None:
    engine = factory.load(shared / "networks", ["msd-vgg"], "essentia", "f32", 0)
    (tmp_path / "noise.mp3").write_bytes(b"no sound " * 1000)
    with pytest.raises(InvalidError) as caught:
        engine.predict_file(tmp_path / "noise.mp3", ["msd-vgg"])
    assert caught.value.message == "Essentia cannot decode noise.mp3."

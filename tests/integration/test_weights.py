"""Which file is a network's, and what is wrong with it; runtimes with weights that are placed by hand."""

import hashlib
from pathlib import Path

import numpy as np
import pytest

from app.core.errors import CorruptError, InvalidError, MachineError, NotReadyError
from app.core.spaces import Layer
from app.networks import catalogue, graph, weights
from app.networks.runtimes import factory

from .. import vggish

VGGISH = "audioset-vggish"


@pytest.fixture
def models(tmp_path: Path) -> Path:
    folder = tmp_path / "models"
    folder.mkdir()
    return folder


def put_vggish(models: Path, name: str) -> None:
    entry = catalogue.by_name(VGGISH)
    frozen = name.endswith(".pb")
    content = (
        vggish.frozen_graph(vggish.tensors())
        if frozen
        else graph.build("vggish", vggish.tensors(), entry.geometry, {Layer.EMBEDDINGS: 128})
    )
    (models / name).write_bytes(content)


@pytest.mark.parametrize(
    ("runtime", "name"),
    [
        ("openvino", "audioset-vggish.onnx"),
        ("openvino", "audioset-vggish.pb"),
        ("openvino", "audioset-vggish-3.pb"),
        ("onnxruntime", "audioset-vggish.onnx"),
    ],
)
def test_vggish_runs_on_weights_placed_by_hand(models: Path, runtime: str, name: str) -> None:
    put_vggish(models, name)
    engine = factory.load(models, [VGGISH], runtime, "f32", 2)
    assert engine.front_ends == {VGGISH: "vggish"}
    patches = vggish.patches(9)
    embeddings = engine.predict("vggish", patches, [VGGISH])[VGGISH][Layer.EMBEDDINGS]
    np.testing.assert_allclose(embeddings, vggish.forward(vggish.tensors(), patches), atol=1e-5, rtol=0)


@pytest.mark.parametrize("runtime", ["openvino", "onnxruntime"])
def test_no_patches_give_no_rows(models: Path, runtime: str) -> None:
    put_vggish(models, "audioset-vggish.onnx")
    engine = factory.load(models, [VGGISH], runtime, "f32", 1)
    assert engine.predict("vggish", vggish.patches(0), [VGGISH])[VGGISH][Layer.EMBEDDINGS].shape == (0, 128)


def test_the_plain_name_comes_before_versions_and_the_highest_version_before_others(models: Path) -> None:
    for name in ("audioset-vggish-9.pb", "audioset-vggish-10.pb", "audioset-vggish-x.pb"):
        (models / name).write_bytes(b"\x0a\x01" + name[-4:-3].encode())
    assert weights.find(models, VGGISH).path.name == "audioset-vggish-10.pb"
    (models / "audioset-vggish.pb").write_bytes(b"\x0a\x01a")
    found = weights.find(models, VGGISH)
    assert found.path.name == "audioset-vggish.pb"
    assert found.sha256 == hashlib.sha256(b"\x0a\x01a").hexdigest()


def test_missing_weights_name_the_next_step(models: Path) -> None:
    with pytest.raises(NotReadyError, match=r"No weights for msd-vgg in models/\. Run: flask install-networks msd-vgg"):
        weights.find(models, "msd-vgg")
    with pytest.raises(NotReadyError, match=r"Put audioset-vggish-3\.pb from https://essentia\.upf\.edu/models\.html there\."):
        weights.find(models, VGGISH)


def test_without_a_folder_there_are_no_weights(tmp_path: Path) -> None:
    assert weights.available(tmp_path / "none") == ()
    with pytest.raises(NotReadyError, match="No weights for msd-vgg in none/"):
        weights.find(tmp_path / "none", "msd-vgg")


@pytest.mark.parametrize(
    "content", [b"", b"no graph at all", vggish.frozen_graph(vggish.tensors())[:-1000]], ids=["empty", "text", "cut"]
)
def test_a_frozen_graph_that_is_not_whole_is_damaged(models: Path, content: bytes) -> None:
    (models / "audioset-vggish.pb").write_bytes(content)
    with pytest.raises(
        CorruptError,
        match=r"models/audioset-vggish.pb is damaged\. Download it again from https://essentia\.upf\.edu/models\.html\.",
    ):
        factory.load(models, [VGGISH], "openvino", "f32", 1)


@pytest.mark.parametrize(("runtime", "suffix"), [("openvino", "pb"), ("openvino", "onnx"), ("onnxruntime", "onnx")])
def test_a_graph_of_another_network_is_refused(models: Path, runtime: str, suffix: str) -> None:
    """Whole, readable, but its layers are others."""
    tensors = vggish.tensors()
    tensors["vggish/fc2/weights"] = tensors["vggish/fc2/weights"][:, :64]
    tensors["vggish/fc2/biases"] = tensors["vggish/fc2/biases"][:64]
    geometry = catalogue.by_name(VGGISH).geometry
    content = vggish.frozen_graph(tensors) if suffix == "pb" else graph.build("vggish", tensors, geometry, {Layer.EMBEDDINGS: 64})
    (models / f"audioset-vggish.{suffix}").write_bytes(content)
    with pytest.raises(CorruptError, match=f"models/audioset-vggish.{suffix} is not a graph of AudioSet VGGish"):
        factory.load(models, [VGGISH], runtime, "f32", 1)


@pytest.mark.parametrize("runtime", ["openvino", "onnxruntime"])
def test_a_graph_that_the_runtime_cannot_read_is_refused(models: Path, runtime: str) -> None:
    (models / "audioset-vggish.onnx").write_bytes(b"\x0a\x03abc")
    with pytest.raises(CorruptError, match="is not a graph of AudioSet VGGish"):
        factory.load(models, [VGGISH], runtime, "f32", 1)


def test_onnxruntime_says_that_it_reads_no_frozen_graph(models: Path) -> None:
    put_vggish(models, "audioset-vggish-3.pb")
    with pytest.raises(NotReadyError, match=r"onnxruntime does not read models/audioset-vggish-3.pb. Use --runtime openvino."):
        factory.load(models, [VGGISH], "onnxruntime", "f32", 1)
    (models / "msd-vgg.pb").write_bytes(b"\x0a\x01a")
    with pytest.raises(NotReadyError, match=r"Run: flask install-networks msd-vgg, or use --runtime openvino\."):
        factory.load(models, ["msd-vgg"], "onnxruntime", "f32", 1)


def test_essentia_says_that_it_reads_no_onnx(models: Path) -> None:
    put_vggish(models, "audioset-vggish.onnx")
    with pytest.raises(NotReadyError, match=r"essentia does not read models/audioset-vggish\.onnx\. Put a frozen TensorFlow graph"):
        factory.load(models, [VGGISH], "essentia", "f32", 1)


def test_a_runtime_refuses_a_precision_it_does_not_compute_in(models: Path) -> None:
    put_vggish(models, "audioset-vggish.onnx")
    with pytest.raises(InvalidError, match="onnxruntime computes in f32, not in bf16"):
        factory.load(models, [VGGISH], "onnxruntime", "bf16", 1)


def test_an_unknown_runtime_is_named(models: Path) -> None:
    with pytest.raises(InvalidError, match=r"Unknown runtime 'torch'\. Use one of: openvino, onnxruntime, essentia\."):
        factory.load(models, [VGGISH], "torch", "f32", 1)


@pytest.mark.parametrize(
    ("runtime", "library"), [("openvino", "openvino"), ("onnxruntime", "onnxruntime"), ("essentia", "essentia")]
)
def test_a_missing_library_is_told_with_how_to_install_it(
    models: Path, runtime: str, library: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_vggish(models, "audioset-vggish.pb" if runtime == "essentia" else "audioset-vggish.onnx")
    monkeypatch.setitem(__import__("sys").modules, library, None)
    with pytest.raises(MachineError, match=f"The library {library}.* is not installed. Run: pip install"):
        factory.load(models, [VGGISH], runtime, "f32", 1)

"""Graphs compute what their architecture says."""

import numpy as np
import onnx
import onnxruntime
import pytest

from app.core.spaces import Layer
from app.networks import catalogue, graph

from .. import vggish


def build_vggish() -> bytes:
    return graph.build("vggish", vggish.tensors(), catalogue.by_name("audioset-vggish").geometry, {Layer.EMBEDDINGS: 128})


def test_vggish_gives_what_a_forward_pass_in_numpy_gives() -> None:
    patches = vggish.patches(3)
    session = onnxruntime.InferenceSession(build_vggish(), providers=["CPUExecutionProvider"])
    embeddings = session.run(["embeddings"], {"patches": patches})[0]
    expected = vggish.forward(vggish.tensors(), patches)
    assert np.abs(expected).max() > 0.5
    np.testing.assert_allclose(embeddings, expected, atol=1e-5, rtol=0)


def test_the_same_tensors_give_the_same_bytes() -> None:
    assert build_vggish() == build_vggish()


def test_a_graph_takes_any_number_of_segments() -> None:
    value = onnx.load_model_from_string(build_vggish()).graph.input[0]
    assert [size.dim_param or size.dim_value for size in value.type.tensor_type.shape.dim] == ["n_segments", 96, 64]


def test_a_missing_tensor_is_named() -> None:
    tensors = vggish.tensors()
    del tensors["vggish/fc2/biases"]
    with pytest.raises(KeyError, match="vggish/fc2/biases"):
        graph.build("vggish", tensors, catalogue.by_name("audioset-vggish").geometry, {Layer.EMBEDDINGS: 128})

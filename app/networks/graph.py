"""Builds ONNX graphs of MusiCNN, VGG and VGGish from their tensors.

Architectures: Pons and Serra, "musicnn: pre-trained convolutional neural networks for music audio tagging" (2019), and
Hershey et al., "CNN architectures for large-scale audio classification" (2017). All graphs take `patches` [n, frames, bands]
and give layers by name. What is computed here is computed element by element in float64, so the same tensors give the same
bytes on every machine.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..core.geometry import PatchGeometry
from ..core.spaces import Layer

__all__ = ["build"]

Tensors = Mapping[str, NDArray[np.float32]]

OPSET = 17
IR_VERSION = 8
EPSILON = 1e-3
"""What the networks' batch normalisation adds to the variance (TensorFlow's default)."""


def build(architecture: str, tensors: Tensors, geometry: PatchGeometry, n_dims: Mapping[Layer, int]) -> bytes:
    """A network as a serialised ONNX model.

    Parameters
    ----------
    architecture : str
        `musicnn`, `vgg` or `vggish`.
    tensors : Mapping[str, np.ndarray]
        By the names of the checkpoint; kernels are [height, width, in, out].
    geometry : PatchGeometry
        The shape of the input.
    n_dims : Mapping[Layer, int]
        The layers to offer.

    Raises
    ------
    KeyError
        A tensor is missing, or the architecture is unknown.
    """
    import onnx

    graph = _Graph()
    patches = graph("Unsqueeze", "patches", graph.integers(1))
    {"musicnn": _musicnn, "vgg": _vgg, "vggish": _vggish}[architecture](graph, tensors, patches)
    shape = ["n_segments", geometry.frames_per_patch, geometry.n_bands]
    described = onnx.helper.make_graph(
        graph.nodes,
        architecture,
        [onnx.helper.make_tensor_value_info("patches", onnx.TensorProto.FLOAT, shape)],
        [onnx.helper.make_tensor_value_info(layer, onnx.TensorProto.FLOAT, ["n_segments", n]) for layer, n in n_dims.items()],
        graph.constants,
    )
    opsets = [onnx.helper.make_opsetid("", OPSET)]
    model = onnx.helper.make_model(described, opset_imports=opsets, ir_version=IR_VERSION, producer_name="tagscape")
    onnx.checker.check_model(model, full_check=True)
    # The catalogue names the sha256 of these bytes, so protobuf must not choose the order of what has none.
    return bytes(model.SerializeToString(deterministic=True))


class _Graph:
    """Nodes and constants in the making. Calling it adds a node and gives the name of its output."""

    def __init__(self) -> None:
        self.nodes: list[Any] = []
        self.constants: list[Any] = []

    def __call__(self, operator: str, *inputs: str, name: str = "", **attributes: Any) -> str:
        from onnx import helper

        name = name or f"node_{len(self.nodes)}"
        self.nodes.append(helper.make_node(operator, list(inputs), [name], name=name, **attributes))
        return name

    def floats(self, values: ArrayLike) -> str:
        # The only place where float64 becomes float32: whatever was computed before is rounded once.
        return self._constant(np.ascontiguousarray(values, np.float32))

    def integers(self, *values: int) -> str:
        return self._constant(np.array(values, np.int64))

    def _constant(self, values: NDArray[Any]) -> str:
        from onnx import numpy_helper

        name = f"constant_{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(values, name))
        return name

    def scale(self, x: str, gain: NDArray[np.float64], offset: NDArray[np.float64], axis: int, rank: int, name: str = "") -> str:
        """`gain * x + offset`, one of each per index of `axis`."""
        shape = [1] * rank
        shape[axis] = -1
        product = self("Mul", x, self.floats(gain.reshape(shape)))
        return self("Add", product, self.floats(offset.reshape(shape)), name=name)

    def dense(self, x: str, kernel: NDArray[np.float32], bias: NDArray[np.float32], name: str = "") -> str:
        return self("Gemm", x, self.floats(kernel), self.floats(bias), name=name)


def _normalisation(tensors: Tensors, index: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Gain and offset of a trained batch normalisation."""
    prefix = f"batch_normalization_{index}" if index else "batch_normalization"
    gamma, beta, mean, variance = (
        tensors[f"{prefix}/{part}"].astype(np.float64) for part in ("gamma", "beta", "moving_mean", "moving_variance")
    )
    gain = gamma / np.sqrt(variance + EPSILON)
    return gain, beta - mean * gain


def _convolve_and_pool(
    graph: _Graph, x: str, tensors: Tensors, name: str, index: int, pads: list[int], pool: list[int], strides: list[int]
) -> str:
    """Convolution, ReLU, batch normalisation and max-pooling, in an order that costs less.

    What follows the convolution is monotone per channel, so pooling may come first and the rest then sees fewer values. Where the
    normalisation's gain is negative it falls: there the filter is negated before the pooling and its result after it.
    """
    gain, offset = _normalisation(tensors, index)
    kernel = tensors[f"{name}/kernel"].transpose(3, 2, 0, 1)
    sign = np.where(gain < 0, -1.0, 1.0)
    weights, bias = graph.floats(kernel * sign[:, None, None, None]), graph.floats(tensors[f"{name}/bias"] * sign)
    x = graph("MaxPool", graph("Conv", x, weights, bias, pads=pads), kernel_shape=pool, strides=strides)
    if np.any(sign < 0):
        x = graph("Mul", x, graph.floats(sign.reshape(1, -1, 1, 1)))
    return graph.scale(graph("Relu", x), gain, offset, axis=1, rank=4)


def _musicnn(graph: _Graph, tensors: Tensors, patches: str) -> None:
    n_bands = 96
    x = graph.scale(patches, *_normalisation(tensors, 0), axis=1, rank=4)
    front = []
    for index in range(5):
        name = f"conv2d_{index}" if index else "conv2d"
        n_frames, n_kernel_bands = tensors[f"{name}/kernel"].shape[:2]
        # TensorFlow's SAME padding: of an odd number of zeros, the one too many goes behind.
        before = (n_frames - 1) // 2
        pads = [before, 0, n_frames - 1 - before, 0]
        width = n_bands - n_kernel_bands + 1
        # The maximum over all places on the bands: a timbre counts the same at every pitch.
        pooled = _convolve_and_pool(graph, x, tensors, name, index + 1, pads, [1, width], [1, width])
        front.append(graph("Squeeze", pooled, graph.integers(3)))
    x = graph("Concat", *front, axis=1)
    middle = [x]
    for index in (5, 6, 7):
        kernel = tensors[f"conv2d_{index}/kernel"][:, :, 0, :].transpose(2, 1, 0)
        weights, bias = graph.floats(kernel), graph.floats(tensors[f"conv2d_{index}/bias"])
        rectified = graph("Relu", graph("Conv", x, weights, bias, pads=[3, 3]))
        y = graph.scale(rectified, *_normalisation(tensors, index + 1), axis=1, rank=3)
        # The first layer changes the number of channels, so there is nothing to add it to.
        x = y if index == 5 else graph("Add", y, x)
        middle.append(x)
    over_time = graph("Concat", *middle, axis=1)
    maxima = graph("ReduceMax", over_time, axes=[2], keepdims=0)
    means = graph("ReduceMean", over_time, axes=[2], keepdims=0)
    pooled = graph("Concat", maxima, means, axis=1)
    # The checkpoint's rows alternate between a channel's maximum and its mean; here all maxima come first.
    gain, offset = (np.concatenate([part[0::2], part[1::2]]) for part in _normalisation(tensors, 9))
    kernel = tensors["dense/kernel"]
    normalised = graph.scale(pooled, gain, offset, axis=1, rank=2)
    hidden = graph("Relu", graph.dense(normalised, np.concatenate([kernel[0::2], kernel[1::2]]), tensors["dense/bias"]))
    embeddings = graph.scale(hidden, *_normalisation(tensors, 10), axis=1, rank=2, name=Layer.EMBEDDINGS)
    _classify(graph, embeddings, tensors, "dense_1")


def _vgg(graph: _Graph, tensors: Tensors, patches: str) -> None:
    x = graph.scale(patches, *_normalisation(tensors, 0), axis=1, rank=4)
    # As trained: the first pooling looks at four frames of one band, but moves by two of each.
    pools = ([4, 1], [2, 2], [2, 2], [2, 2], [4, 4])
    strides = ([2, 2], [2, 2], [2, 2], [2, 2], [4, 4])
    for number, (pool, stride) in enumerate(zip(pools, strides, strict=True), start=1):
        x = _convolve_and_pool(graph, x, tensors, f"{number}CNN", number, [1, 1, 1, 1], pool, stride)
    # TensorFlow flattens with the channels last; the embeddings' dimensions are in that order.
    by_channel = graph("Transpose", x, perm=[0, 2, 3, 1])
    embeddings = graph("Reshape", by_channel, graph.integers(0, 256), name=Layer.EMBEDDINGS)
    _classify(graph, embeddings, tensors, "dense")


def _classify(graph: _Graph, embeddings: str, tensors: Tensors, name: str) -> None:
    scores = graph.dense(embeddings, tensors[f"{name}/kernel"], tensors[f"{name}/bias"])
    graph("Sigmoid", scores, name=Layer.ACTIVATIONS)


def _vggish(graph: _Graph, tensors: Tensors, patches: str) -> None:
    x = patches
    for group in (("conv1",), ("conv2",), ("conv3/conv3_1", "conv3/conv3_2"), ("conv4/conv4_1", "conv4/conv4_2")):
        for name in group:
            weights = graph.floats(tensors[f"vggish/{name}/weights"].transpose(3, 2, 0, 1))
            bias = graph.floats(tensors[f"vggish/{name}/biases"])
            x = graph("Relu", graph("Conv", x, weights, bias, pads=[1, 1, 1, 1]))
        x = graph("MaxPool", x, kernel_shape=[2, 2], strides=[2, 2])
    first = tensors["vggish/fc1/fc1_1/weights"]
    n_rows, n_columns, n_channels = 6, 4, tensors["vggish/conv4/conv4_2/weights"].shape[-1]
    # Rows of the first dense kernel are in the order row, column, channel; here the channel comes first. Turning the kernel
    # round once is cheaper than turning every patch.
    kernel = first.reshape(n_rows, n_columns, n_channels, -1).transpose(2, 0, 1, 3).reshape(first.shape)
    x = graph("Reshape", x, graph.integers(0, len(first)))
    hidden = graph.dense(x, kernel, tensors["vggish/fc1/fc1_1/biases"])
    hidden = graph.dense(graph("Relu", hidden), tensors["vggish/fc1/fc1_2/weights"], tensors["vggish/fc1/fc1_2/biases"])
    graph.dense(graph("Relu", hidden), tensors["vggish/fc2/weights"], tensors["vggish/fc2/biases"], name=Layer.EMBEDDINGS)

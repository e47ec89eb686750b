"""VGGish with random weights, written down three times: its tensors, what it computes, and a frozen TensorFlow graph of it."""

import math

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

__all__ = ["forward", "frozen_graph", "patches", "tensors"]

GROUPS = (("conv1",), ("conv2",), ("conv3/conv3_1", "conv3/conv3_2"), ("conv4/conv4_1", "conv4/conv4_2"))
DENSE = ("fc1/fc1_1", "fc1/fc1_2", "fc2")
N_FRAMES, N_BANDS, N_DIMS = 96, 64, 128
FLOAT, INT32 = 1, 3

Tensors = dict[str, NDArray[np.float32]]


def tensors(seed: int = 0) -> Tensors:
    """Kernels [height, width, in, out] and biases by name, with few channels so that tests are quick."""
    random = np.random.default_rng(seed)
    names = [name for group in GROUPS for name in group]
    channels = dict(zip(names, [(1, 4), (4, 6), (6, 8), (8, 8), (8, 10), (10, 10)], strict=True))
    shapes = {name: (3, 3, *channels[name]) for name in names}
    shapes |= dict(zip(DENSE, [(6 * 4 * 10, 32), (32, 32), (32, N_DIMS)], strict=True))
    made = {}
    for name, shape in shapes.items():
        made[f"vggish/{name}/weights"] = (random.standard_normal(shape) * math.sqrt(2 / math.prod(shape[:-1]))).astype(np.float32)
        made[f"vggish/{name}/biases"] = (random.standard_normal(shape[-1]) * 0.1).astype(np.float32)
    return made


def patches(n_segments: int) -> NDArray[np.float32]:
    return np.random.default_rng(1).normal(0, 2, (n_segments, N_FRAMES, N_BANDS)).astype(np.float32)


def forward(weights: Tensors, x: NDArray[np.float32]) -> NDArray[np.float64]:
    """The embeddings [n_segments, 128] in float64, channels last as in the publication's code."""
    y = x[..., np.newaxis].astype(np.float64)
    for group in GROUPS:
        for name in group:
            windows = sliding_window_view(np.pad(y, ((0, 0), (1, 1), (1, 1), (0, 0))), (3, 3), axis=(1, 2))
            y = np.einsum("nhwcij,ijco->nhwo", windows, weights[f"vggish/{name}/weights"], optimize=True)
            y = np.maximum(y + weights[f"vggish/{name}/biases"], 0)
        n, height, width, channels = y.shape
        y = y.reshape(n, height // 2, 2, width // 2, 2, channels).max(axis=(2, 4))
    y = y.reshape(len(y), -1)
    for name in DENSE:
        y = y @ weights[f"vggish/{name}/weights"] + weights[f"vggish/{name}/biases"]
        y = y if name == "fc2" else np.maximum(y, 0)
    return y


def frozen_graph(weights: Tensors) -> bytes:
    """A serialised `GraphDef` with the node names of essentia's models."""
    shape = _message(*(_bytes(2, _number(1, size)) for size in (-1, N_FRAMES, N_BANDS)))
    graph = [_node("model/Placeholder", "Placeholder", [], dtype=_number(6, FLOAT), shape=_bytes(7, shape))]

    def constant(name: str, values: NDArray[np.float32] | NDArray[np.int32]) -> str:
        kind = FLOAT if values.dtype == np.float32 else INT32
        sizes = _message(*(_bytes(2, _number(1, size)) for size in values.shape))
        tensor = _message(_number(1, kind), _bytes(2, sizes), _bytes(4, values.tobytes()))
        graph.append(_node(name, "Const", [], dtype=_number(6, kind), value=_bytes(8, tensor)))
        return name

    def node(name: str, operator: str, inputs: list[str], **attributes: bytes) -> str:
        graph.append(_node(name, operator, inputs, T=_number(6, FLOAT), **attributes))
        return name

    def reshape(name: str, x: str, sizes: list[int]) -> str:
        return node(name, "Reshape", [x, constant(f"{name}/shape", np.array(sizes, np.int32))], Tshape=_number(6, INT32))

    same = {"padding": _bytes(2, b"SAME"), "data_format": _bytes(2, b"NHWC")}
    x = reshape("model/vggish/Reshape", "model/Placeholder", [-1, N_FRAMES, N_BANDS, 1])
    for number, group in enumerate(GROUPS, start=1):
        for name in group:
            prefix = f"model/vggish/{name}"
            kernel = constant(f"{prefix}/weights", weights[f"vggish/{name}/weights"])
            x = node(f"{prefix}/Conv2D", "Conv2D", [x, kernel], strides=_integers(1, 1, 1, 1), **same)
            x = node(f"{prefix}/BiasAdd", "BiasAdd", [x, constant(f"{prefix}/biases", weights[f"vggish/{name}/biases"])])
            x = node(f"{prefix}/Relu", "Relu", [x])
        x = node(f"model/vggish/pool{number}", "MaxPool", [x], ksize=_integers(1, 2, 2, 1), strides=_integers(1, 2, 2, 1), **same)
    x = reshape("model/vggish/Flatten", x, [-1, len(weights["vggish/fc1/fc1_1/weights"])])
    for name in DENSE:
        prefix = f"model/vggish/{name}"
        x = node(f"{prefix}/MatMul", "MatMul", [x, constant(f"{prefix}/weights", weights[f"vggish/{name}/weights"])])
        x = node(f"{prefix}/BiasAdd", "BiasAdd", [x, constant(f"{prefix}/biases", weights[f"vggish/{name}/biases"])])
        x = node(f"{prefix}/Relu", "Relu", [x])
    return _message(*(_bytes(1, each) for each in graph))


def _node(name: str, operator: str, inputs: list[str], **attributes: bytes) -> bytes:
    parts = [_bytes(1, name.encode()), _bytes(2, operator.encode()), *(_bytes(3, each.encode()) for each in inputs)]
    return _message(*parts, *(_bytes(5, _bytes(1, key.encode()) + _bytes(2, value)) for key, value in attributes.items()))


def _integers(*values: int) -> bytes:
    return _bytes(1, _message(*(_number(3, value) for value in values)))


def _message(*fields: bytes) -> bytes:
    return b"".join(fields)


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3) + _varint(value % (1 << 64))


def _bytes(field: int, value: bytes) -> bytes:
    return _varint(field << 3 | 2) + _varint(len(value)) + value


def _varint(value: int) -> bytes:
    encoded = bytearray()
    while value >= 0x80:
        encoded.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*encoded, value])

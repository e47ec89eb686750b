"""Rewritten convolutions against the plain ones, computed by ONNX's own reference evaluator."""

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper
from onnx.reference import ReferenceEvaluator

from app.networks import fast_convolution

RNG = np.random.default_rng(7)


def model(
    shape: tuple[int, ...], kernel: np.ndarray, pads: list[int], pool: list[int], *, rectified: bool = False
) -> onnx.ModelProto:
    """[1, frames, bands] -> channels -> convolution -> maximum."""
    n_channels = kernel.shape[1]
    spread = RNG.normal(size=(n_channels, 1, 1, 1)).astype(np.float32)
    bias = RNG.normal(size=kernel.shape[0]).astype(np.float32)
    constants = {"axis": np.array([1]), "spread": spread, "zero": np.zeros(n_channels, np.float32), "kernel": kernel, "bias": bias}
    nodes = [
        helper.make_node("Unsqueeze", ["patches", "axis"], ["one"]),
        helper.make_node("Conv", ["one", "spread", "zero"], ["x"]),
        helper.make_node("Conv", ["x", "kernel", "bias"], ["convolved"], pads=pads),
        *([helper.make_node("Relu", ["convolved"], ["rectified"])] if rectified else []),
        helper.make_node("MaxPool", ["rectified" if rectified else "convolved"], ["y"], kernel_shape=pool, strides=pool),
    ]
    graph = helper.make_graph(
        nodes,
        "test",
        [helper.make_tensor_value_info("patches", TensorProto.FLOAT, ["n", *shape])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, ["n", None, None, None])],
        [numpy_helper.from_array(values, name) for name, values in constants.items()],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)


def compare(plain: onnx.ModelProto, shape: tuple[int, ...]) -> tuple[float, onnx.ModelProto]:
    """Largest difference relative to the largest value, and the rewritten model."""
    fast = onnx.load_model_from_string(fast_convolution.rewrite(plain.SerializeToString()))
    x = RNG.normal(size=(1, *shape)).astype(np.float32)
    expected, found = (ReferenceEvaluator(each).run(None, {"patches": x})[0] for each in (plain, fast))
    assert found.shape == expected.shape
    return float(np.abs(found - expected).max() / np.abs(expected).max()), fast


def n_products(graph: onnx.ModelProto) -> int:
    """Multiplications of all convolutions, from their inferred shapes."""
    inferred = onnx.shape_inference.infer_shapes(graph).graph
    shapes = {v.name: [d.dim_value or 1 for d in v.type.tensor_type.shape.dim] for v in [*inferred.value_info, *inferred.output]}
    kernels = {constant.name: list(constant.dims) for constant in inferred.initializer}
    convolutions = [node for node in inferred.node if node.op_type == "Conv"]
    return sum(int(np.prod(shapes[node.output[0]]) * np.prod(kernels[node.input[1]][1:])) for node in convolutions)


@pytest.mark.parametrize("n_frames", [20, 21, 22, 23])
@pytest.mark.parametrize("n_taps", [4, 5, 6, 7, 8, 9])
def test_maxima_over_all_bands_are_the_same_for_every_length_of_filter_and_track(n_frames: int, n_taps: int) -> None:
    kernel = RNG.normal(size=(3, 1, n_taps, 5)).astype(np.float32)
    pads = [(n_taps - 1) // 2, 0, n_taps // 2, 0]
    difference, fast = compare(model((n_frames, 12), kernel, pads, [1, 8]), (n_frames, 12))
    assert difference < 3e-6
    assert sum(node.op_type == "Conv" for node in fast.graph.node) == 1 + 7


@pytest.mark.parametrize("rectified", [False, True])
@pytest.mark.parametrize("shape", [(70, 64), (71, 65), (64, 71)])
def test_maxima_of_blocks_are_the_same_for_even_and_odd_maps(shape: tuple[int, int], rectified: bool) -> None:
    kernel = RNG.normal(size=(4, 16, 3, 3)).astype(np.float32)
    difference, fast = compare(model(shape, kernel, [1, 1, 1, 1], [2, 2], rectified=rectified), shape)
    assert difference < 3e-6
    assert sum(node.op_type == "Conv" for node in fast.graph.node) == 1 + 16


def test_both_need_fewer_products() -> None:
    along_time = model((187, 96), RNG.normal(size=(8, 1, 7, 38)).astype(np.float32), [3, 0, 3, 0], [1, 59])
    blocks = model((92, 48), RNG.normal(size=(8, 16, 3, 3)).astype(np.float32), [1, 1, 1, 1], [2, 2])
    for plain, share in ((along_time, 0.5), (blocks, 0.46)):
        assert n_products(onnx.load_model_from_string(fast_convolution.rewrite(plain.SerializeToString()))) < share * n_products(
            plain
        )


@pytest.mark.parametrize(
    ("kernel_shape", "pads", "pool"),
    [
        ((4, 1, 3, 3), [1, 1, 1, 1], [2, 2]),  # too few channels
        ((4, 16, 3, 3), [1, 1, 1, 1], [4, 4]),  # another pooling
        ((4, 16, 5, 5), [2, 2, 2, 2], [2, 2]),  # another filter
        ((4, 1, 3, 5), [1, 0, 1, 0], [1, 60]),  # too short a filter
        ((4, 1, 7, 1), [3, 0, 3, 0], [1, 64]),  # one band
    ],
)
def test_what_would_not_gain_stays_as_it_is(kernel_shape: tuple[int, ...], pads: list[int], pool: list[int]) -> None:
    plain = model((70, 64), RNG.normal(size=kernel_shape).astype(np.float32), pads, pool)
    difference, fast = compare(plain, (70, 64))
    assert difference == 0
    assert [node.op_type for node in fast.graph.node] == [node.op_type for node in plain.graph.node]

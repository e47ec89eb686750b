"""Rewrites convolutions that are followed by max-pooling into equal ones with fewer multiplications.

A processor that multiplies as fast as it can is only made faster by asking it for fewer products. Two identities do that. They are
exact in real numbers; in float32 they move results by no more than rounding does, in bf16 by more than one would like.

- Fast FIR: three filters of half the length on every second sample instead of four (Mou and Duhamel, "Short-length FIR filters
  and their use in fast nonrecursive filtering", 1991).
- Winograd's F(2x2, 3x3): 16 products instead of 36 for each 2x2 block of a 3x3 convolution, and the block is just what the pooling
  takes the maximum of (Lavin and Gray, "Fast algorithms for convolutional neural networks", 2016).
"""

import itertools
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = ["rewrite"]

Kernel = NDArray[np.float64]

TIME, BANDS = 2, 3
"""Axes of [n_segments, channels, time, bands]."""

HALVINGS = 2
"""How often the time axis is halved. A third time no longer pays: the pieces get too small for the processor."""

MIN_CHANNELS = 16
"""Below so many input channels Winograd's additions cost more than its products save."""

MIN_BLOCKS = 1000
"""Maps of fewer 2x2 blocks take too little time to be worth Winograd's rounding."""


def rewrite(model: bytes) -> bytes:
    """The same network with fewer multiplications, for one segment at a time.

    Parameters
    ----------
    model : bytes
        A serialised ONNX model of one input, [n_segments, frames, bands] with known frames and bands.

    Returns
    -------
    bytes
        A serialised ONNX model whose input and outputs have the same names.
    """
    import onnx

    source = onnx.load_model_from_string(model)
    for value in [*source.graph.input, *source.graph.output]:
        value.type.tensor_type.shape.dim[0].dim_value = 1
    rewriting = _Rewriting(onnx.shape_inference.infer_shapes(source).graph)
    nodes = [new for node in source.graph.node for new in rewriting.replace(node)]
    del source.graph.node[:]
    source.graph.node.extend(node for node in nodes if node.output[0] not in rewriting.replaced)
    source.graph.initializer.extend(rewriting.constants)
    onnx.checker.check_model(source)
    return bytes(source.SerializeToString())


class _Match(NamedTuple):
    """`MaxPool(Conv(x))`, or `MaxPool(Relu(Conv(x)))`, the only reader of its convolution."""

    x: str
    kernel: Kernel
    bias: NDArray[np.float32]
    pads: list[int]
    pool: list[int]
    strides: list[int]
    rectified: bool
    inner: list[str]


class _Rewriting:
    def __init__(self, graph: Any) -> None:
        from onnx import numpy_helper

        self.constants: list[Any] = []
        self.replaced: set[str] = set()
        self._made: list[Any] = []
        self._numbers = itertools.count()
        self._weights = {constant.name: numpy_helper.to_array(constant) for constant in graph.initializer}
        self._producers = {node.output[0]: node for node in graph.node}
        self._readers = [name for node in graph.node for name in node.input]
        self._shapes = {
            value.name: [dimension.dim_value for dimension in value.type.tensor_type.shape.dim] for value in graph.value_info
        }

    def replace(self, node: Any) -> list[Any]:
        """The nodes to put in the place of `node`: itself, unless it is a pooling that can be had for less."""
        match = self._match(node)
        if match is None:
            return [node]
        self._made = []
        pooled = self._pooled(match, self._shapes[match.x])
        if not pooled:
            return [node]
        self.replaced.update(match.inner)
        self._finish(pooled, match, node.output[0])
        return self._made

    def _pooled(self, match: _Match, shape: Sequence[int]) -> str:
        _, n_channels, n_taps, n_bands = match.kernel.shape
        all_bands = [1, shape[BANDS] - n_bands + 1]
        if n_bands > 1 and match.pool == match.strides == all_bands:
            return self._pool_bands(match, shape)
        enough = n_channels >= MIN_CHANNELS and (shape[TIME] // 2) * (shape[BANDS] // 2) >= MIN_BLOCKS
        if enough and (n_taps, n_bands) == (3, 3) and match.pool == match.strides == [2, 2]:
            return self._pool_blocks(match, shape)
        return ""

    def _match(self, node: Any) -> _Match | None:
        if node.op_type != "MaxPool":
            return None
        inner = [self._producers[node.input[0]]]
        if inner[0].op_type == "Relu":
            inner.append(self._producers[inner[0].input[0]])
        convolution = inner[-1]
        if convolution.op_type != "Conv" or any(self._readers.count(each.output[0]) > 1 for each in inner):
            return None
        attributes = {each.name: list(each.ints) for each in [*convolution.attribute, *node.attribute]}
        x, weights, bias = convolution.input
        return _Match(
            x,
            self._weights[weights].astype(np.float64),
            self._weights[bias],
            attributes["pads"],
            attributes["kernel_shape"],
            attributes["strides"],
            len(inner) == 2,
            [each.output[0] for each in inner],
        )

    def _finish(self, pooled: str, match: _Match, output: str) -> None:
        bias = self._constant(match.bias[None, :, None, None])
        if match.rectified:
            self._add("Relu", self._add("Add", pooled, bias), output=output)
        else:
            self._add("Add", pooled, bias, output=output)

    def _pool_bands(self, match: _Match, shape: Sequence[int]) -> str:
        """Maximum over all bands of every time: [1, n_filters, n_times, 1]."""
        top, _, bottom, _ = match.pads
        n_samples = shape[TIME] + top + bottom
        n_times = n_samples - match.kernel.shape[TIME] + 1
        phases = self._fast_fir(self._pad(match.x, top, bottom), n_samples, match.kernel, n_times, HALVINGS)
        pooled = [self._add("MaxPool", phase, kernel_shape=match.pool, strides=match.strides) for phase in phases]
        interleaved = self._add("Concat", *pooled, axis=BANDS)
        in_order = self._add("Reshape", interleaved, self._constant(np.array([1, match.kernel.shape[0], -1, 1])))
        return self._slice(in_order, 0, n_times)

    def _fast_fir(self, x: str, n_samples: int, kernel: Kernel, n_outputs: int, halvings: int) -> list[str]:
        """Correlate along time. Output t is row t // n of phase t % n, n = 2 ** halvings; rows past `n_outputs` mean nothing."""
        n_taps = kernel.shape[TIME]
        if halvings == 0:
            return [self._convolve(self._fit(x, n_samples, n_outputs + n_taps - 1), kernel)]
        even_taps, odd_taps = kernel[:, :, 0::2], kernel[:, :, 1::2]
        both_taps = even_taps.copy()
        both_taps[:, :, : odd_taps.shape[TIME]] += odd_taps
        n_half = -(-n_outputs // 2)
        n = n_half + even_taps.shape[TIME]
        x = self._fit(x, n_samples, 2 * n)
        even, odd = self._slice(x, 0, 2 * n, step=2), self._slice(x, 1, 2 * n, step=2)
        before = self._add("Sub", even, odd)
        after = self._add("Sub", self._slice(even, 1, n), self._slice(odd, 0, n - 1))
        both = self._fast_fir(odd, n, both_taps, n_half, halvings - 1)
        at_even = self._fast_fir(before, n, even_taps, n_half, halvings - 1)
        at_odd = self._fast_fir(after, n - 1, odd_taps, n_half, halvings - 1)
        return [self._add("Add", both[i], part[i]) for i in range(len(both)) for part in (at_even, at_odd)]

    def _pool_blocks(self, match: _Match, shape: Sequence[int]) -> str:
        """Maximum over each whole 2x2 block of a 3x3 convolution."""
        n_rows, n_columns = shape[TIME] // 2, shape[BANDS] // 2
        x = self._add("Pad", match.x, self._constant(np.array([0, 0, *match.pads[:2], 0, 0, *match.pads[2:]])))
        products = [
            [
                self._convolve(cell, kernel)
                for cell, kernel in zip(
                    self._winograd_inputs(row, n_columns, BANDS), _winograd_kernels(kernels, BANDS), strict=True
                )
            ]
            for row, kernels in zip(self._winograd_inputs(x, n_rows, TIME), _winograd_kernels(match.kernel, TIME), strict=True)
        ]
        columns = [self._winograd_outputs(column) for column in zip(*products, strict=True)]
        return self._add("Max", *(cell for row in zip(*columns, strict=True) for cell in self._winograd_outputs(row)))

    def _winograd_inputs(self, x: str, n_blocks: int, axis: int) -> list[str]:
        n = 2 * n_blocks + 2
        even, odd = self._slice(x, 0, n, axis, step=2), self._slice(x, 1, n, axis, step=2)
        a, c = self._slice(even, 0, n_blocks, axis), self._slice(even, 1, n_blocks + 1, axis)
        b, d = self._slice(odd, 0, n_blocks, axis), self._slice(odd, 1, n_blocks + 1, axis)
        return [self._add("Sub", a, c), self._add("Add", b, c), self._add("Sub", c, b), self._add("Sub", b, d)]

    def _winograd_outputs(self, products: Sequence[str]) -> list[str]:
        p, q, r, s = products
        return [self._add("Add", self._add("Add", p, q), r), self._add("Sub", self._add("Sub", q, r), s)]

    def _convolve(self, x: str, kernel: Kernel) -> str:
        return self._add("Conv", x, self._constant(kernel.astype(np.float32)))

    def _fit(self, x: str, n_samples: int, n_wanted: int) -> str:
        if n_wanted > n_samples:
            return self._pad(x, 0, n_wanted - n_samples)
        return self._slice(x, 0, n_wanted) if n_wanted < n_samples else x

    def _pad(self, x: str, top: int, bottom: int) -> str:
        return self._add("Pad", x, self._constant(np.array([0, 0, top, 0, 0, 0, bottom, 0])))

    def _slice(self, x: str, start: int, end: int, axis: int = TIME, step: int = 1) -> str:
        return self._add("Slice", x, *(self._constant(np.array([value])) for value in (start, end, axis, step)))

    def _add(self, operator: str, *inputs: str, output: str = "", **attributes: Any) -> str:
        from onnx import helper

        output = output or f"fast_{next(self._numbers)}"
        self._made.append(helper.make_node(operator, list(inputs), [output], **attributes))
        return output

    def _constant(self, values: NDArray[Any]) -> str:
        from onnx import numpy_helper

        name = f"fast_constant_{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name


def _winograd_kernels(kernel: Kernel, axis: int) -> list[Kernel]:
    a, b, c = np.split(kernel, 3, axis)
    return [a, (a + b + c) / 2, (a - b + c) / 2, c]

"""Rewrites convolutions that are followed by max-pooling into equal ones with fewer multiplications.

A processor that multiplies as fast as it can is only made faster by asking it for fewer products. Take a filter of two taps g and
three neighbouring inputs x. Its two outputs are four products,

    y0 = g0 x0 + g1 x1
    y1 = g0 x1 + g1 x2

but three are enough:

    a = g0 (x0 - x1)        b = (g0 + g1) x1        c = g1 (x1 - x2)
    y0 = a + b
    y1 = b - c

The sums of taps are the same for all music and made when a network is loaded. A difference of inputs is made once and read by all
filters; the products of all channels are added up before they are combined. So in a layer of many filters and channels, what costs
time is the products, and there are a quarter fewer.

Likewise F(n, k), n outputs of a filter of k taps, takes n + k - 1 products instead of n k. How the sums are found: Toom (1963) and
Cook (1966) multiply two polynomials by taking the values of both at as many points as the product has coefficients, multiplying
value by value, and interpolating. Sliding a filter is that multiplication transposed, and Winograd (1980) showed that transposing
an algorithm keeps its products: the matrix that interpolated now stands before the products and is given the inputs, the one
that took values at points stands after them. In the letters of Lavin and Gray (2016), who brought this to networks,

    y = A^T [(G g) * (B^T x)]

where `_Algorithm` says `from_products` for A^T, `from_taps` for G and `from_inputs` for B^T. Longer filters are sums of filters of
k taps. In two dimensions each "product" along one axis is a convolution along the other, to which the same can be done again.

The outputs of F(n, k) come in n phases: every n-th, from the first, the second ... Weaving them into one map would cost what was
saved. A maximum does not mind their order, so here every phase is pooled where it is. Two patterns are worth rewriting
(`python -m benchmarks.convolution` prints what they gain):

- the filters of MusiCNN over many bands, pooled over all bands, by F(4, 4) along time: 13 convolutions of one row each for
  4 x 7 rows;
- the widest map of VGG, 3x3 filters and 2x2 pooling, by F(2, 3) along both axes: 16 products for 36.

The algorithms are exact in real numbers. In float32 they move results by no more than rounding does, in bf16 by more than one
would like.

References
----------
A. L. Toom, "The complexity of a scheme of functional elements realizing the multiplication of integers", Soviet Mathematics
Doklady 3, 1963. S. A. Cook, "On the minimum computation time of functions", thesis, Harvard University, 1966. S. Winograd,
"Arithmetic complexity of computations", SIAM, 1980. A. Lavin and S. Gray, "Fast algorithms for convolutional neural networks", CVPR
2016, https://arxiv.org/abs/1509.09308
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

MIN_BANDS = 2
"""A filter over one band makes few products of what is read: the sums cost what the products save."""

MIN_CHANNELS = 16
"""Below so many input channels the additions for a block cost more than its products save."""

MIN_BLOCKS = 1000
"""Maps of fewer 2x2 blocks take too little time to be worth the rounding."""


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
    # Tiles are counted here, so every shape must be known: also that of a batch, which OpenVINO is given one segment at a time.
    for value in [*source.graph.input, *source.graph.output]:
        value.type.tensor_type.shape.dim[0].dim_value = 1
    rewriting = _Rewriting(onnx.shape_inference.infer_shapes(source).graph)
    nodes = [new for node in source.graph.node for new in rewriting.replace(node)]
    del source.graph.node[:]
    # The old kernels stay in the model, unread; a runtime drops them when it loads it.
    source.graph.node.extend(node for node in nodes if node.output[0] not in rewriting.replaced)
    source.graph.initializer.extend(rewriting.constants)
    onnx.checker.check_model(source)
    return bytes(source.SerializeToString())


class _Algorithm(NamedTuple):
    """F(n_outputs, n_taps): outputs = from_products @ ((from_taps @ taps) * (from_inputs @ inputs)).

    from_products : np.ndarray [shape=(n_outputs, n_products)]
    from_taps : np.ndarray [shape=(n_products, n_taps)]
    from_inputs : np.ndarray [shape=(n_products, n_products)]
    """

    from_products: NDArray[np.float64]
    from_taps: NDArray[np.float64]
    from_inputs: NDArray[np.float64]


def _algorithm(n_outputs: int, n_taps: int, points: Sequence[float]) -> _Algorithm:
    """Interpolate at `points` and at infinity: n_outputs + n_taps - 2 different numbers, small ones for the sake of rounding."""
    n_products = n_outputs + n_taps - 1
    at = np.array(points, np.float64)
    from_products = np.zeros((n_outputs, n_products))
    from_taps = np.zeros((n_products, n_taps))
    from_inputs = np.zeros((n_products, n_products))
    for index, point in enumerate(points):
        others = np.delete(at, index)
        coefficients = np.poly(others)[::-1]
        # A power of two moved from one factor of a product to the other costs no exactness and keeps both near one.
        scale = 2.0 ** np.round(np.log2(np.abs(coefficients).max()))
        from_inputs[index, :-1] = coefficients / scale
        from_taps[index] = point ** np.arange(n_taps) / np.prod(point - others) * scale
        from_products[:, index] = point ** np.arange(n_outputs)
    # A polynomial's value at infinity is its highest coefficient: the last tap alone, which reaches the last output alone.
    from_inputs[-1] = np.poly(at)[::-1]
    from_taps[-1, -1] = from_products[-1, -1] = 1
    return _Algorithm(from_products, from_taps, from_inputs)


# Larger tiles would save more products, but need more points, and float32 rounds away more of what larger points make.
ALONG_TIME = _algorithm(4, 4, (0, 1, -1, 2, -2, 0.5))
PER_BLOCK = _algorithm(2, 3, (0, 1, -1))


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
        # A name stands here as often as it is read.
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
        is_large = n_taps >= ALONG_TIME.from_taps.shape[1] and n_bands >= MIN_BANDS
        if is_large and match.pool == match.strides == all_bands:
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
        # Neither a constant nor rectifying changes which value is the largest: after the pooling both have less to do.
        bias = self._constant(match.bias[None, :, None, None])
        if match.rectified:
            self._add("Relu", self._add("Add", pooled, bias), output=output)
        else:
            self._add("Add", pooled, bias, output=output)

    def _pool_bands(self, match: _Match, shape: Sequence[int]) -> str:
        """Maximum over all bands of every time: [1, n_filters, n_times, 1]."""
        top, _, bottom, _ = match.pads
        n_filters, _, n_taps, _ = match.kernel.shape
        n_samples = shape[TIME] + top + bottom
        n_times = n_samples - n_taps + 1
        kernels = _transformed(match.kernel, ALONG_TIME, TIME)
        n_phases = len(ALONG_TIME.from_products)
        n_tiles = -(-n_times // n_phases)
        n_rows = n_tiles + max(kernel.shape[TIME] for kernel in kernels) - 1
        # Zeros fill the last tile; what they make of it is cut off below.
        x = self._pad(match.x, [top, 0, bottom + n_phases * (n_rows + 1) - n_samples, 0])
        products = [
            self._convolve(self._slice(tile, 0, n_tiles + kernel.shape[TIME] - 1, TIME), kernel)
            for tile, kernel in zip(self._tiles(x, n_rows, ALONG_TIME, TIME), kernels, strict=True)
        ]
        # Each phase, every fourth time, is pooled by itself: only the maxima need to be put in order.
        pooled = [
            self._add("MaxPool", phase, kernel_shape=match.pool, strides=match.strides)
            for phase in self._combined(products, ALONG_TIME.from_products)
        ]
        interleaved = self._add("Concat", *pooled, axis=BANDS)
        in_order = self._add("Reshape", interleaved, self._constant(np.array([1, n_filters, -1, 1])))
        return self._slice(in_order, 0, n_times, TIME)

    def _pool_blocks(self, match: _Match, shape: Sequence[int]) -> str:
        """Maximum over each whole 2x2 block of a 3x3 convolution."""
        n_rows, n_columns = shape[TIME] // 2, shape[BANDS] // 2
        columns = []
        for row, kernels in zip(
            self._tiles(self._pad(match.x, match.pads), n_rows, PER_BLOCK, TIME),
            _transformed(match.kernel, PER_BLOCK, TIME),
            strict=True,
        ):
            cells = zip(self._tiles(row, n_columns, PER_BLOCK, BANDS), _transformed(kernels, PER_BLOCK, BANDS), strict=True)
            columns.append(self._combined([self._convolve(cell, kernel) for cell, kernel in cells], PER_BLOCK.from_products))
        # The outputs of a tile are just those that one 2x2 pooling compares, so they never need to be woven into one map.
        block = [output for column in zip(*columns, strict=True) for output in self._combined(column, PER_BLOCK.from_products)]
        return self._add("Max", *block)

    def _tiles(self, x: str, n_tiles: int, algorithm: _Algorithm, axis: int) -> list[str]:
        """The first factors of the products: what the algorithm makes of the inputs of each tile."""
        step, n_inputs = len(algorithm.from_products), len(algorithm.from_inputs)
        inputs = [self._slice(x, first, first + step * (n_tiles - 1) + 1, axis, step) for first in range(n_inputs)]
        return self._combined(inputs, algorithm.from_inputs)

    def _combined(self, values: Sequence[str], matrix: NDArray[np.float64]) -> list[str]:
        return [self._sum(values, row) for row in matrix]

    def _sum(self, values: Sequence[str], factors: NDArray[np.float64]) -> str:
        total = ""
        # Positive factors first: the first term has nothing to be subtracted from. Every row of the algorithms has one.
        for value, factor in sorted(zip(values, factors, strict=True), key=lambda term: -term[1]):
            if factor:
                term = value if abs(factor) == 1 else self._add("Mul", value, self._constant(np.array(abs(factor), np.float32)))
                total = self._add("Add" if factor > 0 else "Sub", total, term) if total else term
        return total

    def _convolve(self, x: str, kernel: Kernel) -> str:
        return self._add("Conv", x, self._constant(kernel.astype(np.float32)))

    def _pad(self, x: str, pads: Sequence[int]) -> str:
        top, left, bottom, right = pads
        return self._add("Pad", x, self._constant(np.array([0, 0, top, left, 0, 0, bottom, right])))

    def _slice(self, x: str, start: int, end: int, axis: int, step: int = 1) -> str:
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


def _transformed(kernel: Kernel, algorithm: _Algorithm, axis: int) -> list[Kernel]:
    """The second factors: for each product a kernel with one tap for every `n_taps` taps of the whole."""
    # "Convolutions" of networks do not turn the kernel round, nor do the algorithms: taps stay in their order.
    n_taps = algorithm.from_taps.shape[1]
    spare = [(0, 0)] * kernel.ndim
    spare[axis] = (0, -kernel.shape[axis] % n_taps)
    groups = np.moveaxis(np.pad(kernel, spare), axis, -1)
    groups = groups.reshape(*groups.shape[:-1], -1, n_taps)
    transformed = [np.moveaxis(groups @ row, -1, axis) for row in algorithm.from_taps]
    # The product at infinity takes the last tap of each group: in the last group there may be none.
    is_short = spare[axis][1] > 0 and transformed[-1].shape[axis] > 1
    return [*transformed[:-1], transformed[-1].take(range(transformed[-1].shape[axis] - is_short), axis)]

"""Streaming resampler: a Kaiser-windowed sinc, applied as many small matrix products over strided views."""

from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from math import ceil, floor, gcd

import numpy as np
from numpy.lib.stride_tricks import as_strided
from numpy.typing import NDArray

from ..core.units import Hertz, Samples

__all__ = ["TARGET_HZ", "Resampler"]

TARGET_HZ = Hertz(16_000)

# Fitted to the impulse response of libsamplerate's medium sinc, behind which the networks were trained; the first two are in
# units of the lower of the two sample rates.
CUTOFF = 0.45953
HALF_WIDTH = 45.804
KAISER_BETA = 12.309

# More outputs per product multiply more of the zeros beside a filter; fewer leave the kernels of BLAS too little to do at a time.
MAX_OUTPUTS_PER_PRODUCT = 32
# Kernels of BLAS take rows in eights or parts of eight: one row more costs as much as all of them.
ROWS_STEP = 8
# OpenBLAS shares a larger product among its threads, whose number then decides in which order it sums.
MAX_MULTIPLICATIONS = 1 << 18


@dataclass(frozen=True)
class _Product:
    """The filters of neighbouring outputs of a block: matrix [shape=(n_inputs, n_outputs)], for inputs from `first_input` on."""

    first_output: int
    first_input: int
    matrix: NDArray[np.float32]


@dataclass(frozen=True)
class _Schedule:
    """Every block of `n_in` input samples becomes `n_out` output samples, by the same products; `n_blocks` go into one."""

    n_in: int
    n_out: int
    n_blocks: int
    products: tuple[_Product, ...]

    @property
    def n_before(self) -> int:
        """Input samples before a block that its outputs need."""
        return -min(product.first_input for product in self.products)

    @property
    def n_reach(self) -> int:
        """Input samples from the start of a block that its outputs need."""
        return max(product.first_input + len(product.matrix) for product in self.products)


class Resampler:
    """Resamples one stream to 16 kHz.

    The result depends neither on how the stream is cut into chunks nor on the number of BLAS threads, bit for bit. The filters of
    a rate are kept: under 1 MB for every common rate, 24 MB for an awkward one such as 47 999 Hz.
    """

    def __init__(self, sample_rate_hz: Hertz) -> None:
        self._rate_hz = sample_rate_hz
        self._schedule = None if sample_rate_hz == TARGET_HZ else _schedule_of(sample_rate_hz)
        self._n_in = self._n_out = 0
        if self._schedule:
            self._waiting = np.zeros(self._schedule.n_before, np.float32)

    def push(self, samples: NDArray[np.float32]) -> NDArray[np.float32]:
        """Take float32 [n] samples; give the output samples that they complete."""
        self._n_in += len(samples)
        if self._schedule is None:
            return samples
        self._waiting = np.concatenate([self._waiting, samples])
        n_ready = (len(self._waiting) - self._schedule.n_before - self._schedule.n_reach) // self._schedule.n_in + 1
        return self._take(max(0, n_ready) // self._schedule.n_blocks)

    def finish(self) -> NDArray[np.float32]:
        """The rest, up to round(n * 16000 / sample_rate_hz) output samples in all."""
        if self._schedule is None:
            return np.zeros(0, np.float32)
        n_left = self.n_out(self._n_in) - self._n_out
        n_products = -(-n_left // (self._schedule.n_blocks * self._schedule.n_out))
        n_needed = (
            self._schedule.n_before + (n_products * self._schedule.n_blocks - 1) * self._schedule.n_in + self._schedule.n_reach
        )
        self._waiting = np.pad(self._waiting, (0, max(0, n_needed - len(self._waiting))))
        return self._take(n_products)[:n_left]

    def n_out(self, n_in: int) -> Samples:
        """Output samples of `n_in` input samples."""
        return Samples(round(n_in * TARGET_HZ / self._rate_hz))

    def _take(self, n_products: int) -> NDArray[np.float32]:
        """Whole products only: equal shapes are summed in equal order, wherever the chunks end."""
        assert self._schedule is not None
        n_in, n_blocks = self._schedule.n_in, self._schedule.n_blocks
        out = np.empty((n_products, n_blocks, self._schedule.n_out), np.float32)
        for product in self._schedule.products:
            n_inputs, n_outputs = product.matrix.shape
            # Blocks overlap by what their filters reach into each other: a view shows every sample as often as it is needed.
            inputs = as_strided(
                self._waiting[self._schedule.n_before + product.first_input :],
                (n_products, n_blocks, n_inputs),
                (4 * n_blocks * n_in, 4 * n_in, 4),
            )
            outputs = slice(product.first_output, product.first_output + n_outputs)
            # NumPy hands a stack to BLAS matrix by matrix, without a step of Python between them.
            np.matmul(inputs, product.matrix, out=out[:, :, outputs])
        if n_products:
            self._waiting = self._waiting[n_products * n_blocks * n_in :]
            self._n_out += out.size
        return out.ravel()


@lru_cache(maxsize=4)
def _schedule_of(sample_rate_hz: int) -> _Schedule:
    ratio = Fraction(sample_rate_hz, TARGET_HZ)
    step = float(ratio)
    lower = min(1.0, 1 / step)
    half_width = HALF_WIDTH / lower
    n_outputs = MAX_OUTPUTS_PER_PRODUCT
    while _n_inputs(n_outputs, step, half_width) * n_outputs * ROWS_STEP > MAX_MULTIPLICATIONS:
        n_outputs //= 2
    n_inputs = _n_inputs(n_outputs, step, half_width)
    # Blocks no shorter than a filter's inputs: rows that overlap in memory NumPy would copy for BLAS.
    whole = n_outputs // gcd(n_outputs, ratio.denominator)
    repeat = -(-ceil(n_inputs / ratio.numerator) // whole) * whole
    n_in, n_out = ratio.numerator * repeat, ratio.denominator * repeat
    n_blocks = MAX_MULTIPLICATIONS // (n_inputs * n_outputs) // ROWS_STEP * ROWS_STEP
    firsts = range(0, n_out, n_outputs)
    products = tuple(_product(np.arange(first, first + n_outputs), step, CUTOFF * lower, half_width) for first in firsts)
    return _Schedule(n_in, n_out, n_blocks, products)


def _n_inputs(n_outputs: int, step: float, half_width: float) -> int:
    """The most input samples that neighbouring outputs can need."""
    return floor(2 * half_width + (n_outputs - 1) * step) + 1


def _product(outputs: NDArray[np.int_], step: float, cutoff: float, half_width: float) -> _Product:
    """Columns h(t) = 2 f sinc(2 f t) kaiser(t), each of sum one, for outputs at input positions `outputs * step`."""
    inputs = np.arange(ceil(outputs[0] * step - half_width), floor(outputs[-1] * step + half_width) + 1)
    t = outputs * step - inputs[:, None]
    within = np.clip(1 - (t / half_width) ** 2, 0, None)
    filters = np.sinc(2 * cutoff * t) * np.i0(KAISER_BETA * np.sqrt(within)) * (abs(t) < half_width)
    # Of sum one each: cut to float32, filters of one prototype would let a constant flutter at the rate of the blocks.
    return _Product(int(outputs[0]), int(inputs[0]), np.ascontiguousarray(filters / filters.sum(0), dtype=np.float32))

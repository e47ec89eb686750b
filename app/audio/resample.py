"""Streaming resampler: a Kaiser-windowed sinc, applied as matrix products over strided views."""

from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

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

OUTPUTS_PER_PRODUCT = 32
MIN_OUTPUTS_PER_BLOCK = 64
OUTPUTS_PER_RUN = 16_384


@dataclass(frozen=True)
class _Product:
    """The filters of neighbouring outputs of a block: matrix [shape=(n_inputs, n_outputs)], for inputs from `first_input` on."""

    first_output: int
    first_input: int
    matrix: NDArray[np.float32]


@dataclass(frozen=True)
class _Plan:
    """Every block of `n_in` input samples becomes `n_out` output samples, by the same products."""

    n_in: int
    n_out: int
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
    """Resamples one stream to 16 kHz. The result does not depend on how the stream is cut into chunks, bit for bit.

    The filters of a rate are kept: under 1 MB for every common rate, 24 MB for an awkward one such as 47 999 Hz.
    """

    def __init__(self, sample_rate_hz: Hertz) -> None:
        self._rate_hz = sample_rate_hz
        self._plan = None if sample_rate_hz == TARGET_HZ else _plan(sample_rate_hz)
        self._n_in = self._n_out = 0
        if self._plan:
            self._run_blocks = max(1, OUTPUTS_PER_RUN // self._plan.n_out)
            self._waiting = np.zeros(self._plan.n_before, np.float32)

    def push(self, samples: NDArray[np.float32]) -> NDArray[np.float32]:
        """Take float32 [n] samples; give the output samples that they complete."""
        self._n_in += len(samples)
        if self._plan is None:
            return samples
        self._waiting = np.concatenate([self._waiting, samples])
        n_ready = (len(self._waiting) - self._plan.n_before - self._plan.n_reach) // self._plan.n_in + 1
        # Only whole runs: products of equal shape are summed in equal order, wherever the chunks end.
        return self._take(max(0, n_ready) // self._run_blocks * self._run_blocks)

    def finish(self) -> NDArray[np.float32]:
        """The rest, up to round(n * 16000 / sample_rate_hz) output samples in all."""
        if self._plan is None:
            return np.zeros(0, np.float32)
        n_left = self.n_out(self._n_in) - self._n_out
        n_blocks = -(-n_left // self._plan.n_out)
        n_needed = self._plan.n_before + (n_blocks - 1) * self._plan.n_in + self._plan.n_reach
        self._waiting = np.pad(self._waiting, (0, max(0, n_needed - len(self._waiting))))
        return self._take(n_blocks)[:n_left]

    def n_out(self, n_in: int) -> Samples:
        """Output samples of `n_in` input samples."""
        return Samples(round(n_in * TARGET_HZ / self._rate_hz))

    def _take(self, n_blocks: int) -> NDArray[np.float32]:
        assert self._plan is not None
        n_in = self._plan.n_in
        out = np.empty((n_blocks, self._plan.n_out), np.float32)
        for first in range(0, n_blocks, self._run_blocks):
            run = out[first : first + self._run_blocks]
            start = self._plan.n_before + first * n_in
            for product in self._plan.products:
                n_inputs, n_outputs = product.matrix.shape
                inputs = as_strided(self._waiting[start + product.first_input :], (len(run), n_inputs), (4 * n_in, 4))
                run[:, product.first_output : product.first_output + n_outputs] = inputs @ product.matrix
        if n_blocks:
            self._waiting = self._waiting[n_blocks * n_in :]
            self._n_out += out.size
        return out.ravel()


@lru_cache(maxsize=4)
def _plan(sample_rate_hz: int) -> _Plan:
    ratio = Fraction(sample_rate_hz, TARGET_HZ)
    repeat = max(1, MIN_OUTPUTS_PER_BLOCK // ratio.denominator)
    n_in, n_out = ratio.numerator * repeat, ratio.denominator * repeat
    lower = min(1.0, TARGET_HZ / sample_rate_hz)
    groups = np.array_split(np.arange(n_out), max(1, n_out // OUTPUTS_PER_PRODUCT))
    return _Plan(n_in, n_out, tuple(_product(outputs, n_in / n_out, CUTOFF * lower, HALF_WIDTH / lower) for outputs in groups))


def _product(outputs: NDArray[np.int_], step: float, cutoff: float, half_width: float) -> _Product:
    """Columns h(t) = 2 f sinc(2 f t) kaiser(t), each of sum one, for outputs at input positions `outputs * step`."""
    margin = int(np.ceil(half_width)) + 1
    first = int(outputs[0] * step) - margin
    inputs = np.arange(first, int(np.ceil(outputs[-1] * step)) + margin + 1)
    t = outputs * step - inputs[:, None]
    within = np.clip(1 - (t / half_width) ** 2, 0, None)
    filters = np.sinc(2 * cutoff * t) * np.i0(KAISER_BETA * np.sqrt(within)) * (abs(t) < half_width)
    return _Product(int(outputs[0]), first, np.ascontiguousarray(filters / filters.sum(0), dtype=np.float32))

"""Decoded frames of any form to mono float32, at the rate they came in."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, cast

import numpy as np
from numpy.typing import NDArray

from ..core.units import Hertz

if TYPE_CHECKING:
    from av.audio.frame import AudioFrame
    from av.filter import Graph

__all__ = ["Chunk", "Downmix"]

CHUNK_S = 1


@dataclass(frozen=True)
class Chunk:
    """Mono sound.

    samples : np.ndarray [shape=(n,), dtype=float32], nominally -1 to 1
    """

    sample_rate_hz: Hertz
    samples: NDArray[np.float32]


class Downmix:
    """Mixes frames to mono. The form of the frames may change at any time.

    Channels are weighted by their places in the layout, and the weights sum to one: for stereo this is the mean. Without
    `rematrix_maxval` the mix of float samples would be 3 dB louder. Layouts that have no places are averaged.
    """

    def __init__(self) -> None:
        self._form: tuple[str, str, int] | None = None
        self._graph: Graph | None = None
        self._n_waiting = 0

    def push(self, frame: "AudioFrame") -> Iterator[Chunk]:
        """Take a frame; give the chunks that are full."""
        form = (frame.format.name, frame.layout.name, frame.sample_rate)
        if form != self._form:
            yield from self.finish()
            self._form, self._graph = form, _graph(*form)
        assert self._graph is not None
        self._graph.push(frame)
        self._n_waiting += frame.samples
        if self._n_waiting >= CHUNK_S * frame.sample_rate:
            yield from self._pull()

    def finish(self) -> Iterator[Chunk]:
        """Give what is left."""
        if self._graph is not None:
            self._graph.push(None)
            yield from self._pull()
            self._graph = self._form = None

    def _pull(self) -> Iterator[Chunk]:
        import av

        assert self._graph is not None
        self._n_waiting = 0
        while True:
            try:
                frame = cast("AudioFrame", self._graph.pull())
            except (av.error.BlockingIOError, av.error.EOFError):
                return
            n_channels = frame.layout.nb_channels
            plane = cast("memoryview", frame.planes[0])  # a view: the plane keeps the frame alive
            samples = np.frombuffer(plane, np.float32, frame.samples * n_channels)
            if n_channels > 1:
                samples = samples.reshape(-1, n_channels).mean(1)
            yield Chunk(Hertz(frame.sample_rate), samples)


def _graph(sample_format: str, layout: str, sample_rate_hz: int) -> "Graph":
    import av

    try:
        return _linked(sample_format, layout, sample_rate_hz, f"osr={sample_rate_hz}:osf=flt:ochl=mono:rematrix_maxval=1")
    except av.error.ArgumentError:
        return _linked(sample_format, layout, sample_rate_hz, f"osr={sample_rate_hz}:osf=flt")


def _linked(sample_format: str, layout: str, sample_rate_hz: int, aresample: str) -> "Graph":
    import av

    graph = av.filter.Graph()
    source = graph.add_abuffer(
        sample_rate=sample_rate_hz, format=sample_format, layout=layout, time_base=Fraction(1, sample_rate_hz)
    )
    joined = graph.add("asetnsamples", f"n={CHUNK_S * sample_rate_hz}:p=0")
    graph.link_nodes(source, graph.add("aresample", aresample), joined, graph.add("abuffersink")).configure()
    return graph

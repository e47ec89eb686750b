"""Patches to seconds and back: when in a track a network's input begins and ends."""

from dataclasses import dataclass

from .units import Hertz, Samples, Seconds

__all__ = ["PatchGeometry"]


@dataclass(frozen=True)
class PatchGeometry:
    """How a front end cuts sound into frames and frames into patches.

    Frame `k` is centred on sample `k * hop_samples`; a track of n samples has ceil(n / hop_samples) + 1 frames.
    Patch `i` takes `frames_per_patch` frames from frame `i * patch_hop_frames` on; a last patch that is not full is dropped.
    """

    sample_rate_hz: Hertz
    window_samples: Samples
    hop_samples: Samples
    n_bands: int
    frames_per_patch: int
    patch_hop_frames: int

    @property
    def hop_s(self) -> Seconds:
        """Seconds from the start of one segment to the start of the next."""
        return self._frames_to_s(self.patch_hop_frames)

    @property
    def segment_s(self) -> Seconds:
        """Seconds that one segment covers."""
        return self._frames_to_s(self.frames_per_patch)

    def bounds(self, segment: int) -> tuple[Seconds, Seconds]:
        """[start_s, end_s) of a segment, by its index in the track."""
        first = segment * self.patch_hop_frames
        return self._frames_to_s(first), self._frames_to_s(first + self.frames_per_patch)

    def n_frames(self, n_samples: int) -> int:
        """Frames of a track of `n_samples`, zero for an empty one."""
        return -(-n_samples // self.hop_samples) + 1 if n_samples > 0 else 0

    def n_segments(self, n_samples: int) -> int:
        """Full patches of a track of `n_samples` at `sample_rate_hz`."""
        spare = self.n_frames(n_samples) - self.frames_per_patch
        return spare // self.patch_hop_frames + 1 if spare >= 0 else 0

    def _frames_to_s(self, n_frames: int) -> Seconds:
        return Seconds(n_frames * self.hop_samples / self.sample_rate_hz)

"""The eight styles. Each composes and plays one clip: (duration_s, rate_hz, rng) -> stereo sound."""

from collections.abc import Callable

import numpy as np

from ..signals import Signal
from .band import folk, rock
from .concert import piano, strings
from .electronic import ambient, chiptune, drum_and_bass, techno

__all__ = ["STYLES", "Style"]

Style = Callable[[float, int, np.random.Generator], Signal]

STYLES: dict[str, Style] = {
    "Ambient": ambient,
    "Techno": techno,
    "Drum and Bass": drum_and_bass,
    "Rock": rock,
    "Classical": strings,
    "Piano": piano,
    "Chiptune": chiptune,
    "Folk": folk,
}
"""By genre, as it is written into the files."""

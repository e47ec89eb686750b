"""Makes the demo collection, clip by clip, in a folder."""

from pathlib import Path

import numpy as np

from ..core.entities import Outcome
from ..core.errors import MachineError
from ..core.progress import Progress
from ..disk.atomic import replaced
from .catalogue import SEED, Clip, clips
from .files import encode, tag
from .signals import Signal

__all__ = ["render", "synthesise"]

LICENCE = """\
The music in this folder was synthesised by Tagscape (`flask demo`). Its titles, artists and albums are invented.

To the extent possible under law, all copyright and related or neighbouring rights to it are waived:
CC0 1.0 Universal, https://creativecommons.org/publicdomain/zero/1.0/
"""


def render(clip: Clip) -> Signal:
    """Compose and play one clip: the same sound every time.

    Returns
    -------
    Signal [shape=(2, n_samples)]
        At the sample rate of the clip's format.
    """
    from .styles import STYLES  # the filters of SciPy take a second to load, and every command loads this module

    return STYLES[clip.style](clip.duration_s, clip.format.sample_rate_hz, np.random.default_rng([SEED, clip.index]))


def synthesise(folder: Path, progress: Progress, limit: int | None = None) -> Outcome:
    """Make the clips that are not there yet, or the first `limit` of them. Files that exist are left alone.

    Raises
    ------
    MachineError
        The folder cannot be written.
    """
    missing = [clip for clip in clips()[:limit] if not (folder / clip.path).exists()]
    n_kept = len(clips()[:limit]) - len(missing)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "LICENCE.txt").write_text(LICENCE, encoding="utf-8")
        with progress.stretch("Synthesising", len(missing), "clips") as advance:
            for clip in missing:
                _make(clip, folder / clip.path)
                advance()
    except OSError as error:
        raise MachineError(
            "demo_unwritable",
            f"The demo collection cannot be written: {error.strerror}.",
            "Check the folder's owner and the free space.",
        ) from error
    return Outcome(done=len(missing), skipped=n_kept)


def _make(clip: Clip, path: Path) -> None:
    """Write a clip: a file of that name is always whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with replaced(path) as part:
        encode(render(clip), part, clip.format)
        tag(part, clip)

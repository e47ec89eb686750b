"""Every clip of the demo says how long it is, and where in it a player is: readers that are not ours find what was encoded."""

import shutil
import subprocess
from pathlib import Path

import mutagen
import numpy as np
import pytest

from app.demo.catalogue import Clip, clips
from app.demo.files import encode

FRAMES_AROUND_S = 0.06
"""Formats of frames begin and end with a frame that is not full; mutagen counts it."""
ROUNDING_S = 0.0015

CLIPS = pytest.mark.parametrize("clip", clips(), ids=lambda clip: f"{clip.index}-{clip.format.encoder}")


def made(clip: Clip, folder: Path) -> Path:
    """A file of the clip's length and format with a low tone and a little noise, quicker made than music."""
    n = round(clip.duration_s * clip.format.sample_rate_hz)
    noise = np.random.default_rng(clip.index).normal(0, 0.02, n)
    sound = (0.2 * np.sin(np.arange(n) * 0.05) + noise).astype(np.float32)
    path = folder / f"clip.{clip.format.suffix}"
    encode(np.stack([sound, sound]), path, clip.format)
    return path


@CLIPS
def test_a_clip_says_how_long_it_is(clip: Clip, tmp_path: Path) -> None:
    path = made(clip, tmp_path)
    assert mutagen.File(path).info.length == pytest.approx(clip.duration_s, abs=FRAMES_AROUND_S)
    if shutil.which("ffprobe"):
        command = ["ffprobe", "-v", "error", "-show_entries", "packet=pts_time,duration_time", "-of", "csv=p=0", str(path)]
        output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        packets = [line.split(",")[:2] for line in output.splitlines() if line.strip(",")]
        starts_s, lengths_s = np.array(packets, dtype=float).T
        # each packet begins where the one before ends: no time is left out or told twice
        assert np.abs(starts_s[1:] - (starts_s + lengths_s)[:-1]).max() < ROUNDING_S
        assert starts_s[-1] + lengths_s[-1] == pytest.approx(clip.duration_s, abs=FRAMES_AROUND_S)

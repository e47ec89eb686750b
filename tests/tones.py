"""Small audio files to test with: a sine of a given pitch in any format that Tagscape takes."""

from pathlib import Path

import av
import numpy as np

__all__ = ["FORMATS", "write_tone"]

FORMATS = {
    ".mp3": ("mp3", "libmp3lame"),
    ".flac": ("flac", "flac"),
    ".ogg": ("ogg", "vorbis"),
    ".oga": ("oga", "flac"),
    ".opus": ("ogg", "libopus"),
    ".m4a": ("ipod", "aac"),
    ".mp4": ("mp4", "aac"),
    ".aac": ("adts", "aac"),
    ".wav": ("wav", "pcm_s16le"),
    ".aif": ("aiff", "pcm_s16be"),
    ".aiff": ("aiff", "pcm_s16be"),
    ".wma": ("asf", "wmav2"),
}
"""Container and encoder by suffix."""

SAMPLE_RATE_HZ = 48000


def write_tone(path: Path, *, pitch_hz: float = 440.0, duration_s: float = 0.3) -> Path:
    """Write a sine in the format of the path's suffix; files of different pitch have different content."""
    container_format, codec = FORMATS[path.suffix.lower()]
    path.parent.mkdir(parents=True, exist_ok=True)
    time_s = np.arange(int(duration_s * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ
    sound = (np.sin(2 * np.pi * pitch_hz * time_s) * 12000).astype(np.int16)
    with av.open(str(path), "w", format=container_format) as container:
        layout = "stereo" if codec == "vorbis" else "mono"  # the encoder knows nothing else
        stream = container.add_stream(codec, rate=SAMPLE_RATE_HZ, layout=layout, options={"strict": "experimental"})
        stream.bit_rate = 128_000
        frame = av.AudioFrame.from_ndarray(sound[np.newaxis], format="s16", layout="mono")
        frame.sample_rate, frame.pts = SAMPLE_RATE_HZ, 0
        resampler = av.AudioResampler(stream.format.name, layout, SAMPLE_RATE_HZ, stream.frame_size)
        for made in (*resampler.resample(frame), *resampler.resample(None)):
            container.mux(stream.encode(made))
        container.mux(stream.encode(None))
    return path

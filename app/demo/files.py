"""Sound into a file: encoding with PyAV, tags with mutagen."""

from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from .catalogue import Clip, Format
from .signals import Signal

if TYPE_CHECKING:
    from av import AudioFrame

__all__ = ["encode", "tag"]

# FFmpeg's own Vorbis encoder asks for consent; the others are told to search less, which takes half the time
OPTIONS = {"vorbis": {"strict": "-2"}, "libmp3lame": {"compression_level": "7"}, "aac": {"aac_coder": "fast"}}


def encode(sound: Signal, path: Path, form: Format) -> None:
    """Write stereo sound in a format; two channels are averaged where it has one.

    Parameters
    ----------
    sound : Signal [shape=(2, n_samples)]
        At the format's sample rate.
    path : Path
    form : Format
    """
    import av
    from av.codec.context import Flags

    layout = "mono" if form.n_channels == 1 else "stereo"
    channels = sound.mean(axis=0, keepdims=True) if form.n_channels == 1 else sound
    with av.open(str(path), "w", format=form.container, options={"fflags": "+bitexact"}) as container:
        stream: Any = container.add_stream(
            form.encoder, rate=form.sample_rate_hz, layout=layout, options=OPTIONS.get(form.encoder, {})
        )
        stream.codec_context.flags |= Flags.bitexact
        frame = _frame(channels, layout, form)
        for packet in stream.encode(frame):
            container.mux(packet)
        for packet in stream.encode(None):
            container.mux(packet)


def tag(path: Path, clip: Clip) -> None:
    """Write title, artist, album, track number, year and genre into a file, as its format does it."""
    from mutagen.flac import FLAC
    from mutagen.mp3 import MP3
    from mutagen.mp4 import MP4
    from mutagen.oggopus import OggOpus
    from mutagen.oggvorbis import OggVorbis
    from mutagen.wave import WAVE

    kinds = {"mp3": MP3, "ogg": OggVorbis, "flac": FLAC, "opus": OggOpus, "m4a": MP4, "wav": WAVE}
    file = kinds[clip.format.suffix](path)
    if file.tags is None:
        file.add_tags()
    words = {
        "title": clip.title,
        "artist": clip.artist,
        "album": clip.album,
        "tracknumber": str(clip.track_number),
        "date": str(clip.year),
        "genre": clip.style,
    }
    if clip.format.suffix == "m4a":
        _tag_mp4(file, words)
    elif clip.format.suffix in ("mp3", "wav"):
        _tag_id3(file, words)
    else:
        file.update(words)
    file.save()


def _frame(channels: Signal, layout: str, form: Format) -> "AudioFrame":
    from av import AudioFrame

    if form.encoder in ("flac", "pcm_s16le"):
        whole = np.round(channels.T * 32767).astype(np.int16)
        frame = AudioFrame.from_ndarray(np.ascontiguousarray(whole.reshape(1, -1)), format="s16", layout=layout)
    elif form.encoder == "libopus":
        frame = AudioFrame.from_ndarray(np.ascontiguousarray(channels.T.reshape(1, -1)), format="flt", layout=layout)
    else:
        frame = AudioFrame.from_ndarray(np.ascontiguousarray(channels), format="fltp", layout=layout)
    frame.sample_rate = form.sample_rate_hz
    # without a time the encoder makes up those of the packets, and a player neither knows the length nor finds its place
    frame.pts, frame.time_base = 0, Fraction(1, form.sample_rate_hz)
    return frame


def _tag_mp4(file: Any, words: dict[str, str]) -> None:
    names = {"title": "\xa9nam", "artist": "\xa9ART", "album": "\xa9alb", "date": "\xa9day", "genre": "\xa9gen"}
    file.update({atom: [words[name]] for name, atom in names.items()})
    file["trkn"] = [(int(words["tracknumber"]), 0)]


def _tag_id3(file: Any, words: dict[str, str]) -> None:
    from mutagen import id3

    kinds = {"title": id3.TIT2, "artist": id3.TPE1, "album": id3.TALB, "tracknumber": id3.TRCK, "date": id3.TDRC, "genre": id3.TCON}
    for name, kind in kinds.items():
        file.tags.add(kind(encoding=id3.Encoding.UTF8, text=[words[name]]))

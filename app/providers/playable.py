"""Sound in a format that browsers play: the file itself, or a WAV file in the cache."""

import os
import time
import wave
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import blake2b
from pathlib import Path
from typing import Any

from ..core.errors import CorruptError
from ..disk.atomic import remove_abandoned, replaced
from ..disk.cache import writing_cache
from ..disk.lock import in_turn
from ..disk.reading import SeekableForFFmpeg

__all__ = ["CACHE_BYTES", "CODECS", "MIMETYPES", "WAV", "as_wav", "for_browsers"]

MIMETYPES = {
    ".mp3": "audio/mpeg",
    ".flac": "audio/flac",
    ".ogg": "audio/ogg",
    ".oga": "audio/ogg",
    ".opus": "audio/ogg",
    ".m4a": "audio/mp4",
    ".mp4": "audio/mp4",
    ".aac": "audio/aac",
    ".wav": "audio/wav",
}
"""Types of the formats that browsers play, by suffix."""

WAV = MIMETYPES[".wav"]

CODECS = frozenset(
    ["mp3", "aac", "flac", "vorbis", "opus", "pcm_u8", "pcm_s16le", "pcm_s24le", "pcm_s32le", "pcm_f32le", "pcm_mulaw", "pcm_alaw"]
)
"""What browsers play in files of these formats, by FFmpeg's names. Of ALAC, which lies in `.m4a` like AAC, only Safari knows."""

CACHE_BYTES = 2 << 30
MAX_WAV_BYTES = (1 << 32) - (1 << 16)
"""A WAV file counts its bytes in 32 bits."""


def for_browsers(file: Path, codec: str | None, cache: Path) -> tuple[Path, str]:
    """A file with the sound of `file` that browsers play, and its type.

    Parameters
    ----------
    file : Path
    codec : str or None
        As `audio.decode` found it; None as long as nobody has looked.
    cache : Path
        A folder for decoded copies.

    Raises
    ------
    CorruptError, MachineError
        As for `as_wav`.
    """
    mimetype = MIMETYPES.get(file.suffix.lower())
    is_known = codec is None or codec in CODECS
    return (file, mimetype) if mimetype and is_known else (as_wav(file, cache), WAV)


def as_wav(file: Path, cache: Path, limit_bytes: int = CACHE_BYTES) -> Path:
    """Decode `file` to 16-bit WAV at its own rate, with two channels at most, unless the cache has it already.

    When the cache exceeds `limit_bytes`, the files that were used longest ago are removed.

    Raises
    ------
    CorruptError
        The file cannot be decoded.
    MachineError
        The cache cannot be written.
    """
    facts = file.stat()
    identity = f"{file}\n{facts.st_size}\n{facts.st_mtime_ns}"
    wav = cache / f"{blake2b(identity.encode('utf-8', 'surrogateescape'), digest_size=16).hexdigest()}.wav"
    with writing_cache():
        if _used(wav):
            return wav
        cache.mkdir(parents=True, exist_ok=True)
        with in_turn(cache / f".{wav.name}.lock"):
            # whoever waited finds what the one before has decoded
            if not _used(wav):
                with replaced(wav) as part:
                    _decode(file, part)
                _make_room(cache, wav, limit_bytes)
    return wav


def _used(wav: Path) -> bool:
    """Whether a decoded file is there; it counts as used now."""
    try:
        # the time of use only: the time of change is part of what browsers know the file by
        os.utime(wav, (time.time(), wav.stat().st_mtime))
    except FileNotFoundError:
        return False
    return True


def _decode(file: Path, wav: Path) -> None:
    import av

    try:
        with _alone(file) as container, wave.open(str(wav), "wb") as writer:
            stream = container.streams.audio[0]
            n_channels = min(stream.codec_context.channels, 2)
            writer.setnchannels(n_channels)
            writer.setsampwidth(2)
            writer.setframerate(stream.codec_context.sample_rate)
            resampler = av.AudioResampler("s16", "mono" if n_channels == 1 else "stereo", stream.codec_context.sample_rate)
            for samples in _samples(container, stream, resampler):
                if writer.tell() * 2 * n_channels > MAX_WAV_BYTES:
                    break
                writer.writeframesraw(samples)
    except (av.FFmpegError, IndexError) as error:
        raise _undecodable(file) from error


@contextmanager
def _alone(file: Path) -> Iterator[Any]:
    """Open a file without any protocol: a playlist that calls itself audio must not open other files or addresses."""
    import av

    try:
        source = file.open("rb")
    except OSError as error:
        raise _undecodable(file) from error
    with source, av.open(SeekableForFFmpeg(source), options={"protocol_whitelist": "none"}) as container:
        yield container


def _undecodable(file: Path) -> CorruptError:
    return CorruptError("undecodable", f"The audio file {file.name!r} cannot be decoded.", "Play it with another program.")


def _samples(container: Any, stream: Any, resampler: Any) -> Iterator[bytes]:
    for frame in container.decode(stream):
        for part in resampler.resample(frame):
            yield part.to_ndarray().tobytes()
    for part in resampler.resample(None):
        yield part.to_ndarray().tobytes()


def _make_room(cache: Path, newest: Path, limit_bytes: int) -> None:
    remove_abandoned(cache.glob(".*"))
    files = sorted(((path.stat(), path) for path in cache.glob("*.wav")), key=lambda item: item[0].st_atime, reverse=True)
    total = 0
    for facts, path in files:
        total += facts.st_size
        if total > limit_bytes and path != newest:
            path.unlink(missing_ok=True)

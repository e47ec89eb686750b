"""Any audio file to mono sound at its own sample rate, a chunk at a time."""

import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, BinaryIO

from ..core.errors import InvalidError
from ..core.units import Hertz, Seconds
from ..disk.reading import SeekableForFFmpeg, reading
from .declared_duration import has_frame_count, wav_duration_s
from .downmix import Chunk, Downmix

if TYPE_CHECKING:
    from av.audio.stream import AudioStream
    from av.container import InputContainer
    from av.packet import Packet

__all__ = ["AudioFacts", "Recording", "opened", "probe"]

SAMPLE_RATES_HZ = range(1_000, 384_001)
READ_BYTES = 1 << 16
GUESSING_CONTAINERS = {"aac", "ac3", "eac3", "mp3"}


@dataclass(frozen=True)
class AudioFacts:
    """Technical facts from a file's headers; `duration_s` is None where they do not say."""

    duration_s: Seconds | None
    codec: str
    n_channels: int
    sample_rate_hz: Hertz


class Recording:
    """An open audio file.

    facts : AudioFacts
    declared_s : Seconds | None
        How long the file says it is; None where it does not say, or where FFmpeg only guesses from its size.
    """

    def __init__(self, name: str, file: IO[bytes], container: "InputContainer", stream: "AudioStream") -> None:
        self.name = name
        self._container = container
        self._stream = stream
        found_s = _found_s(container, stream)
        self.facts = _facts(name, stream, found_s, file.seek(0, 2))
        self.declared_s = _declared_s(file, container.format.name, found_s)

    def chunks(self) -> Iterator[Chunk]:
        """Decode everything; call it once. Damaged packets are skipped.

        Raises
        ------
        InvalidError
            Nothing in the file can be decoded, or the sample rate changes to one out of bounds.
        """
        import av

        downmix = Downmix()
        n_packets = n_frames = 0
        for packet in self._packets():
            n_packets += packet.size > 0
            try:
                frames = packet.decode()
            except av.error.FFmpegError:
                continue
            for frame in frames:
                n_frames += 1
                _check_rate(self.name, frame.sample_rate)
                yield from downmix.push(frame)
        yield from downmix.finish()
        if n_packets and not n_frames:
            raise _not_audio(self.name)

    def _packets(self) -> Iterator["Packet[AudioStream]"]:
        import av

        try:
            yield from self._container.demux(self._stream)
        except av.error.FFmpegError:
            return  # the rest cannot be read; `PatchStream` sees that it is shorter than declared


@contextmanager
def opened(path: Path) -> Iterator[Recording]:
    """Open an audio file, whatever its suffix says.

    Raises
    ------
    NotFoundError
        No such file, or a broken link (`missing_file`).
    InvalidError
        A folder, a pipe or a device (`unreadable_file`), `empty_file`, `not_audio`, `no_audio_stream` or `unsupported_sample_rate`.
    MachineError
        The file cannot be read (`unreadable_file`).
    """
    import av

    with reading(path):
        if not stat.S_ISREG(path.stat().st_mode):
            raise InvalidError("unreadable_file", f"{path.name} is not a file.")
        try:
            with path.open("rb") as file:
                if not file.read(1):
                    raise InvalidError("empty_file", f"{path.name} is empty.", "Copy the file again from where it came.")
                file.seek(0)
                with _container(path.name, file) as container:
                    if not container.streams.audio:
                        raise InvalidError("no_audio_stream", f"{path.name} holds no audio stream.")
                    position = file.tell()
                    recording = Recording(path.name, file, container, container.streams.audio[0])
                    file.seek(position)
                    yield recording
        except av.error.FFmpegError as error:
            raise InvalidError("not_audio", f"{path.name} cannot be decoded: {error.strerror}.") from error


def probe(path: Path) -> AudioFacts:
    """Technical facts of an audio file, without decoding it.

    Raises
    ------
    NotFoundError, InvalidError, MachineError
        As for `opened`.
    """
    with opened(path) as recording:
        return recording.facts


def _container(name: str, file: BinaryIO) -> "InputContainer":
    import av

    # No protocol is allowed: a playlist that calls itself audio must not open other files or addresses.
    options = {"protocol_whitelist": "none"}
    try:
        return av.open(SeekableForFFmpeg(file), mode="r", options=options, buffer_size=READ_BYTES, metadata_errors="ignore")
    except av.error.FFmpegError as error:
        raise _not_audio(name) from error


def _facts(name: str, stream: "AudioStream", found_s: Seconds | None, n_bytes: int) -> AudioFacts:
    context = stream.codec_context
    if context is None or not context.sample_rate or not context.layout.nb_channels:
        raise _not_audio(name)
    _check_rate(name, context.sample_rate)
    codec = context.codec.canonical_name
    if found_s and codec.startswith("pcm_") and context.bit_rate:
        found_s = Seconds(min(found_s, n_bytes * 8 / context.bit_rate))  # headers of broken recordings declare days
    return AudioFacts(found_s, codec, context.layout.nb_channels, Hertz(context.sample_rate))


def _found_s(container: "InputContainer", stream: "AudioStream") -> Seconds | None:
    import av

    if stream.duration and stream.time_base:
        return Seconds(float(stream.duration * stream.time_base))
    return Seconds(container.duration / av.time_base) if container.duration else None


def _declared_s(file: IO[bytes], container: str, found_s: Seconds | None) -> Seconds | None:
    if container == "wav":
        return wav_duration_s(file)
    if container in GUESSING_CONTAINERS and not (container == "mp3" and has_frame_count(file)):
        return None
    return found_s


def _check_rate(name: str, sample_rate_hz: int) -> None:
    if sample_rate_hz not in SAMPLE_RATES_HZ:
        low, high = SAMPLE_RATES_HZ[0], SAMPLE_RATES_HZ[-1]
        raise InvalidError(
            "unsupported_sample_rate", f"{name} has a sample rate of {sample_rate_hz} Hz, outside {low} to {high} Hz."
        )


def _not_audio(name: str) -> InvalidError:
    return InvalidError("not_audio", f"{name} is not audio that can be decoded.")

"""What an audio file's own header says of its length, where FFmpeg tells the length it found instead."""

import struct
from typing import IO

from ..core.units import Seconds

__all__ = ["counts_frames", "wav_s"]

FRAME_COUNT_TAGS = (b"Xing", b"Info", b"VBRI")
ID3_HEADER_BYTES = 10
UNKNOWN_WAV_BYTES = 0x7FFF_0000  # programs that write to a pipe promise this or more


def counts_frames(file: IO[bytes]) -> bool:
    """Does an mp3 begin with a frame that counts the others? Where none does, its length is guessed from its size."""
    file.seek(0)
    head = file.read(ID3_HEADER_BYTES)
    sevens = zip(head[6:], (21, 14, 7, 0), strict=False)
    file.seek(sum((byte & 0x7F) << shift for byte, shift in sevens) if head.startswith(b"ID3") else 0)
    first_frames = file.read(4096)
    return any(tag in first_frames for tag in FRAME_COUNT_TAGS)


def wav_s(file: IO[bytes]) -> Seconds | None:
    """Seconds that a RIFF header promises; None where it promises nothing that can be believed."""
    file.seek(12)
    bytes_per_s = 0
    while len(head := file.read(8)) == 8:
        name, n_bytes = struct.unpack("<4sI", head)
        if name == b"data":
            return Seconds(n_bytes / bytes_per_s) if bytes_per_s and 0 < n_bytes < UNKNOWN_WAV_BYTES else None
        start = file.tell()
        if name == b"fmt " and len(form := file.read(12)) == 12:
            bytes_per_s = struct.unpack("<8xI", form)[0]
        file.seek(start + n_bytes + n_bytes % 2)
    return None

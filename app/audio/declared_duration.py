"""How long a file says it is, read from its header. FFmpeg only tells how long some formats turned out to be."""

import struct
from typing import IO

from ..core.units import Seconds

__all__ = ["has_frame_count", "wav_duration_s"]

FRAME_COUNT_TAGS = (b"Xing", b"Info", b"VBRI")
ID3_HEADER_BYTES = 10
# A program that writes to a pipe cannot come back to fill in the size, and leaves this or more.
UNKNOWN_WAV_BYTES = 0x7FFF_0000


def has_frame_count(file: IO[bytes]) -> bool:
    """Does an mp3 begin with a frame that counts the others? Without one, FFmpeg guesses the length from the size of the file."""
    file.seek(0)
    head = file.read(ID3_HEADER_BYTES)
    # ID3 writes sizes with seven bits per byte, so that no part of a tag looks like the start of an mp3 frame.
    sevens = zip(head[6:], (21, 14, 7, 0), strict=False)
    file.seek(sum((byte & 0x7F) << shift for byte, shift in sevens) if head.startswith(b"ID3") else 0)
    first_frames = file.read(4096)
    return any(tag in first_frames for tag in FRAME_COUNT_TAGS)


def wav_duration_s(file: IO[bytes]) -> Seconds | None:
    """Seconds that the header of a RIFF file declares; None where it declares nothing, or more than can be true."""
    file.seek(12)
    bytes_per_s = 0
    while len(head := file.read(8)) == 8:
        name, n_bytes = struct.unpack("<4sI", head)
        if name == b"data":
            return Seconds(n_bytes / bytes_per_s) if bytes_per_s and 0 < n_bytes < UNKNOWN_WAV_BYTES else None
        start = file.tell()
        if name == b"fmt " and len(form := file.read(12)) == 12:
            bytes_per_s = struct.unpack("<8xI", form)[0]
        # Chunks begin at even positions: one of odd size is followed by a byte that its size does not count.
        file.seek(start + n_bytes + n_bytes % 2)
    return None

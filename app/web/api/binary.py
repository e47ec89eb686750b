"""Points as binary columns that a browser reads without copying; `docs/api.md` has the format."""

import json
import struct
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["MAGIC", "MIMETYPE", "encode"]

MAGIC = b"TSP1"
MIMETYPE = "application/vnd.tagscape.points"
ALIGNMENT = 8


def encode(facts: Mapping[str, Any], columns: Mapping[str, NDArray[Any]]) -> bytes:
    """A header of `facts` and the columns, little-endian."""
    described: list[dict[str, object]] = []
    parts: list[bytes | memoryview] = []
    offset = 0
    for name, values in columns.items():
        stored = np.ascontiguousarray(values, values.dtype.newbyteorder("<"))
        described.append({"name": name, "type": values.dtype.name, "offset": offset})
        padding = -stored.nbytes % ALIGNMENT
        parts += [stored.view(np.uint8).data, bytes(padding)]
        offset += stored.nbytes + padding
    header = json.dumps({**facts, "columns": described}, separators=(",", ":")).encode()
    header += b" " * (-len(header) % ALIGNMENT)
    return b"".join((MAGIC, struct.pack("<I", len(header)), header, *parts))

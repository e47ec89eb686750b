"""An independent reader of the points' format, written from docs/api.md with the standard library alone."""

import json
import struct
from dataclasses import dataclass
from typing import Any

CODES = {"uint8": "B", "uint16": "H", "uint32": "I"}


@dataclass(frozen=True)
class Answer:
    """The header, and every column as a tuple of whole numbers."""

    header: dict[str, Any]
    columns: dict[str, tuple[int, ...]]


def decode(body: bytes) -> Answer:
    assert body[:4] == b"TSP1"
    (length,) = struct.unpack_from("<I", body, 4)
    begin = 8 + length
    assert begin % 8 == 0
    header = json.loads(body[8:begin].decode())
    columns = {}
    for column in header["columns"]:
        assert column["offset"] % 8 == 0
        columns[column["name"]] = struct.unpack_from(f"<{header['n']}{CODES[column['type']]}", body, begin + column["offset"])
    return Answer(header, columns)

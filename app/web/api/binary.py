"""Points as binary columns that a browser reads without copying; `FORMAT` describes them."""

import struct
from collections.abc import Mapping
from typing import Annotated, Any

import numpy as np
from msgspec import Meta, json
from numpy.typing import NDArray

from ..edge.answers import Answer

__all__ = ["FORMAT", "MAGIC", "MIMETYPE", "Column", "columns", "encode"]

MAGIC = b"TSP1"
MIMETYPE = "application/vnd.tagscape.points"
ALIGNMENT = 8

FORMAT = """\
Binary columns, little-endian:

```
bytes 0-3    "TSP1"
bytes 4-7    uint32: length of the header, padded with spaces so that the columns begin at a multiple of 8
header       JSON (UTF-8), a PointsHeader
columns      each at its offset from the end of the header, n values, each offset a multiple of 8
```

- `row` uint32; `x`, `y` uint16: 0 is the low edge of `box`, 65535 the high edge.
- `colour` uint8, present only when asked for: 0 is `low`, 254 is `high`, values outside are clipped; **255 means no value**: the
  track was not extracted with the colour's network.
- `first_row` uint32 and `spread` uint8, of averages only: the first row of the track, and how far its
  segments lie from their mean, where 255 is `largest_spread`.
- Points come in random order that stays the same for one revision: every prefix is a uniform sample."""


class Column(Answer):
    """Where a column is."""

    name: str
    type: Annotated[str, Meta(description="How its values are stored: `uint32`, `uint16` or `uint8`.")]
    offset: Annotated[int, Meta(description="From the end of the header, in bytes.")]


def columns(values: Mapping[str, NDArray[Any]]) -> tuple[Column, ...]:
    """Where the columns will be, one after another."""
    described = []
    offset = 0
    for name, column in values.items():
        described.append(Column(name=name, type=column.dtype.name, offset=offset))
        offset += column.nbytes + -column.nbytes % ALIGNMENT
    return tuple(described)


def encode(header: Answer, values: Mapping[str, NDArray[Any]]) -> bytes:
    """A header and the columns that it describes."""
    parts: list[bytes | memoryview] = []
    for column in values.values():
        stored = np.ascontiguousarray(column, column.dtype.newbyteorder("<"))
        parts += [stored.view(np.uint8).data, bytes(-stored.nbytes % ALIGNMENT)]
    facts = json.encode(header)
    facts += b" " * (-len(facts) % ALIGNMENT)
    return b"".join((MAGIC, struct.pack("<I", len(facts)), facts, *parts))

"""Reads the float32 tensors of a TensorFlow V2 checkpoint with NumPy only.

A checkpoint is an index, which is a LevelDB table from tensor names to `BundleEntryProto` messages, and a data file that holds the
tensors one after another. Formats: https://github.com/google/leveldb/blob/main/doc/table_format.md and
https://github.com/tensorflow/tensorflow/blob/master/tensorflow/core/protobuf/tensor_bundle.proto.
"""

import struct
from collections.abc import Iterator
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..core.errors import CorruptError
from .protobuf import fields, varint

__all__ = ["read"]

TABLE_MAGIC = 0xDB4775248B80FB57
FOOTER_BYTES = 48
FLOAT32 = 1
DTYPE, SHAPE, SHARD, OFFSET, SIZE = 1, 2, 3, 4, 5
"""Field numbers of `BundleEntryProto`."""


def read(index: bytes, data: bytes) -> dict[str, NDArray[np.float32]]:
    """Read every float32 tensor.

    Parameters
    ----------
    index : bytes
        Contents of the `.index` file, its blocks uncompressed.
    data : bytes
        Contents of the only shard, `.data-00000-of-00001`.

    Returns
    -------
    dict[str, np.ndarray]
        Read-only views into `data`, by name.

    Raises
    ------
    CorruptError
        The bytes are not such a checkpoint.
    """
    try:
        return dict(_tensors(index, data))
    except (IndexError, struct.error, TypeError, ValueError) as error:
        raise CorruptError("corrupt_checkpoint", f"The checkpoint cannot be read: {error}.") from error


def _tensors(index: bytes, data: bytes) -> Iterator[tuple[str, NDArray[np.float32]]]:
    if struct.unpack("<Q", index[-8:])[0] != TABLE_MAGIC:
        raise ValueError("its index is not a table of TensorFlow's second format")
    # A table is read from its end: the footer points to a block of pointers, each to a block of entries.
    footer = index[-FOOTER_BYTES:]
    _, _, after_metaindex = _handle(footer, 0)
    offset, size, _ = _handle(footer, after_metaindex)
    for _, block_handle in _block(index, offset, size):
        block_offset, block_size, _ = _handle(block_handle, 0)
        for key, value in _block(index, block_offset, block_size):
            entry = dict(fields(value))
            # The empty key holds the header, whose number of shards, one, would pass for the type of a tensor.
            if not key or entry.get(DTYPE) != FLOAT32:
                continue
            yield key.decode(), _tensor(entry, data)


def _tensor(entry: dict[int, Any], data: bytes) -> NDArray[np.float32]:
    # Protobuf leaves out what is zero: no shard is the first, no offset the start, no shape a single number.
    if entry.get(SHARD, 0):
        raise ValueError("it has more than one shard")
    shape = [dict(fields(dimension)).get(1, 0) for number, dimension in fields(entry.get(SHAPE, b"")) if number == 2]
    if 4 * prod(shape) != entry.get(SIZE, 0):
        raise ValueError(f"a tensor of shape {shape} does not take {entry.get(SIZE, 0)} bytes")
    return np.frombuffer(data, "<f4", prod(shape), entry.get(OFFSET, 0)).reshape(shape)


def _block(table: bytes, offset: int, size: int) -> Iterator[tuple[bytes, bytes]]:
    """Keys and values of one block; a key repeats only what differs from the one before."""
    # The byte behind a block names its compression. The checksum behind that is left alone: the wheel's sha256 was right.
    if table[offset + size] != 0:
        raise ValueError("its index is compressed")
    block = table[offset : offset + size]
    n_restarts = struct.unpack_from("<I", block, size - 4)[0]
    # Restart points serve a search by key; whoever reads everything can pass over them.
    end = size - 4 * (n_restarts + 1)
    at, key = 0, b""
    while at < end:
        shared, at = varint(block, at)
        unshared, at = varint(block, at)
        length, at = varint(block, at)
        key = key[:shared] + block[at : at + unshared]
        at += unshared
        yield key, block[at : at + length]
        at += length


def _handle(table: bytes, at: int) -> tuple[int, int, int]:
    """Offset and size of a block, and where the handle ends."""
    offset, at = varint(table, at)
    size, at = varint(table, at)
    return offset, size, at

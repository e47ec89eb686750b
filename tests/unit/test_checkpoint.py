"""TensorFlow's checkpoint format, and the wire format under it."""

import struct

import numpy as np
import pytest

from app.core.errors import CorruptError
from app.networks import checkpoint, protobuf


def entry(shape: list[int], offset: int, dtype: int = 1, shard: int = 0) -> bytes:
    dimensions = b"".join(b"\x12\x02\x08" + bytes([size]) for size in shape)
    size = 4 * int(np.prod(shape))
    return bytes([0x08, dtype, 0x12, len(dimensions), *dimensions, 0x18, shard, 0x20, offset, 0x28, size])


def block(*entries: tuple[int, bytes, bytes]) -> bytes:
    """Keys as (shared with the one before, rest), then one restart point, the compression's type and a checksum."""
    rows = b"".join(bytes([shared, len(rest), len(value)]) + rest + value for shared, rest, value in entries)
    return rows + struct.pack("<II", 0, 1) + b"\x00" + b"crc "


def table(*entries: tuple[int, bytes, bytes]) -> bytes:
    data = block(*entries)
    index = block((0, b"z", bytes([0, len(data) - 5])))
    footer = bytes([0, 0, len(data), len(index) - 5]).ljust(40, b"\0") + struct.pack("<Q", 0xDB4775248B80FB57)
    return data + index + footer


HEADER = (0, b"", b"\x08\x01")
VALUES = np.arange(7, dtype="<f4")


def test_tensors_are_read_by_name_and_shape() -> None:
    index = table(HEADER, (0, b"conv/bias", entry([3], 0)), (5, b"kernel", entry([2, 2], 12)))
    tensors = checkpoint.read(index, VALUES.tobytes())
    assert list(tensors) == ["conv/bias", "conv/kernel"]
    np.testing.assert_array_equal(tensors["conv/bias"], [0, 1, 2])
    np.testing.assert_array_equal(tensors["conv/kernel"], [[3, 4], [5, 6]])


def test_other_types_than_float32_are_left_out() -> None:
    assert checkpoint.read(table(HEADER, (0, b"step", entry([1], 0, dtype=9))), VALUES.tobytes()) == {}


@pytest.mark.parametrize(
    "index",
    [
        b"",
        b"no table" * 10,
        table(HEADER, (0, b"a", entry([3], 0, shard=1))),
        table(HEADER, (0, b"a", entry([3], 20))),
        table(HEADER, (0, b"a", entry([3], 0)[:-2])),
    ],
    ids=["empty", "other file", "second shard", "past the end", "cut entry"],
)
def test_what_is_no_such_checkpoint_is_corrupt(index: bytes) -> None:
    with pytest.raises(CorruptError, match="cannot be read"):
        checkpoint.read(index, VALUES.tobytes())


def test_fields_are_numbers_and_slices() -> None:
    assert list(protobuf.fields(b"\x08\x96\x01\x12\x02hi\x1d\x00\x00\x80\x3f")) == [(1, 150), (2, b"hi"), (3, b"\x00\x00\x80\x3f")]


@pytest.mark.parametrize("message", [b"\x08", b"\x08\x96", b"\x12\x05hi", b"\x0b"])
def test_a_cut_message_is_an_error(message: bytes) -> None:
    with pytest.raises(ValueError, match=r"cut short|wire type"):
        list(protobuf.fields(message))

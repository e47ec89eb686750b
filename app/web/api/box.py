"""A part of a map, as addresses name it."""

from typing import Annotated, TypeAlias

from msgspec import Meta

from ...cache.box import SMALLEST
from ...core.errors import InvalidError

__all__ = ["Box", "check"]

FARTHEST = 1e30
"""Single precision goes no farther than some 1e38."""

Box: TypeAlias = Annotated[
    tuple[float, float, float, float],
    Meta(title="Box", extra_json_schema={"$comment": "The low and the high edge of both axes in data units: x0, x1, y0, y1."}),
]


def check(box: Box) -> None:
    """Refuse a box that encloses nothing, or more than numbers reach.

    Raises
    ------
    InvalidError
        Its edges are the wrong way round, or too far away.
    """
    x0, x1, y0, y1 = box
    if min(x1 - x0, y1 - y0) < SMALLEST or max(map(abs, box)) > FARTHEST:
        raise InvalidError(
            "invalid_parameter",
            f"box={','.join(map(str, box))} does not enclose a part of the map.",
            "Write x0,x1,y0,y1 with x0 < x1 and y0 < y1.",
        )

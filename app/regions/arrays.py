"""Regions as named arrays, to be stored."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .crowd import Crowd
from .fit import Counted, Fitted
from .lattice import Lattice
from .names import Names
from .sums import Sums
from .tree import Grid, Regions

__all__ = ["counted_arrays", "counted_of", "fitted_arrays", "fitted_of"]

Arrays = Mapping[str, NDArray[Any]]

TOP = np.iinfo(np.uint16).max - 1
NO_SHARE = np.iinfo(np.uint16).max

REGIONS = ("first", "end", "parent", "level", "x", "y")
SUMS = ("n", "ranks", "values", "strong")
CROWD = ("n_segments", "n_tracks", "squares", "top_track", "top_segments")
NAMES = ("words", "against_parent", "track")


def fitted_arrays(fitted: Fitted) -> dict[str, NDArray[Any]]:
    """What stays. Ranks are kept in steps of 1/65534, one after another as differences, which take little space."""
    lattice = fitted.grid.lattice
    steps = np.where(np.isnan(fitted.shares), NO_SHARE, np.rint(np.nan_to_num(fitted.shares) * TOP)).astype(np.uint16)
    return {
        "lattice": np.array([lattice.x0, lattice.y0, lattice.width, lattice.height]),
        "of_cell": fitted.grid.of_cell,
        "n_basins": np.array(fitted.n_basins),
        # unsigned numbers wrap around, there and back
        "shares": np.diff(steps, axis=1, prepend=np.uint16(0)),
        **_fields(fitted.regions, REGIONS),
    }


def fitted_of(arrays: Arrays) -> Fitted:
    """What `fitted_arrays` gave."""
    steps = arrays["shares"].cumsum(axis=1, dtype=np.uint16)
    shares = np.where(steps == NO_SHARE, np.float32(np.nan), steps.astype(np.float32) / TOP)
    regions = Regions(*(arrays[name] for name in REGIONS))
    return Fitted(Grid(Lattice(*arrays["lattice"].tolist()), arrays["of_cell"]), int(arrays["n_basins"]), regions, shares)


def counted_arrays(counted: Counted) -> dict[str, NDArray[Any]]:
    """What grows."""
    return {
        "n_points": np.array(counted.n_points),
        **_fields(counted.sums, SUMS),
        **{f"collection_{name}": array for name, array in _fields(counted.collection, SUMS).items()},
        **_fields(counted.crowd, CROWD),
        **_fields(counted.names, NAMES),
    }


def counted_of(arrays: Arrays) -> Counted:
    """What `counted_arrays` gave."""
    return Counted(
        int(arrays["n_points"]),
        Sums(*(arrays[name] for name in SUMS)),
        Sums(*(arrays[f"collection_{name}"] for name in SUMS)),
        Crowd(*(arrays[name] for name in CROWD)),
        Names(*(arrays[name] for name in NAMES)),
    )


def _fields(of: object, names: tuple[str, ...]) -> dict[str, NDArray[Any]]:
    return {name: getattr(of, name) for name in names}

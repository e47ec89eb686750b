"""What is wrong with a filter, and where."""

from ..core.errors import InvalidError

__all__ = ["FilterError"]


class FilterError(InvalidError):
    """A text that is no filter.

    Parameters
    ----------
    reason : str
        A sentence without its full stop; the column is added to it.
    start, end : int
        Which characters are to blame, from 0.
    hint : str
    """

    def __init__(self, reason: str, start: int, end: int, hint: str = "") -> None:
        super().__init__("invalid_filter", f"{reason} (column {start + 1}).", hint)
        self.start = start
        self.end = max(end, start + 1)

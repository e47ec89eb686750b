"""Small values that pass between the rooms."""

from dataclasses import dataclass

from .units import Seconds

__all__ = ["Outcome", "Segment"]


@dataclass(frozen=True)
class Segment:
    """The time one patch covers, [start_s, end_s), in one track."""

    track_id: int
    index: int
    start_s: Seconds
    end_s: Seconds


@dataclass(frozen=True)
class Outcome:
    """What a command did: how many things were done, left as they were, done with a warning, and failed."""

    done: int = 0
    skipped: int = 0
    failed: int = 0
    warned: int = 0

    def __add__(self, other: "Outcome") -> "Outcome":
        return Outcome(
            self.done + other.done,
            self.skipped + other.skipped,
            self.failed + other.failed,
            self.warned + other.warned,
        )

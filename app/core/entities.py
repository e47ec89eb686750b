"""Small values that pass between the rooms."""

from dataclasses import dataclass

__all__ = ["Outcome"]


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

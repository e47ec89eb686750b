"""Types for numbers with a unit, so that mypy keeps them apart."""

from typing import NewType

__all__ = ["Hertz", "Samples", "Seconds"]

Seconds = NewType("Seconds", float)
Samples = NewType("Samples", int)
Hertz = NewType("Hertz", int)

"""Filters, evaluated: which rows of a network match, and if none does, why."""

from .mask import Mask, mask
from .names import vocabulary
from .reasons import why_none

__all__ = ["Mask", "mask", "vocabulary", "why_none"]

"""The filter language: from text to a tree of conditions, with errors that say where, and completion from the same grammar."""

from .completion import Candidate, Expected, expected
from .errors import FilterError
from .reading import parse
from .vocabulary import Vocabulary
from .writing import write

__all__ = ["Candidate", "Expected", "FilterError", "Vocabulary", "expected", "parse", "write"]

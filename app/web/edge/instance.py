"""Where the present instance keeps what can be computed again."""

from pathlib import Path

from flask import current_app

__all__ = ["cache"]


def cache() -> Path:
    """The folder of caches, safe to delete at any time."""
    return Path(current_app.instance_path) / "cache"

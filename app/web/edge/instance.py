"""Folders of the present instance."""

from pathlib import Path

from flask import current_app

__all__ = ["cache_folder"]


def cache_folder() -> Path:
    """Where is kept what can be computed again; safe to delete at any time."""
    return Path(current_app.instance_path) / "cache"

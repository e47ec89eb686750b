"""One track over time."""

"""The map: which points, where, in what colour."""

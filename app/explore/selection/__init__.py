"""Selections: what is meant by "these"."""

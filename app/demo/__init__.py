"""The demo collection: invented music in eight styles, synthesised with NumPy and SciPy."""

"""The pure core: numbers and names, no files, no database, standard library and NumPy only."""

"""Which vectors of a space are alike, by an index on disk. faiss is imported late, since it takes long to load."""

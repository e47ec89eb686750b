"""Which vectors of a space are alike, by an index on disk. What is imported late here (faiss) takes long to load."""

"""Projections of spaces. Their libraries (faiss, openTSNE, umap, sklearn) are imported late, since they take seconds to load."""

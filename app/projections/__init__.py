"""Fitted maps of spaces. What is imported late here (faiss, openTSNE, umap, sklearn) takes seconds to load."""

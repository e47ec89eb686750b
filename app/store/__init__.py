"""What is stored, and the queries on it: one module per noun."""

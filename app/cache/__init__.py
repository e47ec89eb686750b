"""What is built from the database for quick answers, and may be deleted at any time."""

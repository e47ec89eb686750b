"""What could play next: wandering among neighbours, and paths between two segments."""

"""What reads: points, segments, neighbours, the state of the collection. One folder per view."""

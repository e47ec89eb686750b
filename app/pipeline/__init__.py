"""What writes: the long work of the commands. It takes a session and plain values, and commits once per batch."""

"""The machine's disk, processors and memory: what every room above reads and writes with."""

"""From files to features: plan the work, read files and run networks, store the vectors."""

"""What runs the networks: one file per library, chosen by `factory.load`."""

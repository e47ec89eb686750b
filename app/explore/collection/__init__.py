"""The collection: what there is to choose from, how far it has come, what to do next."""

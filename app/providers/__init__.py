"""Where sound comes from: one provider for each kind of source."""

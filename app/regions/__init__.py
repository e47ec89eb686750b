"""Parts of a map that have something in common, and words for them. Pure: arrays in, regions out."""

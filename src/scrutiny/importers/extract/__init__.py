"""A force's own extract, read by a mapping file."""

"""A run folder: written block by block, read as tables. Knows nothing of torch."""

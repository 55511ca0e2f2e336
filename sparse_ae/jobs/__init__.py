"""Long runs: what takes minutes and is written to files."""

"""Claims: pure functions from observations to verdicts."""

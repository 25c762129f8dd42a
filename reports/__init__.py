"""The account of a run: what was found, rendered; judges nothing."""

"""One file per step: one change to one cluster."""
